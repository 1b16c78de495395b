func.func public @main(%x0: tensor<2x3x3xf64>) -> (tensor<2x3x3xf64>) {
  %l = stablehlo.cholesky %x0, lower = true : tensor<2x3x3xf64>
  %i = stablehlo.iota dim = 1 : tensor<2x3x3xi32>
  %j = stablehlo.iota dim = 2 : tensor<2x3x3xi32>
  %below = stablehlo.compare GE, %i, %j : (tensor<2x3x3xi32>, tensor<2x3x3xi32>) -> tensor<2x3x3xi1>
  %zero = stablehlo.constant dense<0.0> : tensor<2x3x3xf64>
  %r0 = stablehlo.select %below, %l, %zero : tensor<2x3x3xi1>, tensor<2x3x3xf64>
  return %r0 : tensor<2x3x3xf64>
}

func.func public @main(%x0: tensor<4xi64>, %x1: tensor<4xi64>) -> (tensor<4xi64>, tensor<4xi64>) {
  %r0 = stablehlo.remainder %x0, %x1 : tensor<4xi64>
  %r1 = stablehlo.divide %x0, %x1 : tensor<4xi64>
  return %r0, %r1 : tensor<4xi64>, tensor<4xi64>
}

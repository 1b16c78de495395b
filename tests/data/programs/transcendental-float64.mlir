func.func public @main(%x0: tensor<3xf64>) -> (tensor<3xf64>, tensor<3xf64>, tensor<3xf64>, tensor<3xf64>, tensor<3xf64>) {
  %r0 = stablehlo.exponential %x0 : tensor<3xf64>
  %r1 = stablehlo.log_plus_one %x0 : tensor<3xf64>
  %r2 = stablehlo.tanh %x0 : tensor<3xf64>
  %r3 = stablehlo.power %x0, %x0 : tensor<3xf64>
  %r4 = stablehlo.cbrt %x0 : tensor<3xf64>
  return %r0, %r1, %r2, %r3, %r4 : tensor<3xf64>, tensor<3xf64>, tensor<3xf64>, tensor<3xf64>, tensor<3xf64>
}

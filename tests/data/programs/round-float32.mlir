func.func public @main(%x0: tensor<6xf32>) -> (tensor<6xf32>, tensor<6xf32>) {
  %r0 = stablehlo.round_nearest_even %x0 : tensor<6xf32>
  %r1 = stablehlo.round_nearest_afz %x0 : tensor<6xf32>
  return %r0, %r1 : tensor<6xf32>, tensor<6xf32>
}

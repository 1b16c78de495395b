func.func public @main(%x0: tensor<0x3xf32>) -> (tensor<3x0xf32>, tensor<2x0xi1>, tensor<3xf32>) {
  %zero = stablehlo.constant dense<0.0> : tensor<f32>
  %r0 = stablehlo.transpose %x0, dims = [1, 0] : (tensor<0x3xf32>) -> tensor<3x0xf32>
  %r1 = stablehlo.constant dense<true> : tensor<2x0xi1>
  %r2 = stablehlo.reduce(%x0 init: %zero) applies stablehlo.add across dimensions = [0]
    : (tensor<0x3xf32>, tensor<f32>) -> tensor<3xf32>
  return %r0, %r1, %r2 : tensor<3x0xf32>, tensor<2x0xi1>, tensor<3xf32>
}

func.func public @main(%x0: tensor<3xf32>) -> (tensor<3xui32>, tensor<3x4xui8>) {
  %r0 = stablehlo.bitcast_convert %x0 : (tensor<3xf32>) -> tensor<3xui32>
  %r1 = stablehlo.bitcast_convert %x0 : (tensor<3xf32>) -> tensor<3x4xui8>
  return %r0, %r1 : tensor<3xui32>, tensor<3x4xui8>
}

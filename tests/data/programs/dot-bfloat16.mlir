func.func public @main(%x0: tensor<4x8xbf16>, %x1: tensor<8x3xbf16>) -> (tensor<4x3xf32>) {
  %r0 = stablehlo.dot_general %x0, %x1, contracting_dims = [1] x [0] : (tensor<4x8xbf16>, tensor<8x3xbf16>) -> tensor<4x3xf32>
  return %r0 : tensor<4x3xf32>
}

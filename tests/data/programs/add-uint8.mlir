func.func public @main(%x0: tensor<4xui8>, %x1: tensor<4xui8>) -> (tensor<4xui8>) {
  %r0 = stablehlo.add %x0, %x1 : tensor<4xui8>
  return %r0 : tensor<4xui8>
}

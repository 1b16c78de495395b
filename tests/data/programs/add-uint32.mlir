func.func public @main(%x0: tensor<4xui32>, %x1: tensor<4xui32>) -> (tensor<4xui32>) {
  %r0 = stablehlo.add %x0, %x1 : tensor<4xui32>
  return %r0 : tensor<4xui32>
}

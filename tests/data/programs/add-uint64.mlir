func.func public @main(%x0: tensor<4xui64>, %x1: tensor<4xui64>) -> (tensor<4xui64>) {
  %r0 = stablehlo.add %x0, %x1 : tensor<4xui64>
  return %r0 : tensor<4xui64>
}

func.func public @main(%x0: tensor<4xui16>, %x1: tensor<4xui16>) -> (tensor<4xui16>) {
  %r0 = stablehlo.add %x0, %x1 : tensor<4xui16>
  return %r0 : tensor<4xui16>
}

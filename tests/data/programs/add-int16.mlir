func.func public @main(%x0: tensor<4xi16>, %x1: tensor<4xi16>) -> (tensor<4xi16>) {
  %r0 = stablehlo.add %x0, %x1 : tensor<4xi16>
  return %r0 : tensor<4xi16>
}

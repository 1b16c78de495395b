func.func public @main(%x0: tensor<5xf16>, %x1: tensor<5xf16>) -> (tensor<5xf16>) {
  %r0 = stablehlo.add %x0, %x1 : tensor<5xf16>
  return %r0 : tensor<5xf16>
}

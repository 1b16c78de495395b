func.func public @main(%x0: tensor<5xbf16>, %x1: tensor<5xbf16>) -> (tensor<5xbf16>) {
  %r0 = stablehlo.add %x0, %x1 : tensor<5xbf16>
  return %r0 : tensor<5xbf16>
}

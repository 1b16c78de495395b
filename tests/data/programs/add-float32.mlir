func.func public @main(%x0: tensor<5xf32>, %x1: tensor<5xf32>) -> (tensor<5xf32>) {
  %r0 = stablehlo.add %x0, %x1 : tensor<5xf32>
  return %r0 : tensor<5xf32>
}

func.func public @main(%x0: tensor<5xf64>, %x1: tensor<5xf64>) -> (tensor<5xf64>) {
  %r0 = stablehlo.add %x0, %x1 : tensor<5xf64>
  return %r0 : tensor<5xf64>
}

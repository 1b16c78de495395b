func.func public @main(%x0: tensor<4xi1>, %x1: tensor<4xi1>) -> (tensor<4xi1>, tensor<4xi1>, tensor<4xi1>, tensor<4xi1>) {
  %r0 = stablehlo.and %x0, %x1 : tensor<4xi1>
  %r1 = stablehlo.or %x0, %x1 : tensor<4xi1>
  %r2 = stablehlo.xor %x0, %x1 : tensor<4xi1>
  %r3 = stablehlo.not %x0 : tensor<4xi1>
  return %r0, %r1, %r2, %r3 : tensor<4xi1>, tensor<4xi1>, tensor<4xi1>, tensor<4xi1>
}

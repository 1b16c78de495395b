func.func public @main(%x0: tensor<9xf32>, %x1: tensor<248xf8E5M2>) -> (tensor<9xf8E5M2>, tensor<248xf32>) {
  %r0 = stablehlo.convert %x0 : (tensor<9xf32>) -> tensor<9xf8E5M2>
  %r1 = stablehlo.convert %x1 : (tensor<248xf8E5M2>) -> tensor<248xf32>
  return %r0, %r1 : tensor<9xf8E5M2>, tensor<248xf32>
}

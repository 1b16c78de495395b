func.func public @main(%x0: tensor<9xf32>, %x1: tensor<224xf8E3M4>) -> (tensor<9xf8E3M4>, tensor<224xf32>) {
  %r0 = stablehlo.convert %x0 : (tensor<9xf32>) -> tensor<9xf8E3M4>
  %r1 = stablehlo.convert %x1 : (tensor<224xf8E3M4>) -> tensor<224xf32>
  return %r0, %r1 : tensor<9xf8E3M4>, tensor<224xf32>
}

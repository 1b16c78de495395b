func.func public @main(%x0: tensor<9xf32>, %x1: tensor<255xf8E4M3FNUZ>) -> (tensor<9xf8E4M3FNUZ>, tensor<255xf32>) {
  %r0 = stablehlo.convert %x0 : (tensor<9xf32>) -> tensor<9xf8E4M3FNUZ>
  %r1 = stablehlo.convert %x1 : (tensor<255xf8E4M3FNUZ>) -> tensor<255xf32>
  return %r0, %r1 : tensor<9xf8E4M3FNUZ>, tensor<255xf32>
}

func.func public @main(%x0: tensor<9xf32>, %x1: tensor<254xf8E4M3FN>) -> (tensor<9xf8E4M3FN>, tensor<254xf32>) {
  %r0 = stablehlo.convert %x0 : (tensor<9xf32>) -> tensor<9xf8E4M3FN>
  %r1 = stablehlo.convert %x1 : (tensor<254xf8E4M3FN>) -> tensor<254xf32>
  return %r0, %r1 : tensor<9xf8E4M3FN>, tensor<254xf32>
}

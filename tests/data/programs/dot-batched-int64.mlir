func.func public @main(%x0: tensor<2x3x4xi64>, %x1: tensor<2x4x5xi64>) -> (tensor<2x3x5xi64>) {
  %r0 = stablehlo.dot_general %x0, %x1, batching_dims = [0] x [0], contracting_dims = [2] x [1]
    : (tensor<2x3x4xi64>, tensor<2x4x5xi64>) -> tensor<2x3x5xi64>
  return %r0 : tensor<2x3x5xi64>
}

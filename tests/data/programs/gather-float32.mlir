func.func public @main(%x0: tensor<5x3xf32>, %x1: tensor<4xi32>) -> (tensor<4x3xf32>) {
  %r0 = "stablehlo.gather"(%x0, %x1) {dimension_numbers = #stablehlo.gather<offset_dims = [1],
    collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>,
    slice_sizes = array<i64: 1, 3>} : (tensor<5x3xf32>, tensor<4xi32>) -> tensor<4x3xf32>
  return %r0 : tensor<4x3xf32>
}

func.func public @main(%x0: tensor<4xi64>, %x1: tensor<4x1xi32>, %x2: tensor<4xi64>) -> (tensor<4xi64>) {
  %r0 = "stablehlo.scatter"(%x0, %x1, %x2) ({
    ^bb0(%a: tensor<i64>, %b: tensor<i64>):
      %c = stablehlo.add %a, %b : tensor<i64>
      stablehlo.return %c : tensor<i64>
    }) {scatter_dimension_numbers = #stablehlo.scatter<inserted_window_dims = [0],
    scatter_dims_to_operand_dims = [0], index_vector_dim = 1>} : (tensor<4xi64>, tensor<4x1xi32>, tensor<4xi64>) -> tensor<4xi64>
  return %r0 : tensor<4xi64>
}

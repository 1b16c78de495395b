func.func public @main(%x0: tensor<5xi32>, %x1: tensor<5xf32>) -> (tensor<5xi32>, tensor<5xf32>) {
  %r0, %r1 = "stablehlo.sort"(%x0, %x1) ({
    ^bb0(%a: tensor<i32>, %b: tensor<i32>, %c: tensor<f32>, %d: tensor<f32>):
      %less = stablehlo.compare LT, %a, %b : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %less : tensor<i1>
    }) {dimension = 0 : i64, is_stable = true} : (tensor<5xi32>, tensor<5xf32>) -> (tensor<5xi32>, tensor<5xf32>)
  return %r0, %r1 : tensor<5xi32>, tensor<5xf32>
}

func.func public @main(%x0: tensor<4x4xf32>) -> (tensor<2x2xf32>) {
  %least = stablehlo.constant dense<0xFF800000> : tensor<f32>
  %r0 = "stablehlo.reduce_window"(%x0, %least) ({
    ^bb0(%a: tensor<f32>, %b: tensor<f32>):
      %c = stablehlo.maximum %a, %b : tensor<f32>
      stablehlo.return %c : tensor<f32>
    }) {window_dimensions = array<i64: 2, 2>, window_strides = array<i64: 2, 2>}
    : (tensor<4x4xf32>, tensor<f32>) -> tensor<2x2xf32>
  return %r0 : tensor<2x2xf32>
}

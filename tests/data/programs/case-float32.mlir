func.func public @main(%x0: tensor<i32>, %x1: tensor<f32>) -> (tensor<f32>) {
  %r0 = "stablehlo.case"(%x0) ({
    %a = stablehlo.sqrt %x1 : tensor<f32>
    stablehlo.return %a : tensor<f32>
  }, {
    %b = stablehlo.negate %x1 : tensor<f32>
    stablehlo.return %b : tensor<f32>
  }) : (tensor<i32>) -> tensor<f32>
  return %r0 : tensor<f32>
}

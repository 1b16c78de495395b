func.func public @main(%x0: tensor<1x5x6x2xf32>, %x1: tensor<3x2x2x3xf32>) -> (tensor<1x2x6x3xf32>) {
  %r0 = stablehlo.convolution(%x0, %x1) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f],
    window = {stride = [2, 1], pad = [[1, 2], [0, 1]], rhs_dilate = [2, 1]}
    {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<1x5x6x2xf32>, tensor<3x2x2x3xf32>) -> tensor<1x2x6x3xf32>
  return %r0 : tensor<1x2x6x3xf32>
}

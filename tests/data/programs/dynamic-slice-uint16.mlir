func.func public @main(%x0: tensor<3x4xui16>, %x1: tensor<i32>, %x2: tensor<i32>) -> (tensor<2x2xui16>) {
  %r0 = stablehlo.dynamic_slice %x0, %x1, %x2, sizes = [2, 2] : (tensor<3x4xui16>, tensor<i32>, tensor<i32>) -> tensor<2x2xui16>
  return %r0 : tensor<2x2xui16>
}

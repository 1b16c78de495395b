func.func public @main(%x0: tensor<3x4xui16>, %x1: tensor<1x1xui16>, %x2: tensor<i32>, %x3: tensor<i32>) -> (tensor<3x4xui16>) {
  %r0 = stablehlo.dynamic_update_slice %x0, %x1, %x2, %x3 : (tensor<3x4xui16>, tensor<1x1xui16>, tensor<i32>, tensor<i32>) -> tensor<3x4xui16>
  return %r0 : tensor<3x4xui16>
}

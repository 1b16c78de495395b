func.func public @main(%x0: tensor<i32>, %x1: tensor<4xi32>, %x2: tensor<i32>) -> (tensor<4xi32>) {
  %r0 = stablehlo.clamp %x0, %x1, %x2 : (tensor<i32>, tensor<4xi32>, tensor<i32>) -> tensor<4xi32>
  return %r0 : tensor<4xi32>
}

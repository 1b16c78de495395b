func.func public @main(%x0: tensor<4x6xi32>) -> (tensor<4xi32>, tensor<i32>) {
  %zero = stablehlo.constant dense<0> : tensor<i32>
  %least = stablehlo.constant dense<-2147483648> : tensor<i32>
  %r0 = stablehlo.reduce(%x0 init: %zero) applies stablehlo.add across dimensions = [1]
    : (tensor<4x6xi32>, tensor<i32>) -> tensor<4xi32>
  %r1 = stablehlo.reduce(%x0 init: %least) applies stablehlo.maximum across dimensions = [0, 1]
    : (tensor<4x6xi32>, tensor<i32>) -> tensor<i32>
  return %r0, %r1 : tensor<4xi32>, tensor<i32>
}

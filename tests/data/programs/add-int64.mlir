func.func public @main(%x0: tensor<4xi64>, %x1: tensor<4xi64>) -> (tensor<4xi64>) {
  %r0 = stablehlo.add %x0, %x1 : tensor<4xi64>
  return %r0 : tensor<4xi64>
}

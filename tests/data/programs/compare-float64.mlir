func.func public @main(%x0: tensor<6xf64>, %x1: tensor<6xf64>) -> (tensor<6xi1>, tensor<6xi1>, tensor<6xi1>, tensor<6xi1>) {
  %r0 = stablehlo.compare EQ, %x0, %x1, FLOAT : (tensor<6xf64>, tensor<6xf64>) -> tensor<6xi1>
  %r1 = stablehlo.compare NE, %x0, %x1, FLOAT : (tensor<6xf64>, tensor<6xf64>) -> tensor<6xi1>
  %r2 = stablehlo.compare LT, %x0, %x1, FLOAT : (tensor<6xf64>, tensor<6xf64>) -> tensor<6xi1>
  %r3 = stablehlo.compare GE, %x0, %x1, FLOAT : (tensor<6xf64>, tensor<6xf64>) -> tensor<6xi1>
  return %r0, %r1, %r2, %r3 : tensor<6xi1>, tensor<6xi1>, tensor<6xi1>, tensor<6xi1>
}

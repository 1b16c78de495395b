func.func public @main(%x0: tensor<2x3x4xi16>) -> (tensor<4x2x3xi16>, tensor<2x3x4xi16>, tensor<2x2x2xi16>) {
  %r0 = stablehlo.transpose %x0, dims = [2, 0, 1] : (tensor<2x3x4xi16>) -> tensor<4x2x3xi16>
  %r1 = stablehlo.reverse %x0, dims = [1, 2] : tensor<2x3x4xi16>
  %r2 = stablehlo.slice %x0 [0:2, 1:3, 0:4:2] : (tensor<2x3x4xi16>) -> tensor<2x2x2xi16>
  return %r0, %r1, %r2 : tensor<4x2x3xi16>, tensor<2x3x4xi16>, tensor<2x2x2xi16>
}

func.func public @main(%x0: tensor<4xi8>, %x1: tensor<4xi8>) -> (tensor<4xi8>) {
  %r0 = stablehlo.add %x0, %x1 : tensor<4xi8>
  return %r0 : tensor<4xi8>
}

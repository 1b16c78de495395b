func.func public @main(%x0: tensor<2x3xi8>, %x1: tensor<i8>) -> (tensor<3x5xi8>) {
  %r0 = stablehlo.pad %x0, %x1, low = [0, 0], high = [1, 0], interior = [0, 1]
    : (tensor<2x3xi8>, tensor<i8>) -> tensor<3x5xi8>
  return %r0 : tensor<3x5xi8>
}

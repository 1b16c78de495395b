func.func public @main(%x0: tensor<2xf64>) -> (tensor<2xf64>) {
  %r0 = func.call @twice_twice(%x0) : (tensor<2xf64>) -> tensor<2xf64>
  return %r0 : tensor<2xf64>
}
func.func private @twice_twice(%x: tensor<2xf64>) -> tensor<2xf64> {
  %a = func.call @twice(%x) : (tensor<2xf64>) -> tensor<2xf64>
  %b = func.call @twice(%a) : (tensor<2xf64>) -> tensor<2xf64>
  return %b : tensor<2xf64>
}
func.func private @twice(%x: tensor<2xf64>) -> tensor<2xf64> {
  %a = stablehlo.add %x, %x : tensor<2xf64>
  return %a : tensor<2xf64>
}

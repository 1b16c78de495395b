func.func public @main(%x0: tensor<5xui8>) -> (tensor<5xui8>, tensor<5xui8>, tensor<5xui8>) {
  %one = stablehlo.constant dense<1> : tensor<5xui8>
  %three = stablehlo.constant dense<3> : tensor<5xui8>
  %r0 = stablehlo.popcnt %x0 : tensor<5xui8>
  %r1 = stablehlo.shift_left %x0, %one : tensor<5xui8>
  %r2 = stablehlo.shift_right_logical %x0, %three : tensor<5xui8>
  return %r0, %r1, %r2 : tensor<5xui8>, tensor<5xui8>, tensor<5xui8>
}

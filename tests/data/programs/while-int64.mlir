func.func public @main(%x0: tensor<i64>) -> (tensor<i64>, tensor<i64>) {
  %zero = stablehlo.constant dense<0> : tensor<i64>
  %one = stablehlo.constant dense<1> : tensor<i64>
  %r1, %r0 = stablehlo.while(%i = %zero, %sum = %zero) : tensor<i64>, tensor<i64>
  cond {
    %more = stablehlo.compare LT, %i, %x0 : (tensor<i64>, tensor<i64>) -> tensor<i1>
    stablehlo.return %more : tensor<i1>
  } do {
    %next = stablehlo.add %i, %one : tensor<i64>
    %new = stablehlo.add %sum, %next : tensor<i64>
    stablehlo.return %next, %new : tensor<i64>, tensor<i64>
  }
  return %r0, %r1 : tensor<i64>, tensor<i64>
}

func.func public @main() -> (tensor<2xi1>, tensor<ui64>, tensor<2xbf16>) {
  %r0 = stablehlo.constant dense<[true, false]> : tensor<2xi1>
  %r1 = stablehlo.constant dense<18446744073709551615> : tensor<ui64>
  %r2 = stablehlo.constant dense<[1.0, -2.0]> : tensor<2xbf16>
  return %r0, %r1, %r2 : tensor<2xi1>, tensor<ui64>, tensor<2xbf16>
}

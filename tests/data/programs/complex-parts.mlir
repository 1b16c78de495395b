func.func public @main(%x0: tensor<2xcomplex<f32>>) -> (tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) {
  %r0 = stablehlo.real %x0 : (tensor<2xcomplex<f32>>) -> tensor<2xf32>
  %r1 = stablehlo.imag %x0 : (tensor<2xcomplex<f32>>) -> tensor<2xf32>
  %r2 = stablehlo.abs %x0 : (tensor<2xcomplex<f32>>) -> tensor<2xf32>
  return %r0, %r1, %r2 : tensor<2xf32>, tensor<2xf32>, tensor<2xf32>
}

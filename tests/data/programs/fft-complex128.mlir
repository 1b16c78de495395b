func.func public @main(%x0: tensor<3x8xcomplex<f64>>) -> (tensor<3x8xcomplex<f64>>, tensor<3x8xcomplex<f64>>) {
  %r0 = stablehlo.fft %x0, type = FFT, length = [8] : (tensor<3x8xcomplex<f64>>) -> tensor<3x8xcomplex<f64>>
  %r1 = stablehlo.fft %x0, type = IFFT, length = [8] : (tensor<3x8xcomplex<f64>>) -> tensor<3x8xcomplex<f64>>
  return %r0, %r1 : tensor<3x8xcomplex<f64>>, tensor<3x8xcomplex<f64>>
}

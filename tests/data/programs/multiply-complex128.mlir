func.func public @main(%x0: tensor<2xcomplex<f64>>, %x1: tensor<2xcomplex<f64>>) -> (tensor<2xcomplex<f64>>) {
  %r0 = stablehlo.multiply %x0, %x1 : tensor<2xcomplex<f64>>
  return %r0 : tensor<2xcomplex<f64>>
}

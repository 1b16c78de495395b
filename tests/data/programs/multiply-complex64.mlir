func.func public @main(%x0: tensor<2xcomplex<f32>>, %x1: tensor<2xcomplex<f32>>) -> (tensor<2xcomplex<f32>>) {
  %r0 = stablehlo.multiply %x0, %x1 : tensor<2xcomplex<f32>>
  return %r0 : tensor<2xcomplex<f32>>
}

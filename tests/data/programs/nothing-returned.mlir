func.func public @main(%x0: tensor<f32>) -> () {

  return
}

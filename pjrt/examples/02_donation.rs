//! Keep a sum on the device, each step writing the new one in the old one's place.
//!
//!     cargo run -p pjrt --example 02_donation

use pjrt::install::Environment;
use pjrt::{ClientOptions, Code, CompileOptions, HostArray, Plugin};

const STEP: &str = "func.func public @main(
    %state: tensor<4xf32> {tf.aliasing_output = 0 : i32}, %batch: tensor<4xf32>)
    -> (tensor<4xf32>, tensor<f32>) {
  %new = stablehlo.add %state, %batch : tensor<4xf32>
  %zero = stablehlo.constant dense<0.0> : tensor<f32>
  %sum = stablehlo.reduce(%new init: %zero) applies stablehlo.add across dimensions = [0]
    : (tensor<4xf32>, tensor<f32>) -> tensor<f32>
  return %new, %sum : tensor<4xf32>, tensor<f32>
}";

pub(crate) fn main() -> Result<(), Box<dyn std::error::Error>> {
    let environment = Environment::from_process();
    let found = environment.find_or_install("cpu", None, &mut |step| eprintln!("{step}"))?;
    let client = Plugin::load(&found.path)?.client(&ClientOptions::new().cpu_devices(1))?;
    let device = &client.devices()[0];

    let step = client.compile(Code::mlir(STEP), &CompileOptions::default())?;
    assert_eq!(step.donatable_inputs(), [0]);
    assert_eq!(step.memory_stats()?.alias_bytes, 16);

    let mut state = client.buffer(&HostArray::from_slice(&[4], &[0.0f32; 4])?, device)?;
    let batch = client.buffer(&HostArray::from_slice(&[4], &[1.0f32, 2.0, 3.0, 4.0])?, device)?;
    for _ in 0..1000 {
        state = step.run(vec![state.into(), (&batch).into()])?.swap_remove(0);
    }
    assert_eq!(state.to_host()?.as_slice::<f32>()?, [1000.0, 2000.0, 3000.0, 4000.0]);

    let before = &state;
    let results = step.run(vec![before.into(), (&batch).into()])?;
    assert_eq!(results[1].to_host()?.item::<f32>()?, 10010.0);
    assert_eq!(before.to_host()?.as_slice::<f32>()?[0], 1000.0);
    Ok(())
}

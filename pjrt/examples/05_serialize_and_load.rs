//! Write a compiled program to a file, and run it from there without compiling it again.
//!
//!     cargo run -p pjrt --example 05_serialize_and_load

use pjrt::install::Environment;
use pjrt::{ClientOptions, Code, CompileOptions, HostArray, Plugin};

const POWER: &str = "func.func public @main(%x: tensor<f32>, %n: tensor<i32>) -> tensor<f32> {
  %one = stablehlo.constant dense<1.0> : tensor<f32>
  %zero = stablehlo.constant dense<0> : tensor<i32>
  %step = stablehlo.constant dense<1> : tensor<i32>
  %end:2 = stablehlo.while(%i = %zero, %p = %one) : tensor<i32>, tensor<f32>
    cond {
      %more = stablehlo.compare LT, %i, %n : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %more : tensor<i1>
    } do {
      %j = stablehlo.add %i, %step : tensor<i32>
      %q = stablehlo.multiply %p, %x : tensor<f32>
      stablehlo.return %j, %q : tensor<i32>, tensor<f32>
    }
  return %end#1 : tensor<f32>
}";

pub(crate) fn main() -> Result<(), Box<dyn std::error::Error>> {
    let environment = Environment::from_process();
    let found = environment.find_or_install("cpu", None, &mut |step| eprintln!("{step}"))?;
    let plugin = Plugin::load(&found.path)?;
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("power.compiled");

    let options = ClientOptions::new().cpu_devices(1);
    let power = plugin.client(&options)?.compile(Code::mlir(POWER), &CompileOptions::default())?;
    std::fs::write(&file, power.serialize()?)?;
    drop(power);

    let client = plugin.client(&options)?;
    let power = client.load_serialized(&std::fs::read(&file)?)?;
    let device = &power.devices()[0];
    let x = client.buffer(&HostArray::scalar(3.0f32), device)?;
    let n = client.buffer(&HostArray::scalar(4i32), device)?;
    let result = power.run(vec![x.into(), n.into()])?.remove(0);
    assert_eq!(result.to_host()?.item::<f32>()?, 81.0);
    Ok(())
}

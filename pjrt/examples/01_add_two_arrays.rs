//! Add two arrays on a device.
//!
//!     cargo run -p pjrt --example 01_add_two_arrays

use pjrt::install::Environment;
use pjrt::{ClientOptions, Code, CompileOptions, HostArray, Plugin};

const ADD: &str = "func.func public @main(%x: tensor<3xf32>, %y: tensor<3xf32>) -> tensor<3xf32> {
  %z = stablehlo.add %x, %y : tensor<3xf32>
  return %z : tensor<3xf32>
}";

pub(crate) fn main() -> Result<(), Box<dyn std::error::Error>> {
    let environment = Environment::from_process();
    let found = environment.find_or_install("cpu", None, &mut |step| eprintln!("{step}"))?;
    let plugin = Plugin::load(&found.path)?;
    println!("PJRT {}, from {}", plugin.api_version(), found.source);

    let client = plugin.client(&ClientOptions::new().cpu_devices(1))?;
    let device = &client.devices()[0];

    let add = client.compile(Code::mlir(ADD), &CompileOptions::default())?;
    println!("{} returns {}", add.name(), add.outputs()[0]);

    let x = client.buffer(&HostArray::from_slice(&[3], &[1.0f32, 2.0, 3.0])?, device)?;
    let y = client.buffer(&HostArray::from_slice(&[3], &[10.0f32, 20.0, 30.0])?, device)?;
    let results = add.run(vec![(&x).into(), (&y).into()])?;

    let copy = results[0].copy_to_host()?;
    println!("the sum is here already: {}", copy.is_ready()?);
    let sum = copy.wait()?;
    assert_eq!(sum.as_slice::<f32>()?, [11.0, 22.0, 33.0]);

    let whole = client.buffer(&HostArray::from_slice(&[3], &[1i32, 2, 3])?, device)?;
    let error = add.run(vec![(&x).into(), (&whole).into()]).unwrap_err();
    assert_eq!(error.to_string(), "argument 1: expected f32[3], got i32[3]");
    Ok(())
}

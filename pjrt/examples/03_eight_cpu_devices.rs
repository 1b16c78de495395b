//! Run one program on eight CPU devices of this process, each with a part of the data.
//!
//!     cargo run -p pjrt --example 03_eight_cpu_devices

use pjrt::install::Environment;
use pjrt::{ClientOptions, Code, CompileOptions, HostArray, Plugin};

const SUM_OF_SQUARES: &str = r#"module @sum_of_squares attributes {mhlo.num_partitions = 8 : i32} {
  sdy.mesh @mesh = <["data"=8]>
  func.func public @main(
      %x: tensor<16x3xf32> {sdy.sharding = #sdy.sharding<@mesh, [{"data"}, {}]>})
      -> (tensor<f32> {sdy.sharding = #sdy.sharding<@mesh, []>}) {
    %squares = stablehlo.multiply %x, %x : tensor<16x3xf32>
    %zero = stablehlo.constant dense<0.0> : tensor<f32>
    %sum = stablehlo.reduce(%squares init: %zero) applies stablehlo.add across dimensions = [0, 1]
      : (tensor<16x3xf32>, tensor<f32>) -> tensor<f32>
    return %sum : tensor<f32>
  }
}"#;

pub(crate) fn main() -> Result<(), Box<dyn std::error::Error>> {
    let environment = Environment::from_process();
    let found = environment.find_or_install("cpu", None, &mut |step| eprintln!("{step}"))?;
    let client = Plugin::load(&found.path)?.client(&ClientOptions::new().cpu_devices(8))?;

    let options = CompileOptions { partitions: 8, use_shardy: true, ..Default::default() };
    let program = client.compile(Code::mlir(SUM_OF_SQUARES), &options)?;
    println!("each device takes {} and returns {}", program.inputs()[0], program.outputs()[0]);

    // Two rows for each device.
    let x: Vec<f32> = (0..48).map(|i| i as f32).collect();
    let mut inputs = Vec::new();
    for (device, rows) in program.devices().iter().zip(x.chunks(6)) {
        inputs.push(vec![client.buffer(&HostArray::from_slice(&[2, 3], rows)?, device)?.into()]);
    }
    for (results, device) in program.run_on_all(inputs)?.iter().zip(program.devices()) {
        let sum = results[0].to_host()?.item::<f32>()?;
        println!("{device}: {sum}");
        assert_eq!(sum, x.iter().map(|x| x * x).sum::<f32>());
    }
    Ok(())
}

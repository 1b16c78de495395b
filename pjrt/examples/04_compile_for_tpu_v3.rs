//! Compile a program for eight cores of a TPU v3 on a machine that has none.
//!
//!     cargo run -p pjrt --example 04_compile_for_tpu_v3

use std::collections::BTreeMap;

use pjrt::install::Environment;
use pjrt::{Code, CompileOptions, Plugin};

const PRODUCT: &str = "func.func public @main(
    %x: tensor<256x512xf32>, %y: tensor<512x128xf32>) -> tensor<256x128xf32> {
  %z = stablehlo.dot_general %x, %y, contracting_dims = [1] x [0]
    : (tensor<256x512xf32>, tensor<512x128xf32>) -> tensor<256x128xf32>
  return %z : tensor<256x128xf32>
}";

pub(crate) fn main() -> Result<(), Box<dyn std::error::Error>> {
    let environment = Environment { plugin: None, ..Environment::from_process() };
    let found = environment.find_or_install("tpu", None, &mut |step| eprintln!("{step}"))?;
    let plugin = Plugin::load(&found.path)?;

    let topology = plugin.topology("v3:2x2", &BTreeMap::new())?;
    let devices = topology.devices()?;
    println!("{} of kind {}", devices.len(), devices[0].kind);

    let options = CompileOptions { replicas: 8, ..Default::default() };
    let product = plugin.compile(&topology, Code::mlir(PRODUCT), &options)?;

    let flops = product.cost()?["flops"];
    let bytes = product.memory_stats()?.total_bytes();
    println!("{flops} floating-point operations in {bytes} bytes of a core's memory");
    println!("{} bytes for a TPU to load", product.serialize()?.len());
    assert_eq!(flops, (2 * 256 * 128 * 512) as f64);
    Ok(())
}

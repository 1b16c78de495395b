//! Compile a program for eight cores of a TPU v3 on a machine that has none.
//!
//!     cargo run --example 05_compile_for_tpu_v3

use std::collections::BTreeMap;

use hlo::DType::F32;

pub(crate) fn main() -> Result<(), Box<dyn std::error::Error>> {
    let program = hlo::trace("product", |t| {
        let x = t.input("x", F32, [256, 512]);
        let y = t.input("y", F32, [512, 128]);
        t.output("z", x.matmul(y));
    })?;

    // Google's compiler for TPUs installs itself at its first use: about 138 MB.
    let found =
        pjrt::install::Environment { plugin: None, ..pjrt::install::Environment::from_process() }
            .find_or_install("tpu", None, &mut |step| eprintln!("{step}"))?;
    let plugin = pjrt::Plugin::load(&found.path)?;

    // Two by two chips of two cores each. Every core is a replica, which runs the whole program.
    let topology = plugin.topology("v3:2x2", &BTreeMap::new())?;
    println!("{} of kind {}", topology.devices()?.len(), topology.devices()?[0].kind);
    let options = pjrt::CompileOptions { replicas: 8, ..Default::default() };
    let product = plugin.compile(&topology, pjrt::Code::mlir(&program.text()), &options)?;

    let flops = product.cost()?["flops"];
    println!("{flops} floating-point operations and {:?}", product.memory_stats()?);
    println!("{} bytes for a TPU to load", product.serialize()?.len());
    assert_eq!(flops, (2 * 256 * 128 * 512) as f64);
    Ok(())
}

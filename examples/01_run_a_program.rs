//! Trace a function, compile it, run it.
//!
//!     cargo run --example 01_run_a_program

use hlo::DType::F32;
use hlo::{Program, TraceError};
use pjrt::HostArray;

pub(crate) fn softmax() -> Result<Program, TraceError> {
    // The closure runs once, on symbols. What it does becomes a StableHLO program.
    hlo::trace("softmax", |t| {
        let x = t.input("x", F32, [2, 3]);
        t.output("p", x.softmax(-1));
    })
}

pub(crate) fn main() -> Result<(), Box<dyn std::error::Error>> {
    let program = softmax()?;
    println!("{program}");

    // The CPU plugin installs itself at its first use.
    let found =
        pjrt::install::Environment::from_process()
            .find_or_install("cpu", None, &mut |step| eprintln!("{step}"))?;
    let plugin = pjrt::Plugin::load(&found.path)?;
    let client = plugin.client(&pjrt::ClientOptions::new().cpu_devices(1))?;
    let softmax =
        client.compile(pjrt::Code::mlir(&program.text()), &pjrt::CompileOptions::default())?;

    let device = &client.devices()[0];
    let x = HostArray::from_slice(&[2, 3], &[0.0f32, 0.0, 0.0, 1.0, 2.0, 3.0])?;
    let x = client.buffer(&x, device)?;
    let results = softmax.run(vec![(&x).into()])?;
    let p = results[0].to_host()?.to_array::<f32>()?;
    println!("{p}");
    assert!((p[[0, 0]] - 1.0 / 3.0).abs() < 1e-6);
    Ok(())
}

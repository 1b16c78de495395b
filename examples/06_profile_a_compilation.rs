//! Record what the compiler for TPUs does, on a machine that has none, and look at it in Perfetto,
//! TensorBoard or XProf. Where there are devices, what they run is recorded the same way.
//!
//!     cargo run --example 06_profile_a_compilation

use std::collections::BTreeMap;

use hlo::DType::F32;

pub(crate) fn main() -> Result<(), Box<dyn std::error::Error>> {
    let program = hlo::trace("product", |t| {
        let x = t.input("x", F32, [256, 512]);
        let y = t.input("y", F32, [512, 128]);
        t.output("z", x.matmul(y));
    })?;
    let found =
        pjrt::install::Environment { plugin: None, ..pjrt::install::Environment::from_process() }
            .find_or_install("tpu", None, &mut |step| eprintln!("{step}"))?;
    let plugin = pjrt::Plugin::load(&found.path)?;
    let topology = plugin.topology("v3:1x1", &BTreeMap::new())?;

    // The plugins of TPUs and NVIDIA's GPUs record; those of CPUs say that they can't.
    let profile = plugin.profile(&pjrt::ProfileOptions::default())?;
    let code = program.text();
    plugin.compile(&topology, pjrt::Code::mlir(&code), &pjrt::CompileOptions::default())?;
    let trace = profile.stop()?;

    let folder = std::env::temp_dir().join("hetxl-profile");
    let written = trace.write(&folder)?;
    println!("open {}/*.trace.json.gz at https://ui.perfetto.dev", written.display());
    println!("or `pip install xprof` and run `xprof --logdir {}`", folder.display());
    assert!(!trace.xspace().is_empty());
    Ok(())
}

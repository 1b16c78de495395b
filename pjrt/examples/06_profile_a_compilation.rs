//! Record what the compiler for TPUs does, on a machine that has none, for Perfetto or TensorBoard.
//!
//!     cargo run -p pjrt --example 06_profile_a_compilation

use std::collections::BTreeMap;

use pjrt::install::Environment;
use pjrt::{Code, CompileOptions, Plugin, ProfileOptions};

const SUM: &str = "func.func public @main(%x: tensor<256x512xf32>) -> tensor<256x512xf32> {
  %y = stablehlo.add %x, %x : tensor<256x512xf32>
  return %y : tensor<256x512xf32>
}";

pub(crate) fn main() -> Result<(), Box<dyn std::error::Error>> {
    let environment = Environment { plugin: None, ..Environment::from_process() };
    let found = environment.find_or_install("tpu", None, &mut |step| eprintln!("{step}"))?;
    let plugin = Plugin::load(&found.path)?;
    let topology = plugin.topology("v3:1x1", &BTreeMap::new())?;

    let profile = plugin.profile(&ProfileOptions::default())?;
    plugin.compile(&topology, Code::mlir(SUM), &CompileOptions::default())?;
    let trace = profile.stop()?;

    let folder = std::env::temp_dir().join("pjrt-profile");
    let written = trace.write(&folder)?;
    println!("open {}/*.trace.json.gz at https://ui.perfetto.dev", written.display());
    println!("or `pip install xprof` and run `xprof --logdir {}`", folder.display());
    assert!(!trace.xspace().is_empty());
    Ok(())
}

//! Record what the compiler for TPUs does, on a machine that has none.
//!
//!     cargo run -p pjrt --example 06_profile_a_compilation

use std::collections::BTreeMap;

use pjrt::install::Environment;
use pjrt::{Code, CompileOptions, Plugin, ProfileOptions};

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
    let topology = plugin.topology("v3:1x1", &BTreeMap::new())?;

    let profile = plugin.profile(&ProfileOptions::default())?;
    plugin.compile(&topology, Code::mlir(PRODUCT), &CompileOptions::default())?;
    let trace = profile.stop()?;

    let folder = std::env::temp_dir().join("pjrt-profile");
    let written = trace.write(&folder)?;
    println!("open {}/*.trace.json.gz at https://ui.perfetto.dev", written.display());
    println!("or `pip install xprof` and run `xprof --logdir {}`", folder.display());
    assert!(!trace.xspace().is_empty());
    Ok(())
}

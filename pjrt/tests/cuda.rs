//! Compiling for GPUs that aren't there. Slow where the CUDA plugin has yet to be installed: about
//! 192 MB, and 41 MB of NVIDIA's assembler.

mod support;

use std::collections::BTreeMap;

use pjrt::install::Environment;
use pjrt::{AttributeValue, Code, CompileOptions, Error, Flag, ProfileOptions};
use support::{ADD, ahead_of_time};

/// An A100 with 80 GB.
const A100: &str = r#"gpu_device_info {
  threads_per_block_limit: 1024 threads_per_warp: 32 shared_memory_per_block: 49152
  shared_memory_per_core: 167936 threads_per_core_limit: 2048 core_count: 108 fpus_per_core: 64
  block_dim_limit_x: 2147483647 block_dim_limit_y: 65535 block_dim_limit_z: 65535
  memory_bandwidth: 2039000000000 l2_cache_size: 41943040 clock_rate_ghz: 1.41
  device_memory_size: 84987740160 shared_memory_per_block_optin: 166912
  cuda_compute_capability { major: 8 } registers_per_core_limit: 65536
  registers_per_block_limit: 65536 runtime_version: "12.8.0" driver_version: "12.8.0"
  compile_time_toolkit_version: "12.8.0" dnn_version: "9.10.0"
}
platform_name: "CUDA"
device_description_str: "A100""#;

/// What stands for the generation of a GPU that isn't NVIDIA's.
const AMD: &str = r#"rocm_compute_capability { gcn_arch_name: "gfx942" }"#;

fn options(config: &str, shape: &str) -> BTreeMap<String, AttributeValue> {
    [("target_config".to_owned(), config.into()), ("topology".to_owned(), shape.into())].into()
}

/// Tells the plugin where it finds what it doesn't bring. Where that can't be had, the reason is
/// printed.
fn toolkit() -> Option<BTreeMap<String, Flag>> {
    let mut flags = BTreeMap::new();
    let environment = Environment::from_process();
    let added = environment.add_cuda_toolkit(&mut flags, &mut |step| eprintln!("{step}"));
    added.inspect_err(|reason| println!("skipped: {reason}")).ok()?;
    Some(flags)
}

#[test]
fn a_sum_is_compiled_for_eight_gpus() {
    let Some(plugin) = ahead_of_time("cuda12") else { return };
    let topology = plugin.topology("", &options(A100, "1x1x8")).unwrap();
    assert_eq!(topology.platform_name(), "cuda");
    let devices = topology.devices().unwrap();
    assert_eq!(devices.len(), 8);
    assert_eq!(devices[0].attributes["compute_capability"], "8.0".into());

    let Some(flags) = toolkit() else { return };
    let options = CompileOptions { flags, replicas: 8, ..Default::default() };
    let add = plugin.compile(&topology, Code::mlir(ADD), &options).unwrap();
    assert_eq!((add.replicas(), add.inputs().len()), (8, 2));
    let memory = add.memory_stats().unwrap();
    assert_eq!((memory.argument_bytes, memory.output_bytes), (16, 8));
    assert!(!add.serialize().unwrap().is_empty());
    assert!(add.cost().unwrap_err().is_unsupported());
}

#[test]
fn a_sum_split_among_eight_gpus_takes_an_eighth_of_its_operand_on_each() {
    let Some(plugin) = ahead_of_time("cuda12") else { return };
    let Some(flags) = toolkit() else { return };
    let code = r#"sdy.mesh @mesh = <["x"=8]>
    func.func public @main(
        %x: tensor<64x32xf32> {sdy.sharding = #sdy.sharding<@mesh, [{"x"}, {}]>}) -> tensor<f32> {
      %zero = stablehlo.constant dense<0.0> : tensor<f32>
      %sum = stablehlo.reduce(%x init: %zero) applies stablehlo.add across dimensions = [0, 1]
        : (tensor<64x32xf32>, tensor<f32>) -> tensor<f32>
      return %sum : tensor<f32>
    }"#;
    let options_of = |partitions| CompileOptions {
        flags: flags.clone(),
        partitions,
        use_shardy: true,
        ..Default::default()
    };
    let compile = |shape: &str, partitions| {
        let topology = plugin.topology("", &options(A100, shape)).unwrap();
        plugin.compile(&topology, Code::mlir(code), &options_of(partitions))
    };
    for shape in ["1x1x8", "1x2x4"] {
        let sum = compile(shape, 8).unwrap();
        assert_eq!(sum.partitions(), 8);
        assert_eq!(sum.memory_stats().unwrap().argument_bytes, 64 * 32 * 4 / 8, "{shape}");
    }
    let error = compile("1x1x4", 8).unwrap_err();
    assert!(matches!(error, Error::Option { .. }), "{error}");
}

#[test]
fn a_description_of_a_gpu_that_would_end_the_process_is_refused() {
    let Some(plugin) = ahead_of_time("cuda12") else { return };
    for (config, shape) in [
        ("", "1x1x1"),
        (&*A100.replace("core_count: 108", ""), "1x1x1"),
        (&*A100.replace("block_dim_limit_x: 2147483647", ""), "1x1x1"),
        (&*A100.replace("shared_memory_per_block: 49152", "shared_memory_per_block: 1"), "1x1x1"),
        (&*A100.replace("cuda_compute_capability { major: 8 }", AMD), "1x1x1"),
        (A100, "-1x1x-1"),
        (A100, "1x1x0"),
    ] {
        let error = plugin.topology("", &options(config, shape)).unwrap_err();
        assert!(matches!(error, Error::Option { .. }), "{error}");
    }
}

#[test]
fn a_gpu_that_is_neither_there_nor_described_is_an_error() {
    let Some(plugin) = ahead_of_time("cuda12") else { return };
    assert!(plugin.topology("", &BTreeMap::new()).is_err());
}

#[test]
fn a_recording_without_a_gpu_is_of_nothing() {
    let Some(plugin) = ahead_of_time("cuda12") else { return };
    let trace = plugin.profile(&ProfileOptions::default()).unwrap().stop().unwrap();
    let mut json = Vec::new();
    trace.write_json(&mut json).unwrap();
    assert!(serde_json::from_slice::<serde_json::Value>(&json).unwrap()["traceEvents"].is_array());
}

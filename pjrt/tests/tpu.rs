//! Compiling for TPUs that aren't there. Slow where libtpu has yet to be installed: about 138 MB.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use pjrt::{
    Alias, ArraySpec, AttributeValue, Code, CompileOptions, DType, Error, ErrorCode, Executable,
    Extension, Flag, Layout, Plugin, ProfileOptions, Topology, Trace,
};
use serde_json::Value;
use support::{ADD, ahead_of_time};

fn slice(plugin: &Plugin, name: &str) -> Topology {
    plugin.topology(name, &BTreeMap::new()).expect("a slice of TPUs")
}

fn compile(plugin: &Plugin, name: &str, code: &str) -> Result<Executable, Error> {
    plugin.compile(&slice(plugin, name), Code::mlir(code), &CompileOptions::default())
}

#[test]
fn slices_of_v3_have_two_cores_for_each_chip() {
    let Some(plugin) = ahead_of_time("tpu") else { return };
    assert!(plugin.extensions().unwrap().contains(&Extension::TPU_TOPOLOGY));
    for (name, cores) in [("v3:1x1", 2), ("v3:2x2", 8), ("v3:8x8", 128)] {
        let topology = slice(&plugin, name);
        assert_eq!(topology.platform_name(), "tpu");
        let devices = topology.devices().unwrap();
        assert_eq!(devices.len(), cores, "{name}");
        assert!(devices.iter().all(|device| device.kind == "TPU v3"));
        let ids: BTreeSet<i32> = devices.iter().map(|device| device.id).collect();
        assert_eq!(ids.len(), cores);
        assert!(matches!(devices[1].attributes["coords"], AttributeValue::Ints(_)));
    }
}

#[test]
fn a_slice_survives_serialisation() {
    let Some(plugin) = ahead_of_time("tpu") else { return };
    let topology = slice(&plugin, "v3:2x2");
    let again = plugin.deserialize_topology(&topology.serialize().unwrap()).unwrap();
    assert_eq!(again.devices().unwrap(), topology.devices().unwrap());
}

#[test]
fn names_of_slices_that_do_not_exist_are_an_error() {
    let Some(plugin) = ahead_of_time("tpu") else { return };
    let refusal = |name| plugin.topology(name, &BTreeMap::new()).unwrap_err();
    for name in ["", "v3:0x0", "v3:2"] {
        assert!(matches!(refusal(name), Error::Option { .. }), "{name}");
    }
    for name in ["v9:2x2", "v3:3x3", "v3-128", "no such"] {
        assert!(matches!(refusal(name), Error::Plugin { .. }), "{name}");
    }
}

#[test]
fn a_sum_is_compiled_for_v3() {
    let Some(plugin) = ahead_of_time("tpu") else { return };
    let add = compile(&plugin, "v3:1x1", ADD).unwrap();
    let spec = ArraySpec::new(DType::F32, &[2]);
    assert_eq!(add.inputs(), [spec.clone(), spec.clone()]);
    assert_eq!(add.outputs(), [spec]);
    assert!(!add.optimized_program().unwrap().is_empty());
    assert!(!add.fingerprint().unwrap().is_empty());
}

#[test]
fn a_product_of_matrices_for_v3_tells_what_it_costs_and_serialises() {
    let Some(plugin) = ahead_of_time("tpu") else { return };
    let (m, n, k) = (256_u64, 128_u64, 512_u64);
    let code = format!(
        "func.func public @main(%x: tensor<{m}x{k}xbf16>, %y: tensor<{k}x{n}xbf16>) -> tensor<{m}x{n}xf32> {{
          %z = stablehlo.dot_general %x, %y, contracting_dims = [1] x [0]
            : (tensor<{m}x{k}xbf16>, tensor<{k}x{n}xbf16>) -> tensor<{m}x{n}xf32>
          return %z : tensor<{m}x{n}xf32>
        }}"
    );
    let product = compile(&plugin, "v3:1x1", &code).unwrap();
    let cost = product.cost().unwrap();
    assert_eq!(cost["flops"], (2 * m * n * k) as f64);
    let memory = product.memory_stats().unwrap();
    assert_eq!(memory.argument_bytes, 2 * (m * k + k * n));
    assert_eq!(memory.output_bytes, 4 * m * n);
    assert!(memory.peak_bytes.unwrap() >= memory.argument_bytes + memory.output_bytes);
    assert!(product.serialize().unwrap().len() > 1000);
}

#[test]
fn arrays_of_a_v3_are_tiled_and_those_of_programs_lie_as_by_default() {
    let Some(plugin) = ahead_of_time("tpu") else { return };
    let topology = slice(&plugin, "v3:1x1");
    let default = |dtype, dims: &[usize]| {
        topology.default_layout(&ArraySpec::new(dtype, dims)).unwrap().to_string()
    };
    assert_eq!(default(DType::Bf16, &[300, 1000]), "{1,0:T(8,128)(2,1)}");
    assert_eq!(default(DType::F32, &[16, 4]), "{0,1:T(4,128)}");
    assert_eq!(default(DType::F32, &[3, 0, 2]), "{2,1,0}");
    assert!(topology.default_layout(&ArraySpec::new(DType::F32, &[1 << 62])).is_err());

    let code = |attributes: &str| {
        format!(
            "func.func public @main(%x: tensor<16x4xf32> {attributes}) -> (tensor<4x16xf32>, tensor<16x4xf32> {attributes}) {{
              %y = stablehlo.transpose %x, dims = [1, 0] : (tensor<16x4xf32>) -> tensor<4x16xf32>
              return %y, %x : tensor<4x16xf32>, tensor<16x4xf32>
            }}"
        )
    };
    let layouts = |attributes| {
        let program = compile(&plugin, "v3:1x1", &code(attributes)).unwrap();
        assert_eq!(program.inputs(), [ArraySpec::new(DType::F32, &[16, 4])]);
        assert_eq!(program.outputs()[0], ArraySpec::new(DType::F32, &[4, 16]));
        let text = |layouts: &[Layout]| layouts.iter().map(Layout::to_string).collect::<Vec<_>>();
        (text(program.input_layouts()), text(program.output_layouts()))
    };
    let (narrow, wide) = ("{0,1:T(4,128)}", "{1,0:T(4,128)}");
    let (inputs, outputs) = layouts("");
    assert_eq!(
        (inputs.as_slice(), outputs.as_slice()),
        (&[narrow.into()][..], &[wide.into(), narrow.into()][..])
    );
    let (inputs, outputs) = layouts(r#"{mhlo.layout_mode = "{1,0}"}"#);
    let asked = "{1,0:T(8,128)}";
    assert_eq!(
        (inputs.as_slice(), outputs.as_slice()),
        (&[asked.into()][..], &[wide.into(), asked.into()][..])
    );
}

#[test]
fn a_program_for_all_cores_of_a_slice_is_compiled_and_for_more_refused() {
    let Some(plugin) = ahead_of_time("tpu") else { return };
    let topology = slice(&plugin, "v3:2x2");
    let options = |replicas| CompileOptions { replicas, ..Default::default() };
    let eight = plugin.compile(&topology, Code::mlir(ADD), &options(8)).unwrap();
    assert_eq!((eight.replicas(), eight.partitions()), (8, 1));
    let error = plugin.compile(&topology, Code::mlir(ADD), &options(9)).unwrap_err();
    insta::assert_snapshot!(error, @"option replicas and partitions: expected a product of at most the number of devices, got 9 × 1 with 8 of them");
}

#[test]
fn a_program_for_cores_that_a_slice_lacks_is_refused() {
    let Some(plugin) = ahead_of_time("tpu") else { return };
    let topology = slice(&plugin, "v3:1x1");
    let options = |devices| CompileOptions { replicas: 2, devices, ..Default::default() };
    plugin.compile(&topology, Code::mlir(ADD), &options(vec![1, 0])).unwrap();
    let error = plugin.compile(&topology, Code::mlir(ADD), &options(vec![0, 99])).unwrap_err();
    insta::assert_snapshot!(error, @"option devices: expected ids of devices that there are, got 99");
}

#[test]
fn flags_of_the_tpu_compiler_are_known_by_name_and_type() {
    let Some(plugin) = ahead_of_time("tpu") else { return };
    let topology = slice(&plugin, "v3:1x1");
    let with_flag = |name: &str, value| {
        let flags = [(name.to_owned(), value)].into();
        let options = CompileOptions { flags, ..Default::default() };
        plugin.compile(&topology, Code::mlir(ADD), &options)
    };
    with_flag("xla_tpu_scoped_vmem_limit_kib", Flag::Int(16_384)).unwrap();
    let Error::UnknownFlag { nearest, .. } =
        with_flag("xla_tpu_scoped_vmem_limit_kb", Flag::Int(16_384)).unwrap_err()
    else {
        panic!("the flag is unknown")
    };
    assert_eq!(nearest.as_deref(), Some("xla_tpu_scoped_vmem_limit_kib"));
    let error = with_flag("xla_tpu_scoped_vmem_limit_kib", Flag::Bool(true)).unwrap_err();
    insta::assert_snapshot!(error, @"the flag xla_tpu_scoped_vmem_limit_kib cannot be the boolean true: Failed to parse 'true' into flag xla_tpu_scoped_vmem_limit_kib:");
}

#[test]
fn an_alias_of_another_size_in_tiles_is_an_error() {
    let Some(plugin) = ahead_of_time("tpu") else { return };
    let code = |out: usize| {
        format!(
            "func.func public @main(%x: tensor<4096xf32> {{tf.aliasing_output = 0 : i32}}) -> tensor<{out}xf32> {{
              %y = stablehlo.slice %x [0:{out}] : (tensor<4096xf32>) -> tensor<{out}xf32>
              return %y : tensor<{out}xf32>
            }}"
        )
    };
    let error = compile(&plugin, "v3:1x1", &code(2)).unwrap_err();
    assert!(error.to_string().contains("to have the same size"), "{error}");
    // Both take four tiles of 1024 numbers, so that either fits into the other's memory.
    let fitting = compile(&plugin, "v3:1x1", &code(4000)).unwrap();
    assert_eq!(fitting.aliases(), [Alias { input: 0, output: 0, must: false }]);
    assert_eq!(fitting.memory_stats().unwrap().alias_bytes, 4 * 4096);
}

#[test]
fn a_program_is_split_among_the_128_cores_of_64_chips() {
    let Some(plugin) = ahead_of_time("tpu") else { return };
    let code = r#"module @sum attributes {mhlo.num_partitions = 128 : i32} {
      sdy.mesh @mesh = <["data"=128]>
      func.func public @main(
          %x: tensor<256x1024xf32> {sdy.sharding = #sdy.sharding<@mesh, [{"data"}, {}]>})
          -> (tensor<1024xf32> {sdy.sharding = #sdy.sharding<@mesh, [{}]>}) {
        %zero = stablehlo.constant dense<0.0> : tensor<f32>
        %y = stablehlo.reduce(%x init: %zero) applies stablehlo.add across dimensions = [0]
          : (tensor<256x1024xf32>, tensor<f32>) -> tensor<1024xf32>
        return %y : tensor<1024xf32>
      }
    }"#;
    let options = CompileOptions { partitions: 128, use_shardy: true, ..Default::default() };
    let topology = slice(&plugin, "v3:8x8");
    let sum = plugin.compile(&topology, Code::mlir(code), &options).unwrap();
    assert_eq!((sum.replicas(), sum.partitions()), (1, 128));
    assert_eq!(sum.inputs(), [ArraySpec::new(DType::F32, &[2, 1024])]);
    assert_eq!(sum.outputs(), [ArraySpec::new(DType::F32, &[1024])]);
    let hlo = sum.optimized_program().unwrap();
    assert!(hlo.windows(10).any(|bytes| bytes == b"all-reduce"));
}

#[test]
fn a_program_that_takes_more_memory_than_a_core_has_is_an_error() {
    let Some(plugin) = ahead_of_time("tpu") else { return };
    let code = "func.func public @main(%x: tensor<8589934592xf32>) -> tensor<8589934592xf32> {
      %y = stablehlo.add %x, %x : tensor<8589934592xf32>
      return %y : tensor<8589934592xf32>
    }";
    let error = compile(&plugin, "v3:1x1", code).unwrap_err();
    assert!(matches!(&error, Error::Plugin { code: ErrorCode::RESOURCE_EXHAUSTED, .. }), "{error}");
}

/// What a trace says ran, as Chrome and Perfetto read it.
fn ran(trace: &Trace) -> Vec<Value> {
    let mut json = Vec::new();
    trace.write_json(&mut json).unwrap();
    let json: Value = serde_json::from_slice(&json).unwrap();
    let events = json["traceEvents"].as_array().unwrap().iter();
    events.filter(|event| event["ph"] == "X").cloned().collect()
}

/// Recordings exclude each other, so that they are one test.
#[test]
fn a_compilation_is_recorded_without_a_tpu() {
    let Some(plugin) = ahead_of_time("tpu") else { return };
    let began = Instant::now();
    let profile = plugin.profile(&ProfileOptions::default()).unwrap();
    compile(&plugin, "v3:1x1", ADD).unwrap();
    let second = plugin.profile(&ProfileOptions::default()).unwrap_err();
    assert!(matches!(second, Error::Plugin { .. }), "{second}");
    let trace = profile.stop().unwrap();
    let most = began.elapsed().as_micros() as f64;

    let events = ran(&trace);
    let name = |event: &Value| event["name"].as_str().unwrap().contains("buffer assignment");
    assert!(events.iter().any(name), "{} events", events.len());
    for event in &events {
        let (ts, dur) = (event["ts"].as_f64().unwrap(), event["dur"].as_f64().unwrap());
        assert!(ts >= 0.0 && dur >= 0.0 && ts + dur <= most, "{event} of {most}");
    }

    drop(plugin.profile(&ProfileOptions::default()).unwrap());
    let nothing = ProfileOptions { host_level: 0, device_level: 0 };
    let profile = plugin.profile(&nothing).unwrap();
    compile(&plugin, "v3:1x1", ADD).unwrap();
    assert!(ran(&profile.stop().unwrap()).len() < events.len());
}

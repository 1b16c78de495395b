//! Compilation for devices that aren't here.

mod support;

use serde_json::{Value, json};
use support::{Ended, LOOP, Workplace, end};

/// A TPU v3 core of 16 GiB, or a GPU of 80 GB, multiplies matrices of 64 GiB.
const TOO_LARGE: &str = "func.func public @main(%x: tensor<131072x131072xf32>) -> tensor<f32> {
  %y = stablehlo.dot_general %x, %x, contracting_dims = [1] x [0]
    : (tensor<131072x131072xf32>, tensor<131072x131072xf32>) -> tensor<131072x131072xf32>
  %zero = stablehlo.constant dense<0.0> : tensor<f32>
  %sum = stablehlo.reduce(%y init: %zero) applies stablehlo.add across dimensions = [0, 1]
    : (tensor<131072x131072xf32>, tensor<f32>) -> tensor<f32>
  return %sum : tensor<f32>
}";

/// `[M, K] · [K, N]` for M = 256, K = 512, N = 128.
const PRODUCT: &str = "func.func public @main(%x: tensor<256x512xf32>, %y: tensor<512x128xf32>)
    -> tensor<256x128xf32> {
  %z = stablehlo.dot_general %x, %y, contracting_dims = [1] x [0]
    : (tensor<256x512xf32>, tensor<512x128xf32>) -> tensor<256x128xf32>
  return %z : tensor<256x128xf32>
}";

/// Images of 16×16 pixels under kernels of 3×3, and the same kernels' gradient.
const CONVOLUTIONS: &str = "func.func public @main(
    %x: tensor<4x16x16x32xf32>, %w: tensor<3x3x32x64xf32>, %g: tensor<4x14x14x64xf32>)
    -> (tensor<4x14x14x64xf32>, tensor<3x3x32x64xf32>) {
  %y = stablehlo.convolution(%x, %w) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f],
    window = {} {batch_group_count = 1 : i64, feature_group_count = 1 : i64}
    : (tensor<4x16x16x32xf32>, tensor<3x3x32x64xf32>) -> tensor<4x14x14x64xf32>
  %d = stablehlo.convolution(%x, %g) dim_numbers = [f, 0, 1, b]x[i, 0, 1, o]->[0, 1, b, f],
    window = {} {batch_group_count = 1 : i64, feature_group_count = 1 : i64}
    : (tensor<4x16x16x32xf32>, tensor<4x14x14x64xf32>) -> tensor<3x3x32x64xf32>
  return %y, %d : tensor<4x14x14x64xf32>, tensor<3x3x32x64xf32>
}";

/// Runs `hetxl compile` with the targets' own plugins, whatever plugin the tests run with.
fn compile(work: &Workplace, arguments: &str) -> Ended {
    let mut command = work.command(&format!("compile {arguments}"));
    end(command.env_remove("HETXL_PLUGIN").env_remove("PJRT_NAMES_AND_LIBRARY_PATHS"))
}

fn report(work: &Workplace, arguments: &str) -> Value {
    let ended = compile(work, &format!("{arguments} --json"));
    assert_eq!(ended.code, Some(0), "{ended:#?}");
    serde_json::from_str(&ended.stdout).unwrap()
}

#[test]
fn a_training_step_is_compiled_for_a_tpu_v3_that_is_not_here() {
    let work = Workplace::new();
    let made = report(&work, "small.toml --for tpu:v3:2x2 -o step");
    assert_eq!(made["devices"], 8);
    assert_eq!(made["device_kind"], "TPU v3");
    assert_eq!(made["fits"], true);
    let number = |name: &str| made["memory"][name].as_u64().unwrap();
    // Three arrays of 4,683 numbers go in, and come back in the same memory.
    assert!(number("arguments") > 3 * 4 * 4683 && number("aliased") > 3 * 4 * 4683, "{made}");
    assert!(number("total") < made["device_memory"].as_u64().unwrap());
    assert!(made["flops"].as_f64().unwrap() > 0.0);
    assert_eq!(made["cost_source"], "plugin");
    // The compiler has its constants and its module in memory, at the least.
    assert!(made["host_memory"].as_u64().unwrap() > 50 << 20, "{made}");
    assert_eq!(work.names(""), ["small.toml", "step", "step.hlo.pb", "step.json"]);
    let manifest: Value = serde_json::from_str(&work.read("step.json")).unwrap();
    assert_eq!(manifest["report"], made);

    let wide = report(&work, "small.toml --for tpu:v3:8x8");
    assert_eq!(wide["devices"], 128);
}

/// Slow: it takes ten seconds with the least of the compiler's efforts.
#[test]
fn het_xl_at_the_size_of_the_paper_fits_a_core_of_a_tpu_v3() {
    const PARAMETERS: u64 = 339_044_250;
    let work = Workplace::new();
    let recipe = concat!(env!("CARGO_MANIFEST_DIR"), "/recipes/vit-l32-jft4b-het-xl.toml");
    let least = "--xla-flag xla_optimization_level=EFFORT_O0";
    let made = report(&work, &format!("{recipe} --for tpu:v3:8x8 {least}"));
    assert_eq!((&made["devices"], &made["used_devices"]), (&128.into(), &128.into()));
    assert_eq!((&made["fits"], &made["verdict"]), (&true.into(), &Value::Null));
    let number = |name: &str| made["memory"][name].as_u64().unwrap();
    // Each core has parameters and moments, and takes 32 images, beside some scalars.
    let expected = 3 * 4 * PARAMETERS + 32 * 4 * (224 * 224 * 3 + 1);
    let arguments = number("arguments");
    assert!((expected..expected + expected / 100).contains(&arguments), "{made}");
    assert!(number("total") < (15.5 * f64::from(1 << 30)) as u64, "{made}");

    let ended = compile(&work, &format!("{recipe} --for tpu:v3:2x2"));
    let last = ended.stderr.lines().last().unwrap();
    insta::assert_snapshot!(last, @"error: the program is for 128 devices and tpu:v3:2x2 has 8; name a larger target, or give a config another runtime.devices");
}

#[test]
fn what_a_trunk_cannot_take_is_told_before_it_is_traced() {
    let work = Workplace::new();
    let vit =
        "{ kind = \"vit\", image = 9, patch = 3, hidden = 8, layers = 2, heads = 2, mlp = 8 }";
    let config =
        work.read("small.toml").replace("[model.trunk]\nkind = \"mlp\"\nhidden = [32]", "");
    std::fs::write(work.path("vit.toml"), format!("model.trunk = {vit}\n{config}")).unwrap();
    insta::assert_snapshot!(work.fail("compile vit.toml --for cpu"), @"error: model.trunk: an image of 9×9 pixels has a multiple of 81 numbers, and the data has 64");
}

#[test]
fn a_training_step_is_compiled_for_a_gpu_that_is_not_here() {
    let work = Workplace::new();
    let made = report(&work, "small.toml --for cuda:h100:8 -o step");
    assert_eq!((&made["devices"], &made["used_devices"]), (&8.into(), &1.into()));
    assert_eq!(made["device_kind"], "NVIDIA H100 80GB HBM3");
    assert_eq!((&made["fits"], &made["verdict"]), (&true.into(), &Value::Null));
    let number = |name: &str| made["memory"][name].as_u64().unwrap();
    assert!(number("arguments") > 3 * 4 * 4683 && number("aliased") >= 3 * 4 * 4683, "{made}");
    assert!(number("total") < 84_000_000_000);
    assert_eq!(made["cost_source"], "optimized_module");
    assert!(made["flops"].as_f64().unwrap() > 0.0);
    assert_eq!(work.names(""), ["small.toml", "step", "step.hlo.pb", "step.json"]);
    // The machine code of the kernels is in it, as ELF.
    let program = work.bytes("step");
    assert!(program.windows(4).any(|bytes| bytes == b"\x7fELF"));
}

#[test]
fn programs_are_compiled_for_every_generation() {
    let work = Workplace::new();
    std::fs::write(work.path("product.mlir"), PRODUCT).unwrap();
    for (target, kind, gigabytes) in [
        ("tpu:v2:2x2", "TPU v2", 8),
        ("tpu:v4:2x2x1", "TPU v4", 32),
        ("tpu:v5e:2x2", "TPU v5 lite", 16),
        ("tpu:v5p:2x2x1", "TPU v5", 102),
        ("tpu:v6e:2x2", "TPU v6 lite", 33),
        ("tpu:tpu7x:2x2x1", "TPU7x", 101),
        ("cuda:p100", "Tesla P100-SXM2-16GB", 17),
        ("cuda:v100", "Tesla V100-SXM2-16GB", 16),
        ("cuda:t4", "Tesla T4", 15),
        ("cuda:a100-40gb", "NVIDIA A100-SXM4-40GB", 42),
        ("cuda:a100", "NVIDIA A100-SXM4-80GB", 85),
        ("cuda:l4", "NVIDIA L4", 23),
        ("cuda:b200", "NVIDIA B200", 191),
        ("cuda:rtx-pro-6000", "NVIDIA RTX PRO 6000 Blackwell", 103),
    ] {
        let made = report(&work, &format!("product.mlir --for {target}"));
        assert_eq!(made["device_kind"], kind, "{target}");
        assert_eq!(made["device_memory"].as_u64().unwrap() / 1_000_000_000, gigabytes, "{target}");
        // With what it takes to add the parts that a compiler splits it into.
        let flops = made["flops"].as_f64().unwrap() / (2.0 * 256.0 * 128.0 * 512.0);
        assert!((1.0..1.02).contains(&flops), "{target}: {flops}");
    }
}

#[test]
fn a_product_of_matrices_costs_what_arithmetic_says() {
    let work = Workplace::new();
    std::fs::write(work.path("product.mlir"), PRODUCT).unwrap();
    for target in ["tpu:v3:1x1", "cpu"] {
        let made = report(&work, &format!("product.mlir --for {target}"));
        assert_eq!(made["flops"], 2.0 * 256.0 * 128.0 * 512.0);
    }
}

#[test]
fn convolutions_by_a_library_of_the_vendor_cost_what_arithmetic_says() {
    let work = Workplace::new();
    std::fs::write(work.path("convolutions.mlir"), CONVOLUTIONS).unwrap();
    let made = report(&work, "convolutions.mlir --for cuda:a100");
    // Each meets every tap at every place; what else there is are moves.
    let one = 2 * 4 * 14 * 14 * 64 * 3 * 3 * 32;
    assert_eq!((&made["flops"], &made["custom_calls"]), (&f64::from(2 * one).into(), &json!([])));
}

#[test]
fn the_body_of_a_loop_counts_as_is_said() {
    let work = Workplace::new();
    std::fs::write(work.path("loop.mlir"), LOOP).unwrap();
    let product = 2 * 8 * 8 * 8;
    let flops = |target: &str| {
        let ended = compile(&work, &format!("loop.mlir --for {target}"));
        let said = ended.stdout.lines().find(|line| line.starts_with("loop ")).map(str::to_owned);
        let made = report(&work, &format!("loop.mlir --for {target}"));
        (said.expect("a loop"), made["flops"].as_f64().unwrap() as u64 / product)
    };
    let (said, times) = flops("tpu:v3:1x1");
    assert!(said.ends_with("and counts once") && times == 1, "{said} {times}");
    let (said, times) = flops("cpu");
    assert!(said.ends_with("runs 10 times, and counts as often") && times == 10, "{said} {times}");
}

#[test]
fn that_a_program_is_too_large_is_a_result_with_the_largest_buffers() {
    let work = Workplace::new();
    std::fs::write(work.path("large.mlir"), TOO_LARGE).unwrap();
    let largest = |made: &Value| {
        let buffer = &made["largest_buffers"][0];
        assert_eq!(buffer["shape"], json!([131_072, 131_072]), "{made}");
        assert!(!buffer["name"].as_str().unwrap().is_empty(), "{made}");
        buffer["bytes"].as_u64().unwrap()
    };

    // The compiler for TPUs refuses it, and what is left of another program goes,
    std::fs::write(work.path("large"), "another").unwrap();
    let made = report(&work, "large.mlir --for tpu:v3:1x1 -o large");
    assert_eq!(made["fits"], false);
    assert!(made["verdict"].as_str().unwrap().contains("memory"), "{made}");
    let memory = &made["memory"];
    assert_eq!(memory["arguments"], 4_u64 * 131_072 * 131_072);
    assert!(memory["total"].as_u64() > made["device_memory"].as_u64(), "{made}");
    assert_eq!(largest(&made), 4 * 131_072 * 131_072);
    assert_eq!(work.names(""), ["large.json", "large.mlir", "small.toml"]);
    let told: Value = serde_json::from_str(&work.read("large.json")).unwrap();
    assert_eq!(told["report"], made);

    // and that for GPUs doesn't, but its numbers do.
    let made = report(&work, "large.mlir --for cuda:h100");
    assert_eq!((&made["fits"], &made["verdict"]), (&false.into(), &Value::Null));
    assert!(made["memory"]["total"].as_u64() >= Some(2 * 4 * 131_072 * 131_072), "{made}");
    assert_eq!(largest(&made), 4 * 131_072 * 131_072);
    let text = compile(&work, "large.mlir --for cuda:h100").stdout;
    let lines: Vec<_> = text.lines().skip_while(|line| !line.starts_with("does not")).collect();
    assert_eq!(lines[0], "does not fit into the 84.9 GB of a device");
    assert!(lines[3].contains("68.7 GB  f32[131072, 131072]"), "{text}");
}

#[test]
fn memory_is_told_as_it_is_by_inspect() {
    let work = Workplace::new();
    std::fs::write(work.path("product.mlir"), PRODUCT).unwrap();
    let memory = |text: &str| {
        let lines = text.lines().skip_while(|line| !line.starts_with("memory of a device"));
        lines.take(7).map(str::to_owned).collect::<Vec<_>>()
    };
    let told = memory(&compile(&work, "product.mlir --for cpu").stdout);
    assert_eq!(told.len(), 7);
    let mut inspect = work.command("inspect product.mlir");
    inspect.env_remove("HETXL_PLUGIN").env_remove("PJRT_NAMES_AND_LIBRARY_PATHS");
    assert_eq!(told, memory(&end(&mut inspect).stdout));
}

#[test]
fn the_processor_here_is_a_target_too() {
    let work = Workplace::new();
    let made = report(&work, "small.toml --for cpu");
    assert_eq!((&made["devices"], &made["fits"]), (&1.into(), &true.into()));
}

#[test]
fn a_target_that_is_none_is_refused() {
    let work = Workplace::new();
    let message = |target: &str| {
        let ended = compile(&work, &format!("small.toml --for {target}"));
        let last = ended.stderr.lines().rfind(|line| line.starts_with("error: "));
        (ended.code, work.generic(last.unwrap_or_default()))
    };
    assert_eq!(message("gpu").0, Some(2));
    assert_eq!(message("cuda:h101").0, Some(2));
    let (code, text) = message("tpu:v3:0x0");
    assert_eq!(code, Some(1));
    insta::assert_snapshot!(text, @"error: there is no slice v3:0x0 of TPUs: expected a generation and 2 or 3 numbers of chips of at least 1, such as v3:2x2, and no more than 65536 chips in all; generations are v2, v3, v4, v5e, v5p, v6e and tpu7x, and chips are counted along two or three axes, such as v3:2x2");
    let (code, text) = message("tpu:v9:2x2");
    assert_eq!(code, Some(1));
    insta::assert_snapshot!(text, @"error: there is no slice v9:2x2 of TPUs: Invalid TPU external name: TPU v9; generations are v2, v3, v4, v5e, v5p, v6e and tpu7x, and chips are counted along two or three axes, such as v3:2x2");
    let (code, text) = message("cuda:./none.txtpb");
    assert_eq!(code, Some(1));
    insta::assert_snapshot!(text, @"error: cannot read the description of a GPU, ./none.txtpb: No such file or directory (os error 2)");
}

#[test]
fn a_gpu_without_a_name_is_described_by_a_file() {
    let work = Workplace::new();
    std::fs::write(work.path("product.mlir"), PRODUCT).unwrap();
    // Half an A100.
    std::fs::write(
        work.path("half.txtpb"),
        r#"gpu_device_info {
          threads_per_block_limit: 1024 threads_per_warp: 32 shared_memory_per_block: 49152
          shared_memory_per_core: 167936 threads_per_core_limit: 2048 core_count: 54
          fpus_per_core: 64 block_dim_limit_x: 2147483647 block_dim_limit_y: 65535
          block_dim_limit_z: 65535 memory_bandwidth: 1019000000000 l2_cache_size: 20971520
          clock_rate_ghz: 1.41 device_memory_size: 42550034432
          shared_memory_per_block_optin: 166912 cuda_compute_capability { major: 8 }
          registers_per_core_limit: 65536 registers_per_block_limit: 65536
        }
        platform_name: "CUDA"
        device_description_str: "half an A100""#,
    )
    .unwrap();
    let made = report(&work, "product.mlir --for cuda:half.txtpb:2");
    assert_eq!((&made["device_kind"], &made["devices"]), (&"half an A100".into(), &2.into()));
    assert_eq!(made["device_memory"], 42_550_034_432_u64);

    let whole = work.read("half.txtpb");
    std::fs::write(work.path("cut.txtpb"), whole.replace("core_count: 54", "")).unwrap();
    let ended = compile(&work, "product.mlir --for cuda:cut.txtpb");
    assert_eq!(ended.code, Some(1), "{ended:#?}");
    let last = ended.stderr.lines().last().unwrap();
    insta::assert_snapshot!(last, @"error: product.mlir cannot be compiled for cuda:cut.txtpb: option target_config: expected an NVIDIA GPU's description in full, got one without `core_count` of at least 1");
}

#[test]
fn where_a_program_cannot_be_written_is_told_before_it_is_compiled() {
    let work = Workplace::new();
    std::fs::write(work.path("product.mlir"), PRODUCT).unwrap();
    std::fs::create_dir(work.path("made.hlo.pb")).unwrap();
    let refused = |output: &str| work.fail(&format!("compile product.mlir --for cpu -o {output}"));
    insta::assert_snapshot!(refused("made"), @"error: cannot write made.hlo.pb: is a directory");
    insta::assert_snapshot!(refused("nowhere/made"), @"error: cannot write into nowhere: No such file or directory (os error 2)");
    assert_eq!(work.names(""), ["made.hlo.pb", "product.mlir", "small.toml"]);
}

#[test]
fn a_program_and_a_target_that_go_wrong_are_named() {
    let work = Workplace::new();
    std::fs::write(work.path("wrong.mlir"), "wrong").unwrap();
    let ended = work.hetxl("compile wrong.mlir --for cpu");
    let expected = "error: wrong.mlir cannot be compiled for cpu: UNKNOWN: ";
    assert!(ended.stderr.starts_with(expected), "{ended:#?}");
    std::fs::write(work.path("product.mlir"), PRODUCT).unwrap();
    let cpu = work.succeed("plugin path cpu").stdout;
    let mut command = work.command("compile product.mlir --for tpu:v3:2x2");
    let message = work.message(command.env("HETXL_PLUGIN", cpu.trim()));
    let expected = format!("error: the platform tpu cannot be started with {}: ", cpu.trim());
    assert!(message.starts_with(&expected), "{message}");
}

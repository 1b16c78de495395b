//! Compilation for devices that aren't here.

mod support;

use serde_json::Value;
use support::{Ended, Workplace, end};

/// Two TPU v3 cores of 16 GiB multiply matrices of 64 GiB.
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
    assert_eq!(work.names(""), ["small.toml", "step", "step.hlo.pb", "step.json"]);
    let manifest: Value = serde_json::from_str(&work.read("step.json")).unwrap();
    assert_eq!(manifest["report"], made);

    let wide = report(&work, "small.toml --for tpu:v3:8x8");
    assert_eq!(wide["devices"], 128);
}

#[test]
fn a_product_of_matrices_costs_what_arithmetic_says() {
    let work = Workplace::new();
    std::fs::write(work.path("product.mlir"), PRODUCT).unwrap();
    let made = report(&work, "product.mlir --for tpu:v3:1x1");
    assert_eq!(made["flops"], 2.0 * 256.0 * 128.0 * 512.0);
}

#[test]
fn that_a_program_is_too_large_is_a_result() {
    let work = Workplace::new();
    std::fs::write(work.path("large.mlir"), TOO_LARGE).unwrap();
    let made = report(&work, "large.mlir --for tpu:v3:1x1 -o large");
    assert_eq!(made["fits"], false);
    assert!(made["verdict"].as_str().unwrap().contains("memory"), "{made}");
    assert_eq!(work.names(""), ["large.mlir", "small.toml"]);
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
        (ended.code, last.unwrap_or_default().to_owned())
    };
    assert_eq!(message("gpu").0, Some(2));
    let (code, text) = message("tpu:v3:0x0");
    assert_eq!(code, Some(1));
    insta::assert_snapshot!(text, @"error: option topology name: expected a generation and 2 or 3 numbers of chips of at least 1, such as v3:2x2, got `v3:0x0`");
    let (code, text) = message("tpu:v9:2x2");
    assert_eq!(code, Some(1));
    insta::assert_snapshot!(text, @"error: INVALID_ARGUMENT: Invalid TPU external name: TPU v9 (PJRT_TopologyDescription_Create)");
}

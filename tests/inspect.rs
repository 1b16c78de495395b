//! `hetxl inspect`: what it tells of programs whose cost is known.

mod support;

use std::fs;

use serde_json::{Value, json};
use support::{LOOP, Workplace};

/// `[M, K] × [K, N]`, the second operand given up for the sum with it.
const PRODUCT: &str = "\
func.func public @main(%x: tensor<64x32xf32>, %y: tensor<32x48xf32> {tf.aliasing_output = 1 : i32})
    -> (tensor<64x48xf32>, tensor<32x48xf32>) {
  %z = stablehlo.dot_general %x, %y, contracting_dims = [1] x [0]
    : (tensor<64x32xf32>, tensor<32x48xf32>) -> tensor<64x48xf32>
  %e = stablehlo.exponential %y : tensor<32x48xf32>
  return %z, %e : tensor<64x48xf32>, tensor<32x48xf32>
}
";

fn inspect(work: &Workplace, program: &str) -> Value {
    fs::write(work.path("p.mlir"), program).unwrap();
    work.json("inspect p.mlir --json")
}

#[test]
fn a_product_takes_two_operations_for_each_element_and_term() {
    let work = Workplace::new();
    let report = inspect(&work, PRODUCT);
    assert_eq!(report["ops"]["dot"]["flops"], 2 * 64 * 32 * 48);
    assert_eq!(report["ops"]["exponential"]["transcendentals"], 32 * 48);
    assert_eq!(report["total"]["flops"], 2 * 64 * 32 * 48);
    assert_eq!(report["total"]["transcendentals"], 32 * 48);
    let [x, y] = [64 * 32 * 4, 32 * 48 * 4];
    assert_eq!(
        report["inputs"],
        json!([
            { "name": "Arg_0.1", "dtype": "f32", "shape": [64, 32], "bytes": x },
            { "name": "Arg_1.1", "dtype": "f32", "shape": [32, 48], "bytes": y, "donated_to": 1 },
        ])
    );
    assert_eq!(
        report["outputs"],
        json!([
            { "dtype": "f32", "shape": [64, 48], "bytes": 64 * 48 * 4 },
            { "dtype": "f32", "shape": [32, 48], "bytes": y },
        ])
    );
    let memory = &report["compiled"]["memory"];
    assert_eq!((&memory["arguments"], &memory["aliased"]), (&json!(x + y), &json!(y)));
    let largest = &report["largest_buffers"][0];
    assert_eq!((&largest["shape"], &largest["bytes"]), (&json!([64, 48]), &json!(64 * 48 * 4)));
}

#[test]
fn the_body_of_a_loop_counts_as_often_as_it_runs() {
    let work = Workplace::new();
    let report = inspect(&work, LOOP);
    assert_eq!(report["loops"].as_array().unwrap().len(), 1);
    assert_eq!(report["loops"][0]["trips"], 10);
    assert_eq!(report["ops"]["dot"]["count"], 1);
    assert_eq!(report["ops"]["dot"]["flops"], 10 * 2 * 8 * 8 * 8);
    // Its end is an input, which the compiler doesn't know.
    let unknown = LOOP
        .replace("(%x: tensor<8x8xf32>)", "(%x: tensor<8x8xf32>, %ten: tensor<i32>)")
        .replace("  %ten = stablehlo.constant dense<10> : tensor<i32>\n", "");
    let report = inspect(&work, &unknown);
    assert_eq!(report["loops"][0]["trips"], Value::Null);
    assert_eq!(report["ops"]["dot"]["flops"], 2 * 8 * 8 * 8);
}

/// Taps that meet padding or a hole of the input are not counted: counted one by one here.
#[test]
fn a_convolution_takes_two_operations_for_each_tap_on_the_input() {
    let work = Workplace::new();
    let program = "\
func.func public @main(%x: tensor<2x7x9x4xf32>, %k: tensor<3x2x2x6xf32>) -> tensor<2x8x5x6xf32> {
  %y = stablehlo.convolution(%x, %k) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f],
    window = {stride = [2, 2], pad = [[2, 3], [1, 2]], lhs_dilate = [2, 1], rhs_dilate = [1, 2]}
    {batch_group_count = 1 : i64, feature_group_count = 2 : i64}
    : (tensor<2x7x9x4xf32>, tensor<3x2x2x6xf32>) -> tensor<2x8x5x6xf32>
  return %y : tensor<2x8x5x6xf32>
}
";
    let report = inspect(&work, program);
    let mut taps = 0;
    for (out_row, row) in (0..8).flat_map(|out| (0..3).map(move |tap| (out, tap))) {
        for (out_column, column) in (0..5).flat_map(|out| (0..2).map(move |tap| (out, tap))) {
            let (at_row, at_column) = (2 * out_row + row - 2, 2 * out_column + 2 * column - 1);
            let inside = (0..13).contains(&at_row) && (0..9).contains(&at_column);
            taps += i64::from(inside && at_row % 2 == 0);
        }
    }
    // Batch, features of a group, features of the result.
    assert_eq!(report["ops"]["convolution"]["flops"], 2 * taps * 2 * 2 * 6);
}

/// The numbers are those of jaxlib 0.10.2's `hlo_module_cost_analysis` of the same module, but for
/// tables of pointers, which it counts among the bytes, and a scalar that it takes to be read twice
/// inside one fusion.
#[test]
fn a_module_costs_what_xla_s_own_analysis_says() {
    let work = Workplace::new();
    fs::write(work.path("m.pb"), include_bytes!("data/optimized.pb")).unwrap();
    let report = work.json("inspect m.pb --json");
    assert_eq!(report["compiled"], Value::Null);
    let expected: Value = serde_json::from_str(include_str!("data/optimized.json")).unwrap();
    assert_eq!(report["total"]["flops"], expected["flops"]);
    assert_eq!(report["total"]["transcendentals"], expected["transcendentals"]);
    let pointers = 8 * expected["tuple_elements"].as_u64().unwrap();
    let bytes = expected["bytes accessed"].as_u64().unwrap() - pointers - 4;
    assert_eq!(report["total"]["bytes"], bytes);
    let counts = report["ops"].as_object().unwrap().iter();
    let counts = counts.map(|(name, op)| (name.clone(), op["count"].clone()));
    assert_eq!(Value::Object(counts.collect()), expected["counts"]);
}

#[test]
fn a_run_is_inspected_by_its_training_step() {
    let work = Workplace::quick();
    work.succeed("train small.toml --run-dir r --steps 25");
    let report = work.json("inspect r --json");
    assert_eq!(report["program"], "r/program/train-step.mlir");
    assert_eq!(report["module"], "train_step");
    let manifest: Value = serde_json::from_str(&work.read("r/program/manifest.json")).unwrap();
    for ports in ["inputs", "outputs"] {
        let (told, meant) = (&report[ports], &manifest["programs"][0][ports]);
        let (told, meant) = (told.as_array().unwrap(), meant.as_array().unwrap());
        assert_eq!(told.len(), meant.len());
        for (told, meant) in told.iter().zip(meant) {
            for field in ["name", "dtype", "shape", "donated_to"] {
                assert_eq!(told[field], meant[field], "{meant}");
            }
        }
    }
    // Forward and backward through 64 → 32 → 10 on 64 images; nothing asks for the images' gradient.
    let (layer, head) = (2 * 64 * 64 * 32, 2 * 64 * 32 * 10);
    assert_eq!(report["ops"]["dot"]["flops"], 2 * layer + 3 * head);
    let ended = work.succeed("inspect r/checkpoints/00000025");
    for said in ["module train_step: ", "\ninputs", "trunk/dense_0/kernel", "\nmemory "] {
        let said = said.replace("inputs", "input  ");
        assert!(ended.stdout.contains(&said), "{said}: {}", ended.stdout);
    }
}

#[test]
fn a_table_for_people_tells_the_same() {
    let work = Workplace::new();
    fs::write(work.path("m.pb"), include_bytes!("data/optimized.pb")).unwrap();
    insta::assert_snapshot!(work.succeed("inspect m.pb").stdout, @r#"
m.pb: HLO module, as a compiler made it
module jit_f: instructions 102, computations 15, fusions 10

operation             count   flops  transcendentals    bytes
dot                       1  6.14 k
fft                       1  1.54 k                   1.02 kB
sort                      1     672                     768 B
reduce-window             1      96
reduce                    1      95
convert                   1      64
scatter                   1      32
compare                  10       9
select                    9       9
add                       5       9
tanh                      1                      192
exponential               1                       96
fusion                   10                           7.82 kB
parameter                27
constant                 11
bitcast                   7
broadcast                 5
slice                     3
xor                       2
dynamic-update-slice      1
gather                    1
maximum                   1
tuple                     1
total                   102  8.67 k              288  9.61 kB

largest buffers          bytes  type                operation  source
w.1                    1.02 kB  f32[16, 16]         parameter  w
x.1                      768 B  f32[12, 16]         parameter  x
ynn_fusion               768 B  f32[12, 16]         fusion     jit(f)/dot_general
wrapped_tanh             768 B  f32[12, 16]         fusion     jit(f)/tanh
wrapped_convert          512 B  complex<f32>[8, 8]  fusion     jit(f)/jit(fft)/convert_element_type
fft.0                    512 B  complex<f32>[8, 8]  fft        jit(f)/jit(fft)/fft
wrapped_reduce-window    384 B  f32[12, 8]          fusion     jit(f)/reduce_window_max
sort.0                   384 B  f32[12, 8]          sort       jit(f)/jit(sort)/sort
wrapped_broadcast        256 B  f32[8, 8]           fusion     jit(f)/broadcast_in_dim
wrapped_scatter          256 B  f32[8, 8]           fusion     jit(f)/scatter-add

input  name  type           bytes
0      w     f32[16, 16]  1.02 kB
1      x     f32[12, 16]    768 B
2      k     i32[4]          16 B

output  type                bytes
0       f32[]                 4 B
1       f32[4, 8]           128 B
2       complex<f32>[8, 8]  512 B
"#);
}

#[test]
fn what_cannot_be_inspected_is_refused() {
    let work = Workplace::new();
    fs::create_dir(work.path("empty")).unwrap();
    insta::assert_snapshot!(work.fail("inspect empty"), @"error: there is no run in empty: it has no config.toml that a run wrote");
    insta::assert_snapshot!(work.fail("inspect nowhere.mlir"), @"error: cannot read the program nowhere.mlir: No such file or directory (os error 2)");
    fs::write(work.path("m.pb"), &include_bytes!("data/optimized.pb")[..900]).unwrap();
    insta::assert_snapshot!(work.fail("inspect m.pb"), @"error: m.pb is no program: it is neither text, bytecode of MLIR, nor a whole module of HLO; expected StableHLO as text (.mlir) or portable bytecode (.mlirbc), or an HloModuleProto (.pb)");
}

#[test]
fn a_donation_that_no_result_can_use_is_told_of() {
    let work = Workplace::new();
    let code =
        "func.func public @main(%x: tensor<4xf32> {jax.buffer_donor = true}) -> tensor<2xf32> {
      %y = stablehlo.slice %x [0:2] : (tensor<4xf32>) -> tensor<2xf32>
      return %y : tensor<2xf32>
    }";
    fs::write(work.path("slice.mlir"), code).unwrap();
    let input = &work.json("inspect slice.mlir --json")["inputs"][0];
    assert_eq!((&input["donation_refused"], input.get("donated_to")), (&json!(true), None));
    assert!(work.succeed("inspect slice.mlir").stdout.contains("none can use it"));
}

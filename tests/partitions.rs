//! `hetxl run`, `compile` and `inspect` on programs for several devices.

mod support;

use std::fs;
use std::path::Path;

use hetxl::npy;
use pjrt::{DType, Element, HostArray};
use serde_json::json;
use support::Workplace;

const COUNTS: [usize; 4] = [1, 2, 4, 8];

fn write<T: Element>(work: &Workplace, name: &str, dims: &[usize], values: &[T]) {
    let array = HostArray::from_slice(dims, values).unwrap();
    fs::write(work.path(name), npy::encode(&array)).unwrap();
}

fn floats(count: usize) -> Vec<f32> {
    (0..count).map(|i| i as f32).collect()
}

/// Runs `p.mlir` on one input, and returns the shape and the elements of its first result.
fn run(work: &Workplace, program: &str, options: &str) -> (Vec<usize>, Vec<f32>) {
    fs::write(work.path("p.mlir"), program).unwrap();
    work.succeed(&format!("run p.mlir --input x.npy --out out {options}"));
    result(work, 0)
}

fn result(work: &Workplace, index: usize) -> (Vec<usize>, Vec<f32>) {
    let file = work.bytes(&format!("out/{index}.npy"));
    let array = npy::decode(&file).unwrap().into_array(DType::F32).unwrap();
    (array.dims().to_vec(), array.as_slice().unwrap().to_vec())
}

/// Row-major, with rows and columns exchanged.
fn transposed(values: &[f32], rows: usize, columns: usize) -> Vec<f32> {
    (0..rows * columns).map(|i| values[i % rows * columns + i / rows]).collect()
}

/// The transpose of a matrix, its sum, and itself, each split in another way.
fn transpose(header: &str, marks: [&str; 4]) -> String {
    let [x, transposed, sum, same] = marks;
    format!(
        "module attributes {{mhlo.num_partitions = 8 : i32}} {{
           {header}
           func.func public @main(%x: tensor<7x5xf32> {{{x}}})
               -> (tensor<5x7xf32> {{{transposed}}}, tensor<f32> {{{sum}}}, tensor<7x5xf32> {{{same}}}) {{
             %t = stablehlo.transpose %x, dims = [1, 0] : (tensor<7x5xf32>) -> tensor<5x7xf32>
             %zero = stablehlo.constant dense<0.0> : tensor<f32>
             %s = stablehlo.reduce(%x init: %zero) applies stablehlo.add across dimensions = [0, 1]
               : (tensor<7x5xf32>, tensor<f32>) -> tensor<f32>
             return %t, %s, %x : tensor<5x7xf32>, tensor<f32>, tensor<7x5xf32>
           }}
         }}"
    )
}

#[test]
fn a_program_with_marks_takes_and_returns_whole_arrays_however_they_are_split() {
    let work = Workplace::new();
    let x = floats(35);
    write(&work, "x.npy", &[7, 5], &x);
    let mesh = r#"sdy.mesh @mesh = <["x"=4, "y"=2]>"#;
    let shardy = [r#"[{"x"}, {"y"}]"#, r#"[{"y"}, {}]"#, "[]", r#"[{"y", "x"}, {}]"#]
        .map(|dims| format!("sdy.sharding = #sdy.sharding<@mesh, {dims}>"));
    let gspmd = [
        [
            "{devices=[2,4]<=[4,2]T(1,0)}",
            "{devices=[2,1,4]<=[4,2]T(1,0) last_tile_dim_replicate}",
            "{replicated}",
            "{devices=[1,4,2]<=[8] last_tile_dims={replicated}}",
        ],
        [
            "{devices=[2,2,2]7,6,5,4,3,2,1,0 last_tile_dim_replicate}",
            "{devices=[4,2]1,0,3,2,5,4,7,6}",
            "{replicated}",
            "{devices=[8,1]0,4,1,5,2,6,3,7}",
        ],
    ];
    let gspmd = gspmd.map(|marks| marks.map(|mark| format!("mhlo.sharding = \"{mark}\"")));
    let mut programs = vec![transpose(mesh, shardy.each_ref().map(String::as_str))];
    programs.extend(gspmd.iter().map(|marks| transpose("", marks.each_ref().map(String::as_str))));
    for platform in ["cpu", "cpu-zml", "cpu-openxla"] {
        for program in &programs {
            let options = format!("--platform {platform}");
            assert_eq!(run(&work, program, &options), (vec![5, 7], transposed(&x, 7, 5)));
            assert_eq!(result(&work, 1), (vec![], vec![595.0]));
            assert_eq!(result(&work, 2), (vec![7, 5], x.clone()));
        }
    }
}

/// What `n` replicas with arrays of `[n, 2]` exchange them by, and the rows of what each gets.
fn collectives(n: usize) -> [(String, usize); 5] {
    let all = (0..n).map(|i| i.to_string()).collect::<Vec<_>>().join(", ");
    let groups = format!("replica_groups = dense<[[{all}]]> : tensor<1x{n}xi64>");
    let ring: Vec<_> = (0..n).map(|i| format!("[{i}, {}]", (i + 1) % n)).collect();
    let ring = format!("source_target_pairs = dense<[{}]> : tensor<{n}x2xi64>", ring.join(", "));
    let sum = "({
        ^bb0(%a: tensor<f32>, %b: tensor<f32>):
          %c = stablehlo.add %a, %b : tensor<f32>
          stablehlo.return %c : tensor<f32>
      })";
    let split = "split_dimension = 0 : i64, concat_dimension = 0 : i64";
    [
        (format!("all_reduce\"(%x) {sum} {{{groups}}}"), n),
        (format!("all_gather\"(%x) {{all_gather_dim = 0 : i64, {groups}}}"), n * n),
        (format!("reduce_scatter\"(%x) {sum} {{scatter_dimension = 0 : i64, {groups}}}"), 1),
        (format!("collective_permute\"(%x) {{{ring}}}"), n),
        (format!("all_to_all\"(%x) {{{split}, split_count = {n} : i64, {groups}}}"), n),
    ]
}

#[test]
fn replicas_exchange_arrays_of_their_own_which_are_stacked() {
    let work = Workplace::new();
    for n in COUNTS {
        let x = floats(n * n * 2);
        let dims = [n, n, 2];
        write(&work, "x.npy", if n == 1 { &dims[1..] } else { &dims }, &x);
        let of = |replica: usize| &x[replica * 2 * n..][..2 * n];
        let sum: Vec<f32> =
            (0..2 * n).map(|i| (0..n).map(|replica| of(replica)[i]).sum()).collect();
        let row = |from: usize, to: usize| of(from)[2 * to..][..2].to_vec();
        let expected = [
            sum.repeat(n),
            x.repeat(n),
            sum,
            (0..n).flat_map(|to| of((to + n - 1) % n).to_vec()).collect(),
            (0..n).flat_map(|to| (0..n).flat_map(move |from| row(from, to))).collect(),
        ];
        for ((operation, rows), expected) in collectives(n).into_iter().zip(expected) {
            let program = format!(
                "func.func public @main(%x: tensor<{n}x2xf32>) -> tensor<{rows}x2xf32> {{
                   %y = \"stablehlo.{operation} : (tensor<{n}x2xf32>) -> tensor<{rows}x2xf32>
                   return %y : tensor<{rows}x2xf32>
                 }}"
            );
            let dims = if n == 1 { vec![rows, 2] } else { vec![n, rows, 2] };
            let got = run(&work, &program, &format!("--replicas {n}"));
            assert_eq!(got, (dims, expected), "{program}");
        }
    }
}

/// By a channel they say that they mean each other rather than replicas.
const RING: &str = "func.func public @main(%x: tensor<2xf32>) -> tensor<2xf32> {
  %y = \"stablehlo.collective_permute\"(%x) {
    source_target_pairs = dense<[[0, 1], [1, 2], [2, 3], [3, 0]]> : tensor<4x2xi64>,
    channel_handle = #stablehlo.channel_handle<handle = 1, type = 1>
  } : (tensor<2xf32>) -> tensor<2xf32>
  return %y : tensor<2xf32>
}";

#[test]
fn parts_without_marks_have_arrays_of_their_own() {
    let work = Workplace::new();
    write(&work, "x.npy", &[4, 2], &floats(8));
    let got = run(&work, RING, "--partitions 4");
    assert_eq!(got, (vec![4, 2], vec![6.0, 7.0, 0.0, 1.0, 2.0, 3.0, 4.0, 5.0]));
    // One for all.
    write(&work, "x.npy", &[2], &[1.0f32, 2.0]);
    let got = run(&work, RING, "--partitions 4");
    assert_eq!(got, (vec![4, 2], [1.0, 2.0].repeat(4)));
    write(&work, "x.npy", &[3, 2], &floats(6));
    insta::assert_snapshot!(work.fail("run p.mlir --replicas 4 --input x.npy"), @"error: input 0, x.npy: expected f32[4, 2], or for all f32[2], got f32[3, 2]");
    // Made-up arrays are each device's own.
    let report = work.json("run p.mlir --partitions 4 --random 1 --json");
    let given = report["inputs"][0]["values"].as_array().unwrap();
    assert_eq!(report["inputs"][0]["shape"], json!([4, 2]));
    assert_ne!(given[..2], given[2..4]);
}

#[test]
fn replicas_come_one_after_another_and_each_has_whole_arrays() {
    let work = Workplace::new();
    let program = |mark: &str| {
        format!(
            "module attributes {{mhlo.num_partitions = 2 : i32, mhlo.num_replicas = 3 : i32}} {{
               func.func public @main(%x: tensor<5xf32> {mark}) -> (tensor<5xf32> {mark}) {{
                 %id = stablehlo.replica_id : tensor<ui32>
                 %f = stablehlo.convert %id : (tensor<ui32>) -> tensor<f32>
                 %f5 = stablehlo.broadcast_in_dim %f, dims = [] : (tensor<f32>) -> tensor<5xf32>
                 %y = stablehlo.add %x, %f5 : tensor<5xf32>
                 return %y : tensor<5xf32>
               }}
             }}"
        )
    };
    let marked = program("{mhlo.sharding = \"{devices=[2]<=[2]}\"}");
    write(&work, "x.npy", &[5], &[0.0f32; 5]);
    let rows = |ids: &[f32]| ids.iter().flat_map(|&id| [id; 5]).collect::<Vec<_>>();
    assert_eq!(run(&work, &marked, ""), (vec![3, 5], rows(&[0.0, 1.0, 2.0])));
    write(&work, "x.npy", &[3, 5], &rows(&[10.0, 20.0, 30.0]));
    assert_eq!(run(&work, &marked, ""), (vec![3, 5], rows(&[10.0, 21.0, 32.0])));
    write(&work, "x.npy", &[5], &[0.0f32; 5]);
    let unmarked = run(&work, &program(""), "");
    assert_eq!(unmarked, (vec![6, 5], rows(&[0.0, 0.0, 1.0, 1.0, 2.0, 2.0])));
}

/// What JAX writes: the sum of the columns of `f32[8, 3]` over eight parts, by a `shard_map`.
#[test]
fn bytecode_states_its_partitions_and_modules_of_hlo_are_told_them() {
    let work = Workplace::new();
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let x = floats(24);
    write(&work, "x.npy", &[8, 3], &x);
    let expected: Vec<f32> = (0..3).map(|i| x[i..].iter().step_by(3).sum()).collect();
    for (file, options) in
        [("sum-shardy.mlirbc", ""), ("sum-gspmd.mlirbc", ""), ("sum-gspmd.pb", "--partitions 8")]
    {
        fs::copy(data.join(file), work.path("p")).unwrap();
        let report = work.json(&format!("run p --input x.npy --out out --json {options}"));
        assert_eq!(report["partitions"], 8, "{file}");
        assert_eq!(result(&work, 0), (vec![3], expected.clone()), "{file}");
    }
}

#[test]
fn every_command_compiles_a_program_for_all_of_its_partitions() {
    let work = Workplace::new();
    let program = transpose("", ["mhlo.sharding = \"{devices=[4,2]<=[8]}\""; 4]);
    let program =
        program.replace("tensor<f32> {mhlo.sharding = \"{devices=[4,2]<=[8]}\"}", "tensor<f32>");
    fs::write(work.path("p.mlir"), program).unwrap();
    let first = |command: &str| work.succeed(command).stdout.lines().next().unwrap().to_owned();
    let cpu = first("compile p.mlir --for cpu");
    assert!(cpu.starts_with("cpu: 8 of cpu; compiled in "), "{cpu}");
    // A quarter of 7 rows and half of 5 columns, padded.
    let report = work.json("inspect p.mlir --json");
    assert_eq!(report["inputs"][0]["shape"], json!([2, 3]));
}

#[test]
fn more_devices_than_there_can_be_are_refused() {
    let work = Workplace::new();
    fs::write(work.path("p.mlir"), RING).unwrap();
    let message = work.fail("run p.mlir --zeros --replicas 5000");
    assert!(message.contains("expected a whole number from 1 to 4096, got 5000"), "{message}");
    let ended = work.hetxl("run p.mlir --zeros --replicas 0");
    assert_eq!(ended.code, Some(2), "{ended:#?}");
}

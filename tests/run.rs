//! `hetxl run` on programs of every kind, and on what is no program.

mod support;

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::thread::sleep;
use std::time::{Duration, Instant};

use hetxl::hlo_module::HloModule;
use hetxl::npy;
use hetxl::program_file::ProgramFile;
use hetxl::values::{Value, values};
use pjrt::{DType, HostArray};
use serde::Deserialize;
use serde_json::{Value as Json, json};
use support::{Workplace, end};

const MULTIPLY: &str = "\
func.func public @main(%x: tensor<2x3xf32>, %y: tensor<2x3xf32>) -> (tensor<2x3xf32>, tensor<i1>) {
  %z = stablehlo.multiply %x, %y : tensor<2x3xf32>
  %t = stablehlo.constant dense<true> : tensor<i1>
  return %z, %t : tensor<2x3xf32>, tensor<i1>
}
";

/// A program of `tests/data/programs`, and what `programs.py` says of it.
#[derive(Deserialize)]
struct Case {
    name: String,
    /// `.npy` files in hexadecimal digits, as are the outputs.
    inputs: Vec<String>,
    outputs: Vec<String>,
    types: Vec<String>,
    tolerance: f64,
}

fn bytes(hex: &str) -> Vec<u8> {
    let pairs = (0..hex.len()).step_by(2);
    pairs.map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

fn with_multiply() -> Workplace {
    let work = Workplace::new();
    fs::write(work.path("multiply.mlir"), MULTIPLY).unwrap();
    let array = HostArray::from_slice(&[2, 3], &[1.0f32, 2.0, 3.0, 4.0, 5.0, 6.0]).unwrap();
    fs::write(work.path("x.npy"), npy::encode(&array)).unwrap();
    work
}

/// The programs stand for the interpreter tests of the StableHLO project, with expected values from
/// NumPy. Files are compared as NumPy writes them, header included.
#[test]
fn every_program_gives_what_numpy_computes_in_the_file_that_numpy_writes() {
    let work = Workplace::new();
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let cases = fs::read(data.join("programs.json")).unwrap();
    let cases: Vec<Case> = serde_json::from_slice(&cases).unwrap();
    let mut wrong = Vec::new();
    for case in &cases {
        fs::copy(data.join(format!("programs/{}.mlir", case.name)), work.path("p.mlir")).unwrap();
        let mut arguments = "run p.mlir --json --out out".to_owned();
        for (index, input) in case.inputs.iter().enumerate() {
            fs::write(work.path(&format!("in{index}.npy")), bytes(input)).unwrap();
            arguments += &format!(" --input in{index}.npy");
        }
        let ended = work.hetxl(&arguments);
        if ended.code != Some(0) {
            wrong.push(format!("{}: {}", case.name, ended.stderr));
            continue;
        }
        let report: Json = serde_json::from_str(&ended.stdout).unwrap();
        let outputs = report["outputs"].as_array().unwrap();
        let types: Vec<_> = outputs.iter().map(|it| it["dtype"].as_str().unwrap()).collect();
        assert_eq!(types, case.types, "{}", case.name);
        let expected_names: Vec<_> =
            (0..case.outputs.len()).map(|at| format!("{at}.npy")).collect();
        assert_eq!(work.names("out"), expected_names, "{}", case.name);
        for (index, expected) in case.outputs.iter().enumerate() {
            let (got, expected) = (work.bytes(&format!("out/{index}.npy")), bytes(expected));
            if !same(&got, &expected, &case.types[index], case.tolerance) {
                wrong.push(format!("{}: {} differs", case.name, outputs[index]));
            }
        }
        fs::remove_dir_all(work.path("out")).unwrap();
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

/// Whether two files hold the same array: the same bytes, or real numbers as near as `tolerance`
/// relative to the greatest.
fn same(got: &[u8], expected: &[u8], dtype: &str, tolerance: f64) -> bool {
    if got == expected {
        return true;
    }
    let floats = |file: &[u8]| -> Vec<f64> {
        let dtype = *DType::ALL.iter().find(|it| it.name() == dtype).unwrap();
        let array = npy::decode(file).unwrap().into_array(dtype).unwrap();
        let numbers = values(&array).flat_map(|value| match value {
            Value::F32(value) => vec![value.into()],
            Value::F64(value) => vec![value],
            Value::C64(re, im) => vec![re.into(), im.into()],
            Value::C128(re, im) => vec![re, im],
            // Of other types every bit counts.
            _ => vec![f64::INFINITY],
        });
        numbers.collect()
    };
    let (header, other) = (&got[..128], &expected[..128]);
    let (got, expected) = (floats(got), floats(expected));
    let most =
        expected.iter().filter(|it| it.is_finite()).fold(0.0f64, |most, it| most.max(it.abs()));
    let near = |(a, b): (&f64, &f64)| (a - b).abs() <= tolerance * most || a.is_nan() && b.is_nan();
    header == other && got.len() == expected.len() && got.iter().zip(&expected).all(near)
}

/// The compiler itself converts every byte to `f32`.
#[test]
fn eight_bit_floats_are_shown_as_the_numbers_that_the_compiler_takes_them_for() {
    let work = Workplace::new();
    for &dtype in DType::ALL.iter().filter(|it| it.name().starts_with("f8")) {
        let program = format!(
            "func.func public @main(%x: tensor<256xui8>) -> tensor<256xf32> {{
               %f = stablehlo.bitcast_convert %x : (tensor<256xui8>) -> tensor<256x{dtype}>
               %y = stablehlo.convert %f : (tensor<256x{dtype}>) -> tensor<256xf32>
               return %y : tensor<256xf32>
             }}"
        );
        fs::write(work.path("p.mlir"), program).unwrap();
        let all: Vec<u8> = (0..=255).collect();
        let array = HostArray::from_slice(&[256], &all).unwrap();
        fs::write(work.path("x.npy"), npy::encode(&array)).unwrap();
        let ended = work.hetxl("run p.mlir --input x.npy --out out");
        assert_eq!(ended.code, Some(0), "{dtype}: {ended:#?}");
        let theirs = npy::decode(&work.bytes("out/0.npy")).unwrap().into_array(DType::F32).unwrap();
        let ours = HostArray::from_bytes(dtype, &[256], &all).unwrap();
        for ((byte, ours), theirs) in
            all.iter().zip(values(&ours)).zip(theirs.as_slice::<f32>().unwrap())
        {
            let Value::F32(ours) = ours else { panic!("{ours:?}") };
            let same = ours.to_bits() == theirs.to_bits() || ours.is_nan() && theirs.is_nan();
            assert!(same, "{dtype} {byte:#x}: {ours} and {theirs}");
        }
    }
}

#[test]
fn results_are_shown_and_written_in_order() {
    let work = with_multiply();
    let ended = work.succeed("run multiply.mlir --input x.npy --input x.npy --out a/b");
    let (first, rest) = ended.stdout.split_once('\n').unwrap();
    // Another test may have compiled it before.
    assert!(first.starts_with("multiply.mlir: StableHLO text, "), "{first}");
    assert!(first.contains(" for cpu in ") && first.contains(" s, run in "), "{first}");
    insta::assert_snapshot!(rest.trim(), @r"
    input  type       values                   file
    0      f32[2, 3]  1.0 2.0 3.0 4.0 5.0 6.0  x.npy
    1      f32[2, 3]  1.0 2.0 3.0 4.0 5.0 6.0  x.npy

    output  type       values                      file
    0       f32[2, 3]  1.0 4.0 9.0 16.0 25.0 36.0  a/b/0.npy
    1       i1[]       true                        a/b/1.npy
    ");
    assert_eq!(work.names("a/b"), ["0.npy", "1.npy"]);
    // Once more, over the files that are there.
    fs::write(work.path("a/b/notes.txt"), "").unwrap();
    work.succeed("run multiply.mlir --zeros --out a/b");
    assert_eq!(work.names("a/b"), ["0.npy", "1.npy", "notes.txt"]);
    let zeros = npy::decode(&work.bytes("a/b/0.npy")).unwrap().into_array(DType::F32).unwrap();
    assert_eq!(zeros.as_slice::<f32>().unwrap(), [0.0; 6]);
}

#[test]
fn arrays_that_the_program_has_by_columns_are_given_and_shown_by_rows() {
    let work = with_multiply();
    let columns = "tensor<2x3xf32> {mhlo.layout_mode = \"{0,1}\"}";
    let program = MULTIPLY.replace("%y: tensor<2x3xf32>", &format!("%y: {columns}"));
    let program = program.replace("(tensor<2x3xf32>, ", &format!("({columns}, "));
    fs::write(work.path("columns.mlir"), program).unwrap();
    let report = work.json("run columns.mlir --input x.npy --input x.npy --json");
    assert_eq!(report["outputs"][0]["values"], json!([1.0, 4.0, 9.0, 16.0, 25.0, 36.0]));
}

#[test]
fn made_up_inputs_are_decided_by_the_seed() {
    let work = with_multiply();
    let run = |seed: &str| work.json(&format!("run multiply.mlir --random {seed} --json"));
    let (first, again, other) = (run("1"), run("1"), run("2"));
    assert_eq!(first["outputs"], again["outputs"]);
    assert_ne!(first["outputs"], other["outputs"]);
    assert_ne!(first["inputs"][0], first["inputs"][1]);
}

#[test]
fn a_large_array_is_summed_up() {
    let work = Workplace::new();
    let program = "func.func public @main() -> tensor<101xi32> {
        %x = stablehlo.iota dim = 0 : tensor<101xi32>
        return %x : tensor<101xi32>
    }";
    fs::write(work.path("iota.mlir"), program).unwrap();
    let report = work.json("run iota.mlir --json");
    assert_eq!(report["inputs"], json!([]));
    let summary = json!({ "min": 0.0, "max": 100.0, "mean": 50.0, "nan": 0 });
    assert_eq!(report["outputs"], json!([{ "dtype": "i32", "shape": [101], "summary": summary }]));
    let ended = work.succeed("run iota.mlir");
    assert!(ended.stdout.contains("min 0.0000  max 100.0000  mean 50.0000"), "{}", ended.stdout);
}

#[test]
fn an_exported_program_is_run_with_the_names_of_its_manifest() {
    let work = Workplace::quick();
    work.succeed("export small.toml --function predict -o out");
    let report = work.json("run out/predict.mlir --random 0 --json");
    let names = |ports: &str| {
        let ports = report[ports].as_array().unwrap().iter();
        ports.map(|port| port["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names("inputs").last().unwrap(), "inputs");
    assert_eq!(names("outputs"), ["class", "probabilities", "entropy"]);
}

#[test]
fn a_program_is_known_by_its_contents_and_not_by_its_name() {
    let work = with_multiply();
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    // The product of `multiply.mlir` as JAX 0.10.2 lowers it: a portable artifact of StableHLO
    // 1.0.0, and an `HloModuleProto`, which comes wrapped into an `HloProto` too.
    let module = fs::read(data.join("multiply.pb")).unwrap();
    let length = u8::try_from(module.len() % 128 + 128).unwrap();
    let wrapped = [&[0x0a, length, (module.len() / 128) as u8], &module[..]].concat();
    fs::write(work.path("wrapped"), wrapped).unwrap();
    fs::write(work.path("module"), module).unwrap();
    fs::copy(data.join("multiply.mlirbc"), work.path("bytecode")).unwrap();
    fs::copy(work.path("multiply.mlir"), work.path("text.pb")).unwrap();
    for (program, form) in [
        ("text.pb", "StableHLO text"),
        ("bytecode", "StableHLO bytecode"),
        ("module", "HLO module"),
        ("wrapped", "HLO module"),
    ] {
        let report = work.json(&format!("run {program} --input x.npy --input x.npy --json"));
        assert_eq!(report["form"], form, "{program}");
        assert_eq!(report["outputs"][0]["values"], json!([1.0, 4.0, 9.0, 16.0, 25.0, 36.0]));
    }
}

#[test]
fn what_is_no_program_is_refused_with_the_reason() {
    let work = Workplace::new();
    let refused = |name: &str, contents: &[u8]| {
        fs::write(work.path(name), contents).unwrap();
        let message = work.fail(&format!("run {name} --zeros --out out"));
        assert!(!work.path("out").exists(), "{message}");
        message
    };
    insta::assert_snapshot!(work.fail("run nowhere.mlir"), @"error: cannot read the program nowhere.mlir: No such file or directory (os error 2)");
    fs::create_dir(work.path("folder")).unwrap();
    insta::assert_snapshot!(work.fail("run folder"), @"error: cannot read the program folder: Is a directory (os error 21)");
    insta::assert_snapshot!(refused("p", b""), @"error: p is no program: it is empty; expected StableHLO as text (.mlir) or portable bytecode (.mlirbc), or an HloModuleProto (.pb)");
    insta::assert_snapshot!(refused("p", &[0x7f, b'E', b'L', b'F', 0, 1, 2, 0xff]), @"error: p is no program: it is neither text, bytecode of MLIR, nor a whole module of HLO; expected StableHLO as text (.mlir) or portable bytecode (.mlirbc), or an HloModuleProto (.pb)");
    insta::assert_snapshot!(refused("p", b"HloModule main\n\nENTRY e {}"), @"error: p is no program: it is HLO as text, which plugins don't read; expected StableHLO as text (.mlir) or portable bytecode (.mlirbc), or an HloModuleProto (.pb)");
    // What only the compiler can tell is told in its own words.
    let dynamic = "func.func public @main(%x: tensor<?xf32>) -> tensor<?xf32> {
        return %x : tensor<?xf32>
    }";
    for program in [&b"print('hello')"[..], b"ML\xefR\x0dStableHLO", dynamic.as_bytes()] {
        fs::write(work.path("p"), program).unwrap();
        let ended = work.hetxl("run p --zeros --out out");
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), ""), "{ended:#?}");
        assert!(ended.stderr.starts_with("error: p cannot be compiled for cpu: "), "{ended:#?}");
        assert!(ended.stderr.contains("(PJRT_Client_Compile)"), "{ended:#?}");
        assert!(!work.path("out").exists());
    }
    let module = include_bytes!("data/multiply.pb");
    let whole = HloModule::decode(module).unwrap();
    for end in 1..module.len() {
        fs::write(work.path("p"), &module[..end]).unwrap();
        if ProgramFile::read(&work.path("p")).is_ok() {
            // Only what doesn't say what is computed is missing.
            let cut = HloModule::decode(&module[..end]).unwrap();
            assert_eq!(cut.parameters(), whole.parameters(), "{end} of {} bytes", module.len());
            assert_eq!(cut.results(), whole.results(), "{end} of {} bytes", module.len());
            assert_eq!(cut.costs(), whole.costs(), "{end} of {} bytes", module.len());
        }
    }
    insta::assert_snapshot!(refused("p", &module[..module.len() / 2]), @"error: p is no program: it is neither text, bytecode of MLIR, nor a whole module of HLO; expected StableHLO as text (.mlir) or portable bytecode (.mlirbc), or an HloModuleProto (.pb)");
}

#[test]
fn a_module_that_has_been_compiled_already_is_not_compiled_again() {
    let work = Workplace::quick();
    work.succeed("export small.toml --function predict --format optimized -o out");
    insta::assert_snapshot!(work.fail("run out/predict.hlo.pb --zeros"), @"error: out/predict.hlo.pb is what a compiler has made already, which no compiler takes; give the program that it was made from, such as `hetxl export --format stablehlo` writes");
}

/// By StableHLO's specification: IEEE's `maximum` and `minimum`.
#[test]
fn the_larger_and_the_smaller_of_a_number_and_nan_are_nan_on_every_cpu() {
    let work = Workplace::new();
    let program = "func.func public @main(%x: tensor<4xf32>, %y: tensor<4xf32>)
        -> (tensor<4xf32>, tensor<4xf32>) {
      %a = stablehlo.maximum %x, %y : tensor<4xf32>
      %b = stablehlo.minimum %x, %y : tensor<4xf32>
      return %a, %b : tensor<4xf32>, tensor<4xf32>
    }";
    fs::write(work.path("p.mlir"), program).unwrap();
    let write = |name: &str, values: [f32; 4]| {
        let array = HostArray::from_slice(&[4], &values).unwrap();
        fs::write(work.path(name), npy::encode(&array)).unwrap();
    };
    write("x.npy", [f32::NAN, 1.0, f32::INFINITY, 2.0]);
    write("y.npy", [1.0, f32::NAN, f32::NAN, 3.0]);
    for platform in ["cpu", "cpu-zml", "cpu-openxla"] {
        let arguments =
            format!("run p.mlir --input x.npy --input y.npy --platform {platform} --json");
        let outputs = &work.json(&arguments)["outputs"];
        assert_eq!(outputs[0]["values"], json!(["NaN", "NaN", "NaN", 3.0]), "{platform}");
        assert_eq!(outputs[1]["values"], json!(["NaN", "NaN", "NaN", 2.0]), "{platform}");
    }
}

/// As the interpreter of StableHLO has it.
#[test]
fn the_only_function_is_run_whatever_its_name() {
    let work = Workplace::new();
    let program = "func.func @add_op_test_si8() -> tensor<2xi8> {
      %0 = stablehlo.constant dense<[100, -3]> : tensor<2xi8>
      %1 = stablehlo.add %0, %0 : tensor<2xi8>
      func.return %1 : tensor<2xi8>
    }";
    fs::write(work.path("p.mlir"), program).unwrap();
    assert_eq!(work.json("run p.mlir --json")["outputs"][0]["values"], json!([-56, -6]));
}

/// The compilers of all plugins overflow their stack on it.
#[test]
fn a_program_that_ends_its_compiler_is_an_error_like_another() {
    let work = Workplace::new();
    // A function that calls itself, in the form in which that isn't seen before.
    let program = r#""builtin.module"() ({
      "func.func"() <{function_type = (tensor<f32>) -> tensor<f32>, sym_name = "main"}> ({
        ^bb0(%x: tensor<f32>):
          %y = "func.call"(%x) <{callee = @main}> : (tensor<f32>) -> tensor<f32>
          "func.return"(%y) : (tensor<f32>) -> ()
      }) : () -> ()
    }) : () -> ()"#;
    fs::write(work.path("p.mlir"), program).unwrap();
    for command in ["run p.mlir --zeros --out out", "inspect p.mlir", "compile p.mlir --for cpu"] {
        let ended = work.hetxl(command);
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), ""), "{ended:#?}");
        let message = ended.stderr.lines().last().unwrap();
        assert!(
            message.starts_with("error: the compiler, or the program itself, ended with signal "),
            "{ended:#?}"
        );
    }
    assert!(!work.path("out").exists());
}

#[test]
fn a_program_that_waits_for_its_host_is_refused_rather_than_waited_for() {
    let work = Workplace::new();
    let program = "func.func public @main() -> tensor<2xf32> {
      %token = stablehlo.create_token : !stablehlo.token
      %x:2 = \"stablehlo.infeed\"(%token) {infeed_config = \"\"}
        : (!stablehlo.token) -> (tensor<2xf32>, !stablehlo.token)
      return %x#0 : tensor<2xf32>
    }";
    fs::write(work.path("p.mlir"), program).unwrap();
    insta::assert_snapshot!(work.fail("run p.mlir"), @"error: the program waits for its host (infeed), which hetxl does not serve; take it out");
}

#[test]
fn what_no_buffer_holds_is_refused_by_name() {
    let work = Workplace::new();
    for (program, what) in [
        (
            "func.func @main(%x: !stablehlo.token) -> !stablehlo.token { return %x : !stablehlo.token }",
            "a token",
        ),
        ("func.func @main(%x: tuple<tensor<f32>>) { return }", "a tuple"),
    ] {
        fs::write(work.path("p.mlir"), program).unwrap();
        let message = work.fail("run p.mlir --zeros");
        assert!(message.contains(what) && message.contains("no buffer holds"), "{message}");
    }
}

#[test]
fn inputs_that_the_program_does_not_take_are_refused_by_their_number() {
    let work = with_multiply();
    let write = |name: &str, array: &HostArray| {
        fs::write(work.path(name), npy::encode(array)).unwrap();
    };
    write("whole.npy", &HostArray::zeros(DType::S32, &[2, 3]).unwrap());
    write("long.npy", &HostArray::zeros(DType::F32, &[2, 4]).unwrap());
    write("same-size.npy", &HostArray::zeros(DType::F32, &[3, 2]).unwrap());
    write("bf16.npy", &HostArray::zeros(DType::Bf16, &[2, 3]).unwrap());
    fs::write(work.path("text.npy"), "1 2 3").unwrap();
    fs::write(work.path("short.npy"), &work.bytes("x.npy")[..140]).unwrap();
    let refused = |inputs: &str| {
        let message = work.fail(&format!("run multiply.mlir --out out {inputs}"));
        assert!(!work.path("out").exists(), "{message}");
        message
    };
    insta::assert_snapshot!(refused(""), @"error: the program takes 2 inputs, f32[2, 3], f32[2, 3], got 0; give a .npy file for each by --input, in order, or have them made up by --random SEED or --zeros");
    insta::assert_snapshot!(refused("--input x.npy"), @"error: the program takes 2 inputs, f32[2, 3], f32[2, 3], got 1; give a .npy file for each by --input, in order, or have them made up by --random SEED or --zeros");
    insta::assert_snapshot!(refused("--input x.npy --input x.npy --input x.npy"), @"error: the program takes 2 inputs, f32[2, 3], f32[2, 3], got 3; give a .npy file for each by --input, in order, or have them made up by --random SEED or --zeros");
    insta::assert_snapshot!(refused("--input x.npy --input whole.npy"), @"error: input 1, whole.npy: expected f32[2, 3], got i32[2, 3]");
    insta::assert_snapshot!(refused("--input long.npy --input x.npy"), @"error: input 0, long.npy: expected f32[2, 3], got f32[2, 4]");
    insta::assert_snapshot!(refused("--input same-size.npy --input x.npy"), @"error: input 0, same-size.npy: expected f32[2, 3], got f32[3, 2]");
    insta::assert_snapshot!(refused("--input bf16.npy --input x.npy"), @"error: input 0, bf16.npy: expected f32[2, 3], got V2[2, 3]");
    insta::assert_snapshot!(refused("--input text.npy --input x.npy"), @"error: input 0, text.npy: it does not start as a .npy file does; write one with numpy.save");
    insta::assert_snapshot!(refused("--input short.npy --input x.npy"), @"error: input 0, short.npy: an array of f32[2, 3] takes 24 bytes, got 12");
    insta::assert_snapshot!(refused("--input nowhere.npy --input x.npy"), @"error: cannot read the input nowhere.npy: No such file or directory (os error 2)");
}

#[test]
fn a_folder_that_cannot_be_written_to_is_refused() {
    let work = with_multiply();
    insta::assert_snapshot!(work.fail("run multiply.mlir --zeros --out x.npy"), @"error: cannot create x.npy: File exists (os error 17)");
    insta::assert_snapshot!(work.fail("run multiply.mlir --zeros --out x.npy/out"), @"error: cannot create x.npy/out: Not a directory (os error 20)");
    fs::create_dir_all(work.path("out/1.npy/full")).unwrap();
    insta::assert_snapshot!(work.fail("run multiply.mlir --zeros --out out"), @"error: cannot write out/1.npy: is a directory");
    assert_eq!(work.names("out"), ["1.npy"]);
}

#[test]
fn wrong_usage_of_run_has_the_exit_code_2() {
    let work = with_multiply();
    for arguments in [
        "run",
        "run multiply.mlir --random x",
        "run multiply.mlir --zeros --random 1",
        "run multiply.mlir --zeros --input x.npy",
        "run multiply.mlir --random 1 --input x.npy",
    ] {
        let ended = end(&mut work.command(arguments));
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""), "{arguments}: {ended:#?}");
    }
}

#[test]
fn a_flag_reaches_the_compiler_and_one_that_it_lacks_is_refused_with_the_nearest() {
    let work = with_multiply();
    work.succeed("run multiply.mlir --zeros --xla-flag xla_dump_to=dump --xla-flag xla_dump_hlo_as_text=true");
    let is_text = |name: &String| name.ends_with(".txt");
    assert!(work.names("dump").iter().any(is_text), "{:?}", work.names("dump"));
    let message = work.fail("run multiply.mlir --zeros --xla-flag xla_dump_hlo_as_texts=true");
    let expected = "has no flag xla_dump_hlo_as_texts; is xla_dump_hlo_as_text meant?";
    assert!(message.ends_with(expected), "{message}");
}

#[test]
fn an_array_of_which_nothing_is_a_number_says_so() {
    let work = Workplace::new();
    let nan = "func.func @main() -> tensor<20xf32> {
      %x = stablehlo.constant dense<0x7FC00000> : tensor<20xf32>
      return %x : tensor<20xf32>
    }";
    fs::write(work.path("nan.mlir"), nan).unwrap();
    let made = work.json("run nan.mlir --json");
    let nothing = json!({ "min": "NaN", "max": "NaN", "mean": "NaN", "nan": 20 });
    assert_eq!(made["outputs"][0]["summary"], nothing);
}

#[test]
fn who_ends_the_command_ends_the_program() {
    let work = Workplace::new();
    let endless = "func.func @main(%x: tensor<f32>) -> tensor<f32> {
      %true = stablehlo.constant dense<true> : tensor<i1>
      %r = stablehlo.while(%a = %x) : tensor<f32> cond {
        stablehlo.return %true : tensor<i1>
      } do {
        %b = stablehlo.add %a, %a : tensor<f32>
        stablehlo.return %b : tensor<f32>
      }
      return %r : tensor<f32>
    }";
    fs::write(work.path("endless.mlir"), endless).unwrap();
    let mut command = work.command("run endless.mlir --zeros");
    let mut parent = command.stderr(Stdio::null()).spawn().unwrap();
    let children = format!("/proc/{0}/task/{0}/children", parent.id());
    let soon = Instant::now() + Duration::from_secs(60);
    let child = loop {
        assert!(Instant::now() < soon, "there is no child");
        match fs::read_to_string(&children).unwrap().trim() {
            "" => sleep(Duration::from_millis(10)),
            child => break child.to_owned(),
        }
    };
    // By then it computes.
    sleep(Duration::from_secs(1));
    parent.kill().unwrap();
    parent.wait().unwrap();
    // A process that has ended and isn't yet taken notice of has a Z for its state.
    let runs = || {
        let stat = fs::read_to_string(format!("/proc/{child}/stat")).unwrap_or_default();
        stat.rsplit_once(") ").is_some_and(|(_, rest)| !rest.starts_with('Z'))
    };
    while runs() {
        assert!(Instant::now() < soon, "process {child} is still there");
        sleep(Duration::from_millis(10));
    }
}

#[test]
fn arcs_in_double_precision_are_right_on_every_cpu() {
    let work = Workplace::new();
    let program = "func.func @main(%x: tensor<128xf64>) -> tensor<128xf64> {
      %one = stablehlo.constant dense<1.0> : tensor<128xf64>
      %y = stablehlo.atan2 %x, %one : tensor<128xf64>
      return %y : tensor<128xf64>
    }";
    fs::write(work.path("p.mlir"), program).unwrap();
    let x: Vec<f64> = (0..128).map(|i| f64::from(i) / 20.0 - 3.2).collect();
    let array = HostArray::from_slice(&[128], &x).unwrap();
    fs::write(work.path("x.npy"), npy::encode(&array)).unwrap();
    work.succeed("run p.mlir --input x.npy --out out");
    let made = npy::decode(&work.bytes("out/0.npy")).unwrap().into_array(DType::F64).unwrap();
    for (x, made) in x.iter().zip(made.as_slice::<f64>().unwrap()) {
        assert!((x.atan() - made).abs() < 1e-15, "atan2({x}, 1) is {made}");
    }
}

//! What a user may get wrong: each has to be answered by an error, and by no other end.

use pjrt::{ClientOptions, Code, CompileOptions, DType, HostArray};

use super::{ADD, sum_by_shardy};
use crate::conform::case::{Case, Finding, case, refused};

/// Programs that are none, and what is wrong with each.
const TEXTS: [(&str, &str); 9] = [
    ("an empty program", ""),
    ("a program in no known language", "not a program"),
    ("a program that breaks off", "func.func public @main(%x: tensor<2xf32>) -> tensor<2x"),
    ("a module without a main function", "module {}"),
    (
        "an unknown operation",
        "func.func public @main(%x: tensor<2xf32>) -> tensor<2xf32> {
          %y = stablehlo.no_such %x : tensor<2xf32>
          return %y : tensor<2xf32>
        }",
    ),
    (
        "an unknown dialect",
        "func.func public @main(%x: tensor<2xf32>) -> tensor<2xf32> {
          %y = \"nosuch.op\"(%x) : (tensor<2xf32>) -> tensor<2xf32>
          return %y : tensor<2xf32>
        }",
    ),
    (
        "operands of different shapes",
        "func.func public @main(%x: tensor<2xf32>, %y: tensor<3xf32>) -> tensor<2xf32> {
          %z = \"stablehlo.add\"(%x, %y) : (tensor<2xf32>, tensor<3xf32>) -> tensor<2xf32>
          return %z : tensor<2xf32>
        }",
    ),
    (
        "an element type that doesn't exist",
        "func.func public @main(%x: tensor<2xf13>) -> tensor<2xf13> {
          return %x : tensor<2xf13>
        }",
    ),
    (
        "an unknown mesh",
        "func.func public @main(
            %x: tensor<2xf32> {sdy.sharding = #sdy.sharding<@nosuch, [{}]>}) -> tensor<2xf32> {
          return %x : tensor<2xf32>
        }",
    ),
];

pub(super) fn cases() -> Vec<Case> {
    let text = |&(name, text): &(&'static str, &'static str)| {
        case(name, move |s| refused(s.try_compile(Code::mlir(text), &options(text))?))
    };
    let mut cases: Vec<Case> = TEXTS.iter().map(text).collect();
    cases.extend(programs());
    cases.extend(calls());
    cases.extend(requests());
    cases
}

/// Sharding marks need the partitioner that they belong to.
fn options(text: &str) -> CompileOptions {
    CompileOptions { use_shardy: text.contains("sdy."), ..Default::default() }
}

fn programs() -> Vec<Case> {
    let compiles = |name, options: CompileOptions| {
        case(name, move |subject| refused(subject.try_compile(Code::mlir(ADD), &options)?))
    };
    vec![
        case("bytecode that breaks off", |subject| {
            let whole = include_bytes!("../../../../tests/data/multiply.mlirbc");
            let code = Code::mlir(&whole[..whole.len() / 2]);
            refused(subject.try_compile(code, &CompileOptions::default())?)
        }),
        case("bytes that are no module of HLO", |subject| {
            let code = Code::hlo(&[0xff; 100]);
            refused(subject.try_compile(code, &CompileOptions::default())?)
        }),
        case("marks of Shardy without Shardy", |subject| {
            let options = CompileOptions { partitions: 2, ..Default::default() };
            refused(subject.try_compile(Code::mlir(&sum_by_shardy(2)), &options)?)
        }),
        compiles("no replicas", CompileOptions { replicas: 0, ..Default::default() }),
        compiles("no partitions", CompileOptions { partitions: 0, ..Default::default() }),
        compiles(
            "more replicas than devices",
            CompileOptions { replicas: 1 << 20, ..Default::default() },
        ),
        compiles(
            "a device that isn't there",
            CompileOptions { devices: vec![-1], ..Default::default() },
        ),
        compiles(
            "one device for two replicas",
            CompileOptions { replicas: 2, devices: vec![0, 0], ..Default::default() },
        ),
        case("a program that was compiled before", |subject| {
            let add = subject.compile(Code::mlir(ADD), &CompileOptions::default())?;
            let compiled = add.optimized_program()?;
            refused(subject.try_compile(Code::hlo(&compiled), &CompileOptions::default())?)
        }),
    ]
}

fn calls() -> Vec<Case> {
    vec![
        case("too few arguments", |subject| {
            refused(subject.load(ADD)?.run(vec![subject.f32s(&[1.0, 2.0])?.into()]))
        }),
        case("an argument of another type", |subject| {
            let whole = subject.on_device(&HostArray::from_slice(&[2], &[1_i32, 2])?)?;
            refused(subject.load(ADD)?.run(vec![(&whole).into(), (&whole).into()]))
        }),
        case("an argument of another shape", |subject| {
            let row = subject.on_device(&HostArray::from_slice(&[1, 2], &[1.0_f32, 2.0])?)?;
            refused(subject.load(ADD)?.run(vec![(&row).into(), (&row).into()]))
        }),
        case("an argument on another device", |subject| {
            let devices = subject.client()?.devices();
            let [_, other, ..] = devices.as_slice() else {
                return Err(Finding::not_run("one device"));
            };
            let x = subject.client()?.buffer(&HostArray::zeros(DType::F32, &[2])?, other)?;
            refused(subject.load(ADD)?.run(vec![(&x).into(), (&x).into()]))
        }),
        case("an argument of another client", |subject| {
            let add = subject.load(ADD)?;
            let other = subject.plugin.client(&ClientOptions::new())?;
            let x = other.buffer(&HostArray::zeros(DType::F32, &[2])?, &other.devices()[0])?;
            refused(add.run(vec![(&x).into(), (&x).into()]))
        }),
        case("arguments for another number of devices", |subject| {
            refused(subject.load(ADD)?.run_on_all(vec![]))
        }),
        case("an array on another client's device", |subject| {
            let other = subject.client()?.plugin().client(&ClientOptions::new())?;
            let array = HostArray::scalar(1.0_f32);
            refused(subject.client()?.buffer(&array, &other.devices()[0]))
        }),
    ]
}

/// Each for something that the plugin gives where it is asked rightly.
fn requests() -> Vec<Case> {
    let client = |name, options: ClientOptions| {
        case(name, move |subject| {
            subject.client()?;
            refused(subject.plugin.client(&options))
        })
    };
    let topology = |name, text: &'static str| {
        case(name, move |subject| {
            subject.described()?;
            refused(subject.described_by(text))
        })
    };
    vec![
        client("a client without devices", ClientOptions::new().cpu_devices(0)),
        client(
            "a number of devices that is no number",
            ClientOptions::new().set("cpu_device_count", "many"),
        ),
        topology("a topology without a name", ""),
        case("a topology without chips", |subject| {
            subject.described()?;
            let none = if subject.is_for_gpus() { "1x1x0" } else { "v3:0x0" };
            refused(subject.described_by(none))
        }),
        topology("a topology that doesn't exist", "no such"),
        case("bytes that are no topology", |subject| {
            subject.topology()?;
            refused(subject.plugin.deserialize_topology(b"\xff\xff\xff\xff no topology"))
        }),
        case("bytes that are no compiled program", |subject| {
            for bytes in [&b""[..], b"not a program", &[0xff; 100]] {
                refused(subject.client()?.load_serialized(bytes))?;
            }
            Ok(())
        }),
    ]
}

//! Compilation for devices that needn't be there.

use pjrt::{Code, CompileOptions, HostArray};

use super::many_devices::COLLECTIVES;
use super::{ADD, sum_by_gspmd, sum_by_shardy};
use crate::conform::case::{Case, Verdict, case, holds, same};
use crate::conform::subject::Subject;

/// As many devices as every topology here has.
const DEVICES: usize = 8;

pub(super) fn cases() -> Vec<Case> {
    let mut cases = vec![
        case("a program for one device", |subject| {
            let add = subject.compile_apart(Code::mlir(ADD), &CompileOptions::default())?;
            same("arguments and results", (add.inputs().len(), add.outputs().len()), (2, 1))
        }),
        case("partitions by Shardy", |subject| {
            let options =
                CompileOptions { partitions: DEVICES, use_shardy: true, ..Default::default() };
            parts(subject, &sum_by_shardy(DEVICES), &options)
        }),
        case("partitions by GSPMD", |subject| {
            let options = CompileOptions { partitions: DEVICES, ..Default::default() };
            parts(subject, &sum_by_gspmd(DEVICES), &options)
        }),
    ];
    cases.extend(COLLECTIVES.iter().map(|collective| {
        case(collective.name, |subject| {
            let options = CompileOptions { replicas: DEVICES, ..Default::default() };
            let code = collective.code(DEVICES);
            let program = subject.compile_apart(Code::mlir(&code), &options)?;
            same("replicas", program.replicas(), DEVICES)
        })
    }));
    cases.extend([
        case("memory", |subject| {
            let add = subject.compile_apart(Code::mlir(ADD), &CompileOptions::default())?;
            holds("arguments take 16 bytes or more", add.memory_stats()?.argument_bytes >= 16)
        }),
        case("written as bytes", |subject| {
            let add = subject.compile_apart(Code::mlir(ADD), &CompileOptions::default())?;
            holds("there are some", !add.serialize()?.is_empty())
        }),
        case("loaded by a client, and run", |subject| {
            let client = subject.client()?;
            let add = subject.compile_apart(Code::mlir(ADD), &CompileOptions::default())?;
            let add = client.load(add)?;
            let x =
                client.buffer(&HostArray::from_slice(&[2], &[1.0_f32, 2.0])?, &add.devices()[0])?;
            let sum = add.run(vec![(&x).into(), (&x).into()])?;
            same("sum", sum[0].to_host()?.as_slice::<f32>()?, [2.0, 4.0])
        }),
    ]);
    cases
}

fn parts(subject: &Subject, code: &str, options: &CompileOptions) -> Verdict {
    let sum = subject.compile_apart(Code::mlir(code), options)?;
    same("partitions", sum.partitions(), DEVICES)?;
    same("rows on each device", sum.inputs()[0].dims.as_slice(), [8 / DEVICES, 2])
}

//! How programs are compiled.

use pjrt::{Code, CompileOptions, Error, Flag};

use super::{ADD, sum_by_gspmd, sum_by_shardy};
use crate::conform::case::{Case, Finding, Verdict, case, holds, same};
use crate::conform::subject::Subject;

pub(super) fn cases() -> Vec<Case> {
    vec![
        case("replicas", |subject| {
            let options = CompileOptions { replicas: 2, ..Default::default() };
            let add = subject.compile(Code::mlir(ADD), &options)?;
            same("replicas", (add.replicas(), add.partitions()), (2, 1))
        }),
        case("partitions by Shardy", |subject| {
            let options = CompileOptions { partitions: 2, use_shardy: true, ..Default::default() };
            halves(subject, &sum_by_shardy(2), &options)
        }),
        case("partitions by GSPMD", |subject| {
            let options = CompileOptions { partitions: 2, ..Default::default() };
            halves(subject, &sum_by_gspmd(2), &options)
        }),
        case("devices for the partitions, in order", |subject| {
            let devices = subject.client()?.devices();
            let [first, .., last] = devices.as_slice() else {
                return Err(Finding::not_run("one device"));
            };
            let ids = vec![last.id(), first.id()];
            let options = CompileOptions {
                partitions: 2,
                use_shardy: true,
                devices: ids.clone(),
                ..Default::default()
            };
            let sum = subject.client()?.compile(Code::mlir(&sum_by_shardy(2)), &options)?;
            same("devices", sum.devices().iter().map(pjrt::Device::id).collect::<Vec<_>>(), ids)
        }),
        case("the compiler's effort", |subject| {
            let options = CompileOptions { optimization_level: Some(9), ..Default::default() };
            subject.compile(Code::mlir(ADD), &options).map(|_| ())
        }),
        case("a flag that is true or false", |subject| {
            flag(subject, "xla_cpu_enable_fast_math", Flag::Bool(false))
        }),
        case("a flag that is a whole number", |subject| {
            flag(subject, "xla_backend_optimization_level", Flag::Int(1))
        }),
        case("a flag that is a fraction", |subject| {
            flag(subject, "xla_gpu_auto_spmd_partitioning_memory_budget_ratio", Flag::Float(1.5))
        }),
        case("a flag that is text", |subject| {
            flag(subject, "xla_dump_hlo_pass_re", Flag::String(String::new()))
        }),
        case("an unknown flag is refused, and the nearest named", |subject| {
            let options = with("xla_cpu_enable_fst_math", Flag::Bool(true));
            match subject.try_compile(Code::mlir(ADD), &options)? {
                Err(Error::UnknownFlag { nearest, .. }) => {
                    same("nearest", nearest.as_deref(), Some("xla_cpu_enable_fast_math"))
                }
                Err(error) => Err(Finding::failed(error.to_string())),
                Ok(_) => Err(Finding::failed("was accepted")),
            }
        }),
        case("a flag of another type is refused", |subject| {
            let text = Flag::String("many".to_owned());
            let options = with("xla_backend_optimization_level", text);
            let error = subject.try_compile(Code::mlir(ADD), &options)?.err();
            holds("by name", matches!(error, Some(Error::FlagValue { .. })))
        }),
    ]
}

fn with(flag: &str, value: Flag) -> CompileOptions {
    CompileOptions { flags: [(flag.to_owned(), value)].into(), ..Default::default() }
}

fn flag(subject: &Subject, name: &str, value: Flag) -> Verdict {
    subject.compile(Code::mlir(ADD), &with(name, value)).map(|_| ())
}

/// The argument of eight rows is split among two devices.
fn halves(subject: &Subject, code: &str, options: &CompileOptions) -> Verdict {
    let sum = subject.compile(Code::mlir(code), options)?;
    same("partitions", (sum.replicas(), sum.partitions()), (1, 2))?;
    same("rows on each device", sum.inputs()[0].dims.as_slice(), [4, 2])
}

//! Programs on the CPU plugin, several evaluations in each.

use std::collections::BTreeMap;

use hetxl::runtime::{Runtime, compile_options};
use hlo::{DType, Tensor, Trace};
use pjrt::{Code, Flag, HostArray, LoadedExecutable};

use crate::support;

/// Where programs are compiled and run.
pub(crate) struct Device(Runtime);

/// The numbers of a program's outputs, by name.
pub(crate) type Outputs = BTreeMap<String, Vec<f64>>;

/// A trace, and the numbers of the inputs that were declared in it.
pub(crate) struct Recorder<'a, 't> {
    pub trace: &'t Trace,
    arrays: &'a mut Vec<HostArray>,
}

impl<'t> Recorder<'_, 't> {
    /// An input with its numbers, row-major.
    pub(crate) fn input(&mut self, dtype: DType, dims: &[usize], numbers: &[f64]) -> Tensor<'t> {
        self.arrays.push(array(dtype, dims, numbers));
        self.trace.input(&format!("x{}", self.arrays.len()), dtype, dims)
    }
}

impl Device {
    pub(crate) fn open() -> Self {
        Self(support::device::runtime())
    }

    /// Compiles what `record` records and runs it.
    pub(crate) fn run(&self, record: impl FnOnce(&mut Recorder<'_, '_>)) -> Outputs {
        let mut arrays = vec![];
        let program = hlo::trace("heads", |trace| {
            record(&mut Recorder { trace, arrays: &mut arrays });
        });
        let program = program.expect("a program");
        let executable = self.compile(&program);
        let arrays: Vec<_> = arrays.iter().collect();
        let outputs = self.0.run(&executable, [], &arrays).expect("a program that runs");
        let names = program.outputs().iter().map(|port| port.name().to_owned());
        names.zip(outputs.iter().map(|it| numbers(&it.to_host().expect("a result")))).collect()
    }

    /// The memory in bytes that what `record` records takes beside its inputs and outputs, compiled as
    /// a user's programs are.
    pub(crate) fn temporaries(&self, record: impl FnOnce(&mut Recorder<'_, '_>)) -> u64 {
        let mut arrays = vec![];
        let program = hlo::trace("heads", |trace| {
            record(&mut Recorder { trace, arrays: &mut arrays });
        });
        let executable = self.0.compile(&program.expect("a program")).expect("an executable");
        executable.memory_stats().expect("what it takes").temp_bytes
    }

    /// Past the cache: what is drawn at random hardly comes again. And hardly optimised: it runs
    /// once.
    fn compile(&self, program: &hlo::Program) -> LoadedExecutable {
        let mut options = compile_options();
        let level = "xla_backend_optimization_level".to_owned();
        options.flags.insert(level, Flag::Int(0));
        let text = program.text();
        self.0.client().compile(Code::mlir(&text), &options).expect("a program that compiles")
    }
}

/// An array of a type with these numbers.
pub(crate) fn array(dtype: DType, dims: &[usize], numbers: &[f64]) -> HostArray {
    match dtype {
        DType::F64 => HostArray::from_slice(dims, numbers),
        DType::F32 => {
            HostArray::from_slice(dims, &numbers.iter().map(|&n| n as f32).collect::<Vec<_>>())
        }
        DType::S32 => {
            HostArray::from_slice(dims, &numbers.iter().map(|&n| n as i32).collect::<Vec<_>>())
        }
        DType::U32 => {
            HostArray::from_slice(dims, &numbers.iter().map(|&n| n as u32).collect::<Vec<_>>())
        }
        other => panic!("no test has inputs of {other}"),
    }
    .unwrap()
}

fn numbers(array: &HostArray) -> Vec<f64> {
    match array.dtype() {
        pjrt::DType::F64 => array.as_slice().unwrap().to_vec(),
        pjrt::DType::F32 => array.as_slice::<f32>().unwrap().iter().map(|&n| n.into()).collect(),
        other => panic!("no test has outputs of {other}"),
    }
}

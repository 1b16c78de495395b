//! Compiles and runs traced programs with the CPU plugin.
#![allow(dead_code)] // each test file uses a part

use std::sync::OnceLock;

use hlo::{Program, Trace, TraceError};
use pjrt::install::Environment;
use pjrt::{
    Client, ClientOptions, Code, CompileOptions, Element, Executable, HostArray, Input, Plugin,
};

/// The client that the tests of a binary share.
fn client() -> &'static Client {
    static CLIENT: OnceLock<Client> = OnceLock::new();
    CLIENT.get_or_init(|| {
        let environment = Environment::from_process();
        let found = environment.find_or_install("cpu", None, &mut |step| eprintln!("{step}"));
        let plugin = Plugin::load(found.expect("a plugin").path).expect("a plugin");
        plugin.client(&ClientOptions::new().cpu_devices(1)).expect("a client")
    })
}

/// Compiles a program, which must be valid to the compiler as well as to the tracer.
pub(crate) fn compile(program: &Program) -> Executable {
    let text = program.text();
    let compiled = client().compile(Code::mlir(&text), &CompileOptions::default());
    compiled.unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// Runs a compiled program on arrays.
pub(crate) fn run(executable: &Executable, inputs: &[HostArray]) -> Vec<HostArray> {
    let device = &client().devices()[0];
    let buffers = inputs.iter().map(|array| client().buffer(array, device).expect("a buffer"));
    let results = executable.run(buffers.map(Input::from).collect()).expect("a run");
    results.iter().map(|result| result.to_host().expect("an array")).collect()
}

/// Traces, compiles and runs.
pub(crate) fn evaluate(
    record: impl for<'t> FnOnce(&'t Trace),
    inputs: &[HostArray],
) -> Vec<HostArray> {
    let program = hlo::trace("test", record).unwrap_or_else(|error| panic!("{error}"));
    run(&compile(&program), inputs)
}

/// The error that a trace ends in, without the place.
pub(crate) fn mistake(record: impl for<'t> FnOnce(&'t Trace)) -> TraceError {
    hlo::trace("mistake", record).expect_err("a mistake")
}

/// An array of the dimensions with the values in row-major order.
pub(crate) fn array<T: Element>(dims: &[usize], values: &[T]) -> HostArray {
    HostArray::from_slice(dims, values).expect("as many values as the dimensions take")
}

/// The values of an array in row-major order.
pub(crate) fn values<T: Element + Copy>(array: &HostArray) -> Vec<T> {
    array.as_slice().expect("the element type").to_vec()
}

//! Compiles and runs traced programs with the CPU plugin.
#![allow(dead_code)] // each test file uses a part

use std::sync::OnceLock;

use hlo::{DType, Program, Tensor, Trace};
use pjrt::install::Environment;
use pjrt::{
    Client, ClientOptions, Code, CompileOptions, Element, Flag, HostArray, Input, LoadedExecutable,
    Plugin,
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
pub(crate) fn compile(program: &Program) -> LoadedExecutable {
    let text = program.text();
    // Unasked, the compiler takes the maximum and the minimum of a number and NaN for the number.
    let flag = ("xla_cpu_enable_fast_min_max".to_owned(), Flag::Bool(false));
    let options = CompileOptions { flags: [flag].into(), ..CompileOptions::default() };
    let compiled = client().compile(Code::mlir(&text), &options);
    compiled.unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// Runs a compiled program on arrays.
pub(crate) fn run(executable: &LoadedExecutable, inputs: &[HostArray]) -> Vec<HostArray> {
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

/// A function of tensors.
pub(crate) type Function = for<'t> fn(&'t Trace, &[Tensor<'t>]) -> Tensor<'t>;

/// The element types of tensors.
pub(crate) const DTYPES: [DType; 15] = [
    DType::Bool,
    DType::S8,
    DType::S16,
    DType::S32,
    DType::S64,
    DType::U8,
    DType::U16,
    DType::U32,
    DType::U64,
    DType::F8E4M3FN,
    DType::F8E5M2,
    DType::F16,
    DType::Bf16,
    DType::F32,
    DType::F64,
];

/// The element type of a tensor that StableHLO gives the name.
pub(crate) fn dtype(name: &str) -> DType {
    let named = DTYPES.into_iter().find(|dtype| dtype.name() == name);
    named.expect("the name of an element type")
}

/// An input for each array, of its type.
pub(crate) fn declare<'t>(t: &'t Trace, arrays: &[HostArray]) -> Vec<Tensor<'t>> {
    let input = |(i, array): (usize, &HostArray)| {
        t.input(&format!("x{i}"), dtype(array.dtype().name()), array.dims())
    };
    arrays.iter().enumerate().map(input).collect()
}

/// What a function has at arrays, row-major.
pub(crate) fn apply<T: Element>(inputs: &[HostArray], function: Function) -> Vec<T> {
    let results = evaluate(|t| t.output("y", function(t, &declare(t, inputs))), inputs);
    values(&results[0])
}

/// The mistake that a closure in the test file `source` makes on its line that says `// mistake`,
/// without the place.
pub(crate) fn mistake(source: &str, record: impl for<'t> FnOnce(&'t Trace)) -> String {
    let error = hlo::trace("mistake", record).expect_err("a mistake");
    let line = source.lines().nth(error.location.line() as usize - 1);
    assert!(line.is_some_and(|line| line.ends_with("// mistake")), "{error}\n{line:?}");
    let text = error.to_string();
    let place = format!("{}: ", error.location);
    text.strip_prefix(&place).expect("an error begins with its place").to_owned()
}

/// An array of the dimensions with the values in row-major order.
pub(crate) fn array<T: Element>(dims: &[usize], values: &[T]) -> HostArray {
    HostArray::from_slice(dims, values).expect("as many values as the dimensions take")
}

/// The values of an array in row-major order.
pub(crate) fn values<T: Element>(array: &HostArray) -> Vec<T> {
    array.as_slice().expect("the element type").to_vec()
}

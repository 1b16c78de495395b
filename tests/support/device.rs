//! The CPU plugin, to run programs on.

use hetxl::config::RuntimeConfig;
use hetxl::runtime::Runtime;
use pjrt::HostArray;

/// The CPU, with its plugin installed if the machine has none.
pub(crate) fn runtime() -> Runtime {
    let config = RuntimeConfig::default();
    Runtime::open(&config, &mut |step| eprintln!("{step}")).expect("a CPU plugin")
}

/// Compiles a program, runs it and reads its results.
pub(crate) fn run(program: &hlo::Program, inputs: &[HostArray]) -> Vec<HostArray> {
    let runtime = runtime();
    let executable = runtime.compile(program).expect("a program that compiles");
    let inputs: Vec<_> = inputs.iter().collect();
    let outputs = runtime.run(&executable, [], &inputs).expect("a program that runs");
    outputs.iter().map(|output| output.to_host().expect("a result")).collect()
}

//! Runs traced programs on eight devices of the CPU plugins: whole arrays are cut for them as the
//! program says, and what they return is put together.
#![allow(dead_code)] // each test file uses a part

use std::ops::Range;
use std::sync::OnceLock;

use hlo::{Mesh, Program, Shape, Sharding, Trace};
use pjrt::install::Environment;
use pjrt::{
    Client, ClientOptions, Code, CompileOptions, HostArray, Input, LoadedExecutable, Plugin,
};

use crate::support::{array, values};

/// A client of eight devices of each plugin.
pub(crate) fn clients() -> &'static [Client] {
    static CLIENTS: OnceLock<Vec<Client>> = OnceLock::new();
    CLIENTS.get_or_init(|| {
        let environment = Environment::from_process();
        let names: &[_] = if environment.plugin.is_some() {
            &["cpu"]
        } else {
            &["cpu", "cpu-zml", "cpu-openxla"]
        };
        let client = |name: &&str| {
            let found = environment.find_or_install(name, None, &mut |step| eprintln!("{step}"));
            let plugin = Plugin::load(found.expect("a plugin").path).expect("a plugin");
            plugin.client(&ClientOptions::new().cpu_devices(8)).expect("a client")
        };
        names.iter().map(client).collect()
    })
}

pub(crate) fn compile(client: &Client, program: &Program) -> LoadedExecutable {
    compile_code(client, program, Code::mlir(&program.text()))
}

/// Compiles a form of a program.
pub(crate) fn compile_code(client: &Client, program: &Program, code: Code<'_>) -> LoadedExecutable {
    let options = CompileOptions {
        partitions: program.mesh().map_or(1, Mesh::devices),
        replicas: program.replicas(),
        use_shardy: program.mesh().is_some(),
        ..Default::default()
    };
    let compiled = client.compile(code, &options);
    compiled.unwrap_or_else(|error| panic!("{error}\n{}", program.text()))
}

/// Runs a program with a mesh, or for one device, on whole arrays of `f64`; returns whole arrays.
pub(crate) fn run(
    executable: &LoadedExecutable,
    program: &Program,
    inputs: &[HostArray],
) -> Vec<Vec<f64>> {
    let devices = executable.devices();
    let part = |sharding: Option<&Sharding>, shape: Shape, device: usize| {
        let whole = || shape.iter().map(|&size| 0..size).collect();
        let mesh = program.mesh().zip(sharding);
        mesh.map_or_else(whole, |(mesh, sharding)| sharding.part(mesh, shape, device))
    };
    let arguments = devices.iter().enumerate().map(|(at, device)| {
        let cut = program.inputs().iter().zip(inputs).map(|(input, array)| {
            let cut = cut(array, &part(input.sharding(), input.shape(), at));
            Input::from(device.client().buffer(&cut, device).expect("a buffer"))
        });
        cut.collect()
    });
    let returned = executable.run_on_all(arguments.collect()).expect("a run");
    let join = |(i, output): (usize, &hlo::Output)| {
        let mut whole = vec![None; output.shape().elements()];
        for (at, results) in returned.iter().enumerate() {
            let ranges = part(output.sharding(), output.shape(), at);
            let places = places(&output.shape(), &ranges);
            let got = values::<f64>(&results[i].to_host().expect("an array"));
            assert_eq!(got.len(), places.len(), "the part that the sharding says");
            for (place, value) in places.into_iter().zip(got) {
                let copy: f64 = *whole[place].get_or_insert(value);
                assert!(copy == value, "copies differ: {copy} and {value}");
            }
        }
        whole.into_iter().map(|value| value.expect("a device has it")).collect()
    };
    program.outputs().iter().enumerate().map(join).collect()
}

/// The row-major positions of a part in an array of `dims`.
fn places(dims: &[usize], part: &[Range<usize>]) -> Vec<usize> {
    dims.iter().zip(part).fold(vec![0], |places, (size, range)| {
        let along = |place: usize| range.clone().map(move |i| place * size + i);
        places.into_iter().flat_map(along).collect()
    })
}

fn cut(whole: &HostArray, part: &[Range<usize>]) -> HostArray {
    let all = values::<f64>(whole);
    let dims: Vec<_> = part.iter().map(Range::len).collect();
    let places = places(whole.dims(), part);
    array(&dims, &places.into_iter().map(|place| all[place]).collect::<Vec<_>>())
}

pub(crate) fn traced(record: impl for<'t> FnOnce(&'t Trace)) -> Program {
    hlo::trace("test", record).unwrap_or_else(|error| panic!("{error}"))
}

/// What a program for one device returns.
pub(crate) fn evaluate_alone(
    record: impl for<'t> FnOnce(&'t Trace),
    inputs: &[HostArray],
) -> Vec<Vec<f64>> {
    let program = traced(record);
    run(&compile(&clients()[0], &program), &program, inputs)
}

/// What a program for several devices returns, on each plugin the same to the last bits.
pub(crate) fn evaluate(
    record: impl for<'t> FnOnce(&'t Trace),
    inputs: &[HostArray],
) -> Vec<Vec<f64>> {
    let program = traced(record);
    let mut all = clients().iter().map(|client| run(&compile(client, &program), &program, inputs));
    let first = all.next().expect("a plugin");
    for other in all {
        first.iter().zip(&other).for_each(|(first, other)| assert_near(first, other));
    }
    first
}

#[track_caller]
pub(crate) fn assert_near(got: &[f64], expected: &[f64]) {
    let near =
        |(got, expected): (&f64, &f64)| (got - expected).abs() <= 1e-12 * expected.abs().max(1.0);
    let equal = got.len() == expected.len() && got.iter().zip(expected).all(near);
    assert!(equal, "{got:?} {expected:?}");
}

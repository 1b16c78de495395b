//! Portable bytecode, as jaxlib and the plugins read it.

#[path = "support/jaxlib.rs"]
mod jaxlib;
#[path = "support/random_program.rs"]
mod random_program;

use hlo::DType::F32;
use hlo::{BytecodeError, Program, Trace, Version};
use pjrt::install::Environment;
use pjrt::{Client, ClientOptions, Code, CompileOptions, HostArray, Input, Plugin};
use random_program::random_program;

/// At least one for each version of MLIR's bytecode, and for each step in which operations were
/// spelled anew.
const VERSIONS: [Version; 11] = [
    Version::FIRST,
    Version::new(0, 10, 3),
    Version::new(0, 12, 0),
    Version::new(0, 14, 1),
    Version::new(0, 20, 8),
    Version::new(1, 1, 0),
    Version::new(1, 6, 0),
    Version::new(1, 9, 5),
    Version::new(1, 10, 0),
    Version::new(1, 13, 3),
    Version::LATEST,
];

fn program(record: impl for<'t> FnOnce(&'t Trace)) -> Program {
    hlo::trace("test", record).unwrap_or_else(|error| panic!("{error}"))
}

fn train_step() -> Program {
    program(|t| {
        let x = t.input("x", F32, [4, 3]);
        let w = t.input("head/kernel", F32, [3, 5]);
        let loss = -x.matmul(w).tanh().log_softmax(-1).mean(..);
        let [dw] = hlo::grad(loss, [w]);
        t.output("loss", loss);
        t.output_in_place(w, w - 0.1 * dw);
    })
}

#[test]
fn jaxlib_reads_the_module_that_the_text_is_at_every_version() {
    jaxlib::reads_as_text(VERSIONS.into_iter().map(|version| (train_step(), version)));
}

/// More programs are tried where `HETXL_RANDOM_PROGRAMS` says how many.
#[test]
fn jaxlib_reads_random_programs_as_it_reads_their_text() {
    let count = std::env::var("HETXL_RANDOM_PROGRAMS");
    let count = count.map_or(150, |count| count.parse().expect("a number of programs"));
    let version = |seed: u64| VERSIONS[(seed % VERSIONS.len() as u64) as usize];
    jaxlib::reads_as_text((0..count).map(|seed| (random_program(seed), version(seed))));
}

fn client(plugin: &str) -> Client {
    let environment = Environment::from_process();
    let found = environment.find_or_install(plugin, None, &mut |step| eprintln!("{step}"));
    let plugin = Plugin::load(found.expect("a plugin").path).expect("a plugin");
    plugin.client(&ClientOptions::new().cpu_devices(1)).expect("a client")
}

fn run(client: &Client, code: Code<'_>, inputs: &[HostArray]) -> Vec<HostArray> {
    let executable = client.compile(code, &CompileOptions::default()).expect("a valid program");
    let device = &client.devices()[0];
    let buffers = inputs.iter().map(|array| client.buffer(array, device).expect("a buffer"));
    let results = executable.run(buffers.map(Input::from).collect()).expect("a run");
    results.iter().map(|result| result.to_host().expect("an array")).collect()
}

/// The oldest plugin is of StableHLO 1.13.3.
#[test]
fn plugins_of_every_age_compute_from_bytecode_what_they_compute_from_text() {
    let program = train_step();
    let inputs = [
        HostArray::from_slice(&[4, 3], &(0..12).map(|i| i as f32 / 8.0).collect::<Vec<_>>()),
        HostArray::from_slice(&[3, 5], &(0..15).map(|i| 1.0 - i as f32 / 8.0).collect::<Vec<_>>()),
    ];
    let inputs = inputs.map(|array| array.expect("as many values as the dimensions take"));
    for plugin in ["cpu", "cpu-zml", "cpu-openxla"] {
        let client = client(plugin);
        let from_text = run(&client, Code::mlir(&program.text()), &inputs);
        for version in VERSIONS.into_iter().filter(|&it| it <= Version::new(1, 13, 3)) {
            let bytecode = program.bytecode(version).expect("nothing in it is newer");
            let from_bytecode = run(&client, Code::mlir(&bytecode), &inputs);
            assert_eq!(from_text, from_bytecode, "{plugin}, {version}");
        }
    }
}

#[test]
fn the_same_program_gives_the_same_bytes() {
    let version = Version::new(1, 0, 0);
    assert_eq!(train_step().bytecode(version), train_step().bytecode(version));
}

#[test]
fn a_version_that_bytecode_is_not_written_for_is_refused() {
    for got in [Version::new(0, 8, 9), Version::new(1, 18, 0)] {
        let refused = train_step().bytecode(got);
        assert_eq!(refused, Err(BytecodeError::Version { got }));
    }
    insta::assert_snapshot!(
        train_step().bytecode(Version::new(2, 0, 0)).unwrap_err(),
        @"portable bytecode is written for versions 0.9.0 to 1.17.0 of StableHLO, got 2.0.0; newer ones read what is written for 1.17.0"
    );
}

/// A program for eight devices, with everything that Shardy has a word for here.
fn marked() -> Program {
    program(|t| {
        t.mesh([("data", 4), ("model", 2)]);
        let x = t.input("x", F32, [8, 4]).sharded("data");
        let w = t.input("w", F32, [4, 6]).sharded("_, model");
        let y = x.matmul(w).tanh().sharded("data, ?");
        let (sum, y) = t.manual(.., (y, w), &["data+model", ""], &["", "data+model"], |(y, w)| {
            let z = y.matmul(w.transpose([1, 0]));
            (z.sum(..).psum("data+model"), z.all_gather("model", 0).psum_scatter("model", 0))
        });
        t.output("sum", sum);
        t.output("y", hlo::checkpoint(y, |y| y.exp()).sharded("data, model"));
    })
}

#[test]
fn marks_of_sharding_stand_in_bytecode_as_in_text() {
    let versions = VERSIONS.into_iter().filter(|&version| version >= Version::new(1, 11, 0));
    jaxlib::reads_as_text(versions.map(|version| (marked(), version)));
}

#[test]
fn a_version_without_marks_of_sharding_is_refused() {
    let got = Version::new(1, 10, 0);
    let refused = marked().bytecode(got);
    assert_eq!(refused, Err(BytecodeError::Mesh { needs: Version::new(1, 11, 0), got }));
}

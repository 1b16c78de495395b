//! Portable bytecode, as jaxlib and the plugins read it.

#[path = "support/jaxlib.rs"]
mod jaxlib;
#[path = "support/random_program.rs"]
mod random_program;

use hlo::DType::F32;
use hlo::{BytecodeError, CallConfig, CallValue, CustomCall, Program, Trace, Type, Version};
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

/// On a mesh: marks, a manual region with every collective, and its gradient.
fn on_a_mesh(t: &Trace) {
    t.mesh([("data", 4), ("model", 2)]);
    let x = t.input("x", F32, [8, 8]).sharded("data");
    let w = t.input("w", F32, [8, 8]).sharded("_, model");
    let y = t.manual(.., (x, w), &["data", "_, model"], &["data, model"], |(x, w)| {
        let y = x.matmul(w).tanh();
        let gathered =
            y.all_gather("model", 1).psum_scatter("model", 1).ppermute("data", &[(0, 1)]);
        let turned = gathered.all_to_all("model", 0, 1).all_to_all("model", 1, 0);
        turned * y.psum("data") + t.axis_index("model").to(F32)
    });
    let row = t.manual("data", y, &["data"], &[""], |y| y.sum(..).pmax("data"));
    let loss = (y * y).sharded("data+model, ?").sum(..) * row;
    t.output("y", y);
    t.output_in_place(w, w - hlo::grad(loss, w));
}

/// On replicas, which have no channels.
fn on_replicas(t: &Trace) {
    t.replicas(4);
    let x = t.input("x", F32, [8]);
    let groups = [[0, 2], [3, 1]];
    let y = x.psum(groups).psum_scatter(groups, 0).all_gather(groups, 0).all_to_all(groups, 0, 0);
    t.output("y", y.ppermute(groups, &[(1, 0)]) + t.replica_id().to(F32));
}

/// Calls of functions in both ways, with layouts and without.
fn with_calls(t: &Trace) {
    let x = t.input("x", F32, [2, 3]);
    let results = [Type { dtype: F32, shape: [3, 2].into() }];
    let mut call = CustomCall::new("somewhere.else");
    let plain = t.custom_call(&call, &[x], &results)[0];
    call.config = CallConfig::Text("{\"mode\": \"fast\"}".to_owned());
    call.layouts = Some((vec![vec![0, 1]], vec![vec![1, 0]]));
    call.has_side_effect = true;
    let laid_out = t.custom_call(&call, &[x], &results)[0];
    call.config = CallConfig::Values(vec![
        ("steps".to_owned(), CallValue::I64(4)),
        ("exact".to_owned(), CallValue::Bool(true)),
        ("small".to_owned(), CallValue::I32(-1)),
        ("mode".to_owned(), CallValue::Text("fast".to_owned())),
    ]);
    call.layouts = None;
    t.output("y", plain + laid_out + t.custom_call(&call, &[x], &results)[0]);
}

#[test]
fn jaxlib_reads_programs_for_several_devices_and_calls_of_functions() {
    let newer = |version: &Version| *version >= Version::new(1, 11, 0);
    let mesh = VERSIONS.into_iter().filter(newer).map(|version| (program(on_a_mesh), version));
    let replicas = VERSIONS.into_iter().map(|version| (program(on_replicas), version));
    let newer = |version: &Version| *version >= Version::new(1, 3, 0);
    let calls = VERSIONS.into_iter().filter(newer).map(|version| (program(with_calls), version));
    jaxlib::reads_as_text(mesh.chain(replicas).chain(calls));
}

#[test]
fn a_mesh_is_refused_in_bytecode_of_a_version_that_has_none() {
    let refused = program(on_a_mesh).bytecode(Version::new(1, 10, 0));
    insta::assert_snapshot!(refused.unwrap_err(), @"the mesh, and marks of sharding, need StableHLO 1.11.0, and 1.10.0 is asked for: write the program for 1.11.0 or newer");
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

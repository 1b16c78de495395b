//! Portable bytecode, as jaxlib and the plugins read it.

#[path = "support/devices.rs"]
mod devices;
#[path = "support/jaxlib.rs"]
mod jaxlib;
#[path = "support/random_program.rs"]
mod random_program;
mod support;

use hlo::DType::{F64, S32, U32, U64};
use hlo::random::Algorithm;
use hlo::{
    BytecodeError, CallConfig, CallLayouts, CallValue, CustomCall, GatherDimensions, Program,
    Trace, Version,
};
use pjrt::Code;
use random_program::random_program;
use support::array;

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
        let x = t.input("x", F64, [4, 3]);
        let w = t.input("head/kernel", F64, [3, 5]);
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
    jaxlib::reads_as_text((0..count).map(|seed| {
        let program = random_program(seed);
        let fits = program.bytecode(version(seed)).is_ok();
        (program, if fits { version(seed) } else { Version::LATEST })
    }));
}

/// The oldest plugin is of StableHLO 1.13.3.
const OLDEST_PLUGIN: Version = Version::new(1, 13, 3);

#[test]
fn plugins_of_every_age_compute_from_bytecode_what_they_compute_from_text() {
    let program = train_step();
    let inputs = [(0..12).map(f64::from).collect(), (0..15).map(|i| 1.0 - f64::from(i)).collect()];
    let shapes = [[4, 3], [3, 5]];
    let inputs: Vec<_> = inputs
        .iter()
        .zip(shapes)
        .map(|(values, shape): (&Vec<f64>, _)| array(&shape, values))
        .collect();
    for client in devices::clients() {
        let from_text = devices::run(&devices::compile(client, &program), &program, &inputs);
        for version in VERSIONS.into_iter().filter(|&version| version <= OLDEST_PLUGIN) {
            let bytecode = program.bytecode(version).expect("nothing in it is newer");
            let compiled = devices::compile_code(client, &program, Code::mlir(&bytecode));
            let from_bytecode = devices::run(&compiled, &program, &inputs);
            assert_eq!(from_text, from_bytecode, "{}, {version}", client.platform_version());
        }
    }
}

#[test]
fn marks_of_sharding_do_in_bytecode_what_they_do_in_text() {
    let program = marked();
    let numbers = |count: u32| (0..count).map(|i| f64::from(i) / 8.0).collect::<Vec<_>>();
    let inputs = [array(&[8, 4], &numbers(32)), array(&[4, 6], &numbers(24))];
    let bytecode = program.bytecode(OLDEST_PLUGIN).expect("nothing in it is newer");
    for client in devices::clients() {
        let from_text = devices::run(&devices::compile(client, &program), &program, &inputs);
        let compiled = devices::compile_code(client, &program, Code::mlir(&bytecode));
        assert_eq!(
            from_text,
            devices::run(&compiled, &program, &inputs),
            "{}",
            client.platform_version()
        );
    }
}

#[test]
fn plugins_of_every_age_take_random_programs() {
    for client in devices::clients() {
        for seed in 0..4 {
            let program = random_program(seed);
            let bytecode = program.bytecode(OLDEST_PLUGIN).expect("nothing in it is newer");
            devices::compile_code(client, &program, Code::mlir(&bytecode));
        }
    }
}

/// What random programs have none of.
fn rare() -> Program {
    program(|t| {
        t.replicas(4);
        let x = t.input("x", F64, [4, 8]);
        let pairs = || vec![vec![0, 1], vec![2, 3]];
        let gathered = x.psum(pairs()).pmax(..).all_gather(pairs(), 1);
        let parts = gathered.psum_scatter(pairs(), 1).all_to_all(.., 0, 1);
        t.output("parts", parts.ppermute(pairs(), &[(0, 1)]));
        t.output("replica", t.replica_id());
        let call = CustomCall {
            config: CallConfig::Text("as \"it\" likes".to_owned()),
            has_side_effect: true,
            layouts: Some(CallLayouts {
                operands: vec![vec![0, 1], vec![]],
                results: vec![vec![1, 0]],
            }),
            ..CustomCall::new("f")
        };
        let number = t.constant(1, S32);
        t.output("called", t.custom_call(&call, &[x, number], &[x.ty()])[0]);
        let state = t.input("state", U64, [2]);
        for algorithm in [Algorithm::Default, Algorithm::ThreeFry, Algorithm::Philox] {
            let [_, bits] = state.rng_bit_generator(algorithm, U32, [5]);
            t.output(&format!("{algorithm:?}"), bits);
        }
    })
}

/// What needs StableHLO 1.4.
fn newer() -> Program {
    program(|t| {
        let x = t.input("x", F64, [4]);
        let values = [
            ("yes", CallValue::Bool(true)),
            ("many", CallValue::I32(-1)),
            ("more", CallValue::I64(i64::MIN)),
            ("it", CallValue::Text("é".to_owned())),
        ];
        let values = values.map(|(name, value)| (name.to_owned(), value));
        let call = CustomCall { config: CallConfig::Values(values.into()), ..CustomCall::new("f") };
        t.output("called", t.custom_call(&call, &[x.tan()], &[x.ty()])[0]);
    })
}

#[test]
fn jaxlib_reads_what_is_rare_as_it_reads_the_text() {
    jaxlib::reads_as_text(VERSIONS.into_iter().map(|version| (rare(), version)));
    let versions = VERSIONS.into_iter().filter(|&version| version >= Version::new(1, 4, 0));
    jaxlib::reads_as_text(versions.map(|version| (newer(), version)));
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
        t.mesh(&[("data", 4), ("model", 2)]);
        let x = t.input("x", F64, [8, 4]).sharded("data");
        let w = t.input("w", F64, [4, 6]).sharded("_, model");
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

#[test]
fn what_a_version_lacks_is_refused_with_the_line_that_asked_for_it() {
    let rows = |t: &'_ Trace| {
        let (x, i) = (t.input("x", F64, [2, 3]), t.input("i", S32, [2]));
        let dimensions = GatherDimensions {
            collapsed_slice_dims: vec![1],
            operand_batching_dims: vec![0],
            start_indices_batching_dims: vec![0],
            start_index_map: vec![1],
            index_vector_dim: 1,
            ..GatherDimensions::default()
        };
        t.output("y", x.gather(i, dimensions, [1, 1])); // refused
    };
    let program = program(rows);
    let got = Version::new(1, 0, 5);
    let refused = program.bytecode(got).unwrap_err();
    let BytecodeError::Operation { location, needs, .. } = refused else { panic!("{refused}") };
    let line = include_str!("bytecode.rs").lines().nth(location.line() as usize - 1);
    assert!(line.is_some_and(|line| line.ends_with("// refused")), "{refused}");
    let message = refused.to_string();
    let place = format!("{location}: ");
    insta::assert_snapshot!(
        message.strip_prefix(&place).unwrap(),
        @"gather with `operand_batching_dims` needs StableHLO 1.1.0, and 1.0.5 is asked for: write the program for 1.1.0 or newer"
    );
    assert!(program.bytecode(needs).is_ok());
}

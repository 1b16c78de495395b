//! Portable bytecode, as jaxlib and the plugins read it.

#[path = "support/jaxlib.rs"]
mod jaxlib;
#[path = "support/random_program.rs"]
mod random_program;

use hlo::DType::F32;
use hlo::{Program, Trace, Version};
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

#[test]
fn jaxlib_reads_the_module_that_the_text_is_at_every_version() {
    let program = || {
        program(|t| {
            let x = t.input("head/loc", F32, [4, 3]);
            let w = t.input("w", F32, [3, 5]);
            let y = x.matmul(w).tanh();
            t.output("loss", y.log_softmax(-1).mean(..));
            t.output_in_place(x, x * 2.0 + 1.0);
        })
    };
    jaxlib::reads_as_text(VERSIONS.iter().map(|&version| (program(), version)));
}

/// More programs are tried where `HETXL_RANDOM_PROGRAMS` says how many.
#[test]
fn jaxlib_reads_random_programs_as_it_reads_their_text() {
    let count = std::env::var("HETXL_RANDOM_PROGRAMS");
    let count = count.map_or(150, |count| count.parse().expect("a number of programs"));
    let version = |seed: u64| VERSIONS[(seed % VERSIONS.len() as u64) as usize];
    jaxlib::reads_as_text((0..count).map(|seed| (random_program(seed), version(seed))));
}

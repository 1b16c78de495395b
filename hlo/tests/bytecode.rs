//! Portable bytecode, as jaxlib and the plugins read it.

#[path = "support/jaxlib.rs"]
mod jaxlib;

use hlo::DType::{self, *};
use hlo::{Program, Trace, Version};

const VERSIONS: [Version; 9] = [
    Version::FIRST,
    Version::new(0, 10, 3),
    Version::new(0, 12, 0),
    Version::new(0, 14, 1),
    Version::new(0, 15, 0),
    Version::new(1, 0, 0),
    Version::new(1, 6, 0),
    Version::new(1, 9, 5),
    Version::LATEST,
];

fn program(record: impl for<'t> FnOnce(&'t Trace)) -> Program {
    hlo::trace("test", record).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn jaxlib_reads_the_module_that_the_text_is_at_every_version() {
    let make = || {
        program(|t| {
            let x = t.input("head/loc", F32, [4, 3]);
            let w = t.input("w", F32, [3, 5]);
            let y = x.matmul(w).tanh();
            t.output("loss", y.log_softmax(-1).mean(..));
            t.output_in_place(x, x * 2.0 + 1.0);
        })
    };
    let programs: Vec<_> = VERSIONS.iter().map(|&version| (make(), version)).collect();
    jaxlib::reads_as_text(&programs);
}

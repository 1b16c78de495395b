//! Every numbered example runs.

#[path = "../examples/01_run_a_program.rs"]
mod run_a_program;

#[path = "../examples/02_gradients.rs"]
mod gradients;

#[path = "../examples/03_train_a_classifier.rs"]
mod train_a_classifier;

#[path = "../examples/04_train_a_transformer.rs"]
mod train_a_transformer;

#[path = "../hlo/tests/support/jaxlib.rs"]
mod jaxlib;

use hetxl::config::Config;
use hetxl::train::{dataset, programs};
use hlo::Version;

#[test]
fn a_program_is_traced_compiled_and_run() {
    run_a_program::main().unwrap();
}

#[test]
fn a_line_is_fitted_by_gradient_descent() {
    gradients::main().unwrap();
}

#[test]
fn a_classifier_is_trained_from_rust() {
    train_a_classifier::main().unwrap();
}

#[test]
fn a_transformer_is_trained_from_rust() {
    train_a_transformer::main().unwrap();
}

#[test]
fn jaxlib_reads_the_programs_of_the_examples_as_text_and_as_bytecode() {
    let config = Config::parse(train_a_classifier::CONFIG, &[]).unwrap();
    let classifier = programs(&config, &dataset(&config.data).unwrap()).unwrap();
    let all = || {
        [
            run_a_program::softmax(),
            gradients::step(),
            classifier.init(),
            classifier.train_step(32),
            classifier.eval_step(32),
            classifier.predict(32),
            train_a_transformer::init(),
            train_a_transformer::step(),
        ]
        .map(Result::unwrap)
    };
    let versions = [Version::FIRST, Version::LATEST].into_iter();
    jaxlib::reads_as_text(versions.flat_map(|version| all().map(|program| (program, version))));
}

#[test]
fn no_example_is_left_out() {
    let examples = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/examples")).unwrap();
    let names = examples.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.filter(|name| name.ends_with(".rs")).collect();
    names.sort();
    let here = include_str!("examples.rs");
    assert!(!names.is_empty());
    for name in names {
        assert!(here.contains(&format!("\"../examples/{name}\"")), "{name} is run by no test");
    }
}

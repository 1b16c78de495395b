//! Every numbered example runs.

#[path = "../examples/01_run_a_program.rs"]
mod run_a_program;

#[path = "../examples/02_gradients.rs"]
mod gradients;

#[path = "../examples/03_train_a_classifier.rs"]
mod train_a_classifier;

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

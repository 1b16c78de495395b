//! Every numbered example runs. Slow where libtpu has yet to be installed: about 138 MB.

use std::sync::OnceLock;

use pjrt::install::Environment;

#[path = "../examples/01_run_a_program.rs"]
mod run_a_program;

#[path = "../examples/02_gradients.rs"]
mod gradients;

#[path = "../examples/03_train_a_classifier.rs"]
mod train_a_classifier;

#[path = "../examples/04_eight_cpu_devices.rs"]
mod eight_cpu_devices;

#[path = "../examples/05_compile_for_tpu_v3.rs"]
mod compile_for_tpu_v3;

#[path = "../examples/06_profile_a_compilation.rs"]
mod profile_a_compilation;

/// Whether there is libtpu. It is loaded before any other plugin has threads, since its loading
/// changes the environment: every test waits for this.
fn libtpu() -> bool {
    static LOADED: OnceLock<bool> = OnceLock::new();
    *LOADED.get_or_init(|| {
        let environment = Environment { plugin: None, ..Environment::from_process() };
        match environment.find_or_install("tpu", None, &mut |step| eprintln!("{step}")) {
            Ok(found) => pjrt::Plugin::load(found.path).is_ok(),
            Err(reason) => {
                println!("skipped: no plugin for TPUs: {reason}");
                false
            }
        }
    })
}

#[test]
fn a_program_is_traced_compiled_and_run() {
    libtpu();
    run_a_program::main().unwrap();
}

#[test]
fn a_line_is_fitted_by_gradient_descent() {
    libtpu();
    gradients::main().unwrap();
}

#[test]
fn a_classifier_is_trained_from_rust() {
    libtpu();
    train_a_classifier::main().unwrap();
}

#[test]
fn eight_devices_share_a_sum() {
    libtpu();
    eight_cpu_devices::main().unwrap();
}

#[test]
fn a_program_is_compiled_for_tpus_that_are_not_there() {
    if libtpu() {
        compile_for_tpu_v3::main().unwrap();
    }
}

#[test]
fn a_compilation_is_recorded() {
    if libtpu() {
        profile_a_compilation::main().unwrap();
    }
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

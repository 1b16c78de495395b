//! Every numbered example runs.

#[path = "../examples/01_run_a_program.rs"]
mod run_a_program;

#[path = "../examples/02_gradients.rs"]
mod gradients;

#[path = "../examples/03_train_a_classifier.rs"]
mod train_a_classifier;

#[path = "../examples/04_train_a_transformer.rs"]
mod train_a_transformer;

#[path = "../examples/05_compile_for_a_tpu.rs"]
#[allow(dead_code)] // `main` reads the arguments of a process
mod compile_for_a_tpu;

#[path = "../hlo/tests/support/jaxlib.rs"]
mod jaxlib;

use std::sync::Arc;

use hetxl::ahead_of_time::Target;
use hetxl::config::Config;
use hetxl::data::{Dataset, Order, Share};
use hetxl::runtime::Runtime;
use hetxl::state::{TrainState, seed_array};
use hetxl::train::programs;
use hlo::Version;
use pjrt::HostArray;

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
fn a_step_is_the_same_in_the_order_of_the_papers_code_and_part_by_part() {
    for kind in ["het", "het-xl"] {
        let overrides = [format!("model.head.kind={kind}"), "train.batch_size=32".to_owned()];
        let config = Config::parse(train_a_classifier::CONFIG, &overrides).unwrap();
        compile_for_a_tpu::compare(&config, &Target::Cpu).unwrap();

        let data = Arc::new(Dataset::open(&config.data).unwrap());
        let programs = programs(&config, &data).unwrap();
        let runtime = Runtime::open(&config.runtime, &mut |step| eprintln!("{step}")).unwrap();
        let order = Order { batch: 32, seed: 0, start: 0, share: Share::ALL };
        let batch = data.batches(order).unwrap().next().unwrap().unwrap();
        let scalars =
            [HostArray::scalar(0u32), HostArray::scalar(1e-3f32), HostArray::scalar(0f32)];
        let arrays = [batch.inputs, batch.labels, seed_array(1)].into_iter().chain(scalars);
        let arrays: Vec<_> = arrays.map(|array| runtime.buffer(&array).unwrap()).collect();
        let [naive, streamed] = compile_for_a_tpu::steps(&config).unwrap().map(|step| {
            let step = runtime.compile(&step).unwrap();
            let mut state = TrainState::init(&runtime, &programs, 1).unwrap();
            let made = state.advance(&step, [arrays.iter().map(Into::into).collect()]).unwrap();
            let number = |at: usize| made[at].to_host().unwrap().item::<f32>().unwrap();
            // The loss, and the norm of its gradient.
            [number(0), number(1)]
        });
        for (naive, streamed) in naive.into_iter().zip(streamed) {
            assert!((naive - streamed).abs() <= 1e-5 * naive, "{kind}: {naive} and {streamed}");
        }
    }
}

#[test]
fn jaxlib_reads_the_programs_of_the_examples_as_text_and_as_bytecode() {
    let config = Config::parse(train_a_classifier::CONFIG, &[]).unwrap();
    let classifier = programs(&config, &Dataset::open(&config.data).unwrap()).unwrap();
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

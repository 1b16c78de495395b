//! The training step beside its loss: the optimiser, batches in parts, what is frozen, running means,
//! and what is told of numbers that aren't finite.

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::num::NonZeroUsize;

use hetxl::checkpoint::{Checkpoint, Tensors};
use hetxl::model::head::{Det, Heteroscedastic};
use hetxl::model::{HeadConfig, Loss, Mlp, Model, Trunk};
use hetxl::optimizer::{Adam, AdamInputs, Moments, running_mean};
use hetxl::programs::{Compute, Programs};
use hetxl::runtime::Runtime;
use hetxl::state::{TrainState, seed_array};
use hlo::DType;
use pjrt::{HostArray, Input};
use support::{Workplace, device};

const BATCH: usize = 16;
const FEATURES: usize = 12;
const CLASSES: usize = 7;

/// A small model with noise and what a trunk drops.
fn programs(hidden: usize) -> Programs {
    let trunk = Trunk::Mlp(Mlp { hidden: vec![hidden, hidden], dropout: 0.25 });
    let head =
        HeadConfig::HetXl(Heteroscedastic { factors: 2, samples: 3, ..Heteroscedastic::default() });
    Programs::new(Model { trunk, head, features: FEATURES, classes: CLASSES })
}

fn with_head(programs: Programs, head: HeadConfig) -> Programs {
    Programs { model: Model { head, ..programs.model.clone() }, ..programs }
}

/// Deterministic numbers around 0 that have no structure.
fn scattered(count: usize) -> Vec<f32> {
    let number = |i| hlo::random::threefry2x32([1, 2], [0, i])[0];
    (0..count as u32).map(|i| number(i) as f32 / 2f32.powi(31) - 1.0).collect()
}

fn batch(programs: &Programs) -> [HostArray; 2] {
    let inputs = HostArray::from_slice(&[BATCH, FEATURES], &scattered(BATCH * FEATURES));
    let label = |example: usize, i: usize| match i {
        // Some have none, some one, some two.
        i if i >= example % 3 && programs.max_labels.is_some() => -1,
        i => ((3 * example + 2 * i) % CLASSES) as i32,
    };
    let count = programs.max_labels.unwrap_or(1);
    let labels: Vec<_> =
        (0..BATCH).flat_map(|example| (0..count).map(move |i| (example, i))).collect();
    let labels: Vec<_> = labels.into_iter().map(|(example, i)| label(example, i)).collect();
    let dims = [BATCH, count];
    let dims = if programs.max_labels.is_some() { &dims[..] } else { &dims[..1] };
    [inputs.unwrap(), HostArray::from_slice(dims, &labels).unwrap()]
}

/// Steps on the same batch at a rate that moves parameters: the state by name, and for each step what
/// else it returns by name.
fn steps(
    runtime: &Runtime,
    programs: &Programs,
    inputs: &[HostArray; 2],
    count: u32,
) -> (BTreeMap<String, HostArray>, Vec<BTreeMap<String, HostArray>>) {
    let program = programs.train_step(BATCH).unwrap();
    let executable = runtime.compile(&program).unwrap();
    let mut state = TrainState::init(runtime, programs, 5).unwrap();
    let names = program.outputs()[programs.state().len()..].iter().map(|it| it.name().to_owned());
    let names: Vec<_> = names.collect();
    let returned = (0..count).map(|step| {
        let rest = [
            seed_array(5),
            HostArray::scalar(step),
            HostArray::scalar(0.01f32),
            HostArray::scalar(0.001f32),
        ];
        let given = inputs.iter().chain(&rest);
        let given = given.map(|array| runtime.buffer(array).map(Input::from));
        let given = given.collect::<Result<Vec<_>, _>>().unwrap();
        let rest = state.advance(&executable, [given]).unwrap();
        let host = rest.iter().map(|it| it.to_host().unwrap());
        names.iter().cloned().zip(host).collect()
    });
    let returned = returned.collect();
    let (parameters, optimizer) = state.to_host(programs).unwrap();
    (parameters.into_iter().chain(optimizer).collect(), returned)
}

fn number(of_step: &BTreeMap<String, HostArray>, name: &str) -> f32 {
    of_step[name].item().unwrap()
}

/// The largest difference between arrays, relative to the largest number of each.
fn difference(one: &BTreeMap<String, HostArray>, other: &BTreeMap<String, HostArray>) -> f32 {
    assert!(one.keys().eq(other.keys()));
    let of_array = |(one, other): (&HostArray, &HostArray)| {
        let (one, other) = (one.as_slice::<f32>().unwrap(), other.as_slice::<f32>().unwrap());
        let scale = one.iter().fold(1e-30f32, |most, it| most.max(it.abs()));
        let off = one.iter().zip(other).map(|(one, other)| (one - other).abs());
        off.fold(0.0, f32::max) / scale
    };
    one.values().zip(other.values()).map(of_array).fold(0.0, f32::max)
}

/// The numbers are those of `tests/data/adamw.py`, run with optax 0.2.8 and jax 0.10.2.
#[test]
fn five_steps_are_those_of_optax_with_a_mask_a_clip_and_running_means() {
    let adam =
        Adam { clip_global_norm: Some(1.0), no_decay: vec!["*bias".to_owned()], ..Adam::default() };
    let (shapes, rates) = ([vec![3], vec![2, 3]], [0.01, 0.03, 0.05, 0.04, 0.02]);
    let program = hlo::trace("five_steps", |t| {
        let input = |name: &str, shape: &Vec<usize>| t.input(name, DType::F64, &shape[..]);
        let names = ["bias", "kernel"];
        let mut params: Vec<_> =
            names.iter().zip(&shapes).map(|(it, dims)| input(it, dims)).collect();
        let zeros = |shape: &Vec<usize>| t.full(0.0, DType::F64, &shape[..]);
        let none = |shape| Moments { first: zeros(shape), second: zeros(shape) };
        let mut moments: Vec<_> = shapes.iter().map(none).collect();
        let mut means: Vec<_> = shapes.iter().map(zeros).collect();
        for (step, rate) in rates.into_iter().enumerate() {
            let gradients: Vec<_> = (names.iter().zip(&shapes))
                .map(|(name, shape)| input(&format!("{name}_{step}"), shape))
                .collect();
            let squares: Vec<_> = gradients.iter().map(|&it| (it * it).sum(..)).collect();
            let (_, gradients) = adam.clip(&gradients, &squares);
            let inputs = AdamInputs {
                step: t.constant(step as u32, DType::U32),
                learning_rate: t.constant(rate, DType::F64),
                decay: t.constant(adam.decay(rate), DType::F64),
            };
            for i in 0..2 {
                let new = adam.update(names[i], inputs, params[i], gradients[i], moments[i]);
                (params[i], moments[i]) = (new.param, new.moments);
                means[i] = running_mean(0.75, inputs.step, means[i], params[i]);
            }
        }
        for (i, name) in names.iter().enumerate() {
            t.output(&format!("param_{name}"), params[i]);
            t.output(&format!("mean_{name}"), means[i]);
        }
    });
    let param = |count: usize| (0..count).map(|i| ((i % 5) as f64 - 2.0) / 8.0).collect::<Vec<_>>();
    let gradient = |count: usize, step: usize| {
        let scale = if step == 2 { 0.1 } else { 1.0 };
        let one = |i| (((7 * i + 3 * step) % 11) as f64 - 5.0) / 4.0 * scale;
        (0..count).map(one).collect::<Vec<_>>()
    };
    let array = |values: Vec<f64>| match values.len() {
        3 => HostArray::from_slice(&[3], &values).unwrap(),
        _ => HostArray::from_slice(&[2, 3], &values).unwrap(),
    };
    let gradients = (0..5).flat_map(|step| [array(gradient(3, step)), array(gradient(6, step))]);
    let given: Vec<_> = [array(param(3)), array(param(6))].into_iter().chain(gradients).collect();
    let results = device::run(&program.unwrap(), &given);
    let expected: [&[f64]; 4] = [
        &[-0.1677061165741721, -0.22797411939867737, 0.040376169032360465],
        &[-0.185279267094829, -0.1999557786568119, 0.02636201881980495],
        &[
            -0.16462637284078205,
            -0.22543471959385045,
            0.04015237013315116,
            0.09119302484812288,
            0.1639497120672498,
            -0.15962040558024918,
        ],
        &[
            -0.18306353582523247,
            -0.1982702813620529,
            0.026223242253855392,
            0.09797865880516198,
            0.18488978703478395,
            -0.18719486262981422,
        ],
    ];
    for (result, expected) in results.iter().zip(expected) {
        for (got, expected) in result.as_slice::<f64>().unwrap().iter().zip(expected) {
            assert!((got - expected).abs() < 1e-13, "{got} and {expected}");
        }
    }
}

#[test]
fn a_batch_in_parts_makes_the_step_of_the_whole() {
    let runtime = device::runtime();
    let one_label = programs(8);
    let several = Programs { max_labels: Some(2), ..programs(8) };
    let several_labels =
        with_head(several, HeadConfig::Det(Det { loss: Loss::Sigmoid, ..Det::default() }));
    for whole in [one_label, several_labels] {
        let max_labels = whole.max_labels;
        let inputs = batch(&whole);
        let parts = Programs { accumulate: NonZeroUsize::new(4).unwrap(), ..whole.clone() };
        let [(whole, of_whole), (parts, of_parts)] =
            [&whole, &parts].map(|programs| steps(&runtime, programs, &inputs, 3));
        let differ = difference(&whole, &parts);
        assert!(differ < 1e-4, "with labels {max_labels:?} states differ by {differ}");
        for (whole, parts) in of_whole.iter().zip(&of_parts) {
            let [whole, parts] = [whole, parts].map(|it| number(it, "loss"));
            // With the noise of other places the loss is off by a hundredth.
            assert!((whole - parts).abs() < 1e-5 * whole.abs(), "{whole} and {parts}");
        }
    }
}

#[test]
fn a_batch_in_eight_parts_takes_a_fraction_of_the_memory() {
    let runtime = device::runtime();
    let temporaries = |parts: usize| {
        let accumulate = NonZeroUsize::new(parts).unwrap();
        let programs = with_head(programs(128), HeadConfig::Det(Det::default()));
        let programs = Programs { accumulate, ..programs };
        let executable = runtime.compile(&programs.train_step(8192).unwrap()).unwrap();
        executable.memory_stats().unwrap().temp_bytes
    };
    let (whole, parts) = (temporaries(1), temporaries(8));
    // What it takes is activations, but for gradients of some 120 kB.
    assert!(parts * 4 < whole, "{whole} bytes at once, {parts} in eight parts");
}

#[test]
fn frozen_parameters_stay_and_have_no_state() {
    let runtime = device::runtime();
    let mut programs = with_head(programs(8), HeadConfig::Det(Det::default()));
    programs.optimizer.frozen = vec!["trunk/dense_0/*".to_owned(), "*/bias".to_owned()];
    let frozen = |name: &str| name.starts_with("trunk/dense_0/") || name.ends_with("/bias");
    let (state, _) = steps(&runtime, &programs, &batch(&programs), 3);
    let (before, _) = steps(&runtime, &programs, &batch(&programs), 0);
    let params = programs.model.params();
    assert!(params.iter().any(|spec| frozen(&spec.name)));
    for name in params.iter().map(|spec| &spec.name) {
        assert_eq!(state[name] == before[name], frozen(name), "{name}");
        for moment in ["adam/m", "adam/v"] {
            assert_eq!(state.contains_key(&format!("{moment}/{name}")), !frozen(name), "{name}");
        }
    }
}

/// A run with means, and one without that has the means for parameters.
#[test]
fn evaluation_and_prediction_go_with_running_means() {
    let work = Workplace::quick();
    let every = "-s train.checkpoint_every=1 -s train.keep=3 -s schedule.warmup_start=0.01";
    work.succeed(&format!("train small.toml --run-dir r {every} --steps 3 -s optimizer.ema=0.75"));
    let load =
        |step: u64| Checkpoint::load(&work.path(&format!("r/checkpoints/{step:08}"))).unwrap();
    let checkpoints = [1, 2, 3].map(load);
    let means = checkpoints[2].clone().predicting();
    // The mean of the parameters after each step, with weights in the ratio 0.75² : 0.75 : 1.
    for (name, mean) in &means {
        let of = checkpoints.each_ref().map(|it| it.parameters[name].as_slice::<f32>().unwrap());
        for (i, mean) in mean.as_slice::<f32>().unwrap().iter().enumerate() {
            let [one, two, three] = of.map(|values| f64::from(values[i]));
            let expected = (0.5625 * one + 0.75 * two + three) / 2.3125;
            assert!((f64::from(*mean) - expected).abs() < 1e-6, "{name}: {mean} and {expected}");
        }
    }

    work.succeed(&format!("train small.toml --run-dir plain {every} --steps 3"));
    fs::remove_dir_all(work.path("plain/checkpoints")).unwrap();
    let [_, _, last] = checkpoints;
    let raw = Checkpoint { parameters: last.parameters.clone(), ..last.clone() };
    raw.save(&work.path("plain/checkpoints")).unwrap();
    let metrics =
        |run: &str| work.json(&format!("eval {run} --split validation --json"))["metrics"].clone();
    let (with_means, with_raw) = (metrics("r"), metrics("plain"));
    assert_ne!(with_means, with_raw);
    Checkpoint { parameters: means, ..last }.save(&work.path("plain/checkpoints")).unwrap();
    assert_eq!(with_means, metrics("plain"));

    // Resuming goes on with both.
    let five = format!("train small.toml {every} --steps 5 -s optimizer.ema=0.75");
    work.succeed(&format!("{five} --run-dir whole"));
    work.succeed(&format!("{five} --run-dir r --resume"));
    let at_5 =
        |run: &str| Checkpoint::load(&work.path(&format!("{run}/checkpoints/00000005"))).unwrap();
    let (whole, resumed) = (at_5("whole"), at_5("r"));
    assert_eq!((whole.parameters, whole.optimizer), (resumed.parameters, resumed.optimizer));
}

#[test]
fn a_trunk_in_bf16_is_near_and_its_weights_stay_f32() {
    let runtime = device::runtime();
    let exact = programs(8);
    let rounded = Programs { compute: Compute::Bf16, ..exact.clone() };
    let text = rounded.train_step(BATCH).unwrap().text();
    let product = |line: &&str| line.contains("dot_general") && line.contains("xbf16>");
    assert!(
        text.lines().filter(product).count() >= 4,
        "products of both layers, in both directions"
    );
    let inputs = batch(&exact);
    let [(exact, of_exact), (rounded, of_rounded)] =
        [&exact, &rounded].map(|programs| steps(&runtime, programs, &inputs, 3));
    for (exact, rounded) in of_exact.iter().zip(&of_rounded) {
        let [exact, rounded] = [exact, rounded].map(|it| number(it, "loss"));
        let off = (exact - rounded).abs() / exact;
        assert!(0.0 < off && off < 0.01, "{exact} and {rounded}");
    }
    // Numbers of eight bits would be off by up to 0.4 % of themselves, and these are not rounded.
    let kernel = |state: &Tensors| state["trunk/dense_0/kernel"].clone();
    let (exact, rounded) = (kernel(&exact), kernel(&rounded));
    let bits = rounded.as_slice::<f32>().unwrap().iter().map(|it| it.to_bits() & 0xFFFF);
    assert!(bits.clone().any(|low| low != 0));
    let pairs = exact.as_slice::<f32>().unwrap().iter().zip(rounded.as_slice::<f32>().unwrap());
    let off = pairs.map(|(exact, rounded)| (exact - rounded).abs()).fold(0.0, f32::max);
    assert!(off < 0.07, "three steps of 0.01 take weights {off} apart");
}

#[test]
fn the_first_number_of_the_reverse_pass_that_is_not_finite_is_told() {
    let runtime = device::runtime();
    let mut programs = with_head(programs(8), HeadConfig::Det(Det::default()));
    programs.model.trunk = Trunk::Mlp(Mlp { hidden: vec![8], dropout: 0.0 });
    let [inputs, labels] = batch(&programs);
    let told = |by: f32| {
        let values: Vec<_> = inputs.as_slice::<f32>().unwrap().iter().map(|it| it * by).collect();
        let inputs = HostArray::from_slice(inputs.dims(), &values).unwrap();
        let (_, returned) = steps(&runtime, &programs, &[inputs, labels.clone()], 1);
        let place = returned[0]["not_finite"].item::<i32>().unwrap();
        let what = programs.watched_for_finiteness();
        (usize::try_from(place).ok().map(|place| what[place].clone()), number(&returned[0], "loss"))
    };
    // The head's kernel is 0 at first: every class has the same logit, whatever the inputs are, and
    // no gradient reaches the trunk. The kernel's own grows with them, and with it their square.
    let even = (CLASSES as f32).ln();
    for (by, expected) in [(1.0, None), (1e30, Some("the gradient of head/loc/kernel"))] {
        let (what, loss) = told(by);
        assert!((loss - even).abs() < 1e-5, "{loss}");
        assert_eq!(what.as_deref(), expected);
    }
    let (what, loss) = told(f32::INFINITY);
    assert!(!loss.is_finite(), "{loss}");
    assert_eq!(what.as_deref(), Some("the loss"));
}

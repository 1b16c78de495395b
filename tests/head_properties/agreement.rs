//! A head in parts is the head as a whole, however it is cut.

use hetxl::model::Loss;
use hetxl::model::head::{DiagNoise, Draws, Noise, Plan};
use hlo::DType::{self, F32, F64, U32};
use hlo::random::Key;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use crate::case::{Case, Factors, Inputs, Kind, Shape, Target, difference, naive, streamed};
use crate::device::{Device, Recorder};

/// How many cases share a program at most: each program costs time of its own.
const TOGETHER: usize = 8;

/// The largest relative error, in either type.
fn allowed(dtype: DType) -> f64 {
    if dtype == F64 { 1e-10 } else { 1e-5 }
}

/// What examples are labelled with where it isn't one class: programs are the same for both.
const TARGETS: &[Target] = &[Target::MultiHot, Target::Soft];

/// Every kind of head for a loss, but for what [`cases`] draws.
fn kinds(loss: Loss) -> Vec<Kind> {
    let (target, learned) = (Target::Class, true);
    let mut kinds = vec![];
    for factors in [Factors::None, Factors::Full, Factors::Efficient, Factors::EfficientWithBias] {
        for diag_noise in [DiagNoise::Scalar, DiagNoise::Independent] {
            for shared in [false, true] {
                kinds.push(Kind { loss, target, factors, diag_noise, learned, shared });
            }
        }
    }
    kinds
}

fn shapes() -> impl Strategy<Value = Shape> {
    (1..=7usize, 1..=6usize, 1..=30usize, 1..=4usize, 1..=9usize).prop_map(
        |(batch, width, classes, rank, samples)| Shape { batch, width, classes, rank, samples },
    )
}

/// Parts of the shapes, which more often than not leave a remainder.
fn plans() -> impl Strategy<Value = Plan> {
    (1..=8usize, 1..=31usize, any::<bool>()).prop_map(|(examples, classes, keep)| Plan {
        examples,
        classes,
        keep,
    })
}

/// A case of a kind, with labels of one of these sorts, and the temperature learned or not.
fn cases(kind: Kind, targets: &'static [Target]) -> impl Strategy<Value = Case> {
    let kinds = (prop::sample::select(targets), any::<bool>())
        .prop_map(move |(target, learned)| Kind { target, learned, ..kind });
    let dtype = prop_oneof![Just(F64), Just(F32)];
    (kinds, shapes(), plans(), dtype, any::<u32>()).prop_map(|(kind, shape, plan, dtype, seed)| {
        Case { kind, shape, plan, dtype, scale: 1.0, shift: 0.0, seed }
    })
}

/// What a program records of a case, under a name that tells it from other cases'.
type Record<'a, T> = &'a dyn Fn(&mut Recorder<'_, '_>, &str, &T);

/// Records one of each strategy, all in one program, and compares what was put out as each of
/// `parts` with what was put out `as a whole`. Of one that fails the smallest like it is told.
fn agree<S: Strategy>(
    strategies: impl IntoIterator<Item = S>,
    record: Record<'_, S::Value>,
    dtype: impl Fn(&S::Value) -> DType,
    parts: &[&str],
) {
    let device = Device::open();
    let run = |all: &[S::Value]| {
        let outputs = device.run(|recorder| {
            all.iter().enumerate().for_each(|(i, it)| record(recorder, &i.to_string(), it));
        });
        let wrong = |i: usize| {
            let mut differences = parts.iter().map(|part| {
                difference(&outputs, &format!("{i} {part}"), &format!("{i} as a whole"))
            });
            let wrong = |(error, _): &(f64, String)| *error > allowed(dtype(&all[i]));
            differences.find(wrong)
        };
        (0..all.len()).find_map(|i| Some((i, wrong(i)?)))
    };
    let mut runner = TestRunner::default();
    let tree = |strategy: S| strategy.new_tree(&mut runner).expect("a case");
    let mut trees: Vec<_> = strategies.into_iter().map(tree).collect();
    let all: Vec<_> = trees.iter().map(ValueTree::current).collect();
    let Some((failed, mut why)) = run(&all) else { return };
    let tree = &mut trees[failed];
    let mut smallest = tree.current();
    let mut more = tree.simplify();
    while more {
        let current = tree.current();
        more = match run(std::slice::from_ref(&current)) {
            Some((_, wrong)) => {
                (smallest, why) = (current, wrong);
                tree.simplify()
            }
            None => tree.complicate(),
        };
    }
    panic!("{} is off by {:.1e} in {smallest:#?}", why.1, why.0);
}

/// Compares every kind of head on random sizes and numbers with its naive form in `f64`.
fn agrees_with_the_naive_form(loss: Loss, targets: &'static [Target]) {
    let record = |recorder: &mut Recorder<'_, '_>, name: &str, case: &Case| {
        let (head, inputs) = (case.head(), case.inputs(recorder));
        let draws = Draws::Given(inputs.noise);
        streamed(recorder, &format!("{name} in parts"), &head, &inputs, draws);
        naive(recorder, &format!("{name} as a whole"), &head, &inputs.to(F64));
    };
    for kinds in kinds(loss).chunks(TOGETHER) {
        let strategies = kinds.iter().map(|&kind| cases(kind, targets));
        agree(strategies, &record, |case| case.dtype, &["in parts"]);
    }
}

#[test]
fn softmax_of_a_class_agrees_with_the_naive_form() {
    agrees_with_the_naive_form(Loss::Softmax, &[Target::Class]);
}

#[test]
fn softmax_of_several_classes_or_soft_targets_agrees_with_the_naive_form() {
    agrees_with_the_naive_form(Loss::Softmax, TARGETS);
}

#[test]
fn sigmoid_of_a_class_agrees_with_the_naive_form() {
    agrees_with_the_naive_form(Loss::Sigmoid, &[Target::Class]);
}

#[test]
fn sigmoid_of_several_classes_or_soft_targets_agrees_with_the_naive_form() {
    agrees_with_the_naive_form(Loss::Sigmoid, TARGETS);
}

/// Draws noise from one key for a head in two different sets of parts, and as a whole.
fn is_the_same_however_it_is_cut(loss: Loss) {
    let record = |recorder: &mut Recorder<'_, '_>, name: &str, (case, plan): &(Case, Plan)| {
        let inputs = case.inputs(recorder);
        let key = Key::from_tensor(recorder.input(U32, &[2], &[f64::from(case.seed), 1.0])).again();
        let draws = Draws::of_batch(key, case.shape.batch);
        streamed(recorder, &format!("{name} in parts"), &case.head(), &inputs, draws);
        let other = Case { plan: *plan, ..case.clone() };
        streamed(recorder, &format!("{name} in other parts"), &other.head(), &inputs, draws);
        // The numbers of all examples at once.
        let [of_diag, of_factors] = key.split();
        let [diag, factors] = case.noise_dims();
        let noise = Noise {
            diag: of_diag.normal(F32, diag).to(F64),
            factors: of_factors.normal(F32, factors).to(F64),
        };
        let inputs = Inputs { noise, ..inputs.to(F64) };
        naive(recorder, &format!("{name} as a whole"), &case.head(), &inputs);
    };
    let drawn =
        kinds(loss).into_iter().filter(|kind| matches!(kind.factors, Factors::EfficientWithBias));
    let strategies = drawn.map(|kind| (cases(kind, TARGETS), plans()));
    // Noise is drawn in f32 whatever the case's type, and compilers may round its functions in one way
    // in one loop and in another in the next.
    agree(strategies, &record, |_| F32, &["in parts", "in other parts"]);
}

#[test]
fn softmax_with_drawn_noise_is_the_same_however_it_is_cut() {
    is_the_same_however_it_is_cut(Loss::Softmax);
}

#[test]
fn sigmoid_with_drawn_noise_is_the_same_however_it_is_cut() {
    is_the_same_however_it_is_cut(Loss::Sigmoid);
}

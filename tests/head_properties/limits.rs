//! Heads where their noise, their classes, their samples or their numbers come to an end.

use hetxl::model::head::{Det, DiagNoise, Draws, Heteroscedastic, Noise, Plan, Temperature};
use hetxl::model::{Head, Loss};
use hlo::DType::{self, Bf16, F32, F64};

use crate::case::{
    Case, Factors, Inputs, Kind, Shape, Target, difference, naive, put_out, streamed,
};
use crate::device::{Device, Recorder};

const KIND: Kind = Kind {
    loss: Loss::Softmax,
    target: Target::Class,
    factors: Factors::EfficientWithBias,
    diag_noise: DiagNoise::Scalar,
    learned: true,
    shared: false,
};

const SHAPE: Shape = Shape { batch: 5, width: 4, classes: 13, rank: 2, samples: 7 };

/// Parts that leave a remainder of [`SHAPE`].
const PLAN: Plan = Plan { examples: 2, classes: 5, keep: false };

const CASE: Case =
    Case { kind: KIND, shape: SHAPE, plan: PLAN, dtype: F64, scale: 1.0, shift: 0.0, seed: 0 };

/// Softmax and sigmoid, evaluated in either order: a few directions for all samples, or a row each.
const ORDERS: [(Loss, DiagNoise); 4] = [
    (Loss::Softmax, DiagNoise::Scalar),
    (Loss::Softmax, DiagNoise::Independent),
    (Loss::Sigmoid, DiagNoise::Scalar),
    (Loss::Sigmoid, DiagNoise::Independent),
];

/// Compares heads with their naive form in `f64`; all of what they put out is finite.
fn agree(cases: &[Case], allowed: impl Fn(&Case) -> f64) {
    let outputs = Device::open().run(|recorder| {
        for (i, case) in cases.iter().enumerate() {
            let (head, inputs) = (case.head(), case.inputs(recorder));
            let draws = Draws::Given(inputs.noise);
            streamed(recorder, &format!("{i} in parts"), &head, &inputs, draws);
            naive(recorder, &format!("{i} as a whole"), &head, &inputs.to(F64));
        }
    });
    for (name, numbers) in &outputs {
        assert!(numbers.iter().all(|x| x.is_finite()), "{name}: {numbers:?}");
    }
    for (i, case) in cases.iter().enumerate() {
        let (error, what) =
            difference(&outputs, &format!("{i} in parts"), &format!("{i} as a whole"));
        println!("{error:.1e} {what}: {case:?}");
        assert!(error <= allowed(case), "{what} is off by {error:.1e} in {case:#?}");
    }
}

/// As the property tests allow.
fn rounding(case: &Case) -> f64 {
    if case.dtype == F64 { 1e-10 } else { 1e-5 }
}

#[test]
fn one_class_two_and_a_prime_one_example_and_one_sample_are_no_exceptions() {
    let shapes = [
        Shape { classes: 1, ..SHAPE },
        Shape { classes: 2, ..SHAPE },
        Shape { classes: 31, ..SHAPE },
        Shape { batch: 1, ..SHAPE },
        Shape { samples: 1, ..SHAPE },
        Shape { batch: 1, classes: 1, samples: 1, width: 1, rank: 1 },
    ];
    for dtype in [F64, F32] {
        let cases = shapes.iter().flat_map(|&shape| {
            [Loss::Softmax, Loss::Sigmoid].map(|loss| {
                let kind = Kind { loss, ..KIND };
                Case { kind, shape, dtype, ..CASE }
            })
        });
        agree(&cases.collect::<Vec<_>>(), rounding);
    }
}

#[test]
fn every_label_and_no_label_are_no_exceptions() {
    let cases = ORDERS.iter().flat_map(|&(loss, diag_noise)| {
        [Target::All, Target::Nothing].map(|target| {
            let kind = Kind { loss, diag_noise, target, ..KIND };
            Case { kind, ..CASE }
        })
    });
    agree(&cases.collect::<Vec<_>>(), rounding);
}

#[test]
fn logits_of_ten_thousand_neither_overflow_nor_vanish() {
    let cases = [F64, F32].into_iter().flat_map(|dtype| {
        ORDERS.iter().map(move |&(loss, diag_noise)| {
            let kind = Kind { loss, diag_noise, learned: false, ..KIND };
            Case { kind, dtype, scale: 1e4, ..CASE }
        })
    });
    // The logits themselves are no more exact than 1e4 times what the type rounds by, and
    // probabilities as much as logits.
    let allowed = |case: &Case| if case.dtype == F64 { 1e-10 } else { 2e-2 };
    agree(&cases.collect::<Vec<_>>(), allowed);
}

#[test]
fn improbable_classes_cost_what_they_are() {
    // As training with the sigmoid begins: each of the classes has a probability of 5e-5, of whose
    // complement's logarithm `f32` would have three digits, were it taken of the complement.
    let cases = [1, 7].map(|samples| {
        let kind = Kind { loss: Loss::Sigmoid, learned: false, target: Target::Nothing, ..KIND };
        let shape = Shape { samples, ..SHAPE };
        Case { kind, shape, dtype: F32, scale: 0.1, shift: -7.0, ..CASE }
    });
    agree(&cases, |_| 1e-5);
}

#[test]
fn pre_logits_of_bf16_are_as_exact_as_they_can_be() {
    // In many tiles, whose gradients by the pre-logits are added up.
    let cases = ORDERS.map(|(loss, diag_noise)| {
        let kind = Kind { loss, diag_noise, ..KIND };
        let shape = Shape { classes: 200, ..SHAPE };
        Case { kind, shape, dtype: F32, ..CASE }
    });
    let outputs = Device::open().run(|recorder| {
        for (i, case) in cases.iter().enumerate() {
            let inputs = case.inputs(recorder);
            let inputs = Inputs { pre_logits: inputs.pre_logits.to(Bf16), ..inputs };
            let draws = Draws::Given(inputs.noise);
            streamed(recorder, &format!("{i} in parts"), &case.head(), &inputs, draws);
            naive(recorder, &format!("{i} as a whole"), &case.head(), &inputs.to(F64));
        }
    });
    for (i, case) in cases.iter().enumerate() {
        let (error, what) =
            difference(&outputs, &format!("{i} in parts"), &format!("{i} as a whole"));
        println!("{error:.1e} {what}");
        // Eight bits, and what is made of them by a few operations.
        assert!(error <= 3e-2, "{what} is off by {error:.1e} in {case:#?}");
    }
}

#[test]
fn pre_logits_that_are_no_numbers_give_no_loss() {
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let plans = [
            Plan { examples: 5, classes: 13, keep: true },
            Plan { examples: 2, classes: 5, keep: true },
            PLAN,
        ];
        let outputs = Device::open().run(|recorder| {
            for (loss, diag_noise) in ORDERS {
                for plan in plans {
                    let kind = Kind { loss, diag_noise, ..KIND };
                    spoilt(recorder, &Case { kind, plan, dtype: F32, ..CASE }, bad);
                }
            }
        });
        for (name, numbers) in &outputs {
            let (what, _) = name.split_once(" of ").expect("a name");
            if what == "loss" {
                assert!(numbers[0].is_nan(), "{name} with a pre-logit of {bad}: {}", numbers[0]);
            } else {
                // The third of five examples is the bad one.
                let (before, rest) = numbers.split_at(2 * SHAPE.classes);
                let (it, after) = rest.split_at(SHAPE.classes);
                assert!(it.iter().any(|x| x.is_nan()), "{name} with a pre-logit of {bad}: {it:?}");
                assert!(before.iter().chain(after).all(|x| x.is_finite()), "{name}: {numbers:?}");
            }
        }
    }
}

/// Puts out loss and predictions where one pre-logit of the third example is `bad`.
fn spoilt(recorder: &mut Recorder<'_, '_>, case: &Case, bad: f64) {
    let inputs = case.inputs(recorder);
    let Shape { batch, width, .. } = case.shape;
    let mut added = vec![0.0; batch * width];
    added[2 * width + 1] = bad;
    let added = recorder.input(case.dtype, &[batch, width], &added);
    let inputs = Inputs { pre_logits: inputs.pre_logits + added, ..inputs };
    let (head, params, draws) = (case.head(), inputs.params(), Draws::Given(inputs.noise));
    let loss = head.loss(&params, inputs.pre_logits, inputs.labels, draws);
    let predictive = head.predict(&params, inputs.pre_logits, draws);
    recorder.trace.output(&format!("loss of {case:?}"), loss);
    recorder.trace.output(&format!("ln p of {case:?}"), predictive.log_probabilities);
}

/// How far HET-XL of temperature 1 whose noise is 0 is from DET, in loss, predictions and gradients,
/// those of the noise's own parameters being 0: with R = 0 and ζ = 0, and with factors that have no
/// bias and whose η is 0.
fn from_det(loss: Loss, samples: usize, dtype: DType) -> f64 {
    let case =
        Case { kind: Kind { loss, ..KIND }, shape: Shape { samples, ..SHAPE }, dtype, ..CASE };
    let outputs = Device::open().run(|recorder| {
        let inputs = case.inputs(recorder);
        for factors in [0, 2] {
            let head = Heteroscedastic {
                factors,
                factor_bias: false,
                temperature: Temperature::Fixed(1.0),
                plan: None,
                ..case.head()
            };
            let zeros = |width| recorder.trace.full(0.0, dtype, [SHAPE.batch, samples, width]);
            let noise = Noise { diag: zeros(1), factors: zeros(factors) };
            let name = format!("HET-XL of {factors}");
            streamed(recorder, &name, &head, &inputs, Draws::Given(noise));
        }
        let det = Det { loss, bias_init: 0.0 };
        streamed(recorder, "DET", &det, &inputs, Draws::Given(inputs.noise));
    });
    let differences = [0, 2].map(|factors| {
        let (error, what) = difference(&outputs, &format!("HET-XL of {factors}"), "DET");
        println!("{loss:?} of {dtype} with R = {factors}: {what} is {error:.1e} from DET's");
        error
    });
    differences[0].max(differences[1])
}

#[test]
fn without_noise_one_sample_is_det_to_the_last_bit() {
    for loss in [Loss::Softmax, Loss::Sigmoid] {
        for dtype in [F64, F32] {
            assert_eq!(from_det(loss, 1, dtype), 0.0);
        }
    }
}

#[test]
fn without_noise_several_samples_are_det_but_for_their_mean_s_rounding() {
    for loss in [Loss::Softmax, Loss::Sigmoid] {
        assert!(from_det(loss, 7, F64) <= 1e-14);
    }
}

#[test]
fn det_is_a_dense_layer() {
    let cases = [Loss::Softmax, Loss::Sigmoid].map(|loss| {
        [Target::Class, Target::Soft]
            .map(|target| Case { kind: Kind { loss, target, ..KIND }, ..CASE })
    });
    let cases = cases.concat();
    let outputs = Device::open().run(|recorder| {
        for (i, case) in cases.iter().enumerate() {
            let (inputs, loss) = (case.inputs(recorder), case.kind.loss);
            let det = Det { loss, bias_init: 0.0 };
            streamed(recorder, &format!("{i} in parts"), &det, &inputs, Draws::Given(inputs.noise));
            let layer = inputs.params().dense("head/loc", inputs.pre_logits).expand_dims(1);
            let value = loss.of_samples(layer, inputs.labels).mean(..);
            let name = format!("{i} as a whole");
            put_out(recorder, &name, &inputs, value, loss.predictive(layer));
        }
    });
    for (i, case) in cases.iter().enumerate() {
        let (error, what) =
            difference(&outputs, &format!("{i} in parts"), &format!("{i} as a whole"));
        assert!(error <= 1e-10, "{what} is off by {error:.1e} in {case:#?}");
    }
}

//! What a step of a head takes beside its inputs and results.

use hetxl::model::Loss;
use hetxl::model::head::{DiagNoise, Draws, Plan};
use hlo::DType::F32;

use crate::case::{Case, Factors, Kind, Shape, Target, naive, streamed};
use crate::device::Device;

const SHAPE: Shape = Shape { batch: 8, width: 16, classes: 4099, rank: 2, samples: 64 };

/// B·S·K numbers of four bytes: 8 MiB.
const LOGITS: u64 = (8 * 64 * 4099) * 4;

fn case(loss: Loss, target: Target, diag_noise: DiagNoise) -> Case {
    let factors = Factors::EfficientWithBias;
    Case {
        kind: Kind { loss, target, factors, diag_noise, learned: true, shared: false },
        shape: SHAPE,
        plan: Plan { examples: 3, classes: 256, keep: false },
        dtype: F32,
        scale: 1.0,
        shift: 0.0,
        seed: 0,
    }
}

/// What loss, gradients and predictions take.
fn in_parts(device: &Device, case: &Case) -> u64 {
    device.temporaries(|recorder| {
        let inputs = case.inputs(recorder);
        streamed(recorder, "in parts", &case.head(), &inputs, Draws::Given(inputs.noise));
    })
}

#[test]
fn no_step_takes_as_much_as_the_logits_of_all_samples_and_classes() {
    let device = Device::open();
    for (loss, target, diag_noise) in [
        (Loss::Softmax, Target::Class, DiagNoise::Scalar),
        (Loss::Softmax, Target::Soft, DiagNoise::Scalar),
        (Loss::Softmax, Target::Class, DiagNoise::Independent),
        (Loss::Sigmoid, Target::Soft, DiagNoise::Scalar),
        (Loss::Sigmoid, Target::Soft, DiagNoise::Independent),
    ] {
        let case = case(loss, target, diag_noise);
        let bytes = in_parts(&device, &case);
        println!("{bytes} of {LOGITS}: {case:?}");
        assert!(bytes < LOGITS / 3, "{bytes} bytes of temporaries in {case:#?}");
    }
    // It can be told from what is written in one piece.
    let case = case(Loss::Softmax, Target::Class, DiagNoise::Scalar);
    let whole = device.temporaries(|recorder| {
        let inputs = case.inputs(recorder);
        naive(recorder, "as a whole", &case.head(), &inputs);
    });
    assert!(whole > LOGITS, "{whole} bytes of temporaries");
}

#[test]
fn more_samples_take_memory_for_each_example_and_a_tile_of_classes_and_for_no_more() {
    let device = Device::open();
    let few = case(Loss::Softmax, Target::Class, DiagNoise::Scalar);
    let many = Case { shape: Shape { samples: 1024, ..SHAPE }, ..few.clone() };
    let (few, many) = (in_parts(&device, &few), in_parts(&device, &many));
    // Logits of three examples and 256 classes for each new sample, and the gradient by them.
    let tile = (1024 - 64) * 3 * 256 * 4;
    println!("{few}, {many}: {}", many - few);
    assert!(many - few < 3 * tile, "{few} bytes have grown to {many}");
}

//! Train a transformer of 24 layers on a toy: what a token was three places before.
//!
//!     cargo run --release --example 04_train_a_transformer

use hetxl::config::RuntimeConfig;
use hetxl::runtime::Runtime;
use hlo::DType::{F32, S32};
use hlo::random::Key;
use hlo::{Program, Tensor, Trace, TraceError};

const LAYERS: usize = 24;
const BATCH: usize = 16;
const LENGTH: usize = 16;
const WIDTH: usize = 32;
const HEADS: usize = 2;
const PER_HEAD: usize = WIDTH / HEADS;
const VOCABULARY: usize = 12;
const STEPS: usize = 100;

/// Name, dimensions, and mean and spread of the first values of each parameter. Those of layers are
/// stacked along the first axis.
const PARAMETERS: [(&str, &[usize], f64, f64); 14] = [
    ("embedding", &[VOCABULARY, WIDTH], 0.0, 0.2),
    ("positions", &[LENGTH, WIDTH], 0.0, 0.2),
    ("final_scale", &[WIDTH], 1.0, 0.0),
    ("final_bias", &[WIDTH], 0.0, 0.0),
    ("layers.scale_1", &[LAYERS, WIDTH], 1.0, 0.0),
    ("layers.bias_1", &[LAYERS, WIDTH], 0.0, 0.0),
    ("layers.query", &[LAYERS, WIDTH, HEADS, PER_HEAD], 0.0, 0.18),
    ("layers.key", &[LAYERS, WIDTH, HEADS, PER_HEAD], 0.0, 0.18),
    ("layers.value", &[LAYERS, WIDTH, HEADS, PER_HEAD], 0.0, 0.18),
    ("layers.out", &[LAYERS, HEADS, PER_HEAD, WIDTH], 0.0, 0.03),
    ("layers.scale_2", &[LAYERS, WIDTH], 1.0, 0.0),
    ("layers.bias_2", &[LAYERS, WIDTH], 0.0, 0.0),
    ("layers.up", &[LAYERS, WIDTH, 4 * WIDTH], 0.0, 0.18),
    ("layers.down", &[LAYERS, 4 * WIDTH, WIDTH], 0.0, 0.02),
];

/// Attention to what came before, and a perceptron, each added to what it was given, `[B, S, D]`.
fn layer<'t>(x: Tensor<'t>, weights: [Tensor<'t>; 10]) -> Tensor<'t> {
    let [scale_1, bias_1, query, key, value, out, scale_2, bias_2, up, down] = weights;
    let t = x.trace();
    let normed = x.layer_norm(scale_1, bias_1, 1e-5);
    // Closures and arrays are the loops of a trace: three products are recorded.
    let [q, k, v] = [query, key, value].map(|w| t.einsum("bsd,dhk->bhsk", &[normed, w]));
    let scores = t.einsum("bhqk,bhsk->bhqs", &[q, k]) / (PER_HEAD as f64).sqrt();
    let [from, to] = [-2, -1].map(|axis| t.iota(S32, [LENGTH, LENGTH], axis));
    let seen = to.less_equal(from).select(scores, t.constant(f64::NEG_INFINITY, F32));
    let x = x + t.einsum("bhqs,bhsk,hkd->bqd", &[seen.softmax(-1), v, out]);
    let normed = x.layer_norm(scale_2, bias_2, 1e-5);
    x + normed.matmul(up).gelu_tanh().matmul(down)
}

/// The mean loss of `targets`, `s32[B, S]`, given `tokens` of the same shape.
fn loss<'t>(parameters: &[Tensor<'t>], tokens: Tensor<'t>, targets: Tensor<'t>) -> Tensor<'t> {
    let &[embedding, positions, scale, bias, ref layers @ ..] = parameters else {
        unreachable!("four parameters stand before those of layers")
    };
    let layers: [_; 10] = layers.try_into().expect("ten parameters of layers");
    let x = embedding.take(tokens, 0) + positions;
    // One layer is recorded, whatever their number. With a checkpoint, the reverse pass keeps what
    // comes into each layer and computes the rest again.
    let (x, ()) = hlo::scan(x, layers, |x, weights| {
        (hlo::checkpoint((x, weights), |(x, weights)| layer(x, weights)), ())
    });
    let logits = x.layer_norm(scale, bias, 1e-5).matmul(embedding.transpose([1, 0]));
    -logits.log_softmax(-1).pick(targets).mean(..)
}

/// The parameters before the first step, and Adam's two means of each.
pub(crate) fn init() -> Result<Program, TraceError> {
    hlo::trace("init", |t| {
        let keys: [_; PARAMETERS.len()] = Key::from_seed(t, 0).split();
        for (key, (name, dims, mean, spread)) in keys.into_iter().zip(PARAMETERS) {
            t.output(name, key.normal(F32, dims) * spread + mean);
        }
        for (name, dims, ..) in PARAMETERS {
            t.output(&format!("{name}.mean"), t.full(0, F32, dims));
            t.output(&format!("{name}.square"), t.full(0, F32, dims));
        }
        t.output("step", t.constant(0, S32));
    })
}

/// A step: makes a batch up, differentiates the loss, and lets Adam change the parameters.
pub(crate) fn step() -> Result<Program, TraceError> {
    hlo::trace("step", |t| {
        let input = |name: &str, dims: &[usize]| t.input(name, F32, dims);
        let parameters = PARAMETERS.map(|(name, dims, ..)| input(name, dims));
        let moments = PARAMETERS.map(|(name, dims, ..)| {
            [".mean", ".square"].map(|moment| input(&format!("{name}{moment}"), dims))
        });
        let step = t.input("step", S32, []);

        let tokens = batch(t, step);
        let targets = t.concatenate(&[tokens.slice(1, 0..3), tokens.slice(1, 0..LENGTH - 3)], 1);
        let loss = loss(&parameters, tokens, targets);
        let gradients = hlo::grad(loss, parameters);

        // Kingma and Ba, "Adam" (2015), with steps counted from 1. What is updated takes the place
        // of what it was, without a copy.
        let count = (step + 1).to(F32);
        let [unbias_mean, unbias_square] =
            [0.9, 0.999].map(|beta| 1.0 / (1.0 - t.constant(beta, F32).pow(count)));
        let updates = moments.into_iter().zip(gradients);
        let updates = updates
            .map(|([mean, square], g)| [0.9 * mean + 0.1 * g, 0.999 * square + 0.001 * g * g]);
        let updates: Vec<_> = updates.collect();
        for (parameter, [mean, square]) in parameters.into_iter().zip(&updates) {
            let change = *mean * unbias_mean / ((*square * unbias_square).sqrt() + 1e-8);
            t.output_in_place(parameter, parameter - 3e-3 * change);
        }
        for (old, new) in moments.into_iter().flatten().zip(updates.into_iter().flatten()) {
            t.output_in_place(old, new);
        }
        t.output_in_place(step, step + 1);
        t.output("loss", loss);
    })
}

/// Tokens `s32[B, S]`, other ones in each step.
fn batch<'t>(t: &'t Trace, step: Tensor<'t>) -> Tensor<'t> {
    Key::from_seed(t, 1).fold_in(step).randint(S32, [BATCH, LENGTH], 0..VOCABULARY as i32)
}

pub(crate) fn main() -> Result<(), Box<dyn std::error::Error>> {
    let runtime = Runtime::open(&RuntimeConfig::default(), &mut |step| eprintln!("{step}"))?;
    let (init, step) = (runtime.compile(&init()?)?, runtime.compile(&step()?)?);
    let mut state = runtime.run(&init, [], &[])?;
    let mut last = f32::INFINITY;
    for i in 0..=STEPS {
        let mut results = runtime.run(&step, state.into_iter().map(Into::into), &[])?;
        let loss = results.pop().expect("the step returns the loss last");
        state = results;
        if i % 10 == 0 {
            last = loss.to_host()?.item()?;
            println!("step {i}: loss {last:.3}");
        }
    }
    // A guess among 12 tokens has ln 12 = 2.485.
    assert!(last < 1.0, "{last}");
    Ok(())
}

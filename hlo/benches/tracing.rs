//! What tracing costs the host: a transformer's training step, and the cost of one operation in
//! programs of any size.
//!
//!     cargo bench -p hlo
//!
//! The step has 24 layers of width 1024, forward and backward, and Adam: once with the layers in a
//! `scan` over stacked parameters, once with each layer recorded for itself. Times are the best of
//! several rounds. A program of n operations is a chain of element-wise ones, products and sums; its
//! gradient and what it is written as have their own columns, in nanoseconds for each operation that
//! they have or make.

use std::hint::black_box;
use std::time::{Duration, Instant};

use hlo::DType::{F32, S32};
use hlo::{Program, Tensor, Trace, TraceError, Version};

const LAYERS: usize = 24;
const BATCH: usize = 8;
const LENGTH: usize = 512;
const WIDTH: usize = 1024;
const HEADS: usize = 16;
const CLASSES: usize = 1000;
const ROUNDS: usize = 7;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("{LAYERS} layers     operations   trace ms    text ms       kB   bytecode ms     kB");
    step("in a scan", scanned)?;
    step("unrolled", unrolled)?;
    println!();
    println!("operations   trace ns   gradient ns   operations with it   text ns   bytecode ns");
    for count in [1_000, 10_000, 100_000] {
        chain(count)?;
    }
    Ok(())
}

/// What a round makes, and the time of the fastest of several. It goes before the next round begins,
/// so that small programs and large ones alike find memory that is theirs already.
fn best<T>(mut round: impl FnMut() -> T) -> (T, Duration) {
    let (mut made, mut fastest) = (None, Duration::MAX);
    for _ in 0..ROUNDS {
        drop(made.take());
        let began = Instant::now();
        made = Some(black_box(round()));
        fastest = fastest.min(began.elapsed());
    }
    (made.expect("at least one round"), fastest)
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn step(
    name: &str,
    record: fn() -> Result<Program, TraceError>,
) -> Result<(), Box<dyn std::error::Error>> {
    let (program, trace) = best(record);
    let program = program?;
    let (text, print) = best(|| program.text());
    let (bytecode, write) = best(|| program.bytecode(Version::LATEST));
    println!(
        "{name:9}   {:12}   {:8.2}   {:8.2}   {:6}   {:11.2}   {:4}",
        program.operations(),
        milliseconds(trace),
        milliseconds(print),
        text.len() / 1000,
        milliseconds(write),
        bytecode?.len() / 1000,
    );
    Ok(())
}

/// Names and shapes of the parameters of a layer.
const PARAMETERS: [(&str, &[usize]); 10] = [
    ("attention/scale", &[WIDTH]),
    ("attention/query", &[WIDTH, WIDTH]),
    ("attention/key", &[WIDTH, WIDTH]),
    ("attention/value", &[WIDTH, WIDTH]),
    ("attention/output", &[WIDTH, WIDTH]),
    ("mlp/scale", &[WIDTH]),
    ("mlp/up/kernel", &[WIDTH, 4 * WIDTH]),
    ("mlp/up/bias", &[4 * WIDTH]),
    ("mlp/down/kernel", &[4 * WIDTH, WIDTH]),
    ("mlp/down/bias", &[WIDTH]),
];

/// A layer on `[BATCH, LENGTH, WIDTH]`.
fn layer<'t>(x: Tensor<'t>, parameters: &[Tensor<'t>]) -> Tensor<'t> {
    let [scale, query, key, value, output, mlp_scale, up, up_bias, down, down_bias] =
        parameters[..]
    else {
        unreachable!("a layer has ten parameters")
    };
    let heads =
        |x: Tensor<'t>| x.reshape([BATCH, LENGTH, HEADS, WIDTH / HEADS]).transpose([0, 2, 1, 3]);
    let normal = normalized(x) * scale;
    let [query, key, value] = [query, key, value].map(|kernel| heads(normal.matmul(kernel)));
    let scores = query.matmul(key.transpose([0, 1, 3, 2])) / ((WIDTH / HEADS) as f64).sqrt();
    let mixed = scores.softmax(-1).matmul(value).transpose([0, 2, 1, 3]);
    let x = x + mixed.reshape([BATCH, LENGTH, WIDTH]).matmul(output);
    let hidden = (normalized(x) * mlp_scale).matmul(up) + up_bias;
    x + (hidden * hidden.logistic()).matmul(down) + down_bias
}

/// Of mean 0 and variance 1 along the last axis.
fn normalized(x: Tensor<'_>) -> Tensor<'_> {
    let centred = x - x.mean(-1).expand_dims(-1);
    centred * ((centred * centred).mean(-1).expand_dims(-1) + 1e-6).rsqrt()
}

fn scanned() -> Result<Program, TraceError> {
    hlo::trace("scanned", |t| {
        let stacked =
            |&(name, shape): &(&str, &[usize])| parameter(t, name, &[&[LAYERS], shape].concat());
        let parameters: Vec<_> = PARAMETERS.iter().map(stacked).collect();
        train(t, parameters.clone(), |x| {
            hlo::scan(x, parameters, |x, parameters| (layer(x, &parameters), ())).0
        });
    })
}

fn unrolled() -> Result<Program, TraceError> {
    hlo::trace("unrolled", |t| {
        let parameters: Vec<_> = (0..LAYERS)
            .flat_map(|i| {
                PARAMETERS.map(|(name, shape)| parameter(t, &format!("{i}/{name}"), shape))
            })
            .collect();
        train(t, parameters.clone(), |x| parameters.chunks(PARAMETERS.len()).fold(x, layer));
    })
}

fn parameter<'t>(t: &'t Trace, name: &str, shape: &[usize]) -> Tensor<'t> {
    t.input(name, F32, shape)
}

/// The training step of `layers` with `parameters` between an input and a classifier.
fn train<'t>(
    t: &'t Trace,
    mut parameters: Vec<Tensor<'t>>,
    layers: impl FnOnce(Tensor<'t>) -> Tensor<'t>,
) {
    let classifier = parameter(t, "classifier", &[WIDTH, CLASSES]);
    parameters.push(classifier);
    let x = t.input("x", F32, [BATCH, LENGTH, WIDTH]);
    let labels = t.input("labels", S32, [BATCH, LENGTH]);
    let (rate, step) = (t.input("rate", F32, []), t.input("step", F32, []));

    let logits = normalized(layers(x)).matmul(classifier);
    let loss = -logits.log_softmax(-1).pick(labels).mean(..);
    let gradients = hlo::grad(loss, parameters.clone());

    let corrections = [0.9f64, 0.999].map(|decay| 1.0 - (step * decay.ln()).exp());
    for (i, (&parameter, gradient)) in parameters.iter().zip(gradients).enumerate() {
        let moment = |name| t.input(&format!("adam/{name}/{i}"), F32, &parameter.shape()[..]);
        let (first, second) = (moment("first"), moment("second"));
        let mean = first * 0.9 + gradient * 0.1;
        let square = second * 0.999 + gradient * gradient * 0.001;
        let scaled = (mean / corrections[0]) / ((square / corrections[1]).sqrt() + 1e-8);
        t.output_in_place(parameter, parameter - rate * (scaled + parameter * 0.1));
        t.output_in_place(first, mean);
        t.output_in_place(second, square);
    }
    t.output("loss", loss);
}

/// A program of about `count` operations, and its gradient.
fn chain(count: usize) -> Result<(), Box<dyn std::error::Error>> {
    let (_, recorded) = best(|| {
        hlo::trace("chain", |t| {
            let x = t.input("x", F32, [64, 64]);
            t.output("y", links(x, count));
        })
    });
    let (program, differentiated) = best(|| {
        hlo::trace("gradient", |t| {
            let x = t.input("x", F32, [64, 64]);
            let y = links(x, count).sum(..);
            t.output("dx", hlo::grad(y, x));
            t.output("y", y);
        })
    });
    let program = program?;
    let total = program.operations();
    let (_, printed) = best(|| program.text());
    let (_, written) = best(|| program.bytecode(Version::LATEST));
    let each = |time: Duration, operations: usize| time.as_secs_f64() * 1e9 / operations as f64;
    println!(
        "{count:10}   {:8.0}   {:11.0}   {total:18}   {:7.0}   {:11.0}",
        each(recorded, count),
        each(differentiated, total),
        each(printed, total),
        each(written, total),
    );
    Ok(())
}

/// `count` operations on a square matrix, or a few less.
fn links(mut x: Tensor<'_>, count: usize) -> Tensor<'_> {
    // What a turn records, broadcasts and the reduction's body included.
    for _ in 0..count / 10 {
        let y = x.tanh().matmul(x);
        x = y * x + y.sum(0) - x.exp();
    }
    x
}

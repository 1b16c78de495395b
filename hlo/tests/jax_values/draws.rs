//! Random numbers.

use hlo::DType::{U8, U16, U32, U64};
use hlo::Tensor;
use hlo::random::{Algorithm, Key};

use super::Builder;
use super::case::Attributes;

pub(crate) const BUILDERS: &[(&str, Builder)] = &[
    ("key", |t, attributes, _| vec![Key::from_seed(t, attributes.int("seed")).to_tensor()]),
    ("split", |_, attributes, x| {
        vec![Key::from_tensor(x[0]).split_into(attributes.int("count")).to_tensor()]
    }),
    ("fold_in", |_, _, x| vec![Key::from_tensor(x[0]).fold_in(x[1]).to_tensor()]),
    ("bits", |_, attributes, x| {
        vec![Key::from_tensor(x[0]).bits(attributes.dtype(), shape(attributes))]
    }),
    ("within", |_, attributes, x| {
        let key = Key::from_tensor(x[0]).within(attributes.ints::<usize>("whole"), &x[1..]);
        vec![key.bits(attributes.dtype(), shape(attributes))]
    }),
    ("uniform", |_, attributes, x| {
        let range = attributes.float("low")..attributes.float("high");
        let key = Key::from_tensor(x[0]);
        vec![words(key.uniform(attributes.dtype(), shape(attributes), range))]
    }),
    ("randint", |_, attributes, x| {
        let range = attributes.int::<i64>("low")..attributes.int("high");
        vec![Key::from_tensor(x[0]).randint(attributes.dtype(), shape(attributes), range)]
    }),
    ("normal", |_, attributes, x| {
        vec![Key::from_tensor(x[0]).normal(attributes.dtype(), shape(attributes))]
    }),
    ("truncated_normal", |_, attributes, x| {
        let bounded = attributes.has("low");
        let low = if bounded { attributes.float("low") } else { f64::NEG_INFINITY };
        let range = low..attributes.float("high");
        vec![Key::from_tensor(x[0]).truncated_normal(attributes.dtype(), shape(attributes), range)]
    }),
    ("gumbel", |_, attributes, x| {
        vec![Key::from_tensor(x[0]).gumbel(attributes.dtype(), shape(attributes))]
    }),
    ("bernoulli", |_, attributes, x| {
        vec![Key::from_tensor(x[0]).bernoulli(shape(attributes), attributes.float("p"))]
    }),
    ("categorical", |_, attributes, x| {
        vec![Key::from_tensor(x[0]).categorical(x[1], attributes.int("axis"))]
    }),
    ("permutation", |_, attributes, x| {
        let length = attributes.int("length");
        let order = Key::from_tensor(x[0]).permutation(length);
        vec![order.slice(0, 0..length.min(100))]
    }),
    ("shuffle", |_, attributes, x| {
        vec![Key::from_tensor(x[0]).shuffle(x[1], attributes.int("axis"))]
    }),
    ("backend_bits", |t, attributes, _| {
        // The key of each case is the same one.
        let key = Key::from_seed(t, attributes.int("seed")).again().backend(Algorithm::Default);
        let [_, key, _] = key.split();
        vec![key.fold_in(4).bits(attributes.dtype(), shape(attributes))]
    }),
    ("rng_bit_generator", |_, attributes, x| {
        let algorithm = match attributes.text("algorithm") {
            "THREE_FRY" => Algorithm::ThreeFry,
            "PHILOX" => Algorithm::Philox,
            _ => Algorithm::Default,
        };
        x[0].rng_bit_generator(algorithm, attributes.dtype(), shape(attributes)).into()
    }),
];

fn shape(attributes: &Attributes) -> Vec<usize> {
    attributes.ints("shape")
}

/// The bits of floats, which agree to the last.
fn words(x: Tensor<'_>) -> Tensor<'_> {
    x.bitcast(match x.dtype().bits() {
        8 => U8,
        16 => U16,
        32 => U32,
        _ => U64,
    })
}

//! Random numbers.

use hlo::random::Key;

use super::Builder;

pub(crate) const BUILDERS: &[(&str, Builder)] = &[
    ("key", |t, attributes, _| vec![Key::from_seed(t, attributes.int("seed")).to_tensor()]),
    ("fold_in", |_, _, x| vec![Key::from_tensor(x[0]).fold_in(x[1]).to_tensor()]),
    ("bits", |_, attributes, x| {
        vec![Key::from_tensor(x[0]).bits(&attributes.ints::<usize>("shape"))]
    }),
    ("uniform", |_, attributes, x| {
        let (low, high) = (attributes.float("low"), attributes.float("high"));
        vec![Key::from_tensor(x[0]).uniform(&attributes.ints::<usize>("shape"), low, high)]
    }),
    ("normal", |_, attributes, x| {
        vec![Key::from_tensor(x[0]).normal(&attributes.ints::<usize>("shape"))]
    }),
    ("truncated_normal", |_, attributes, x| {
        vec![Key::from_tensor(x[0]).truncated_normal(&attributes.ints::<usize>("shape"))]
    }),
];

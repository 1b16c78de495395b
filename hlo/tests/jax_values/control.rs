//! Control flow. A body is known by its name: `control.py` has the same one.

use hlo::DType::S32;
use hlo::{Tensor, Tree};

use super::Builder;
use super::case::Attributes;

pub(crate) const BUILDERS: &[(&str, Builder)] = &[
    ("scan", |t, attributes, x| match attributes.text("body") {
        "rnn" => rnn(attributes, x),
        "running_sum" => {
            let step = |total, input| (total + input, total * 2);
            scan(attributes, x[0], x[1], step).tensors()
        }
        "counter" => {
            let step = |(count, power), _| ((count + 1, power * 1.5), power + count);
            scan(attributes, (x[0], x[1]), t.iota(S32, [4], 0), step).tensors()
        }
        "nested" => nested(attributes, x),
        body => panic!("no body {body}"),
    }),
    ("cond", |_, attributes, x| match attributes.text("body") {
        "branches" => {
            let on_true = || (x[1].sin() * x[2], x[1]);
            hlo::cond(x[0], on_true, || (x[1] * x[1], x[2] * 3)).tensors()
        }
        "halves" => vec![hlo::cond(x[0], || x[1] / 2, || -x[1])],
        body => panic!("no body {body}"),
    }),
    ("switch", |_, _, x| vec![hlo::switch(x[0], &[&|| x[1], &|| x[1].sin(), &|| x[1] * x[1]])]),
    ("while_loop", |_, attributes, x| match attributes.text("body") {
        "collatz" => collatz(x),
        "doubled_until" => vec![hlo::while_loop(x[0], |y| y.sum(..).less(x[1]), |y| y * 2)],
        body => panic!("no body {body}"),
    }),
    ("optimization_barrier", |_, _, x| hlo::optimization_barrier(x.to_vec())),
    ("checkpoint", |_, _, x| {
        vec![hlo::checkpoint([x[0], x[1]], |[x, y]| ((x * y).sin() * y).sin()) * x[0]]
    }),
    ("call", |t, _, x| {
        let inner = t.function("inner", (x[0], x[1]), |(x, y)| (x * y).tanh() + x);
        vec![inner.call((inner.call((x[0], x[1])), x[1]))]
    }),
    ("custom_vjp", |_, attributes, x| match attributes.text("body") {
        "doubled" => {
            let forward = |[x]: [_; 1]| ([Tensor::exp(x)], [x.exp()]);
            hlo::custom_vjp([x[0]], forward, |[kept], [dy]| [2 * kept * dy]).to_vec()
        }
        "softplus" => {
            let forward = |[x]: [_; 1]| ([Tensor::exp(x).log1p()], [x]);
            hlo::custom_vjp([x[0]], forward, |[x], [dy]| [dy * x.logistic()]).to_vec()
        }
        body => panic!("no body {body}"),
    }),
    ("with_gradients", |_, _, x| {
        let cubes = (x[0] * x[0] * x[0] * x[1]).sum(..);
        let given = [(x[0], 3 * x[0] * x[0] * x[1]), (x[1], x[0].sin())];
        vec![cubes.with_gradients(&given)]
    }),
];

fn scan<'t, C: Tree<'t>, Y: Tree<'t>>(
    attributes: &Attributes,
    init: C,
    inputs: Tensor<'t>,
    body: impl FnOnce(C, Tensor<'t>) -> (C, Y),
) -> (C, Y) {
    if attributes.flag("reverse") {
        hlo::scan_reverse(init, inputs, body)
    } else {
        hlo::scan(init, inputs, body)
    }
}

fn rnn<'t>(attributes: &Attributes, x: &[Tensor<'t>]) -> Vec<Tensor<'t>> {
    let step = |h: Tensor<'t>, input: Tensor<'t>| {
        let h = ((x[0] * h).sum(1) + input).tanh();
        (h, h * input)
    };
    scan(attributes, x[1], x[2], step).tensors()
}

fn nested<'t>(attributes: &Attributes, x: &[Tensor<'t>]) -> Vec<Tensor<'t>> {
    let inner = |h: Tensor<'t>, y: Tensor<'t>| ((x[0] * h + y).sin(), h * y);
    let outer = |h, input| {
        let (h, ys) = hlo::scan(h, input, inner);
        (h, ys.sum(..))
    };
    scan(attributes, x[1], x[2], outer).tensors()
}

fn collatz<'t>(x: &[Tensor<'t>]) -> Vec<Tensor<'t>> {
    let step = |(x, steps): (Tensor<'t>, Tensor<'t>)| {
        let even = (x % 2).equal(0);
        (even.select(x / 2, x * 3 + 1), steps + 1)
    };
    hlo::while_loop((x[0], x[1]), |(x, _)| x.not_equal(1), step).tensors()
}

//! Reductions.

use hlo::DType::{F64, S32};
use hlo::{Axes, Tensor};

use super::Builder;
use super::case::Attributes;

pub(crate) const BUILDERS: &[(&str, Builder)] = &[
    ("sum", |_, attributes, x| vec![x[0].sum(axes(attributes))]),
    ("max", |_, attributes, x| vec![x[0].max(axes(attributes))]),
    ("min", |_, attributes, x| vec![x[0].min(axes(attributes))]),
    ("product", |_, attributes, x| vec![x[0].prod(axes(attributes))]),
    ("mean", |_, attributes, x| vec![x[0].mean(axes(attributes))]),
    ("variance", |_, attributes, x| vec![x[0].variance(axes(attributes))]),
    ("all", |_, attributes, x| vec![x[0].all(axes(attributes))]),
    ("any", |_, attributes, x| vec![x[0].any(axes(attributes))]),
    ("argmax", |_, attributes, x| vec![x[0].argmax(attributes.int("axis"))]),
    ("reduce", |t, attributes, x| match attributes.text("body") {
        "compound" => {
            let init = t.constant(0, x[0].dtype());
            vec![hlo::reduce(x[0], init, axes(attributes), compound)]
        }
        "best" => {
            let init = [t.constant(f64::NEG_INFINITY, F64), t.constant(-1, S32)];
            hlo::reduce([x[0], x[1]], init, axes(attributes), best).to_vec()
        }
        body => panic!("no body {body}"),
    }),
];

fn axes(attributes: &Attributes) -> Axes {
    Axes::from(&attributes.ints::<i32>("axes")[..])
}

fn compound<'t>(x: Tensor<'t>, y: Tensor<'t>) -> Tensor<'t> {
    x * y + x + y
}

fn best<'t>(x: [Tensor<'t>; 2], y: [Tensor<'t>; 2]) -> [Tensor<'t>; 2] {
    let left = x[0].greater(y[0]);
    [left.select(x[0], y[0]), left.select(x[1], y[1])]
}

//! Reductions.

use hlo::Axes;

use super::Builder;
use super::case::Attributes;

pub(crate) const BUILDERS: &[(&str, Builder)] = &[
    ("sum", |_, attributes, x| vec![x[0].sum(axes(attributes))]),
    ("max", |_, attributes, x| vec![x[0].max(axes(attributes))]),
    ("min", |_, attributes, x| vec![x[0].min(axes(attributes))]),
    ("mean", |_, attributes, x| vec![x[0].mean(axes(attributes))]),
    ("all", |_, attributes, x| vec![x[0].all(axes(attributes))]),
    ("any", |_, attributes, x| vec![x[0].any(axes(attributes))]),
    ("argmax", |_, attributes, x| vec![x[0].argmax(attributes.int("axis"))]),
];

fn axes(attributes: &Attributes) -> Axes {
    Axes::from(&attributes.ints::<i32>("axes")[..])
}

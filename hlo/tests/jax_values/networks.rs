//! What networks are made of.

use super::Builder;

pub(crate) const BUILDERS: &[(&str, Builder)] = &[
    ("relu", |_, _, x| vec![x[0].relu()]),
    ("softplus", |_, _, x| vec![x[0].softplus()]),
    ("log_sigmoid", |_, _, x| vec![x[0].log_sigmoid()]),
    ("softmax", |_, attributes, x| vec![x[0].softmax(attributes.int("axis"))]),
    ("log_softmax", |_, attributes, x| vec![x[0].log_softmax(attributes.int("axis"))]),
    ("logsumexp", |_, attributes, x| vec![x[0].logsumexp(attributes.int("axis"))]),
    ("stop_gradient", |_, _, x| vec![x[0].stop_gradient() * x[0]]),
];

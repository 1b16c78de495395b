//! What networks are made of.

use super::Builder;

pub(crate) const BUILDERS: &[(&str, Builder)] = &[
    ("relu", |_, _, x| vec![x[0].relu()]),
    ("silu", |_, _, x| vec![x[0].silu()]),
    ("gelu", |_, _, x| vec![x[0].gelu()]),
    ("gelu_tanh", |_, _, x| vec![x[0].gelu_tanh()]),
    ("erf", |_, _, x| vec![x[0].erf()]),
    ("erfc", |_, _, x| vec![x[0].erfc()]),
    ("erf_inv", |_, _, x| vec![x[0].erf_inv()]),
    ("hard_tanh", |_, _, x| vec![x[0].hard_tanh()]),
    ("leaky_relu", |_, attributes, x| vec![x[0].leaky_relu(attributes.float("slope"))]),
    ("elu", |_, attributes, x| vec![x[0].elu(attributes.float("scale"))]),
    ("softplus", |_, _, x| vec![x[0].softplus()]),
    ("log_sigmoid", |_, _, x| vec![x[0].log_sigmoid()]),
    ("softmax", |_, attributes, x| vec![x[0].softmax(attributes.int::<i32>("axis"))]),
    ("log_softmax", |_, attributes, x| vec![x[0].log_softmax(attributes.int::<i32>("axis"))]),
    ("logsumexp", |_, attributes, x| vec![x[0].logsumexp(attributes.int::<i32>("axis"))]),
    ("standardize", |_, attributes, x| {
        let axes = attributes.ints::<i32>("axes");
        vec![x[0].standardize(&axes[..], attributes.float("epsilon"))]
    }),
    ("rms_norm", |_, attributes, x| vec![x[0].rms_norm(x[1], attributes.float("epsilon"))]),
    // Normalised are the axes that the scale has.
    ("layer_norm", |_, attributes, x| {
        vec![x[0].layer_norm(x[1], x[2], attributes.float("epsilon"))]
    }),
    ("group_norm", |_, attributes, x| {
        let (groups, epsilon) = (attributes.int("groups"), attributes.float("epsilon"));
        vec![x[0].group_norm(groups, x[1], x[2], epsilon)]
    }),
    ("stop_gradient", |_, _, x| vec![x[0].stop_gradient() * x[0]]),
];

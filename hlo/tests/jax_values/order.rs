//! Order along an axis.

use hlo::Tensor;

use super::Builder;

pub(crate) const BUILDERS: &[(&str, Builder)] = &[
    ("sort", |_, attributes, x| vec![x[0].sort(attributes.int("axis"))]),
    ("argsort", |_, attributes, x| vec![x[0].argsort(attributes.int("axis"))]),
    ("sort_by", |_, attributes, x| {
        let keys: usize = attributes.int("keys");
        let before = |a: Vec<_>, b: Vec<_>| before(&a[..keys], &b[..keys]);
        hlo::sort(x.to_vec(), attributes.int("axis"), before)
    }),
    ("top_k", |_, attributes, x| {
        let (values, places) = x[0].top_k(attributes.int("k"));
        vec![values, places]
    }),
];

/// Whether the keys stand in the order of a dictionary.
fn before<'t>(a: &[Tensor<'t>], b: &[Tensor<'t>]) -> Tensor<'t> {
    let less = a[0].less(b[0]);
    if a.len() == 1 { less } else { less | (a[0].equal(b[0]) & before(&a[1..], &b[1..])) }
}

//! Collectives, in a manual region over a mesh of 2 × 2 devices.

use hlo::DType::F64;
use hlo::{Tensor, Trace};

use super::Builder;
use super::case::Attributes;

/// The axes of the mesh.
pub(crate) const MESH: [(&str, usize); 2] = [("row", 2), ("column", 2)];

/// The axes that all devices lie along, one behind the other.
const ALL: &str = "row+column";

pub(crate) const BUILDERS: &[(&str, Builder)] = &[
    ("all_reduce", |t, attributes, x| {
        let peers = peers(attributes);
        on_each(t, x[0], |x| match attributes.text("body") {
            "add" => x.psum(peers),
            "maximum" => x.pmax(peers),
            "minimum" => x.pmin(peers),
            "multiply" => x.all_reduce(peers, |a, b| a * b),
            body => panic!("no body {body}"),
        })
    }),
    ("all_gather", |t, attributes, x| {
        on_each(t, x[0], |x| x.all_gather(peers(attributes), attributes.int("all_gather_dim")))
    }),
    ("reduce_scatter", |t, attributes, x| {
        let (peers, axis) = (peers(attributes), attributes.int("scatter_dimension"));
        on_each(t, x[0], |x| match attributes.text("body") {
            "add" => x.psum_scatter(peers, axis),
            "maximum" => x.reduce_scatter(peers, axis, Tensor::maximum),
            body => panic!("no body {body}"),
        })
    }),
    ("all_to_all", |t, attributes, x| {
        let (split, concat) =
            (attributes.int("split_dimension"), attributes.int("concat_dimension"));
        on_each(t, x[0], |x| x.all_to_all(peers(attributes), split, concat))
    }),
    ("collective_permute", |t, attributes, x| {
        let pairs = attributes.groups("source_target_pairs");
        let pairs: Vec<_> = pairs.iter().map(|pair| (pair[0], pair[1])).collect();
        on_each(t, x[0], |x| x.ppermute(ALL, &pairs))
    }),
    ("pmean", |t, attributes, x| on_each(t, x[0], |x| x.pmean(peers(attributes)))),
    ("axis_index", |t, attributes, x| {
        on_each(t, x[0], |_| t.axis_index(peers(attributes)).to(F64))
    }),
    ("partition_id", |t, _, x| on_each(t, x[0], |_| t.partition_id().to(F64))),
];

/// The axis along which the groups lie.
fn peers(attributes: &Attributes) -> &'static str {
    match &attributes.groups("replica_groups")[..] {
        [_] => ALL,
        [first, _] if first == &[0, 2] => "row",
        [first, _] if first == &[0, 1] => "column",
        groups => panic!("no axis has the groups {groups:?}"),
    }
}

/// What each device makes of its part, which is an element of the first axis.
fn on_each<'t>(
    t: &'t Trace,
    x: Tensor<'t>,
    body: impl FnOnce(Tensor<'t>) -> Tensor<'t>,
) -> Vec<Tensor<'t>> {
    let whole = |x: Tensor<'t>| body(x.squeeze(0)).expand_dims(0);
    vec![t.manual(.., x.sharded(ALL), &[ALL], &[ALL], whole)]
}

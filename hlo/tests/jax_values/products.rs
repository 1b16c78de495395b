//! Products.

use hlo::DotDimensions;

use super::Builder;

pub(crate) const BUILDERS: &[(&str, Builder)] = &[
    ("matmul", |_, _, x| vec![x[0].matmul(x[1])]),
    ("einsum", |t, attributes, x| vec![t.einsum(attributes.text("spelling"), x)]),
    ("dot_general", |_, attributes, x| {
        let dimensions = DotDimensions {
            lhs_contracting: attributes.ints("lhs_contracting_dimensions"),
            rhs_contracting: attributes.ints("rhs_contracting_dimensions"),
            lhs_batch: attributes.ints("lhs_batching_dimensions"),
            rhs_batch: attributes.ints("rhs_batching_dimensions"),
        };
        vec![x[0].dot_general(x[1], dimensions)]
    }),
];

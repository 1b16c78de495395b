//! Elements moved.

use std::ops::Range;

use super::Builder;

pub(crate) const BUILDERS: &[(&str, Builder)] = &[
    ("iota", |t, attributes, _| {
        let shape: Vec<usize> = attributes.ints("shape");
        vec![t.iota(attributes.dtype(), &shape, attributes.int("iota_dimension"))]
    }),
    ("broadcast_in_dim", |_, attributes, x| {
        let shape: Vec<usize> = attributes.ints("shape");
        vec![x[0].broadcast_in_dim(&shape, attributes.ints("broadcast_dimensions"))]
    }),
    ("broadcast_to", |_, attributes, x| {
        vec![x[0].broadcast_to(&attributes.ints::<usize>("shape"))]
    }),
    ("reshape", |_, attributes, x| vec![x[0].reshape(&attributes.ints::<usize>("shape"))]),
    ("transpose", |_, attributes, x| vec![x[0].transpose(attributes.ints("permutation"))]),
    ("slice", |_, attributes, x| {
        let starts: Vec<usize> = attributes.ints("start_indices");
        let limits: Vec<usize> = attributes.ints("limit_indices");
        let ranges: Vec<Range<usize>> =
            starts.into_iter().zip(limits).map(|(start, limit)| start..limit).collect();
        vec![x[0].slice_strided(ranges, attributes.ints("strides"))]
    }),
    ("dynamic_slice", |_, attributes, x| {
        vec![x[0].dynamic_slice(&x[1..], &attributes.ints::<usize>("slice_sizes"))]
    }),
    ("dynamic_update_slice", |_, _, x| vec![x[0].dynamic_update_slice(x[1], &x[2..])]),
    ("concatenate", |t, attributes, x| vec![t.concatenate(x, attributes.int("dimension"))]),
    ("pick", |_, _, x| vec![x[0].pick(x[1])]),
    ("one_hot", |_, attributes, x| {
        vec![x[0].one_hot(attributes.int("classes"), attributes.dtype())]
    }),
];

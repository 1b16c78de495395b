//! Elements moved.

use std::ops::Range;

use hlo::{DType, GatherDimensions};

use super::Builder;

pub(crate) const BUILDERS: &[(&str, Builder)] = &[
    ("iota", |t, attributes, _| {
        let shape: Vec<usize> = attributes.ints("shape");
        vec![t.iota(attributes.dtype(), &shape, attributes.int("iota_dimension"))]
    }),
    ("constant_array", |t, attributes, _| {
        let shape: Vec<usize> = attributes.ints("shape");
        let dtype = attributes.dtype();
        vec![match dtype {
            DType::Bool => t.constant_array(&attributes.flags_or_none("values"), dtype, &shape),
            _ => t.constant_array(&attributes.ints::<i64>("values"), dtype, &shape),
        }]
    }),
    ("full", |t, attributes, _| {
        let shape: Vec<usize> = attributes.ints("shape");
        let dtype = attributes.dtype();
        vec![match dtype {
            DType::Bool => t.full(attributes.flag("value"), dtype, &shape),
            dtype if dtype.is_float() => t.full(attributes.float("value"), dtype, &shape),
            _ => t.full(attributes.int::<i64>("value"), dtype, &shape),
        }]
    }),
    ("zeros_like", |_, _, x| vec![x[0].zeros_like() + x[0]]),
    ("broadcast_in_dim", |_, attributes, x| {
        let shape: Vec<usize> = attributes.ints("shape");
        vec![x[0].broadcast_in_dim(&shape, attributes.ints("broadcast_dimensions"))]
    }),
    ("broadcast_to", |_, attributes, x| vec![x[0].broadcast_to(attributes.ints::<usize>("shape"))]),
    ("reshape", |_, attributes, x| vec![x[0].reshape(attributes.ints::<usize>("shape"))]),
    ("transpose", |_, attributes, x| vec![x[0].transpose(attributes.ints("permutation"))]),
    ("slice", |_, attributes, x| {
        let starts: Vec<usize> = attributes.ints("start_indices");
        let limits: Vec<usize> = attributes.ints("limit_indices");
        let ranges: Vec<Range<usize>> =
            starts.into_iter().zip(limits).map(|(start, limit)| start..limit).collect();
        vec![x[0].slice_strided(ranges, attributes.ints("strides"))]
    }),
    ("expand_dims", |_, attributes, x| vec![x[0].expand_dims(attributes.int("axis"))]),
    ("dynamic_slice", |_, attributes, x| {
        vec![x[0].dynamic_slice(&x[1..], attributes.ints::<usize>("slice_sizes"))]
    }),
    ("dynamic_update_slice", |_, _, x| vec![x[0].dynamic_update_slice(x[1], &x[2..])]),
    ("pad", |_, attributes, x| {
        let (low, high) =
            (attributes.ints("edge_padding_low"), attributes.ints("edge_padding_high"));
        vec![x[0].pad(x[1], low, high, attributes.ints::<usize>("interior_padding"))]
    }),
    ("reverse", |_, attributes, x| vec![x[0].flip(&attributes.ints("dimensions")[..])]),
    ("stack", |t, attributes, x| vec![t.stack(x, attributes.int("axis"))]),
    ("split_axis", |_, attributes, x| x[0].split::<2>(attributes.int("axis")).into()),
    ("squeeze", |_, attributes, x| vec![x[0].squeeze(attributes.int("axis"))]),
    ("roll", |_, attributes, x| vec![x[0].roll(attributes.int("shift"), attributes.int("axis"))]),
    ("repeat", |_, attributes, x| {
        vec![x[0].repeat(attributes.int("count"), attributes.int("axis"))]
    }),
    ("tile", |_, attributes, x| vec![x[0].tile(attributes.int("count"), attributes.int("axis"))]),
    ("concatenate", |t, attributes, x| vec![t.concatenate(x, attributes.int("dimension"))]),
    ("gather", |_, attributes, x| {
        let dimensions = GatherDimensions {
            offset_dims: attributes.ints("offset_dims"),
            collapsed_slice_dims: attributes.ints("collapsed_slice_dims"),
            operand_batching_dims: attributes.ints_or_none("operand_batching_dims"),
            start_indices_batching_dims: attributes.ints_or_none("start_indices_batching_dims"),
            start_index_map: attributes.ints("start_index_map"),
            index_vector_dim: attributes.int("index_vector_dim"),
            ..GatherDimensions::default()
        };
        vec![x[0].gather(x[1], dimensions, attributes.ints::<usize>("slice_sizes"))]
    }),
    ("scatter", |_, attributes, x| {
        let dimensions = GatherDimensions {
            offset_dims: attributes.ints("update_window_dims"),
            collapsed_slice_dims: attributes.ints("inserted_window_dims"),
            operand_batching_dims: attributes.ints_or_none("input_batching_dims"),
            start_indices_batching_dims: attributes.ints_or_none("scatter_indices_batching_dims"),
            start_index_map: attributes.ints("scatter_dims_to_operand_dims"),
            index_vector_dim: attributes.int("index_vector_dim"),
            unique_indices: attributes.flag("unique_indices"),
            ..GatherDimensions::default()
        };
        vec![match attributes.text("body") {
            "add" => x[0].scatter_add(x[1], x[2], dimensions),
            "assign" => x[0].scatter(x[1], x[2], dimensions),
            "maximum" => x[0].scatter_max(x[1], x[2], dimensions),
            "minimum" => x[0].scatter_min(x[1], x[2], dimensions),
            "multiply" => x[0].scatter_mul(x[1], x[2], dimensions),
            body => panic!("no body {body}"),
        }]
    }),
    ("take", |_, attributes, x| vec![x[0].take(x[1], attributes.int("axis"))]),
    ("take_along_axis", |_, attributes, x| {
        vec![x[0].take_along_axis(x[1], attributes.int("axis"))]
    }),
    ("pick", |_, _, x| vec![x[0].pick(x[1])]),
    ("one_hot", |_, attributes, x| {
        vec![x[0].one_hot(attributes.int("classes"), attributes.dtype())]
    }),
];

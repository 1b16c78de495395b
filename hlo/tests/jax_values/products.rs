//! Products.

use hlo::{Convolution, ConvolutionDimensions, DotDimensions, Padding};

use super::Builder;
use super::case::Attributes;

pub(crate) const BUILDERS: &[(&str, Builder)] = &[
    ("matmul", |_, _, x| vec![x[0].matmul(x[1])]),
    ("matmul_to", |_, attributes, x| vec![x[0].matmul_to(x[1], attributes.dtype())]),
    ("einsum", |t, attributes, x| vec![t.einsum(attributes.text("spelling"), x)]),
    ("dot_general", |_, attributes, x| vec![x[0].dot_general(x[1], dimensions(attributes))]),
    ("dot_general_to", |_, attributes, x| {
        vec![x[0].dot_general_to(x[1], dimensions(attributes), attributes.dtype())]
    }),
    ("convolution", |_, attributes, x| {
        let count = |name| if attributes.has(name) { attributes.int(name) } else { 1 };
        let convolution = Convolution {
            strides: attributes.ints_or_none("window_strides"),
            padding: attributes.pairs("padding").map_or(Padding::Valid, Padding::Explicit),
            lhs_dilation: attributes.ints_or_none("lhs_dilation"),
            rhs_dilation: attributes.ints_or_none("rhs_dilation"),
            window_reversal: attributes.flags_or_none("window_reversal"),
            dimension_numbers: Some(layout(attributes.text("dimension_numbers"))),
            feature_group_count: count("feature_group_count"),
            batch_group_count: count("batch_group_count"),
        };
        vec![x[0].conv(x[1], &convolution)]
    }),
];

fn dimensions(attributes: &Attributes) -> DotDimensions {
    DotDimensions {
        lhs_contracting: attributes.ints("lhs_contracting_dimensions"),
        rhs_contracting: attributes.ints("rhs_contracting_dimensions"),
        lhs_batch: attributes.ints("lhs_batching_dimensions"),
        rhs_batch: attributes.ints("rhs_batching_dimensions"),
    }
}

/// Such as `b01f,01io->b01f`: batch, features, features in and out, and the spatial axes in order.
fn layout(text: &str) -> ConvolutionDimensions {
    let (operands, output) = text.split_once("->").expect("an arrow");
    let (input, kernel) = operands.split_once(',').expect("a comma");
    let place = |axes: &str, name: char| axes.find(name).expect("a name of the axes");
    let spatial = |axes: &str| ('0'..).take(axes.len() - 2).map(|name| place(axes, name)).collect();
    ConvolutionDimensions {
        input_batch: place(input, 'b'),
        input_feature: place(input, 'f'),
        input_spatial: spatial(input),
        kernel_input_feature: place(kernel, 'i'),
        kernel_output_feature: place(kernel, 'o'),
        kernel_spatial: spatial(kernel),
        output_batch: place(output, 'b'),
        output_feature: place(output, 'f'),
        output_spatial: spatial(output),
    }
}

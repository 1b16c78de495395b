//! Reductions.

use hlo::DType::{F64, S32};
use hlo::{Axes, DType, Padding, Tensor, Trace, Window};

use super::Builder;
use super::case::Attributes;

pub(crate) const BUILDERS: &[(&str, Builder)] = &[
    ("sum", |_, attributes, x| vec![x[0].sum(axes(attributes))]),
    ("max", |_, attributes, x| vec![x[0].max(axes(attributes))]),
    ("min", |_, attributes, x| vec![x[0].min(axes(attributes))]),
    ("product", |_, attributes, x| vec![x[0].prod(axes(attributes))]),
    ("mean", |_, attributes, x| vec![x[0].mean(axes(attributes))]),
    ("variance", |_, attributes, x| vec![x[0].variance(axes(attributes))]),
    ("std", |_, attributes, x| vec![x[0].std(axes(attributes))]),
    ("all", |_, attributes, x| vec![x[0].all(axes(attributes))]),
    ("any", |_, attributes, x| vec![x[0].any(axes(attributes))]),
    ("argmin", |_, attributes, x| vec![x[0].argmin(attributes.int("axis"))]),
    ("cumsum", |_, attributes, x| vec![cumulative(attributes, x[0], Tensor::cumsum)]),
    ("cumprod", |_, attributes, x| vec![cumulative(attributes, x[0], Tensor::cumprod)]),
    ("cummax", |_, attributes, x| vec![cumulative(attributes, x[0], Tensor::cummax)]),
    ("cummin", |_, attributes, x| vec![cumulative(attributes, x[0], Tensor::cummin)]),
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
    ("reduce_window", |t, attributes, x| {
        let (dtype, window) = (x[0].dtype(), window(attributes, "window_dimensions"));
        vec![match attributes.text("body") {
            "add" => hlo::reduce_window(x[0], t.constant(0, dtype), &window, |a, b| a + b),
            "multiply" => hlo::reduce_window(x[0], t.constant(1, dtype), &window, |a, b| a * b),
            "maximum" => hlo::reduce_window(x[0], lowest(t, dtype), &window, Tensor::maximum),
            "minimum" => {
                let highest = t.constant(f64::INFINITY, dtype);
                hlo::reduce_window(x[0], highest, &window, Tensor::minimum)
            }
            body => panic!("no body {body}"),
        }]
    }),
    ("select_and_scatter", |t, attributes, x| {
        let window = window(attributes, "window_dimensions");
        let init = t.constant(0, x[1].dtype());
        vec![match attributes.text("select") {
            "GE" => {
                x[0].select_and_scatter(x[1], init, &window, Tensor::greater_equal, |a, b| a + b)
            }
            "LE" => x[0].select_and_scatter(x[1], init, &window, Tensor::less_equal, |a, b| a + b),
            select => panic!("no direction {select}"),
        }]
    }),
    ("max_pool", |_, attributes, x| vec![x[0].max_pool(&window(attributes, "window"))]),
    ("avg_pool", |_, attributes, x| {
        vec![x[0].avg_pool(&window(attributes, "window"), attributes.flag("count_include_pad"))]
    }),
];

/// From either end of an axis.
fn cumulative<'t>(
    attributes: &Attributes,
    x: Tensor<'t>,
    fold: impl FnOnce(Tensor<'t>, i32) -> Tensor<'t>,
) -> Tensor<'t> {
    let axis = attributes.int("axis");
    if attributes.flag("reverse") { fold(x.flip(axis), axis).flip(axis) } else { fold(x, axis) }
}

fn window(attributes: &Attributes, dimensions: &str) -> Window {
    Window {
        dimensions: attributes.ints(dimensions),
        strides: attributes.ints_or_none("window_strides"),
        padding: attributes.pairs("padding").map_or(Padding::Valid, Padding::Explicit),
        base_dilations: attributes.ints_or_none("base_dilations"),
        window_dilations: attributes.ints_or_none("window_dilations"),
    }
}

/// What is not above any number of the type.
fn lowest<'t>(t: &'t Trace, dtype: DType) -> Tensor<'t> {
    match dtype {
        dtype if dtype.is_float() => t.constant(f64::NEG_INFINITY, dtype),
        dtype if dtype.is_unsigned() => t.constant(0, dtype),
        _ => t.constant(i32::MIN, dtype),
    }
}

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

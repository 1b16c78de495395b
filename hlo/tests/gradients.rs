//! Every operation's gradient against central differences in `f64`, on a real plugin.
//!
//! A case is a function of tensors. Its result is contracted with fixed numbers to a scalar; the
//! gradient of that scalar is compared with differences of fourth order whose step is 2⁻¹⁰. Of the
//! gradients themselves another scalar is made and differentiated: derivatives of second order.
//!
//! The error allowed is 10⁻⁷ of the largest element of the gradient, or 10⁻⁷ where that is below 1:
//! the truncation of the differences is h⁴/30 ≈ 3·10⁻¹⁴ times a fifth derivative, their rounding
//! about 10⁻¹³ times the scalar.

mod support;

use std::collections::BTreeSet;

use hlo::DType::{F32, F64, S32};
use hlo::{
    Convolution, ConvolutionDimensions, DotDimensions, GatherDimensions, Padding, Tensor, Trace,
    Window,
};
use pjrt::HostArray;
use support::{Function, array, compile, declare, evaluate, mistake, run, values};

const STEP: f64 = 1.0 / 1024.0;
const TOLERANCE: f64 = 1e-7;

/// A function of tensors, and where its gradient is checked.
struct Case {
    name: &'static str,
    inputs: Vec<HostArray>,
    function: Function,
    orders: u32,
}

fn case<const N: usize>(name: &'static str, inputs: [HostArray; N], function: Function) -> Case {
    Case { name, inputs: inputs.into(), function, orders: 2 }
}

impl Case {
    /// Without derivatives of second order, for a gradient that jumps or is rounded.
    fn of_first_order(self) -> Self {
        Self { orders: 1, ..self }
    }
}

/// Numbers spread over `low..high` that no two inputs of different `seed` share.
fn spread(dims: &[usize], low: f64, high: f64, seed: u32) -> HostArray {
    let offset = f64::from(seed) * std::f64::consts::SQRT_2;
    let golden = 0.5 * (5f64.sqrt() - 1.0);
    let count: usize = dims.iter().product();
    let number = |i: usize| low + (high - low) * (offset + (i + 1) as f64 * golden).fract();
    array(dims, &(0..count).map(number).collect::<Vec<_>>())
}

/// Numbers on both sides of 0, none within 1/4 of it.
fn signed(dims: &[usize], seed: u32) -> HostArray {
    let away = |value: f64| value + value.signum() * 0.25;
    let spread = values::<f64>(&spread(dims, -1.5, 1.5, seed));
    array(dims, &spread.into_iter().map(away).collect::<Vec<_>>())
}

/// Fixed numbers of the shape of `like`, none of which is 0.
fn weights(like: Tensor<'_>) -> Tensor<'_> {
    let count = like.shape().elements();
    let position = like.trace().iota(F64, [count], 0).reshape(like.shape());
    (position * 2.3 + 1.0).cos() + 1.5
}

/// A scalar with the case's function in it, differentiated `order − 1` times.
fn scalar<'t>(t: &'t Trace, case: &Case, inputs: &[Tensor<'t>], order: u32) -> Tensor<'t> {
    let result = (case.function)(t, inputs);
    if order == 1 {
        return (weights(result) * result).sum(..);
    }
    // The square gives functions that are linear a second derivative.
    let loss = (weights(result) * result * result).sum(..);
    let gradients = hlo::grad(loss, inputs.to_vec());
    let contracted = gradients.into_iter().map(|gradient| (weights(gradient) * gradient).sum(..));
    contracted.reduce(|sum, part| sum + part).expect("a case has inputs")
}

fn check(cases: &[Case]) {
    for case in cases {
        (1..=case.orders).for_each(|order| check_order(case, order));
    }
}

fn check_order(case: &Case, order: u32) {
    let program = hlo::trace("gradient", |t| {
        let inputs = declare(t, &case.inputs);
        let loss = scalar(t, case, &inputs, order);
        t.output("loss", loss);
        for (i, gradient) in hlo::grad(loss, inputs).into_iter().enumerate() {
            t.output(&format!("gradient of {i}"), gradient);
        }
    });
    let program = program.unwrap_or_else(|error| panic!("{}: {error}", case.name));
    let executable = compile(&program);
    let gradients: Vec<_> = run(&executable, &case.inputs)[1..].iter().map(values::<f64>).collect();
    let loss_at = |input: usize, element: usize, change: f64| -> f64 {
        let mut inputs = case.inputs.clone();
        let mut moved = values::<f64>(&inputs[input]);
        moved[element] += change;
        inputs[input] = array(inputs[input].dims(), &moved);
        run(&executable, &inputs)[0].item().unwrap()
    };
    for (input, gradient) in gradients.iter().enumerate() {
        let largest = gradient.iter().fold(1.0, |max: f64, value| max.max(value.abs()));
        for (element, &got) in gradient.iter().enumerate() {
            let difference = |h: f64| loss_at(input, element, h) - loss_at(input, element, -h);
            let expected = (8.0 * difference(STEP) - difference(2.0 * STEP)) / (12.0 * STEP);
            let error = (got - expected).abs() / largest;
            assert!(
                error <= TOLERANCE,
                "{}: derivative of order {order} by element {element} of input {input} is {got}, \
                 the difference {expected}",
                case.name
            );
        }
    }
}

fn unary() -> Vec<Case> {
    let any = || [signed(&[2, 5], 1)];
    let positive = || [spread(&[7], 0.3, 3.0, 2)];
    vec![
        case("abs", any(), |_, x| x[0].abs()),
        case("cbrt", any(), |_, x| x[0].cbrt()),
        case("ceil", any(), |_, x| x[0].ceil() * x[0]),
        case("cos", any(), |_, x| x[0].cos()),
        case("exp", any(), |_, x| x[0].exp()),
        case("expm1", any(), |_, x| x[0].expm1()),
        case("floor", any(), |_, x| x[0].floor() * x[0]),
        case("log", positive(), |_, x| x[0].log()),
        case("log1p", [spread(&[7], -0.6, 2.0, 3)], |_, x| x[0].log1p()),
        case("logistic", any(), |_, x| x[0].logistic()),
        case("negate", any(), |_, x| -x[0]),
        case("round_ties_away", any(), |_, x| x[0].round_ties_away() * x[0]),
        case("round_ties_even", any(), |_, x| x[0].round_ties_even() * x[0]),
        case("rsqrt", positive(), |_, x| x[0].rsqrt()),
        case("sign", any(), |_, x| x[0].sign() * x[0]),
        case("sin", any(), |_, x| x[0].sin()),
        case("sqrt", positive(), |_, x| x[0].sqrt()),
        case("tan", [spread(&[7], -1.2, 1.2, 2)], |_, x| x[0].tan()),
        case("tanh", any(), |_, x| x[0].tanh()),
    ]
}

fn binary() -> Vec<Case> {
    let equal = || [signed(&[3, 4], 1), signed(&[3, 4], 2)];
    let rank = || [signed(&[3, 1, 2], 1), signed(&[4, 2], 2)];
    let scalar = || [signed(&[], 1), signed(&[2, 3], 2)];
    let ones = || [signed(&[1, 3], 1), signed(&[2, 1], 2)];
    // The middle elements are equal: each side gets half, as central differences do.
    let ties = || [array(&[3], &[1.0, 2.0, -1.0]), array(&[3], &[2.0, 2.0, -3.0])];
    let apart = || [spread(&[2, 3], 5.1, 5.9, 1), array(&[3], &[1.9, -2.3, 4.0])];
    vec![
        case("atan2", equal(), |_, x| x[0].atan2(x[1])),
        case("atan2 ranks", rank(), |_, x| x[0].atan2(x[1]) + x[1].atan2(2.0)),
        case("add", equal(), |_, x| x[0] + x[1]),
        case("add ranks", rank(), |_, x| x[0] + x[1]),
        case("add scalar", scalar(), |_, x| x[0] + x[1]),
        case("add a number", equal(), |_, x| 2.0 + x[0] + x[1] + 1),
        case("subtract", equal(), |_, x| x[0] - x[1]),
        case("subtract ranks", rank(), |_, x| x[1] - x[0]),
        case("subtract from a number", equal(), |_, x| 1.0 - x[0] * x[1]),
        case("multiply", equal(), |_, x| x[0] * x[1]),
        case("multiply ranks", rank(), |_, x| x[0] * x[1]),
        case("multiply both repeat", ones(), |_, x| x[0] * x[1]),
        case("multiply by itself", equal(), |_, x| x[0] * x[0] * x[1]),
        case("divide", equal(), |_, x| x[0] / x[1]),
        case("divide ranks", rank(), |_, x| x[1] / x[0]),
        case("divide scalar", scalar(), |_, x| x[0] / x[1]),
        case("divide a number", equal(), |_, x| 2.0 / x[0] + x[1] / 3.0),
        case("maximum", equal(), |_, x| x[0].maximum(x[1])),
        case("maximum ties", ties(), |_, x| x[0].maximum(x[1])).of_first_order(),
        case("maximum scalar", scalar(), |_, x| x[0].maximum(x[1])),
        case("minimum", ones(), |_, x| x[0].minimum(x[1])),
        case("minimum ties", ties(), |_, x| x[0].minimum(x[1])).of_first_order(),
        case("power", [spread(&[4], 0.4, 2.5, 1), signed(&[2, 4], 2)], |_, x| x[0].pow(x[1])),
        case("power whole", [signed(&[6], 1)], |_, x| x[0].pow(3.0) + x[0].pow(-2)),
        case("remainder", apart(), |_, x| x[0] % x[1]),
        case("remainder negative", apart(), |_, x| -x[0] % x[1]),
    ]
}

fn movement() -> Vec<Case> {
    let matrix = || [signed(&[3, 4], 1)];
    vec![
        case("broadcast_in_dim", [signed(&[2, 1, 3], 1)], |_, x| {
            x[0].broadcast_in_dim([2, 2, 4, 3], [0, 2, 3])
        }),
        case("broadcast_to", [signed(&[3, 1], 1)], |_, x| x[0].broadcast_to([2, 3, 2])),
        case("reshape", matrix(), |_, x| x[0].reshape([2, 6]).sin()),
        case("expand_dims", matrix(), |_, x| x[0].expand_dims(1) * x[0].expand_dims(-1)),
        case("transpose", [signed(&[2, 3, 1, 4], 1)], |_, x| {
            // A cycle of four axes: its inverse is another permutation.
            x[0].transpose([1, 3, 0, 2]) * x[0].reshape([3, 4, 2, 1])
        }),
        case("slice", matrix(), |_, x| x[0].slice(-1, 1..3) * x[0].slice(1, 0..2)),
        case("slice of nothing", matrix(), |_, x| x[0].slice(0, 1..1).sum(0) + x[0].sum(0)),
        case("slice strides that divide", [signed(&[6, 4], 1)], |_, x| {
            x[0].slice_strided([0..6, 0..4], [3, 2])
        }),
        case("slice strides with a rest", [signed(&[7, 5], 1)], |_, x| {
            x[0].slice_strided([1..7, 0..4], [4, 3])
        }),
        case("pad", [signed(&[2, 3], 1), signed(&[], 2)], |_, x| {
            x[0].pad(x[1], [1, 0], [0, 2], [2, 1])
        }),
        case("pad of less than nothing", [signed(&[4, 3], 1), signed(&[], 2)], |_, x| {
            x[0].pad(x[1], [-2, 1], [1, -2], [1, 2])
        }),
        case("pad between one", [signed(&[1], 1), signed(&[], 2)], |_, x| {
            x[0].pad(x[1], [2], [1], [5])
        }),
        case("flip", matrix(), |_, x| x[0].flip(1) * x[0].flip([0, 1]) * x[0].exp()),
        case("roll", matrix(), |_, x| x[0].roll(1, 0) * x[0].roll(-2, 1)),
        case("split and stack", matrix(), |t, x| {
            let [a, b] = x[0].split(1);
            t.stack(&[a * b, b], 1)
        }),
        case("repeat and tile", matrix(), |_, x| {
            x[0].repeat(2, 0).tile(2, 1) * x[0].tile(2, 0).repeat(2, 1)
        }),
        case("concatenate", [signed(&[2, 1], 1), signed(&[2, 3], 2)], |t, x| {
            t.concatenate(&[x[0], x[1], x[0]], -1)
        }),
        case("concatenate rows", [signed(&[1, 2], 1), signed(&[3, 2], 2)], |t, x| {
            t.concatenate(&[x[1], x[0]], 0)
        }),
        case("select", [signed(&[2, 3], 1), signed(&[3], 2)], |_, x| {
            x[0].greater(x[1]).select(x[0] * x[0], x[1])
        }),
        case("select by scalars", [signed(&[2, 3], 1), signed(&[], 2)], |_, x| {
            x[1].less(0.0).select(x[1], x[0]) + x[0].less(0.5).select(x[1], x[1] * x[1])
        }),
        // Multiples of 1/64 and the steps beside them are numbers of `f32`: nothing is rounded.
        case("convert", [array(&[4], &[0.5, -1.25, 3.015625, 0.0])], |_, x| x[0].to(F32).to(F64))
            .of_first_order(),
        // Of all digits: fewer would be those of the gradient too.
        case("reduce_precision", [array(&[4], &[0.5, -1.25, 3.015625, 0.0])], |_, x| {
            x[0].reduce_precision(11, 52)
        })
        .of_first_order(),
        case("pick", [signed(&[2, 3], 1)], |t, x| x[0].pick(t.iota(S32, [2], 0) + 1)),
    ]
}

fn indexing() -> Vec<Case> {
    vec![
        case("dynamic_slice", [signed(&[3, 4], 1)], |t, x| {
            let starts = [1, 9].map(|start| t.constant(start, S32));
            x[0].dynamic_slice(&starts, [2, 2]) * x[0].slice(0, 0..2).slice(1, 1..3)
        }),
        case("dynamic_update_slice", [signed(&[3, 4], 1), signed(&[2, 2], 2)], |t, x| {
            let starts = [-1, 1].map(|start| t.constant(start, S32));
            x[0].dynamic_update_slice(x[1] * x[1], &starts) * x[0]
        }),
        case("gather", [signed(&[3, 4], 1)], |t, x| x[0].gather(places(t), rows(), [1, 4])),
        case("gather blocks", [signed(&[3, 4], 1)], |t, x| {
            // Pairs of a row and a column, the second of which is moved.
            let places = t.concatenate(&[t.iota(S32, [1, 2], 1), t.iota(S32, [1, 2], 1) * 5], 0);
            let blocks = GatherDimensions {
                offset_dims: vec![0, 2],
                start_index_map: vec![0, 1],
                ..GatherDimensions::default()
            };
            x[0].gather(places, blocks, [2, 3])
        }),
        case("scatter", targets(), |t, x| x[0].scatter(places(t), x[1], rows())),
        case("scatter unique", targets(), |t, x| {
            let unique = GatherDimensions { unique_indices: true, ..rows() };
            x[0].scatter(t.iota(S32, [4], 0) + 1, x[1], unique)
        }),
        case("scatter_add", targets(), |t, x| x[0].scatter_add(places(t), x[1] * x[1], rows())),
        case("scatter with a body", targets(), |t, x| {
            hlo::scatter(x[0], places(t), x[1] * x[1], rows(), |old, new| old + new)
        }),
        case("scatter_mul", targets(), |t, x| {
            let unique = GatherDimensions { unique_indices: true, ..rows() };
            x[0].scatter_mul(t.iota(S32, [4], 0) - 1, x[1], unique)
        }),
        case("scatter_mul by constants", targets(), |t, x| {
            x[0].scatter_mul(places(t), x[1].stop_gradient() * 0.0 + 3.0, rows()) * x[1].sum(..)
        }),
        case("scatter_max", targets(), |t, x| x[0].scatter_max(places(t), x[1], rows())),
        case("scatter_min", targets(), |t, x| x[0].scatter_min(places(t), x[1], rows())),
        case("clamp", [signed(&[3, 4], 1), signed(&[4], 2), signed(&[], 3)], |_, x| {
            x[0].clamp(x[1] - 0.7, x[2]) * x[0]
        }),
        case("sort", [signed(&[3, 4], 1)], |_, x| x[0].sort(0) * x[0].sort(-1)),
        case("sort of two", targets_of_a_sort(), |_, x| {
            let (keys, values) = hlo::sort((x[0], x[1]), 1, |a, b| a.0.greater(b.0));
            keys * values
        }),
        case("top_k", [signed(&[3, 4], 1)], |_, x| x[0].top_k(2).0),
        case("take", [signed(&[2, 3, 2], 1)], |t, x| {
            // Indices outside, whose NaN goes: its gradient is 0.
            let taken = x[0].take(t.iota(S32, [3, 2], 0) * 2 - 1, 1);
            taken.is_finite().select(taken, taken.zeros_like())
        }),
        case("take_along_axis", [signed(&[3, 4], 1)], |t, x| {
            x[0].take_along_axis(t.iota(S32, [3, 5], 0) - 1, 1)
        }),
        case("clamp between numbers", [signed(&[3, 4], 1)], |_, x| x[0].clamp(-0.5, 1)),
    ]
}

/// Rows of a matrix, each named by one integer.
fn rows() -> GatherDimensions {
    GatherDimensions {
        offset_dims: vec![1],
        collapsed_slice_dims: vec![0],
        start_index_map: vec![0],
        index_vector_dim: 1,
        ..GatherDimensions::default()
    }
}

/// Rows 2, −1, 2 and 5 of three.
fn places(t: &Trace) -> Tensor<'_> {
    let count = t.iota(S32, [4], 0);
    2 - (count & 1) * 3 + (count >> 1) * (count & 1) * 6
}

fn targets_of_a_sort() -> [HostArray; 2] {
    [signed(&[2, 5], 1), signed(&[2, 5], 2)]
}

fn targets() -> [HostArray; 2] {
    [signed(&[3, 2], 1), signed(&[4, 2], 2)]
}

fn reductions() -> Vec<Case> {
    let cube = || [signed(&[2, 3, 2], 1)];
    vec![
        case("sum", cube(), |_, x| x[0].sum(..)),
        case("sum of one axis", cube(), |_, x| x[0].sum(1)),
        case("sum of two axes", cube(), |_, x| x[0].sum([-1, 0])),
        case("sum of no axis", cube(), |_, x| x[0].sum([])),
        case("mean", cube(), |_, x| x[0].mean(..)),
        case("mean of two axes", cube(), |_, x| x[0].mean([1, 2])),
        case("max", cube(), |_, x| x[0].max(..)),
        case("max of the first axis", cube(), |_, x| x[0].max(0)),
        case("max of two axes", cube(), |_, x| x[0].max([0, 2])),
        case("max of two equal", [array(&[3], &[2.0, 1.0, 2.0])], |_, x| x[0].max(0))
            .of_first_order(),
        case("min", cube(), |_, x| x[0].min(..)),
        case("min of the last axis", cube(), |_, x| x[0].min(-1)),
        case("min of two equal", [array(&[3], &[2.0, 1.0, 1.0])], |_, x| x[0].min(0))
            .of_first_order(),
        case("variance", cube(), |_, x| x[0].variance(..)),
        case("variance of two axes", cube(), |_, x| x[0].variance([0, -1])),
        case("std", cube(), |_, x| x[0].std(1)),
        case("prod", cube(), |_, x| x[0].prod(..)),
        case("prod of the middle axis", cube(), |_, x| x[0].prod(1)),
        case("prod of two axes apart", cube(), |_, x| x[0].prod([0, 2])),
        case("prod with a zero", [array(&[2, 3], &[2.0, 0.0, 3.0, 1.5, -1.0, 0.5])], |_, x| {
            x[0].prod(1)
        }),
        case("prod with two zeros", [array(&[4], &[2.0, 0.0, 3.0, 0.0])], |_, x| x[0].prod(0)),
        case("prod of nothing", [signed(&[2, 0], 1), signed(&[2], 2)], |_, x| x[0].prod(1) * x[1]),
        case(
            "reduce with an element to begin with",
            [signed(&[3, 2], 1), signed(&[], 2)],
            |_, x| {
                hlo::reduce(x[0], x[1], 0, |a, b| a + b) * hlo::reduce(x[0], x[1], .., |a, b| a * b)
            },
        ),
        case("reduce from a maximum", [signed(&[3, 2], 1), array(&[], &[0.7])], |_, x| {
            hlo::reduce(x[0], x[1], 0, |a, b| a.maximum(b))
        }),
        case("reduce by log-sum-exp", [signed(&[2, 5], 1)], |t, x| {
            hlo::reduce(x[0], t.constant(-1e9, F64), -1, |a, b| {
                let max = a.maximum(b);
                max + ((a - max).exp() + (b - max).exp()).log()
            })
        }),
        // Affine maps applied one after the other, which do not commute.
        case("reduce of pairs in order", [signed(&[7], 1), signed(&[7], 2)], |t, x| {
            let init = (t.constant(1, F64), t.constant(0, F64));
            let (slope, offset) = hlo::reduce((x[0], x[1]), init, 0, |first, then| {
                (then.0 * first.0, then.0 * first.1 + then.1)
            });
            slope * 0.5 + offset
        }),
        case("reduce of a number and its place", [signed(&[4, 3], 1)], |t, x| {
            let init = (t.constant(f64::NEG_INFINITY, F64), t.constant(i32::MAX, S32));
            let (largest, place) = hlo::reduce((x[0], t.iota(S32, [4, 3], 0)), init, 0, |a, b| {
                let left = a.0.greater(b.0) | (a.0.equal(b.0) & a.1.less(b.1));
                (left.select(a.0, b.0), left.select(a.1, b.1))
            });
            largest * place.to(F64)
        }),
    ]
}

/// Windows that differ in everything that a window has, over axes of 6 and 5 elements.
fn windows_of_all_kinds() -> [Window; 6] {
    let plain = Window::of([2, 3]);
    [
        plain.clone(),
        Window { strides: vec![3, 2], ..plain.clone() },
        Window { padding: Padding::Same, strides: vec![2, 3], ..plain.clone() },
        Window { padding: Padding::Explicit(vec![(1, 2), (-1, 3)]), ..plain.clone() },
        Window {
            padding: Padding::Explicit(vec![(0, 1), (2, -2)]),
            window_dilations: vec![3, 2],
            ..plain.clone()
        },
        Window {
            padding: Padding::Explicit(vec![(2, -1), (1, 2)]),
            strides: vec![2, 3],
            base_dilations: vec![2, 3],
            window_dilations: vec![2, 1],
            ..plain
        },
    ]
}

/// The sum over all kinds of windows of the sum of what they give.
fn over_windows<'t>(x: Tensor<'t>, fold: fn(Tensor<'t>, &Window) -> Tensor<'t>) -> Tensor<'t> {
    let sums = windows_of_all_kinds().map(|window| {
        let result = fold(x, &window);
        (result * result * weights(result)).sum(..)
    });
    sums.into_iter().reduce(|sum, part| sum + part).expect("there are windows")
}

fn windows() -> Vec<Case> {
    let x = || [signed(&[6, 5], 1)];
    let with_init = || [signed(&[6, 5], 1), array(&[], &[0.8])];
    vec![
        case("window sums", x(), |_, x| {
            over_windows(x[0], |x, window| {
                hlo::reduce_window(x, x.trace().constant(0, F64), window, |a, b| a + b)
            })
        }),
        case("window maxima", x(), |_, x| {
            over_windows(x[0], |x, window| {
                let lowest = x.trace().constant(f64::NEG_INFINITY, F64);
                hlo::reduce_window(x, lowest, window, |a, b| a.maximum(b)).maximum(-100.0)
            })
        }),
        case("window minima", x(), |_, x| {
            over_windows(x[0], |x, window| {
                let highest = x.trace().constant(f64::INFINITY, F64);
                hlo::reduce_window(x, highest, window, |a, b| a.minimum(b)).minimum(100.0)
            })
        }),
        case("window products", x(), |_, x| {
            over_windows(x[0], |x, window| {
                hlo::reduce_window(x, x.trace().constant(1, F64), window, |a, b| a * b)
            })
        }),
        case("window sums with an element to begin with", with_init(), |_, x| {
            hlo::reduce_window(x[0], x[1], &windows_of_all_kinds()[0], |a, b| a + b)
        }),
        case("window maxima with an element to begin with", with_init(), |_, x| {
            hlo::reduce_window(x[0], x[1], &windows_of_all_kinds()[3], |a, b| a.maximum(b))
        }),
        case("windows of pairs", [signed(&[6], 1), signed(&[6], 2)], |t, x| {
            let init = (t.constant(1, F64), t.constant(0, F64));
            let window = Window { strides: vec![2], ..Window::of([3]) };
            let (slope, offset) = hlo::reduce_window((x[0], x[1]), init, &window, |first, then| {
                (then.0 * first.0, then.0 * first.1 + then.1)
            });
            slope * offset
        }),
        case(
            "select_and_scatter",
            [signed(&[6, 5], 1), signed(&[3, 2], 2), signed(&[], 3)],
            |_, x| {
                let window = Window {
                    strides: vec![2, 2],
                    padding: Padding::Explicit(vec![(1, 1), (0, 0)]),
                    ..Window::of([3, 2])
                };
                let y = x[0].select_and_scatter(
                    x[1],
                    x[2],
                    &window,
                    |best, next| best.abs().greater(next.abs()),
                    |a, b| a + b,
                );
                y * x[0]
            },
        ),
        case("max_pool", [signed(&[2, 5, 4, 3], 1)], |_, x| {
            x[0].max_pool(&Window { strides: vec![2, 1], ..Window::of([2, 2]) })
        }),
        case("avg_pool", [signed(&[1, 5, 4, 2], 1)], |_, x| {
            let window =
                Window { strides: vec![2, 1], padding: Padding::Same, ..Window::of([3, 2]) };
            x[0].avg_pool(&window, true) * x[0].avg_pool(&window, false)
        }),
    ]
}

fn products() -> Vec<Case> {
    vec![
        case("matmul", [signed(&[2, 3], 1), signed(&[3, 4], 2)], |_, x| x[0].matmul(x[1])),
        case("matmul of a vector", [signed(&[3], 1), signed(&[3, 2], 2)], |_, x| x[0].matmul(x[1])),
        case("matmul of rank 3 and 2", [signed(&[2, 2, 3], 1), signed(&[3, 2], 2)], |_, x| {
            x[0].matmul(x[1])
        }),
        case("matmul of batches", [signed(&[2, 2, 3], 1), signed(&[2, 3, 2], 2)], |_, x| {
            x[0].matmul(x[1])
        }),
        case(
            "matmul that broadcasts",
            [signed(&[2, 1, 2, 3], 1), signed(&[2, 3, 2], 2)],
            |_, x| x[0].matmul(x[1]),
        ),
        case("matmul by a vector", [signed(&[2, 2, 3], 1), signed(&[3], 2)], |_, x| {
            x[0].matmul(x[1])
        }),
        case(
            "einsum of three",
            [signed(&[2, 3], 1), signed(&[3, 2], 2), signed(&[2], 3)],
            |t, x| t.einsum("ij,jk,k->i", x),
        ),
        case("einsum along diagonals", [signed(&[2, 2, 3], 1), signed(&[1, 2], 2)], |t, x| {
            t.einsum("iij,ji->ij", &[x[0], x[1]])
        }),
        case("matmul with itself", [signed(&[3, 3], 1)], |_, x| x[0].matmul(x[0])),
        case("outer product", [signed(&[2], 1), signed(&[3], 2)], |_, x| {
            x[0].dot_general(x[1], DotDimensions::default())
        }),
        // Left [b1=2, c1=3, f=2, b0=1, c0=2], right [c0=2, b0=1, g=2, b1=2, c1=3].
        case(
            "two batch and two contracting axes in other orders",
            [signed(&[2, 3, 2, 1, 2], 1), signed(&[2, 1, 2, 2, 3], 2)],
            |_, x| {
                let dimensions = DotDimensions {
                    lhs_contracting: vec![4, 1],
                    rhs_contracting: vec![0, 4],
                    lhs_batch: vec![3, 0],
                    rhs_batch: vec![1, 3],
                };
                x[0].dot_general(x[1], dimensions)
            },
        ),
        // Contracting axes whose order differs between the sides: partners are not in line.
        case(
            "three contracting axes permuted",
            [signed(&[2, 3, 1, 2], 1), signed(&[1, 2, 2, 3], 2)],
            |_, x| {
                let dimensions = DotDimensions {
                    lhs_contracting: vec![1, 2, 0],
                    rhs_contracting: vec![3, 0, 1],
                    ..DotDimensions::default()
                };
                x[0].dot_general(x[1], dimensions)
            },
        ),
    ]
}

fn convolutions() -> Vec<Case> {
    let image = || [signed(&[2, 5, 4, 2], 1), signed(&[3, 2, 2, 3], 2)];
    vec![
        case("conv", image(), |_, x| x[0].conv(x[1], &Convolution::default())),
        case("conv with strides and padding of all kinds", image(), |_, x| {
            let same = Convolution {
                strides: vec![2, 1],
                padding: Padding::Same,
                ..Convolution::default()
            };
            let explicit = Convolution {
                strides: vec![1, 2],
                padding: Padding::Explicit(vec![(-1, 2), (3, -1)]),
                ..Convolution::default()
            };
            let (same, explicit) = (x[0].conv(x[1], &same), x[0].conv(x[1], &explicit));
            same.sum([1, 2]) * explicit.mean([1, 2])
        }),
        case("conv with dilations and the kernel turned round", image(), |_, x| {
            let convolution = Convolution {
                strides: vec![2, 3],
                padding: Padding::Explicit(vec![(1, 2), (0, 2)]),
                lhs_dilation: vec![3, 2],
                rhs_dilation: vec![2, 3],
                window_reversal: vec![true, false],
                ..Convolution::default()
            };
            x[0].conv(x[1], &convolution)
        }),
        case(
            "conv in groups of features",
            [signed(&[1, 4, 3, 4], 1), signed(&[2, 2, 2, 6], 2)],
            |_, x| {
                let convolution = Convolution {
                    strides: vec![2, 1],
                    padding: Padding::Same,
                    feature_group_count: 2,
                    window_reversal: vec![false, true],
                    ..Convolution::default()
                };
                x[0].conv(x[1], &convolution)
            },
        ),
        case("conv by depth", [signed(&[2, 5, 3], 1), signed(&[2, 1, 6], 2)], |_, x| {
            let convolution = Convolution { feature_group_count: 3, ..Convolution::default() };
            x[0].conv(x[1], &convolution)
        }),
        case(
            "conv in groups of examples",
            [signed(&[4, 3, 4, 2], 1), signed(&[2, 3, 2, 4], 2)],
            |_, x| {
                let convolution = Convolution {
                    padding: Padding::Same,
                    rhs_dilation: vec![1, 2],
                    batch_group_count: 2,
                    ..Convolution::default()
                };
                x[0].conv(x[1], &convolution)
            },
        ),
        case(
            "conv with channels first",
            [signed(&[2, 2, 4, 3], 1), signed(&[3, 2, 2, 2], 2)],
            |_, x| {
                let convolution = Convolution {
                    strides: vec![1, 2],
                    dimension_numbers: Some(ConvolutionDimensions::channels_first(2)),
                    ..Convolution::default()
                };
                x[0].conv(x[1], &convolution)
            },
        ),
        // Every axis elsewhere: input [1, f, b, 0], kernel [o, 1, i, 0], output [0, b, 1, f].
        case(
            "conv with axes in any order, in groups",
            [signed(&[4, 4, 2, 5], 1), signed(&[6, 2, 2, 3], 2)],
            |_, x| {
                let convolution = Convolution {
                    strides: vec![2, 1],
                    padding: Padding::Explicit(vec![(1, 1), (0, 1)]),
                    feature_group_count: 2,
                    dimension_numbers: Some(ConvolutionDimensions {
                        input_batch: 2,
                        input_feature: 1,
                        input_spatial: vec![3, 0],
                        kernel_input_feature: 2,
                        kernel_output_feature: 0,
                        kernel_spatial: vec![3, 1],
                        output_batch: 1,
                        output_feature: 3,
                        output_spatial: vec![0, 2],
                    }),
                    ..Convolution::default()
                };
                x[0].conv(x[1], &convolution)
            },
        ),
        case("conv with the kernel turned round before", image(), |_, x| {
            x[0].conv(x[1].flip([0, 1]), &Convolution::default())
        }),
        case("conv without spatial axes", [signed(&[3, 2], 1), signed(&[2, 4], 2)], |_, x| {
            x[0].conv(x[1], &Convolution::default())
        }),
        case("conv of no examples", [signed(&[0, 4, 2], 1), signed(&[2, 2, 3], 2)], |_, x| {
            x[0].conv(x[1], &Convolution::default()).sum(0) + x[1].sum([0, 1])
        }),
    ]
}

/// Functions along an axis of 7 elements and one of 4.
fn cumulative() -> Vec<Case> {
    let x = || [signed(&[7, 4], 1)];
    vec![
        case("cumsum", x(), |_, x| x[0].cumsum(0) * x[0].cumsum(1)),
        case("cumprod", x(), |_, x| x[0].cumprod(0) * x[0].cumprod(-1)),
        case("cumprod with zeros", [array(&[5], &[2.0, 0.0, 3.0, 0.0, -1.5])], |_, x| {
            x[0].cumprod(0)
        }),
        case("cummax", x(), |_, x| x[0].cummax(0) * x[0].cummax(1)),
        case("cummin", x(), |_, x| x[0].cummin(0) * x[0].cummin(1)),
        case("cumsum of one", [signed(&[1, 2], 1)], |_, x| x[0].cumsum(0) * x[0].cumsum(1)),
    ]
}

fn composites() -> Vec<Case> {
    let rows = || [signed(&[3, 4], 1)];
    vec![
        case("relu", rows(), |_, x| x[0].relu()),
        case("leaky_relu", rows(), |_, x| x[0].leaky_relu(0.1)),
        case("elu", rows(), |_, x| x[0].elu(1.5)),
        case("hard_tanh", [array(&[4], &[-1.5, -0.5, 0.5, 1.5])], |_, x| x[0].hard_tanh()),
        case("silu", rows(), |_, x| x[0].silu()),
        case("gelu", rows(), |_, x| x[0].gelu()),
        case("gelu_tanh", rows(), |_, x| x[0].gelu_tanh()),
        case("erf", rows(), |_, x| x[0].erf()),
        case("erfc", rows(), |_, x| x[0].erfc()),
        case("erf_inv", [spread(&[5], -0.9, 0.9, 1)], |_, x| x[0].erf_inv()),
        case("softplus", rows(), |_, x| x[0].softplus()),
        case("log_sigmoid", rows(), |_, x| x[0].log_sigmoid()),
        case("logsumexp", rows(), |_, x| x[0].logsumexp(-1)),
        case("logsumexp of the first axis", rows(), |_, x| x[0].logsumexp(0)),
        case("log_softmax", rows(), |_, x| x[0].log_softmax(-1)),
        case("log_softmax of the first axis", rows(), |_, x| x[0].log_softmax(0)),
        case("softmax", rows(), |_, x| x[0].softmax(1)),
        case("softmax family over two axes", [signed(&[2, 3, 2], 1)], |_, x| {
            x[0].softmax([0, 2]) + x[0].log_softmax([1, 2]) * x[0].logsumexp(..)
        }),
        case("standardize", rows(), |_, x| x[0].standardize(0, 0.1)),
        case("layer_norm", [signed(&[2, 3], 1), signed(&[3], 2), signed(&[3], 3)], |_, x| {
            x[0].layer_norm(x[1], x[2], 0.1)
        }),
        case("rms_norm", [signed(&[2, 3], 1), signed(&[3], 2)], |_, x| x[0].rms_norm(x[1], 0.1)),
        case("group_norm", [signed(&[2, 2, 4], 1), signed(&[4], 2), signed(&[4], 3)], |_, x| {
            x[0].group_norm(2, x[1], x[2], 0.1)
        }),
        case("softmax family at large magnitude", rows(), |_, x| {
            let large = x[0] + 1000.0;
            large.softmax(-1)
                + (large.log_softmax(-1) - (x[0] - 5000.0).logsumexp(-1).expand_dims(-1)) / 1e3
        }),
        case("loss of a linear classifier", [signed(&[4, 3], 1), signed(&[3, 2], 2)], |t, x| {
            let labels = t.iota(S32, [4], 0) & 1;
            -x[0].matmul(x[1]).log_softmax(-1).pick(labels).mean(..)
        }),
    ]
}

#[test]
fn functions_of_one_number_agree_with_differences() {
    check(&unary());
}

#[test]
fn functions_of_two_numbers_agree_with_differences_however_they_broadcast() {
    check(&binary());
}

#[test]
fn movements_of_elements_agree_with_differences() {
    check(&movement());
}

#[test]
fn indexing_agrees_with_differences() {
    check(&indexing());
}

#[test]
fn reductions_agree_with_differences_over_any_axes() {
    check(&reductions());
}

#[test]
fn windows_agree_with_differences_for_all_strides_dilations_and_padding() {
    check(&windows());
}

#[test]
fn products_agree_with_differences_for_any_batch_and_contracting_axes() {
    check(&products());
}

#[test]
fn convolutions_agree_with_differences_however_the_kernel_goes() {
    check(&convolutions());
}

#[test]
fn cumulative_functions_agree_with_differences() {
    check(&cumulative());
}

#[test]
fn composed_functions_agree_with_differences() {
    check(&composites());
}

/// The operations in the text of what a case computes.
fn operations(case: &Case) -> BTreeSet<String> {
    let program =
        hlo::trace("forward", |t| t.output("y", (case.function)(t, &declare(t, &case.inputs))));
    let text = program.unwrap_or_else(|error| panic!("{}: {error}", case.name)).text();
    let name = |rest: &str| rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    let text = text.replace("= \"stablehlo.", "= stablehlo.");
    text.split("= stablehlo.").skip(1).map(name).collect()
}

/// The words that stand alone in a string literal of the operations' sources.
fn words_of_the_sources() -> BTreeSet<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/ops");
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let mut words = BTreeSet::new();
    for file in files {
        let source = std::fs::read_to_string(file).unwrap();
        let source = source.split("#[cfg(test)]").next().unwrap();
        let code = source.lines().filter(|line| !line.trim_start().starts_with("//"));
        // An operation is named where its spellings in bytecode are: `first("add_v1")`, or by the
        // lines of a table.
        for line in code {
            let literals = line.split('"').skip(1).step_by(2);
            let entry = line.trim_start().starts_with(|c: char| c.is_ascii_uppercase());
            let table = entry && line.trim_end().ends_with(';');
            for literal in literals {
                let name = literal.strip_suffix("_v1").or(table.then_some(literal));
                let word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
                if let Some(name) = name.filter(|name| name.len() > 1 && name.chars().all(word)) {
                    words.insert(name.to_owned());
                }
            }
        }
    }
    words
}

#[test]
fn no_operation_lacks_a_case() {
    // Of integers and booleans, or of nothing: no gradient passes.
    let without_gradient = [
        "and",
        "bitcast_convert",
        "compare",
        "constant",
        "count_leading_zeros",
        "custom_call",
        "iota",
        "is_finite",
        "not",
        "or",
        "popcnt",
        "partition_id",
        "replica_id",
        "rng_bit_generator",
        "shift_left",
        "shift_right_arithmetic",
        "shift_right_logical",
        "xor",
    ];
    // Checked in `control_flow.rs`, against the same functions without them.
    let control_flow = ["call", "case", "if", "optimization_barrier", "scan", "while"];
    // Checked in `sharding.rs`, against the same functions of whole arrays on one device.
    let collectives =
        ["all_gather", "all_reduce", "all_to_all", "collective_permute", "reduce_scatter"];
    // Methods that are made of other operations, and words of messages.
    let no_operations = [
        "all",
        "any",
        "batch_group_count",
        "booleans",
        "broadcast_to",
        "expand_dims",
        "feature_group_count",
        "integers",
        "matmul",
        "max",
        "mean",
        "min",
        "numbers",
        "prod",
        "shift_right",
        "sum",
    ];
    let groups = [
        unary(),
        binary(),
        movement(),
        indexing(),
        reductions(),
        windows(),
        products(),
        convolutions(),
        cumulative(),
        composites(),
    ];
    let mut covered: BTreeSet<_> = groups.iter().flatten().flat_map(operations).collect();
    covered.extend(
        without_gradient
            .into_iter()
            .chain(control_flow)
            .chain(collectives)
            .chain(no_operations)
            .map(str::to_owned),
    );
    let sources = words_of_the_sources();
    assert!(sources.contains("dot_general") && sources.contains("exponential"), "{sources:?}");
    let uncovered: Vec<_> = sources.difference(&covered).collect();
    assert!(uncovered.is_empty(), "operations whose gradient no case checks: {uncovered:?}");
}

/// The gradients by each input of the sum of a function's result.
fn gradients_at(inputs: &[HostArray], function: Function) -> Vec<Vec<f64>> {
    let record = |t: &Trace| {
        let tensors = declare(t, inputs);
        let loss = function(t, &tensors).sum(..);
        for (i, gradient) in hlo::grad(loss, tensors).into_iter().enumerate() {
            t.output(&i.to_string(), gradient);
        }
    };
    evaluate(record, inputs).iter().map(values).collect()
}

#[test]
fn a_stopped_gradient_is_a_constant() {
    let x = array(&[2], &[3.0, -2.0]);
    let gradients = gradients_at(&[x], |_, x| x[0] * x[0].stop_gradient());
    assert_eq!(gradients, [[3.0, -2.0]]);
}

#[test]
fn gradients_that_are_given_are_taken_as_they_are() {
    let inputs = [array(&[2], &[3.0, -2.0]), array(&[2], &[0.5, 4.0])];
    // Not the gradients of x·y, as is to be seen; z leads to the loss without having been given one.
    fn given<'t>(_: &'t Trace, x: &[Tensor<'t>]) -> Tensor<'t> {
        let z = x[0] * x[1];
        z.sum(..).with_gradients(&[(x[0], x[1] * x[1]), (x[1], 2.0 * x[0])])
    }
    assert_eq!(gradients_at(&inputs, given), [[0.25, 16.0], [6.0, -4.0]]);
    let loss = evaluate(
        |t| {
            let x = declare(t, &inputs);
            t.output("loss", given(t, &x));
        },
        &inputs,
    );
    assert_eq!(values::<f64>(&loss[0]), [3.0 * 0.5 - 2.0 * 4.0]);
    // As a part of something: times what that has for its gradient, 2·10 here, and beside other uses
    // of the inputs.
    let part: Function = |t, x| {
        let loss = given(t, x) + 16.5;
        loss * loss + x[0].sum(..)
    };
    assert_eq!(gradients_at(&inputs, part), [[6.0, 321.0], [120.0, -80.0]]);
    // What was made of an input is led back to it.
    let made: Function = |_, x| {
        let square = x[0] * x[0];
        square.sum(..).with_gradients(&[(square, x[1])])
    };
    assert_eq!(gradients_at(&inputs, made), [[3.0, -16.0], [0.0, 0.0]]);
}

#[test]
fn gradients_that_are_given_have_gradients_of_their_own() {
    let record = |t: &Trace| {
        let x = t.input("x", F64, []);
        let loss = (x * x * x).with_gradients(&[(x, 3.0 * x * x)]);
        t.output("second", hlo::grad(hlo::grad(loss, x), x));
    };
    assert_eq!(evaluate(record, &[HostArray::scalar(2.0)])[0].item::<f64>().unwrap(), 12.0);
}

#[test]
fn a_loss_of_a_wider_type_scales_gradients_that_are_given_in_their_own() {
    let record = |t: &Trace| {
        let x = t.input("x", F32, [2]);
        let loss = x.to(F64).sum(..).with_gradients(&[(x, 2.0 * x)]);
        t.output("dx", hlo::grad(0.5 * loss, x));
    };
    assert_eq!(values::<f32>(&evaluate(record, &[array(&[2], &[3f32, 5.0])])[0]), [3.0, 5.0]);
}

#[test]
fn what_the_loss_does_not_depend_on_has_a_gradient_of_zeros() {
    let inputs = [array(&[2], &[3.0, -2.0]), array(&[2, 1], &[1.0, 2.0])];
    let gradients = gradients_at(&inputs, |_, x| x[0]);
    assert_eq!(gradients, [[1.0, 1.0], [0.0, 0.0]]);
    assert_eq!(gradients_at(&inputs[..1], |_, x| x[0].floor() + x[0].sign()), [[0.0, 0.0]]);
    assert_eq!(gradients_at(&inputs[..1], |_, x| x[0].to(S32).to(F64)), [[0.0, 0.0]]);
}

#[test]
fn the_gradient_by_an_intermediate_value_counts_all_of_its_uses() {
    let record = |t: &Trace| {
        let x = t.input("x", F64, []);
        let y = x * x;
        let [dy, dx, dx_again] = hlo::grad(y * y + 3.0 * y + x, [y, x, x]);
        for (name, gradient) in [("dy", dy), ("dx", dx), ("dx again", dx_again)] {
            t.output(name, gradient);
        }
    };
    let gradients = evaluate(record, &[HostArray::scalar(2.0)]);
    let gradients: Vec<f64> = gradients.iter().map(|array| array.item().unwrap()).collect();
    // dy = 2y + 3 at y = 4, dx = dy · 2x + 1.
    assert_eq!(gradients, [11.0, 45.0, 45.0]);
}

#[test]
fn equal_largest_elements_share_the_gradient() {
    let x = [array(&[2, 3], &[7.0, 7.0, 7.0, 1.0, 5.0, 5.0])];
    let third = 1.0 / 3.0;
    let gradients = gradients_at(&x, |_, x| x[0].max(1));
    assert_eq!(gradients, [[third, third, third, 0.0, 0.5, 0.5]]);
    let gradients = gradients_at(&x, |_, x| (-x[0]).min(1));
    assert_eq!(gradients, [[-third, -third, -third, 0.0, -0.5, -0.5]]);
}

#[test]
fn the_first_of_equal_largest_elements_has_the_gradient_of_its_window() {
    // The windows are (2, 2), (2, 1) and (1, 2).
    let x = [array(&[1, 4, 1], &[2.0, 2.0, 1.0, 2.0])];
    let gradients = gradients_at(&x, |_, x| x[0].max_pool(&Window::of([2])));
    assert_eq!(gradients, [[1.0, 1.0, 0.0, 1.0]]);
    // (2, 1) and (2, 2).
    let gradients = gradients_at(&x, |_, x| {
        x[0].max_pool(&Window { window_dilations: vec![2], ..Window::of([2]) })
    });
    assert_eq!(gradients, [[1.0, 1.0, 0.0, 0.0]]);
}

#[test]
fn equal_largest_elements_so_far_share_the_gradient() {
    let x = [array(&[2], &[3.0, 3.0])];
    assert_eq!(gradients_at(&x, |_, x| x[0].cummax(0)), [[1.5, 0.5]]);
    assert_eq!(gradients_at(&x, |_, x| x[0].cummin(0)), [[1.5, 0.5]]);
}

#[test]
fn a_product_with_zeros_has_the_product_of_the_others_as_its_gradient() {
    let x = [array(&[2, 3], &[2.0, 0.0, 3.0, 0.0, 5.0, 0.0])];
    assert_eq!(gradients_at(&x, |_, x| x[0].prod(1)), [[0.0, 6.0, 0.0, 0.0, 0.0, 0.0]]);
}

#[test]
fn kinks_have_the_gradients_that_the_field_gives_them() {
    // As `jax.nn` has them: of `relu` that of its left, elsewhere the middle of both sides.
    let zero = [array(&[1], &[0.0])];
    assert_eq!(gradients_at(&zero, |_, x| x[0].relu()), [[0.0]]);
    assert_eq!(gradients_at(&zero, |_, x| x[0].leaky_relu(0.25)), [[1.0]]);
    assert_eq!(gradients_at(&zero, |_, x| x[0].elu(0.25)), [[0.25]]);
    assert_eq!(gradients_at(&zero, |_, x| x[0].abs()), [[0.0]]);
    assert_eq!(gradients_at(&zero, |_, x| x[0].maximum(0)), [[0.5]]);
    assert_eq!(gradients_at(&zero, |_, x| x[0].softplus()), [[0.5]]);
    assert_eq!(gradients_at(&zero, |_, x| x[0].log_sigmoid()), [[0.5]]);
    let ends = [array(&[2], &[-1.0, 1.0])];
    assert_eq!(gradients_at(&ends, |_, x| x[0].hard_tanh()), [[1.0, 1.0]]);
}

#[test]
fn powers_have_a_gradient_at_zero() {
    // d xʸ/dx = y·xʸ⁻¹: x⁰ is 1 everywhere, x¹ has 1, x² has 0. d xʸ/dy = xʸ·ln x tends to 0.
    let x = array(&[3], &[0.0, 0.0, 0.0]);
    let y = array(&[3], &[0.0, 1.0, 2.0]);
    let gradients = gradients_at(&[x, y], |_, x| x[0].pow(x[1]));
    assert_eq!(gradients, [[0.0, 1.0, 0.0], [0.0, 0.0, 0.0]]);
}

#[test]
fn saturated_functions_have_finite_gradients() {
    let x = [array(&[4], &[-1000.0, -40.0, 40.0, 1000.0])];
    let gradients = gradients_at(&x, |_, x| x[0].softplus());
    assert_eq!(gradients[0][0], 0.0);
    assert_eq!(gradients[0][2..], [1.0, 1.0]);
    assert!((gradients[0][1] / (-40f64).exp() - 1.0).abs() < 1e-14, "{gradients:?}");
    let gradients = gradients_at(&x, |_, x| x[0].log_sigmoid());
    assert_eq!(gradients[0][..2], [1.0, 1.0]);
    assert_eq!(gradients[0][3], 0.0);
    let gradients = gradients_at(&x, |_, x| x[0].logsumexp(0));
    assert_eq!(gradients, [[0.0, 0.0, 0.0, 1.0]]);
}

#[test]
fn a_gradient_through_bits_is_refused_at_the_line_that_reads_them() {
    let error = mistake(include_str!("gradients.rs"), |t| {
        let x = t.input("x", F32, [2]);
        let y = x.bitcast(S32).bitcast(F32); // mistake
        let [dx] = hlo::grad(y.sum(..), [x]);
        t.output("dx", dx);
    });
    insta::assert_snapshot!(error, @"bitcast_convert(i32[2]): has no gradient: its result depends on bits, not on values; `stop_gradient` takes it for a constant, `custom_vjp` gives it one");
}

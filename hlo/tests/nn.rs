//! Functions made of several operations against closed forms and published digits.

mod support;

use hlo::DType::{Bf16, F16, F32, F64};
use hlo::Tensor;
use pjrt::HostArray;
use support::{Function, apply, array};

const INF: f64 = f64::INFINITY;
const NAN: f64 = f64::NAN;

/// `got` agrees with `expected` to `units` of relative `precision`, NaN with NaN.
#[track_caller]
fn assert_close(got: &[f64], expected: &[f64], precision: f64) {
    let close = |(&got, &expected): (&f64, &f64)| {
        got == expected
            || (got.is_nan() && expected.is_nan())
            || (got - expected).abs() <= precision * expected.abs()
    };
    let all = got.len() == expected.len() && got.iter().zip(expected).all(close);
    assert!(all, "{got:?}\n{expected:?}");
}

/// `x`, `erf x` and `erfc x` by mpmath with 40 digits.
#[allow(clippy::excessive_precision)]
const ERF: [(f64, f64, f64); 18] = [
    (-27.0, -1.0, 2.0),
    (-6.5, -1.0, 2.0),
    (-2.75, -0.99989937807788036, 1.9998993780778804),
    (-1.0, -0.84270079294971487, 1.8427007929497149),
    (-0.4375, -0.46389813574993297, 1.463898135749933),
    (-1e-9, -1.1283791670955126e-9, 1.0000000011283792),
    (0.0, 0.0, 1.0),
    (1e-300, 1.1283791670955126e-300, 1.0),
    (0.125, 0.14031620480133382, 0.85968379519866618),
    (0.49609375, 0.51706043755761837, 0.48293956244238163),
    (0.5, 0.52049987781304654, 0.47950012218695346),
    (0.875, 0.78407506105985966, 0.21592493894014034),
    (1.0, 0.84270079294971487, 0.15729920705028513),
    (1.5, 0.96610514647531073, 0.033894853524689273),
    (2.375, 0.99921706178210888, 0.0007829382178911192),
    (4.0, 0.9999999845827421, 1.5417257900280019e-8),
    (9.5, 1.0, 3.7692144856548799e-41),
    (26.0, 1.0, 5.6631924088561428e-296),
];

#[test]
fn the_error_function_has_its_published_digits() {
    let x = [array(&[ERF.len()], &ERF.map(|(x, ..)| x))];
    assert_close(&apply(&x, |_, x| x[0].erf()), &ERF.map(|(_, erf, _)| erf), 6e-16);
    assert_close(&apply(&x, |_, x| x[0].erfc()), &ERF.map(|(.., erfc)| erfc), 2e-15);
    // What is below the smallest number of f32 is 0 there.
    let single: Vec<_> = ERF.into_iter().filter(|&(x, ..)| x.abs() < 9.0 && x != 1e-300).collect();
    let (x, erf): (Vec<_>, Vec<_>) = single.iter().map(|&(x, erf, _)| (x, erf)).unzip();
    let erfc: Vec<_> = single.iter().map(|&(.., erfc)| erfc).collect();
    let x = [array(&[x.len()], &x)];
    let exact = |function: Function| apply::<f64>(&x, function);
    assert_close(&exact(|_, x| x[0].to(F32).erf().to(F64)), &erf, 4e-7);
    assert_close(&exact(|_, x| x[0].to(F32).erfc().to(F64)), &erfc, 6e-7);
    // Of 16 bits the result is that of f32, rounded: half a unit of 11 or 8 digits.
    // None of the points but 1e-9 is rounded.
    let narrow = single.iter().filter(|(x, ..)| x.abs() != 1e-9).map(|&(x, erf, _)| (x, erf));
    let (x, erf): (Vec<_>, Vec<_>) = narrow.unzip();
    let x = [array(&[x.len()], &x)];
    let exact = |function: Function| apply::<f64>(&x, function);
    assert_close(&exact(|_, x| x[0].to(F16).erf().to(F64)), &erf, 1e-3);
    assert_close(&exact(|_, x| x[0].to(Bf16).erf().to(F64)), &erf, 1e-2);
    let ends = [array(&[3], &[-INF, INF, NAN])];
    assert_close(&apply(&ends, |_, x| x[0].erf()), &[-1.0, 1.0, NAN], 0.0);
    assert_close(&apply(&ends, |_, x| x[0].erfc()), &[2.0, 0.0, NAN], 0.0);
}

#[test]
#[allow(clippy::excessive_precision)]
fn the_inverse_error_function_has_its_digits_to_the_ends() {
    // By mpmath with 40 digits.
    let known = [
        (-0.999, -2.3267537655135245),
        (-0.5, -0.47693627620446987),
        (0.0, 0.0),
        (1e-9, 8.8622692545275807e-10),
        (0.25, 0.2253120550121781),
        (0.75, 0.81341984759761854),
        (0.9375, 1.3171503349861307),
        (0.999969482421875, 2.9483307431675571),
        (1.0 - 2f64.powi(-30), 4.3280282758009465),
        (1.0, INF),
        (-1.0, -INF),
        (1.5, NAN),
    ];
    let x = [array(&[known.len()], &known.map(|(x, _)| x))];
    let expected = known.map(|(_, y)| y);
    // The condition number is x · √π/2 · e^y² / y: at the last finite point 10⁸.
    assert_close(&apply::<f64>(&x, |_, x| x[0].erf_inv())[..8], &expected[..8], 1e-12);
    assert_close(&apply::<f64>(&x, |_, x| x[0].erf_inv()), &expected, 1e-8);
    let single = apply::<f64>(&x, |_, x| x[0].to(F32).erf_inv().to(F64));
    assert_close(&single[..7], &expected[..7], 6e-6);
}

#[test]
fn activations_have_their_closed_forms() {
    let points = [-1.5, -0.25, 0.0, 0.75, 1.25];
    let x = [array(&[points.len()], &points)];
    let check = |function: Function, expected: fn(f64) -> f64| {
        assert_close(&apply(&x, function), &points.map(expected), 2e-15);
    };
    check(|_, x| x[0].relu(), |x| x.max(0.0));
    check(|_, x| x[0].leaky_relu(0.1), |x| if x < 0.0 { 0.1 * x } else { x });
    check(|_, x| x[0].elu(2.0), |x| if x < 0.0 { 2.0 * x.exp_m1() } else { x });
    check(|_, x| x[0].hard_tanh(), |x| x.clamp(-1.0, 1.0));
    check(|_, x| x[0].silu(), |x| x / (1.0 + (-x).exp()));
    check(
        |_, x| x[0].gelu_tanh(),
        |x| {
            let inner = (2.0 / std::f64::consts::PI).sqrt() * (x + 0.044715 * x.powi(3));
            0.5 * x * (1.0 + inner.tanh())
        },
    );
    let nan = [array(&[1], &[NAN])];
    for function in [
        (|_, x| x[0].relu()) as Function,
        |_, x| x[0].leaky_relu(0.1),
        |_, x| x[0].elu(1.0),
        |_, x| x[0].hard_tanh(),
        |_, x| x[0].gelu(),
    ] {
        assert!(apply::<f64>(&nan, function)[0].is_nan());
    }
}

#[test]
fn gelu_keeps_the_digits_of_its_small_values() {
    // x Φ(x) = ½ x erfc(−x/√2) at √2 times the points of the table.
    let sqrt_2 = std::f64::consts::SQRT_2;
    let points: Vec<_> = ERF.into_iter().filter(|(x, ..)| x.abs() < 5.0).collect();
    let inputs: Vec<_> = points.iter().map(|&(x, ..)| -x * sqrt_2).collect();
    let expected: Vec<_> = points.iter().map(|&(x, _, erfc)| -0.5 * x * sqrt_2 * erfc).collect();
    // The rounding of √2 x is magnified by its square.
    assert_close(&apply(&[array(&[inputs.len()], &inputs)], |_, x| x[0].gelu()), &expected, 2e-14);
}

#[test]
fn sums_of_exponentials_go_over_any_axes() {
    let data: Vec<_> = (0..12).map(|i| f64::from(i * i % 7) / 2.0 - 1.0).collect();
    let x = [array(&[2, 3, 2], &data)];
    let element = |i: usize, j: usize, k: usize| data[(i * 3 + j) * 2 + k].exp();
    let sums: Vec<f64> = (0..3).map(|j| (0..4).map(|n| element(n / 2, j, n % 2)).sum()).collect();
    let logs: Vec<_> = sums.iter().map(|sum| sum.ln()).collect();
    assert_close(&apply(&x, |_, x| x[0].logsumexp([0, 2])), &logs, 1e-14);
    let position = |n: usize| n / 2 % 3;
    let softmax: Vec<_> = (0..12).map(|n| data[n].exp() / sums[position(n)]).collect();
    assert_close(&apply(&x, |_, x| x[0].softmax([2, 0])), &softmax, 1e-14);
    let log_softmax: Vec<_> = softmax.iter().map(|p| p.ln()).collect();
    assert_close(&apply(&x, |_, x| x[0].log_softmax([0, -1])), &log_softmax, 1e-13);
    let all: f64 = data.iter().map(|x| x.exp()).sum();
    assert_close(&apply(&x, |_, x| x[0].logsumexp(..)), &[all.ln()], 1e-14);
    assert_close(&apply(&x, |_, x| x[0].softmax([])), &[1.0; 12], 0.0);
}

/// In `f16` 2,048 + 1 is 2,048.
#[test]
fn statistics_of_narrow_types_are_of_f32() {
    let many = || [array(&[4096], &[0.0f32; 4096])];
    let narrow: Function = |_, x| x[0].to(F16).logsumexp(0).to(F32);
    let expected = f64::from(4096f32.ln());
    assert_close(&[f64::from(apply::<f32>(&many(), narrow)[0])], &[expected], 1e-3);
    let narrow: Function = |_, x| x[0].to(F16).softmax(0).to(F32);
    assert_eq!(apply::<f32>(&many(), narrow)[0], 1.0 / 4096.0);
    // The mean square of 300 is beyond the largest number of f16.
    let large = [array(&[2], &[300.0f32, -300.0])];
    let narrow: Function = |_, x| x[0].to(F16).standardize(0, 0.0).to(F32);
    assert_eq!(apply::<f32>(&large, narrow), [1.0, -1.0]);
}

/// The mean and the variance of numbers, and what normalisation makes of them.
fn standard(row: &[f64], epsilon: f64) -> Vec<f64> {
    let count = row.len() as f64;
    let mean = row.iter().sum::<f64>() / count;
    let variance = row.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / count;
    row.iter().map(|x| (x - mean) / (variance + epsilon).sqrt()).collect()
}

fn parameters() -> [HostArray; 3] {
    let data: Vec<_> = (0..16).map(|i| f64::from(i * i % 11) / 2.0).collect();
    [
        array(&[2, 2, 4], &data),
        array(&[4], &[1.0, -2.0, 0.5, 3.0]),
        array(&[4], &[0.0, 1.0, 2.0, 3.0]),
    ]
}

/// `scale` and `bias` of the parameters on a row of four.
fn affine(row: &[f64]) -> Vec<f64> {
    let [_, scale, bias] = parameters();
    let (scale, bias) = (support::values::<f64>(&scale), support::values::<f64>(&bias));
    row.iter().zip(scale).zip(bias).map(|((x, scale), bias)| x * scale + bias).collect()
}

#[test]
fn layers_are_normalised_over_their_last_axis() {
    let data = support::values::<f64>(&parameters()[0]);
    let rows = data.chunks(4);
    let expected: Vec<_> = rows.clone().flat_map(|row| affine(&standard(row, 0.25))).collect();
    let got = apply(&parameters(), |_, x| x[0].layer_norm(x[1], x[2], 0.25));
    assert_close(&got, &expected, 1e-14);
    let root = |row: &[f64]| (row.iter().map(|x| x * x).sum::<f64>() / 4.0 + 0.25).sqrt();
    let plain: Vec<_> = rows
        .clone()
        .flat_map(|row| row.iter().map(|x| x / root(row)).collect::<Vec<_>>())
        .collect();
    let got = apply(&parameters(), |_, x| x[0].rms_norm(x[1] / x[1], 0.25));
    assert_close(&got, &plain, 1e-14);
    // Parameters in f32 are taken with activations in bf16.
    let got = apply::<f64>(&parameters(), |_, x| {
        x[0].to(Bf16).layer_norm(x[1].to(F32), x[2].to(F32), 0.25).to(F64)
    });
    let near = got.iter().zip(&expected).all(|(got, expected)| (got - expected).abs() < 0.05);
    assert!(near, "{got:?} {expected:?}");
}

#[test]
fn groups_of_channels_are_normalised_with_all_places_of_an_example() {
    let data = support::values::<f64>(&parameters()[0]);
    let mut expected = vec![];
    for example in data.chunks(8) {
        // Channels 0 and 1, then 2 and 3, of both places.
        let group = |first: usize| {
            let members: Vec<_> = [0, 4].map(|place| [place + first, place + first + 1]).concat();
            standard(&members.iter().map(|&i| example[i]).collect::<Vec<_>>(), 0.25)
        };
        let (low, high) = (group(0), group(2));
        for place in [0, 2] {
            let row = [low[place], low[place + 1], high[place], high[place + 1]];
            expected.extend(affine(&row));
        }
    }
    let got = apply(&parameters(), |_, x| x[0].group_norm(2, x[1], x[2], 0.25));
    assert_close(&got, &expected, 1e-14);
}

/// How often the program of a loss and its gradient takes an exponential.
fn exponentials(loss: for<'t> fn(Tensor<'t>) -> Tensor<'t>) -> usize {
    let program = hlo::trace("loss", |t| {
        let logits = t.input("logits", F32, [8, 10]);
        let loss = loss(logits).sum(..);
        t.output("loss", loss);
        t.output("gradient", hlo::grad(loss, logits));
    });
    program.expect("a program").text().matches("stablehlo.exponential").count()
}

#[test]
fn a_gradient_takes_no_exponential_again() {
    assert_eq!(exponentials(|logits| logits.softmax(-1) * logits), 1);
    assert_eq!(exponentials(|logits| logits.log_softmax(-1) * logits), 1);
    assert_eq!(exponentials(|logits| logits.logsumexp(-1)), 1);
}

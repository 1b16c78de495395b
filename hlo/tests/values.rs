//! What every operation computes, against closed forms and small arrays written out.

mod support;

use hlo::DType::{
    Bf16, Bool, F8E4M3FN, F8E5M2, F16, F32, F64, S8, S16, S32, S64, U8, U16, U32, U64,
};
use hlo::{Convolution, DotDimensions, Padding, Trace, Window};
use pjrt::HostArray;
use support::{Function, apply, array, declare, evaluate, values};

const INF: f64 = f64::INFINITY;
const NAN: f64 = f64::NAN;

/// `got` agrees with `expected` to a few units in the last place, NaN with NaN.
#[track_caller]
fn assert_near(got: &[f64], expected: &[f64]) {
    let near = |(&got, &expected): (&f64, &f64)| {
        got == expected
            || (got.is_nan() && expected.is_nan())
            || (got - expected).abs() <= 1e-14 * expected.abs().max(1e-3)
    };
    assert!(
        got.len() == expected.len() && got.iter().zip(expected).all(near),
        "{got:?} {expected:?}"
    );
}

#[test]
fn functions_of_one_number_have_the_values_of_the_standard_library() {
    type Pair = (Function, fn(f64) -> f64);
    let functions: [Pair; 19] = [
        (|_, x| x[0].abs(), f64::abs),
        (|_, x| x[0].cbrt(), f64::cbrt),
        (|_, x| x[0].ceil(), f64::ceil),
        (|_, x| x[0].cos(), f64::cos),
        (|_, x| x[0].exp(), f64::exp),
        (|_, x| x[0].expm1(), f64::exp_m1),
        (|_, x| x[0].floor(), f64::floor),
        (|_, x| x[0].log(), f64::ln),
        (|_, x| x[0].log1p(), f64::ln_1p),
        (|_, x| x[0].logistic(), |x| 1.0 / (1.0 + (-x).exp())),
        (|_, x| x[0].negate(), |x| -x),
        (|_, x| x[0].round_ties_away(), f64::round),
        (|_, x| x[0].round_ties_even(), f64::round_ties_even),
        (|_, x| x[0].rsqrt(), |x| 1.0 / x.sqrt()),
        (|_, x| x[0].sign(), |x| if x == 0.0 { x } else { x.signum() }),
        (|_, x| x[0].sin(), f64::sin),
        (|_, x| x[0].sqrt(), f64::sqrt),
        (|_, x| x[0].tan(), f64::tan),
        (|_, x| x[0].tanh(), f64::tanh),
    ];
    let points = [-2.5, -1.0, -0.5, -1e-9, 0.0, 1e-9, 0.5, 1.0, 2.0, 30.0];
    let x = [array(&[points.len()], &points)];
    let record = |t: &Trace| {
        let x = declare(t, &x);
        for (i, (function, _)) in functions.iter().enumerate() {
            t.output(&i.to_string(), function(t, &x));
        }
    };
    for (result, (_, expected)) in evaluate(record, &x).iter().zip(functions) {
        assert_near(&values(result), &points.map(expected));
    }
}

#[test]
fn operators_compute_what_rust_s_do() {
    let inputs = [array(&[3], &[7.0, -7.5, 0.25]), array(&[3], &[2.0, 2.0, -4.0])];
    let near = |function, expected: [f64; 3]| assert_near(&apply(&inputs, function), &expected);
    near(|_, x| x[0] + x[1], [9.0, -5.5, -3.75]);
    near(|_, x| x[0] - x[1], [5.0, -9.5, 4.25]);
    near(|_, x| x[0] * x[1], [14.0, -15.0, -1.0]);
    near(|_, x| x[0] / x[1], [3.5, -3.75, -0.0625]);
    near(|_, x| x[0].maximum(x[1]), [7.0, 2.0, 0.25]);
    near(|_, x| x[0].minimum(x[1]), [2.0, -7.5, -4.0]);
    near(|_, x| x[0].pow(x[1]), [49.0, 56.25, 256.0]);
    near(|_, x| x[0] % x[1], [1.0, -1.5, 0.25]);
    near(|_, x| x[0].atan2(x[1]), [7f64.atan2(2.0), (-7.5f64).atan2(2.0), 0.25f64.atan2(-4.0)]);
    near(|_, x| 1 - x[0] * 2 + 0.5, [-12.5, 16.5, 1.0]);
    near(|_, x| x[0] % 2 + 10 % x[1], [1.0, -1.5, 2.25]);
    near(|_, x| 14.0 / x[0], [2.0, -14.0 / 7.5, 56.0]);
}

#[test]
fn the_larger_and_the_smaller_of_a_nan_are_nan() {
    let x = [array(&[2], &[NAN, 1.0])];
    assert_near(&apply(&x, |_, x| x[0].maximum(0.0)), &[NAN, 1.0]);
    assert_near(&apply(&x, |_, x| x[0].minimum(2.0)), &[NAN, 1.0]);
}

#[test]
fn shapes_broadcast_from_the_last_axis() {
    let inputs = [array(&[2, 1], &[10, 20]), array(&[3], &[1, 2, 3])];
    assert_eq!(apply::<i32>(&inputs, |_, x| x[0] + x[1]), [11, 12, 13, 21, 22, 23]);
    assert_eq!(apply::<i32>(&inputs, |_, x| x[1] - x[0]), [-9, -8, -7, -19, -18, -17]);
    assert_eq!(apply::<i32>(&inputs[1..], |_, x| x[0].broadcast_to([2, 3])), [1, 2, 3, 1, 2, 3]);
    let down = apply::<i32>(&inputs[1..], |_, x| x[0].broadcast_in_dim([3, 2], [0]));
    assert_eq!(down, [1, 1, 2, 2, 3, 3]);
    assert!(apply::<i32>(&[array(&[0, 3], &[0i32; 0])], |_, x| x[0] + 1).is_empty());
}

#[test]
fn integers_divide_towards_zero_and_wrap_around() {
    let inputs = [array(&[3], &[7i32, -7, i32::MAX]), array(&[3], &[2i32, 2, -1])];
    assert_eq!(apply::<i32>(&inputs, |_, x| x[0] / x[1]), [3, -3, -i32::MAX]);
    assert_eq!(apply::<i32>(&inputs, |_, x| x[0] % x[1]), [1, -1, 0]);
    assert_eq!(apply::<i32>(&inputs, |_, x| x[0] + 1), [8, -6, i32::MIN]);
    assert_eq!(apply::<i32>(&inputs, |_, x| x[0].abs()), [7, 7, i32::MAX]);
    assert_eq!(apply::<i32>(&inputs, |_, x| x[0].sign()), [1, -1, 1]);
}

#[test]
fn bits_are_combined_and_shifted_with_the_sign_where_there_is_one() {
    let signed = [array(&[2], &[-16i32, 12])];
    assert_eq!(apply::<i32>(&signed, |_, x| x[0] >> 2), [-4, 3]);
    assert_eq!(apply::<i32>(&signed, |_, x| x[0] << 2), [-64, 48]);
    assert_eq!(apply::<i32>(&signed, |_, x| x[0] & 10), [0, 8]);
    assert_eq!(apply::<i32>(&signed, |_, x| x[0] | 3), [-13, 15]);
    assert_eq!(apply::<i32>(&signed, |_, x| x[0] ^ -1), [15, -13]);
    assert_eq!(apply::<i32>(&signed, |_, x| !x[0]), [15, -13]);
    let unsigned = [array(&[1], &[0xFFFF_FFF0u32])];
    assert_eq!(apply::<u32>(&unsigned, |_, x| x[0] >> 4), [0x0FFF_FFFF]);
    let booleans =
        [array(&[4], &[false, false, true, true]), array(&[4], &[false, true, false, true])];
    assert_eq!(apply::<bool>(&booleans, |_, x| x[0] & x[1]), [false, false, false, true]);
    assert_eq!(apply::<bool>(&booleans, |_, x| x[0] | x[1]), [false, true, true, true]);
    assert_eq!(apply::<bool>(&booleans, |_, x| x[0] ^ x[1]), [false, true, true, false]);
    assert_eq!(apply::<bool>(&booleans, |_, x| !x[0]), [true, true, false, false]);
}

#[test]
fn bits_are_counted_within_the_width_of_the_type() {
    let bytes = [array(&[4], &[0u8, 1, 0x50, 0xFF])];
    assert_eq!(apply::<u8>(&bytes, |_, x| x[0].count_ones()), [0, 1, 2, 8]);
    assert_eq!(apply::<u8>(&bytes, |_, x| x[0].leading_zeros()), [8, 7, 1, 0]);
    let words = [array(&[3], &[0i32, -1, 1 << 20])];
    assert_eq!(apply::<i32>(&words, |_, x| x[0].count_ones()), [0, 32, 1]);
    assert_eq!(apply::<i32>(&words, |_, x| x[0].leading_zeros()), [32, 0, 11]);
}

#[test]
fn numbers_are_held_between_bounds() {
    let x = [array(&[2, 3], &[-2.0, 0.5, 2.0, NAN, INF, -INF]), array(&[3], &[0.0, 0.75, 3.0])];
    assert_near(&apply(&x, |_, x| x[0].clamp(-1.0, 1)), &[-1.0, 0.5, 1.0, NAN, 1.0, -1.0]);
    assert_near(&apply(&x, |_, x| x[0].clamp(x[1], 4.0)), &[0.0, 0.75, 3.0, NAN, 4.0, 3.0]);
    assert_near(&apply(&x, |_, x| x[1].clamp(x[0].slice(0, 0..1), 1)), &[0.0, 0.75, 1.0]);
    // Where the bounds have changed places the upper one counts.
    assert_near(&apply(&x[1..], |_, x| x[0].clamp(2.0, 1.0)), &[1.0; 3]);
}

#[test]
fn neither_infinities_nor_nan_are_finite() {
    let x = [array(&[4], &[1.0, INF, -INF, NAN])];
    assert_eq!(apply::<bool>(&x, |_, x| x[0].is_finite()), [true, false, false, false]);
}

#[test]
fn fewer_digits_round_as_the_type_that_has_them() {
    let x = [array(&[4], &[1.0f32 + 1.0 / 256.0, 3.3, 3e38, -65520.0])];
    let as_bf16 = apply::<f32>(&x, |_, x| x[0].to(Bf16).to(F32));
    assert_eq!(apply::<f32>(&x, |_, x| x[0].reduce_precision(8, 7)), as_bf16);
    let as_f16 = apply::<f32>(&x, |_, x| x[0].to(F16).to(F32));
    assert_eq!(apply::<f32>(&x, |_, x| x[0].reduce_precision(5, 10)), as_f16);
}

#[test]
fn comparisons_follow_the_sign_of_the_type_and_nan_equals_nothing() {
    let signed = [array(&[3], &[-1i32, 2, 3])];
    assert_eq!(apply::<bool>(&signed, |_, x| x[0].less(2)), [true, false, false]);
    assert_eq!(apply::<bool>(&signed, |_, x| x[0].greater_equal(2)), [false, true, true]);
    let unsigned = [array(&[3], &[u32::MAX, 2, 3])];
    assert_eq!(apply::<bool>(&unsigned, |_, x| x[0].less_equal(2)), [false, true, false]);
    assert_eq!(apply::<bool>(&unsigned, |_, x| x[0].greater(2)), [true, false, true]);
    let floats = [array(&[3], &[NAN, INF, -0.0])];
    assert_eq!(apply::<bool>(&floats, |_, x| x[0].equal(x[0])), [false, true, true]);
    assert_eq!(apply::<bool>(&floats, |_, x| x[0].not_equal(x[0])), [true, false, false]);
    assert_eq!(apply::<bool>(&floats, |_, x| x[0].less_equal(INF)), [false, true, true]);
    assert_eq!(apply::<bool>(&floats, |_, x| x[0].equal(0.0)), [false, false, true]);
    let booleans = [array(&[2], &[true, false]), array(&[2], &[true, true])];
    assert_eq!(apply::<bool>(&booleans, |_, x| x[0].equal(x[1])), [true, false]);
}

#[test]
fn a_choice_takes_each_element_from_its_side() {
    let inputs = [array(&[2, 1], &[true, false]), array(&[3], &[1, 2, 3]), HostArray::scalar(-1)];
    let got = apply::<i32>(&inputs, |_, x| x[0].select(x[1], x[2]));
    assert_eq!(got, [1, 2, 3, -1, -1, -1]);
    // What is not chosen does no harm.
    let x = array(&[2], &[0.0, 2.0]);
    let got = apply::<f64>(&[x], |t, x| x[0].equal(0.0).select(t.constant(5, F64), 1.0 / x[0]));
    assert_eq!(got, [5.0, 0.5]);
}

#[test]
fn conversion_truncates_to_integers_and_rounds_to_fewer_digits() {
    let x = [array(&[5], &[-1.75f32, 0.0, 2.5, 1.0 + 1.0 / 256.0, 300.0])];
    assert_eq!(apply::<i32>(&x, |_, x| x[0].to(S32)), [-1, 0, 2, 1, 300]);
    assert_eq!(apply::<bool>(&x, |_, x| x[0].to(Bool)), [true, false, true, true, true]);
    // bf16 keeps 8 digits: 1 + 2⁻⁸ lies halfway and goes to the even neighbour.
    assert_eq!(apply::<f32>(&x, |_, x| x[0].to(Bf16).to(F32)), [-1.75, 0.0, 2.5, 1.0, 300.0]);
    assert_eq!(apply::<f64>(&x, |_, x| x[0].to(F64)), [-1.75, 0.0, 2.5, 1.003_906_25, 300.0]);
    let booleans = [array(&[2], &[true, false])];
    assert_eq!(apply::<f32>(&booleans, |_, x| x[0].to(F32)), [1.0, 0.0]);
    let bytes = [array(&[2], &[-1i8, 5])];
    assert_eq!(apply::<i64>(&bytes, |_, x| x[0].to(S64)), [-1, 5]);
    assert_eq!(apply::<u32>(&bytes, |_, x| x[0].to(U8).to(U32)), [255, 5]);
}

#[test]
fn bits_are_read_as_another_type() {
    let x = [array(&[3], &[1.0f32, -0.0, f32::INFINITY])];
    assert_eq!(apply::<u32>(&x, |_, x| x[0].bitcast(U32)), [0x3F80_0000, 0x8000_0000, 0x7F80_0000]);
    let words = [array(&[1], &[0x4009_21FB_5444_2D18u64])];
    assert_eq!(apply::<f64>(&words, |_, x| x[0].bitcast(F64)), [std::f64::consts::PI]);
    // The lowest bits come first.
    let parts = [0x18u8, 0x2D, 0x44, 0x54, 0xFB, 0x21, 0x09, 0x40];
    assert_eq!(apply::<u8>(&words, |_, x| x[0].bitcast(U8)), parts);
    let parts = [array(&[1, 8], &parts)];
    assert_eq!(apply::<f64>(&parts, |_, x| x[0].bitcast(F64)), [std::f64::consts::PI]);
}

#[test]
fn constants_keep_every_bit() {
    let bits = |value: f64| {
        let results = evaluate(|t| t.output("c", t.constant(value, F64)), &[]);
        results[0].item::<f64>().unwrap().to_bits()
    };
    let tricky = [0.1, -0.0, f64::MIN_POSITIVE, 5e-324, f64::MAX, INF, -INF, 1e300, -1.5e-7];
    for value in tricky {
        assert_eq!(bits(value), value.to_bits(), "{value}");
    }
    assert!(f64::from_bits(bits(NAN)).is_nan());
    let single = |value: f64| {
        let results = evaluate(|t| t.output("c", t.constant(value, F32)), &[]);
        results[0].item::<f32>().unwrap()
    };
    for value in [0.1, 1e-45, 3.402_823_5e38, INF, -INF, 1e39] {
        assert_eq!(single(value), value as f32, "{value}");
    }
    let integers = evaluate(
        |t| {
            t.output("lowest", t.constant(i64::MIN, S64));
            t.output("highest", t.constant(u64::MAX, U64));
            t.output("truth", t.constant(true, Bool));
        },
        &[],
    );
    assert_eq!(integers[0].item::<i64>().unwrap(), i64::MIN);
    assert_eq!(integers[1].item::<u64>().unwrap(), u64::MAX);
    assert!(integers[2].item::<bool>().unwrap());
}

#[test]
fn infinities_are_constants_of_every_type_that_has_them() {
    for dtype in [F8E5M2, F16, Bf16, F32, F64] {
        let record = |t: &Trace| t.output("c", t.full(-INF, dtype, [2]).to(F64));
        assert_eq!(values::<f64>(&evaluate(record, &[])[0]), [-INF, -INF], "{dtype}");
    }
}

#[test]
fn counting_runs_along_its_axis() {
    let nothing = [];
    assert_eq!(apply::<i32>(&nothing, |t, _| t.iota(S32, [2, 3], 0)), [0, 0, 0, 1, 1, 1]);
    assert_eq!(apply::<u32>(&nothing, |t, _| t.iota(U32, [2, 3], 1)), [0, 1, 2, 0, 1, 2]);
    assert_eq!(apply::<f32>(&nothing, |t, _| t.iota(F32, [4], -1)), [0.0, 1.0, 2.0, 3.0]);
}

#[test]
fn elements_move_as_the_dimensions_say() {
    let x = [array(&[2, 3], &[1, 2, 3, 4, 5, 6])];
    assert_eq!(apply::<i32>(&x, |_, x| x[0].transpose([1, 0])), [1, 4, 2, 5, 3, 6]);
    assert_eq!(apply::<i32>(&x, |_, x| x[0].reshape([3, 2]).slice(1, 1..2)), [2, 4, 6]);
    assert_eq!(apply::<i32>(&x, |_, x| x[0].slice(-1, 1..3)), [2, 3, 5, 6]);
    assert_eq!(apply::<i32>(&x, |_, x| x[0].slice_strided([0..2, 0..3], [1, 2])), [1, 3, 4, 6]);
    assert!(apply::<i32>(&x, |_, x| x[0].slice(0, 2..2)).is_empty());
    let joined = apply::<i32>(&x, |t, x| t.concatenate(&[x[0], x[0].slice(1, 0..1)], 1));
    assert_eq!(joined, [1, 2, 3, 1, 4, 5, 6, 4]);
    assert_eq!(apply::<i32>(&x, |t, x| t.concatenate(&[x[0]], 0)), [1, 2, 3, 4, 5, 6]);
    // A cycle of three axes, [2, 1, 3] to [3, 2, 1]: axis 0 of the result is axis 2 of the operand.
    let cycle = apply::<i32>(&x, |_, x| x[0].reshape([2, 1, 3]).transpose([2, 0, 1]));
    assert_eq!(cycle, [1, 4, 2, 5, 3, 6]);
}

#[test]
fn padding_goes_before_after_and_between() {
    let x = [array(&[2, 2], &[1, 2, 3, 4]), HostArray::scalar(9)];
    let padded = apply::<i32>(&x, |_, x| x[0].pad(x[1], [1, 0], [0, 1], [0, 2]));
    assert_eq!(padded, [9, 9, 9, 9, 9, 1, 9, 9, 2, 9, 3, 9, 9, 4, 9]);
}

#[test]
fn reductions_fold_their_axes() {
    let x = [array(&[2, 3], &[1.0, 5.0, -3.0, 2.0, -4.0, 6.0])];
    assert_eq!(apply::<f64>(&x, |_, x| x[0].sum(..)), [7.0]);
    assert_eq!(apply::<f64>(&x, |_, x| x[0].sum(0)), [3.0, 1.0, 3.0]);
    assert_eq!(apply::<f64>(&x, |_, x| x[0].mean(-1)), [1.0, 4.0 / 3.0]);
    assert_eq!(apply::<f64>(&x, |_, x| x[0].max(1)), [5.0, 6.0]);
    assert_eq!(apply::<f64>(&x, |_, x| x[0].min([1, 0])), [-4.0]);
    assert_eq!(apply::<f64>(&x, |_, x| x[0].max([])), [1.0, 5.0, -3.0, 2.0, -4.0, 6.0]);
    let integers = [array(&[3], &[-7i32, 2, -6])];
    assert_eq!(apply::<i32>(&integers, |_, x| x[0].mean(..)), [-3]);
    let booleans = [array(&[2, 2], &[true, false, true, true])];
    assert_eq!(apply::<bool>(&booleans, |_, x| x[0].all(1)), [false, true]);
    assert_eq!(apply::<bool>(&booleans, |_, x| (!x[0]).any(1)), [true, false]);
}

#[test]
fn the_extremes_of_each_type_are_found() {
    macro_rules! extremes {
        ($($rust:ty),*) => {$(
            let ends = [array(&[2], &[<$rust>::MIN, <$rust>::MAX])];
            assert_eq!(apply::<$rust>(&ends, |_, x| x[0].slice(0, 0..1).max(0)), [<$rust>::MIN]);
            assert_eq!(apply::<$rust>(&ends, |_, x| x[0].slice(0, 1..2).min(0)), [<$rust>::MAX]);
        )*};
    }
    extremes!(i8, i16, i32, i64, u8, u16, u32, u64, f32, f64);
    let infinite = [array(&[2], &[-INF, INF])];
    assert_eq!(apply::<f64>(&infinite, |_, x| x[0].slice(0, 0..1).max(0)), [-INF]);
    // f8E4M3FN has no infinity to begin with: its largest number is 448.
    let eighth = [array(&[2], &[-448.0f32, -416.0])];
    assert_eq!(apply::<f32>(&eighth, |_, x| x[0].to(F8E4M3FN).max(0).to(F32)), [-416.0]);
}

#[test]
fn folding_nothing_gives_the_neutral_element() {
    let empty = [array(&[2, 0], &[0.0f64; 0])];
    assert_eq!(apply::<f64>(&empty, |_, x| x[0].sum(1)), [0.0, 0.0]);
    assert_eq!(apply::<f64>(&empty, |_, x| x[0].max(1)), [-INF, -INF]);
    assert_eq!(apply::<f64>(&empty, |_, x| x[0].min(1)), [INF, INF]);
    assert_near(&apply(&empty, |_, x| x[0].mean(1)), &[NAN, NAN]);
    assert!(apply::<f64>(&empty, |_, x| x[0].mean(0)).is_empty());
    assert_eq!(apply::<bool>(&empty, |_, x| x[0].equal(0.0).all(..)), [true]);
    assert_eq!(apply::<bool>(&empty, |_, x| x[0].equal(0.0).any(..)), [false]);
}

#[test]
fn products_sum_over_the_contracted_axes() {
    let inputs =
        [array(&[2, 3], &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]), array(&[3, 1], &[1.0, 0.0, -1.0])];
    assert_eq!(apply::<f64>(&inputs, |_, x| x[0].matmul(x[1])), [-2.0, -2.0]);
    let vector = apply::<f64>(&inputs, |_, x| x[0].sum(0).matmul(x[1]));
    assert_eq!(vector, [-4.0]);
    let batch = [array(&[2, 1, 2], &[1, 2, 3, 4]), array(&[2, 2, 1], &[5, 6, 7, 8])];
    assert_eq!(apply::<i32>(&batch, |_, x| x[0].matmul(x[1])), [17, 53]);
    // With the batch axis last on the right.
    let transposed = apply::<i32>(&batch, |_, x| {
        let dimensions = DotDimensions {
            lhs_contracting: vec![2],
            rhs_contracting: vec![1],
            lhs_batch: vec![0],
            rhs_batch: vec![2],
        };
        x[0].dot_general(x[1].transpose([2, 1, 0]), dimensions)
    });
    assert_eq!(transposed, [17, 53]);
}

#[test]
fn products_of_a_narrow_type_add_up_in_a_wide_one() {
    // 256 + 1 is 256 in bf16, and 127 · 127 leaves s8.
    let x = [array(&[1, 3], &[16.0f32, 1.0, 1.0])];
    let product: Function = |_, x| {
        let row = x[0].to(Bf16);
        row.matmul_to(row.transpose([1, 0]), F32)
    };
    assert_eq!(apply::<f32>(&x, product), [258.0]);
    let bytes = [array(&[3], &[127i8, 127, -128])];
    assert_eq!(apply::<i32>(&bytes, |_, x| x[0].matmul_to(x[0], S32)), [48642]);
    let halves = [array(&[2], &[2048.0f32, 1.0])];
    let dot: Function = |_, x| x[0].to(F16).matmul_to(x[0].to(F16), F64).to(F32);
    assert_eq!(apply::<f32>(&halves, dot), [4_194_305.0]);
}

#[test]
fn gradients_of_a_product_that_adds_up_in_a_wide_type_are_of_the_narrow_one() {
    let x = [array(&[1, 2], &[16.0f32, 1.0]), array(&[2, 1], &[2.0f32, 0.5])];
    let record = |t: &Trace| {
        let inputs = declare(t, &x);
        let (a, b) = (inputs[0].to(Bf16), inputs[1].to(Bf16));
        let loss = a.matmul_to(b, F32) * 1.0001;
        let (da, db) = hlo::grad(loss.sum(..), (a, b));
        assert_eq!((da.dtype(), db.dtype()), (Bf16, Bf16));
        t.output("da", da.to(F32));
        t.output("db", db.to(F32));
    };
    let gradients = evaluate(record, &x);
    // Multiplied by 1.0001 in f32, and rounded to 8 digits only then.
    assert_eq!(values::<f32>(&gradients[0]), [2.0, 0.5]);
    assert_eq!(values::<f32>(&gradients[1]), [16.0, 1.0]);
}

#[test]
fn an_array_of_constants_has_its_values_in_order() {
    let nothing = [];
    let got = apply::<f32>(&nothing, |t, _| t.constant_array(&[1.5, -2.0, 0.1, 7.0], F32, [2, 2]));
    assert_eq!(got, [1.5, -2.0, 0.1, 7.0]);
    let got = apply::<f32>(&nothing, |t, _| t.constant_array(&[1, -2, 3], Bf16, [3]).to(F32));
    assert_eq!(got, [1.0, -2.0, 3.0]);
    let got = apply::<i64>(&nothing, |t, _| t.constant_array(&[i64::MIN, i64::MAX], S64, [2]));
    assert_eq!(got, [i64::MIN, i64::MAX]);
    let got = apply::<bool>(&nothing, |t, _| t.constant_array(&[true, false], Bool, [2, 1]));
    assert_eq!(got, [true, false]);
    assert_eq!(apply::<u8>(&nothing, |t, _| t.constant_array(&[7u8, 7], U8, [2])), [7, 7]);
    assert!(apply::<f64>(&nothing, |t, _| t.constant_array(&[0.0; 0], F64, [2, 0])).is_empty());
}

#[test]
fn numbers_of_rust_stand_on_either_side() {
    let x = [array(&[2], &[2.0f32, 4.0])];
    assert_eq!(apply::<f32>(&x, |_, x| (1.0 - x[0] * 0.5f32).abs() + 1i64), [1.0, 2.0]);
    let n = [array(&[2], &[1i64, 2])];
    assert_eq!(
        apply::<i64>(&n, |_, x| (2 * x[0] + (1i64 << 40)) >> 1u8),
        [(1 << 39) + 1, (1 << 39) + 2]
    );
    let b = [array(&[2], &[true, false])];
    assert_eq!(apply::<bool>(&b, |_, x| (true ^ x[0]) | x[0].equal(true)), [true, true]);
}

#[test]
fn products_agree_with_loops_whatever_the_order_of_axes() {
    // Left [i=2, c=3, b=2], right [b=2, j=2, c=3]: result [b, i, j].
    let left: Vec<f64> = (0..12).map(|n| f64::from(n * n % 7) - 2.0).collect();
    let right: Vec<f64> = (0..12).map(|n| f64::from(n * 5 % 11) - 4.0).collect();
    let mut expected = vec![];
    for (b, i, j) in (0..8).map(|n| (n / 4, n / 2 % 2, n % 2)) {
        let term = |c: usize| left[(i * 3 + c) * 2 + b] * right[(b * 2 + j) * 3 + c];
        expected.push((0..3).map(term).sum::<f64>());
    }
    let inputs = [array(&[2, 3, 2], &left), array(&[2, 2, 3], &right)];
    let got = apply::<f64>(&inputs, |_, x| {
        let dimensions = DotDimensions {
            lhs_contracting: vec![1],
            rhs_contracting: vec![2],
            lhs_batch: vec![2],
            rhs_batch: vec![0],
        };
        x[0].dot_general(x[1], dimensions)
    });
    assert_eq!(got, expected);
}

#[test]
fn the_first_of_equal_largest_elements_is_chosen() {
    let x = [array(&[2, 4], &[1, 7, 7, 0, 5, 5, 5, 5])];
    assert_eq!(apply::<i32>(&x, |_, x| x[0].argmax(-1)), [1, 0]);
    assert_eq!(apply::<i32>(&x, |_, x| x[0].argmax(0)), [1, 0, 0, 1]);
    let extremes = [array(&[4, 2], &[-INF, -INF, INF, 1.0, 0.0, NAN, NAN, NAN])];
    assert_eq!(apply::<i32>(&extremes, |_, x| x[0].argmax(1)), [0, 0, 1, 0]);
    let largest = [array(&[2], &[i32::MIN, i32::MAX])];
    assert_eq!(apply::<i32>(&largest, |_, x| x[0].argmax(0)), [1]);
    let booleans = [array(&[2, 3], &[false, true, true, false, false, false])];
    assert_eq!(apply::<i32>(&booleans, |_, x| x[0].argmax(1)), [1, 0]);
    assert_eq!(apply::<i32>(&booleans, |_, x| x[0].argmin(1)), [0, 0]);
}

#[test]
fn the_largest_boolean_is_whether_any_is_true_and_the_smallest_whether_all_are() {
    let x = [array(&[3, 2], &[false, false, true, false, true, true])];
    assert_eq!(apply::<bool>(&x, |_, x| x[0].max(1)), [false, true, true]);
    assert_eq!(apply::<bool>(&x, |_, x| x[0].min(1)), [false, false, true]);
}

#[test]
fn an_integer_outside_the_classes_is_no_class() {
    let index = [array(&[4], &[0i32, 2, -1, 3])];
    let one_hot = apply::<f32>(&index, |_, x| x[0].one_hot(3, F32));
    assert_eq!(one_hot, [1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
    let rows =
        [array(&[4, 2], &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]), array(&[4], &[1i32, 0, 2, -1])];
    assert_eq!(apply::<f64>(&rows, |_, x| x[0].pick(x[1])), [2.0, 3.0, 0.0, 0.0]);
    // What is not picked does no harm.
    let infinite = [array(&[2], &[-INF, 1.0]), HostArray::scalar(1u32)];
    assert_eq!(apply::<f64>(&infinite, |_, x| x[0].pick(x[1])), [1.0]);
}

#[test]
fn more_classes_than_a_narrow_index_can_name_do_not_wrap_around() {
    let bytes = [array(&[2], &[1u8, 255])];
    let classes = apply::<i32>(&bytes, |_, x| x[0].one_hot(300, S32).argmax(-1));
    assert_eq!(classes, [1, 255]);
    assert_eq!(apply::<i32>(&bytes, |_, x| x[0].one_hot(300, S32).sum(-1)), [1, 1]);
    let negative = [array(&[1], &[-1i16])];
    assert_eq!(apply::<i32>(&negative, |_, x| x[0].one_hot(65536, S32).sum(-1)), [0]);
}

#[test]
fn softplus_and_its_kin_neither_overflow_nor_lose_small_values() {
    let x = [array(&[7], &[-1000.0, -40.0, 0.0, 40.0, 1000.0, -INF, INF])];
    let tiny = (-40f64).exp();
    let ln_2 = std::f64::consts::LN_2;
    let softplus = [0.0, tiny, ln_2, 40.0, 1000.0, 0.0, INF];
    assert_near(&apply(&x, |_, x| x[0].softplus()), &softplus);
    let log_sigmoid = [-1000.0, -40.0, -ln_2, -tiny, 0.0, -INF, 0.0];
    assert_near(&apply(&x, |_, x| x[0].log_sigmoid()), &log_sigmoid);
    let relative = apply::<f64>(&x, |_, x| x[0].softplus())[1] / tiny;
    assert!((relative - 1.0).abs() < 1e-14, "{relative}");
    assert_near(&apply(&[array(&[3], &[-2.0, 0.0, NAN])], |_, x| x[0].relu()), &[0.0, 0.0, NAN]);
}

#[test]
fn log_sum_exp_holds_at_every_magnitude() {
    let rows = [array(
        &[6, 2],
        &[1000.0, 1000.0, -1000.0, -1001.0, -INF, -INF, -INF, 3.0, INF, 1.0, NAN, 1.0],
    )];
    let expected =
        [1000.0 + std::f64::consts::LN_2, -1000.0 + (-1f64).exp().ln_1p(), -INF, 3.0, INF, NAN];
    assert_near(&apply(&rows, |_, x| x[0].logsumexp(-1)), &expected);
    let one = [array(&[3, 1], &[-5.0, 0.0, 1e300])];
    assert_near(&apply(&one, |_, x| x[0].logsumexp(1)), &[-5.0, 0.0, 1e300]);
}

#[test]
fn softmax_holds_at_every_magnitude() {
    let rows = [array(&[3, 2], &[1e4, -1e4, 0.0, 3f64.ln(), -INF, 7.0])];
    assert_near(&apply(&rows, |_, x| x[0].softmax(-1)), &[1.0, 0.0, 0.25, 0.75, 0.0, 1.0]);
    let logs = [0.0, -2e4, 0.25f64.ln(), 0.75f64.ln(), -INF, 0.0];
    assert_near(&apply(&rows, |_, x| x[0].log_softmax(-1)), &logs);
    let columns = apply::<f64>(&rows, |_, x| x[0].slice(0, 1..3).softmax(0).sum(0));
    assert_near(&columns, &[1.0, 1.0]);
}

#[test]
fn where_the_largest_is_infinite_no_element_has_a_softmax() {
    // As JAX has it; the others would be 0 or not a number by their size.
    let rows = [array(&[2, 3], &[INF, 0.0, 1e4, -INF, -INF, -INF])];
    assert_near(&apply(&rows, |_, x| x[0].softmax(-1)), &[NAN; 6]);
    assert_near(&apply(&rows, |_, x| x[0].log_softmax(-1)), &[NAN; 6]);
}

#[test]
fn integers_of_every_width_add_up() {
    for dtype in [S8, S16, S32, S64, U8, U16, U32, U64] {
        let record = |t: &Trace| t.output("sum", t.iota(dtype, [10], 0).sum(..).to(S32));
        assert_eq!(evaluate(record, &[])[0].item::<i32>().unwrap(), 45, "{dtype}");
    }
}

#[test]
fn small_floats_are_summed_as_larger_ones() {
    // One by one, 256 ones in bf16 would take no more of them.
    assert_eq!(apply::<f32>(&[], |t, _| t.full(1, Bf16, [4000]).sum(0).to(F32)), [4000.0]);
    // The sum is beyond the largest number of f16.
    assert_eq!(apply::<f32>(&[], |t, _| t.full(100, F16, [3, 1000]).mean(1).to(F32)), [100.0; 3]);
    assert_eq!(apply::<f32>(&[], |t, _| t.full(100, F16, [1000]).variance(0).to(F32)), [0.0]);
    // Beside 256 a bf16 has no place for 1: only the sum of all is rounded.
    let x = [array(&[1, 6, 1], &[256.0f32, 1.0, 1.0, 1.0, 1.0, 4.0])];
    let rounded = [256.0, 256.0, 258.0, 260.0, 260.0, 264.0];
    assert_eq!(apply::<f32>(&x, |_, x| x[0].to(Bf16).cumsum(1).to(F32)), rounded);
    for count_include_pad in [true, false] {
        let pool = |t: &Trace| {
            let pooled = declare(t, &x)[0].to(Bf16).avg_pool(&Window::of([6]), count_include_pad);
            t.output("pooled", (pooled * 6.0).to(F32));
        };
        assert_eq!(values::<f32>(&evaluate(pool, &x)[0]), [264.0]);
    }
    // On the way the product is beyond the largest number of f16.
    let far = [array(&[3], &[1024.0f32, 1024.0, 0.03125])];
    assert_eq!(apply::<f32>(&far, |_, x| x[0].to(F16).cumprod(0).to(F32))[2], 32768.0);
}

#[test]
fn products_and_variances_have_their_closed_forms() {
    let x = [array(&[2, 3], &[1.0, 2.0, 3.0, -1.0, 0.5, 4.0])];
    assert_eq!(apply::<f64>(&x, |_, x| x[0].prod(1)), [6.0, -2.0]);
    assert_eq!(apply::<f64>(&x, |_, x| x[0].prod(..)), [-12.0]);
    // Of n equally distant numbers it is (n² − 1)/12.
    assert_eq!(apply::<f64>(&[], |t, _| t.iota(F64, [7], 0).variance(0)), [4.0]);
    assert_eq!(apply::<f64>(&[], |t, _| t.iota(F64, [7, 2], 0).std(0)), [2.0, 2.0]);
    assert_eq!(apply::<i32>(&[array(&[0], &[0i32; 0])], |_, x| x[0].prod(0)), [1]);
}

#[test]
fn a_reduction_of_pairs_finds_the_largest_and_its_place() {
    let x = [array(&[2, 4], &[1.0f32, 7.0, 7.0, -2.0, -5.0, -6.0, -4.0, -9.0])];
    let places = apply::<i32>(&x, |t, x| {
        let init = (t.constant(f32::NEG_INFINITY, F32), t.constant(i32::MAX, S32));
        let pairs = (x[0], t.iota(S32, [2, 4], 1));
        let (_, place) = hlo::reduce(pairs, init, 1, |a, b| {
            let left = a.0.greater(b.0) | (a.0.equal(b.0) & a.1.less(b.1));
            (left.select(a.0, b.0), left.select(a.1, b.1))
        });
        place
    });
    assert_eq!(places, [1, 2]);
}

#[test]
fn convolutions_have_their_closed_forms() {
    // A kernel of powers of ten writes its window down as a number.
    let x = [
        array(&[1, 5, 1], &[1.0f32, 2.0, 3.0, 4.0, 5.0]),
        array(&[3, 1, 1], &[1.0f32, 10.0, 100.0]),
    ];
    fn plain() -> Convolution {
        Convolution::default()
    }
    assert_eq!(apply::<f32>(&x, |_, x| x[0].conv(x[1], &plain())), [321.0, 432.0, 543.0]);
    let reversed = apply::<f32>(&x, |_, x| {
        x[0].conv(x[1], &Convolution { window_reversal: vec![true], ..plain() })
    });
    assert_eq!(reversed, [123.0, 234.0, 345.0]);
    let same = apply::<f32>(&x, |_, x| {
        x[0].conv(x[1], &Convolution { padding: Padding::Same, strides: vec![2], ..plain() })
    });
    assert_eq!(same, [210.0, 432.0, 54.0]);
    let spread = apply::<f32>(&x, |_, x| {
        let padding = Padding::Explicit(vec![(-1, 1)]);
        x[0].conv(x[1], &Convolution { lhs_dilation: vec![2], padding, ..plain() })
    });
    assert_eq!(spread, [20.0, 302.0, 30.0, 403.0, 40.0, 504.0, 50.0]);
    let apart =
        apply::<f32>(&x, |_, x| x[0].conv(x[1], &Convolution { rhs_dilation: vec![2], ..plain() }));
    assert_eq!(apart, [531.0]);
}

#[test]
fn pooling_counts_padding_or_not() {
    let x = [array(&[1, 2, 2, 1], &[4.0f32, 8.0, 12.0, 16.0])];
    // Padded at the end: windows of 4, 2, 2 and 1 elements.
    fn same() -> Window {
        Window { padding: Padding::Same, ..Window::of([2, 2]) }
    }
    let sums = [40.0, 24.0, 28.0, 16.0];
    let counted = apply::<f32>(&x, |_, x| x[0].avg_pool(&same(), true));
    assert_eq!(counted, sums.map(|sum| sum / 4.0));
    let within = apply::<f32>(&x, |_, x| x[0].avg_pool(&same(), false));
    assert_eq!(within, [10.0, 12.0, 14.0, 16.0]);
    // What is padded is never the largest.
    let largest = apply::<f32>(&x, |_, x| (-x[0]).max_pool(&same()));
    assert_eq!(largest, [-4.0, -8.0, -12.0, -16.0]);
}

#[test]
fn cumulative_functions_hold_everything_so_far() {
    let x = [array(&[2, 3], &[1i32, -2, 3, 4, 0, -1])];
    assert_eq!(apply::<i32>(&x, |_, x| x[0].cumsum(1)), [1, -1, 2, 4, 4, 3]);
    assert_eq!(apply::<i32>(&x, |_, x| x[0].cumsum(0)), [1, -2, 3, 5, -2, 2]);
    assert_eq!(apply::<i32>(&x, |_, x| x[0].cumprod(-1)), [1, -2, -6, 4, 0, 0]);
    assert_eq!(apply::<i32>(&x, |_, x| x[0].cummax(1)), [1, 1, 3, 4, 4, 4]);
    assert_eq!(apply::<i32>(&x, |_, x| x[0].cummin(1)), [1, -2, -2, 4, 0, -1]);
    // n(n + 1)/2, over more elements than compilers fold at once.
    let sums = apply::<i32>(&[], |t, _| (t.iota(S32, [1000], 0) + 1).cumsum(0));
    assert!(sums.iter().enumerate().all(|(i, &sum)| sum as usize == (i + 1) * (i + 2) / 2));
}

#[test]
fn windows_of_one_element_go_over_what_negative_padding_leaves() {
    let x = [array(&[5], &[1, 2, 3, 4, 5])];
    let sums = apply::<i32>(&x, |t, x| {
        let padding = Padding::Explicit(vec![(-2, 0)]);
        let window = Window { padding, ..Window::of([1]) };
        hlo::reduce_window(x[0], t.constant(0, S32), &window, |a, b| a + b)
    });
    assert_eq!(sums, [3, 4, 5]);
}

//! Sorting and its kin: order, ties, NaN, and what they refuse.

mod support;

use hlo::DType::{F32, F64, S32, S64, U8};
use hlo::Trace;
use hlo::random::Key;
use insta::assert_snapshot;
use support::{apply, array, declare, evaluate, values};

const INF: f64 = f64::INFINITY;
const NAN: f64 = f64::NAN;

fn mistake(record: impl for<'t> FnOnce(&'t Trace)) -> String {
    support::mistake(include_str!("ordering.rs"), record)
}

fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|value| value.to_bits()).collect()
}

#[test]
fn elements_rise_along_the_axis() {
    let x = [array(&[2, 3], &[3, 1, 2, -1, 5, -7])];
    assert_eq!(apply::<i32>(&x, |_, x| x[0].sort(1)), [1, 2, 3, -7, -1, 5]);
    assert_eq!(apply::<i32>(&x, |_, x| x[0].sort(0)), [-1, 1, -7, 3, 5, 2]);
    assert_eq!(apply::<i32>(&x, |_, x| x[0].argsort(-1)), [1, 2, 0, 2, 0, 1]);
    let bytes = [array(&[3], &[200u8, 3, 100])];
    assert_eq!(apply::<u8>(&bytes, |_, x| x[0].sort(0)), [3, 100, 200]);
    let booleans = [array(&[3], &[true, false, true])];
    assert_eq!(apply::<bool>(&booleans, |_, x| x[0].sort(0)), [false, true, true]);
    assert!(apply::<i32>(&[array(&[2, 0], &[0i32; 0])], |_, x| x[0].sort(1)).is_empty());
}

#[test]
fn nan_comes_last_and_both_zeros_are_equal() {
    let x = [array(&[7], &[1.0, NAN, 0.0, -0.0, -NAN, -INF, 0.0])];
    let sorted = apply::<f64>(&x, |_, x| x[0].sort(0));
    assert_eq!(bits(&sorted[..5]), bits(&[-INF, 0.0, -0.0, 0.0, 1.0]));
    assert!(sorted[5].is_nan() && sorted[6].is_nan());
    assert_eq!(apply::<i32>(&x, |_, x| x[0].argsort(0)), [5, 2, 3, 6, 0, 1, 4]);
}

#[test]
fn the_largest_few_come_from_the_largest_on() {
    let x = [array(&[2, 4], &[1, 9, 9, 4, -3, -5, -2, -2])];
    let record = |t: &Trace| {
        let (largest, places) = declare(t, &x)[0].top_k(3);
        t.output("largest", largest);
        t.output("places", places);
    };
    let results = evaluate(record, &x);
    assert_eq!(results[0].dims(), [2, 3]);
    assert_eq!(values::<i32>(&results[0]), [9, 9, 4, -2, -2, -3]);
    // Of equal ones the first comes first.
    assert_eq!(values::<i32>(&results[1]), [1, 2, 3, 2, 3, 0]);
    let extremes = [array(&[5], &[INF, NAN, 0.0, -INF, 2.0])];
    let largest = apply::<f64>(&extremes, |_, x| x[0].top_k(5).0);
    assert!(largest[0].is_nan());
    assert_eq!(largest[1..], [INF, 2.0, 0.0, -INF]);
    assert!(apply::<f64>(&extremes, |_, x| x[0].top_k(0).0).is_empty());
}

#[test]
fn several_tensors_are_sorted_together_and_equal_places_keep_their_order() {
    let inputs = [
        array(&[6], &[1, 0, 1, 0, 1, 0]),
        array(&[6], &[5.0, 4.0, 3.0, 2.0, 1.0, 0.0]),
        array(&[6], &[0u8, 1, 2, 3, 4, 5]),
    ];
    let record = |t: &Trace| {
        let x = declare(t, &inputs);
        let (key, value, name) = hlo::sort((x[0], x[1], x[2]), 0, |a, b| a.0.greater(b.0));
        t.output("key", key);
        t.output("value", value);
        t.output("name", name);
    };
    let results = evaluate(record, &inputs);
    assert_eq!(values::<i32>(&results[0]), [1, 1, 1, 0, 0, 0]);
    assert_eq!(values::<f64>(&results[1]), [5.0, 3.0, 1.0, 4.0, 2.0, 0.0]);
    assert_eq!(values::<u8>(&results[2]), [0, 2, 4, 1, 3, 5]);
}

#[test]
fn places_are_only_sorted_along_where_someone_needs_them() {
    let program = |record: fn(&Trace)| hlo::trace("sorted", record).unwrap();
    let values = program(|t| t.output("y", t.input("x", F32, [4]).sort(0)));
    assert!(!values.text().contains("iota"), "{values}");
    assert_snapshot!(program(|t| {
        let (x, n) = (t.input("x", F32, [4]), t.input("n", S32, [4]));
        let (sorted, _) = hlo::sort((x, n), 0, |a, b| a.1.less(b.1));
        t.output("dx", hlo::grad((sorted * sorted).sum(..), x));
    }), @r#"
module @sorted {
  func.func public @main(
      %arg0: tensor<4xf32> loc("x"),
      %arg1: tensor<4xi32> loc("n")) -> (
      tensor<4xf32> {jax.result_info = "dx"}) {
    %0 = stablehlo.iota dim = 0 : tensor<4xi32>
    %2:3 = "stablehlo.sort"(%arg0, %arg1, %0) <{dimension = 0 : i64, is_stable = true}> ({
    ^bb0(%arg2: tensor<f32>, %arg3: tensor<f32>, %arg4: tensor<i32>, %arg5: tensor<i32>, %arg6: tensor<i32>, %arg7: tensor<i32>):
      %1 = stablehlo.compare LT, %arg4, %arg5, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %1 : tensor<i1>
    }) : (tensor<4xf32>, tensor<4xi32>, tensor<4xi32>) -> (tensor<4xf32>, tensor<4xi32>, tensor<4xi32>)
    %3 = stablehlo.constant dense<0.0e0> : tensor<f32>
    %4 = stablehlo.constant dense<1.0e0> : tensor<f32>
    %5 = stablehlo.broadcast_in_dim %4, dims = [] : (tensor<f32>) -> tensor<4xf32>
    %6 = stablehlo.multiply %5, %2#0 : tensor<4xf32>
    %7 = stablehlo.multiply %5, %2#0 : tensor<4xf32>
    %8 = stablehlo.add %6, %7 : tensor<4xf32>
    %9 = stablehlo.broadcast_in_dim %3, dims = [] : (tensor<f32>) -> tensor<4xf32>
    %11 = "stablehlo.scatter"(%9, %2#2, %8) <{scatter_dimension_numbers = #stablehlo.scatter<inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1>, indices_are_sorted = false, unique_indices = true}> ({
    ^bb0(%arg8: tensor<f32>, %arg9: tensor<f32>):
      %10 = stablehlo.add %arg8, %arg9 : tensor<f32>
      stablehlo.return %10 : tensor<f32>
    }) : (tensor<4xf32>, tensor<4xi32>, tensor<4xf32>) -> tensor<4xf32>
    return %11 : tensor<4xf32>
  }
}
"#);
}

#[test]
fn the_first_of_the_smallest_is_found_and_nan_is_smaller_still() {
    let x = [array(&[2, 4], &[1, 0, 0, 2, 5, 5, 5, 5])];
    assert_eq!(apply::<i32>(&x, |_, x| x[0].argmin(-1)), [1, 0]);
    assert_eq!(apply::<i32>(&x, |_, x| x[0].argmin(0)), [0, 0, 0, 0]);
    let extremes = [array(&[3, 2], &[INF, -INF, 0.0, NAN, NAN, NAN])];
    assert_eq!(apply::<i32>(&extremes, |_, x| x[0].argmin(1)), [1, 1, 0]);
}

#[test]
fn places_along_the_longest_axes_are_counted_in_64_bits() {
    let program = hlo::trace("long", |t| {
        for (name, size, dtype) in [("short", (1 << 31) - 1, S32), ("long", 1 << 31, S64)] {
            let x = t.input(name, U8, [size]);
            let places = [x.argmax(0), x.argmin(0), x.argsort(0), x.top_k(3).1];
            assert!(places.iter().all(|place| place.dtype() == dtype), "{places:?}");
            t.output(name, x.argmax(0));
        }
        t.output("order", Key::from_seed(t, 0).permutation(1 << 31));
        t.output("class", t.input("index", S32, []).one_hot(1 << 31, U8));
    });
    let text = program.unwrap().text();
    // Of argmax, of the permutation and of the classes.
    assert_eq!(
        text.matches("stablehlo.iota dim = 0 : tensor<2147483648xi64>").count(),
        3,
        "{text}"
    );
}

#[test]
fn sorts_that_are_none() {
    let error = mistake(|t| {
        t.output("y", t.input("x", F32, [4]).sort(1)); // mistake
    });
    assert_snapshot!(error, @"sort(f32[4]): axis 1 is out of range: the only one is 0, or -1");
    let error = mistake(|t| {
        t.output("y", t.input("x", F32, [2, 4]).top_k(5).0); // mistake
    });
    assert_snapshot!(error, @"top_k(f32[2, 4]): the 5 largest are asked for of an axis of 4");
    let error = mistake(|t| {
        t.output("y", t.input("x", F32, []).top_k(1).1); // mistake
    });
    assert_snapshot!(error, @"top_k(f32[]): the rank must be at least 1, got 0");
    let error = mistake(|t| {
        let (x, n) = (t.input("x", F32, [4]), t.input("n", S32, [3]));
        let (x, _) = hlo::sort((x, n), 0, |a, b| a.0.less(b.0)); // mistake
        t.output("y", x);
    });
    assert_snapshot!(error, @"sort(f32[4], i32[3]): all shapes must agree: got [4] and [3]");
    let error = mistake(|t| {
        let x = t.input("x", F32, [4]);
        t.output("y", hlo::sort(x, 0, |a, b| a - b)); // mistake
    });
    assert_snapshot!(error, @"sort(f32[4]): the comparison of a sort must return (i1[]), got (f32[])");
    let error = mistake(|t| {
        let (x, pivot) = (t.input("x", F32, [4]), t.input("pivot", F32, []));
        let near = hlo::sort(x, 0, |a, b| {
            (a - pivot).abs().less((b - pivot).abs()) // mistake
        });
        t.output("y", near);
    });
    assert_snapshot!(error, @"subtract(f32[], f32[]): the comparison of a sort may only use its own arguments and constants, not a tensor made outside");
    let error = mistake(|t| {
        t.output("y", t.input("x", F64, [4, 0]).argmin(1)); // mistake
    });
    assert_snapshot!(error, @"argmin(f64[4, 0]): axis 1 has no elements to choose from");
}

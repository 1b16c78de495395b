//! What operations with indices compute, what they refuse, and that plugins read them.

mod support;

use hlo::DType::{F32, F64, S32};
use hlo::{DType, Trace};
use insta::assert_snapshot;
use pjrt::HostArray;
use support::{apply, array, evaluate, values};

const INTEGERS: [DType; 8] =
    [DType::S8, DType::S16, S32, DType::S64, DType::U8, DType::U16, DType::U32, DType::U64];

fn mistake(record: impl for<'t> FnOnce(&'t Trace)) -> String {
    support::mistake(include_str!("indexing.rs"), record)
}

fn matrix() -> HostArray {
    array(&[3, 4], &(0..12).collect::<Vec<i32>>())
}

#[test]
fn a_part_is_read_and_replaced_where_the_starts_say() {
    let inputs = [matrix(), HostArray::scalar(1), HostArray::scalar(2)];
    let read = apply::<i32>(&inputs, |_, x| x[0].dynamic_slice(&x[1..], [2, 2]));
    assert_eq!(read, [6, 7, 10, 11]);
    let replaced = apply::<i32>(&inputs, |t, x| {
        x[0].dynamic_update_slice(t.full(-1, S32, [1, 2]), &x[1..]) + x[1] - 1
    });
    assert_eq!(replaced, [0, 1, 2, 3, 4, 5, -1, -1, 8, 9, 10, 11]);
    let scalar = [HostArray::scalar(7)];
    assert_eq!(apply::<i32>(&scalar, |_, x| x[0].dynamic_slice(&[], [])), [7]);
    assert!(apply::<i32>(&inputs, |_, x| x[0].dynamic_slice(&x[1..], [0, 2])).is_empty());
}

#[test]
fn a_part_that_would_not_fit_is_moved_until_it_does() {
    let starts = [matrix(), HostArray::scalar(-5i64), HostArray::scalar(i64::MAX)];
    assert_eq!(apply::<i32>(&starts, |_, x| x[0].dynamic_slice(&x[1..], [1, 3])), [1, 2, 3]);
    let replaced =
        apply::<i32>(&starts, |_, x| x[0].dynamic_update_slice(x[0].slice(0, 2..3), &x[1..]));
    assert_eq!(replaced, [8, 9, 10, 11, 4, 5, 6, 7, 8, 9, 10, 11]);
}

#[test]
fn starts_are_integers_of_any_width() {
    for dtype in INTEGERS {
        // 300 numbers: more than 8 bits count.
        let record = |t: &Trace| {
            let x = t.iota(S32, [300], 0);
            let start = t.input("start", S32, []).to(dtype);
            t.output("slice", x.dynamic_slice(&[start], [2]));
            t.output(
                "updated",
                x.dynamic_update_slice(-x.slice(0, 1..3), &[start]).slice(0, 119..123),
            );
        };
        let results = evaluate(record, &[HostArray::scalar(120)]);
        assert_eq!(values::<i32>(&results[0]), [120, 121], "{dtype}");
        assert_eq!(values::<i32>(&results[1]), [119, -1, -2, 122], "{dtype}");
    }
}

#[test]
fn parts_that_are_none() {
    let error = mistake(|t| {
        let start = t.input("start", S32, []);
        t.output("y", t.input("x", F32, [3, 4]).dynamic_slice(&[start], [2, 2])); // mistake
    });
    assert_snapshot!(error, @"dynamic_slice(f32[3, 4], i32[]): takes one start per axis: got 1 for rank 2");
    let error = mistake(|t| {
        let start = t.input("start", S32, []);
        t.output("y", t.input("x", F32, [3, 4]).dynamic_slice(&[start; 2], [2])); // mistake
    });
    assert_snapshot!(error, @"dynamic_slice(f32[3, 4], i32[], i32[]): takes one size per axis: got 1 for rank 2");
    let error = mistake(|t| {
        let start = t.input("start", S32, []);
        t.output("y", t.input("x", F32, [3, 4]).dynamic_slice(&[start; 2], [2, 5])); // mistake
    });
    assert_snapshot!(error, @"dynamic_slice(f32[3, 4], i32[], i32[]): a slice of 5 is larger than axis 1, which has 4");
    let error = mistake(|t| {
        let start = t.input("start", F32, []);
        t.output("y", t.input("x", F32, [4]).dynamic_slice(&[start], [2])); // mistake
    });
    assert_snapshot!(error, @"dynamic_slice(f32[4], f32[]): takes integers to start at, got f32");
    let error = mistake(|t| {
        let (row, column) = (t.input("row", S32, []), t.input("column", DType::S64, []));
        t.output("y", t.input("x", F32, [3, 4]).dynamic_slice(&[row, column], [2, 2])); // mistake
    });
    assert_snapshot!(error, @"dynamic_slice(f32[3, 4], i32[], i64[]): element types i32 and i64 differ: convert one of them with `.to(dtype)`");
    let error = mistake(|t| {
        let start = t.input("start", S32, [1]);
        t.output("y", t.input("x", F32, [4]).dynamic_slice(&[start], [2])); // mistake
    });
    assert_snapshot!(error, @"dynamic_slice(f32[4], i32[1]): the rank must be 0, got 1");
    let error = mistake(|t| {
        let start = t.input("start", S32, []);
        let (x, update) = (t.input("x", F32, [4]), t.input("update", F64, [2]));
        t.output("y", x.dynamic_update_slice(update, &[start])); // mistake
    });
    assert_snapshot!(error, @"dynamic_update_slice(f32[4], f64[2], i32[]): element types f32 and f64 differ: convert one of them with `.to(dtype)`");
    let error = mistake(|t| {
        let start = t.input("start", S32, []);
        let (x, update) = (t.input("x", F32, [4]), t.input("update", F32, [5]));
        t.output("y", x.dynamic_update_slice(update, &[start])); // mistake
    });
    assert_snapshot!(error, @"dynamic_update_slice(f32[4], f32[5], i32[]): a slice of 5 is larger than axis 0, which has 4");
}

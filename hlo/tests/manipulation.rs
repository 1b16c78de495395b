//! Tensors taken apart, put together, turned and repeated.

mod support;

use hlo::DType::{F32, F64, S32};
use hlo::Trace;
use insta::assert_snapshot;
use support::{apply, array};

fn mistake(record: impl for<'t> FnOnce(&'t Trace)) -> String {
    support::mistake(include_str!("manipulation.rs"), record)
}

fn matrix() -> [pjrt::HostArray; 1] {
    [array(&[2, 3], &[1, 2, 3, 4, 5, 6])]
}

#[test]
fn axes_are_turned_around() {
    let x = matrix();
    assert_eq!(apply::<i32>(&x, |_, x| x[0].flip(0)), [4, 5, 6, 1, 2, 3]);
    assert_eq!(apply::<i32>(&x, |_, x| x[0].flip(-1)), [3, 2, 1, 6, 5, 4]);
    assert_eq!(apply::<i32>(&x, |_, x| x[0].flip(..)), [6, 5, 4, 3, 2, 1]);
}

#[test]
fn elements_that_leave_an_axis_come_in_at_its_beginning() {
    let x = matrix();
    assert_eq!(apply::<i32>(&x, |_, x| x[0].roll(1, 1)), [3, 1, 2, 6, 4, 5]);
    assert_eq!(apply::<i32>(&x, |_, x| x[0].roll(-4, -1)), [2, 3, 1, 5, 6, 4]);
    assert_eq!(apply::<i32>(&x, |_, x| x[0].roll(3, 0)), [4, 5, 6, 1, 2, 3]);
    // 2⁶³ is 2 modulo 3.
    assert_eq!(apply::<i32>(&x, |_, x| x[0].roll(i64::MIN, 1)), [3, 1, 2, 6, 4, 5]);
    assert!(apply::<i32>(&[array(&[0], &[0i32; 0])], |_, x| x[0].roll(2, 0)).is_empty());
}

#[test]
fn parts_are_split_and_stacked() {
    let x = matrix();
    let columns = apply::<i32>(&x, |_, x| {
        let [a, b, c] = x[0].split(1);
        (a * 100 + b * 10 + c).squeeze(-1)
    });
    assert_eq!(columns, [123, 456]);
    let stacked = apply::<i32>(&x, |t, x| t.stack(&[x[0], -x[0]], 0));
    assert_eq!(stacked, [1, 2, 3, 4, 5, 6, -1, -2, -3, -4, -5, -6]);
    let stacked = apply::<i32>(&x, |t, x| t.stack(&[x[0], -x[0]], -1));
    assert_eq!(stacked, [1, -1, 2, -2, 3, -3, 4, -4, 5, -5, 6, -6]);
}

#[test]
fn elements_repeat_one_by_one_or_all_together() {
    let x = matrix();
    assert_eq!(apply::<i32>(&x, |_, x| x[0].repeat(2, 1)), [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6]);
    assert_eq!(apply::<i32>(&x, |_, x| x[0].repeat(2, 0)), [1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6]);
    assert_eq!(apply::<i32>(&x, |_, x| x[0].tile(2, 1)), [1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6]);
    assert_eq!(apply::<i32>(&x, |_, x| x[0].tile(2, 0)), [1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6]);
    assert!(apply::<i32>(&x, |_, x| x[0].repeat(0, 0)).is_empty());
    // A tensor of the highest rank has no room for another axis.
    let deep = [array(&[1, 1, 1, 1, 1, 1, 1, 2], &[1, 2])];
    assert_eq!(apply::<i32>(&deep, |_, x| x[0].repeat(2, -1)), [1, 1, 2, 2]);
}

#[test]
fn padding_takes_away_where_it_is_negative() {
    let x = [array(&[5], &[1, 2, 3, 4, 5])];
    let pad = |function| apply::<i32>(&x, function);
    assert_eq!(pad(|t, x| x[0].pad(t.constant(0, S32), [-2], [1], [0])), [3, 4, 5, 0]);
    assert_eq!(pad(|t, x| x[0].pad(t.constant(0, S32), [-1], [-1], [0])), [2, 3, 4]);
    // What stands between the elements is taken away with them.
    assert_eq!(pad(|t, x| x[0].pad(t.constant(0, S32), [-1], [-2], [1])), [0, 2, 0, 3, 0, 4]);
    assert!(pad(|t, x| x[0].pad(t.constant(0, S32), [-3], [-2], [0])).is_empty());
}

#[test]
fn arrangements_that_do_not_fit() {
    let error = mistake(|t| {
        let [a, b] = t.input("x", F32, [4, 3]).split(1); // mistake
        t.output("y", a + b);
    });
    assert_snapshot!(error, @"split(f32[4, 3]): axis 1 of size 3 does not split into 2 equal parts");
    let error = mistake(|t| {
        t.output("y", t.input("x", F32, [4, 3]).squeeze(0)); // mistake
    });
    assert_snapshot!(error, @"squeeze(f32[4, 3]): only an axis of size 1 can go: axis 0 has 4");
    let error = mistake(|t| {
        t.output("y", t.stack(&[t.input("a", F32, [2]), t.input("b", F32, [3])], 0)); // mistake
    });
    assert_snapshot!(error, @"stack(f32[2], f32[3]): all shapes must agree: got [2] and [3]");
    let error = mistake(|t| {
        t.output("y", t.stack(&[t.input("a", F32, [2]); 2], 2)); // mistake
    });
    assert_snapshot!(error, @"stack(f32[2], f32[2]): axis 2 is out of range: there are 0 to 1, or -2 to -1 from the end");
    let error = mistake(|t| {
        t.output("y", t.stack(&[t.input("a", F32, [2]), t.input("b", F64, [2])], 0)); // mistake
    });
    assert_snapshot!(error, @"stack(f32[2], f64[2]): element types f32 and f64 differ: convert one of them with `.to(dtype)`");
    let error = mistake(|t| {
        t.output("y", t.stack(&[], 0)); // mistake
    });
    assert_snapshot!(error, @"stack(): takes at least one operand");
    let error = mistake(|t| {
        t.output("y", t.input("x", F32, [4]).flip([0, -1])); // mistake
    });
    assert_snapshot!(error, @"flip(f32[4]): axis 0 is named twice");
    let error = mistake(|t| {
        t.output("y", t.input("x", F32, [4]).roll(1, 1)); // mistake
    });
    assert_snapshot!(error, @"roll(f32[4]): axis 1 is out of range: the only one is 0, or -1");
    let error = mistake(|t| {
        t.output("y", t.input("x", F32, [4]).repeat(usize::MAX, 0)); // mistake
    });
    assert_snapshot!(error, @"repeat(f32[4]): [18446744073709551615] is larger than memory can be");
    let error = mistake(|t| {
        t.output("y", t.input("x", F32, [4]).tile(usize::MAX, 0)); // mistake
    });
    assert_snapshot!(error, @"tile(f32[4]): [18446744073709551615] is larger than memory can be");
    let error = mistake(|t| {
        t.output("y", t.input("x", F64, [4]).pad(t.constant(0, F64), [-3], [-2], [0])); // mistake
    });
    assert_snapshot!(error, @"pad(f64[4], f64[]): padding by -3 and -2 takes more of axis 0 away than it has");
    let error = mistake(|t| {
        let x = t.input("x", F64, [4]);
        t.output("y", x.pad(t.constant(0, F64), [i64::MIN], [i64::MAX], [0])); // mistake
    });
    assert_snapshot!(error, @"pad(f64[4], f64[]): [9223372036854775811] is larger than memory can be");
    let error = mistake(|t| {
        let x = t.input("x", F64, [1]);
        t.output("y", x.pad(t.constant(0, F64), [0], [0], [usize::MAX])); // mistake
    });
    assert_snapshot!(error, @"pad(f64[1], f64[]): [18446744073709551615] is larger than memory can be");
}

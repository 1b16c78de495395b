//! What operations with indices compute, what they refuse, and that plugins read them.

mod support;

use hlo::DType::{F32, F64, S32};
use hlo::random::Key;
use hlo::{DType, GatherDimensions, Trace};
use insta::assert_snapshot;
use pjrt::HostArray;
use support::{apply, array, declare, evaluate, values};

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
    assert_snapshot!(error, @"dynamic_slice(f32[3, 4], i32[]): takes one start for each of 2 axes, got 1");
    let error = mistake(|t| {
        let start = t.input("start", S32, []);
        t.output("y", t.input("x", F32, [3, 4]).dynamic_slice(&[start; 2], [2])); // mistake
    });
    assert_snapshot!(error, @"dynamic_slice(f32[3, 4], i32[], i32[]): takes one size for each of 2 axes, got 1");
    let error = mistake(|t| {
        let start = t.input("start", S32, []);
        t.output("y", t.input("x", F32, [3, 4]).dynamic_slice(&[start; 2], [2, 5])); // mistake
    });
    assert_snapshot!(error, @"dynamic_slice(f32[3, 4], i32[], i32[]): a slice of 5 is larger than axis 1, which has 4");
    let error = mistake(|t| {
        let start = t.input("start", F32, []);
        t.output("y", t.input("x", F32, [4]).dynamic_slice(&[start], [2])); // mistake
    });
    assert_snapshot!(error, @"dynamic_slice(f32[4], f32[]): takes integers to start at, got f32: convert with `.to(dtype)`");
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

/// Elements of a vector, each named by one integer.
fn elements() -> GatherDimensions {
    GatherDimensions { offset_dims: vec![], ..rows() }
}

/// Blocks of a matrix that begin where pairs `[column, row]` in the first axis of the indices say.
fn blocks() -> GatherDimensions {
    GatherDimensions {
        offset_dims: vec![0, 2],
        start_index_map: vec![1, 0],
        ..GatherDimensions::default()
    }
}

/// An element of each row, named by one integer.
fn element_of_each_row() -> GatherDimensions {
    GatherDimensions {
        collapsed_slice_dims: vec![1],
        operand_batching_dims: vec![0],
        start_indices_batching_dims: vec![0],
        start_index_map: vec![1],
        index_vector_dim: 1,
        ..GatherDimensions::default()
    }
}

#[test]
fn slices_are_gathered_where_the_indices_say() {
    let inputs = [matrix(), array(&[3], &[2, 0, 2])];
    let got = apply::<i32>(&inputs, |_, x| x[0].gather(x[1], rows(), [1, 4]));
    assert_eq!(got, [8, 9, 10, 11, 0, 1, 2, 3, 8, 9, 10, 11]);
    // Blocks at (row 0, column 1) and (row 1, column 2), the two of them in the middle axis.
    let inputs = [matrix(), array(&[2, 2], &[1, 2, 0, 1])];
    let got = apply::<i32>(&inputs, |_, x| x[0].gather(x[1], blocks(), [2, 2]));
    assert_eq!(got, [1, 2, 6, 7, 5, 6, 10, 11]);
    let inputs = [matrix(), array(&[3], &[3u8, 0, 1])];
    let got = apply::<i32>(&inputs, |_, x| x[0].gather(x[1], element_of_each_row(), [1, 1]));
    assert_eq!(got, [3, 4, 9]);
    let nothing = [matrix(), array(&[0], &[0i32; 0])];
    assert!(apply::<i32>(&nothing, |_, x| x[0].gather(x[1], rows(), [1, 4])).is_empty());
}

#[test]
fn a_gathered_slice_that_would_not_fit_is_moved_until_it_does() {
    let inputs = [matrix(), array(&[2], &[-7, 7])];
    let got = apply::<i32>(&inputs, |_, x| x[0].gather(x[1], rows(), [1, 4]));
    assert_eq!(got, [0, 1, 2, 3, 8, 9, 10, 11]);
    let inputs = [matrix(), array(&[2, 1], &[3, -1])];
    let got = apply::<i32>(&inputs, |_, x| x[0].gather(x[1], blocks(), [2, 2]));
    assert_eq!(got, [2, 3, 6, 7]);
}

#[test]
fn updates_are_combined_with_the_slices_that_the_indices_name() {
    let inputs = [array(&[3], &[5, 6, 7]), array(&[4], &[2, 0, 2, 0]), array(&[4], &[9, 3, 2, 1])];
    assert_eq!(apply::<i32>(&inputs, |_, x| x[0].scatter_add(x[1], x[2], elements())), [9, 6, 18]);
    assert_eq!(
        apply::<i32>(&inputs, |_, x| x[0].scatter_mul(x[1], x[2], elements())),
        [15, 6, 126]
    );
    assert_eq!(apply::<i32>(&inputs, |_, x| x[0].scatter_max(x[1], x[2], elements())), [5, 6, 9]);
    assert_eq!(apply::<i32>(&inputs, |_, x| x[0].scatter_min(x[1], x[2], elements())), [1, 6, 2]);
    // On a CPU the last one wins.
    assert_eq!(apply::<i32>(&inputs, |_, x| x[0].scatter(x[1], x[2], elements())), [1, 6, 2]);
    let flags = [array(&[2], &[true, false]), array(&[1], &[1]), array(&[1], &[true])];
    assert_eq!(apply::<bool>(&flags, |_, x| x[0].scatter(x[1], x[2], elements())), [true, true]);
}

#[test]
fn an_update_that_would_not_fit_is_left_out_whole() {
    let inputs = [matrix(), array(&[3], &[-1, 3, 1]), array(&[3, 4], &[100; 12])];
    let got = apply::<i32>(&inputs, |_, x| x[0].scatter_add(x[1], x[2], rows()));
    assert_eq!(got, [0, 1, 2, 3, 104, 105, 106, 107, 8, 9, 10, 11]);
    // Of the block at (row 2, column 0) the first row would fit.
    let inputs = [matrix(), array(&[2, 2], &[0, 2, 2, 0]), array(&[2, 2, 2], &[100; 8])];
    let got = apply::<i32>(&inputs, |_, x| x[0].scatter_add(x[1], x[2], blocks()));
    assert_eq!(got, [0, 1, 102, 103, 4, 5, 106, 107, 8, 9, 10, 11]);
}

#[test]
fn indices_are_integers_of_any_width() {
    for dtype in INTEGERS {
        // 300 rows: more than 8 bits count.
        let record = |t: &Trace| {
            let x = t.iota(F64, [300, 1], 0);
            let index = t.input("index", S32, [2]).to(dtype);
            let read = x.gather(index, rows(), [1, 1]);
            t.output("read", read);
            t.output("written", x.scatter(index, -read, rows()).slice(0, 119..122));
            let dx = hlo::grad((read * read).sum(..), x);
            t.output("dx", dx.slice(0, 119..122));
        };
        let results = evaluate(record, &[array(&[2], &[120, 121])]);
        assert_eq!(values::<f64>(&results[0]), [120.0, 121.0], "{dtype}");
        assert_eq!(values::<f64>(&results[1]), [119.0, -120.0, -121.0], "{dtype}");
        assert_eq!(values::<f64>(&results[2]), [0.0, 240.0, 242.0], "{dtype}");
    }
}

#[test]
fn several_tensors_are_scattered_together_by_any_function() {
    let inputs = [
        array(&[3], &[5.0, 1.0, 4.0]),
        array(&[3], &[0, 1, 2]),
        array(&[4], &[0, 1, 0, 5]),
        array(&[4], &[3.0, 2.0, 4.0, 0.0]),
        array(&[4], &[10, 11, 12, 13]),
    ];
    let record = |t: &Trace| {
        let x = declare(t, &inputs);
        let (inputs, updates) = ((x[0], x[1]), (x[3], x[4]));
        let (distance, name) = hlo::scatter(inputs, x[2], updates, elements(), |old, new| {
            let nearer = new.0.less(old.0);
            (nearer.select(new.0, old.0), nearer.select(new.1, old.1))
        });
        t.output("distance", distance);
        t.output("name", name);
    };
    let results = evaluate(record, &inputs);
    assert_eq!(values::<f64>(&results[0]), [3.0, 1.0, 4.0]);
    assert_eq!(values::<i32>(&results[1]), [10, 1, 2]);
}

/// The mistake of a gather of a tensor `f32[shape]` by indices of a type.
fn refused(
    shape: &[usize],
    dtype: DType,
    indices: &[usize],
    dimensions: GatherDimensions,
    slice_sizes: &[usize],
) -> String {
    mistake(|t| {
        let (x, indices) = (t.input("x", F32, shape), t.input("indices", dtype, indices));
        t.output("y", x.gather(indices, dimensions, slice_sizes)); // mistake
    })
}

#[test]
fn gathers_and_scatters_that_do_not_fit_together() {
    let error = refused(&[3, 4], F32, &[2], rows(), &[1, 4]);
    assert_snapshot!(error, @"gather(f32[3, 4], f32[2]): takes integers as indices, got f32: convert with `.to(dtype)`");
    let error = refused(&[3, 4], S32, &[2], rows(), &[1]);
    assert_snapshot!(error, @"gather(f32[3, 4], i32[2]): takes one size for each of 2 axes, got 1");
    let error = refused(&[3, 4], S32, &[2], rows(), &[1, 5]);
    assert_snapshot!(error, @"gather(f32[3, 4], i32[2]): a slice of 5 is larger than axis 1, which has 4");
    let error = refused(&[3, 4], S32, &[2], rows(), &[2, 4]);
    assert_snapshot!(error, @"gather(f32[3, 4], i32[2]): a slice has 1 of a collapsed axis or batch axis, got 2 of axis 0");
    let error = refused(&[3, 4], S32, &[2, 2], rows(), &[1, 4]);
    assert_snapshot!(error, @"gather(f32[3, 4], i32[2, 2]): `start_index_map` names an axis for each element of an index vector: got 1 for 2");
    let error = refused(&[3, 4, 5], S32, &[2], rows(), &[1, 4, 5]);
    assert_snapshot!(error, @"gather(f32[3, 4, 5], i32[2]): `offset_dims` names an axis for each of the operand's that is not collapsed and no batch axis: expected 2, got 1");
    let twice = GatherDimensions { collapsed_slice_dims: vec![0, 0], ..rows() };
    let error = refused(&[3, 4], S32, &[2], twice, &[1, 1]);
    assert_snapshot!(error, @"gather(f32[3, 4], i32[2]): axis 0 is named twice");
    let both = GatherDimensions { start_index_map: vec![2], ..rows() };
    let error = refused(&[3, 4], S32, &[2], both, &[1, 4]);
    assert_snapshot!(error, @"gather(f32[3, 4], i32[2]): axis 2 is out of range: there are 0 to 1, or -2 to -1 from the end");
    let beyond = GatherDimensions { index_vector_dim: 2, ..rows() };
    let error = refused(&[3, 4], S32, &[2], beyond, &[1, 4]);
    assert_snapshot!(error, @"gather(f32[3, 4], i32[2]): axis 2 is out of range: there are 0 to 1, or -2 to -1 from the end");
    let falling = GatherDimensions { offset_dims: vec![2, 1], ..rows() };
    let error = refused(&[3, 4, 5], S32, &[2], falling, &[1, 4, 5]);
    assert_snapshot!(error, @"gather(f32[3, 4, 5], i32[2]): axes must be named in rising order, got [2, 1]");
    let batch = element_of_each_row();
    let error = refused(&[3, 4], S32, &[2], batch, &[1, 1]);
    assert_snapshot!(error, @"gather(f32[3, 4], i32[2]): batch axes must agree: axis 0 of the operand has 3, axis 0 of the indices has 2");
    let unpaired =
        GatherDimensions { start_indices_batching_dims: vec![], ..element_of_each_row() };
    let error = refused(&[3, 4], S32, &[3], unpaired, &[1, 1]);
    assert_snapshot!(error, @"gather(f32[3, 4], i32[3]): names 1 axes of the left and 0 of the right: they pair up one to one");
    let error = mistake(|t| {
        let (x, i) = (t.input("x", F32, [3, 4]), t.input("i", S32, [2]));
        let updates = t.input("updates", F32, [3, 4]);
        t.output("y", x.scatter_add(i, updates, rows())); // mistake
    });
    assert_snapshot!(error, @"scatter(f32[3, 4], i32[2], f32[3, 4]): at these indices updates have the shape [2, 4], got [3, 4]");
    let error = mistake(|t| {
        let (x, i) = (t.input("x", F32, [3, 4]), t.input("i", S32, [2]));
        let updates = t.input("updates", F64, [2, 4]);
        t.output("y", x.scatter_add(i, updates, rows())); // mistake
    });
    assert_snapshot!(error, @"scatter(f32[3, 4], i32[2], f64[2, 4]): element types f32 and f64 differ: convert one of them with `.to(dtype)`");
    let error = mistake(|t| {
        let (x, i) = (t.input("x", DType::Bool, [3, 4]), t.input("i", S32, [2]));
        t.output("y", x.scatter_add(i, x, rows())); // mistake
    });
    assert_snapshot!(error, @"scatter(i1[3, 4], i32[2], i1[3, 4]): takes numbers, got i1: convert with `.to(dtype)`");
    let error = mistake(|t| {
        let (x, i) = (t.input("x", F32, [3, 4]), t.input("i", S32, [2]));
        t.output("y", hlo::scatter(vec![x, x], i, vec![x], rows(), |old, _| old)[0]); // mistake
    });
    assert_snapshot!(error, @"scatter(f32[3, 4], f32[3, 4], i32[2], f32[3, 4]): takes at least one input and an update for each: got 1 for 2");
    let error = mistake(|t| {
        let (x, i) = (t.input("x", F32, [3, 4]), t.input("i", S32, [3]));
        let y = hlo::scatter(x, i, x, rows(), |old, new| old.less(new)); // mistake
        t.output("y", y);
    });
    assert_snapshot!(error, @"scatter(f32[3, 4], i32[3], f32[3, 4]): the body of a scatter must return (f32[]), got (i1[])");
    let error = mistake(|t| {
        let (x, i) = (t.input("x", F32, [3, 4]), t.input("i", S32, [3]));
        let (y, _) = hlo::scatter((x, x.sum(1)), i, (x, x), rows(), |old, _| old); // mistake
        t.output("y", y);
    });
    assert_snapshot!(error, @"scatter(f32[3, 4], f32[3], i32[3], f32[3, 4], f32[3, 4]): all shapes must agree: got [3, 4] and [3]");
    let error = mistake(|t| {
        let (x, i) = (t.input("x", F32, [3, 4]), t.input("i", S32, [3]));
        let scale = t.input("scale", F32, []);
        t.output(
            "y",
            hlo::scatter(x, i, x, rows(), |old, new| {
                old + new * scale // mistake
            }),
        );
    });
    assert_snapshot!(error, @"multiply(f32[], f32[]): the body of a scatter may only use its own arguments and constants, not a tensor made outside");
}

#[test]
fn scatters_without_a_gradient() {
    let error = mistake(|t| {
        let (x, i) = (t.input("x", F32, [3, 4]), t.input("i", S32, [3]));
        let y = hlo::scatter(x, i, x, rows(), |old, new| old - new); // mistake
        t.output("dx", hlo::grad(y.sum(..), x));
    });
    assert_snapshot!(error, @"scatter(f32[3, 4], i32[3], f32[3, 4]): has no gradient: its body may be any function; `scatter`, `scatter_add`, `scatter_mul`, `scatter_min` and `scatter_max` of a tensor have one; `stop_gradient` takes it for a constant, `custom_vjp` gives it one");
    let error = mistake(|t| {
        let (x, i) = (t.input("x", F32, [3, 4]), t.input("i", S32, [3]));
        let y = x.scatter_mul(i, x, rows()); // mistake
        t.output("dx", hlo::grad(y.sum(..), x));
    });
    assert_snapshot!(error, @"scatter(f32[3, 4], i32[3], f32[3, 4]): has no gradient: several updates may multiply one element; where none do, promise it with `unique_indices`; `stop_gradient` takes it for a constant, `custom_vjp` gives it one");
}

#[test]
fn an_index_counts_from_the_end_where_it_is_negative_and_gives_nan_outside() {
    let x = array(&[3, 2], &[0.0, 1.0, 10.0, 11.0, 20.0, 21.0]);
    let inputs = [x, array(&[4], &[2i8, -3, 3, -4])];
    let got = apply::<f64>(&inputs, |_, x| x[0].take(x[1], 0));
    assert_eq!(got[..4], [20.0, 21.0, 0.0, 1.0]);
    assert!(got[4..].iter().all(|value| value.is_nan()), "{got:?}");
    let got = apply::<f64>(&inputs, |_, x| x[0].take(x[1].slice(0, 1..2).reshape([]) + 2, -1));
    assert_eq!(got, [1.0, 11.0, 21.0]);
    // Of types without NaN.
    let got = apply::<i32>(&inputs, |_, x| x[0].to(S32).take(x[1].slice(0, 2..3), 0));
    assert_eq!(got, [i32::MIN; 2]);
    let got = apply::<u8>(&inputs, |_, x| x[0].to(DType::U8).take(x[1].slice(0, 2..3), 0));
    assert_eq!(got, [u8::MAX; 2]);
    let got = apply::<bool>(&inputs, |_, x| x[0].less(0.0).take(x[1].slice(0, 2..3), 0));
    assert_eq!(got, [true; 2]);
}

#[test]
fn indices_of_any_shape_stand_where_the_axis_was() {
    let x = array(&[2, 3, 2], &(0..12).collect::<Vec<i32>>());
    let inputs = [x, array(&[2, 2], &[2u32, 0, 1, 1])];
    let got = evaluate(
        |t| {
            let x = declare(t, &inputs);
            t.output("taken", x[0].take(x[1], 1));
        },
        &inputs,
    );
    assert_eq!(got[0].dims(), [2, 2, 2, 2]);
    assert_eq!(values::<i32>(&got[0]), [4, 5, 0, 1, 2, 3, 2, 3, 10, 11, 6, 7, 8, 9, 8, 9]);
}

#[test]
fn an_element_is_taken_from_each_line_along_the_axis() {
    let inputs = [matrix(), array(&[3, 2], &[3, 0, -1, -4, 2, 2]), array(&[1, 4], &[0, 1, 2, 0])];
    let got = apply::<i32>(&inputs, |_, x| x[0].take_along_axis(x[1], 1));
    assert_eq!(got, [3, 0, 7, 4, 10, 10]);
    let got = apply::<i32>(&inputs, |_, x| x[0].take_along_axis(x[2], 0));
    assert_eq!(got, [0, 5, 10, 3]);
    // One row of indices for all rows.
    let got = apply::<i32>(&inputs, |_, x| x[0].take_along_axis(x[2], 1));
    assert_eq!(got, [0, 1, 2, 0, 4, 5, 6, 4, 8, 9, 10, 8]);
    let got = apply::<i32>(&inputs, |_, x| x[0].take_along_axis(x[2] + 9, 1));
    assert_eq!(got, [i32::MIN; 12]);
}

#[test]
fn of_an_axis_without_elements_nothing_is_taken() {
    let inputs = [array(&[3, 0], &[0f32; 0]), array(&[0, 2], &[0i32; 0]), array(&[3, 0], &[0; 0])];
    let record = |t: &Trace| {
        let x = declare(t, &inputs);
        let taken = x[0].take(x[1], 1);
        t.output("taken", taken);
        t.output("along the axis", x[0].take_along_axis(x[2], 1));
        t.output("shuffled", Key::from_seed(t, 0).shuffle(x[0], 1));
        t.output("dx", hlo::grad(taken.sum(..), x[0]));
    };
    let dims: Vec<_> = evaluate(record, &inputs).iter().map(|y| y.dims().to_vec()).collect();
    assert_eq!(dims, [vec![3, 0, 2], vec![3, 0], vec![3, 0], vec![3, 0]]);
}

#[test]
fn axes_and_indices_that_take_nothing() {
    let error = mistake(|t| {
        let (x, i) = (t.input("x", F32, [3, 4]), t.input("i", F32, [2]));
        t.output("y", x.take(i, 0)); // mistake
    });
    assert_snapshot!(error, @"take(f32[3, 4], f32[2]): takes integers as indices, got f32: convert with `.to(dtype)`");
    let error = mistake(|t| {
        let (x, i) = (t.input("x", F32, [3, 4]), t.input("i", S32, [2]));
        t.output("y", x.take(i, 2)); // mistake
    });
    assert_snapshot!(error, @"take(f32[3, 4], i32[2]): axis 2 is out of range: there are 0 to 1, or -2 to -1 from the end");
    let error = mistake(|t| {
        let (x, i) = (t.input("x", F32, [3, 0]), t.input("i", S32, [2]));
        t.output("y", x.take(i, 1)); // mistake
    });
    assert_snapshot!(error, @"take(f32[3, 0], i32[2]): axis 1 has no elements to choose from");
    let error = mistake(|t| {
        let (x, i) = (t.input("x", F32, [3, 4]), t.input("i", S32, [2]));
        t.output("y", x.take_along_axis(i, 0)); // mistake
    });
    assert_snapshot!(error, @"take_along_axis(f32[3, 4], i32[2]): the rank must be 2 of the indices, got 1");
    let error = mistake(|t| {
        let (x, i) = (t.input("x", F32, [3, 4]), t.input("i", S32, [2, 2]));
        t.output("y", x.take_along_axis(i, 1)); // mistake
    });
    assert_snapshot!(error, @"take_along_axis(f32[3, 4], i32[2, 2]): shapes [3, 1] and [2, 1] do not broadcast: counted from the last, sizes must be equal or 1; `expand_dims` inserts an axis of 1");
}

#[test]
fn updates_whose_index_vectors_have_no_elements_all_go_to_the_beginning() {
    let inputs = [array(&[1], &[10.0]), array(&[2, 0], &[0i32; 0]), array(&[2], &[1.0, 2.0])];
    let sums = apply::<f64>(&inputs, |_, x| {
        let dimensions = GatherDimensions {
            collapsed_slice_dims: vec![0],
            index_vector_dim: 1,
            ..GatherDimensions::default()
        };
        x[0].scatter_add(x[1], x[2], dimensions)
    });
    assert_eq!(sums, [13.0]);
}

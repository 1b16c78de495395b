//! Mistakes in traces: one message each, with the line that made it, and never a panic.
//!
//! The line that an error must name ends with the comment `// mistake`.

mod support;

use hlo::DType::{Bf16, Bool, F8E4M3FN, F32, F64, S8, S32, U8, U16, U32};
use hlo::random::Key;
use hlo::{
    Convolution, ConvolutionDimensions, DotDimensions, Padding, Rule, Tensor, Trace, Window,
};
use insta::assert_snapshot;

fn mistake(record: impl for<'t> FnOnce(&'t Trace)) -> String {
    support::mistake(include_str!("errors.rs"), record)
}

#[test]
fn shapes_that_do_not_broadcast() {
    let error = mistake(|t| {
        let (a, b) = (t.input("a", F32, [2, 3]), t.input("b", F32, [4, 3]));
        t.output("sum", a + b); // mistake
    });
    assert_snapshot!(error, @"add(f32[2, 3], f32[4, 3]): shapes [2, 3] and [4, 3] do not broadcast: each axis, counted from the last, must be equal or 1");
    let error = mistake(|t| {
        let (a, b) = (t.input("a", F32, [2, 3]), t.input("b", F32, [2]));
        t.output("largest", a.maximum(b)); // mistake
    });
    assert_snapshot!(error, @"maximum(f32[2, 3], f32[2]): shapes [2, 3] and [2] do not broadcast: each axis, counted from the last, must be equal or 1");
    let error = mistake(|t| {
        let (a, b) = (t.input("a", F32, [2, 3]), t.input("b", F32, [2]));
        t.output("less", a.less(b)); // mistake
    });
    assert_snapshot!(error, @"compare(f32[2, 3], f32[2]): shapes [2, 3] and [2] do not broadcast: each axis, counted from the last, must be equal or 1");
    let error = mistake(|t| {
        let (a, b) = (t.input("a", F32, [2]), t.input("b", F32, [3]));
        t.output("chosen", t.input("p", Bool, []).select(a, b)); // mistake
    });
    assert_snapshot!(error, @"select(i1[], f32[2], f32[3]): shapes [2] and [3] do not broadcast: each axis, counted from the last, must be equal or 1");
    let error = mistake(|t| {
        t.output("y", t.input("x", F32, [2, 3]).broadcast_to([3])); // mistake
    });
    assert_snapshot!(error, @"broadcast_to(f32[2, 3]): shape [2, 3] does not broadcast to [3]");
    let error = mistake(|t| {
        t.output("y", t.input("x", F32, [2, 3]).broadcast_to([3, 2])); // mistake
    });
    assert_snapshot!(error, @"broadcast_in_dim(f32[2, 3]): shape [2, 3] does not broadcast to [3, 2]");
    let error = mistake(|t| {
        t.output("y", t.input("x", F32, [2, 3]).broadcast_in_dim([2, 3], [1, 0])); // mistake
    });
    assert_snapshot!(error, @"broadcast_in_dim(f32[2, 3]): [1, 0] must name an axis of the result for each axis of [2, 3], in rising order");
}

#[test]
fn element_types_that_do_not_fit() {
    let error = mistake(|t| {
        let (a, b) = (t.input("a", F32, [2]), t.input("b", F64, [2]));
        t.output("product", a * b); // mistake
    });
    assert_snapshot!(error, @"multiply(f32[2], f64[2]): element types f32 and f64 differ: convert one of them with `.to(dtype)`");
    let error = mistake(|t| {
        let (a, b) = (t.input("a", F32, [2]), t.input("b", S32, [2]));
        t.output("equal", a.equal(b)); // mistake
    });
    assert_snapshot!(error, @"compare(f32[2], i32[2]): element types f32 and i32 differ: convert one of them with `.to(dtype)`");
    let error = mistake(|t| {
        t.output("y", t.input("x", S32, [2]).exp()); // mistake
    });
    assert_snapshot!(error, @"exponential(i32[2]): takes floating-point numbers, got i32");
    let error = mistake(|t| {
        t.output("y", -t.input("x", U32, [2])); // mistake
    });
    assert_snapshot!(error, @"negate(ui32[2]): takes numbers with a sign, got ui32");
    let error = mistake(|t| {
        t.output("y", !t.input("x", F32, [2])); // mistake
    });
    assert_snapshot!(error, @"not(f32[2]): takes integers or booleans, got f32");
    let error = mistake(|t| {
        t.output("y", t.input("x", F32, [2]) << 1); // mistake
    });
    assert_snapshot!(error, @"shift_left(f32[2], f32[2]): takes integers, got f32");
    let error = mistake(|t| {
        let x = t.input("x", Bool, [2]);
        t.output("y", x + x); // mistake
    });
    assert_snapshot!(error, @"add(i1[2], i1[2]): takes numbers, got i1");
    let error = mistake(|t| {
        let x = t.input("x", F32, [2]);
        t.output("y", x & x); // mistake
    });
    assert_snapshot!(error, @"and(f32[2], f32[2]): takes integers or booleans, got f32");
    let error = mistake(|t| {
        let x = t.input("x", F32, [2]);
        t.output("y", x.select(x, x)); // mistake
    });
    assert_snapshot!(error, @"select(f32[2], f32[2], f32[2]): takes booleans to choose by, got f32");
    let error = mistake(|t| {
        t.output("y", t.input("x", F32, [2]).bitcast(F64)); // mistake
    });
    assert_snapshot!(error, @"bitcast_convert(f32[2]): widths must be equal: f32 has 32 bits, f64 has 64");
    let error = mistake(|t| {
        t.output("y", t.input("x", Bool, [2]).bitcast(U8)); // mistake
    });
    assert_snapshot!(error, @"bitcast_convert(i1[2]): takes numbers, got i1");
    let error = mistake(|t| {
        t.output("y", t.iota(Bool, [2], 0)); // mistake
    });
    assert_snapshot!(error, @"iota(): takes numbers, got i1");
    let error = mistake(|t| {
        t.output("y", t.input("x", F64, [2]).erf_inv()); // mistake
    });
    assert_snapshot!(error, @"erf_inv(f64[2]): takes f32, got f64");
}

#[test]
fn numbers_that_the_type_does_not_have() {
    let error = mistake(|t| {
        t.output("y", t.input("x", S32, [2]) + 0.5); // mistake
    });
    assert_snapshot!(error, @"constant(): 0.5 is no value of type i32");
    let error = mistake(|t| {
        t.output("y", t.input("x", S32, [2]).maximum(0.5)); // mistake
    });
    assert_snapshot!(error, @"constant(): 0.5 is no value of type i32");
    let error = mistake(|t| {
        t.output("y", 300 - t.input("x", U8, [2])); // mistake
    });
    assert_snapshot!(error, @"constant(): 300 is no value of type ui8");
    let error = mistake(|t| {
        t.output("y", t.full(true, F32, [2])); // mistake
    });
    assert_snapshot!(error, @"constant(): true is no value of type f32");
    let error = mistake(|t| {
        t.output("y", t.constant(f64::INFINITY, F8E4M3FN)); // mistake
    });
    assert_snapshot!(error, @"constant(): inf is no value of type f8E4M3FN");
    let error = mistake(|t| {
        t.output("y", t.input("x", S8, [300]).mean(..)); // mistake
    });
    assert_snapshot!(error, @"constant(): 300 is no value of type i8");
}

#[test]
fn axes_that_are_not_there() {
    let error = mistake(|t| {
        t.output("y", t.input("x", F32, [2, 3]).sum(2)); // mistake
    });
    assert_snapshot!(error, @"sum(f32[2, 3]): axis 2 is out of range for rank 2");
    let error = mistake(|t| {
        t.output("y", t.input("x", F32, [2, 3]).mean(-3)); // mistake
    });
    assert_snapshot!(error, @"mean(f32[2, 3]): axis -3 is out of range for rank 2");
    let error = mistake(|t| {
        t.output("y", t.input("x", F32, [2, 3]).max([0, -2])); // mistake
    });
    assert_snapshot!(error, @"max(f32[2, 3]): axis 0 is named twice");
    let error = mistake(|t| {
        t.output("y", t.input("x", F32, [2]).expand_dims(3)); // mistake
    });
    assert_snapshot!(error, @"expand_dims(f32[2]): axis 3 is out of range for rank 2");
    let error = mistake(|t| {
        t.output("y", t.iota(F32, [], 0)); // mistake
    });
    assert_snapshot!(error, @"iota(f32[]): axis 0 is out of range for rank 0");
    let error = mistake(|t| {
        t.output("y", t.input("x", F32, []).log_softmax(-1)); // mistake
    });
    assert_snapshot!(error, @"max(f32[]): axis -1 is out of range for rank 0");
    let error = mistake(|t| {
        t.output("y", t.input("x", F32, [2, 3]).transpose([0, 0])); // mistake
    });
    assert_snapshot!(error, @"transpose(f32[2, 3]): [0, 0] is no permutation of the axes of [2, 3]");
    let error = mistake(|t| {
        t.output("y", t.input("x", F32, [2, 3]).transpose([0])); // mistake
    });
    assert_snapshot!(error, @"transpose(f32[2, 3]): [0] is no permutation of the axes of [2, 3]");
}

#[test]
fn reductions_of_the_wrong_type_or_of_nothing() {
    let error = mistake(|t| {
        t.output("y", t.input("x", Bool, [2]).sum(..)); // mistake
    });
    assert_snapshot!(error, @"sum(i1[2]): takes numbers, got i1");
    let error = mistake(|t| {
        t.output("y", t.input("x", F32, []).any(..)); // mistake
    });
    assert_snapshot!(error, @"any(f32[]): takes booleans, got f32");
    let error = mistake(|t| {
        t.output("y", t.input("x", F32, [2, 0]).argmax(-1)); // mistake
    });
    assert_snapshot!(error, @"argmax(f32[2, 0]): axis 1 has no elements to choose from");
    let error = mistake(|t| {
        t.output("y", t.input("x", F32, [2]).argmax(1)); // mistake
    });
    assert_snapshot!(error, @"max(f32[2]): axis 1 is out of range for rank 1");
}

#[test]
fn products_whose_axes_do_not_pair_up() {
    let error = mistake(|t| {
        let (a, b) = (t.input("a", F32, [2, 3]), t.input("b", F32, [4, 2]));
        t.output("y", a.matmul(b)); // mistake
    });
    assert_snapshot!(error, @"dot_general(f32[2, 3], f32[4, 2]): contracted and batch axes must agree: axis 1 of the left has 3, axis 0 of the right has 4");
    let error = mistake(|t| {
        let (a, b) = (t.input("a", F32, [2, 3]), t.input("b", F32, [3]));
        t.output("y", a.matmul(b)); // mistake
    });
    assert_snapshot!(error, @"matmul(f32[2, 3], f32[3]): the rank must be at least 2 on the right, got 1");
    let error = mistake(|t| {
        let (a, b) = (t.input("a", F32, []), t.input("b", F32, [3, 2]));
        t.output("y", a.matmul(b)); // mistake
    });
    assert_snapshot!(error, @"matmul(f32[], f32[3, 2]): the rank must be at least 1 on the left, got 0");
    let error = mistake(|t| {
        let (a, b) = (t.input("a", F32, [2, 3]), t.input("b", F32, [5, 3, 2]));
        t.output("y", a.matmul(b)); // mistake
    });
    assert_snapshot!(error, @"matmul(f32[2, 3], f32[5, 3, 2]): the rank must be 3 on the left, got 2");
    let error = mistake(|t| {
        let (a, b) = (t.input("a", F32, [2, 3]), t.input("b", Bf16, [3, 2]));
        t.output("y", a.matmul(b)); // mistake
    });
    assert_snapshot!(error, @"dot_general(f32[2, 3], bf16[3, 2]): element types f32 and bf16 differ: convert one of them with `.to(dtype)`");
    let dot = |lhs: &[usize], rhs: &[usize]| DotDimensions {
        lhs_contracting: lhs.into(),
        rhs_contracting: rhs.into(),
        ..DotDimensions::default()
    };
    let error = mistake(|t| {
        let x = t.input("x", F32, [3, 3]);
        t.output("y", x.dot_general(x, dot(&[0, 1], &[0]))); // mistake
    });
    assert_snapshot!(error, @"dot_general(f32[3, 3], f32[3, 3]): names 2 axes of the left and 1 of the right: they pair up one to one");
    let error = mistake(|t| {
        let x = t.input("x", F32, [3, 3]);
        t.output("y", x.dot_general(x, dot(&[2], &[0]))); // mistake
    });
    assert_snapshot!(error, @"dot_general(f32[3, 3], f32[3, 3]): axis 2 is out of range for rank 2");
    let error = mistake(|t| {
        let x = t.input("x", F32, [3, 3]);
        t.output("y", x.dot_general(x, dot(&[0, 0], &[0, 1]))); // mistake
    });
    assert_snapshot!(error, @"dot_general(f32[3, 3], f32[3, 3]): axis 0 is named twice");
}

#[test]
fn elements_that_cannot_move_so() {
    let error = mistake(|t| {
        t.output("y", t.input("x", F32, [2, 3]).reshape([4])); // mistake
    });
    assert_snapshot!(error, @"reshape(f32[2, 3]): [2, 3] has 6 elements and [4] has 4");
    let error = mistake(|t| {
        t.output("y", t.input("x", F32, [4]).slice(0, 2..5)); // mistake
    });
    assert_snapshot!(error, @"slice(f32[4]): range 2..5 is out of bounds for axis 0 of size 4");
    let error = mistake(|t| {
        let range = std::ops::Range { start: 3, end: 1 };
        t.output("y", t.input("x", F32, [4]).slice(0, range)); // mistake
    });
    assert_snapshot!(error, @"slice(f32[4]): range 3..1 is out of bounds for axis 0 of size 4");
    let error = mistake(|t| {
        t.output("y", t.input("x", F32, [4]).slice_strided(vec![0..4; 1], [0])); // mistake
    });
    assert_snapshot!(error, @"slice(f32[4]): the stride of axis 0 must be between 1 and 2^63 - 1, got 0");
    let error = mistake(|t| {
        t.output("y", t.input("x", F32, [4]).slice_strided([0..4, 0..1], [1])); // mistake
    });
    assert_snapshot!(error, @"slice(f32[4]): the rank must be 2, got 1");
    let error = mistake(|t| {
        let x = t.input("x", F32, [4]);
        t.output("y", x.pad(x, [1], [1], [0])); // mistake
    });
    assert_snapshot!(error, @"pad(f32[4], f32[4]): the rank must be 0, got 1");
    let error = mistake(|t| {
        let zero = t.constant(0, F32);
        t.output("y", t.input("x", F32, [4]).pad(zero, [1, 1], [1], [0])); // mistake
    });
    assert_snapshot!(error, @"pad(f32[4], f32[]): the rank must be 2, got 1");
    let error = mistake(|t| {
        let zero = t.constant(0, F64);
        t.output("y", t.input("x", F32, [4]).pad(zero, [1], [1], [0])); // mistake
    });
    assert_snapshot!(error, @"pad(f32[4], f64[]): element types f32 and f64 differ: convert one of them with `.to(dtype)`");
    let error = mistake(|t| {
        t.output("y", t.concatenate(&[], 0)); // mistake
    });
    assert_snapshot!(error, @"concatenate(): takes at least one operand");
    let error = mistake(|t| {
        let (a, b) = (t.input("a", F32, [2, 3]), t.input("b", F32, [2, 4]));
        t.output("y", t.concatenate(&[a, b], 0)); // mistake
    });
    assert_snapshot!(error, @"concatenate(f32[2, 3], f32[2, 4]): all shapes must agree outside axis 0: got [2, 3] and [2, 4]");
    let error = mistake(|t| {
        let (a, b) = (t.input("a", F32, [2]), t.input("b", S32, [2]));
        t.output("y", t.concatenate(&[a, b], 0)); // mistake
    });
    assert_snapshot!(error, @"concatenate(f32[2], i32[2]): element types f32 and i32 differ: convert one of them with `.to(dtype)`");
    let error = mistake(|t| {
        let [rows, columns, depth] = t.input("x", F32, [2, 3]).dims(); // mistake
        t.output("y", t.iota(F32, [rows, columns, depth], 0));
    });
    assert_snapshot!(error, @"dims(f32[2, 3]): the rank must be 3, got 2");
}

#[test]
fn classes_that_no_integer_names() {
    let error = mistake(|t| {
        t.output("y", t.input("x", F32, [4]).one_hot(3, F32)); // mistake
    });
    assert_snapshot!(error, @"one_hot(f32[4]): takes integers, got f32");
    let error = mistake(|t| {
        let index = t.input("index", F32, [4]);
        t.output("y", t.input("x", F32, [4, 3]).pick(index)); // mistake
    });
    assert_snapshot!(error, @"pick(f32[4]): takes integers, got f32");
    let error = mistake(|t| {
        let index = t.input("index", S32, []);
        t.output("y", t.input("x", F32, []).pick(index)); // mistake
    });
    assert_snapshot!(error, @"pick(f32[], i32[]): the rank must be at least 1, got 0");
    let error = mistake(|t| {
        let index = t.input("index", S32, [5]);
        t.output("y", t.input("x", F32, [4, 3]).pick(index)); // mistake
    });
    assert_snapshot!(error, @"select(i1[5, 3], f32[4, 3], f32[]): shapes [5, 3] and [4, 3] do not broadcast: each axis, counted from the last, must be equal or 1");
}

#[test]
fn shapes_beyond_all_bounds() {
    let error = mistake(|t| {
        t.output("y", t.input("x", F32, [1; 9])); // mistake
    });
    assert_snapshot!(error, @"input(f32[1, 1, 1, 1, 1, 1, 1, 1]): the rank must be at most 8, got 9");
    let error = mistake(|t| {
        t.output("y", t.input("x", F32, [1; 8]).expand_dims(8)); // mistake
    });
    assert_snapshot!(error, @"reshape(f32[1, 1, 1, 1, 1, 1, 1, 1]): the rank must be at most 8, got 9");
    let error = mistake(|t| {
        t.output("y", t.input("x", F32, [1; 8]).broadcast_to([1; 9])); // mistake
    });
    assert_snapshot!(error, @"broadcast_in_dim(f32[1, 1, 1, 1, 1, 1, 1, 1]): the rank must be at most 8, got 9");
    let error = mistake(|t| {
        t.output("y", t.input("x", F32, [1 << 40, 1 << 30])); // mistake
    });
    assert_snapshot!(error, @"input(f32[1099511627776, 1073741824]): [1099511627776, 1073741824] is larger than memory can be");
    let error = mistake(|t| {
        t.output("y", t.full(0, F64, [usize::MAX])); // mistake
    });
    assert_snapshot!(error, @"broadcast_in_dim(f64[]): [18446744073709551615] is larger than memory can be");
    let error = mistake(|t| {
        t.output("y", t.input("x", F32, [0, usize::MAX])); // mistake
    });
    assert_snapshot!(error, @"input(f32[0, 18446744073709551615]): [0, 18446744073709551615] is larger than memory can be");
    let error = mistake(|t| {
        let x = t.input("x", F32, [2]);
        t.output("y", x.pad(t.constant(0, F32), [0], [0], [usize::MAX])); // mistake
    });
    assert_snapshot!(error, @"pad(f32[2], f32[]): [18446744073709551615] is larger than memory can be");
    let error = mistake(|t| {
        let x = t.input("x", U8, [1 << 62]);
        t.output("y", t.concatenate(&[x, x, x, x, x], 0)); // mistake
    });
    assert_snapshot!(error, @"concatenate(ui8[4611686018427387904], ui8[4611686018427387904], ui8[4611686018427387904], ui8[4611686018427387904], ui8[4611686018427387904]): [18446744073709551615] is larger than memory can be");
    let error = mistake(|t| {
        let x = t.input("x", F32, [1, 1, 1, 1, 2]);
        t.output("y", x.dot_general(x, DotDimensions::default())); // mistake
    });
    assert_snapshot!(error, @"dot_general(f32[1, 1, 1, 1, 2], f32[1, 1, 1, 1, 2]): the rank must be at most 8, got 10");
}

#[test]
fn keys_that_are_no_keys() {
    let error = mistake(|t| {
        let key = Key::from_tensor(t.input("seed", U32, [3])); // mistake
        t.output("y", key.normal([2]));
    });
    assert_snapshot!(error, @"key(ui32[3]): takes ui32[2], got ui32[3]");
    let error = mistake(|t| {
        let [key, _] = Key::from_tensor(t.input("seed", F32, [2])).split(); // mistake
        t.output("y", key.truncated_normal([2]));
    });
    assert_snapshot!(error, @"key(f32[2]): takes ui32[2], got f32[2]");
    let error = mistake(|t| {
        let key = Key::from_seed(t, 0).fold_in(t.input("step", S32, [])); // mistake
        t.output("y", key.to_tensor());
    });
    assert_snapshot!(error, @"fold_in(i32[]): takes ui32[], got i32[]");
    let error = mistake(|t| {
        t.output("y", Key::from_seed(t, 0).bits([1 << 16, 1 << 16])); // mistake
    });
    assert_snapshot!(error, @"bits(): 2^32 random numbers or more are drawn with one key: split the key");
    let error = mistake(|t| {
        t.output("y", Key::from_seed(t, 0).uniform([1; 9], 0.0, 1.0)); // mistake
    });
    assert_snapshot!(error, @"reshape(ui32[1]): the rank must be at most 8, got 9");
}

#[test]
fn gradients_of_what_has_none() {
    let error = mistake(|t| {
        let x = t.input("x", F32, [2]);
        let [dx] = hlo::grad(x * x, [x]); // mistake
        t.output("dx", dx);
    });
    assert_snapshot!(error, @"grad(f32[2]): a gradient is taken of a scalar");
    let error = mistake(|t| {
        let (x, n) = (t.input("x", F32, []), t.input("n", S32, []));
        let [_, dn] = hlo::grad(x * n.to(F32), [x, n]); // mistake
        t.output("dn", dn);
    });
    assert_snapshot!(error, @"grad(i32[]): takes floating-point numbers, got i32");
    let error = mistake(|t| {
        let x = t.input("x", F32, [2]);
        let gradients = hlo::grad(x.to(S32).sum(..), [x]); // mistake
        t.output("dx", gradients[0]);
    });
    assert_snapshot!(error, @"grad(i32[]): takes floating-point numbers, got i32");
}

#[test]
fn names_that_are_taken() {
    let error = mistake(|t| {
        let x = t.input("head/kernel", F32, [2]);
        t.output("y", x + t.input("head/kernel", F32, [3])); // mistake
    });
    assert_snapshot!(error, @r#"input(f32[3]): the name "head/kernel" is taken: every input has its own"#);
    let error = mistake(|t| {
        let x = t.input("x", F32, [2]);
        t.output("loss", x);
        t.output("loss", x + 1); // mistake
    });
    assert_snapshot!(error, @r#"output(f32[2]): the name "loss" is taken: every output has its own"#);
    let error = mistake(|t| {
        let x = t.input("x", F32, [2]);
        t.output("x", x);
        t.output_in_place(x, x + 1); // mistake
    });
    assert_snapshot!(error, @r#"output_in_place(f32[2]): the name "x" is taken: every output has its own"#);
}

#[test]
fn results_that_fit_in_no_input_s_place() {
    let error = mistake(|t| {
        let x = t.input("x", F32, [2]);
        t.output_in_place(x, x.sum(..)); // mistake
    });
    assert_snapshot!(error, @"output_in_place(f32[2], f32[]): a result may only take the place of an input of the same type that no other result took, got f32[2] for f32[]");
    let error = mistake(|t| {
        let x = t.input("x", F32, [2]);
        t.output_in_place(x + 1, x); // mistake
    });
    assert_snapshot!(error, @"output_in_place(f32[2], f32[2]): a result may only take the place of an input of the same type that no other result took, got f32[2] for f32[2]");
    let error = mistake(|t| {
        let x = t.input("x", F32, [2]);
        t.output_in_place(x, x + 1);
        t.output_in_place(x, x + 2); // mistake
    });
    assert_snapshot!(error, @"output_in_place(f32[2], f32[2]): a result may only take the place of an input of the same type that no other result took, got f32[2] for f32[2]");
}

#[test]
fn a_program_without_outputs() {
    let (line, traced) = (line!(), hlo::trace("nothing", |_| {}));
    let error = traced.unwrap_err();
    assert_eq!((error.location.file(), error.location.line()), (file!(), line));
    assert_snapshot!(error.rule, @"a program has at least one output: declare it with `output`");
}

#[test]
fn tensors_of_two_traces() {
    /// Traces a program inside another, which spoils both, and returns the inner one's error.
    fn inner(record: impl for<'t> FnOnce(&'t Trace, Tensor<'t>)) -> String {
        let mut error = String::new();
        let outer = hlo::trace("outer", |outer| {
            let x = outer.input("x", F32, [2]);
            // Of two operations, so that the inner trace has no value of that number.
            let x = x * x + 1.0;
            error = mistake(|t| record(t, x));
            outer.output("x", x);
        });
        assert_eq!(outer.unwrap_err().rule, Rule::ForeignTensor);
        error
    }
    let error = inner(|t, x| {
        t.output("y", t.input("y", F32, [2]) + x); // mistake
    });
    assert_snapshot!(error, @"add(f32[2], f32[2]): an operand belongs to another trace");
    let error = inner(|t, x| {
        t.output("y", x + t.input("y", F32, [2])); // mistake
    });
    assert_snapshot!(error, @"add(f32[2], f32[2]): an operand belongs to another trace");
    let error = inner(|t, x| {
        t.output("y", x); // mistake
    });
    assert_snapshot!(error, @"output(f32[2]): an operand belongs to another trace");
    let error = inner(|t, x| {
        t.output_in_place(x, t.input("y", F32, [2])); // mistake
    });
    assert_snapshot!(error, @"output_in_place(f32[2], f32[2]): an operand belongs to another trace");
    let error = inner(|t, x| {
        let loss = t.input("y", F32, [2]).sum(..);
        let [dx] = hlo::grad(loss, [x]); // mistake
        t.output("dx", dx);
    });
    assert_snapshot!(error, @"grad(f32[], f32[2]): an operand belongs to another trace");
}

#[test]
fn the_first_mistake_is_the_one_reported() {
    let error = mistake(|t| {
        let x = t.input("x", F32, [2, 3]);
        let wrong = x.matmul(x); // mistake
        let worse = wrong.reshape([7]).transpose([4, 4]) + wrong.pick(wrong);
        t.output(
            "y",
            worse.exp().sum(9).argmax(3).slice(0, 4..9).dot_general(x, DotDimensions::default()),
        );
        t.output("y", t.concatenate(&[], 0));
    });
    assert_snapshot!(error, @"dot_general(f32[2, 3], f32[2, 3]): contracted and batch axes must agree: axis 1 of the left has 3, axis 0 of the right has 2");
}

#[test]
fn a_mistake_inside_a_function_names_the_function_s_line() {
    fn dense<'t>(x: Tensor<'t>, kernel: Tensor<'t>) -> Tensor<'t> {
        x.matmul(kernel) // mistake
    }
    let error = mistake(|t| {
        let layers = ["a", "b"].map(|name| t.input(name, F32, [4, 3]));
        t.output("y", layers.into_iter().fold(t.input("x", F32, [2, 4]), dense));
    });
    assert_snapshot!(error, @"dot_general(f32[2, 3], f32[4, 3]): contracted and batch axes must agree: axis 1 of the left has 3, axis 0 of the right has 4");
}

#[test]
fn a_function_that_tracks_its_caller_passes_the_line_on() {
    #[track_caller]
    fn halve(x: Tensor<'_>) -> Tensor<'_> {
        x * 0.5
    }
    let error = mistake(|t| {
        t.output("y", halve(t.input("x", U16, [2]))); // mistake
    });
    assert_snapshot!(error, @"constant(): 0.5 is no value of type ui16");
}

#[test]
fn a_closure_that_panics_over_what_a_mistake_left_behind_reports_the_mistake() {
    let error = mistake(|t| {
        let x = t.input("x", F32, [2, 3]);
        let wrong = x.matmul(x); // mistake
        let columns = wrong.shape()[1];
        t.output("y", wrong.reshape([columns]));
    });
    assert_snapshot!(error, @"dot_general(f32[2, 3], f32[2, 3]): contracted and batch axes must agree: axis 1 of the left has 3, axis 0 of the right has 2");
}

#[test]
fn everything_passes_a_mistake_on_without_a_panic() {
    let error = mistake(|t| {
        let x = t.input("x", F32, [2, 3]).reshape([5]); // mistake
        let [rows, columns] = x.dims();
        let parts = [
            x.abs().relu().softplus().log_sigmoid().erf_inv(),
            x.logsumexp(-1).log_softmax(4).softmax(0).max([1, 2]).min(..).mean(3),
            x.one_hot(3, F32).pick(x).argmax(0).all(..).any(1),
            x.expand_dims(5).slice(2, 0..9).slice_strided(vec![], [0]).transpose([2]),
            x.pad(x, [1], [], [2]).to(Bool).bitcast(F64).stop_gradient(),
            x.broadcast_to([rows, columns]).broadcast_in_dim([1], [3]).select(x, x),
            x.less(0.5).select(x.pow(2), 1 - x).matmul(x),
            t.concatenate(&[x, x], 3).maximum(1).remainder(x) & x | !x ^ x << 2 >> 1,
            hlo::grad(x, [x])[0],
        ];
        let key = Key::from_tensor(x).fold_in(x).fold_in_number(2);
        let [key, _] = key.split();
        t.output("normal", key.normal([2]) + key.to_tensor());
        parts.into_iter().for_each(|part| t.output_in_place(x, part));
    });
    assert_snapshot!(error, @"reshape(f32[2, 3]): [2, 3] has 6 elements and [5] has 5");
}

#[test]
#[should_panic(expected = "the closure's own")]
fn a_panic_without_a_mistake_is_the_caller_s() {
    let _ = hlo::trace("panics", |_| panic!("the closure's own"));
}

#[test]
fn folds_whose_parts_do_not_fit() {
    let error = mistake(|t| {
        let x = t.input("x", F32, [4, 3]);
        t.output("y", hlo::reduce(x, t.constant(0, F64), 0, |a, b| a + b)); // mistake
    });
    assert_snapshot!(error, @"reduce(f32[4, 3], f64[]): must begin with a scalar of the element type, f32[], got f64[]");
    let error = mistake(|t| {
        let (x, y) = (t.input("x", F32, [4]), t.input("y", F32, [5]));
        let zero = t.constant(0, F32);
        let (sum, _) = hlo::reduce((x, y), (zero, zero), 0, |a, b| (a.0 + b.0, a.1 + b.1)); // mistake
        t.output("sum", sum);
    });
    assert_snapshot!(error, @"reduce(f32[4], f32[5], f32[], f32[]): tensors that are folded together must have one shape, got [4] and [5]");
    let error = mistake(|t| {
        let x = t.input("x", F32, [4]);
        let zero = t.constant(0, F32);
        let sums = hlo::reduce(vec![x, x], vec![zero], 0, |a, b| vec![a[0] + b[0], a[1] + b[1]]); // mistake
        t.output("sum", sums[0]);
    });
    assert_snapshot!(error, @"reduce(f32[4], f32[4], f32[]): 2 tensors begin with as many scalars, got 1");
    let error = mistake(|t| {
        let x = t.input("x", F32, [4]);
        t.output("y", hlo::reduce(x, t.constant(0, F32), 0, |a, b| a.less(b))); // mistake
    });
    assert_snapshot!(error, @"reduce(f32[4], f32[]): the body must return what it folds, (f32[]), got (i1[])");
    let error = mistake(|t| {
        let x = t.input("x", F32, [4]);
        t.output("y", hlo::reduce(x, t.constant(0, F32), 1, |a, b| a + b)); // mistake
    });
    assert_snapshot!(error, @"reduce(f32[4], f32[]): axis 1 is out of range for rank 1");
    let error = mistake(|t| {
        let (x, scale) = (t.input("x", F32, [4]), t.input("scale", F32, []));
        t.output("y", hlo::reduce(x, t.constant(0, F32), 0, |a, b| a + b * scale)); // mistake
    });
    assert_snapshot!(error, @"multiply(f32[], f32[]): the body of a reduction may only use its own arguments and constants, not a tensor made outside");
    fn by_another_shape<'t>(a: Tensor<'t>, b: Tensor<'t>) -> Tensor<'t> {
        (a.expand_dims(0) + b).reshape([])
    }
    let error = mistake(|t| {
        let x = t.input("x", F32, [4]);
        let y = hlo::reduce(x, t.constant(0, F32), 0, by_another_shape); // mistake
        t.output("y", hlo::grad(y, x));
    });
    assert_snapshot!(error, @"reduce(f32[4], f32[]): has no gradient: its body has an operation that does not work element by element");
    let error = mistake(|t| {
        t.output("y", t.input("x", S32, [4]).variance(..)); // mistake
    });
    assert_snapshot!(error, @"variance(i32[4]): takes floating-point numbers, got i32");
    let error = mistake(|t| {
        t.output("y", t.input("x", Bool, [4]).cumsum(0)); // mistake
    });
    assert_snapshot!(error, @"cumsum(i1[4]): takes numbers, got i1");
}

#[test]
fn windows_that_do_not_fit() {
    let window_max = |t: &Trace, window: &Window| {
        let x = t.input("x", F32, [5, 4]);
        let lowest = t.constant(f32::NEG_INFINITY, F32);
        t.output("y", hlo::reduce_window(x, lowest, window, |a, b| a.maximum(b))); // mistake
    };
    let error = mistake(|t| window_max(t, &Window::of([2, 5])));
    assert_snapshot!(error, @"reduce_window(f32[5, 4], f32[]): the window covers 5 elements along axis 1, and the operand has 4 there, padding included");
    let error = mistake(|t| window_max(t, &Window::of([2])));
    assert_snapshot!(error, @"reduce_window(f32[5, 4], f32[]): the window must have 2 entries, one for each axis that the window goes over, got 1");
    let error = mistake(|t| window_max(t, &Window { strides: vec![2], ..Window::of([2, 2]) }));
    assert_snapshot!(error, @"reduce_window(f32[5, 4], f32[]): the strides must have 2 entries, one for each axis that the window goes over, got 1");
    let error = mistake(|t| window_max(t, &Window { strides: vec![2, 0], ..Window::of([2, 2]) }));
    assert_snapshot!(error, @"reduce_window(f32[5, 4], f32[]): the stride along axis 1 must be between 1 and 2^63 - 1, got 0");
    let error = mistake(|t| window_max(t, &Window::of([0, 2])));
    assert_snapshot!(error, @"reduce_window(f32[5, 4], f32[]): the size of the window along axis 0 must be between 1 and 2^63 - 1, got 0");
    let error = mistake(|t| {
        let padding = Padding::Explicit(vec![(1, 1)]);
        window_max(t, &Window { padding, ..Window::of([2, 2]) });
    });
    assert_snapshot!(error, @"reduce_window(f32[5, 4], f32[]): the padding must have 2 entries, one for each axis that the window goes over, got 1");
    let error = mistake(|t| {
        let padding = Padding::Explicit(vec![(i64::MIN, i64::MAX), (0, 0)]);
        window_max(t, &Window { padding, ..Window::of([2, 2]) });
    });
    assert_snapshot!(error, @"reduce_window(f32[5, 4], f32[]): padding or dilation stretches axis 0 beyond 2^60 elements");
    let error = mistake(|t| {
        let huge = vec![usize::MAX / 2, 1];
        window_max(t, &Window { base_dilations: huge, ..Window::of([2, 2]) });
    });
    assert_snapshot!(error, @"reduce_window(f32[5, 4], f32[]): padding or dilation stretches axis 0 beyond 2^60 elements");
    let error = mistake(|t| {
        t.output("y", t.input("x", F32, [28, 28, 3]).max_pool(&Window::of([2, 2]))); // mistake
    });
    assert_snapshot!(error, @"max_pool(f32[28, 28, 3]): the rank must be 4 (batch, 2 spatial axes, features), got 3");
    let error = mistake(|t| {
        t.output("y", t.input("x", F32, [1, 2, 8, 3]).max_pool(&Window::of([3, 3]))); // mistake
    });
    assert_snapshot!(error, @"reduce_window(f32[1, 2, 8, 3], f32[]): the window covers 3 elements along axis 1, and the operand has 2 there, padding included");
    let error = mistake(|t| {
        t.output("y", t.input("x", S32, [1, 8, 3]).avg_pool(&Window::of([2]), true)); // mistake
    });
    assert_snapshot!(error, @"avg_pool(i32[1, 8, 3]): takes floating-point numbers, got i32");
    let scatter = |t: &Trace, window: &Window| {
        let (x, source) = (t.input("x", F32, [5]), t.input("source", F32, [2]));
        let zero = t.constant(0, F32);
        let y = x.select_and_scatter(source, zero, window, |a, b| a.greater(b), |a, b| a + b); // mistake
        t.output("y", y);
    };
    let error = mistake(|t| scatter(t, &Window::of([2])));
    assert_snapshot!(error, @"select_and_scatter(f32[5], f32[2], f32[]): the source must have an element for each window, f32[4], got f32[2]");
    let error = mistake(|t| scatter(t, &Window { window_dilations: vec![3], ..Window::of([2]) }));
    assert_snapshot!(error, @"select_and_scatter(f32[5], f32[2], f32[]): takes a window without dilations, and this one has one along axis 0");
    let error = mistake(|t| {
        let (x, source) = (t.input("x", F32, [5]), t.input("source", F32, [4]));
        let zero = t.constant(0, F32);
        let y = x.select_and_scatter(source, zero, &Window::of([2]), |a, _| a, |a, b| a + b); // mistake
        t.output("y", y);
    });
    assert_snapshot!(error, @"select_and_scatter(f32[5], f32[4], f32[]): select must return one boolean, i1[], got (f32[])");
}

#[test]
fn convolutions_whose_parts_do_not_fit() {
    let conv = |t: &Trace, input: &[usize], kernel: &[usize], convolution: &Convolution| {
        let (x, kernel) = (t.input("x", F32, input), t.input("kernel", F32, kernel));
        t.output("y", x.conv(kernel, convolution)); // mistake
    };
    let plain = || Convolution::default();
    let error = mistake(|t| conv(t, &[8, 28, 28, 3], &[3, 3, 4, 16], &plain()));
    assert_snapshot!(error, @"convolution(f32[8, 28, 28, 3], f32[3, 3, 4, 16]): the kernel must take 3 features, as the input has 3, got 4");
    let error = mistake(|t| conv(t, &[8, 28, 28, 3], &[3, 3, 16], &plain()));
    assert_snapshot!(error, @"convolution(f32[8, 28, 28, 3], f32[3, 3, 16]): input and kernel must have the same rank, such as 4 for images [N, H, W, C] and a kernel [H, W, I, O], got 4 and 3");
    let error = mistake(|t| conv(t, &[8, 2, 28, 3], &[3, 3, 3, 16], &plain()));
    assert_snapshot!(error, @"convolution(f32[8, 2, 28, 3], f32[3, 3, 3, 16]): the window covers 3 elements along axis 1, and the operand has 2 there, padding included");
    let error = mistake(|t| {
        conv(t, &[8, 9, 4], &[3, 1, 16], &Convolution { feature_group_count: 3, ..plain() });
    });
    assert_snapshot!(error, @"convolution(f32[8, 9, 4], f32[3, 1, 16]): feature_group_count must divide the 4 features of the input, got 3");
    let error = mistake(|t| {
        conv(t, &[8, 9, 4], &[3, 4, 16], &Convolution { feature_group_count: 2, ..plain() });
    });
    assert_snapshot!(error, @"convolution(f32[8, 9, 4], f32[3, 4, 16]): the kernel must take 2 features, as the input has 4 in 2 groups, got 4");
    let error = mistake(|t| {
        conv(t, &[8, 9, 4], &[3, 2, 15], &Convolution { feature_group_count: 2, ..plain() });
    });
    assert_snapshot!(error, @"convolution(f32[8, 9, 4], f32[3, 2, 15]): feature_group_count must divide the 15 features of the output, got 2");
    let error = mistake(|t| {
        conv(t, &[8, 9, 4], &[3, 4, 15], &Convolution { batch_group_count: 3, ..plain() });
    });
    assert_snapshot!(error, @"convolution(f32[8, 9, 4], f32[3, 4, 15]): batch_group_count must divide the 8 examples of the input, got 3");
    let error = mistake(|t| {
        let groups = Convolution { batch_group_count: 2, feature_group_count: 2, ..plain() };
        conv(t, &[8, 9, 4], &[3, 2, 16], &groups);
    });
    assert_snapshot!(error, @"convolution(f32[8, 9, 4], f32[3, 2, 16]): only one of feature_group_count and batch_group_count may be above 1");
    let error = mistake(|t| {
        conv(t, &[8, 9, 4], &[3, 4, 16], &Convolution { strides: vec![2, 2], ..plain() });
    });
    assert_snapshot!(error, @"convolution(f32[8, 9, 4], f32[3, 4, 16]): the strides must have 1 entries, one for each axis that the window goes over, got 2");
    let error = mistake(|t| {
        conv(
            t,
            &[8, 9, 4],
            &[3, 4, 16],
            &Convolution { window_reversal: vec![true; 3], ..plain() },
        );
    });
    assert_snapshot!(error, @"convolution(f32[8, 9, 4], f32[3, 4, 16]): the reversal of the window must have 1 entries, one for each axis that the window goes over, got 3");
    let error = mistake(|t| {
        let dimension_numbers = Some(ConvolutionDimensions::channels_first(2));
        conv(t, &[8, 9, 4], &[3, 4, 16], &Convolution { dimension_numbers, ..plain() });
    });
    assert_snapshot!(error, @"convolution(f32[8, 9, 4], f32[3, 4, 16]): the dimension numbers of the input must name each of its 3 axes once, got [0, 1, 2, 3]");
    let error = mistake(|t| {
        let (x, kernel) = (t.input("x", F32, [8, 9, 4]), t.input("kernel", Bf16, [3, 4, 16]));
        t.output("y", x.conv(kernel, &Convolution::default())); // mistake
    });
    assert_snapshot!(error, @"convolution(f32[8, 9, 4], bf16[3, 4, 16]): element types f32 and bf16 differ: convert one of them with `.to(dtype)`");
}

//! Mistakes in traces: one message each, with the line that made it, and never a panic.
//!
//! The line that an error must name ends with the comment `// mistake`.

mod support;

use hlo::DType::{Bf16, Bool, F8E4M3FN, F32, F64, S8, S32, U8, U16, U32};
use hlo::random::Key;
use hlo::{DotDimensions, Rule, Tensor, Trace};
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
    assert_snapshot!(error, @"add(f32[2, 3], f32[4, 3]): shapes [2, 3] and [4, 3] do not broadcast: counted from the last, sizes must be equal or 1; `expand_dims` inserts an axis of 1");
    let error = mistake(|t| {
        let (a, b) = (t.input("a", F32, [2, 3]), t.input("b", F32, [2]));
        t.output("largest", a.maximum(b)); // mistake
    });
    assert_snapshot!(error, @"maximum(f32[2, 3], f32[2]): shapes [2, 3] and [2] do not broadcast: counted from the last, sizes must be equal or 1; `expand_dims` inserts an axis of 1");
    let error = mistake(|t| {
        let (a, b) = (t.input("a", F32, [2, 3]), t.input("b", F32, [2]));
        t.output("less", a.less(b)); // mistake
    });
    assert_snapshot!(error, @"compare(f32[2, 3], f32[2]): shapes [2, 3] and [2] do not broadcast: counted from the last, sizes must be equal or 1; `expand_dims` inserts an axis of 1");
    let error = mistake(|t| {
        let (a, b) = (t.input("a", F32, [2]), t.input("b", F32, [3]));
        t.output("chosen", t.input("p", Bool, []).select(a, b)); // mistake
    });
    assert_snapshot!(error, @"select(i1[], f32[2], f32[3]): shapes [2] and [3] do not broadcast: counted from the last, sizes must be equal or 1; `expand_dims` inserts an axis of 1");
    let error = mistake(|t| {
        t.output("y", t.input("x", F32, [2, 3]).broadcast_to([3])); // mistake
    });
    assert_snapshot!(error, @"broadcast_to(f32[2, 3]): shape [2, 3] does not broadcast to [3]: only axes of size 1 repeat, and axes missing in front");
    let error = mistake(|t| {
        t.output("y", t.input("x", F32, [2, 3]).broadcast_to([3, 2])); // mistake
    });
    assert_snapshot!(error, @"broadcast_in_dim(f32[2, 3]): shape [2, 3] does not broadcast to [3, 2]: only axes of size 1 repeat, and axes missing in front");
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
    assert_snapshot!(error, @"exponential(i32[2]): takes floating-point numbers, got i32: convert with `.to(dtype)`");
    let error = mistake(|t| {
        t.output("y", -t.input("x", U32, [2])); // mistake
    });
    assert_snapshot!(error, @"negate(ui32[2]): takes numbers with a sign, got ui32: convert with `.to(dtype)`");
    let error = mistake(|t| {
        t.output("y", !t.input("x", F32, [2])); // mistake
    });
    assert_snapshot!(error, @"not(f32[2]): takes integers or booleans, got f32: convert with `.to(dtype)`");
    let error = mistake(|t| {
        t.output("y", t.input("x", F32, [2]) << 1); // mistake
    });
    assert_snapshot!(error, @"shift_left(f32[2], f32[2]): takes integers, got f32: convert with `.to(dtype)`");
    let error = mistake(|t| {
        let x = t.input("x", Bool, [2]);
        t.output("y", x + x); // mistake
    });
    assert_snapshot!(error, @"add(i1[2], i1[2]): takes numbers, got i1: convert with `.to(dtype)`");
    let error = mistake(|t| {
        let x = t.input("x", F32, [2]);
        t.output("y", x & x); // mistake
    });
    assert_snapshot!(error, @"and(f32[2], f32[2]): takes integers or booleans, got f32: convert with `.to(dtype)`");
    let error = mistake(|t| {
        let x = t.input("x", F32, [2]);
        t.output("y", x.select(x, x)); // mistake
    });
    assert_snapshot!(error, @"select(f32[2], f32[2], f32[2]): takes booleans to choose by, got f32: convert with `.to(dtype)`");
    let error = mistake(|t| {
        t.output("y", t.input("x", F32, [2]).bitcast(F64)); // mistake
    });
    assert_snapshot!(error, @"bitcast_convert(f32[2]): widths must be equal: f32 has 32 bits, f64 has 64");
    let error = mistake(|t| {
        t.output("y", t.input("x", Bool, [2]).bitcast(U8)); // mistake
    });
    assert_snapshot!(error, @"bitcast_convert(i1[2]): takes numbers, got i1: convert with `.to(dtype)`");
    let error = mistake(|t| {
        t.output("y", t.iota(Bool, [2], 0)); // mistake
    });
    assert_snapshot!(error, @"iota(): takes numbers, got i1: convert with `.to(dtype)`");
    let error = mistake(|t| {
        t.output("y", t.input("x", S32, [2]).erf_inv()); // mistake
    });
    assert_snapshot!(error, @"erf_inv(i32[2]): takes floating-point numbers, got i32: convert with `.to(dtype)`");
}

#[test]
fn numbers_that_the_type_does_not_have() {
    let error = mistake(|t| {
        t.output("y", t.input("x", S32, [2]) + 0.5); // mistake
    });
    assert_snapshot!(error, @"add(i32[2]): 0.5 is no value of type i32, which the tensor beside it has: convert the tensor with `.to(dtype)`");
    let error = mistake(|t| {
        t.output("y", t.input("x", S32, [2]).maximum(0.5)); // mistake
    });
    assert_snapshot!(error, @"maximum(i32[2]): 0.5 is no value of type i32, which the tensor beside it has: convert the tensor with `.to(dtype)`");
    let error = mistake(|t| {
        t.output("y", 300 - t.input("x", U8, [2])); // mistake
    });
    assert_snapshot!(error, @"subtract(ui8[2]): 300 is no value of type ui8, which the tensor beside it has: convert the tensor with `.to(dtype)`");
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
    assert_snapshot!(error, @"mean(i8[]): 300 is no value of type i8, which the tensor beside it has: convert the tensor with `.to(dtype)`");
    let error = mistake(|t| {
        t.output("y", t.constant_array(&[1, 2, -3], U8, [3])); // mistake
    });
    assert_snapshot!(error, @"constant_array(ui8[3]): -3 is no value of type ui8");
    let error = mistake(|t| {
        t.output("y", t.constant_array(&[1.5, 2.5], F32, [2, 2])); // mistake
    });
    assert_snapshot!(error, @"constant_array(f32[2, 2]): 2 values are given, and [2, 2] has 4");
    let error = mistake(|t| {
        t.output("y", t.constant_array(&[0.5; 4096], F32, [64, 64])); // mistake
    });
    assert_snapshot!(error, @"constant_array(f32[64, 64]): a constant has at most 1024 elements, got 4096: make it an input, which is no part of the program's text");
    let error = mistake(|t| {
        t.output("y", t.input("x", F32, [2]) + true); // mistake
    });
    assert_snapshot!(error, @"add(f32[2]): true is no value of type f32, which the tensor beside it has: convert the tensor with `.to(dtype)`");
}

#[test]
fn axes_that_are_not_there() {
    let error = mistake(|t| {
        t.output("y", t.input("x", F32, [2, 3]).sum(2)); // mistake
    });
    assert_snapshot!(error, @"sum(f32[2, 3]): axis 2 is out of range: there are 0 to 1, or -2 to -1 from the end");
    let error = mistake(|t| {
        t.output("y", t.input("x", F32, [2, 3]).mean(-3)); // mistake
    });
    assert_snapshot!(error, @"mean(f32[2, 3]): axis -3 is out of range: there are 0 to 1, or -2 to -1 from the end");
    let error = mistake(|t| {
        t.output("y", t.input("x", F32, [2, 3]).max([0, -2])); // mistake
    });
    assert_snapshot!(error, @"max(f32[2, 3]): axis 0 is named twice");
    let error = mistake(|t| {
        t.output("y", t.input("x", F32, [2]).expand_dims(3)); // mistake
    });
    assert_snapshot!(error, @"expand_dims(f32[2]): axis 3 is out of range: there are 0 to 1, or -2 to -1 from the end");
    let error = mistake(|t| {
        t.output("y", t.iota(F32, [], 0)); // mistake
    });
    assert_snapshot!(error, @"iota(f32[]): axis 0 is out of range: a scalar has none");
    let error = mistake(|t| {
        t.output("y", t.input("x", F32, []).log_softmax(-1)); // mistake
    });
    assert_snapshot!(error, @"log_softmax(f32[]): axis -1 is out of range: a scalar has none");
    let error = mistake(|t| {
        t.output("y", t.input("x", F32, [2, 3]).transpose([0, 0])); // mistake
    });
    assert_snapshot!(error, @"transpose(f32[2, 3]): [0, 0] is no permutation of the axes of [2, 3]: it names each of them once");
    let error = mistake(|t| {
        t.output("y", t.input("x", F32, [2, 3]).transpose([0])); // mistake
    });
    assert_snapshot!(error, @"transpose(f32[2, 3]): [0] is no permutation of the axes of [2, 3]: it names each of them once");
}

#[test]
fn reductions_of_the_wrong_type_or_of_nothing() {
    let error = mistake(|t| {
        t.output("y", t.input("x", Bool, [2]).sum(..)); // mistake
    });
    assert_snapshot!(error, @"sum(i1[2]): takes numbers, got i1: convert with `.to(dtype)`");
    let error = mistake(|t| {
        t.output("y", t.input("x", F32, []).any(..)); // mistake
    });
    assert_snapshot!(error, @"any(f32[]): takes booleans, got f32: convert with `.to(dtype)`");
    let error = mistake(|t| {
        t.output("y", t.input("x", F32, [2, 0]).argmax(-1)); // mistake
    });
    assert_snapshot!(error, @"argmax(f32[2, 0]): axis 1 has no elements to choose from");
    let error = mistake(|t| {
        t.output("y", t.input("x", F32, [2]).argmax(1)); // mistake
    });
    assert_snapshot!(error, @"max(f32[2]): axis 1 is out of range: the only one is 0, or -1");
}

#[test]
fn products_whose_axes_do_not_pair_up() {
    let error = mistake(|t| {
        let (a, b) = (t.input("a", F32, [2, 3]), t.input("b", F32, [4, 2]));
        t.output("y", a.matmul(b)); // mistake
    });
    assert_snapshot!(error, @"matmul(f32[2, 3], f32[4, 2]): axes that are multiplied together have one size: axis 1 of the left has 3, axis 0 of the right has 4");
    let error = mistake(|t| {
        let (a, b) = (t.input("a", F32, [8, 2, 3]), t.input("b", F32, [4, 3, 2]));
        t.output("y", a.matmul(b)); // mistake
    });
    assert_snapshot!(error, @"matmul(f32[8, 2, 3], f32[4, 3, 2]): shapes [8] and [4] do not broadcast: counted from the last, sizes must be equal or 1; `expand_dims` inserts an axis of 1");
    let error = mistake(|t| {
        let (a, b) = (t.input("a", F32, []), t.input("b", F32, [3, 2]));
        t.output("y", a.matmul(b)); // mistake
    });
    assert_snapshot!(error, @"matmul(f32[], f32[3, 2]): the rank must be at least 1, got 0");
    let error = mistake(|t| {
        let x = t.input("x", F32, [3, 3]);
        t.output("y", x.matmul_to(x, Bf16)); // mistake
    });
    assert_snapshot!(error, @"dot_general(f32[3, 3], f32[3, 3]): products of f32 are added up in f32 or a wider type of its kind, not in bf16");
    let error = mistake(|t| {
        let (a, b) = (t.input("a", F32, [2, 3]), t.input("b", Bf16, [3, 2]));
        t.output("y", a.matmul(b)); // mistake
    });
    assert_snapshot!(error, @"matmul(f32[2, 3], bf16[3, 2]): element types f32 and bf16 differ: convert one of them with `.to(dtype)`");
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
    assert_snapshot!(error, @"dot_general(f32[3, 3], f32[3, 3]): axis 2 is out of range: there are 0 to 1, or -2 to -1 from the end");
    let error = mistake(|t| {
        let x = t.input("x", F32, [3, 3]);
        t.output("y", x.dot_general(x, dot(&[0, 0], &[0, 1]))); // mistake
    });
    assert_snapshot!(error, @"dot_general(f32[3, 3], f32[3, 3]): axis 0 is named twice");
}

#[test]
fn equations_that_cannot_be_read() {
    /// The message on two matrices.
    fn of(equation: &str) -> String {
        mistake(|t| {
            let operands = [t.input("a", F32, [2, 3]), t.input("b", F32, [4, 5])];
            t.output("y", t.einsum(equation, &operands)); // mistake
        })
    }
    assert_snapshot!(of("ij,jk->ik"), @r#"einsum(f32[2, 3], f32[4, 5]): `j` of "ij,jk->ik" has the size 3 in operand 0 and 4 in operand 1: equal letters have equal sizes, or 1"#);
    assert_snapshot!(of("ij,kl->iq"), @r#"einsum(f32[2, 3], f32[4, 5]): "ij,kl->i[q]", at the mark: a letter of the result names an axis of an operand"#);
    assert_snapshot!(of("ij,kl->iki"), @r#"einsum(f32[2, 3], f32[4, 5]): "ij,kl->ik[i]", at the mark: the result names an axis once"#);
    assert_snapshot!(of("ij,k1->ik"), @r#"einsum(f32[2, 3], f32[4, 5]): "ij,k[1]->ik", at the mark: letters, one `...` an operand, `,` between operands and one `->` make an equation"#);
    assert_snapshot!(of("ij,k.->ik"), @r#"einsum(f32[2, 3], f32[4, 5]): "ij,k[.]->ik", at the mark: letters, one `...` an operand, `,` between operands and one `->` make an equation"#);
    assert_snapshot!(of("ij;kl"), @r#"einsum(f32[2, 3], f32[4, 5]): "ij[;]kl", at the mark: letters, one `...` an operand, `,` between operands and one `->` make an equation"#);
    assert_snapshot!(of("ij,kl->ik->k"), @r#"einsum(f32[2, 3], f32[4, 5]): "ij,kl->ik[-]>k", at the mark: letters, one `...` an operand, `,` between operands and one `->` make an equation"#);
    assert_snapshot!(of("ij"), @r#"einsum(f32[2, 3], f32[4, 5]): "ij" has 1 operands, got 2"#);
    assert_snapshot!(of("ijk,lm->i"), @r#"einsum(f32[2, 3], f32[4, 5]): "ijk,lm->i" names 3 axes of operand 0, which has 2"#);
    assert_snapshot!(of("ij,k->i"), @r#"einsum(f32[2, 3], f32[4, 5]): "ij,k->i" names 1 axes of operand 1, which has 2"#);
    assert_snapshot!(of("ii,jk->i"), @r#"einsum(f32[2, 3], f32[4, 5]): `i` of "ii,jk->i" has the size 2 in operand 0 and 3 in operand 0: equal letters have equal sizes, or 1"#);
    assert_snapshot!(of("...,kl->kl"), @r#"einsum(f32[2, 3], f32[4, 5]): "[.]..,kl->kl", at the mark: the result has a `...` where an operand has one"#);
    assert_snapshot!(of("...,..."), @r#"einsum(f32[2, 3], f32[4, 5]): `...` of "...,..." has the size 2 in operand 0 and 4 in operand 1: equal letters have equal sizes, or 1"#);
    assert_snapshot!(of("äj,jk"), @r#"einsum(f32[2, 3], f32[4, 5]): "[ä]j,jk", at the mark: letters, one `...` an operand, `,` between operands and one `->` make an equation"#);
    let error = mistake(|t| {
        t.output("y", t.einsum("", &[])); // mistake
    });
    assert_snapshot!(error, @r#"einsum(): "" has 1 operands, got 0"#);
    let error = mistake(|t| {
        let (a, b) = (t.input("a", F32, [2]), t.input("b", Bf16, [2]));
        t.output("y", t.einsum("i,i", &[a, b])); // mistake
    });
    assert_snapshot!(error, @"einsum(f32[2], bf16[2]): element types f32 and bf16 differ: convert one of them with `.to(dtype)`");
    let error = mistake(|t| {
        t.output("y", t.einsum("ij->ji", &[t.input("a", Bool, [2, 2])])); // mistake
    });
    assert_snapshot!(error, @"einsum(i1[2, 2]): takes numbers, got i1: convert with `.to(dtype)`");
}

#[test]
fn parameters_that_do_not_fit_a_layer() {
    let error = mistake(|t| {
        let (x, scale) = (t.input("x", F32, [2, 4]), t.input("scale", F32, [2]));
        t.output("y", x.layer_norm(scale, scale, 1e-6)); // mistake
    });
    assert_snapshot!(error, @"layer_norm(f32[2, 4], f32[2], f32[2]): takes f32[4], got f32[2]");
    let error = mistake(|t| {
        let (x, scale) = (t.input("x", Bf16, [2, 4]), t.input("scale", F64, [4]));
        t.output("y", x.rms_norm(scale, 1e-6)); // mistake
    });
    assert_snapshot!(error, @"rms_norm(bf16[2, 4], f64[4]): takes bf16[4], got f64[4]");
    let error = mistake(|t| {
        let (x, scale) = (t.input("x", F32, [2, 4]), t.input("scale", F32, [4]));
        t.output("y", x.group_norm(3, scale, scale, 1e-6)); // mistake
    });
    assert_snapshot!(error, @"group_norm(f32[2, 4], f32[4], f32[4]): axis 1 of size 4 does not split into 3 equal parts");
    let error = mistake(|t| {
        let x = t.input("x", F32, [4]);
        t.output("y", x.group_norm(2, x, x, 1e-6)); // mistake
    });
    assert_snapshot!(error, @"group_norm(f32[4], f32[4], f32[4]): the rank must be at least 2, got 1");
    let error = mistake(|t| {
        t.output("y", t.input("x", S32, [4]).standardize(0, 1e-6)); // mistake
    });
    assert_snapshot!(error, @"standardize(i32[4]): takes floating-point numbers, got i32: convert with `.to(dtype)`");
    let error = mistake(|t| {
        t.output("y", t.input("x", S32, [2, 4]).softmax(-1)); // mistake
    });
    assert_snapshot!(error, @"softmax(i32[2, 4]): takes floating-point numbers, got i32: convert with `.to(dtype)`");
    let error = mistake(|t| {
        t.output("y", t.input("x", S32, [2]).relu().gelu()); // mistake
    });
    assert_snapshot!(error, @"multiply(i32[2]): 0.5 is no value of type i32, which the tensor beside it has: convert the tensor with `.to(dtype)`");
}

#[test]
fn elements_that_cannot_move_so() {
    let error = mistake(|t| {
        t.output("y", t.input("x", F32, [2, 3]).reshape([4])); // mistake
    });
    assert_snapshot!(error, @"reshape(f32[2, 3]): the number of elements stays: [2, 3] has 6, [4] has 4");
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
    assert_snapshot!(error, @"one_hot(f32[4]): takes integers, got f32: convert with `.to(dtype)`");
    let error = mistake(|t| {
        let index = t.input("index", F32, [4]);
        t.output("y", t.input("x", F32, [4, 3]).pick(index)); // mistake
    });
    assert_snapshot!(error, @"pick(f32[4]): takes integers, got f32: convert with `.to(dtype)`");
    let error = mistake(|t| {
        let index = t.input("index", S32, []);
        t.output("y", t.input("x", F32, []).pick(index)); // mistake
    });
    assert_snapshot!(error, @"pick(f32[], i32[]): the rank must be at least 1, got 0");
    let error = mistake(|t| {
        let index = t.input("index", S32, [5]);
        t.output("y", t.input("x", F32, [4, 3]).pick(index)); // mistake
    });
    assert_snapshot!(error, @"select(i1[5, 3], f32[4, 3], f32[]): shapes [5, 3] and [4, 3] do not broadcast: counted from the last, sizes must be equal or 1; `expand_dims` inserts an axis of 1");
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
    assert_snapshot!(error, @"grad(f32[2]): a gradient is taken of a scalar: add up with `.sum(..)` or `.mean(..)` first");
    let error = mistake(|t| {
        let (x, n) = (t.input("x", F32, []), t.input("n", S32, []));
        let [_, dn] = hlo::grad(x * n.to(F32), [x, n]); // mistake
        t.output("dn", dn);
    });
    assert_snapshot!(error, @"grad(i32[]): only floating-point numbers have gradients, got i32: convert with `.to(dtype)` before");
    let error = mistake(|t| {
        let x = t.input("x", F32, [2]);
        let gradients = hlo::grad(x.to(S32).sum(..), [x]); // mistake
        t.output("dx", gradients[0]);
    });
    assert_snapshot!(error, @"grad(i32[]): only floating-point numbers have gradients, got i32: convert with `.to(dtype)` before");
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
    assert_snapshot!(error, @"output_in_place(f32[2], f32[]): a result in the place of an input has its type, f32[2], got f32[]");
    let error = mistake(|t| {
        let x = t.input("x", F32, [2]);
        t.output_in_place(x + 1, x); // mistake
    });
    assert_snapshot!(error, @"output_in_place(f32[2], f32[2]): only what `input` returned has a place to give, and this tensor is computed");
    let error = mistake(|t| {
        let x = t.input("x", F32, [2]);
        t.output_in_place(x, x + 1);
        t.output_in_place(x, x + 2); // mistake
    });
    assert_snapshot!(error, @r#"output_in_place(f32[2], f32[2]): the input "x" was donated to the output "x" already: its place goes once"#);
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
    assert_snapshot!(error, @"add(f32[2], f32[2]): an operand belongs to another trace: pass its value as an output of that program and an input of this one");
    let error = inner(|t, x| {
        t.output("y", x + t.input("y", F32, [2])); // mistake
    });
    assert_snapshot!(error, @"add(f32[2], f32[2]): an operand belongs to another trace: pass its value as an output of that program and an input of this one");
    let error = inner(|t, x| {
        t.output("y", x); // mistake
    });
    assert_snapshot!(error, @"output(f32[2]): an operand belongs to another trace: pass its value as an output of that program and an input of this one");
    let error = inner(|t, x| {
        t.output_in_place(x, t.input("y", F32, [2])); // mistake
    });
    assert_snapshot!(error, @"output_in_place(f32[2], f32[2]): an operand belongs to another trace: pass its value as an output of that program and an input of this one");
    let error = inner(|t, x| {
        let loss = t.input("y", F32, [2]).sum(..);
        let [dx] = hlo::grad(loss, [x]); // mistake
        t.output("dx", dx);
    });
    assert_snapshot!(error, @"grad(f32[], f32[2]): an operand belongs to another trace: pass its value as an output of that program and an input of this one");
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
    assert_snapshot!(error, @"matmul(f32[2, 3], f32[2, 3]): axes that are multiplied together have one size: axis 1 of the left has 3, axis 0 of the right has 2");
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
    assert_snapshot!(error, @"matmul(f32[2, 3], f32[4, 3]): axes that are multiplied together have one size: axis 1 of the left has 3, axis 0 of the right has 4");
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
    assert_snapshot!(error, @"multiply(ui16[2]): 0.5 is no value of type ui16, which the tensor beside it has: convert the tensor with `.to(dtype)`");
}

#[test]
fn a_closure_that_panics_over_what_a_mistake_left_behind_reports_the_mistake() {
    let error = mistake(|t| {
        let x = t.input("x", F32, [2, 3]);
        let wrong = x.matmul(x); // mistake
        let columns = wrong.shape()[1];
        t.output("y", wrong.reshape([columns]));
    });
    assert_snapshot!(error, @"matmul(f32[2, 3], f32[2, 3]): axes that are multiplied together have one size: axis 1 of the left has 3, axis 0 of the right has 2");
}

#[test]
fn everything_passes_a_mistake_on_without_a_panic() {
    let error = mistake(|t| {
        let x = t.input("x", F32, [2, 3]).reshape([5]); // mistake
        let [rows, columns] = x.dims();
        let parts = [
            x.abs().relu().softplus().log_sigmoid().erf_inv().erf().erfc(),
            x.leaky_relu(0.1).elu(1.0).hard_tanh().silu().gelu().gelu_tanh().standardize(7, 0.1),
            x.layer_norm(x, x, 0.1).rms_norm(x, 0.1).group_norm(0, x, x, 0.1),
            t.einsum("no equation", &[x, x]).matmul_to(x, Bool) + t.constant_array(&[1], F32, []),
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
    assert_snapshot!(error, @"reshape(f32[2, 3]): the number of elements stays: [2, 3] has 6, [5] has 5");
}

#[test]
#[should_panic(expected = "the closure's own")]
fn a_panic_without_a_mistake_is_the_caller_s() {
    let _ = hlo::trace("panics", |_| panic!("the closure's own"));
}

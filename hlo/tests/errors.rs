//! Mistakes in traces: one message each, with the line that made it, and never a panic.
//!
//! The line that an error must name ends with the comment `// mistake`.

mod support;

use hlo::DType::{Bf16, Bool, F8E4M3FN, F32, F64, S8, S32, S64, U8, U16, U32, U64};
use hlo::random::{Algorithm, Key};
use hlo::{
    CallLayouts, Convolution, ConvolutionDimensions, CustomCall, DotDimensions, GatherDimensions,
    Padding, Rule, Tensor, Trace, Window,
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
        t.output("y", t.input("x", F32, [4, 3]).broadcast_in_dim([4, 3], [1, usize::MAX])); // mistake
    });
    assert_snapshot!(error, @"broadcast_in_dim(f32[4, 3]): axis 18446744073709551615 is out of range: there are 0 to 1, or -2 to -1 from the end");
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
        t.output("y", t.input("x", F32, [3]).bitcast(F64)); // mistake
    });
    assert_snapshot!(error, @"bitcast_convert(f32[3]): the last axis must have 2 elements of f32, which make one of f64");
    let error = mistake(|t| {
        t.output("y", t.input("x", Bool, [2]).bitcast(U8)); // mistake
    });
    assert_snapshot!(error, @"bitcast_convert(i1[2]): takes numbers, got i1: convert with `.to(dtype)`");
    let error = mistake(|t| {
        t.output("y", t.iota(Bool, [2], 0)); // mistake
    });
    assert_snapshot!(error, @"iota(): makes numbers: ask for another type than i1");
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
    assert_snapshot!(error, @"full(): true is no value of type f32");
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
    assert_snapshot!(error, @"argmax(f32[2]): axis 1 is out of range: the only one is 0, or -1");
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
    assert_snapshot!(of("ij"), @r#"einsum(f32[2, 3], f32[4, 5]): takes one operand per term of "ij": 1, got 2"#);
    assert_snapshot!(of("ijk,lm->i"), @r#"einsum(f32[2, 3], f32[4, 5]): "ijk,lm->i" names 3 axes of operand 0, which has 2"#);
    assert_snapshot!(of("ij,k->i"), @r#"einsum(f32[2, 3], f32[4, 5]): "ij,k->i" names 1 axes of operand 1, which has 2"#);
    assert_snapshot!(of("ii,jk->i"), @r#"einsum(f32[2, 3], f32[4, 5]): `i` of "ii,jk->i" has the size 2 in operand 0 and 3 in operand 0: equal letters have equal sizes, or 1"#);
    assert_snapshot!(of("...,kl->kl"), @r#"einsum(f32[2, 3], f32[4, 5]): "[.]..,kl->kl", at the mark: the result has a `...` where an operand has one"#);
    assert_snapshot!(of("...,..."), @r#"einsum(f32[2, 3], f32[4, 5]): `...` of "...,..." has the size 2 in operand 0 and 4 in operand 1: equal letters have equal sizes, or 1"#);
    assert_snapshot!(of("äj,jk"), @r#"einsum(f32[2, 3], f32[4, 5]): "[ä]j,jk", at the mark: letters, one `...` an operand, `,` between operands and one `->` make an equation"#);
    let error = mistake(|t| {
        t.output("y", t.einsum("", &[])); // mistake
    });
    assert_snapshot!(error, @r#"einsum(): takes one operand per term of "": 1, got 0"#);
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
    assert_snapshot!(error, @"layer_norm(f32[2, 4], f32[2], f32[2]): each parameter must be f32[4], got f32[2]");
    let error = mistake(|t| {
        let (x, scale) = (t.input("x", Bf16, [2, 4]), t.input("scale", F64, [4]));
        t.output("y", x.rms_norm(scale, 1e-6)); // mistake
    });
    assert_snapshot!(error, @"rms_norm(bf16[2, 4], f64[4]): each parameter must be bf16[4], got f64[4]");
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
    assert_snapshot!(error, @"slice(f32[4]): the stride along axis 0 must be between 1 and 2^63 - 1, got 0");
    let error = mistake(|t| {
        t.output("y", t.input("x", F32, [4]).slice_strided([0..4, 0..1], [1])); // mistake
    });
    assert_snapshot!(error, @"slice(f32[4]): takes one range for each of 1 axes, got 2");
    let error = mistake(|t| {
        let x = t.input("x", F32, [4]);
        t.output("y", x.pad(x, [1], [1], [0])); // mistake
    });
    assert_snapshot!(error, @"pad(f32[4], f32[4]): what is padded with must be f32[], got f32[4]");
    let error = mistake(|t| {
        let zero = t.constant(0, F32);
        t.output("y", t.input("x", F32, [4]).pad(zero, [1, 1], [1], [0])); // mistake
    });
    assert_snapshot!(error, @"pad(f32[4], f32[]): takes one padding for each of 1 axes, got 2");
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
        t.output("y", t.input("x", S32, [4]).one_hot(usize::MAX, F32)); // mistake
    });
    assert_snapshot!(error, @"one_hot(i32[4]): [4, 18446744073709551615] is larger than memory can be");
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
    assert_snapshot!(error, @"full(): [18446744073709551615] is larger than memory can be");
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
        t.output("y", key.normal(F32, [2]));
    });
    assert_snapshot!(error, @"key(ui32[3]): a key must be ui32[2], got ui32[3]");
    let error = mistake(|t| {
        let [key, _] = Key::from_tensor(t.input("seed", F32, [2])).split(); // mistake
        t.output("y", key.truncated_normal(F32, [2], -2.0..2.0));
    });
    assert_snapshot!(error, @"key(f32[2]): a key must be ui32[2], got f32[2]");
    let error = mistake(|t| {
        let key = Key::from_seed(t, 0).fold_in(t.input("step", F32, [])); // mistake
        t.output("y", key.to_tensor());
    });
    assert_snapshot!(error, @"fold_in(ui32[2], f32[]): takes an integer, got f32: convert with `.to(dtype)`");
    let error = mistake(|t| {
        let key = Key::from_seed(t, 0).fold_in(t.input("steps", S32, [4])); // mistake
        t.output("y", key.to_tensor());
    });
    assert_snapshot!(error, @"fold_in(ui32[2], i32[4]): the rank must be 0, got 1");
    let error = mistake(|t| {
        let keys = Key::from_seed(t, 0).split_into(4);
        t.output("y", keys.normal(F32, [2])); // mistake
    });
    assert_snapshot!(error, @"normal(ui32[4, 2]): a key must be ui32[2], got ui32[4, 2]");
}

#[test]
fn parts_of_draws_that_do_not_fit() {
    let error = mistake(|t| {
        let key = Key::from_seed(t, 0).within([4, 5], &[t.constant(0, S32)]); // mistake
        t.output("y", key.normal(F32, [2, 5]));
    });
    assert_snapshot!(error, @"within(): takes one start for each of 2 axes, got 1");
    let error = mistake(|t| {
        let key = Key::from_seed(t, 0).within([4], &[t.constant(0, S32)]);
        t.output("y", key.normal(F32, [2, 5])); // mistake
    });
    assert_snapshot!(error, @"normal(): takes one size for each of 1 axes of the whole, got 2");
    let error = mistake(|t| {
        let key = Key::from_seed(t, 0).within([4], &[t.input("start", F32, [])]); // mistake
        t.output("y", key.normal(F32, [2]));
    });
    assert_snapshot!(error, @"within(): a start must be i32[], got f32[]");
    let error = mistake(|t| {
        let key = Key::from_seed(t, 0).within([4], &[t.input("start", S32, [1])]); // mistake
        t.output("y", key.normal(F32, [2]));
    });
    assert_snapshot!(error, @"within(): a start must be i32[], got i32[1]");
    let error = mistake(|t| {
        let zero = t.constant(0, S32);
        let key = Key::from_seed(t, 0).within([1 << 40, 1 << 40], &[zero, zero]); // mistake
        t.output("y", key.normal(F32, [2, 2]));
    });
    assert_snapshot!(error, @"within(): [1099511627776, 1099511627776] is larger than memory can be");
    let error = mistake(|t| {
        let key = Key::from_seed(t, 0).backend(Algorithm::Default);
        let key = key.within([4], &[t.constant(0, S32)]);
        t.output("y", key.normal(F32, [2])); // mistake
    });
    assert_snapshot!(error, @"normal(): the backend's generator draws no part of an array: leave `backend` out");
}

#[test]
fn gradients_given_that_do_not_fit() {
    let error = mistake(|t| {
        let x = t.input("x", F32, [4]);
        let loss = x.with_gradients(&[(x, x)]); // mistake
        t.output("dx", hlo::grad(loss.sum(..), x));
    });
    assert_snapshot!(error, @"with_gradients(f32[4]): a gradient is taken of a scalar: add up with `.sum(..)` or `.mean(..)` first");
    let error = mistake(|t| {
        let (w, x) = (t.input("w", F32, [4]), t.input("x", F32, [4]));
        let loss = (w * x).sum(..).with_gradients(&[(w, x), (x, w.sum(..))]); // mistake
        t.output("dx", hlo::grad(loss, x));
    });
    assert_snapshot!(error, @"with_gradients(f32[4]): the gradient with respect to input 1 must have the input's type f32[4], got f32[]");
    let error = mistake(|t| {
        let x = t.input("x", F32, [4]);
        let loss = x.sum(..).with_gradients(&[(x, x.to(F64))]); // mistake
        t.output("dx", hlo::grad(loss, x));
    });
    assert_snapshot!(error, @"with_gradients(f32[4]): the gradient with respect to input 0 must have the input's type f32[4], got f64[4]");
}

#[test]
fn draws_that_cannot_be() {
    let error = mistake(|t| {
        t.output("y", Key::from_seed(t, 0).bits(U32, [1 << 16, 1 << 16])); // mistake
    });
    assert_snapshot!(error, @"bits(): 2^32 random numbers or more are drawn with one key: split the key");
    let error = mistake(|t| {
        t.output("y", Key::from_seed(t, 0).uniform(F32, [1; 9], 0.0..1.0)); // mistake
    });
    assert_snapshot!(error, @"uniform(): the rank must be at most 8, got 9");
    let error = mistake(|t| {
        t.output("y", Key::from_seed(t, 0).uniform(F32, [2], 1.0..1.0)); // mistake
    });
    assert_snapshot!(error, @"uniform(): 1.0..1.0 is no range to draw from: its ends must be numbers, the first below the second");
    let error = mistake(|t| {
        t.output("y", Key::from_seed(t, 0).truncated_normal(F32, [2], 2.0..f64::NAN)); // mistake
    });
    assert_snapshot!(error, @"truncated_normal(): 2.0..NaN is no range to draw from: its ends must be numbers, the first below the second");
    let error = mistake(|t| {
        t.output("y", Key::from_seed(t, 0).randint(S32, [2], 7..7)); // mistake
    });
    assert_snapshot!(error, @"randint(): 7..7 is no range to draw from: its ends must be numbers, the first below the second");
    let error = mistake(|t| {
        t.output("y", Key::from_seed(t, 0).uniform(F32, [2], 0.0..f64::INFINITY)); // mistake
    });
    assert_snapshot!(error, @"uniform(): 0.0..inf is no range to draw from: its ends must be numbers, the first below the second");
    let error = mistake(|t| {
        t.output("y", Key::from_seed(t, 0).permutation(usize::MAX)); // mistake
    });
    assert_snapshot!(error, @"permutation(): [18446744073709551615] is larger than memory can be");
    let error = mistake(|t| {
        t.output("y", Key::from_seed(t, 0).permutation(1 << 32)); // mistake
    });
    assert_snapshot!(error, @"permutation(): 2^32 random numbers or more are drawn with one key: split the key");
    let error = mistake(|t| {
        t.output("keys", Key::from_seed(t, 0).split_into(1 << 32).to_tensor()); // mistake
    });
    assert_snapshot!(error, @"split_into(ui32[2]): 2^32 random numbers or more are drawn with one key: split the key");
    let error = mistake(|t| {
        t.output("y", Key::from_seed(t, 0).randint(U8, [2], 0..257)); // mistake
    });
    assert_snapshot!(error, @"randint(): 256 is no value of type ui8");
    let error = mistake(|t| {
        t.output("y", Key::from_seed(t, 0).bits(S32, [2])); // mistake
    });
    assert_snapshot!(error, @"bits(): makes unsigned integers: ask for another type than i32");
    let error = mistake(|t| {
        t.output("y", Key::from_seed(t, 0).normal(S32, [2])); // mistake
    });
    assert_snapshot!(error, @"normal(): makes floating-point numbers: ask for another type than i32");
    let error = mistake(|t| {
        let odds = t.input("odds", F32, [3]);
        t.output("y", Key::from_seed(t, 0).bernoulli([2], odds)); // mistake
    });
    assert_snapshot!(error, @"broadcast_in_dim(f32[3]): shape [3] does not broadcast to [2]: only axes of size 1 repeat, and axes missing in front");
    let error = mistake(|t| {
        let state = t.input("state", U32, [4]);
        t.output("y", state.rng_bit_generator(Algorithm::Default, U32, [2])[1]); // mistake
    });
    assert_snapshot!(error, @"rng_bit_generator(ui32[4]): the state must be ui64[2], got ui32[4]");
    let error = mistake(|t| {
        let state = t.input("state", U64, [3]);
        t.output("y", state.rng_bit_generator(Algorithm::Philox, F32, [2])[1]); // mistake
    });
    assert_snapshot!(error, @"rng_bit_generator(ui64[3]): makes unsigned integers: ask for another type than f32");
}

/// The message about the second use of a key, with the place of the first as `FIRST`, which says
/// `// first` in this file.
fn used_twice(record: impl for<'t> FnOnce(&'t Trace)) -> String {
    let error = mistake(record);
    let file = file!();
    let at = error.find(&format!("{file}:")).expect("the place of the first use");
    let place = error[at..].split_once(' ').expect("words after it").0;
    let line: usize = place.rsplit(':').nth(1).expect("a line").parse().expect("a number");
    let source = include_str!("errors.rs").lines().nth(line - 1);
    assert!(source.is_some_and(|line| line.ends_with("// first")), "{error}");
    error.replace(place, "FIRST")
}

#[test]
fn a_key_used_twice() {
    let error = used_twice(|t| {
        let key = Key::from_tensor(t.input("seed", U32, [2]));
        let kernel = key.normal(F32, [4, 4]); // first
        t.output("kernel", kernel);
        t.output("bias", key.normal(F32, [4])); // mistake
    });
    assert_snapshot!(error, @"normal(ui32[2]): the key has been drawn from at FIRST and would give the same numbers again: use each key once, and make more with `split` or `fold_in`; where the same numbers are meant, say `again()`");
    let error = used_twice(|t| {
        let key = Key::from_tensor(t.input("seed", U32, [2]));
        let [one, _] = key.split(); // first
        let [two, _] = key.split(); // mistake
        t.output("y", one.bits(U32, [1]) + two.bits(U32, [1]));
    });
    assert_snapshot!(error, @"split(ui32[2]): the key has been split at FIRST and would give the same numbers again: use each key once, and make more with `split` or `fold_in`; where the same numbers are meant, say `again()`");
    let error = used_twice(|t| {
        let key = Key::from_tensor(t.input("seed", U32, [2]));
        t.output("x", key.fold_in(1).gumbel(F32, [1])); // first
        t.output("y", key.gumbel(F32, [1])); // mistake
    });
    assert_snapshot!(error, @"gumbel(ui32[2]): the key has been folded at FIRST and would give the same numbers again: use each key once, and make more with `split` or `fold_in`; where the same numbers are meant, say `again()`");
    // A key is the same by its words, wherever they come from.
    used_twice(|t| {
        let seed = t.input("seed", U32, [2]);
        t.output("x", Key::from_tensor(seed).bits(U32, [1])); // first
        t.output("y", Key::from_tensor(seed).bits(U32, [1])); // mistake
    });
    used_twice(|t| {
        t.output("x", Key::from_seed(t, 1).bits(U8, [5])); // first
        t.output("y", Key::from_seed(t, 1).randint(S32, [4], 0..5)); // mistake
    });
    used_twice(|t| {
        let (key, step) = (Key::from_seed(t, 1), t.input("step", U32, []));
        t.output("x", key.fold_in(step).bernoulli([4], 0.5)); // first
        t.output("y", key.fold_in(step).categorical(t.input("p", F32, [4]), 0)); // mistake
    });
    used_twice(|t| {
        let (key, pick) = (Key::from_seed(t, 1), t.input("pick", Bool, []));
        let drawn = hlo::cond(
            pick,
            || key.bits(U32, [1]), // first
            || t.full(0, U32, [1]),
        );
        t.output("y", drawn + key.bits(U32, [1])); // mistake
    });
}

#[test]
fn a_key_used_in_every_turn_of_a_loop() {
    let error = mistake(|t| {
        let (key, x) = (Key::from_seed(t, 1), t.input("x", F32, [8, 4]));
        let ((), noisy) = hlo::scan((), x, |(), x| {
            ((), x + key.normal(F32, [4])) // mistake
        });
        t.output("noisy", noisy);
    });
    assert_snapshot!(error, @"normal(ui32[2]): the key was made outside the body of a scan, so every turn would draw the same numbers: fold the turn's number in with `fold_in`, or let the loop go over the keys of `split_into`");
    let error = mistake(|t| {
        let (key, n) = (Key::from_seed(t, 1), t.input("n", S32, []));
        let last = hlo::while_loop(
            n,
            |n| n.greater(0),
            |n| {
                let [key, _] = key.split(); // mistake
                n - key.randint(S32, [], 0..2)
            },
        );
        t.output("last", last);
    });
    assert_snapshot!(error, @"split(ui32[2]): the key was made outside the body of a loop, so every turn would draw the same numbers: fold the turn's number in with `fold_in`, or let the loop go over the keys of `split_into`");
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
    assert_snapshot!(error, @"output_in_place(f32[2], f32[]): a result in the place of an input has its type, f32[2], got f32[]: declare any other with `output`");
    let error = mistake(|t| {
        let x = t.input("x", F32, [2]);
        t.output_in_place(x + 1, x); // mistake
    });
    assert_snapshot!(error, @"output_in_place(f32[2], f32[2]): only what `input` returned has a place to give, and this tensor is computed: declare the result with `output`");
    let error = mistake(|t| {
        let x = t.input("x", F32, [2]);
        t.output_in_place(x, x + 1);
        t.output_in_place(x, x + 2); // mistake
    });
    assert_snapshot!(error, @r#"output_in_place(f32[2], f32[2]): the input "x" is donated to the output "x" already: declare this one with `output`"#);
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
            (t.concatenate(&[x, x], 3).maximum(1) % x) & x | !x ^ x << 2 >> 1,
            x.dynamic_slice(&[x], [1; 9]).dynamic_update_slice(x, &[x, x]).clamp(x, 2),
            x.gather(x, GatherDimensions::default(), [3]).top_k(7).0.sort(3).argsort(-1),
            x.scatter(x, x, GatherDimensions::default()).take(x, 2).take_along_axis(x, 3),
            hlo::sort([x, x], 4, |a, b| a[0].less(b[1]))[1].argmin(2).flip([0, 0]),
            hlo::scatter(x, x, x, GatherDimensions::default(), |a, b| a + b).roll(7, 3),
            x.split::<3>(1)[2].squeeze(8).repeat(2, 2).tile(3, 4).reduce_precision(0, 99),
            t.stack(&[x, x.cbrt().tan().atan2(x).round_ties_even()], 5).is_finite(),
            hlo::grad(x, [x])[0],
        ];
        let key = Key::from_tensor(x).fold_in(x).fold_in(2);
        let [key, _] = key.split();
        let keys = key.split_into(2);
        t.output("normal", key.normal(F32, [2]) + keys.to_tensor());
        t.output("whole", key.randint(S32, [2], 0..2));
        t.output(
            "class",
            key.categorical(x, 0) + x.rng_bit_generator(Algorithm::Default, U32, [2])[0],
        );
        parts.into_iter().for_each(|part| t.output_in_place(x, part));
    });
    assert_snapshot!(error, @"reshape(f32[2, 3]): the number of elements stays: [2, 3] has 6, [5] has 5");
}

#[test]
#[should_panic(expected = "the closure's own")]
fn a_panic_without_a_mistake_is_the_caller_s() {
    let _ = hlo::trace("panics", |_| panic!("the closure's own"));
}

#[test]
fn meshes_that_are_none() {
    let error = mistake(|t| {
        t.mesh(&[("data", 4), ("data", 2)]); // mistake
    });
    assert_snapshot!(error, @r#"mesh(): names the axis "data" of the mesh twice"#);
    let error = mistake(|t| {
        t.mesh(&[("data", 4), ("model", 0)]); // mistake
    });
    assert_snapshot!(error, @"mesh(): a mesh has one to 2^31 - 1 devices, along one axis at least, got {data=4, model=0}");
    let error = mistake(|t| {
        t.mesh(&[("data axis", 4)]); // mistake
    });
    assert_snapshot!(error, @r#"mesh(): "data axis" is no name for an axis of a mesh: letters, digits and underscores are, a letter first"#);
    let error = mistake(|t| {
        t.mesh(&[("data", 4)]);
        t.replicas(2); // mistake
    });
    assert_snapshot!(error, @"replicas(): a program states its devices once: as one mesh, or as replicas");
    let error = mistake(|t| t.replicas(0)); // mistake
    assert_snapshot!(error, @"replicas(): replicas are one to 2^31 - 1, got 0");
}

/// A mesh and an input on it.
fn on_a_mesh(t: &Trace) -> Tensor<'_> {
    t.mesh(&[("data", 4), ("model", 2)]);
    t.input("x", F32, [8, 6])
}

#[test]
fn shardings_that_do_not_fit() {
    let error = mistake(|t| {
        t.output("y", t.input("x", F32, [8]).sharded("data")); // mistake
    });
    assert_snapshot!(error, @"sharded(f32[8]): names axes of a mesh, and the program has none: state it first, with `Trace::mesh`");
    let error = mistake(|t| {
        t.output("y", on_a_mesh(t).sharded("batch")); // mistake
    });
    assert_snapshot!(error, @r#"sharded(f32[8, 6]): the mesh {data=4, model=2} has no axis "batch""#);
    let error = mistake(|t| {
        t.output("y", on_a_mesh(t).sharded("data, model, _")); // mistake
    });
    assert_snapshot!(error, @r#"sharded(f32[8, 6]): sharding "data, model, _" speaks of 3 axes, and the tensor has 2: commas stand between axes of the tensor, `+` between axes of the mesh that split the same one"#);
    let error = mistake(|t| {
        t.output("y", on_a_mesh(t).sharded("data, data")); // mistake
    });
    assert_snapshot!(error, @r#"sharded(f32[8, 6]): names the axis "data" of the mesh twice"#);
    let error = mistake(|t| {
        t.output("y", on_a_mesh(t).sharded("_, data")); // mistake
    });
    assert_snapshot!(error, @"sharded(f32[8, 6]): axis 1 of size 6 does not split into 4 equal parts");
    let error = mistake(|t| {
        t.output("y", on_a_mesh(t).sharded("data, ?")); // mistake
    });
    assert_snapshot!(error, @"sharded(f32[8, 6]): leaves an axis to the compiler (`?`), which only tensors inside a program may: of inputs and outputs devices have to know their part");
    let error = mistake(|t| {
        let y = (on_a_mesh(t) * 2.0).sharded("_, data");
        t.output("y", y); // mistake
    });
    assert_snapshot!(error, @"output(f32[8, 6]): axis 1 of size 6 does not split into 4 equal parts");
}

#[test]
fn manual_regions_that_do_not_fit() {
    let error = mistake(|t| {
        let x = on_a_mesh(t);
        t.output("y", t.manual(.., x, &["data", "model"], &["data"], |x| x)); // mistake
    });
    assert_snapshot!(error, @"manual(f32[8, 6]): takes one sharding for each of 1 operands, got 2");
    let error = mistake(|t| {
        let x = on_a_mesh(t);
        t.output("y", t.manual(.., x, &["data"], &[], |x| x)); // mistake
    });
    assert_snapshot!(error, @"manual(f32[2, 6]): takes one sharding for each of 1 results, got 0");
    let error = mistake(|t| {
        let x = on_a_mesh(t);
        t.output("y", t.manual(.., x, &["_, data"], &["data"], |x| x)); // mistake
    });
    assert_snapshot!(error, @"manual(f32[8, 6]): axis 1 of size 6 does not split into 4 equal parts");
    let error = mistake(|t| {
        let x = on_a_mesh(t);
        t.output("y", t.manual("data", x, &["data, model"], &["data"], |x| x)); // mistake
    });
    assert_snapshot!(error, @r#"manual(f32[8, 6]): needs a manual region over axis "model" of the mesh: see `Trace::manual`"#);
    let error = mistake(|t| {
        let (x, w) = (on_a_mesh(t), t.input("w", F32, [6]));
        let y = t.manual(.., x, &["data"], &["data"], |x| {
            x * w // mistake
        });
        t.output("y", y);
    });
    assert_snapshot!(error, @"broadcast_in_dim(f32[6]): a manual region may only use its own arguments and constants, not a tensor made outside");
    let error = mistake(|t| {
        let x = on_a_mesh(t);
        let y = t.manual(.., x, &["data"], &["data"], |x| {
            x.sharded("_, model") // mistake
        });
        t.output("y", y);
    });
    assert_snapshot!(error, @r#"sharded(f32[2, 6]): the manual region has axis "model" of the mesh: tensors in it are parts along it already"#);
    let error = mistake(|t| {
        let x = on_a_mesh(t);
        let y = t.manual("data", x, &["data"], &["data"], |x| {
            t.manual(.., x, &[""], &[""], |x| x) // mistake
        });
        t.output("y", y);
    });
    assert_snapshot!(error, @r#"manual(f32[2, 6]): the manual region has axis "data" of the mesh: tensors in it are parts along it already"#);
}

#[test]
fn collectives_that_do_not_fit() {
    let error = mistake(|t| {
        t.output("y", t.input("x", F32, [8]).psum("data")); // mistake
    });
    assert_snapshot!(error, @"psum(f32[8]): is for several devices, and the program has one: state them first, with `Trace::mesh` or `Trace::replicas`");
    let error = mistake(|t| {
        t.output("y", on_a_mesh(t).psum("data")); // mistake
    });
    assert_snapshot!(error, @r#"psum(f32[8, 6]): needs a manual region over axis "data" of the mesh: see `Trace::manual`"#);
    let in_region = |body: for<'t> fn(Tensor<'t>) -> Tensor<'t>| {
        mistake(|t| {
            let x = on_a_mesh(t);
            t.output("y", t.manual("data", x, &["data"], &["data"], body));
        })
    };
    let error = in_region(|x| x.psum("model")); // mistake
    assert_snapshot!(error, @r#"psum(f32[2, 6]): needs a manual region over axis "model" of the mesh: see `Trace::manual`"#);
    let error = in_region(|x| x.psum([[0, 1, 2, 3]])); // mistake
    assert_snapshot!(error, @r#"psum(f32[2, 6]): groups are of replicas, and the program has a mesh: name its axes, such as "data""#);
    let error = in_region(|x| x.psum_scatter("data", 1)); // mistake
    assert_snapshot!(error, @"reduce_scatter(f32[2, 6]): axis 1 of size 6 does not split into 4 equal parts");
    let error = in_region(|x| x.all_to_all("data", 0, 1)); // mistake
    assert_snapshot!(error, @"all_to_all(f32[2, 6]): axis 0 of size 2 does not split into 4 equal parts");
    let error = in_region(|x| x.all_gather("data", 2)); // mistake
    assert_snapshot!(error, @"all_gather(f32[2, 6]): axis 2 is out of range: there are 0 to 1, or -2 to -1 from the end");
    let error = in_region(|x| x.ppermute("data", &[(0, 1), (2, 1)])); // mistake
    assert_snapshot!(error, @"collective_permute(f32[2, 6]): [(0, 1), (2, 1)] must be pairs of places in a group of 4 devices, no place sending twice or receiving twice");
    let error = in_region(|x| x.greater(0.0).psum("data").to(F32)); // mistake
    assert_snapshot!(error, @"psum(i1[2, 6]): takes numbers, got i1: convert with `.to(dtype)`");
    let error = in_region(|x| x.all_reduce("data", |a, b| a.greater(b))); // mistake
    assert_snapshot!(error, @"all_reduce(f32[2, 6]): the body of a collective must return (f32[]), got (i1[])");
    let error = in_region(|x| x * x.trace().partition_id().to(F32)); // mistake
    assert_snapshot!(error, @r#"partition_id(): needs a manual region over axis "model" of the mesh: see `Trace::manual`"#);
    let error = mistake(|t| {
        t.replicas(4);
        t.output("y", t.input("x", F32, [8]).psum([[0, 1], [2, 2]])); // mistake
    });
    assert_snapshot!(error, @"psum(f32[8]): [[0, 1], [2, 2]] must be groups of one size with each of the 4 replicas once");
    let error = mistake(|t| {
        t.replicas(4);
        let x = t.input("x", F32, [8]);
        let product = x.all_reduce(.., |a, b| a * b); // mistake
        t.output("dx", hlo::grad(product.sum(..), x));
    });
    assert_snapshot!(error, @"all_reduce(f32[8]): has no gradient: elements are folded by something other than a sum, a maximum or a minimum; `stop_gradient` takes it for a constant, `custom_vjp` gives it one");
}

#[test]
fn calls_that_do_not_fit() {
    let error = mistake(|t| {
        let x = t.input("x", F32, [8]);
        t.custom_call(&CustomCall::new("f"), &[x], &[]); // mistake
    });
    assert_snapshot!(error, @"custom_call(f32[8]): has at least one result, got the types of none");
    let layouts = |operand: &[usize], results: Vec<Vec<usize>>| CustomCall {
        layouts: Some(CallLayouts { operands: vec![operand.to_vec()], results }),
        ..CustomCall::new("f")
    };
    let error = mistake(|t| {
        let x = t.input("x", F32, [8, 2]);
        t.output("y", t.custom_call(&layouts(&[0, 1], vec![]), &[x], &[x.ty()])[0]); // mistake
    });
    assert_snapshot!(error, @"custom_call(f32[8, 2]): takes one layout for each of 1 results, got 0");
    let error = mistake(|t| {
        let x = t.input("x", F32, [8, 2]);
        t.output("y", t.custom_call(&layouts(&[0, 0], vec![vec![0, 1]]), &[x], &[x.ty()])[0]); // mistake
    });
    assert_snapshot!(error, @"custom_call(f32[8, 2]): [0, 0] is no permutation of the axes of [8, 2]: it names each of them once");
    let error = mistake(|t| {
        let x = t.input("x", F32, [8]);
        let y = t.custom_call(&CustomCall::new("f"), &[x], &[x.ty()])[0]; // mistake
        t.output("dx", hlo::grad(y.sum(..), x));
    });
    assert_snapshot!(error, @"custom_call(f32[8]): has no gradient: what the plugin's function computes is not known; `stop_gradient` takes it for a constant, `custom_vjp` gives it one");
}

#[test]
fn folds_whose_parts_do_not_fit() {
    let error = mistake(|t| {
        let x = t.input("x", F32, [4, 3]);
        t.output("y", hlo::reduce(x, t.constant(0, F64), 0, |a, b| a + b)); // mistake
    });
    assert_snapshot!(error, @"reduce(f32[4, 3], f64[]): the scalar to begin with must be f32[], got f64[]");
    let error = mistake(|t| {
        let (x, y) = (t.input("x", F32, [4]), t.input("y", F32, [5]));
        let zero = t.constant(0, F32);
        let (sum, _) = hlo::reduce((x, y), (zero, zero), 0, |a, b| (a.0 + b.0, a.1 + b.1)); // mistake
        t.output("sum", sum);
    });
    assert_snapshot!(error, @"reduce(f32[4], f32[5], f32[], f32[]): all shapes must agree: got [4] and [5]");
    let error = mistake(|t| {
        let x = t.input("x", F32, [4]);
        let zero = t.constant(0, F32);
        let sums = hlo::reduce(vec![x, x], vec![zero], 0, |a, b| vec![a[0] + b[0], a[1] + b[1]]); // mistake
        t.output("sum", sums[0]);
    });
    assert_snapshot!(error, @"reduce(f32[4], f32[4], f32[]): takes one scalar to begin with for each of 2 tensors, got 1");
    let error = mistake(|t| {
        let x = t.input("x", F32, [4]);
        t.output("y", hlo::reduce(x, t.constant(0, F32), 0, |a, b| a.less(b))); // mistake
    });
    assert_snapshot!(error, @"reduce(f32[4], f32[]): the body of a reduction must return (f32[]), got (i1[])");
    let error = mistake(|t| {
        let x = t.input("x", F32, [4]);
        t.output("y", hlo::reduce(x, t.constant(0, F32), 1, |a, b| a + b)); // mistake
    });
    assert_snapshot!(error, @"reduce(f32[4], f32[]): axis 1 is out of range: the only one is 0, or -1");
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
    assert_snapshot!(error, @"reduce(f32[4], f32[]): has no gradient: its body has an operation that does not work element by element; `stop_gradient` takes it for a constant, `custom_vjp` gives it one");
    let error = mistake(|t| {
        t.output("y", t.input("x", S32, [4]).variance(..)); // mistake
    });
    assert_snapshot!(error, @"variance(i32[4]): takes floating-point numbers, got i32: convert with `.to(dtype)`");
    let error = mistake(|t| {
        t.output("y", t.input("x", Bool, [4]).cumsum(0)); // mistake
    });
    assert_snapshot!(error, @"cumsum(i1[4]): takes numbers, got i1: convert with `.to(dtype)`");
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
    assert_snapshot!(error, @"reduce_window(f32[5, 4], f32[]): takes one size of the window for each of 2 axes that the window goes over, got 1");
    let error = mistake(|t| window_max(t, &Window { strides: vec![2], ..Window::of([2, 2]) }));
    assert_snapshot!(error, @"reduce_window(f32[5, 4], f32[]): takes one stride for each of 2 axes that the window goes over, got 1");
    let error = mistake(|t| window_max(t, &Window { strides: vec![2, 0], ..Window::of([2, 2]) }));
    assert_snapshot!(error, @"reduce_window(f32[5, 4], f32[]): the stride along axis 1 must be between 1 and 2^63 - 1, got 0");
    let error = mistake(|t| window_max(t, &Window::of([0, 2])));
    assert_snapshot!(error, @"reduce_window(f32[5, 4], f32[]): the size of the window along axis 0 must be between 1 and 2^63 - 1, got 0");
    let error = mistake(|t| {
        let padding = Padding::Explicit(vec![(1, 1)]);
        window_max(t, &Window { padding, ..Window::of([2, 2]) });
    });
    assert_snapshot!(error, @"reduce_window(f32[5, 4], f32[]): takes one padding for each of 2 axes that the window goes over, got 1");
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
    assert_snapshot!(error, @"max_pool(f32[1, 2, 8, 3]): the window covers 3 elements along axis 1, and the operand has 2 there, padding included");
    let error = mistake(|t| {
        t.output("y", t.input("x", Bool, [1, 8, 3]).max_pool(&Window::of([3]))); // mistake
    });
    assert_snapshot!(error, @"max_pool(i1[1, 8, 3]): takes numbers, got i1: convert with `.to(dtype)`");
    let error = mistake(|t| {
        t.output("y", t.full(256, U8, [2])); // mistake
    });
    assert_snapshot!(error, @"full(): 256 is no value of type ui8");
    let error = mistake(|t| {
        t.output("y", t.input("x", S32, [1, 8, 3]).avg_pool(&Window::of([2]), true)); // mistake
    });
    assert_snapshot!(error, @"avg_pool(i32[1, 8, 3]): takes floating-point numbers, got i32: convert with `.to(dtype)`");
    let scatter = |t: &Trace, window: &Window| {
        let (x, source) = (t.input("x", F32, [5]), t.input("source", F32, [2]));
        let zero = t.constant(0, F32);
        let y = x.select_and_scatter(source, zero, window, |a, b| a.greater(b), |a, b| a + b); // mistake
        t.output("y", y);
    };
    let error = mistake(|t| scatter(t, &Window::of([2])));
    assert_snapshot!(error, @"select_and_scatter(f32[5], f32[2], f32[]): the source, with an element for each window, must be f32[4], got f32[2]");
    let error = mistake(|t| scatter(t, &Window { window_dilations: vec![3], ..Window::of([2]) }));
    assert_snapshot!(error, @"select_and_scatter(f32[5], f32[2], f32[]): takes a window without dilations, and this one has one along axis 0");
    let error = mistake(|t| scatter(t, &Window::of([2, 2])));
    assert_snapshot!(error, @"select_and_scatter(f32[5], f32[2], f32[]): takes one size of the window for each of 1 axes that the window goes over, got 2");
    let error = mistake(|t| {
        let (x, source) = (t.input("x", F32, [5]), t.input("source", F32, [4]));
        let zero = t.constant(0, F32);
        let y = x.select_and_scatter(source, zero, &Window::of([2]), |a, _| a, |a, b| a + b); // mistake
        t.output("y", y);
    });
    assert_snapshot!(error, @"select_and_scatter(f32[5], f32[4], f32[]): the select of a window must return (i1[]), got (f32[])");
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
    assert_snapshot!(error, @"convolution(f32[8, 9, 4], f32[3, 4, 16]): takes one stride for each of 1 axes that the window goes over, got 2");
    let error = mistake(|t| {
        conv(
            t,
            &[8, 9, 4],
            &[3, 4, 16],
            &Convolution { window_reversal: vec![true; 3], ..plain() },
        );
    });
    assert_snapshot!(error, @"convolution(f32[8, 9, 4], f32[3, 4, 16]): takes one reversal for each of 1 axes that the window goes over, got 3");
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

#[test]
fn integers_are_not_divided_by_a_constant_zero() {
    let error = mistake(|t| {
        let _ = t.input("x", S32, [3]) / 0; // mistake
    });
    assert_snapshot!(error, @"divide(i32[3], i32[]): there is a zero among the constants that integers are divided by");
    let error = mistake(|t| {
        let divisors = t.constant_array(&[5, 0], U8, [2]);
        let _ = t.constant_array(&[1, 2], U8, [2]) % divisors; // mistake
    });
    assert_snapshot!(error, @"remainder(ui8[2], ui8[2]): there is a zero among the constants that integers are divided by");
    let error = mistake(|t| {
        let _ = t.input("x", S64, [2]) / t.full(0, S64, [2]); // mistake
    });
    assert_snapshot!(error, @"divide(i64[2], i64[2]): there is a zero among the constants that integers are divided by");
    // A zero among many bytes is none, and floats have infinities.
    let fine = |t: &Trace| {
        t.output("whole", t.input("x", S32, [3]) / 256);
        t.output("float", t.input("y", F32, [3]) / 0.0);
    };
    assert!(hlo::trace("fine", fine).is_ok());
}

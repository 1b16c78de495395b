//! Products in Einstein's notation against sums written as loops, and `matmul` against both.

mod support;

use std::collections::BTreeMap;

use hlo::Trace;
use pjrt::HostArray;
use support::{array, declare, evaluate, values};

/// A tensor of small whole numbers, so that sums of products are exact in any order.
fn numbers(dims: &[usize], seed: usize) -> HostArray {
    let count = dims.iter().product();
    let number = |i: usize| ((i * 7 + seed * 5) % 11) as f64 - 5.0;
    array(dims, &(0..count).map(number).collect::<Vec<f64>>())
}

/// The definition: for each assignment of the letters the product of the elements that they name
/// is added to the element of the result that they name. An axis of size 1 has only one to name.
fn loops(terms: &[&str], result: &str, operands: &[HostArray]) -> (Vec<usize>, Vec<f64>) {
    let mut sizes = BTreeMap::new();
    for (term, operand) in terms.iter().zip(operands) {
        for (letter, &size) in term.chars().zip(operand.dims()) {
            let known = sizes.entry(letter).or_insert(size);
            *known = if *known == 1 { size } else { *known };
        }
    }
    let dims: Vec<_> = result.chars().map(|letter| sizes[&letter]).collect();
    let mut sums = vec![0.0; dims.iter().product()];
    let data: Vec<_> = operands.iter().map(values::<f64>).collect();
    for mut number in 0..sizes.values().product() {
        let mut at = BTreeMap::new();
        for (&letter, &size) in &sizes {
            at.insert(letter, number % size);
            number /= size;
        }
        let position = |term: &str, dims: &[usize]| {
            let axes = term.chars().zip(dims);
            axes.fold(0, |position, (letter, &size)| position * size + at[&letter].min(size - 1))
        };
        let factors = terms.iter().zip(operands).zip(&data);
        let factors = factors.map(|((term, operand), data)| data[position(term, operand.dims())]);
        sums[position(result, &dims)] += factors.product::<f64>();
    }
    (dims, sums)
}

/// Checks an equation without `...` on operands of the shapes, by way of `spelled`.
#[track_caller]
fn check(spelled: &str, equation: &str, shapes: &[&[usize]]) {
    let operands: Vec<_> = shapes.iter().zip(1..).map(|(dims, seed)| numbers(dims, seed)).collect();
    let (terms, result) = equation.split_once("->").expect("a result");
    let terms: Vec<_> = terms.split(',').collect();
    let (dims, expected) = loops(&terms, result, &operands);
    let record = |t: &Trace| t.output("y", t.einsum(spelled, &declare(t, &operands)));
    let got = &evaluate(record, &operands)[0];
    assert_eq!((got.dims(), values::<f64>(got)), (&dims[..], expected), "{spelled} of {shapes:?}");
}

#[track_caller]
fn check_plain(equation: &str, shapes: &[&[usize]]) {
    check(equation, equation, shapes);
}

#[test]
fn one_operand_is_transposed_summed_or_cut_along_its_diagonal() {
    check_plain("ij->ji", &[&[2, 3]]);
    check_plain("ijk->kij", &[&[2, 3, 4]]);
    check_plain("ij->", &[&[2, 3]]);
    check_plain("ijk->j", &[&[2, 3, 4]]);
    check_plain("->", &[&[]]);
    check_plain("ii->i", &[&[4, 4]]);
    check_plain("ii->", &[&[4, 4]]);
    check_plain("iii->i", &[&[3, 3, 3]]);
    check_plain("iiii->i", &[&[2, 2, 2, 2]]);
    check_plain("iji->ij", &[&[3, 2, 3]]);
    check_plain("ijij->ji", &[&[3, 2, 3, 2]]);
    check_plain("ii->i", &[&[1, 1]]);
    check_plain("ii->i", &[&[0, 0]]);
}

#[test]
fn two_operands_are_multiplied_along_their_common_letters() {
    check_plain("ij,jk->ik", &[&[2, 3], &[3, 4]]);
    check_plain("ij,jk->ki", &[&[2, 3], &[3, 4]]);
    check_plain("bij,bjk->bik", &[&[2, 2, 3], &[2, 3, 4]]);
    check_plain("bij,bjk->ikb", &[&[2, 2, 3], &[2, 3, 4]]);
    check_plain("bqhd,bkhd->bhqk", &[&[2, 3, 2, 4], &[2, 5, 2, 4]]);
    check_plain("i,j->ij", &[&[2], &[3]]);
    check_plain("i,i->i", &[&[3], &[3]]);
    check_plain("i,i->", &[&[3], &[3]]);
    check_plain("ijk,ikl->", &[&[2, 3, 2], &[2, 2, 3]]);
    check_plain(",ij->ij", &[&[], &[2, 3]]);
    check_plain("ijk,jkl->il", &[&[4, 3, 2], &[3, 2, 5]]);
    // A letter of one operand alone is summed over before.
    check_plain("ijx,jky->ik", &[&[2, 3, 2], &[3, 4, 5]]);
    // A diagonal in a product.
    check_plain("iij,jk->ik", &[&[2, 2, 3], &[3, 4]]);
    check_plain("ij,ij->ji", &[&[2, 3], &[2, 3]]);
    check_plain("ij,jk->ik", &[&[2, 0], &[0, 4]]);
}

#[test]
fn any_number_of_operands_is_multiplied() {
    check_plain("ij,jk,kl->il", &[&[2, 3], &[3, 4], &[4, 5]]);
    check_plain("ij,jk,kl,lm->mi", &[&[5, 2], &[2, 4], &[4, 3], &[3, 2]]);
    check_plain("i,j,k->kji", &[&[2], &[3], &[4]]);
    check_plain("bi,bj,ij->b", &[&[3, 2], &[3, 4], &[2, 4]]);
    check_plain("i,i,i->", &[&[4], &[4], &[4]]);
    check_plain("iij,jk,k->i", &[&[2, 2, 3], &[3, 4], &[4]]);
    check_plain("ab,cd,ef,bc,de->af", &[&[2, 3], &[2, 3], &[2, 2], &[3, 2], &[3, 2]]);
}

#[test]
fn an_axis_of_size_one_repeats() {
    check_plain("ij,ij->ij", &[&[1, 3], &[2, 3]]);
    check_plain("ij,jk->ik", &[&[2, 1], &[3, 4]]);
    check_plain("ij,ij->", &[&[2, 1], &[2, 3]]);
    check_plain("ij,jk,k->i", &[&[2, 1], &[1, 1], &[4]]);
    check_plain("ij,ij->ij", &[&[1, 1], &[1, 1]]);
}

#[test]
fn without_an_arrow_the_letters_that_occur_once_remain_in_their_order() {
    check("ji", "ji->ij", &[&[2, 3]]);
    check("ij,jk", "ij,jk->ik", &[&[2, 3], &[3, 4]]);
    check("kj,ji", "kj,ji->ik", &[&[2, 3], &[3, 4]]);
    check("ii", "ii->", &[&[3, 3]]);
    // Capitals come first.
    check("Ba,ab", "Ba,ab->Bb", &[&[2, 3], &[3, 4]]);
    check(" i j , j k -> i k ", "ij,jk->ik", &[&[2, 3], &[3, 4]]);
}

#[test]
fn an_ellipsis_stands_for_axes_that_align_from_the_last() {
    check("...ij,...jk->...ik", "abij,abjk->abik", &[&[2, 1, 2, 3], &[1, 3, 3, 2]]);
    check("...ij,...jk", "abij,bjk->abik", &[&[2, 3, 2, 3], &[3, 3, 2]]);
    check("i...->...i", "iab->abi", &[&[2, 3, 4]]);
    check("i...i->i...", "iai->ia", &[&[2, 3, 2]]);
    check("...", "ab->ab", &[&[2, 3]]);
    check("b...a", "bcda->cdab", &[&[2, 3, 4, 2]]);
    check("...,...", "ab,b->ab", &[&[2, 1], &[3]]);
    check("...i->i", "i->i", &[&[3]]);
    check("i->...i", "i->i", &[&[3]]);
    check("...i,i...->...", "ai,ia->a", &[&[3, 2], &[2, 3]]);
}

#[test]
fn products_of_matrices_broadcast_their_leading_axes_as_numpy_s() {
    /// Two shapes and the equation that says what `matmul` makes of them.
    type Case<'c> = (&'c [usize], &'c [usize], &'c str);
    let cases: [Case<'_>; 14] = [
        (&[2, 3], &[3, 4], "nm,mk->nk"),
        (&[3], &[3, 4], "m,mk->k"),
        (&[2, 3], &[3], "nm,m->n"),
        (&[3], &[3], "m,m->"),
        (&[5, 2, 3], &[3, 4], "anm,mk->ank"),
        (&[2, 3], &[5, 3, 4], "nm,amk->ank"),
        (&[5, 2, 3], &[5, 3, 4], "anm,amk->ank"),
        (&[5, 2, 3], &[1, 3, 4], "anm,amk->ank"),
        (&[1, 2, 3], &[5, 3, 4], "anm,amk->ank"),
        (&[2, 1, 2, 3], &[4, 3, 2], "abnm,bmk->abnk"),
        (&[4, 2, 3], &[2, 1, 3, 2], "bnm,abmk->abnk"),
        (&[3], &[5, 3, 4], "m,amk->ak"),
        (&[5, 2, 3], &[3], "anm,m->an"),
        (&[2, 0], &[0, 3], "nm,mk->nk"),
    ];
    for (lhs, rhs, equation) in cases {
        let operands = [numbers(lhs, 1), numbers(rhs, 2)];
        let (terms, result) = equation.split_once("->").expect("a result");
        let terms: Vec<_> = terms.split(',').collect();
        let (dims, expected) = loops(&terms, result, &operands);
        let record = |t: &Trace| {
            let x = declare(t, &operands);
            t.output("y", x[0].matmul(x[1]));
        };
        let got = &evaluate(record, &operands)[0];
        assert_eq!((got.dims(), values::<f64>(got)), (&dims[..], expected), "{lhs:?} {rhs:?}");
    }
}

#[test]
fn common_equations_need_no_transposition() {
    let transpositions = |equation: &str, shapes: [&[usize]; 2]| {
        let program = hlo::trace("product", |t| {
            let operands = [
                t.input("a", hlo::DType::F32, shapes[0]),
                t.input("b", hlo::DType::F32, shapes[1]),
            ];
            t.output("y", t.einsum(equation, &operands));
        });
        program.unwrap().text().matches("stablehlo.transpose").count()
    };
    assert_eq!(transpositions("ij,jk->ik", [&[2, 3], &[3, 4]]), 0);
    // The right operand's axes come first: the operands change places.
    assert_eq!(transpositions("ij,jk->ki", [&[2, 3], &[3, 4]]), 0);
    assert_eq!(transpositions("bqhd,bkhd->bhqk", [&[2, 3, 2, 4], &[2, 5, 2, 4]]), 0);
    assert_eq!(transpositions("bqhd,bkhd->hbkq", [&[2, 3, 2, 4], &[2, 5, 2, 4]]), 0);
    assert_eq!(transpositions("bij,bjk->ibk", [&[2, 2, 3], &[2, 3, 4]]), 1);
}

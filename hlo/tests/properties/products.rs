//! Sums of products.

use hlo::DotDimensions;

use super::array::{Array, places, without};
use super::broadcasting::{broadcast, shapes};
use super::case::{Case, check};

#[test]
fn a_dot_product_sums_over_its_contracted_axes_whatever_their_order() {
    check(|draw| {
        // Axes that both have, then those of each alone.
        let (batch, contracted) = (draw.dims(0..=2), draw.dims(0..=2));
        let (left, right) = (draw.dims(0..=2), draw.dims(0..=2));
        let (shared, ranks) = (batch.len() + contracted.len(), [left.len(), right.len()]);
        let places_of = ranks.map(|rank| draw.permutation(shared + rank));
        let dims = [&left, &right].map(|own| [&batch[..], &contracted, own].concat());
        let put = |operand: usize| {
            let mut put = vec![0; dims[operand].len()];
            for (&place, &dim) in places_of[operand].iter().zip(&dims[operand]) {
                put[place] = dim;
            }
            put
        };
        let [lhs, rhs] = [put(0), put(1)];
        let [of_lhs, of_rhs] = places_of;
        let dimensions = DotDimensions {
            lhs_batch: of_lhs[..batch.len()].to_vec(),
            rhs_batch: of_rhs[..batch.len()].to_vec(),
            lhs_contracting: of_lhs[batch.len()..shared].to_vec(),
            rhs_contracting: of_rhs[batch.len()..shared].to_vec(),
        };
        let dtype = draw.dtype();
        let what = format!("{lhs:?} · {rhs:?} by {dimensions:?}");
        let inputs = [draw.numbers(dtype, &lhs), draw.numbers(dtype, &rhs)];
        let again = dimensions.clone();
        Case::new(
            what,
            inputs,
            move |_, x| vec![x[0].dot_general(x[1], again.clone())],
            move |x| {
                let d = &dimensions;
                let lhs_free = free(lhs.len(), &[&d.lhs_batch[..], &d.lhs_contracting].concat());
                let rhs_free = free(rhs.len(), &[&d.rhs_batch[..], &d.rhs_contracting].concat());
                let of = |dims: &[usize], axes: &[usize]| -> Vec<usize> {
                    axes.iter().map(|&axis| dims[axis]).collect()
                };
                let shape = [batch.clone(), of(&lhs, &lhs_free), of(&rhs, &rhs_free)].concat();
                vec![x[0].like(shape, |place| {
                    let (batch, rest) = place.split_at(batch.len());
                    let (of_lhs, of_rhs) = rest.split_at(lhs_free.len());
                    let term = |walked: &Vec<usize>| {
                        let at = |rank: usize, axes: [&[usize]; 3], values: [&[usize]; 3]| {
                            let mut at = vec![0; rank];
                            let pairs = axes.concat().into_iter().zip(values.concat());
                            for (axis, value) in pairs {
                                at[axis] = value;
                            }
                            at
                        };
                        let left = [&d.lhs_batch[..], &d.lhs_contracting, &lhs_free];
                        let right = [&d.rhs_batch[..], &d.rhs_contracting, &rhs_free];
                        x[0].at(&at(lhs.len(), left, [batch, walked, of_lhs]))
                            * x[1].at(&at(rhs.len(), right, [batch, walked, of_rhs]))
                    };
                    places(&contracted).iter().map(term).sum()
                })]
            },
        )
    });
}

fn free(rank: usize, taken: &[usize]) -> Vec<usize> {
    without(&(0..rank).collect::<Vec<_>>(), taken)
}

#[test]
fn matrices_multiply_as_numpy_s_do() {
    check(|draw| {
        let [lhs_batch, rhs_batch, batch] = shapes(draw, 2);
        let (n, m, k) = (draw.within(1..=3), draw.below(4), draw.within(1..=3));
        // A vector stands for a matrix of one row on the left, of one column on the right.
        let (vector_lhs, vector_rhs) = (draw.below(4) == 3, draw.below(4) == 3);
        let lhs = if vector_lhs { vec![m] } else { [&lhs_batch[..], &[n, m]].concat() };
        let rhs = if vector_rhs { vec![m] } else { [&rhs_batch[..], &[m, k]].concat() };
        let batch = match (vector_lhs, vector_rhs) {
            (true, true) => vec![],
            (true, false) => rhs_batch,
            (false, true) => lhs_batch,
            (false, false) => batch,
        };
        let kept = [(!vector_lhs).then_some(n), (!vector_rhs).then_some(k)];
        let result = [&batch[..], &kept.into_iter().flatten().collect::<Vec<_>>()].concat();
        let dtype = draw.dtype();
        Case::new(
            format!("{dtype}{lhs:?} times {rhs:?}"),
            [draw.numbers(dtype, &lhs), draw.numbers(dtype, &rhs)],
            move |_, x| vec![x[0].matmul(x[1])],
            move |x| {
                vec![x[0].like(&result[..], |place| {
                    let (batch, kept) = place.split_at(batch.len());
                    let mut kept = kept.iter().copied();
                    let row = if vector_lhs { 0 } else { kept.next().expect("a row") };
                    let column = if vector_rhs { 0 } else { kept.next().expect("a column") };
                    let term = |i| {
                        let lhs = if vector_lhs { vec![i] } else { [batch, &[row, i]].concat() };
                        let rhs = if vector_rhs { vec![i] } else { [batch, &[i, column]].concat() };
                        broadcast(&x[0], &lhs) * broadcast(&x[1], &rhs)
                    };
                    (0..m).map(term).sum()
                })]
            },
        )
    });
}

#[test]
fn an_einsum_sums_over_the_letters_that_its_result_lacks() {
    check(|draw| {
        let sizes: Vec<_> = (0..4).map(|_| draw.within(1..=3)).collect();
        let dots = draw.sizes(0..=2);
        let dots = &dots[..dots.len() * draw.below(2)];
        // The letters of each operand by number; `...` stands in front or behind.
        let operands: Vec<Vec<_>> = (0..draw.within(1..=3))
            .map(|_| (0..draw.within(0..=3)).map(|_| draw.below(4)).collect())
            .collect();
        let behind = draw.flag();
        let used: Vec<_> =
            (0..4).filter(|letter| operands.iter().any(|own| own.contains(letter))).collect();
        let result: Vec<_> = draw.some_of(used.len()).into_iter().map(|i| used[i]).collect();
        let term = |letters: &[usize]| {
            let letters: String = letters.iter().map(|&i| char::from(b"ixAk"[i])).collect();
            match dots.is_empty() {
                true => letters,
                false if behind => letters + "...",
                false => "...".to_owned() + &letters,
            }
        };
        let left: Vec<_> = operands.iter().map(|own| term(own)).collect();
        let equation = format!("{}->{}", left.join(","), term(&result));
        let shape = |own: &[usize]| {
            let own: Vec<_> = own.iter().map(|&letter| sizes[letter]).collect();
            if behind { [&own[..], dots].concat() } else { [dots, &own].concat() }
        };
        let dtype = draw.dtype();
        let inputs: Vec<_> =
            operands.iter().map(|own| draw.numbers_up_to(2, dtype, &shape(own))).collect();
        let (what, result_shape) = (format!("{equation} with sizes {sizes:?}"), shape(&result));
        let summed: Vec<_> =
            used.iter().copied().filter(|letter| !result.contains(letter)).collect();
        let walked: Vec<_> = summed.iter().map(|&letter| sizes[letter]).collect();
        Case::new(
            what,
            inputs,
            move |t, x| vec![t.einsum(&equation, x)],
            move |x| {
                vec![x[0].like(&result_shape[..], |place| {
                    let at = if behind { 0 } else { place.len() - result.len() };
                    let (own, dots) = match behind {
                        true => (&place[..result.len()], &place[result.len()..]),
                        false => (&place[at..], &place[..at]),
                    };
                    let mut of_letters = [0; 4];
                    for (&letter, &at) in result.iter().zip(own) {
                        of_letters[letter] = at;
                    }
                    let product = |places: &Vec<usize>| {
                        let mut of_letters = of_letters;
                        for (&letter, &at) in summed.iter().zip(places) {
                            of_letters[letter] = at;
                        }
                        let factor = |(x, own): (&Array, &Vec<usize>)| {
                            let own: Vec<_> =
                                own.iter().map(|&letter| of_letters[letter]).collect();
                            x.at(&if behind {
                                [&own[..], dots].concat()
                            } else {
                                [dots, &own].concat()
                            })
                        };
                        x.iter().zip(&operands).map(factor).product::<f64>()
                    };
                    places(&walked).iter().map(product).sum()
                })]
            },
        )
    });
}

//! Sums of products.

use hlo::DotDimensions;

use super::array::{places, without};
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

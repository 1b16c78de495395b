//! Places that tensors name, and order.

use hlo::DType::{F64, S32, S64};
use hlo::{GatherDimensions, Tensor};

use super::array::{Array, places, with, within, without};
use super::case::{Case, check};
use super::draw::Draw;

/// Dimension numbers of a gather or a scatter with the shapes that belong to them.
#[derive(Clone, Debug)]
struct Numbers {
    dimensions: GatherDimensions,
    operand: Vec<usize>,
    indices: Vec<usize>,
    sizes: Vec<usize>,
    /// The shape of what is gathered, or of the updates.
    slices: Vec<usize>,
}

impl Numbers {
    fn draw(draw: &mut Draw<'_>) -> Self {
        let operand = draw.sizes(1..=4);
        let rank = operand.len();
        // What becomes of each axis of the operand: kept, collapsed, or walked with the indices.
        let roles: Vec<_> = (0..rank).map(|_| [0, 0, 1, 1, 1, 2][draw.below(6)]).collect();
        let with_role = |role| (0..rank).filter(|&axis| roles[axis] == role).collect::<Vec<_>>();
        let (kept, collapsed, batching) = (with_role(0), with_role(1), with_role(2));
        let mut sizes = vec![1; rank];
        for &axis in &kept {
            sizes[axis] = draw.within(1..=operand[axis]);
        }
        let others = without(&(0..rank).collect::<Vec<_>>(), &batching);
        let start_index_map: Vec<_> =
            draw.some_of(others.len()).into_iter().map(|i| others[i]).collect();
        // Axes of the indices without the index vectors: those that are walked with the operand,
        // and some more, in any order.
        let more = draw.sizes(0..=2);
        let order = draw.permutation(batching.len() + more.len());
        let all = [&batching.iter().map(|&axis| operand[axis]).collect::<Vec<_>>()[..], &more];
        let all = all.concat();
        let mut indices: Vec<_> = order.iter().map(|&i| all[i]).collect();
        let walked = |i| order.iter().position(|&other| other == i).expect("it is in the order");
        let mut walked: Vec<_> = (0..batching.len()).map(walked).collect();
        let (batch, vectors) = (indices.clone(), start_index_map.len());
        let index_vector_dim = draw.within(0..=indices.len());
        if vectors != 1 || index_vector_dim < indices.len() || draw.flag() {
            indices.insert(index_vector_dim, vectors);
            for axis in &mut walked {
                *axis += usize::from(*axis >= index_vector_dim);
            }
        }
        let offset_dims = draw.rising(kept.len(), kept.len() + batch.len());
        let (mut offsets, mut batches) = (kept.iter().map(|&axis| sizes[axis]), batch.iter());
        let slices = (0..kept.len() + batch.len()).map(|axis| match offset_dims.contains(&axis) {
            true => offsets.next().expect("as many as there are"),
            false => *batches.next().expect("as many as there are"),
        });
        let slices = slices.collect();
        let dimensions = GatherDimensions {
            offset_dims,
            collapsed_slice_dims: collapsed,
            operand_batching_dims: batching,
            start_indices_batching_dims: walked,
            start_index_map,
            index_vector_dim,
            ..GatherDimensions::default()
        };
        Self { dimensions, operand, indices, sizes, slices }
    }

    /// Where the slice that holds an element begins and where in it the element stands, by the
    /// formulas of the sections "gather" and "scatter" of the StableHLO specification.
    fn start_and_offset(&self, place: &[usize], indices: &Array) -> (Vec<i64>, Vec<i64>) {
        let d = &self.dimensions;
        let batch = without(place, &d.offset_dims);
        let mut start = vec![0; self.operand.len()];
        for (i, &axis) in d.start_index_map.iter().enumerate() {
            let mut at = batch.clone();
            if self.indices.len() > batch.len() {
                at.insert(d.index_vector_dim, i);
            }
            start[axis] = indices.at(&at) as i64;
        }
        let walked = d.operand_batching_dims.iter().zip(&d.start_indices_batching_dims);
        let mut offset = vec![0; self.operand.len()];
        for (&axis, &of_indices) in walked {
            let before = usize::from(of_indices >= d.index_vector_dim);
            offset[axis] = batch[of_indices - before] as i64;
        }
        let gone = [&d.collapsed_slice_dims[..], &d.operand_batching_dims].concat();
        let kept = (0..self.operand.len()).filter(|axis| !gone.contains(axis));
        for (axis, &of_slice) in kept.zip(&d.offset_dims) {
            offset[axis] = place[of_slice] as i64;
        }
        (start, offset)
    }

    /// The last place where a slice may begin on an axis whose start indices say.
    fn last(&self, axis: usize) -> i64 {
        (self.operand[axis] - self.sizes[axis]) as i64
    }

    /// Integers some of which lie outside.
    fn indices(&self, draw: &mut Draw<'_>) -> Array {
        let dtype = draw.index_dtype();
        draw.numbers(dtype, &self.indices)
    }
}

fn add(start: &[i64], offset: &[i64]) -> Vec<i64> {
    start.iter().zip(offset).map(|(start, offset)| start + offset).collect()
}

#[test]
fn a_gather_reads_slices_that_are_moved_until_they_fit() {
    check(|draw| {
        let numbers = Numbers::draw(draw);
        let dtype = draw.dtype();
        let inputs = [draw.numbers(dtype, &numbers.operand), numbers.indices(draw)];
        let (dimensions, sizes) = (numbers.dimensions.clone(), numbers.sizes.clone());
        Case::new(
            format!("gather: {numbers:?}"),
            inputs,
            move |_, x| vec![x[0].gather(x[1], dimensions.clone(), &sizes)],
            move |x| {
                vec![x[0].like(&numbers.slices[..], |place| {
                    let (mut start, offset) = numbers.start_and_offset(place, &x[1]);
                    for (axis, start) in start.iter_mut().enumerate() {
                        *start = (*start).clamp(0, numbers.last(axis));
                    }
                    x[0].get(&add(&start, &offset)).expect("an element within")
                })]
            },
        )
    });
}

#[test]
fn a_scatter_folds_the_updates_that_fit() {
    type Scatter = (
        &'static str,
        for<'t> fn(Tensor<'t>, Tensor<'t>, Tensor<'t>, GatherDimensions) -> Tensor<'t>,
        fn(f64, f64) -> f64,
    );
    let scatters: [Scatter; 4] = [
        ("add", |x, i, u, d| x.scatter_add(i, u, d), |old, new| old + new),
        ("max", |x, i, u, d| x.scatter_max(i, u, d), f64::max),
        ("min", |x, i, u, d| x.scatter_min(i, u, d), f64::min),
        // The last on a CPU.
        ("set", |x, i, u, d| x.scatter(i, u, d), |_, new| new),
    ];
    check(|draw| {
        let numbers = Numbers::draw(draw);
        let (name, scatter, fold) = draw.of(&scatters);
        let dtype = draw.of(&[F64, F64, S32]);
        // Even and odd: none equals another.
        let operand = draw.distinct(2.0, dtype, &numbers.operand);
        let updates = draw.distinct(2.0, dtype, &numbers.slices).map(|x| x + 1.0);
        let inputs = [operand, numbers.indices(draw), updates];
        let dimensions = numbers.dimensions.clone();
        Case::new(
            format!("scatter {name}: {numbers:?}"),
            inputs,
            move |_, x| vec![scatter(x[0], x[1], x[2], dimensions.clone())],
            move |x| {
                let mut result = x[0].clone();
                for place in places(&numbers.slices) {
                    let (start, offset) = numbers.start_and_offset(&place, &x[1]);
                    let last = (0..start.len()).map(|axis| numbers.last(axis));
                    // All of a slice or nothing of it.
                    if start.iter().zip(last).all(|(&start, last)| (0..=last).contains(&start)) {
                        let at = within(&add(&start, &offset), &numbers.operand);
                        let old = result.at_mut(&at.expect("an element within"));
                        *old = fold(*old, x[2].at(&place));
                    }
                }
                vec![result]
            },
        )
    });
}

#[test]
fn an_index_takes_a_slice_and_counts_from_the_end_where_it_is_negative() {
    check(|draw| {
        let dims = draw.sizes(1..=3);
        let axis = draw.below(dims.len());
        let named = draw.written(axis, dims.len());
        let shape = draw.dims(0..=2);
        let size = dims[axis] as f64;
        let dtype = draw.index_dtype();
        let indices = draw.numbers(dtype, &shape);
        let indices = indices.map(|index| index.clamp(-size, size - 1.0));
        let rank = shape.len();
        Case::new(
            format!("{:?} of axis {named} of {dims:?}", indices.values),
            [draw.numbers(F64, &dims), indices],
            move |_, x| vec![x[0].take(x[1], named)],
            move |x| {
                let result = [&dims[..axis], &shape, &dims[axis + 1..]].concat();
                vec![x[0].like(result, |place| {
                    let index = x[1].at(&place[axis..axis + rank]);
                    let index = if index < 0.0 { index + size } else { index };
                    let rest = [&place[..axis], &[index as usize], &place[axis + rank..]];
                    x[0].at(&rest.concat())
                })]
            },
        )
    });
}

#[test]
fn an_index_at_each_place_takes_an_element_along_the_axis() {
    check(|draw| {
        let dims = draw.sizes(1..=3);
        let axis = draw.below(dims.len());
        let named = draw.written(axis, dims.len());
        // Axes other than that one may have size 1 on either side.
        let mut one = || -> Vec<_> {
            dims.iter().map(|&dim| if draw.below(4) == 3 { 1 } else { dim }).collect()
        };
        let (lhs, rhs) = (with(&one(), axis, dims[axis]), one());
        let taken = draw.within(0..=4);
        let rhs = with(&rhs, axis, taken);
        let size = dims[axis] as f64;
        let dtype = draw.index_dtype();
        let indices = draw.numbers(dtype, &rhs).map(|index| index.clamp(-size, size - 1.0));
        Case::new(
            format!("{:?} of {rhs:?} along {named} of {lhs:?}", indices.values),
            [draw.numbers(F64, &lhs), indices],
            move |_, x| vec![x[0].take_along_axis(x[1], named)],
            move |x| {
                let result = |i: usize| if i == axis { taken } else { lhs[i].max(rhs[i]) };
                let clipped = |place: &[usize], dims: &[usize]| -> Vec<usize> {
                    place
                        .iter()
                        .zip(dims)
                        .map(|(&at, &dim)| if dim == 1 { 0 } else { at })
                        .collect()
                };
                let result: Vec<_> = (0..lhs.len()).map(result).collect();
                vec![x[0].like(result, |place| {
                    let index = x[1].at(&with(&clipped(place, &rhs), axis, place[axis]));
                    let index = if index < 0.0 { index + size } else { index };
                    x[0].at(&with(&clipped(place, &lhs), axis, index as usize))
                })]
            },
        )
    });
}

/// The places of a row's elements in an order that `compare` makes, equal ones as they stand.
fn ordered(row: &[f64], compare: impl Fn(f64, f64) -> std::cmp::Ordering) -> Vec<usize> {
    let mut places: Vec<_> = (0..row.len()).collect();
    places.sort_by(|&a, &b| compare(row[a], row[b]));
    places
}

#[test]
fn sorting_orders_each_row_and_keeps_the_order_of_equals() {
    check(|draw| {
        let dims = draw.dims(1..=3);
        let axis = draw.below(dims.len());
        let named = draw.written(axis, dims.len());
        // Numbers that differ for the gradient, equal ones for the order.
        let inputs = [draw.distinct(1.0, F64, &dims), draw.numbers(S32, &dims)];
        Case::new(
            format!("{dims:?} sorted along {named}"),
            inputs,
            move |_, x| {
                let places = [x[0].argsort(named), x[1].argsort(named)];
                vec![x[0].sort(named), x[1].sort(named), places[0], places[1]]
            },
            move |x| {
                let rising = |row: &[f64]| ordered(row, |a, b| a.total_cmp(&b));
                let sorted = |x: &Array| {
                    x.map_rows(axis, |row| rising(row).iter().map(|&i| row[i]).collect())
                };
                let places = |x: &Array| Array {
                    dtype: S32,
                    ..x.map_rows(axis, |row| rising(row).iter().map(|&i| i as f64).collect())
                };
                vec![sorted(&x[0]), sorted(&x[1]), places(&x[0]), places(&x[1])]
            },
        )
    });
}

#[test]
fn tensors_sorted_together_stay_together() {
    check(|draw| {
        let dims = draw.sizes(1..=3);
        let axis = draw.below(dims.len());
        let named = draw.written(axis, dims.len());
        let inputs =
            [draw.numbers(S64, &dims), draw.distinct(1.0, F64, &dims), draw.numbers(F64, &dims)];
        Case::new(
            format!("three of {dims:?} along {named} by the first, then by the second from above"),
            inputs,
            move |_, x| {
                let three = (x[0], x[1], x[2]);
                let (a, b, c) = hlo::sort(three, named, |a, b| {
                    a.0.less(b.0) | (a.0.equal(b.0) & a.1.greater(b.1))
                });
                vec![a, b, c]
            },
            move |x| {
                let numbers = (0..x[0].values.len()).map(|i| i as f64).collect();
                let numbers = Array { values: numbers, ..x[0].clone() };
                let order = numbers.map_rows(axis, |row| {
                    let order = ordered(row, |i, j| {
                        let at = |x: &Array, i: f64| x.values[i as usize];
                        let first = at(&x[0], i).total_cmp(&at(&x[0], j));
                        first.then(at(&x[1], j).total_cmp(&at(&x[1], i)))
                    });
                    order.into_iter().map(|i| row[i]).collect()
                });
                let of =
                    |x: &Array| Array { dtype: x.dtype, ..order.map(|i| x.values[i as usize]) };
                x.iter().map(of).collect()
            },
        )
    });
}

#[test]
fn the_largest_few_come_from_the_largest_on() {
    check(|draw| {
        let dims = draw.sizes(1..=3);
        let axis = dims.len() - 1;
        let k = draw.below(dims[axis] + 1);
        let inputs = [draw.distinct(1.0, F64, &dims), draw.numbers(S32, &dims)];
        Case::new(
            format!("the {k} largest of {dims:?}"),
            inputs,
            move |_, x| {
                let (values, places) = x[0].top_k(k);
                let (equals, first) = x[1].top_k(k);
                vec![values, places, equals, first]
            },
            move |x| {
                let falling = |row: &[f64]| {
                    let mut order = ordered(row, |a, b| b.total_cmp(&a));
                    order.truncate(k);
                    order
                };
                let both = |x: &Array| {
                    let values =
                        x.map_rows(axis, |row| falling(row).iter().map(|&i| row[i]).collect());
                    let places =
                        x.map_rows(axis, |row| falling(row).iter().map(|&i| i as f64).collect());
                    [values, Array { dtype: S32, ..places }]
                };
                [both(&x[0]), both(&x[1])].concat()
            },
        )
    });
}

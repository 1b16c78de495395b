//! Elements that go to other places.

use super::array::{Array, within, without};
use super::case::{Case, check};
use super::draw::Draw;

#[test]
fn a_transposition_takes_every_axis_where_the_permutation_says() {
    check(|draw| {
        let dims = draw.dims(0..=4);
        let order = draw.permutation(dims.len());
        let dtype = draw.dtype();
        let moved: Vec<_> = order.iter().map(|&axis| dims[axis]).collect();
        let axes = order.clone();
        Case::new(
            format!("{dims:?} transposed by {order:?}"),
            [draw.numbers(dtype, &dims)],
            move |_, x| vec![x[0].transpose(&axes[..])],
            move |x| {
                vec![x[0].like(&moved[..], |place| {
                    let mut from = vec![0; place.len()];
                    for (&axis, &at) in order.iter().zip(place) {
                        from[axis] = at;
                    }
                    x[0].at(&from)
                })]
            },
        )
    });
}

#[test]
fn a_reshape_keeps_the_order_of_the_elements() {
    check(|draw| {
        let dims = draw.dims(0..=4);
        let mut rest = dims.iter().product::<usize>();
        let mut shape = vec![];
        while rest > 1 {
            let divisors: Vec<_> = (2..=rest).filter(|divisor| rest % divisor == 0).collect();
            let divisor = draw.of(&divisors);
            shape.push(divisor);
            rest /= divisor;
        }
        if rest == 0 {
            shape.push(0);
        }
        let (new, ones) = (shape.clone(), draw.below(3));
        let shape = [shape, vec![1; ones]].concat();
        let dtype = draw.dtype();
        Case::new(
            format!("{dims:?} reshaped to {shape:?}, first to {new:?}"),
            [draw.numbers(dtype, &dims)],
            {
                let shape = shape.clone();
                move |_, x| {
                    let mut y = x[0].reshape(&new);
                    for _ in 0..ones {
                        y = y.expand_dims(-1);
                    }
                    vec![x[0].reshape(&shape), y]
                }
            },
            move |x| vec![Array { dims: shape.clone(), ..x[0].clone() }; 2],
        )
    });
}

#[test]
fn a_broadcast_repeats_the_operand_along_the_axes_that_it_lacks() {
    check(|draw| {
        let shape = draw.dims(0..=4);
        let count = draw.within(0..=shape.len());
        let axes = draw.rising(count, shape.len());
        let dims: Vec<_> =
            axes.iter().map(|&axis| if draw.flag() { 1 } else { shape[axis] }).collect();
        let dtype = draw.dtype();
        let (to, places) = (shape.clone(), axes.clone());
        Case::new(
            format!("{dims:?} broadcast to {shape:?} at axes {axes:?}"),
            [draw.numbers(dtype, &dims)],
            move |_, x| vec![x[0].broadcast_in_dim(&to, &places[..])],
            move |x| {
                vec![x[0].like(&shape[..], |place| {
                    let from = axes.iter().zip(&dims);
                    let from = from.map(|(&axis, &dim)| if dim == 1 { 0 } else { place[axis] });
                    x[0].at(&from.collect::<Vec<_>>())
                })]
            },
        )
    });
}

#[test]
fn a_strided_slice_takes_every_so_manieth_element() {
    check(|draw| {
        let dims = draw.dims(0..=4);
        let range = |&dim: &usize, draw: &mut Draw<'_>| {
            let start = draw.below(dim + 1);
            start..start + draw.below(dim - start + 1)
        };
        let ranges: Vec<_> = dims.iter().map(|dim| range(dim, draw)).collect();
        let strides: Vec<_> = dims.iter().map(|_| draw.within(1..=3)).collect();
        let dtype = draw.dtype();
        let (taken, steps) = (ranges.clone(), strides.clone());
        Case::new(
            format!("{ranges:?} of {dims:?} by {strides:?}"),
            [draw.numbers(dtype, &dims)],
            move |_, x| vec![x[0].slice_strided(taken.clone(), steps.clone())],
            move |x| {
                let axes: Vec<Vec<_>> = ranges
                    .iter()
                    .zip(&strides)
                    .map(|(range, &stride)| range.clone().step_by(stride).collect())
                    .collect();
                let sizes: Vec<_> = axes.iter().map(Vec::len).collect();
                vec![x[0].like(sizes, |place| {
                    let from = axes.iter().zip(place).map(|(axis, &at)| axis[at]);
                    x[0].at(&from.collect::<Vec<_>>())
                })]
            },
        )
    });
}

#[test]
fn padding_puts_a_value_around_and_between_elements() {
    check(|draw| {
        let dims = draw.dims(0..=3);
        let interior: Vec<_> = dims.iter().map(|_| draw.below(3)).collect();
        let spread = |axis: usize| dims[axis] + dims[axis].saturating_sub(1) * interior[axis];
        let low: Vec<_> = dims.iter().map(|_| draw.offset(3)).collect();
        let mut high: Vec<_> = dims.iter().map(|_| draw.offset(3)).collect();
        for axis in 0..dims.len() {
            high[axis] = high[axis].max(-(spread(axis) as i64 + low[axis]));
        }
        let sizes: Vec<_> =
            (0..dims.len()).map(|i| (spread(i) as i64 + low[i] + high[i]) as usize).collect();
        let dtype = draw.dtype();
        let what = format!("{dims:?} padded by {low:?}, {high:?}, between {interior:?}");
        let (before, between) = (low.clone(), interior.clone());
        Case::new(
            what,
            [draw.numbers(dtype, &dims), draw.numbers(dtype, &[])],
            move |_, x| vec![x[0].pad(x[1], &before[..], &high[..], &between[..])],
            move |x| {
                let mut padded = x[0].like(&sizes[..], |_| x[1].values[0]);
                for from in super::array::places(&x[0].dims) {
                    let to: Vec<_> = (0..from.len())
                        .map(|axis| low[axis] + (from[axis] * (interior[axis] + 1)) as i64)
                        .collect();
                    if let Some(to) = within(&to, &sizes) {
                        *padded.at_mut(&to) = x[0].at(&from);
                    }
                }
                vec![padded]
            },
        )
    });
}

#[test]
fn concatenation_puts_tensors_behind_each_other() {
    check(|draw| {
        let dims = draw.dims(1..=4);
        let axis = draw.below(dims.len());
        let written = draw.written(axis, dims.len());
        let sizes: Vec<_> = (0..draw.within(1..=4)).map(|_| draw.below(4)).collect();
        let dtype = draw.dtype();
        let inputs: Vec<_> = sizes
            .iter()
            .map(|&size| draw.numbers(dtype, &super::array::with(&dims, axis, size)))
            .collect();
        Case::new(
            format!("{sizes:?} of {dims:?} along axis {axis}"),
            inputs,
            move |t, x| vec![t.concatenate(x, written)],
            move |x| {
                let total = sizes.iter().sum();
                vec![x[0].like(super::array::with(&dims, axis, total), |place| {
                    let (mut which, mut at) = (0, place[axis]);
                    while at >= sizes[which] {
                        at -= sizes[which];
                        which += 1;
                    }
                    x[which].at(&super::array::with(place, axis, at))
                })]
            },
        )
    });
}

#[test]
fn a_dynamic_slice_moves_until_it_fits() {
    check(|draw| {
        let dims = draw.dims(1..=4);
        let sizes: Vec<_> = dims.iter().map(|&dim| draw.within(0..=dim)).collect();
        let (dtype, index) = (draw.dtype(), draw.index_dtype());
        let (x, starts) = (draw.numbers(dtype, &dims), draw.numbers(index, &[dims.len()]));
        let taken = sizes.clone();
        Case::new(
            format!("{sizes:?} of {dims:?} at {:?} {index}", starts.values),
            [x, starts],
            move |_, x| vec![x[0].dynamic_slice(&scalars(x[1]), &taken)],
            move |x| {
                let starts = clamped(&x[1], &x[0].dims, &sizes);
                vec![x[0].like(&sizes[..], |place| x[0].at(&sum(place, &starts)))]
            },
        )
    });
}

#[test]
fn a_dynamic_update_takes_the_place_of_the_slice_there() {
    check(|draw| {
        let dims = draw.dims(1..=4);
        let sizes: Vec<_> = dims.iter().map(|&dim| draw.within(0..=dim)).collect();
        let (dtype, index) = (draw.dtype(), draw.index_dtype());
        let (x, update) = (draw.numbers(dtype, &dims), draw.numbers(dtype, &sizes));
        let starts = draw.numbers(index, &[dims.len()]);
        Case::new(
            format!("{sizes:?} into {dims:?} at {:?} {index}", starts.values),
            [x, update, starts],
            move |_, x| vec![x[0].dynamic_update_slice(x[1], &scalars(x[2]))],
            move |x| {
                let starts = clamped(&x[2], &x[0].dims, &sizes);
                let mut updated = x[0].clone();
                for place in super::array::places(&sizes) {
                    *updated.at_mut(&sum(&place, &starts)) = x[1].at(&place);
                }
                vec![updated]
            },
        )
    });
}

/// The elements of a vector as tensors without axes.
fn scalars(vector: hlo::Tensor<'_>) -> Vec<hlo::Tensor<'_>> {
    let [count] = vector.dims();
    (0..count).map(|i| vector.slice(0, i..i + 1).reshape([])).collect()
}

fn clamped(starts: &Array, dims: &[usize], sizes: &[usize]) -> Vec<usize> {
    let last = dims.iter().zip(sizes).map(|(dim, size)| dim - size);
    starts
        .values
        .iter()
        .zip(last)
        .map(|(&start, last)| start.clamp(0.0, last as f64) as usize)
        .collect()
}

fn sum(place: &[usize], starts: &[usize]) -> Vec<usize> {
    place.iter().zip(starts).map(|(at, start)| at + start).collect()
}

#[test]
fn joining_what_was_cut_gives_the_whole_again() {
    check(|draw| {
        let dims = draw.sizes(1..=4);
        let axis = draw.below(dims.len());
        let cut = draw.below(dims[axis] + 1);
        let written = draw.written(axis, dims.len());
        let (dtype, size) = (draw.dtype(), dims[axis]);
        let rest = without(&dims, &[axis]);
        Case::new(
            format!("{dims:?} cut at {cut} of axis {axis}, the others {rest:?}"),
            [draw.numbers(dtype, &dims)],
            move |t, x| {
                let halves = [x[0].slice(written, 0..cut), x[0].slice(written, cut..size)];
                vec![t.concatenate(&halves, written)]
            },
            <[Array]>::to_vec,
        )
    });
}

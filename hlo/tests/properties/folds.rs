//! Reductions.

use hlo::DType::{Bool, F64, S64};

use super::array::{Array, places, with, without};
use super::case::{Case, check};
use super::draw::Draw;

/// An operation that folds axes, its name, and what it makes of a list of numbers.
type Fold =
    (&'static str, for<'t> fn(hlo::Tensor<'t>, hlo::Axes) -> hlo::Tensor<'t>, fn(&[f64]) -> f64);

/// Every element of the other axes with those of `axes` folded.
fn folded(x: &Array, axes: &[usize], fold: impl Fn(&[f64]) -> f64) -> Array {
    let sizes: Vec<_> = axes.iter().map(|&axis| x.dims[axis]).collect();
    x.like(without(&x.dims, axes), |kept| {
        let element = |walked: &Vec<usize>| {
            let mut kept = kept.iter();
            let place: Vec<_> = (0..x.dims.len())
                .map(|axis| match axes.iter().position(|&other| other == axis) {
                    Some(position) => walked[position],
                    None => *kept.next().expect("a place for each axis"),
                })
                .collect();
            x.at(&place)
        };
        fold(&places(&sizes).iter().map(element).collect::<Vec<_>>())
    })
}

fn written(draw: &mut Draw<'_>, axes: &[usize], rank: usize) -> Vec<i32> {
    axes.iter().map(|&axis| draw.written(axis, rank)).collect()
}

#[test]
fn a_sum_is_over_any_axes_in_any_order() {
    check(|draw| {
        let dims = draw.dims(0..=4);
        let axes = draw.some_of(dims.len());
        let named = written(draw, &axes, dims.len());
        let dtype = draw.dtype();
        Case::new(
            format!("the sum of {dtype}{dims:?} over {named:?}"),
            [draw.numbers(dtype, &dims)],
            move |_, x| vec![x[0].sum(&named[..])],
            move |x| vec![folded(&x[0], &axes, |list| list.iter().sum())],
        )
    });
}

#[test]
fn means_extremes_and_spreads_are_those_of_the_elements() {
    let mean = |list: &[f64]| list.iter().sum::<f64>() / list.len() as f64;
    let folds: [Fold; 4] = [
        ("mean", |x, axes| x.mean(axes), mean),
        (
            "max",
            |x, axes| x.max(axes),
            |list| list.iter().fold(f64::NEG_INFINITY, |m, &x| m.max(x)),
        ),
        ("min", |x, axes| x.min(axes), |list| list.iter().fold(f64::INFINITY, |m, &x| m.min(x))),
        ("prod", |x, axes| x.prod(axes), |list| list.iter().product()),
    ];
    check(|draw| {
        let (name, fold, of_list) = draw.of(&folds);
        let dims = draw.sizes(0..=4);
        let axes = draw.some_of(dims.len());
        let named = written(draw, &axes, dims.len());
        let x = if name == "prod" {
            // Whatever the order, all products are exact.
            let two = draw.of(&[F64, S64]);
            draw.numbers(two, &dims).map(|x| [1.0, -1.0, 2.0, 0.0][x.abs() as usize % 4])
        } else {
            draw.distinct(1.0, F64, &dims)
        };
        Case::new(
            format!("the {name} of {dims:?} over {named:?}"),
            [x],
            move |_, x| vec![fold(x[0], (&named[..]).into())],
            move |x| vec![folded(&x[0], &axes, of_list)],
        )
    });
}

#[test]
fn the_variance_is_the_mean_square_of_the_distance_from_the_mean() {
    check(|draw| {
        let dims = draw.sizes(1..=3);
        let axes = draw.some_of(dims.len());
        let named = written(draw, &axes, dims.len());
        Case::new(
            format!("the variance of {dims:?} over {named:?}"),
            [draw.reals(&dims)],
            move |_, x| vec![x[0].variance(&named[..])],
            move |x| {
                vec![folded(&x[0], &axes, |list| {
                    let count = list.len() as f64;
                    let mean = list.iter().sum::<f64>() / count;
                    list.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / count
                })]
            },
        )
        .smooth()
    });
}

#[test]
fn any_and_all_ask_every_element() {
    check(|draw| {
        let dims = draw.dims(0..=4);
        let axes = draw.some_of(dims.len());
        let named = written(draw, &axes, dims.len());
        let x = draw.numbers(F64, &dims).map(|x| f64::from(x.abs() >= 2.0));
        Case::new(
            format!("any and all of {dims:?} over {named:?}"),
            [Array { dtype: Bool, ..x }],
            move |_, x| vec![x[0].any(&named[..]), x[0].all(&named[..])],
            move |x| {
                let of =
                    |fold: fn(&[f64]) -> bool| folded(&x[0], &axes, |list| f64::from(fold(list)));
                vec![of(|list| list.contains(&1.0)), of(|list| !list.contains(&0.0))]
            },
        )
    });
}

#[test]
fn a_reduction_folds_with_any_body() {
    check(|draw| {
        let dims = draw.sizes(0..=3);
        let axes = draw.some_of(dims.len());
        let named = written(draw, &axes, dims.len());
        // (1 + a)(1 + b) − 1: whatever the order, exact.
        let x = draw.numbers(F64, &dims).map(|x| [0.0, 1.0, -1.0, -2.0][x.abs() as usize % 4]);
        Case::new(
            format!("{dims:?} over {named:?} with a + b + a·b"),
            [x],
            move |t, x| {
                let zero = t.constant(0, F64);
                vec![hlo::reduce(x[0], zero, &named[..], |a, b| a + b + a * b)]
            },
            move |x| {
                vec![folded(&x[0], &axes, |list| {
                    list.iter().map(|x| 1.0 + x).product::<f64>() - 1.0
                })]
            },
        )
    });
}

#[test]
fn a_reduction_of_two_tensors_keeps_what_belongs_together() {
    check(|draw| {
        let dims = draw.sizes(1..=3);
        let axes = draw.some_of(dims.len());
        let named = written(draw, &axes, dims.len());
        let inputs = [draw.distinct(1.0, F64, &dims), draw.numbers(S64, &dims)];
        Case::new(
            format!("the largest of {dims:?} over {named:?} and its companion"),
            inputs,
            move |t, x| {
                let init = (t.constant(f64::NEG_INFINITY, F64), t.constant(0, S64));
                let (best, with) = hlo::reduce((x[0], x[1]), init, &named[..], |a, b| {
                    let larger = a.0.greater(b.0);
                    (larger.select(a.0, b.0), larger.select(a.1, b.1))
                });
                vec![best, with]
            },
            move |x| {
                let pairs = Array {
                    values: (0..x[0].values.len()).map(|i| i as f64).collect(),
                    ..x[0].clone()
                };
                let best = folded(&pairs, &axes, |list| {
                    let of = |&i: &f64| x[0].values[i as usize];
                    let by_value = |a: &f64, b: &f64| of(a).total_cmp(&of(b));
                    list.iter().copied().max_by(by_value).expect("at least one")
                });
                let of = |y: &Array| Array { dtype: y.dtype, ..best.map(|i| y.values[i as usize]) };
                vec![of(&x[0]), of(&x[1])]
            },
        )
        .without_gradient()
    });
}

#[test]
fn the_largest_element_stands_where_argmax_says() {
    check(|draw| {
        let dims = draw.sizes(1..=3);
        let axis = draw.below(dims.len());
        let named = draw.written(axis, dims.len());
        let dtype = draw.dtype();
        Case::new(
            format!("argmax of {dims:?} along {named}"),
            [draw.numbers(dtype, &dims)],
            move |_, x| vec![x[0].argmax(named).expand_dims(named).to(x[0].dtype())],
            move |x| {
                let first = |row: &[f64]| {
                    let most = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                    vec![row.iter().position(|&x| x == most).expect("it is there") as f64]
                };
                let found = x[0].map_rows(axis, first);
                assert_eq!(found.dims, with(&x[0].dims, axis, 1));
                vec![found]
            },
        )
        .without_gradient()
    });
}

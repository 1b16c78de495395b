//! Element by element, and what is made of that along an axis.

use hlo::DType::{Bool, F64, S32};
use hlo::Tensor;

use super::array::{Array, places};
use super::broadcasting::{broadcast, shapes};
use super::case::{Case, check};

#[test]
fn operators_broadcast_their_operands() {
    type Operator =
        (&'static str, for<'t> fn(Tensor<'t>, Tensor<'t>) -> Tensor<'t>, fn(f64, f64) -> f64);
    let operators: [Operator; 6] = [
        ("+", |a, b| a + b, |a, b| a + b),
        ("-", |a, b| a - b, |a, b| a - b),
        ("*", |a, b| a * b, |a, b| a * b),
        ("maximum", |a, b| a.maximum(b), f64::max),
        ("minimum", |a, b| a.minimum(b), f64::min),
        ("less", |a, b| a.less(b).select(a, b * 3), |a, b| if a < b { a } else { b * 3.0 }),
    ];
    check(|draw| {
        let (name, operator, of_two) = draw.of(&operators);
        let [lhs, rhs, result] = shapes(draw, 4);
        let dtype = draw.of(&[F64, F64, S32]);
        // Even and odd: none equals another.
        let inputs = [
            draw.numbers(dtype, &lhs).map(|x| 2.0 * x),
            draw.numbers(dtype, &rhs).map(|x| 2.0 * x + 1.0),
        ];
        Case::new(
            format!("{dtype}{lhs:?} {name} {rhs:?}"),
            inputs,
            move |_, x| vec![operator(x[0], x[1])],
            move |x| {
                vec![x[0].like(&result[..], |place| {
                    of_two(broadcast(&x[0], place), broadcast(&x[1], place))
                })]
            },
        )
    });
}

#[test]
fn a_choice_broadcasts_its_three_operands() {
    check(|draw| {
        let [lhs, rhs, result] = shapes(draw, 4);
        let count = draw.below(result.len() + 1);
        let condition = result[count..].to_vec();
        let flags = draw.numbers(S32, &condition).map(|x| f64::from(x > 0.0));
        let inputs =
            [Array { dtype: Bool, ..flags }, draw.numbers(F64, &lhs), draw.numbers(F64, &rhs)];
        Case::new(
            format!("{condition:?} chooses from {lhs:?} and {rhs:?}"),
            inputs,
            move |_, x| vec![x[0].select(x[1], x[2])],
            move |x| {
                vec![x[1].like(&result[..], |place| match broadcast(&x[0], place) == 1.0 {
                    true => broadcast(&x[1], place),
                    false => broadcast(&x[2], place),
                })]
            },
        )
    });
}

#[test]
fn the_functions_of_logits_have_their_closed_forms() {
    check(|draw| {
        let dims = draw.sizes(1..=4);
        let axis = draw.below(dims.len());
        let named = draw.written(axis, dims.len());
        Case::new(
            format!("softmax of {dims:?} along {named}"),
            [draw.reals(&dims)],
            move |_, x| {
                let log_sum_exp = x[0].logsumexp(named).expand_dims(named);
                vec![x[0].softmax(named), x[0].log_softmax(named), log_sum_exp]
            },
            move |x| {
                let sum = |row: &[f64]| row.iter().map(|x| x.exp()).sum::<f64>();
                vec![
                    x[0].map_rows(axis, |row| row.iter().map(|x| x.exp() / sum(row)).collect()),
                    x[0].map_rows(axis, |row| row.iter().map(|x| x - sum(row).ln()).collect()),
                    x[0].map_rows(axis, |row| vec![sum(row).ln()]),
                ]
            },
        )
        .smooth()
    });
}

#[test]
fn a_class_is_one_where_it_is_named() {
    check(|draw| {
        let dims = draw.dims(0..=3);
        let classes = draw.within(1..=6);
        let dtype = draw.index_dtype();
        let logits = draw.numbers(F64, &[&dims[..], &[classes]].concat());
        Case::new(
            format!("{classes} classes for {dtype}{dims:?}"),
            [draw.numbers(dtype, &dims), logits],
            move |_, x| vec![x[0].one_hot(classes, F64), x[1].pick(x[0])],
            move |x| {
                let shape = [&x[0].dims[..], &[classes]].concat();
                let class = x[0].dims.len();
                let one_hot = Array::new(F64, shape, |place| {
                    f64::from(x[0].at(&place[..class]) == place[class] as f64)
                });
                let picked = x[1].like(&x[0].dims[..], |place| {
                    let named = x[0].at(place) as i64;
                    let place: Vec<_> = place.iter().map(|&at| at as i64).chain([named]).collect();
                    x[1].get(&place).unwrap_or(0.0)
                });
                vec![one_hot, picked]
            },
        )
    });
}

#[test]
fn normalised_elements_have_no_mean_and_a_spread_of_one() {
    const EPSILON: f64 = 0.01;
    check(|draw| {
        let groups = draw.within(1..=2);
        let dims = [draw.sizes(1..=3), vec![groups * draw.within(2..=3)]].concat();
        let axis = dims.len() - 1;
        let features = dims[axis];
        let inputs = [draw.reals(&dims), draw.reals(&[features]), draw.reals(&[features])];
        Case::new(
            format!("{dims:?} normalised, in {groups} groups"),
            inputs,
            move |_, x| {
                vec![
                    x[0].layer_norm(x[1], x[2], EPSILON),
                    x[0].rms_norm(x[1], EPSILON),
                    x[0].group_norm(groups, x[1], x[2], EPSILON),
                ]
            },
            move |x| {
                let mean = |list: &[f64]| list.iter().sum::<f64>() / list.len() as f64;
                let square = |list: &[f64]| mean(&list.iter().map(|x| x * x).collect::<Vec<_>>());
                let normal = |list: &[f64]| -> Vec<f64> {
                    let centred: Vec<_> = list.iter().map(|x| x - mean(list)).collect();
                    let spread = (square(&centred) + EPSILON).sqrt();
                    centred.iter().map(|x| x / spread).collect()
                };
                let (scale, bias) = (&x[1].values, &x[2].values);
                let layer = x[0].map_rows(axis, |row| {
                    let row = normal(row).into_iter().enumerate();
                    row.map(|(i, y)| y * scale[i] + bias[i]).collect()
                });
                let rms = x[0].map_rows(axis, |row| {
                    let size = (square(row) + EPSILON).sqrt();
                    row.iter().enumerate().map(|(i, y)| y / size * scale[i]).collect()
                });
                let mut grouped = x[0].clone();
                let width = features / groups;
                for (example, group) in places(&[dims[0], groups]).iter().map(|at| (at[0], at[1])) {
                    let all = places(&dims).into_iter();
                    let own: Vec<_> =
                        all.filter(|at| at[0] == example && at[axis] / width == group).collect();
                    let values: Vec<_> = own.iter().map(|at| x[0].at(at)).collect();
                    for (at, y) in own.iter().zip(normal(&values)) {
                        let i = at[axis];
                        *grouped.at_mut(at) = y * scale[i] + bias[i];
                    }
                }
                vec![layer, rms, grouped]
            },
        )
        .smooth()
    });
}

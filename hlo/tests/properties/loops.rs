//! Loops and branches.

use hlo::DType::{F64, S32};

use super::array::Array;
use super::case::{Case, check};

#[test]
fn a_scan_carries_from_turn_to_turn_and_stacks_what_each_gives() {
    check(|draw| {
        let (length, width) = (draw.below(5), draw.within(1..=3));
        let reverse = draw.flag();
        // Small, for what is carried to stay exact: h becomes a·h + x·w.
        let inputs = [
            draw.numbers_up_to(2, F64, &[width]),
            draw.numbers_up_to(2, F64, &[length, width]),
            draw.numbers_up_to(2, F64, &[length]),
            draw.numbers_up_to(2, F64, &[width]),
        ];
        Case::new(
            format!("{length} turns over {width}, from the last: {reverse}"),
            inputs,
            move |_, x| {
                let (init, rows, factors, w) = (x[0], x[1], x[2], x[3]);
                let turn = |h, (row, factor)| {
                    let next = factor * h + row * w;
                    (next, h + next)
                };
                let (last, stacked) = match reverse {
                    true => hlo::scan_reverse(init, (rows, factors), turn),
                    false => hlo::scan(init, (rows, factors), turn),
                };
                vec![last, stacked]
            },
            move |x| {
                let mut h = x[0].values.clone();
                let mut stacked = x[1].clone();
                let mut turns: Vec<_> = (0..length).collect();
                if reverse {
                    turns.reverse();
                }
                for turn in turns {
                    for (i, h) in h.iter_mut().enumerate() {
                        let old = *h;
                        *h = x[2].values[turn] * old + x[1].at(&[turn, i]) * x[3].values[i];
                        *stacked.at_mut(&[turn, i]) = old + *h;
                    }
                }
                vec![x[0].like([width], |at| h[at[0]]), stacked]
            },
        )
    });
}

#[test]
fn a_loop_runs_as_long_as_its_condition_holds() {
    check(|draw| {
        let dims = draw.sizes(0..=2);
        let limit = draw.below(12) as i32;
        let inputs = [draw.numbers(F64, &dims), draw.numbers(S32, &[])];
        Case::new(
            format!("{dims:?} doubled until the count reaches {limit}"),
            inputs,
            move |_, x| {
                let (y, count) = hlo::while_loop(
                    (x[0], x[1]),
                    |(_, count)| count.less(limit),
                    |(y, count)| (y * 2.0, count + 3),
                );
                vec![y, count]
            },
            move |x| {
                let (mut y, mut count) = (x[0].clone(), x[1].values[0]);
                while count < f64::from(limit) {
                    y = y.map(|y| y * 2.0);
                    count += 3.0;
                }
                vec![y, x[1].map(|_| count)]
            },
        )
        // The number of turns is known to nobody beforehand.
        .without_gradient()
    });
}

#[test]
fn only_the_branch_that_is_chosen_counts() {
    check(|draw| {
        let dims = draw.sizes(0..=2);
        let inputs = [draw.numbers(F64, &dims), draw.numbers(F64, &dims), draw.numbers(S32, &[])];
        Case::new(
            format!("branches over {dims:?} by {:?}", inputs[2].values),
            inputs,
            move |_, x| {
                let (a, b, index) = (x[0], x[1], x[2]);
                let chosen = hlo::switch(index, &[&|| a * b, &|| a + 3.0, &|| b - a]);
                let (c, d) = hlo::cond(index.greater(0), || (a, b * 2.0), || (b, a * b));
                vec![chosen, c, d]
            },
            move |x| {
                let index = x[2].values[0];
                let pairs = |f: fn(f64, f64) -> f64| {
                    let values = x[0].values.iter().zip(&x[1].values);
                    Array { values: values.map(|(&a, &b)| f(a, b)).collect(), ..x[0].clone() }
                };
                // A number that is out of range chooses the nearest.
                let chosen = match index.clamp(0.0, 2.0) as usize {
                    0 => pairs(|a, b| a * b),
                    1 => pairs(|a, _| a + 3.0),
                    _ => pairs(|a, b| b - a),
                };
                let (c, d) = match index > 0.0 {
                    true => (pairs(|a, _| a), pairs(|_, b| b * 2.0)),
                    false => (pairs(|_, b| b), pairs(|a, b| a * b)),
                };
                vec![chosen, c, d]
            },
        )
    });
}

//! Loops, branches, checkpoints and gradients of the user's own: values in closed form, gradients
//! against the same function unrolled by hand.

mod support;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::{panic, thread};

use hlo::DType::{Bool, F32, F64, S32};
use hlo::{Convolution, Padding, Tensor, Trace, Tree, Window};
use insta::assert_snapshot;
use pjrt::HostArray;
use support::{array, declare, evaluate, values};

/// A function of tensors with several results.
type Function = for<'t> fn(&'t Trace, &[Tensor<'t>]) -> Vec<Tensor<'t>>;

fn numbers(dims: &[usize], seed: u32) -> HostArray {
    let golden = 0.5 * (5f64.sqrt() - 1.0);
    let count: usize = dims.iter().product();
    let number = |i: usize| (f64::from(seed) * 0.37 + (i + 1) as f64 * golden).fract() * 1.5 - 0.7;
    array(dims, &(0..count).map(number).collect::<Vec<_>>())
}

/// A scalar of all results, none of which counts as another.
fn scalar<'t>(results: &[Tensor<'t>]) -> Tensor<'t> {
    let weighted = results.iter().filter(|result| result.dtype() == F64).map(|result| {
        let count = result.shape().elements();
        let weights = (result.trace().iota(F64, [count], 0) * 2.3 + 1.0).cos() + 1.5;
        (*result * weights.reshape(result.shape()) * *result).sum(..)
    });
    weighted.reduce(|sum, part| sum + part).expect("a result")
}

/// Two functions have the same values, gradients, and gradients of gradients.
#[track_caller]
fn assert_same(inputs: &[HostArray], function: Function, reference: Function) {
    let record = |function: Function| {
        move |t: &Trace| {
            let x = declare(t, inputs);
            let floats: Vec<_> = x.iter().copied().filter(|x| x.dtype() == F64).collect();
            let results = function(t, &x);
            let first = hlo::grad(scalar(&results), floats.clone());
            let second = hlo::grad(scalar(&first), floats);
            for (i, tensor) in results.into_iter().chain(first).chain(second).enumerate() {
                t.output(&i.to_string(), tensor);
            }
        }
    };
    let got = evaluate(record(function), inputs);
    let expected = evaluate(record(reference), inputs);
    assert_eq!(got.len(), expected.len());
    for (i, (got, expected)) in got.iter().zip(&expected).enumerate() {
        assert_eq!((got.dims(), got.dtype()), (expected.dims(), expected.dtype()));
        if got.dtype().name() != "f64" {
            assert_eq!(got.bytes(), expected.bytes(), "result {i}");
            continue;
        }
        let largest = values::<f64>(expected).iter().fold(1.0, |max: f64, x| max.max(x.abs()));
        for (got, expected) in values::<f64>(got).iter().zip(values::<f64>(expected)) {
            assert!((got - expected).abs() <= 1e-12 * largest, "result {i}: {got} {expected}");
        }
    }
}

/// A layer of a recurrent network that uses a tensor from outside, a count and several outputs.
fn cell<'t>(
    outside: Tensor<'t>,
    (h, n): (Tensor<'t>, Tensor<'t>),
    (x, w): (Tensor<'t>, Tensor<'t>),
) -> ((Tensor<'t>, Tensor<'t>), Vec<Tensor<'t>>) {
    let gate = (x * outside).logistic();
    let next = gate * h + (1.0 - gate) * (h.matmul(w) + x).tanh();
    ((next, n + 1), vec![next * gate, n, next.sum(..)])
}

fn cell_inputs() -> Vec<HostArray> {
    vec![
        numbers(&[2, 3], 1),
        array(&[], &[0i32]),
        numbers(&[4, 2, 3], 2),
        numbers(&[4, 3, 3], 3),
        numbers(&[3], 4),
    ]
}

fn unrolled<'t>(x: &[Tensor<'t>], order: &[usize]) -> Vec<Tensor<'t>> {
    let mut carry = (x[0], x[1]);
    let mut outputs = vec![vec![]; 3];
    let at = |tensor: Tensor<'t>, i: usize| {
        let shape = tensor.shape();
        tensor.slice(0, i..i + 1).reshape(&shape[1..])
    };
    let mut made: Vec<_> = vec![None; order.len()];
    for &i in order {
        let (next, output) = cell(x[4], carry, (at(x[2], i), at(x[3], i)));
        carry = next;
        made[i] = Some(output);
    }
    for output in made.into_iter().flatten() {
        for (list, tensor) in outputs.iter_mut().zip(output) {
            list.push(tensor.expand_dims(0));
        }
    }
    let t = x[0].trace();
    let stacked = outputs.into_iter().map(|list| t.concatenate(&list, 0));
    carry.tensors().into_iter().chain(stacked).collect()
}

#[test]
fn a_scan_is_its_turns_one_after_the_other() {
    let scan: Function = |_, x| {
        let (carry, outputs) =
            hlo::scan((x[0], x[1]), (x[2], x[3]), |carry, input| cell(x[4], carry, input));
        carry.tensors().into_iter().chain(outputs).collect()
    };
    assert_same(&cell_inputs(), scan, |_, x| unrolled(x, &[0, 1, 2, 3]));
}

#[test]
fn a_scan_in_reverse_begins_with_the_last_element() {
    let scan: Function = |_, x| {
        let (carry, outputs) =
            hlo::scan_reverse((x[0], x[1]), (x[2], x[3]), |carry, input| cell(x[4], carry, input));
        carry.tensors().into_iter().chain(outputs).collect()
    };
    assert_same(&cell_inputs(), scan, |_, x| unrolled(x, &[3, 2, 1, 0]));
}

#[test]
fn a_checkpoint_changes_neither_values_nor_gradients() {
    let scan: Function = |_, x| {
        let (carry, outputs) = hlo::scan((x[0], x[1]), (x[2], x[3]), |carry, input| {
            hlo::checkpoint((carry, input), |(carry, input)| cell(x[4], carry, input))
        });
        carry.tensors().into_iter().chain(outputs).collect()
    };
    assert_same(&cell_inputs(), scan, |_, x| unrolled(x, &[0, 1, 2, 3]));
    let nested: Function = |_, x| {
        vec![hlo::checkpoint(x[0], |y| {
            hlo::checkpoint(y.tanh(), |y| (y * x[1]).sin()) * hlo::checkpoint((), |()| x[1])
        })]
    };
    let inputs = [numbers(&[3], 1), numbers(&[3], 2)];
    assert_same(&inputs, nested, |_, x| vec![(x[0].tanh() * x[1]).sin() * x[1]]);
}

#[test]
fn a_scan_in_a_scan_has_gradients() {
    let nested: Function = |_, x| {
        let (last, sums) = hlo::scan(x[0], x[1], |a, row| {
            let (b, products) = hlo::scan(a * x[2], row, |b, element| {
                let b = (b * element + a).tanh();
                (b, b * x[2])
            });
            (b, products.sum(..) + a)
        });
        vec![last, sums]
    };
    let by_hand: Function = |t, x| {
        let at = |i: i32, j: i32| {
            x[1].slice(0, i as usize..i as usize + 1)
                .slice(1, j as usize..j as usize + 1)
                .reshape([])
        };
        let (mut a, mut sums) = (x[0], vec![]);
        for i in 0..3 {
            let (mut b, mut sum) = (a * x[2], a);
            for j in 0..2 {
                b = (b * at(i, j) + a).tanh();
                sum = sum + b * x[2];
            }
            a = b;
            sums.push(sum.reshape([1]));
        }
        vec![a, t.concatenate(&sums, 0)]
    };
    let inputs = [numbers(&[], 1), numbers(&[3, 2], 2), numbers(&[], 3)];
    assert_same(&inputs, nested, by_hand);
}

#[test]
fn a_scan_of_nothing_returns_its_beginning() {
    let x = [array(&[2], &[1.0, 2.0]), array(&[0, 3], &[0f64; 0])];
    let record = |t: &Trace| {
        let x = declare(t, &x);
        let (carry, outputs) = hlo::scan(x[0], x[1], |c, x| (c * x.sum(..), (x, c)));
        t.output("carry", carry);
        t.output("x", outputs.0);
        t.output("c", outputs.1);
        t.output("gradient", hlo::grad(carry.sum(..), x[0]));
    };
    let results = evaluate(record, &x);
    assert_eq!(values::<f64>(&results[0]), [1.0, 2.0]);
    assert_eq!((results[1].dims(), results[2].dims()), (&[0, 3][..], &[0, 2][..]));
    assert_eq!(values::<f64>(&results[3]), [1.0, 1.0]);
}

#[test]
fn a_branch_has_the_values_and_gradients_of_what_it_runs() {
    let conditional: Function = |_, x| {
        let (a, b) = hlo::cond(
            x[0].sum(..).greater(0.0),
            || ((x[0] * x[1]).sin(), x[1].exp()),
            || (x[0].tanh(), x[0] * x[0]),
        );
        vec![a, b]
    };
    let second = [array(&[2], &[-1.5, 0.5]), numbers(&[2], 2)];
    assert_same(&second, conditional, |_, x| vec![x[0].tanh() + 0.0 * x[1], x[0] * x[0]]);
    let first = [array(&[2], &[1.5, 0.5]), numbers(&[2], 2)];
    assert_same(&first, conditional, |_, x| vec![(x[0] * x[1]).sin(), x[1].exp()]);
}

#[test]
fn a_branch_that_keeps_all_its_reverse_pass_needs_has_a_second_gradient() {
    // The exponential's gradient is made of its result alone.
    let conditional: Function =
        |_, x| vec![hlo::cond(x[0].sum(..).greater(0.0), || x[0].exp() * x[0].exp(), || x[0])];
    assert_same(&[array(&[2], &[1.5, 0.5])], conditional, |_, x| vec![(x[0] * 2.0).exp()]);
}

#[test]
fn a_switch_runs_the_branch_of_its_number_and_the_nearest_beyond() {
    let switch: Function =
        |_, x| vec![hlo::switch(x[0], &[&|| x[1].sin(), &|| x[1] * x[2], &|| x[2].exp()])];
    let inputs = |i: i32| [array(&[], &[i]), numbers(&[3], 1), numbers(&[3], 2)];
    for i in [-7, 0] {
        assert_same(&inputs(i), switch, |_, x| vec![x[1].sin()]);
    }
    assert_same(&inputs(1), switch, |_, x| vec![x[1] * x[2]]);
    for i in [2, 9] {
        assert_same(&inputs(i), switch, |_, x| vec![x[2].exp()]);
    }
}

#[test]
fn a_branch_in_a_scan_in_a_branch_has_gradients() {
    let nested: Function = |t, x| {
        let zero = t.constant(0.0, F64);
        let result = hlo::cond(
            x[0].less(100.0),
            || {
                hlo::scan(x[0], x[1], |c, x| {
                    let next = hlo::cond(x.greater(0.0), || c * x + x, || (c - x).sin());
                    (next, next * next)
                })
            },
            || (zero, x[1]),
        );
        vec![result.0, result.1]
    };
    let by_hand: Function = |t, x| {
        let (mut c, mut outputs) = (x[0], vec![]);
        for i in 0..5 {
            let x = x[1].slice(0, i..i + 1).reshape([]);
            c = x.greater(0.0).select(c * x + x, (c - x).sin());
            outputs.push((c * c).reshape([1]));
        }
        vec![c, t.concatenate(&outputs, 0)]
    };
    assert_same(&[numbers(&[], 3), numbers(&[5], 4)], nested, by_hand);
}

#[test]
fn a_loop_runs_while_its_condition_holds() {
    let x = [array(&[], &[1000i32])];
    let record = |t: &Trace| {
        // The number of steps of the sequence of Collatz from 1000, which is 111.
        let one = t.constant(1, S32);
        let init = (declare(t, &x)[0], t.constant(0, S32));
        let (n, steps) = hlo::while_loop(
            init,
            |(n, _)| n.not_equal(one),
            |(n, steps)| {
                let odd = (n & 1).equal(1);
                (hlo::cond(odd, || n * 3 + 1, || n / 2), steps + 1)
            },
        );
        t.output("n", n);
        t.output("steps", steps);
    };
    let results = evaluate(record, &x);
    assert_eq!((values::<i32>(&results[0])[0], values::<i32>(&results[1])[0]), (1, 111));
}

#[test]
fn a_gradient_of_one_s_own_replaces_that_of_the_function() {
    let x = [array(&[3], &[-1.0, 0.5, 2.0])];
    let record = |t: &Trace| {
        let x = declare(t, &x)[0];
        let [y, z] = hlo::custom_vjp(
            [x],
            |[x]| ([x.exp(), x * 2.0], [x]),
            |[x], [dy, dz]| [dy * x * 10.0 + dz],
        );
        let dx = hlo::grad((y + 3.0 * z).sum(..), x);
        t.output("y", y);
        t.output("dx", dx);
        t.output("ddx", hlo::grad(dx.sum(..), x));
    };
    let results = evaluate(record, &x);
    for (got, x) in values::<f64>(&results[0]).into_iter().zip([-1.0, 0.5, 2.0]) {
        assert!((got / f64::exp(x) - 1.0).abs() < 1e-15);
    }
    assert_eq!(values::<f64>(&results[1]), [-7.0, 8.0, 23.0]);
    assert_eq!(values::<f64>(&results[2]), [10.0; 3]);
}

#[test]
fn a_checkpoint_survives_the_compiler() {
    // Kept, the insides of twenty layers take 20 · 64 · 1024 numbers.
    fn deep<'t>(t: &'t Trace, remade: bool) {
        let (x, w) = (t.input("x", F32, [64, 64]), t.input("w", F32, [64, 1024]));
        let layer = |y: Tensor<'t>| y.matmul(w).tanh().matmul(w.transpose([1, 0])).tanh();
        let again = |y: Tensor<'t>| hlo::checkpoint(y, layer);
        let y = (0..20).fold(x, |y, _| if remade { again(y) } else { layer(y) });
        t.output("dx", hlo::grad(y.sum(..), x));
    }
    let temporary = |remade: bool| {
        let program = hlo::trace("deep", |t| deep(t, remade)).unwrap();
        support::compile(&program).memory_stats().unwrap().temp_bytes
    };
    let (kept, remade) = (temporary(false), temporary(true));
    assert!(kept > 20 * 64 * 1024 * 4 && remade < kept / 3, "{kept} {remade}");
}

#[test]
fn a_function_that_is_called_is_what_stands_in_it() {
    let called: Function = |t, x| {
        let inner = t.function("inner", x[0], |x| (x.sin() * x).exp());
        let layer = t.function("layer", (x[0], x[1]), |(x, w)| {
            let y = inner.call(x) * w;
            (y.tanh(), inner.call(y))
        });
        let (a, b) = layer.call((x[0], x[1]));
        let (c, _) = layer.call((b, x[1]));
        vec![a, c]
    };
    let by_hand: Function = |_, x| {
        let y = (x[0].sin() * x[0]).exp() * x[1];
        let b = (y.sin() * y).exp();
        vec![y.tanh(), ((b.sin() * b).exp() * x[1]).tanh()]
    };
    assert_same(&[numbers(&[3], 1), numbers(&[3], 2)], called, by_hand);
}

#[test]
fn a_function_made_in_another_one_is_called_outside_of_it_too() {
    let called: Function = |t, x| {
        let mut inner = None;
        let outer = t.function("outer", x[0], |x| {
            inner.insert(t.function("inner", x, |x| x.sin() * x)).call(x).exp()
        });
        let outside = outer.call(x[0]);
        vec![outside, inner.expect("recorded with the outer one").call(x[0])]
    };
    let by_hand: Function = |_, x| {
        let y = x[0].sin() * x[0];
        vec![y.exp(), y]
    };
    assert_same(&[numbers(&[3], 1)], called, by_hand);
}

#[test]
fn what_no_call_needs_is_not_in_a_function() {
    let program = hlo::trace("calls", |t| {
        let x = t.input("x", F64, [3]);
        let f = t.function("f", x, |x| (x.sin(), x.cos()));
        let (sin, _) = f.call(x);
        // A gradient that nobody uses leaves nothing behind.
        let _ = hlo::grad(f.call(sin).1.sum(..), x);
        t.output("y", f.call(sin).0);
    });
    let text = program.unwrap().text();
    assert!(!text.contains("cosine") && !text.contains("vjp"), "{text}");
    assert_eq!(text.matches("func.call @f").count(), 2, "{text}");
}

#[test]
fn a_switch_without_branches_is_a_mistake_like_any_other() {
    // Not even a line on the standard error, which the hook writes.
    static PANICS: AtomicUsize = AtomicUsize::new(0);
    let (this, print) = (thread::current().id(), panic::take_hook());
    panic::set_hook(Box::new(move |info| {
        if thread::current().id() == this {
            PANICS.fetch_add(1, Ordering::Relaxed);
        }
        print(info);
    }));
    let error = support::mistake(include_str!("control_flow.rs"), |t| {
        let index = t.input("index", S32, []);
        t.output("y", hlo::switch(index, &[])); // mistake
    });
    assert_snapshot!(error, @"switch(i32[]): a switch has at least one branch");
    assert_eq!(PANICS.load(Ordering::Relaxed), 0);
}

#[test]
fn mistakes_in_loops_and_branches_say_what_must_agree() {
    let mistake = |record: &dyn for<'t> Fn(&'t Trace)| {
        support::mistake(include_str!("control_flow.rs"), |t| record(t))
    };
    let error = mistake(&|t| {
        let (x, rows) = (t.input("x", F32, [4]), t.input("rows", F32, [8, 4]));
        let (y, ()) = hlo::scan(x, rows, |sum, row| ((sum * row).sum(..), ())); // mistake
        t.output("y", y);
    });
    assert_snapshot!(error, @"scan(f32[4], f32[8, 4]): the body of a loop must return what it got: tensor 0 of the carry was f32[4] and becomes f32[]");
    let error = mistake(&|t| {
        let (x, rows) = (t.input("x", F32, [4]), t.input("rows", F32, [8, 4]));
        let _ = hlo::scan(x, (rows, x), |sum, (row, _)| (sum * row, ())); // mistake
    });
    assert_snapshot!(error, @"scan(f32[4], f32[8, 4], f32[4]): a scan needs inputs of equal length: the first axis has 8 and 4");
    let error = mistake(&|t| {
        let (x, many) = (t.input("x", F32, [4]), t.input("many", Bool, [3_221_225_472]));
        let _ = hlo::scan(x, many, |sum, _| (sum * 2.0, ())); // mistake
    });
    assert_snapshot!(error, @"scan(f32[4], i1[3221225472]): a scan makes fewer than 2^31 turns, got 3221225472");
    let error = mistake(&|t| {
        let x = t.input("x", F32, [4]);
        let mut inner = x;
        let _ = hlo::cond(
            x.sum(..).less(3.0),
            || {
                inner = x * 2.0;
                inner
            },
            || x,
        );
        let _ = hlo::grad(x.sum(..), inner); // mistake
    });
    assert_snapshot!(error, @"grad(f32[4]): an operand was made in a branch, which has ended: return it from there to use it outside");
    let error = mistake(&|t| {
        let x = t.input("x", F32, [4]);
        let _ = hlo::scan(x, (), |sum, ()| (sum * 2.0, ())); // mistake
    });
    assert_snapshot!(error, @"scan(f32[4]): a scan has at least one input: their length is the number of its turns");
    let error = mistake(&|t| {
        let x = t.input("x", F32, [4]);
        let ((), y) = hlo::scan((), (), |(), ()| ((), x * 2.0)); // mistake
        t.output("y", y);
    });
    assert_snapshot!(error, @"scan(): a scan has at least one input: their length is the number of its turns");
    let error = mistake(&|t| {
        let x = t.input("x", F32, [4]);
        let _ = hlo::while_loop(x, |x| x.less(3.0), |x| x + 1.0); // mistake
    });
    assert_snapshot!(error, @"while(f32[4]): the condition of a loop must return (i1[]), got (i1[4])");
    let error = mistake(&|t| {
        let x = t.input("x", F32, []);
        let y = hlo::while_loop(x, |x| x.less(3.0), |x| x + 1.0); // mistake
        let _ = hlo::grad(y, x);
    });
    assert_snapshot!(error, @"while(f32[]): has no gradient: a loop keeps nothing of its turns, whose number is not known: use `scan`, whose is; `stop_gradient` takes it for a constant, `custom_vjp` gives it one");
    let error = mistake(&|t| {
        let x = t.input("x", F32, [4]);
        let _ = hlo::cond(x.sum(..).less(3.0), || x, || x.sum(..)); // mistake
    });
    assert_snapshot!(error, @"if(i1[]): all branches must return the same types: tensor 0 is f32[4] in branch 0 and f32[] in branch 1");
    let error = mistake(&|t| {
        let x = t.input("x", F32, [4]);
        let _ = hlo::cond(x.less(3.0), || x, || -x); // mistake
    });
    assert_snapshot!(error, @"if(i1[4]): the predicate must be i1[], got i1[4]");
    let error = mistake(&|t| {
        let (x, rows) = (t.input("x", F32, [4]), t.input("rows", F32, [8, 4]));
        let mut kept = x;
        let _ = hlo::scan(x, rows, |sum, row| {
            kept = sum * row;
            (kept, ())
        });
        t.output("y", kept + 1.0); // mistake
    });
    assert_snapshot!(error, @"add(f32[4], f32[4]): an operand was made in the body of a scan, which has ended: return it from there to use it outside");
    let error = mistake(&|t| {
        let x = t.input("x", F32, [4]);
        let f = t.function("f", x, |y| y + x); // mistake
        t.output("y", f.call(x));
    });
    assert_snapshot!(error, @"add(f32[4], f32[4]): a function may only use its own arguments and constants, not a tensor made outside");
    let error = mistake(&|t| {
        let x = t.input("x", F32, [4]);
        let f = t.function("f", x, |y| y + 1.0);
        t.output("y", f.call(x.sum(..))); // mistake
    });
    assert_snapshot!(error, @"call(f32[]): argument 0 of the function is f32[4], got f32[]");
    let error = mistake(&|t| {
        let x = t.input("x", F32, [4]);
        let [y] = hlo::custom_vjp([x], |[x]| ([x.exp()], [x]), |[x], [dy]| [(dy * x).sum(..)]); // mistake
        t.output("dx", hlo::grad(y.sum(..), x));
    });
    assert_snapshot!(error, @"custom_vjp(f32[4]): the gradient with respect to input 0 must have the input's type f32[4], got f32[]");
}

#[test]
fn a_gradient_may_be_taken_within_a_loop_and_through_it() {
    let nested: Function = |_, x| {
        let outside = x[0].sin();
        let (w, slopes) = hlo::scan(x[1], x[2], |w, row| {
            let loss = ((w * row - outside).tanh() * outside).sum(..);
            let (dw, slope) = hlo::grad(loss, (w, x[0]));
            (w - 0.1 * dw, slope)
        });
        vec![w, slopes]
    };
    let by_hand: Function = |t, x| {
        let (mut w, mut slopes) = (x[1], vec![]);
        for i in 0..3 {
            let row = x[2].slice(0, i..i + 1).reshape([2]);
            let outside = x[0].sin();
            let tanh = (w * row - outside).tanh();
            let inner = outside * (1.0 - tanh * tanh);
            // By x[0] with w given, however it came about.
            let slope = (tanh - inner) * x[0].cos();
            w = w - 0.1 * inner * row;
            slopes.push(slope.expand_dims(0));
        }
        vec![w, t.concatenate(&slopes, 0)]
    };
    assert_same(&[numbers(&[2], 1), numbers(&[2], 2), numbers(&[3, 2], 3)], nested, by_hand);
}

#[test]
fn a_gradient_of_a_scan_that_would_keep_more_axes_than_tensors_have_is_a_mistake() {
    let error = support::mistake(include_str!("control_flow.rs"), |t| {
        let x = t.input("x", F32, [1, 1, 1, 1, 1, 1, 1, 2]);
        let turns = t.input("turns", F32, [3]);
        let (y, ()) = hlo::scan(x, turns, |x, turn| ((x * turn).sin(), ())); // mistake
        t.output("dx", hlo::grad(y.sum(..), x));
    });
    assert_snapshot!(error, @"gradient of a scan(f32[1, 1, 1, 1, 1, 1, 1, 2]): the rank must be at most 8, got 9");
}

#[test]
fn a_checkpoint_in_a_scan_keeps_only_the_carry() {
    let temporary = |remade: bool| {
        let program = hlo::trace("deep", |t| {
            let (x, w) = (t.input("x", F32, [64, 64]), t.input("w", F32, [64, 1024]));
            let turns = t.iota(S32, [20], 0);
            let (y, ()) = hlo::scan(x, turns, |y, _| {
                let layer = |y| Tensor::matmul(y, w).tanh().matmul(w.transpose([1, 0])).tanh();
                (if remade { hlo::checkpoint(y, layer) } else { layer(y) }, ())
            });
            t.output("dx", hlo::grad(y.sum(..), x));
        });
        support::compile(&program.unwrap()).memory_stats().unwrap().temp_bytes
    };
    let (kept, remade) = (temporary(false), temporary(true));
    assert!(kept > 20 * 64 * 1024 * 4 && remade < kept / 3, "{kept} {remade}");
}

/// A turn made of folds whose gradients fold again.
fn folding_turn<'t>(carry: Tensor<'t>, kernel: Tensor<'t>) -> Tensor<'t> {
    let [width] = carry.dims();
    let products = carry.cumprod(0) * carry.prod(0);
    let pooled = (products + carry).reshape([1, width, 1]).max_pool(&Window::of([2]));
    let convolution = Convolution { padding: Padding::Same, ..Convolution::default() };
    let mixed = pooled.conv(kernel.reshape([3, 1, 1]), &convolution).reshape([width - 1]);
    mixed.pad(mixed.sum(0) / 9.0, [1], [0], [0]).tanh() + carry
}

#[test]
fn folds_windows_and_convolutions_have_gradients_within_loops() {
    let inputs = [numbers(&[5], 1), numbers(&[3, 3], 2)];
    let scan: Function = |_, x| {
        let (carry, ()) = hlo::scan(x[0], x[1], |carry, kernel| (folding_turn(carry, kernel), ()));
        vec![carry]
    };
    let remade: Function = |_, x| {
        let turn = |carry, kernel| {
            (hlo::checkpoint((carry, kernel), |(carry, kernel)| folding_turn(carry, kernel)), ())
        };
        vec![hlo::scan(x[0], x[1], turn).0]
    };
    let unrolled: Function = |_, x| {
        let kernel = |turn| x[1].slice(0, turn..turn + 1).reshape([3]);
        vec![folding_turn(folding_turn(folding_turn(x[0], kernel(0)), kernel(1)), kernel(2))]
    };
    assert_same(&inputs, scan, unrolled);
    assert_same(&inputs, remade, unrolled);
}

//! Functions that a plugin has under a name.

mod support;

use hlo::DType::{F32, S32};
use hlo::{CallConfig, CustomCall, Tensor, Trace, Type};
use support::{array, evaluate, values};

/// XLA's `TopK` sorts; how many elements it returns is a matter of its results.
fn top(t: &Trace, call: &CustomCall) {
    let x = t.input("x", F32, [6]);
    let results = [F32, S32].map(|dtype| Type { dtype, shape: [3].into() });
    let top = t.custom_call(call, &[x], &results);
    t.output("values", top[0]);
    t.output("indices", top[1]);
}

#[test]
fn a_function_of_the_plugin_is_called_by_its_name() {
    let x = [array(&[6], &[0.5f32, 3.0, -1.0, 2.0, 7.0, -4.0])];
    let results = evaluate(|t| top(t, &CustomCall::new("TopK")), &x);
    assert_eq!(values::<f32>(&results[0]), [7.0, 3.0, 2.0]);
    assert_eq!(values::<i32>(&results[1]), [4, 1, 3]);
}

#[test]
fn a_call_is_made_where_nobody_needs_its_results_if_it_does_something_else() {
    let calls = |has_side_effect| {
        let program = hlo::trace("test", |t| {
            let x = t.input("x", F32, [6]);
            let config = CallConfig::Values(vec![]);
            let call = CustomCall { has_side_effect, config, ..CustomCall::new("note") };
            t.custom_call(&call, &[x], &[x.ty()]);
            t.output("x", x);
        });
        program.unwrap().text().matches("\"note\"").count()
    };
    assert_eq!([calls(false), calls(true)], [0, 1]);
}

#[test]
fn regions_and_functions_stay_for_the_calls_in_them_that_do_something_else() {
    let calls =
        |record: for<'t> fn(Tensor<'t>, &dyn Fn(Tensor<'t>) -> Tensor<'t>) -> Tensor<'t>| {
            let program = hlo::trace("test", |t| {
                let x = t.input("x", F32, [6]);
                let call = CustomCall { has_side_effect: true, ..CustomCall::new("note") };
                let _ = record(x, &|x| t.custom_call(&call, &[x], &[x.ty()])[0]);
                t.output("x", x);
            });
            program.unwrap().text().matches("\"note\"").count()
        };
    assert_eq!(calls(|x, note| hlo::cond(x.sum(..).less(0.0), || note(x), || x)), 1);
    assert_eq!(calls(|x, note| hlo::scan((), x.expand_dims(0), |(), x| ((), note(x))).1), 1);
    assert_eq!(calls(|x, note| hlo::checkpoint(x, note)), 1);
    assert_eq!(calls(|x, note| x.trace().function("f", x, note).call(x)), 1);
}

//! Programs on a mesh of eight devices: they compute what one device does, and so do their gradients.

mod support;

#[path = "support/devices.rs"]
mod devices;

use devices::{assert_near, clients, compile, compile_code, evaluate, evaluate_alone, run, traced};
use hlo::DType::F64;
use hlo::{Tensor, Trace, Version};
use pjrt::{Code, HostArray};
use support::array;

/// Numbers spread over (−1, 1).
fn spread(dims: &[usize], seed: u32) -> HostArray {
    let count: usize = dims.iter().product();
    let golden = 0.5 * (5f64.sqrt() - 1.0);
    let offset = f64::from(seed) * std::f64::consts::SQRT_2;
    let number = |i: usize| 2.0 * (offset + (i + 1) as f64 * golden).fract() - 1.0;
    array(dims, &(0..count).map(number).collect::<Vec<_>>())
}

#[test]
fn marks_and_manual_regions_are_written_as_shardy_has_them() {
    let program = traced(|t| {
        t.mesh(&[("data", 4), ("model", 2)]);
        let x = t.input("x", F64, [8, 6]).sharded("data");
        let w = t.input("w", F64, [6, 4]).sharded("_, model");
        let hidden = x.matmul(w).sharded("data, ?");
        let sum = t.manual("data", hidden, &["data"], &[""], |part| part.sum(0).psum("data"));
        t.output("hidden", hidden.tanh().sharded("data+model"));
        t.output_in_place(w, w * sum);
    });
    insta::assert_snapshot!(program, @r#"
module @test attributes {mhlo.num_partitions = 8 : i32, mhlo.num_replicas = 1 : i32} {
  sdy.mesh @mesh = <["data"=4, "model"=2]>
  func.func public @main(
      %arg0: tensor<8x6xf64> {sdy.sharding = #sdy.sharding<@mesh, [{"data"}, {}]>} loc("x"),
      %arg1: tensor<6x4xf64> {tf.aliasing_output = 1 : i32, sdy.sharding = #sdy.sharding<@mesh, [{}, {"model"}]>} loc("w")) -> (
      tensor<8x4xf64> {jax.result_info = "hidden", sdy.sharding = #sdy.sharding<@mesh, [{"data", "model"}, {}]>},
      tensor<6x4xf64> {jax.result_info = "w", sdy.sharding = #sdy.sharding<@mesh, [{}, {"model"}]>}) {
    %0 = stablehlo.dot_general %arg0, %arg1, contracting_dims = [1] x [0], precision = [HIGHEST, HIGHEST] : (tensor<8x6xf64>, tensor<6x4xf64>) -> tensor<8x4xf64>
    %1 = sdy.sharding_constraint %0 <@mesh, [{"data"}, {?}]> : tensor<8x4xf64>
    %6 = sdy.manual_computation(%1) in_shardings=[<@mesh, [{"data", ?}, {?}]>] out_shardings=[<@mesh, [{?}]>] manual_axes={"data"} (%arg2: tensor<2x4xf64>) {
      %2 = stablehlo.constant dense<0.0e0> : tensor<f64>
      %3 = stablehlo.reduce(%arg2 init: %2) applies stablehlo.add across dimensions = [0] : (tensor<2x4xf64>, tensor<f64>) -> tensor<4xf64>
      %5 = "stablehlo.all_reduce"(%3) <{replica_groups = dense<[[0, 2, 4, 6], [1, 3, 5, 7]]> : tensor<2x4xi64>, channel_handle = #stablehlo.channel_handle<handle = 1, type = 0>, use_global_device_ids}> ({
      ^bb0(%arg3: tensor<f64>, %arg4: tensor<f64>):
        %4 = stablehlo.add %arg3, %arg4 : tensor<f64>
        stablehlo.return %4 : tensor<f64>
      }) : (tensor<4xf64>) -> tensor<4xf64>
      sdy.return %5 : tensor<4xf64>
    } : (tensor<8x4xf64>) -> tensor<4xf64>
    %7 = stablehlo.tanh %1 : tensor<8x4xf64>
    %8 = sdy.sharding_constraint %7 <@mesh, [{"data", "model"}, {}]> : tensor<8x4xf64>
    %9 = stablehlo.broadcast_in_dim %6, dims = [1] : (tensor<4xf64>) -> tensor<6x4xf64>
    %10 = stablehlo.multiply %arg1, %9 : tensor<6x4xf64>
    return %8, %10 : tensor<8x4xf64>, tensor<6x4xf64>
  }
}
"#);
}

/// `0, 1, 2, …` in an array of the dimensions.
fn counted(dims: &[usize]) -> HostArray {
    let count: usize = dims.iter().product();
    array(dims, &(0..count).map(|i| i as f64).collect::<Vec<_>>())
}

/// One step of gradient descent on two layers; says of what is split how it is, if told to.
fn train_step<'t>(t: &'t Trace, marks: bool) {
    let marked = |x: Tensor<'t>, sharding: &str| if marks { x.sharded(sharding) } else { x };
    if marks {
        t.mesh(&[("data", 4), ("model", 2)]);
    }
    let x = marked(t.input("x", F64, [8, 6]), "data");
    let w = marked(t.input("w", F64, [6, 4]), "_, model");
    let v = marked(t.input("v", F64, [4, 3]), "model");
    let hidden = marked(x.matmul(w).tanh(), "data, model");
    let y = hidden.matmul(v);
    let loss = (y * y).mean(..);
    let (dw, dv) = hlo::grad(loss, (w, v));
    t.output_in_place(w, w - 0.1 * dw);
    t.output("loss", loss);
    t.output("dv", dv);
    t.output("hidden", hidden);
}

#[test]
fn a_marked_program_computes_what_one_device_does() {
    let inputs = [spread(&[8, 6], 1), spread(&[6, 4], 2), spread(&[4, 3], 3)];
    let alone = evaluate_alone(|t| train_step(t, false), &inputs);
    let together = evaluate(|t| train_step(t, true), &inputs);
    alone.iter().zip(&together).for_each(|(alone, together)| assert_near(together, alone));
}

#[test]
fn devices_take_and_return_the_parts_that_are_marked() {
    let program = traced(|t| train_step(t, true));
    for client in clients() {
        let executable = compile(client, &program);
        let dims = |arrays: &[pjrt::ArraySpec]| -> Vec<Vec<usize>> {
            arrays.iter().map(|array| array.dims.to_vec()).collect()
        };
        assert_eq!(dims(executable.inputs()), [vec![2, 6], vec![6, 2], vec![2, 3]]);
        assert_eq!(dims(executable.outputs()), [vec![6, 2], vec![], vec![4, 3], vec![2, 2]]);
    }
    let shardings = program.outputs().iter().map(|output| output.sharding().unwrap().to_string());
    assert_eq!(shardings.collect::<Vec<_>>(), ["_, model", "", "_, _", "data, model"]);
}

/// The results of a manual region over a mesh of `data=4, model=2` with one operand, an array
/// `[8, 4]` that counts.
fn manual(
    sharding: &str,
    results: &str,
    body: impl for<'t> FnOnce(Tensor<'t>) -> Tensor<'t>,
) -> Vec<f64> {
    let record = |t: &Trace| {
        t.mesh(&[("data", 4), ("model", 2)]);
        let x = t.input("x", F64, [8, 4]).sharded(sharding);
        t.output("y", t.manual(.., x, &[sharding], &[results], body));
    };
    evaluate(record, &[counted(&[8, 4])]).remove(0)
}

fn number(id: Tensor<'_>) -> Tensor<'_> {
    id.to(F64).reshape([1, 1])
}

/// An array of `rows × columns` whose elements are what `element` says.
fn table(rows: usize, columns: usize, element: impl Fn(usize, usize) -> f64) -> Vec<f64> {
    (0..rows * columns).map(|at| element(at / columns, at % columns)).collect()
}

/// The number in row `i` and column `j` of the counted array `[8, 4]`.
fn at(i: usize, j: usize) -> f64 {
    (4 * i + j) as f64
}

/// The devices along an axis of four.
fn four(of: impl Fn(usize) -> f64) -> f64 {
    (0..4).map(of).sum()
}

// A device has two rows and two columns of the array in the tests below.

#[test]
fn devices_fold_what_they_have() {
    let sum = manual("data, model", "_, model", |x| x.psum("data"));
    assert_eq!(sum, table(2, 4, |i, j| four(|d| at(2 * d + i, j))));
    let sum = manual("data, model", "data", |x| x.psum("model"));
    assert_eq!(sum, table(8, 2, |i, j| at(i, j) + at(i, j + 2)));
    let sum = manual("data, model", "", |x| x.psum(..));
    let all = table(2, 2, |i, j| four(|d| at(2 * d + i, j) + at(2 * d + i, j + 2)));
    assert_eq!(sum, all);
    let mean = manual("data, model", "", |x| x.pmean("model+data"));
    assert_eq!(mean, all.iter().map(|sum| sum / 8.0).collect::<Vec<_>>());
    let largest = manual("data, model", "_, model", |x| x.pmax("data"));
    assert_eq!(largest, table(2, 4, |i, j| at(6 + i, j)));
    let smallest = manual("data, model", "data", |x| x.pmin("model"));
    assert_eq!(smallest, table(8, 2, at));
    let product = manual("data, model", "data", |x| x.all_reduce("model", |a, b| a * b));
    assert_eq!(product, table(8, 2, |i, j| at(i, j) * at(i, j + 2)));
}

#[test]
fn devices_share_out_what_they_fold() {
    let sum = manual("data", "data, model", |x| x.psum_scatter("model", 1));
    assert_eq!(sum, table(8, 4, |i, j| 2.0 * at(i, j)));
    // Each of four devices gets one of the four columns that they sum.
    let sum = manual("data", "_, data", |x| x.psum_scatter("data", -1));
    assert_eq!(sum, table(2, 4, |i, j| four(|d| at(2 * d + i, j))));
    let largest = manual("data", "_, data", |x| x.reduce_scatter("data", 1, |a, b| a.maximum(b)));
    assert_eq!(largest, table(2, 4, |i, j| at(6 + i, j)));
}

#[test]
fn devices_gather_what_they_have_in_the_order_of_the_axes_that_are_named() {
    let rows = manual("data, model", "_, model", |x| x.all_gather("data", 0));
    assert_eq!(rows, table(8, 4, at));
    let columns = manual("data, model", "data", |x| x.all_gather("model", 1));
    assert_eq!(columns, table(8, 4, at));
    // Sixteen rows of two columns: those of `data` 0 and `model` 0 come first, then …
    let data_first = manual("data, model", "", |x| x.all_gather("data+model", 0));
    assert_eq!(data_first, table(16, 2, |i, j| at(i / 4 * 2 + i % 2, i / 2 % 2 * 2 + j)));
    let model_first = manual("data, model", "", |x| x.all_gather("model+data", 0));
    assert_eq!(model_first, table(16, 2, |i, j| at(i % 8, i / 8 * 2 + j)));
    let first = manual("data, model", "", |x| x.all_gather("model", 1).all_gather("data", 0));
    assert_eq!(first, table(8, 4, at));
}

#[test]
fn devices_split_another_axis_than_before() {
    let turned = manual("data", "_, data", |x| x.all_to_all("data", 1, 0));
    assert_eq!(turned, table(8, 4, at));
    // Within one axis parts change places: row `i` of device `d` is row `d` of device `i`.
    let swapped = manual("model", "model", |x| x.all_to_all("model", 0, 0));
    assert_eq!(swapped, table(8, 4, |i, j| at([0, 1, 4, 5, 2, 3, 6, 7][i], j)));
}

#[test]
fn devices_pass_what_they_have() {
    let ring = [(0, 1), (1, 2), (2, 3), (3, 0)];
    let passed = manual("data, model", "data, model", |x| x.ppermute("data", &ring));
    assert_eq!(passed, table(8, 4, |i, j| at((i + 6) % 8, j)));
    let passed = manual("data, model", "data, model", |x| x.ppermute("data", &[(0, 2)]));
    assert_eq!(passed, table(8, 4, |i, j| if i / 2 == 2 { at(i - 4, j) } else { 0.0 }));
    let swapped =
        manual("data, model", "data, model", |x| x.ppermute("data+model", &[(0, 7), (7, 0)]));
    let expected = |i, j| match (i / 2, j / 2) {
        (0, 0) => at(i + 6, j + 2),
        (3, 1) => at(i - 6, j - 2),
        _ => 0.0,
    };
    assert_eq!(swapped, table(8, 4, expected));
}

#[test]
fn devices_know_where_they_are() {
    let record = |t: &Trace| {
        t.mesh(&[("data", 4), ("model", 2)]);
        t.output("id", t.manual(.., (), &[], &["data, model"], |()| number(t.partition_id())));
        let index =
            |axes: &str| t.manual(.., (), &[], &["data, model"], |()| number(t.axis_index(axes)));
        t.output("data", index("data"));
        t.output("model", index("model"));
        t.output("both", index("data+model"));
        t.output("turned", index("model+data"));
        // Where only one axis is manual.
        let row =
            t.manual("data", (), &[], &["data"], |()| t.axis_index("data").to(F64).reshape([1]));
        t.output("row", row);
    };
    let results = evaluate(record, &[]);
    assert_eq!(results[0], [0., 1., 2., 3., 4., 5., 6., 7.]);
    assert_eq!(results[1], [0., 0., 1., 1., 2., 2., 3., 3.]);
    assert_eq!(results[2], [0., 1., 0., 1., 0., 1., 0., 1.]);
    assert_eq!(results[3], results[0]);
    assert_eq!(results[4], [0., 4., 1., 5., 2., 6., 3., 7.]);
    assert_eq!(results[5], [0., 1., 2., 3.]);
}

/// Two layers with everything that a reverse pass keeps: parts, copies, scalars, booleans, integers.
/// `sum` adds up what devices have along an axis.
fn layers<'t>(
    [x, w, v, b, scale]: [Tensor<'t>; 5],
    sum: impl Fn(Tensor<'t>, &str) -> Tensor<'t>,
) -> [Tensor<'t>; 2] {
    let hidden = x.matmul(w).tanh().relu();
    let y = sum(hidden.matmul(v), "model") + b;
    let norm = (sum((y * y).sum(..), "data") * scale).tanh();
    let signs = y.greater(0.0).select(y * norm, y.exp());
    [signs, sum(signs.cos().sum(..), "data") * norm]
}

fn layers_inputs() -> Vec<HostArray> {
    let shapes: [&[usize]; 5] = [&[8, 6], &[6, 4], &[4, 3], &[3], &[]];
    shapes.iter().zip(1..).map(|(shape, seed)| spread(shape, seed)).collect()
}

/// The loss, its gradients by all inputs, and the gradients of a number made of these.
fn layers_gradients(t: &Trace, over: Option<&str>) {
    let names = ["x", "w", "v", "b", "scale"];
    let arrays = layers_inputs();
    if over.is_some() {
        t.mesh(&[("data", 4), ("model", 2)]);
    }
    let declared = names.iter().zip(&arrays).map(|(name, array)| t.input(name, F64, array.dims()));
    let inputs: [Tensor<'_>; 5] = declared.collect::<Vec<_>>().try_into().expect("five");
    let [y, loss] = match over {
        None => layers(inputs, |x, _| x),
        Some("data") => {
            t.manual("data", inputs, &["data", "", "", "", ""], &["data", ""], |parts| {
                layers(parts, |x, axis| if axis == "data" { x.psum(axis) } else { x })
            })
        }
        Some(_) => {
            let shardings = ["data", "_, model", "model", "", ""];
            t.manual(.., inputs, &shardings, &["data", ""], |parts| {
                layers(parts, |x, axis| x.psum(axis))
            })
        }
    };
    let loss = loss * loss + (y * y).sum(..);
    t.output("loss", loss);
    let first = hlo::grad(loss, inputs);
    let contracted = first.iter().map(|gradient| (*gradient * *gradient).sum(..));
    let second = hlo::grad(contracted.reduce(|sum, part| sum + part).expect("five"), inputs);
    for (name, (first, second)) in names.iter().zip(first.iter().zip(second)) {
        t.output(&format!("d{name}"), *first);
        t.output(&format!("dd{name}"), second);
    }
}

#[test]
fn a_gradient_through_a_manual_region_is_that_of_one_device() {
    let inputs = layers_inputs();
    let alone = evaluate_alone(|t| layers_gradients(t, None), &inputs);
    for over in ["data+model", "data"] {
        let together = evaluate(|t| layers_gradients(t, Some(over)), &inputs);
        assert_eq!(together.len(), 11);
        alone.iter().zip(&together).for_each(|(alone, together)| assert_near(together, alone));
    }
}

/// A function of the parts that devices have of an array `[8, 4]`, and the same of the whole.
struct Pair {
    sharding: &'static str,
    results: &'static str,
    parts: for<'t> fn(Tensor<'t>) -> Tensor<'t>,
    whole: for<'t> fn(Tensor<'t>) -> Tensor<'t>,
}

/// Rows in four blocks, one for each device along `data`.
fn blocks(x: Tensor<'_>) -> Tensor<'_> {
    x.reshape([4, 2, 4])
}

fn pairs() -> Vec<Pair> {
    let pair = |sharding, results, parts, whole| Pair { sharding, results, parts, whole };
    vec![
        pair("data, model", "_, model", |x| (x * x).psum("data"), |x| blocks(x * x).sum(0)),
        pair("data, model", "", |x| x.pmean(..), |x| x.reshape([4, 2, 2, 2]).mean([0, 2])),
        pair("data, model", "_, model", |x| x.pmax("data"), |x| blocks(x).max(0)),
        pair("data", "", |x| x.pmin("data"), |x| blocks(x).min(0)),
        pair("data", "_, data", |x| x.psum_scatter("data", 1), |x| blocks(x).sum(0)),
        pair(
            "data",
            "_, data",
            |x| x.reduce_scatter("data", 1, |a, b| a.minimum(b)),
            |x| blocks(x).min(0),
        ),
        pair("data, model", "_, model", |x| x.all_gather("data", 0).sin(), |x| x.sin()),
        pair("data", "_, data", |x| x.all_to_all("data", 1, 0), |x| x),
        pair(
            "data, model",
            "data, model",
            |x| x.ppermute("data", &[(0, 2), (3, 0)]),
            |x| {
                let (first, zeros) = (x.slice(0, 0..2), x.slice(0, 0..2).zeros_like());
                x.trace().concatenate(&[x.slice(0, 6..8), zeros, first, zeros], 0)
            },
        ),
        pair(
            "data, model",
            "data, model",
            |x| x * x.trace().axis_index("data").to(F64).exp(),
            |x| {
                let rows = x.trace().iota(F64, [4, 2, 4], 0).reshape([8, 4]);
                x * rows.exp()
            },
        ),
        // In the body of a scan, whose turns keep what they need.
        pair(
            "data, model",
            "data, model",
            |x| {
                let turns = x.trace().iota(F64, [3], 0);
                hlo::scan(x, turns, |x, turn| ((x * turn + x.pmean("data")).sin(), ())).0
            },
            |x| {
                let turns = x.trace().iota(F64, [3], 0);
                let mean = |x| blocks(x).mean(0).broadcast_to([4, 2, 4]).reshape([8, 4]);
                hlo::scan(x, turns, |x, turn| ((x * turn + mean(x)).sin(), ())).0
            },
        ),
        pair(
            "data, model",
            "data, model",
            |x| hlo::checkpoint(x, |x| (x * x.psum("model")).tanh()),
            |x| {
                let halves = x.reshape([8, 2, 2]);
                let sum = halves.sum(1).broadcast_in_dim([8, 2, 2], [0, 2]);
                (halves * sum).tanh().reshape([8, 4])
            },
        ),
    ]
}

/// A number made of a tensor, whose derivatives of second order are not zero.
fn contracted(y: Tensor<'_>) -> Tensor<'_> {
    let position = y.trace().iota(F64, [y.shape().elements()], 0).reshape(y.shape());
    ((position * 2.3 + 1.0).cos() * y * y).sum(..)
}

fn two_gradients<'t>(t: &'t Trace, x: Tensor<'t>, y: Tensor<'t>) {
    let first = hlo::grad(contracted(y), x);
    t.output("first", first);
    t.output("second", hlo::grad(contracted(first), x));
}

#[test]
fn gradients_of_collectives_are_those_of_the_whole() {
    let x = [spread(&[8, 4], 7)];
    for Pair { sharding, results, parts, whole } in pairs() {
        let alone = |t: &Trace| {
            let x = t.input("x", F64, [8, 4]);
            two_gradients(t, x, whole(x));
        };
        let together = |t: &Trace| {
            t.mesh(&[("data", 4), ("model", 2)]);
            let x = t.input("x", F64, [8, 4]).sharded(sharding);
            two_gradients(t, x, t.manual(.., x, &[sharding], &[results], parts));
        };
        let (alone, together) = (evaluate_alone(alone, &x), evaluate(together, &x));
        alone.iter().zip(&together).for_each(|(alone, together)| assert_near(together, alone));
    }
}

#[test]
fn a_gradient_inside_a_region_is_that_of_the_sum_over_devices() {
    let gradient = manual("data", "data", |x| hlo::grad((x * x).sum(..), x));
    assert_eq!(gradient, table(8, 4, |i, j| 2.0 * at(i, j)));
    let gradient = manual("data", "data", |x| hlo::grad((x * x).sum(..).psum("data"), x));
    assert_eq!(gradient, table(8, 4, |i, j| 4.0 * 2.0 * at(i, j)));
}

#[test]
fn replicas_work_together_in_groups() {
    let record = |t: &Trace| {
        t.replicas(8);
        let id = t.replica_id().to(F64).reshape([1]);
        let groups = [[0, 2], [1, 3], [4, 5], [7, 6]];
        fn all(x: Tensor<'_>) -> Tensor<'_> {
            x.all_gather(.., 0)
        }
        t.output("sum", all(id.psum(groups)));
        t.output("other", all(id.ppermute(groups, &[(0, 1), (1, 0)])));
        t.output("joined", all(id.all_gather(groups, 0)).slice(0, 12..16));
        // A loss that all replicas have, the square of their sum: each counts it.
        let x = t.input("x", F64, [1]);
        let sum = (x * id).psum(..);
        t.output("dx", all(hlo::grad((sum * sum).sum(..), x)));
    };
    let results = evaluate(record, &[array(&[1], &[2.0])]);
    assert_eq!(results[0], [2., 4., 2., 4., 9., 9., 13., 13.]);
    assert_eq!(results[1], [2., 3., 0., 1., 5., 4., 7., 6.]);
    assert_eq!(results[2], [7., 6., 7., 6.]);
    // 8 · 2 · sum · id, with a sum of 2 · (0 + … + 7) = 56.
    assert_eq!(results[3], (0..8).map(|id| 896.0 * f64::from(id)).collect::<Vec<_>>());
}

#[test]
fn parts_of_tensors_inside_may_be_unequal_and_the_compiler_may_choose() {
    fn gram<'t>(t: &'t Trace, mark: impl Fn(Tensor<'t>) -> Tensor<'t>) {
        let x = t.input("x", F64, [5, 3]);
        let gram = mark(x.matmul(x.transpose([1, 0])) * 2.0).tanh();
        t.output("gram", gram);
        t.output("dx", hlo::grad(gram.sum(..), x));
    }
    let inputs = [spread(&[5, 3], 4)];
    let alone = evaluate_alone(|t| gram(t, |x| x), &inputs);
    for sharding in ["data, model", "data+model", "?, model", "?, ?"] {
        let record = |t: &Trace| {
            t.mesh(&[("data", 4), ("model", 2)]);
            gram(t, |x| x.sharded(sharding));
        };
        let together = evaluate(record, &inputs);
        alone.iter().zip(&together).for_each(|(alone, together)| assert_near(together, alone));
    }
}

#[test]
fn a_region_over_one_axis_may_lie_in_one_over_another() {
    let record = |t: &Trace| {
        t.mesh(&[("data", 4), ("model", 2)]);
        let x = t.input("x", F64, [8, 4]).sharded("data");
        let y = t.manual("data", x, &["data"], &["data"], |x| {
            let half = t.manual("model", x, &["_, model"], &[""], |x| {
                x.psum("model") + x.psum("data+model")
            });
            half.sharded("_, model") * x.slice(1, 0..2)
        });
        t.output("y", y);
        t.output("dx", hlo::grad(contracted(y), x));
    };
    let alone = |t: &Trace| {
        let x = t.input("x", F64, [8, 4]);
        let half = x.slice(1, 0..2) + x.slice(1, 2..4);
        let all = blocks(x).sum(0);
        let all = all.slice(1, 0..2) + all.slice(1, 2..4);
        let all = all.broadcast_to([4, 2, 2]).reshape([8, 2]);
        let y = (half + all) * x.slice(1, 0..2);
        t.output("y", y);
        t.output("dx", hlo::grad(contracted(y), x));
    };
    let inputs = [spread(&[8, 4], 5)];
    let (alone, together) = (evaluate_alone(alone, &inputs), evaluate(record, &inputs));
    alone.iter().zip(&together).for_each(|(alone, together)| assert_near(together, alone));
}

#[test]
fn a_mesh_may_have_one_device_and_axes_along_which_there_is_one() {
    let record = |t: &Trace, sizes: [usize; 2]| {
        t.mesh(&[("data", sizes[0]), ("model", sizes[1])]);
        let x = t.input("x", F64, [8, 4]).sharded("data");
        fn body(x: Tensor<'_>) -> Tensor<'_> {
            let gathered = x.psum("model").all_gather("model", 1).psum_scatter("model", 1);
            let passed = gathered.all_to_all("model", 0, 1).ppermute("model", &[(0, 0)]);
            (passed * (x.trace().axis_index("model").to(F64) + 2.0)).sin()
        }
        let y = t.manual("model", x, &[""], &[""], body);
        let z = t.manual(.., y, &["data"], &["data"], body);
        t.output("z", z);
        t.output("dx", hlo::grad(z.sum(..), x));
    };
    let x = spread(&[8, 4], 6);
    let values = support::values::<f64>(&x);
    let z: Vec<_> = values.iter().map(|x| ((x * 2.0).sin() * 2.0).sin()).collect();
    let dx = |x: &f64| ((x * 2.0).sin() * 2.0).cos() * 2.0 * (x * 2.0).cos() * 2.0;
    let dx: Vec<_> = values.iter().map(dx).collect();
    for sizes in [[1, 1], [8, 1]] {
        let results = evaluate(|t| record(t, sizes), std::slice::from_ref(&x));
        assert_near(&results[0], &z);
        assert_near(&results[1], &dx);
    }
}

/// The oldest plugin is of StableHLO 1.13.3.
#[test]
fn bytecode_carries_marks_and_manual_regions() {
    let marked = (
        traced(|t| train_step(t, true)),
        vec![spread(&[8, 6], 1), spread(&[6, 4], 2), spread(&[4, 3], 3)],
    );
    let manual = (traced(|t| layers_gradients(t, Some("data+model"))), layers_inputs());
    for (program, inputs) in [marked, manual] {
        let bytecode = program.bytecode(Version::new(1, 13, 0)).unwrap();
        for client in clients() {
            let text = run(&compile(client, &program), &program, &inputs);
            let executable = compile_code(client, &program, Code::mlir(&bytecode));
            assert_eq!(run(&executable, &program, &inputs), text);
        }
    }
}

#[test]
fn manual_regions_may_stand_in_loops_branches_and_functions() {
    /// Each element minus the mean of its column.
    fn centred<'t>(x: Tensor<'t>, on_mesh: bool) -> Tensor<'t> {
        if !on_mesh {
            return x - blocks(x).mean([0, 1]).broadcast_to([8, 4]);
        }
        let body = |x: Tensor<'t>| x - x.mean(0).pmean("data").broadcast_to([2, 4]);
        x.trace().manual("data", x, &["data"], &["data"], body)
    }
    fn record(t: &Trace, on_mesh: bool) {
        if on_mesh {
            t.mesh(&[("data", 4), ("model", 2)]);
        }
        let (x, w) = (t.input("x", F64, [8, 4]), t.input("w", F64, [3, 8, 4]));
        let (y, means) = hlo::scan(x, w, |x, w| {
            let y = centred((x * w).sin(), on_mesh);
            (y * y + w, y.mean(..))
        });
        let y = hlo::cond(means.sum(..).less(100.0), || centred(y, on_mesh).sin(), || y);
        let y = hlo::checkpoint(y, |y| centred(y * y, on_mesh).cos());
        let layer = t.function("layer", y, |y| centred(y.sin() * y, on_mesh).exp());
        let y = layer.call(layer.call(y));
        t.output("y", y);
        for (name, gradient) in ["dx", "dw"].iter().zip(hlo::grad(contracted(y), [x, w])) {
            t.output(name, gradient);
        }
    }
    let inputs = [spread(&[8, 4], 8), spread(&[3, 8, 4], 9)];
    let alone = evaluate_alone(|t| record(t, false), &inputs);
    let together = evaluate(|t| record(t, true), &inputs);
    alone.iter().zip(&together).for_each(|(alone, together)| assert_near(together, alone));
}

//! The text of programs: what is printed, that it is the same every time, and that XLA reads it.

mod support;

use hlo::DType::{Bf16, Bool, F16, F32, F64, S8, S16, S32, S64, U8, U16, U32, U64};
use hlo::random::Key;
use hlo::{Convolution, DotDimensions, Padding, Precision, Program, Trace, Window};
use pjrt::HostArray;
use support::{array, compile, run, values};

/// One step of gradient descent on a linear classifier.
fn train_step(t: &Trace) {
    let w = t.input("head/kernel", F32, [4, 3]);
    let x = t.input("inputs", F32, [8, 4]);
    let labels = t.input("labels", S32, [8]);
    let loss = -x.matmul(w).log_softmax(-1).pick(labels).mean(..);
    let [dw] = hlo::grad(loss, [w]);
    t.output_in_place(w, w - 0.1 * dw);
    t.output("loss", loss);
}

fn traced(record: impl for<'t> FnOnce(&'t Trace)) -> Program {
    hlo::trace("test", record).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn a_train_step_prints_as_stablehlo() {
    insta::assert_snapshot!(hlo::trace("train_step", train_step).unwrap(), @r#"
module @train_step {
  func.func public @main(
      %arg0: tensor<4x3xf32> {tf.aliasing_output = 0 : i32} loc("head/kernel"),
      %arg1: tensor<8x4xf32> loc("inputs"),
      %arg2: tensor<8xi32> loc("labels")) -> (
      tensor<4x3xf32> {jax.result_info = "head/kernel"},
      tensor<f32> {jax.result_info = "loss"}) {
    %0 = stablehlo.dot_general %arg1, %arg0, contracting_dims = [1] x [0], precision = [HIGHEST, HIGHEST] : (tensor<8x4xf32>, tensor<4x3xf32>) -> tensor<8x3xf32>
    %1 = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %2 = stablehlo.reduce(%0 init: %1) applies stablehlo.maximum across dimensions = [1] : (tensor<8x3xf32>, tensor<f32>) -> tensor<8xf32>
    %3 = stablehlo.reshape %2 : (tensor<8xf32>) -> tensor<8x1xf32>
    %4 = stablehlo.broadcast_in_dim %3, dims = [0, 1] : (tensor<8x1xf32>) -> tensor<8x3xf32>
    %5 = stablehlo.subtract %0, %4 : tensor<8x3xf32>
    %6 = stablehlo.exponential %5 : tensor<8x3xf32>
    %7 = stablehlo.constant dense<0.0e0> : tensor<f32>
    %8 = stablehlo.reduce(%6 init: %7) applies stablehlo.add across dimensions = [1] : (tensor<8x3xf32>, tensor<f32>) -> tensor<8xf32>
    %9 = stablehlo.log %8 : tensor<8xf32>
    %10 = stablehlo.reshape %9 : (tensor<8xf32>) -> tensor<8x1xf32>
    %11 = stablehlo.broadcast_in_dim %10, dims = [0, 1] : (tensor<8x1xf32>) -> tensor<8x3xf32>
    %12 = stablehlo.subtract %5, %11 : tensor<8x3xf32>
    %13 = stablehlo.iota dim = 1 : tensor<8x3xi32>
    %14 = stablehlo.reshape %arg2 : (tensor<8xi32>) -> tensor<8x1xi32>
    %15 = stablehlo.broadcast_in_dim %14, dims = [0, 1] : (tensor<8x1xi32>) -> tensor<8x3xi32>
    %16 = stablehlo.compare EQ, %13, %15, SIGNED : (tensor<8x3xi32>, tensor<8x3xi32>) -> tensor<8x3xi1>
    %17 = stablehlo.broadcast_in_dim %7, dims = [] : (tensor<f32>) -> tensor<8x3xf32>
    %18 = stablehlo.select %16, %12, %17 : tensor<8x3xi1>, tensor<8x3xf32>
    %19 = stablehlo.reduce(%18 init: %7) applies stablehlo.add across dimensions = [1] : (tensor<8x3xf32>, tensor<f32>) -> tensor<8xf32>
    %20 = stablehlo.reduce(%19 init: %7) applies stablehlo.add across dimensions = [0] : (tensor<8xf32>, tensor<f32>) -> tensor<f32>
    %21 = stablehlo.constant dense<8.0e0> : tensor<f32>
    %22 = stablehlo.divide %20, %21 : tensor<f32>
    %23 = stablehlo.negate %22 : tensor<f32>
    %24 = stablehlo.constant dense<1.0e0> : tensor<f32>
    %25 = stablehlo.negate %24 : tensor<f32>
    %26 = stablehlo.divide %25, %21 : tensor<f32>
    %27 = stablehlo.broadcast_in_dim %26, dims = [] : (tensor<f32>) -> tensor<8xf32>
    %28 = stablehlo.broadcast_in_dim %27, dims = [0] : (tensor<8xf32>) -> tensor<8x3xf32>
    %29 = stablehlo.broadcast_in_dim %7, dims = [] : (tensor<f32>) -> tensor<8x3xf32>
    %30 = stablehlo.select %16, %28, %29 : tensor<8x3xi1>, tensor<8x3xf32>
    %31 = stablehlo.negate %30 : tensor<8x3xf32>
    %32 = stablehlo.reduce(%31 init: %7) applies stablehlo.add across dimensions = [1] : (tensor<8x3xf32>, tensor<f32>) -> tensor<8xf32>
    %33 = stablehlo.reshape %32 : (tensor<8xf32>) -> tensor<8x1xf32>
    %34 = stablehlo.reshape %33 : (tensor<8x1xf32>) -> tensor<8xf32>
    %35 = stablehlo.divide %34, %8 : tensor<8xf32>
    %36 = stablehlo.broadcast_in_dim %35, dims = [0] : (tensor<8xf32>) -> tensor<8x3xf32>
    %37 = stablehlo.multiply %36, %6 : tensor<8x3xf32>
    %38 = stablehlo.add %30, %37 : tensor<8x3xf32>
    %39 = stablehlo.dot_general %arg1, %38, contracting_dims = [0] x [0], precision = [HIGHEST, HIGHEST] : (tensor<8x4xf32>, tensor<8x3xf32>) -> tensor<4x3xf32>
    %40 = stablehlo.constant dense<1.0e-1> : tensor<f32>
    %41 = stablehlo.broadcast_in_dim %40, dims = [] : (tensor<f32>) -> tensor<4x3xf32>
    %42 = stablehlo.multiply %41, %39 : tensor<4x3xf32>
    %43 = stablehlo.subtract %arg0, %42 : tensor<4x3xf32>
    return %43, %23 : tensor<4x3xf32>, tensor<f32>
  }
}
"#);
}

#[test]
fn the_same_trace_prints_the_same_bytes() {
    let random =
        |t: &Trace| t.output("x", Key::from_seed(t, 1).truncated_normal(F32, [3, 2], -2.0..2.0));
    assert_eq!(traced(train_step).text(), traced(train_step).text());
    assert_eq!(traced(random).text(), traced(random).text());
}

#[test]
fn the_train_step_lowers_the_loss_by_the_square_of_the_gradient() {
    let executable = compile(&traced(train_step));
    assert_eq!(executable.donatable_inputs(), [0]);
    let x: Vec<f32> = (0..32).map(|n| ((n * 7 % 11) as f32 - 5.0) / 5.0).collect();
    let labels: Vec<i32> = (0..8).map(|n| n % 3).collect();
    let (x, labels) = (array(&[8, 4], &x), array(&[8], &labels));
    let mut w = array(&[4, 3], &[0.0f32; 12]);
    let mut losses = vec![];
    let mut squares = vec![];
    for _ in 0..3 {
        let before = values::<f32>(&w);
        let results = run(&executable, &[w, x.clone(), labels.clone()]);
        let [updated, loss] = <[HostArray; 2]>::try_from(results).unwrap();
        losses.push(loss.item::<f32>().unwrap());
        let moved = before.iter().zip(values::<f32>(&updated)).map(|(old, new)| (new - old) / 0.1);
        squares.push(moved.map(|gradient| gradient * gradient).sum::<f32>());
        w = updated;
    }
    // All classes are equally likely at first.
    assert!((losses[0] - 3f32.ln()).abs() < 1e-6, "{losses:?}");
    for step in 0..2 {
        // A convex loss falls by at most the rate times the squared norm, by little less at a rate
        // that is small against its curvature.
        let fall = (losses[step] - losses[step + 1]) / (0.1 * squares[step]);
        assert!((0.9..=1.0).contains(&fall), "{fall}");
    }
}

#[test]
fn what_no_output_needs_is_not_printed() {
    let program = traced(|t| {
        let x = t.input("x", F32, [2]);
        let _ = t.input("unused", F32, [3]).exp();
        let _ = hlo::grad((x * x).sum(..), [x]);
        t.output("y", x.stop_gradient() + 1.0);
    });
    insta::assert_snapshot!(program, @r#"
module @test {
  func.func public @main(
      %arg0: tensor<2xf32> loc("x"),
      %arg1: tensor<3xf32> loc("unused")) -> (
      tensor<2xf32> {jax.result_info = "y"}) {
    %0 = stablehlo.constant dense<1.0e0> : tensor<f32>
    %1 = stablehlo.broadcast_in_dim %0, dims = [] : (tensor<f32>) -> tensor<2xf32>
    %2 = stablehlo.add %arg0, %1 : tensor<2xf32>
    return %2 : tensor<2xf32>
  }
}
"#);
    assert_eq!(program.operations(), 3);
    let results =
        run(&compile(&program), &[array(&[2], &[1.0f32, 2.0]), array(&[3], &[0.0f32; 3])]);
    assert_eq!(values::<f32>(&results[0]), [2.0, 3.0]);
}

#[test]
fn inputs_and_operations_that_only_pass_through_are_returned_as_they_are() {
    let program = traced(|t| {
        let x = t.input("x", F32, [2]);
        t.output("same", x.stop_gradient());
        t.output("again", x);
        t.output_in_place(x, x);
    });
    insta::assert_snapshot!(program, @r#"
module @test {
  func.func public @main(
      %arg0: tensor<2xf32> {tf.aliasing_output = 2 : i32} loc("x")) -> (
      tensor<2xf32> {jax.result_info = "same"},
      tensor<2xf32> {jax.result_info = "again"},
      tensor<2xf32> {jax.result_info = "x"}) {
    return %arg0, %arg0, %arg0 : tensor<2xf32>, tensor<2xf32>, tensor<2xf32>
  }
}
"#);
    let results = run(&compile(&program), &[array(&[2], &[1.0f32, 2.0])]);
    assert!(results.iter().all(|result| values::<f32>(result) == [1.0, 2.0]));
}

#[test]
fn names_of_any_characters_are_quoted() {
    let names = [
        "head/loc/kernel",
        "a \"quoted\" name",
        "back\\slash",
        "line\nbreak\t\u{7f}",
        "größe φ",
        "",
    ];
    let program = traced(|t| {
        for name in names {
            t.output(name, t.input(name, F32, []) + 1.0);
        }
    });
    let lines: Vec<_> =
        program.text().lines().filter(|line| line.contains("loc(")).map(str::to_owned).collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
%arg0: tensor<f32> loc("head/loc/kernel"),
%arg1: tensor<f32> loc("a \"quoted\" name"),
%arg2: tensor<f32> loc("back\\slash"),
%arg3: tensor<f32> loc("line\0Abreak\09\7F"),
%arg4: tensor<f32> loc("größe φ"),
%arg5: tensor<f32> loc("")) -> (
"#);
    assert_eq!(program.inputs().iter().map(hlo::Input::name).collect::<Vec<_>>(), names);
    assert_eq!(program.outputs().iter().map(hlo::Output::name).collect::<Vec<_>>(), names);
    compile(&program);
}

#[test]
fn a_module_has_a_name_that_xla_reads() {
    for (name, expected) in
        [("train step/1", "train_step_1"), ("1x", "_1x"), ("", "_"), ("größe", "gr__e")]
    {
        let program = hlo::trace(name, |t| t.output("one", t.constant(1, F32))).unwrap();
        assert_eq!(program.name(), expected);
        assert_eq!(compile(&program).name(), expected);
    }
}

#[test]
fn shapes_and_donations_are_those_of_the_compiled_program() {
    let program = traced(train_step);
    let executable = compile(&program);
    let printed = |name: &str, dims: &[usize]| format!("{name}{dims:?}");
    let traced: Vec<_> =
        program.inputs().iter().map(|i| printed(i.dtype().name(), &i.shape())).collect();
    let compiled: Vec<_> =
        executable.inputs().iter().map(|i| printed(i.dtype.name(), &i.dims)).collect();
    assert_eq!(traced, compiled);
    assert_eq!(program.inputs()[0].donated_to(), Some(0));
    assert_eq!(program.inputs()[1].donated_to(), None);
    assert_eq!(program.outputs()[0].name(), "head/kernel");
    assert!(program.outputs()[1].shape().is_empty());
}

#[test]
fn products_carry_the_precision_set_before_them_into_their_gradients() {
    let program = traced(|t| {
        let x = t.input("x", F32, [2, 2]);
        t.set_precision(Precision::Default);
        let [dx] = hlo::grad(x.matmul(x).sum(..), [x]);
        t.set_precision(Precision::High);
        t.output("y", x.dot_general(dx, DotDimensions::default()));
    });
    let precisions =
        |name: &str| program.text().matches(&format!("precision = [{name}, {name}]")).count();
    assert_eq!([precisions("DEFAULT"), precisions("HIGH"), precisions("HIGHEST")], [2, 1, 0]);
    compile(&program);
}

#[test]
fn every_element_type_has_a_spelling_that_xla_reads() {
    let program = traced(|t| {
        for dtype in [Bool, S8, S16, S32, S64, U8, U16, U32, U64, F16, Bf16, F32, F64] {
            t.output(dtype.name(), t.input(dtype.name(), dtype, [2, 0]));
        }
    });
    let executable = compile(&program);
    let names: Vec<_> = executable.outputs().iter().map(|output| output.dtype.name()).collect();
    assert_eq!(names, program.outputs().iter().map(hlo::Output::name).collect::<Vec<_>>());
}

#[test]
fn convolutions_and_windows_print_with_all_that_they_have() {
    let program = traced(|t| {
        let x = t.input("x", F32, [1, 8, 8, 4]);
        let kernel = t.input("kernel", F32, [3, 3, 2, 6]);
        let convolution = Convolution {
            strides: vec![2, 1],
            padding: Padding::Same,
            feature_group_count: 2,
            ..Convolution::default()
        };
        let window = Window { strides: vec![2, 2], ..Window::of([2, 2]) };
        let pooled = x.conv(kernel, &convolution).max_pool(&window);
        t.output("pooled", pooled);
        t.output("gradient", hlo::grad(pooled.sum(..), x));
    });
    compile(&program);
    insta::assert_snapshot!(program, @r#"
module @test {
  func.func public @main(
      %arg0: tensor<1x8x8x4xf32> loc("x"),
      %arg1: tensor<3x3x2x6xf32> loc("kernel")) -> (
      tensor<1x2x4x6xf32> {jax.result_info = "pooled"},
      tensor<1x8x8x4xf32> {jax.result_info = "gradient"}) {
    %0 = "stablehlo.convolution"(%arg0, %arg1) <{window_strides = array<i64: 2, 1>, padding = dense<[[0, 1], [1, 1]]> : tensor<2x2xi64>, lhs_dilation = array<i64: 1, 1>, rhs_dilation = array<i64: 1, 1>, window_reversal = array<i1: false, false>, dimension_numbers = #stablehlo.conv<[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]>, feature_group_count = 2 : i64, batch_group_count = 1 : i64, precision_config = [#stablehlo<precision HIGHEST>, #stablehlo<precision HIGHEST>]}> : (tensor<1x8x8x4xf32>, tensor<3x3x2x6xf32>) -> tensor<1x4x8x6xf32>
    %1 = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %3 = "stablehlo.reduce_window"(%0, %1) <{window_dimensions = array<i64: 1, 2, 2, 1>, window_strides = array<i64: 1, 2, 2, 1>, base_dilations = array<i64: 1, 1, 1, 1>, window_dilations = array<i64: 1, 1, 1, 1>, padding = dense<[[0, 0], [0, 0], [0, 0], [0, 0]]> : tensor<4x2xi64>}> ({
    ^bb0(%arg2: tensor<f32>, %arg3: tensor<f32>):
      %2 = stablehlo.maximum %arg2, %arg3 : tensor<f32>
      stablehlo.return %2 : tensor<f32>
    }) : (tensor<1x4x8x6xf32>, tensor<f32>) -> tensor<1x2x4x6xf32>
    %4 = stablehlo.constant dense<0.0e0> : tensor<f32>
    %5 = stablehlo.constant dense<1.0e0> : tensor<f32>
    %6 = stablehlo.broadcast_in_dim %5, dims = [] : (tensor<f32>) -> tensor<1x2x4x6xf32>
    %9 = "stablehlo.select_and_scatter"(%0, %6, %4) <{window_dimensions = array<i64: 1, 2, 2, 1>, window_strides = array<i64: 1, 2, 2, 1>, padding = dense<[[0, 0], [0, 0], [0, 0], [0, 0]]> : tensor<4x2xi64>}> ({
    ^bb0(%arg4: tensor<f32>, %arg5: tensor<f32>):
      %7 = stablehlo.compare GE, %arg4, %arg5, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
      stablehlo.return %7 : tensor<i1>
    }, {
    ^bb0(%arg6: tensor<f32>, %arg7: tensor<f32>):
      %8 = stablehlo.add %arg6, %arg7 : tensor<f32>
      stablehlo.return %8 : tensor<f32>
    }) : (tensor<1x4x8x6xf32>, tensor<1x2x4x6xf32>, tensor<f32>) -> tensor<1x4x8x6xf32>
    %10 = stablehlo.reverse %arg1, dims = [0, 1] : tensor<3x3x2x6xf32>
    %11 = stablehlo.reshape %10 : (tensor<3x3x2x6xf32>) -> tensor<3x3x2x2x3xf32>
    %12 = stablehlo.transpose %11, dims = [0, 1, 3, 2, 4] : (tensor<3x3x2x2x3xf32>) -> tensor<3x3x2x2x3xf32>
    %13 = stablehlo.reshape %12 : (tensor<3x3x2x2x3xf32>) -> tensor<3x3x4x3xf32>
    %14 = "stablehlo.convolution"(%9, %13) <{window_strides = array<i64: 1, 1>, padding = dense<[[2, 1], [1, 1]]> : tensor<2x2xi64>, lhs_dilation = array<i64: 2, 1>, rhs_dilation = array<i64: 1, 1>, window_reversal = array<i1: false, false>, dimension_numbers = #stablehlo.conv<[b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f]>, feature_group_count = 2 : i64, batch_group_count = 1 : i64, precision_config = [#stablehlo<precision HIGHEST>, #stablehlo<precision HIGHEST>]}> : (tensor<1x4x8x6xf32>, tensor<3x3x4x3xf32>) -> tensor<1x8x8x4xf32>
    return %3, %14 : tensor<1x2x4x6xf32>, tensor<1x8x8x4xf32>
  }
}
"#);
}

#[test]
fn a_reduction_with_a_body_of_its_own_prints_the_body() {
    let program = traced(|t| {
        let x = t.input("x", F32, [4]);
        let one = t.constant(1, F32);
        // Short only where the operands of the body may change places.
        t.output("power", hlo::reduce(x, one, 0, |a, b| a.pow(b)));
        let (sum, product) = hlo::reduce((x, x), (one, one), 0, |a, b| (a.0 + b.0, a.1 * b.1));
        t.output("both", sum + product);
    });
    compile(&program);
    insta::assert_snapshot!(program, @r#"
module @test {
  func.func public @main(
      %arg0: tensor<4xf32> loc("x")) -> (
      tensor<f32> {jax.result_info = "power"},
      tensor<f32> {jax.result_info = "both"}) {
    %0 = stablehlo.constant dense<1.0e0> : tensor<f32>
    %2 = "stablehlo.reduce"(%arg0, %0) <{dimensions = array<i64: 0>}> ({
    ^bb0(%arg1: tensor<f32>, %arg2: tensor<f32>):
      %1 = stablehlo.power %arg1, %arg2 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<4xf32>, tensor<f32>) -> tensor<f32>
    %5:2 = "stablehlo.reduce"(%arg0, %arg0, %0, %0) <{dimensions = array<i64: 0>}> ({
    ^bb0(%arg3: tensor<f32>, %arg4: tensor<f32>, %arg5: tensor<f32>, %arg6: tensor<f32>):
      %3 = stablehlo.add %arg3, %arg5 : tensor<f32>
      %4 = stablehlo.multiply %arg4, %arg6 : tensor<f32>
      stablehlo.return %3, %4 : tensor<f32>, tensor<f32>
    }) : (tensor<4xf32>, tensor<4xf32>, tensor<f32>, tensor<f32>) -> (tensor<f32>, tensor<f32>)
    %6 = stablehlo.add %5#0, %5#1 : tensor<f32>
    return %2, %6 : tensor<f32>, tensor<f32>
  }
}
"#);
}

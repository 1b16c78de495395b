//! Running compiled programs.

mod support;

use pjrt::{ClientOptions, Code, CompileOptions, Error, HostArray, Input, Plugin};
use support::{ADD, ADD_IN_PLACE, client, clients, compile, f32s, on_device, plugin_paths};

#[test]
fn a_program_adds_two_arrays() {
    for client in clients() {
        let add = compile(&client, ADD);
        let (x, y) = (f32s(&client, &[2], &[1.0, 2.0]), f32s(&client, &[2], &[10.0, 20.0]));
        let results = add.run(vec![(&x).into(), (&y).into()]).unwrap();
        assert_eq!(results.len(), 1);
        assert_eq!(results[0].to_host().unwrap().as_slice::<f32>().unwrap(), [11.0, 22.0]);
    }
}

#[test]
fn results_feed_the_next_run_without_a_trip_to_the_host() {
    let client = client();
    let add = compile(&client, ADD);
    let one = f32s(&client, &[2], &[1.0, 1.0]);
    let mut sum = f32s(&client, &[2], &[0.0, 0.5]);
    for _ in 0..100 {
        sum = add.run(vec![sum.into(), (&one).into()]).unwrap().remove(0);
    }
    assert_eq!(sum.to_host().unwrap().as_slice::<f32>().unwrap(), [100.0, 100.5]);
}

#[test]
fn a_program_returns_several_results_of_different_types_in_order() {
    let code = "func.func public @main(%x: tensor<2x3xf32>) -> (tensor<3x2xf32>, tensor<2x3xi1>, tensor<f64>) {
      %t = stablehlo.transpose %x, dims = [1, 0] : (tensor<2x3xf32>) -> tensor<3x2xf32>
      %zero = stablehlo.constant dense<0.0> : tensor<2x3xf32>
      %p = stablehlo.compare GT, %x, %zero : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xi1>
      %c = stablehlo.constant dense<2.5> : tensor<f64>
      return %t, %p, %c : tensor<3x2xf32>, tensor<2x3xi1>, tensor<f64>
    }";
    for client in clients() {
        let program = compile(&client, code);
        let x = f32s(&client, &[2, 3], &[1.0, -2.0, 3.0, -4.0, 5.0, -6.0]);
        let results = program.run(vec![x.into()]).unwrap();
        let host: Vec<HostArray> = results.iter().map(|buffer| buffer.to_host().unwrap()).collect();
        let [transposed, positive, constant] = host.as_slice() else { panic!("{host:?}") };
        assert_eq!(transposed.dims(), [3, 2]);
        assert_eq!(transposed.as_slice::<f32>().unwrap(), [1.0, -4.0, -2.0, 5.0, 3.0, -6.0]);
        assert_eq!(positive.as_slice::<bool>().unwrap(), [true, false, true, false, true, false]);
        assert_eq!(constant.item::<f64>().unwrap(), 2.5);
    }
}

#[test]
fn a_program_without_arguments_or_results_runs() {
    for client in clients() {
        let nothing = compile(&client, "func.func public @main() { return }");
        assert!(nothing.run(vec![]).unwrap().is_empty());
    }
}

#[test]
fn arrays_without_elements_pass_through_a_program() {
    let code = "func.func public @main(%x: tensor<0x3xf32>) -> tensor<0x3xf32> {
      %y = stablehlo.add %x, %x : tensor<0x3xf32>
      return %y : tensor<0x3xf32>
    }";
    for client in clients() {
        let program = compile(&client, code);
        let results = program.run(vec![f32s(&client, &[0, 3], &[]).into()]).unwrap();
        assert_eq!(results[0].to_host().unwrap().dims(), [0, 3]);
    }
}

#[test]
fn a_wrong_number_of_arguments_is_refused_with_both_numbers() {
    let client = client();
    let add = compile(&client, ADD);
    let x = f32s(&client, &[2], &[1.0, 2.0]);
    insta::assert_snapshot!(add.run(vec![(&x).into()]).unwrap_err(), @"the program takes 2 arguments, got 1");
    let error = add.run(vec![(&x).into(), (&x).into(), (&x).into()]).unwrap_err();
    insta::assert_snapshot!(error, @"the program takes 2 arguments, got 3");
}

#[test]
fn an_argument_of_another_type_with_as_many_bytes_is_refused() {
    let client = client();
    let add = compile(&client, ADD);
    let x = f32s(&client, &[2], &[1.0, 2.0]);
    let integers = on_device(&client, &HostArray::from_slice(&[2], &[1i32, 2]).unwrap());
    let error = add.run(vec![(&x).into(), (&integers).into()]).unwrap_err();
    insta::assert_snapshot!(error, @"argument 1: expected f32[2], got i32[2]");
}

#[test]
fn an_argument_of_another_shape_with_as_many_bytes_is_refused() {
    let client = client();
    let add = compile(&client, ADD);
    let x = f32s(&client, &[2], &[1.0, 2.0]);
    let column = f32s(&client, &[2, 1], &[1.0, 2.0]);
    let error = add.run(vec![(&column).into(), (&x).into()]).unwrap_err();
    insta::assert_snapshot!(error, @"argument 0: expected f32[2], got f32[2, 1]");
}

#[test]
fn an_argument_on_another_device_is_refused() {
    let plugin = Plugin::load(&plugin_paths()[0]).unwrap();
    let client = plugin.client(&ClientOptions::new().cpu_devices(2)).unwrap();
    let add = compile(&client, ADD);
    let array = HostArray::from_slice(&[2], &[1.0f32, 2.0]).unwrap();
    let devices = client.devices();
    let (x, y) =
        (client.buffer(&array, &devices[0]).unwrap(), client.buffer(&array, &devices[1]).unwrap());
    let error = add.run(vec![(&x).into(), (&y).into()]).unwrap_err();
    insta::assert_snapshot!(error, @"argument 1: expected it on device 0, got it on device 1");
}

#[test]
fn a_program_runs_on_the_device_that_it_was_compiled_for() {
    let plugin = Plugin::load(&plugin_paths()[0]).unwrap();
    let client = plugin.client(&ClientOptions::new().cpu_devices(2)).unwrap();
    let second = &client.devices()[1];
    let options = CompileOptions { devices: vec![second.id()], ..Default::default() };
    let add = client.compile(Code::mlir(ADD), &options).unwrap();
    assert_eq!(add.devices(), std::slice::from_ref(second));
    let x = client.buffer(&HostArray::from_slice(&[2], &[1.0f32, 2.0]).unwrap(), second).unwrap();
    let results = add.run(vec![(&x).into(), (&x).into()]).unwrap();
    assert_eq!(&results[0].device(), second);
    assert_eq!(results[0].to_host().unwrap().as_slice::<f32>().unwrap(), [2.0, 4.0]);
}

#[test]
fn an_argument_of_another_client_is_refused() {
    let (one, other) = (client(), client());
    let add = compile(&one, ADD);
    let (x, y) = (f32s(&one, &[2], &[1.0, 2.0]), f32s(&other, &[2], &[1.0, 2.0]));
    let error = add.run(vec![(&x).into(), (&y).into()]).unwrap_err();
    assert!(matches!(error, Error::ArgumentClient { index: 1 }), "{error}");
}

#[test]
fn a_program_for_several_devices_is_not_run_as_if_for_one() {
    let plugin = Plugin::load(&plugin_paths()[0]).unwrap();
    let client = plugin.client(&ClientOptions::new().cpu_devices(2)).unwrap();
    let options = CompileOptions { replicas: 2, ..Default::default() };
    let add = client.compile(Code::mlir(ADD), &options).unwrap();
    let x = f32s(&client, &[2], &[1.0, 2.0]);
    let error = add.run(vec![(&x).into(), (&x).into()]).unwrap_err();
    assert!(matches!(error, Error::ManyDevices { devices: 2 }), "{error}");
}

#[test]
fn a_donated_argument_is_consumed_and_the_result_is_right() {
    for client in clients() {
        let add = compile(&client, ADD_IN_PLACE);
        assert_eq!(add.donatable_inputs(), [0]);
        let (x, y) = (f32s(&client, &[2], &[1.0, 2.0]), f32s(&client, &[2], &[10.0, 20.0]));
        let results = add.run(vec![x.into(), (&y).into()]).unwrap();
        assert_eq!(results[0].to_host().unwrap().as_slice::<f32>().unwrap(), [11.0, 22.0]);
        assert_eq!(y.to_host().unwrap().as_slice::<f32>().unwrap(), [10.0, 20.0]);
    }
}

#[test]
fn a_borrowed_argument_that_the_program_would_take_over_stays_what_it_is() {
    for client in clients() {
        let add = compile(&client, ADD_IN_PLACE);
        let (x, y) = (f32s(&client, &[2], &[1.0, 2.0]), f32s(&client, &[2], &[10.0, 20.0]));
        for _ in 0..2 {
            let results = add.run(vec![(&x).into(), (&y).into()]).unwrap();
            assert_eq!(results[0].to_host().unwrap().as_slice::<f32>().unwrap(), [11.0, 22.0]);
            assert_eq!(x.to_host().unwrap().as_slice::<f32>().unwrap(), [1.0, 2.0]);
        }
    }
}

#[test]
fn a_buffer_may_stand_for_both_arguments_when_it_is_borrowed() {
    for client in clients() {
        let add = compile(&client, ADD_IN_PLACE);
        let x = f32s(&client, &[2], &[1.0, 2.0]);
        let results = add.run(vec![Input::Borrowed(&x), Input::Borrowed(&x)]).unwrap();
        assert_eq!(results[0].to_host().unwrap().as_slice::<f32>().unwrap(), [2.0, 4.0]);
    }
}

#[test]
fn results_outlive_program_and_client() {
    for client in clients() {
        let add = compile(&client, ADD);
        let x = f32s(&client, &[2], &[1.0, 2.0]);
        let result = add.run(vec![(&x).into(), (&x).into()]).unwrap().remove(0);
        drop(x);
        drop(add);
        drop(client);
        assert_eq!(result.to_host().unwrap().as_slice::<f32>().unwrap(), [2.0, 4.0]);
    }
}

#[test]
fn threads_run_one_program_at_the_same_time() {
    let client = client();
    let add = compile(&client, ADD);
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let (client, add) = (&client, &add);
            scope.spawn(move || {
                let x = f32s(client, &[2], &[thread as f32, 1.0]);
                for _ in 0..50 {
                    let results = add.run(vec![(&x).into(), (&x).into()]).unwrap();
                    let host = results[0].to_host().unwrap();
                    assert_eq!(host.as_slice::<f32>().unwrap(), [2.0 * thread as f32, 2.0]);
                }
            });
        }
    });
}

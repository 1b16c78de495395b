//! Programs on several devices of one process.

mod support;

use pjrt::{
    Buffer, Client, ClientOptions, Code, CompileOptions, Device, Error, HostArray,
    LoadedExecutable, Plugin,
};
use support::{ADD_IN_PLACE, plugin_paths, plugins};

const COUNTS: [usize; 4] = [1, 2, 4, 8];

fn eight_devices(plugin: &Plugin) -> Client {
    plugin.client(&ClientOptions::new().cpu_devices(8)).unwrap()
}

fn replicas(client: &Client, replicas: usize, code: &str) -> LoadedExecutable {
    let options = CompileOptions { replicas, ..Default::default() };
    client.compile(Code::mlir(code), &options).unwrap()
}

fn on(device: &Device, dims: &[usize], values: &[f32]) -> Buffer {
    let array = HostArray::from_slice(dims, values).unwrap();
    device.client().buffer(&array, device).unwrap()
}

/// Runs a program of one argument and one result, and returns each device's result.
fn run(program: &LoadedExecutable, dims: &[usize], values: &[Vec<f32>]) -> Vec<Vec<f32>> {
    let devices = program.devices();
    let inputs = devices.iter().zip(values).map(|(device, x)| vec![on(device, dims, x).into()]);
    let results = program.run_on_all(inputs.collect()).unwrap();
    for (results, device) in results.iter().zip(&devices) {
        assert_eq!(&results[0].device(), device);
    }
    let read = |results: Vec<Buffer>| results[0].to_host().unwrap().as_slice().unwrap().to_vec();
    results.into_iter().map(read).collect()
}

/// All replicas in one group, as collectives take it.
fn group(replicas: usize) -> String {
    let ids: Vec<String> = (0..replicas).map(|id| id.to_string()).collect();
    format!("dense<[[{}]]> : tensor<1x{replicas}xi64>", ids.join(", "))
}

/// `[10 * replica, 10 * replica + 1, ..]`, one list for each replica.
fn rows(replicas: usize, len: usize) -> Vec<Vec<f32>> {
    let row = |replica| (0..len).map(move |i| (10 * replica + i) as f32).collect();
    (0..replicas).map(row).collect()
}

#[test]
fn replicas_sum_what_they_have() {
    for plugin in plugins() {
        let client = eight_devices(&plugin);
        for n in COUNTS {
            let code = format!(
                "func.func public @main(%x: tensor<2xf32>) -> tensor<2xf32> {{
                  %y = \"stablehlo.all_reduce\"(%x) ({{
                    ^bb0(%a: tensor<f32>, %b: tensor<f32>):
                      %c = stablehlo.add %a, %b : tensor<f32>
                      stablehlo.return %c : tensor<f32>
                  }}) {{replica_groups = {}}} : (tensor<2xf32>) -> tensor<2xf32>
                  return %y : tensor<2xf32>
                }}",
                group(n)
            );
            let sum: f32 = (0..n).map(|replica| 10.0 * replica as f32).sum();
            let expected = vec![vec![sum, sum + n as f32]; n];
            assert_eq!(run(&replicas(&client, n, &code), &[2], &rows(n, 2)), expected);
        }
    }
}

#[test]
fn replicas_gather_what_they_have_in_order() {
    for plugin in plugins() {
        let client = eight_devices(&plugin);
        for n in COUNTS {
            let all = 2 * n;
            let code = format!(
                "func.func public @main(%x: tensor<2xf32>) -> tensor<{all}xf32> {{
                  %y = \"stablehlo.all_gather\"(%x) {{
                    all_gather_dim = 0 : i64, replica_groups = {}
                  }} : (tensor<2xf32>) -> tensor<{all}xf32>
                  return %y : tensor<{all}xf32>
                }}",
                group(n)
            );
            let rows = rows(n, 2);
            let expected = vec![rows.concat(); n];
            assert_eq!(run(&replicas(&client, n, &code), &[2], &rows), expected);
        }
    }
}

#[test]
fn replicas_share_out_their_sum() {
    for plugin in plugins() {
        let client = eight_devices(&plugin);
        for n in COUNTS {
            let code = format!(
                "func.func public @main(%x: tensor<{n}xf32>) -> tensor<1xf32> {{
                  %y = \"stablehlo.reduce_scatter\"(%x) ({{
                    ^bb0(%a: tensor<f32>, %b: tensor<f32>):
                      %c = stablehlo.add %a, %b : tensor<f32>
                      stablehlo.return %c : tensor<f32>
                  }}) {{scatter_dimension = 0 : i64, replica_groups = {}}}
                    : (tensor<{n}xf32>) -> tensor<1xf32>
                  return %y : tensor<1xf32>
                }}",
                group(n)
            );
            let sum: usize = (0..n).map(|replica| 10 * replica).sum();
            let expected: Vec<_> = (0..n).map(|i| vec![(sum + n * i) as f32]).collect();
            assert_eq!(run(&replicas(&client, n, &code), &[n], &rows(n, n)), expected);
        }
    }
}

#[test]
fn replicas_pass_what_they_have_around_a_ring() {
    for plugin in plugins() {
        let client = eight_devices(&plugin);
        for n in COUNTS {
            let pairs: Vec<String> = (0..n).map(|i| format!("[{i}, {}]", (i + 1) % n)).collect();
            let code = format!(
                "func.func public @main(%x: tensor<2xf32>) -> tensor<2xf32> {{
                  %y = \"stablehlo.collective_permute\"(%x) {{
                    source_target_pairs = dense<[{}]> : tensor<{n}x2xi64>
                  }} : (tensor<2xf32>) -> tensor<2xf32>
                  return %y : tensor<2xf32>
                }}",
                pairs.join(", ")
            );
            let rows = rows(n, 2);
            let mut expected = rows.clone();
            expected.rotate_right(1);
            assert_eq!(run(&replicas(&client, n, &code), &[2], &rows), expected);
        }
    }
}

/// `x·w` with rows of `x` and columns of `w` in the parts that Shardy's marks say, and its sum.
fn sharded_product(n: usize) -> String {
    format!(
        "module @product attributes {{mhlo.num_partitions = {n} : i32}} {{
          sdy.mesh @mesh = <[\"data\"={n}]>
          func.func public @main(
              %x: tensor<8x4xf32> {{sdy.sharding = #sdy.sharding<@mesh, [{{\"data\"}}, {{}}]>}},
              %w: tensor<4x3xf32> {{sdy.sharding = #sdy.sharding<@mesh, [{{}}, {{}}]>}})
              -> (tensor<8x3xf32> {{sdy.sharding = #sdy.sharding<@mesh, [{{\"data\"}}, {{}}]>}},
                  tensor<f32> {{sdy.sharding = #sdy.sharding<@mesh, []>}}) {{
            %y = stablehlo.dot_general %x, %w, contracting_dims = [1] x [0]
              : (tensor<8x4xf32>, tensor<4x3xf32>) -> tensor<8x3xf32>
            %zero = stablehlo.constant dense<0.0> : tensor<f32>
            %sum = stablehlo.reduce(%y init: %zero) applies stablehlo.add across dimensions = [0, 1]
              : (tensor<8x3xf32>, tensor<f32>) -> tensor<f32>
            return %y, %sum : tensor<8x3xf32>, tensor<f32>
          }}
        }}"
    )
}

#[test]
fn partitions_by_shardy_give_the_numbers_of_one_device() {
    let (x, w): (Vec<f32>, Vec<f32>) =
        ((0..32).map(|i| i as f32).collect(), (0..12).map(|i| (i as f32) - 5.0).collect());
    let product: Vec<f32> = (0..24)
        .map(|at| (0..4).map(|k| x[at / 3 * 4 + k] * w[k * 3 + at % 3]).sum::<f32>())
        .collect();
    let sum: f32 = product.iter().sum();
    for plugin in plugins() {
        let client = eight_devices(&plugin);
        for n in COUNTS {
            let options = CompileOptions { partitions: n, use_shardy: true, ..Default::default() };
            let program = client.compile(Code::mlir(&sharded_product(n)), &options).unwrap();
            assert_eq!(program.inputs()[0].dims, [8 / n, 4]);
            assert_eq!(program.outputs()[0].dims, [8 / n, 3]);
            let inputs = program.devices().into_iter().zip(x.chunks(32 / n)).map(|(device, x)| {
                vec![on(&device, &[8 / n, 4], x).into(), on(&device, &[4, 3], &w).into()]
            });
            let results = program.run_on_all(inputs.collect()).unwrap();
            let mut rows = Vec::new();
            for results in &results {
                rows.extend_from_slice(results[0].to_host().unwrap().as_slice::<f32>().unwrap());
                assert_eq!(results[1].to_host().unwrap().item::<f32>().unwrap(), sum);
            }
            assert_eq!(rows, product);
        }
    }
}

/// Returns the number of the replica and of the partition on each device.
fn numbers(partitions: usize) -> String {
    format!(
        "module @ids attributes {{mhlo.num_partitions = {partitions} : i32}} {{
          sdy.mesh @mesh = <[\"part\"={partitions}]>
          func.func public @main() -> (
              tensor<ui32> {{sdy.sharding = #sdy.sharding<@mesh, []>}},
              tensor<{partitions}xui32> {{sdy.sharding = #sdy.sharding<@mesh, [{{\"part\"}}]>}}) {{
            %r = stablehlo.replica_id : tensor<ui32>
            %p = stablehlo.iota dim = 0 : tensor<{partitions}xui32>
            return %r, %p : tensor<ui32>, tensor<{partitions}xui32>
          }}
        }}"
    )
}

/// For each device, in order, its id and what [`numbers`] says there.
fn places(program: &LoadedExecutable) -> Vec<(i32, u32, u32)> {
    let inputs = program.devices().iter().map(|_| vec![]).collect();
    let results = program.run_on_all(inputs).unwrap();
    let read = |buffer: &Buffer| buffer.to_host().unwrap().item::<u32>().unwrap();
    let place = |ids: &Vec<Buffer>| (ids[0].device().id(), read(&ids[0]), read(&ids[1]));
    results.iter().map(place).collect()
}

#[test]
fn devices_are_listed_by_replica_and_then_by_partition() {
    for plugin in plugins() {
        let client = eight_devices(&plugin);
        let options =
            CompileOptions { replicas: 2, partitions: 3, use_shardy: true, ..Default::default() };
        let program = client.compile(Code::mlir(&numbers(3)), &options).unwrap();
        let numbers: Vec<_> = places(&program).into_iter().map(|(_, r, p)| (r, p)).collect();
        assert_eq!(numbers, [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)]);
    }
}

#[test]
fn a_program_runs_on_the_devices_that_are_named_and_in_their_order() {
    for plugin in plugins() {
        let client = eight_devices(&plugin);
        let compile = |replicas, partitions, devices: &[i32]| {
            let devices = devices.to_vec();
            let options = CompileOptions {
                replicas,
                partitions,
                devices,
                use_shardy: true,
                ..Default::default()
            };
            client.compile(Code::mlir(&numbers(partitions)), &options).unwrap()
        };
        assert_eq!(places(&compile(1, 2, &[5, 2])), [(5, 0, 0), (2, 0, 1)]);
        let expected = [(6, 0, 0), (1, 0, 1), (0, 0, 2), (7, 1, 0), (3, 1, 1), (4, 1, 2)];
        assert_eq!(places(&compile(2, 3, &[6, 1, 0, 7, 3, 4])), expected);
    }
}

#[test]
fn devices_that_a_client_lacks_or_that_are_named_twice_are_refused() {
    for plugin in plugins() {
        let client = eight_devices(&plugin);
        for devices in [vec![0, 8], vec![0, -1], vec![3, 3], vec![0], vec![0, 1, 2]] {
            let options = CompileOptions { replicas: 2, devices, ..Default::default() };
            let error = client.compile(Code::mlir(ADD_IN_PLACE), &options).unwrap_err();
            assert!(matches!(error, Error::Option { option: "devices", .. }), "{error}");
        }
    }
}

#[test]
fn every_device_may_take_over_its_own_argument() {
    for plugin in plugins() {
        let client = eight_devices(&plugin);
        let add = replicas(&client, 8, ADD_IN_PLACE);
        let mut sums: Vec<Buffer> =
            add.devices().iter().map(|device| on(device, &[2], &[0.0, 1.0])).collect();
        let ones: Vec<Buffer> =
            add.devices().iter().map(|device| on(device, &[2], &[1.0, 1.0])).collect();
        for _ in 0..10 {
            let inputs = sums.into_iter().zip(&ones).map(|(x, y)| vec![x.into(), y.into()]);
            let results = add.run_on_all(inputs.collect()).unwrap();
            sums = results.into_iter().map(|mut results| results.remove(0)).collect();
        }
        for sum in sums {
            assert_eq!(sum.to_host().unwrap().as_slice::<f32>().unwrap(), [10.0, 11.0]);
        }
    }
}

#[test]
fn an_argument_that_one_device_donates_and_another_lends_stays_what_it_is_there() {
    for plugin in plugins() {
        let client = eight_devices(&plugin);
        let add = replicas(&client, 2, ADD_IN_PLACE);
        let [first, second] = add.devices().try_into().unwrap();
        let (x, y) = (on(&first, &[2], &[1.0, 2.0]), on(&second, &[2], &[3.0, 4.0]));
        let (u, v) = (on(&first, &[2], &[10.0, 10.0]), on(&second, &[2], &[20.0, 20.0]));
        let inputs = vec![vec![x.into(), (&u).into()], vec![(&y).into(), (&v).into()]];
        let results = add.run_on_all(inputs).unwrap();
        assert_eq!(results[0][0].to_host().unwrap().as_slice::<f32>().unwrap(), [11.0, 12.0]);
        assert_eq!(results[1][0].to_host().unwrap().as_slice::<f32>().unwrap(), [23.0, 24.0]);
        assert_eq!(y.to_host().unwrap().as_slice::<f32>().unwrap(), [3.0, 4.0]);
    }
}

#[test]
fn a_program_without_results_is_waited_for_on_every_device() {
    for plugin in plugins() {
        let client = eight_devices(&plugin);
        let nothing = replicas(&client, 4, "func.func public @main() { return }");
        let results = nothing.run_on_all(vec![vec![], vec![], vec![], vec![]]).unwrap();
        assert!(results.len() == 4 && results.iter().all(Vec::is_empty));
    }
}

#[test]
fn lists_of_arguments_for_another_number_of_devices_or_in_another_order_are_refused() {
    let client = eight_devices(&Plugin::load(&plugin_paths()[0]).unwrap());
    let add = replicas(&client, 2, ADD_IN_PLACE);
    insta::assert_snapshot!(add.run_on_all(vec![]).unwrap_err(), @"the program runs on 2 devices, got arguments for 0");
    let [first, second] = add.devices().try_into().unwrap();
    let (x, y) = (on(&first, &[2], &[1.0, 2.0]), on(&second, &[2], &[3.0, 4.0]));
    let inputs = vec![vec![(&y).into(), (&y).into()], vec![(&x).into(), (&x).into()]];
    let error = add.run_on_all(inputs).unwrap_err();
    assert!(matches!(error, Error::ArgumentDevice { index: 0, expected: 0, got: 1 }), "{error}");
    let inputs = vec![vec![(&x).into(), (&x).into()], vec![(&y).into()]];
    let error = add.run_on_all(inputs).unwrap_err();
    assert!(matches!(error, Error::ArgumentCount { expected: 2, got: 1 }), "{error}");
}

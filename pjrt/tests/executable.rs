//! Compiled programs.

mod support;

use std::collections::BTreeMap;

use pjrt::{Alias, ArraySpec, ClientOptions, Code, CompileOptions, DType, Input};
use support::{ADD, ADD_IN_PLACE, client, clients, compile, f32s, plugins};

#[test]
fn a_program_tells_its_name() {
    for client in clients() {
        let code = format!("module @sum {{ {ADD} }}");
        assert_eq!(compile(&client, &code).name(), "sum");
    }
}

#[test]
fn a_program_tells_what_it_takes_and_returns_for_every_type() {
    let types = [
        ("i1", DType::Pred),
        ("i8", DType::S8),
        ("i16", DType::S16),
        ("i32", DType::S32),
        ("i64", DType::S64),
        ("ui8", DType::U8),
        ("ui16", DType::U16),
        ("ui32", DType::U32),
        ("ui64", DType::U64),
        ("f16", DType::F16),
        ("bf16", DType::Bf16),
        ("f32", DType::F32),
        ("f64", DType::F64),
        ("complex<f32>", DType::C64),
        ("complex<f64>", DType::C128),
        ("f8E5M2", DType::F8E5M2),
        ("f8E4M3FN", DType::F8E4M3FN),
        ("f8E4M3B11FNUZ", DType::F8E4M3B11FNUZ),
        ("f8E5M2FNUZ", DType::F8E5M2FNUZ),
        ("f8E4M3FNUZ", DType::F8E4M3FNUZ),
        ("f8E4M3", DType::F8E4M3),
        ("f8E3M4", DType::F8E3M4),
        ("f8E8M0FNU", DType::F8E8M0FNU),
        ("i4", DType::S4),
        ("ui4", DType::U4),
        ("i2", DType::S2),
        ("ui2", DType::U2),
        ("f4E2M1FN", DType::F4E2M1FN),
    ];
    for client in clients() {
        for (name, dtype) in types {
            let code = format!(
                "func.func public @main(%x: tensor<2x0x3x{name}>, %y: tensor<f32>) -> tensor<2x0x3x{name}> {{
                  return %x : tensor<2x0x3x{name}>
                }}"
            );
            let program = compile(&client, &code);
            let spec = ArraySpec::new(dtype, &[2, 0, 3]);
            assert_eq!(program.inputs(), [spec.clone(), ArraySpec::new(DType::F32, &[])]);
            assert_eq!(program.outputs(), [spec]);
        }
    }
}

#[test]
fn a_program_with_a_type_that_buffers_lack_is_refused() {
    let code = "func.func public @main(%x: !stablehlo.token) -> !stablehlo.token {
      return %x : !stablehlo.token
    }";
    let error = client().compile(Code::mlir(code), &CompileOptions::default()).unwrap_err();
    insta::assert_snapshot!(error, @"the compiled program cannot be called: it takes or returns a token, which no buffer holds");
}

fn alias(input: usize, output: usize) -> Alias {
    Alias { input, output, must: false }
}

#[test]
fn a_program_tells_which_arguments_it_takes_over_for_which_results() {
    let swap = "func.func public @main(
        %x: tensor<2xf32> {tf.aliasing_output = 1 : i32},
        %y: tensor<2xf32> {tf.aliasing_output = 0 : i32}) -> (tensor<2xf32>, tensor<2xf32>) {
      return %x, %y : tensor<2xf32>, tensor<2xf32>
    }";
    let donor = "func.func public @main(%x: tensor<2xf32>, %y: tensor<2xf32> {jax.buffer_donor = true}) -> tensor<2xf32> {
      %z = stablehlo.add %x, %y : tensor<2xf32>
      return %z : tensor<2xf32>
    }";
    for client in clients() {
        for (code, aliases) in [
            (ADD, vec![]),
            (ADD_IN_PLACE, vec![alias(0, 0)]),
            (swap, vec![alias(0, 1), alias(1, 0)]),
            (donor, vec![alias(1, 0)]),
        ] {
            let program = compile(&client, code);
            let inputs: Vec<_> = aliases.iter().map(|alias| alias.input).collect();
            assert_eq!(program.donatable_inputs(), inputs);
            assert_eq!(program.aliases(), aliases);
            assert!(program.refused_donations().is_empty());
        }
    }
}

#[test]
fn a_donation_that_no_result_can_use_is_told_of() {
    // Of x and y one is enough for z, and w is of another size.
    let code = "func.func public @main(
        %x: tensor<2xf32> {jax.buffer_donor = true}, %y: tensor<2xf32> {jax.buffer_donor = true},
        %w: tensor<3xf32> {jax.buffer_donor = true}) -> tensor<2xf32> {
      %z = stablehlo.add %x, %y : tensor<2xf32>
      return %z : tensor<2xf32>
    }";
    for client in clients() {
        let program = compile(&client, code);
        assert_eq!(program.aliases(), [alias(0, 0)]);
        assert_eq!(program.refused_donations(), [1, 2]);
        assert_eq!(program.donatable_inputs(), [0, 1, 2]);
        let arguments = [f32s(&client, &[2], &[1.0, 2.0]), f32s(&client, &[2], &[3.0, 4.0])];
        let w = f32s(&client, &[3], &[0.0; 3]);
        let inputs = arguments.into_iter().chain([w]).map(Input::Donated).collect();
        let results = program.run(inputs).unwrap();
        assert_eq!(results[0].to_host().unwrap().as_slice::<f32>().unwrap(), [4.0, 6.0]);
    }
}

#[test]
fn an_alias_of_another_size_is_an_error_of_the_compiler() {
    let code = "func.func public @main(%x: tensor<4xf32> {tf.aliasing_output = 0 : i32}) -> tensor<2xf32> {
      %y = stablehlo.slice %x [0:2] : (tensor<4xf32>) -> tensor<2xf32>
      return %y : tensor<2xf32>
    }";
    for client in clients() {
        let error = client.compile(Code::mlir(code), &CompileOptions::default()).unwrap_err();
        assert!(error.to_string().contains("to have the same size"), "{error}");
    }
}

#[test]
fn memory_is_counted_by_what_it_holds() {
    for client in clients() {
        let stats = compile(&client, ADD).memory_stats().unwrap();
        assert_eq!((stats.argument_bytes, stats.output_bytes, stats.alias_bytes), (16, 8, 0));
        assert_eq!(stats.total_bytes(), 24 + stats.temp_bytes);
        let in_place = compile(&client, ADD_IN_PLACE).memory_stats().unwrap();
        assert_eq!(in_place.alias_bytes, 8);
    }
}

#[test]
fn different_programs_have_different_fingerprints() {
    for client in clients() {
        let one = compile(&client, ADD).fingerprint().unwrap();
        let other = compile(&client, ADD_IN_PLACE).fingerprint().unwrap();
        assert!(!one.is_empty());
        assert_ne!(one, other);
    }
}

#[test]
fn a_program_tells_its_replicas_and_partitions() {
    for plugin in plugins() {
        let client = plugin.client(&ClientOptions::new().cpu_devices(2)).unwrap();
        for (replicas, partitions) in [(1, 1), (2, 1), (1, 2)] {
            let options = CompileOptions { replicas, partitions, ..Default::default() };
            let program = client.compile(Code::mlir(ADD), &options).unwrap();
            assert_eq!((program.replicas(), program.partitions()), (replicas, partitions));
        }
    }
}

#[test]
fn a_cost_is_what_the_compiler_reckons_or_an_ordinary_error_where_it_reckons_none() {
    for client in clients() {
        match compile(&client, ADD).cost() {
            Ok(cost) => {
                let expected = BTreeMap::from([("flops", 2.0), ("bytes accessed", 24.0)]);
                for (name, value) in expected {
                    assert_eq!(cost[name], value, "{name}");
                }
            }
            Err(error) => assert!(error.is_unsupported(), "{error}"),
        }
    }
}

#[test]
fn a_serialised_program_loads_into_another_client_and_runs() {
    for plugin in plugins() {
        let options = ClientOptions::new().cpu_devices(1);
        let bytes = compile(&plugin.client(&options).unwrap(), ADD).serialize().unwrap();
        let client = plugin.client(&options).unwrap();
        let add = client.load_serialized(&bytes).unwrap();
        assert_eq!(
            add.inputs(),
            [ArraySpec::new(DType::F32, &[2]), ArraySpec::new(DType::F32, &[2])]
        );
        let x = f32s(&client, &[2], &[1.0, 2.0]);
        let results = add.run(vec![(&x).into(), (&x).into()]).unwrap();
        assert_eq!(results[0].to_host().unwrap().as_slice::<f32>().unwrap(), [2.0, 4.0]);
    }
}

#[test]
fn bytes_that_are_no_serialised_program_are_an_error() {
    for client in clients() {
        for bytes in [&b""[..], b"not a program", &[0xff; 100]] {
            assert!(client.load_serialized(bytes).is_err());
        }
    }
}

#[test]
fn a_serialised_program_for_devices_that_are_not_there_is_an_error() {
    for plugin in plugins() {
        let two = plugin.client(&ClientOptions::new().cpu_devices(2)).unwrap();
        let one = plugin.client(&ClientOptions::new().cpu_devices(1)).unwrap();
        for options in [
            CompileOptions { replicas: 2, ..Default::default() },
            CompileOptions { devices: vec![1], ..Default::default() },
        ] {
            let bytes = two.compile(Code::mlir(ADD), &options).unwrap().serialize().unwrap();
            assert!(one.load_serialized(&bytes).is_err());
        }
    }
}

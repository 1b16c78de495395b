//! How arrays lie in a device's memory.

mod support;

use pjrt::{ArraySpec, Client, ClientOptions, DType, Error, HostArray, HostArrayError};
use support::{client, clients, compile, f32s, on_device, plugins};

/// What asks the compiler for another layout than the default.
fn mode(layout: &str) -> String {
    format!("{{mhlo.layout_mode = \"{layout}\"}}")
}

/// Returns its argument in another layout.
fn returning(array: &str, layout: &str) -> String {
    format!(
        "func.func public @main(%x: tensor<{array}>) -> (tensor<{array}> {}) {{
          return %x : tensor<{array}>
        }}",
        mode(layout)
    )
}

/// Takes a matrix by columns, and returns twice as much by rows.
fn by_columns() -> String {
    format!(
        "func.func public @main(%x: tensor<2x3xf32> {}) -> tensor<2x3xf32> {{
          %y = stablehlo.add %x, %x : tensor<2x3xf32>
          return %y : tensor<2x3xf32>
        }}",
        mode("{0,1}")
    )
}

const ROWS: [f32; 6] = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];

#[test]
fn results_in_any_order_of_dimensions_are_read_row_major() {
    for client in clients() {
        for (array, spec, layouts) in [
            ("2x3xf32", ArraySpec::new(DType::F32, &[2, 3]), &["{0,1}", "{1,0}"][..]),
            (
                "2x3x4xi16",
                ArraySpec::new(DType::S16, &[2, 3, 4]),
                &["{0,1,2}", "{0,2,1}", "{1,0,2}", "{1,2,0}", "{2,0,1}"],
            ),
            ("2x3xi8", ArraySpec::new(DType::S8, &[2, 3]), &["{0,1}"]),
            ("2x3xf64", ArraySpec::new(DType::F64, &[2, 3]), &["{0,1}"]),
            ("2x3xcomplex<f64>", ArraySpec::new(DType::C128, &[2, 3]), &["{0,1}"]),
            ("2x0x3xf32", ArraySpec::new(DType::F32, &[2, 0, 3]), &["{0,2,1}"]),
        ] {
            let mut given = HostArray::zeros(spec.dtype, &spec.dims).unwrap();
            let width = spec.dtype.host_bytes();
            given.bytes_mut().chunks_mut(width).zip(1..).for_each(|(it, at)| it[0] = at);
            for &layout in layouts {
                let program = compile(&client, &returning(array, layout));
                assert_eq!(program.outputs(), std::slice::from_ref(&spec));
                assert_eq!(program.output_layouts()[0].to_string(), layout);
                let result =
                    program.run(vec![on_device(&client, &given).into()]).unwrap().remove(0);
                assert_eq!(result.layout().unwrap().to_string(), layout);
                assert_eq!(result.to_host().unwrap(), given, "{array} {layout}");
            }
        }
    }
}

/// Whether the compiler survives a program that reorders elements of few bits.
fn reorders_packed(client: &Client) -> bool {
    client.plugin().api_version().minor > 81
}

#[test]
fn packed_results_in_another_order_are_read_row_major() {
    for client in clients().into_iter().filter(reorders_packed) {
        // Of an array that doesn't fill whole words, compiled code may write beyond the end.
        let program = compile(&client, &returning("8x16xi4", "{0,1}"));
        let values: Vec<u8> = (0..128).map(|at| at % 13).collect();
        let given = HostArray::from_bytes(DType::S4, &[8, 16], &values).unwrap();
        let result = program.run(vec![on_device(&client, &given).into()]).unwrap().remove(0);
        assert_eq!(result.to_host().unwrap(), given);
    }
}

#[test]
fn packed_arguments_in_another_order_are_unsupported() {
    for client in clients().into_iter().filter(reorders_packed) {
        let program = compile(&client, &by_columns().replace("f32", "i4"));
        let x = HostArray::zeros(DType::S4, &[2, 3]).unwrap();
        let error = program.argument(0, &x, &client.devices()[0]).unwrap_err();
        assert!(error.is_unsupported(), "{error}");
    }
}

#[test]
fn a_layout_that_the_compiler_chooses_is_read_row_major() {
    let auto = mode("auto");
    let code = format!(
        "func.func public @main(%x: tensor<2x3xf32> {auto}) -> (tensor<3x2xf32> {auto}) {{
          %y = stablehlo.transpose %x, dims = [1, 0] : (tensor<2x3xf32>) -> tensor<3x2xf32>
          return %y : tensor<3x2xf32>
        }}"
    );
    for client in clients() {
        let program = compile(&client, &code);
        let x = HostArray::from_slice(&[2, 3], &ROWS).unwrap();
        let x = program.argument(0, &x, &client.devices()[0]).unwrap();
        let result = program.run(vec![x.into()]).unwrap().remove(0);
        let transposed = [1.0, 4.0, 2.0, 5.0, 3.0, 6.0];
        assert_eq!(result.to_host().unwrap().as_slice::<f32>().unwrap(), transposed);
    }
}

#[test]
fn an_argument_in_another_layout_is_made_with_the_programs_help() {
    for client in clients() {
        let program = compile(&client, &by_columns());
        assert_eq!(program.input_layouts()[0].to_string(), "{0,1}");
        let x = HostArray::from_slice(&[2, 3], &ROWS).unwrap();
        let device = &client.devices()[0];
        let argument = program.argument(0, &x, device).unwrap();
        assert_eq!(argument.layout().unwrap().to_string(), "{0,1}");
        assert_eq!(argument.to_host().unwrap(), x);
        let result = program.run(vec![argument.into()]).unwrap().remove(0);
        let doubled = [2.0, 4.0, 6.0, 8.0, 10.0, 12.0];
        assert_eq!(result.to_host().unwrap().as_slice::<f32>().unwrap(), doubled);

        let error = program.argument(1, &x, device).unwrap_err();
        assert!(matches!(error, Error::ArgumentCount { expected: 1, got: 2 }), "{error}");
        // What it isn't made for is told when it is run.
        let column = program.argument(0, &HostArray::from_slice(&[6], &ROWS).unwrap(), device);
        let error = program.run(vec![column.unwrap().into()]).unwrap_err();
        assert!(matches!(error, Error::Argument { .. }), "{error}");
    }
}

#[test]
fn arguments_of_every_width_and_without_elements_are_put_into_the_programs_order() {
    for client in clients() {
        for (name, dtype, dims) in [
            ("2x3xi8", DType::S8, [2, 3]),
            ("2x3xbf16", DType::Bf16, [2, 3]),
            ("2x3xi64", DType::S64, [2, 3]),
            ("2x0xf32", DType::F32, [2, 0]),
        ] {
            let code = format!(
                "func.func public @main(%x: tensor<{name}> {}) -> tensor<{name}> {{
                  return %x : tensor<{name}>
                }}",
                mode("{0,1}")
            );
            let mut x = HostArray::zeros(dtype, &dims).unwrap();
            let width = dtype.host_bytes();
            x.bytes_mut().chunks_mut(width).zip(1..).for_each(|(it, at)| it[0] = at);
            let program = compile(&client, &code);
            let argument = program.argument(0, &x, &client.devices()[0]).unwrap();
            let result = program.run(vec![argument.into()]).unwrap().remove(0);
            assert_eq!(result.to_host().unwrap(), x, "{name}");
        }
    }
}

#[test]
fn a_result_feeds_only_programs_that_take_it_as_it_lies() {
    for client in clients() {
        let make = compile(&client, &returning("2x3xf32", "{0,1}"));
        let matching = compile(&client, &by_columns());
        let x = f32s(&client, &[2, 3], &ROWS);
        let columns = make.run(vec![(&x).into()]).unwrap().remove(0);
        let result = matching.run(vec![(&columns).into()]).unwrap().remove(0);
        let doubled = [2.0, 4.0, 6.0, 8.0, 10.0, 12.0];
        assert_eq!(result.to_host().unwrap().as_slice::<f32>().unwrap(), doubled);
        let from_columns = make.run(vec![(&columns).into()]).unwrap_err().to_string();
        let to_columns = matching.run(vec![(&x).into()]).unwrap_err().to_string();
        insta::allow_duplicates! {
            insta::assert_snapshot!(from_columns, @"argument 0: expected the layout {1,0}, got {0,1}; make it from a host array with the program's `argument`");
            insta::assert_snapshot!(to_columns, @"argument 0: expected the layout {0,1}, got the default; make it from a host array with the program's `argument`");
        }
    }
}

#[test]
fn a_result_in_another_layout_is_copied_to_another_device() {
    for plugin in plugins() {
        let client = plugin.client(&ClientOptions::new().cpu_devices(2)).unwrap();
        let make = compile(&client, &returning("2x3xf32", "{0,1}"));
        let x = f32s(&client, &[2, 3], &ROWS);
        let columns = make.run(vec![x.into()]).unwrap().remove(0);
        let copy = columns.copy_to_device(&client.devices()[1]).unwrap();
        assert_eq!(copy.device(), client.devices()[1]);
        assert_eq!(copy.to_host().unwrap().as_slice::<f32>().unwrap(), ROWS);
        assert!(copy.layout().unwrap().is_row_major());
    }
}

#[test]
fn a_donated_argument_in_another_layout_is_taken_over() {
    let by_columns = "mhlo.layout_mode = \"{0,1}\"";
    let code = format!(
        "func.func public @main(%x: tensor<2x3xf32> {{{by_columns}, tf.aliasing_output = 0 : i32}}) -> (tensor<2x3xf32> {{{by_columns}}}) {{
          %y = stablehlo.add %x, %x : tensor<2x3xf32>
          return %y : tensor<2x3xf32>
        }}"
    );
    for client in clients() {
        let double = compile(&client, &code);
        assert_eq!(double.donatable_inputs(), [0]);
        let x = HostArray::from_slice(&[2, 3], &ROWS).unwrap();
        let mut x = double.argument(0, &x, &client.devices()[0]).unwrap();
        for _ in 0..3 {
            x = double.run(vec![x.into()]).unwrap().remove(0);
        }
        assert_eq!(x.to_host().unwrap().as_slice::<f32>().unwrap(), ROWS.map(|value| 8.0 * value));
    }
}

#[test]
fn cpus_keep_arrays_as_the_host_does() {
    for client in clients() {
        let topology = client.topology().unwrap();
        for dims in [&[][..], &[3], &[2, 3, 4], &[3, 0]] {
            let spec = ArraySpec::new(DType::F32, dims);
            assert!(topology.default_layout(&spec).unwrap().is_row_major());
            let array = HostArray::zeros(DType::F32, dims).unwrap();
            assert!(on_device(&client, &array).layout().unwrap().is_row_major());
        }
        let matrix = topology.default_layout(&ArraySpec::new(DType::S4, &[2, 3])).unwrap();
        assert_eq!((matrix.to_string(), matrix.minor_to_major()), ("{1,0}".into(), &[1, 0][..]));
    }
}

#[test]
fn there_is_no_layout_for_an_array_that_nothing_could_hold() {
    let topology = client().topology().unwrap();
    let error = topology.default_layout(&ArraySpec::new(DType::F32, &[1 << 62, 8])).unwrap_err();
    assert!(matches!(error, Error::HostArray(HostArrayError::Overflow { .. })), "{error}");
}

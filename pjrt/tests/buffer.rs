//! Arrays on a device.

mod support;

use half::{bf16, f16};
use pjrt::{DType, Element, Error, HostArray};
use support::{client, clients, compile, f32s, on_device};

fn round_trip<T: Element + PartialEq + std::fmt::Debug>(values: &[T]) {
    for client in clients() {
        let array = HostArray::from_slice(&[values.len() / 2, 2], values).unwrap();
        let buffer = on_device(&client, &array);
        assert_eq!((buffer.dtype(), buffer.dims()), (T::DTYPE, array.dims()));
        assert_eq!(buffer.to_host().unwrap().as_slice::<T>().unwrap(), values);
    }
}

#[test]
fn arrays_of_every_rust_type_come_back_as_they_went() {
    round_trip(&[true, false, false, true]);
    round_trip(&[i8::MIN, -1, 0, i8::MAX]);
    round_trip(&[i16::MIN, -1, 0, i16::MAX]);
    round_trip(&[i32::MIN, -1, 0, i32::MAX]);
    round_trip(&[i64::MIN, -1, 0, i64::MAX]);
    round_trip(&[0, 1, u8::MAX - 1, u8::MAX]);
    round_trip(&[0, 1, u16::MAX - 1, u16::MAX]);
    round_trip(&[0, 1, u32::MAX - 1, u32::MAX]);
    round_trip(&[0, 1, u64::MAX - 1, u64::MAX]);
    round_trip(&[1.5f32, -0.0, f32::MIN_POSITIVE, f32::INFINITY]);
    round_trip(&[1.5f64, -0.0, f64::MIN_POSITIVE, f64::NEG_INFINITY]);
    round_trip(&[f16::from_f32(1.5), f16::MAX, f16::MIN, f16::ZERO]);
    round_trip(&[bf16::from_f32(1.5), bf16::MAX, bf16::MIN, bf16::ZERO]);
}

#[test]
fn arrays_without_elements_and_without_dimensions_come_back() {
    for client in clients() {
        for dims in [&[0][..], &[3, 0, 2]] {
            let empty = HostArray::zeros(DType::F32, dims).unwrap();
            assert_eq!(on_device(&client, &empty).to_host().unwrap(), empty);
        }
        let scalar = HostArray::scalar(7u32);
        assert_eq!(on_device(&client, &scalar).to_host().unwrap(), scalar);
    }
}

#[test]
fn a_buffer_outlives_the_array_it_was_made_from() {
    let client = client();
    let values: Vec<f32> = (0..100_000).map(|value| value as f32).collect();
    let buffer = f32s(&client, &[values.len()], &values);
    assert_eq!(buffer.to_host().unwrap().as_slice::<f32>().unwrap(), values);
}

#[test]
fn a_buffer_keeps_its_client_alive() {
    for client in clients() {
        let buffer = f32s(&client, &[2], &[1.0, 2.0]);
        drop(client);
        assert_eq!(buffer.device().id(), 0);
        assert_eq!(buffer.to_host().unwrap().as_slice::<f32>().unwrap(), [1.0, 2.0]);
    }
}

#[test]
fn a_device_of_another_client_is_refused() {
    let (one, other) = (client(), client());
    let error = one.buffer(&HostArray::scalar(1.0f32), &other.devices()[0]).unwrap_err();
    assert!(matches!(error, Error::ForeignDevice { id: 0 }), "{error}");
}

#[test]
fn arrays_of_every_type_come_back_or_are_refused_where_the_plugin_is_older_than_the_type() {
    let six_bits = [DType::F6E2M3FN, DType::F6E3M2FN];
    let one_bit = [DType::S1, DType::U1];
    for client in clients() {
        let version = client.plugin().api_version();
        for &dtype in DType::ALL {
            let bytes = [0, 1, 1, 0].repeat(dtype.host_bytes());
            let array = HostArray::from_bytes(dtype, &[4], &bytes).unwrap();
            let newer = one_bit.contains(&dtype) && version.minor < 94
                || six_bits.contains(&dtype) && version.minor < 114;
            match client.buffer(&array, &client.devices()[0]) {
                Ok(buffer) if !newer => assert_eq!(buffer.to_host().unwrap(), array, "{dtype}"),
                Err(error @ Error::UnknownDType { .. }) if newer => {
                    assert!(error.is_unsupported());
                    let path = client.plugin().path().display();
                    let said = format!(
                        "the plugin {path} (PJRT {version}) does not know arrays of {dtype}; use one of PJRT 0."
                    );
                    assert!(error.to_string().starts_with(&said), "{error}");
                }
                other => panic!("{dtype} with PJRT {version}: {other:?}"),
            }
        }
    }
}

#[test]
fn elements_of_fewer_than_eight_bits_are_the_lower_bits_of_a_byte_each() {
    for client in clients() {
        for (dtype, given, expected) in [
            (DType::S4, [0xf8, 0x0f, 0, 1, 7], [-8.0, -1.0, 0.0, 1.0, 7.0]),
            (DType::U4, [0, 1, 8, 15, 0xf3], [0.0, 1.0, 8.0, 15.0, 3.0]),
            (DType::S2, [0xfe, 0x03, 0, 1, 2], [-2.0, -1.0, 0.0, 1.0, -2.0]),
            (DType::U2, [0, 1, 2, 3, 0xff], [0.0, 1.0, 2.0, 3.0, 3.0]),
            (DType::F4E2M1FN, [0, 1, 7, 9, 15], [0.0, 0.5, 6.0, -0.5, -6.0]),
        ] {
            let code = format!(
                "func.func public @main(%x: tensor<5x{dtype}>) -> (tensor<5x{dtype}>, tensor<5xf32>) {{
                  %y = stablehlo.convert %x : (tensor<5x{dtype}>) -> tensor<5xf32>
                  return %x, %y : tensor<5x{dtype}>, tensor<5xf32>
                }}"
            );
            let x = on_device(&client, &HostArray::from_bytes(dtype, &[5], &given).unwrap());
            let mask = if matches!(dtype, DType::S2 | DType::U2) { 0x03 } else { 0x0f };
            let lower = given.map(|byte| byte & mask);
            assert_eq!(x.to_host().unwrap().bytes(), lower, "{dtype}");
            let results = compile(&client, &code).run(vec![x.into()]).unwrap();
            assert_eq!(results[0].to_host().unwrap().bytes(), lower, "{dtype}");
            let values = results[1].to_host().unwrap();
            assert_eq!(values.as_slice::<f32>().unwrap(), expected, "{dtype}");
        }
    }
}

#[test]
fn elements_of_six_bits_pass_through_a_program_as_they_are() {
    for client in clients() {
        for dtype in [DType::F6E2M3FN, DType::F6E3M2FN] {
            let array = HostArray::from_bytes(dtype, &[5], &[0, 1, 31, 34, 63]).unwrap();
            let x = match client.buffer(&array, &client.devices()[0]) {
                Err(error) if error.is_unsupported() => continue,
                x => x.unwrap(),
            };
            let code = format!(
                "func.func public @main(%x: tensor<5x{dtype}>) -> tensor<5x{dtype}> {{
                  return %x : tensor<5x{dtype}>
                }}"
            );
            let results = compile(&client, &code).run(vec![x.into()]).unwrap();
            assert_eq!(results[0].to_host().unwrap(), array);
        }
    }
}

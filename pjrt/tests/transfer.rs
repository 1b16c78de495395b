//! Arrays on their way to a device.

mod support;

use std::sync::Arc;
use std::time::Duration;

use pjrt::{ArraySpec, Client, DType, Error, HostArray, HostArrayError};
use support::{ADD, ADD_IN_PLACE, client, clients, compile, f32s, on_device, resident_bytes};

fn f32_array(values: &[f32]) -> HostArray {
    HostArray::from_slice(&[values.len()], values).unwrap()
}

fn pair() -> ArraySpec {
    ArraySpec::new(DType::F32, &[2])
}

/// Whether arrays of few bits can be sent: the plugin has to pack them.
fn packs(client: &Client) -> bool {
    client.plugin().api_version().minor > 81
}

#[test]
fn a_program_is_started_on_an_array_that_arrives_piece_by_piece() {
    for client in clients() {
        let add = compile(&client, ADD);
        let (mut transfer, buffers) = client.transfer(&[pair()], &client.devices()[0]).unwrap();
        assert_eq!(buffers[0].spec(), &pair());
        let y = f32s(&client, &[2], &[10.0, 20.0]);
        let results = add.run(vec![(&buffers[0]).into(), (&y).into()]).unwrap();
        transfer.send(0, f32_array(&[1.0])).unwrap();
        std::thread::sleep(Duration::from_millis(20));
        assert!(!buffers[0].ready().unwrap().is_ready().unwrap());
        assert!(!results[0].ready().unwrap().is_ready().unwrap());
        transfer.send(0, HostArray::scalar(2.0f32)).unwrap();
        assert_eq!(results[0].to_host().unwrap().as_slice::<f32>().unwrap(), [11.0, 22.0]);
        assert_eq!(buffers[0].to_host().unwrap().as_slice::<f32>().unwrap(), [1.0, 2.0]);
    }
}

#[test]
fn several_arrays_arrive_side_by_side() {
    for client in clients() {
        let specs = [
            ArraySpec::new(DType::F32, &[100, 1000]),
            ArraySpec::new(DType::S16, &[3]),
            ArraySpec::new(DType::F64, &[]),
            ArraySpec::new(DType::F32, &[3, 0]),
            ArraySpec::new(DType::C128, &[2]),
        ];
        let (mut transfer, buffers) = client.transfer(&specs, &client.devices()[0]).unwrap();
        // Nothing is to come of an array without elements.
        assert_eq!(buffers[3].to_host().unwrap().dims(), [3, 0]);
        transfer.send(1, HostArray::from_slice(&[2], &[1i16, -2]).unwrap()).unwrap();
        let mut pieces = Vec::new();
        for row in 0..100 {
            let piece = Arc::new(f32_array(&[row as f32; 1000]));
            transfer.send(0, Arc::clone(&piece)).unwrap();
            pieces.push(piece);
        }
        transfer.send(1, HostArray::zeros(DType::S16, &[0]).unwrap()).unwrap();
        transfer.send(1, HostArray::scalar(i16::MAX)).unwrap();
        transfer.send(2, HostArray::scalar(2.5f64)).unwrap();
        let complex = HostArray::from_bytes(DType::C128, &[2], &[7; 32]).unwrap();
        transfer.send(4, complex.clone()).unwrap();
        drop(transfer);
        let rows = buffers[0].to_host().unwrap().to_array::<f32>().unwrap();
        assert!(rows.outer_iter().zip(0..).all(|(row, at)| row.iter().all(|&x| x == at as f32)));
        assert_eq!(buffers[1].to_host().unwrap().as_slice::<i16>().unwrap(), [1, -2, i16::MAX]);
        assert_eq!(buffers[2].to_host().unwrap().item::<f64>().unwrap(), 2.5);
        assert_eq!(buffers[4].to_host().unwrap(), complex);
        // The pieces were let go of when they had been read.
        assert!(pieces.iter().all(|piece| Arc::strong_count(piece) == 1));
    }
}

#[test]
fn elements_of_few_bits_are_put_together_and_packed() {
    for client in clients() {
        let few_bits = [DType::S4, DType::U4, DType::S2, DType::U2, DType::F4E2M1FN];
        for dtype in few_bits.into_iter().chain([DType::S1, DType::U1]) {
            let device = &client.devices()[0];
            let specs = [ArraySpec::new(dtype, &[5]), ArraySpec::new(dtype, &[0])];
            let piece = |bytes: &[u8]| HostArray::from_bytes(dtype, &[bytes.len()], bytes).unwrap();
            let (mut transfer, buffers) = match client.transfer(&specs, device) {
                Ok(begun) => begun,
                Err(error) => {
                    assert!(error.is_unsupported() && !packs(&client), "{error}");
                    continue;
                }
            };
            assert!(packs(&client));
            let most = if few_bits.contains(&dtype) { 3 } else { 1 };
            let bytes = [1, 2, 3, 0, 3].map(|byte| byte & most);
            transfer.send(0, piece(&bytes[..3])).unwrap();
            transfer.send(0, piece(&bytes[3..])).unwrap();
            assert_eq!(buffers[0].to_host().unwrap().bytes(), bytes, "{dtype}");
            assert_eq!(buffers[1].to_host().unwrap().dims(), [0]);
        }
    }
}

#[test]
fn a_piece_that_does_not_belong_is_refused_and_changes_nothing() {
    for client in clients() {
        let specs = [pair(), ArraySpec::new(DType::F32, &[0])];
        let (mut transfer, buffers) = client.transfer(&specs, &client.devices()[0]).unwrap();
        transfer.send(0, HostArray::scalar(1.0f32)).unwrap();
        let mut refusal = |index, piece| transfer.send(index, piece).unwrap_err().to_string();
        insta::allow_duplicates! {
            insta::assert_snapshot!(refusal(2, HostArray::scalar(1.0f32)), @"the transfer is of 2 arrays, got a piece of array 2");
            insta::assert_snapshot!(refusal(0, HostArray::scalar(1i32)), @"array 0 of the transfer: expected at most 1 more of f32, got i32[]");
            insta::assert_snapshot!(refusal(0, f32_array(&[2.0, 3.0])), @"array 0 of the transfer: expected at most 1 more of f32, got f32[2]");
            insta::assert_snapshot!(refusal(1, HostArray::scalar(1.0f32)), @"array 1 of the transfer: expected at most 0 more of f32, got f32[]");
        }
        transfer.send(0, HostArray::scalar(2.0f32)).unwrap();
        let again = transfer.send(0, HostArray::scalar(3.0f32)).unwrap_err();
        assert!(matches!(again, Error::Piece { index: 0, left: 0, .. }), "{again}");
        assert_eq!(buffers[0].to_host().unwrap().as_slice::<f32>().unwrap(), [1.0, 2.0]);
    }
}

#[test]
fn buffers_of_a_transfer_that_is_given_up_fail_and_so_does_what_is_computed_from_them() {
    for client in clients() {
        let add = compile(&client, ADD);
        let (mut transfer, buffers) =
            client.transfer(&[pair(), pair(), pair()], &client.devices()[0]).unwrap();
        let before = add.run(vec![(&buffers[0]).into(), (&buffers[1]).into()]).unwrap();
        transfer.send(1, f32_array(&[1.0])).unwrap();
        transfer.send(2, f32_array(&[1.0, 2.0])).unwrap();
        drop(transfer);
        for buffer in &buffers[..2] {
            let error = buffer.to_host().unwrap_err().to_string();
            assert!(error.contains("was given up before all of the array was sent"), "{error}");
            assert!(buffer.ready().unwrap().wait().is_err());
        }
        assert!(before[0].to_host().is_err());
        let after = add.run(vec![(&buffers[0]).into(), (&buffers[2]).into()]);
        assert!(after.and_then(|results| results[0].to_host()).is_err());
        let whole = add.run(vec![(&buffers[2]).into(), (&buffers[2]).into()]).unwrap();
        assert_eq!(whole[0].to_host().unwrap().as_slice::<f32>().unwrap(), [2.0, 4.0]);
    }
}

#[test]
fn a_transfer_fails_for_the_reason_that_its_sender_gives() {
    for client in clients() {
        let (transfer, buffers) = client.transfer(&[pair()], &client.devices()[0]).unwrap();
        let copy = buffers[0].copy_to_host().unwrap();
        transfer.fail("the file ends early");
        let error = copy.wait().unwrap_err().to_string();
        assert!(error.contains("the file ends early"), "{error}");
    }
}

#[test]
fn buffers_may_be_gone_before_their_arrays_are_sent() {
    for client in clients() {
        let (mut transfer, buffers) =
            client.transfer(&[pair(), pair()], &client.devices()[0]).unwrap();
        drop(buffers);
        transfer.send(0, f32_array(&[1.0])).unwrap();
        transfer.send(0, f32_array(&[2.0])).unwrap();
        drop(transfer);
        assert_eq!(on_device(&client, &f32_array(&[3.0])).to_host().unwrap(), f32_array(&[3.0]));
    }
}

#[test]
fn an_array_that_nothing_could_hold_is_refused() {
    for client in clients() {
        let refusal = |dims: &[usize]| {
            let spec = ArraySpec::new(DType::F32, dims);
            client.transfer(&[spec], &client.devices()[0]).unwrap_err()
        };
        for dims in [&[usize::MAX, 2][..], &[1 << 62, 1 << 62, 0]] {
            let error = refusal(dims);
            assert!(matches!(error, Error::HostArray(HostArrayError::Overflow { .. })), "{error}");
        }
        assert!(matches!(refusal(&[1 << 44]), Error::Plugin { .. }));
    }
}

#[test]
fn a_transfer_to_another_clients_device_is_refused() {
    let (one, other) = (client(), client());
    let error = one.transfer(&[pair()], &other.devices()[0]).unwrap_err();
    assert!(matches!(error, Error::ForeignDevice { id: 0 }), "{error}");
}

#[test]
fn a_thousand_transfers_ended_or_given_up_leave_nothing_behind() {
    for client in clients() {
        let specs = [ArraySpec::new(DType::F32, &[2, 50_000]), pair()];
        let mut before = 0;
        for round in 0..1000 {
            // Time for what is allocated once.
            if round == 100 {
                before = resident_bytes();
            }
            let (mut transfer, buffers) = client.transfer(&specs, &client.devices()[0]).unwrap();
            transfer.send(0, f32_array(&[round as f32; 50_000])).unwrap();
            if round % 2 == 0 {
                transfer.send(0, f32_array(&[1.0; 50_000])).unwrap();
                let array = buffers[0].to_host().unwrap().to_array::<f32>().unwrap();
                assert_eq!((array[[0, 49_999]], array[[1, 0]]), (round as f32, 1.0));
            }
        }
        // 900 arrays of 400,000 bytes would be 360 MB, and so would their pieces.
        let grown = resident_bytes().saturating_sub(before);
        assert!(grown < 50_000_000, "{grown} bytes more");
    }
}

#[test]
fn one_thread_sends_while_another_waits_for_the_result() {
    for client in clients() {
        let add = compile(&client, ADD_IN_PLACE);
        let (mut transfer, mut buffers) =
            client.transfer(&[pair(), pair()], &client.devices()[0]).unwrap();
        let (y, x) = (buffers.pop().unwrap(), buffers.pop().unwrap());
        let sender = std::thread::spawn(move || {
            for (index, values) in [[1.0f32, 2.0], [10.0, 20.0]].iter().enumerate() {
                for &value in values {
                    std::thread::sleep(Duration::from_millis(5));
                    transfer.send(index, HostArray::scalar(value)).unwrap();
                }
            }
        });
        let results = add.run(vec![x.into(), (&y).into()]).unwrap();
        assert_eq!(results[0].to_host().unwrap().as_slice::<f32>().unwrap(), [11.0, 22.0]);
        sender.join().unwrap();
    }
}

#[test]
fn a_program_that_was_given_a_buffer_for_good_fails_with_its_transfer() {
    for client in clients() {
        let add = compile(&client, ADD_IN_PLACE);
        let (transfer, mut buffers) = client.transfer(&[pair()], &client.devices()[0]).unwrap();
        let y = f32s(&client, &[2], &[10.0, 20.0]);
        let sender = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(20));
            transfer.fail("the file ends early");
        });
        let x = buffers.pop().unwrap();
        let result = add.run(vec![x.into(), (&y).into()]);
        let error = result.and_then(|results| results[0].to_host()).unwrap_err().to_string();
        assert!(error.contains("the file ends early"), "{error}");
        sender.join().unwrap();
        // Others of the client are none the worse for it.
        let x = f32s(&client, &[2], &[1.0, 2.0]);
        let results = add.run(vec![x.into(), (&y).into()]).unwrap();
        assert_eq!(results[0].to_host().unwrap().as_slice::<f32>().unwrap(), [11.0, 22.0]);
    }
}

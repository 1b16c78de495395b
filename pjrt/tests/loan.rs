//! Host arrays that a device reads in place.

mod support;

use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use pjrt::{DType, Error, HostArray};
use support::{ADD, ADD_IN_PLACE, client, clients, compile, f32s, resident_bytes};

/// Waits for an array to be let go of by all but `shares`, which happens on a thread of the plugin.
fn wait_for_shares(array: &Weak<HostArray>, shares: usize) {
    let start = Instant::now();
    while array.strong_count() != shares {
        assert!(start.elapsed() < Duration::from_secs(30), "{} shares", array.strong_count());
        std::thread::yield_now();
    }
}

#[test]
fn a_lent_array_is_what_the_device_reads() {
    for client in clients() {
        let device = &client.devices()[0];
        let add = compile(&client, ADD);
        let x = client.lend(HostArray::from_slice(&[2], &[1.0f32, 2.0]).unwrap(), device).unwrap();
        assert_eq!((x.dtype(), x.dims()), (DType::F32, &[2][..]));
        let results = add.run(vec![(&x).into(), (&x).into()]).unwrap();
        assert_eq!(results[0].to_host().unwrap().as_slice::<f32>().unwrap(), [2.0, 4.0]);
        assert_eq!(x.to_host().unwrap().as_slice::<f32>().unwrap(), [1.0, 2.0]);
    }
}

#[test]
fn a_lent_array_is_kept_for_as_long_as_its_buffer_and_no_longer() {
    for client in clients() {
        let array = Arc::new(HostArray::zeros(DType::F32, &[100, 100]).unwrap());
        let weak = Arc::downgrade(&array);
        let one = client.lend(Arc::clone(&array), &client.devices()[0]).unwrap();
        let other = client.lend(array, &client.devices()[0]).unwrap();
        std::thread::sleep(Duration::from_millis(20));
        assert_eq!(weak.strong_count(), 2);
        drop(one);
        wait_for_shares(&weak, 1);
        std::thread::spawn(move || drop(other)).join().unwrap();
        wait_for_shares(&weak, 0);
    }
}

#[test]
fn a_lent_array_whose_buffer_is_gone_is_kept_until_the_program_has_read_it() {
    // Sums a million entries 50 times over, on one core.
    let code = "func.func public @main(%x: tensor<1000000xf32>) -> tensor<f32> {
      %zero = stablehlo.constant dense<0.0> : tensor<f32>
      %i0 = stablehlo.constant dense<0> : tensor<i32>
      %end = stablehlo.constant dense<50> : tensor<i32>
      %one = stablehlo.constant dense<1> : tensor<i32>
      %i, %total = stablehlo.while(%a = %i0, %b = %zero) : tensor<i32>, tensor<f32>
      cond {
        %c = stablehlo.compare LT, %a, %end : (tensor<i32>, tensor<i32>) -> tensor<i1>
        stablehlo.return %c : tensor<i1>
      } do {
        %s = stablehlo.reduce(%x init: %zero) applies stablehlo.add across dimensions = [0]
          : (tensor<1000000xf32>, tensor<f32>) -> tensor<f32>
        %d = stablehlo.add %b, %s : tensor<f32>
        %e = stablehlo.add %a, %one : tensor<i32>
        stablehlo.return %e, %d : tensor<i32>, tensor<f32>
      }
      return %total : tensor<f32>
    }";
    for client in clients() {
        let sum = compile(&client, code);
        let mut values = vec![0.0f32; 1_000_000];
        values[999_999] = 1.0;
        let array = Arc::new(HostArray::from_slice(&[1_000_000], &values).unwrap());
        let weak = Arc::downgrade(&array);
        let x = client.lend(array, &client.devices()[0]).unwrap();
        let results = sum.run(vec![(&x).into()]).unwrap();
        drop(x);
        assert_eq!(results[0].to_host().unwrap().item::<f32>().unwrap(), 50.0);
        wait_for_shares(&weak, 0);
    }
}

#[test]
fn a_lent_array_does_not_change_when_its_buffer_is_donated() {
    for client in clients() {
        let add = compile(&client, ADD_IN_PLACE);
        let y = f32s(&client, &[2], &[10.0, 20.0]);
        let array = Arc::new(HostArray::from_slice(&[2], &[1.0f32, 2.0]).unwrap());
        let x = client.lend(Arc::clone(&array), &client.devices()[0]).unwrap();
        let results = add.run(vec![x.into(), (&y).into()]).unwrap();
        assert_eq!(results[0].to_host().unwrap().as_slice::<f32>().unwrap(), [11.0, 22.0]);
        assert_eq!(array.as_slice::<f32>().unwrap(), [1.0, 2.0]);
        // What is written over the result isn't written over the array either.
        let results = add.run(vec![results.into_iter().next().unwrap().into(), (&y).into()]);
        assert_eq!(results.unwrap()[0].to_host().unwrap().as_slice::<f32>().unwrap(), [21.0, 42.0]);
        assert_eq!(array.as_slice::<f32>().unwrap(), [1.0, 2.0]);
        wait_for_shares(&Arc::downgrade(&array), 1);
    }
}

#[test]
fn arrays_without_elements_without_dimensions_and_of_few_bits_are_lent() {
    for client in clients() {
        for array in [
            HostArray::zeros(DType::F32, &[3, 0, 2]).unwrap(),
            HostArray::scalar(7u32),
            HostArray::from_bytes(DType::S4, &[3], &[1, 7, 15]).unwrap(),
        ] {
            let array = Arc::new(array);
            let lent = client.lend(Arc::clone(&array), &client.devices()[0]).unwrap();
            assert_eq!(lent.to_host().unwrap(), *array);
            drop(lent);
            wait_for_shares(&Arc::downgrade(&array), 1);
        }
    }
}

#[test]
fn ten_thousand_loans_leave_nothing_behind() {
    for client in clients() {
        let add = compile(
            &client,
            "func.func public @main(%x: tensor<25600xf32>) -> tensor<f32> {
          %y = stablehlo.slice %x [25599:25600] : (tensor<25600xf32>) -> tensor<1xf32>
          %z = stablehlo.reshape %y : (tensor<1xf32>) -> tensor<f32>
          return %z : tensor<f32>
        }",
        );
        let mut before = 0;
        for round in 0..10_000 {
            // Time for what is allocated once.
            if round == 1000 {
                before = resident_bytes();
            }
            let values = vec![round as f32; 25_600];
            let array = Arc::new(HostArray::from_slice(&[25_600], &values).unwrap());
            let weak = Arc::downgrade(&array);
            let x = client.lend(array, &client.devices()[0]).unwrap();
            let results = add.run(vec![(&x).into()]).unwrap();
            drop(x);
            assert_eq!(results[0].to_host().unwrap().item::<f32>().unwrap(), round as f32);
            wait_for_shares(&weak, 0);
        }
        // 9000 arrays of 102,400 bytes would be 900 MB.
        let grown = resident_bytes().saturating_sub(before);
        assert!(grown < 50_000_000, "{grown} bytes more");
    }
}

#[test]
fn an_array_is_not_lent_to_another_clients_device() {
    let (one, other) = (client(), client());
    let array = Arc::new(HostArray::scalar(1.0f32));
    let error = one.lend(Arc::clone(&array), &other.devices()[0]).unwrap_err();
    assert!(matches!(error, Error::ForeignDevice { id: 0 }), "{error}");
    assert_eq!(Arc::strong_count(&array), 1);
}

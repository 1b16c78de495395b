//! Work that a plugin has yet to finish.

mod support;

use std::future::Future;
use std::pin::pin;
use std::sync::{Arc, Mutex, mpsc};
use std::task::{Context, Wake, Waker};
use std::time::Duration;

use pjrt::{Event, HostArray};
use support::{ADD, block_on, client, clients, compile, f32s};

#[test]
fn a_copy_in_progress_yields_the_array() {
    for client in clients() {
        let buffer = f32s(&client, &[3], &[1.0, 2.0, 3.0]);
        let copy = buffer.copy_to_host().unwrap();
        drop(buffer);
        drop(client);
        assert_eq!(copy.wait().unwrap().as_slice::<f32>().unwrap(), [1.0, 2.0, 3.0]);
    }
}

#[test]
fn a_copy_may_be_abandoned() {
    let client = client();
    let buffer = f32s(&client, &[1_000_000], &vec![1.0; 1_000_000]);
    for _ in 0..20 {
        drop(buffer.copy_to_host().unwrap());
    }
    assert!(buffer.to_host().is_ok());
}

#[test]
fn a_finished_computation_is_ready() {
    for client in clients() {
        let buffer = f32s(&client, &[1], &[1.0]);
        buffer.ready().unwrap().wait().unwrap();
        assert!(buffer.ready().unwrap().is_ready().unwrap());
    }
}

/// Takes a while: ten matrices of ones multiplied, and divided so that the entries stay 1.
const POWER: &str = "func.func public @main(%x: tensor<700x700xf32>) -> tensor<f32> {
  %n = stablehlo.constant dense<700.0> : tensor<700x700xf32>
  %i0 = stablehlo.constant dense<0> : tensor<i32>
  %end = stablehlo.constant dense<9> : tensor<i32>
  %one = stablehlo.constant dense<1> : tensor<i32>
  %i, %y = stablehlo.while(%a = %i0, %b = %x) : tensor<i32>, tensor<700x700xf32>
  cond {
    %c = stablehlo.compare LT, %a, %end : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %c : tensor<i1>
  } do {
    %d = stablehlo.dot_general %b, %x, contracting_dims = [1] x [0]
      : (tensor<700x700xf32>, tensor<700x700xf32>) -> tensor<700x700xf32>
    %e = stablehlo.divide %d, %n : tensor<700x700xf32>
    %f = stablehlo.add %a, %one : tensor<i32>
    stablehlo.return %f, %e : tensor<i32>, tensor<700x700xf32>
  }
  %first = stablehlo.slice %y [0:1, 0:1] : (tensor<700x700xf32>) -> tensor<1x1xf32>
  %z = stablehlo.reshape %first : (tensor<1x1xf32>) -> tensor<f32>
  return %z : tensor<f32>
}";

#[test]
fn a_result_that_takes_a_while_is_awaited() {
    for client in clients() {
        let power = compile(&client, POWER);
        let x = f32s(&client, &[700, 700], &vec![1.0; 490_000]);
        let value = block_on(async {
            let result = power.run(vec![(&x).into()])?.remove(0);
            result.ready()?.await?;
            result.copy_to_host()?.await
        });
        assert_eq!(value.unwrap().item::<f32>().unwrap(), 1.0);
    }
}

#[test]
fn many_copies_are_awaited_at_once_and_in_any_order() {
    for client in clients() {
        let add = compile(&client, ADD);
        let copies = (0..50).map(|i| {
            let x = f32s(&client, &[2], &[i as f32, 1.0]);
            add.run(vec![(&x).into(), (&x).into()]).unwrap()[0].copy_to_host().unwrap()
        });
        let copies: Vec<_> = copies.collect();
        for (i, copy) in copies.into_iter().enumerate().rev() {
            let array = block_on(copy).unwrap();
            assert_eq!(array.as_slice::<f32>().unwrap(), [2.0 * i as f32, 2.0]);
        }
    }
}

#[test]
fn a_future_may_be_abandoned_after_it_was_polled() {
    for client in clients() {
        let power = compile(&client, POWER);
        let x = f32s(&client, &[700, 700], &vec![1.0; 490_000]);
        for _ in 0..5 {
            let result = power.run(vec![(&x).into()]).unwrap().remove(0);
            let mut copy = result.copy_to_host().unwrap();
            let mut ready = result.ready().unwrap();
            let mut context = Context::from_waker(Waker::noop());
            let _ = pin!(&mut copy).poll(&mut context);
            let _ = pin!(&mut ready).poll(&mut context);
            drop(ready);
            drop(copy);
        }
    }
}

/// A task of which nothing is left but its waker: whoever wakes it drops it.
struct Abandoned {
    copy: Mutex<Option<Event<HostArray>>>,
    gone: mpsc::Sender<()>,
}

impl Wake for Abandoned {
    fn wake(self: Arc<Self>) {}
}

impl Drop for Abandoned {
    fn drop(&mut self) {
        drop(self.copy.get_mut().unwrap().take());
        self.gone.send(()).unwrap();
    }
}

#[test]
fn a_task_that_the_plugin_is_the_last_to_hold_takes_its_client_with_it() {
    for client in clients() {
        let power = compile(&client, POWER);
        let x = f32s(&client, &[700, 700], &vec![1.0; 490_000]);
        let copy = power.run(vec![(&x).into()]).unwrap()[0].copy_to_host().unwrap();
        let (gone, is_gone) = mpsc::channel();
        let task = Arc::new(Abandoned { copy: Mutex::new(Some(copy)), gone });
        let waker = Waker::from(Arc::clone(&task));
        let mut context = Context::from_waker(&waker);
        let _ = pin!(task.copy.lock().unwrap().as_mut().unwrap()).poll(&mut context);
        drop((x, power, client));
        drop((task, waker));
        is_gone.recv_timeout(Duration::from_secs(60)).expect("the task is dropped");
    }
}

#[test]
fn work_ends_well_though_all_that_began_it_is_given_up_on_several_threads() {
    for client in clients() {
        let power = compile(&client, POWER);
        let x = f32s(&client, &[700, 700], &vec![1.0; 490_000]);
        std::thread::scope(|scope| {
            for turn in 0..4 {
                let (power, x) = (&power, &x);
                scope.spawn(move || {
                    let result = power.run(vec![x.into()]).unwrap().remove(0);
                    let mut copy = result.copy_to_host().unwrap();
                    let mut context = Context::from_waker(Waker::noop());
                    match turn {
                        0 => drop((result, copy)),
                        1 => drop((copy, result)),
                        2 => {
                            let _ = pin!(&mut copy).poll(&mut context);
                            drop((result, copy));
                        }
                        _ => assert_eq!(copy.wait().unwrap().item::<f32>().unwrap(), 1.0),
                    }
                });
            }
        });
        let running = power.run(vec![x.into()]).unwrap();
        drop(client);
        drop(power);
        drop(running);
    }
}

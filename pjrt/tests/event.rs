//! Work that a plugin has yet to finish.

mod support;

use support::{client, clients, f32s};

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

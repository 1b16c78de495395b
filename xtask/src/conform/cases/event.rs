//! Waiting for work.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use crate::conform::case::{Case, case, same};

pub(super) fn cases() -> Vec<Case> {
    vec![
        case("waited for", |subject| Ok(subject.f32s(&[1.0])?.ready()?.wait()?)),
        case("asked until ready", |subject| {
            let array = subject.f32s(&[1.0; 1024])?;
            let copy = array.copy_to_host()?;
            while !copy.is_ready()? {
                thread::yield_now();
            }
            same("values", copy.wait()?.as_slice::<f32>()?, [1.0; 1024])
        }),
        case("awaited as a future, which the plugin wakes", |subject| {
            let array = subject.f32s(&[1.0, 2.0])?;
            let host = block_on(async { array.copy_to_host()?.await })?;
            same("values", host.as_slice::<f32>()?, [1.0, 2.0])
        }),
        case("given up before it happened", |subject| {
            let array = subject.f32s(&[1.0; 1024])?;
            drop(array.copy_to_host()?);
            drop(array.ready()?);
            same("values", array.to_host()?.as_slice::<f32>()?, [1.0; 1024])
        }),
    ]
}

/// Wakes a thread that waits.
struct Parked(Thread);

impl Wake for Parked {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Parked(thread::current())));
    let mut context = Context::from_waker(&waker);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
        thread::park();
    }
}

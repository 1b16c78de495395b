//! Waking a task when a plugin has finished.

use std::ffi::c_void;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};
use std::task::Waker;
use std::thread;

use xla_sys::bindings::{PJRT_Error, PJRT_Event, PJRT_Event_OnReady_Args};

use crate::Plugin;
use crate::api::{Handle, call};
use crate::error::Result;

/// To the thread that wakes tasks; none where it can't be started.
///
/// A plugin's own thread must not: the waker may be the last to hold its task, and with it a client
/// or work to be waited for, and a plugin waits for its threads before a client is gone.
static WAKING: LazyLock<Option<Sender<Waker>>> = LazyLock::new(|| {
    let (sender, wakers) = channel();
    let wake_all = move || wakers.into_iter().for_each(wake);
    thread::Builder::new().name("pjrt-waking".to_owned()).spawn(wake_all).ok().map(|_| sender)
});

fn wake(waker: Waker) {
    let outcome = catch_unwind(AssertUnwindSafe(|| waker.wake()));
    // The words of a panic may themselves panic when they are dropped.
    outcome.unwrap_or_else(std::mem::forget);
}

/// Where a plugin says that an event has happened, and a task waits to be told.
///
/// It doesn't keep a client alive: the plugin's own thread may be the last to let go of it.
#[derive(Debug)]
pub(crate) struct Signal {
    plugin: Plugin,
    state: Mutex<State>,
}

#[derive(Debug)]
enum State {
    Waiting(Waker),
    Done,
}

impl Signal {
    /// Has the plugin signal the event, which may happen before this returns, to wake `waker`.
    pub(crate) fn of(
        plugin: &Plugin,
        event: Handle<PJRT_Event>,
        waker: &Waker,
    ) -> Result<Arc<Self>> {
        // Started here rather than on a thread of the plugin.
        LazyLock::force(&WAKING);
        let state = Mutex::new(State::Waiting(waker.clone()));
        let signal = Arc::new(Self { plugin: plugin.clone(), state });
        let user_arg = Arc::into_raw(Arc::clone(&signal)).cast_mut().cast::<c_void>();
        let mut args = PJRT_Event_OnReady_Args {
            event: event.as_ptr(),
            callback: Some(notify),
            user_arg,
            ..Default::default()
        };
        // SAFETY: the event is alive. The callback is called once, on any thread, with a share of
        // the signal that is its own.
        let registered = unsafe { call!(plugin.api(), PJRT_Event_OnReady, &raw mut args) };
        if let Err(error) = registered {
            // SAFETY: the callback was refused, so that its share is this function's again.
            drop(unsafe { Arc::from_raw(user_arg.cast_const().cast::<Self>()) });
            return Err(error);
        }
        Ok(signal)
    }

    /// Whether the event has happened; if not, `waker` is woken when it does, and none before it.
    pub(crate) fn poll(&self, waker: &Waker) -> bool {
        let mut state = self.state();
        match &mut *state {
            State::Done => true,
            State::Waiting(waiting) => {
                waiting.clone_from(waker);
                false
            }
        }
    }

    fn finish(&self) {
        let state = std::mem::replace(&mut *self.state(), State::Done);
        if let State::Waiting(waker) = state {
            match &*WAKING {
                Some(waking) => waking.send(waker).expect("the thread that wakes never ends"),
                None => wake(waker),
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the plugin calls when the event has happened.
///
/// # Safety
/// `user_arg` is a share of a [`Signal`], given up here; `error` is null or the caller's to free.
unsafe extern "C" fn notify(error: *mut PJRT_Error, user_arg: *mut c_void) {
    // SAFETY: the share that `Signal::of` gave.
    let signal = unsafe { Arc::from_raw(user_arg.cast_const().cast::<Signal>()) };
    // This frees it. What went wrong is told again by the event itself.
    let _ = signal.plugin.api().check("PJRT_Event_OnReady", error);
    signal.finish();
}

#[cfg(test)]
mod tests {
    use std::ptr::NonNull;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::task::Wake;
    use std::thread::ThreadId;

    use xla_sys::bindings::{PJRT_Api, PJRT_Error_Destroy_Args};

    use super::*;
    use crate::api::tests::{fake, some_error, table};

    /// How many errors the plugin has freed.
    static FREED: AtomicUsize = AtomicUsize::new(0);

    unsafe extern "C-unwind" fn free(_: *mut PJRT_Error_Destroy_Args) {
        FREED.fetch_add(1, Ordering::SeqCst);
    }

    /// The event has happened, and failed.
    unsafe extern "C-unwind" fn at_once(args: *mut PJRT_Event_OnReady_Args) -> *mut PJRT_Error {
        // SAFETY: called with arguments of this type.
        unsafe { (*args).callback.unwrap()(some_error(), (*args).user_arg) };
        std::ptr::null_mut()
    }

    unsafe extern "C-unwind" fn refuse(_: *mut PJRT_Event_OnReady_Args) -> *mut PJRT_Error {
        some_error()
    }

    /// Says on which thread it was woken, and panics.
    struct Panicking(Sender<ThreadId>);

    impl Wake for Panicking {
        fn wake(self: Arc<Self>) {
            self.0.send(thread::current().id()).unwrap();
            panic!("woken");
        }
    }

    fn signal(table: PJRT_Api, waker: &Waker) -> Result<Arc<Signal>> {
        let plugin = Plugin::new(fake(table));
        let event = plugin.api().handle("PJRT_Event_Create", NonNull::dangling().as_ptr()).unwrap();
        Signal::of(&plugin, event, waker)
    }

    #[test]
    fn an_event_that_failed_before_it_was_asked_for_is_done_and_its_error_is_freed() {
        let table = PJRT_Api {
            PJRT_Error_Destroy: Some(free),
            PJRT_Event_OnReady: Some(at_once),
            ..table()
        };
        let signal = signal(table, Waker::noop()).unwrap();
        assert!(signal.poll(Waker::noop()));
        assert_eq!(FREED.load(Ordering::SeqCst), 1);
        assert_eq!(Arc::strong_count(&signal), 1);
    }

    #[test]
    fn wakers_run_on_a_thread_that_is_not_the_plugin_s_and_one_that_panics_leaves_it_to_the_next() {
        let table = PJRT_Api { PJRT_Event_OnReady: Some(at_once), ..table() };
        let (sender, woken) = channel();
        for _ in 0..2 {
            let waker = Waker::from(Arc::new(Panicking(sender.clone())));
            assert!(signal(table, &waker).unwrap().poll(Waker::noop()));
            // The thread that called back is this one.
            assert_ne!(woken.recv().unwrap(), thread::current().id());
        }
    }

    #[test]
    fn a_plugin_that_refuses_to_tell_gives_its_reason() {
        let table = PJRT_Api { PJRT_Event_OnReady: Some(refuse), ..table() };
        let error = signal(table, Waker::noop()).unwrap_err();
        insta::assert_snapshot!(error, @"ABORTED: no more (PJRT_Event_OnReady)");
    }
}

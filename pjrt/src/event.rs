//! Work that a plugin has yet to finish.

use std::mem::needs_drop;

use xla_sys::bindings::{
    PJRT_Event, PJRT_Event_Await_Args, PJRT_Event_Destroy_Args, PJRT_Event_IsReady_Args,
};

use crate::Client;
use crate::api::{Handle, call};
use crate::error::Result;

/// Work in progress, and what it works on: the payload stays alive and out of reach until the work
/// is done.
///
/// Dropping an event that has a payload waits for the work.
#[derive(Debug)]
pub struct Event<T> {
    client: Client,
    handle: Handle<PJRT_Event>,
    payload: Option<T>,
}

impl<T> Event<T> {
    pub(crate) fn new(client: Client, handle: Handle<PJRT_Event>, payload: T) -> Self {
        Self { client, handle, payload: Some(payload) }
    }

    /// Waits for the work and returns the payload.
    ///
    /// # Errors
    /// What the plugin reports from the work.
    pub fn wait(mut self) -> Result<T> {
        let done = self.block();
        let payload = self.payload.take().expect("only this function takes the payload");
        done.map(|()| payload)
    }

    /// Whether waiting would return at once.
    ///
    /// # Errors
    /// What the plugin reports about the question, not about the work.
    pub fn is_ready(&self) -> Result<bool> {
        let event = self.handle.as_ptr();
        let mut args = PJRT_Event_IsReady_Args { event, ..Default::default() };
        // SAFETY: the event is alive.
        unsafe { call!(self.client.api(), PJRT_Event_IsReady, &raw mut args) }?;
        Ok(args.is_ready)
    }

    fn block(&self) -> Result<()> {
        let event = self.handle.as_ptr();
        let mut args = PJRT_Event_Await_Args { event, ..Default::default() };
        // SAFETY: the event is alive, and may be waited for on any thread.
        unsafe { call!(self.client.api(), PJRT_Event_Await, &raw mut args) }
    }
}

impl<T> Drop for Event<T> {
    fn drop(&mut self) {
        // A payload is memory that the plugin may still write.
        if needs_drop::<T>() && self.payload.is_some() {
            self.client.record(self.block());
        }
        let event = self.handle.as_ptr();
        let mut args = PJRT_Event_Destroy_Args { event, ..Default::default() };
        // SAFETY: the event is this value's own and is gone with it.
        let destroyed = unsafe { call!(self.client.api(), PJRT_Event_Destroy, &raw mut args) };
        self.client.record(destroyed);
    }
}

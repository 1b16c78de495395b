//! Work that a plugin has yet to finish.

use std::future::Future;
use std::mem::needs_drop;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use xla_sys::bindings::{
    PJRT_Event, PJRT_Event_Await_Args, PJRT_Event_Destroy_Args, PJRT_Event_IsReady_Args,
};

use crate::api::{Handle, call};
use crate::error::Result;
use crate::signal::Signal;
use crate::{Client, Layout};

/// Work in progress, and what it works on: the payload stays alive and out of reach until the work
/// is done.
///
/// An event can be waited for, asked, or awaited as a future in whatever runtime: the plugin has the
/// task woken, on a thread of this crate's. Dropping an event that has a payload waits for the work.
///
/// ```no_run
/// # async fn print(buffer: &pjrt::Buffer) -> pjrt::Result<()> {
/// let array = buffer.copy_to_host()?.await?;
/// println!("{:?}", array.to_array::<f32>()?);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Event<T> {
    client: Client,
    handle: Handle<PJRT_Event>,
    payload: Option<T>,
    /// What is left to do with the payload when the work is done, and the layout that it came in.
    rearrangement: Option<(Arc<Layout>, Rearrange<T>)>,
    /// What wakes the task that awaits this, if one does.
    signal: Option<Arc<Signal>>,
}

/// Puts a payload that came in some layout into that of the host.
type Rearrange<T> = fn(T, &Layout) -> Result<T>;

// The payload is only ever moved out, never pinned.
impl<T> Unpin for Event<T> {}

impl<T> Event<T> {
    pub(crate) fn new(client: Client, handle: Handle<PJRT_Event>, payload: T) -> Self {
        Self { client, handle, payload: Some(payload), rearrangement: None, signal: None }
    }

    /// An event whose payload is rearranged when the work is done.
    pub(crate) fn rearranging(mut self, layout: Arc<Layout>, rearrange: Rearrange<T>) -> Self {
        self.rearrangement = Some((layout, rearrange));
        self
    }

    pub(crate) fn handle(&self) -> Handle<PJRT_Event> {
        self.handle
    }

    /// Waits for the work and returns the payload.
    ///
    /// # Errors
    /// What the plugin reports from the work.
    pub fn wait(mut self) -> Result<T> {
        self.finish()
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

    fn finish(&mut self) -> Result<T> {
        let done = self.block();
        let payload = self.payload.take().expect("an event is not polled after it is ready");
        done?;
        match self.rearrangement.take() {
            None => Ok(payload),
            Some((layout, rearrange)) => rearrange(payload, &layout),
        }
    }

    fn block(&self) -> Result<()> {
        let event = self.handle.as_ptr();
        let mut args = PJRT_Event_Await_Args { event, ..Default::default() };
        // SAFETY: the event is alive, and may be waited for on any thread.
        unsafe { call!(self.client.api(), PJRT_Event_Await, &raw mut args) }
    }
}

impl<T> Future for Event<T> {
    type Output = Result<T>;

    /// # Panics
    /// If it has been ready already, as futures do.
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<T>> {
        let event = self.get_mut();
        let signal = match &event.signal {
            Some(signal) => signal,
            None => match Signal::of(event.client.plugin(), event.handle, context.waker()) {
                Ok(signal) => event.signal.insert(signal),
                Err(error) => return Poll::Ready(Err(error)),
            },
        };
        if signal.poll(context.waker()) { Poll::Ready(event.finish()) } else { Poll::Pending }
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

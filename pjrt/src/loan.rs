//! Host arrays that a device reads in place.

use std::sync::Arc;
use std::task::{Wake, Waker};

use xla_sys::bindings::{PJRT_Buffer, PJRT_Event, PJRT_HostBufferSemantics_kImmutableZeroCopy};

use crate::client::BUFFER_FROM_HOST;
use crate::error::Result;
use crate::signal::Signal;
use crate::{ArraySpec, Buffer, Client, Device, Event, HostArray};

/// A share of an array that a plugin may read. It goes with the task that it is woken as: when the
/// plugin has signalled that it is done.
struct Loan {
    _array: Arc<HostArray>,
}

impl Wake for Loan {
    fn wake(self: Arc<Self>) {}
}

impl Client {
    /// Lends an array to a device, which reads it in place where it can, as CPUs do; others copy
    /// it, and the call doesn't wait for that.
    ///
    /// The array is kept, and can't be changed, until the device is done with it: until the buffer
    /// is gone and so is the work that reads it, or the copy is made. A program that takes the
    /// buffer over by [donation](crate::Input::Donated) makes a copy first, and so does whatever
    /// packs elements of fewer than eight bits.
    ///
    /// ```no_run
    /// # use std::sync::Arc;
    /// # use pjrt::{Client, Device, HostArray, Result};
    /// # fn lend(client: &Client, device: &Device) -> Result<()> {
    /// let images = Arc::new(HostArray::from_slice(&[2, 2], &[1.0f32, 2.0, 3.0, 4.0])?);
    /// let buffer = client.lend(Arc::clone(&images), device)?;
    /// assert_eq!(Arc::strong_count(&images), 2);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`buffer`](Self::buffer).
    pub fn lend(&self, array: impl Into<Arc<HostArray>>, device: &Device) -> Result<Buffer> {
        let array = array.into();
        // SAFETY: the array is kept until the plugin says that it is done with it, which is seen to
        // below, and nobody can change what is shared.
        let (buffer, done) =
            unsafe { self.give(&array, PJRT_HostBufferSemantics_kImmutableZeroCopy, device) }?;
        self.keep(&array, buffer, done, device.index())
    }

    /// Keeps an array until the plugin says that it is done with it, and takes charge of the buffer
    /// that the plugin made of it.
    fn keep(
        &self,
        array: &Arc<HostArray>,
        buffer: *mut PJRT_Buffer,
        done: *mut PJRT_Event,
        device: usize,
    ) -> Result<Buffer> {
        let (api, function) = (self.api(), BUFFER_FROM_HOST);
        let spec = ArraySpec::of(array);
        let buffer = api.handle(function, buffer);
        let buffer = buffer.map(|buffer| Buffer::new(self.clone(), buffer, spec, device));
        let done = Event::new(self.clone(), api.handle(function, done)?, ());
        let loan = Waker::from(Arc::new(Loan { _array: Arc::clone(array) }));
        let lent = buffer.and_then(|buffer| {
            Signal::of(self.plugin(), done.handle(), &loan)?;
            Ok(buffer)
        });
        if lent.is_err() {
            // The buffer is gone, so that this ends; the caller keeps the array until it does.
            done.wait()?;
        }
        lent
    }
}

#[cfg(test)]
mod tests {
    use std::ptr;
    use std::sync::Mutex;

    use xla_sys::bindings::{
        PJRT_Api, PJRT_Buffer_Destroy_Args, PJRT_Error, PJRT_Event_Await_Args,
        PJRT_Event_Destroy_Args, PJRT_Event_OnReady_Args,
    };

    use super::*;
    use crate::api::tests as fakes;
    use crate::client::tests::fake;
    use crate::execute::tests::address;
    use crate::support::clients;
    use crate::{DType, Error};

    /// What a plugin was asked to do, in order.
    static ASKED: Mutex<Vec<&str>> = Mutex::new(Vec::new());

    fn ask(what: &'static str) -> *mut PJRT_Error {
        ASKED.lock().unwrap().push(what);
        ptr::null_mut()
    }

    unsafe extern "C-unwind" fn refuse(_: *mut PJRT_Event_OnReady_Args) -> *mut PJRT_Error {
        fakes::some_error()
    }

    unsafe extern "C-unwind" fn wait(_: *mut PJRT_Event_Await_Args) -> *mut PJRT_Error {
        ask("wait")
    }

    unsafe extern "C-unwind" fn destroy_event(_: *mut PJRT_Event_Destroy_Args) -> *mut PJRT_Error {
        ask("destroy event")
    }

    unsafe extern "C-unwind" fn destroy_buffer(
        _: *mut PJRT_Buffer_Destroy_Args,
    ) -> *mut PJRT_Error {
        ask("destroy buffer")
    }

    #[test]
    fn an_array_is_kept_until_it_is_not_read_whatever_the_plugin_falls_short_of() {
        let client = fake(fakes::fake(PJRT_Api {
            PJRT_Event_OnReady: Some(refuse),
            PJRT_Event_Await: Some(wait),
            PJRT_Event_Destroy: Some(destroy_event),
            PJRT_Buffer_Destroy: Some(destroy_buffer),
            ..fakes::table()
        }));
        let keep = |buffer: usize| {
            let array = Arc::new(HostArray::scalar(1.0f32));
            let (buffer, event) =
                (ptr::without_provenance_mut(buffer), ptr::without_provenance_mut(2));
            let error = client.keep(&array, buffer, event, 0).unwrap_err();
            let asked = std::mem::take(&mut *ASKED.lock().unwrap());
            (error, asked, Arc::strong_count(&array))
        };
        let (error, asked, shares) = keep(1);
        assert!(matches!(error, Error::Plugin { function: "PJRT_Event_OnReady", .. }), "{error}");
        assert_eq!(
            (asked.as_slice(), shares),
            (&["destroy buffer", "wait", "destroy event"][..], 1)
        );
        let (error, asked, shares) = keep(0);
        assert!(matches!(error, Error::Contract { .. }), "{error}");
        assert_eq!((asked.as_slice(), shares), (&["wait", "destroy event"][..], 1));
    }

    #[test]
    #[cfg_attr(miri, ignore = "a plugin is foreign code")]
    fn a_cpu_reads_a_lent_array_where_it_is() {
        for client in clients() {
            let device = &client.devices()[0];
            for dims in [&[][..], &[3], &[1000, 7], &[3, 0]] {
                let array = Arc::new(HostArray::zeros(DType::F32, dims).unwrap());
                let lent = client.lend(Arc::clone(&array), device).unwrap();
                assert_eq!(address(&lent), array.bytes().as_ptr().addr());
                let copied = client.buffer(&array, device).unwrap();
                assert_ne!(address(&copied), array.bytes().as_ptr().addr());
            }
        }
    }
}

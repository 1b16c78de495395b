//! Arrays on a device.

use std::ffi::c_void;
use std::sync::Arc;

use xla_sys::bindings::{
    PJRT_Buffer, PJRT_Buffer_CopyToDevice_Args, PJRT_Buffer_Destroy_Args, PJRT_Buffer_Memory_Args,
    PJRT_Buffer_ReadyEvent_Args, PJRT_Buffer_ToHostBuffer_Args,
};

use crate::api::{Handle, call};
use crate::error::Result;
use crate::{ArraySpec, Client, DType, Device, Event, HostArray, Layout, Memory, layout};

/// An array on a device, possibly still being computed. It keeps its client alive.
#[derive(Debug)]
pub struct Buffer {
    client: Client,
    handle: Handle<PJRT_Buffer>,
    spec: ArraySpec,
    /// Where it isn't what its device gives an array by default.
    layout: Option<Arc<Layout>>,
    device: usize,
}

impl Buffer {
    pub(crate) fn new(
        client: Client,
        handle: Handle<PJRT_Buffer>,
        spec: ArraySpec,
        device: usize,
    ) -> Self {
        Self { client, handle, spec, layout: None, device }
    }

    /// The element type.
    pub fn dtype(&self) -> DType {
        self.spec.dtype
    }

    /// The dimensions, most significant first.
    pub fn dims(&self) -> &[usize] {
        &self.spec.dims
    }

    /// Element type and dimensions.
    pub fn spec(&self) -> &ArraySpec {
        &self.spec
    }

    /// The device that holds the array.
    pub fn device(&self) -> Device {
        Device::new(&self.client, self.device)
    }

    /// The memory that holds the array.
    ///
    /// # Errors
    /// What the plugin reports.
    pub fn memory(&self) -> Result<Memory> {
        self.client.check()?;
        let api = self.client.api();
        let mut args =
            PJRT_Buffer_Memory_Args { buffer: self.handle.as_ptr(), ..Default::default() };
        // SAFETY: the buffer is alive, and its client owns the memory.
        unsafe { call!(api, PJRT_Buffer_Memory, &raw mut args) }?;
        Memory::read(api, api.handle("PJRT_Buffer_Memory", args.memory)?)
    }

    /// How the array lies in the device's memory.
    ///
    /// # Errors
    /// What the plugin reports, such as that it [doesn't tell](crate::Error::is_unsupported).
    pub fn layout(&self) -> Result<Layout> {
        self.client.check()?;
        layout::of_buffer(self.client.api(), self.handle)
    }

    /// Starts a copy to another device of the same client, without a trip through the caller.
    ///
    /// An array that isn't in its device's default layout is waited for and copied by way of the
    /// host, into that layout: plugins differ in what they make of it.
    ///
    /// # Errors
    /// [`Error::ForeignDevice`](crate::Error::ForeignDevice) for another client's device,
    /// [`Error::RemoteDevice`](crate::Error::RemoteDevice) for one of another process, or what the
    /// plugin reports. A failure of the copy itself is reported when it is read.
    pub fn copy_to_device(&self, device: &Device) -> Result<Self> {
        self.client.check()?;
        self.client.check_device(device)?;
        if self.layout.is_some() {
            return self.client.buffer(&self.to_host()?, device);
        }
        let mut args = PJRT_Buffer_CopyToDevice_Args {
            buffer: self.handle.as_ptr(),
            dst_device: device.handle().as_ptr(),
            ..Default::default()
        };
        // SAFETY: buffer and device are alive, and of the same client; the copy is the caller's.
        unsafe { call!(self.client.api(), PJRT_Buffer_CopyToDevice, &raw mut args) }?;
        let handle = self.client.api().handle("PJRT_Buffer_CopyToDevice", args.dst_buffer)?;
        Ok(Self::new(self.client.clone(), handle, self.spec.clone(), device.index()))
    }

    /// Waits until the array is computed, and copies it to the host.
    ///
    /// # Errors
    /// What the plugin reports, from the copy or from the program that computes the array.
    pub fn to_host(&self) -> Result<HostArray> {
        self.copy_to_host()?.wait()
    }

    /// Starts a copy to the host.
    ///
    /// # Errors
    /// As [`to_host`](Self::to_host); what happens later is reported by the event.
    pub fn copy_to_host(&self) -> Result<Event<HostArray>> {
        self.client.check()?;
        // Without a layout the copy would come in the device's own. Plugins of interface 0.81 give
        // it so even if asked otherwise, so that of an unusual one only the tiles are undone there.
        let order = match &self.layout {
            None => Layout::row_major(self.spec.dims.len()),
            Some(layout) => layout.without_tiles(),
        };
        let dims: Vec<usize> =
            order.major_to_minor().into_iter().map(|dim| self.spec.dims[dim]).collect();
        let mut array = HostArray::zeros(self.spec.dtype, &dims)?;
        let mut layout = order.raw();
        let mut args = PJRT_Buffer_ToHostBuffer_Args {
            src: self.handle.as_ptr(),
            host_layout: &raw mut layout,
            dst: array.bytes_mut().as_mut_ptr().cast::<c_void>(),
            dst_size: array.bytes().len(),
            ..Default::default()
        };
        // SAFETY: the layout is read during the call. The destination is as long as stated, and the
        // event keeps it alive and out of reach until the plugin is done; moving the array doesn't
        // move its elements.
        unsafe { call!(self.client.api(), PJRT_Buffer_ToHostBuffer, &raw mut args) }?;
        let event = self.client.api().handle("PJRT_Buffer_ToHostBuffer", args.event)?;
        let copy = Event::new(self.client.clone(), event, array);
        Ok(match &self.layout {
            None => copy,
            Some(layout) => copy.rearranging(Arc::clone(layout), |array, layout| {
                Ok(array.transposed(&layout.places())?)
            }),
        })
    }

    /// The event of the array being computed.
    ///
    /// # Errors
    /// What the plugin reports; the failure of the computation is reported by the event.
    pub fn ready(&self) -> Result<Event<()>> {
        self.client.check()?;
        let buffer = self.handle.as_ptr();
        let mut args = PJRT_Buffer_ReadyEvent_Args { buffer, ..Default::default() };
        // SAFETY: the buffer is alive; the event is the caller's.
        unsafe { call!(self.client.api(), PJRT_Buffer_ReadyEvent, &raw mut args) }?;
        let event = self.client.api().handle("PJRT_Buffer_ReadyEvent", args.event)?;
        Ok(Event::new(self.client.clone(), event, ()))
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    pub(crate) fn handle(&self) -> Handle<PJRT_Buffer> {
        self.handle
    }

    /// The layout where it isn't the default.
    pub(crate) fn unusual_layout(&self) -> Option<&Layout> {
        self.layout.as_deref()
    }

    pub(crate) fn set_unusual_layout(&mut self, layout: Option<Arc<Layout>>) {
        self.layout = layout;
    }

    pub(crate) fn device_index(&self) -> usize {
        self.device
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        let buffer = self.handle.as_ptr();
        let mut args = PJRT_Buffer_Destroy_Args { buffer, ..Default::default() };
        // SAFETY: the handle is this value's own and is gone with it; the plugin keeps the memory
        // for as long as work that was started needs it.
        let destroyed = unsafe { call!(self.client.api(), PJRT_Buffer_Destroy, &raw mut args) };
        self.client.record(destroyed);
    }
}

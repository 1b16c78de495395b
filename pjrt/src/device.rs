//! Devices that hold buffers and run programs.

use std::fmt;

use xla_sys::bindings::{PJRT_Device, PJRT_Device_GetDescription_Args, PJRT_DeviceDescription};

use crate::api::{Api, Handle, call};
use crate::error::Result;
use crate::{Client, device_description};

/// A device of a client. It keeps the client alive.
#[derive(Clone)]
pub struct Device {
    client: Client,
    index: usize,
}

/// A device as its client knows it; it lives as long as the client.
#[derive(Debug)]
pub(crate) struct RawDevice {
    pub(crate) handle: Handle<PJRT_Device>,
    pub(crate) id: i32,
    pub(crate) kind: String,
}

impl RawDevice {
    pub(crate) fn read(api: &Api, handle: Handle<PJRT_Device>) -> Result<Self> {
        let description = description(api, handle)?;
        Ok(Self {
            handle,
            id: device_description::id(api, description)?,
            kind: device_description::kind(api, description)?,
        })
    }
}

/// The number that names the device among all of its platform.
pub(crate) fn id(api: &Api, handle: Handle<PJRT_Device>) -> Result<i32> {
    device_description::id(api, description(api, handle)?)
}

fn description(api: &Api, handle: Handle<PJRT_Device>) -> Result<Handle<PJRT_DeviceDescription>> {
    let mut args =
        PJRT_Device_GetDescription_Args { device: handle.as_ptr(), ..Default::default() };
    // SAFETY: the device is alive, and owns its description.
    unsafe { call!(api, PJRT_Device_GetDescription, &raw mut args) }?;
    api.handle("PJRT_Device_GetDescription", args.device_description)
}

impl Device {
    pub(crate) fn new(client: &Client, index: usize) -> Self {
        Self { client: client.clone(), index }
    }

    /// The number that names the device among all of its platform, on every host.
    pub fn id(&self) -> i32 {
        self.client.device(self.index).id
    }

    /// What the device is, in the vendor's words.
    pub fn kind(&self) -> &str {
        &self.client.device(self.index).kind
    }

    /// The client that the device belongs to.
    pub fn client(&self) -> &Client {
        &self.client
    }

    pub(crate) fn index(&self) -> usize {
        self.index
    }

    pub(crate) fn handle(&self) -> Handle<PJRT_Device> {
        self.client.device(self.index).handle
    }
}

impl PartialEq for Device {
    fn eq(&self, other: &Self) -> bool {
        self.client.owns(&other.client) && self.index == other.index
    }
}

impl Eq for Device {}

impl fmt::Display for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.client.platform_name(), self.id())
    }
}

impl fmt::Debug for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Device({self})")
    }
}

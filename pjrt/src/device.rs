//! Devices that hold buffers and run programs.

use std::collections::BTreeMap;
use std::fmt;

use xla_sys::bindings::{
    PJRT_Device, PJRT_Device_AddressableMemories_Args, PJRT_Device_DefaultMemory_Args,
    PJRT_Device_GetDescription_Args, PJRT_Device_IsAddressable_Args,
    PJRT_Device_LocalHardwareId_Args, PJRT_Device_MemoryStats_Args, PJRT_DeviceDescription,
    PJRT_Memory,
};

use crate::api::{Api, Handle, call, slice};
use crate::error::Result;
use crate::{AttributeValue, Client, DeviceMemoryStats, Memory, device_description};

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
    pub(crate) process_index: i32,
    /// Whether it is of this process.
    pub(crate) is_addressable: bool,
}

impl RawDevice {
    pub(crate) fn read(api: &Api, handle: Handle<PJRT_Device>) -> Result<Self> {
        let description = description(api, handle)?;
        Ok(Self {
            handle,
            id: device_description::id(api, description)?,
            kind: device_description::kind(api, description)?,
            process_index: device_description::process_index(api, description)?,
            is_addressable: is_addressable(api, handle)?,
        })
    }
}

/// The number that names the device among all of its platform.
pub(crate) fn id(api: &Api, handle: Handle<PJRT_Device>) -> Result<i32> {
    device_description::id(api, description(api, handle)?)
}

fn is_addressable(api: &Api, handle: Handle<PJRT_Device>) -> Result<bool> {
    let mut args = PJRT_Device_IsAddressable_Args { device: handle.as_ptr(), ..Default::default() };
    // SAFETY: the device is alive.
    unsafe { call!(api, PJRT_Device_IsAddressable, &raw mut args) }?;
    Ok(args.is_addressable)
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

    /// The process, mostly one a host, that the device belongs to.
    pub fn process_index(&self) -> i32 {
        self.client.device(self.index).process_index
    }

    /// Whether the device belongs to this process, which alone can put buffers on it.
    pub fn is_addressable(&self) -> bool {
        self.client.device(self.index).is_addressable
    }

    /// The number that this host gives the device, such as a GPU's; `None` where it has none or the
    /// device isn't of this process.
    ///
    /// # Errors
    /// What the plugin reports.
    pub fn local_hardware_id(&self) -> Result<Option<i32>> {
        let device = self.handle().as_ptr();
        let mut args = PJRT_Device_LocalHardwareId_Args { device, ..Default::default() };
        // SAFETY: the device is alive.
        unsafe { call!(self.client.api(), PJRT_Device_LocalHardwareId, &raw mut args) }?;
        Ok(Some(args.local_hardware_id).filter(|&id| id >= 0))
    }

    /// What the plugin tells about the device.
    ///
    /// # Errors
    /// What the plugin reports.
    pub fn attributes(&self) -> Result<BTreeMap<String, AttributeValue>> {
        let api = self.client.api();
        device_description::attributes(api, description(api, self.handle())?)
    }

    /// The memories that the device reaches, in the plugin's order.
    ///
    /// # Errors
    /// What the plugin reports.
    pub fn memories(&self) -> Result<Vec<Memory>> {
        let api = self.client.api();
        let device = self.handle().as_ptr();
        let mut args = PJRT_Device_AddressableMemories_Args { device, ..Default::default() };
        // SAFETY: the device is alive, and its client owns the list and the memories in it.
        let memories = unsafe {
            call!(api, PJRT_Device_AddressableMemories, &raw mut args)?;
            slice(args.memories, args.num_memories)
        };
        let function = "PJRT_Device_AddressableMemories";
        memories.iter().map(|&memory| Memory::read(api, api.handle(function, memory)?)).collect()
    }

    /// The memory that buffers lie in if nothing else is said.
    ///
    /// # Errors
    /// What the plugin reports.
    pub fn default_memory(&self) -> Result<Memory> {
        Memory::read(self.client.api(), self.default_memory_handle()?)
    }

    /// How much of the device's memory is in use.
    ///
    /// # Errors
    /// What the plugin reports; those of CPUs report that they
    /// [don't implement](crate::Error::is_unsupported) it.
    pub fn memory_stats(&self) -> Result<DeviceMemoryStats> {
        let device = self.handle().as_ptr();
        let mut args = PJRT_Device_MemoryStats_Args { device, ..Default::default() };
        // SAFETY: the device is alive.
        unsafe { call!(self.client.api(), PJRT_Device_MemoryStats, &raw mut args) }?;
        Ok(DeviceMemoryStats::of(&args))
    }

    /// The client that the device belongs to.
    pub fn client(&self) -> &Client {
        &self.client
    }

    pub(crate) fn index(&self) -> usize {
        self.index
    }

    /// The default memory as the plugin knows it; it lives as long as the client.
    pub(crate) fn default_memory_handle(&self) -> Result<Handle<PJRT_Memory>> {
        let api = self.client.api();
        let device = self.handle().as_ptr();
        let mut args = PJRT_Device_DefaultMemory_Args { device, ..Default::default() };
        // SAFETY: the device is alive, and its client owns the memory.
        unsafe { call!(api, PJRT_Device_DefaultMemory, &raw mut args) }?;
        api.handle("PJRT_Device_DefaultMemory", args.memory)
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

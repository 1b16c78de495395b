//! Compiled programs on the devices of a client.

use std::ops::Deref;

use xla_sys::bindings::{
    PJRT_LoadedExecutable, PJRT_LoadedExecutable_AddressableDevices_Args,
    PJRT_LoadedExecutable_Destroy_Args, PJRT_LoadedExecutable_GetExecutable_Args,
};

use crate::api::{Handle, call, slice};
use crate::error::{Error, Result};
use crate::owner::Owner;
use crate::{Client, Device, Executable, device};

/// A compiled program, ready to run on devices of its client, which it keeps alive.
///
/// It dereferences to the [`Executable`] that it is, apart from devices.
#[derive(Debug)]
pub struct LoadedExecutable {
    executable: Executable,
    loaded: Loaded,
    /// Positions in the client's list of devices, in the order that arguments are listed by.
    devices: Vec<usize>,
}

/// The program on devices, as the plugin knows it.
#[derive(Debug)]
struct Loaded {
    client: Client,
    handle: Handle<PJRT_LoadedExecutable>,
}

impl LoadedExecutable {
    /// Takes charge of a program that the plugin has just loaded.
    pub(crate) fn new(client: Client, handle: Handle<PJRT_LoadedExecutable>) -> Result<Self> {
        let loaded = Loaded { client, handle };
        let executable = loaded.executable()?;
        let devices = loaded.devices()?;
        Ok(Self { executable, loaded, devices })
    }

    /// The devices of this process that the program runs on, in the order that
    /// [`run_on_all`](Self::run_on_all) takes arguments in: the partitions of the first replica,
    /// then those of the next.
    pub fn devices(&self) -> Vec<Device> {
        self.devices.iter().map(|&index| Device::new(&self.loaded.client, index)).collect()
    }

    /// The client that the program belongs to.
    pub fn client(&self) -> &Client {
        &self.loaded.client
    }

    pub(crate) fn handle(&self) -> Handle<PJRT_LoadedExecutable> {
        self.loaded.handle
    }

    pub(crate) fn device_indices(&self) -> &[usize] {
        &self.devices
    }
}

impl Deref for LoadedExecutable {
    type Target = Executable;

    fn deref(&self) -> &Executable {
        &self.executable
    }
}

impl AsRef<Executable> for LoadedExecutable {
    fn as_ref(&self) -> &Executable {
        &self.executable
    }
}

impl Loaded {
    fn executable(&self) -> Result<Executable> {
        let loaded_executable = self.handle.as_ptr();
        let mut args =
            PJRT_LoadedExecutable_GetExecutable_Args { loaded_executable, ..Default::default() };
        let api = self.client.api();
        // SAFETY: the loaded executable is alive; the executable is the caller's.
        unsafe { call!(api, PJRT_LoadedExecutable_GetExecutable, &raw mut args) }?;
        let handle = api.handle("PJRT_LoadedExecutable_GetExecutable", args.executable)?;
        let owner = Owner::Client(self.client.clone());
        Executable::new(owner, handle, self.client.platform_name())
    }

    fn devices(&self) -> Result<Vec<usize>> {
        let executable = self.handle.as_ptr();
        let mut args =
            PJRT_LoadedExecutable_AddressableDevices_Args { executable, ..Default::default() };
        let function = "PJRT_LoadedExecutable_AddressableDevices";
        let api = self.client.api();
        // SAFETY: the executable is alive and owns the list; the devices are the client's.
        let handles = unsafe {
            call!(api, PJRT_LoadedExecutable_AddressableDevices, &raw mut args)?;
            slice(args.addressable_devices, args.num_addressable_devices)
        };
        let index = |&device| {
            let id = device::id(api, api.handle(function, device)?)?;
            self.client.device_index(id).ok_or_else(|| Error::Contract {
                function,
                plugin: api.path().to_owned(),
                got: format!("device {id}, which its client does not list"),
            })
        };
        handles.iter().map(index).collect()
    }
}

impl Drop for Loaded {
    fn drop(&mut self) {
        let executable = self.handle.as_ptr();
        let mut args = PJRT_LoadedExecutable_Destroy_Args { executable, ..Default::default() };
        // SAFETY: the handle is this value's own and is gone with it.
        let destroyed =
            unsafe { call!(self.client.api(), PJRT_LoadedExecutable_Destroy, &raw mut args) };
        self.client.record(destroyed);
    }
}

//! Compiled programs on the devices of a client.

use std::ops::Deref;
use std::sync::Arc;

use xla_sys::bindings::{
    PJRT_LoadedExecutable, PJRT_LoadedExecutable_AddressableDevices_Args,
    PJRT_LoadedExecutable_Destroy_Args, PJRT_LoadedExecutable_GetExecutable_Args,
};

use crate::api::{Handle, call, slice};
use crate::error::{Error, Result};
use crate::owner::Owner;
use crate::{
    ArraySpec, Buffer, Client, Device, Executable, HostArray, Layout, device, layout, transfer,
};

/// A compiled program, ready to run on devices of its client, which it keeps alive.
///
/// It dereferences to the [`Executable`] that it is, apart from devices.
#[derive(Debug)]
pub struct LoadedExecutable {
    executable: Executable,
    loaded: Loaded,
    /// The layouts of inputs and outputs where they aren't what devices give an array by default.
    input_layouts: Vec<Option<Arc<Layout>>>,
    output_layouts: Vec<Option<Arc<Layout>>>,
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
        let client = &loaded.client;
        let input_layouts = unusual(client, executable.inputs(), executable.input_layouts())?;
        let output_layouts = unusual(client, executable.outputs(), executable.output_layouts())?;
        let devices = loaded.devices()?;
        Ok(Self { executable, loaded, input_layouts, output_layouts, devices })
    }

    /// The devices of this process that the program runs on, in the order that
    /// [`run_on_all`](Self::run_on_all) takes arguments in: the partitions of the first replica,
    /// then those of the next.
    pub fn devices(&self) -> Vec<Device> {
        self.devices.iter().map(|&index| Device::new(&self.loaded.client, index)).collect()
    }

    /// Copies an array to a device in the layout that the program takes as input `index`. Where
    /// that is the default, as in nearly all programs, so does [`Client::buffer`].
    ///
    /// # Errors
    /// [`Error::ArgumentCount`] if the program has no such input; otherwise as [`Client::buffer`].
    /// An array that isn't what the program takes is refused by the program.
    pub fn argument(&self, index: usize, array: &HostArray, device: &Device) -> Result<Buffer> {
        let client = &self.loaded.client;
        match self.input_layouts.get(index) {
            None => {
                Err(Error::ArgumentCount { expected: self.input_layouts.len(), got: index + 1 })
            }
            Some(Some(layout)) if layout.rank() == array.dims().len() => {
                transfer::copy_in_layout(client, array, layout, device)
            }
            Some(_) => client.buffer(array, device),
        }
    }

    /// The client that the program belongs to.
    pub fn client(&self) -> &Client {
        &self.loaded.client
    }

    pub(crate) fn handle(&self) -> Handle<PJRT_LoadedExecutable> {
        self.loaded.handle
    }

    /// The layout of an input where it isn't the default.
    pub(crate) fn unusual_input_layout(&self, index: usize) -> Option<&Layout> {
        self.input_layouts[index].as_deref()
    }

    /// The layouts of outputs where they aren't the default.
    pub(crate) fn unusual_output_layouts(&self) -> &[Option<Arc<Layout>>] {
        &self.output_layouts
    }

    pub(crate) fn device_indices(&self) -> &[usize] {
        &self.devices
    }
}

/// The layouts that aren't what the client's devices give such arrays by default.
fn unusual(
    client: &Client,
    specs: &[ArraySpec],
    layouts: &[Layout],
) -> Result<Vec<Option<Arc<Layout>>>> {
    let unusual = |(spec, layout): (_, &Layout)| {
        let is_default = is_default(client, spec, layout)?;
        Ok(Some(layout).filter(|_| !is_default).cloned().map(Arc::new))
    };
    specs.iter().zip(layouts).map(unusual).collect()
}

fn is_default(client: &Client, spec: &ArraySpec, layout: &Layout) -> Result<bool> {
    // Wherever this is found at all it is the default, which needn't be asked for.
    if layout.is_row_major() {
        return Ok(true);
    }
    match layout::default_of_client(client, spec) {
        Err(error) if error.is_unsupported() => Ok(false),
        default => Ok(default? == *layout),
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
        Executable::new(owner, handle)
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

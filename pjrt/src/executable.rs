//! Compiled programs.

use prost::Message as _;
use xla_sys::bindings::{
    PJRT_Executable, PJRT_Executable_Destroy_Args, PJRT_Executable_Fingerprint_Args,
    PJRT_Executable_GetCompiledMemoryStats_Args, PJRT_Executable_Name_Args,
    PJRT_Executable_NumOutputs_Args, PJRT_Executable_OptimizedProgram_Args, PJRT_LoadedExecutable,
    PJRT_LoadedExecutable_AddressableDevices_Args, PJRT_LoadedExecutable_Destroy_Args,
    PJRT_LoadedExecutable_GetExecutable_Args, PJRT_Program,
};

use crate::api::{Api, Handle, call, slice, text};
use crate::error::{Error, Result};
use crate::signature::Signature;
use crate::{ArraySpec, Client, Device, device};

/// A compiled program, ready to run on devices of its client, which it keeps alive.
#[derive(Debug)]
pub struct Executable {
    compiled: Compiled,
    loaded: Loaded,
    name: String,
    signature: Signature,
    /// Positions in the client's list of devices, in the order that arguments are listed by.
    devices: Vec<usize>,
}

/// The program on devices, as the plugin knows it.
#[derive(Debug)]
pub(crate) struct Loaded {
    client: Client,
    pub(crate) handle: Handle<PJRT_LoadedExecutable>,
}

/// The program apart from devices, as the plugin knows it.
#[derive(Debug)]
struct Compiled {
    client: Client,
    handle: Handle<PJRT_Executable>,
}

/// Bytes that a compiled program takes on each device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemoryStats {
    /// Of its arguments.
    pub argument_bytes: u64,
    /// Of its results.
    pub output_bytes: u64,
    /// Of results that lie in memory taken over from arguments.
    pub alias_bytes: u64,
    /// Of what it holds while it runs.
    pub temp_bytes: u64,
    /// Of its instructions.
    pub generated_code_bytes: u64,
}

impl MemoryStats {
    /// Bytes in use while the program runs, apart from its instructions.
    pub fn total_bytes(&self) -> u64 {
        (self.argument_bytes + self.output_bytes + self.temp_bytes).saturating_sub(self.alias_bytes)
    }
}

impl Executable {
    pub(crate) fn new(client: Client, handle: Handle<PJRT_LoadedExecutable>) -> Result<Self> {
        let loaded = Loaded { client, handle };
        let compiled = loaded.compiled()?;
        let name = compiled.name()?;
        let signature =
            Signature::decode(&compiled.optimized_program()?, loaded.client.platform_name())?;
        let outputs = compiled.output_count()?;
        if outputs != signature.outputs.len() {
            let reason = format!("it has {} results of {outputs}", signature.outputs.len());
            return Err(Error::Signature { reason: reason.into() });
        }
        let devices = loaded.devices()?;
        Ok(Self { compiled, loaded, name, signature, devices })
    }

    /// The name of the program's module.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the program takes on each device, as compiled.
    pub fn inputs(&self) -> &[ArraySpec] {
        &self.signature.inputs
    }

    /// What the program returns on each device, as compiled.
    pub fn outputs(&self) -> &[ArraySpec] {
        &self.signature.outputs
    }

    /// The inputs whose memory the program takes over when they are donated, in ascending order.
    pub fn donatable_inputs(&self) -> &[usize] {
        &self.signature.donatable
    }

    /// The devices of this process that the program runs on.
    pub fn devices(&self) -> Vec<Device> {
        self.devices.iter().map(|&index| Device::new(&self.loaded.client, index)).collect()
    }

    /// The client that the program belongs to.
    pub fn client(&self) -> &Client {
        &self.loaded.client
    }

    /// The program after optimisation, as a serialised `HloModuleProto`.
    ///
    /// # Errors
    /// What the plugin reports.
    pub fn optimized_program(&self) -> Result<Vec<u8>> {
        self.loaded.client.check()?;
        self.compiled.optimized_program()
    }

    /// The memory that the program takes on each device.
    ///
    /// # Errors
    /// What the plugin reports.
    pub fn memory_stats(&self) -> Result<MemoryStats> {
        self.loaded.client.check()?;
        let executable = self.compiled.handle.as_ptr();
        let mut args =
            PJRT_Executable_GetCompiledMemoryStats_Args { executable, ..Default::default() };
        // SAFETY: the executable is alive.
        unsafe {
            call!(self.api(), PJRT_Executable_GetCompiledMemoryStats, &raw mut args)?;
        }
        let bytes = |size: i64| u64::try_from(size).unwrap_or(0);
        Ok(MemoryStats {
            argument_bytes: bytes(args.argument_size_in_bytes),
            output_bytes: bytes(args.output_size_in_bytes),
            alias_bytes: bytes(args.alias_size_in_bytes),
            temp_bytes: bytes(args.temp_size_in_bytes),
            generated_code_bytes: bytes(args.generated_code_size_in_bytes),
        })
    }

    /// Bytes that tell the compiled program from others of the same plugin.
    ///
    /// # Errors
    /// What the plugin reports.
    pub fn fingerprint(&self) -> Result<Vec<u8>> {
        self.loaded.client.check()?;
        let executable = self.compiled.handle.as_ptr();
        let mut args = PJRT_Executable_Fingerprint_Args { executable, ..Default::default() };
        // SAFETY: the executable is alive; the bytes are its own and are copied.
        unsafe {
            call!(self.api(), PJRT_Executable_Fingerprint, &raw mut args)?;
            let len = args.executable_fingerprint_size;
            Ok(slice(args.executable_fingerprint.cast::<u8>(), len).to_vec())
        }
    }

    fn api(&self) -> &Api {
        self.loaded.client.api()
    }

    pub(crate) fn loaded(&self) -> &Loaded {
        &self.loaded
    }

    pub(crate) fn device_indices(&self) -> &[usize] {
        &self.devices
    }
}

impl Loaded {
    fn compiled(&self) -> Result<Compiled> {
        let loaded_executable = self.handle.as_ptr();
        let mut args =
            PJRT_LoadedExecutable_GetExecutable_Args { loaded_executable, ..Default::default() };
        let api = self.client.api();
        // SAFETY: the loaded executable is alive; the executable is the caller's.
        unsafe { call!(api, PJRT_LoadedExecutable_GetExecutable, &raw mut args) }?;
        let handle = api.handle("PJRT_LoadedExecutable_GetExecutable", args.executable)?;
        Ok(Compiled { client: self.client.clone(), handle })
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

impl Compiled {
    fn name(&self) -> Result<String> {
        let executable = self.handle.as_ptr();
        let mut args = PJRT_Executable_Name_Args { executable, ..Default::default() };
        // SAFETY: the executable is alive; the text is its own and is copied.
        unsafe {
            call!(self.client.api(), PJRT_Executable_Name, &raw mut args)?;
            Ok(text(args.executable_name, args.executable_name_size))
        }
    }

    fn output_count(&self) -> Result<usize> {
        let executable = self.handle.as_ptr();
        let mut args = PJRT_Executable_NumOutputs_Args { executable, ..Default::default() };
        // SAFETY: the executable is alive.
        unsafe { call!(self.client.api(), PJRT_Executable_NumOutputs, &raw mut args) }?;
        Ok(args.num_outputs)
    }

    fn optimized_program(&self) -> Result<Vec<u8>> {
        let mut program = PJRT_Program::default();
        // Without memory to write to, the plugin tells how much it takes.
        self.write_program(&mut program)?;
        let mut code = vec![0_u8; program.code_size];
        program.code = code.as_mut_ptr().cast();
        self.write_program(&mut program)?;
        code.truncate(program.code_size);
        // SAFETY: the plugin has set the format, whose text it owns.
        let format = unsafe { text(program.format, program.format_size) };
        match format.as_str() {
            "hlo" => Ok(code),
            "hlo_with_config" => ModuleWithConfig::decode(code.as_slice())
                .map(|with_config| with_config.module)
                .map_err(|error| Error::Signature { reason: error.to_string().into() }),
            _ => Err(Error::Contract {
                function: "PJRT_Executable_OptimizedProgram",
                plugin: self.client.api().path().to_owned(),
                got: format!("a program in the format `{format}`"),
            }),
        }
    }

    fn write_program(&self, program: &mut PJRT_Program) -> Result<()> {
        let executable = self.handle.as_ptr();
        let mut args = PJRT_Executable_OptimizedProgram_Args {
            executable,
            program: &raw mut *program,
            ..Default::default()
        };
        // SAFETY: the executable is alive, and the program has no memory to write to or as much as
        // the plugin asked for; it states the size again, which doesn't change.
        unsafe { call!(self.client.api(), PJRT_Executable_OptimizedProgram, &raw mut args) }
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

impl Drop for Compiled {
    fn drop(&mut self) {
        let executable = self.handle.as_ptr();
        let mut args = PJRT_Executable_Destroy_Args { executable, ..Default::default() };
        // SAFETY: the handle is this value's own and is gone with it.
        let destroyed = unsafe { call!(self.client.api(), PJRT_Executable_Destroy, &raw mut args) };
        self.client.record(destroyed);
    }
}

/// `xla.HloModuleProtoWithConfig`, the field that is read here, left serialised.
#[derive(Clone, PartialEq, prost::Message)]
struct ModuleWithConfig {
    #[prost(bytes = "vec", tag = "1")]
    module: Vec<u8>,
}

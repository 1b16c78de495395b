//! Clients: a plugin at work on some devices.

use std::collections::BTreeMap;
use std::ffi::c_void;
use std::sync::Arc;

use xla_sys::bindings::{
    PJRT_Buffer, PJRT_Client, PJRT_Client_AddressableDevices_Args,
    PJRT_Client_BufferFromHostBuffer_Args, PJRT_Client_Compile_Args, PJRT_Client_Create_Args,
    PJRT_Client_Destroy_Args, PJRT_Client_Devices_Args, PJRT_Client_Load_Args,
    PJRT_Client_PlatformName_Args, PJRT_Client_PlatformVersion_Args, PJRT_Event,
    PJRT_Executable_DeserializeAndLoad_Args, PJRT_HostBufferSemantics,
    PJRT_HostBufferSemantics_kImmutableOnlyDuringCall,
};

use crate::api::{Api, Handle, call, slice, text};
use crate::device::RawDevice;
use crate::error::{Deferred, Error, Result};
use crate::{
    ArraySpec, AttributeValue, Buffer, Code, CompileOptions, Device, Event, Executable, HostArray,
    LoadedExecutable, Plugin, Topology, attribute, device, flag, host_array,
};

/// What makes buffers of arrays.
pub(crate) const BUFFER_FROM_HOST: &str = "PJRT_Client_BufferFromHostBuffer";

/// Options that a platform takes when its client starts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ClientOptions {
    values: BTreeMap<String, AttributeValue>,
}

impl ClientOptions {
    const CPU_DEVICES: &'static str = "cpu_device_count";

    /// No options: the plugin decides.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many devices a CPU plugin presents; other platforms refuse the option.
    ///
    /// Without it CPU plugins present four, which share the machine's processors.
    pub fn cpu_devices(self, count: usize) -> Self {
        self.set(Self::CPU_DEVICES, i64::try_from(count).unwrap_or(i64::MAX))
    }

    /// Sets an option by the name that the plugin gives it.
    pub fn set(mut self, name: &str, value: impl Into<AttributeValue>) -> Self {
        self.values.insert(name.to_owned(), value.into());
        self
    }

    /// Refuses what is known to end the process rather than return an error.
    fn check(&self) -> Result<()> {
        match self.values.get(Self::CPU_DEVICES) {
            None => Ok(()),
            Some(AttributeValue::Int(1..=4096)) => Ok(()),
            Some(got) => Err(Error::Option {
                option: Self::CPU_DEVICES,
                expected: "a whole number from 1 to 4096",
                got: got.to_string(),
            }),
        }
    }
}

/// A plugin at work: it owns devices, compiles programs and holds buffers.
///
/// Clones are the same client. It lives until the last clone, device, buffer and executable of it
/// is gone.
///
/// ```no_run
/// use pjrt::{ClientOptions, Code, CompileOptions, HostArray, Plugin};
///
/// let client = Plugin::load("libpjrt_cpu.so")?.client(&ClientOptions::new().cpu_devices(1))?;
/// let code = "func.func public @main(%x: tensor<2xf32>) -> tensor<2xf32> {
///   %y = stablehlo.add %x, %x : tensor<2xf32>
///   return %y : tensor<2xf32>
/// }";
/// let double = client.compile(Code::mlir(code), &CompileOptions::default())?;
/// let x = client.buffer(&HostArray::from_slice(&[2], &[1.0f32, 2.0])?, &client.devices()[0])?;
/// let y = double.run(vec![x.into()])?[0].to_host()?;
/// assert_eq!(y.as_slice::<f32>()?, [2.0, 4.0]);
/// # Ok::<(), pjrt::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Client {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    plugin: Plugin,
    handle: Handle<PJRT_Client>,
    platform_name: String,
    platform_version: String,
    /// Those of all hosts together.
    all_devices: Vec<RawDevice>,
    /// Positions in that list of those of this process, in the plugin's order.
    devices: Vec<usize>,
    deferred: Deferred,
}

impl Drop for Inner {
    fn drop(&mut self) {
        let deferred = self.plugin.deferred();
        self.deferred.move_to(deferred);
        deferred.record(destroy(self.plugin.api(), self.handle));
    }
}

fn destroy(api: &Api, handle: Handle<PJRT_Client>) -> Result<()> {
    let mut args = PJRT_Client_Destroy_Args { client: handle.as_ptr(), ..Default::default() };
    // SAFETY: the owner of the handle gives it up here, once.
    unsafe { call!(api, PJRT_Client_Destroy, &raw mut args) }
}

impl Client {
    pub(crate) fn create(plugin: &Plugin, options: &ClientOptions) -> Result<Self> {
        options.check()?;
        let api = plugin.api();
        let named = attribute::write(&options.values);
        let mut args = PJRT_Client_Create_Args {
            create_options: named.as_ptr(),
            num_options: named.len(),
            ..Default::default()
        };
        // SAFETY: the options live until the call returns, and the plugin copies them.
        unsafe { call!(api, PJRT_Client_Create, &raw mut args) }?;
        let handle = api.handle("PJRT_Client_Create", args.client)?;
        // Owned from here on, so that a failure below gives the client up.
        let mut inner = Inner {
            plugin: plugin.clone(),
            handle,
            platform_name: String::new(),
            platform_version: String::new(),
            all_devices: Vec::new(),
            devices: Vec::new(),
            deferred: Deferred::default(),
        };
        inner.platform_name = platform_name(api, handle)?;
        inner.platform_version = platform_version(api, handle)?;
        inner.all_devices = all_devices(api, handle)?;
        inner.devices = devices(api, handle, &inner.all_devices)?;
        Ok(Self { inner: Arc::new(inner) })
    }

    /// The plugin that the client belongs to.
    pub fn plugin(&self) -> &Plugin {
        &self.inner.plugin
    }

    /// The platform, such as `cpu`, `cuda` or `tpu`.
    pub fn platform_name(&self) -> &str {
        &self.inner.platform_name
    }

    /// What the plugin says about the platform's version, in its own words.
    pub fn platform_version(&self) -> &str {
        &self.inner.platform_version
    }

    /// The devices that this process can put buffers on, in the plugin's order.
    pub fn devices(&self) -> Vec<Device> {
        self.inner.devices.iter().map(|&index| Device::new(self, index)).collect()
    }

    /// The devices of all processes that run one program together, in the plugin's order.
    pub fn all_devices(&self) -> Vec<Device> {
        (0..self.inner.all_devices.len()).map(|index| Device::new(self, index)).collect()
    }

    /// Compiles a program for the client's devices.
    ///
    /// Programs come from a trusted source, since some end the process inside the compiler. Those
    /// known, with the interface versions of the plugins where not all do:
    ///
    /// - matrices of elements of two bits (TPU v3);
    /// - constants of 6-bit floats, and arrays of them without elements (CPU, 0.115);
    /// - a division of integer constants by zero (CPU, 0.81 and 0.106);
    /// - elements of fewer than eight bits in a layout that isn't row-major (CPU, 0.81);
    /// - in bytecode and modules of HLO, what is refused in text by [`Error::Program`].
    ///
    /// # Errors
    /// [`Error::Option`] for options without meaning, [`Error::UnknownFlag`] and
    /// [`Error::FlagValue`] for flags that the compiler doesn't take, [`Error::CompiledAlready`] for
    /// what [`Executable::optimized_program`] returns, [`Error::Program`] for text that would end
    /// the process, [`Error::Signature`] if the program takes or
    /// returns what buffers can't hold, such as arrays whose dimensions vary, or what the compiler
    /// reports.
    pub fn compile(&self, code: Code<'_>, options: &CompileOptions) -> Result<LoadedExecutable> {
        self.check()?;
        let code = code.prepare(self.platform_name(), options.partitions)?;
        let encoded = self.encode(options)?;
        let program = code.program();
        let mut args = PJRT_Client_Compile_Args {
            client: self.handle().as_ptr(),
            program: &raw const program,
            compile_options: encoded.as_ptr().cast(),
            compile_options_size: encoded.len(),
            ..Default::default()
        };
        // SAFETY: program and options live until the call returns.
        unsafe { call!(self.api(), PJRT_Client_Compile, &raw mut args) }
            .map_err(|error| flag::explain(error, &options.flags, self.plugin().path()))?;
        let handle = self.api().handle("PJRT_Client_Compile", args.executable)?;
        LoadedExecutable::new(self.clone(), handle)
    }

    /// The options as this client's compiler takes them.
    pub(crate) fn encode(&self, options: &CompileOptions) -> Result<Vec<u8>> {
        options.encode(&self.device_ids())
    }

    /// Loads a program that was compiled [ahead of time](Plugin::compile) onto devices.
    ///
    /// # Errors
    /// [`Error::ForeignPlugin`] for a program of another plugin, [`Error::FewDevices`] if it takes
    /// more devices than there are, [`Error::Option`] if it is for a device that isn't among them,
    /// or what the plugin reports.
    #[allow(clippy::needless_pass_by_value)] // a plugin may take it apart
    pub fn load(&self, executable: Executable) -> Result<LoadedExecutable> {
        self.check()?;
        if !self.plugin().is(executable.plugin()) {
            return Err(Error::ForeignPlugin { what: "program" });
        }
        let expected = executable.replicas().saturating_mul(executable.partitions());
        let got = self.inner.all_devices.len();
        if expected > got {
            return Err(Error::FewDevices { expected, got });
        }
        let options = executable.options().encode(&self.device_ids())?;
        let mut args = PJRT_Client_Load_Args {
            client: self.handle().as_ptr(),
            executable: executable.handle().as_ptr(),
            compile_options: options.as_ptr().cast(),
            compile_options_size: options.len(),
            ..Default::default()
        };
        // SAFETY: program and options live until the call returns.
        unsafe { call!(self.api(), PJRT_Client_Load, &raw mut args) }?;
        let handle = self.api().handle("PJRT_Client_Load", args.loaded_executable)?;
        LoadedExecutable::new(self.clone(), handle)
    }

    /// The client's devices, on all hosts, as what programs are compiled for ahead of time.
    ///
    /// # Errors
    /// What the plugin reports.
    pub fn topology(&self) -> Result<Topology> {
        self.check()?;
        Topology::of_client(self)
    }

    /// Loads what [`Executable::serialize`] wrote, onto the devices
    /// that it was compiled for.
    ///
    /// The bytes hold machine code that is run, and plugins hardly check them: they must come from
    /// a source that is trusted as much as the program itself, and have arrived whole. Those of
    /// another plugin, of another build of this one or for another processor must not be given: they
    /// may load, and what they then do is anybody's guess.
    ///
    /// # Errors
    /// What the plugin reports, such as a lack of devices.
    pub fn load_serialized(&self, serialized: &[u8]) -> Result<LoadedExecutable> {
        self.check()?;
        let mut args = PJRT_Executable_DeserializeAndLoad_Args {
            client: self.handle().as_ptr(),
            serialized_executable: serialized.as_ptr().cast(),
            serialized_executable_size: serialized.len(),
            ..Default::default()
        };
        // SAFETY: the bytes live until the call returns.
        unsafe { call!(self.api(), PJRT_Executable_DeserializeAndLoad, &raw mut args) }?;
        let function = "PJRT_Executable_DeserializeAndLoad";
        let handle = self.api().handle(function, args.loaded_executable)?;
        LoadedExecutable::new(self.clone(), handle)
    }

    /// Copies an array to a device.
    ///
    /// # Errors
    /// [`Error::ForeignDevice`] for another client's device, [`Error::RemoteDevice`] for one of
    /// another process, [`Error::UnknownDType`] for a type that is newer than the plugin, or what
    /// the plugin reports, such as the lack of memory.
    pub fn buffer(&self, array: &HostArray, device: &Device) -> Result<Buffer> {
        let semantics = PJRT_HostBufferSemantics_kImmutableOnlyDuringCall;
        // SAFETY: with these semantics the plugin reads the array during the call alone.
        let (buffer, done) = unsafe { self.give(array, semantics, device) }?;
        let handle = self.api().handle(BUFFER_FROM_HOST, buffer)?;
        let buffer = Buffer::new(self.clone(), handle, ArraySpec::of(array), device.index());
        // Nothing to wait for.
        drop(Event::new(self.clone(), self.api().handle(BUFFER_FROM_HOST, done)?, ()));
        Ok(buffer)
    }

    /// Has the plugin make a buffer of an array, and returns it with the event of being done with
    /// the array. Both are the caller's.
    ///
    /// # Safety
    /// The array must stay alive and unchanged for as long as the semantics say.
    ///
    /// # Errors
    /// As [`buffer`](Self::buffer).
    pub(crate) unsafe fn give(
        &self,
        array: &HostArray,
        semantics: PJRT_HostBufferSemantics,
        device: &Device,
    ) -> Result<(*mut PJRT_Buffer, *mut PJRT_Event)> {
        self.check()?;
        self.check_device(device)?;
        let dims = host_array::raw_dims(array.dims());
        let mut args = PJRT_Client_BufferFromHostBuffer_Args {
            client: self.handle().as_ptr(),
            data: array.bytes().as_ptr().cast::<c_void>(),
            r#type: array.dtype().code(self.api())?,
            dims: dims.as_ptr(),
            num_dims: dims.len(),
            host_buffer_semantics: semantics,
            device: device.handle().as_ptr(),
            ..Default::default()
        };
        // SAFETY: the dimensions live until the call returns, and the data for as long as the caller
        // promises; without strides it is dense and row-major, as `HostArray` is. The plugin knows
        // the type.
        unsafe { call!(self.api(), PJRT_Client_BufferFromHostBuffer, &raw mut args) }?;
        Ok((args.buffer, args.done_with_host_buffer))
    }

    pub(crate) fn api(&self) -> &Api {
        self.inner.plugin.api()
    }

    pub(crate) fn handle(&self) -> Handle<PJRT_Client> {
        self.inner.handle
    }

    pub(crate) fn device(&self, index: usize) -> &RawDevice {
        &self.inner.all_devices[index]
    }

    /// The ids of the devices of all processes.
    fn device_ids(&self) -> Vec<i32> {
        self.inner.all_devices.iter().map(|device| device.id).collect()
    }

    /// Where in the list of devices the one with this id stands.
    pub(crate) fn device_index(&self, id: i32) -> Option<usize> {
        self.inner.all_devices.iter().position(|device| device.id == id)
    }

    /// Refuses a device that this client can't put buffers on.
    pub(crate) fn check_device(&self, device: &Device) -> Result<()> {
        if !self.owns(device.client()) {
            return Err(Error::ForeignDevice { id: device.id() });
        }
        if !device.is_addressable() {
            return Err(Error::RemoteDevice { id: device.id(), process: device.process_index() });
        }
        Ok(())
    }

    /// Whether `other` is a clone of this client.
    pub(crate) fn owns(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.inner, &other.inner)
    }

    /// The error of an earlier drop, if there is one.
    pub(crate) fn check(&self) -> Result<()> {
        self.inner.deferred.take()
    }

    /// Keeps the error of a drop for the next call that checks.
    pub(crate) fn record(&self, result: Result<()>) {
        self.inner.deferred.record(result);
    }
}

fn platform_name(api: &Api, handle: Handle<PJRT_Client>) -> Result<String> {
    let mut args = PJRT_Client_PlatformName_Args { client: handle.as_ptr(), ..Default::default() };
    // SAFETY: the client is alive; the text is its own and is copied.
    unsafe {
        call!(api, PJRT_Client_PlatformName, &raw mut args)?;
        Ok(text(args.platform_name, args.platform_name_size))
    }
}

fn platform_version(api: &Api, handle: Handle<PJRT_Client>) -> Result<String> {
    let client = handle.as_ptr();
    let mut args = PJRT_Client_PlatformVersion_Args { client, ..Default::default() };
    // SAFETY: the client is alive; the text is its own and is copied.
    unsafe {
        call!(api, PJRT_Client_PlatformVersion, &raw mut args)?;
        Ok(text(args.platform_version, args.platform_version_size))
    }
}

fn all_devices(api: &Api, handle: Handle<PJRT_Client>) -> Result<Vec<RawDevice>> {
    let mut args = PJRT_Client_Devices_Args { client: handle.as_ptr(), ..Default::default() };
    // SAFETY: the client is alive, and owns the list and the devices in it.
    let handles = unsafe {
        call!(api, PJRT_Client_Devices, &raw mut args)?;
        slice(args.devices, args.num_devices)
    };
    let read = |&device| RawDevice::read(api, api.handle("PJRT_Client_Devices", device)?);
    handles.iter().map(read).collect()
}

/// Where the devices of this process stand in the list of all.
fn devices(api: &Api, handle: Handle<PJRT_Client>, all: &[RawDevice]) -> Result<Vec<usize>> {
    let client = handle.as_ptr();
    let mut args = PJRT_Client_AddressableDevices_Args { client, ..Default::default() };
    let function = "PJRT_Client_AddressableDevices";
    // SAFETY: the client is alive, and owns the list and the devices in it.
    let handles = unsafe {
        call!(api, PJRT_Client_AddressableDevices, &raw mut args)?;
        slice(args.addressable_devices, args.num_addressable_devices)
    };
    let by_id: BTreeMap<i32, usize> =
        all.iter().enumerate().map(|(index, device)| (device.id, index)).collect();
    let index = |&device| {
        let id = device::id(api, api.handle(function, device)?)?;
        by_id.get(&id).copied().ok_or_else(|| Error::Contract {
            function,
            plugin: api.path().to_owned(),
            got: format!("device {id}, which is none of all devices"),
        })
    };
    handles.iter().map(index).collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use std::ptr::NonNull;

    use super::*;

    /// A client of a plugin that is made up of a few functions.
    pub(crate) fn fake(api: Api) -> Client {
        let handle = api.handle("PJRT_Client_Create", NonNull::dangling().as_ptr());
        let inner = Inner {
            plugin: Plugin::new(api),
            handle: handle.expect("the handle isn't null"),
            platform_name: String::new(),
            platform_version: String::new(),
            all_devices: Vec::new(),
            devices: Vec::new(),
            deferred: Deferred::default(),
        };
        Client { inner: Arc::new(inner) }
    }

    #[test]
    fn errors_of_the_last_objects_of_a_client_pass_to_its_plugin() {
        let client = fake(crate::api::tests::failing());
        let plugin = client.plugin().clone();
        client.record(Err(Error::ArgumentClient { index: 7 }));
        drop(client);
        let error = plugin.client(&ClientOptions::new()).unwrap_err();
        let Error::Deferred(error) = error else { panic!("{error}") };
        assert!(matches!(*error, Error::ArgumentClient { index: 7 }), "{error}");
        let error = plugin.client(&ClientOptions::new()).unwrap_err();
        insta::assert_snapshot!(error, @"earlier, while an object was given up: ABORTED: no more (PJRT_Client_Destroy)");
    }
}

//! Recordings of what devices and the plugin's threads do.

use std::ptr::NonNull;

use prost::Message as _;
use xla_sys::bindings::{
    PJRT_Profiler_Extension, PLUGIN_Profiler, PLUGIN_Profiler_Api,
    PLUGIN_Profiler_CollectData_Args, PLUGIN_Profiler_Create_Args, PLUGIN_Profiler_Destroy_Args,
    PLUGIN_Profiler_Error, PLUGIN_Profiler_Error_Destroy_Args, PLUGIN_Profiler_Error_GetCode_Args,
    PLUGIN_Profiler_Error_Message_Args, PLUGIN_Profiler_Start_Args, PLUGIN_Profiler_Stop_Args,
};

use crate::api::{Handle, Table, call, slice, slot, text};
use crate::error::{Error, ErrorCode, Result};
use crate::{Extension, Plugin, Trace, extension};

/// What a [`Profile`] records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProfileOptions {
    /// How much of the plugin's threads: 0 for nothing, 1 for the coarse, 2 for what costs little
    /// to record, 3 for all.
    pub host_level: u32,
    /// How much of the devices: 0 for nothing, 1 for what they run.
    pub device_level: u32,
}

impl Default for ProfileOptions {
    /// All of the devices, and of the threads what costs little to record.
    fn default() -> Self {
        Self { host_level: 2, device_level: 1 }
    }
}

/// A recording under way of what a plugin's devices and threads do.
///
/// The plugins of TPUs and of NVIDIA's GPUs record; those of CPUs don't.
///
/// ```no_run
/// # fn steps() -> pjrt::Result<()> { Ok(()) }
/// let plugin = pjrt::Plugin::load("libtpu.so")?;
/// let profile = plugin.profile(&pjrt::ProfileOptions::default())?;
/// steps()?;
/// let trace = profile.stop()?;
/// trace.write("runs/profiled")?; // for TensorBoard or XProf, and for Perfetto
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Profile {
    functions: Functions,
    handle: Handle<PLUGIN_Profiler>,
    is_running: bool,
}

impl Profile {
    pub(crate) fn start(plugin: &Plugin, options: &ProfileOptions) -> Result<Self> {
        let functions = Functions::of(plugin)?;
        let options = Options {
            version: 1,
            host_tracer_level: options.host_level,
            device_tracer_level: options.device_level,
            // Viewers tell operations by the programs that they belong to.
            enable_hlo_proto: true,
        };
        let options = options.encode_to_vec();
        let mut args = PLUGIN_Profiler_Create_Args {
            options: options.as_ptr().cast(),
            options_size: options.len(),
            ..Default::default()
        };
        // SAFETY: the options live until the call returns; the profiler is the caller's.
        unsafe { call!(&functions, create, "PLUGIN_Profiler_Create", &raw mut args) }?;
        let handle = plugin.api().handle("PLUGIN_Profiler_Create", args.profiler)?;
        // Owned from here on, so that a failure below gives the profiler up.
        let mut profile = Self { functions, handle, is_running: false };
        let profiler = handle.as_ptr();
        let mut args = PLUGIN_Profiler_Start_Args { profiler, ..Default::default() };
        // SAFETY: the profiler is alive, and has not been started.
        unsafe { call!(&profile.functions, start, "PLUGIN_Profiler_Start", &raw mut args) }?;
        profile.is_running = true;
        Ok(profile)
    }

    /// Ends the recording.
    ///
    /// # Errors
    /// What the plugin reports, or [`Error::Contract`] if what it returns is no recording.
    pub fn stop(mut self) -> Result<Trace> {
        self.halt()?;
        let profiler = self.handle.as_ptr();
        let mut args = PLUGIN_Profiler_CollectData_Args { profiler, ..Default::default() };
        // SAFETY: the profiler has been stopped.
        unsafe {
            call!(&self.functions, collect_data, "PLUGIN_Profiler_CollectData", &raw mut args)
        }?;
        // The interface has a plugin tell the size now and write at a second call. They write to
        // memory of their own now, and have nothing left for a second call.
        // SAFETY: the plugin keeps that memory for as long as the profiler, and states its size.
        let space = unsafe { slice(args.buffer, args.buffer_size_in_bytes) };
        Trace::new(space).ok_or_else(|| Error::Contract {
            function: "PLUGIN_Profiler_CollectData",
            plugin: self.functions.plugin.path().to_owned(),
            got: format!("{} bytes that are no XSpace", args.buffer_size_in_bytes),
        })
    }

    fn halt(&mut self) -> Result<()> {
        if !std::mem::take(&mut self.is_running) {
            return Ok(());
        }
        let profiler = self.handle.as_ptr();
        let mut args = PLUGIN_Profiler_Stop_Args { profiler, ..Default::default() };
        // SAFETY: the profiler is alive and has been started, and is stopped this once.
        unsafe { call!(&self.functions, stop, "PLUGIN_Profiler_Stop", &raw mut args) }
    }
}

impl Drop for Profile {
    fn drop(&mut self) {
        let halted = self.halt();
        let profiler = self.handle.as_ptr();
        let mut args = PLUGIN_Profiler_Destroy_Args { profiler, ..Default::default() };
        // SAFETY: the handle is this value's own and is gone with it.
        let destroyed =
            unsafe { call!(&self.functions, destroy, "PLUGIN_Profiler_Destroy", &raw mut args) };
        let deferred = self.functions.plugin.deferred();
        deferred.record(halted);
        deferred.record(destroyed);
    }
}

/// The profiler's own table of functions, which is read as the plugin's is: in place, and only as
/// far as it says it reaches.
#[derive(Debug)]
struct Functions {
    plugin: Plugin,
    table: Handle<PLUGIN_Profiler_Api>,
}

impl Functions {
    fn of(plugin: &Plugin) -> Result<Self> {
        let api = plugin.api();
        let extension = extension::table::<PJRT_Profiler_Extension>(api, Extension::PROFILER)?;
        let table: NonNull<PLUGIN_Profiler_Api> = extension
            // SAFETY: the place is as large as the extension. A pointer is as long as one that may
            // be missing.
            .slot("the Profiler extension", |link| unsafe {
                (&raw const (*link).profiler_api).cast()
            })?;
        let table = api.handle("the Profiler extension", table.as_ptr())?;
        Ok(Self { plugin: plugin.clone(), table })
    }

    fn slot<F: Copy>(
        &self,
        function: &'static str,
        place: impl FnOnce(*const PLUGIN_Profiler_Api) -> *const Option<F>,
    ) -> Result<F> {
        let start = self.table.as_non_null();
        // SAFETY: the table begins with its size.
        let size = unsafe { (&raw const (*start.as_ptr()).struct_size).read() };
        // SAFETY: the table lives as long as the plugin and is never written.
        unsafe { Table::new(self.plugin.api(), start, size) }.slot(function, place)
    }

    /// Turns what a function returned into a result, and frees it.
    fn check(&self, function: &'static str, error: *mut PLUGIN_Profiler_Error) -> Result<()> {
        if error.is_null() {
            return Ok(());
        }
        let mut words = PLUGIN_Profiler_Error_Message_Args { error, ..Default::default() };
        let mut kind = PLUGIN_Profiler_Error_GetCode_Args { error, ..Default::default() };
        let mut last = PLUGIN_Profiler_Error_Destroy_Args { error, ..Default::default() };
        // SAFETY: the error is the plugin's own and alive; its text is copied before it is freed,
        // and what an attempt to read its kind may itself return is left unread.
        let message = unsafe {
            slot!(self, error_message, "PLUGIN_Profiler_Error_Message")?(&raw mut words);
            let message = text(words.message, words.message_size);
            slot!(self, error_get_code, "PLUGIN_Profiler_Error_GetCode")?(&raw mut kind);
            slot!(self, error_destroy, "PLUGIN_Profiler_Error_Destroy")?(&raw mut last);
            message
        };
        // The codes are those of the interface.
        let code = ErrorCode(kind.code.unsigned_abs());
        Err(Error::Plugin { function, code, message })
    }
}

/// `tensorflow.ProfileOptions`, the fields that are set here.
#[derive(Clone, PartialEq, prost::Message)]
struct Options {
    #[prost(uint32, tag = "2")]
    host_tracer_level: u32,
    #[prost(uint32, tag = "3")]
    device_tracer_level: u32,
    #[prost(uint32, tag = "5")]
    version: u32,
    #[prost(bool, tag = "7")]
    enable_hlo_proto: bool,
}

#[cfg(test)]
mod tests {
    use std::mem::offset_of;
    use std::ptr;
    use std::sync::Mutex;

    use xla_sys::bindings::{PJRT_Api, PJRT_Extension_Base, PJRT_Extension_Type_Profiler};

    use super::*;
    use crate::api::tests as fakes;

    /// What the profiler was asked to do, in order. Tests that look at it are one test.
    static DONE: Mutex<Vec<&str>> = Mutex::new(Vec::new());
    static PLACE: usize = 0;

    fn done() -> Vec<&'static str> {
        std::mem::take(&mut DONE.lock().unwrap())
    }

    unsafe extern "C-unwind" fn create(
        args: *mut PLUGIN_Profiler_Create_Args,
    ) -> *mut PLUGIN_Profiler_Error {
        // SAFETY: called with arguments of this type.
        unsafe { (*args).profiler = (&raw const PLACE).cast_mut().cast() };
        ptr::null_mut()
    }

    unsafe extern "C-unwind" fn start(
        _: *mut PLUGIN_Profiler_Start_Args,
    ) -> *mut PLUGIN_Profiler_Error {
        DONE.lock().unwrap().push("start");
        ptr::null_mut()
    }

    unsafe extern "C-unwind" fn stop(
        _: *mut PLUGIN_Profiler_Stop_Args,
    ) -> *mut PLUGIN_Profiler_Error {
        DONE.lock().unwrap().push("stop");
        ptr::null_mut()
    }

    unsafe extern "C-unwind" fn destroy(
        _: *mut PLUGIN_Profiler_Destroy_Args,
    ) -> *mut PLUGIN_Profiler_Error {
        DONE.lock().unwrap().push("destroy");
        ptr::null_mut()
    }

    unsafe extern "C-unwind" fn busy(
        _: *mut PLUGIN_Profiler_Start_Args,
    ) -> *mut PLUGIN_Profiler_Error {
        (&raw const PLACE).cast_mut().cast()
    }

    unsafe extern "C-unwind" fn message(args: *mut PLUGIN_Profiler_Error_Message_Args) {
        const TEXT: &[u8] = b"another is under way";
        // SAFETY: called with arguments of this type.
        unsafe {
            (*args).message = TEXT.as_ptr().cast();
            (*args).message_size = TEXT.len();
        }
    }

    unsafe extern "C-unwind" fn code(
        args: *mut PLUGIN_Profiler_Error_GetCode_Args,
    ) -> *mut PLUGIN_Profiler_Error {
        // SAFETY: called with arguments of this type.
        unsafe { (*args).code = 14 };
        ptr::null_mut()
    }

    unsafe extern "C-unwind" fn free(_: *mut PLUGIN_Profiler_Error_Destroy_Args) {
        DONE.lock().unwrap().push("free");
    }

    /// The host's name is all that is recorded, and a zero follows it.
    unsafe extern "C-unwind" fn collect(
        args: *mut PLUGIN_Profiler_CollectData_Args,
    ) -> *mut PLUGIN_Profiler_Error {
        static SPACE: [u8; 4] = [0x22, 1, b'h', 0];
        // SAFETY: called with arguments of this type.
        unsafe {
            (*args).buffer = SPACE.as_ptr().cast_mut();
            (*args).buffer_size_in_bytes = SPACE.len();
        }
        ptr::null_mut()
    }

    fn functions() -> PLUGIN_Profiler_Api {
        PLUGIN_Profiler_Api {
            error_destroy: Some(free),
            error_message: Some(message),
            error_get_code: Some(code),
            create: Some(create),
            destroy: Some(destroy),
            start: Some(start),
            stop: Some(stop),
            collect_data: Some(collect),
            ..Default::default()
        }
    }

    fn plugin(functions: PLUGIN_Profiler_Api) -> Plugin {
        let base = PJRT_Extension_Base {
            struct_size: size_of::<PJRT_Profiler_Extension>(),
            r#type: PJRT_Extension_Type_Profiler,
            next: ptr::null_mut(),
        };
        let profiler_api = Box::leak(Box::new(functions));
        let extension = PJRT_Profiler_Extension { base, profiler_api, traceme_context_id: 0 };
        let extension_start = ptr::from_mut(Box::leak(Box::new(extension))).cast();
        Plugin::new(fakes::fake(PJRT_Api { extension_start, ..fakes::table() }))
    }

    #[test]
    fn a_recording_is_stopped_and_given_up_once_however_it_ends() {
        let options = ProfileOptions::default();
        let whole = plugin(functions());
        let trace = whole.profile(&options).unwrap().stop().unwrap();
        assert_eq!(trace.xspace(), [0x22, 1, b'h']);
        assert_eq!(done(), ["start", "stop", "destroy"]);

        drop(whole.profile(&options).unwrap());
        assert_eq!(done(), ["start", "stop", "destroy"]);

        let busy = plugin(PLUGIN_Profiler_Api { start: Some(busy), ..functions() });
        let error = busy.profile(&options).unwrap_err();
        insta::assert_snapshot!(error, @"UNAVAILABLE: another is under way (PLUGIN_Profiler_Start)");
        assert_eq!(done(), ["free", "destroy"]);

        // As a plugin from before there was that function, whatever lies in memory.
        let end = offset_of!(PLUGIN_Profiler_Api, collect_data);
        let short = plugin(PLUGIN_Profiler_Api { struct_size: end, ..functions() });
        let error = short.profile(&options).unwrap().stop().unwrap_err();
        insta::assert_snapshot!(error, @"the plugin /fake.so (PJRT 0.0) does not offer PLUGIN_Profiler_CollectData");
        assert_eq!(done(), ["start", "stop", "destroy"]);
    }
}

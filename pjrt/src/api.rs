//! The one path by which functions of a plugin are reached.

use std::ffi::c_char;
use std::fmt;
use std::mem::MaybeUninit;
use std::path::Path;
use std::ptr::NonNull;

use xla_sys::bindings::{
    PJRT_API_MINOR, PJRT_Api, PJRT_Error, PJRT_Error_Destroy_Args, PJRT_Error_GetCode_Args,
    PJRT_Error_Message_Args, PJRT_Extension_Base,
};
use xla_sys::{ApiVersion, Library};

use crate::error::{Error, ErrorCode, Result};

/// A plugin's function table, read in place and only as far as the plugin says it reaches.
#[derive(Debug)]
pub(crate) struct Api {
    library: Library,
}

/// The function in a slot of a table, or [`Error::Unsupported`]: `slot!(api, PJRT_Event_Await)`. A
/// table whose slots have other names than their functions is given the function's as well.
macro_rules! slot {
    ($table:expr, $slot:ident) => {
        $crate::api::slot!($table, $slot, stringify!($slot))
    };
    ($table:expr, $slot:ident, $function:expr) => {
        $table.slot(
            $function,
            #[allow(unused_unsafe)] // where the caller's block already says so
            // SAFETY: `Table::slot` passes a place that is as large as the whole table.
            |table| unsafe { &raw const (*table).$slot },
        )
    };
}

/// Calls a function that returns an error by pointer: `call!(api, PJRT_Client_Destroy, &raw mut
/// args)`.
///
/// Expands to a call of foreign code, so it stands in an `unsafe` block: the arguments must be
/// what the function expects.
macro_rules! call {
    ($table:expr, $slot:ident, $args:expr) => {
        $crate::api::call!($table, $slot, stringify!($slot), $args)
    };
    ($table:expr, $slot:ident, $function:expr, $args:expr) => {{
        let table = $table;
        $crate::api::slot!(table, $slot, $function)
            .and_then(|function| table.check($function, function($args)))
    }};
}

pub(crate) use {call, slot};

impl Api {
    pub(crate) fn new(library: Library) -> Self {
        Self { library }
    }

    pub(crate) fn path(&self) -> &Path {
        self.library.path()
    }

    pub(crate) fn version(&self) -> ApiVersion {
        self.library.version()
    }

    /// The first link of the chain of extensions, or null.
    pub(crate) fn extensions(&self) -> *mut PJRT_Extension_Base {
        // SAFETY: every version of the table has the chain before its version, and so does a table
        // that `Library` accepted.
        unsafe { (&raw const (*self.library.api().as_ptr()).extension_start).read() }
    }

    /// The function in a slot of the plugin's table, as [`Table::slot`].
    pub(crate) fn slot<F: Copy>(
        &self,
        function: &'static str,
        place: impl FnOnce(*const PJRT_Api) -> *const Option<F>,
    ) -> Result<F> {
        // SAFETY: the table is as long as the library says, stays valid and is never written.
        let table = unsafe { Table::new(self, self.library.api(), self.library.struct_size()) };
        table.slot(function, place)
    }

    /// Turns what a function returned into a result, and frees it.
    pub(crate) fn check(&self, function: &'static str, error: *mut PJRT_Error) -> Result<()> {
        if error.is_null() {
            return Ok(());
        }
        let message = self.message(error);
        let code = self.code(error);
        let mut args = PJRT_Error_Destroy_Args { error, ..Default::default() };
        // SAFETY: the error is the plugin's own and isn't used after this.
        unsafe { slot!(self, PJRT_Error_Destroy).map(|destroy| destroy(&raw mut args)) }?;
        let mut message = message?;
        // How a plugin says that an argument lacks what its own version of the interface demands.
        if self.version().minor > PJRT_API_MINOR && message.contains(" size: expected ") {
            message.truncate(message.trim_end().len());
            message.push_str(&format!(
                " The plugin speaks PJRT {}, newer than the 0.{PJRT_API_MINOR} that this build \
                 knows: use an older plugin or a newer build.",
                self.version()
            ));
        }
        Err(Error::Plugin { function, code: code?, message })
    }

    fn message(&self, error: *const PJRT_Error) -> Result<String> {
        let mut args = PJRT_Error_Message_Args { error, ..Default::default() };
        // SAFETY: the error is alive; the text belongs to it and is copied before it is freed.
        unsafe {
            slot!(self, PJRT_Error_Message).map(|message| message(&raw mut args))?;
            Ok(text(args.message, args.message_size))
        }
    }

    fn code(&self, error: *const PJRT_Error) -> Result<ErrorCode> {
        let mut args = PJRT_Error_GetCode_Args { error, ..Default::default() };
        // SAFETY: the error is alive. An error from this function itself is left unread, since
        // reading it would go through this function again.
        unsafe { slot!(self, PJRT_Error_GetCode).map(|get| get(&raw mut args)) }?;
        Ok(ErrorCode(args.code))
    }

    /// What a function that succeeded was to return by pointer.
    pub(crate) fn handle<T>(&self, function: &'static str, pointer: *mut T) -> Result<Handle<T>> {
        NonNull::new(pointer).map(Handle).ok_or_else(|| Error::Contract {
            function,
            plugin: self.path().to_owned(),
            got: "no object".to_owned(),
        })
    }
}

/// A table of functions that the plugin may have in a shorter form than this crate knows, or a
/// longer one.
pub(crate) struct Table<'a, T> {
    api: &'a Api,
    start: NonNull<T>,
    size: usize,
}

impl<'a, T> Table<'a, T> {
    /// # Safety
    /// `start` leads to a `T` of which there are `size` bytes, all of them if it is as large; they
    /// live as long as the plugin and are never written.
    pub(crate) unsafe fn new(api: &'a Api, start: NonNull<T>, size: usize) -> Self {
        Self { api, start, size }
    }

    /// The function in the slot that `place` finds in a table, if this one reaches that far and has
    /// one there.
    pub(crate) fn slot<F: Copy>(
        &self,
        function: &'static str,
        place: impl FnOnce(*const T) -> *const Option<F>,
    ) -> Result<F> {
        let unsupported = || Error::Unsupported {
            function,
            plugin: self.api.path().to_owned(),
            version: self.api.version(),
        };
        // The plugin's own may be too short to have the place at all.
        let whole = MaybeUninit::<T>::uninit();
        let offset = place(whole.as_ptr()).addr() - whole.as_ptr().addr();
        if offset + size_of::<Option<F>>() > self.size {
            return Err(unsupported());
        }
        // SAFETY: the slot lies within the table, which has an `Option<F>` there.
        unsafe { self.start.byte_add(offset).cast::<Option<F>>().read() }.ok_or_else(unsupported)
    }

    /// As [`Api::check`].
    pub(crate) fn check(&self, function: &'static str, error: *mut PJRT_Error) -> Result<()> {
        self.api.check(function, error)
    }
}

/// An object of a plugin.
pub(crate) struct Handle<T>(NonNull<T>);

impl<T> Handle<T> {
    pub(crate) fn as_ptr(self) -> *mut T {
        self.0.as_ptr()
    }

    pub(crate) fn as_non_null(self) -> NonNull<T> {
        self.0
    }
}

impl<T> Clone for Handle<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Handle<T> {}

impl<T> fmt::Debug for Handle<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:p}", self.0)
    }
}

// SAFETY: PJRT lets every thread use any of its objects, as long as none is used after it was
// destroyed; that is the business of the types that own a handle.
unsafe impl<T> Send for Handle<T> {}
// SAFETY: as above.
unsafe impl<T> Sync for Handle<T> {}

/// A copy of text that a plugin gives as pointer and length.
///
/// # Safety
/// If `len` isn't zero, `data` points to that many bytes.
pub(crate) unsafe fn text(data: *const c_char, len: usize) -> String {
    // SAFETY: the caller's promise; bytes have no alignment.
    let bytes = unsafe { slice(data.cast::<u8>(), len) };
    String::from_utf8_lossy(bytes).into_owned()
}

/// A list that a plugin gives as pointer and length, where no elements may come as null.
///
/// # Safety
/// If `len` isn't zero, `data` points to that many values, which live for `'a`.
pub(crate) unsafe fn slice<'a, T>(data: *const T, len: usize) -> &'a [T] {
    if len == 0 || data.is_null() {
        return &[];
    }
    // SAFETY: the caller's promise.
    unsafe { std::slice::from_raw_parts(data, len) }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::mem::offset_of;

    use xla_sys::bindings::{PJRT_Client, PJRT_Client_Destroy_Args, PJRT_Error_Code_ABORTED};

    use super::*;

    /// An error without content; the functions below know what it says.
    static ERROR: usize = 0;

    pub(crate) fn some_error() -> *mut PJRT_Error {
        (&raw const ERROR).cast_mut().cast()
    }

    unsafe extern "C-unwind" fn message_of_size(args: *mut PJRT_Error_Message_Args) {
        const TEXT: &[u8] = b"Unexpected PJRT_Client_Destroy_Args size: expected 32, got 24.\n";
        // SAFETY: called with arguments of this type.
        unsafe {
            (*args).message = TEXT.as_ptr().cast();
            (*args).message_size = TEXT.len();
        }
    }

    unsafe extern "C-unwind" fn message(args: *mut PJRT_Error_Message_Args) {
        const TEXT: &[u8] = b"no more";
        // SAFETY: called with arguments of this type.
        unsafe {
            (*args).message = TEXT.as_ptr().cast();
            (*args).message_size = TEXT.len();
        }
    }

    unsafe extern "C-unwind" fn code(args: *mut PJRT_Error_GetCode_Args) -> *mut PJRT_Error {
        // SAFETY: called with arguments of this type.
        unsafe { (*args).code = PJRT_Error_Code_ABORTED };
        std::ptr::null_mut()
    }

    unsafe extern "C-unwind" fn free(_: *mut PJRT_Error_Destroy_Args) {}

    unsafe extern "C-unwind" fn fail(_: *mut PJRT_Client_Destroy_Args) -> *mut PJRT_Error {
        some_error()
    }

    /// The function table of a plugin whose only function fails.
    pub(crate) fn table() -> PJRT_Api {
        PJRT_Api {
            PJRT_Error_Message: Some(message),
            PJRT_Error_GetCode: Some(code),
            PJRT_Error_Destroy: Some(free),
            PJRT_Client_Destroy: Some(fail),
            ..Default::default()
        }
    }

    /// A plugin that is made up of a few functions, which may be called with what the interface
    /// declares.
    pub(crate) fn fake(table: PJRT_Api) -> Api {
        let table = NonNull::from(Box::leak(Box::new(table)));
        // SAFETY: the table is leaked, and at least as long as it says.
        let library = unsafe { Library::from_table(Path::new("/fake.so"), table) };
        Api::new(library.expect("the table has a version"))
    }

    /// A plugin whose only function fails.
    pub(crate) fn failing() -> Api {
        fake(table())
    }

    fn destroy(api: &Api) -> Error {
        let mut args = PJRT_Client_Destroy_Args::default();
        // SAFETY: the fake function reads no arguments.
        unsafe { call!(api, PJRT_Client_Destroy, &raw mut args) }.unwrap_err()
    }

    #[test]
    fn an_error_of_a_plugin_arrives_with_function_code_and_message() {
        let error = destroy(&failing());
        insta::assert_snapshot!(error, @"ABORTED: no more (PJRT_Client_Destroy)");
    }

    #[test]
    fn a_newer_plugin_that_demands_larger_arguments_is_called_newer() {
        let refusing = |newer_by| {
            let mut table = PJRT_Api { PJRT_Error_Message: Some(message_of_size), ..table() };
            table.pjrt_api_version.minor_version = PJRT_API_MINOR + newer_by;
            destroy(&fake(table)).to_string()
        };
        let size = "ABORTED: Unexpected PJRT_Client_Destroy_Args size: expected 32, got 24.";
        assert_eq!(refusing(0), format!("{size} (PJRT_Client_Destroy)"));
        let newer = refusing(1);
        assert!(newer.starts_with(&format!("{size} The plugin speaks PJRT 0.")), "{newer}");
        assert!(newer.contains("use an older plugin or a newer build"), "{newer}");
    }

    #[test]
    fn a_function_behind_the_end_of_the_table_is_unsupported_even_if_memory_has_one_there() {
        let end = offset_of!(PJRT_Api, PJRT_Client_Destroy) + size_of::<usize>();
        let cut = |struct_size| fake(PJRT_Api { struct_size, ..table() });
        assert!(matches!(destroy(&cut(end)), Error::Plugin { .. }));
        for short in [end - 1, end - size_of::<usize>()] {
            let error = destroy(&cut(short));
            assert!(matches!(error, Error::Unsupported { .. }), "{error}");
        }
    }

    #[test]
    fn a_function_that_is_null_is_unsupported() {
        let api = failing();
        let mut args = xla_sys::bindings::PJRT_Event_Await_Args::default();
        // SAFETY: there is no function to read the arguments.
        let error = unsafe { call!(&api, PJRT_Event_Await, &raw mut args) }.unwrap_err();
        insta::assert_snapshot!(error, @"the plugin /fake.so (PJRT 0.0) does not offer PJRT_Event_Await");
    }

    #[test]
    fn an_object_that_is_missing_from_a_success_is_an_error() {
        let api = failing();
        let missing: *mut PJRT_Client = std::ptr::null_mut();
        let error = api.handle("PJRT_Client_Create", missing).unwrap_err();
        insta::assert_snapshot!(error, @"PJRT_Client_Create of the plugin /fake.so returned no object; this is a fault in it");
    }
}

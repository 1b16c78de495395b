//! What can go wrong, as data.

use std::borrow::Cow;
use std::fmt;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use thiserror::Error;
use xla_sys::bindings as sys;
use xla_sys::{ApiVersion, LoadError};

use crate::{ArraySpec, DType, Extension, Flag, HostArrayError, Layout};

/// The result of an operation on a plugin.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An operation on a plugin failed.
#[derive(Debug, Error)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum Error {
    /// The file could not be opened as a plugin.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// The plugin speaks a version of the interface that this crate doesn't.
    #[error(
        "expected PJRT {minimum} or later with the same major version, got {got} from {}; use \
         another build of the plugin", path.display()
    )]
    Version { path: PathBuf, minimum: ApiVersion, got: ApiVersion },
    /// The plugin lacks a function; nothing was attempted.
    #[error("the plugin {} (PJRT {version}) does not offer {function}", plugin.display())]
    Unsupported { function: &'static str, plugin: PathBuf, version: ApiVersion },
    /// The plugin lacks an extension of the interface, or has it in a shorter form than is needed;
    /// nothing was attempted.
    #[error("the plugin {} has no extension {extension}; it has {}", plugin.display(), list(has))]
    NoExtension { extension: Extension, plugin: PathBuf, has: Vec<Extension> },
    /// The plugin is older than the type of an array; nothing was attempted.
    #[error(
        "the plugin {} (PJRT {version}) does not know arrays of {dtype}; use one of PJRT {since} or \
         later", plugin.display()
    )]
    UnknownDType { dtype: DType, plugin: PathBuf, version: ApiVersion, since: ApiVersion },
    /// The plugin reported an error.
    #[error("{code}: {} ({function})", message.trim_end())]
    Plugin { function: &'static str, code: ErrorCode, message: String },
    /// The plugin reported success and returned what the interface rules out.
    #[error("{function} of the plugin {} returned {got}; this is a fault in it", plugin.display())]
    Contract { function: &'static str, plugin: PathBuf, got: String },
    /// An option was given a value that would end the process or that has no meaning.
    #[error("option {option}: expected {expected}, got {got}")]
    Option { option: &'static str, expected: &'static str, got: String },
    /// A program was to be compiled with a flag that the plugin doesn't know; `nearest` is a similar
    /// name that its library holds, most likely that of a flag.
    #[error("the plugin {} has no flag {flag}{}", plugin.display(), instead(nearest.as_deref()))]
    UnknownFlag { flag: String, nearest: Option<String>, plugin: PathBuf },
    /// A program was to be compiled with a flag that can't have this value.
    #[error("the flag {flag} cannot be {value}: {}", message.trim_end())]
    FlagValue { flag: String, value: Flag, message: String },
    /// A program was to be compiled that is what a compiler has made of another one.
    #[error("the module has been compiled already; give the program that it was made from")]
    CompiledAlready,
    /// A program in text holds what ends the process in some compilers.
    #[error("the program would end the compiler: {reason}")]
    Program { reason: String },
    /// What a compiled program takes or returns can't be told from its optimised form, or is
    /// nothing that buffers hold.
    #[error("the compiled program cannot be called: {reason}")]
    Signature { reason: Cow<'static, str> },
    /// A program was run with too many or too few arguments.
    #[error("the program takes {expected} arguments, got {got}")]
    ArgumentCount { expected: usize, got: usize },
    /// A program was run with a list of arguments for more or fewer devices than it runs on.
    #[error("the program runs on {expected} devices, got arguments for {got}")]
    ArgumentLists { expected: usize, got: usize },
    /// An argument is not of the type or shape that the program takes.
    #[error("argument {index}: expected {expected}, got {got}")]
    Argument { index: usize, expected: ArraySpec, got: ArraySpec },
    /// An argument lies in its device's memory in another order than the program takes it in.
    #[error(
        "argument {index}: expected the layout {expected}, got {}; make it from a host array with \
         the program's `argument`", .got.as_ref().map_or("the default".to_owned(), Layout::to_string)
    )]
    ArgumentLayout { index: usize, expected: Layout, got: Option<Layout> },
    /// An argument lies on another device than the one the program was compiled for.
    #[error("argument {index}: expected it on device {expected}, got it on device {got}")]
    ArgumentDevice { index: usize, expected: i32, got: i32 },
    /// An argument belongs to another client than the program.
    #[error("argument {index} belongs to another client; make it with the program's own")]
    ArgumentClient { index: usize },
    /// A buffer was asked for on a device of another client.
    #[error("device {id} belongs to another client; take it from this client's own list")]
    ForeignDevice { id: i32 },
    /// A buffer was asked for on a device that only another process reaches.
    #[error("device {id} belongs to process {process}; take one of this process's own")]
    RemoteDevice { id: i32, process: i32 },
    /// A topology or a program was given to another plugin than its own.
    #[error("the {what} belongs to another plugin; make it with this one")]
    ForeignPlugin { what: &'static str },
    /// A program was to be loaded by a client with too few devices.
    #[error("the program runs on {expected} devices, and the client has {got}")]
    FewDevices { expected: usize, got: usize },
    /// A program for several devices was run as if it were for one.
    #[error("the program runs on {devices} devices; give each its arguments with run_on_all")]
    ManyDevices { devices: usize },
    /// A piece was sent of an array that the transfer doesn't have.
    #[error("the transfer is of {arrays} arrays, got a piece of array {index}")]
    PieceIndex { index: usize, arrays: usize },
    /// A piece was sent that isn't the next one of its array.
    #[error("array {index} of the transfer: expected at most {left} more of {dtype}, got {got}")]
    Piece { index: usize, left: usize, dtype: DType, got: ArraySpec },
    /// A host array could not be made.
    #[error(transparent)]
    HostArray(#[from] HostArrayError),
    /// Something failed earlier, where it could not be returned.
    #[error("earlier, while an object was given up: {0}")]
    Deferred(#[source] Box<Error>),
}

impl Error {
    /// Whether the plugin lacks what was asked of it: it has no such function, extension or
    /// type, or the function reports that it isn't implemented.
    pub fn is_unsupported(&self) -> bool {
        matches!(
            self,
            Self::Unsupported { .. }
                | Self::NoExtension { .. }
                | Self::UnknownDType { .. }
                | Self::Plugin { code: ErrorCode::UNIMPLEMENTED, .. }
        )
    }
}

fn list(extensions: &[Extension]) -> String {
    if extensions.is_empty() {
        return "none".to_owned();
    }
    extensions.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn instead(nearest: Option<&str>) -> String {
    nearest.map_or(String::new(), |nearest| format!("; is {nearest} meant?"))
}

/// The kind of an error that a plugin reports.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ErrorCode(pub(crate) sys::PJRT_Error_Code);

macro_rules! codes {
    ($($name:ident = $code:ident;)*) => {
        #[allow(missing_docs)]
        impl ErrorCode {
            $(pub const $name: Self = Self(sys::$code);)*

            /// The name that the interface gives the kind, such as `INVALID_ARGUMENT`.
            pub fn name(self) -> Option<&'static str> {
                match self { $(Self::$name => Some(stringify!($name)),)* _ => None }
            }
        }
    };
}

codes! {
    CANCELLED = PJRT_Error_Code_CANCELLED;
    UNKNOWN = PJRT_Error_Code_UNKNOWN;
    INVALID_ARGUMENT = PJRT_Error_Code_INVALID_ARGUMENT;
    DEADLINE_EXCEEDED = PJRT_Error_Code_DEADLINE_EXCEEDED;
    NOT_FOUND = PJRT_Error_Code_NOT_FOUND;
    ALREADY_EXISTS = PJRT_Error_Code_ALREADY_EXISTS;
    PERMISSION_DENIED = PJRT_Error_Code_PERMISSION_DENIED;
    RESOURCE_EXHAUSTED = PJRT_Error_Code_RESOURCE_EXHAUSTED;
    FAILED_PRECONDITION = PJRT_Error_Code_FAILED_PRECONDITION;
    ABORTED = PJRT_Error_Code_ABORTED;
    OUT_OF_RANGE = PJRT_Error_Code_OUT_OF_RANGE;
    UNIMPLEMENTED = PJRT_Error_Code_UNIMPLEMENTED;
    INTERNAL = PJRT_Error_Code_INTERNAL;
    UNAVAILABLE = PJRT_Error_Code_UNAVAILABLE;
    DATA_LOSS = PJRT_Error_Code_DATA_LOSS;
    UNAUTHENTICATED = PJRT_Error_Code_UNAUTHENTICATED;
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => write!(f, "error code {}", self.0),
        }
    }
}

impl fmt::Debug for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Errors that had nowhere to go, such as those of `Drop`, kept until a call that reports them.
#[derive(Debug, Default)]
pub(crate) struct Deferred(Mutex<Vec<Error>>);

impl Deferred {
    /// Keeps an error for later.
    pub(crate) fn record(&self, result: Result<()>) {
        if let Err(error) = result {
            self.lock().push(error);
        }
    }

    /// The oldest error that was kept, once.
    pub(crate) fn take(&self) -> Result<()> {
        let mut errors = self.lock();
        if errors.is_empty() {
            return Ok(());
        }
        Err(Error::Deferred(Box::new(errors.remove(0))))
    }

    /// Hands on what was kept, where nobody will ask here any more.
    pub(crate) fn move_to(&self, other: &Self) {
        other.lock().append(&mut self.lock());
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Error>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_kept_for_later_surfaces_once_and_in_order() {
        let deferred = Deferred::default();
        deferred.record(Ok(()));
        deferred.record(Err(Error::ArgumentClient { index: 1 }));
        deferred.record(Err(Error::ArgumentClient { index: 2 }));
        for expected in [1, 2] {
            let Err(Error::Deferred(error)) = deferred.take() else { panic!("an error was kept") };
            assert!(matches!(*error, Error::ArgumentClient { index } if index == expected));
        }
        assert!(deferred.take().is_ok());
    }

    #[test]
    fn an_error_code_of_a_later_interface_is_shown_by_its_number() {
        assert_eq!(ErrorCode(99).to_string(), "error code 99");
        assert_eq!(ErrorCode::NOT_FOUND.to_string(), "NOT_FOUND");
    }
}

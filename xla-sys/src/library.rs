//! Opening a shared library that offers the PJRT C API.

use std::error::Error as _;
use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::mem::{ManuallyDrop, offset_of, size_of};
use std::path::{Path, PathBuf};
use std::ptr::NonNull;

use libloading::os::unix;
use thiserror::Error;

use crate::bindings::{PJRT_Api, PJRT_Api_Version};
use crate::elf;

/// The function that every plugin exports.
const ENTRY: &str = "GetPjrtApi";

/// The part of the function table that every version lays out alike: its size, the extensions,
/// and the version.
const PREFIX: usize = offset_of!(PJRT_Api, pjrt_api_version) + size_of::<PJRT_Api_Version>();

/// The version of the interface that a plugin speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ApiVersion {
    /// Differs between interfaces that don't understand each other.
    pub major: i32,
    /// Grows as functions and fields are appended.
    pub minor: i32,
}

impl fmt::Display for ApiVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

/// A file could not be opened as a PJRT plugin.
#[derive(Debug, Error)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum LoadError {
    #[error("no plugin at {}: {source}; check the path", path.display())]
    Missing { path: PathBuf, source: io::Error },
    #[error(
        "expected a shared library at {}, got {got}; give the path of the plugin's .so file",
        path.display()
    )]
    NotALibrary { path: PathBuf, got: &'static str },
    #[error(
        "{} has {got} bytes of the {expected} that its header tells of: it was cut off; fetch it \
         again",
        path.display()
    )]
    Cut { path: PathBuf, expected: u64, got: u64 },
    #[error(
        "the system refuses to load {}: {}; check that it is whole, that it is built for this \
         machine and that the libraries it needs are installed (`ldd` lists them)",
        path.display(), refusal(path, source)
    )]
    Refused { path: PathBuf, source: libloading::Error },
    #[error(
        "expected a PJRT plugin at {}, got a library without the function {entry}; give the path \
         of a plugin",
        path.display()
    )]
    NoEntry { path: PathBuf, entry: &'static str },
    #[error(
        "the function {entry} of {} returned no function table; the plugin is broken, use another \
         build of it",
        path.display()
    )]
    NoTable { path: PathBuf, entry: &'static str },
    #[error(
        "expected a function table of at least {expected} bytes from {}, got {got}; the plugin is \
         broken or older than any supported one, use another build of it",
        path.display()
    )]
    ShortTable { path: PathBuf, expected: usize, got: usize },
}

/// The loader's own words, which `libloading` keeps one level down.
fn refusal(path: &Path, error: &libloading::Error) -> String {
    let reason = error.source().map_or_else(|| error.to_string(), ToString::to_string);
    // They begin with the file that is at fault, which is mostly the one that was to be opened.
    reason.strip_prefix(&format!("{}: ", path.display())).map(str::to_owned).unwrap_or(reason)
}

/// An opened plugin, and where its function table lies. It stays loaded until the process ends:
/// plugins run threads of their own and don't survive being unloaded.
#[derive(Clone, Debug)]
pub struct Library {
    path: PathBuf,
    api: NonNull<PJRT_Api>,
    struct_size: usize,
    version: ApiVersion,
}

// SAFETY: the table is written before `GetPjrtApi` returns, never changes, and is never freed.
unsafe impl Send for Library {}
// SAFETY: as above.
unsafe impl Sync for Library {}

impl Library {
    /// Opens the plugin at `path`, its symbols kept to itself, and reads size and version of its
    /// function table. A relative path starts from the working folder: the system's folders of
    /// libraries are not searched.
    ///
    /// # Safety
    /// Opening a library runs its initialisers and its `GetPjrtApi`, which may do anything. They
    /// must be sound to run in this process, and its function table must be as
    /// [`from_table`](Self::from_table) asks.
    ///
    /// # Errors
    /// If the file is missing, is no shared library, can't be loaded, or offers no PJRT.
    pub unsafe fn open(path: &Path) -> Result<Self, LoadError> {
        // The loader would search for a name without a slash elsewhere than the check below.
        let path = &std::path::absolute(path)
            .map_err(|source| LoadError::Missing { path: path.to_owned(), source })?;
        check_file(path)?;
        // SAFETY: the caller's promise of the library's initialisers.
        let opened = unsafe { unix::Library::open(Some(path), unix::RTLD_NOW | unix::RTLD_LOCAL) };
        let library =
            opened.map_err(|source| LoadError::Refused { path: path.to_owned(), source })?;
        // Its initialisers have run, and may have started threads: even what turns out to be no
        // plugin can't be unloaded.
        let library = ManuallyDrop::new(library);
        let no_entry = || LoadError::NoEntry { path: path.to_owned(), entry: ENTRY };
        // SAFETY: a function of this name has this type in every version of the interface.
        let entry = unsafe {
            library
                .get::<Option<unsafe extern "C-unwind" fn() -> *const PJRT_Api>>(ENTRY.as_bytes())
        };
        let entry = entry.ok().and_then(|symbol| *symbol).ok_or_else(no_entry)?;
        // SAFETY: the function takes nothing; the caller promises that it is sound to run.
        let api = NonNull::new(unsafe { entry() }.cast_mut())
            .ok_or_else(|| LoadError::NoTable { path: path.to_owned(), entry: ENTRY })?;
        // SAFETY: the caller's promise of the function's result.
        unsafe { Self::from_table(path, api) }
    }

    /// Reads size and version of a function table that is in the process already, such as that of
    /// a plugin linked into the program; `path` is what errors call it.
    ///
    /// # Safety
    /// `api` begins with the table's size, has as many bytes, and neither moves nor changes for the
    /// rest of the process; each function in it is null or what the interface declares.
    ///
    /// # Errors
    /// [`LoadError::ShortTable`] if it is too short to state a version.
    pub unsafe fn from_table(path: &Path, api: NonNull<PJRT_Api>) -> Result<Self, LoadError> {
        // SAFETY: every version of the table begins with its size; nothing else is read yet.
        let struct_size = unsafe { (&raw const (*api.as_ptr()).struct_size).read() };
        if struct_size < PREFIX {
            let path = path.to_owned();
            return Err(LoadError::ShortTable { path, expected: PREFIX, got: struct_size });
        }
        // SAFETY: the table is at least `PREFIX` bytes long, of which the version is the last part.
        let version = unsafe { (&raw const (*api.as_ptr()).pjrt_api_version).read() };
        let version = ApiVersion { major: version.major_version, minor: version.minor_version };
        Ok(Self { path: path.to_owned(), api, struct_size, version })
    }

    /// The absolute path that the library was opened by, or what [`from_table`](Self::from_table)
    /// was given.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The function table, valid for the rest of the process. Only its first
    /// [`struct_size`](Self::struct_size) bytes exist, which can be fewer than `PJRT_Api` has.
    pub fn api(&self) -> NonNull<PJRT_Api> {
        self.api
    }

    /// The length of the function table in bytes, as the plugin states it.
    pub fn struct_size(&self) -> usize {
        self.struct_size
    }

    /// The version of the interface that the plugin speaks.
    pub fn version(&self) -> ApiVersion {
        self.version
    }
}

/// Tells apart what `dlopen` reports in the same words, or not at all, or by ending the process.
fn check_file(path: &Path) -> Result<(), LoadError> {
    let missing = |source| LoadError::Missing { path: path.to_owned(), source };
    let not_a_library = |got| LoadError::NotALibrary { path: path.to_owned(), got };
    let metadata = std::fs::metadata(path).map_err(missing)?;
    if !metadata.is_file() {
        let directory = metadata.is_dir();
        return Err(not_a_library(if directory { "a directory" } else { "a special file" }));
    }
    if !cfg!(target_os = "linux") {
        return Ok(());
    }
    let mut file = File::open(path).map_err(missing)?;
    let mut magic = Vec::new();
    file.by_ref().take(elf::MAGIC.len() as u64).read_to_end(&mut magic).map_err(missing)?;
    if magic != elf::MAGIC {
        return Err(not_a_library(if magic.is_empty() { "an empty file" } else { "another file" }));
    }
    // Headers that end too soon are left to the loader, which reports them.
    let got = metadata.len();
    match elf::loaded_len(&mut file) {
        Ok(Some(expected)) if expected > got => {
            Err(LoadError::Cut { path: path.to_owned(), expected, got })
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_too_short_for_a_version_is_refused_before_the_version_is_read() {
        let size: Box<usize> = Box::new(8);
        let api = NonNull::from(size.as_ref()).cast();
        // SAFETY: nothing behind the size is read, as the test is to show.
        let error = unsafe { Library::from_table(Path::new("/plugin.so"), api) }.unwrap_err();
        assert!(matches!(error, LoadError::ShortTable { expected: 40, got: 8, .. }), "{error}");
    }
}

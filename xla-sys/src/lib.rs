//! The PJRT C API as its interface declares it, and opening a library that offers it.
//!
//! [`bindings`] holds the declarations of interface 0.114, generated; [`Library`] opens a plugin
//! and reads its version. There is no policy here: which version is good enough, and in which
//! order functions are called, is for the caller to say.
//!
//! The declarations come from `layout/c_api.json`, which `xtask` can make from newer headers of the
//! interface; `layout/README.md` says how.
//!
//! ```no_run
//! // SAFETY: the file is a plugin that may run in this process.
//! let library = unsafe { xla_sys::Library::open("/opt/plugins/libpjrt_cpu.so".as_ref()) }?;
//! println!("{} speaks PJRT {}", library.path().display(), library.version());
//! # Ok::<(), xla_sys::LoadError>(())
//! ```

#[allow(missing_docs, non_camel_case_types, non_snake_case, non_upper_case_globals)]
#[allow(clippy::doc_markdown, missing_debug_implementations)]
pub mod bindings;
mod elf;
mod library;

pub use library::{ApiVersion, Library, LoadError};

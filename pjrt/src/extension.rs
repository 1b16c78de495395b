//! What a plugin offers beyond the function table.

use std::fmt;
use std::ptr::NonNull;

use xla_sys::bindings as sys;
use xla_sys::bindings::{PJRT_Extension_Base, PJRT_Extension_Type};

use crate::api::{Api, Table};
use crate::error::{Error, Result};

/// More links than this make no chain that a plugin would have: the interface knows 25 kinds.
const MOST: usize = 256;

/// A link of a plugin's chain of extensions: which it is, as the interface numbers them.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Extension(PJRT_Extension_Type);

macro_rules! extensions {
    ($($constant:ident = $code:ident, $name:literal;)*) => {
        #[allow(missing_docs)]
        impl Extension {
            $(pub const $constant: Self = Self(sys::$code);)*

            /// The name that the interface gives the extension, if this crate's version has it.
            pub fn name(self) -> Option<&'static str> {
                match self { $(Self::$constant => Some($name),)* _ => None }
            }
        }
    };
}

extensions! {
    GPU_CUSTOM_CALL = PJRT_Extension_Type_Gpu_Custom_Call, "Gpu_Custom_Call";
    PROFILER = PJRT_Extension_Type_Profiler, "Profiler";
    CUSTOM_PARTITIONER = PJRT_Extension_Type_Custom_Partitioner, "Custom_Partitioner";
    STREAM = PJRT_Extension_Type_Stream, "Stream";
    LAYOUTS = PJRT_Extension_Type_Layouts, "Layouts";
    FFI = PJRT_Extension_Type_FFI, "FFI";
    MEMORY_DESCRIPTIONS = PJRT_Extension_Type_MemoryDescriptions, "MemoryDescriptions";
    TRITON = PJRT_Extension_Type_Triton, "Triton";
    RAW_BUFFER = PJRT_Extension_Type_RawBuffer, "RawBuffer";
    PHASE_COMPILE = PJRT_Extension_Type_PhaseCompile, "PhaseCompile";
    EXAMPLE = PJRT_Extension_Type_Example, "Example";
    UNKNOWN = PJRT_Extension_Type_Unknown, "Unknown";
    CROSS_HOST_TRANSFERS = PJRT_Extension_Type_CrossHostTransfers, "CrossHostTransfers";
    EXECUTABLE_METADATA = PJRT_Extension_Type_ExecutableMetadata, "ExecutableMetadata";
    CALLBACK = PJRT_Extension_Type_Callback, "Callback";
    HOST_ALLOCATOR = PJRT_Extension_Type_HostAllocator, "HostAllocator";
    TPU_TOPOLOGY = PJRT_Extension_Type_TpuTopology, "TpuTopology";
    TPU_EXECUTABLE = PJRT_Extension_Type_TpuExecutable, "TpuExecutable";
    MEGASCALE = PJRT_Extension_Type_Megascale, "Megascale";
    SHARDINGS = PJRT_Extension_Type_Shardings, "Shardings";
    ABI_VERSION = PJRT_Extension_Type_AbiVersion, "AbiVersion";
    COLLECTIVES = PJRT_Extension_Type_Collectives, "Collectives";
    MULTI_SLICE = PJRT_Extension_Type_MultiSlice, "MultiSlice";
    HOST_MEMORY_ALLOCATOR = PJRT_Extension_Type_HostMemoryAllocator, "HostMemoryAllocator";
    XLA_TRANSFORM = PJRT_Extension_Type_XlaTransform, "XlaTransform";
}

impl Extension {
    /// The number that the interface gives the extension.
    pub fn number(self) -> u32 {
        self.0
    }
}

impl fmt::Display for Extension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => write!(f, "extension {}", self.0),
        }
    }
}

impl fmt::Debug for Extension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A link of the chain.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Link {
    pub(crate) extension: Extension,
    /// The bytes that it says it takes.
    pub(crate) size: usize,
    /// It lives as long as the plugin.
    pub(crate) base: NonNull<PJRT_Extension_Base>,
}

/// The plugin's chain of extensions, in its own order.
///
/// # Errors
/// [`Error::Contract`] if the chain is broken: a link too short to be one, or no end to it.
pub(crate) fn read(api: &Api) -> Result<Vec<Link>> {
    let broken = |got: String| {
        Err(Error::Contract {
            function: "the chain of extensions",
            plugin: api.path().to_owned(),
            got,
        })
    };
    let mut links: Vec<Link> = Vec::new();
    let mut next = NonNull::new(api.extensions());
    while let Some(base) = next {
        if links.iter().any(|link| link.base == base) || links.len() == MOST {
            return broken(format!("no end after {} links", links.len()));
        }
        // SAFETY: every link begins with its size, and lives as long as the plugin; nothing else is
        // read yet.
        let size = unsafe { (&raw const (*base.as_ptr()).struct_size).read() };
        if size < PJRT_Extension_Base::STRUCT_SIZE {
            return broken(format!("a link of {size} bytes"));
        }
        // SAFETY: the link is long enough for what is read.
        let read = unsafe { base.as_ptr().read() };
        links.push(Link { extension: Extension(read.r#type), size, base });
        next = NonNull::new(read.next);
    }
    Ok(links)
}

/// The plugin's link of this kind.
///
/// # Errors
/// [`Error::NoExtension`] if it has none, or as [`read`].
fn find(api: &Api, extension: Extension) -> Result<Link> {
    let links = read(api)?;
    let found = links.iter().find(|link| link.extension == extension);
    found.copied().ok_or_else(|| Error::NoExtension {
        extension,
        plugin: api.path().to_owned(),
        has: links.iter().map(|link| link.extension).collect(),
    })
}

/// The plugin's link of this kind as the table of functions that it is, whose type is `E`.
///
/// # Errors
/// As [`find`].
pub(crate) fn table<E>(api: &Api, extension: Extension) -> Result<Table<'_, E>> {
    let link = find(api, extension)?;
    // SAFETY: a link of this kind is an `E` as far as it says it reaches, lives as long as the
    // plugin and is never written.
    Ok(unsafe { Table::new(api, link.base.cast(), link.size) })
}

#[cfg(test)]
mod tests {
    use xla_sys::bindings::PJRT_Api;

    use super::*;
    use crate::api::tests::{fake, table};

    /// A chain of links of these kinds and sizes, which is leaked; the last one's successor is the
    /// one at `back`.
    fn chain(links: &[(u32, usize)], back: Option<usize>) -> Api {
        let made = links.iter().map(|&(r#type, struct_size)| PJRT_Extension_Base {
            struct_size,
            r#type,
            ..Default::default()
        });
        let mut made: Vec<PJRT_Extension_Base> = made.collect();
        let first = made.as_mut_ptr();
        for index in 0..made.len() {
            let next = if index + 1 < made.len() { Some(index + 1) } else { back };
            // SAFETY: the place is within the list, which is leaked below.
            made[index].next = next.map_or(std::ptr::null_mut(), |next| unsafe { first.add(next) });
        }
        std::mem::forget(made);
        fake(PJRT_Api { extension_start: first, ..table() })
    }

    #[test]
    fn a_chain_is_read_in_order_and_unknown_links_keep_their_number() {
        let size = PJRT_Extension_Base::STRUCT_SIZE;
        let links = read(&chain(&[(5, size), (1, size + 80), (999, size)], None)).unwrap();
        let extensions: Vec<_> = links.iter().map(|link| link.extension).collect();
        assert_eq!(extensions[..2], [Extension::FFI, Extension::PROFILER]);
        assert_eq!(extensions[2].to_string(), "extension 999");
    }

    #[test]
    fn an_extension_that_is_missing_or_too_short_is_an_error_that_names_the_others() {
        let size = PJRT_Extension_Base::STRUCT_SIZE;
        let api = chain(&[(5, size), (1, size + 16)], None);
        // What lies behind the end of a link is not read.
        type Longer = [Option<fn()>; 8];
        let beyond = (size + 16) / size_of::<usize>();
        let slot = |extension| {
            let table = super::table::<Longer>(&api, extension)?;
            // SAFETY: the list is longer than that.
            table.slot("PJRT_Beyond", |link| unsafe { &raw const (*link)[beyond] })
        };
        let slot = |extension| slot(extension).unwrap_err();
        insta::assert_snapshot!(slot(Extension::PROFILER), @"the plugin /fake.so (PJRT 0.0) does not offer PJRT_Beyond");
        let error = slot(Extension::LAYOUTS);
        assert!(error.is_unsupported());
        insta::assert_snapshot!(error, @"the plugin /fake.so has no extension Layouts; it has FFI, Profiler");
    }

    #[test]
    fn a_chain_without_an_end_is_an_error() {
        let size = PJRT_Extension_Base::STRUCT_SIZE;
        let error = read(&chain(&[(5, size), (1, size)], Some(0))).unwrap_err();
        insta::assert_snapshot!(error, @"the chain of extensions of the plugin /fake.so returned no end after 2 links; this is a fault in it");
        let long = vec![(5, size); MOST + 1];
        assert!(read(&chain(&long, None)).is_err());
    }

    #[test]
    fn a_link_that_is_too_short_is_an_error_before_its_successor_is_looked_for() {
        let error = read(&chain(&[(5, 8), (1, 24)], None)).unwrap_err();
        insta::assert_snapshot!(error, @"the chain of extensions of the plugin /fake.so returned a link of 8 bytes; this is a fault in it");
    }
}

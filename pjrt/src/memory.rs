//! Memories that devices reach.

use std::fmt;

use xla_sys::bindings::{
    PJRT_Device_MemoryStats_Args, PJRT_Memory, PJRT_Memory_Id_Args, PJRT_Memory_Kind_Args,
};

use crate::api::{Api, Handle, call, text};
use crate::error::Result;

/// A memory that a device reaches, such as its own or a part of the host's.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Memory {
    id: i32,
    kind: String,
}

impl Memory {
    /// Reads what is told about a memory that is alive, as those of a client's devices are.
    pub(crate) fn read(api: &Api, handle: Handle<PJRT_Memory>) -> Result<Self> {
        Ok(Self { id: id(api, handle)?, kind: kind(api, handle)? })
    }

    /// The number that names the memory among all of its client.
    pub fn id(&self) -> i32 {
        self.id
    }

    /// What the memory is, such as `device` or `pinned_host`.
    pub fn kind(&self) -> &str {
        &self.kind
    }
}

impl fmt::Display for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind, self.id)
    }
}

fn id(api: &Api, handle: Handle<PJRT_Memory>) -> Result<i32> {
    let mut args = PJRT_Memory_Id_Args { memory: handle.as_ptr(), ..Default::default() };
    // SAFETY: the memory is alive.
    unsafe { call!(api, PJRT_Memory_Id, &raw mut args) }?;
    Ok(args.id)
}

fn kind(api: &Api, handle: Handle<PJRT_Memory>) -> Result<String> {
    let mut args = PJRT_Memory_Kind_Args { memory: handle.as_ptr(), ..Default::default() };
    // SAFETY: the memory is alive; the text is its own and is copied.
    unsafe {
        call!(api, PJRT_Memory_Kind, &raw mut args)?;
        Ok(text(args.kind, args.kind_size))
    }
}

/// Bytes of a device's memory, as its allocator counts them; `None` is what it doesn't count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DeviceMemoryStats {
    /// In use.
    pub bytes_in_use: i64,
    /// The most that were in use at once.
    pub peak_bytes_in_use: Option<i64>,
    /// As many as may be in use.
    pub bytes_limit: Option<i64>,
    /// Set aside beyond those in use.
    pub bytes_reserved: Option<i64>,
    /// The largest that were allocated in one piece.
    pub largest_allocation: Option<i64>,
    /// The largest that are free in one piece.
    pub largest_free_block: Option<i64>,
    /// How many allocations there were.
    pub allocations: Option<i64>,
}

impl DeviceMemoryStats {
    pub(crate) fn of(args: &PJRT_Device_MemoryStats_Args) -> Self {
        let set = |is_set: bool, value| is_set.then_some(value);
        Self {
            bytes_in_use: args.bytes_in_use,
            peak_bytes_in_use: set(args.peak_bytes_in_use_is_set, args.peak_bytes_in_use),
            bytes_limit: set(args.bytes_limit_is_set, args.bytes_limit),
            bytes_reserved: set(args.bytes_reserved_is_set, args.bytes_reserved),
            largest_allocation: set(args.largest_alloc_size_is_set, args.largest_alloc_size),
            largest_free_block: set(
                args.largest_free_block_bytes_is_set,
                args.largest_free_block_bytes,
            ),
            allocations: set(args.num_allocs_is_set, args.num_allocs),
        }
    }
}

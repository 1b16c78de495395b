//! What a compiler had made of a program when it refused it for its memory.

use std::fs;
use std::path::{Path, PathBuf};

use prost::Message as _;

use super::Memory;
use crate::hlo_module::HloModule;

/// A program as far as it was compiled.
pub(super) struct Refused {
    pub(super) module: HloModule,
    /// By the compiler's plan, which has no room yet for instructions.
    pub(super) memory: Memory,
}

impl Refused {
    /// Reads what a compiler wrote into a folder by the flags `xla_dump_to` and
    /// `xla_dump_hlo_as_proto`; none if it didn't come to make a plan.
    pub(super) fn read(folder: &Path) -> Option<Self> {
        let mut files = fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path());
        let is_last =
            |path: &PathBuf| path.to_string_lossy().ends_with(".after_optimizations.hlo.pb");
        let bytes = fs::read(files.find(is_last)?).ok()?;
        let (_, module) = HloModule::unwrap(&bytes)?;
        let plan = HloProto::decode(&*bytes).ok()?.buffer_assignment?;
        Some(Self { module, memory: plan.memory() })
    }
}

impl BufferAssignment {
    fn memory(&self) -> Memory {
        let sum = |of: &dyn Fn(&BufferAllocation) -> bool| {
            let sizes = self.allocations.iter().filter(|it| of(it));
            sizes.fold(0u64, |sum, it| sum.saturating_add(it.size.unsigned_abs()))
        };
        let arguments = sum(&|it| it.is_entry_parameter);
        let outputs = sum(&|it| it.maybe_live_out);
        let aliased = sum(&|it| it.is_entry_parameter && it.maybe_live_out);
        let temporaries = sum(&|it| {
            // Other colours are other memories.
            let elsewhere = it.color != 0 || it.is_thread_local || it.is_constant;
            !(it.is_entry_parameter || it.maybe_live_out || elsewhere)
        });
        let total = arguments.saturating_add(outputs).saturating_add(temporaries) - aliased;
        Memory { arguments, outputs, aliased, temporaries, code: None, total }
    }
}

/// `xla.HloProto`, of which the module is read by [`HloModule::unwrap`].
#[derive(Clone, PartialEq, prost::Message)]
struct HloProto {
    #[prost(message, optional, tag = "3")]
    buffer_assignment: Option<BufferAssignment>,
}

/// `xla.BufferAssignmentProto`, what is read of it.
#[derive(Clone, PartialEq, prost::Message)]
struct BufferAssignment {
    #[prost(message, repeated, tag = "3")]
    allocations: Vec<BufferAllocation>,
}

/// `xla.BufferAllocationProto`, what is read of it.
#[derive(Clone, PartialEq, prost::Message)]
struct BufferAllocation {
    #[prost(int64, tag = "2")]
    size: i64,
    #[prost(bool, tag = "3")]
    is_thread_local: bool,
    #[prost(bool, tag = "5")]
    is_entry_parameter: bool,
    #[prost(bool, tag = "7")]
    maybe_live_out: bool,
    #[prost(int64, tag = "8")]
    color: i64,
    #[prost(bool, tag = "12")]
    is_constant: bool,
}

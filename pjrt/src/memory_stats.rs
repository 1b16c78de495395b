//! How much memory a compiled program takes.

use xla_sys::bindings::PJRT_Executable_GetCompiledMemoryStats_Args;

/// Bytes that a compiled program takes on each device, and on the host for it.
///
/// What a plugin doesn't tell is zero, and [`peak_bytes`](Self::peak_bytes) `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
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
    /// The most that is in use at once, as the plugin counts it. A CPU's leaves temporaries out
    /// where they are many: compare [`total_bytes`](Self::total_bytes).
    pub peak_bytes: Option<u64>,
    /// Of arguments that lie in the host's memory.
    pub host_argument_bytes: u64,
    /// Of results that lie in the host's memory.
    pub host_output_bytes: u64,
    /// Of results in the host's memory that are taken over from arguments.
    pub host_alias_bytes: u64,
    /// Of what it holds in the host's memory while it runs.
    pub host_temp_bytes: u64,
    /// Of its instructions for the host.
    pub host_generated_code_bytes: u64,
}

impl MemoryStats {
    pub(crate) fn read(args: &PJRT_Executable_GetCompiledMemoryStats_Args) -> Self {
        let bytes = |size: i64| u64::try_from(size).unwrap_or(0);
        Self {
            argument_bytes: bytes(args.argument_size_in_bytes),
            output_bytes: bytes(args.output_size_in_bytes),
            alias_bytes: bytes(args.alias_size_in_bytes),
            temp_bytes: bytes(args.temp_size_in_bytes),
            generated_code_bytes: bytes(args.generated_code_size_in_bytes),
            peak_bytes: Some(bytes(args.peak_memory_in_bytes)).filter(|&peak| peak > 0),
            host_argument_bytes: bytes(args.host_argument_size_in_bytes),
            host_output_bytes: bytes(args.host_output_size_in_bytes),
            host_alias_bytes: bytes(args.host_alias_size_in_bytes),
            host_temp_bytes: bytes(args.host_temp_size_in_bytes),
            host_generated_code_bytes: bytes(args.host_generated_code_size_in_bytes),
        }
    }

    /// Bytes in use on a device while the program runs, apart from its instructions.
    pub fn total_bytes(&self) -> u64 {
        (self.argument_bytes + self.output_bytes + self.temp_bytes).saturating_sub(self.alias_bytes)
    }
}

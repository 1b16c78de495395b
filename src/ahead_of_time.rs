//! Compilation for devices that needn't be there: what a program takes of them, and whether it fits.
//!
//! ```no_run
//! use hetxl::ahead_of_time::{self, Target};
//! use pjrt::{Code, CompileOptions};
//!
//! let target: Target = "tpu:v3:2x2".parse()?;
//! let text = std::fs::read_to_string("train-step.mlir")?;
//! let (report, _) =
//!     ahead_of_time::compile(&target, Code::mlir(&text), &CompileOptions::default(), &mut |_| {})?;
//! println!("{} of {:?} bytes", report.memory.unwrap().total, report.device_memory);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Instant;

use pjrt::install::{Environment, Progress};
use pjrt::{
    ArraySpec, AttributeValue, Code, CompileOptions, ErrorCode, Executable, LoadedExecutable,
    MemoryStats, Plugin,
};
use serde::Serialize;
use serde_json::json;

use crate::config::RuntimeConfig;
use crate::error::{Error, Result};
use crate::runtime::Runtime;
use crate::whole_file;

/// What a program is compiled for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// This machine's processor.
    Cpu,
    /// A slice of TPUs by generation and chips along each axis, such as `v3:2x2`.
    Tpu(String),
}

/// A target is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{got:?} is no target: there are `cpu` and slices of TPUs by generation and chips, such as \
     `tpu:v3:2x2` (8 cores) or `tpu:v3:8x8` (128 cores)"
)]
pub struct TargetError {
    got: String,
}

impl FromStr for Target {
    type Err = TargetError;

    fn from_str(text: &str) -> Result<Self, TargetError> {
        match text.split_once(':') {
            None if text == "cpu" => Ok(Self::Cpu),
            Some(("tpu", slice)) if !slice.is_empty() => Ok(Self::Tpu(slice.to_owned())),
            _ => Err(TargetError { got: text.to_owned() }),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cpu => f.write_str("cpu"),
            Self::Tpu(slice) => write!(f, "tpu:{slice}"),
        }
    }
}

/// What became of a compilation.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The target as it was asked for.
    pub target: String,
    /// How many devices the target has.
    pub devices: usize,
    /// What they are, in the vendor's words.
    pub device_kind: String,
    /// The memory of each in bytes, where the plugin tells.
    pub device_memory: Option<u64>,
    /// Whether the program fits into it.
    pub fits: bool,
    /// The compiler's words where it doesn't.
    pub verdict: Option<String>,
    /// Floating-point operations of a run on a device, the body of a loop counted once.
    pub flops: Option<f64>,
    /// Bytes of memory that a run reads and writes on a device, likewise.
    pub bytes_accessed: Option<f64>,
    /// Bytes on each device.
    pub memory: Option<Memory>,
    /// Seconds that the compiler took.
    pub seconds: f64,
}

/// Bytes that a compiled program takes on each device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Memory {
    /// Of arguments.
    pub arguments: u64,
    /// Of results.
    pub outputs: u64,
    /// Of results in the memory of arguments.
    pub aliased: u64,
    /// Of what is held while it runs.
    pub temporaries: u64,
    /// Of instructions.
    pub code: u64,
    /// Of all at once: arguments, results that are not in their memory, temporaries.
    pub total: u64,
}

impl From<MemoryStats> for Memory {
    fn from(stats: MemoryStats) -> Self {
        Self {
            arguments: stats.argument_bytes,
            outputs: stats.output_bytes,
            aliased: stats.alias_bytes,
            temporaries: stats.temp_bytes,
            code: stats.generated_code_bytes,
            total: stats.total_bytes(),
        }
    }
}

/// A compiled program.
#[derive(Debug)]
pub enum Compiled {
    /// For devices that needn't be there.
    Apart(Executable),
    /// For devices of this process.
    Loaded(LoadedExecutable),
}

impl Deref for Compiled {
    type Target = Executable;

    fn deref(&self) -> &Executable {
        match self {
            Self::Apart(executable) => executable,
            Self::Loaded(executable) => executable,
        }
    }
}

/// The devices of a target.
struct Devices {
    count: usize,
    kind: String,
    memory: Option<u64>,
}

/// Compiles a program for a target, with the target's plugin, which is installed if the machine has
/// none; `progress` is told of that. The program itself is `None` where it doesn't fit: that is a
/// result like another, with the compiler's verdict in the report.
///
/// # Errors
/// If there is no such target or no plugin for it, or what the compiler reports.
pub fn compile(
    target: &Target,
    code: Code<'_>,
    options: &CompileOptions,
    progress: &mut dyn FnMut(Progress),
) -> Result<(Report, Option<Compiled>)> {
    let (devices, seconds, compiled) = match target {
        Target::Cpu => {
            let count = options.replicas.saturating_mul(options.partitions);
            let runtime = Runtime::open_for(count, &RuntimeConfig::default(), progress)?;
            let kind = runtime.client().platform_name().to_owned();
            let (seconds, compiled) = timed(|| runtime.client().compile(code, options));
            (Devices { count, kind, memory: None }, seconds, compiled.map(Compiled::Loaded))
        }
        Target::Tpu(slice) => {
            let found = Environment::from_process().find_or_install("tpu", None, progress)?;
            let plugin = Plugin::load(found.path)?;
            let topology = plugin.topology(slice, &BTreeMap::new())?;
            let devices = topology.devices()?;
            let first = devices.first();
            let memory = first.and_then(|it| it.attributes.get("device_memory_bytes_limit"));
            let devices = Devices {
                count: devices.len(),
                kind: first.map_or(String::new(), |it| it.kind.clone()),
                memory: match memory {
                    Some(AttributeValue::Int(bytes)) => u64::try_from(*bytes).ok(),
                    _ => None,
                },
            };
            let (seconds, compiled) = timed(|| plugin.compile(&topology, code, options));
            (devices, seconds, compiled.map(Compiled::Apart))
        }
    };
    let (executable, verdict) = match compiled {
        Ok(executable) => (Some(executable), None),
        Err(pjrt::Error::Plugin { code: ErrorCode::RESOURCE_EXHAUSTED, message, .. }) => {
            (None, Some(message.trim_end().to_owned()))
        }
        Err(error) => return Err(error.into()),
    };
    let stats = executable.as_ref().and_then(|it| it.memory_stats().ok());
    let memory = stats.map(Memory::from);
    let cost = executable.as_ref().and_then(|it| it.cost().ok()).unwrap_or_default();
    let beyond = devices.memory.zip(memory).is_some_and(|(limit, memory)| memory.total > limit);
    let report = Report {
        target: target.to_string(),
        devices: devices.count,
        device_kind: devices.kind,
        device_memory: devices.memory,
        fits: executable.is_some() && !beyond,
        verdict,
        flops: cost.get("flops").copied(),
        bytes_accessed: cost.get("bytes accessed").copied(),
        memory,
        seconds,
    };
    Ok((report, executable))
}

/// Writes a compiled program to `output`, its optimised module beside it as `.hlo.pb`, and the report
/// and what the program takes and returns as `.json`.
///
/// # Errors
/// If the plugin can't serialise the program, or a file can't be written.
pub fn write(output: &Path, report: &Report, executable: &Executable) -> Result<()> {
    let beside = |extension: &str| {
        let mut name = output.as_os_str().to_owned();
        name.push(extension);
        PathBuf::from(name)
    };
    let specs = |specs: &[ArraySpec]| {
        let spec = |it: &ArraySpec| json!({ "dtype": it.dtype.name(), "shape": it.dims });
        specs.iter().map(spec).collect::<Vec<_>>()
    };
    let manifest = json!({
        "report": report,
        "inputs": specs(executable.inputs()),
        "outputs": specs(executable.outputs()),
        "donatable_inputs": executable.donatable_inputs(),
    });
    let manifest = serde_json::to_vec_pretty(&manifest).expect("a manifest is JSON");
    for (path, contents) in [
        (output.to_owned(), executable.serialize()?),
        (beside(".hlo.pb"), executable.optimized_program()?),
        (beside(".json"), manifest),
    ] {
        whole_file::write(&path, &contents).map_err(Error::io("write", &path))?;
    }
    Ok(())
}

fn timed<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let began = Instant::now();
    let done = work();
    (began.elapsed().as_secs_f64(), done)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_read_back_as_they_are_shown() {
        for text in ["cpu", "tpu:v3:2x2", "tpu:v5e:16x16"] {
            assert_eq!(text.parse::<Target>().unwrap().to_string(), text);
        }
        for text in ["", "gpu", "tpu", "tpu:", "cpu:1"] {
            assert!(text.parse::<Target>().is_err(), "{text}");
        }
    }
}

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

mod gpu;
mod refused;
mod target;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::time::Instant;

use pjrt::install::{Environment, Progress};
use pjrt::{
    ArraySpec, AttributeValue, Code, CompileOptions, ErrorCode, Executable, Flag, LoadedExecutable,
    MemoryStats, Plugin, Topology,
};
use serde::Serialize;
use serde_json::json;

use crate::config::RuntimeConfig;
use crate::error::{Error, Result};
use crate::hlo_module::{Buffer, HloModule, Loop};
use crate::machine;
use crate::runtime::Runtime;
use crate::whole_file;

use refused::Refused;

pub use gpu::Gpus;
pub use target::{Target, TargetError};

/// How many of a program's largest buffers are told of.
pub const LARGEST_BUFFERS: usize = 10;

/// What became of a compilation.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The target as it was asked for.
    pub target: String,
    /// How many devices the target has.
    pub devices: usize,
    /// How many of them the program runs on.
    pub used_devices: usize,
    /// What they are, in the vendor's words.
    pub device_kind: String,
    /// The memory of each in bytes, where that is known.
    pub device_memory: Option<u64>,
    /// Whether the program fits into it, where both are known.
    pub fits: Option<bool>,
    /// The compiler's words where it refused the program for its memory.
    pub verdict: Option<String>,
    /// Floating-point operations of a run on a device.
    pub flops: Option<f64>,
    /// Bytes of memory that a run reads and writes on a device.
    pub bytes_accessed: Option<f64>,
    /// Who tells these two.
    pub cost_source: Option<CostSource>,
    /// The loops that the program runs.
    pub loops: Vec<Loop>,
    /// Calls whose cost is unknown.
    pub custom_calls: Vec<String>,
    /// Bytes on each device, where the compiler tells. Of a program that it refused, those that it
    /// planned for, without code.
    pub memory: Option<Memory>,
    /// The largest arrays that are in memory at some time, largest first, by the module that the
    /// compiler made of the program, also of one that it refused for its memory.
    pub largest_buffers: Vec<Buffer>,
    /// Seconds that the compiler took.
    pub seconds: f64,
    /// The most bytes of this machine's memory that this process has held until then, where the
    /// operating system tells. The compiler is part of it, but for NVIDIA's assembler.
    pub host_memory: Option<u64>,
}

/// Who tells what a program costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CostSource {
    /// The plugin, which counts the body of a loop once.
    Plugin,
    /// The module that the compiler made, by the rules of [`HloModule::costs`]: the body of a loop
    /// counts as often as it runs where the compiler knows that, and once where it doesn't.
    OptimizedModule,
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
    /// Of instructions, where the plugin tells.
    pub code: Option<u64>,
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
            // Every program has some; plugins for CPUs and GPUs don't tell.
            code: Some(stats.generated_code_bytes).filter(|&bytes| bytes > 0),
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

/// What compiles for a target.
#[derive(Debug)]
enum Compiler {
    /// With the devices at hand.
    Here(Runtime),
    /// Without them.
    Apart { plugin: Plugin, topology: Topology },
}

impl Compiler {
    /// The target's compiler, for programs on as many as `devices`. A flag that it needs is added to
    /// `flags`.
    fn open(
        target: &Target,
        devices: usize,
        flags: &mut BTreeMap<String, Flag>,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Self> {
        let environment = Environment::from_process();
        let mut find = |name| environment.find_or_install(name, None, progress);
        match target {
            Target::Cpu => {
                let runtime = Runtime::open_for(devices, &RuntimeConfig::default(), progress)?;
                Ok(Self::Here(runtime))
            }
            Target::Tpu(slice) => {
                let plugin = Plugin::load(find("tpu")?.path)?;
                let topology = plugin.topology(slice, &BTreeMap::new());
                let topology = topology.map_err(|error| no_slice(slice, &plugin, error))?;
                Ok(Self::Apart { plugin, topology })
            }
            Target::Cuda(gpus) => {
                let options = gpus.options()?.into();
                let plugin = Plugin::load(find("cuda12")?.path)?;
                let topology = plugin.topology("", &options);
                let topology = topology.map_err(|error| no_start("cuda", &plugin, error))?;
                environment.add_cuda_toolkit(flags, progress)?;
                Ok(Self::Apart { plugin, topology })
            }
        }
    }

    fn compile(&self, code: Code<'_>, options: &CompileOptions) -> pjrt::Result<Compiled> {
        match self {
            Self::Here(runtime) => runtime.client().compile(code, options).map(Compiled::Loaded),
            Self::Apart { plugin, topology } => {
                plugin.compile(topology, code, options).map(Compiled::Apart)
            }
        }
    }

    /// How many devices there are, of what kind, and the memory of each.
    fn devices(&self) -> Result<(usize, String, Option<u64>)> {
        let topology = match self {
            Self::Here(runtime) => {
                let client = runtime.client();
                let kind = client.platform_name().to_owned();
                return Ok((client.devices().len(), kind, machine::memory()));
            }
            Self::Apart { topology, .. } => topology,
        };
        let devices = topology.devices()?;
        let first = devices.first();
        let memory = first.and_then(|it| it.attributes.get("device_memory_bytes_limit"));
        let memory = match memory {
            Some(AttributeValue::Int(bytes)) => u64::try_from(*bytes).ok(),
            _ => None,
        };
        Ok((devices.len(), first.map_or(String::new(), |it| it.kind.clone()), memory))
    }

    /// What is made of a program that is refused for its memory, which the compiler writes into a
    /// folder while it compiles it once more; none if it writes nothing.
    fn refused(&self, code: Code<'_>, options: &CompileOptions) -> Option<Refused> {
        let folder = tempfile::tempdir().ok()?;
        let mut options = options.clone();
        options.flags.extend([
            ("xla_dump_to".to_owned(), Flag::String(folder.path().to_str()?.to_owned())),
            ("xla_dump_hlo_as_proto".to_owned(), Flag::Bool(true)),
        ]);
        self.compile(code, &options).err()?;
        Refused::read(folder.path())
    }
}

/// Compiles a program for a target, with the target's plugin, which is installed if the machine has
/// none; `progress` is told of that. The program itself is `None` where the compiler refuses it for
/// the memory that it takes: that is a result like another, with the compiler's verdict in the
/// report.
///
/// # Errors
/// If there is no such target or no plugin for it, or what the compiler reports.
pub fn compile(
    target: &Target,
    code: Code<'_>,
    options: &CompileOptions,
    progress: &mut dyn FnMut(Progress),
) -> Result<(Report, Option<Compiled>)> {
    let used_devices = options.replicas.saturating_mul(options.partitions);
    let mut options = options.clone();
    let compiler = Compiler::open(target, used_devices, &mut options.flags, progress)?;
    let (devices, device_kind, device_memory) = compiler.devices()?;
    if used_devices > devices {
        let target = target.to_string();
        return Err(Error::TooFewDevices { target, devices, used_devices });
    }
    let began = Instant::now();
    let compiled = compiler.compile(code, &options);
    let seconds = began.elapsed().as_secs_f64();
    let host_memory = machine::peak_memory();
    let (executable, verdict) = match compiled {
        Ok(executable) => (Some(executable), None),
        Err(pjrt::Error::Plugin { code: ErrorCode::RESOURCE_EXHAUSTED, message, .. }) => {
            (None, Some(message.trim_end().to_owned()))
        }
        Err(error) => return Err(error.into()),
    };
    let (module, memory) = match &executable {
        Some(it) => (
            it.optimized_program().ok().and_then(|it| HloModule::decode(&it).ok()),
            it.memory_stats().ok().map(Memory::from),
        ),
        None => compiler.refused(code, &options).map(|it| (it.module, it.memory)).unzip(),
    };
    let fits = match &executable {
        None => Some(false),
        Some(_) => device_memory.zip(memory).map(|(limit, memory)| memory.total <= limit),
    };
    let cost = cost(executable.as_ref(), module.as_ref());
    let mut largest_buffers = module.as_ref().map_or_else(Vec::new, HloModule::buffers);
    largest_buffers.truncate(LARGEST_BUFFERS);
    let report = Report {
        target: target.to_string(),
        devices,
        used_devices,
        device_kind,
        device_memory,
        fits,
        verdict,
        flops: cost.map(|cost| cost.flops),
        bytes_accessed: cost.map(|cost| cost.bytes_accessed),
        cost_source: cost.map(|cost| cost.source),
        loops: module.as_ref().map_or_else(Vec::new, HloModule::loops),
        custom_calls: module.as_ref().map_or_else(Vec::new, HloModule::custom_calls),
        memory,
        largest_buffers,
        seconds,
        host_memory,
    };
    Ok((report, executable))
}

fn no_slice(slice: &str, plugin: &Plugin, error: pjrt::Error) -> Error {
    match error {
        pjrt::Error::Plugin { code: ErrorCode::INVALID_ARGUMENT, message, .. } => {
            Error::NoSlice { slice: slice.to_owned(), message }
        }
        pjrt::Error::Option { expected, .. } => {
            Error::NoSlice { slice: slice.to_owned(), message: format!("expected {expected}") }
        }
        error => no_start("tpu", plugin, error),
    }
}

fn no_start(platform: &str, plugin: &Plugin, source: pjrt::Error) -> Error {
    if matches!(source, pjrt::Error::Option { .. }) {
        // The plugin has no part in it.
        return source.into();
    }
    Error::Start { platform: platform.to_owned(), plugin: plugin.path().to_owned(), source }
}

#[derive(Clone, Copy)]
struct Cost {
    flops: f64,
    bytes_accessed: f64,
    source: CostSource,
}

/// What a run costs by the plugin, or else by the module that it made.
fn cost(executable: Option<&Compiled>, module: Option<&HloModule>) -> Option<Cost> {
    let told = executable.and_then(|it| it.cost().ok()).unwrap_or_default();
    let told = |name| told.get(name).copied().filter(|&number| number >= 0.0);
    if let (Some(flops), Some(bytes_accessed)) = (told("flops"), told("bytes accessed")) {
        return Some(Cost { flops, bytes_accessed, source: CostSource::Plugin });
    }
    let total = module?.costs().total().cost;
    Some(Cost {
        flops: total.flops as f64,
        bytes_accessed: total.bytes as f64,
        source: CostSource::OptimizedModule,
    })
}

/// The optimised module and the report, which stand beside a compiled program.
fn beside(output: &Path) -> [PathBuf; 2] {
    [".hlo.pb", ".json"].map(|extension| {
        let mut name = output.as_os_str().to_owned();
        name.push(extension);
        PathBuf::from(name)
    })
}

/// Whether [`write()`] can write to `output`, as far as that is known before.
///
/// # Errors
/// If the folder isn't there, or folders are in the way.
pub fn check_output(output: &Path) -> Result<()> {
    let folder = output.parent().filter(|it| !it.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    fs::read_dir(folder).map_err(Error::io("write into", folder))?;
    for path in [output, &beside(output)[0], &beside(output)[1]] {
        if path.is_dir() {
            return Err(Error::io("write", path)(io::ErrorKind::IsADirectory.into()));
        }
    }
    Ok(())
}

/// Writes a compiled program to `output`, its optimised module beside it as `.hlo.pb`, and the report
/// and what the program takes and returns as `.json`. Of a program that was refused the report alone
/// is written, and what stood in the place of the others is removed.
///
/// # Errors
/// If the plugin can't serialise the program, or a file can't be written.
pub fn write(output: &Path, report: &Report, executable: Option<&Executable>) -> Result<()> {
    let [optimized, manifest] = beside(output);
    let contents =
        |value: serde_json::Value| serde_json::to_vec_pretty(&value).expect("a manifest is JSON");
    let Some(executable) = executable else {
        for path in [output, &optimized] {
            match fs::remove_file(path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(Error::io("remove", path)(error));
                }
                _ => {}
            }
        }
        let contents = contents(json!({ "report": report }));
        return whole_file::write(&manifest, &contents).map_err(Error::io("write", &manifest));
    };
    let specs = |specs: &[ArraySpec]| {
        let spec = |it: &ArraySpec| json!({ "dtype": it.dtype.name(), "shape": it.dims });
        specs.iter().map(spec).collect::<Vec<_>>()
    };
    let told = contents(json!({
        "report": report,
        "inputs": specs(executable.inputs()),
        "outputs": specs(executable.outputs()),
        "donatable_inputs": executable.donatable_inputs(),
    }));
    // The program last: where it is, so are the others.
    for (path, contents) in [
        (manifest, told),
        (optimized, executable.optimized_program()?),
        (output.to_owned(), executable.serialize()?),
    ] {
        whole_file::write(&path, &contents).map_err(Error::io("write", &path))?;
    }
    Ok(())
}

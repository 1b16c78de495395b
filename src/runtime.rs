//! The devices that programs run on.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use pjrt::install::{Environment, Found, InstallError, Progress};
use pjrt::{
    ApiVersion, Buffer, Client, ClientOptions, Code, Compilation, CompileCache, CompileOptions,
    Device, ErrorCode, Flag, HostArray, Input, LoadedExecutable, Plugin,
};
use serde::Serialize;

use crate::config::RuntimeConfig;
use crate::error::{Error, Result};
use crate::machine;

/// A platform at work: its plugin, a client and the device that computes.
#[derive(Debug)]
pub struct Runtime {
    plugin: Plugin,
    client: Client,
    device: Device,
    cache: Option<CompileCache>,
    compilations: Mutex<Compilations>,
}

/// Where programs came from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Compilations {
    /// How many the compiler made.
    pub compiled: usize,
    /// How many were loaded from the compile cache.
    pub cached: usize,
    /// Why the cache could not be used, where it should have been.
    pub problem: Option<String>,
}

/// The cache of compiled programs in the user's cache folder; `None` where there is no such folder.
pub fn compile_cache(environment: &Environment) -> Option<CompileCache> {
    Some(CompileCache::new(environment.cache.as_ref()?.join("compiled")))
}

impl Runtime {
    /// Finds the platform's plugin, installs it if the machine has none, and starts it for as many
    /// devices as the config says. `progress` is told of an installation.
    ///
    /// # Errors
    /// If there is no plugin to be had, or it finds no device.
    pub fn open(config: &RuntimeConfig, progress: &mut dyn FnMut(Progress)) -> Result<Self> {
        Self::open_for(config.devices.get(), config, progress)
    }

    /// [`Runtime::open`] for programs that run on as many as `devices`. A CPU presents as many,
    /// whatever its cores; other platforms have those that they have.
    ///
    /// # Errors
    /// As [`Runtime::open`], and if a CPU can't present as many.
    pub fn open_for(
        devices: usize,
        config: &RuntimeConfig,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Self> {
        let environment = Environment::from_process();
        let explicit = config.plugin.as_deref();
        let found = environment.find_or_install(&config.platform, explicit, progress)?;
        Self::start(&environment, &found, config, devices)
    }

    /// [`Runtime::open`] without installing anything.
    ///
    /// # Errors
    /// If the machine has no plugin for the platform, or it finds no device.
    pub fn open_installed(config: &RuntimeConfig) -> Result<Self> {
        let environment = Environment::from_process();
        let found = environment.find(&config.platform, config.plugin.as_deref());
        Self::start(&environment, &found.map_err(InstallError::from)?, config, 1)
    }

    fn start(
        environment: &Environment,
        found: &Found,
        config: &RuntimeConfig,
        devices: usize,
    ) -> Result<Self> {
        let plugin = Plugin::load(&found.path)?;
        let (platform, path) = (&config.platform, &found.path);
        let start = || -> pjrt::Result<_> {
            let client = start_client(&plugin, platform, devices)?;
            let first = client.devices().into_iter().next();
            let device = first.ok_or_else(|| pjrt::Error::Contract {
                function: "PJRT_Client_AddressableDevices",
                plugin: path.clone(),
                got: "no device".to_owned(),
            })?;
            Ok((client, device))
        };
        let (client, device) = start().map_err(|source| Error::Start {
            platform: platform.clone(),
            plugin: path.clone(),
            source,
        })?;
        let found = client.devices().len();
        if found < devices {
            let target = platform.clone();
            return Err(Error::TooFewDevices { target, devices: found, used_devices: devices });
        }
        let cached = config.cache.unwrap_or_else(|| loads_well(&client));
        let cache = compile_cache(environment).filter(|_| cached);
        Ok(Self { plugin, client, device, cache, compilations: Mutex::default() })
    }

    /// The plugin.
    pub fn plugin(&self) -> &Plugin {
        &self.plugin
    }

    /// The client.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Compiles a program for the device, or loads it from the compile cache.
    ///
    /// # Errors
    /// What the compiler reports, and on a CPU if a run would take more memory than the machine has,
    /// which would end the process.
    pub fn compile(&self, program: &hlo::Program) -> Result<LoadedExecutable> {
        let compiled = self.compile_code(Code::mlir(&program.text()), &options_of(program))?;
        if self.client.platform_name() == "cpu"
            && let (Ok(stats), Some(memory)) = (compiled.memory_stats(), machine::memory())
        {
            let results = stats.output_bytes.saturating_sub(stats.alias_bytes);
            let needed = stats.argument_bytes + results + stats.temp_bytes;
            if needed > memory {
                let program = program.name().to_owned();
                return Err(Error::TooLittleMemory { program, needed, memory });
            }
        }
        Ok(compiled)
    }

    /// [`Runtime::compile`] of a program as bytes.
    ///
    /// # Errors
    /// What the compiler reports.
    pub fn compile_code(
        &self,
        code: Code<'_>,
        options: &CompileOptions,
    ) -> pjrt::Result<LoadedExecutable> {
        let Compilation { executable, cached, problem } = match &self.cache {
            Some(cache) => cache.compile(&self.client, code, options)?,
            None => Compilation {
                executable: self.client.compile(code, options)?,
                cached: false,
                problem: None,
            },
        };
        let mut so_far = self.compilations.lock().unwrap_or_else(PoisonError::into_inner);
        *(if cached { &mut so_far.cached } else { &mut so_far.compiled }) += 1;
        so_far.problem = problem.map(|it| it.to_string()).or(so_far.problem.take());
        Ok(executable)
    }

    /// Where the programs came from that were compiled since this was last asked.
    pub fn take_compilations(&self) -> Compilations {
        std::mem::take(&mut self.compilations.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Copies an array to the device.
    ///
    /// # Errors
    /// What the plugin reports, such as too little memory.
    pub fn buffer(&self, array: &HostArray) -> Result<Buffer> {
        Ok(self.client.buffer(array, &self.device)?)
    }

    /// Copies to each of `devices` its part of an array that they share along the first axis, which
    /// their number divides.
    ///
    /// # Errors
    /// What the plugin reports, such as too little memory.
    pub fn parts(&self, array: &HostArray, devices: &[Device]) -> Result<Vec<Buffer>> {
        if let [device] = devices {
            return Ok(vec![self.client.buffer(array, device)?]);
        }
        let mut dims = array.dims().to_vec();
        dims[0] /= devices.len();
        let parts = array.bytes().chunks(array.bytes().len() / devices.len());
        let part = |(part, device): (&[u8], &Device)| {
            let part = HostArray::from_bytes(array.dtype(), &dims, part);
            Ok(self.client.buffer(&part.map_err(pjrt::Error::from)?, device)?)
        };
        parts.zip(devices).map(part).collect()
    }

    /// Copies arrays to the device and runs a program on `given` followed by them.
    ///
    /// # Errors
    /// If the arguments are not what the program takes, or what the plugin reports.
    pub fn run<'a>(
        &self,
        executable: &LoadedExecutable,
        given: impl IntoIterator<Item = Input<'a>>,
        arrays: &[&HostArray],
    ) -> Result<Vec<Buffer>> {
        let mut inputs: Vec<_> = given.into_iter().collect();
        for array in arrays {
            inputs.push(self.buffer(array)?.into());
        }
        Ok(executable.run(inputs)?)
    }
}

/// Whether the plugin was seen to load what another process compiled, without a word. The CPU
/// plugin of interface 0.106 loads it too, and warns each time of a processor that isn't the one that
/// it was compiled on, though it is; no TPU or GPU was at hand.
fn loads_well(client: &Client) -> bool {
    let seen = ApiVersion { major: 0, minor: 115 };
    client.platform_name() == "cpu" && client.plugin().api_version() >= seen
}

/// How programs are compiled. What isn't said by them is said by flags, which all plugins know that
/// were tried, also those for other platforms than CPUs.
pub fn compile_options() -> CompileOptions {
    let flags = [
        // The maximum and the minimum of a number and NaN are NaN, as StableHLO has it. Unasked, CPUs
        // take them for the number, which hides that training has diverged.
        ("xla_cpu_enable_fast_min_max", Flag::Bool(false)),
        // Unasked, a parameter that is updated in place is copied first if a loop reads it.
        ("xla_cpu_copy_insertion_use_region_analysis", Flag::Bool(true)),
        // Unasked, what is done element by element takes half of a wide register at a time, for fear
        // of a lower clock, which newer processors don't have: an eighth of a sigmoid's step.
        ("xla_cpu_prefer_vector_width", Flag::Int(512)),
    ];
    let flags = flags.map(|(name, value)| (name.to_owned(), value));
    CompileOptions { flags: BTreeMap::from(flags), ..CompileOptions::default() }
}

/// How a program is compiled: [`compile_options`], for as many devices as it is for.
pub fn options_of(program: &hlo::Program) -> CompileOptions {
    let partitions = program.mesh().map_or(1, hlo::Mesh::devices);
    CompileOptions { partitions, use_shardy: program.mesh().is_some(), ..compile_options() }
}

/// Starts a client of the platform. A CPU is as many devices as are asked for: unasked, CPU plugins
/// present several that share the same cores. From a CPU's first client on, the process keeps the
/// memory that it frees.
fn start_client(plugin: &Plugin, platform: &str, devices: usize) -> pjrt::Result<Client> {
    if !platform.starts_with("cpu") {
        return plugin.client(&ClientOptions::new());
    }
    pjrt::keep_freed_memory();
    let counted = ClientOptions::new().cpu_devices(devices);
    if devices > 1 {
        return plugin.client(&counted);
    }
    // Where the CPU itself computes, handing each call to another of its threads costs as much as a
    // small step. Not every plugin knows the option, and one that `HETXL_PLUGIN` has put in the place
    // of a CPU's knows neither.
    let here = counted.clone().set("asynchronous", false);
    for options in [here, counted] {
        match plugin.client(&options) {
            Err(pjrt::Error::Plugin { code: ErrorCode::INVALID_ARGUMENT, .. }) => {}
            done => return done,
        }
    }
    plugin.client(&ClientOptions::new())
}

//! The plugin that the cases are tried on, and what of it they share.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::ops::Deref;

use pjrt::install::Environment;
use pjrt::{
    Buffer, Client, ClientOptions, Code, CompileOptions, Device, ErrorCode, Executable, Extension,
    HostArray, LoadedExecutable, Plugin, Topology,
};

use super::case::{Finding, Verdict};

/// As many devices as the cases take at most; CPU plugins present as many as they are asked for.
const DEVICES: usize = 8;

/// An A100 with 80 GB: what a program is compiled for where the plugin is one for GPUs.
const A100: &str = include_str!("a100.textproto");

/// The plugin, with a client and a topology that are made once, or the reason why there is none.
pub(crate) struct Subject {
    pub(crate) plugin: Plugin,
    extensions: Vec<Extension>,
    client: OnceCell<Verdict<Client>>,
    topology: OnceCell<Verdict<Topology>>,
}

/// A compiled program, on devices where there are any.
pub(crate) enum Compiled {
    Loaded(LoadedExecutable),
    Apart(Executable),
}

impl Deref for Compiled {
    type Target = Executable;

    fn deref(&self) -> &Executable {
        match self {
            Self::Loaded(executable) => executable,
            Self::Apart(executable) => executable,
        }
    }
}

impl Subject {
    pub(crate) fn new(plugin: Plugin) -> Self {
        let extensions = plugin.extensions().unwrap_or_default();
        Self { plugin, extensions, client: OnceCell::new(), topology: OnceCell::new() }
    }

    /// Why the plugin can have no device here, if the machine tells.
    pub(crate) fn absent_hardware(&self) -> Option<&'static str> {
        if self.is_for_tpus() && pjrt::tpu_chips().is_empty() {
            return Some("no TPU");
        }
        if self.is_for_gpus() && pjrt::nvidia_gpus().is_empty() {
            return Some("no NVIDIA GPU");
        }
        None
    }

    pub(crate) fn is_for_tpus(&self) -> bool {
        self.extensions.contains(&Extension::TPU_TOPOLOGY)
    }

    pub(crate) fn is_for_gpus(&self) -> bool {
        self.extensions.contains(&Extension::GPU_CUSTOM_CALL)
    }

    /// A client with eight devices if the plugin lets itself be asked for them, else with those
    /// that there are. The case isn't run where the hardware is absent.
    pub(crate) fn client(&self) -> Verdict<&Client> {
        let start = || {
            if let Some(reason) = self.absent_hardware() {
                return Err(Finding::not_run(reason));
            }
            let eight = self.plugin.client(&ClientOptions::new().cpu_devices(DEVICES));
            Ok(eight.or_else(|_| self.plugin.client(&ClientOptions::new()))?)
        };
        self.client.get_or_init(start).as_ref().map_err(Clone::clone)
    }

    /// The first device.
    pub(crate) fn device(&self) -> Verdict<Device> {
        let first = self.client()?.devices().into_iter().next();
        first.ok_or_else(|| Finding::not_run("the client has no devices"))
    }

    /// How many devices a program may run on: 8, 4 or 2.
    pub(crate) fn device_count(&self) -> Verdict<usize> {
        let devices = self.client()?.devices().len();
        let count = [8, 4, 2].into_iter().find(|&count| count <= devices);
        count.ok_or_else(|| Finding::not_run("one device"))
    }

    /// Devices that needn't be there: a slice of TPUs, eight GPUs, or those of a client, by way of
    /// bytes, so that they are the client's no more.
    pub(crate) fn topology(&self) -> Verdict<&Topology> {
        let make = || {
            if self.is_for_tpus() || self.is_for_gpus() {
                return Ok(self.described()?);
            }
            let serialized = self.client()?.topology()?.serialize()?;
            self.plugin.deserialize_topology(&serialized).map_err(without_compiler)
        };
        self.topology.get_or_init(make).as_ref().map_err(Clone::clone)
    }

    /// A slice of TPUs or eight GPUs, which needn't be there. CPU plugins know none by any name.
    pub(crate) fn described(&self) -> pjrt::Result<Topology> {
        if self.is_for_gpus() {
            return self.described_by("1x1x8");
        }
        self.described_by(if self.is_for_tpus() { "v3:2x2" } else { "cpu" })
    }

    /// What a plugin for GPUs takes for the shape that A100s stand in, and others for a name.
    pub(crate) fn described_by(&self, text: &str) -> pjrt::Result<Topology> {
        if !self.is_for_gpus() {
            return self.plugin.topology(text, &BTreeMap::new());
        }
        let option = |name: &str, value: &str| (name.to_owned(), value.into());
        let options = [option("target_config", A100), option("topology", text)];
        self.plugin.topology("", &options.into())
    }

    /// Compiles for the client's devices, or for those of the topology where there is no client.
    pub(crate) fn compile(&self, code: Code<'_>, options: &CompileOptions) -> Verdict<Compiled> {
        self.try_compile(code, options).and_then(|compiled| Ok(compiled?))
    }

    /// As [`compile`](Self::compile), with the compiler's own error for a case to look at.
    pub(crate) fn try_compile(
        &self,
        code: Code<'_>,
        options: &CompileOptions,
    ) -> Verdict<pjrt::Result<Compiled>> {
        if self.absent_hardware().is_none() {
            return Ok(self.client()?.compile(code, options).map(Compiled::Loaded));
        }
        let options = self.options(options)?;
        Ok(self.plugin.compile(self.topology()?, code, &options).map(Compiled::Apart))
    }

    /// Compiles for the topology.
    pub(crate) fn compile_apart(
        &self,
        code: Code<'_>,
        options: &CompileOptions,
    ) -> Verdict<Executable> {
        let options = self.options(options)?;
        let compiled = self.plugin.compile(self.topology()?, code, &options);
        compiled.map_err(without_compiler)
    }

    /// StableHLO text on the first device.
    pub(crate) fn load(&self, code: &str) -> Verdict<LoadedExecutable> {
        Ok(self.client()?.compile(Code::mlir(code), &CompileOptions::default())?)
    }

    /// An array on the first device.
    pub(crate) fn on_device(&self, array: &HostArray) -> Verdict<Buffer> {
        Ok(self.client()?.buffer(array, &self.device()?)?)
    }

    /// `f32` values on the first device.
    pub(crate) fn f32s(&self, values: &[f32]) -> Verdict<Buffer> {
        self.on_device(&HostArray::from_slice(&[values.len()], values)?)
    }

    /// What a plugin for GPUs takes besides: NVIDIA's assembler, which it doesn't bring.
    fn options(&self, options: &CompileOptions) -> Verdict<CompileOptions> {
        let mut options = options.clone();
        if self.is_for_gpus() {
            let environment = Environment::from_process();
            let added = environment.add_cuda_toolkit(&mut options.flags, &mut |_| {});
            added.map_err(|error| Finding::not_run(error.to_string()))?;
        }
        Ok(options)
    }
}

/// An older CPU plugin says that it finds no compiler where it compiles for clients alone.
fn without_compiler(error: pjrt::Error) -> Finding {
    match &error {
        pjrt::Error::Plugin { code: ErrorCode::NOT_FOUND, .. } => {
            Finding::unsupported(error.to_string())
        }
        _ => error.into(),
    }
}

//! What a run would take, before it starts.
//!
//! How large it is, its config and its data tell. What its step costs, a device does: the training
//! step is compiled as for the run, and, where it fits into the memory that is free, run a few times on
//! zeros. Nothing is written.

use std::time::{Duration, Instant};

use pjrt::{Device, HostArray, Input};
use serde::Serialize;

use crate::ahead_of_time::Memory;
use crate::config::Config;
use crate::data::{PassedOver, Split};
use crate::error::Result;
use crate::hlo_module::HloModule;
use crate::machine;
use crate::model::ParamSpec;
use crate::programs::Programs;
use crate::runtime::Runtime;
use crate::state::TrainState;
use crate::train;

/// Steps on zeros go on for at least this long, or two steps: the first meets memory that nobody has
/// used yet.
const TIMED: Duration = Duration::from_millis(300);

/// A run that isn't started.
#[derive(Debug)]
pub struct DryRun {
    programs: Programs,
    batch: usize,
    size: Size,
    passed_over: Vec<PassedOver>,
}

/// How large a run is, on any device.
#[derive(Clone, Debug, Serialize)]
pub struct Size {
    /// How many numbers there are.
    pub parameters: Parameters,
    /// Bytes of the state on each device: parameters and what the optimiser keeps beside them.
    pub state_bytes: u64,
    /// The examples to train on; `None` where the config has shapes alone, as what hangs on them.
    pub examples: Option<usize>,
    /// How many steps see as many examples as there are.
    pub steps_per_epoch: Option<f64>,
    /// The step at which training ends.
    pub steps: u64,
    /// How often training sees each example.
    pub epochs: Option<f64>,
}

/// What a run takes of a device.
#[derive(Clone, Debug, Serialize)]
pub struct Cost {
    /// The platform, as its plugin calls it.
    pub platform: String,
    /// How many devices share a step.
    pub devices: usize,
    /// Seconds for compiling the step, or for loading it from the compile cache.
    pub compile_seconds: f64,
    /// Floating-point operations of a step on each device, by the module that the compiler made, in
    /// which loops count as often as they run; `None` where that isn't known.
    pub flops: Option<u64>,
    /// Bytes of a step on each device, where the compiler tells.
    pub memory: Option<Memory>,
    /// Bytes that are free on each device, where that is known.
    pub free_bytes: Option<u64>,
    /// Seconds of the fastest of a few steps on zeros; `None` where one needs more than what is free.
    pub step_seconds: Option<f64>,
    /// Seconds of all steps, without evaluations and checkpoints, where `step_seconds` is known.
    pub seconds: Option<f64>,
}

/// How many numbers a model has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Parameters {
    /// Of the trunk.
    pub trunk: usize,
    /// Of the head.
    pub head: usize,
    /// Of both.
    pub total: usize,
    /// Those of them that aren't frozen.
    pub trained: usize,
}

impl Parameters {
    fn of(programs: &Programs) -> Self {
        let count = |specs: Vec<ParamSpec>| specs.iter().map(ParamSpec::elements).sum();
        let total = count(programs.model.params());
        let trunk = count(programs.model.trunk.params(programs.model.features));
        Self { trunk, head: total - trunk, total, trained: count(programs.trained()) }
    }
}

impl DryRun {
    /// The run of a config.
    ///
    /// # Errors
    /// If the data can't be read, or the trunk is not for such.
    pub fn new(config: &Config) -> Result<Self> {
        let (programs, data) = train::programs_and_data(config)?;
        let (batch, steps) = (config.train.batch_size, config.train.steps);
        let state = programs.state();
        let examples = data.as_ref().map(|data| data.len(Split::Train));
        let passed_over = data.map_or(vec![], |data| data.passed_over().to_vec());
        let size = Size {
            parameters: Parameters::of(&programs),
            state_bytes: state.iter().map(|it| 4 * it.shape.iter().product::<usize>() as u64).sum(),
            examples,
            steps_per_epoch: examples.map(|examples| examples as f64 / batch as f64),
            steps,
            epochs: examples.map(|examples| steps as f64 * batch as f64 / examples as f64),
        };
        Ok(Self { programs, batch, size, passed_over })
    }

    /// What was passed over in folders of images, worth a warning each.
    #[must_use]
    pub fn passed_over(&self) -> &[PassedOver] {
        &self.passed_over
    }

    /// How large it is.
    #[must_use]
    pub fn size(&self) -> &Size {
        &self.size
    }

    /// What it takes of a device.
    ///
    /// # Errors
    /// As [`train`](train::train) before its first step, and what the plugin reports of a step.
    pub fn cost(&self, runtime: &Runtime) -> Result<Cost> {
        let program = self.programs.train_step(self.batch)?;
        let began = Instant::now();
        let executable = runtime.compile(&program)?;
        let compile_seconds = began.elapsed().as_secs_f64();
        let memory = executable.memory_stats().ok().map(Memory::from);
        let devices = executable.devices();
        let free_bytes = free(&devices);
        let fits = free_bytes.zip(memory).is_none_or(|(free, memory)| memory.total <= free);
        let step_seconds =
            if fits { Some(time(&executable, runtime, &self.programs)?) } else { None };
        Ok(Cost {
            platform: runtime.client().platform_name().to_owned(),
            devices: devices.len(),
            compile_seconds,
            flops: flops(&executable),
            memory,
            free_bytes,
            step_seconds,
            seconds: step_seconds.map(|seconds| seconds * self.size.steps as f64),
        })
    }
}

fn flops(executable: &pjrt::Executable) -> Option<u64> {
    let module = HloModule::decode(&executable.optimized_program().ok()?).ok()?;
    let known = module.loops().iter().all(|it| it.trips.is_some());
    known.then(|| module.costs().total().cost.flops)
}

/// The bytes that are free on each device. Those of a CPU share the machine's.
fn free(devices: &[Device]) -> Option<u64> {
    if devices[0].client().platform_name() == "cpu" {
        return Some(machine::free_memory()? / devices.len() as u64);
    }
    let stats = devices[0].memory_stats().ok()?;
    u64::try_from(stats.bytes_limit? - stats.bytes_in_use).ok()
}

/// The seconds of the fastest of a few steps on zeros.
fn time(
    executable: &pjrt::LoadedExecutable,
    runtime: &Runtime,
    programs: &Programs,
) -> Result<f64> {
    let devices = executable.devices();
    let mut state = TrainState::zeros(runtime, programs)?.on_all(&devices)?;
    let zeros = |at: usize| {
        let spec = &executable.inputs()[at];
        Ok(HostArray::zeros(spec.dtype, &spec.dims).map_err(pjrt::Error::from)?)
    };
    let given = (programs.state().len()..executable.inputs().len()).map(zeros);
    let given = given.collect::<Result<Vec<_>>>()?;
    let mut step = || -> Result<f64> {
        let began = Instant::now();
        let mut inputs = vec![];
        for device in &devices {
            let buffer = |array| Ok(Input::from(runtime.client().buffer(array, device)?));
            inputs.push(given.iter().map(buffer).collect::<Result<Vec<_>>>()?);
        }
        state.advance(executable, inputs)?[0].ready()?.wait()?;
        Ok(began.elapsed().as_secs_f64())
    };
    let began = Instant::now();
    step()?;
    let mut seconds = step()?;
    while began.elapsed() < TIMED {
        seconds = seconds.min(step()?);
    }
    Ok(seconds)
}

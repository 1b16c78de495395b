//! One cell measured: a training step, and the machine's best product of matrices beside it.

use std::time::{Duration, Instant};

use hetxl::config::Config;
use hetxl::hlo_module::HloModule;
use hetxl::machine;
use hetxl::model::{HeadConfig, ParamSpec};
use hetxl::runtime::Runtime;
use hetxl::state::{TrainState, seed_array};
use hetxl::{Error, Result};
use hlo::DType;
use hlo::random::Key;
use pjrt::{Buffer, HostArray, Input, LoadedExecutable};
use rustix::time::{ClockId, clock_gettime};
use serde::Serialize;

use super::cell::Cell;

/// Steps before those that are timed: the first meets memory that nobody has used yet.
const WARM_UP: u32 = 2;

/// The sides of the square matrices whose product tells what the machine can do.
const ROOF: usize = 2048;

/// What a cell took. Steps are timed one by one, from the call to the loss on the host.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Report {
    #[serde(flatten)]
    pub cell: Cell,
    pub steps: usize,
    /// The head with every default.
    pub settings: HeadConfig,
    /// How the program computes what it computes, such as the sizes of parts.
    pub notes: Vec<String>,
    pub platform: String,
    pub parameters: usize,
    pub compile_s: f64,
    pub step_ms_min: f64,
    pub step_ms_median: f64,
    /// Of all threads together, in the step that took the least.
    pub step_cpu_ms_min: f64,
    /// Floating-point operations of the products of matrices in a step of the compiled program, as
    /// often as loops run: `2·M·N·K` each. `None` where that isn't known.
    pub flops: Option<u64>,
    /// Of the fastest step.
    pub gflops_per_s: Option<f64>,
    /// Of the fastest product of two matrices of 2048 × 2048, run in turn with the steps.
    pub roof_gflops_per_s: f64,
    pub roof_cpu_ms_min: f64,
    /// The one by the other.
    pub of_roof: Option<f64>,
    pub temp_bytes: Option<u64>,
    pub argument_bytes: Option<u64>,
    /// Of the whole process, up to the end of the steps that aren't timed: plugin, compiler, state
    /// and step.
    pub peak_rss_mib: Option<u64>,
    pub losses: Vec<f32>,
}

/// Wall and processor time of one run of something.
#[derive(Clone, Copy, Debug)]
struct Cost {
    wall: Duration,
    cpu: Duration,
}

/// Measures `steps` steps of a cell. `tell` is told what goes on.
///
/// # Errors
/// If the step can't be compiled or run, or its loss is not finite.
pub(super) fn measure(
    cell: &Cell,
    config: &Config,
    steps: usize,
    runtime: &Runtime,
    tell: &dyn Fn(&str),
) -> Result<Report> {
    let programs = cell.programs(config);
    let program = programs.train_step(cell.batch.get())?;
    tell("compiling");
    let began = Instant::now();
    let executable = runtime.compile(&program)?;
    let compile_s = began.elapsed().as_secs_f64();
    tell(&format!("compiled in {compile_s:.1} s"));
    let flops = product_flops(&executable);
    let memory = executable.memory_stats().ok();

    let mut training = Training::new(cell, config, runtime, executable)?;
    for _ in 0..WARM_UP {
        training.step()?;
    }
    let peak_rss_mib = machine::peak_memory().map(|bytes| bytes >> 20);
    let roof = Roof::new(runtime)?;
    roof.run()?;
    let (mut costs, mut roofs, mut losses) = (vec![], vec![], vec![]);
    for step in 1..=steps {
        let (cost, loss) = training.step()?;
        tell(&format!("step {step} of {steps}: {:.1} ms", cost.wall.as_secs_f64() * 1e3));
        costs.push(cost);
        losses.push(loss);
        roofs.push(roof.run()?);
    }
    let (wall, median, cpu) = summary(&costs);
    let (roof_wall, _, roof_cpu) = summary(&roofs);
    let per_second = |flops: u64, ms: f64| flops as f64 / ms / 1e6;
    let gflops_per_s = flops.map(|flops| per_second(flops, wall));
    let roof_gflops_per_s = per_second(2 * (ROOF as u64).pow(3), roof_wall);
    Ok(Report {
        cell: cell.clone(),
        steps,
        settings: config.model.head.clone(),
        notes: program.notes().to_vec(),
        platform: runtime.client().platform_name().to_owned(),
        parameters: programs.model.params().iter().map(ParamSpec::elements).sum(),
        compile_s,
        step_ms_min: wall,
        step_ms_median: median,
        step_cpu_ms_min: cpu,
        flops,
        gflops_per_s,
        roof_gflops_per_s,
        roof_cpu_ms_min: roof_cpu,
        of_roof: gflops_per_s.map(|speed| speed / roof_gflops_per_s),
        temp_bytes: memory.map(|memory| memory.temp_bytes),
        argument_bytes: memory.map(|memory| memory.argument_bytes),
        peak_rss_mib,
        losses,
    })
}

/// The operations of the products of matrices in a run of a program, if its module tells.
fn product_flops(executable: &LoadedExecutable) -> Option<u64> {
    let module = HloModule::decode(&executable.optimized_program().ok()?).ok()?;
    if module.loops().iter().any(|it| it.trips.is_none()) || !module.custom_calls().is_empty() {
        return None;
    }
    let costs = module.costs();
    // A GPU's products are calls of a library.
    Some(["dot", "convolution", "custom-call"].map(|kind| costs.of(kind).cost.flops).iter().sum())
}

/// Milliseconds: the least and the median of the wall time, and the least of the processor's.
fn summary(costs: &[Cost]) -> (f64, f64, f64) {
    let ms = |duration: Duration| duration.as_secs_f64() * 1e3;
    let mut walls: Vec<f64> = costs.iter().map(|cost| ms(cost.wall)).collect();
    walls.sort_by(f64::total_cmp);
    let middle = walls.len() / 2;
    let median = (walls[(walls.len() - 1) / 2] + walls[middle]) / 2.0;
    let cpu = costs.iter().map(|cost| ms(cost.cpu)).fold(f64::INFINITY, f64::min);
    (walls[0], median, cpu)
}

fn timed<T>(work: impl FnOnce() -> Result<T>) -> Result<(Cost, T)> {
    let cpu = || Duration::try_from(clock_gettime(ClockId::ProcessCPUTime)).unwrap_or_default();
    let (began, spent) = (Instant::now(), cpu());
    let done = work()?;
    Ok((Cost { wall: began.elapsed(), cpu: cpu().saturating_sub(spent) }, done))
}

/// A model in training on one batch, made up.
struct Training<'a> {
    config: &'a Config,
    runtime: &'a Runtime,
    executable: LoadedExecutable,
    state: TrainState,
    inputs: Buffer,
    labels: Buffer,
    seed: Buffer,
}

impl<'a> Training<'a> {
    fn new(
        cell: &Cell,
        config: &'a Config,
        runtime: &'a Runtime,
        executable: LoadedExecutable,
    ) -> Result<Self> {
        let state = TrainState::init(runtime, &cell.programs(config), config.train.seed)?;
        let data = made_up(cell.batch.get(), cell.input.get(), cell.classes.get())?;
        let data = runtime.run(&runtime.compile(&data)?, [], &[])?;
        let [inputs, labels] = <[Buffer; 2]>::try_from(data).expect("two outputs");
        let seed = runtime.buffer(&seed_array(config.train.seed))?;
        Ok(Self { config, runtime, executable, state, inputs, labels, seed })
    }

    /// A step, and its loss.
    fn step(&mut self) -> Result<(Cost, f32)> {
        let step = self.state.step;
        let (cost, loss) = timed(|| {
            let copy = |array: &HostArray| self.runtime.buffer(array);
            let learning_rate = self.config.schedule.learning_rate(step);
            let decay = self.config.optimizer.decay(learning_rate);
            let inputs = vec![
                (&self.inputs).into(),
                (&self.labels).into(),
                (&self.seed).into(),
                copy(&HostArray::scalar(step as u32))?.into(),
                copy(&HostArray::scalar(learning_rate as f32))?.into(),
                copy(&HostArray::scalar(decay as f32))?.into(),
            ];
            let scalars = self.state.advance(&self.executable, [inputs])?;
            Ok(scalars[0].to_host()?.item::<f32>().map_err(pjrt::Error::from)?)
        })?;
        if loss.is_finite() { Ok((cost, loss)) } else { Err(Error::NotFinite { step, loss }) }
    }
}

/// The product of two square matrices.
struct Roof<'a> {
    runtime: &'a Runtime,
    executable: LoadedExecutable,
    operands: Vec<Buffer>,
}

impl<'a> Roof<'a> {
    fn new(runtime: &'a Runtime) -> Result<Self> {
        let product = hlo::trace("roof", |t| {
            let [x, y] = ["x", "y"].map(|name| t.input(name, DType::F32, [ROOF, ROOF]));
            t.output("product", x.matmul(y));
        })?;
        let operands = hlo::trace("operands", |t| {
            for (seed, name) in [(0, "x"), (1, "y")] {
                t.output(name, Key::from_seed(t, seed).normal(DType::F32, [ROOF, ROOF]));
            }
        })?;
        let operands = runtime.run(&runtime.compile(&operands)?, [], &[])?;
        Ok(Self { runtime, executable: runtime.compile(&product)?, operands })
    }

    fn run(&self) -> Result<Cost> {
        let (cost, _) = timed(|| {
            let product =
                self.runtime.run(&self.executable, self.operands.iter().map(Input::from), &[])?;
            Ok(product[0].ready()?.wait()?)
        })?;
        Ok(cost)
    }
}

/// Makes a batch up: `inputs: f32[batch, features]`, normally distributed, and `labels: s32[batch]`.
fn made_up(batch: usize, features: usize, classes: usize) -> Result<hlo::Program> {
    Ok(hlo::trace("batch", |t| {
        let [inputs, labels] = Key::from_seed(t, 0).split();
        t.output("inputs", inputs.normal(DType::F32, [batch, features]));
        t.output("labels", labels.randint(DType::S32, [batch], 0..classes as i64));
    })?)
}

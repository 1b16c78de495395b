//! What a call costs the host: a tiny donated training step beside JAX's jitted one, interleaved.
//!
//!     python3 -m venv V && V/bin/pip install jax
//!     cargo bench --bench dispatch -- --python V/bin/python
//!
//! Dense classifiers of 64 features and 10 classes on 32 examples, with Adam: a linear one, which is
//! almost nothing but the call, and one with two hidden layers of 64. The batch is copied to the device
//! in each call and the loss is read once at the end. Wall and CPU time are per call; the resident
//! memory is ours before and after. Without `--python` only ours is measured.

use std::fs;
use std::process::Command;
use std::time::Instant;

use hetxl::config::RuntimeConfig;
use hetxl::model::head::Det;
use hetxl::model::{HeadConfig, Mlp, Model, Trunk};
use hetxl::programs::Programs;
use hetxl::runtime::Runtime;
use hetxl::state::{TrainState, seed_array};
use pjrt::{Buffer, HostArray};

type Result<T, E = Box<dyn std::error::Error>> = std::result::Result<T, E>;

/// The widths of the hidden layers of each classifier.
const HIDDEN: [&[usize]; 2] = [&[], &[64, 64]];

/// Microseconds of a call.
struct Cost {
    wall: f64,
    cpu: f64,
}

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    let value = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name)?;
        arguments.get(at + 1).cloned()
    };
    let steps: u32 = value("--steps").map_or(Ok(20_000), |steps| steps.parse())?;
    let rounds: usize = value("--rounds").map_or(Ok(5), |rounds| rounds.parse())?;
    let python = value("--python");

    println!(
        "hidden    round   ours wall µs   cpu µs   JAX wall µs   cpu µs   wall ratio   cpu ratio"
    );
    for hidden in HIDDEN {
        let mut ours = Ours::new(hidden)?;
        ours.run(1000)?;
        let before = resident()?;
        for round in 1..=rounds {
            let mine = ours.run(steps)?;
            let theirs = python.as_deref().map(|python| peer(python, steps, hidden)).transpose()?;
            print!(
                "{:8}  {round:5}   {:12.1}   {:6.1}",
                format!("{hidden:?}"),
                mine.wall,
                mine.cpu
            );
            match theirs {
                Some(Cost { wall, cpu }) => println!(
                    "   {wall:11.1}   {cpu:6.1}   {:10.2}   {:9.2}",
                    wall / mine.wall,
                    cpu / mine.cpu
                ),
                None => println!(),
            }
        }
        let calls = rounds as u32 * steps;
        let (before, after) = (before / 1024, resident()? / 1024);
        println!("resident memory: {before} kiB before, {after} kiB after {calls} calls");
    }
    Ok(())
}

/// The step, its state and its batch.
struct Ours {
    runtime: Runtime,
    step: pjrt::LoadedExecutable,
    state: TrainState,
    seed: Buffer,
    inputs: HostArray,
    labels: HostArray,
}

impl Ours {
    fn new(hidden: &[usize]) -> Result<Self> {
        let model = Model {
            trunk: Trunk::Mlp(Mlp { hidden: hidden.to_vec(), dropout: 0.0 }),
            head: HeadConfig::Det(Det::default()),
            features: 64,
            classes: 10,
        };
        let programs = Programs::new(model);
        let runtime = Runtime::open(&RuntimeConfig::default(), &mut |step| eprintln!("{step}"))?;
        let step = runtime.compile(&programs.train_step(32)?)?;
        let state = TrainState::init(&runtime, &programs, 0)?;
        let pixel = |i: usize| ((i * 37 % 101) as f32 - 50.0) / 30.0;
        let inputs: Vec<f32> = (0..32 * 64).map(pixel).collect();
        let labels: Vec<i32> = (0..32).map(|i| i % 10).collect();
        let seed = runtime.buffer(&seed_array(0))?;
        Ok(Self {
            runtime,
            step,
            state,
            seed,
            inputs: HostArray::from_slice(&[32, 64], &inputs)?,
            labels: HostArray::from_slice(&[32], &labels)?,
        })
    }

    fn run(&mut self, steps: u32) -> Result<Cost> {
        let (began, spent) = (Instant::now(), cpu_seconds()?);
        let copy = |array: &HostArray| self.runtime.buffer(array);
        let mut last = None;
        for i in 0..steps {
            let inputs = vec![
                copy(&self.inputs)?.into(),
                copy(&self.labels)?.into(),
                (&self.seed).into(),
                copy(&HostArray::scalar(i))?.into(),
                copy(&HostArray::scalar(1e-3f32))?.into(),
                copy(&HostArray::scalar(1e-4f32))?.into(),
            ];
            last = self.state.advance(&self.step, [inputs])?.into_iter().next();
        }
        let loss = last.ok_or("no step was run")?.to_host()?.item::<f32>()?;
        assert!(loss.is_finite());
        let per_call = 1e6 / f64::from(steps);
        let (wall, cpu) = (began.elapsed().as_secs_f64(), cpu_seconds()? - spent);
        Ok(Cost { wall: wall * per_call, cpu: cpu * per_call })
    }
}

/// The same in JAX.
fn peer(python: &str, steps: u32, hidden: &[usize]) -> Result<Cost> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/dispatch.py");
    let output = Command::new(python)
        .args([script, &steps.to_string()])
        .args(hidden.iter().map(ToString::to_string))
        .env("JAX_PLATFORMS", "cpu")
        .output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    let report: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    let number = |name: &str| report[name].as_f64().ok_or("the peer's report lacks a number");
    Ok(Cost { wall: number("wall_us")?, cpu: number("cpu_us")? })
}

/// Processor time of this process, of all threads.
fn cpu_seconds() -> Result<f64> {
    // Nanoseconds that each thread has run.
    let mut total = 0u64;
    for task in fs::read_dir("/proc/self/task")? {
        let stat = fs::read_to_string(task?.path().join("schedstat"))?;
        total += stat.split(' ').next().unwrap_or_default().parse::<u64>()?;
    }
    Ok(total as f64 / 1e9)
}

/// Bytes of memory that this process occupies.
fn resident() -> Result<u64> {
    let statm = fs::read_to_string("/proc/self/statm")?;
    let pages: u64 = statm.split(' ').nth(1).ok_or("statm has no second number")?.parse()?;
    Ok(pages * 4096)
}

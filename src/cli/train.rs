//! `hetxl train`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::Args;
use hetxl::config::Config;
use hetxl::dry_run::{Cost, DryRun, Size};
use hetxl::run_folder::{Place, RunFolder};
use hetxl::train::{Event, Outcome};
use hetxl::{Error, Result};
use serde::Serialize;
use serde_json::json;

use super::progress::{Progress, describe};
use super::table::{self, Align};

/// Where runs go that are not given a folder.
const RUNS: &str = "runs";

/// How many examples of a batch are named.
const SHOWN: usize = 8;

/// Train a model and write a run folder.
///
/// The platform's plugin is installed at its first use. Ctrl-C and SIGTERM save a checkpoint and leave;
/// --resume goes on from it.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  hetxl train examples/digits.toml
  hetxl train examples/digits.toml -s model.head.samples=64 -s train.seed=1
  hetxl train examples/digits.toml --run-dir runs/mine --steps 200
  hetxl train examples/digits.toml --run-dir runs/mine --resume
  hetxl train examples/digits.toml --dry-run")]
pub(crate) struct Train {
    /// The config file
    config: PathBuf,
    /// Set a key of the config, such as `train.batch_size=64`
    #[arg(short, long = "set", value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// The run folder [default: the next free runs/NAME-N, with --resume the newest]
    #[arg(long, value_name = "DIR")]
    run_dir: Option<PathBuf>,
    /// Go on from the newest intact checkpoint
    #[arg(long)]
    resume: bool,
    /// Train until this many steps are done, instead of the config's train.steps
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    steps: Option<u64>,
    /// Tell what the run would take: its size, and what a step costs on this machine; write nothing
    #[arg(long, conflicts_with_all = ["run_dir", "resume"])]
    dry_run: bool,
    /// Print one JSON object on standard output
    #[arg(long)]
    json: bool,
}

impl Train {
    pub(crate) fn run(&self) -> Result<ExitCode> {
        let mut overrides = self.set.clone();
        overrides.extend(self.steps.map(|steps| format!("train.steps={steps}")));
        let config = Config::read(&self.config, &overrides)?;
        if self.dry_run {
            return self.dry_run(&config);
        }
        let place = self.place()?;
        let runtime = super::open(&config.runtime)?;
        let progress = Progress::new();
        let stop = stop_on_signals(progress.clone());
        let mut run = None;
        let outcome = hetxl::train::train(&config, &runtime, &place, &stop, &mut |event| {
            if let Event::Started { run: folder, .. } = event {
                run = Some(folder.to_owned());
            }
            progress.show(&event);
        });
        progress.finish();
        if let (Err(Error::Data(_)), Some(run)) = (&outcome, run) {
            let command = self.resume_command(&run, self.steps);
            super::tell(&format!("once its data is mended, the run goes on with: {command}"));
        }
        if let Err(Error::Diverged { run, step, examples, .. }) = &outcome {
            let shown = examples.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>();
            let rest = examples.len() - shown.len();
            let rest = if rest > 0 { format!(" and {rest} more") } else { String::new() };
            super::tell(&format!("the examples of step {step}: {}{rest}", shown.join(", ")));
            let command = self.resume_command(run, Some(*step));
            super::tell(&format!("to go there again: {command}"));
        }
        let outcome = outcome?;
        self.report(&outcome);
        if outcome.interrupted {
            super::tell(&format!(
                "error: stopped at step {} of {}; go on with: {}",
                outcome.step,
                config.train.steps,
                self.resume_command(&outcome.run, self.steps)
            ));
            return Ok(ExitCode::FAILURE);
        }
        Ok(ExitCode::SUCCESS)
    }

    fn place(&self) -> Result<Place> {
        let runs = Path::new(RUNS);
        let name = self.config.file_stem().unwrap_or_default().to_string_lossy();
        Ok(match (&self.run_dir, self.resume) {
            (Some(path), true) => Place::Resume(path.clone()),
            (Some(path), false) => Place::New(path.clone()),
            (None, true) => Place::Resume(RunFolder::newest(runs, &name)?),
            (None, false) => Place::Next { runs: runs.to_owned(), name: name.into_owned() },
        })
    }

    /// The command that goes on with `run` until `steps` are done, for a shell.
    fn resume_command(&self, run: &Path, steps: Option<u64>) -> String {
        let program = std::env::args().next().unwrap_or_else(|| "hetxl".to_owned());
        let mut words = vec![program, "train".to_owned(), self.config.display().to_string()];
        for item in &self.set {
            words.extend(["-s".to_owned(), item.clone()]);
        }
        if let Some(steps) = steps {
            words.extend(["--steps".to_owned(), steps.to_string()]);
        }
        words.extend(["--run-dir".to_owned(), run.display().to_string(), "--resume".to_owned()]);
        words.iter().map(|word| super::quoted(word)).collect::<Vec<_>>().join(" ")
    }

    /// Tells what a run would take: first what is known at once, for compiling may take minutes.
    fn dry_run(&self, config: &Config) -> Result<ExitCode> {
        #[derive(Serialize)]
        struct Told<'a> {
            #[serde(flatten)]
            size: &'a Size,
            #[serde(flatten)]
            cost: Cost,
        }
        let run = DryRun::new(config)?;
        for passed_over in run.passed_over() {
            super::tell(&format!("warning: {passed_over}"));
        }
        if !self.json {
            tell_size(run.size());
        }
        let runtime = super::open(&config.runtime)?;
        super::tell("compiling a step and running it on zeros");
        let cost = run.cost(&runtime)?;
        if self.json {
            super::say_json(&Told { size: run.size(), cost });
        } else {
            tell_cost(&cost);
        }
        Ok(ExitCode::SUCCESS)
    }

    fn report(&self, outcome: &Outcome) {
        let Outcome { run, checkpoint, step, steps, parameters, .. } = outcome;
        let Outcome { compile, seconds, validation, test, interrupted, .. } = outcome;
        if self.json {
            super::say_json(&json!({
                "run": run,
                "checkpoint": checkpoint,
                "step": step,
                "steps": steps,
                "parameters": parameters,
                "compile": compile,
                "seconds": seconds,
                "interrupted": interrupted,
                "validation": validation,
                "test": test,
            }));
            return;
        }
        super::say(&format!("run {}, step {step}, {steps} steps in {seconds:.1} s", run.display()));
        for (split, evaluation) in [("validation", validation), ("test", test)] {
            if let Some(evaluation) = evaluation {
                super::say(&format!("{split:10} {}", describe(evaluation)));
            }
        }
    }
}

fn tell_size(size: &Size) {
    let Size { parameters, state_bytes, examples, steps_per_epoch, steps, epochs } = size;
    let mut rows = vec![
        ("parameters of the trunk", parameters.trunk.to_string()),
        ("parameters of the head", parameters.head.to_string()),
        ("parameters", parameters.total.to_string()),
        ("parameters that are trained", parameters.trained.to_string()),
        ("state on each device", table::bytes(*state_bytes)),
    ];
    if let (Some(examples), Some(per_epoch), Some(epochs)) = (examples, steps_per_epoch, epochs) {
        rows.extend([
            ("examples to train on", examples.to_string()),
            ("steps of an epoch", format!("{per_epoch:.1}")),
            ("epochs", format!("{epochs:.2}")),
        ]);
    }
    rows.push(("steps", steps.to_string()));
    print_named("the run", rows);
}

fn tell_cost(cost: &Cost) {
    let unknown = || "not known".to_owned();
    let of_all = |seconds: Option<f64>| seconds.map_or_else(unknown, time);
    let mut rows = vec![
        ("compiling or loading the step", time(cost.compile_seconds)),
        ("FLOPs of a step on each device", cost.flops.map_or_else(unknown, table::count)),
    ];
    if let Some(memory) = &cost.memory {
        rows.extend([
            ("arguments of a step", table::bytes(memory.arguments)),
            ("temporaries of a step", table::bytes(memory.temporaries)),
            ("memory of a step in all", table::bytes(memory.total)),
        ]);
    }
    rows.extend(cost.free_bytes.map(|free| ("memory that is free", table::bytes(free))));
    rows.push(("a step on zeros", of_all(cost.step_seconds)));
    rows.push(("all steps", of_all(cost.seconds)));
    print_named(&format!("{} of {}", cost.devices, cost.platform), rows);
    if cost.step_seconds.is_none() {
        super::say("no step was run: it needs more memory than is free");
    }
}

/// Prints what has names, under a head.
fn print_named(head: &str, rows: Vec<(&str, String)>) {
    let rows: Vec<_> = rows.into_iter().map(|(name, it)| vec![name.to_owned(), it]).collect();
    table::print(&[(head, Align::Left), ("", Align::Right)], &rows);
}

/// Seconds in the unit that suits them.
fn time(seconds: f64) -> String {
    match seconds {
        ..1.0 => format!("{:.2} ms", seconds * 1e3),
        ..600.0 => format!("{seconds:.1} s"),
        ..36e3 => format!("{:.0} min", seconds / 60.0),
        _ => format!("{:.1} h", seconds / 3600.0),
    }
}

/// Becomes true at the first Ctrl-C or SIGTERM. A second one ends the process.
fn stop_on_signals(progress: Progress) -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&stop);
    let handler = move || {
        if seen.swap(true, Ordering::Relaxed) {
            std::process::exit(1);
        }
        progress.line("stopping after this step and saving; once more to stop without saving");
    };
    // Without a handler a signal ends the process, as everywhere; training can go on.
    if let Err(error) = ctrlc::set_handler(handler) {
        super::tell(&format!("Ctrl-C will not save a checkpoint: {error}"));
    }
    stop
}

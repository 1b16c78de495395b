//! `hetxl train`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::Args;
use hetxl::Result;
use hetxl::config::Config;
use hetxl::run_folder::RunFolder;
use hetxl::train::Outcome;
use serde_json::json;

use super::progress::{Progress, describe};

/// Where runs go that are not given a folder.
const RUNS: &str = "runs";

/// Train a model and write a run folder.
///
/// The platform's plugin is installed at its first use. Ctrl-C saves a checkpoint and leaves;
/// --resume goes on from it.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  hetxl train examples/digits.toml
  hetxl train examples/digits.toml -s model.head.samples=64 -s train.seed=1
  hetxl train examples/digits.toml --run-dir runs/mine --steps 200
  hetxl train examples/digits.toml --run-dir runs/mine --resume")]
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
    #[arg(long, value_name = "N")]
    steps: Option<u64>,
    /// Print one JSON object on standard output
    #[arg(long)]
    json: bool,
}

impl Train {
    pub(crate) fn run(&self) -> Result<ExitCode> {
        let mut overrides = self.set.clone();
        overrides.extend(self.steps.map(|steps| format!("train.steps={steps}")));
        let config = Config::read(&self.config, &overrides)?;
        let run = self.run_dir(&self.config)?;
        let stop = stop_on_signals();
        let runtime = super::open(&config.runtime)?;
        let progress = Progress::new();
        let outcome =
            hetxl::train::train(&config, &runtime, &run, self.resume, &stop, &mut |event| {
                progress.show(&event);
            });
        progress.finish();
        let outcome = outcome?;
        self.report(&outcome);
        if outcome.interrupted {
            let settings: String = self.set.iter().map(|item| format!(" -s {item}")).collect();
            eprintln!(
                "error: stopped at step {} of {}; go on with: \
                 hetxl train {}{settings} --run-dir {} --resume",
                outcome.step,
                config.train.steps,
                self.config.display(),
                outcome.run.display()
            );
            return Ok(ExitCode::FAILURE);
        }
        Ok(ExitCode::SUCCESS)
    }

    fn run_dir(&self, config: &Path) -> Result<PathBuf> {
        if let Some(path) = &self.run_dir {
            return Ok(path.clone());
        }
        let name = config.file_stem().unwrap_or_default().to_string_lossy();
        if self.resume {
            RunFolder::newest(Path::new(RUNS), &name)
        } else {
            Ok(RunFolder::next(Path::new(RUNS), &name))
        }
    }

    fn report(&self, outcome: &Outcome) {
        let Outcome { run, checkpoint, step, parameters, seconds, .. } = outcome;
        let Outcome { validation, test, interrupted, .. } = outcome;
        if self.json {
            super::say_json(&json!({
                "run": run,
                "checkpoint": checkpoint,
                "step": step,
                "parameters": parameters,
                "seconds": seconds,
                "interrupted": interrupted,
                "validation": validation,
                "test": test,
            }));
            return;
        }
        super::say(&format!("run {}, {step} steps, {seconds:.1} s", run.display()));
        for (split, evaluation) in [("validation", validation), ("test", test)] {
            if let Some(evaluation) = evaluation {
                super::say(&format!("{split:10} {}", describe(evaluation)));
            }
        }
    }
}

/// Becomes true at the first Ctrl-C or SIGTERM. A second one ends the process.
fn stop_on_signals() -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&stop);
    let handler = move || {
        if seen.swap(true, Ordering::Relaxed) {
            std::process::exit(1);
        }
        eprintln!("stopping after this step and saving; once more to stop without saving");
    };
    // Without a handler a signal ends the process, as everywhere; training can go on.
    if let Err(error) = ctrlc::set_handler(handler) {
        eprintln!("Ctrl-C will not save a checkpoint: {error}");
    }
    stop
}

//! `hetxl eval`.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, ValueEnum};
use hetxl::Result;
use hetxl::data::{Dataset, Split};
use hetxl::evaluate::Evaluator;
use hetxl::run_folder;
use hetxl::state::TrainState;
use serde_json::json;

use super::progress::describe;

/// Evaluate a checkpoint on a split: accuracy, top-5, NLL and ECE with 15 bins.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  hetxl eval runs/digits-1
  hetxl eval runs/digits-1/checkpoints/00000500 --split validation --json")]
pub(crate) struct Eval {
    /// A run folder, whose newest intact checkpoint is taken, or a checkpoint in one
    run: PathBuf,
    /// The split to evaluate on
    #[arg(long, value_enum, default_value_t = SplitName::Test, value_name = "NAME")]
    split: SplitName,
    /// Print one JSON object on standard output
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum SplitName {
    Train,
    Validation,
    Test,
}

impl Eval {
    pub(crate) fn run(&self) -> Result<ExitCode> {
        let split = match self.split {
            SplitName::Train => Split::Train,
            SplitName::Validation => Split::Validation,
            SplitName::Test => Split::Test,
        };
        let (run, folder, checkpoint) = run_folder::resolve(&self.run, &mut |error| {
            super::tell(&format!("passed over a checkpoint: {error}"));
        })?;
        let config = run.config()?;
        let data = Arc::new(Dataset::open(&config.data)?);
        let programs = hetxl::train::programs(&config, &data)?;
        let runtime = super::open(&config.runtime)?;
        let evaluator = Evaluator::new(&runtime, &programs, &config.eval, data)?;
        super::was_cached(&runtime);
        let state = TrainState::restore(&runtime, &programs, &checkpoint, &folder)?;
        let evaluation = evaluator.evaluate(&runtime, &state, split)?;
        if self.json {
            super::say_json(&json!({
                "checkpoint": folder,
                "step": state.step,
                "split": split.to_string(),
                "metrics": evaluation,
            }));
        } else {
            super::say(&format!("{} {split} {}", folder.display(), describe(&evaluation)));
        }
        Ok(ExitCode::SUCCESS)
    }
}

//! `hetxl eval`.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, ValueEnum};
use hetxl::Result;
use hetxl::data::{Dataset, Split};
use hetxl::evaluate::Evaluator;
use hetxl::metrics::Evaluation;
use hetxl::run_folder;
use hetxl::state::TrainState;
use serde_json::json;

use super::progress::label;
use super::table::{self, Align};

/// How many of the examples that could not be used are named.
const NAMED: usize = 5;

/// Evaluate a checkpoint on a split: accuracy, likelihood, calibration, and how well the model's
/// confidence finds its mistakes.
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
pub(crate) enum SplitName {
    Train,
    Validation,
    Test,
}

impl From<SplitName> for Split {
    fn from(name: SplitName) -> Self {
        match name {
            SplitName::Train => Self::Train,
            SplitName::Validation => Self::Validation,
            SplitName::Test => Self::Test,
        }
    }
}

impl Eval {
    pub(crate) fn run(&self) -> Result<ExitCode> {
        let split = Split::from(self.split);
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
        tell_skipped(&evaluation);
        if self.json {
            super::say_json(&json!({
                "checkpoint": folder,
                "step": state.step,
                "split": split.to_string(),
                "metrics": evaluation,
            }));
        } else {
            super::say(&format!("{}, {split} split: {}", folder.display(), counts(&evaluation)));
            show(&evaluation);
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn counts(evaluation: &Evaluation) -> String {
    let mut text = format!("{} examples", evaluation.examples);
    if evaluation.unlabelled > 0 {
        text += &format!(" with a label, {} without", evaluation.unlabelled);
    }
    text
}

fn show(evaluation: &Evaluation) {
    let row = |(name, value): (&str, f64)| vec![label(name), format!("{value:.4}")];
    let rows = evaluation.values().into_iter().map(row).collect::<Vec<_>>();
    table::print_rows(&[Align::Left, Align::Right], &rows);
}

/// Tells of the examples that could not be used on standard error.
fn tell_skipped(evaluation: &Evaluation) {
    let skipped = &evaluation.skipped;
    for example in skipped.iter().take(NAMED) {
        super::tell(&format!("left out {}: {}", example.name, example.problem));
    }
    if skipped.len() > NAMED {
        super::tell(&format!("left out {} more", skipped.len() - NAMED));
    }
}

//! `hetxl eval`.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, ValueEnum};
use hetxl::Result;
use hetxl::checkpoint::Checkpoint;
use hetxl::config::Config;
use hetxl::data::{Dataset, Skipped, Split};
use hetxl::evaluate::{Evaluator, Predicted};
use hetxl::few_shot::{FewShot, FewShotEvaluator};
use hetxl::metrics::{Evaluation, label};
use hetxl::programs::Programs;
use hetxl::run_folder;
use hetxl::runtime::Runtime;
use hetxl::state::TrainState;
use serde::Serialize;
use serde_json::{Value, json};

use super::progress::{Progress, digits};
use super::table::{self, Align};

/// How many of the examples that could not be used are named.
const NAMED: usize = 5;

/// Evaluate a checkpoint on a split: accuracy, likelihood, calibration, and how well the model's
/// confidence finds its mistakes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  hetxl eval runs/digits-1
  hetxl eval runs/digits-1/checkpoints/00000500 --split validation --json
  hetxl eval runs/digits-1 --few-shot 1,5,10,25
  hetxl eval runs/flowers-1 -s runtime.platform=cpu -s data.test=/data/flowers/test")]
pub(crate) struct Eval {
    /// A run folder, whose newest intact checkpoint is taken, or a checkpoint in one
    run: PathBuf,
    /// The split to evaluate on
    #[arg(long, value_enum, default_value_t = SplitName::Test, value_name = "NAME")]
    split: SplitName,
    /// Instead of the head's, the accuracy of linear classifiers on the trunk's features, fitted to so
    /// many examples of each class of the train split
    #[arg(long, value_delimiter = ',', value_name = "SHOTS")]
    few_shot: Vec<NonZeroUsize>,
    /// Change a key of the run's config for this command, such as `runtime.platform=cpu` or
    /// `data.test=other`
    #[arg(short, long = "set", value_name = "KEY=VALUE")]
    set: Vec<String>,
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
        let config = run.config_with(&self.set)?;
        let data = Arc::new(Dataset::open(&config.data)?);
        for passed_over in data.passed_over() {
            super::tell(&format!("warning: {passed_over}"));
        }
        run.check_classes(&data)?;
        let programs = hetxl::train::programs(&config, &data)?;
        let runtime = super::open(&config.runtime)?;
        let set = self.set.clone();
        let of = Evaluated { config, set, data, programs, runtime, folder, checkpoint, split };
        if self.few_shot.is_empty() { self.evaluate(&of) } else { self.fit(&of) }
    }

    fn evaluate(&self, of: &Evaluated) -> Result<ExitCode> {
        let Evaluated { config, data, programs, runtime, .. } = of;
        let evaluator = Evaluator::new(runtime, programs, &config.eval, Arc::clone(data))?;
        let state = of.state()?;
        let progress = Progress::new();
        progress.wait("evaluating");
        let (split, examples) = (of.split, data.len(of.split));
        let mut go_on = |done| {
            progress.evaluating(split, done, examples);
            true
        };
        let visit = &mut |_: &Predicted<'_>| {};
        let evaluation = evaluator.for_each_while(runtime, &state, split, visit, &mut go_on);
        progress.finish();
        let evaluation = evaluation?.expect("nothing ends it");
        tell_skipped(&evaluation.skipped);
        if self.json {
            super::say_json(&of.report("metrics", &evaluation));
        } else {
            super::say(&format!("{}: {}", of.title(), counts(&evaluation)));
            show(&evaluation);
        }
        Ok(ExitCode::SUCCESS)
    }

    fn fit(&self, of: &Evaluated) -> Result<ExitCode> {
        let Evaluated { config, data, programs, runtime, split, .. } = of;
        let evaluator = FewShotEvaluator::new(runtime, programs, &config.eval, Arc::clone(data))?;
        let state = of.state()?;
        let progress = Progress::new();
        progress.wait("computing features");
        let results = evaluator.evaluate(runtime, &state, *split, &self.few_shot);
        progress.finish();
        let (results, skipped) = results?;
        tell_skipped(&skipped);
        if self.json {
            let mut report = of.report("few_shot", &results);
            if !skipped.is_empty() {
                report["skipped"] = json!(skipped);
            }
            super::say_json(&report);
            return Ok(ExitCode::SUCCESS);
        }
        super::say(&of.title());
        let columns =
            ["shots", "accuracy", "validation", "lambda"].map(|name| (name, Align::Right));
        let row = |it: &FewShot| {
            let [accuracy, validation] = [it.accuracy, it.validation].map(|it| format!("{it:.4}"));
            vec![it.shots.to_string(), accuracy, validation, format!("2^{}", it.lambda.log2())]
        };
        table::print(&columns, &results.iter().map(row).collect::<Vec<_>>());
        Ok(ExitCode::SUCCESS)
    }
}

/// What is evaluated.
struct Evaluated {
    config: Config,
    /// What is another one in it than in the run's.
    set: Vec<String>,
    data: Arc<Dataset>,
    programs: Programs,
    runtime: Runtime,
    folder: PathBuf,
    checkpoint: Checkpoint,
    split: Split,
}

impl Evaluated {
    fn state(&self) -> Result<TrainState> {
        super::was_cached(&self.runtime);
        TrainState::restore(&self.runtime, &self.programs, &self.checkpoint, &self.folder)
    }

    fn title(&self) -> String {
        format!("{}, {} split", self.folder.display(), self.split)
    }

    fn report(&self, name: &str, results: &impl Serialize) -> Value {
        let mut report = json!({
            "checkpoint": self.folder,
            "step": self.checkpoint.state.step,
            "split": self.split.to_string(),
            name: results,
        });
        if !self.set.is_empty() {
            report["settings"] = json!(self.set);
        }
        report
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
    let row = |(name, value): (&str, f64)| vec![label(name), digits(value)];
    let rows = evaluation.values().into_iter().map(row).collect::<Vec<_>>();
    table::print_rows(&[Align::Left, Align::Right], &rows);
}

/// Tells of the examples that could not be used on standard error.
fn tell_skipped(skipped: &[Skipped]) {
    for Skipped { name, problem } in skipped.iter().take(NAMED) {
        super::tell(&format!("skipped {name}: {problem}"));
    }
    if skipped.len() > NAMED {
        super::tell(&format!("skipped {} more", skipped.len() - NAMED));
    }
}

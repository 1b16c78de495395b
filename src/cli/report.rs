//! `hetxl report`.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use hetxl::Result;
use hetxl::config::{Config, RuntimeConfig};
use hetxl::report::{self, Run};
use hetxl::run_folder;
use hetxl::runtime::Runtime;

use super::eval::SplitName;
use super::progress::Progress;

/// Write one HTML page about runs: curves, calibration, mistakes, configs.
///
/// The newest intact checkpoint of each run is evaluated on a split. The page is one file that needs
/// nothing else, no network and no script. Where a run can't be evaluated, the page has the rest.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  hetxl report runs/digits-1
  hetxl report runs/det runs/het-xl -o comparison.html
  hetxl report runs/digits-1/checkpoints/00000500 --split validation
  hetxl report runs/vit-1 -s runtime.platform=cpu")]
pub(crate) struct Report {
    /// Run folders, or checkpoints in them
    #[arg(required = true, value_name = "RUN")]
    runs: Vec<PathBuf>,
    /// The file to write
    #[arg(short, long, value_name = "FILE", default_value = "report.html")]
    output: PathBuf,
    /// The split to evaluate on
    #[arg(long, value_enum, default_value_t = SplitName::Test, value_name = "NAME")]
    split: SplitName,
    /// Change a key of the runs' configs for this command, such as `runtime.platform=cpu`
    #[arg(short, long = "set", value_name = "KEY=VALUE")]
    set: Vec<String>,
}

impl Report {
    pub(crate) fn run(&self) -> Result<ExitCode> {
        // What is no run is told before anything is evaluated.
        for path in &self.runs {
            run_folder::containing(path)?.config_with(&self.set)?;
        }
        report::check(&self.output)?;
        let mut runs = Vec::with_capacity(self.runs.len());
        let mut runtimes: Vec<(RuntimeConfig, Runtime)> = vec![];
        for path in &self.runs {
            let mut run = Run::read(path, &mut |error| {
                super::tell(&format!("passed over a checkpoint: {error}"));
            })?;
            let config = run_folder::containing(path)?.config_with(&self.set)?;
            if let Err(error) = self.examine(&mut run, &config, &mut runtimes) {
                super::tell(&format!("{} is not evaluated: {error}", path.display()));
            }
            runs.push(run);
        }
        report::write(&self.output, &runs)?;
        super::say(&self.output.display().to_string());
        Ok(ExitCode::SUCCESS)
    }

    /// Evaluates a run, on a platform that was opened for an earlier one where it is the same.
    fn examine(
        &self,
        run: &mut Run,
        config: &Config,
        runtimes: &mut Vec<(RuntimeConfig, Runtime)>,
    ) -> Result<()> {
        // One device evaluates.
        let wanted = RuntimeConfig { devices: NonZeroUsize::MIN, ..config.runtime.clone() };
        let same = |(other, _): &(RuntimeConfig, Runtime)| {
            (&other.platform, &other.plugin) == (&wanted.platform, &wanted.plugin)
        };
        if !runtimes.iter().any(same) {
            match super::open(&wanted) {
                Ok(runtime) => runtimes.push((wanted.clone(), runtime)),
                Err(error) => {
                    run.leave_unexamined(&error.to_string());
                    return Err(error);
                }
            }
        }
        let (_, runtime) = runtimes.iter().find(|it| same(it)).expect("it was opened above");
        let progress = Progress::new();
        progress.wait("evaluating");
        let split = self.split.into();
        let examined = run.examine(config, runtime, split, &mut |done, examples| {
            progress.evaluating(split, done, examples);
        });
        progress.finish();
        super::was_cached(runtime);
        examined
    }
}

//! Tries every capability of the crate `pjrt` on a plugin.

mod case;
mod cases;
mod child;
mod report;
mod subject;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use pjrt::install::{Environment, Wheel};

pub(crate) use case::Outcome;
pub(crate) use report::{Line, Report};

/// What to try, and how to tell.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// A plugin that `hetxl plugin list` knows, which is installed if the machine has none, or the
    /// path of a library
    plugin: String,
    /// Prints one JSON object
    #[arg(long)]
    json: bool,
    /// Tries the cases from this one on in this very process, for the process that started it
    #[arg(long, hide = true)]
    from: Option<usize>,
}

/// Fails if a case did.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    if let Some(first) = arguments.from {
        child::serve(arguments.plugin.as_ref(), first)?;
        return Ok(ExitCode::SUCCESS);
    }
    let report = report(&arguments.plugin, &library(&arguments.plugin)?)?;
    let text = if arguments.json { report.json()? } else { report.table() };
    std::io::stdout().write_all(text.as_bytes())?;
    Ok(if report.count(Outcome::Failed) == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What becomes of every case on the plugin called `name`.
pub(crate) fn report(name: &str, library: &Path) -> Result<Report> {
    child::run_all(name, library)
}

/// The library of a plugin, by name or path.
fn library(plugin: &str) -> Result<PathBuf> {
    if Wheel::named(plugin).is_some() {
        let environment = Environment { plugin: None, ..Environment::from_process() };
        let found = environment.find_or_install(plugin, None, &mut |step| eprintln!("{step}"));
        return Ok(found?.path);
    }
    let path = PathBuf::from(plugin);
    if !path.is_file() {
        bail!("{plugin} is neither a file nor a plugin that `hetxl plugin list` knows");
    }
    path.canonicalize().with_context(|| format!("reading {plugin}"))
}

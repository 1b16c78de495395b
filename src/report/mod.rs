//! One page about one or many runs, for people: curves, calibration, mistakes, configs.
//!
//! The page is a single file that needs nothing else: no network, no script; charts are SVG and
//! pictures are part of it.
//!
//! ```
//! use hetxl::config::Config;
//! use hetxl::report::{Run, page};
//! use hetxl::run_folder::RunFolder;
//!
//! # let folder = tempfile::tempdir()?;
//! # let path = folder.path().join("first");
//! # let config = Config::parse(
//! #     "model = { trunk = { kind = 'mlp', hidden = [8] }, head = { kind = 'det' } }\ndata.kind = 'digits'",
//! #     &[],
//! # )?;
//! # RunFolder::create(&path, &config)?;
//! let run = Run::read(&path, &mut |error| eprintln!("{error}"))?;
//! let html = page(&[run]);
//! assert!(html.starts_with("<!DOCTYPE html>") && html.contains("first"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod axis;
mod bars;
mod chart;
mod findings;
mod history;
mod page;
mod shown_run;
mod svg;
mod text;

use std::fs;
use std::path::{Path, PathBuf};

use crate::checkpoint::{Checkpoint, CheckpointError};
use crate::config::Config;
use crate::data::Split;
use crate::environment::Environment;
use crate::error::{Error, Result};
use crate::run_folder;
use crate::runtime::Runtime;
use crate::whole_file;
use findings::Findings;
use history::History;

pub use page::page;

/// Checks that a page can be written to a file, before anything is done for it that takes long.
///
/// # Errors
/// If it can't be written.
pub fn check(path: &Path) -> Result<()> {
    whole_file::check(path).map_err(Error::io("write", path))
}

/// Writes the [`page`] about runs to a file, whose folder is made if needed.
///
/// # Errors
/// If it can't be written.
pub fn write(path: &Path, runs: &[Run]) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
    }
    whole_file::write(path, page(runs).as_bytes()).map_err(Error::io("write", path))
}

/// A run as a page tells of it.
#[derive(Debug)]
pub struct Run {
    /// What it is called: the name of its folder.
    name: String,
    path: PathBuf,
    config: Config,
    history: History,
    environment: Option<Environment>,
    /// The newest intact checkpoint and its folder, until it was looked at: those of several runs
    /// need not be in memory together.
    checkpoint: Option<(PathBuf, Checkpoint)>,
    /// The step that it was written after.
    step: Option<u64>,
    /// How many numbers are trained, where that is known.
    parameters: Option<usize>,
    /// Keys of the config that were others where it was evaluated, with their values there.
    evaluated_with: Vec<(String, String)>,
    /// What its checkpoint gets right and wrong, or why that isn't known.
    findings: Result<Findings, String>,
}

impl Run {
    /// What a run's folder tells, or that of a checkpoint in one. `passed_over` is told of damaged
    /// checkpoints.
    ///
    /// # Errors
    /// If the path is neither, or a file can't be read.
    pub fn read(path: &Path, passed_over: &mut dyn FnMut(&CheckpointError)) -> Result<Self> {
        let (run, checkpoint) = match run_folder::resolve(path, passed_over) {
            Ok((run, folder, checkpoint)) => (run, Some((folder, checkpoint))),
            Err(Error::NoCheckpoint { .. }) => (run_folder::containing(path)?, None),
            Err(error) => return Err(error),
        };
        let absolute = std::path::absolute(run.path()).map_err(Error::io("find", run.path()))?;
        let name = absolute.file_name().unwrap_or(absolute.as_os_str()).to_string_lossy();
        let arrays = checkpoint.iter().flat_map(|(_, checkpoint)| checkpoint.parameters.values());
        let elements = arrays.map(|array| array.dims().iter().product::<usize>()).sum();
        Ok(Self {
            name: name.into_owned(),
            config: run.config()?,
            history: History::read(&run.metrics_path())?,
            environment: Environment::read(&run.environment_path()),
            parameters: checkpoint.is_some().then_some(elements),
            step: checkpoint.as_ref().map(|(_, checkpoint)| checkpoint.state.step),
            checkpoint,
            path: absolute,
            evaluated_with: vec![],
            findings: Err("it was not looked at".to_owned()),
        })
    }

    /// Looks at what the run's newest checkpoint gets right and wrong on a split, and gives up the
    /// checkpoint. Where that can't be had, the page says why, and so does the result. `config` is the
    /// run's, but for what the page says is another one. `progress` is told again and again how many
    /// examples of the split were read, and how many it has.
    ///
    /// # Errors
    /// If there is no checkpoint, the data isn't there any more, or what the plugin reports.
    pub fn examine(
        &mut self,
        config: &Config,
        runtime: &Runtime,
        split: Split,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Result<()> {
        let of_run = self.config.entries();
        let others = config.entries().into_iter().filter(|entry| !of_run.contains(entry));
        self.evaluated_with = others.collect();
        let missing = || Error::NoCheckpoint { path: self.path.clone(), damaged: 0 };
        let found = self.checkpoint.take().ok_or_else(missing).and_then(|(folder, checkpoint)| {
            Findings::of(config, (&folder, checkpoint), runtime, split, progress)
        });
        match found {
            Ok(findings) => {
                self.findings = Ok(findings);
                Ok(())
            }
            Err(error) => {
                self.leave_unexamined(&error.to_string());
                Err(error)
            }
        }
    }

    /// Notes why it was not looked at what the run gets right and wrong.
    pub fn leave_unexamined(&mut self, why: &str) {
        self.checkpoint = None;
        self.findings = Err(why.to_owned());
    }
}

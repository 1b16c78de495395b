//! Run folders: where everything about a run lies.
//!
//! ```text
//! config.toml           the config with every default
//! metrics.jsonl         one object a line
//! events.out.tfevents…  the same for TensorBoard
//! checkpoints/00000500  parameters and optimiser's state after 500 steps
//! program/              the training step as StableHLO, and manifest.json
//! ```

use std::fs;
use std::path::{Path, PathBuf};

use crate::checkpoint::{self, Checkpoint, CheckpointError};
use crate::config::Config;
use crate::error::{Error, Result};

/// The folder of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunFolder {
    path: PathBuf,
}

impl RunFolder {
    /// Makes the folder of a new run and writes the config to it.
    ///
    /// # Errors
    /// If it holds a run already, or can't be written.
    pub fn create(path: &Path, config: &Config) -> Result<Self> {
        let run = Self { path: path.to_owned() };
        if run.config_path().exists() {
            return Err(Error::RunExists { path: run.path });
        }
        fs::create_dir_all(path).map_err(Error::io("create", path))?;
        let config_path = run.config_path();
        fs::write(&config_path, config.to_toml()).map_err(Error::io("write", &config_path))?;
        Ok(run)
    }

    /// The folder of a run that was made before.
    ///
    /// # Errors
    /// If it holds no run.
    pub fn open(path: &Path) -> Result<Self> {
        let run = Self { path: path.to_owned() };
        if run.config_path().is_file() {
            return Ok(run);
        }
        Err(Error::NoRun { path: run.path })
    }

    /// The folder of the next run called `name` in `runs`: `name-1`, `name-2` and so on.
    pub fn next(runs: &Path, name: &str) -> PathBuf {
        let number = newest(runs, name).map_or(1, |number| number + 1);
        runs.join(format!("{name}-{number}"))
    }

    /// The newest run called `name` in `runs`.
    ///
    /// # Errors
    /// If there is none.
    pub fn newest(runs: &Path, name: &str) -> Result<PathBuf> {
        let numbered = |number: u32| runs.join(format!("{name}-{number}"));
        newest(runs, name)
            .map(numbered)
            .ok_or_else(|| Error::NothingToResume { path: runs.join(format!("{name}-1")) })
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The config that the run was made with.
    ///
    /// # Errors
    /// If it was changed to something that is no config.
    pub fn config(&self) -> Result<Config> {
        Ok(Config::read(&self.config_path(), &[])?)
    }

    /// `config.toml`.
    pub fn config_path(&self) -> PathBuf {
        self.path.join("config.toml")
    }

    /// `metrics.jsonl`.
    pub fn metrics_path(&self) -> PathBuf {
        self.path.join("metrics.jsonl")
    }

    /// `checkpoints`.
    pub fn checkpoints(&self) -> PathBuf {
        self.path.join("checkpoints")
    }

    /// `program`.
    pub fn program(&self) -> PathBuf {
        self.path.join("program")
    }

    /// The newest intact checkpoint and its folder. `passed_over` is told why newer ones are not.
    ///
    /// # Errors
    /// If there is none.
    pub fn latest(
        &self,
        passed_over: &mut dyn FnMut(&CheckpointError),
    ) -> Result<(PathBuf, Checkpoint)> {
        let latest = checkpoint::latest(&self.checkpoints())?;
        latest.passed_over.iter().for_each(passed_over);
        latest.checkpoint.ok_or_else(|| Error::NoCheckpoint { path: self.path.clone() })
    }
}

/// The run and the checkpoint that a user means by a path: a run folder, whose newest intact
/// checkpoint is taken, or a checkpoint in one.
///
/// # Errors
/// If the path is neither, or there is no intact checkpoint.
pub fn resolve(
    path: &Path,
    passed_over: &mut dyn FnMut(&CheckpointError),
) -> Result<(RunFolder, PathBuf, Checkpoint)> {
    if path.join("state.json").is_file() {
        let folder = path.canonicalize().map_err(Error::io("open", path))?;
        let run = folder.parent().and_then(Path::parent).unwrap_or(&folder);
        let run = RunFolder::open(run)?;
        return Ok((run, path.to_owned(), Checkpoint::load(path)?));
    }
    let run = RunFolder::open(path)?;
    let (folder, checkpoint) = run.latest(passed_over)?;
    Ok((run, folder, checkpoint))
}

fn newest(runs: &Path, name: &str) -> Option<u32> {
    let entries =
        fs::read_dir(runs).ok()?.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    entries.filter_map(|entry| entry.strip_prefix(name)?.strip_prefix('-')?.parse().ok()).max()
}

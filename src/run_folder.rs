//! Run folders: where everything about a run lies.
//!
//! ```text
//! config.toml           the config with every default
//! data.json             how inputs are made, how many there are, and what classes are called
//! environment.json      the program, the plugin and the machine of the newest part
//! metrics.jsonl         one object a line
//! events.out.tfevents…  the same for TensorBoard
//! checkpoints/00000500  parameters and optimiser's state after 500 steps
//! program/              the training step as StableHLO, and manifest.json
//! ```

use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::checkpoint::{self, Checkpoint, CheckpointError};
use crate::config::Config;
use crate::data::{Dataset, Description};
use crate::error::{Error, Result};
use crate::whole_file;

/// What the config of a run begins with, and none that a person wrote.
const WRITTEN: &str = "# The config of a run, with every default, as hetxl wrote it.\n";

/// The run that a user means to train.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A new one in this folder.
    New(PathBuf),
    /// A new one in the next free folder of `runs`: `name-1`, `name-2` and so on.
    Next {
        /// The folder of runs.
        runs: PathBuf,
        /// The name before the number.
        name: String,
    },
    /// The one in this folder, from its newest intact checkpoint.
    Resume(PathBuf),
}

/// The folder of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunFolder {
    path: PathBuf,
}

impl RunFolder {
    /// Makes the folder of a new run and writes the config to it. Of two processes that make the
    /// same one at once, one succeeds.
    ///
    /// # Errors
    /// If it holds a run already, or anything that is called as a part of one, or can't be written.
    pub fn create(path: &Path, config: &Config) -> Result<Self> {
        let run = Self { path: path.to_owned() };
        fs::create_dir_all(path).map_err(Error::io("create", path))?;
        let config_path = run.config_path();
        let mut file = match File::create_new(&config_path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                let (path, taken) = (run.path.clone(), config_path);
                return Err(match run.holds_run() {
                    true => Error::RunExists { path },
                    false => Error::FolderTaken { path, taken },
                });
            }
            file => file.map_err(Error::io("create", &config_path))?,
        };
        // What isn't of this run must neither be taken for it nor be removed with it.
        let taken = run.parts().into_iter().find(|part| part.symlink_metadata().is_ok());
        if let Some(taken) = taken {
            let _ = fs::remove_file(&config_path);
            return Err(Error::FolderTaken { path: run.path, taken });
        }
        if let Err(error) = file.write_all(written(config).as_bytes()) {
            run.discard();
            return Err(Error::io("write", &config_path)(error));
        }
        Ok(run)
    }

    /// Writes down the config that the run goes on with, where it is another.
    ///
    /// # Errors
    /// If it can't be written.
    pub(crate) fn update(&self, config: &Config) -> Result<()> {
        let (path, text) = (self.config_path(), written(config));
        if fs::read_to_string(&path).is_ok_and(|old| old == text) {
            return Ok(());
        }
        whole_file::write(&path, text.as_bytes()).map_err(Error::io("write", &path))
    }

    /// [`RunFolder::create`] in the next free folder of `runs`.
    ///
    /// # Errors
    /// If it can't be written.
    pub fn create_next(runs: &Path, name: &str, config: &Config) -> Result<Self> {
        loop {
            let number = newest(runs, name).map_or(1, |number| number.saturating_add(1));
            // Another process may take the same number.
            match Self::create(&runs.join(format!("{name}-{number}")), config) {
                Err(Error::RunExists { .. }) => {}
                created => return created,
            }
        }
    }

    /// Removes what a run is made of before its first step, where it can't begin after all.
    pub(crate) fn discard(self) {
        // What can't be removed is no worse than the error that is about to be told.
        let _ = fs::remove_file(self.config_path());
        for part in self.parts() {
            let _ = if part.is_dir() { fs::remove_dir_all(part) } else { fs::remove_file(part) };
        }
        // Only an empty folder goes: what else lies in it is the user's.
        let _ = fs::remove_dir(&self.path);
    }

    /// What lies in the folder beside the config.
    fn parts(&self) -> [PathBuf; 5] {
        [
            self.description_path(),
            self.environment_path(),
            self.metrics_path(),
            self.checkpoints(),
            self.program(),
        ]
    }

    /// Keeps other processes from training this run while the result lives.
    ///
    /// # Errors
    /// If another process trains it.
    pub fn lock(&self) -> Result<File> {
        // The folder itself, because files in it are replaced.
        let file = File::open(&self.path).map_err(Error::io("open", &self.path))?;
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => Err(Error::RunInUse { path: self.path.clone() }),
            // A file system without locks is no reason not to train.
            Ok(()) | Err(TryLockError::Error(_)) => Ok(file),
        }
    }

    /// The folder of a run that was made before.
    ///
    /// # Errors
    /// If it holds no run.
    pub fn open(path: &Path) -> Result<Self> {
        let run = Self { path: path.to_owned() };
        if run.holds_run() { Ok(run) } else { Err(Error::NoRun { path: run.path }) }
    }

    /// Whether the config is that of a run, and not one that a person wrote. One that is empty is of a
    /// run whose process was killed.
    fn holds_run(&self) -> bool {
        let text = fs::read_to_string(self.config_path());
        text.is_ok_and(|text| text.is_empty() || text.starts_with(WRITTEN))
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
        self.config_with(&[])
    }

    /// [`RunFolder::config`] with other values for some keys, as [`Config::read`] takes them.
    ///
    /// # Errors
    /// If it is no config then.
    pub fn config_with(&self, settings: &[String]) -> Result<Config> {
        Ok(Config::read(&self.config_path(), settings)?)
    }

    /// `config.toml`.
    pub fn config_path(&self) -> PathBuf {
        self.path.join("config.toml")
    }

    /// `metrics.jsonl`.
    pub fn metrics_path(&self) -> PathBuf {
        self.path.join("metrics.jsonl")
    }

    /// `data.json`, the [`Description`] of the run's data.
    pub fn description_path(&self) -> PathBuf {
        self.path.join("data.json")
    }

    /// The run's data as it is described, without its examples; the data itself where it isn't, or
    /// where `config` has other data than the run.
    ///
    /// # Errors
    /// If the data is to be read and can't be.
    pub fn described_data(&self, config: &Config) -> Result<Dataset> {
        let is_of_run = self.config()?.data == config.data;
        match self.description()? {
            Some(described) if is_of_run => Ok(Dataset::described(described)?),
            _ => {
                let data = Dataset::open(&config.data)?;
                self.check_classes(&data)?;
                Ok(data)
            }
        }
    }

    /// What the data of the run was; `None` where nobody wrote it down.
    fn description(&self) -> Result<Option<Description>> {
        let path = self.description_path();
        Description::read(&path).map_err(Error::io("read", &path))
    }

    /// Writes down what the data of the run is, where that isn't known yet.
    ///
    /// # Errors
    /// If it can't be written.
    pub(crate) fn describe(&self, data: &Dataset) -> Result<()> {
        let path = self.description_path();
        match self.description()? {
            Some(_) => Ok(()),
            None => data.describe().write(&path).map_err(Error::io("write", &path)),
        }
    }

    /// Looks whether the classes of `data` are those that the run was trained on.
    ///
    /// # Errors
    /// If they have other names.
    pub fn check_classes(&self, data: &Dataset) -> Result<()> {
        self.check_data(|described| described.other_names(data))
    }

    /// [`RunFolder::check_classes`], and whether training would see the examples in the order in which
    /// it began.
    ///
    /// # Errors
    /// If not.
    pub(crate) fn check_order(&self, data: &Dataset) -> Result<()> {
        self.check_data(|then| then.other_names(data).or_else(|| then.other_order(data)))
    }

    fn check_data(&self, problem: impl FnOnce(&Description) -> Option<String>) -> Result<()> {
        match self.description()?.as_ref().and_then(problem) {
            Some(problem) => Err(Error::OtherData { path: self.path.clone(), problem }),
            None => Ok(()),
        }
    }

    /// `environment.json`.
    pub fn environment_path(&self) -> PathBuf {
        self.path.join("environment.json")
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
        let damaged = latest.passed_over.len();
        latest.checkpoint.ok_or_else(|| Error::NoCheckpoint { path: self.path.clone(), damaged })
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
    let run = containing(path)?;
    if is_checkpoint(path) {
        return Ok((run, path.to_owned(), Checkpoint::load(path)?));
    }
    let (folder, checkpoint) = run.latest(passed_over)?;
    Ok((run, folder, checkpoint))
}

/// The run in `path`, or the one that the checkpoint `path` is of.
///
/// # Errors
/// If the path is neither.
pub fn containing(path: &Path) -> Result<RunFolder> {
    if !is_checkpoint(path) {
        return RunFolder::open(path);
    }
    let folder = path.canonicalize().map_err(Error::io("open", path))?;
    RunFolder::open(folder.parent().and_then(Path::parent).unwrap_or(&folder))
}

fn is_checkpoint(path: &Path) -> bool {
    path.join("state.json").is_file()
}

fn newest(runs: &Path, name: &str) -> Option<u32> {
    let entries =
        fs::read_dir(runs).ok()?.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let numbers = entries
        .filter_map(|entry| entry.strip_prefix(name)?.strip_prefix('-')?.parse().ok())
        // The last number has none after it.
        .filter(|&number| number < u32::MAX);
    numbers.max()
}

/// A config as it stands in the folder of a run.
fn written(config: &Config) -> String {
    format!("{WRITTEN}{}", config.to_toml())
}

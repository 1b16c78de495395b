//! Checkpoints: everything that a run needs to go on bit for bit.
//!
//! A checkpoint is a folder named by its step with eight digits or more:
//!
//! ```text
//! checkpoints/00000100/
//!     parameters.safetensors   the parameters, by path
//!     optimizer.safetensors    the optimiser's state, by path
//!     state.json               step, seed, place in the data; size and SHA-256 of the two others
//! ```
//!
//! It is written into a temporary folder beside, flushed to the disk, and renamed, so that a
//! folder with such a name is whole or was damaged later; sizes and hashes tell.
//!
//! ```
//! use hetxl::checkpoint::{Checkpoint, Position, State, Tensors, latest};
//! use pjrt::HostArray;
//!
//! # let folder = tempfile::tempdir()?;
//! # let checkpoints = folder.path();
//! let checkpoint = Checkpoint {
//!     state: State {
//!         step: 100,
//!         seed: 7,
//!         position: Position { epoch: 5, example: 0 },
//!         config_sha256: "9f86d081884c7d65".to_owned(),
//!         hash: None,
//!         hetxl: "0.1.0".to_owned(),
//!     },
//!     parameters: Tensors::from([("head/tau".to_owned(), HostArray::scalar(1.0f32))]),
//!     optimizer: Tensors::new(),
//! };
//! checkpoint.save(checkpoints)?;
//! let (_, loaded) = latest(checkpoints)?.checkpoint.expect("one was saved");
//! assert_eq!(loaded, checkpoint);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod tensors;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::digest;
use crate::model::head::ClassHash;
use crate::programs::mean_of;
use crate::whole_file::{self, write_through};

pub use tensors::Tensors;

const PARAMETERS: &str = "parameters.safetensors";
const OPTIMIZER: &str = "optimizer.safetensors";
const STATE: &str = "state.json";
const FORMAT: u32 = 1;
const TEMPORARY: &str = ".saving-";

/// Where a run stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// The number of steps done.
    pub step: u64,
    /// The seed of the run.
    pub seed: u64,
    /// The next example.
    pub position: Position,
    /// The hash of the config that the run was started with.
    pub config_sha256: String,
    /// How the head puts classes into buckets, if it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hash: Option<ClassHash>,
    /// The version of `hetxl` that wrote the checkpoint.
    pub hetxl: String,
}

/// A place in the order of the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// The epoch, counted from 0.
    pub epoch: u64,
    /// The example in the epoch's order, counted from 0.
    pub example: u64,
}

/// The state of a run after a step.
#[derive(Clone, Debug, PartialEq)]
pub struct Checkpoint {
    /// Where the run stands.
    pub state: State,
    /// The parameters by path.
    pub parameters: Tensors,
    /// The optimiser's state by path.
    pub optimizer: Tensors,
}

/// The newest intact checkpoint of a run, from [`latest`].
#[derive(Debug)]
pub struct Latest {
    /// The checkpoint and its folder; `None` if there is none that is intact.
    pub checkpoint: Option<(PathBuf, Checkpoint)>,
    /// Why each newer one was passed over, newest first.
    pub passed_over: Vec<CheckpointError>,
}

/// A checkpoint could not be written, or is not intact.
#[derive(Debug, Error)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum CheckpointError {
    #[error("cannot {action} {}: {source}", path.display())]
    Io { action: &'static str, path: PathBuf, source: io::Error },
    #[error("{} is not readable as the state of a checkpoint: {source}", path.display())]
    State { path: PathBuf, source: serde_json::Error },
    #[error(
        "{} is of format {got} and this version reads format {FORMAT}; use a newer version",
        path.display()
    )]
    Format { path: PathBuf, got: u32 },
    #[error("{} has no entry for {file}", path.display())]
    Entry { path: PathBuf, file: &'static str },
    #[error("{} has {got} bytes, expected {expected}: it is damaged", path.display())]
    Size { path: PathBuf, expected: u64, got: u64 },
    #[error("{} has the sha256 {got}, expected {expected}: it is damaged", path.display())]
    Hash { path: PathBuf, expected: String, got: String },
    #[error("{}: {problem}", path.display())]
    Tensors { path: PathBuf, problem: String },
}

impl CheckpointError {
    fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { action, path: path.to_owned(), source }
    }
}

/// The contents of `state.json`.
#[derive(Serialize, Deserialize)]
struct Record {
    format: u32,
    #[serde(flatten)]
    state: State,
    files: BTreeMap<String, FileRecord>,
}

#[derive(Serialize, Deserialize)]
struct FileRecord {
    bytes: u64,
    sha256: String,
}

impl FileRecord {
    fn of(contents: &[u8]) -> Self {
        Self { bytes: contents.len() as u64, sha256: digest::sha256(contents) }
    }
}

impl Checkpoint {
    /// Writes the checkpoint below the folder `checkpoints`, which is made if needed, and gives
    /// its own folder. One of the same step is replaced. Only one process may save to a folder.
    ///
    /// # Errors
    /// If the disk is full or the folder can't be written. Then nothing of the checkpoint is left
    /// and those that were there are as they were.
    pub fn save(&self, checkpoints: &Path) -> Result<PathBuf, CheckpointError> {
        if !checkpoints.is_dir() {
            fs::create_dir_all(checkpoints).map_err(CheckpointError::io("create", checkpoints))?;
            let parent = checkpoints.parent().filter(|it| !it.as_os_str().is_empty());
            parent.map_or(Ok(()), sync_folder)?;
        }
        remove_leftovers(checkpoints)?;
        let temporary = tempfile::Builder::new()
            .prefix(TEMPORARY)
            .tempdir_in(checkpoints)
            .map_err(CheckpointError::io("create a folder in", checkpoints))?;
        let new = temporary.path().join("new");
        fs::create_dir(&new).map_err(CheckpointError::io("create", &new))?;

        // Messages name the place where a file was to be.
        let target = checkpoints.join(format!("{:08}", self.state.step));
        let mut files = BTreeMap::new();
        for (file, tensors) in [(PARAMETERS, &self.parameters), (OPTIMIZER, &self.optimizer)] {
            let path = target.join(file);
            let contents = tensors::encode(tensors)
                .map_err(|problem| CheckpointError::Tensors { path: path.clone(), problem })?;
            write_through(&new.join(file), &contents)
                .map_err(CheckpointError::io("write", &path))?;
            files.insert(file.to_owned(), FileRecord::of(&contents));
        }
        let record = Record { format: FORMAT, state: self.state.clone(), files };
        let path = target.join(STATE);
        let mut contents = serde_json::to_vec_pretty(&record)
            .map_err(|source| CheckpointError::State { path: path.clone(), source })?;
        contents.push(b'\n');
        write_through(&new.join(STATE), &contents).map_err(CheckpointError::io("write", &path))?;
        sync_folder(&new)?;

        let old = temporary.path().join("old");
        let replaces = target.exists();
        if replaces {
            fs::rename(&target, &old).map_err(CheckpointError::io("replace", &target))?;
        }
        if let Err(source) = fs::rename(&new, &target) {
            if replaces {
                fs::rename(&old, &target).map_err(CheckpointError::io("restore", &target))?;
            }
            return Err(CheckpointError::Io { action: "create", path: target, source });
        }
        sync_folder(checkpoints)?;
        Ok(target)
    }

    /// The parameters with which evaluation and prediction go, by path: their running means, where
    /// the optimiser keeps any.
    pub fn predicting(self) -> Tensors {
        let Self { mut parameters, optimizer, .. } = self;
        for (name, mean) in optimizer {
            if let Some(parameter) = mean_of(&name).and_then(|path| parameters.get_mut(path)) {
                *parameter = mean;
            }
        }
        parameters
    }

    /// Reads the checkpoint in `folder` and checks it against its sizes and hashes.
    ///
    /// # Errors
    /// If anything of it is missing, damaged, or of a later format.
    pub fn load(folder: &Path) -> Result<Self, CheckpointError> {
        let path = folder.join(STATE);
        let contents = fs::read(&path).map_err(CheckpointError::io("read", &path))?;
        let record = serde_json::from_slice::<Record>(&contents)
            .map_err(|source| CheckpointError::State { path: path.clone(), source })?;
        if record.format != FORMAT {
            return Err(CheckpointError::Format { path, got: record.format });
        }
        let read = |file| {
            let expected = record
                .files
                .get(file)
                .ok_or_else(|| CheckpointError::Entry { path: path.clone(), file })?;
            read_tensors(folder.join(file), expected)
        };
        Ok(Self { parameters: read(PARAMETERS)?, optimizer: read(OPTIMIZER)?, state: record.state })
    }
}

/// Writes arrays to a file in the safetensors format, whole or not at all.
///
/// # Errors
/// If it can't be written, or the format lacks the type of an array.
pub fn write_tensors(path: &Path, tensors: &Tensors) -> Result<(), CheckpointError> {
    let contents = tensors::encode(tensors)
        .map_err(|problem| CheckpointError::Tensors { path: path.to_owned(), problem })?;
    whole_file::write(path, &contents).map_err(CheckpointError::io("write", path))
}

/// The newest intact checkpoint below the folder `checkpoints`, and why newer ones are not.
///
/// # Errors
/// If the folder is there and can't be listed.
pub fn latest(checkpoints: &Path) -> Result<Latest, CheckpointError> {
    let mut passed_over = Vec::new();
    for (_, folder) in steps(checkpoints)?.into_iter().rev() {
        match Checkpoint::load(&folder) {
            Ok(checkpoint) => {
                return Ok(Latest { checkpoint: Some((folder, checkpoint)), passed_over });
            }
            Err(error) => passed_over.push(error),
        }
    }
    Ok(Latest { checkpoint: None, passed_over })
}

/// Removes all but the newest `keep` checkpoints below the folder `checkpoints` of those that are not
/// after `step`, the one that was written last. Later ones, which a run that went on passed over, stay.
/// A process that is killed while it removes one leaves it whole, or nothing that has its name.
///
/// # Errors
/// If the folder can't be listed or a checkpoint can't be removed.
pub fn prune(checkpoints: &Path, step: u64, keep: NonZeroUsize) -> Result<(), CheckpointError> {
    let steps = steps(checkpoints)?;
    for (step, folder) in steps.range(..=step).rev().skip(keep.get()) {
        let removed = checkpoints.join(format!("{TEMPORARY}{step}"));
        fs::rename(folder, &removed)
            .and_then(|()| fs::remove_dir_all(&removed))
            .map_err(CheckpointError::io("remove", folder))?;
    }
    Ok(())
}

/// The folders that are named by a step, oldest first.
fn steps(checkpoints: &Path) -> Result<BTreeMap<u64, PathBuf>, CheckpointError> {
    let mut steps = BTreeMap::new();
    for path in list(checkpoints)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let is_step = name.len() >= 8 && name.bytes().all(|byte| byte.is_ascii_digit());
        if let (true, Ok(step)) = (is_step, name.parse()) {
            steps.insert(step, path);
        }
    }
    Ok(steps)
}

/// What lies in a folder; nothing if there is no folder.
fn list(folder: &Path) -> Result<Vec<PathBuf>, CheckpointError> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries,
    };
    entries
        .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect())
        .map_err(CheckpointError::io("list", folder))
}

/// Removes what a process left that was killed while it saved.
fn remove_leftovers(checkpoints: &Path) -> Result<(), CheckpointError> {
    for path in list(checkpoints)? {
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(TEMPORARY)) {
            fs::remove_dir_all(&path).map_err(CheckpointError::io("remove", &path))?;
        }
    }
    Ok(())
}

/// Makes the names in a folder survive a loss of power.
fn sync_folder(path: &Path) -> Result<(), CheckpointError> {
    File::open(path).and_then(|file| file.sync_all()).map_err(CheckpointError::io("flush", path))
}

fn read_tensors(path: PathBuf, expected: &FileRecord) -> Result<Tensors, CheckpointError> {
    let contents = fs::read(&path).map_err(CheckpointError::io("read", &path))?;
    let got = FileRecord::of(&contents);
    if got.bytes != expected.bytes {
        return Err(CheckpointError::Size { path, expected: expected.bytes, got: got.bytes });
    }
    if got.sha256 != expected.sha256 {
        let (expected, got) = (expected.sha256.clone(), got.sha256);
        return Err(CheckpointError::Hash { path, expected, got });
    }
    tensors::decode(&contents).map_err(|problem| CheckpointError::Tensors { path, problem })
}

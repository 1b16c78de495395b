//! Checkpoints that are written while training goes on.

use std::num::NonZeroUsize;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::thread::{self, JoinHandle};

use crate::checkpoint::{self, Checkpoint};
use crate::error::{Error, Result};

/// Writes checkpoints of a run on a thread, one after the other. Dropping it waits for the last.
pub(super) struct Saver {
    checkpoints: PathBuf,
    keep: NonZeroUsize,
    saving: Option<JoinHandle<Result<Saved>>>,
}

/// A checkpoint that is on the disk.
#[derive(Clone)]
pub(super) struct Saved {
    pub step: u64,
    pub folder: PathBuf,
}

impl Saver {
    /// Of the run whose checkpoints lie in `checkpoints`, which keeps the newest `keep`.
    pub(super) fn new(checkpoints: PathBuf, keep: NonZeroUsize) -> Self {
        Self { checkpoints, keep, saving: None }
    }

    /// Starts to write a checkpoint. The one before must have been [waited for](Saver::wait).
    pub(super) fn start(&mut self, checkpoint: Checkpoint) {
        let (checkpoints, keep) = (self.checkpoints.clone(), self.keep);
        self.saving = Some(thread::spawn(move || save(&checkpoint, &checkpoints, keep)));
    }

    /// Whether a checkpoint is written or could not be, and [`Saver::wait`] tells which at once.
    pub(super) fn is_done(&self) -> bool {
        self.saving.as_ref().is_some_and(JoinHandle::is_finished)
    }

    /// Waits for the checkpoint that is being written; `None` if none is.
    ///
    /// # Errors
    /// If it can't be written.
    pub(super) fn wait(&mut self) -> Result<Option<Saved>> {
        let Some(saving) = self.saving.take() else { return Ok(None) };
        saving.join().unwrap_or_else(|panic| resume_unwind(panic)).map(Some)
    }
}

impl Drop for Saver {
    fn drop(&mut self) {
        // The run fails for another reason, which is told.
        if let Some(saving) = self.saving.take() {
            let _ = saving.join();
        }
    }
}

fn save(checkpoint: &Checkpoint, checkpoints: &Path, keep: NonZeroUsize) -> Result<Saved> {
    let step = checkpoint.state.step;
    for array in checkpoint.parameters.values() {
        let values = array.as_slice::<f32>().map_err(pjrt::Error::from)?;
        if !values.iter().all(|value| value.is_finite()) {
            return Err(Error::ParametersNotFinite { step });
        }
    }
    let folder = checkpoint.save(checkpoints)?;
    checkpoint::prune(checkpoints, step, keep)?;
    Ok(Saved { step, folder })
}

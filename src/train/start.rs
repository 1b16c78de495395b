//! What a run starts from: a checkpoint of its own, another run's trunk, or an empty folder.

use std::cell::Cell;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use super::Event;
use crate::checkpoint::{Checkpoint, Tensors};
use crate::config::Config;
use crate::data::{Dataset, Split};
use crate::error::{Error, Result};
use crate::export;
use crate::metrics::MetricsFile;
use crate::model::ParamSpec;
use crate::programs::Programs;
use crate::run_folder::{self, Place, RunFolder};

/// A run to go on with.
pub(super) struct Resumable {
    pub run: RunFolder,
    pub lock: File,
    /// The newest intact checkpoint and its folder; `None` where the run has not saved any.
    pub saved: Option<(PathBuf, Checkpoint)>,
}

/// The run in `path`, if it was made with this config.
pub(super) fn resumable(
    config: &Config,
    path: &Path,
    data: &Dataset,
    observer: &mut dyn FnMut(Event<'_>),
) -> Result<Resumable> {
    let run = RunFolder::open(path)?;
    let lock = run.lock()?;
    // One that was killed before it had written anything is any run.
    let unwritten = fs::metadata(run.config_path()).is_ok_and(|file| file.len() == 0);
    let made_with = if unwritten { config.clone() } else { run.config()? };
    let saved = match run.latest(&mut |error| observer(Event::PassedOver { error })) {
        Err(Error::NoCheckpoint { damaged: 0, .. }) => None,
        latest => Some(latest?),
    };
    let sha256 = match &saved {
        Some((_, checkpoint)) => checkpoint.state.config_sha256.clone(),
        None => made_with.sha256(),
    };
    if sha256 != config.sha256() {
        let differences = config.differences(&made_with);
        return Err(Error::OtherConfig { path: path.to_owned(), differences });
    }
    run.check_order(data)?;
    let (step, steps) = (saved.as_ref().map_or(0, |it| it.1.state.step), config.train.steps);
    if step > steps {
        return Err(Error::PastEnd { path: path.to_owned(), step, steps });
    }
    Ok(Resumable { run, lock, saved })
}

/// Makes the folder of a new run, whole or not at all.
pub(super) fn begin(
    config: &Config,
    place: &Place,
    program: &hlo::Program,
    data: &Dataset,
) -> Result<(RunFolder, File, MetricsFile)> {
    let run = match place {
        Place::Next { runs, name } => RunFolder::create_next(runs, name, config)?,
        Place::New(path) | Place::Resume(path) => RunFolder::create(path, config)?,
    };
    let rest = || {
        let lock = run.lock()?;
        let normalization = data.normalization();
        export::write(&run.program(), program, None, normalization, export::Form::Stablehlo)?;
        run.describe(data)?;
        Ok((lock, MetricsFile::create(&run.metrics_path())?))
    };
    match rest() {
        Ok((lock, metrics)) => Ok((run, lock, metrics)),
        // Another process goes on with what was begun here.
        Err(error @ Error::RunInUse { .. }) => Err(error),
        Err(error) => {
            run.discard();
            Err(error)
        }
    }
}

/// The metrics of a run that goes on after `step`, and whether that step was evaluated. Where it has
/// nothing more to train, its evaluations are about to be written again.
pub(super) fn resumed_metrics(
    run: &RunFolder,
    step: u64,
    steps: u64,
) -> Result<(MetricsFile, bool)> {
    let [train, validation] = [Split::Train, Split::Validation].map(|split| split.to_string());
    let evaluated = Cell::new(false);
    let keep = |at: u64, split: &str| {
        evaluated.set(evaluated.get() || at == step && split == validation);
        at < step || at == step && (step < steps || split == train)
    };
    Ok((MetricsFile::resume(&run.metrics_path(), keep)?, evaluated.get()))
}

/// The trunk of the run or checkpoint in `path`, as evaluation would take it, for these programs.
pub(super) fn trunk_of(
    path: &Path,
    programs: &Programs,
    observer: &mut dyn FnMut(Event<'_>),
) -> Result<Tensors> {
    let passed_over = &mut |error: &_| observer(Event::PassedOver { error });
    let (_, folder, checkpoint) = run_folder::resolve(path, passed_over)?;
    let mut theirs = checkpoint.predicting();
    let misfit = |problem| Error::OtherTrunk { path: folder.clone(), problem };
    let ours = programs.model.trunk.params(programs.model.features);
    if ours.is_empty() {
        return Err(misfit("here it has no parameters".to_owned()));
    }
    ours.into_iter()
        .map(|ParamSpec { name, shape, .. }| {
            let array =
                theirs.remove(&name).ok_or_else(|| misfit(format!("there is no {name}")))?;
            if array.dims() != &shape[..] {
                let there = array.dims();
                return Err(misfit(format!("{name} is {there:?} there and {shape:?} here")));
            }
            Ok((name, array))
        })
        .collect()
}

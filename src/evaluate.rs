//! Metrics of a state on a split.

use std::sync::Arc;

use pjrt::LoadedExecutable;

use crate::data::{Dataset, Split};
use crate::error::{Error, Result};
use crate::metrics::{Accumulator, Evaluation};
use crate::programs::Programs;
use crate::runtime::Runtime;
use crate::state::TrainState;

/// A compiled evaluation.
#[derive(Debug)]
pub struct Evaluator {
    executable: LoadedExecutable,
    batch: usize,
    data: Arc<Dataset>,
}

impl Evaluator {
    /// Compiles the evaluation of `batch` examples at a time.
    ///
    /// # Errors
    /// If the model can't be traced or compiled.
    pub fn new(
        runtime: &Runtime,
        programs: &Programs,
        batch: usize,
        data: Arc<Dataset>,
    ) -> Result<Self> {
        let executable = runtime.compile(&programs.eval_step(batch)?)?;
        Ok(Self { executable, batch, data })
    }

    /// The metrics over the whole split.
    ///
    /// # Errors
    /// If the split is empty, or what the plugin reports.
    pub fn evaluate(
        &self,
        runtime: &Runtime,
        state: &TrainState,
        split: Split,
    ) -> Result<Evaluation> {
        let mut sums = Accumulator::default();
        for batch in self.data.sequential(split, self.batch)? {
            let batch = batch?;
            let arrays = [&batch.inputs, &batch.labels];
            let results = runtime.run(&self.executable, state.params(), &arrays)?;
            let host = |i: usize| results[i].to_host();
            let (loss, rank, confidence) = (host(0)?, host(1)?, host(2)?);
            sums.add(
                &loss.as_slice::<f32>().map_err(pjrt::Error::from)?[..batch.indices.len()],
                &rank.as_slice::<i32>().map_err(pjrt::Error::from)?[..batch.indices.len()],
                &confidence.as_slice::<f32>().map_err(pjrt::Error::from)?[..batch.indices.len()],
            );
        }
        sums.finish().ok_or(Error::EmptySplit { split })
    }
}

//! What a state predicts of inputs without labels.

use std::num::NonZeroUsize;
use std::sync::Arc;

use pjrt::{Buffer, LoadedExecutable};

use crate::data::{Dataset, EvalBatch, Skipped, Source};
use crate::error::Result;
use crate::evaluate::{classes, floats, in_turn, integers};
use crate::programs::Programs;
use crate::runtime::Runtime;
use crate::state::TrainState;

/// What is predicted of one input.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prediction<'a> {
    /// Its place in the source.
    pub index: usize,
    /// The classes that come first, from the most probable on.
    pub classes: &'a [u32],
    /// Their probabilities.
    pub probabilities: &'a [f32],
    /// The entropy in nats of the softmax of the logits.
    pub entropy: f32,
}

/// A compiled prediction.
#[derive(Debug)]
pub struct Predictor {
    executable: LoadedExecutable,
    batch: NonZeroUsize,
    data: Arc<Dataset>,
}

impl Predictor {
    /// Compiles the prediction of the `first` classes, or of all where there are fewer, for `batch`
    /// inputs at a time. They become what a model takes as those of `data` do.
    ///
    /// # Errors
    /// If the model can't be traced or compiled.
    pub fn new(
        runtime: &Runtime,
        programs: &Programs,
        batch: NonZeroUsize,
        first: NonZeroUsize,
        data: Arc<Dataset>,
    ) -> Result<Self> {
        let first = first.get().min(programs.model.classes);
        let executable = runtime.compile(&programs.predict_first(batch.get(), first)?)?;
        Ok(Self { executable, batch, data })
    }

    /// Calls `visit` with what is predicted of each input of `source`, in its order, and returns those
    /// that could not be used.
    ///
    /// # Errors
    /// If the source fails as a whole, or what the plugin reports.
    pub fn for_each(
        &self,
        runtime: &Runtime,
        state: &TrainState,
        source: Arc<dyn Source>,
        visit: &mut dyn FnMut(Prediction<'_>),
    ) -> Result<Vec<Skipped>> {
        let launch =
            |batch: &EvalBatch| runtime.run(&self.executable, state.params(), &[&batch.inputs]);
        let batches = self.data.inputs_of(source, self.batch);
        in_turn(batches, launch, |batch, results| show(batch, results, visit))
    }
}

/// Calls `visit` with each input of a batch.
fn show(
    batch: &EvalBatch,
    results: &[Buffer],
    visit: &mut dyn FnMut(Prediction<'_>),
) -> Result<()> {
    let host = results.iter().map(Buffer::to_host).collect::<Result<Vec<_>, _>>()?;
    let [first, probabilities, entropy] = &host[..] else {
        unreachable!("the program has three outputs")
    };
    let (first, probabilities) = (integers(first)?, floats(probabilities)?);
    let entropy = floats(entropy)?;
    let width = first.len() / entropy.len();
    for (row, &index) in batch.indices.iter().enumerate() {
        let of_row = row * width..(row + 1) * width;
        visit(Prediction {
            index,
            classes: &classes(&first[of_row.clone()]),
            probabilities: &probabilities[of_row],
            entropy: entropy[row],
        });
    }
    Ok(())
}

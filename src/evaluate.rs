//! What a state predicts of a split, and the metrics of that.

use std::sync::Arc;

use pjrt::{Buffer, HostArray, LoadedExecutable};

use crate::config::EvalConfig;
use crate::data::{DataError, Dataset, EvalBatch, Skipped, Split};
use crate::error::{Error, Result};
use crate::metrics::{Accumulator, Evaluation};
use crate::programs::Programs;
use crate::runtime::Runtime;
use crate::state::TrainState;

/// What is predicted of one example, and how far that is from its labels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Predicted<'a> {
    /// Its place in the split.
    pub index: usize,
    /// Its classes.
    pub labels: &'a [u32],
    /// The right class, where the labels may be others on purpose.
    pub clean_label: Option<u32>,
    /// The classes that come first, from the most probable on: ten, or all where there are fewer.
    pub classes: &'a [u32],
    /// Their probabilities.
    pub probabilities: &'a [f32],
    /// The loss, as in training, in nats.
    pub loss: f32,
    /// The probability of the first class by the softmax of the logits.
    pub confidence: f32,
    /// The entropy of that softmax in nats.
    pub entropy: f32,
    /// The sum over all classes of (probability − target)².
    pub brier: f32,
}

impl Predicted<'_> {
    /// Whether the first class is one of the labels.
    pub fn is_correct(&self) -> bool {
        self.classes.first().is_some_and(|class| self.labels.contains(class))
    }
}

/// A compiled evaluation.
#[derive(Debug)]
pub struct Evaluator {
    executable: LoadedExecutable,
    batch: usize,
    data: Arc<Dataset>,
    /// 1 over the propensity of each class, where metrics scored by them are wanted.
    weights: Option<Vec<f64>>,
}

impl Evaluator {
    /// Compiles the evaluation of examples of `data` as `config` has it.
    ///
    /// # Errors
    /// If the model can't be traced or compiled, or the labels of the train split are wanted and
    /// can't be read.
    pub fn new(
        runtime: &Runtime,
        programs: &Programs,
        config: &EvalConfig,
        data: Arc<Dataset>,
    ) -> Result<Self> {
        let executable = runtime.compile(&programs.eval_step(config.batch_size)?)?;
        let weights = match &config.propensity {
            Some(propensity) if data.max_labels().is_some() => {
                let counts = data.label_counts(Split::Train)?;
                Some(propensity.inverse(&counts, data.len(Split::Train)))
            }
            _ => None,
        };
        Ok(Self { executable, batch: config.batch_size, data, weights })
    }

    /// The metrics over the whole split.
    ///
    /// # Errors
    /// If the split has no example with a label, or can't be read, or what the plugin reports.
    pub fn evaluate(
        &self,
        runtime: &Runtime,
        state: &TrainState,
        split: Split,
    ) -> Result<Evaluation> {
        self.for_each(runtime, state, split, &mut |_| {})
    }

    /// [`Evaluator::evaluate`], with `visit` called with what is predicted of each example of the
    /// split, in its order.
    ///
    /// # Errors
    /// See [`Evaluator::evaluate`].
    pub fn for_each(
        &self,
        runtime: &Runtime,
        state: &TrainState,
        split: Split,
        visit: &mut dyn FnMut(&Predicted<'_>),
    ) -> Result<Evaluation> {
        let evaluation = self.for_each_while(runtime, state, split, visit, &mut |_| true)?;
        Ok(evaluation.expect("nothing ends it"))
    }

    /// [`Evaluator::for_each`] as long as `go_on` says so, which is called before each batch is read
    /// with how many examples were; `None` where it doesn't.
    ///
    /// # Errors
    /// See [`Evaluator::evaluate`].
    pub fn for_each_while(
        &self,
        runtime: &Runtime,
        state: &TrainState,
        split: Split,
        visit: &mut dyn FnMut(&Predicted<'_>),
        go_on: &mut dyn FnMut(usize) -> bool,
    ) -> Result<Option<Evaluation>> {
        let mut sums = match self.data.max_labels() {
            None => Accumulator::one_label(),
            Some(_) => Accumulator::several_labels(self.weights.clone()),
        };
        let launch = |batch: &EvalBatch| {
            let arrays = [&batch.inputs, &batch.labels];
            runtime.run(&self.executable, state.params(), &arrays)
        };
        let len = self.data.len(split);
        let (mut ended, mut read) = (false, 0);
        let mut batches = self.data.sequential(split, self.batch)?;
        let batches = std::iter::from_fn(|| {
            ended = !go_on(read);
            read = len.min(read + self.batch);
            if ended { None } else { batches.next() }
        });
        let skipped = in_turn(batches, launch, |batch, results| {
            self.show(split, batch, results, &mut |example| {
                sums.add(example);
                visit(example);
            })
        })?;
        if ended {
            return Ok(None);
        }
        let nothing = match len {
            0 => Error::EmptySplit { split },
            _ => Error::NothingLabelled { split },
        };
        sums.finish(skipped).ok_or(nothing).map(Some)
    }

    /// Calls `visit` with each example of a batch.
    fn show(
        &self,
        split: Split,
        batch: &EvalBatch,
        results: &[Buffer],
        visit: &mut dyn FnMut(&Predicted<'_>),
    ) -> Result<()> {
        let host = results.iter().map(Buffer::to_host).collect::<Result<Vec<_>, _>>()?;
        let [loss, first, probabilities, confidence, entropy, brier] = &host[..] else {
            unreachable!("the program has six outputs")
        };
        let (loss, probabilities) = (floats(loss)?, floats(probabilities)?);
        let (confidence, entropy, brier) = (floats(confidence)?, floats(entropy)?, floats(brier)?);
        let (first, labels) = (integers(first)?, integers(&batch.labels)?);
        let (ranked, width) = (first.len() / loss.len(), labels.len() / loss.len());
        for (row, &index) in batch.indices.iter().enumerate() {
            let of_row = row * ranked..(row + 1) * ranked;
            visit(&Predicted {
                index,
                labels: &classes(&labels[row * width..][..width]),
                clean_label: self.data.clean_label(split, index),
                classes: &classes(&first[of_row.clone()]),
                probabilities: &probabilities[of_row],
                loss: loss[row],
                confidence: confidence[row],
                entropy: entropy[row],
                brier: brier[row],
            });
        }
        Ok(())
    }
}

/// Launches a program on one batch after the other, has `show` read what it returned of each, and
/// returns the examples that could not be used.
pub(crate) fn in_turn(
    batches: impl Iterator<Item = Result<EvalBatch, DataError>>,
    launch: impl Fn(&EvalBatch) -> Result<Vec<Buffer>>,
    mut show: impl FnMut(&EvalBatch, &[Buffer]) -> Result<()>,
) -> Result<Vec<Skipped>> {
    let mut skipped = vec![];
    let mut launched: Option<(EvalBatch, Vec<Buffer>)> = None;
    for batch in batches {
        let mut batch = batch?;
        skipped.append(&mut batch.skipped);
        let results = launch(&batch)?;
        // The device works on a batch while the host reads the next one.
        if let Some((before, results)) = launched.replace((batch, results)) {
            show(&before, &results)?;
        }
    }
    if let Some((last, results)) = launched {
        show(&last, &results)?;
    }
    Ok(skipped)
}

/// Classes as programs take and give them, without what fills them up, which is negative.
pub(crate) fn classes(numbers: &[i32]) -> Vec<u32> {
    numbers.iter().filter_map(|&number| u32::try_from(number).ok()).collect()
}

pub(crate) fn floats(array: &HostArray) -> Result<&[f32], pjrt::Error> {
    Ok(array.as_slice()?)
}

pub(crate) fn integers(array: &HostArray) -> Result<&[i32], pjrt::Error> {
    Ok(array.as_slice()?)
}

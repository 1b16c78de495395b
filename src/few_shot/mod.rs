//! How good a trunk's features are for classes of which few examples are known: linear classifiers on
//! a frozen trunk, as the HET-XL paper's code has it (after Kolesnikov et al., "Big transfer", 2020).
//!
//! For each number of shots a ridge regression in closed form is fitted to so many examples of each
//! class. Features are standardised by the mean and the standard deviation (plus 10⁻⁵) of the examples
//! that are fitted, a constant feature of 100 is a bias that hardly costs anything, and targets are 1
//! for an example's class and −1 for all others:
//!
//! ```text
//! W = (Xᵀ X + λ I)⁻¹ Xᵀ Y        λ ∈ {2⁻¹⁰, …, 2¹⁹}, the best on the validation split
//! ```
//!
//! The features are the pre-logits, those of a vision transformer before their `tanh`. The noise of a
//! head plays no part.

mod examples;
mod ridge;

use std::num::NonZeroUsize;
use std::sync::Arc;

use pjrt::LoadedExecutable;
use serde::Serialize;

use crate::config::EvalConfig;
use crate::data::{Dataset, EvalBatch, Skipped, Split};
use crate::error::{Error, Result};
use crate::evaluate::{classes, floats, in_turn, integers};
use crate::programs::Programs;
use crate::runtime::Runtime;
use crate::state::TrainState;

use examples::examples;

pub use ridge::{Features, Fit, Ridge};

/// The accuracy of a linear classifier that was fitted to few examples of each class.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct FewShot {
    /// The examples of each class.
    pub shots: usize,
    /// The part of the examples of the split that are classified right.
    pub accuracy: f64,
    /// What squared weights cost, λ.
    pub lambda: f64,
    /// The part of the validation split that is classified right, which λ was chosen by.
    pub validation: f64,
}

/// A compiled trunk.
#[derive(Debug)]
pub struct FewShotEvaluator {
    executable: LoadedExecutable,
    batch: usize,
    data: Arc<Dataset>,
}

impl FewShotEvaluator {
    /// Compiles the trunk for examples of `data` as `config` has it.
    ///
    /// # Errors
    /// If examples can have several labels, or the trunk can't be traced or compiled.
    pub fn new(
        runtime: &Runtime,
        programs: &Programs,
        config: &EvalConfig,
        data: Arc<Dataset>,
    ) -> Result<Self> {
        if data.max_labels().is_some() {
            return Err(Error::FewShotLabels);
        }
        let batch = config.batch_size;
        let executable = runtime.compile(&programs.embed(batch)?)?;
        Ok(Self { executable, batch, data })
    }

    /// Fits to `shots` examples of each class and measures on `split`, for each of `shots`. The
    /// examples are the first ones of each class in the order [`shuffle(0, 0, N)`](crate::data::shuffle) of the
    /// train split, without those that can't be used. Of all splits such examples are the second
    /// result.
    ///
    /// # Errors
    /// If a class has too few examples, if a feature isn't finite, if a split is empty or can't be
    /// read, or what the plugin reports.
    pub fn evaluate(
        &self,
        runtime: &Runtime,
        state: &TrainState,
        split: Split,
        shots: &[NonZeroUsize],
    ) -> Result<(Vec<FewShot>, Vec<Skipped>)> {
        let most = shots.iter().max().map_or(0, |most| most.get());
        let (chosen, mut skipped) = examples(&self.data, most, self.batch)?;
        let mut features = |split, places| -> Result<Features> {
            let (features, more) = self.features(runtime, state, split, places)?;
            // Those of the train split are known where it is measured on, too.
            skipped.extend(more.into_iter().filter(|it| !skipped.contains(it)).collect::<Vec<_>>());
            Ok(features)
        };
        let all = |split| (0..self.data.len(split)).collect();
        let train = features(Split::Train, chosen)?;
        let validation = features(Split::Validation, all(Split::Validation))?;
        let measured = match split {
            Split::Validation => None,
            split => Some(features(split, all(split))?),
        };
        let measured = measured.as_ref().unwrap_or(&validation);
        for (split, features) in [(Split::Validation, &validation), (split, measured)] {
            if features.labels.is_empty() {
                return Err(Error::EmptySplit { split });
            }
        }
        let fit = |&shots: &NonZeroUsize| {
            let shots = shots.get();
            let ridge = Ridge::new(&train.first_of_each_class(shots), self.data.classes());
            let fits = ridge.fits(&validation);
            // The first of equals.
            let better =
                |best: Fit, next: Fit| if next.accuracy > best.accuracy { next } else { best };
            let best = fits.into_iter().reduce(better).expect("there is a grid");
            let accuracy = ridge.accuracy(measured, best.lambda);
            FewShot { shots, accuracy, lambda: best.lambda, validation: best.accuracy }
        };
        Ok((shots.iter().map(fit).collect(), skipped))
    }

    /// The features of the examples at these places, and those that could not be used.
    fn features(
        &self,
        runtime: &Runtime,
        state: &TrainState,
        split: Split,
        places: Vec<usize>,
    ) -> Result<(Features, Vec<Skipped>)> {
        let launch =
            |batch: &EvalBatch| runtime.run(&self.executable, state.params(), &[&batch.inputs]);
        let mut features = Features::default();
        let batches = self.data.selected(split, places, self.batch)?;
        let skipped = in_turn(batches, launch, |batch, results| {
            let embedding = results[0].to_host()?;
            features.width = embedding.dims()[1];
            let (used, embedding) = (batch.indices.len(), floats(&embedding)?);
            // The search for eigenvalues would not come to an end.
            if !embedding.iter().all(|number| number.is_finite()) {
                return Err(Error::FeaturesNotFinite { split });
            }
            features.numbers.extend(&embedding[..used * features.width]);
            features.labels.extend(&classes(integers(&batch.labels)?)[..used]);
            Ok(())
        })?;
        Ok((features, skipped))
    }
}

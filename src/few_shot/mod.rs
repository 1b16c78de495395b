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

use pjrt::LoadedExecutable;
use serde::Serialize;

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

/// Fits to `shots` examples of each class and measures on `split`, for each of `shots`. The examples
/// are the first ones of each class in the order [`shuffle(0, 0, N)`](crate::data::shuffle) of the train split,
/// without those that can't be used. Of all splits such examples are the second result.
///
/// # Errors
/// If examples can have several labels, if a class has too few, if a feature isn't finite, if a split
/// is empty or can't be read, or what the plugin reports.
pub fn few_shot(
    runtime: &Runtime,
    programs: &Programs,
    state: &TrainState,
    data: &Dataset,
    (split, batch): (Split, usize),
    shots: &[usize],
) -> Result<(Vec<FewShot>, Vec<Skipped>)> {
    if data.max_labels().is_some() {
        return Err(Error::FewShotLabels);
    }
    let (chosen, skipped) = examples(data, shots.iter().copied().max().unwrap_or(0), batch)?;
    let executable = runtime.compile(&programs.embed(batch)?)?;
    let mut trunk = Embedding { runtime, executable, state, data, batch, skipped };
    let train = trunk.features(Split::Train, chosen)?;
    let validation = trunk.features(Split::Validation, 0..data.len(Split::Validation))?;
    let measured = match split {
        Split::Validation => None,
        split => Some(trunk.features(split, 0..data.len(split))?),
    };
    let measured = measured.as_ref().unwrap_or(&validation);
    for (split, features) in [(Split::Validation, &validation), (split, measured)] {
        if features.labels.is_empty() {
            return Err(Error::EmptySplit { split });
        }
    }
    let fit = |&shots: &usize| {
        let ridge = Ridge::new(&train.first_of_each_class(shots), data.classes());
        let fits = ridge.fits(&validation);
        // The first of equals.
        let better = |best: Fit, next: Fit| if next.accuracy > best.accuracy { next } else { best };
        let best = fits.into_iter().reduce(better).expect("there is a grid");
        let accuracy = ridge.accuracy(measured, best.lambda);
        FewShot { shots, accuracy, lambda: best.lambda, validation: best.accuracy }
    };
    Ok((shots.iter().map(fit).collect(), trunk.skipped))
}

/// A frozen trunk.
struct Embedding<'a> {
    runtime: &'a Runtime,
    executable: LoadedExecutable,
    state: &'a TrainState,
    data: &'a Dataset,
    batch: usize,
    /// The examples so far that could not be used.
    skipped: Vec<Skipped>,
}

impl Embedding<'_> {
    /// The features of the examples at these places that can be used.
    fn features(
        &mut self,
        split: Split,
        places: impl IntoIterator<Item = usize>,
    ) -> Result<Features> {
        let launch = |batch: &EvalBatch| {
            self.runtime.run(&self.executable, self.state.params(), &[&batch.inputs])
        };
        let mut features = Features::default();
        let batches = self.data.selected(split, places, self.batch)?;
        let mut skipped = in_turn(batches, launch, |batch, results| {
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
        // Those of the train split are known where it is measured on, too.
        skipped.retain(|example| !self.skipped.contains(example));
        self.skipped.extend(skipped);
        Ok(features)
    }
}

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

mod ridge;

use pjrt::LoadedExecutable;
use serde::Serialize;

use crate::data::{Dataset, Split, shuffle};
use crate::error::{Error, Result};
use crate::evaluate::{classes, floats, integers};
use crate::programs::Programs;
use crate::runtime::Runtime;
use crate::state::TrainState;

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
/// are the first ones of each class in the order [`shuffle(0, 0, N)`](shuffle) of the train split.
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
) -> Result<Vec<FewShot>> {
    if data.max_labels().is_some() {
        return Err(Error::FewShotLabels);
    }
    let chosen = examples(data, shots.iter().copied().max().unwrap_or(0))?;
    let executable = runtime.compile(&programs.embed(batch)?)?;
    let trunk = Embedding { runtime, executable, state, data, batch };
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
    Ok(shots.iter().map(fit).collect())
}

/// The places in the train split of the first `shots` examples of each class, in the order that was
/// shuffled.
fn examples(data: &Dataset, shots: usize) -> Result<Vec<usize>> {
    let mut found = vec![0; data.classes()];
    let mut chosen = vec![];
    for place in shuffle(0, 0, data.len(Split::Train) as u32) {
        if chosen.len() == shots.saturating_mul(found.len()) {
            break;
        }
        let labels = data.labels(Split::Train, place as usize)?;
        let Some(class) = labels.and_then(|labels| labels.first().copied()) else { continue };
        let found = &mut found[class as usize];
        if *found < shots {
            *found += 1;
            chosen.push(place as usize);
        }
    }
    match found.iter().position(|&found| found < shots) {
        Some(class) => Err(Error::FewShotExamples { class, found: found[class], shots }),
        None => Ok(chosen),
    }
}

/// A frozen trunk.
struct Embedding<'a> {
    runtime: &'a Runtime,
    executable: LoadedExecutable,
    state: &'a TrainState,
    data: &'a Dataset,
    batch: usize,
}

impl Embedding<'_> {
    /// The features of the examples at these places.
    fn features(&self, split: Split, places: impl IntoIterator<Item = usize>) -> Result<Features> {
        let mut features = Features::default();
        for batch in self.data.selected(split, places, self.batch)? {
            let batch = batch?;
            let results =
                self.runtime.run(&self.executable, self.state.params(), &[&batch.inputs])?;
            let embedding = results[0].to_host()?;
            features.width = embedding.dims()[1];
            let (used, embedding) = (batch.indices.len(), floats(&embedding)?);
            // The search for eigenvalues would not come to an end.
            if !embedding.iter().all(|number| number.is_finite()) {
                return Err(Error::FeaturesNotFinite { split });
            }
            features.numbers.extend(&embedding[..used * features.width]);
            features.labels.extend(&classes(integers(&batch.labels)?)[..used]);
        }
        Ok(features)
    }
}

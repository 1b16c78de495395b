//! The labels of a split by themselves.

use rayon::prelude::*;

use super::source::{Part, ReadError};
use super::{DataError, Dataset, Skipped, Split};

/// Checks that an example has labels as its set says: different ones below `classes`, and without
/// `max_labels` exactly one.
///
/// # Errors
/// What is wrong with them.
pub(super) fn check(
    labels: &[u32],
    classes: usize,
    max_labels: Option<usize>,
    name: impl Fn() -> String,
) -> Result<(), DataError> {
    if let Some(&label) = labels.iter().find(|&&label| label as usize >= classes) {
        return Err(DataError::LabelOutOfRange { name: name(), label, classes });
    }
    if let Some(at) = (1..labels.len()).find(|&at| labels[..at].contains(&labels[at])) {
        return Err(DataError::LabelTwice { name: name(), label: labels[at] });
    }
    let got = labels.len();
    match max_labels {
        None if got != 1 => Err(DataError::NotOneLabel { name: name(), got }),
        Some(max) if got > max => Err(DataError::TooManyLabels { name: name(), got, max }),
        _ => Ok(()),
    }
}

impl Dataset {
    /// The classes of the examples of a split at these places, or what is wrong with one that can't be
    /// used.
    ///
    /// # Errors
    /// If the data can't be read, or a class is not one of the set's.
    pub(crate) fn labels(
        &self,
        split: Split,
        places: &[u32],
    ) -> Result<Vec<Result<Vec<u32>, Skipped>>, DataError> {
        let part = self.part(split);
        self.threads.install(|| {
            places.par_iter().map(|&place| self.labels_of(part, place as usize)).collect()
        })
    }

    pub(super) fn check_labels(
        &self,
        labels: Vec<u32>,
        name: impl Fn() -> String,
    ) -> Result<Vec<u32>, DataError> {
        check(&labels, self.classes(), self.max_labels(), name).map(|()| labels)
    }

    fn labels_of(&self, part: &Part, index: usize) -> Result<Result<Vec<u32>, Skipped>, DataError> {
        match part.labels(index) {
            Ok(labels) => self.check_labels(labels, || part.name(index)).map(Ok),
            Err(ReadError::Unusable(problem)) => {
                Ok(Err(Skipped { name: part.name(index), problem }))
            }
            Err(ReadError::Failed(error)) => Err(error),
        }
    }

    /// How many examples of a split have each class, without those whose classes can't be told. Of all
    /// of them the labels are read.
    ///
    /// # Errors
    /// If the data can't be read, or a class is not one of the set's.
    pub fn label_counts(&self, split: Split) -> Result<Vec<u64>, DataError> {
        let part = self.part(split);
        let none = || vec![0; self.classes()];
        let count = |mut counts: Vec<u64>, index| {
            for label in self.labels_of(part, index)?.into_iter().flatten() {
                counts[label as usize] += 1;
            }
            Ok(counts)
        };
        let add = |mut sum: Vec<u64>, counts: Vec<u64>| {
            sum.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
            Ok(sum)
        };
        self.threads
            .install(|| (0..part.len()).into_par_iter().try_fold(none, count).try_reduce(none, add))
    }
}

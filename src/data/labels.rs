//! The labels of a split by themselves.

use rayon::prelude::*;

use super::source::ReadError;
use super::{DataError, Dataset, Split};

impl Dataset {
    /// The classes of an example; `None` if it can't be used.
    fn labels(&self, split: Split, index: usize) -> Result<Option<Vec<u32>>, DataError> {
        let part = self.part(split);
        match part.read(index) {
            Ok(example) => self.check_labels(example.labels, || part.name(index)).map(Some),
            Err(ReadError::Unusable(_)) => Ok(None),
            Err(ReadError::Failed(error)) => Err(error),
        }
    }

    /// How many examples of a split have each class. All of them are read.
    ///
    /// # Errors
    /// If the data can't be read, or a class is not one of the set's.
    pub fn label_counts(&self, split: Split) -> Result<Vec<u64>, DataError> {
        let none = || vec![0; self.classes()];
        let count = |mut counts: Vec<u64>, index| {
            for label in self.labels(split, index)?.into_iter().flatten() {
                counts[label as usize] += 1;
            }
            Ok(counts)
        };
        let add = |mut sum: Vec<u64>, counts: Vec<u64>| {
            sum.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
            Ok(sum)
        };
        self.threads.install(|| {
            (0..self.len(split)).into_par_iter().try_fold(none, count).try_reduce(none, add)
        })
    }
}

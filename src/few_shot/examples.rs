//! Which examples of the train split are fitted to.

use crate::data::{Dataset, Skipped, Split, shuffle};
use crate::error::{Error, Result};
use crate::evaluate::{classes, integers};

/// How many labels are read at a time, by all threads of the data.
const LABELS: usize = 4096;

/// The train split in the order that was shuffled. Labels are read as far as they are asked for, and
/// images only of examples that are taken: of many classes some are rare, and much is passed over.
struct Candidates<'a> {
    data: &'a Dataset,
    order: Vec<u32>,
    /// The class of each example whose label was read, but for those that were taken since.
    classes: Vec<Option<u32>>,
    /// Those whose labels can't be used.
    skipped: Vec<Skipped>,
}

impl Candidates<'_> {
    /// Takes the first ones of each class that aren't taken, as many as are `missing` of it if there
    /// are so many; the result is their places in the split.
    fn take(&mut self, mut missing: Vec<usize>) -> Result<Vec<usize>> {
        let (mut left, mut taken) = (missing.iter().sum::<usize>(), vec![]);
        for at in 0..self.order.len() {
            if left == 0 {
                break;
            }
            if at == self.classes.len() {
                self.read_on()?;
            }
            let class = &mut self.classes[at];
            let missing = class.map(|class| &mut missing[class as usize]);
            if let Some(missing) = missing.filter(|missing| **missing > 0) {
                *missing -= 1;
                left -= 1;
                *class = None;
                taken.push(self.order[at] as usize);
            }
        }
        Ok(taken)
    }

    fn read_on(&mut self) -> Result<()> {
        let places = &self.order[self.classes.len()..];
        let places = &places[..places.len().min(LABELS)];
        for labels in self.data.labels(Split::Train, places)? {
            self.classes.push(match labels {
                Ok(labels) => labels.first().copied(),
                Err(skipped) => {
                    self.skipped.push(skipped);
                    None
                }
            });
        }
        Ok(())
    }
}

/// The places in the train split of the first `shots` examples of each class that can be used, in the
/// order that was shuffled, and the examples on the way that can't.
pub(super) fn examples(
    data: &Dataset,
    shots: usize,
    batch: usize,
) -> Result<(Vec<usize>, Vec<Skipped>)> {
    let order = shuffle(0, 0, data.len(Split::Train) as u32);
    let mut candidates = Candidates { data, order, classes: vec![], skipped: vec![] };
    let (mut found, mut chosen, mut skipped) = (vec![0; data.classes()], vec![], vec![]);
    // More than there are would be too many to count.
    let most = shots.min(data.len(Split::Train));
    loop {
        let missing = found.iter().map(|found| most - found).collect();
        let taken = candidates.take(missing)?;
        if taken.is_empty() {
            break;
        }
        // What can't be used is replaced in the next turn.
        for batch in data.selected(Split::Train, taken, batch)? {
            let batch = batch?;
            skipped.extend(batch.skipped);
            for (&place, class) in batch.indices.iter().zip(classes(integers(&batch.labels)?)) {
                found[class as usize] += 1;
                chosen.push(place);
            }
        }
        data.check_skipped(skipped.len(), skipped.last())?;
    }
    skipped.append(&mut candidates.skipped);
    data.check_skipped(skipped.len(), skipped.last())?;
    match found.iter().position(|&found| found < shots) {
        Some(class) => {
            let name = data.class_names().map(|names| names[class].clone());
            Err(Error::FewShotExamples { class, name, found: found[class], shots })
        }
        None => Ok((chosen, skipped)),
    }
}

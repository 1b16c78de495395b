//! Batches for training, made ahead by threads, and for evaluation, in order.

use std::collections::HashSet;
use std::iter;
use std::num::NonZeroUsize;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel, sync_channel};
use std::thread::{self, JoinHandle};

use pjrt::{DType, HostArray};
use rayon::prelude::*;
use serde::Serialize;

use super::source::{Part, ReadError, Source};
use super::{DataError, Dataset, Random, Split, shuffle};

/// How many batches lie ready while the device works on one.
const AHEAD: usize = 2;

/// Examples for one step of training.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// The step that the batch belongs to, counted from 0.
    pub step: u64,
    /// `f32[B, D]`.
    pub inputs: HostArray,
    /// `i32[B]`; `i32[B, M]` where an example has up to M classes, filled up with −1.
    pub labels: HostArray,
    /// Examples that can't be used. In the place of each stands the next one of the batch that can.
    pub skipped: Vec<Skipped>,
}

/// An example that can't be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Skipped {
    /// What it is called, such as the path of its file.
    pub name: String,
    /// What is wrong with it.
    pub problem: String,
}

/// Examples for one call of evaluation.
#[derive(Clone, Debug, PartialEq)]
pub struct EvalBatch {
    /// `f32[B, D]`.
    pub inputs: HostArray,
    /// As in [`Batch::labels`].
    pub labels: HostArray,
    /// The places in the split of the rows that are examples; the rows after them repeat one and
    /// count for nothing.
    pub indices: Vec<usize>,
    /// Examples that can't be used, and are in no row.
    pub skipped: Vec<Skipped>,
}

/// Which batches a run takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    /// B, the examples of a step, of all hosts together.
    pub batch: usize,
    /// Decides the order of the examples and what is random about each.
    pub seed: u64,
    /// The first step.
    pub start: u64,
    /// The part of each batch that this host takes.
    pub share: Share,
}

/// One of several hosts that share every batch, each of which takes successive examples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// This host, counted from 0.
    pub host: usize,
    /// How many there are. They divide the batch.
    pub hosts: usize,
}

impl Share {
    /// A host alone.
    pub const ALL: Self = Self { host: 0, hosts: 1 };
}

/// The endless batches of a run, from [`Dataset::batches`]. Dropping it ends its thread.
#[derive(Debug)]
pub struct Batches {
    // `None` only while it is dropped.
    receiver: Option<Receiver<Result<Batch, DataError>>>,
    /// Inputs that are no longer needed.
    used: Sender<HostArray>,
    thread: Option<JoinHandle<()>>,
}

impl Dataset {
    /// The train split in shuffled batches, for ever: one epoch after the other, each in an order of
    /// its own, without a gap, so that a batch may be the end of one and the beginning of the next.
    /// Example `i` of step `s` has the place `p = s · B + i`, and is the one that comes `p % N`-th in
    /// the order [`shuffle`] of epoch `p / N`. So a run that goes on from a checkpoint sees what it
    /// would have seen, and every epoch has every example once.
    ///
    /// # Errors
    /// [`DataError::BatchSize`] if the batch, or the split, is empty.
    pub fn batches(self: &Arc<Self>, order: Order) -> Result<Batches, DataError> {
        let part = self.part(Split::Train);
        let (batch, len) = (order.batch, part.len());
        if batch == 0 || len == 0 {
            return Err(DataError::BatchSize { batch, split: Split::Train, len });
        }
        let dataset = Arc::clone(self);
        let (sender, receiver) = sync_channel(AHEAD);
        let (used, spare) = channel();
        let thread = thread::spawn(move || {
            let part = dataset.part(Split::Train);
            let mut places = Places::new(order.seed, part.len());
            let mut skipped = HashSet::new();
            for step in order.start.. {
                let examples = places.of_step(order, step);
                let made = dataset.room(spare.try_recv().ok(), examples.len()).and_then(|room| {
                    dataset.training_batch(step, part, &examples, room, &mut skipped)
                });
                let failed = made.is_err();
                if sender.send(made).is_err() || failed {
                    return;
                }
            }
        });
        Ok(Batches { receiver: Some(receiver), used, thread: Some(thread) })
    }

    /// Where the inputs of `rows` examples are written: `used`, if it has the size.
    fn room(&self, used: Option<HostArray>, rows: usize) -> Result<HostArray, DataError> {
        let dims = [rows, self.features()];
        match used {
            Some(used) if used.dims() == dims => Ok(used),
            _ => Ok(HostArray::zeros(DType::F32, &dims)?),
        }
    }

    /// What the examples of the first step of `order` are called, those of this host.
    pub fn names(&self, order: Order) -> Vec<String> {
        let part = self.part(Split::Train);
        let examples = Places::new(order.seed, part.len()).of_step(order, order.start);
        examples.into_iter().map(|(index, _)| part.name(index)).collect()
    }

    fn training_batch(
        &self,
        step: u64,
        part: &Part,
        examples: &[(usize, Random)],
        room: HostArray,
        so_far: &mut HashSet<String>,
    ) -> Result<Batch, DataError> {
        let examples_of = examples.iter().map(|(at, it)| (*at, Some(it.clone())));
        let mut rows = self.read(part, examples_of, Labelled::Yes, room)?;
        let skipped = rows.take_skipped();
        // An example that comes up in every epoch counts once.
        so_far.extend(skipped.iter().map(|it| it.name.clone()));
        self.check_skipped(so_far.len(), skipped.last())?;
        let usable = |row: usize| rows.labels[row].is_some();
        let count = examples.len();
        for row in (0..count).filter(|&row| !usable(row)) {
            let next = (1..count).map(|ahead| (row + ahead) % count).find(|&row| usable(row));
            let Some(next) = next else {
                let last = skipped.last().expect("no row is usable");
                return Err(DataError::NoneUsable { last: last.clone(), count });
            };
            rows.repeats.push((row, next));
        }
        let (inputs, labels) = rows.into_arrays(self)?;
        Ok(Batch { step, inputs, labels, skipped })
    }

    /// A split in its own order in batches of `batch` examples, the last one filled up.
    ///
    /// # Errors
    /// [`DataError::BatchSize`] if the batch is empty.
    pub fn sequential(
        &self,
        split: Split,
        batch: usize,
    ) -> Result<impl Iterator<Item = Result<EvalBatch, DataError>>, DataError> {
        self.selected(split, 0..self.len(split), batch)
    }

    /// [`Dataset::sequential`] of the examples of a split at these places, in their order.
    ///
    /// # Errors
    /// [`DataError::BatchSize`] if the batch is empty.
    pub fn selected(
        &self,
        split: Split,
        places: impl IntoIterator<Item = usize>,
        batch: usize,
    ) -> Result<impl Iterator<Item = Result<EvalBatch, DataError>>, DataError> {
        let part = self.part(split);
        if batch == 0 {
            return Err(DataError::BatchSize { batch, split, len: part.len() });
        }
        let (mut places, mut so_far) = (places.into_iter(), 0);
        Ok(iter::from_fn(move || {
            let taken = places.by_ref().take(batch).collect::<Vec<_>>();
            (!taken.is_empty()).then(|| {
                let made = self.eval_batch(part, &taken, batch, Labelled::Yes)?;
                so_far += made.skipped.len();
                self.check_skipped(so_far, made.skipped.last())?;
                Ok(made)
            })
        }))
    }

    /// The inputs of a source without labels in batches of `batch`, the last one filled up. What can't
    /// be used is skipped without a limit.
    pub fn inputs_of(
        &self,
        source: Arc<dyn Source>,
        batch: NonZeroUsize,
    ) -> impl Iterator<Item = Result<EvalBatch, DataError>> {
        let part = Part::whole(source);
        let (len, batch) = (part.len(), batch.get());
        (0..len).step_by(batch).map(move |first| {
            let taken = (first..len.min(first + batch)).collect::<Vec<_>>();
            self.eval_batch(&part, &taken, batch, Labelled::No)
        })
    }

    fn eval_batch(
        &self,
        part: &Part,
        places: &[usize],
        batch: usize,
        labelled: Labelled,
    ) -> Result<EvalBatch, DataError> {
        let room = self.room(None, batch)?;
        let mut rows = self.read(part, places.iter().map(|&at| (at, None)), labelled, room)?;
        let skipped = rows.take_skipped();
        let indices = places.iter().zip(&rows.labels).filter(|(_, labels)| labels.is_some());
        let indices = indices.map(|(&index, _)| index).collect();
        rows.pack(batch);
        let (inputs, labels) = rows.into_arrays(self)?;
        Ok(EvalBatch { inputs, labels, indices, skipped })
    }

    /// Whether so many examples that can't be used are too many.
    ///
    /// # Errors
    /// [`DataError::TooManySkipped`].
    pub(crate) fn check_skipped(
        &self,
        count: usize,
        last: Option<&Skipped>,
    ) -> Result<(), DataError> {
        match last {
            Some(last) if count > self.max_skipped => Err(DataError::TooManySkipped {
                count,
                limit: self.max_skipped,
                last: last.clone(),
            }),
            _ => Ok(()),
        }
    }

    /// Reads examples, each by one of the set's threads, to the first rows of `room`.
    fn read(
        &self,
        part: &Part,
        examples: impl Iterator<Item = (usize, Option<Random>)>,
        labelled: Labelled,
        mut room: HostArray,
    ) -> Result<Rows, DataError> {
        let examples = examples.collect::<Vec<_>>();
        let features = self.features();
        let one = |((index, random), row): ((usize, Option<Random>), &mut [f32])| {
            let unusable = |problem| Err(Skipped { name: part.name(index), problem });
            let example = match part.read(index) {
                Ok(example) => example,
                Err(ReadError::Unusable(problem)) => return Ok(unusable(problem)),
                Err(ReadError::Failed(error)) => return Err(error),
            };
            if let Err(problem) = self.inputs.write(&example.input, random, row) {
                return Ok(unusable(problem));
            }
            match labelled {
                Labelled::Yes => self.check_labels(example.labels, || part.name(index)).map(Ok),
                Labelled::No => Ok(Ok(vec![])),
            }
        };
        let inputs = room.as_mut_slice()?;
        let read = self.threads.install(|| {
            let rows = inputs.par_chunks_mut(features);
            examples.into_par_iter().zip(rows).map(one).collect::<Result<Vec<_>, _>>()
        })?;
        let (mut labels, mut skipped) = (vec![], vec![]);
        for read in read {
            match read {
                Ok(of_example) => labels.push(Some(of_example)),
                Err(unusable) => {
                    labels.push(None);
                    skipped.push(unusable);
                }
            }
        }
        Ok(Rows { features, inputs: room, labels, repeats: vec![], skipped })
    }
}

/// Whether examples are to have labels.
#[derive(Clone, Copy)]
enum Labelled {
    Yes,
    No,
}

/// What was read for a batch.
struct Rows {
    features: usize,
    /// `f32[B, features]`.
    inputs: HostArray,
    /// For each row its classes; `None` where there is no usable example.
    labels: Vec<Option<Vec<u32>>>,
    /// Rows to be made the same as others.
    repeats: Vec<(usize, usize)>,
    skipped: Vec<Skipped>,
}

impl Rows {
    fn take_skipped(&mut self) -> Vec<Skipped> {
        std::mem::take(&mut self.skipped)
    }

    /// Moves usable rows to the front and fills up with copies of the first one to `count` rows.
    fn pack(&mut self, count: usize) {
        let mut kept = 0;
        for row in 0..self.labels.len() {
            if self.labels[row].is_some() {
                self.copy_input(row, kept);
                self.labels.swap(row, kept);
                kept += 1;
            }
        }
        self.labels.resize(count, None);
        if kept > 0 {
            self.repeats.extend((kept..count).map(|row| (row, 0)));
        }
    }

    fn copy_input(&mut self, from: usize, to: usize) {
        let size = self.features * size_of::<f32>();
        self.inputs.bytes_mut().copy_within(from * size..(from + 1) * size, to * size);
    }

    fn into_arrays(mut self, set: &Dataset) -> Result<(HostArray, HostArray), DataError> {
        let count = self.labels.len();
        for (row, of) in std::mem::take(&mut self.repeats) {
            self.copy_input(of, row);
            self.labels[row] = self.labels[of].clone();
        }
        let width = set.max_labels.unwrap_or(1);
        let mut labels = vec![-1; count * width];
        for (of_row, row) in labels.chunks_mut(width).zip(self.labels) {
            for (out, label) in of_row.iter_mut().zip(row.into_iter().flatten()) {
                *out = label as i32;
            }
        }
        let dims = [count, width];
        let dims = if set.max_labels.is_some() { &dims[..] } else { &dims[..1] };
        Ok((self.inputs, HostArray::from_slice(dims, &labels)?))
    }
}

/// Which example stands where in the endless order of a run.
struct Places {
    seed: u64,
    len: usize,
    /// Of this epoch.
    shuffled: Option<(u64, Vec<u32>)>,
}

impl Places {
    fn new(seed: u64, len: usize) -> Self {
        Self { seed, len, shuffled: None }
    }

    /// The examples of a host in a step, and what decides how each is changed.
    fn of_step(&mut self, order: Order, step: u64) -> Vec<(usize, Random)> {
        let Order { batch, share, .. } = order;
        let mine = batch / share.hosts;
        let first = step * batch as u64 + (share.host * mine) as u64;
        (first..first + mine as u64).map(|place| self.example(place)).collect()
    }

    fn example(&mut self, place: u64) -> (usize, Random) {
        let (epoch, at) = (place / self.len as u64, (place % self.len as u64) as usize);
        let (_, order) = match self.shuffled.take() {
            Some(current) if current.0 == epoch => self.shuffled.insert(current),
            // The orders repeat after 2^32 epochs.
            _ => self.shuffled.insert((epoch, shuffle(self.seed, epoch as u32, self.len as u32))),
        };
        let index = order[at] as usize;
        (index, Random::new(self.seed, epoch as u32, index))
    }
}

impl Batches {
    /// Gives a batch back whose contents are no longer needed, so that a later one is written to the
    /// same memory: fresh memory costs about as much time as resizing what is written to it.
    pub fn reuse(&self, batch: Batch) {
        // After an error there is no one left to take it.
        let _ = self.used.send(batch.inputs);
    }
}

impl Iterator for Batches {
    type Item = Result<Batch, DataError>;

    /// The batch of the next step; `None` only after an error.
    ///
    /// # Panics
    /// If the thread that makes the batches panicked, with its panic.
    fn next(&mut self) -> Option<Self::Item> {
        let received = self.receiver.as_ref()?.recv();
        if received.is_err()
            && let Some(Err(panic)) = self.thread.take().map(JoinHandle::join)
        {
            resume_unwind(panic);
        }
        received.ok()
    }
}

impl Drop for Batches {
    fn drop(&mut self) {
        // Without a receiver the thread's next send fails, and it returns.
        self.receiver = None;
        if let Some(thread) = self.thread.take() {
            // A panic that the consumer has not met has no one left to tell.
            let _ = thread.join();
        }
    }
}

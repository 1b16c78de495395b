//! Batches for training, made ahead by a thread, and for evaluation, in order.

use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::{self, JoinHandle};

use pjrt::HostArray;

use super::{DataError, Dataset, Split, shuffle};

/// How many batches lie ready while the device works on one.
const AHEAD: usize = 2;

/// Examples for one step of training.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// The step that the batch belongs to, counted from 0.
    pub step: u64,
    /// `f32[B, D]`.
    pub inputs: HostArray,
    /// `i32[B]`.
    pub labels: HostArray,
}

/// Examples for one call of evaluation.
#[derive(Clone, Debug, PartialEq)]
pub struct EvalBatch {
    /// `f32[B, D]`.
    pub inputs: HostArray,
    /// `i32[B]`.
    pub labels: HostArray,
    /// How many rows are examples; the rest repeat the split's first one and count for nothing.
    pub valid: usize,
}

/// The endless batches of a run, from [`Dataset::batches`]. Dropping it ends its thread.
#[derive(Debug)]
pub struct Batches {
    // `None` only while it is dropped.
    receiver: Option<Receiver<Result<Batch, DataError>>>,
    thread: Option<JoinHandle<()>>,
}

impl Dataset {
    /// The number of steps in which every example of the train split is used at most once: those
    /// that don't fill a batch are left out, others in each epoch.
    ///
    /// # Errors
    /// [`DataError::BatchSize`] if the batch is empty or larger than the split.
    pub fn steps_per_epoch(&self, batch: usize) -> Result<u64, DataError> {
        let len = self.len(Split::Train);
        match len.checked_div(batch) {
            Some(steps @ 1..) => Ok(steps as u64),
            _ => Err(DataError::BatchSize { batch, split: Split::Train, len }),
        }
    }

    /// The train split in shuffled batches of `batch` examples, beginning with that of step
    /// `start`. The batch of a step hangs on the seed and the step alone, so a run that goes on
    /// from a checkpoint sees what it would have seen: step `s` takes the batch
    /// `s % steps_per_epoch` of epoch `s / steps_per_epoch`, in the order of [`shuffle`].
    ///
    /// # Errors
    /// [`DataError::BatchSize`] if the batch is empty or larger than the split.
    pub fn batches(
        self: &Arc<Self>,
        batch: usize,
        seed: u64,
        start: u64,
    ) -> Result<Batches, DataError> {
        let steps_per_epoch = self.steps_per_epoch(batch)?;
        let dataset = Arc::clone(self);
        let (sender, receiver) = sync_channel(AHEAD);
        let thread = thread::spawn(move || {
            let len = dataset.len(Split::Train) as u32;
            let mut shuffled: Option<(u64, Vec<u32>)> = None;
            for step in start.. {
                let (epoch, index) = (step / steps_per_epoch, step % steps_per_epoch);
                let (_, order) = match shuffled.take() {
                    Some(current) if current.0 == epoch => shuffled.insert(current),
                    // The orders repeat after 2^32 epochs.
                    _ => shuffled.insert((epoch, shuffle(seed, epoch as u32, len))),
                };
                let indices = &order[index as usize * batch..][..batch];
                let made = dataset.gather(Split::Train, indices);
                let made = made.map(|(inputs, labels)| Batch { step, inputs, labels });
                let failed = made.is_err();
                if sender.send(made.map_err(DataError::from)).is_err() || failed {
                    return;
                }
            }
        });
        Ok(Batches { receiver: Some(receiver), thread: Some(thread) })
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
        let len = self.len(split);
        if batch == 0 {
            return Err(DataError::BatchSize { batch, split, len });
        }
        Ok((0..len).step_by(batch).map(move |first| {
            let valid = batch.min(len - first);
            let mut indices = (first as u32..(first + valid) as u32).collect::<Vec<_>>();
            indices.resize(batch, 0);
            let (inputs, labels) = self.gather(split, &indices)?;
            Ok(EvalBatch { inputs, labels, valid })
        }))
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

//! Numbers that are dropped by chance while a trunk trains.

use hlo::random::Key;
use hlo::{DType, Tensor};

/// Which numbers of which examples are dropped (Srivastava et al., "Dropout", 2014). An example's hang
/// on its position in the batch, so that a batch in parts drops what it would as a whole.
#[derive(Clone, Copy, Debug)]
pub struct Dropout<'t> {
    /// Decides them.
    pub key: Key<'t>,
    /// How many examples the whole batch has, of which these may be a part.
    pub batch: usize,
    /// The position in it of the first of these, an `s32`.
    pub first: Tensor<'t>,
}

impl<'t> Dropout<'t> {
    /// Of a whole batch.
    pub fn of_batch(key: Key<'t>, batch: usize) -> Self {
        Self { key, batch, first: key.to_tensor().trace().constant(0, DType::S32) }
    }

    /// The same examples with a key of their own.
    pub(super) fn with(self, key: Key<'t>) -> Self {
        Self { key, ..self }
    }

    /// What is left of `x`, whose first axis is the examples, at the `place`th of the places that
    /// share the key: each number is 0 with the probability `rate`, and else divided by `1 − rate`.
    pub(super) fn apply(self, place: u32, x: Tensor<'t>, rate: f64) -> Tensor<'t> {
        let mut whole = x.shape().to_vec();
        let mut starts = vec![self.first.zeros_like(); whole.len()];
        (whole[0], starts[0]) = (self.batch, self.first);
        let key = self.key.fold_in(place).within(&whole[..], &starts);
        let kept = key.bernoulli(x.shape(), 1.0 - rate);
        kept.select(x / (1.0 - rate), x.zeros_like())
    }
}

/// What is wrong with a rate, if anything.
pub(super) fn check(rate: f64) -> Result<(), (&'static str, String)> {
    if (0.0..1.0).contains(&rate) {
        Ok(())
    } else {
        Err(("dropout", "must be at least 0 and less than 1".to_owned()))
    }
}

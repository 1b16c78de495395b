//! The standard normal numbers behind the noise of a batch.

use hlo::random::Key;
use hlo::{DType, Tensor};

use super::form::Tile;

/// Which noise the examples of a batch get.
#[derive(Clone, Copy, Debug)]
pub enum Draws<'t> {
    /// Each example its own, decided by its position in the batch: for training.
    PerExample {
        /// Decides them.
        key: Key<'t>,
        /// How many examples the whole batch has, of which these may be a part.
        batch: usize,
        /// The position in it of the first of these, an `s32`.
        first: Tensor<'t>,
    },
    /// All the same, so that what is said of an example hangs on that example alone and on no
    /// batch that it happens to be in: for evaluation and prediction.
    Shared(Key<'t>),
    /// These numbers, as many as the [`Estimator`](super::Estimator) draws. A backward pass that
    /// samples chooses as for the seed 0.
    Given(Noise<'t>),
}

/// The standard normal numbers behind the noise of a batch.
#[derive(Clone, Copy, Debug)]
pub struct Noise<'t> {
    /// η `[B, S, R]`, of the factors; `[1, S, R]` where all examples share it.
    pub factors: Tensor<'t>,
    /// ζ `[B, S, 1]` or `[B, S, n]`, of the diagonal; with 1 for B where all examples share it.
    pub diag: Tensor<'t>,
}

/// One of the two arrays of a [`Noise`], part by part.
///
/// The number for (example, sample, factor or dimension) depends on the key and on that position
/// alone: neither the sizes of parts nor their order changes it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Normals<'t> {
    /// Of examples of which the first has this number in a batch of so many.
    PerExample(Key<'t>, usize, Tensor<'t>),
    Shared(Key<'t>),
    Given(Tensor<'t>),
}

impl<'t> Draws<'t> {
    /// Of each example its own, for a whole batch.
    pub fn of_batch(key: Key<'t>, batch: usize) -> Self {
        let first = key.to_tensor().trace().constant(0, DType::S32);
        Self::PerExample { key, batch, first }
    }

    /// ζ and η of the examples.
    pub(super) fn normals(self) -> [Normals<'t>; 2] {
        match self {
            Self::PerExample { key, batch, first } => {
                key.split().map(|key| Normals::PerExample(key, batch, first))
            }
            Self::Shared(key) => key.split().map(Normals::Shared),
            Self::Given(noise) => [noise.diag, noise.factors].map(Normals::Given),
        }
    }

    /// Whether all examples have the same.
    pub(super) fn are_shared(&self) -> bool {
        match self {
            Self::PerExample { .. } => false,
            Self::Shared(_) => true,
            Self::Given(noise) => noise.diag.shape().first() == Some(&1),
        }
    }

    /// Numbers between 0 and 1, one for each of `count` of the batch's examples, from `first` on,
    /// which choose the samples of a backward pass: `[count, 1]`.
    pub(super) fn choice(self, batch: usize, first: Tensor<'t>, count: usize) -> Tensor<'t> {
        // The keys of η and ζ are those with the numbers 0 and 1.
        let own = |key: Key<'t>| key.again().fold_in(2);
        let (key, batch, first) = match self {
            Self::PerExample { key, batch, first: of_all } => (own(key), batch, of_all + first),
            Self::Shared(key) => (own(key), batch, first),
            Self::Given(_) => (Key::from_seed(first.trace(), 0).again(), batch, first),
        };
        let key = key.within([batch, 1], &[first, first.zeros_like()]);
        key.uniform(DType::F32, [count, 1], 0.0..1.0)
    }

    /// The same for the whole batch.
    pub(super) fn shared(self) -> Self {
        match self {
            Self::PerExample { key, .. } => Self::Shared(key),
            same => same,
        }
    }
}

impl<'t> Normals<'t> {
    /// The numbers of `count` of the batch's examples, from `first` on: `[count, samples, width]`, or
    /// `[1, samples, width]` where all share them.
    pub(super) fn of_examples(
        self,
        first: Tensor<'t>,
        [count, samples, width]: [usize; 3],
        dtype: DType,
    ) -> Tensor<'t> {
        self.of_tile(first, [count, samples, width], &Tile::all(width, first), dtype)
    }

    /// [`Normals::of_examples`] of those of the last axis that a tile says.
    pub(super) fn of_tile(
        self,
        first: Tensor<'t>,
        [count, samples, width]: [usize; 3],
        tile: &Tile<'t>,
        dtype: DType,
    ) -> Tensor<'t> {
        let zero = first.zeros_like();
        match self {
            Self::PerExample(key, batch, first_of_all) => {
                let starts = [first_of_all + first, zero, tile.first];
                let key = key.again().within([batch, samples, width], &starts);
                key.normal(DType::F32, [count, samples, tile.size]).to(dtype)
            }
            Self::Shared(key) => {
                let key = key.again().within([1, samples, width], &[zero, zero, tile.first]);
                key.normal(DType::F32, [1, samples, tile.size]).to(dtype)
            }
            Self::Given(tensor) => {
                let [given, ..] = tensor.dims::<3>();
                let (none, interior) = (vec![0; 3], vec![0; 3]);
                // A chunk may go past the last example.
                let filled = tensor.pad(
                    tensor.trace().constant(0, tensor.dtype()),
                    none,
                    vec![if given == 1 { 0 } else { count as i64 }, 0, 0],
                    interior,
                );
                let (start, rows) = if given == 1 { (zero, 1) } else { (first, count) };
                filled.dynamic_slice(&[start, zero, tile.first], [rows, samples, tile.size])
            }
        }
    }
}

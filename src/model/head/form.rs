//! How a head makes logits, in the parts that a sweep over tiles of classes needs.
//!
//! Every head's logits come about in three parts: what is made for an example alone, such as the rows
//! that are multiplied by the classes' kernel; the product with that kernel, the one thing that costs
//! much for each class; and what mixes S samples out of it. [`streaming`](super::streaming) puts
//! loops around them and takes their gradients.

use hlo::{DType, Tensor};

/// The three parts of a head's logits.
pub(super) trait Form<'t> {
    /// How many columns are projected for an example and class.
    fn columns(&self) -> usize;

    /// S, the samples of each example.
    fn samples(&self) -> usize;

    /// What each sample counts in the mean of the samples' probabilities; `None` where all count the
    /// same. Only the sigmoid's need not.
    fn weights(&self) -> Option<&[f64]> {
        None
    }

    /// What a chunk of examples needs, whichever the class. Differentiable in the chunk's arrays.
    fn prepare(&self, chunk: &Chunk<'t>) -> Prepared<'t>;

    /// The product with the kernels of the classes of a tile, `[b, columns, classes]`.
    fn project(&self, prepared: &Prepared<'t>, kernels: &[Tensor<'t>]) -> Tensor<'t>;

    /// The logits over the temperature, `[b, S, classes]`, made of what was projected and of the
    /// other arrays of the classes of a tile.
    fn logits(
        &self,
        prepared: &Prepared<'t>,
        projected: Tensor<'t>,
        vectors: &[Tensor<'t>],
        tile: &Tile<'t>,
    ) -> Tensor<'t>;
}

/// The arrays that a head's logits are made of.
#[derive(Clone, Debug)]
pub(super) struct Arrays<'t> {
    /// Of the examples, `[B, …]`.
    pub examples: Vec<Tensor<'t>>,
    /// Of no example or class in particular.
    pub shared: Vec<Tensor<'t>>,
    /// Of the classes, for [`Form::project`].
    pub kernels: Vec<OfClasses<'t>>,
    /// Of the classes, for [`Form::logits`].
    pub vectors: Vec<OfClasses<'t>>,
}

/// An array with an axis of the K classes.
#[derive(Clone, Copy, Debug)]
pub(super) struct OfClasses<'t> {
    pub tensor: Tensor<'t>,
    pub axis: usize,
}

/// Some of the examples, one after the other.
#[derive(Clone, Debug)]
pub(super) struct Chunk<'t> {
    /// The chunk's part of [`Arrays::examples`].
    pub examples: Vec<Tensor<'t>>,
    /// [`Arrays::shared`].
    pub shared: Vec<Tensor<'t>>,
    /// The number of the first example in the batch, an `s32`.
    pub first: Tensor<'t>,
}

/// What a form made of a chunk.
#[derive(Clone, Debug)]
pub(super) struct Prepared<'t> {
    /// Differentiable.
    pub rows: Vec<Tensor<'t>>,
    /// Not so: noise, and what decides more of it.
    pub noise: Vec<Tensor<'t>>,
}

/// Some of the classes, one after the other.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tile<'t> {
    /// The number of the first, an `s32`.
    pub first: Tensor<'t>,
    /// How many.
    pub size: usize,
    /// The number of the first that is of no tile before, an `s32`; `None` where all are.
    pub from: Option<Tensor<'t>>,
}

impl<'t> OfClasses<'t> {
    /// The part of a tile.
    pub(super) fn tile(self, tile: &Tile<'t>) -> Tensor<'t> {
        let mut sizes = self.tensor.shape().to_vec();
        if sizes[self.axis] == tile.size {
            return self.tensor;
        }
        sizes[self.axis] = tile.size;
        self.tensor.dynamic_slice(&self.starts(tile), &sizes)
    }

    /// The array with something added to the part of a tile.
    pub(super) fn add(self, tile: &Tile<'t>, part: Tensor<'t>) -> Self {
        self.set(tile, part + self.tile(tile))
    }

    /// The array with something else in place of the part of a tile.
    pub(super) fn set(self, tile: &Tile<'t>, part: Tensor<'t>) -> Self {
        if self.tensor.shape() == part.shape() {
            return Self { tensor: part, ..self };
        }
        Self { tensor: self.tensor.dynamic_update_slice(part, &self.starts(tile)), ..self }
    }

    fn starts(self, tile: &Tile<'t>) -> Vec<Tensor<'t>> {
        let zero = tile.first.zeros_like();
        let axes = 0..self.tensor.shape().len();
        axes.map(|axis| if axis == self.axis { tile.first } else { zero }).collect()
    }
}

impl<'t> Tile<'t> {
    /// The tile of all classes.
    pub(super) fn all(classes: usize, like: Tensor<'t>) -> Self {
        Self { first: like.trace().constant(0, DType::S32), size: classes, from: None }
    }

    /// The numbers of the classes, `s32[size]`.
    pub(super) fn classes(&self) -> Tensor<'t> {
        self.first.trace().iota(DType::S32, [self.size], 0) + self.first
    }

    /// Which classes, `[size]`, are of no tile before; `None` where all are.
    pub(super) fn unseen(&self) -> Option<Tensor<'t>> {
        Some(self.classes().greater_equal(self.from?))
    }

    /// `[b, size]` with 0 for the classes that an earlier tile had.
    pub(super) fn only_unseen(&self, tensor: Tensor<'t>) -> Tensor<'t> {
        self.unseen().map_or(tensor, |unseen| {
            unseen.broadcast_to(tensor.shape()).select(tensor, tensor.zeros_like())
        })
    }
}

impl<'t> Arrays<'t> {
    /// Every array, in the order of the fields.
    pub(super) fn tensors(&self) -> Vec<Tensor<'t>> {
        let of_classes = self.kernels.iter().chain(&self.vectors).map(|array| array.tensor);
        self.examples.iter().chain(&self.shared).copied().chain(of_classes).collect()
    }

    /// The same arrays with `change` of every one.
    pub(super) fn map(self, change: impl Fn(Tensor<'t>) -> Tensor<'t>) -> Self {
        let tensors = |list: Vec<Tensor<'t>>| list.into_iter().map(&change).collect();
        let of_classes = |list: Vec<OfClasses<'t>>| {
            list.into_iter()
                .map(|OfClasses { tensor, axis }| OfClasses { tensor: change(tensor), axis })
                .collect()
        };
        Self {
            examples: tensors(self.examples),
            shared: tensors(self.shared),
            kernels: of_classes(self.kernels),
            vectors: of_classes(self.vectors),
        }
    }

    /// All examples as one chunk.
    pub(super) fn all(&self) -> Chunk<'t> {
        let first = self.examples[0].trace().constant(0, DType::S32);
        Chunk { examples: self.examples.clone(), shared: self.shared.clone(), first }
    }
}

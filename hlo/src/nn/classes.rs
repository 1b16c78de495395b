//! Classes by their numbers.

use crate::{DType, Shape, Tensor};

impl<'t> Tensor<'t> {
    /// A tensor `[…, classes]` of `dtype` with 1 where the last axis equals the integer, else 0. An
    /// integer outside gives zeros.
    #[track_caller]
    pub fn one_hot(self, classes: usize, dtype: DType) -> Self {
        self.is_class("one_hot", classes).to(dtype)
    }

    /// The element of the last axis of `[…, K]` that `index` of shape `[…]` names. An index outside
    /// gives 0.
    #[track_caller]
    pub fn pick(self, index: Self) -> Self {
        if self.is_poison() {
            return self;
        }
        let axis = match self.shape().last_axis() {
            Ok(axis) => axis,
            Err(rule) => return self.trace().refuse("pick", &[self.ty(), index.ty()], rule),
        };
        index.is_class("pick", self.shape()[axis]).select(self, self.scalar(0.0)).sum(-1)
    }

    /// Whether each class `[…, classes]` is the one that the integer `[…]` names.
    #[track_caller]
    fn is_class(self, operation: &'static str, classes: usize) -> Self {
        if self.is_poison() {
            return self;
        }
        if let Err(rule) = self.dtype().check(self.dtype().is_integer(), "integers") {
            return self.trace().refuse(operation, &[self.ty()], rule);
        }
        // Counting the classes in too few bits would begin anew where they end.
        let index = self.counting_to(classes);
        let shape: Shape = self.shape().iter().copied().chain([classes]).collect();
        if let Err(rule) = shape.check(index.dtype()) {
            return self.trace().refuse(operation, &[self.ty()], rule);
        }
        let class = self.trace().iota(index.dtype(), shape, -1);
        class.equal(index.expand_dims(-1))
    }
}

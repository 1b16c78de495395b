//! Classes by their numbers.

use crate::shape::resolve_axis;
use crate::{DType, Rule, Tensor};

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
        let Some(&classes) = self.shape().last() else {
            let rule = Rule::Rank { expected: "at least 1".to_owned(), got: 0 };
            return self.trace().refuse("pick", &[self.ty(), index.ty()], rule);
        };
        index.is_class("pick", classes).select(self, self.scalar(0.0)).sum(-1)
    }

    /// The index of the largest element along `axis`, which goes, as `s32`; the first of equals. A
    /// NaN is larger than any number.
    #[track_caller]
    pub fn argmax(self, axis: i32) -> Self {
        if let Ok(axis) = resolve_axis(axis, self.shape().len())
            && self.shape()[axis] == 0
        {
            return self.trace().refuse("argmax", &[self.ty()], Rule::EmptyAxis { axis });
        }
        let mut best = self.equal(self.max(axis).expand_dims(axis));
        if self.dtype().is_float() {
            // Whether the maximum of a NaN is a NaN differs between compilers.
            let nan = self.not_equal(self);
            best = nan.any(axis).expand_dims(axis).select(nan, best);
        }
        let index = self.trace().iota(DType::S32, self.shape(), axis);
        best.select(index, self.trace().constant(i32::MAX, DType::S32)).min(axis)
    }

    /// Whether each class `[…, classes]` is the one that the integer `[…]` names.
    #[track_caller]
    fn is_class(self, operation: &'static str, classes: usize) -> Self {
        if self.is_poison() {
            return self;
        }
        if !self.dtype().is_signed() && !self.dtype().is_unsigned() {
            let rule = Rule::DType { expected: "integers", got: self.dtype() };
            return self.trace().refuse(operation, &[self.ty()], rule);
        }
        // Counting the classes in 8 or 16 bits would begin anew where they end.
        let index = if self.dtype().bits() < 32 { self.to(DType::S32) } else { self };
        let shape = self.shape().iter().copied().chain([classes]).collect::<Vec<_>>();
        let class = self.trace().iota(index.dtype(), &shape, -1);
        class.equal(index.expand_dims(-1))
    }
}

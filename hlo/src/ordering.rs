//! Order along an axis: sorting, the largest few, and where the extremes stand.

use crate::ops::{Fold, sort_with_places};
use crate::shape::resolve_axis;
use crate::{DType, Rule, Tensor};

impl<'t> Tensor<'t> {
    /// The elements along `axis` in rising order. NaN comes last, and −0 equals 0; equal elements
    /// keep their order.
    #[track_caller]
    pub fn sort(self, axis: i32) -> Self {
        self.sorted(axis)[0]
    }

    /// The places from which [`Tensor::sort`] takes the elements along `axis`: `s32`, or `s64` where
    /// there are 2³¹ or more.
    #[track_caller]
    pub fn argsort(self, axis: i32) -> Self {
        self.sorted(axis)[1]
    }

    #[track_caller]
    fn sorted(self, axis: i32) -> Vec<Self> {
        sort_with_places(self.trace(), &[self], axis, |a, b| a[0].ordered_before(b[0]))
    }

    /// The `k` largest elements of the last axis, from the largest on, and their places, of the type
    /// that those of [`Tensor::argsort`] have. Of equal ones the first comes first. A NaN is larger
    /// than any number, and 0 larger than −0.
    #[track_caller]
    pub fn top_k(self, k: usize) -> (Self, Self) {
        if self.is_poison() {
            return (self, self);
        }
        let enough = self.shape().last_axis().and_then(|axis| {
            let size = self.shape()[axis];
            if k <= size { Ok(()) } else { Err(Rule::TopK { k, size }) }
        });
        if let Err(rule) = enough {
            let poison = self.trace().refuse("top_k", &[self.ty()], rule);
            return (poison, poison);
        }
        let sorted = sort_with_places(self.trace(), &[self], -1, |a, b| b[0].totally_before(a[0]));
        (sorted[0].slice(-1, 0..k), sorted[1].slice(-1, 0..k))
    }

    /// The place of the largest element along `axis`, which goes, of the type that those of
    /// [`Tensor::argsort`] have; the first of equals. A NaN is larger than any number.
    #[track_caller]
    pub fn argmax(self, axis: i32) -> Self {
        self.first_extreme("argmax", Fold::Max, axis)
    }

    /// The place of the smallest element along `axis`, which goes, of the type that those of
    /// [`Tensor::argsort`] have; the first of equals. A NaN is smaller than any number.
    #[track_caller]
    pub fn argmin(self, axis: i32) -> Self {
        self.first_extreme("argmin", Fold::Min, axis)
    }

    #[track_caller]
    fn first_extreme(self, name: &'static str, fold: Fold, axis: i32) -> Self {
        if self.is_poison() {
            return self;
        }
        let size = match resolve_axis(axis, self.shape().len()) {
            Ok(axis) if self.shape()[axis] == 0 => Err(Rule::EmptyAxis { axis }),
            resolved => resolved.map(|axis| self.shape()[axis]),
        };
        let size = match size {
            Ok(size) => size,
            Err(rule) => return self.trace().refuse(name, &[self.ty()], rule),
        };
        let extreme = if fold == Fold::Max { self.max(axis) } else { self.min(axis) };
        let mut best = self.equal(extreme.expand_dims(axis));
        if self.dtype().is_float() {
            // Whether the extreme of a NaN is a NaN differs between compilers.
            let nan = self.not_equal(self);
            best = nan.any(axis).expand_dims(axis).select(nan, best);
        }
        let index = self.trace().iota(DType::counting(size), self.shape(), axis);
        best.select(index, index.scalar(size as u64)).min(axis)
    }
}

//! Folds of everything up to each element of an axis.

use crate::shape::resolve_axis;
use crate::{DType, Rule, Tensor};

impl<'t> Tensor<'t> {
    /// The sum of the elements along `axis` up to each one, itself included.
    #[track_caller]
    pub fn cumsum(self, axis: i32) -> Self {
        self.cumulative("cumsum", axis, |lhs, rhs| lhs + rhs)
    }

    /// The product of the elements along `axis` up to each one, itself included.
    #[track_caller]
    pub fn cumprod(self, axis: i32) -> Self {
        self.cumulative("cumprod", axis, |lhs, rhs| lhs * rhs)
    }

    /// The largest of the elements along `axis` up to each one, itself included.
    #[track_caller]
    pub fn cummax(self, axis: i32) -> Self {
        self.cumulative("cummax", axis, |lhs, rhs| lhs.maximum(rhs))
    }

    /// The smallest of the elements along `axis` up to each one, itself included.
    #[track_caller]
    pub fn cummin(self, axis: i32) -> Self {
        self.cumulative("cummin", axis, |lhs, rhs| lhs.minimum(rhs))
    }

    #[track_caller]
    fn cumulative(self, name: &'static str, axis: i32, fold: fn(Self, Self) -> Self) -> Self {
        if self.is_poison() {
            return self;
        }
        if self.dtype() == DType::Bool {
            let rule = Rule::DType { expected: "numbers", got: self.dtype() };
            return self.trace().refuse(name, &[self.ty()], rule);
        }
        match resolve_axis(axis, self.shape().len()) {
            Ok(axis) => self.prefixes(axis, fold),
            Err(rule) => self.trace().refuse(name, &[self.ty()], rule),
        }
    }

    /// Each element of `axis` folded with all before it, in about 2·log₂ steps that fold twice as
    /// many elements in all as there are: neighbours are folded, and the prefixes of these pairs are
    /// those of every second element.
    fn prefixes(self, axis: usize, fold: fn(Self, Self) -> Self) -> Self {
        let count = self.shape()[axis];
        if count < 2 {
            return self;
        }
        let pairs = count / 2;
        let every_second = |start, end| self.every(axis, start..end, 2);
        let folded = fold(every_second(0, 2 * pairs), every_second(1, 2 * pairs));
        let odd = folded.prefixes(axis, fold);
        let mut even = self.every(axis, 0..1, 1);
        let behind = (count - 1) / 2;
        if behind > 0 {
            let rest = fold(odd.every(axis, 0..behind, 1), every_second(2, count));
            even = self.trace().concatenate(&[even, rest], axis as i32);
        }
        // Both of each pair side by side, then what had no partner.
        let beside = |tensor: Self| tensor.expand_dims(axis as i32 + 1);
        let both = [beside(even.every(axis, 0..pairs, 1)), beside(odd)];
        let both = self.trace().concatenate(&both, axis as i32 + 1);
        let mut dims = self.shape().to_vec();
        dims[axis] = 2 * pairs;
        let both = both.reshape(&dims);
        if count % 2 == 0 {
            return both;
        }
        let last = even.every(axis, pairs..pairs + 1, 1);
        self.trace().concatenate(&[both, last], axis as i32)
    }
}

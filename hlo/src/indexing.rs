//! Elements and slices taken from an axis by integers.

use crate::ops::{GatherDimensions, Scalar};
use crate::shape::resolve_axis;
use crate::{DType, Rule, Shape, Tensor, Type};

impl<'t> Tensor<'t> {
    /// The slices of `axis` that `indices` of any shape name, whose axes take the place of `axis`. A
    /// negative index counts from the end. One outside gives NaN, of integers the smallest number,
    /// or the largest where there are no negative ones, of booleans true.
    #[track_caller]
    pub fn take(self, indices: Self, axis: i32) -> Self {
        let Some((axis, indices, inside)) = self.prepare("take", indices, axis) else {
            return Self::poison(self.trace());
        };
        let (shape, rank) = (self.shape(), indices.shape().len());
        if shape[axis] == 0 {
            // Nothing is taken of nothing, of which there are no slices of 1.
            let dims = [&shape[..axis], &indices.shape(), &shape[axis + 1..]].concat();
            return self.trace().zeros(Type::new(self.dtype(), Shape::from(&dims)));
        }
        let dimensions = GatherDimensions {
            offset_dims: (0..axis).chain(axis + rank..rank + shape.len() - 1).collect(),
            collapsed_slice_dims: vec![axis],
            start_index_map: vec![axis],
            index_vector_dim: rank,
            ..GatherDimensions::default()
        };
        let taken = self.gather_within(indices, dimensions, shape.with(axis, 1));
        let inside =
            inside.broadcast_in_dim(taken.shape(), (axis..axis + rank).collect::<Vec<_>>());
        inside.select(taken, taken.filler())
    }

    /// At each place the element along `axis` that `indices` names there. The other axes of `indices`,
    /// which has the tensor's rank, broadcast against the tensor's. An index that is negative or
    /// outside is as in [`Tensor::take`].
    #[track_caller]
    pub fn take_along_axis(self, indices: Self, axis: i32) -> Self {
        let (rank, got) = (self.shape().len(), indices.shape().len());
        let poison = self.is_poison() || indices.is_poison();
        if !poison && got != rank {
            let rule = Rule::Rank { expected: format!("{rank} of the indices"), got };
            return self.trace().refuse("take_along_axis", &[self.ty(), indices.ty()], rule);
        }
        let Some((axis, indices, inside)) = self.prepare("take_along_axis", indices, axis) else {
            return Self::poison(self.trace());
        };
        let (lhs, rhs) = (self.shape().with(axis, 1), indices.shape().with(axis, 1));
        let Some(common) = Shape::broadcast(&lhs, &rhs) else {
            let rule = Rule::Broadcast { lhs, rhs };
            return self.trace().refuse("take_along_axis", &[self.ty(), indices.ty()], rule);
        };
        let operand = self.broadcast_to(common.with(axis, self.shape()[axis]));
        let result = common.with(axis, indices.shape()[axis]);
        if self.shape()[axis] == 0 {
            return self.trace().zeros(Type::new(self.dtype(), result));
        }
        let (indices, inside) = (indices.broadcast_to(result), inside.broadcast_to(result));
        let ones = (0..rank).map(|_| 1).collect();
        let dimensions = GatherDimensions::along_axis(rank, axis);
        let taken = operand.gather_within(indices, dimensions, ones);
        inside.select(taken, taken.filler())
    }

    /// The axis, the indices counted from its beginning, and whether they lie on it. Nothing after a
    /// mistake, which is noted.
    #[track_caller]
    fn prepare(self, name: &'static str, indices: Self, axis: i32) -> Option<(usize, Self, Self)> {
        if self.is_poison() || indices.is_poison() {
            return None;
        }
        let integers = indices.dtype().check(indices.dtype().is_integer(), "integers as indices");
        let resolved = integers.and_then(|()| resolve_axis(axis, self.shape().len()));
        let checked = match resolved {
            Ok(axis) if self.shape()[axis] == 0 && indices.shape().elements() > 0 => {
                Err(Rule::EmptyAxis { axis })
            }
            resolved => resolved,
        };
        let axis = match checked {
            Ok(axis) => axis,
            Err(rule) => {
                self.trace().refuse(name, &[self.ty(), indices.ty()], rule);
                return None;
            }
        };
        let size = self.shape()[axis];
        let indices = indices.counting_to(size);
        let size = self.trace().constant(size as u64, indices.dtype());
        if indices.dtype().is_unsigned() {
            return Some((axis, indices, indices.less(size)));
        }
        let indices = indices.less(0).select(indices + size, indices);
        Some((axis, indices, indices.greater_equal(0) & indices.less(size)))
    }

    /// The integers in a type that has all up to `size`.
    #[track_caller]
    pub(crate) fn counting_to(self, size: usize) -> Self {
        let counting = DType::counting(size);
        if self.dtype().bits() < counting.bits() { self.to(counting) } else { self }
    }

    /// What stands for an element that is not there, without dimensions.
    #[track_caller]
    fn filler(self) -> Self {
        let dtype = self.dtype();
        self.scalar(match dtype {
            DType::Bool => Scalar::Bool(true),
            _ if dtype.is_float() => Scalar::Float(f64::NAN),
            _ if dtype.is_signed() => Scalar::Integer(-(1 << (dtype.bits() - 1))),
            _ => Scalar::Integer((1 << dtype.bits()) - 1),
        })
    }
}

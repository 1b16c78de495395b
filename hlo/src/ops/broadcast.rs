//! Repetition along new axes and along axes of size 1.

use super::{Application, Cotangents, Form, NoGradient, Op, Spelling, Statement};
use crate::attribute::Attribute;
use crate::{Rule, Shape, Tensor, Type};

/// Axis `i` of the operand becomes axis `dims[i]` of the result.
#[derive(Clone, Debug)]
struct BroadcastInDim {
    shape: Shape,
    dims: Vec<usize>,
}

impl<'t> Tensor<'t> {
    /// Repeats the tensor to `shape` by NumPy's rule: axes align from the last, and an axis of
    /// size 1 or a missing one repeats.
    #[track_caller]
    pub fn broadcast_to(self, shape: impl Into<Shape>) -> Self {
        let shape = shape.into();
        if self.shape() == shape || self.is_poison() {
            return self;
        }
        let from = self.shape();
        let Some(offset) = shape.len().checked_sub(from.len()) else {
            let rule = Rule::BroadcastTo { from, to: shape };
            return self.trace().refuse("broadcast_to", &[self.ty()], rule);
        };
        self.broadcast_in_dim(shape, (offset..shape.len()).collect::<Vec<_>>())
    }

    /// Repeats the tensor to `shape`, its axis `i` becoming axis `dims[i]`.
    #[track_caller]
    pub fn broadcast_in_dim(self, shape: impl Into<Shape>, dims: impl Into<Vec<usize>>) -> Self {
        let (shape, dims) = (shape.into(), dims.into());
        self.trace().apply(BroadcastInDim { shape, dims }, &[self])
    }

    /// Both tensors in the shape that they take together.
    #[track_caller]
    pub(crate) fn broadcast_pair(self, rhs: Self) -> Result<(Self, Self), Rule> {
        // A poisoned operand has no shape to compare: the operation passes it on.
        if self.is_poison() || rhs.is_poison() || self.shape() == rhs.shape() {
            return Ok((self, rhs));
        }
        let (lhs_shape, rhs_shape) = (self.shape(), rhs.shape());
        let shape = Shape::broadcast(&lhs_shape, &rhs_shape)
            .ok_or(Rule::Broadcast { lhs: lhs_shape, rhs: rhs_shape })?;
        Ok((self.broadcast_to(shape), rhs.broadcast_to(shape)))
    }
}

impl Op for BroadcastInDim {
    fn name(&self) -> &'static str {
        "broadcast_in_dim"
    }

    fn infer(&self, operands: &[Type]) -> Result<Vec<Type>, Rule> {
        let from = operands[0].shape;
        if self.dims.len() != from.len() || !self.dims.is_sorted_by(|a, b| a < b) {
            return Err(Rule::BroadcastDims { dims: self.dims.clone(), from });
        }
        if let Some(&axis) = self.dims.iter().find(|&&axis| axis >= self.shape.len()) {
            return Err(Rule::Axis { axis: axis as i128, rank: self.shape.len() });
        }
        let fits = |(&axis, &size): (&usize, &usize)| size == self.shape[axis] || size == 1;
        if self.dims.iter().zip(from.iter()).all(fits) {
            Ok(vec![Type::new(operands[0].dtype, self.shape)])
        } else {
            Err(Rule::BroadcastTo { from, to: self.shape })
        }
    }

    fn form(&self) -> Form {
        Form::Operation {
            attributes: vec![("broadcast_dimensions", Attribute::ints(&self.dims))],
            spellings: const { &[Spelling::first("broadcast_in_dim_v1")] },
        }
    }

    fn is_free(&self) -> bool {
        true
    }

    fn print(&self, at: &Statement) -> String {
        at.typed(self.name(), &format!(", dims = {:?}", self.dims))
    }

    fn vjp<'t>(&self, at: &Application<'t>) -> Result<Cotangents<'t>, NoGradient> {
        let from = at.operands[0].shape();
        let kept = |axis: &usize| {
            self.dims
                .iter()
                .position(|dim| dim == axis)
                .is_some_and(|i| from[i] == self.shape[*axis])
        };
        let repeated: Vec<_> = (0..self.shape.len()).filter(|axis| !kept(axis)).collect();
        Ok(vec![Some(at.cotangent().sum_axes(&repeated).reshape(from))])
    }
}

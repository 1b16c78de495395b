//! Exponentials that sum to 1, made of other operations: StableHLO has no such one.

use super::{Application, Cotangents, Expansion, Form, NoGradient, Op};
use crate::{Axes, Rule, Tensor, Trace, Type};

#[derive(Clone, Debug)]
struct Softmax(Vec<usize>);

impl<'t> Tensor<'t> {
    /// `eˣ / Σ eˣ` over `axes`, without overflow; where the largest element is infinite the results
    /// are not numbers. The sum of numbers of 8 or 16 bits is one of `f32`.
    #[track_caller]
    pub fn softmax(self, axes: impl Into<Axes>) -> Self {
        match self.float_axes("softmax", &axes.into()) {
            Some(axes) => self.trace().apply(Softmax(axes), &[self]),
            None => Self::poison(self.trace()),
        }
    }

    /// The sum over `axes`, which are kept with size 1.
    #[track_caller]
    fn row_sum(self, axes: &[usize]) -> Self {
        self.sum_axes(axes).reshape(self.shape().with_ones(axes))
    }
}

impl Op for Softmax {
    fn name(&self) -> &'static str {
        "softmax"
    }

    fn infer(&self, operands: &[Type]) -> Result<Vec<Type>, Rule> {
        Ok(operands.to_vec())
    }

    fn form(&self) -> Form {
        Form::Composite
    }

    fn expand<'t>(&self, _: &'t Trace, at: &Expansion<'t>) -> Vec<Tensor<'t>> {
        let dtype = at.operands[0].dtype();
        let x = at.operands[0].widened();
        let exp = (x - x.kept_max(&self.0)).exp();
        vec![(exp / exp.row_sum(&self.0)).to(dtype)]
    }

    fn vjp<'t>(&self, at: &Application<'t>) -> Result<Cotangents<'t>, NoGradient> {
        // Of the result alone: no exponential is taken again or kept.
        let dtype = at.result().dtype();
        let (y, dy) = (at.result().widened(), at.cotangent().widened());
        Ok(vec![Some((y * (dy - (y * dy).row_sum(&self.0))).to(dtype))])
    }
}

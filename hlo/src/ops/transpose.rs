//! Axes in another order.

use super::{Application, Cotangents, Form, NoGradient, Op, Spelling, Statement};
use crate::attribute::Attribute;
use crate::shape::is_permutation;
use crate::{Rule, Tensor, Type};

/// Axis `i` of the result is axis `permutation[i]` of the operand.
#[derive(Clone, Debug)]
struct Transpose(Vec<usize>);

impl<'t> Tensor<'t> {
    /// Axes in another order: axis `i` of the result is axis `permutation[i]` of this tensor.
    #[track_caller]
    pub fn transpose(self, permutation: impl Into<Vec<usize>>) -> Self {
        let permutation = permutation.into();
        let ordered = permutation.iter().copied().eq(0..self.shape().len());
        if ordered { self } else { self.trace().apply(Transpose(permutation), &[self]) }
    }
}

impl Op for Transpose {
    fn name(&self) -> &'static str {
        "transpose"
    }

    fn infer(&self, operands: &[Type]) -> Result<Vec<Type>, Rule> {
        let shape = operands[0].shape;
        if !is_permutation(&self.0, shape.len()) {
            return Err(Rule::Permutation { permutation: self.0.clone(), shape });
        }
        let shape = self.0.iter().map(|&axis| shape[axis]).collect();
        Ok(vec![Type::new(operands[0].dtype, shape)])
    }

    fn form(&self) -> Form {
        Form::Operation {
            attributes: vec![("permutation", Attribute::ints(&self.0))],
            spellings: const { &[Spelling::first("transpose_v1")] },
        }
    }

    fn print(&self, at: &Statement) -> String {
        at.typed(self.name(), &format!(", dims = {:?}", self.0))
    }

    fn vjp<'t>(&self, at: &Application<'t>) -> Result<Cotangents<'t>, NoGradient> {
        let mut inverse = vec![0; self.0.len()];
        for (to, &from) in self.0.iter().enumerate() {
            inverse[from] = to;
        }
        Ok(vec![Some(at.cotangent().transpose(inverse))])
    }
}

//! A value under another name.

use super::{Application, Cotangents, Form, NoGradient, Op};
use crate::{Rule, Tensor, Type};

#[derive(Clone, Copy, Debug)]
struct Alias;

impl<'t> Tensor<'t> {
    /// The same value as a node of its own, so that a gradient can be taken with respect to some of
    /// its uses.
    pub(super) fn alias(self) -> Self {
        self.trace().apply(Alias, &[self])
    }
}

impl Op for Alias {
    fn name(&self) -> &'static str {
        "alias"
    }

    fn infer(&self, operands: &[Type]) -> Result<Vec<Type>, Rule> {
        Ok(vec![operands[0]])
    }

    fn form(&self) -> Form {
        Form::Alias
    }

    fn vjp<'t>(&self, at: &Application<'t>) -> Result<Cotangents<'t>, NoGradient> {
        Ok(vec![Some(at.cotangent())])
    }
}

//! Axes turned around.

use super::{Application, Cotangents, Form, NoGradient, Op, Spelling, Statement};
use crate::attribute::Attribute;
use crate::{Axes, Rule, Tensor, Type};

#[derive(Clone, Debug)]
struct Reverse {
    axes: Vec<usize>,
}

impl<'t> Tensor<'t> {
    /// The elements along `axes` from the last to the first.
    #[track_caller]
    pub fn flip(self, axes: impl Into<Axes>) -> Self {
        if self.is_poison() {
            return self;
        }
        match axes.into().resolve(self.shape().len()) {
            Ok(axes) => self.trace().apply(Reverse { axes }, &[self]),
            Err(rule) => self.trace().refuse("flip", &[self.ty()], rule),
        }
    }
}

impl Op for Reverse {
    fn name(&self) -> &'static str {
        "reverse"
    }

    fn infer(&self, operands: &[Type]) -> Result<Vec<Type>, Rule> {
        Ok(vec![operands[0]])
    }

    fn form(&self) -> Form {
        Form::Operation {
            attributes: vec![("dimensions", Attribute::ints(&self.axes))],
            spellings: const { &[Spelling::first("reverse_v1")] },
        }
    }

    fn print(&self, at: &Statement) -> String {
        let operand = &at.operands[0];
        let ty = at.result_type().mlir();
        format!("stablehlo.reverse {operand}, dims = {:?} : {ty}", self.axes)
    }

    fn vjp<'t>(&self, at: &Application<'t>) -> Result<Cotangents<'t>, NoGradient> {
        Ok(vec![Some(at.cotangent().trace().apply(self.clone(), &[at.cotangent()]))])
    }
}

//! Whether numbers are numbers and not infinite.

use super::{Application, Cotangents, Form, NoGradient, Op, Spelling, Statement};
use crate::{DType, Rule, Tensor, Type};

#[derive(Clone, Copy, Debug)]
struct IsFinite;

impl Tensor<'_> {
    /// Whether each float is neither infinite nor NaN, as booleans.
    #[track_caller]
    pub fn is_finite(self) -> Self {
        self.trace().apply(IsFinite, &[self])
    }
}

impl Op for IsFinite {
    fn name(&self) -> &'static str {
        "is_finite"
    }

    fn infer(&self, operands: &[Type]) -> Result<Vec<Type>, Rule> {
        let ty = operands[0];
        ty.dtype.check_float()?;
        Ok(vec![Type::new(DType::Bool, ty.shape)])
    }

    fn form(&self) -> Form {
        Form::Operation {
            attributes: vec![],
            spellings: const { &[Spelling::first("is_finite_v1")] },
        }
    }

    fn print(&self, at: &Statement) -> String {
        at.typed(self.name(), "")
    }

    fn vjp<'t>(&self, _: &Application<'t>) -> Result<Cotangents<'t>, NoGradient> {
        Ok(vec![None])
    }
}

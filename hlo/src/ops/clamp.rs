//! Numbers held between two bounds.

use super::binary::Operand;
use super::{Application, Cotangents, Form, NoGradient, Op, Spelling, Statement};
use crate::{Rule, Tensor, Type};

/// The operands are the lower bound, the numbers and the upper bound.
#[derive(Clone, Copy, Debug)]
struct Clamp;

impl<'t> Tensor<'t> {
    /// The numbers held between `low` and `high`: `min(max(x, low), high)`. All three broadcast.
    /// The gradient goes to the number where it lies between the bounds, else to the bound that it
    /// lies beyond, and to none of them on a bound.
    #[track_caller]
    pub fn clamp(self, low: impl Operand<'t>, high: impl Operand<'t>) -> Self {
        let (low, high) = (low.beside(self, "clamp"), high.beside(self, "clamp"));
        let operands = || {
            // Bounds without dimensions need no repetition.
            let beside = |bound: Self, x: Self| match bound.shape().is_empty() {
                true => Ok((bound, x)),
                false => bound.broadcast_pair(x),
            };
            let (_, x) = beside(low, self)?;
            let (high, x) = beside(high, x)?;
            let (low, x) = beside(low, x)?;
            Ok([low, x, high])
        };
        match operands() {
            Ok(operands) => self.trace().apply(Clamp, &operands),
            Err(rule) => self.trace().refuse("clamp", &[low.ty(), self.ty(), high.ty()], rule),
        }
    }
}

impl Op for Clamp {
    fn name(&self) -> &'static str {
        "clamp"
    }

    fn infer(&self, operands: &[Type]) -> Result<Vec<Type>, Rule> {
        let x = operands[1];
        x.dtype.check_number()?;
        for bound in [operands[0], operands[2]] {
            if bound.dtype != x.dtype {
                return Err(Rule::DTypes { lhs: x.dtype, rhs: bound.dtype });
            }
        }
        Ok(vec![x])
    }

    fn form(&self) -> Form {
        Form::Operation { attributes: vec![], spellings: const { &[Spelling::first("clamp_v1")] } }
    }

    fn print(&self, at: &Statement) -> String {
        at.typed(self.name(), "")
    }

    fn vjp<'t>(&self, at: &Application<'t>) -> Result<Cotangents<'t>, NoGradient> {
        let (low, x, high, dy) = (at.operands[0], at.operands[1], at.operands[2], at.cotangent());
        let part = |wanted: bool, of: Tensor<'t>, chosen: &dyn Fn() -> Tensor<'t>| {
            wanted.then(|| {
                let part = chosen().select(dy, dy.scalar(0.0));
                if of.shape().is_empty() { part.sum(..) } else { part }
            })
        };
        Ok(vec![
            part(at.wanted[0], low, &|| low.greater(x) & low.less(high)),
            part(at.wanted[1], x, &|| x.greater(low) & x.less(high)),
            part(at.wanted[2], high, &|| high.less(x)),
        ])
    }
}

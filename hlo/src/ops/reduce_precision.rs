//! Numbers rounded to fewer digits in an element type that has more.

use super::{Application, Cotangents, Form, NoGradient, Op, Spelling, Statement};
use crate::attribute::Attribute;
use crate::{Rule, Tensor, Type};

#[derive(Clone, Copy, Debug)]
struct ReducePrecision {
    exponent_bits: u32,
    mantissa_bits: u32,
}

impl<'t> Tensor<'t> {
    /// The numbers rounded as a float of so many bits of exponent, at least 1, and of mantissa would
    /// have them, in the tensor's element type: `bf16` has 8 and 7. The gradient is rounded too.
    #[track_caller]
    pub fn reduce_precision(self, exponent_bits: u32, mantissa_bits: u32) -> Self {
        self.trace().apply(ReducePrecision { exponent_bits, mantissa_bits }, &[self])
    }
}

impl Op for ReducePrecision {
    fn name(&self) -> &'static str {
        "reduce_precision"
    }

    fn infer(&self, operands: &[Type]) -> Result<Vec<Type>, Rule> {
        let ty = operands[0];
        ty.dtype.check_float()?;
        let Self { exponent_bits, mantissa_bits } = *self;
        if exponent_bits == 0 || exponent_bits > 64 || mantissa_bits > 64 {
            return Err(Rule::Digits { exponent_bits, mantissa_bits });
        }
        Ok(vec![ty])
    }

    fn form(&self) -> Form {
        Form::Operation {
            attributes: vec![
                ("exponent_bits", Attribute::I32(self.exponent_bits as i32)),
                ("mantissa_bits", Attribute::I32(self.mantissa_bits as i32)),
            ],
            spellings: const { &[Spelling::first("reduce_precision_v1")] },
        }
    }

    fn print(&self, at: &Statement) -> String {
        let (operand, ty) = (&at.operands[0], at.result_type().mlir());
        let Self { exponent_bits, mantissa_bits } = self;
        format!(
            "stablehlo.reduce_precision {operand}, format = e{exponent_bits}m{mantissa_bits} : {ty}"
        )
    }

    fn vjp<'t>(&self, at: &Application<'t>) -> Result<Cotangents<'t>, NoGradient> {
        Ok(vec![Some(at.cotangent().reduce_precision(self.exponent_bits, self.mantissa_bits))])
    }
}

//! The operations. Each stands in one file: how it is built, its shape rule, its text, its gradient.

mod binary;
mod broadcast;
mod compare;
mod concatenate;
mod constant;
mod convert;
mod dot;
mod pad;
mod reduce;
mod reshape;
mod slice;
mod stop_gradient;
mod transpose;
mod unary;

use std::fmt;

use crate::{Rule, Tensor, Type};

pub(crate) use binary::BinaryKind;
pub use binary::Operand;
pub use constant::Scalar;
pub use dot::{DotDimensions, Precision};

/// An operation with its attributes.
pub(crate) trait Op: fmt::Debug + Send + Sync {
    /// The name in StableHLO, without the dialect.
    fn name(&self) -> &'static str;

    /// The type of the result on operands of the given types, or the rule that they break.
    fn infer(&self, operands: &[Type]) -> Result<Type, Rule>;

    /// The right-hand side of the statement in StableHLO's text form.
    fn print(&self, at: &Statement) -> String;

    /// One cotangent per operand, `None` where it is zero.
    fn vjp<'t>(&self, call: &Call<'t>) -> Result<Cotangents<'t>, NoGradient>;

    /// Whether the result is the operand itself, so that no statement is printed.
    fn is_alias(&self) -> bool {
        false
    }
}

pub(crate) type Cotangents<'t> = Vec<Option<Tensor<'t>>>;

/// Why an operation has no gradient.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NoGradient(pub(crate) &'static str);

/// An application whose gradient is asked for.
pub(crate) struct Call<'t> {
    pub(crate) operands: Vec<Tensor<'t>>,
    pub(crate) result: Tensor<'t>,
    /// The gradient of the loss with respect to the result.
    pub(crate) cotangent: Tensor<'t>,
}

/// An application as the printer sees it.
pub(crate) struct Statement {
    pub(crate) operands: Vec<String>,
    pub(crate) operand_types: Vec<Type>,
    pub(crate) result_type: Type,
}

impl Statement {
    /// `stablehlo.add %0, %1 : tensor<2xf32>`: operands and result of one type.
    fn uniform(&self, op: &dyn Op) -> String {
        let operands = self.operands.join(", ");
        format!("stablehlo.{} {operands} : {}", op.name(), self.result_type.mlir())
    }

    /// `stablehlo.reshape %0 : (tensor<4xf32>) -> tensor<2x2xf32>`, with `attributes` before the
    /// types.
    fn typed(&self, op: &dyn Op, attributes: &str) -> String {
        let operands = self.operands.join(", ");
        let types: Vec<_> = self.operand_types.iter().map(Type::mlir).collect();
        let (types, result) = (types.join(", "), self.result_type.mlir());
        format!("stablehlo.{} {operands}{attributes} : ({types}) -> {result}", op.name())
    }
}

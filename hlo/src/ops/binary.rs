//! Functions of two numbers, element by element.

use super::{Call, Cotangents, NoGradient, Op, Statement};
use crate::{DType, Rule, Tensor, Type};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BinaryKind {
    Add,
    And,
    Divide,
    Maximum,
    Minimum,
    Multiply,
    Or,
    Power,
    Remainder,
    ShiftLeft,
    ShiftRight,
    Subtract,
    Xor,
}

#[derive(Clone, Copy, Debug)]
struct Binary {
    kind: BinaryKind,
    /// A shift to the right fills with the sign for integers that have one.
    arithmetic_shift: bool,
}

impl<'t> Tensor<'t> {
    /// The larger of two numbers. Where they are equal each gets half of the gradient.
    #[track_caller]
    pub fn maximum(self, rhs: impl Operand<'t>) -> Self {
        self.binary(BinaryKind::Maximum, rhs.beside(self))
    }

    /// The smaller of two numbers. Where they are equal each gets half of the gradient.
    #[track_caller]
    pub fn minimum(self, rhs: impl Operand<'t>) -> Self {
        self.binary(BinaryKind::Minimum, rhs.beside(self))
    }

    /// `xʸ`. The gradient with respect to `y` is not a number where `x` is negative.
    #[track_caller]
    pub fn pow(self, rhs: impl Operand<'t>) -> Self {
        self.binary(BinaryKind::Power, rhs.beside(self))
    }

    /// The remainder of a division rounded towards zero.
    #[track_caller]
    pub fn remainder(self, rhs: impl Operand<'t>) -> Self {
        self.binary(BinaryKind::Remainder, rhs.beside(self))
    }

    #[track_caller]
    pub(crate) fn binary(self, kind: BinaryKind, rhs: Self) -> Self {
        let (lhs, rhs) = match self.broadcast_pair(rhs) {
            Ok(pair) => pair,
            Err(rule) => return self.trace().refuse(name(kind), &[self.ty(), rhs.ty()], rule),
        };
        let arithmetic_shift = self.dtype().is_signed();
        self.trace().apply(Binary { kind, arithmetic_shift }, &[lhs, rhs])
    }
}

/// What may stand beside a tensor: another one, or a Rust number of the tensor's element type.
pub trait Operand<'t> {
    /// The operand as a tensor.
    fn beside(self, tensor: Tensor<'t>) -> Tensor<'t>;
}

impl<'t> Operand<'t> for Tensor<'t> {
    fn beside(self, _: Tensor<'t>) -> Tensor<'t> {
        self
    }
}

impl<'t> Operand<'t> for f64 {
    #[track_caller]
    fn beside(self, tensor: Tensor<'t>) -> Tensor<'t> {
        tensor.scalar(self)
    }
}

impl<'t> Operand<'t> for i32 {
    #[track_caller]
    fn beside(self, tensor: Tensor<'t>) -> Tensor<'t> {
        tensor.scalar(self)
    }
}

fn name(kind: BinaryKind) -> &'static str {
    match kind {
        BinaryKind::Add => "add",
        BinaryKind::And => "and",
        BinaryKind::Divide => "divide",
        BinaryKind::Maximum => "maximum",
        BinaryKind::Minimum => "minimum",
        BinaryKind::Multiply => "multiply",
        BinaryKind::Or => "or",
        BinaryKind::Power => "power",
        BinaryKind::Remainder => "remainder",
        BinaryKind::ShiftLeft => "shift_left",
        BinaryKind::ShiftRight => "shift_right",
        BinaryKind::Subtract => "subtract",
        BinaryKind::Xor => "xor",
    }
}

impl Op for Binary {
    fn name(&self) -> &'static str {
        match self.kind {
            BinaryKind::ShiftRight if self.arithmetic_shift => "shift_right_arithmetic",
            BinaryKind::ShiftRight => "shift_right_logical",
            kind => name(kind),
        }
    }

    fn infer(&self, operands: &[Type]) -> Result<Type, Rule> {
        let (lhs, rhs) = (operands[0], operands[1]);
        if lhs.dtype != rhs.dtype {
            return Err(Rule::DTypes { lhs: lhs.dtype, rhs: rhs.dtype });
        }
        let (float, boolean) = (lhs.dtype.is_float(), lhs.dtype == DType::Bool);
        let (fits, expected) = match self.kind {
            BinaryKind::And | BinaryKind::Or | BinaryKind::Xor => (!float, "integers or booleans"),
            BinaryKind::ShiftLeft | BinaryKind::ShiftRight => (!float && !boolean, "integers"),
            _ => (!boolean, "numbers"),
        };
        if fits { Ok(lhs) } else { Err(Rule::DType { expected, got: lhs.dtype }) }
    }

    fn print(&self, at: &Statement) -> String {
        at.uniform(self)
    }

    fn vjp<'t>(&self, call: &Call<'t>) -> Result<Cotangents<'t>, NoGradient> {
        let (x, y, dz) = (call.operands[0], call.operands[1], call.cotangent);
        // Where both are equal each gets half, so that the gradient is symmetric.
        let share = |mine: Tensor<'t>, other: Tensor<'t>| {
            let won = call.result.equal(mine).to(dz.dtype());
            let tied = mine.equal(other).to(dz.dtype());
            Some(dz * won * (1.0 - 0.5 * tied))
        };
        let (dx, dy) = match self.kind {
            BinaryKind::Add => (Some(dz), Some(dz)),
            BinaryKind::Subtract => (Some(dz), Some(-dz)),
            BinaryKind::Multiply => (Some(dz * y), Some(dz * x)),
            BinaryKind::Divide => (Some(dz / y), Some(-dz * call.result / y)),
            BinaryKind::Maximum | BinaryKind::Minimum => (share(x, y), share(y, x)),
            BinaryKind::Power => {
                // At 0 the factors y·0⁻¹ and ln 0 would make what is 0 not a number.
                let one = x.scalar(1.0);
                let exponent = y.equal(0.0).select(one, y - 1.0);
                let log = x.equal(0.0).select(one, x).log();
                (Some(dz * y * x.pow(exponent)), Some(dz * call.result * log))
            }
            BinaryKind::Remainder => {
                let quotient = (x - call.result) / y;
                (Some(dz), Some(-dz * quotient))
            }
            BinaryKind::And
            | BinaryKind::Or
            | BinaryKind::Xor
            | BinaryKind::ShiftLeft
            | BinaryKind::ShiftRight => (None, None),
        };
        Ok(vec![dx, dy])
    }
}

//! Functions of two numbers, element by element.

use super::{Application, Cotangents, Form, NoGradient, Op, Scalar, Spelling, Statement, constant};
use crate::{DType, Rule, Tensor, Type};

macro_rules! kinds {
    ($($kind:ident $name:literal;)*) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum BinaryKind { $($kind,)* }

        impl BinaryKind {
            pub(crate) fn name(self) -> &'static str {
                match self { $(Self::$kind => $name,)* }
            }

            fn spellings(self) -> &'static [Spelling] {
                match self { $(Self::$kind => const { &[Spelling::first(concat!($name, "_v1"))] },)* }
            }
        }
    };
}

kinds! {
    Add "add";
    And "and";
    Atan2 "atan2";
    Divide "divide";
    Maximum "maximum";
    Minimum "minimum";
    Multiply "multiply";
    Or "or";
    Power "power";
    Remainder "remainder";
    ShiftLeft "shift_left";
    ShiftRightArithmetic "shift_right_arithmetic";
    ShiftRightLogical "shift_right_logical";
    Subtract "subtract";
    Xor "xor";
}

#[derive(Clone, Copy, Debug)]
struct Binary(BinaryKind);

impl<'t> Tensor<'t> {
    /// The larger of two numbers. Where they are equal each gets half of the gradient.
    #[track_caller]
    pub fn maximum(self, rhs: impl Operand<'t>) -> Self {
        self.binary(BinaryKind::Maximum, rhs.beside(self, BinaryKind::Maximum.name()))
    }

    /// The smaller of two numbers. Where they are equal each gets half of the gradient.
    #[track_caller]
    pub fn minimum(self, rhs: impl Operand<'t>) -> Self {
        self.binary(BinaryKind::Minimum, rhs.beside(self, BinaryKind::Minimum.name()))
    }

    /// `xʸ`. The gradient with respect to `y` is not a number where `x` is negative.
    #[track_caller]
    pub fn pow(self, rhs: impl Operand<'t>) -> Self {
        self.binary(BinaryKind::Power, rhs.beside(self, BinaryKind::Power.name()))
    }

    /// The angle in radians, in (−π, π], of the point whose ordinate this is and whose abscissa is
    /// `x`. The gradient at the origin is not a number.
    #[track_caller]
    pub fn atan2(self, x: impl Operand<'t>) -> Self {
        self.binary(BinaryKind::Atan2, x.beside(self, BinaryKind::Atan2.name()))
    }

    #[track_caller]
    pub(crate) fn binary(self, kind: BinaryKind, rhs: Self) -> Self {
        let divides = matches!(kind, BinaryKind::Divide | BinaryKind::Remainder);
        // Not only a mistake: of two constants, it ends the process of some compilers.
        if divides && rhs.dtype().is_integer() && constant::has_zero(rhs) {
            let types = [self.ty(), rhs.ty()];
            return self.trace().refuse(kind.name(), &types, Rule::DivisionByZero);
        }
        let (lhs, rhs) = match self.broadcast_pair(rhs) {
            Ok(pair) => pair,
            Err(rule) => return self.trace().refuse(kind.name(), &[self.ty(), rhs.ty()], rule),
        };
        self.trace().apply(Binary(kind), &[lhs, rhs])
    }
}

/// What may stand beside a tensor: another one, or a Rust number of the tensor's element type.
pub trait Operand<'t> {
    /// The operand as a tensor, for `operation` with `tensor`.
    fn beside(self, tensor: Tensor<'t>, operation: &'static str) -> Tensor<'t>;
}

impl<'t> Operand<'t> for Tensor<'t> {
    fn beside(self, _: Tensor<'t>, _: &'static str) -> Tensor<'t> {
        self
    }
}

impl<'t, S: Into<Scalar>> Operand<'t> for S {
    #[track_caller]
    fn beside(self, tensor: Tensor<'t>, operation: &'static str) -> Tensor<'t> {
        tensor.number(self, operation)
    }
}

impl Op for Binary {
    fn name(&self) -> &'static str {
        self.0.name()
    }

    fn infer(&self, operands: &[Type]) -> Result<Vec<Type>, Rule> {
        let (lhs, rhs) = (operands[0], operands[1]);
        if lhs.dtype != rhs.dtype {
            return Err(Rule::DTypes { lhs: lhs.dtype, rhs: rhs.dtype });
        }
        let (float, boolean) = (lhs.dtype.is_float(), lhs.dtype == DType::Bool);
        let (fits, expected) = match self.0 {
            BinaryKind::And | BinaryKind::Or | BinaryKind::Xor => (!float, "integers or booleans"),
            BinaryKind::ShiftLeft
            | BinaryKind::ShiftRightArithmetic
            | BinaryKind::ShiftRightLogical => (!float && !boolean, "integers"),
            BinaryKind::Atan2 => (float, "floating-point numbers"),
            _ => (!boolean, "numbers"),
        };
        lhs.dtype.check(fits, expected)?;
        Ok(vec![lhs])
    }

    fn form(&self) -> Form {
        Form::Operation { attributes: vec![], spellings: self.0.spellings() }
    }

    fn print(&self, at: &Statement) -> String {
        at.uniform(self.name())
    }

    fn vjp<'t>(&self, at: &Application<'t>) -> Result<Cotangents<'t>, NoGradient> {
        let (x, y, dz) = (at.operands[0], at.operands[1], at.cotangent());
        // Where both are equal each gets half, so that the gradient is symmetric.
        let share = |mine: Tensor<'t>, other: Tensor<'t>| {
            let won = at.result().equal(mine).to(dz.dtype());
            let tied = mine.equal(other).to(dz.dtype());
            Some(dz * won * (1.0 - 0.5 * tied))
        };
        let (dx, dy) = match self.0 {
            BinaryKind::Add => (Some(dz), Some(dz)),
            BinaryKind::Subtract => (Some(dz), Some(-dz)),
            BinaryKind::Multiply => (Some(dz * y), Some(dz * x)),
            BinaryKind::Divide => (Some(dz / y), Some(-dz * at.result() / y)),
            BinaryKind::Atan2 => {
                let square = x * x + y * y;
                (Some(dz * y / square), Some(-dz * x / square))
            }
            BinaryKind::Maximum | BinaryKind::Minimum => (share(x, y), share(y, x)),
            BinaryKind::Power => {
                // At 0 the factors y·0⁻¹ and ln 0 would make what is 0 not a number.
                let one = x.scalar(1.0);
                let exponent = y.equal(0.0).select(one, y - 1.0);
                let log = x.equal(0.0).select(one, x).log();
                (Some(dz * y * x.pow(exponent)), Some(dz * at.result() * log))
            }
            BinaryKind::Remainder => {
                let quotient = (x - at.result()) / y;
                (Some(dz), Some(-dz * quotient))
            }
            BinaryKind::And
            | BinaryKind::Or
            | BinaryKind::Xor
            | BinaryKind::ShiftLeft
            | BinaryKind::ShiftRightArithmetic
            | BinaryKind::ShiftRightLogical => (None, None),
        };
        Ok(vec![dx, dy])
    }
}

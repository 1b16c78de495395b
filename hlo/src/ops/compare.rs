//! Comparison, and choice by its result.

use super::binary::Operand;
use super::{Call, Cotangents, NoGradient, Op, Statement};
use crate::{DType, Rule, Tensor, Type};

#[derive(Clone, Copy, Debug)]
enum Direction {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

#[derive(Clone, Copy, Debug)]
struct Compare(Direction);

#[derive(Clone, Copy, Debug)]
struct Select;

macro_rules! comparisons {
    ($($(#[$doc:meta])* $method:ident $direction:ident;)*) => {
        impl<'t> Tensor<'t> {
            $($(#[$doc])*
            #[track_caller]
            pub fn $method(self, rhs: impl Operand<'t>) -> Self {
                self.compare(Direction::$direction, rhs.beside(self))
            })*
        }
    };
}

comparisons! {
    /// Whether both are equal, as booleans.
    equal Eq;
    /// Whether they differ, as booleans.
    not_equal Ne;
    /// Whether the left is less, as booleans.
    less Lt;
    /// Whether the left is less or both are equal, as booleans.
    less_equal Le;
    /// Whether the left is greater, as booleans.
    greater Gt;
    /// Whether the left is greater or both are equal, as booleans.
    greater_equal Ge;
}

impl<'t> Tensor<'t> {
    /// Where this tensor of booleans is true the element of `on_true`, elsewhere of `on_false`.
    /// All three broadcast.
    #[track_caller]
    pub fn select(self, on_true: Self, on_false: Self) -> Self {
        let operands = || {
            let (on_true, on_false) = on_true.broadcast_pair(on_false)?;
            let (predicate, on_true) = self.broadcast_pair(on_true)?;
            let (predicate, on_false) = predicate.broadcast_pair(on_false)?;
            Ok([predicate, on_true, on_false])
        };
        match operands() {
            Ok(operands) => self.trace().apply(Select, &operands),
            Err(rule) => {
                let types = [self.ty(), on_true.ty(), on_false.ty()];
                self.trace().refuse("select", &types, rule)
            }
        }
    }

    #[track_caller]
    fn compare(self, direction: Direction, rhs: Self) -> Self {
        match self.broadcast_pair(rhs) {
            Ok((lhs, rhs)) => self.trace().apply(Compare(direction), &[lhs, rhs]),
            Err(rule) => self.trace().refuse("compare", &[self.ty(), rhs.ty()], rule),
        }
    }
}

impl Op for Compare {
    fn name(&self) -> &'static str {
        "compare"
    }

    fn infer(&self, operands: &[Type]) -> Result<Type, Rule> {
        let (lhs, rhs) = (operands[0], operands[1]);
        if lhs.dtype != rhs.dtype {
            return Err(Rule::DTypes { lhs: lhs.dtype, rhs: rhs.dtype });
        }
        Ok(Type::new(DType::Bool, lhs.shape))
    }

    fn print(&self, at: &Statement) -> String {
        let direction = format!("{:?}", self.0).to_uppercase();
        let dtype = at.operand_types[0].dtype;
        let kind = if dtype.is_float() {
            "FLOAT"
        } else if dtype.is_signed() {
            "SIGNED"
        } else {
            "UNSIGNED"
        };
        let [lhs, rhs] = &at.operands[..] else { unreachable!("a comparison has two operands") };
        let (operand, result) = (at.operand_types[0].mlir(), at.result_type.mlir());
        format!(
            "stablehlo.compare {direction}, {lhs}, {rhs}, {kind} : \
             ({operand}, {operand}) -> {result}"
        )
    }

    fn vjp<'t>(&self, _: &Call<'t>) -> Result<Cotangents<'t>, NoGradient> {
        Ok(vec![None, None])
    }
}

impl Op for Select {
    fn name(&self) -> &'static str {
        "select"
    }

    fn infer(&self, operands: &[Type]) -> Result<Type, Rule> {
        let (predicate, on_true, on_false) = (operands[0], operands[1], operands[2]);
        if predicate.dtype != DType::Bool {
            return Err(Rule::DType { expected: "booleans to choose by", got: predicate.dtype });
        }
        if on_true.dtype != on_false.dtype {
            return Err(Rule::DTypes { lhs: on_true.dtype, rhs: on_false.dtype });
        }
        Ok(on_true)
    }

    fn print(&self, at: &Statement) -> String {
        let operands = at.operands.join(", ");
        let (predicate, result) = (at.operand_types[0].mlir(), at.result_type.mlir());
        format!("stablehlo.select {operands} : {predicate}, {result}")
    }

    fn vjp<'t>(&self, call: &Call<'t>) -> Result<Cotangents<'t>, NoGradient> {
        let (predicate, dy) = (call.operands[0], call.cotangent);
        let zero = dy.scalar(0.0);
        Ok(vec![None, Some(predicate.select(dy, zero)), Some(predicate.select(zero, dy))])
    }
}

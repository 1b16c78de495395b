//! Comparison, and choice by its result.

use super::binary::Operand;
use super::{Application, Cotangents, Form, NoGradient, Op, Spelling, Statement};
use crate::attribute::Attribute;
use crate::{DType, Rule, Tensor, Type};

#[derive(Clone, Copy, Debug)]
struct Compare {
    direction: Direction,
    order: Order,
}

/// How elements of a type are ordered.
#[derive(Clone, Copy, Debug)]
enum Order {
    Float,
    /// Of floats, with a place for each of their bit patterns.
    Total,
    Signed,
    Unsigned,
}

impl Order {
    fn name(self) -> &'static str {
        match self {
            Self::Float => "FLOAT",
            Self::Total => "TOTALORDER",
            Self::Signed => "SIGNED",
            Self::Unsigned => "UNSIGNED",
        }
    }
}

#[derive(Clone, Copy, Debug)]
struct Select;

macro_rules! comparisons {
    ($($(#[$doc:meta])* $method:ident $direction:ident $name:literal;)*) => {
        #[derive(Clone, Copy, Debug)]
        enum Direction { $($direction,)* }

        impl Direction {
            fn name(self) -> &'static str {
                match self { $(Self::$direction => $name,)* }
            }
        }

        impl<'t> Tensor<'t> {
            $($(#[$doc])*
            #[track_caller]
            pub fn $method(self, rhs: impl Operand<'t>) -> Self {
                self.compare(Direction::$direction, rhs.beside(self, "compare"))
            })*
        }
    };
}

comparisons! {
    /// Whether both are equal, as booleans.
    equal Equal "EQ";
    /// Whether they differ, as booleans.
    not_equal NotEqual "NE";
    /// Whether the left is less, as booleans.
    less Less "LT";
    /// Whether the left is less or both are equal, as booleans.
    less_equal LessEqual "LE";
    /// Whether the left is greater, as booleans.
    greater Greater "GT";
    /// Whether the left is greater or both are equal, as booleans.
    greater_equal GreaterEqual "GE";
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

    /// Whether the left is less in the total order of floats, where −0 comes before 0 and NaN is
    /// larger, or with its sign less, than any number; for other types [`Tensor::less`].
    #[track_caller]
    pub(crate) fn totally_before(self, rhs: Self) -> Self {
        if self.is_poison() || !self.dtype().is_float() {
            return self.less(rhs);
        }
        let compare = Compare { direction: Direction::Less, order: Order::Total };
        self.trace().apply(compare, &[self, rhs])
    }

    /// Whether the left is less in NumPy's order, where NaN comes last and −0 equals 0.
    #[track_caller]
    pub(crate) fn ordered_before(self, rhs: Self) -> Self {
        if self.is_poison() || !self.dtype().is_float() {
            return self.less(rhs);
        }
        // Compilers know this form and sort by it faster than by any function.
        let canonical = |x: Self| {
            let x = x.equal(0.0).select(x.scalar(0.0), x);
            x.not_equal(x).select(x.scalar(f64::NAN), x)
        };
        canonical(self).totally_before(canonical(rhs))
    }

    #[track_caller]
    fn compare(self, direction: Direction, rhs: Self) -> Self {
        let order = match self.dtype() {
            dtype if dtype.is_float() => Order::Float,
            dtype if dtype.is_signed() => Order::Signed,
            _ => Order::Unsigned,
        };
        match self.broadcast_pair(rhs) {
            Ok((lhs, rhs)) => self.trace().apply(Compare { direction, order }, &[lhs, rhs]),
            Err(rule) => self.trace().refuse("compare", &[self.ty(), rhs.ty()], rule),
        }
    }
}

impl Op for Compare {
    fn name(&self) -> &'static str {
        "compare"
    }

    fn infer(&self, operands: &[Type]) -> Result<Vec<Type>, Rule> {
        let (lhs, rhs) = (operands[0], operands[1]);
        if lhs.dtype != rhs.dtype {
            return Err(Rule::DTypes { lhs: lhs.dtype, rhs: rhs.dtype });
        }
        Ok(vec![Type::new(DType::Bool, lhs.shape)])
    }

    fn form(&self) -> Form {
        let case = |kind, case| Attribute::Enum { kind, case };
        let (direction, order) = (self.direction.name(), self.order.name());
        Form::Operation {
            attributes: vec![
                ("comparison_direction", case("comparison_direction", direction)),
                ("compare_type", case("comparison_type", order)),
            ],
            spellings: const { &[Spelling::first("compare_v1")] },
        }
    }

    fn print(&self, at: &Statement) -> String {
        let (direction, order) = (self.direction.name(), self.order.name());
        let operands = at.operands.join(", ");
        format!("stablehlo.compare {direction}, {operands}, {order} : {}", at.signature())
    }

    fn vjp<'t>(&self, _: &Application<'t>) -> Result<Cotangents<'t>, NoGradient> {
        Ok(vec![None, None])
    }
}

impl Op for Select {
    fn name(&self) -> &'static str {
        "select"
    }

    fn infer(&self, operands: &[Type]) -> Result<Vec<Type>, Rule> {
        let (predicate, on_true, on_false) = (operands[0], operands[1], operands[2]);
        predicate.dtype.check(predicate.dtype == DType::Bool, "booleans to choose by")?;
        if on_true.dtype != on_false.dtype {
            return Err(Rule::DTypes { lhs: on_true.dtype, rhs: on_false.dtype });
        }
        Ok(vec![on_true])
    }

    fn form(&self) -> Form {
        Form::Operation { attributes: vec![], spellings: const { &[Spelling::first("select_v1")] } }
    }

    fn print(&self, at: &Statement) -> String {
        let operands = at.operands.join(", ");
        let (predicate, result) = (at.operand_types[0].mlir(), at.result_type().mlir());
        format!("stablehlo.select {operands} : {predicate}, {result}")
    }

    fn vjp<'t>(&self, at: &Application<'t>) -> Result<Cotangents<'t>, NoGradient> {
        let (predicate, dy) = (at.operands[0], at.cotangent());
        let zero = dy.scalar(0.0);
        Ok(vec![None, Some(predicate.select(dy, zero)), Some(predicate.select(zero, dy))])
    }
}

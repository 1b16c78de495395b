//! Functions of one number, element by element.

use super::{Call, Cotangents, NoGradient, Op, Statement};
use crate::{Rule, Tensor, Type};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Domain {
    Float,
    /// Floating-point numbers and integers with a sign.
    Signed,
    /// Booleans and integers.
    Bits,
}

#[derive(Clone, Copy, Debug)]
struct Unary(Kind);

macro_rules! functions {
    ($($(#[$doc:meta])* $kind:ident $method:ident $name:literal $domain:ident;)*) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        enum Kind { $($kind,)* }

        impl Kind {
            fn name(self) -> &'static str {
                match self { $(Self::$kind => $name,)* }
            }

            fn domain(self) -> Domain {
                match self { $(Self::$kind => Domain::$domain,)* }
            }
        }

        impl<'t> Tensor<'t> {
            $($(#[$doc])*
            #[track_caller]
            pub fn $method(self) -> Self {
                self.trace().apply(Unary(Kind::$kind), &[self])
            })*
        }
    };
}

functions! {
    /// `|x|`. The gradient at 0 is 0.
    Abs abs "abs" Signed;
    /// The smallest integer that is not less.
    Ceil ceil "ceil" Float;
    /// The cosine of an angle in radians.
    Cosine cos "cosine" Float;
    /// `eˣ`.
    Exponential exp "exponential" Float;
    /// `eˣ − 1`, exact near 0.
    ExponentialMinusOne expm1 "exponential_minus_one" Float;
    /// The largest integer that is not greater.
    Floor floor "floor" Float;
    /// The natural logarithm.
    Log log "log" Float;
    /// `ln(1 + x)`, exact near 0.
    LogPlusOne log1p "log_plus_one" Float;
    /// The logistic function, `1 / (1 + e⁻ˣ)`.
    Logistic logistic "logistic" Float;
    /// `−x`.
    Negate negate "negate" Signed;
    /// Bits inverted; for booleans, the other value.
    Not logical_not "not" Bits;
    /// `1 / √x`.
    Rsqrt rsqrt "rsqrt" Float;
    /// −1, 0 or 1.
    Sign sign "sign" Signed;
    /// The sine of an angle in radians.
    Sine sin "sine" Float;
    /// The square root.
    Sqrt sqrt "sqrt" Float;
    /// The hyperbolic tangent.
    Tanh tanh "tanh" Float;
}

impl Op for Unary {
    fn name(&self) -> &'static str {
        self.0.name()
    }

    fn infer(&self, operands: &[Type]) -> Result<Type, Rule> {
        let ty = operands[0];
        let (fits, expected) = match self.0.domain() {
            Domain::Float => (ty.dtype.is_float(), "floating-point numbers"),
            Domain::Signed => (ty.dtype.is_float() || ty.dtype.is_signed(), "numbers with a sign"),
            Domain::Bits => (!ty.dtype.is_float(), "integers or booleans"),
        };
        if fits { Ok(ty) } else { Err(Rule::DType { expected, got: ty.dtype }) }
    }

    fn print(&self, at: &Statement) -> String {
        at.uniform(self)
    }

    fn vjp<'t>(&self, call: &Call<'t>) -> Result<Cotangents<'t>, NoGradient> {
        let (x, y, dy) = (call.operands[0], call.result, call.cotangent);
        Ok(vec![match self.0 {
            Kind::Abs => Some(dy * x.sign()),
            Kind::Ceil | Kind::Floor | Kind::Sign | Kind::Not => None,
            Kind::Cosine => Some(-dy * x.sin()),
            Kind::Exponential => Some(dy * y),
            Kind::ExponentialMinusOne => Some(dy * (y + 1.0)),
            Kind::Log => Some(dy / x),
            Kind::LogPlusOne => Some(dy / (x + 1.0)),
            Kind::Logistic => Some(dy * (y * (1.0 - y))),
            Kind::Negate => Some(-dy),
            Kind::Rsqrt => Some(dy * (-0.5 * y / x)),
            Kind::Sine => Some(dy * x.cos()),
            Kind::Sqrt => Some(dy * 0.5 / y),
            Kind::Tanh => Some(dy * (1.0 - y * y)),
        }])
    }
}

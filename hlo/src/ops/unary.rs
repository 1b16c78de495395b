//! Functions of one number, element by element.

use super::{Application, Cotangents, Form, NoGradient, Op, Spelling, Statement};
use crate::attribute::Attribute;
use crate::version::Version;
use crate::{Rule, Tensor, Type};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Domain {
    Float,
    /// Floating-point numbers and integers with a sign.
    Signed,
    /// Booleans and integers.
    Bits,
    Integer,
}

#[derive(Clone, Copy, Debug)]
struct Unary(Kind);

macro_rules! functions {
    ($($(#[$doc:meta])* $kind:ident $method:ident $name:literal $domain:ident $(from 1 $first:literal)? $(since 1 $minor:literal)?;)*) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        enum Kind { $($kind,)* }

        impl Kind {
            fn name(self) -> &'static str {
                match self { $(Self::$kind => $name,)* }
            }

            fn spellings(self) -> &'static [Spelling] {
                match self {
                    $(Self::$kind => const { &[
                        Spelling::since(oldest(&[$($first)?]), concat!($name, "_v1")),
                        $(Spelling::since(Version::new(1, $minor, 0), concat!($name, "_v2"))
                            .with(&[("result_accuracy", Attribute::AnyAccuracy)]),)?
                    ] },)*
                }
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
    /// `∛x`. The gradient at 0 is infinite.
    Cbrt cbrt "cbrt" Float since 1 10;
    /// The smallest integer that is not less.
    Ceil ceil "ceil" Float;
    /// The cosine of an angle in radians.
    Cosine cos "cosine" Float since 1 10;
    /// The number of zeros before the first one in the bits of an integer.
    CountLeadingZeros leading_zeros "count_leading_zeros" Integer;
    /// `eˣ`.
    Exponential exp "exponential" Float since 1 9;
    /// `eˣ − 1`, exact near 0.
    ExponentialMinusOne expm1 "exponential_minus_one" Float since 1 10;
    /// The largest integer that is not greater.
    Floor floor "floor" Float;
    /// The natural logarithm.
    Log log "log" Float since 1 10;
    /// `ln(1 + x)`, exact near 0.
    LogPlusOne log1p "log_plus_one" Float since 1 10;
    /// The logistic function, `1 / (1 + e⁻ˣ)`.
    Logistic logistic "logistic" Float since 1 10;
    /// `−x`.
    Negate negate "negate" Signed;
    /// Bits inverted; for booleans, the other value.
    Not logical_not "not" Bits;
    /// The number of ones in the bits of an integer.
    PopulationCount count_ones "popcnt" Integer;
    /// The nearest integer, of two the one further from 0.
    RoundNearestAway round_ties_away "round_nearest_afz" Float;
    /// The nearest integer, of two the even one.
    RoundNearestEven round_ties_even "round_nearest_even" Float;
    /// `1 / √x`.
    Rsqrt rsqrt "rsqrt" Float since 1 10;
    /// −1, 0 or 1.
    Sign sign "sign" Signed;
    /// The sine of an angle in radians.
    Sine sin "sine" Float since 1 10;
    /// The square root.
    Sqrt sqrt "sqrt" Float since 1 10;
    /// The tangent of an angle in radians.
    Tangent tan "tan" Float from 1 4 since 1 10;
    /// The hyperbolic tangent.
    Tanh tanh "tanh" Float since 1 10;
}

/// The version that brought an operation: 1 and a second number, or the first of all.
const fn oldest(minor: &[u16]) -> Version {
    match minor {
        [] => Version::FIRST,
        [minor, ..] => Version::new(1, *minor, 0),
    }
}

impl Op for Unary {
    fn name(&self) -> &'static str {
        self.0.name()
    }

    fn infer(&self, operands: &[Type]) -> Result<Vec<Type>, Rule> {
        let ty = operands[0];
        let (fits, expected) = match self.0.domain() {
            Domain::Float => (ty.dtype.is_float(), "floating-point numbers"),
            Domain::Signed => (ty.dtype.is_float() || ty.dtype.is_signed(), "numbers with a sign"),
            Domain::Bits => (!ty.dtype.is_float(), "integers or booleans"),
            Domain::Integer => (ty.dtype.is_integer(), "integers"),
        };
        ty.dtype.check(fits, expected)?;
        Ok(vec![ty])
    }

    fn form(&self) -> Form {
        Form::Operation { attributes: vec![], spellings: self.0.spellings() }
    }

    fn print(&self, at: &Statement) -> String {
        at.uniform(self.name())
    }

    fn vjp<'t>(&self, at: &Application<'t>) -> Result<Cotangents<'t>, NoGradient> {
        let (x, y, dy) = (at.operands[0], at.result(), at.cotangent());
        Ok(vec![match self.0 {
            Kind::Abs => Some(dy * x.sign()),
            Kind::Ceil
            | Kind::CountLeadingZeros
            | Kind::Floor
            | Kind::Not
            | Kind::PopulationCount
            | Kind::RoundNearestAway
            | Kind::RoundNearestEven
            | Kind::Sign => None,
            Kind::Cbrt => Some(dy / (3.0 * y * y)),
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
            Kind::Tangent => Some(dy * (1.0 + y * y)),
            Kind::Tanh => Some(dy * (1.0 - y * y)),
        }])
    }
}

//! Element types of tensors.

use std::fmt;

use crate::Rule;

/// The element type of a tensor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum DType {
    Bool,
    S8,
    S16,
    S32,
    S64,
    U8,
    U16,
    U32,
    U64,
    F8E4M3FN,
    F8E5M2,
    F16,
    Bf16,
    F32,
    F64,
}

impl DType {
    /// The name that StableHLO gives the type, such as `f32`, `i1` or `ui32`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bool => "i1",
            Self::S8 => "i8",
            Self::S16 => "i16",
            Self::S32 => "i32",
            Self::S64 => "i64",
            Self::U8 => "ui8",
            Self::U16 => "ui16",
            Self::U32 => "ui32",
            Self::U64 => "ui64",
            Self::F8E4M3FN => "f8E4M3FN",
            Self::F8E5M2 => "f8E5M2",
            Self::F16 => "f16",
            Self::Bf16 => "bf16",
            Self::F32 => "f32",
            Self::F64 => "f64",
        }
    }

    /// The width of an element in bits; a boolean takes 8, as it does on a device.
    pub fn bits(self) -> u32 {
        match self {
            Self::Bool | Self::S8 | Self::U8 | Self::F8E4M3FN | Self::F8E5M2 => 8,
            Self::S16 | Self::U16 | Self::F16 | Self::Bf16 => 16,
            Self::S32 | Self::U32 | Self::F32 => 32,
            Self::S64 | Self::U64 | Self::F64 => 64,
        }
    }

    /// Whether values are floating-point numbers, the ones that have gradients.
    pub fn is_float(self) -> bool {
        matches!(
            self,
            Self::F8E4M3FN | Self::F8E5M2 | Self::F16 | Self::Bf16 | Self::F32 | Self::F64
        )
    }

    /// The type in which elements of this one add up: floats of few bits lose what they count.
    pub(crate) fn wide(self) -> Self {
        if self.is_float() && self.bits() < 32 { Self::F32 } else { self }
    }

    /// That an operation, which takes `expected`, takes this type.
    pub(crate) fn check(self, fits: bool, expected: &'static str) -> Result<(), Rule> {
        if fits { Ok(()) } else { Err(Rule::DType { expected, got: self }) }
    }

    pub(crate) fn check_float(self) -> Result<(), Rule> {
        self.check(self.is_float(), "floating-point numbers")
    }

    /// That values are no booleans.
    pub(crate) fn check_number(self) -> Result<(), Rule> {
        self.check(self != Self::Bool, "numbers")
    }

    /// The type in which places along an axis of `size` elements are counted.
    pub(crate) fn counting(size: usize) -> Self {
        if i32::try_from(size).is_ok() { Self::S32 } else { Self::S64 }
    }

    /// Whether values are integers with a sign.
    pub fn is_signed(self) -> bool {
        matches!(self, Self::S8 | Self::S16 | Self::S32 | Self::S64)
    }

    /// Whether values are integers, with a sign or without.
    pub fn is_integer(self) -> bool {
        self.is_signed() || self.is_unsigned()
    }

    /// Whether values are integers without a sign.
    pub fn is_unsigned(self) -> bool {
        matches!(self, Self::U8 | Self::U16 | Self::U32 | Self::U64)
    }
}

impl fmt::Display for DType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

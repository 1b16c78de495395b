//! Element types of arrays, as PJRT numbers them.

use std::fmt;

use bytemuck::{CheckedBitPattern, NoUninit};
use half::{bf16, f16};

macro_rules! dtypes {
    ($($(#[$doc:meta])* $variant:ident = $code:literal, $name:literal, $bits:literal;)*) => {
        /// The element type of an array. Discriminants are those of `PJRT_Buffer_Type`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        #[repr(u32)]
        #[allow(missing_docs)]
        pub enum DType { $($(#[$doc])* $variant = $code,)* }

        impl DType {
            /// The type that PJRT numbers `code`, if it is the type of an array's elements.
            pub fn from_code(code: u32) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)* _ => None }
            }

            /// The name that StableHLO gives the type, such as `f32`, `i1` or `ui8`.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The width of one element in bits.
            pub fn bits(self) -> usize {
                match self { $(Self::$variant => $bits,)* }
            }
        }
    };
}

dtypes! {
    /// A boolean, one byte each on the host.
    Pred = 1, "i1", 8;
    S8 = 2, "i8", 8;
    S16 = 3, "i16", 16;
    S32 = 4, "i32", 32;
    S64 = 5, "i64", 64;
    U8 = 6, "ui8", 8;
    U16 = 7, "ui16", 16;
    U32 = 8, "ui32", 32;
    U64 = 9, "ui64", 64;
    F16 = 10, "f16", 16;
    F32 = 11, "f32", 32;
    F64 = 12, "f64", 64;
    Bf16 = 13, "bf16", 16;
    C64 = 14, "complex<f32>", 64;
    C128 = 15, "complex<f64>", 128;
    F8E5M2 = 16, "f8E5M2", 8;
    F8E4M3FN = 17, "f8E4M3FN", 8;
    F8E4M3B11FNUZ = 18, "f8E4M3B11FNUZ", 8;
    F8E5M2FNUZ = 19, "f8E5M2FNUZ", 8;
    F8E4M3FNUZ = 20, "f8E4M3FNUZ", 8;
    F8E4M3 = 26, "f8E4M3", 8;
    F8E3M4 = 27, "f8E3M4", 8;
    F8E8M0FNU = 28, "f8E8M0FNU", 8;
}

impl fmt::Display for DType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A Rust type whose values are the elements of an array of type [`Element::DTYPE`].
pub trait Element: NoUninit + CheckedBitPattern {
    /// The element type that this Rust type stands for.
    const DTYPE: DType;
}

macro_rules! elements {
    ($($rust:ty => $variant:ident),* $(,)?) => {
        $(impl Element for $rust { const DTYPE: DType = DType::$variant; })*
    };
}

elements! {
    bool => Pred, i8 => S8, i16 => S16, i32 => S32, i64 => S64, u8 => U8, u16 => U16,
    u32 => U32, u64 => U64, f16 => F16, f32 => F32, f64 => F64, bf16 => Bf16,
}

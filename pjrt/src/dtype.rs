//! Element types of arrays, as PJRT numbers them.

use std::fmt;

use bytemuck::{CheckedBitPattern, NoUninit};
use half::{bf16, f16};
use xla_sys::ApiVersion;
use xla_sys::bindings as sys;
use xla_sys::bindings::PJRT_Buffer_Type;

use crate::api::Api;
use crate::error::{Error, Result};

macro_rules! dtypes {
    ($($(#[$doc:meta])* $variant:ident = $code:ident, $name:literal, $bytes:literal $(, $since:literal)?;)*) => {
        /// The element type of an array. Discriminants are those of `PJRT_Buffer_Type`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        #[repr(u32)]
        #[allow(missing_docs)]
        pub enum DType { $($(#[$doc])* $variant = sys::$code,)* }

        impl DType {
            /// Every element type.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The name that StableHLO gives the type, such as `f32`, `i1` or `ui8`; XLA's own where
            /// StableHLO has none.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The bytes that one element takes on the host.
            pub fn host_bytes(self) -> usize {
                match self { $(Self::$variant => $bytes,)* }
            }

            /// The minor version of the interface that a plugin must have to know the type, where
            /// not every plugin that is accepted does.
            fn since(self) -> i32 {
                match self { $($(Self::$variant => $since,)?)* _ => 0 }
            }
        }
    };
}

dtypes! {
    /// A boolean, one byte each on the host.
    Pred = PJRT_Buffer_Type_PRED, "i1", 1;
    S8 = PJRT_Buffer_Type_S8, "i8", 1;
    S16 = PJRT_Buffer_Type_S16, "i16", 2;
    S32 = PJRT_Buffer_Type_S32, "i32", 4;
    S64 = PJRT_Buffer_Type_S64, "i64", 8;
    U8 = PJRT_Buffer_Type_U8, "ui8", 1;
    U16 = PJRT_Buffer_Type_U16, "ui16", 2;
    U32 = PJRT_Buffer_Type_U32, "ui32", 4;
    U64 = PJRT_Buffer_Type_U64, "ui64", 8;
    F16 = PJRT_Buffer_Type_F16, "f16", 2;
    F32 = PJRT_Buffer_Type_F32, "f32", 4;
    F64 = PJRT_Buffer_Type_F64, "f64", 8;
    Bf16 = PJRT_Buffer_Type_BF16, "bf16", 2;
    C64 = PJRT_Buffer_Type_C64, "complex<f32>", 8;
    C128 = PJRT_Buffer_Type_C128, "complex<f64>", 16;
    F8E5M2 = PJRT_Buffer_Type_F8E5M2, "f8E5M2", 1;
    F8E4M3FN = PJRT_Buffer_Type_F8E4M3FN, "f8E4M3FN", 1;
    F8E4M3B11FNUZ = PJRT_Buffer_Type_F8E4M3B11FNUZ, "f8E4M3B11FNUZ", 1;
    F8E5M2FNUZ = PJRT_Buffer_Type_F8E5M2FNUZ, "f8E5M2FNUZ", 1;
    F8E4M3FNUZ = PJRT_Buffer_Type_F8E4M3FNUZ, "f8E4M3FNUZ", 1;
    F8E4M3 = PJRT_Buffer_Type_F8E4M3, "f8E4M3", 1;
    F8E3M4 = PJRT_Buffer_Type_F8E3M4, "f8E3M4", 1;
    F8E8M0FNU = PJRT_Buffer_Type_F8E8M0FNU, "f8E8M0FNU", 1;
    /// Packed on a device, and a byte each on the host, as are the others of four bits and fewer: the
    /// upper bits of the byte are ignored, and zero in what comes back.
    S4 = PJRT_Buffer_Type_S4, "i4", 1;
    U4 = PJRT_Buffer_Type_U4, "ui4", 1;
    S2 = PJRT_Buffer_Type_S2, "i2", 1;
    U2 = PJRT_Buffer_Type_U2, "ui2", 1;
    F4E2M1FN = PJRT_Buffer_Type_F4E2M1FN, "f4E2M1FN", 1;
    /// A number that is 0 or -1: unlike [`Pred`](Self::Pred), to which StableHLO has given `i1`.
    S1 = PJRT_Buffer_Type_S1, "s1", 1, 94;
    U1 = PJRT_Buffer_Type_U1, "u1", 1, 94;
    /// A byte each wherever it is, whose upper bits should be zero, as is the other of six bits.
    F6E2M3FN = PJRT_Buffer_Type_F6E2M3FN, "f6E2M3FN", 1, 114;
    F6E3M2FN = PJRT_Buffer_Type_F6E3M2FN, "f6E3M2FN", 1, 114;
}

impl DType {
    /// The type as a plugin takes it.
    ///
    /// # Errors
    /// [`Error::UnknownDType`] if the plugin is older than the type: it would end the process.
    pub(crate) fn code(self, api: &Api) -> Result<PJRT_Buffer_Type> {
        if api.version().minor >= self.since() {
            return Ok(self as PJRT_Buffer_Type);
        }
        Err(Error::UnknownDType {
            dtype: self,
            plugin: api.path().to_owned(),
            version: api.version(),
            since: ApiVersion { major: 0, minor: self.since() },
        })
    }
}

impl DType {
    /// Whether several elements share a byte of a device's memory.
    pub(crate) fn is_packed(self) -> bool {
        matches!(
            self,
            Self::S4 | Self::U4 | Self::S2 | Self::U2 | Self::S1 | Self::U1 | Self::F4E2M1FN
        )
    }
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

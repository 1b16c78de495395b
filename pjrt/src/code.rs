//! Programs as bytes, on their way to a compiler.

use prost::Message as _;
use xla_sys::bindings::PJRT_Program;

use crate::error::{Error, Result};
use crate::program_text;

/// How a program is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// StableHLO, as text, MLIR bytecode, or a portable artifact.
    Mlir,
    /// A serialised `HloModuleProto`.
    Hlo,
}

impl Format {
    /// The name that the interface knows the format by.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Mlir => "mlir",
            Self::Hlo => "hlo",
        }
    }
}

/// A program to be compiled.
#[derive(Clone, Copy, Debug)]
pub struct Code<'a> {
    /// How the program is written.
    pub format: Format,
    /// The program itself.
    pub bytes: &'a [u8],
}

impl<'a> Code<'a> {
    /// StableHLO, as text, MLIR bytecode, or a portable artifact.
    pub fn mlir(code: &'a (impl AsRef<[u8]> + ?Sized)) -> Self {
        Self { format: Format::Mlir, bytes: code.as_ref() }
    }

    /// The program as the interface takes it, for devices of `platform` that each copy of it is
    /// split among `partitions` of.
    ///
    /// # Errors
    /// [`Error::CompiledAlready`] and [`Error::Program`] for what ends the process in some compilers.
    pub(crate) fn prepare(&self, platform: &str, partitions: usize) -> Result<Prepared> {
        if self.format == Format::Hlo
            && HloModule::decode(self.bytes).is_ok_and(|module| module.schedule.is_some())
        {
            return Err(Error::CompiledAlready);
        }
        if self.format == Format::Mlir
            && let Ok(text) = str::from_utf8(self.bytes)
        {
            program_text::check(text, platform, partitions)?;
        }
        let format = self.format.name();
        Ok(Prepared { bytes: [self.bytes, &[0]].concat(), format })
    }

    /// A serialised `HloModuleProto`.
    pub fn hlo(code: &'a (impl AsRef<[u8]> + ?Sized)) -> Self {
        Self { format: Format::Hlo, bytes: code.as_ref() }
    }
}

/// A program on its way to a plugin.
pub(crate) struct Prepared {
    /// With a zero behind it, which the reader of text looks for beyond the end.
    bytes: Vec<u8>,
    format: &'static str,
}

impl Prepared {
    /// It points into this one.
    pub(crate) fn program(&self) -> PJRT_Program {
        PJRT_Program {
            // The interface takes a pointer that may write, and no plugin does.
            code: self.bytes.as_ptr().cast_mut().cast(),
            code_size: self.bytes.len() - 1,
            format: self.format.as_ptr().cast(),
            format_size: self.format.len(),
            ..Default::default()
        }
    }
}

/// `xla.HloModuleProto`, of which it only counts whether its instructions have an order.
#[derive(Clone, PartialEq, prost::Message)]
struct HloModule {
    #[prost(message, optional, tag = "7")]
    schedule: Option<Schedule>,
}

/// `xla.HloScheduleProto`.
#[derive(Clone, PartialEq, prost::Message)]
struct Schedule {}

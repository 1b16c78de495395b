//! Programs as bytes, on their way to a compiler.

use prost::Message as _;
use xla_sys::bindings::PJRT_Program;

use crate::error::{Error, Result};

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

    /// Refuses a module that a compiler has made already: compilers differ in how they fail of it,
    /// and some end the process.
    pub(crate) fn check(&self) -> Result<()> {
        if self.format == Format::Hlo
            && HloModule::decode(self.bytes).is_ok_and(|module| module.schedule.is_some())
        {
            return Err(Error::CompiledAlready);
        }
        Ok(())
    }

    /// The program as the interface takes it; it points into this one.
    pub(crate) fn program(&self) -> PJRT_Program {
        let format = self.format.name();
        PJRT_Program {
            // The interface takes a pointer that may write, and no plugin does.
            code: self.bytes.as_ptr().cast_mut().cast(),
            code_size: self.bytes.len(),
            format: format.as_ptr().cast(),
            format_size: format.len(),
            ..Default::default()
        }
    }

    /// A serialised `HloModuleProto`.
    pub fn hlo(code: &'a (impl AsRef<[u8]> + ?Sized)) -> Self {
        Self { format: Format::Hlo, bytes: code.as_ref() }
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

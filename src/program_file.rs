//! Programs in files: StableHLO as text or portable bytecode, or a module of HLO.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use pjrt::{Code, CompileOptions, Executable};

use crate::error::{Error, Result};
use crate::hlo_module::{HloModule, HloModuleError};
use crate::runtime::Runtime;

/// What MLIR's bytecode starts with.
const BYTECODE: &[u8] = b"ML\xefR";

/// A program in a file.
#[derive(Clone, Debug)]
pub struct ProgramFile {
    path: PathBuf,
    form: Form,
    bytes: Vec<u8>,
}

/// How a program is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// StableHLO as text.
    Text,
    /// StableHLO as MLIR bytecode, portable or not.
    Bytecode,
    /// An `HloModuleProto`.
    Hlo,
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text => "StableHLO text",
            Self::Bytecode => "StableHLO bytecode",
            Self::Hlo => "HLO module",
        })
    }
}

impl ProgramFile {
    /// Reads a program. How it is written is told by its contents; its name doesn't matter.
    ///
    /// An `HloModuleProtoWithConfig` and an `HloProto`, which XLA writes where it dumps what it
    /// compiles, stand for the module in them.
    ///
    /// # Errors
    /// If the file can't be read or is none of these.
    pub fn read(path: &Path) -> Result<Self> {
        let bytes = fs::read(path).map_err(Error::io("read the program", path))?;
        let no =
            |problem: &str| Error::NoProgram { path: path.to_owned(), problem: problem.to_owned() };
        let (form, bytes) = match HloModule::decode(&bytes) {
            _ if bytes.is_empty() => return Err(no("it is empty")),
            _ if bytes.starts_with(BYTECODE) => (Form::Bytecode, bytes),
            Ok(_) => (Form::Hlo, bytes),
            Err(error) => match (HloModule::unwrap(&bytes), str::from_utf8(&bytes)) {
                (Some(module), _) => (Form::Hlo, module),
                (None, Ok(text)) if text.trim_start().starts_with("HloModule") => {
                    return Err(no("it is HLO as text, which plugins don't read"));
                }
                (None, Ok(text)) if !text.contains('\0') => (Form::Text, bytes),
                _ => match error {
                    HloModuleError::Damaged { .. } => return Err(no(&error.to_string())),
                    HloModuleError::Decode { .. } => {
                        return Err(no(
                            "it is neither text, bytecode of MLIR, nor a module of HLO",
                        ));
                    }
                },
            },
        };
        Ok(Self { path: path.to_owned(), form, bytes })
    }

    /// Where the program was read from.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How the program is written.
    pub fn form(&self) -> Form {
        self.form
    }

    /// Compiles the program.
    ///
    /// # Errors
    /// What the compiler reports.
    pub fn compile(&self, runtime: &Runtime) -> Result<Executable> {
        let code = match self.form {
            Form::Text | Form::Bytecode => Code::mlir(&self.bytes),
            Form::Hlo => Code::hlo(&self.bytes),
        };
        // Marks of Shardy are an error unless the compiler is told that it is to read them.
        let shardy = self.form != Form::Hlo && self.bytes.windows(3).any(|at| at == b"sdy");
        let options = CompileOptions { use_shardy: shardy, ..CompileOptions::default() };
        runtime.client().compile(code, &options).map_err(|source| Error::Compile {
            path: self.path.clone(),
            platform: runtime.client().platform_name().to_owned(),
            source,
        })
    }
}

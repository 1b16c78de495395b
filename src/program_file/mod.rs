//! Programs in files: StableHLO as text or portable bytecode, or a module of HLO.

mod bytecode;
mod text;

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use pjrt::{Code, CompileOptions, Flag, LoadedExecutable};

use crate::error::{Error, Result};
use crate::hlo_module::{HloModule, HloModuleError, Port};
use crate::runtime::{Runtime, compile_options};

/// What MLIR's bytecode starts with.
const BYTECODE: &[u8] = b"ML\xefR";

/// Whether a character is one that texts don't have.
fn is_binary(character: char) -> bool {
    character.is_control() && !matches!(character, '\n' | '\r' | '\t')
}

/// A program in a file.
#[derive(Clone, Debug)]
pub struct ProgramFile {
    path: PathBuf,
    form: Form,
    bytes: Vec<u8>,
    /// A module of HLO that a compiler has made already.
    scheduled: Option<HloModule>,
    flags: BTreeMap<String, Flag>,
    facts: Facts,
}

/// What a program says of itself, as far as it can be told before it is compiled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Facts {
    replicas: Option<usize>,
    partitions: Option<usize>,
    /// Whether it says how arrays are split among partitions.
    marked: bool,
    /// Whether it says so in Shardy's terms.
    shardy: bool,
    /// The dimensions of what it takes, as far as they are known and don't vary.
    inputs: Vec<Option<Vec<usize>>>,
    /// The dimensions of what it returns, likewise.
    outputs: Vec<Option<Vec<usize>>>,
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
    /// compiles, stand for the module in them. The only function of a text is its `main`, whatever
    /// its name, as StableHLO's own interpreter has it.
    ///
    /// # Errors
    /// If the file can't be read or is none of these.
    pub fn read(path: &Path) -> Result<Self> {
        let bytes = fs::read(path).map_err(Error::io("read the program", path))?;
        let no =
            |problem: &str| Error::NoProgram { path: path.to_owned(), problem: problem.to_owned() };
        let of = |form, bytes, scheduled, facts| {
            let flags = BTreeMap::new();
            Ok(Self { path: path.to_owned(), form, bytes, scheduled, flags, facts })
        };
        if bytes.starts_with(BYTECODE) {
            let facts = bytecode::facts(&bytes);
            return of(Form::Bytecode, bytes, None, facts);
        }
        let hlo = |bytes, module: HloModule| {
            let facts = Facts::of(&module);
            of(Form::Hlo, bytes, Some(module).filter(HloModule::is_scheduled), facts)
        };
        let error = match HloModule::decode(&bytes) {
            Ok(module) => return hlo(bytes, module),
            Err(error) => error,
        };
        if let Some((bytes, module)) = HloModule::unwrap(&bytes) {
            return hlo(bytes, module);
        }
        match (str::from_utf8(&bytes), error) {
            (Ok(text), _) if text.trim().is_empty() => Err(no("it is empty")),
            (Ok(text), _) if text.trim_start().starts_with("HloModule") => {
                Err(no("it is HLO as text, which plugins don't read"))
            }
            (Ok(text), _) if !text.contains(is_binary) => {
                let renamed = text::with_main(text);
                let facts = text::facts(renamed.as_deref().unwrap_or(text));
                of(Form::Text, renamed.map_or(bytes, String::into_bytes), None, facts)
            }
            (_, error @ HloModuleError::Damaged { .. }) => Err(no(&error.to_string())),
            _ => Err(no("it is neither text, bytecode of MLIR, nor a whole module of HLO")),
        }
    }

    /// The program, to be compiled with these flags of XLA.
    pub fn with_flags(self, flags: BTreeMap<String, Flag>) -> Self {
        Self { flags, ..self }
    }

    /// Where the program was read from.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How the program is written.
    pub fn form(&self) -> Form {
        self.form
    }

    /// The program as a module that a compiler has made already; none if it is not yet compiled.
    pub fn scheduled(&self) -> Option<&HloModule> {
        self.scheduled.as_ref()
    }

    /// How many copies of the program run side by side, which it states as `mhlo.num_replicas`.
    pub fn replicas(&self) -> usize {
        self.facts.replicas.filter(|&count| count > 0).unwrap_or(1)
    }

    /// How many parts each copy is split into, which the program states as `mhlo.num_partitions`.
    pub fn partitions(&self) -> usize {
        self.facts.partitions.filter(|&count| count > 0).unwrap_or(1)
    }

    /// Sets how many copies and parts there are, whatever the program states; `None` leaves it.
    #[must_use]
    pub fn split(mut self, replicas: Option<usize>, partitions: Option<usize>) -> Self {
        self.facts.replicas = replicas.or(self.facts.replicas);
        self.facts.partitions = partitions.or(self.facts.partitions);
        self
    }

    /// How many devices the program runs on.
    pub fn devices(&self) -> usize {
        self.replicas().saturating_mul(self.partitions())
    }

    /// Whether the program says how arrays are split among partitions, with Shardy's marks or
    /// GSPMD's.
    pub fn is_marked(&self) -> bool {
        self.facts.marked
    }

    /// The dimensions of the input with this number before it is split, if the program tells.
    pub fn input_dims(&self, index: usize) -> Option<&[usize]> {
        self.facts.inputs.get(index)?.as_deref()
    }

    /// The dimensions of the output with this number before it is split, if the program tells.
    pub fn output_dims(&self, index: usize) -> Option<&[usize]> {
        self.facts.outputs.get(index)?.as_deref()
    }

    /// Compiles the program, or loads it from the compile cache.
    ///
    /// # Errors
    /// What the compiler reports, and for a module that has been compiled already.
    pub fn compile(&self, runtime: &Runtime) -> Result<LoadedExecutable> {
        let (code, options) = self.code()?;
        runtime.compile_code(code, &options).map_err(|source| Error::Compile {
            path: self.path.clone(),
            platform: runtime.client().platform_name().to_owned(),
            source,
        })
    }

    /// The program as a compiler takes it, and how it is to be compiled.
    ///
    /// # Errors
    /// For a module that has been compiled already.
    pub fn code(&self) -> Result<(Code<'_>, CompileOptions)> {
        if self.scheduled.is_some() {
            return Err(Error::CompiledAlready { path: self.path.clone() });
        }
        let code = match self.form {
            Form::Text | Form::Bytecode => Code::mlir(&self.bytes),
            Form::Hlo => Code::hlo(&self.bytes),
        };
        // Marks of Shardy are an error unless the compiler is told that it is to read them.
        let Facts { shardy: use_shardy, .. } = self.facts;
        let (replicas, partitions) = (self.replicas(), self.partitions());
        let mut options = CompileOptions { replicas, partitions, use_shardy, ..compile_options() };
        if self.may_take_arcs() {
            let narrow = ("xla_cpu_prefer_vector_width".to_owned(), Flag::Int(128));
            options.flags.extend([narrow]);
        }
        options.flags.extend(self.flags.clone());
        Ok((code, options))
    }
}

impl ProgramFile {
    /// Whether the program may take the `atan2` of numbers in f64, as many functions of complex
    /// numbers do: the CPU plugin of interface 0.115 was seen to take wrong ones in wider vectors.
    fn may_take_arcs(&self) -> bool {
        let mentions = |name: &str| self.bytes.windows(name.len()).any(|at| at == name.as_bytes());
        match self.form {
            Form::Text => mentions("f64"),
            Form::Bytecode | Form::Hlo => mentions("atan2") || mentions("log"),
        }
    }
}

impl Facts {
    fn of(module: &HloModule) -> Self {
        let dims = |ports: Vec<Port>| {
            let dims = |port: Port| port.shape.into_iter().map(|dim| usize::try_from(dim).ok());
            ports.into_iter().map(|port| dims(port).collect()).collect()
        };
        let (replicas, partitions) = module.device_counts().unzip();
        Self {
            replicas,
            partitions,
            marked: module.is_marked(),
            // A module of HLO has no others than GSPMD's.
            shardy: false,
            inputs: dims(module.parameters()),
            outputs: dims(module.results()),
        }
    }
}

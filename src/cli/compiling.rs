//! How a program is compiled: the options of every command that compiles any.

use std::collections::BTreeMap;
use std::num::NonZero;

use clap::Args;
use hetxl::program_file::ProgramFile;
use pjrt::{CompileOptions, Flag};

/// How a program is compiled.
#[derive(Clone, Debug, Args)]
pub(super) struct Compiling {
    /// How many copies of the program run, where that is not stated or is to be otherwise
    #[arg(long, value_name = "N")]
    replicas: Option<NonZero<usize>>,
    /// How many parts each copy is split into, where that is not stated or is to be otherwise
    #[arg(long, value_name = "N")]
    partitions: Option<NonZero<usize>>,
    /// A flag for the compiler, such as `xla_backend_optimization_level=0`; may be given again
    #[arg(long = "xla-flag", value_name = "NAME=VALUE", value_parser = parse)]
    xla_flags: Vec<(String, Flag)>,
}

impl Compiling {
    /// The program, to be compiled so.
    pub(super) fn program(&self, program: ProgramFile) -> ProgramFile {
        let count = |count: Option<NonZero<usize>>| count.map(NonZero::get);
        program.split(count(self.replicas), count(self.partitions)).with_flags(self.flags())
    }

    /// The options for a program that was traced here.
    pub(super) fn options(&self, program: &hlo::Program) -> CompileOptions {
        let mut options = hetxl::runtime::options_of(program);
        options.replicas = self.replicas.map_or(options.replicas, NonZero::get);
        options.partitions = self.partitions.map_or(options.partitions, NonZero::get);
        options.flags.extend(self.flags());
        options
    }

    /// By name; of flags with the same name the last.
    fn flags(&self) -> BTreeMap<String, Flag> {
        self.xla_flags.iter().cloned().collect()
    }
}

/// Plugins read numbers from strings, by the flag's own type, but differ in how they spell booleans.
fn parse(text: &str) -> Result<(String, Flag), String> {
    let (name, value) = text.split_once('=').ok_or("expected NAME=VALUE")?;
    let value = match value {
        "true" => Flag::Bool(true),
        "false" => Flag::Bool(false),
        _ => Flag::String(value.to_owned()),
    };
    Ok((name.to_owned(), value))
}

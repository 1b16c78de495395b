//! `hetxl bench`.

mod cell;
mod heads;
mod measure;

use std::process::ExitCode;

use clap::Subcommand;
use hetxl::Result;

/// Measure what training takes on this machine
#[derive(Debug, Subcommand)]
pub(crate) enum Bench {
    Heads(heads::Heads),
}

impl Bench {
    pub(crate) fn run(&self) -> Result<ExitCode> {
        match self {
            Self::Heads(command) => command.run(),
        }
    }
}

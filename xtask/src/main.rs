//! Maintenance commands of the workspace: `cargo run -p xtask -- COMMAND`.

mod bindings;
#[cfg(feature = "conform")]
mod conform;
#[cfg(feature = "conform")]
mod support;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Writes xla-sys/src/bindings.rs from xla-sys/layout/c_api.json
    ///
    /// Built with `--features bindgen`, it also makes that data from upstream headers:
    /// xla-sys/layout/README.md.
    Bindings(bindings::Arguments),
    /// Tries every capability of the crate pjrt on a plugin, and fails if one is wrong
    ///
    /// A capability that the plugin says it lacks is unsupported, which is no failure.
    #[cfg(feature = "conform")]
    Conform(conform::Arguments),
    /// Writes SUPPORT.md: what becomes of every capability on the plugins that can be installed
    #[cfg(feature = "conform")]
    Support(support::Arguments),
}

fn main() -> anyhow::Result<ExitCode> {
    match Arguments::parse().command {
        Command::Bindings(arguments) => bindings::run(&arguments).map(|()| ExitCode::SUCCESS),
        #[cfg(feature = "conform")]
        Command::Conform(arguments) => conform::run(&arguments),
        #[cfg(feature = "conform")]
        Command::Support(arguments) => support::run(&arguments).map(|()| ExitCode::SUCCESS),
    }
}

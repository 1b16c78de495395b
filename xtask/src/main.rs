//! Maintenance commands of the workspace: `cargo run -p xtask -- COMMAND`.

mod bindings;

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
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().command {
        Command::Bindings(arguments) => bindings::run(&arguments),
    }
}

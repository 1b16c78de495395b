//! The command line: what each command takes, runs and prints.

mod apart;
mod bench;
mod cache;
mod compile;
mod compiling;
mod cost;
mod devices;
mod doctor;
mod eval;
mod export;
mod hardware;
mod inspect;
mod memory;
mod plugin;
mod predict;
mod progress;
mod report;
mod run;
mod table;
mod train;

use std::io::{self, Write};
#[cfg(feature = "parquet")]
use std::panic;
use std::process::ExitCode;

use apart::apart;
use clap::{Parser, Subcommand};
use hetxl::Result;
use hetxl::config::RuntimeConfig;
use hetxl::runtime::Runtime;
use serde::Serialize;

const EXAMPLES: &str = "\
Examples:
  hetxl train examples/digits.toml                    train on the digits that come with hetxl
  hetxl train examples/digits.toml -s train.seed=1    the same with another seed
  hetxl train examples/digits.toml --resume           go on with the newest run
  hetxl eval runs/digits-1 --split validation         metrics of a run's newest checkpoint
  hetxl predict runs/digits-1 digits.npy              classes of new inputs, and how sure that is
  hetxl report runs/digits-1                          a page about it: curves, calibration, mistakes
  hetxl export examples/digits.toml --function train-step -o program
  hetxl run program/predict.mlir --random 0           any program, on made-up inputs
  hetxl inspect program/train-step.mlir               what the compiler makes of it, and its cost
  hetxl compile examples/digits.toml --for tpu:v3:2x2 whether it fits, without the hardware
  hetxl bench heads --samples 16,64                   what a step takes on this machine
  hetxl doctor                                        what is here, and what is missing";

/// Trains classifiers with very many classes as compiled XLA programs.
#[derive(Debug, Parser)]
#[command(version = env!("HETXL_VERSION"), about, after_help = EXAMPLES, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Train(train::Train),
    Eval(eval::Eval),
    Predict(predict::Predict),
    Report(report::Report),
    Export(export::Export),
    Compile(compile::Compile),
    Run(run::Run),
    Inspect(inspect::Inspect),
    #[command(subcommand)]
    Bench(bench::Bench),
    #[command(subcommand)]
    Plugin(plugin::Plugin),
    #[command(subcommand)]
    Cache(cache::Cache),
    Devices(devices::Devices),
    Doctor(doctor::Doctor),
}

/// Says nothing of panics that become the message about a file.
#[cfg(feature = "parquet")]
fn hush_caught_panics() {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        if !hetxl::data::panics_are_caught() {
            usual(panic);
        }
    }));
}

pub(crate) fn main() -> ExitCode {
    #[cfg(feature = "parquet")]
    hush_caught_panics();
    let done = match Cli::parse().command {
        Command::Train(command) => command.run(),
        Command::Eval(command) => command.run(),
        Command::Predict(command) => command.run(),
        Command::Report(command) => command.run(),
        Command::Export(command) => command.run(),
        Command::Compile(command) => apart(|| command.run()),
        Command::Run(command) => apart(|| command.run()),
        Command::Inspect(command) => apart(|| command.run()),
        Command::Bench(command) => command.run(),
        Command::Plugin(command) => command.run(),
        Command::Cache(command) => command.run(),
        Command::Devices(command) => command.run(),
        Command::Doctor(command) => command.run(),
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            tell(&format!("error: {error}"));
            ExitCode::FAILURE
        }
    }
}

/// Prints a line on standard output. A reader that has gone away is no failure of the command.
fn say(line: &str) {
    let _ = writeln!(io::stdout(), "{line}");
}

/// Prints a line on standard error. Training goes on where nobody reads it any more, such as when
/// the terminal has gone away.
fn tell(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// Prints one JSON object on standard output.
fn say_json(value: &impl Serialize) {
    say(&serde_json::to_string(value).expect("reports are JSON"));
}

/// A word as a POSIX shell reads it.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-=+:,@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// What is told where the compile cache could not be used.
fn without_cache(problem: &str) -> String {
    format!("compiled without the compile cache: {problem}")
}

/// Whether the program that was compiled last came from the compile cache. What is wrong with that
/// is told on standard error.
fn was_cached(runtime: &Runtime) -> bool {
    let compilations = runtime.take_compilations();
    if let Some(problem) = &compilations.problem {
        tell(&without_cache(problem));
    }
    compilations.cached > 0
}

/// Opens the platform's plugin, telling of an installation on standard error.
fn open(config: &RuntimeConfig) -> Result<Runtime> {
    open_for(config.devices.get(), config)
}

/// [`open`] for programs that run on several devices.
fn open_for(devices: usize, config: &RuntimeConfig) -> Result<Runtime> {
    Runtime::open_for(devices, config, &mut |step| tell(&step.to_string()))
}

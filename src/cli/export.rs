//! `hetxl export`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use hetxl::Result;
use hetxl::config::Config;
use hetxl::run_folder;

/// Write a program of a model, and a manifest of what it takes and returns.
///
/// The manifest names every input and output in order, with shape and element type, and says which
/// inputs give their memory to which outputs, and how inputs are made from pixels. Parameters are
/// inputs: no values are written; those of a checkpoint have the same names.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  hetxl export examples/digits.toml --function train-step -o program
  hetxl export runs/digits-1 --function predict --format optimized -o program")]
pub(crate) struct Export {
    /// A config file, or a run folder or checkpoint, whose config it is
    source: PathBuf,
    /// The program
    #[arg(long, value_enum)]
    function: Function,
    /// The form: StableHLO text, or the `HloModuleProto` that the platform's compiler made of it
    #[arg(long, value_enum, default_value_t = Format::Stablehlo)]
    format: Format,
    /// The folder to write to
    #[arg(short, long = "output", value_name = "DIR")]
    output: PathBuf,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Function {
    Init,
    TrainStep,
    EvalStep,
    Predict,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
enum Format {
    Stablehlo,
    Optimized,
}

impl Export {
    pub(crate) fn run(&self) -> Result<ExitCode> {
        let config = if self.source.is_dir() {
            run_folder::containing(&self.source)?.config()?
        } else {
            Config::read(&self.source, &[])?
        };
        let data = hetxl::train::dataset(&config.data)?;
        let programs = hetxl::train::programs(&config, &data);
        let program = match self.function {
            Function::Init => programs.init(),
            Function::TrainStep => programs.train_step(config.train.batch_size),
            Function::EvalStep => programs.eval_step(config.eval.batch_size),
            Function::Predict => programs.predict(config.eval.batch_size),
        }?;
        let optimized = match self.format {
            Format::Stablehlo => None,
            Format::Optimized => {
                Some(super::open(&config.runtime)?.compile(&program)?.optimized_program()?)
            }
        };
        let path = hetxl::export::write(&self.output, &program, &data, optimized.as_deref())?;
        super::say(&format!(
            "{}: {} operations, {} inputs, {} outputs",
            path.display(),
            program.operations(),
            program.inputs().len(),
            program.outputs().len()
        ));
        Ok(ExitCode::SUCCESS)
    }
}

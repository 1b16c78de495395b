//! `hetxl export`.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::error::ErrorKind;
use clap::{Args, CommandFactory, ValueEnum};
use hetxl::Result;
use hetxl::checkpoint::Tensors;
use hetxl::config::Config;
use hetxl::export::Form;
use hetxl::folded::Folded;
use hetxl::run_folder;
use hlo::Version;

/// The version of the oldest plugin that hetxl knows.
const WIDELY_READ: Version = Version::new(1, 13, 3);

/// Write a program of a model, and a manifest of what it takes and returns.
///
/// The manifest names every input and output in order, with shape and element type, and says which
/// inputs give their memory to which outputs, and how inputs are made from pixels. Parameters are
/// inputs: no values are written; those of a checkpoint have the same names.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  hetxl export examples/digits.toml --function train-step -o program
  hetxl export runs/digits-1 --function predict --format bytecode -o program
  hetxl export runs/digits-1 --function predict --format optimized -o program
  hetxl export runs/digits-1 --function predict --fold-temperature -o program")]
pub(crate) struct Export {
    /// A config file, or a run folder or checkpoint, whose config it is
    source: PathBuf,
    /// The program
    #[arg(long, value_enum)]
    function: Function,
    /// The form: StableHLO as text or portable bytecode, a picture of it for Graphviz, or the
    /// `HloModuleProto` that the platform's compiler made of it
    #[arg(long, value_enum, default_value_t = Format::Stablehlo)]
    format: Format,
    /// The version of StableHLO that is to read the bytecode, from 0.9.0 on; newer ones read it too.
    /// 1.13.3, which every plugin that hetxl knows reads, where it is not given
    #[arg(long, value_name = "X.Y.Z")]
    stablehlo_version: Option<Version>,
    /// Divide weights and biases of the logits by the temperature, write the parameters of the run, or
    /// of the checkpoint, as parameters.safetensors, and a program that has no temperature
    #[arg(long)]
    fold_temperature: bool,
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
    Bytecode,
    Dot,
    Optimized,
}

impl Export {
    pub(crate) fn run(&self) -> Result<ExitCode> {
        if self.stablehlo_version.is_some() && self.format != Format::Bytecode {
            let problem = "--stablehlo-version is of --format bytecode: other forms have none";
            super::Cli::command().error(ErrorKind::ArgumentConflict, problem).exit();
        }
        let run = self.source.is_dir().then(|| run_folder::containing(&self.source)).transpose()?;
        let mut config = match &run {
            Some(run) => run.config()?,
            None => Config::read(&self.source, &[])?,
        };
        let parameters = if self.fold_temperature { Some(self.fold(&mut config)?) } else { None };
        let (programs, data) = match run {
            Some(run) => {
                let data = run.described_data(&config)?;
                (hetxl::train::programs(&config, &data)?, Some(Arc::new(data)))
            }
            None => hetxl::train::programs_and_data(&config)?,
        };
        let program = match self.function {
            Function::Init => programs.init(),
            Function::TrainStep => programs.train_step(config.train.batch_size),
            Function::EvalStep => programs.eval_step(config.eval.batch_size),
            Function::Predict => programs.predict(config.eval.batch_size),
        }?;
        let form = match self.format {
            Format::Stablehlo => Form::Stablehlo,
            Format::Bytecode => Form::Bytecode(self.stablehlo_version.unwrap_or(WIDELY_READ)),
            Format::Dot => Form::Dot,
            Format::Optimized => Form::Optimized(
                super::open(&config.runtime)?.compile(&program)?.optimized_program()?,
            ),
        };
        let normalization = data.and_then(|data| data.normalization());
        let (folder, parameters) = (&self.output, parameters.as_ref());
        let path = hetxl::export::write(folder, &program, parameters, normalization, form)?;
        super::say(&format!(
            "{}: {} operations, {} inputs, {} outputs",
            path.display(),
            program.operations(),
            program.inputs().len(),
            program.outputs().len()
        ));
        Ok(ExitCode::SUCCESS)
    }

    /// The parameters with the temperature in them, and the config without it.
    fn fold(&self, config: &mut Config) -> Result<Tensors> {
        let refuse = |problem| -> ! {
            super::Cli::command().error(ErrorKind::ArgumentConflict, problem).exit()
        };
        if matches!(self.function, Function::Init | Function::TrainStep) {
            refuse(
                "--fold-temperature is of --function predict and eval-step: what is trained has one",
            );
        }
        if !self.source.is_dir() {
            refuse("--fold-temperature is of a run or a checkpoint: a config has no parameters");
        }
        let (_, _, checkpoint) = run_folder::resolve(&self.source, &mut |error| {
            super::tell(&format!("passed over a checkpoint: {error}"));
        })?;
        let Folded { head, parameters } = Folded::new(&config.model.head, checkpoint.predicting())?;
        config.model.head = head;
        Ok(parameters)
    }
}

//! `hetxl compile`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use hetxl::ahead_of_time::{self, Memory, Report, Target};
use hetxl::config::Config;
use hetxl::program_file::ProgramFile;
use hetxl::{Result, run_folder};
use pjrt::{Code, CompileOptions};

use super::table;
use super::xla_flags::XlaFlags;

/// Compile a program for devices that needn't be here: what it takes of them, and whether it fits.
///
/// The compiler is the target's own plugin, which is installed at its first use. That a program
/// needs more memory than a device has is a result like another.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  hetxl compile examples/digits.toml --for tpu:v3:2x2
  hetxl compile program/train-step.mlir --for tpu:v3:8x8 --json
  hetxl compile program/predict.mlir --for tpu:v5e:1x1 -o predict.tpu")]
pub(crate) struct Compile {
    /// A config file, a run folder (of either the training step is compiled), or a program (.mlir,
    /// .mlirbc or .pb)
    source: PathBuf,
    /// What to compile for: `cpu`, or a slice of TPUs by generation and chips, such as `tpu:v3:2x2`
    #[arg(long = "for", value_name = "TARGET")]
    target: Target,
    /// Where to write the compiled program; FILE.hlo.pb gets the optimised module, FILE.json the
    /// report and what the program takes and returns
    #[arg(short, long = "output", value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    flags: XlaFlags,
    /// Print one JSON object on standard output
    #[arg(long)]
    json: bool,
}

impl Compile {
    pub(crate) fn run(&self) -> Result<ExitCode> {
        let mut progress = |step: pjrt::install::Progress| super::tell(&step.to_string());
        let (report, executable) = match self.config()? {
            Some(config) => {
                let data = hetxl::train::dataset(&config.data)?;
                let programs = hetxl::train::programs(&config, &data);
                let text = programs.train_step(config.train.batch_size)?.text();
                let flags = self.flags.by_name();
                let options = CompileOptions { flags, ..CompileOptions::default() };
                ahead_of_time::compile(&self.target, Code::mlir(&text), &options, &mut progress)
            }
            None => {
                let program = ProgramFile::read(&self.source)?.with_flags(self.flags.by_name());
                let (code, options) = program.code()?;
                ahead_of_time::compile(&self.target, code, &options, &mut progress)
            }
        }?;
        if let (Some(output), Some(executable)) = (&self.output, &executable) {
            ahead_of_time::write(output, &report, executable)?;
        }
        if self.json {
            super::say_json(&report);
        } else {
            print(&report);
        }
        Ok(ExitCode::SUCCESS)
    }

    /// The config that the training step is traced from, if the source is no program.
    fn config(&self) -> Result<Option<Config>> {
        if self.source.is_dir() {
            return run_folder::containing(&self.source)?.config().map(Some);
        }
        let is_config = self.source.extension().is_some_and(|extension| extension == "toml");
        Ok(is_config.then(|| Config::read(&self.source, &[])).transpose()?)
    }
}

fn print(report: &Report) {
    let Report { target, devices, device_kind, seconds, .. } = report;
    super::say(&format!("{target}: {devices} of {device_kind}, compiled in {seconds:.1} s"));
    if let Some(Memory { arguments, outputs, aliased, temporaries, code, total }) = report.memory {
        let rows = [
            ("arguments", arguments),
            ("outputs", outputs),
            ("of them in place", aliased),
            ("temporaries", temporaries),
            ("instructions", code),
            ("at once", total),
        ];
        for (name, bytes) in rows {
            super::say(&format!("  {name:18}{:>10}", table::bytes(bytes)));
        }
    }
    for (name, number) in [("FLOPs", report.flops), ("bytes accessed", report.bytes_accessed)] {
        if let Some(number) = number.filter(|number| *number >= 0.0) {
            super::say(&format!("  {name:18}{:>10}", table::count(number as u64)));
        }
    }
    let memory = report.device_memory.map(table::bytes);
    match (report.fits, memory) {
        (true, Some(memory)) => super::say(&format!("fits into the {memory} of a device")),
        (false, Some(memory)) => {
            super::say(&format!("does not fit into the {memory} of a device"));
        }
        (false, None) => super::say("does not fit"),
        (true, None) => {}
    }
    if let Some(verdict) = &report.verdict {
        super::say(verdict);
    }
}

//! `hetxl compile`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use hetxl::ahead_of_time::{self, CostSource, Report, Target};
use hetxl::config::Config;
use hetxl::program_file::ProgramFile;
use hetxl::{Error, Result, run_folder};
use pjrt::Code;

use super::compiling::Compiling;
use super::table::{self, Align};
use super::{cost, memory};

/// Compile a program for devices that needn't be here: what it takes of them, and whether it fits.
///
/// The compiler is the target's own plugin, which is installed at its first use. That a program
/// needs more memory than a device has is a result like another, which names the largest buffers.
///
/// Targets are `cpu`; slices of TPUs, `tpu:GENERATION:CHIPS`, such as `tpu:v3:2x2` for 8 cores; and
/// NVIDIA GPUs, `cuda:GPU`, `cuda:GPU:COUNT` of one host, or `cuda:GPU:HOSTSxCOUNT`. A GPU that has
/// no name here is one by the path of its description, XLA's `GpuTargetConfigProto` as text.
///
/// FLOPs and bytes are the plugin's own count where it has one, which takes the body of a loop once;
/// otherwise they are counted as `hetxl inspect` does, where a body counts as often as it runs if the
/// compiler knows that.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  hetxl compile examples/digits.toml --for tpu:v3:2x2
  hetxl compile examples/digits.toml --for cuda:h100
  hetxl compile recipes/vit-l32-jft4b-het-xl.toml --for tpu:v3:8x8
  hetxl compile program/train-step.mlir --for tpu:v3:8x8 --json
  hetxl compile program/predict.mlir --for tpu:v5e:1x1 -o predict.tpu")]
pub(crate) struct Compile {
    /// A config file, a run folder (of either the training step is compiled), or a program (.mlir,
    /// .mlirbc or .pb)
    source: PathBuf,
    /// What to compile for, such as `cpu`, `tpu:v3:2x2` or `cuda:h100`
    #[arg(long = "for", value_name = "TARGET")]
    target: Target,
    /// Where to write the compiled program; FILE.hlo.pb gets the optimised module, FILE.json the
    /// report and what the program takes and returns
    #[arg(short, long = "output", value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    compiling: Compiling,
    /// Print one JSON object on standard output
    #[arg(long)]
    json: bool,
}

impl Compile {
    pub(crate) fn run(&self) -> Result<ExitCode> {
        let mut progress = |step: pjrt::install::Progress| super::tell(&step.to_string());
        if let Some(output) = &self.output {
            ahead_of_time::check_output(output)?;
        }
        let made = match self.config()? {
            Some(config) => {
                let (programs, _) = hetxl::train::programs_and_data(&config)?;
                let program = programs.train_step(config.train.batch_size)?;
                let (text, options) = (program.text(), self.compiling.options(&program));
                ahead_of_time::compile(&self.target, Code::mlir(&text), &options, &mut progress)
            }
            None => {
                let program = self.compiling.program(ProgramFile::read(&self.source)?);
                let (code, options) = program.code()?;
                ahead_of_time::compile(&self.target, code, &options, &mut progress)
            }
        };
        let (report, executable) = made.map_err(|error| match error {
            Error::Runtime(source) => {
                let (path, platform) = (self.source.clone(), self.target.to_string());
                Error::Compile { path, platform, source }
            }
            error => error,
        })?;
        if let Some(output) = &self.output {
            ahead_of_time::write(output, &report, executable.as_deref())?;
            if executable.is_none() {
                let path = output.display();
                super::tell(&format!("{path} was not written, only the report in {path}.json"));
            }
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
    let Report { target, devices, device_kind, used_devices, seconds, .. } = report;
    let used =
        if used_devices == devices { String::new() } else { format!(", {used_devices} used") };
    let memory = report.host_memory.map(|it| format!(" with {} of host memory", table::bytes(it)));
    let memory = memory.unwrap_or_default();
    super::say(&format!(
        "{target}: {devices} of {device_kind}{used}; compiled in {seconds:.1} s{memory}"
    ));
    if let Some(memory) = &report.memory {
        super::say("");
        memory::print(memory);
    }
    print_cost(report);
    let limit = report.device_memory.unwrap_or(u64::MAX);
    let beyond = report.memory.is_some_and(|memory| memory.total > limit);
    match report.fits {
        Some(true) => super::say(&format!("\nfits into the {} of a device", table::bytes(limit))),
        Some(false) if beyond => {
            super::say(&format!("\ndoes not fit into the {} of a device", table::bytes(limit)));
        }
        Some(false) => super::say("\nthe compiler refuses it for the memory that it takes"),
        None => {}
    }
    if let Some(verdict) = &report.verdict {
        super::say(verdict);
    }
    if report.fits == Some(false) && !report.largest_buffers.is_empty() {
        super::say("");
        memory::print_buffers(&report.largest_buffers);
    }
}

fn print_cost(report: &Report) {
    let Report {
        flops: Some(flops), bytes_accessed: Some(bytes), cost_source: Some(source), ..
    } = report
    else {
        return;
    };
    let rows = [
        vec!["FLOPs".to_owned(), table::count(*flops as u64)],
        vec!["bytes accessed".to_owned(), table::bytes(*bytes as u64)],
    ];
    super::say("");
    table::print(&[("cost of a run on a device", Align::Left), ("", Align::Right)], &rows);
    let by_trips = *source == CostSource::OptimizedModule;
    cost::print_notes(&report.loops, by_trips, &report.custom_calls);
}

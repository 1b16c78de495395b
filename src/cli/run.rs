//! `hetxl run`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use clap::Args;
use hetxl::config::RuntimeConfig;
use hetxl::npy::{self, NpyFolder};
use hetxl::program_file::ProgramFile;
use hetxl::values::{self, Summary, Value};
use hetxl::{Error, Result};
use pjrt::{ArraySpec, HostArray, Input};
use serde::Serialize;

use super::table::{self, Align};
use super::xla_flags::XlaFlags;

/// Arrays of up to as many elements are shown in full, larger ones summed up.
const SHOWN: usize = 16;

/// Run a program on arrays from files, or on made-up ones.
///
/// The program is StableHLO as text (.mlir) or portable bytecode (.mlirbc), or an `HloModuleProto`
/// (.pb), which is told by its contents. It runs on one device.
///
/// Inputs are .npy files in the program's order. Types that NumPy has no name for, such as
/// bfloat16 and the 8-bit floats of `ml_dtypes`, are plain bytes in a file: `numpy.save` writes them
/// so, and `numpy.load(FILE).view(ml_dtypes.bfloat16)` reads them.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  hetxl run add.mlir --input x.npy --input y.npy --out results
  hetxl run program/predict.mlir --random 0
  hetxl run module.pb --zeros --platform cpu-zml --json")]
pub(crate) struct Run {
    /// The program
    program: PathBuf,
    /// A .npy file for the next input
    #[arg(long = "input", value_name = "FILE")]
    inputs: Vec<PathBuf>,
    /// Make inputs up: normally distributed floats, whole numbers from 0 to 9
    #[arg(long, value_name = "SEED", conflicts_with = "inputs")]
    random: Option<u64>,
    /// Take zeros for inputs
    #[arg(long, conflicts_with_all = ["inputs", "random"])]
    zeros: bool,
    /// The folder to write results to, as 0.npy, 1.npy and so on
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// The platform to run on
    #[arg(long, default_value = "cpu", value_name = "NAME")]
    platform: String,
    #[command(flatten)]
    flags: XlaFlags,
    /// Print one JSON object on standard output
    #[arg(long)]
    json: bool,
}

/// What is told of a run.
#[derive(Debug, Serialize)]
struct Report<'a> {
    program: &'a Path,
    form: String,
    platform: &'a str,
    plugin: &'a Path,
    compile_seconds: f64,
    /// Whether the program was loaded from the compile cache instead.
    cached: bool,
    run_seconds: f64,
    inputs: Vec<Port>,
    outputs: Vec<Port>,
}

/// An input or output as it is told of.
#[derive(Debug, Serialize)]
struct Port {
    #[serde(skip_serializing_if = "String::is_empty")]
    name: String,
    dtype: String,
    shape: Vec<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<PathBuf>,
    /// Of a small array, row-major.
    #[serde(skip_serializing_if = "Option::is_none")]
    values: Option<Vec<Value>>,
    /// Of a large one.
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<Summary>,
}

impl Run {
    pub(crate) fn run(&self) -> Result<ExitCode> {
        let program = ProgramFile::read(&self.program)?.with_flags(self.flags.by_name());
        let out = self.out.as_deref().map(NpyFolder::create).transpose()?;
        let config = RuntimeConfig { platform: self.platform.clone(), ..RuntimeConfig::default() };
        let runtime = super::open(&config)?;
        let start = Instant::now();
        let executable = program.compile(&runtime)?;
        let compile_seconds = start.elapsed().as_secs_f64();
        let cached = super::was_cached(&runtime);

        let inputs = self.arrays(executable.inputs())?;
        let device = &executable.devices()[0];
        let argument = |(index, array)| executable.argument(index, array, device);
        let buffers: Vec<_> = inputs.iter().enumerate().map(argument).collect::<Result<_, _>>()?;
        let start = Instant::now();
        let results = executable.run(buffers.into_iter().map(Input::Donated).collect())?;
        for result in &results {
            result.ready()?.wait()?;
        }
        let run_seconds = start.elapsed().as_secs_f64();
        let outputs: Vec<_> =
            results.iter().map(pjrt::Buffer::to_host).collect::<Result<_, _>>()?;
        let files = out.map(|folder| folder.write(&outputs)).transpose()?.unwrap_or_default();

        let (input_names, output_names) = hetxl::export::names(program.path()).unwrap_or_default();
        let report = Report {
            program: program.path(),
            form: program.form().to_string(),
            platform: runtime.client().platform_name(),
            plugin: runtime.plugin().path(),
            compile_seconds,
            cached,
            run_seconds,
            inputs: ports(&inputs, &input_names, &self.inputs),
            outputs: ports(&outputs, &output_names, &files),
        };
        if self.json {
            super::say_json(&report);
        } else {
            report.print();
        }
        Ok(ExitCode::SUCCESS)
    }

    /// What the program is run on.
    fn arrays(&self, specs: &[ArraySpec]) -> Result<Vec<HostArray>> {
        let made = |make: &dyn Fn(usize, &ArraySpec) -> Result<HostArray, pjrt::HostArrayError>| {
            let arrays = specs.iter().enumerate().map(|(index, spec)| make(index, spec));
            arrays.collect::<Result<_, _>>().map_err(|error| pjrt::Error::from(error).into())
        };
        if let Some(seed) = self.random {
            return made(&|at, spec| values::random(spec.dtype, &spec.dims, seed, at as u32));
        }
        if self.zeros {
            return made(&|_, spec| HostArray::zeros(spec.dtype, &spec.dims));
        }
        if specs.len() != self.inputs.len() {
            let expected = specs.iter().map(ToString::to_string).collect();
            return Err(Error::InputCount { expected, got: self.inputs.len() });
        }
        let files = self.inputs.iter().zip(specs).enumerate();
        files.map(|(index, (path, spec))| read(index, path, spec)).collect()
    }
}

/// Reads the file of an input.
fn read(index: usize, path: &Path, spec: &ArraySpec) -> Result<HostArray> {
    let contents = fs::read(path).map_err(|source| {
        let path = path.to_owned();
        Error::Io { action: "read the input", path, source }
    })?;
    let unread = |source| Error::InputFile { index, path: path.to_owned(), source };
    let array = npy::decode(&contents).map_err(unread)?;
    let got = array.to_string();
    match array.into_array(spec.dtype) {
        Ok(array) if *array.dims() == *spec.dims => Ok(array),
        _ => Err(Error::Input { index, path: path.to_owned(), expected: spec.to_string(), got }),
    }
}

fn ports(arrays: &[HostArray], names: &[String], files: &[PathBuf]) -> Vec<Port> {
    let arrays = arrays.iter().enumerate();
    let port = |(index, array): (usize, &HostArray)| {
        let small = array.dims().iter().product::<usize>() <= SHOWN;
        Port {
            name: names.get(index).cloned().unwrap_or_default(),
            dtype: array.dtype().to_string(),
            shape: array.dims().to_vec(),
            file: files.get(index).cloned(),
            values: small.then(|| values::values(array).collect()),
            summary: if small { None } else { values::summary(array) },
        }
    };
    arrays.map(port).collect()
}

impl Report<'_> {
    fn print(&self) {
        super::say(&format!(
            "{}: {}, {} for {} in {:.2} s, run in {}",
            self.program.display(),
            self.form,
            if self.cached { "loaded from the compile cache" } else { "compiled" },
            self.platform,
            self.compile_seconds,
            duration(self.run_seconds)
        ));
        print("input", &self.inputs);
        print("output", &self.outputs);
    }
}

fn print(head: &str, ports: &[Port]) {
    if ports.is_empty() {
        return;
    }
    super::say("");
    let columns = [head, "name", "type", "values", "file"].map(|name| (name, Align::Left));
    let rows = ports.iter().enumerate().map(|(index, port)| {
        vec![
            index.to_string(),
            port.name.clone(),
            format!("{}{:?}", port.dtype, port.shape),
            contents(port),
            port.file.as_ref().map_or(String::new(), |file| file.display().to_string()),
        ]
    });
    table::print(&columns, &rows.collect::<Vec<_>>());
}

fn contents(port: &Port) -> String {
    if let Some(values) = &port.values {
        return values.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    }
    let Some(Summary { min, max, mean, nan }) = port.summary else { return String::new() };
    let nan = if nan > 0 { format!("  {nan} NaN") } else { String::new() };
    format!("min {}  max {}  mean {}{nan}", short(min.0), short(max.0), short(mean.0))
}

/// Five digits.
fn short(value: f64) -> String {
    match value.abs() {
        1e-3..1e5 | 0.0 => format!("{value:.4}"),
        _ => format!("{value:.4e}"),
    }
}

fn duration(seconds: f64) -> String {
    if seconds < 1.0 { format!("{:.2} ms", seconds * 1e3) } else { format!("{seconds:.2} s") }
}

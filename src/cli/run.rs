//! `hetxl run`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use clap::Args;
use hetxl::config::RuntimeConfig;
use hetxl::hlo_module::HloModule;
use hetxl::npy::{self, NpyFolder};
use hetxl::placement::Placement;
use hetxl::program_file::ProgramFile;
use hetxl::values::{self, Summary, Value};
use hetxl::{Error, Result};
use pjrt::{ArraySpec, Buffer, HostArray, Input, LoadedExecutable};
use serde::Serialize;

use super::compiling::Compiling;
use super::table::{self, Align};

/// Arrays of up to as many elements are shown in full, larger ones summed up.
const SHOWN: usize = 16;

/// Run a program on arrays from files, or on made-up ones.
///
/// The program is StableHLO as text (.mlir) or portable bytecode (.mlirbc), or an `HloModuleProto`
/// (.pb), which is told by its contents. Its function `main` is run, or its only one.
///
/// It runs on as many devices as it states replicas
/// (`mhlo.num_replicas`) and partitions (`mhlo.num_partitions`); a CPU is as many as that.
///
/// A program that marks how its arrays are split among partitions (`sdy.sharding`, `mhlo.sharding`)
/// takes and returns them whole. Without marks each device has its own. Where replicas, or devices
/// without marks, are several, there is one array for each, stacked along one more dimension in
/// front: the partitions of the first replica, then those of the next. An input without that
/// dimension is for all of them.
///
/// Inputs are .npy files in the program's order. Types that NumPy has no name for, such as
/// bfloat16 and the 8-bit floats of `ml_dtypes`, are plain bytes in a file: `numpy.save` writes them
/// so, and `numpy.load(FILE).view(ml_dtypes.bfloat16)` reads them.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  hetxl run add.mlir --input x.npy --input y.npy --out results
  hetxl run program/predict.mlir --random 0
  hetxl run all-reduce.mlir --replicas 4 --input x-of-each.npy --out results
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
    compiling: Compiling,
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
    replicas: usize,
    partitions: usize,
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
        let program = self.compiling.program(ProgramFile::read(&self.program)?);
        let config = RuntimeConfig { platform: self.platform.clone(), ..RuntimeConfig::default() };
        let runtime = super::open_for(program.devices(), &config)?;
        let start = Instant::now();
        let executable = program.compile(&runtime)?;
        let compile_seconds = start.elapsed().as_secs_f64();
        let cached = super::was_cached(&runtime);

        // Found out before anything is computed, and after what a compiler can end the process by.
        let out = self.out.as_deref().map(NpyFolder::create).transpose()?;
        let placement = placement(&program, &executable)?;
        let inputs = self.arrays(&placement)?;
        let arguments = put(&executable, &placement, &inputs)?;
        let start = Instant::now();
        let results = executable.run_on_all(arguments)?;
        for result in results.iter().flatten() {
            result.ready()?.wait()?;
        }
        let run_seconds = start.elapsed().as_secs_f64();
        let outputs = get(&placement, &results, executable.outputs().len())?;
        let files = out.map(|folder| folder.write(&outputs)).transpose()?.unwrap_or_default();

        let (input_names, output_names) = hetxl::export::names(program.path()).unwrap_or_default();
        let report = Report {
            program: program.path(),
            form: program.form().to_string(),
            platform: runtime.client().platform_name(),
            plugin: runtime.plugin().path(),
            replicas: executable.replicas(),
            partitions: executable.partitions(),
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
    fn arrays(&self, placement: &Placement) -> Result<Vec<HostArray>> {
        let specs = placement.inputs();
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
        let files = self.inputs.iter().enumerate();
        files.map(|(index, path)| read(index, path, &placement.accepted(index))).collect()
    }
}

/// Where the program's arrays lie. A program that would wait forever is refused.
fn placement(program: &ProgramFile, executable: &LoadedExecutable) -> Result<Placement> {
    let unreadable = |source| Error::Optimized { path: program.path().to_owned(), source };
    let module = HloModule::decode(&executable.optimized_program()?).map_err(unreadable)?;
    if let Some(operation) = module.host_transfer() {
        return Err(Error::WaitsForHost { operation: operation.to_owned() });
    }
    Placement::of(program, executable, &module).map_err(unreadable)
}

/// Copies the inputs to the devices, a list for each.
fn put<'a>(
    executable: &LoadedExecutable,
    placement: &Placement,
    inputs: &[HostArray],
) -> Result<Vec<Vec<Input<'a>>>> {
    let devices = executable.devices();
    let mut arguments: Vec<_> = devices.iter().map(|_| Vec::new()).collect();
    for (index, input) in inputs.iter().enumerate() {
        let parts = placement.cut(index, input).map_err(pjrt::Error::from)?;
        for ((part, device), arguments) in parts.iter().zip(&devices).zip(&mut arguments) {
            arguments.push(executable.argument(index, part, device)?.into());
        }
    }
    Ok(arguments)
}

/// Puts together what each device returned, `count` arrays each.
fn get(
    placement: &Placement,
    results: &[Vec<Buffer>],
    count: usize,
) -> Result<Vec<HostArray>, pjrt::Error> {
    let output = |index: usize| {
        let parts = results.iter().map(|results| results[index].to_host());
        let parts = parts.collect::<Result<Vec<_>, _>>()?;
        Ok(placement.join(index, &parts)?)
    };
    (0..count).map(output).collect()
}

/// Reads the file of an input, which is to be one of `accepted`, all of the same type.
fn read(index: usize, path: &Path, accepted: &[ArraySpec]) -> Result<HostArray> {
    let contents = fs::read(path).map_err(|source| {
        let path = path.to_owned();
        Error::Io { action: "read the input", path, source }
    })?;
    let unread = |source| Error::InputFile { index, path: path.to_owned(), source };
    let array = npy::decode(&contents).map_err(unread)?;
    let got = array.to_string();
    match array.into_array(accepted[0].dtype) {
        Ok(array) if accepted.contains(&ArraySpec::of(&array)) => Ok(array),
        _ => {
            let expected = accepted.iter().map(ToString::to_string).collect::<Vec<_>>();
            let expected = expected.join(", or for all ");
            Err(Error::Input { index, path: path.to_owned(), expected, got })
        }
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
        let devices = match self.replicas * self.partitions {
            1 => String::new(),
            devices => format!("{devices} devices of "),
        };
        super::say(&format!(
            "{}: {}, {} for {devices}{} in {:.2} s, run in {}",
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

//! `hetxl inspect`.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use clap::Args;
use hetxl::config::RuntimeConfig;
use hetxl::hlo_module::{Buffer, Costs, HloModule, Loop, OpCost};
use hetxl::program_file::ProgramFile;
use hetxl::{Error, Result, run_folder};
use pjrt::{ArraySpec, Executable, MemoryStats};
use serde::Serialize;
use serde_json::json;

use super::table::{self, Align};

/// The buffers that are told of.
const LARGEST: usize = 10;

/// Tell what the compiler makes of a program: its operations, their cost, and its memory.
///
/// The program is compiled for the platform, and everything is read from the module that its
/// compiler made of it. An operation inside a fusion counts as its own kind, and what reaches memory
/// as the fusion's. The body of a loop counts as often as it runs where the compiler knows that, and
/// once where it doesn't, and a conditional as its dearest branch.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  hetxl inspect program/train-step.mlir
  hetxl inspect runs/digits-1 --platform cpu-zml
  hetxl inspect module.pb --json")]
pub(crate) struct Inspect {
    /// A program (.mlir, .mlirbc or .pb), or a run folder, whose training step is taken
    program: PathBuf,
    /// The platform to compile for
    #[arg(long, default_value = "cpu", value_name = "NAME")]
    platform: String,
    /// Print one JSON object on standard output
    #[arg(long)]
    json: bool,
}

/// What is told of a program.
#[derive(Debug)]
struct Report {
    module: HloModule,
    inputs: Vec<Port>,
    outputs: Vec<Port>,
    /// `None` where the plugin doesn't tell.
    memory: Option<MemoryStats>,
}

#[derive(Debug, Serialize)]
struct Port {
    #[serde(skip_serializing_if = "String::is_empty")]
    name: String,
    dtype: String,
    shape: Vec<usize>,
    bytes: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    donated_to: Option<usize>,
}

impl Inspect {
    pub(crate) fn run(&self) -> Result<ExitCode> {
        let path = match self.program.is_dir() {
            true => run_folder::containing(&self.program)?.program().join("train-step.mlir"),
            false => self.program.clone(),
        };
        let program = ProgramFile::read(&path)?;
        let config = RuntimeConfig { platform: self.platform.clone(), ..RuntimeConfig::default() };
        let runtime = super::open(&config)?;
        let start = Instant::now();
        let executable = program.compile(&runtime)?;
        let seconds = start.elapsed().as_secs_f64();
        let report = Report::of(&program, &executable)?;
        let platform = runtime.client().platform_name();
        if self.json {
            let memory = report.memory.map(|memory| {
                json!({
                    "arguments": memory.argument_bytes,
                    "outputs": memory.output_bytes,
                    "aliased": memory.alias_bytes,
                    "temporaries": memory.temp_bytes,
                    "code": memory.generated_code_bytes,
                    "total": memory.total_bytes(),
                })
            });
            let costs = report.module.costs();
            let mut buffers = report.module.buffers();
            buffers.truncate(LARGEST);
            super::say_json(&json!({
                "program": path,
                "form": program.form().to_string(),
                "module": report.module.name(),
                "platform": platform,
                "plugin": runtime.plugin().path(),
                "compile_seconds": seconds,
                "computations": report.module.computations(),
                "total": costs.total(),
                "ops": costs,
                "fusions": costs.of("fusion").count,
                "loops": report.module.loops(),
                "custom_calls": report.module.custom_calls(),
                "largest_buffers": buffers,
                "inputs": report.inputs,
                "outputs": report.outputs,
                "memory_bytes": memory,
            }));
        } else {
            super::say(&format!(
                "{}: {}, compiled for {platform} in {seconds:.2} s",
                path.display(),
                program.form()
            ));
            report.print();
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Report {
    fn of(program: &ProgramFile, executable: &Executable) -> Result<Self> {
        let module = HloModule::decode(&executable.optimized_program()?)
            .map_err(|source| Error::Optimized { path: program.path().to_owned(), source })?;
        let (inputs, outputs) = hetxl::export::names(program.path()).unwrap_or_default();
        let mut inputs = ports(executable.inputs(), &inputs);
        for (port, parameter) in inputs.iter_mut().zip(module.parameters()) {
            if port.name.is_empty() {
                port.name = parameter.name;
            }
            port.donated_to = parameter.donated_to;
        }
        let outputs = ports(executable.outputs(), &outputs);
        Ok(Self { module, inputs, outputs, memory: executable.memory_stats().ok() })
    }

    fn print(&self) {
        let costs = self.module.costs();
        super::say(&format!(
            "module {}: {} instructions in {} computations, {} fusions",
            self.module.name(),
            costs.total().count,
            self.module.computations(),
            costs.of("fusion").count
        ));
        for Loop { name, trips } in self.module.loops() {
            super::say(&match trips {
                Some(trips) => format!("loop {name}: runs {trips} times, and counts as often"),
                None => format!("loop {name}: runs an unknown number of times, and counts once"),
            });
        }
        let custom_calls = self.module.custom_calls();
        if !custom_calls.is_empty() {
            let targets = custom_calls.join(", ");
            super::say(&format!("custom calls, whose cost nobody knows: {targets}"));
        }
        print_costs(&costs);
        print_buffers(&self.module.buffers());
        print_ports("input", &self.inputs);
        print_ports("output", &self.outputs);
        if let Some(memory) = &self.memory {
            super::say("");
            let rows = [
                ("arguments", memory.argument_bytes),
                ("outputs", memory.output_bytes),
                ("outputs in memory of arguments", memory.alias_bytes),
                ("temporaries", memory.temp_bytes),
                ("code", memory.generated_code_bytes),
                ("total without code", memory.total_bytes()),
            ];
            let rows = rows.map(|(name, bytes)| vec![name.to_owned(), table::bytes(bytes)]);
            table::print(&[("memory", Align::Left), ("bytes", Align::Right)], &rows);
        }
    }
}

fn ports(specs: &[ArraySpec], names: &[String]) -> Vec<Port> {
    let specs = specs.iter().enumerate();
    let port = |(index, spec): (usize, &ArraySpec)| Port {
        name: names.get(index).cloned().unwrap_or_default(),
        dtype: spec.dtype.to_string(),
        shape: spec.dims.clone(),
        bytes: (spec.dims.iter().product::<usize>() * spec.dtype.bits() / 8) as u64,
        donated_to: None,
    };
    specs.map(port).collect()
}

fn print_costs(costs: &Costs) {
    let mut ops: Vec<_> = costs.iter().collect();
    ops.sort_by_key(|(_, op)| {
        std::cmp::Reverse((op.cost.flops, op.cost.transcendentals, op.cost.bytes, op.count))
    });
    let row = |name: &str, op: OpCost| {
        let shown = |number: u64, shown: String| if number == 0 { String::new() } else { shown };
        let OpCost { count, cost } = op;
        vec![
            name.to_owned(),
            count.to_string(),
            shown(cost.flops, table::count(cost.flops)),
            shown(cost.transcendentals, table::count(cost.transcendentals)),
            shown(cost.bytes, table::bytes(cost.bytes)),
        ]
    };
    let mut rows: Vec<_> = ops.into_iter().map(|(name, op)| row(name, op)).collect();
    rows.push(row("total", costs.total()));
    let columns = [
        ("operation", Align::Left),
        ("count", Align::Right),
        ("flops", Align::Right),
        ("transcendentals", Align::Right),
        ("bytes", Align::Right),
    ];
    super::say("");
    table::print(&columns, &rows);
}

fn print_buffers(buffers: &[Buffer]) {
    let columns = [
        ("largest buffers", Align::Left),
        ("bytes", Align::Right),
        ("type", Align::Left),
        ("operation", Align::Left),
        ("source", Align::Left),
    ];
    let rows = buffers.iter().take(LARGEST).map(|buffer| {
        let Buffer { name, op, source, dtype, shape, bytes } = buffer;
        let array = format!("{dtype}{shape:?}");
        vec![name.clone(), table::bytes(*bytes), array, op.clone(), source.clone()]
    });
    super::say("");
    table::print(&columns, &rows.collect::<Vec<_>>());
}

fn print_ports(head: &str, ports: &[Port]) {
    if ports.is_empty() {
        return;
    }
    let columns = [
        (head, Align::Left),
        ("name", Align::Left),
        ("type", Align::Left),
        ("bytes", Align::Right),
        ("donated to output", Align::Left),
    ];
    let rows = ports.iter().enumerate().map(|(index, port)| {
        vec![
            index.to_string(),
            port.name.clone(),
            format!("{}{:?}", port.dtype, port.shape),
            table::bytes(port.bytes),
            port.donated_to.map_or(String::new(), |output| output.to_string()),
        ]
    });
    super::say("");
    table::print(&columns, &rows.collect::<Vec<_>>());
}

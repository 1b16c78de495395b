//! `hetxl inspect`.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use clap::Args;
use hetxl::ahead_of_time::{LARGEST_BUFFERS, Memory};
use hetxl::config::RuntimeConfig;
use hetxl::hlo_module::{Buffer, Costs, HloModule, Loop, OpCost, Port};
use hetxl::program_file::ProgramFile;
use hetxl::{Error, Result, run_folder};
use serde::Serialize;

use super::compiling::Compiling;
use super::table::{self, Align};
use super::{cost, memory};

/// Tell what the compiler makes of a program: its operations, their cost, and its memory.
///
/// The program is compiled for the platform, and everything is read from the module that its
/// compiler made of it. An operation inside a fusion counts as its own kind, and what reaches memory
/// as the fusion's. The body of a loop counts as often as it runs where the compiler knows that, and
/// once where it doesn't, and a conditional as its dearest branch.
///
/// A module that a compiler has made already, such as `hetxl export --format optimized` writes, is
/// taken as it is.
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
    #[command(flatten)]
    compiling: Compiling,
    /// Print one JSON object on standard output
    #[arg(long)]
    json: bool,
}

/// What is told of a program.
#[derive(Debug, Serialize)]
struct Report {
    program: PathBuf,
    form: String,
    /// `None` for a module that a compiler has made already.
    compiled: Option<Compiled>,
    module: String,
    computations: usize,
    total: OpCost,
    ops: Costs,
    fusions: u64,
    loops: Vec<Loop>,
    custom_calls: Vec<String>,
    largest_buffers: Vec<Buffer>,
    inputs: Vec<Port>,
    outputs: Vec<Port>,
}

/// What is told of its compilation.
#[derive(Debug, Serialize)]
struct Compiled {
    platform: String,
    plugin: PathBuf,
    seconds: f64,
    /// Whether it was loaded from the compile cache instead.
    cached: bool,
    /// `None` where the plugin doesn't tell.
    memory: Option<Memory>,
}

impl Inspect {
    pub(crate) fn run(&self) -> Result<ExitCode> {
        let path = match self.program.is_dir() {
            true => run_folder::containing(&self.program)?.program().join("train-step.mlir"),
            false => self.program.clone(),
        };
        let program = self.compiling.program(ProgramFile::read(&path)?);
        let report = match program.scheduled() {
            Some(module) => Report::of(&program, module, None),
            None => self.compile(&program)?,
        };
        if self.json {
            super::say_json(&report);
        } else {
            report.print();
        }
        Ok(ExitCode::SUCCESS)
    }

    fn compile(&self, program: &ProgramFile) -> Result<Report> {
        let config = RuntimeConfig { platform: self.platform.clone(), ..RuntimeConfig::default() };
        let runtime = super::open_for(program.devices(), &config)?;
        let start = Instant::now();
        let executable = program.compile(&runtime)?;
        let seconds = start.elapsed().as_secs_f64();
        let module = HloModule::decode(&executable.optimized_program()?);
        let module = module.map_err(|source| {
            let path = program.path().to_owned();
            Error::Optimized { path, source }
        })?;
        let memory = executable.memory_stats().ok().map(Memory::from);
        let compiled = Compiled {
            platform: runtime.client().platform_name().to_owned(),
            plugin: runtime.plugin().path().to_owned(),
            seconds,
            cached: super::was_cached(&runtime),
            memory,
        };
        Ok(Report::of(program, &module, Some(compiled)))
    }
}

impl Report {
    fn of(program: &ProgramFile, module: &HloModule, compiled: Option<Compiled>) -> Self {
        let (input_names, output_names) = hetxl::export::names(program.path()).unwrap_or_default();
        let named = |mut ports: Vec<Port>, names: Vec<String>| {
            ports.iter_mut().zip(names).for_each(|(port, name)| port.name = name);
            ports
        };
        let costs = module.costs();
        let mut largest_buffers = module.buffers();
        largest_buffers.truncate(LARGEST_BUFFERS);
        Self {
            program: program.path().to_owned(),
            form: program.form().to_string(),
            compiled,
            module: module.name().to_owned(),
            computations: module.computations(),
            total: costs.total(),
            fusions: costs.of("fusion").count,
            ops: costs,
            loops: module.loops(),
            custom_calls: module.custom_calls(),
            largest_buffers,
            inputs: named(module.parameters(), input_names),
            outputs: named(module.results(), output_names),
        }
    }

    fn print(&self) {
        let compiled = match &self.compiled {
            Some(it) => {
                let how = if it.cached { "loaded from the compile cache" } else { "compiled" };
                format!("{how} for {} in {:.2} s", it.platform, it.seconds)
            }
            None => "as a compiler made it".to_owned(),
        };
        super::say(&format!("{}: {}, {compiled}", self.program.display(), self.form));
        super::say(&format!(
            "module {}: instructions {}, computations {}, fusions {}",
            self.module, self.total.count, self.computations, self.fusions
        ));
        cost::print_notes(&self.loops, true, &self.custom_calls);
        print_costs(&self.ops);
        super::say("");
        memory::print_buffers(&self.largest_buffers);
        print_ports("input", &self.inputs);
        print_ports("output", &self.outputs);
        if let Some(memory) = self.compiled.as_ref().and_then(|it| it.memory.as_ref()) {
            super::say("");
            memory::print(memory);
        }
    }
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
            match port.donated_to {
                Some(output) => output.to_string(),
                None if port.donation_refused => "none can use it".to_owned(),
                None => String::new(),
            },
        ]
    });
    super::say("");
    table::print(&columns, &rows.collect::<Vec<_>>());
}

//! `hetxl bench heads`.

use std::num::NonZero;
use std::process::{ExitCode, Stdio};

use clap::Args;
use hetxl::config::Config;
use hetxl::{Error, Result};
use serde_json::Value;

use super::cell::{Cell, Noise};
use super::measure::{Report, measure};
use crate::cli::table::{self, Align};
use crate::cli::{apart, open, say, say_json, tell};

/// Measure training steps over a grid of heads and sizes.
///
/// Each cell of the grid is a model with a trunk of two dense layers, from inputs to D and from D to D,
/// the head, and Adam with weight decay, trained on one made-up batch in a process of its own. After
/// two steps that aren't timed, each step is followed by the product of two matrices of 2048 × 2048:
/// the best that this machine did in the same minute.
///
/// FLOPs are those of the products of matrices in the compiled step, 2·M·N·K each, as often as loops
/// run. For DET that is about 6·B·K·D; for HET-XL with J rows of an example (S of them, or R + 2 where
/// its diagonal noise is scalar and S is larger) 6·B·J·K·D, with 6·B·S·J·K (sigmoid: 4) for mixing
/// samples out of R + 2 rows, and 2·B·J·K·D more where projections are made anew for the gradient.
///
/// Resident memory is the most that the process held, compiler and state included.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  hetxl bench heads
  hetxl bench heads --head det,het-xl --batch 8,128 --classes 21843 --dim 1024
  hetxl bench heads --samples 16,64,1000 --diag-noise scalar,independent --json
  hetxl bench heads -s 'model.head.plan={examples=4,classes=4096,keep=true}'")]
pub(crate) struct Heads {
    /// Heads, as `model.head.kind` of a config
    #[arg(long, value_name = "NAME,…", value_delimiter = ',', default_value = "het-xl")]
    head: Vec<String>,
    /// Losses
    #[arg(long, value_name = "NAME,…", value_delimiter = ',', default_value = "softmax")]
    loss: Vec<String>,
    /// Kinds of diagonal noise
    #[arg(long, value_name = "NAME,…", value_delimiter = ',', default_value = "scalar")]
    diag_noise: Vec<String>,
    /// Ways to draw samples [default: the head's own]
    #[arg(long, value_name = "NAME,…", value_delimiter = ',')]
    estimator: Vec<String>,
    /// B, the examples of a step
    #[arg(long, value_name = "N,…", value_delimiter = ',', default_value = "32")]
    batch: Vec<NonZero<usize>>,
    /// K
    #[arg(long, value_name = "N,…", value_delimiter = ',', default_value = "1000")]
    classes: Vec<NonZero<usize>>,
    /// The numbers of an input
    #[arg(long, value_name = "N", default_value = "256")]
    input: NonZero<usize>,
    /// D, the width of the pre-logits
    #[arg(long, value_name = "N,…", value_delimiter = ',', default_value = "256")]
    dim: Vec<NonZero<usize>>,
    /// R, the factors of the noise
    #[arg(long, value_name = "N,…", value_delimiter = ',', default_value = "50")]
    factors: Vec<usize>,
    /// S, the samples of each example
    #[arg(long, value_name = "N,…", value_delimiter = ',', default_value = "16")]
    samples: Vec<usize>,
    /// How many steps are timed
    #[arg(long, value_name = "N", default_value = "5")]
    steps: NonZero<usize>,
    /// Set a key of the config of every cell, such as `runtime.platform=cuda12`
    #[arg(short, long = "set", value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// Print one JSON object for each cell on standard output
    #[arg(long)]
    json: bool,
}

impl Heads {
    pub(crate) fn run(&self) -> Result<ExitCode> {
        apart::end_with_parent();
        let cells = self.cells();
        // What is wrong with any is told before the first takes its time.
        let configs =
            cells.iter().map(|cell| cell.config(&self.set)).collect::<Result<Vec<_>>>()?;
        if let ([cell], [config]) = (&cells[..], &configs[..]) {
            let report = self.measure(cell, config)?;
            self.show(&[serde_json::to_value(report).expect("reports are JSON")]);
            return Ok(ExitCode::SUCCESS);
        }
        let (mut reports, mut failed) = (vec![], 0);
        for (index, cell) in cells.iter().enumerate() {
            tell(&format!("cell {} of {}", index + 1, cells.len()));
            match self.measure_apart(cell)? {
                Some(report) if self.json => say_json(&report),
                Some(report) => reports.push(report),
                None => failed += 1,
            }
        }
        if !self.json {
            self.show(&reports);
        }
        if failed > 0 {
            tell(&format!("{failed} of {} cells could not be measured", cells.len()));
            return Ok(ExitCode::FAILURE);
        }
        Ok(ExitCode::SUCCESS)
    }

    /// The grid: every combination, a head without noise once.
    fn cells(&self) -> Vec<Cell> {
        let mut noises = vec![];
        let estimators: Vec<_> = self.estimator.iter().cloned().map(Some).collect();
        let estimators = if estimators.is_empty() { vec![None] } else { estimators };
        for diag_noise in &self.diag_noise {
            for estimator in &estimators {
                for &factors in &self.factors {
                    for &samples in &self.samples {
                        let (diag_noise, estimator) = (diag_noise.clone(), estimator.clone());
                        noises.push(Some(Noise { diag_noise, factors, samples, estimator }));
                    }
                }
            }
        }
        let mut cells = vec![];
        for head in &self.head {
            for loss in &self.loss {
                for &classes in &self.classes {
                    for &dim in &self.dim {
                        for &batch in &self.batch {
                            let noises = if head == "det" { &[None][..] } else { &noises };
                            cells.extend(noises.iter().map(|noise| Cell {
                                head: head.clone(),
                                loss: loss.clone(),
                                batch,
                                classes,
                                input: self.input,
                                dim,
                                noise: noise.clone(),
                            }));
                        }
                    }
                }
            }
        }
        cells
    }

    fn measure(&self, cell: &Cell, config: &Config) -> Result<Report> {
        let runtime = open(&config.runtime)?;
        measure(cell, config, self.steps.get(), &runtime, &|text| tell(&format!("{cell}: {text}")))
    }

    /// Measures a cell in a process of its own, whose peak memory is the cell's; `None` if that fails,
    /// which is told.
    fn measure_apart(&self, cell: &Cell) -> Result<Option<Value>> {
        let failed = |source| Error::Io { action: "start", path: "/proc/self/exe".into(), source };
        let mut command = apart::command().map_err(failed)?;
        command.args(["bench", "heads", "--json", &format!("--steps={}", self.steps)]);
        command.args(cell.arguments());
        command.args(self.set.iter().map(|item| format!("--set={item}")));
        let output = command.stderr(Stdio::inherit()).output().map_err(failed)?;
        if let Ok(report) = serde_json::from_slice(&output.stdout) {
            return Ok(Some(report));
        }
        if output.status.code().is_none() {
            tell(&format!("{cell}: {}", output.status));
        }
        Ok(None)
    }

    fn show(&self, reports: &[Value]) {
        if self.json {
            reports.iter().for_each(say_json);
        } else {
            print(reports);
        }
    }
}

/// A row for each cell, and the choices of its program below.
fn print(reports: &[Value]) {
    let columns = [
        ("head", Align::Left),
        ("loss", Align::Left),
        ("noise", Align::Left),
        ("estimator", Align::Left),
        ("B", Align::Right),
        ("K", Align::Right),
        ("D", Align::Right),
        ("R", Align::Right),
        ("S", Align::Right),
        ("ms", Align::Right),
        ("median", Align::Right),
        ("CPU ms", Align::Right),
        ("GFLOP/s", Align::Right),
        ("best", Align::Right),
        ("of it", Align::Right),
        ("temporary", Align::Right),
        ("arguments", Align::Right),
        ("resident", Align::Right),
        ("compile s", Align::Right),
    ];
    let rows: Vec<_> = reports.iter().map(row).collect();
    table::print(&columns, &rows);
    for (report, row) in reports.iter().zip(&rows) {
        let cell = row[..9].iter().filter(|text| !text.is_empty()).cloned().collect::<Vec<_>>();
        for note in report["notes"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            say(&format!("{}: {note}", cell.join(" ")));
        }
    }
}

fn row(report: &Value) -> Vec<String> {
    let text = |name: &str| match &report[name] {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let number = |name: &str, decimals: usize| {
        report[name].as_f64().map_or(String::new(), |number| format!("{number:.decimals$}"))
    };
    let bytes = |name: &str, unit: u64| {
        report[name].as_u64().map_or(String::new(), |count| table::bytes(count * unit))
    };
    let mut row: Vec<_> = ["head", "loss", "diag_noise", "estimator"].map(text).into();
    row.extend(["batch", "classes", "dim", "factors", "samples"].map(text));
    row.extend(["step_ms_min", "step_ms_median", "step_cpu_ms_min"].map(|name| number(name, 1)));
    row.extend(["gflops_per_s", "roof_gflops_per_s"].map(|name| number(name, 0)));
    row.push(number("of_roof", 2));
    row.extend([
        bytes("temp_bytes", 1),
        bytes("argument_bytes", 1),
        bytes("peak_rss_mib", 1 << 20),
    ]);
    row.push(number("compile_s", 1));
    row
}

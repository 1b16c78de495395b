//! What the cases cover: every operation that the tracer writes, its bytecode, its gradient.
//! `docs/ops.md` says it, and is made here.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use hlo::DType::F32;
use hlo::{CustomCall, Program, Rule, Tensor, Trace, TraceError, Version};

use super::case::Case;
use super::support::compile;
use super::{FAMILIES, case, oldest_version, prepare};

/// The operations of StableHLO, from its specification.
const STABLEHLO: &str = "abs add after_all all_gather all_reduce all_to_all and async_done \
    async_start atan2 batch_norm_grad batch_norm_inference batch_norm_training bitcast_convert \
    broadcast_in_dim case cbrt ceil cholesky clamp collective_broadcast collective_permute compare \
    complex composite concatenate constant convert convolution cosine count_leading_zeros \
    custom_call divide dot_general dynamic_broadcast_in_dim dynamic_conv dynamic_gather \
    dynamic_iota dynamic_pad dynamic_reshape dynamic_slice dynamic_update_slice exponential \
    exponential_minus_one fft floor gather get_dimension_size get_tuple_element if imag infeed \
    iota is_finite log log_plus_one logistic map maximum minimum multiply negate not \
    optimization_barrier or outfeed pad partition_id popcnt power real recv reduce \
    reduce_precision reduce_scatter reduce_window remainder replica_id reshape reverse rng \
    rng_bit_generator round_nearest_afz round_nearest_even rsqrt scatter select \
    select_and_scatter send shift_left shift_right_arithmetic shift_right_logical sign sine slice \
    sort sqrt subtract tan tanh transpose triangular_solve tuple uniform_dequantize \
    uniform_quantize while xor";

/// A result and the inputs of floats that it is made of.
type Application = for<'t> fn(&'t Trace) -> (Tensor<'t>, Vec<Tensor<'t>>);

/// The operations that no case has, why, and an application of each.
const NOT_COMPARED: [(&str, &str, Application); 2] = [
    ("custom_call", "what it computes is the plugin's", |t| {
        let x = t.input("x", F32, [4]);
        (t.custom_call(&CustomCall::new("Sharding"), &[x], &[x.ty()])[0], vec![x])
    }),
    ("replica_id", "JAX has partitions alone", |t| (t.replica_id(), vec![])),
];

/// The functions that compute nothing of their own, or nothing that JAX has; `threefry2x32`, which
/// is the host's, is compared with the device's in `random.rs`.
const NO_FUNCTIONS: [&str; 5] =
    ["output_in_place", "note", "set_precision", "replicas", "threefry2x32"];

/// What was found of an operation or a function.
#[derive(Default)]
struct Row {
    cases: usize,
    /// The operations that it is made of.
    operations: BTreeSet<String>,
    /// The first version that bytecode of any case can be written for, and of all with their
    /// derivatives.
    since: Option<(Version, Version)>,
    /// The order of the derivatives that are compared.
    orders: usize,
    /// Why there is no gradient, where that is an answer.
    no_gradient: Option<String>,
    /// Why no case has it.
    not_compared: Option<String>,
    /// The places of cases of floats whose gradient exists and is compared in no case.
    differentiable: Vec<String>,
}

/// The case alone, with derivatives up to an order.
fn program(case: &Case, orders: usize) -> Result<Program, TraceError> {
    hlo::trace(&case.op, |t| {
        prepare(t, case);
        for (i, result) in case.record(t, orders).into_iter().enumerate() {
            t.output(&format!("y{i}"), result);
        }
    })
}

/// The operations of StableHLO in a program's text.
fn operations(program: &Program) -> BTreeSet<String> {
    let text = program.text();
    let named = text.split("stablehlo.").skip(1).filter_map(|rest| {
        let word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        rest.split(|c| !word(c)).next()
    });
    let known: BTreeSet<_> = STABLEHLO.split_whitespace().collect();
    named.filter(|name| known.contains(name)).map(str::to_owned).collect()
}

impl Row {
    /// Adds a case, its program with and without derivatives, and what the latter is made of.
    fn add(&mut self, case: &Case, [alone, whole]: [&Program; 2], operations: &BTreeSet<String>) {
        self.cases += 1;
        self.operations.extend(operations.iter().cloned());
        let (first, last) = (oldest_version(alone), oldest_version(whole));
        let both = |(any, all): (Version, Version)| (any.min(first), all.max(last));
        self.since = Some(self.since.map_or((first, last), both));
        self.orders = self.orders.max(case.orders());
        if case.orders() == 0 && case.has_floats() {
            self.try_gradient(&case.place, program(case, 1));
        }
    }

    /// Learns whether there is a gradient from the attempt to trace it.
    fn try_gradient(&mut self, place: &str, traced: Result<Program, TraceError>) {
        match traced {
            Ok(_) => self.differentiable.push(place.to_owned()),
            Err(TraceError { rule: Rule::NoGradient { reason }, .. }) => {
                self.no_gradient = Some(reason.to_owned());
            }
            Err(error) => panic!("{place}: {error}"),
        }
    }

    /// Of an operation that no case has: for the reason that is given.
    fn not_compared(name: &str, reason: &str, apply: Application) -> Self {
        let program = hlo::trace(name, |t| t.output("y", apply(t).0)).expect("a program");
        // The compiler has to take it.
        compile(&program);
        let since = oldest_version(&program);
        let mut row = Self { since: Some((since, since)), ..Self::default() };
        row.not_compared = Some(reason.to_owned());
        let gradient = hlo::trace(name, |t| {
            let (result, inputs) = apply(t);
            let gradients = hlo::grad(result.to(F32).sum(..), inputs);
            gradients.into_iter().for_each(|gradient| t.output("dx", gradient));
            t.output("y", result);
        });
        row.try_gradient(name, gradient);
        row
    }

    fn compared(&self) -> String {
        self.not_compared.clone().map_or(self.cases.to_string(), |reason| format!("–: {reason}"))
    }

    fn gradient(&self) -> String {
        match (self.orders, &self.no_gradient) {
            (0, Some(reason)) => format!("none: {reason}"),
            (0, None) => "–".to_owned(),
            (1, _) => "first order".to_owned(),
            _ => "second order".to_owned(),
        }
    }

    fn bytecode(&self) -> String {
        match self.since.expect("a row has cases") {
            (any, all) if any == all => any.to_string(),
            (any, all) => format!("{any}, all {all}"),
        }
    }
}

/// What the cases say of each operation of StableHLO and of each name of the data.
fn rows() -> &'static (BTreeMap<String, Row>, BTreeMap<String, Row>) {
    static ROWS: OnceLock<(BTreeMap<String, Row>, BTreeMap<String, Row>)> = OnceLock::new();
    ROWS.get_or_init(find_rows)
}

fn find_rows() -> (BTreeMap<String, Row>, BTreeMap<String, Row>) {
    let mut of_operations: BTreeMap<String, Row> = BTreeMap::new();
    let mut of_names: BTreeMap<String, Row> = BTreeMap::new();
    for case in FAMILIES.iter().flat_map(|(family, _)| case::read(family)) {
        let program = program(&case, 0).unwrap_or_else(|error| panic!("{}: {error}", case.place));
        let whole = self::program(&case, case.orders());
        let whole = whole.unwrap_or_else(|error| panic!("{}: {error}", case.place));
        let operations = operations(&program);
        of_names.entry(case.op.clone()).or_default().add(&case, [&program, &whole], &operations);
        for operation in &operations {
            // What else is in a program says nothing of the operation: the oldest one does.
            let row = of_operations.entry(operation.clone()).or_default();
            row.add(&case, [&program, &program], &operations);
        }
    }
    for (name, reason, apply) in NOT_COMPARED {
        of_operations.insert(name.to_owned(), Row::not_compared(name, reason, apply));
    }
    (of_operations, of_names)
}

/// The sources of a folder and of those in it, without their tests.
fn sources(folder: &Path) -> Vec<String> {
    let mut sources = vec![];
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources.extend(self::sources(&path));
        } else {
            let source = fs::read_to_string(&path).unwrap();
            sources.push(source.split("#[cfg(test)]").next().unwrap().to_owned());
        }
    }
    sources
}

fn sources_of_the_tracer() -> Vec<String> {
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"))
}

/// The operations of StableHLO that the sources of the tracer name, as literals.
fn operations_of_the_sources() -> BTreeSet<String> {
    let sources = sources_of_the_tracer();
    let literals = sources.iter().flat_map(|source| source.split('"').skip(1).step_by(2));
    let named: BTreeSet<_> = literals.map(|text| text.trim_end_matches("_v1")).collect();
    let known = STABLEHLO.split_whitespace();
    known.filter(|name| named.contains(name)).map(str::to_owned).collect()
}

/// The public functions that a tensor, a trace or a key has, and those of no type that return a
/// tensor or a tree of some.
fn functions_of_the_sources() -> BTreeSet<String> {
    let mut functions = BTreeSet::new();
    for source in sources_of_the_tracer() {
        let mut of_tensors = true;
        for line in source.lines() {
            if line.starts_with("impl") {
                let types = ["impl<'t> Tensor<'t> {", "impl<'t> Key<'t> {", "impl Trace {"];
                of_tensors = types.contains(&line);
            } else if line.starts_with('}') {
                of_tensors = true;
            } else if let Some(rest) = line.trim_start().strip_prefix("pub fn ")
                && of_tensors
            {
                let name = rest.split(['(', '<']).next().expect("text has a first part");
                // The methods of a macro are operations, which have a test of their own.
                if !name.starts_with('$') {
                    functions.insert(name.to_owned());
                }
            }
        }
    }
    functions
}

#[test]
fn every_operation_that_the_tracer_writes_is_compared() {
    let (compared, _) = rows();
    let missing: Vec<_> = operations_of_the_sources()
        .into_iter()
        .filter(|name| !compared.contains_key(name))
        .collect();
    assert!(missing.is_empty(), "operations without a case: {missing:?}");
}

#[test]
fn every_function_of_tensors_is_compared() {
    let tests = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/jax_values")).concat();
    let called = |name: &String| {
        let calls = [format!(".{name}("), format!(".{name}::<"), format!("::{name}")];
        calls.iter().any(|call| tests.contains(call))
    };
    let functions = functions_of_the_sources();
    assert!(functions.contains("top_k") && functions.contains("scan"), "{functions:?}");
    let missing: Vec<_> = functions
        .iter()
        .filter(|name| !called(name) && !NO_FUNCTIONS.contains(&name.as_str()))
        .collect();
    assert!(missing.is_empty(), "functions that no case calls: {missing:?}");
}

#[test]
fn every_gradient_that_exists_is_compared() {
    let (_, rows) = rows();
    let missing: Vec<_> = rows
        .iter()
        .filter(|(_, row)| row.orders == 0 && !row.differentiable.is_empty())
        .map(|(name, row)| format!("{name}: {}", row.differentiable[0]))
        .collect();
    assert!(missing.is_empty(), "gradients that no case has: {missing:?}");
}

const HEAD: &str = "\
# Operations

Made by the tests: `UPDATE=1 cargo test -p hlo --test jax_values ops_md`. Every line stands for cases of
`hlo/tests/data/jax_values` whose results, on the CPU plugin, are those of JAX on the same numbers.

- *text*: the compiler takes it;
- *bytecode*: the oldest version of StableHLO that portable bytecode of any of the cases can be written for, as jaxlib
  reads it back, and, where that is another, of all of them with their derivatives: an operation with batching axes,
  say, needs a newer one;
- *gradient*: the order of the derivatives that are compared with JAX's, or why there are none; – where there are no
  floats to differentiate by;
- *compared with JAX*: the number of cases, of one application or of several.

## StableHLO

";

fn document() -> String {
    let (operations, names) = rows();
    let mut text = HEAD.to_owned();
    text +=
        "| operation | text | bytecode | gradient | compared with JAX |\n|---|:-:|---|---|--:|\n";
    for (name, row) in operations {
        // Its own cases tell more than those in which it plays a part.
        let own = names.get(name).unwrap_or(row);
        let (bytecode, gradient, compared) = (own.bytecode(), own.gradient(), row.compared());
        writeln!(text, "| `{name}` | ✓ | {bytecode} | {gradient} | {compared} |").unwrap();
    }
    text += "\n## Functions made of them\n\n";
    text +=
        "| function | made of | bytecode | gradient | compared with JAX |\n|---|---|---|---|--:|\n";
    for (name, row) in names.iter().filter(|(name, _)| !operations.contains_key(*name)) {
        let made_of: Vec<_> = row.operations.iter().map(|name| format!("`{name}`")).collect();
        let (bytecode, gradient, cases) = (row.bytecode(), row.gradient(), row.cases);
        writeln!(text, "| `{name}` | {} | {bytecode} | {gradient} | {cases} |", made_of.join(" "))
            .unwrap();
    }
    text
}

#[test]
fn ops_md_says_what_is_compared() {
    let path: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/ops.md");
    let made = document();
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, made).unwrap();
        return;
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    let new: Vec<_> = made.lines().filter(|line| !committed.contains(*line)).collect();
    let gone: Vec<_> = committed.lines().filter(|line| !made.contains(*line)).collect();
    assert!(
        committed == made,
        "docs/ops.md isn't what the cases say: run `UPDATE=1 cargo test -p hlo --test jax_values \
         ops_md` and commit it\nnew: {new:#?}\ngone: {gone:#?}"
    );
}

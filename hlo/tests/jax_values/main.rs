//! What every operation computes, and its gradient, against JAX on the same numbers.
//!
//! The numbers are those of `tests/data/jax_values`, whose `main.py` wrote them. An operation goes
//! by one name there and in the tables here, which apply it through the public functions. Many cases
//! make one program.

mod arrays;
mod case;
mod collectives;
mod comparison;
mod control;
mod coverage;
#[path = "../support/devices.rs"]
mod devices;
mod draws;
mod elements;
mod folds;
#[path = "../support/jaxlib.rs"]
mod jaxlib;
mod networks;
mod number;
mod order;
mod products;
#[path = "../support/mod.rs"]
mod support;

use std::collections::BTreeSet;

use case::{Attributes, Case};
use comparison::{Tolerance, differences};
use hlo::{DType, Program, Tensor, Trace, TraceError, Version};
use pjrt::HostArray;
use support::{compile, run};

/// Applies an operation to the inputs of a case.
type Builder = for<'t> fn(&'t Trace, &Attributes, &[Tensor<'t>]) -> Vec<Tensor<'t>>;

/// What is computed under each name of the data.
const BUILDERS: [&[(&str, Builder)]; 9] = [
    elements::BUILDERS,
    arrays::BUILDERS,
    products::BUILDERS,
    folds::BUILDERS,
    networks::BUILDERS,
    control::BUILDERS,
    order::BUILDERS,
    collectives::BUILDERS,
    draws::BUILDERS,
];

/// The families of cases, each a file of the data.
const FAMILIES: [(&str, Tolerance); 20] = [
    ("unary", Tolerance::Element),
    ("binary", Tolerance::Element),
    ("compare", Tolerance::Element),
    ("select", Tolerance::Element),
    ("convert", Tolerance::Element),
    ("shapes", Tolerance::Element),
    ("arrangement", Tolerance::Element),
    ("dynamic_slices", Tolerance::Element),
    ("gather", Tolerance::Element),
    ("scatter", Tolerance::Tensor),
    ("take", Tolerance::Element),
    ("products", Tolerance::Tensor),
    ("convolution", Tolerance::Tensor),
    ("reductions", Tolerance::Tensor),
    ("windows", Tolerance::Tensor),
    ("sorting", Tolerance::Element),
    ("networks", Tolerance::Tensor),
    ("control", Tolerance::Tensor),
    ("random", Tolerance::Element),
    ("collectives", Tolerance::Tensor),
];

/// As many cases as a program takes: compiling costs more for a program than for a case, until there
/// are many.
const CASES_IN_A_PROGRAM: usize = 32;

fn builder(op: &str) -> Option<Builder> {
    BUILDERS
        .iter()
        .flat_map(|table| table.iter())
        .find(|(name, _)| *name == op)
        .map(|entry| entry.1)
}

/// The fixed numbers by which the elements of a result are multiplied before they are added up.
fn weights(like: Tensor<'_>) -> Tensor<'_> {
    let position = like.trace().iota(DType::S64, [like.shape().elements()], 0);
    let weights = ((position * 7 % 11).to(DType::F64) - 4.5) / 4.0;
    weights.reshape(like.shape()).to(like.dtype())
}

/// The gradients of the weighted sum of `values` with respect to `inputs`.
fn gradients<'t>(values: &[Tensor<'t>], inputs: &[Tensor<'t>]) -> Vec<Tensor<'t>> {
    let parts = values.iter().map(|&value| (weights(value) * value).sum(..));
    let loss = parts.reduce(|sum, part| sum + part).expect("a result of floats");
    hlo::grad(loss, inputs.to_vec())
}

impl Case {
    /// The outputs and the derivatives up to an order, as they stand in the data.
    fn record<'t>(&self, t: &'t Trace, orders: usize) -> Vec<Tensor<'t>> {
        let input = |(i, array): (usize, &HostArray)| {
            let dtype = support::dtype(array.dtype().name());
            t.input(&format!("{} x{i}", self.place), dtype, array.dims())
        };
        let inputs: Vec<_> = self.inputs.iter().enumerate().map(input).collect();
        let apply = builder(&self.op).expect("a function for the name");
        let mut results = apply(t, &self.attributes, &inputs);
        let is_float = |tensor: &Tensor<'t>| tensor.dtype().is_float();
        let values: Vec<_> = results.iter().copied().filter(is_float).collect();
        let inputs: Vec<_> = inputs.into_iter().filter(is_float).collect();
        if orders >= 1 {
            results.extend(gradients(&values, &inputs));
        }
        if orders >= 2 {
            let bent: Vec<_> = values.iter().map(|&y| y * y + y).collect();
            results.extend(gradients(&gradients(&bent, &inputs), &inputs));
        }
        results
    }

    /// What JAX computed, in that order, and how near it should be.
    fn expected(
        &self,
        tolerance: Tolerance,
    ) -> impl Iterator<Item = (String, &HostArray, Tolerance)> {
        let parts = [
            ("output", &self.outputs, tolerance),
            ("gradient", &self.gradients, Tolerance::Derivative),
            ("second derivative", &self.second, Tolerance::Derivative),
        ];
        parts.into_iter().flat_map(|(part, arrays, tolerance)| {
            let named = move |(i, array)| (format!("{part} {i}"), array, tolerance);
            arrays.iter().enumerate().map(named)
        })
    }
}

/// Declares the devices of a program, if a case of its family takes several.
fn prepare(t: &Trace, case: &Case) {
    if case.place.starts_with("collectives") {
        t.mesh(&collectives::MESH);
    }
}

/// One program of several cases.
fn program(cases: &[Case]) -> Result<Program, TraceError> {
    hlo::trace("jax_values", |t| {
        prepare(t, &cases[0]);
        for case in cases {
            let results = case.record(t, case.orders());
            for (i, result) in results.into_iter().enumerate() {
                t.output(&format!("{} y{i}", case.place), result);
            }
        }
    })
}

/// What is wrong with the results of a program of the cases, a line each.
fn wrong(cases: &[Case], tolerance: Tolerance) -> Vec<String> {
    let program = match program(cases) {
        Ok(program) => program,
        // The place that the error names is in a table: find the case.
        Err(error) if cases.len() == 1 => {
            let Case { place, op, .. } = &cases[0];
            return vec![format!("{place}: {op}: {error}")];
        }
        Err(_) => return cases.chunks(1).flat_map(|case| wrong(case, tolerance)).collect(),
    };
    let inputs: Vec<_> = cases.iter().flat_map(|case| case.inputs.iter().cloned()).collect();
    let results = match program.mesh() {
        None => run(&compile(&program), &inputs),
        Some(_) => run_on_all(&program, &inputs),
    };
    let mut results = results.iter();
    let mut found = vec![];
    for case in cases {
        for (name, expected, tolerance) in case.expected(tolerance) {
            let Some(got) = results.next() else {
                found.push(format!("{}: {}: no {name}", case.place, case.op));
                continue;
            };
            if let Some(difference) = differences(got, expected, tolerance) {
                found.push(format!("{}: {}: {name}: {difference}", case.place, case.op));
            }
        }
    }
    if results.next().is_some() {
        found.push(format!("more results than {} to {} have", cases[0].place, cases.len()));
    }
    found
}

/// Runs a program of `f64` on the devices of its mesh.
fn run_on_all(program: &Program, inputs: &[HostArray]) -> Vec<HostArray> {
    let executable = devices::compile(&devices::clients()[0], program);
    let results = devices::run(&executable, program, inputs);
    let arrays = program.outputs().iter().zip(&results);
    arrays.map(|(output, values)| support::array(&output.shape(), values)).collect()
}

/// Compares the family's cases.
fn check(family: &str) {
    let (_, tolerance) = FAMILIES.iter().find(|(name, _)| *name == family).expect("a family");
    let cases = case::read(family);
    let found: Vec<_> =
        cases.chunks(CASES_IN_A_PROGRAM).flat_map(|cases| wrong(cases, *tolerance)).collect();
    let count = found.len();
    assert!(found.is_empty(), "{count} differences\n{}", found[..count.min(40)].join("\n"));
}

macro_rules! families {
    ($($test:ident $family:literal;)*) => {
        $(#[test]
        fn $test() {
            check($family);
        })*

        #[test]
        fn every_family_is_compared() {
            let mut compared = vec![$($family),*];
            compared.sort_unstable();
            let mut families = FAMILIES.map(|(name, _)| name);
            families.sort_unstable();
            assert_eq!(compared, families);
        }
    };
}

families! {
    functions_of_one_number_agree_with_jax "unary";
    functions_of_two_numbers_agree_with_jax "binary";
    comparisons_agree_with_jax "compare";
    choices_agree_with_jax "select";
    conversions_agree_with_jax "convert";
    changes_of_shape_agree_with_jax "shapes";
    arrangements_agree_with_jax "arrangement";
    slices_at_places_known_at_run_time_agree_with_jax "dynamic_slices";
    gathers_agree_with_jax "gather";
    scatters_agree_with_jax "scatter";
    elements_named_by_indices_agree_with_jax "take";
    products_agree_with_jax "products";
    convolutions_agree_with_jax "convolution";
    reductions_agree_with_jax "reductions";
    windows_agree_with_jax "windows";
    sorting_agrees_with_jax "sorting";
    networks_agree_with_jax "networks";
    control_flow_agrees_with_jax "control";
    random_numbers_agree_with_jax "random";
    collectives_agree_with_jax "collectives";
}

#[test]
fn every_name_of_the_data_is_computed() {
    let cases = FAMILIES.iter().flat_map(|(family, _)| case::read(family));
    let named: BTreeSet<_> = cases.map(|case| case.op).collect();
    let computed = BUILDERS.iter().flat_map(|table| table.iter()).map(|entry| entry.0);
    let mut known: Vec<_> = computed.collect();
    known.sort_unstable();
    assert_eq!(known, named.iter().collect::<Vec<_>>());
}

/// The first version of StableHLO that a program's portable bytecode can be written for.
fn oldest_version(program: &Program) -> Version {
    let versions = (9..21).map(|minor| Version::new(0, minor, 0));
    let mut versions = versions.chain((0..17).map(|minor| Version::new(1, minor, 0)));
    versions.find(|&version| program.bytecode(version).is_ok()).unwrap_or(Version::LATEST)
}

/// Written for the oldest version of StableHLO that has what the program needs, and for the last.
#[test]
fn jaxlib_reads_every_case_in_portable_bytecode_as_it_reads_its_text() {
    let families = FAMILIES.map(|(family, _)| case::read(family));
    let parts = families.iter().flat_map(|cases| cases.chunks(CASES_IN_A_PROGRAM));
    let programs = parts.flat_map(|cases| {
        let make = || program(cases).unwrap_or_else(|error| panic!("{error}"));
        let oldest = oldest_version(&make());
        [(make(), oldest), (make(), Version::LATEST)]
    });
    jaxlib::reads_as_text(programs);
}

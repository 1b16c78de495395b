//! StableHLO in MLIR's text form. The same module gives the same text, byte for byte.

use std::fmt::Write;

use crate::Type;
use crate::attribute::{Attribute, list, quote};
use crate::graph::{Block, BlockId, Node, ValueId};
use crate::module::{Function, Module, Port};
use crate::ops::{PrintedRegion, Statement};

/// The module as text; with the user's source line behind every statement where `locations` says.
///
/// Inputs carry their names as locations, which XLA keeps as parameter names, and outputs as
/// `jax.result_info`, which is where other tools look for them.
pub(crate) fn print(module: &Module, locations: bool) -> String {
    let attributes =
        list(module.attributes().iter().map(|(name, count)| format!("{name} = {count} : i32")));
    let attributes = match &attributes[..] {
        "" => String::new(),
        attributes => format!(" attributes {{{attributes}}}"),
    };
    let mut text = format!("module @{}{attributes} {{\n", module.name);
    if let Some(mesh) = module.devices.mesh() {
        text += &format!("  sdy.mesh @mesh = {}\n", mesh.shardy());
    }
    let names = vec![String::new(); module.graph.types.len()];
    let mut printer = Printer { module, locations, names, parameters: 0, statements: 0 };
    for function in &module.functions {
        (printer.parameters, printer.statements) = (0, 0);
        printer.function(&mut text, function);
    }
    text += "}\n";
    text
}

struct Printer<'m> {
    module: &'m Module,
    locations: bool,
    /// The name of every value that has been printed.
    names: Vec<String>,
    parameters: usize,
    statements: usize,
}

impl Printer<'_> {
    fn function(&mut self, text: &mut String, function: &Function) {
        let Function { name, public, arguments, results, body } = function;
        let body = self.module.block(*body);
        let visibility = if *public { "public" } else { "private" };
        *text += &format!("  func.func {visibility} @{name}(");
        for (i, (&id, port)) in body.parameters.iter().zip(arguments).enumerate() {
            let name = self.parameter(id);
            let location =
                port.name.as_ref().map_or(String::new(), |name| format!(" loc({})", quote(name)));
            let separator = if i == 0 { "" } else { "," };
            let (ty, attributes) = (self.module.ty(id).mlir(), attributes(port));
            *text += &format!("{separator}\n      {name}: {ty}{attributes}{location}");
        }
        *text += ") -> (";
        for (i, (&id, port)) in body.results.iter().zip(results).enumerate() {
            let separator = if i == 0 { "" } else { "," };
            let (ty, attributes) = (self.module.ty(id).mlir(), attributes(port));
            *text += &format!("{separator}\n      {ty}{attributes}");
        }
        *text += ") {\n";
        self.block(text, body, "return", "    ");
        *text += "  }\n";
    }

    /// The statements and the terminator, each on a line.
    fn block(&mut self, text: &mut String, block: &Block, terminator: &str, indent: &str) {
        for operation in self.module.operations(block) {
            self.statement(text, operation, indent);
        }
        let results = list(block.results.iter().map(|&id| self.name(id)));
        let types = list(self.types(&block.results).iter().map(Type::mlir));
        let results =
            if types.is_empty() { String::new() } else { format!(" {results} : {types}") };
        *text += &format!("{indent}{terminator}{results}\n");
    }

    fn statement(&mut self, text: &mut String, operation: &Node, indent: &str) {
        let op = &operation.op;
        let regions = operation.regions().iter();
        let mut first: Option<Vec<String>> = None;
        let region = |&region: &BlockId| match self.module.single(region) {
            Some(name) if op.abbreviates() => {
                PrintedRegion { parameters: vec![], body: String::new(), single: Some(name) }
            }
            _ => {
                let names = first.as_deref().filter(|_| op.shares_parameters());
                let printed =
                    self.region(self.module.block(region), names, &terminator(op.name()), indent);
                let names = printed.parameters.iter().map(|(name, _)| name.clone());
                first.get_or_insert_with(|| names.collect());
                printed
            }
        };
        let regions = regions.map(region).collect();
        let statement = Statement {
            operands: operation.operands.iter().map(|&id| self.name(id).to_owned()).collect(),
            operand_types: self.types(&operation.operands),
            result_types: self.types(&operation.results),
            regions,
            indent: indent.to_owned(),
        };
        let number = self.statements;
        self.statements += 1;
        *text += indent;
        match &operation.results[..] {
            [] => {}
            [result] => {
                self.names[result.index()] = format!("%{number}");
                write!(text, "%{number} = ").expect("a string takes any text");
            }
            results => {
                for (i, result) in results.iter().enumerate() {
                    self.names[result.index()] = format!("%{number}#{i}");
                }
                write!(text, "%{number}:{} = ", results.len()).expect("a string takes any text");
            }
        }
        *text += &op.print(&statement);
        if self.locations {
            let place = operation.location;
            *text += &format!(" loc({}:{}:{})", quote(place.file()), place.line(), place.column());
        }
        *text += "\n";
    }

    /// A region whose parameters have new names, or `names`.
    fn region(
        &mut self,
        region: &Block,
        names: Option<&[String]>,
        terminator: &str,
        indent: &str,
    ) -> PrintedRegion {
        let parameter = |(i, &id): (usize, &ValueId)| {
            let Some(names) = names else { return (self.parameter(id), self.module.ty(id)) };
            self.names[id.index()].clone_from(&names[i]);
            (names[i].clone(), self.module.ty(id))
        };
        let parameters = region.parameters.iter().enumerate().map(parameter).collect();
        let mut body = String::new();
        self.block(&mut body, region, terminator, &format!("{indent}  "));
        PrintedRegion { parameters, body, single: None }
    }

    fn parameter(&mut self, id: ValueId) -> String {
        let name = format!("%arg{}", self.parameters);
        self.parameters += 1;
        self.names[id.index()].clone_from(&name);
        name
    }

    fn name(&self, id: ValueId) -> &str {
        &self.names[id.index()]
    }

    fn types(&self, ids: &[ValueId]) -> Vec<Type> {
        ids.iter().map(|&id| self.module.ty(id)).collect()
    }
}

/// What ends a region of the operation.
fn terminator(operation: &str) -> String {
    let dialect = operation.split_once('.').map_or("stablehlo", |(dialect, _)| dialect);
    format!("{dialect}.return")
}

fn attributes(port: &Port) -> String {
    if port.attributes.is_empty() {
        return String::new();
    }
    let entry = |(name, value): &(String, Attribute)| format!("{name} = {value}");
    format!(" {{{}}}", list(port.attributes.iter().map(entry)))
}

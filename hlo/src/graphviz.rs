//! A picture of a program, in Graphviz's language.

use std::fmt::Write;

use crate::attribute::Attribute;
use crate::graph::{Block, BlockId, Node, ValueId};
use crate::module::{Function, Module, Port};

/// Constants are drawn where they are used; longer ones than this not in full.
const LONGEST_CONSTANT: usize = 24;

/// The module as a directed graph: functions and regions are clusters, an operation is a box, and an
/// edge is labelled with the type of the value that it stands for.
pub(crate) fn draw(module: &Module) -> String {
    let mut drawing = Drawing {
        module,
        text: format!("digraph {} {{\n", quote(&module.name)),
        edges: String::new(),
        sources: vec![Source::Unseen; module.graph.types.len()],
        nodes: 0,
        clusters: 0,
    };
    drawing.line(1, "node [shape=box, fontname=\"sans-serif\", fontsize=11];");
    drawing.line(1, "edge [fontname=\"sans-serif\", fontsize=9];");
    for function in &module.functions {
        drawing.function(function);
    }
    // An edge in a cluster would draw both of its ends into it.
    drawing.text + &drawing.edges + "}\n"
}

/// Where the edges of a value begin.
#[derive(Clone)]
enum Source {
    Unseen,
    Node(usize),
    /// At a node of its own for every use, with this label.
    Constant(String),
}

struct Drawing<'m> {
    module: &'m Module,
    text: String,
    edges: String,
    /// One for each value.
    sources: Vec<Source>,
    nodes: usize,
    clusters: usize,
}

impl Drawing<'_> {
    fn function(&mut self, function: &Function) {
        let Function { name, arguments, results, body, .. } = function;
        let body = self.module.block(*body);
        self.open(1, name);
        for (&id, port) in body.parameters.iter().zip(arguments) {
            self.parameter(2, id, port.name.as_deref());
        }
        self.operations(2, body);
        for (&id, port) in body.results.iter().zip(results) {
            let name = result_name(port).unwrap_or("return");
            let node = self.node(2, name, "ellipse");
            self.edge(2, id, node);
        }
        self.line(1, "}");
    }

    fn operations(&mut self, depth: usize, block: &Block) {
        for operation in self.module.operations(block) {
            self.operation(depth, operation);
        }
    }

    fn operation(&mut self, depth: usize, operation: &Node) {
        let op = &operation.op;
        if let [("value", Attribute::Dense(dense))] = &op.attributes()[..] {
            let text = dense.to_string();
            let elements = text.trim_start_matches("dense<").split_once("> : ");
            let elements = elements.map_or(&text[..], |(elements, _)| elements);
            let label = match elements.len() {
                ..=LONGEST_CONSTANT => elements.to_owned(),
                _ => format!("constant {}", dense.ty),
            };
            self.sources[operation.results[0].index()] = Source::Constant(label);
            return;
        }
        let single = |&region: &BlockId| self.module.single(region);
        let folded = operation.regions().iter().find_map(single).filter(|_| op.abbreviates());
        let label = match (op.callee(), folded) {
            (Some(callee), _) => format!("{} {}", op.name(), callee.name),
            (None, Some(folded)) => format!("{} {folded}", op.name()),
            (None, None) => op.name().to_owned(),
        };
        let node = self.node(depth, &label, "box");
        if folded.is_none() {
            for (i, &region) in operation.regions().iter().enumerate() {
                self.region(depth, (op.name(), node), i, self.module.block(region));
            }
        }
        for &operand in &operation.operands {
            self.edge(depth, operand, node);
        }
        for result in &operation.results {
            self.sources[result.index()] = Source::Node(node);
        }
    }

    /// A region of an operation whose node is given: it ends in an edge to there.
    fn region(
        &mut self,
        depth: usize,
        (operation, node): (&str, usize),
        position: usize,
        region: &Block,
    ) {
        let label = match (operation, position) {
            ("while", 0) => "while: condition".to_owned(),
            ("if", 0) => "if: on true".to_owned(),
            ("if", 1) => "if: on false".to_owned(),
            ("case", _) => format!("case: branch {position}"),
            _ => format!("{operation}: body"),
        };
        self.open(depth, &label);
        for &id in &region.parameters {
            self.parameter(depth + 1, id, None);
        }
        self.operations(depth + 1, region);
        let end = self.node(depth + 1, "return", "plaintext");
        for &id in &region.results {
            self.edge(depth + 1, id, end);
        }
        writeln!(self.edges, "  n{end} -> n{node} [style=dashed];")
            .expect("a string takes any text");
        self.line(depth, "}");
    }

    fn parameter(&mut self, depth: usize, id: ValueId, name: Option<&str>) {
        let ty = self.module.ty(id);
        let label = name.map_or(ty.to_string(), |name| format!("{name}\n{ty}"));
        self.sources[id.index()] = Source::Node(self.nodes);
        self.node(depth, &label, "ellipse");
    }

    /// Draws a node and returns its number.
    fn node(&mut self, depth: usize, label: &str, shape: &str) -> usize {
        let node = self.nodes;
        self.nodes += 1;
        let shape = if shape == "box" { String::new() } else { format!(", shape={shape}") };
        self.line(depth, &format!("n{node} [label={}{shape}];", quote(label)));
        node
    }

    fn edge(&mut self, depth: usize, from: ValueId, to: usize) {
        let from_node = match self.sources[from.index()].clone() {
            Source::Node(node) => node,
            Source::Constant(label) => self.node(depth, &label, "plaintext"),
            Source::Unseen => unreachable!("operands come first"),
        };
        let ty = self.module.ty(from).to_string();
        writeln!(self.edges, "  n{from_node} -> n{to} [label={}];", quote(&ty))
            .expect("a string takes any text");
    }

    fn open(&mut self, depth: usize, label: &str) {
        let cluster = self.clusters;
        self.clusters += 1;
        self.line(depth, &format!("subgraph cluster{cluster} {{"));
        self.line(depth + 1, &format!("label={};", quote(label)));
    }

    fn line(&mut self, depth: usize, line: &str) {
        writeln!(self.text, "{:1$}{line}", "", 2 * depth).expect("a string takes any text");
    }
}

/// The name of an output.
fn result_name(port: &Port) -> Option<&str> {
    port.attributes.iter().find_map(|(name, value)| match value {
        Attribute::Text(text) if name == "jax.result_info" => Some(&text[..]),
        _ => None,
    })
}

/// A string in Graphviz's spelling.
fn quote(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}

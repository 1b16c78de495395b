//! Finished programs: typed, named inputs and outputs, and StableHLO text.

use std::fmt::{self, Write};

use crate::graph::{Graph, Source, ValueId};
use crate::ops::Statement;
use crate::{DType, Shape, Type};

/// A finished program: the operations that its outputs need, with named inputs and outputs.
///
/// Made by [`trace`](crate::trace). The same trace gives the same text, byte for byte.
pub struct Program {
    name: String,
    graph: Graph,
    inputs: Vec<Input>,
    outputs: Vec<Output>,
}

/// An input of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    pub(crate) name: String,
    pub(crate) ty: Type,
    pub(crate) donated_to: Option<usize>,
}

/// An output of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    pub(crate) name: String,
    pub(crate) ty: Type,
    pub(crate) value: ValueId,
}

impl Input {
    /// The name that the trace gave it, such as `head/loc/kernel`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The element type.
    pub fn dtype(&self) -> DType {
        self.ty.dtype
    }

    /// The dimensions.
    pub fn shape(&self) -> Shape {
        self.ty.shape
    }

    /// The output that takes this input's memory, by its position.
    pub fn donated_to(&self) -> Option<usize> {
        self.donated_to
    }
}

impl Output {
    /// The name that the trace gave it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The element type.
    pub fn dtype(&self) -> DType {
        self.ty.dtype
    }

    /// The dimensions.
    pub fn shape(&self) -> Shape {
        self.ty.shape
    }
}

impl fmt::Debug for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, inputs, outputs, .. } = self;
        write!(f, "Program({name}: {} inputs, {} outputs)", inputs.len(), outputs.len())
    }
}

impl Program {
    pub(crate) fn new(name: &str, graph: Graph, inputs: Vec<Input>, outputs: Vec<Output>) -> Self {
        let symbol = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
        let mut name: String = name.chars().map(symbol).collect();
        if !name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
            name.insert(0, '_');
        }
        Self { name, graph, inputs, outputs }
    }

    /// The name of the module: letters, digits and underscores, no digit at first.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The inputs in the order in which they are passed.
    pub fn inputs(&self) -> &[Input] {
        &self.inputs
    }

    /// The outputs in the order in which they are returned.
    pub fn outputs(&self) -> &[Output] {
        &self.outputs
    }

    /// How many operations the outputs need.
    pub fn operations(&self) -> usize {
        let needed = self.graph.reachable(self.outputs.iter().map(|output| output.value));
        let nodes = self.graph.nodes.iter().zip(needed);
        nodes.filter(|(node, needed)| *needed && !node.op.is_alias()).count()
    }

    /// The program as a StableHLO module in text form.
    ///
    /// Inputs carry their names as locations, which XLA keeps as parameter names, and outputs as
    /// `jax.result_info`, which is where other tools look for them.
    pub fn text(&self) -> String {
        self.to_string()
    }
}

impl fmt::Display for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "module @{} {{", self.name)?;
        write!(f, "  func.func public @main(")?;
        for (position, input) in self.inputs.iter().enumerate() {
            let separator = if position == 0 { "" } else { "," };
            let alias = input.donated_to.map_or(String::new(), |output| {
                format!(" {{tf.aliasing_output = {output} : i32}}")
            });
            let (ty, name) = (input.ty.mlir(), quote(&input.name));
            write!(f, "{separator}\n      %arg{position}: {ty}{alias} loc({name})")?;
        }
        write!(f, ") -> (")?;
        for (position, output) in self.outputs.iter().enumerate() {
            let separator = if position == 0 { "" } else { "," };
            let (ty, name) = (output.ty.mlir(), quote(&output.name));
            write!(f, "{separator}\n      {ty} {{jax.result_info = {name}}}")?;
        }
        writeln!(f, ") {{")?;
        let names = self.print_nodes(f)?;
        let results = self.outputs.iter().map(|output| names[output.value.index()].as_str());
        let types = self.outputs.iter().map(|output| output.ty.mlir());
        let (results, types): (Vec<_>, Vec<_>) = results.zip(types).unzip();
        writeln!(f, "    return {} : {}", results.join(", "), types.join(", "))?;
        writeln!(f, "  }}\n}}")
    }
}

impl Program {
    /// Prints a statement per node that the outputs need; returns the name of every value.
    fn print_nodes(&self, f: &mut fmt::Formatter<'_>) -> Result<Vec<String>, fmt::Error> {
        let mut names = vec![String::new(); self.graph.values.len()];
        for (name, value) in names.iter_mut().zip(&self.graph.values) {
            if let Source::Input(position) = value.source {
                *name = format!("%arg{position}");
            }
        }
        let needed = self.graph.reachable(self.outputs.iter().map(|output| output.value));
        let mut printed = 0;
        for (node, _) in self.graph.nodes.iter().zip(needed).filter(|(_, needed)| *needed) {
            let operands: Vec<_> =
                node.operands.iter().map(|id| names[id.index()].clone()).collect();
            if node.op.is_alias() {
                names[node.result.index()].clone_from(&operands[0]);
                continue;
            }
            let at = Statement {
                operands,
                operand_types: node.operands.iter().map(|&id| self.graph.value(id).ty).collect(),
                result_type: self.graph.value(node.result).ty,
            };
            write!(names[node.result.index()], "%{printed}")?;
            writeln!(f, "    %{printed} = {}", node.op.print(&at))?;
            printed += 1;
        }
        Ok(names)
    }
}

/// A string in MLIR's spelling.
fn quote(text: &str) -> String {
    let mut quoted = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_ascii_control() => {
                write!(quoted, "\\{:02X}", u32::from(c)).expect("a string takes any text");
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

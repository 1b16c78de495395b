//! Finished programs: typed, named inputs and outputs, and what can be written of them.

use std::fmt;

use crate::graph::{BlockId, Node, ValueId};
use crate::mesh::Devices;
use crate::module::Module;
use crate::{BytecodeError, DType, Mesh, Shape, Sharding, Type, Version, bytecode, graphviz, text};

/// A finished program: the operations that its outputs need, with named inputs and outputs.
///
/// Made by [`trace`](crate::trace). The same trace gives the same text, byte for byte.
pub struct Program {
    module: Module,
    inputs: Vec<Input>,
    outputs: Vec<Output>,
    notes: Vec<String>,
}

/// An input of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    pub(crate) name: String,
    pub(crate) ty: Type,
    pub(crate) donated_to: Option<usize>,
    pub(crate) sharding: Option<Sharding>,
}

/// An output of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    pub(crate) name: String,
    pub(crate) ty: Type,
    pub(crate) value: ValueId,
    pub(crate) sharding: Option<Sharding>,
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

    /// How it is split among the devices of the program's mesh, if the program has one.
    pub fn sharding(&self) -> Option<&Sharding> {
        self.sharding.as_ref()
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

    /// How it is split among the devices of the program's mesh, if the program has one.
    pub fn sharding(&self) -> Option<&Sharding> {
        self.sharding.as_ref()
    }
}

impl fmt::Debug for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (inputs, outputs) = (self.inputs.len(), self.outputs.len());
        write!(f, "Program({}: {inputs} inputs, {outputs} outputs)", self.name())
    }
}

impl Program {
    pub(crate) fn new(
        module: Module,
        inputs: Vec<Input>,
        outputs: Vec<Output>,
        notes: Vec<String>,
    ) -> Self {
        Self { module, inputs, outputs, notes }
    }

    /// The name of the module: letters, digits and underscores, no digit at first.
    pub fn name(&self) -> &str {
        &self.module.name
    }

    /// The inputs in the order in which they are passed.
    pub fn inputs(&self) -> &[Input] {
        &self.inputs
    }

    /// The outputs in the order in which they are returned.
    pub fn outputs(&self) -> &[Output] {
        &self.outputs
    }

    /// What was [noted](crate::Trace::note) while it was traced, for people to read; no part of what is
    /// written of it.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// The mesh of devices that share the program's arrays: one partition of it runs on each.
    pub fn mesh(&self) -> Option<&Mesh> {
        self.module.devices.mesh()
    }

    /// How many devices each run all of the program, as [`Trace::replicas`](crate::Trace::replicas)
    /// states it.
    pub fn replicas(&self) -> usize {
        match self.module.devices {
            Devices::Replicas(replicas) => replicas,
            Devices::Any | Devices::Mesh(_) => 1,
        }
    }

    /// How many operations the program has, those of regions and functions included.
    pub fn operations(&self) -> usize {
        fn count(module: &Module, block: BlockId) -> usize {
            let regions =
                |node: &Node| node.regions().iter().map(|&id| count(module, id)).sum::<usize>();
            module.operations(module.block(block)).map(|node| 1 + regions(node)).sum()
        }
        let bodies = self.module.functions.iter().map(|function| function.body);
        bodies.map(|body| count(&self.module, body)).sum()
    }

    /// The program as a StableHLO module in text form.
    ///
    /// Inputs carry their names as locations, which XLA keeps as parameter names, and outputs as
    /// `jax.result_info`, which is where other tools look for them.
    pub fn text(&self) -> String {
        text::print(&self.module, false)
    }

    /// A picture of the program in Graphviz's language: functions and regions as clusters, operations
    /// as boxes, types on the edges. `dot -Tsvg` makes an image of it.
    pub fn dot(&self) -> String {
        graphviz::draw(&self.module)
    }

    /// The program as portable bytecode, which StableHLO `version` and all that follow it read.
    ///
    /// Inputs and outputs carry their names as they do in text.
    ///
    /// ```
    /// use hlo::{DType::F32, Version};
    ///
    /// let program = hlo::trace("double", |t| t.output("y", t.input("x", F32, [4]) * 2.0))?;
    /// let bytecode = program.bytecode(Version::new(1, 0, 0))?;
    /// assert!(bytecode.starts_with(b"ML\xefR\x0dStableHLO_v1.0.0\0"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Where the program has what that version lacks, or the version is outside
    /// [`Version::FIRST`] to [`Version::LATEST`].
    pub fn bytecode(&self, version: Version) -> Result<Vec<u8>, BytecodeError> {
        bytecode::write(&self.module, version, false)
    }

    /// [`Program::bytecode`] with the line of the user's code that asked for it at every operation.
    ///
    /// # Errors
    /// As [`Program::bytecode`].
    pub fn bytecode_with_locations(&self, version: Version) -> Result<Vec<u8>, BytecodeError> {
        bytecode::write(&self.module, version, true)
    }

    /// [`Program::text`] with the line of the user's code that asked for it behind every statement.
    pub fn text_with_locations(&self) -> String {
        text::print(&self.module, true)
    }
}

impl fmt::Display for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

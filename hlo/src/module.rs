//! A finished program as StableHLO has it: functions, blocks, operations. Aliases, dead branches and
//! operations that StableHLO lacks are gone. Text, bytecode and pictures are written from it.

use std::panic::Location;
use std::sync::Arc;

use crate::Type;
use crate::attribute::Attribute;
use crate::graph::{Types, ValueId, Values};
use crate::mesh::Devices;
use crate::ops::Op;

/// A module of StableHLO.
#[derive(Debug)]
pub(crate) struct Module {
    pub(crate) name: String,
    pub(crate) devices: Devices,
    /// The type of every value, by its number.
    pub(crate) types: Types,
    /// `main` comes first.
    pub(crate) functions: Vec<Function>,
}

/// A function: a block with a name, whose parameters and results have attributes.
#[derive(Debug)]
pub(crate) struct Function {
    pub(crate) name: String,
    pub(crate) public: bool,
    /// One for each parameter of the body.
    pub(crate) arguments: Vec<Port>,
    /// One for each result of the body.
    pub(crate) results: Vec<Port>,
    pub(crate) body: Block,
}

/// What is said of an argument or result beside its type.
#[derive(Debug, Default)]
pub(crate) struct Port {
    pub(crate) attributes: Vec<(String, Attribute)>,
    /// The name that an argument has as its location.
    pub(crate) name: Option<String>,
}

/// Operations in order. Its terminator returns `results`.
#[derive(Debug, Default)]
pub(crate) struct Block {
    pub(crate) parameters: Vec<ValueId>,
    pub(crate) operations: Vec<Operation>,
    pub(crate) results: Vec<ValueId>,
}

/// One application of an operation. A region may use the values of the blocks around it.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) op: Arc<dyn Op>,
    pub(crate) operands: Values,
    pub(crate) results: Values,
    pub(crate) regions: Vec<Block>,
    pub(crate) location: &'static Location<'static>,
}

impl Block {
    /// The operation that a region applies to its parameters in their order, if that is all it does.
    /// Text allows only those here whose operands may change places.
    pub(crate) fn single(&self) -> Option<&'static str> {
        let [only] = &self.operations[..] else { return None };
        let commutes = matches!(
            only.op.name(),
            "add" | "and" | "maximum" | "minimum" | "multiply" | "or" | "xor"
        );
        let all = only.operands[..] == self.parameters && only.results[..] == self.results;
        (commutes && all).then(|| only.op.name())
    }
}

impl Module {
    /// What is said of the module as a whole.
    pub(crate) fn attributes(&self) -> Vec<(&'static str, i32)> {
        let count = |count: usize| i32::try_from(count).expect("checked when it was stated");
        let (partitions, replicas) = match &self.devices {
            Devices::Any => return vec![],
            Devices::Mesh(mesh) => (mesh.devices(), 1),
            &Devices::Replicas(replicas) => (1, replicas),
        };
        vec![("mhlo.num_partitions", count(partitions)), ("mhlo.num_replicas", count(replicas))]
    }

    pub(crate) fn ty(&self, value: ValueId) -> Type {
        self.types.get(value)
    }
}

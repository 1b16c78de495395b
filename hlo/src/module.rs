//! A finished program as StableHLO has it: functions, blocks, operations. Aliases, dead branches and
//! operations that StableHLO lacks are gone. Text, bytecode and pictures are written from it.

use crate::Type;
use crate::attribute::Attribute;
use crate::graph::{Block, BlockId, Graph, Node, ValueId};
use crate::mesh::Devices;

/// A module of StableHLO.
#[derive(Debug)]
pub(crate) struct Module {
    pub(crate) name: String,
    pub(crate) devices: Devices,
    /// The blocks of the functions, which have only what these need, in the graph as it was traced.
    pub(crate) graph: Graph,
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
    pub(crate) body: BlockId,
}

/// What is said of an argument or result beside its type.
#[derive(Debug, Default)]
pub(crate) struct Port {
    pub(crate) attributes: Vec<(String, Attribute)>,
    /// The name that an argument has as its location.
    pub(crate) name: Option<String>,
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
        self.graph.types.get(value)
    }

    /// A body or region. Its terminator returns the results.
    pub(crate) fn block(&self, id: BlockId) -> &Block {
        self.graph.block(id)
    }

    /// The operations of a body or region in order.
    pub(crate) fn operations(&self, block: &Block) -> impl Iterator<Item = &Node> {
        block.nodes.iter().map(|&id| self.graph.node(id))
    }

    /// The operation that a region applies to its parameters in their order, if that is all it does.
    /// Text allows only those here whose operands may change places.
    pub(crate) fn single(&self, region: BlockId) -> Option<&'static str> {
        let commutes = |name: &&str| {
            matches!(*name, "add" | "and" | "maximum" | "minimum" | "multiply" | "or" | "xor")
        };
        self.graph.single(region).filter(commutes)
    }
}

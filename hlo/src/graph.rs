//! The traced graph: nodes in the order in which they were made, so that operands come first.

use std::collections::HashMap;
use std::panic::Location;
use std::sync::Arc;

use crate::DType;
use crate::Type;
use crate::ops::Op;

/// A value of the graph: an input of the program or the result of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ValueId(u32);

impl ValueId {
    /// Stands for the result of an operation that was refused.
    pub(crate) const POISON: Self = Self(u32::MAX);

    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// Where a value comes from.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Source {
    Input(usize),
    Node(usize),
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Value {
    pub(crate) ty: Type,
    pub(crate) source: Source,
}

/// One application of an operation.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) op: Arc<dyn Op>,
    pub(crate) operands: Vec<ValueId>,
    pub(crate) result: ValueId,
    pub(crate) location: &'static Location<'static>,
}

#[derive(Debug, Default)]
pub(crate) struct Graph {
    pub(crate) nodes: Vec<Node>,
    pub(crate) values: Vec<Value>,
    /// Scalar constants already in the graph, by type and bits.
    pub(crate) constants: HashMap<(DType, u64), ValueId>,
}

impl Graph {
    pub(crate) fn add_input(&mut self, position: usize, ty: Type) -> ValueId {
        self.add_value(ty, Source::Input(position))
    }

    pub(crate) fn add_node(
        &mut self,
        op: Arc<dyn Op>,
        operands: Vec<ValueId>,
        ty: Type,
        location: &'static Location<'static>,
    ) -> ValueId {
        let result = self.add_value(ty, Source::Node(self.nodes.len()));
        self.nodes.push(Node { op, operands, result, location });
        result
    }

    pub(crate) fn value(&self, id: ValueId) -> &Value {
        &self.values[id.index()]
    }

    /// The position of the input that `id` is, if it is one.
    pub(crate) fn input_position(&self, id: ValueId) -> Option<usize> {
        match self.value(id).source {
            Source::Input(position) => Some(position),
            Source::Node(_) => None,
        }
    }

    /// Which nodes the values in `roots` need.
    pub(crate) fn reachable(&self, roots: impl IntoIterator<Item = ValueId>) -> Vec<bool> {
        let mut needed = vec![false; self.nodes.len()];
        let mark = |needed: &mut Vec<bool>, id: ValueId| {
            if let Source::Node(node) = self.value(id).source {
                needed[node] = true;
            }
        };
        roots.into_iter().for_each(|id| mark(&mut needed, id));
        for node in (0..self.nodes.len()).rev() {
            if needed[node] {
                self.nodes[node].operands.iter().for_each(|&id| mark(&mut needed, id));
            }
        }
        needed
    }

    fn add_value(&mut self, ty: Type, source: Source) -> ValueId {
        let id = ValueId(u32::try_from(self.values.len()).expect("a trace has under 2^32 values"));
        self.values.push(Value { ty, source });
        id
    }
}

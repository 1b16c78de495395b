//! The traced graph: operations in blocks, in the order in which they were made, so that operands
//! come first.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};
use std::panic::Location;
use std::sync::Arc;

use smallvec::SmallVec;

use crate::ops::Op;
use crate::{DType, Rule, Type};

/// What the regions are to a reader that are run more than once.
pub(crate) const SCAN_BODY: &str = "the body of a scan";
pub(crate) const LOOP_BODY: &str = "the body of a loop";
pub(crate) const LOOP_CONDITION: &str = "the condition of a loop";

macro_rules! ids {
    ($($(#[$doc:meta])* $id:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(crate) struct $id(u32);

        impl $id {
            pub(crate) fn new(index: usize) -> Self {
                Self(u32::try_from(index).expect("a trace has under 2^32 of each"))
            }

            pub(crate) fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

ids! {
    /// A value: a parameter of a block or a result of a node.
    ValueId;
    /// One application of an operation.
    NodeId;
    /// A sequence of nodes.
    BlockId;
}

impl ValueId {
    /// Stands for the result of an operation that was refused.
    pub(crate) const POISON: Self = Self(u32::MAX);
}

impl BlockId {
    /// The block of the program itself.
    pub(crate) const MAIN: Self = Self(0);
}

/// By ids. Quicker than a map that is safe from keys chosen to collide.
pub(crate) type IdMap<K, V> = HashMap<K, V, BuildHasherDefault<IdHasher>>;
pub(crate) type IdSet<K> = HashSet<K, BuildHasherDefault<IdHasher>>;

/// Hashes an id to itself: neighbours stay neighbours in memory.
#[derive(Default)]
pub(crate) struct IdHasher(u64);

impl Hasher for IdHasher {
    fn write_u32(&mut self, id: u32) {
        // A table finds the place by the lowest bits and tells neighbours apart by the highest.
        self.0 = u64::from(id) | u64::from(id) << 57;
    }

    fn write(&mut self, _: &[u8]) {
        unreachable!("ids are numbers");
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// A few values: most nodes have up to three operands and one result.
pub(crate) type Values = SmallVec<[ValueId; 3]>;

/// Where a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    Parameter,
    Node(NodeId),
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Value {
    pub(crate) ty: Type,
    pub(crate) source: Source,
    pub(crate) block: BlockId,
}

/// The types of all values. Each is kept once: a program has few, and many values.
#[derive(Debug, Default)]
pub(crate) struct Types {
    distinct: Vec<Type>,
    places: HashMap<Type, u32>,
    /// For each value the place of its type.
    of: Vec<u32>,
}

impl Types {
    pub(crate) fn get(&self, id: ValueId) -> Type {
        self.distinct[self.of[id.index()] as usize]
    }

    /// How many values there are.
    pub(crate) fn len(&self) -> usize {
        self.of.len()
    }

    fn push(&mut self, ty: Type) {
        // Most values have the type of the one before.
        let last = self.of.last().copied().filter(|&place| self.distinct[place as usize] == ty);
        let place = last.unwrap_or_else(|| {
            *self.places.entry(ty).or_insert_with(|| {
                self.distinct.push(ty);
                u32::try_from(self.distinct.len() - 1).expect("fewer types than values")
            })
        });
        self.of.push(place);
    }
}

/// One application of an operation.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) op: Arc<dyn Op>,
    pub(crate) operands: Values,
    pub(crate) results: Values,
    /// Apart, because most nodes have none and there are many nodes.
    nested: Option<Box<Nested>>,
    pub(crate) location: &'static Location<'static>,
}

/// The regions of a node.
#[derive(Clone, Debug)]
struct Nested {
    regions: Vec<BlockId>,
    /// Values of the blocks around that the regions use.
    captures: Vec<ValueId>,
}

impl Node {
    pub(crate) fn regions(&self) -> &[BlockId] {
        self.nested.as_ref().map_or(&[], |nested| &nested.regions)
    }

    /// Values of the blocks around that the regions use.
    pub(crate) fn captures(&self) -> &[ValueId] {
        self.nested.as_ref().map_or(&[], |nested| &nested.captures)
    }

    /// The operands, then the captures.
    pub(crate) fn uses(&self) -> impl Iterator<Item = ValueId> + '_ {
        self.operands.iter().chain(self.captures()).copied()
    }
}

/// Nodes in order: the program itself, or a region of a node.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    pub(crate) parent: Option<BlockId>,
    /// What the block is to a reader, such as `the body of a scan`.
    pub(crate) what: &'static str,
    /// Whether only its parameters may be used in it, not the values around it.
    pub(crate) isolated: bool,
    /// The axes of the mesh, by their positions, over which its tensors are the parts that one device
    /// has.
    pub(crate) manual: Vec<usize>,
    pub(crate) parameters: Vec<ValueId>,
    pub(crate) nodes: Vec<NodeId>,
    pub(crate) results: Vec<ValueId>,
    /// Scalar constants already in the block, by type and bits.
    pub(crate) constants: HashMap<(DType, u64), ValueId>,
}

#[derive(Debug)]
pub(crate) struct Graph {
    pub(crate) types: Types,
    /// Where each value comes from, and the block that it is in.
    origins: Vec<(Source, BlockId)>,
    pub(crate) nodes: Vec<Node>,
    pub(crate) blocks: Vec<Block>,
}

impl Graph {
    pub(crate) fn new() -> Self {
        let (types, origins) = (Types::default(), vec![]);
        let mut graph = Self { types, origins, nodes: vec![], blocks: vec![] };
        graph.add_block(None, "the program", false);
        graph
    }

    pub(crate) fn add_block(
        &mut self,
        parent: Option<BlockId>,
        what: &'static str,
        isolated: bool,
    ) -> BlockId {
        self.blocks.push(Block {
            parent,
            what,
            isolated,
            manual: vec![],
            parameters: vec![],
            nodes: vec![],
            results: vec![],
            constants: HashMap::new(),
        });
        BlockId::new(self.blocks.len() - 1)
    }

    pub(crate) fn add_parameter(&mut self, block: BlockId, ty: Type) -> ValueId {
        let id = self.add_value(Value { ty, source: Source::Parameter, block });
        self.block_mut(block).parameters.push(id);
        id
    }

    /// Appends a node to `block`; returns its results.
    pub(crate) fn add_node(
        &mut self,
        block: BlockId,
        op: Arc<dyn Op>,
        operands: Values,
        regions: Vec<BlockId>,
        types: &[Type],
        location: &'static Location<'static>,
    ) -> NodeId {
        let id = NodeId::new(self.nodes.len());
        let source = Source::Node(id);
        let results = types.iter().map(|&ty| self.add_value(Value { ty, source, block })).collect();
        let nested = (!regions.is_empty()).then(|| {
            let captures = self.captures(block, &regions);
            Box::new(Nested { regions, captures })
        });
        self.nodes.push(Node { op, operands, results, nested, location });
        self.block_mut(block).nodes.push(id);
        id
    }

    /// Finds anew what the regions of a node in `block` use of the blocks around, after a change in
    /// them.
    pub(crate) fn update_captures(&mut self, block: BlockId, node: NodeId) {
        let captures = self.captures(block, self.node(node).regions());
        if let Some(nested) = &mut self.node_mut(node).nested {
            nested.captures = captures;
        }
    }

    /// Another result of a node that is there already.
    pub(crate) fn add_result(&mut self, node: NodeId, ty: Type) -> ValueId {
        let block = self.home(self.node(node).results[0]);
        let id = self.add_value(Value { ty, source: Source::Node(node), block });
        self.node_mut(node).results.push(id);
        id
    }

    /// Gives a node the results of `block`, a function or region, that it doesn't have yet.
    pub(crate) fn complete_results(&mut self, node: NodeId, block: BlockId) {
        for i in self.node(node).results.len()..self.block(block).results.len() {
            let ty = self.value(self.block(block).results[i]).ty;
            self.add_result(node, ty);
        }
    }

    pub(crate) fn value(&self, id: ValueId) -> Value {
        let (source, block) = self.origins[id.index()];
        Value { ty: self.types.get(id), source, block }
    }

    /// The block that a value is in.
    fn home(&self, id: ValueId) -> BlockId {
        self.origins[id.index()].1
    }

    pub(crate) fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.index()]
    }

    pub(crate) fn node_mut(&mut self, id: NodeId) -> &mut Node {
        &mut self.nodes[id.index()]
    }

    pub(crate) fn block(&self, id: BlockId) -> &Block {
        &self.blocks[id.index()]
    }

    pub(crate) fn block_mut(&mut self, id: BlockId) -> &mut Block {
        &mut self.blocks[id.index()]
    }

    /// The node that makes a value, unless it is a parameter.
    pub(crate) fn maker(&self, id: ValueId) -> Option<NodeId> {
        match self.origins[id.index()].0 {
            Source::Parameter => None,
            Source::Node(node) => Some(node),
        }
    }

    /// The position of the input that `id` is, if it is one of the program's.
    pub(crate) fn input_position(&self, id: ValueId) -> Option<usize> {
        self.block(BlockId::MAIN).parameters.binary_search(&id).ok()
    }

    /// The name of the one operation that `block` applies to its parameters in their order, if that
    /// is all it does.
    pub(crate) fn single(&self, block: BlockId) -> Option<&'static str> {
        let block = self.block(block);
        let [only] = block.nodes[..] else { return None };
        let node = self.node(only);
        (node.operands[..] == block.parameters && node.results[..] == block.results)
            .then(|| node.op.name())
    }

    /// Whether a node in `block` may use the value.
    pub(crate) fn check_scope(&self, id: ValueId, block: BlockId) -> Result<(), Rule> {
        let home = self.home(id);
        let mut at = block;
        while at != home {
            let block = self.block(at);
            if block.isolated {
                return Err(Rule::Captured { region: block.what });
            }
            match block.parent {
                Some(parent) => at = parent,
                None => return Err(Rule::OutOfScope { region: self.block(home).what }),
            }
        }
        Ok(())
    }

    /// The values of `block` and of those around it that `regions` use, each once, in the order of
    /// their first use.
    pub(crate) fn captures(&self, block: BlockId, regions: &[BlockId]) -> Vec<ValueId> {
        let mut captures = vec![];
        let mut seen = IdSet::default();
        for &region in regions {
            let inner = self.block(region);
            let uses = inner.nodes.iter().flat_map(|&node| self.node(node).uses());
            for id in uses.chain(inner.results.iter().copied()) {
                // Most are of the region itself, which need not be looked for.
                let home = self.home(id);
                if home != region && self.is_within(block, home) && seen.insert(id) {
                    captures.push(id);
                }
            }
        }
        captures
    }

    /// The axes of the mesh over which tensors in `block` are the parts that one device has.
    pub(crate) fn manual_axes(&self, block: BlockId) -> Vec<usize> {
        let mut axes = vec![];
        let mut at = Some(self.block(block));
        while let Some(block) = at {
            axes.extend(&block.manual);
            // What a reduction folds is in no place in particular.
            let opaque = block.isolated && block.manual.is_empty();
            at = block.parent.filter(|_| !opaque).map(|parent| self.block(parent));
        }
        axes.sort_unstable();
        axes
    }

    /// Whether `block` is `outer` or lies in it.
    pub(crate) fn is_within(&self, block: BlockId, outer: BlockId) -> bool {
        let mut at = Some(block);
        while let Some(block) = at {
            if block == outer {
                return true;
            }
            at = self.block(block).parent;
        }
        false
    }

    /// The innermost loop around `block` in which the value was there before the first turn.
    pub(crate) fn loop_around(&self, block: BlockId, value: ValueId) -> Option<&'static str> {
        const LOOPS: [&str; 3] = [SCAN_BODY, LOOP_BODY, LOOP_CONDITION];
        let home = self.home(value);
        let mut at = Some(block);
        while let Some(id) = at.filter(|&id| id != home) {
            let Block { what, parent, .. } = self.block(id);
            if LOOPS.contains(what) {
                return Some(what);
            }
            at = *parent;
        }
        None
    }

    fn add_value(&mut self, value: Value) -> ValueId {
        self.types.push(value.ty);
        self.origins.push((value.source, value.block));
        ValueId::new(self.origins.len() - 1)
    }
}

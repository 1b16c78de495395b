//! From the traced graph to a module of StableHLO: what the outputs don't need goes, aliases and
//! composites are replaced.

use std::collections::BTreeMap;

use crate::Sharding;
use crate::attribute::Attribute;
use crate::graph::{BlockId, Graph, IdMap, Node, NodeId, ValueId};
use crate::module::{Function, Module, Port};
use crate::ops::{Callee, Expansion, Form};
use crate::trace::Trace;

/// The module called `name` of what `trace` recorded.
pub(crate) fn lower(name: &str, trace: &Trace) -> Module {
    let (stands_for, functions) = (IdMap::default(), BTreeMap::new());
    let mut lowering = Lowering { trace, needed: vec![], stands_for, functions };
    let results = trace.results();
    trace.graph().borrow_mut().block_mut(BlockId::MAIN).results = results;
    lowering.prepare(BlockId::MAIN);
    // From the last to the first: when it is a function's turn all calls of it are known.
    let mut prepared = vec![];
    while let Some((_, function)) = lowering.functions.pop_last() {
        lowering.prune_function(&function);
        lowering.prepare(function.block);
        prepared.push(function);
    }
    let mut graph = trace.graph().replace(Graph::new());
    lowering.shorten();
    let mut functions = vec![lowering.main()];
    functions.extend(prepared.into_iter().rev().map(|function| private(&graph, function)));
    functions.iter().for_each(|function| lowering.settle(&mut graph, function.body));
    Module { name: symbol(name), devices: trace.devices().clone(), graph, functions }
}

/// A name as MLIR takes it without quotes: letters, digits and underscores, no digit at first.
pub(crate) fn symbol(name: &str) -> String {
    let allowed = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    let mut name: String = name.chars().map(allowed).collect();
    if !name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
        name.insert(0, '_');
    }
    name
}

/// How an argument or result of `main` is split among devices.
fn mark(sharding: Option<&Sharding>) -> Option<(String, Attribute)> {
    sharding.map(|sharding| ("sdy.sharding".to_owned(), Attribute::Sharding(sharding.clone())))
}

/// Those of `ids` that are used.
fn kept<T: FromIterator<ValueId>>(ids: &[ValueId], used: &[bool]) -> T {
    ids.iter().zip(used).filter(|(_, used)| **used).map(|(&id, _)| id).collect()
}

/// Whether a node, or what its regions or its callee do, must stay where nobody needs its results.
fn has_side_effect(graph: &Graph, node: &Node) -> bool {
    let within = |&block: &BlockId| {
        graph.block(block).nodes.iter().any(|&id| has_side_effect(graph, graph.node(id)))
    };
    node.op.has_side_effect()
        || node.regions().iter().any(within)
        || node.op.callee().is_some_and(|callee| within(&callee.block))
}

/// A function that only the program calls.
fn private(graph: &Graph, function: Called) -> Function {
    let Called { name, block: body, .. } = function;
    let ports = |count: usize| (0..count).map(|_| Port::default()).collect();
    let block = graph.block(body);
    let (arguments, results) = (ports(block.parameters.len()), ports(block.results.len()));
    Function { name, public: false, arguments, results, body }
}

struct Lowering<'t> {
    trace: &'t Trace,
    /// Which values are needed, as far as that is known.
    needed: Vec<bool>,
    /// What a value that goes is replaced by.
    stands_for: IdMap<ValueId, ValueId>,
    /// The functions that are called and not yet prepared, by their numbers.
    functions: BTreeMap<usize, Called>,
}

/// A function, with what is known of its calls.
struct Called {
    name: String,
    block: BlockId,
    /// Which of its results any call needs.
    used: Vec<bool>,
    calls: Vec<NodeId>,
}

impl<'t> Lowering<'t> {
    /// Leaves in `block` the nodes that its results need, all of them operations of StableHLO.
    fn prepare(&mut self, block: BlockId) {
        let (mut pending, results) = {
            let graph = &mut *self.trace.graph().borrow_mut();
            let block = graph.block_mut(block);
            (std::mem::take(&mut block.nodes), block.results.clone())
        };
        results.into_iter().for_each(|id| self.need(id));
        let mut kept = vec![];
        // From the last to the first: all uses of a node are known when it is its turn.
        while let Some(id) = pending.pop() {
            let node = self.trace.graph().borrow().node(id).clone();
            let used: Vec<_> = node.results.iter().map(|&result| self.is_needed(result)).collect();
            if !used.contains(&true) && !has_side_effect(&self.trace.graph().borrow(), &node) {
                continue;
            }
            match node.op.form() {
                Form::Alias => {
                    for ((&result, &operand), used) in
                        node.results.iter().zip(&node.operands).zip(used)
                    {
                        self.replace(result, operand, used);
                    }
                }
                Form::Composite => {
                    let expansion = Expansion {
                        node: id,
                        operands: node.operands.iter().map(|&id| self.trace.tensor(id)).collect(),
                        results: node.results.iter().map(|&id| self.trace.tensor(id)).collect(),
                        used: used.clone(),
                    };
                    // Those that are there may come later in the block.
                    self.trace.graph().borrow_mut().block_mut(block).constants.clear();
                    let record = || node.op.expand(self.trace, &expansion);
                    let record = || self.trace.within(block, record);
                    let made = self.trace.attributed(node.location, record);
                    let graph = &mut *self.trace.graph().borrow_mut();
                    pending.append(&mut graph.block_mut(block).nodes);
                    for ((&result, made), used) in node.results.iter().zip(made).zip(used) {
                        self.replace(result, made.id(), used);
                    }
                }
                Form::Operation { .. } => {
                    if node.op.has_independent_results() {
                        self.prune(id, &used);
                    }
                    node.operands.iter().for_each(|&id| self.need(id));
                    node.regions().iter().for_each(|&region| self.prepare(region));
                    if let Some(callee) = node.op.callee() {
                        self.call(id, callee, &used);
                    }
                    kept.push(id);
                }
            }
        }
        kept.reverse();
        self.trace.graph().borrow_mut().block_mut(block).nodes = kept;
    }

    fn need(&mut self, id: ValueId) {
        if self.needed.len() <= id.index() {
            self.needed.resize(id.index() + 1, false);
        }
        self.needed[id.index()] = true;
    }

    fn is_needed(&self, id: ValueId) -> bool {
        self.needed.get(id.index()).copied().unwrap_or(false)
    }

    /// Lets `id` go: `by` stands for it.
    fn replace(&mut self, id: ValueId, by: ValueId, used: bool) {
        self.stands_for.insert(id, by);
        if used {
            self.need(by);
        }
    }

    /// Lets the results of a node go that nobody uses, in its regions too.
    fn prune(&mut self, id: NodeId, used: &[bool]) {
        let graph = &mut *self.trace.graph().borrow_mut();
        let results = kept(&graph.node(id).results, used);
        let types: Vec<_> = graph.node(id).results.iter().map(|&id| graph.value(id).ty).collect();
        if let Some(op) = graph.node(id).op.pruned(&types, used) {
            graph.node_mut(id).op = op;
        }
        for region in graph.node(id).regions().to_vec() {
            let kept = kept(&graph.block(region).results, used);
            graph.block_mut(region).results = kept;
        }
        graph.node_mut(id).results = results;
    }

    /// Takes note of a call that needs the results in `used`.
    fn call(&mut self, node: NodeId, callee: &Callee, used: &[bool]) {
        let Callee { name, number, block, .. } = callee;
        let unknown = || Called { name: name.clone(), block: *block, used: vec![], calls: vec![] };
        let called = self.functions.entry(*number).or_insert_with(unknown);
        called.used.resize(called.used.len().max(used.len()), false);
        called.used.iter_mut().zip(used).for_each(|(any, used)| *any |= used);
        called.calls.push(node);
    }

    /// Lets the results of a function go that no call needs.
    fn prune_function(&mut self, function: &Called) {
        let graph = &mut *self.trace.graph().borrow_mut();
        let block = function.block;
        for &call in &function.calls {
            graph.complete_results(call, block);
            let kept = kept(&graph.node(call).results, &function.used);
            graph.node_mut(call).results = kept;
        }
        let kept = kept(&graph.block(block).results, &function.used);
        graph.block_mut(block).results = kept;
    }

    fn main(&self) -> Function {
        let argument = |input: &crate::Input| {
            let alias = input.donated_to.map(|output| {
                let output = i32::try_from(output).expect("a program has under 2^31 outputs");
                ("tf.aliasing_output".to_owned(), Attribute::I32(output))
            });
            let attributes = alias.into_iter().chain(mark(input.sharding()));
            Port { attributes: attributes.collect(), name: Some(input.name.clone()) }
        };
        let result = |output: &crate::Output| {
            let info = ("jax.result_info".to_owned(), Attribute::Text(output.name.clone()));
            let attributes = [info].into_iter().chain(mark(output.sharding()));
            Port { attributes: attributes.collect(), name: None }
        };
        Function {
            name: "main".to_owned(),
            public: true,
            arguments: self.trace.inputs().iter().map(argument).collect(),
            results: self.trace.outputs().iter().map(result).collect(),
            body: BlockId::MAIN,
        }
    }

    /// Lets everything that goes be replaced in one step, however long a chain of aliases was.
    fn shorten(&mut self) {
        let gone: Vec<_> = self.stands_for.keys().copied().collect();
        for mut id in gone {
            let by = self.resolve(id);
            while id != by {
                id = self.stands_for.insert(id, by).expect("on the way there");
            }
        }
    }

    fn resolve(&self, mut id: ValueId) -> ValueId {
        while let Some(&by) = self.stands_for.get(&id) {
            id = by;
        }
        id
    }

    /// Lets the nodes of a prepared block, and of the regions in it, use what stands for the values
    /// that went.
    fn settle(&self, graph: &mut Graph, id: BlockId) {
        let resolve = |ids: &mut [ValueId]| ids.iter_mut().for_each(|id| *id = self.resolve(*id));
        let nodes = std::mem::take(&mut graph.block_mut(id).nodes);
        for &id in &nodes {
            let node = graph.node_mut(id);
            resolve(&mut node.operands);
            for region in node.regions().to_vec() {
                self.settle(graph, region);
            }
        }
        let block = graph.block_mut(id);
        block.nodes = nodes;
        resolve(&mut block.results);
    }
}

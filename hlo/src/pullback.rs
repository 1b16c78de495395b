//! The reverse pass of a block as a block of its own: what gradients of loops, branches and calls
//! are made of.

use std::collections::HashMap;

use crate::grad::cotangents;
use crate::graph::{BlockId, Graph, ValueId};
use crate::replay::substitute;
use crate::{Tensor, Trace};

/// The reverse pass of a block.
pub(crate) struct Pullback {
    /// Its parameters are `residuals`, then the cotangents of the seeded results; its results are
    /// the cotangents of what was wanted.
    pub(crate) block: BlockId,
    /// Values of the forward block that the reverse pass needs, to be kept by whoever runs it.
    pub(crate) residuals: Vec<ValueId>,
}

/// Records the reverse pass of `forward` beside it: from cotangents of its results at the positions
/// `seeded` to cotangents of `wanted`, which are parameters of the block or values that it captures,
/// all of them floats. A cotangent that is zero is so at run time.
pub(crate) fn pullback(
    trace: &Trace,
    forward: BlockId,
    seeded: &[usize],
    wanted: &[ValueId],
) -> Pullback {
    let (block, results) = {
        let graph = &mut *trace.graph().borrow_mut();
        // As if it were in the forward block while it is recorded: it uses that one's values.
        let what = graph.block(forward).what;
        let block = graph.add_block(Some(forward), what, false);
        let results = &graph.block(forward).results;
        (block, seeded.iter().map(|&i| results[i]).collect::<Vec<_>>())
    };
    let seed = |&id: &ValueId| {
        let result = trace.tensor(id);
        let id = trace.graph().borrow_mut().add_parameter(block, result.ty());
        (result, trace.tensor(id))
    };
    let seeds: Vec<_> = results.iter().map(seed).collect();
    let wanted: Vec<_> = wanted.iter().map(|&id| trace.tensor(id)).collect();
    trace.within(block, || {
        let parts = cotangents(trace, Some(forward), &seeds, &wanted);
        let parts = parts.into_iter().zip(&wanted);
        let parts: Vec<_> =
            parts.map(|(part, tensor)| part.unwrap_or_else(|| tensor.zeros_like())).collect();
        if !trace.has_error() {
            let parts = parts.iter().map(Tensor::id).collect();
            trace.graph().borrow_mut().block_mut(block).results = parts;
        }
    });
    let residuals = detach(trace, block, forward);
    Pullback { block, residuals }
}

/// Moves `block`, which lies in `forward`, beside it. What it uses of `forward` becomes a parameter,
/// in front of the others, or is made anew where that costs nothing. Returns what the new parameters
/// stand for.
fn detach(trace: &Trace, block: BlockId, forward: BlockId) -> Vec<ValueId> {
    let mut graph = trace.graph().borrow_mut();
    let used: Vec<_> = graph
        .captures(forward, &[block])
        .into_iter()
        .filter(|&id| graph.value(id).block == forward)
        .collect();
    let mut detached = Detached { block, forward, residuals: vec![], instead: HashMap::new() };
    let recorded = std::mem::take(&mut graph.block_mut(block).nodes);
    let seeds = std::mem::take(&mut graph.block_mut(block).parameters);
    for id in used {
        detached.stand_in(&mut graph, id);
    }
    graph.block_mut(block).nodes.extend(recorded);
    graph.block_mut(block).parameters.extend(seeds);
    graph.block_mut(block).parent = graph.block(forward).parent;
    graph.block_mut(block).isolated = graph.block(forward).isolated;
    drop(graph);
    substitute(trace, block, &detached.instead);
    detached.residuals
}

struct Detached {
    block: BlockId,
    forward: BlockId,
    residuals: Vec<ValueId>,
    /// What stands in `block` for a value of `forward`.
    instead: HashMap<ValueId, ValueId>,
}

impl Detached {
    /// What stands in the block for `id`.
    fn stand_in(&mut self, graph: &mut Graph, id: ValueId) -> ValueId {
        if graph.value(id).block != self.forward {
            return id;
        }
        if let Some(&known) = self.instead.get(&id) {
            return known;
        }
        let ty = graph.value(id).ty;
        let stands = match graph.maker(id) {
            Some(node) if graph.node(node).op.is_free() => {
                let node = graph.node(node).clone();
                let operands = node.operands.iter().map(|&id| self.stand_in(graph, id)).collect();
                let copy =
                    graph.add_node(self.block, node.op, operands, vec![], &[ty], node.location);
                graph.node(copy).results[0]
            }
            _ => {
                self.residuals.push(id);
                graph.add_parameter(self.block, ty)
            }
        };
        self.instead.insert(id, stands);
        stands
    }
}

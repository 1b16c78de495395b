//! The reverse pass of a block as a block of its own: what gradients of loops, branches and calls
//! are made of.

use crate::grad::cotangents;
use crate::graph::{Block, BlockId, Graph, IdMap, ValueId};
use crate::replay::{copy_contents, substitute};
use crate::{Tensor, Trace};

/// The reverse pass of a block.
pub(crate) struct Pullback {
    /// Its parameters are `residuals`, then the cotangents of the seeded results; its results are
    /// the cotangents of what was wanted.
    pub(crate) block: BlockId,
    /// Values of the forward block that the reverse pass needs, to be kept by whoever runs it.
    pub(crate) residuals: Vec<ValueId>,
}

/// Records the reverse pass of `forward` as a block: from cotangents of its results at the positions
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
    detach(trace, block, forward)
}

/// Puts `arguments` in the place of the parameters of a block that is to become a branch.
pub(crate) fn bind(trace: &Trace, block: BlockId, arguments: &[Tensor<'_>]) {
    let parameters = std::mem::take(&mut trace.graph().borrow_mut().block_mut(block).parameters);
    assert_eq!(parameters.len(), arguments.len(), "an argument for each parameter");
    let arguments = arguments.iter().map(Tensor::id);
    substitute(trace, block, &parameters.into_iter().zip(arguments).collect());
}

/// A copy of `block`, which lies in `forward`, to be used where operations are recorded now. What it
/// uses of `forward` becomes a parameter, in front of the others, or is made anew where that costs
/// nothing.
fn detach(trace: &Trace, block: BlockId, forward: BlockId) -> Pullback {
    let (copy, residuals, mut instead) = {
        let graph = &mut *trace.graph().borrow_mut();
        let Block { what, isolated, .. } = *graph.block(forward);
        let copy = graph.add_block(Some(trace.block()), what, isolated);
        let mut stand_ins =
            StandIns { block: copy, forward, residuals: vec![], instead: IdMap::default() };
        for id in graph.captures(forward, &[block]) {
            stand_ins.of(graph, id);
        }
        for seed in graph.block(block).parameters.clone() {
            let ty = graph.value(seed).ty;
            stand_ins.instead.insert(seed, graph.add_parameter(copy, ty));
        }
        (copy, stand_ins.residuals, stand_ins.instead)
    };
    copy_contents(trace, block, copy, &mut instead);
    Pullback { block: copy, residuals }
}

/// What stands in a block for the values of another one.
struct StandIns {
    block: BlockId,
    forward: BlockId,
    residuals: Vec<ValueId>,
    instead: IdMap<ValueId, ValueId>,
}

impl StandIns {
    fn of(&mut self, graph: &mut Graph, id: ValueId) -> ValueId {
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
                let operands = node.operands.iter().map(|&id| self.of(graph, id)).collect();
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

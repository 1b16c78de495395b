//! Recording again what a block has.

use crate::graph::{BlockId, IdMap, ValueId};
use crate::{Shape, Tensor, Trace};

/// Records the nodes of `block` once more where operations are recorded now, with `arguments` for
/// its parameters; returns its results.
pub(crate) fn inline<'t>(
    trace: &'t Trace,
    block: BlockId,
    arguments: &[Tensor<'t>],
) -> Vec<Tensor<'t>> {
    let parameters = trace.graph().borrow().block(block).parameters.clone();
    assert_eq!(parameters.len(), arguments.len(), "an argument for each parameter");
    let arguments = arguments.iter().map(Tensor::id);
    inline_with(trace, block, parameters.into_iter().zip(arguments).collect())
}

/// [`inline`] with `instead` of any values that the block uses, its parameters among them.
pub(crate) fn inline_with(
    trace: &Trace,
    block: BlockId,
    mut instead: IdMap<ValueId, ValueId>,
) -> Vec<Tensor<'_>> {
    copy_nodes(trace, block, trace.block(), &mut instead);
    let results = trace.graph().borrow().block(block).results.clone();
    results.into_iter().map(|id| trace.tensor(*instead.get(&id).unwrap_or(&id))).collect()
}

/// Records the nodes of `block`, all of whose values are scalars, once more where operations are
/// recorded now, with `arguments` of one shape for its parameters: every element of them goes
/// through the block by itself. `None` if an operation does not work element by element.
pub(crate) fn elementwise<'t>(
    trace: &'t Trace,
    block: BlockId,
    arguments: &[Tensor<'t>],
) -> Option<Vec<Tensor<'t>>> {
    let shape = arguments.first()?.shape();
    let (parameters, nodes, results) = {
        let graph = trace.graph().borrow();
        let block = graph.block(block);
        (block.parameters.clone(), block.nodes.clone(), block.results.clone())
    };
    let mut instead: IdMap<_, _> = parameters.into_iter().zip(arguments.iter().copied()).collect();
    for id in nodes {
        let node = trace.graph().borrow().node(id).clone();
        let operands = node.operands.iter().map(|id| instead.get(id).copied());
        let operands = operands.collect::<Option<Vec<_>>>()?;
        // Only constants have no operands. They repeat where they meet something else.
        let spread = operands.iter().any(|operand| !operand.shape().is_empty());
        let operands: Vec<_> = operands
            .into_iter()
            .map(|operand| if spread { operand.broadcast_to(shape) } else { operand })
            .collect();
        let types: Vec<_> = operands.iter().map(Tensor::ty).collect();
        let made = node.op.infer(&types).ok()?;
        let expected = if spread { shape } else { Shape::SCALAR };
        if !node.regions().is_empty() || made.iter().any(|ty| ty.shape != expected) {
            return None;
        }
        let operands = operands.iter().map(Tensor::id).collect();
        let copy = {
            let graph = &mut *trace.graph().borrow_mut();
            let copy =
                graph.add_node(trace.block(), node.op, operands, vec![], &made, node.location);
            graph.node(copy).results.clone()
        };
        instead.extend(node.results.into_iter().zip(copy.into_iter().map(|id| trace.tensor(id))));
    }
    results.iter().map(|id| Some(instead.get(id)?.broadcast_to(shape))).collect()
}

/// Copies the nodes of `from` to the end of `to`, replacing what `instead` names; adds to it what
/// stands for the copied results.
fn copy_nodes(trace: &Trace, from: BlockId, to: BlockId, instead: &mut IdMap<ValueId, ValueId>) {
    let nodes = trace.graph().borrow().block(from).nodes.clone();
    for id in nodes {
        let node = trace.graph().borrow().node(id).clone();
        let operands = node.operands.iter().map(|id| *instead.get(id).unwrap_or(id)).collect();
        let regions =
            node.regions().iter().map(|&region| copy_block(trace, region, to, instead)).collect();
        let graph = &mut *trace.graph().borrow_mut();
        let types: Vec<_> = node.results.iter().map(|&id| graph.value(id).ty).collect();
        let copy = graph.add_node(to, node.op, operands, regions, &types, node.location);
        instead.extend(node.results.iter().copied().zip(graph.node(copy).results.iter().copied()));
    }
}

/// A copy of `block` as a region of a node in `parent`.
pub(crate) fn copy_block(
    trace: &Trace,
    block: BlockId,
    parent: BlockId,
    instead: &mut IdMap<ValueId, ValueId>,
) -> BlockId {
    let copy = {
        let graph = &mut *trace.graph().borrow_mut();
        let original = graph.block(block).clone();
        let copy = graph.add_block(Some(parent), original.what, original.isolated);
        graph.block_mut(copy).manual = original.manual;
        for parameter in original.parameters {
            let ty = graph.value(parameter).ty;
            instead.insert(parameter, graph.add_parameter(copy, ty));
        }
        copy
    };
    copy_contents(trace, block, copy, instead);
    copy
}

/// Copies the nodes and results of `from` to `to`, replacing what `instead` names.
pub(crate) fn copy_contents(
    trace: &Trace,
    from: BlockId,
    to: BlockId,
    instead: &mut IdMap<ValueId, ValueId>,
) {
    copy_nodes(trace, from, to, instead);
    let graph = &mut *trace.graph().borrow_mut();
    let results = graph.block(from).results.clone();
    let results = results.iter().map(|id| *instead.get(id).unwrap_or(id)).collect();
    graph.block_mut(to).results = results;
}

/// Lets the nodes of `block`, and of the regions in it, use other values than they do.
pub(crate) fn substitute(trace: &Trace, block: BlockId, instead: &IdMap<ValueId, ValueId>) {
    let by = |ids: &mut [ValueId]| {
        for id in ids {
            *id = *instead.get(id).unwrap_or(id);
        }
    };
    let nodes = trace.graph().borrow().block(block).nodes.clone();
    for id in nodes {
        let regions = {
            let graph = &mut *trace.graph().borrow_mut();
            let node = graph.node_mut(id);
            by(&mut node.operands);
            node.regions().to_vec()
        };
        regions.iter().for_each(|&region| substitute(trace, region, instead));
        trace.graph().borrow_mut().update_captures(block, id);
    }
    by(&mut trace.graph().borrow_mut().block_mut(block).results);
}

//! Reverse-mode differentiation of a traced graph.

use crate::graph::{BlockId, IdMap, IdSet, NodeId, ValueId};
use crate::ops::{Application, NoGradient};
use crate::{Rule, Tensor, Trace, Tree};

/// The gradients of the scalar `loss` with respect to the tensors of `with_respect_to`, in the same
/// arrangement.
///
/// A gradient is part of the graph like anything else: it may be used, returned, or differentiated
/// again. A tensor that the loss does not depend on has a gradient of zeros.
///
/// ```
/// use hlo::DType::F32;
///
/// hlo::trace("square", |t| {
///     let x = t.input("x", F32, [3]);
///     let dx = hlo::grad((x * x).sum(..), x);
///     t.output("dx", dx);
/// })?;
/// # Ok::<(), hlo::TraceError>(())
/// ```
///
/// It is a mistake of the trace to ask for the gradient of something that is no scalar or no float,
/// and to differentiate through an operation that has no gradient; the error names the line of that
/// operation.
#[track_caller]
pub fn grad<'t, T: Tree<'t>>(loss: Tensor<'t>, with_respect_to: T) -> T {
    let trace = loss.trace();
    let wanted = with_respect_to.tensors();
    let tensors = || std::iter::once(&loss).chain(&wanted);
    if tensors().any(|tensor| tensor.is_foreign(trace)) {
        trace.refuse_foreign("grad", &tensors().copied().collect::<Vec<_>>());
    } else if trace.has_error() {
        // It is noted already.
    } else if let Some(tensor) = tensors().find(|tensor| !tensor.dtype().is_float()) {
        let rule = Rule::NoDerivative { got: tensor.dtype() };
        trace.refuse("grad", &[tensor.ty()], rule);
    } else if !loss.shape().is_empty() {
        trace.refuse("grad", &[loss.ty()], Rule::NotScalar);
    } else {
        for tensor in tensors() {
            let scope = trace.graph().borrow().check_scope(tensor.id(), trace.block());
            if let Err(rule) = scope {
                trace.refuse("grad", &[tensor.ty()], rule);
            }
        }
    }
    if trace.has_error() {
        return with_respect_to.map(&mut |_| Tensor::poison(trace));
    }
    let seed = trace.constant(1, loss.dtype());
    let mut gradients = cotangents(trace, None, &[(loss, seed)], &wanted).into_iter().zip(&wanted);
    with_respect_to.map(&mut |_| {
        let (gradient, tensor) = gradients.next().expect("a gradient for each tensor");
        gradient.unwrap_or_else(|| tensor.zeros_like())
    })
}

/// The cotangent of each tensor in `wanted`, `None` where it is zero, given those in `seeds` as
/// pairs of a result and its cotangent. Only through nodes of the block `only`, if one is given.
pub(crate) fn cotangents<'t>(
    trace: &'t Trace,
    only: Option<BlockId>,
    seeds: &[(Tensor<'t>, Tensor<'t>)],
    wanted: &[Tensor<'t>],
) -> Vec<Option<Tensor<'t>>> {
    let (nodes, active) = between(trace, only, seeds, wanted);
    let mut cotangents = IdMap::default();
    for (result, cotangent) in seeds {
        accumulate(&mut cotangents, result.id(), *cotangent);
    }
    for &id in nodes.iter().rev() {
        let node = trace.graph().borrow().node(id).clone();
        let found = |id: &ValueId| cotangents.get(id).map(|&id| trace.tensor(id));
        let of_results: Vec<_> = node.results.iter().map(found).collect();
        if of_results.iter().all(Option::is_none) {
            continue;
        }
        let operands: Vec<_> = node.uses().map(|id| trace.tensor(id)).collect();
        let is_active =
            |operand: &Tensor<'t>| operand.dtype().is_float() && active.contains(&operand.id());
        let application = Application {
            node: id,
            wanted: operands.iter().map(is_active).collect(),
            operands,
            results: node.results.iter().map(|&id| trace.tensor(id)).collect(),
            cotangents: of_results,
        };
        trace.attributed(node.location, || match node.op.vjp(&application) {
            Ok(parts) => {
                let operands = application.operands.iter().zip(&application.wanted);
                for ((operand, wanted), part) in operands.zip(parts) {
                    if let (true, Some(part)) = (wanted, part)
                        && !part.is_poison()
                    {
                        accumulate(&mut cotangents, operand.id(), part);
                    }
                }
            }
            Err(NoGradient(reason)) => {
                let types: Vec<_> = node.operands.iter().map(|&id| trace.tensor(id).ty()).collect();
                trace.refuse(node.op.name(), &types, Rule::NoGradient { reason });
            }
        });
        if trace.has_error() {
            return vec![None; wanted.len()];
        }
    }
    wanted.iter().map(|tensor| cotangents.get(&tensor.id()).map(|&id| trace.tensor(id))).collect()
}

/// The nodes between the tensors in `wanted` and the results in `seeds`, operands first, and the
/// values that depend on a tensor in `wanted`.
fn between<'t>(
    trace: &'t Trace,
    only: Option<BlockId>,
    seeds: &[(Tensor<'t>, Tensor<'t>)],
    wanted: &[Tensor<'t>],
) -> (Vec<NodeId>, IdSet<ValueId>) {
    let graph = trace.graph().borrow();
    // Nothing made before the first of these depends on any of them, but for a block of a reverse
    // pass: what it captures may be made after it, see `bind`.
    let first = wanted.iter().map(Tensor::id).min().filter(|_| only.is_none());
    let (mut seen, mut reached) = (IdSet::default(), vec![]);
    let mut pending: Vec<_> = seeds.iter().map(|(result, _)| result.id()).collect();
    while let Some(id) = pending.pop() {
        if let Some(node) = graph.maker(id)
            && only.is_none_or(|block| graph.value(id).block == block)
            && graph.node(node).results.iter().any(|&id| Some(id) >= first)
            && seen.insert(node)
        {
            reached.push(node);
            pending.extend(graph.node(node).uses());
        }
    }
    reached.sort_unstable();
    let mut active: IdSet<_> = wanted.iter().map(Tensor::id).collect();
    reached.retain(|&id| {
        let node = graph.node(id);
        let depends = !node.op.stops_gradients() && node.uses().any(|id| active.contains(&id));
        if depends {
            active.extend(&node.results);
        }
        depends
    });
    (reached, active)
}

fn accumulate(cotangents: &mut IdMap<ValueId, ValueId>, id: ValueId, part: Tensor<'_>) {
    let add = |sum: &mut ValueId| *sum = (part.trace().tensor(*sum) + part).id();
    cotangents.entry(id).and_modify(add).or_insert(part.id());
}

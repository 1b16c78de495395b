//! Reverse-mode differentiation of a traced graph.

use crate::graph::ValueId;
use crate::ops::{Call, NoGradient};
use crate::{Rule, Tensor};

/// The gradients of the scalar `loss` with respect to each tensor in `with_respect_to`.
///
/// A gradient is part of the graph like anything else: it may be used, returned, or differentiated
/// again. A tensor that the loss does not depend on has a gradient of zeros.
///
/// ```
/// use hlo::DType::F32;
///
/// hlo::trace("square", |t| {
///     let x = t.input("x", F32, [3]);
///     let [dx] = hlo::grad((x * x).sum(..), [x]);
///     t.output("dx", dx);
/// })?;
/// # Ok::<(), hlo::TraceError>(())
/// ```
///
/// It is a mistake of the trace to ask for the gradient of something that is no scalar or no float,
/// and to differentiate through an operation that has no gradient; the error names the line of that
/// operation.
#[track_caller]
pub fn grad<'t, const N: usize>(
    loss: Tensor<'t>,
    with_respect_to: [Tensor<'t>; N],
) -> [Tensor<'t>; N] {
    let gradients = gradients(loss, &with_respect_to);
    std::array::from_fn(|i| gradients[i])
}

/// [`grad`] for as many tensors as there are at run time.
#[track_caller]
pub fn gradients<'t>(loss: Tensor<'t>, with_respect_to: &[Tensor<'t>]) -> Vec<Tensor<'t>> {
    let trace = loss.trace();
    let poison = || vec![Tensor::poison(trace); with_respect_to.len()];
    let tensors = || std::iter::once(&loss).chain(with_respect_to);
    if tensors().any(|tensor| tensor.is_foreign(trace)) {
        trace.refuse_foreign("grad", &tensors().copied().collect::<Vec<_>>());
        return poison();
    }
    if tensors().any(Tensor::is_poison) {
        return poison();
    }
    if let Some(tensor) = tensors().find(|tensor| !tensor.dtype().is_float()) {
        let rule = Rule::DType { expected: "floating-point numbers", got: tensor.dtype() };
        trace.refuse("grad", &[tensor.ty()], rule);
        return poison();
    }
    if !loss.shape().is_empty() {
        trace.refuse("grad", &[loss.ty()], Rule::NotScalar);
        return poison();
    }
    let cotangents = backward(loss, with_respect_to);
    let gradient = |tensor: &Tensor<'t>| {
        cotangents[tensor.id().index()]
            .unwrap_or_else(|| trace.full(0, tensor.dtype(), tensor.shape()))
    };
    with_respect_to.iter().map(gradient).collect()
}

/// The cotangent of every value between the loss and the tensors asked for.
fn backward<'t>(loss: Tensor<'t>, with_respect_to: &[Tensor<'t>]) -> Vec<Option<Tensor<'t>>> {
    let trace = loss.trace();
    let (values, nodes) = {
        let graph = trace.graph().borrow();
        (graph.values.len(), graph.nodes.len())
    };
    // Which values depend on a tensor asked for: only their cotangents are worth recording.
    let mut active = vec![false; values];
    for tensor in with_respect_to {
        active[tensor.id().index()] = true;
    }
    for node in &trace.graph().borrow().nodes {
        if node.operands.iter().any(|id| active[id.index()]) {
            active[node.result.index()] = true;
        }
    }

    let mut cotangents: Vec<Option<Tensor<'t>>> = vec![None; values];
    if active[loss.id().index()] {
        cotangents[loss.id().index()] = Some(trace.constant(1, loss.dtype()));
    }
    for node in (0..nodes).rev() {
        let (result, operands, op, location) = {
            let graph = trace.graph().borrow();
            let node = &graph.nodes[node];
            (node.result, node.operands.clone(), node.op.clone(), node.location)
        };
        let Some(cotangent) = cotangents[result.index()] else { continue };
        if !operands.iter().any(|id| active[id.index()]) {
            continue;
        }
        let call = Call {
            operands: operands.iter().map(|&id| trace.tensor(id)).collect(),
            result: trace.tensor(result),
            cotangent,
        };
        trace.attributed(location, || match op.vjp(&call) {
            Ok(parts) => {
                for (id, part) in operands.into_iter().zip(parts) {
                    if active[id.index()] && is_float(trace, id) {
                        accumulate(&mut cotangents[id.index()], part);
                    }
                }
            }
            Err(NoGradient(reason)) => {
                let types: Vec<_> = call.operands.iter().map(Tensor::ty).collect();
                trace.refuse(op.name(), &types, Rule::NoGradient { reason });
            }
        });
    }
    cotangents
}

fn is_float(trace: &crate::Trace, id: ValueId) -> bool {
    trace.graph().borrow().value(id).ty.dtype.is_float()
}

fn accumulate<'t>(sum: &mut Option<Tensor<'t>>, part: Option<Tensor<'t>>) {
    if let Some(part) = part {
        *sum = Some(sum.map_or(part, |sum| sum + part));
    }
}

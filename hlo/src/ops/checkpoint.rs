//! Values made again in the reverse pass instead of kept for it.

use std::collections::HashMap;

use super::{Application, Cotangents, Expansion, Form, NoGradient, Op, optimization_barrier};
use crate::grad::cotangents;
use crate::replay::{inline, inline_with};
use crate::{Rule, Tensor, Trace, Tree, Type};

#[derive(Clone, Debug)]
struct Checkpoint {
    results: Vec<Type>,
}

/// What `function` returns on `inputs`. A gradient keeps only `inputs`, and what the closure uses
/// from outside, and computes the rest of it again: less memory for more time.
///
/// ```
/// use hlo::DType::F32;
///
/// hlo::trace("deep", |t| {
///     let (x, w) = (t.input("x", F32, [32, 64]), t.input("w", F32, [64, 64]));
///     let y = (0..24).fold(x, |x, _| hlo::checkpoint(x, |x| x.matmul(w).tanh().matmul(w).tanh()));
///     let dw = hlo::grad(y.sum(..), w);
///     t.output("dw", dw);
/// })?;
/// # Ok::<(), hlo::TraceError>(())
/// ```
///
/// The second computation stands behind an [`optimization_barrier`], with the cotangents, so that
/// the compiler neither merges it with the first nor begins it early.
#[track_caller]
pub fn checkpoint<'t, T: Tree<'t>, U: Tree<'t>>(inputs: T, function: impl FnOnce(T) -> U) -> U {
    let tensors = inputs.tensors();
    let Some(first) = tensors.first() else { return function(inputs) };
    let trace = first.trace();
    let types: Vec<_> = tensors.iter().map(Tensor::ty).collect();
    let mut tree = None;
    let body = trace.region("the body of a checkpoint", false, &types, |at| {
        tree.insert(function(inputs.with(at))).tensors()
    });
    let op = Checkpoint { results: body.types() };
    let results = trace.apply_regions(op, &tensors, vec![body.block], body.results.len());
    tree.expect("the body has been recorded").with(&results)
}

impl Op for Checkpoint {
    fn name(&self) -> &'static str {
        "checkpoint"
    }

    fn infer(&self, _: &[Type]) -> Result<Vec<Type>, Rule> {
        Ok(self.results.clone())
    }

    fn form(&self) -> Form {
        Form::Composite
    }

    fn expand<'t>(&self, trace: &'t Trace, at: &Expansion<'t>) -> Vec<Tensor<'t>> {
        let body = trace.graph().borrow().node(at.node).regions[0];
        inline(trace, body, &at.operands)
    }

    fn vjp<'t>(&self, at: &Application<'t>) -> Result<Cotangents<'t>, NoGradient> {
        let trace = at.operands[0].trace();
        let (operands, given) = optimization_barrier((at.operands.clone(), at.given()));
        if trace.has_error() {
            return Ok(vec![None; at.operands.len()]);
        }
        let (body, instead) = {
            let graph = trace.graph().borrow();
            let node = graph.node(at.node);
            let body = node.regions[0];
            let inside = graph.block(body).parameters.iter().chain(&node.captures).copied();
            (body, inside.zip(operands.iter().map(Tensor::id)).collect::<HashMap<_, _>>())
        };
        let results = inline_with(trace, body, instead);
        let seeds: Vec<_> = at.seeded().into_iter().map(|i| results[i]).zip(given).collect();
        let wanted = at.wanted_positions();
        let tensors: Vec<_> = wanted.iter().map(|&i| operands[i]).collect();
        let mut all = vec![None; operands.len()];
        for (i, part) in wanted.into_iter().zip(cotangents(trace, None, &seeds, &tensors)) {
            all[i] = part;
        }
        Ok(all)
    }
}

//! Values made again in the reverse pass instead of kept for it.

use super::{Application, Cotangents, Expansion, Form, NoGradient, Op, optimization_barrier};
use crate::grad::cotangents;
use crate::graph::IdMap;
use crate::replay::{inline, inline_with};
use crate::{DType, Rule, Shape, Tensor, Trace, Tree, Type};

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
/// The second computation stands behind an [`optimization_barrier`], with the cotangents, and its
/// inputs hang on them by a comparison of bits: compilers that take barriers away early, as some for
/// CPUs do, neither merge it with the first nor begin it early.
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
        let body = trace.graph().borrow().node(at.node).regions()[0];
        inline(trace, body, &at.operands)
    }

    fn vjp<'t>(&self, at: &Application<'t>) -> Result<Cotangents<'t>, NoGradient> {
        let trace = at.operands[0].trace();
        let (mut operands, given) = optimization_barrier((at.operands.clone(), at.given()));
        hang_on(at, &mut operands, &given);
        if trace.has_error() {
            return Ok(vec![None; at.operands.len()]);
        }
        let (body, instead) = {
            let graph = trace.graph().borrow();
            let node = graph.node(at.node);
            let body = node.regions()[0];
            let inside = graph.block(body).parameters.iter().chain(node.captures()).copied();
            (body, inside.zip(operands.iter().map(Tensor::id)).collect::<IdMap<_, _>>())
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

/// Lets the inputs among `operands` hang on a cotangent, where the second computation stands in the
/// same block as the first: the compiler can't know that its first element is not a certain NaN. Of
/// inputs that the program computes, not of its own, such as weights, which would be copied.
fn hang_on<'t>(at: &Application<'t>, operands: &mut [Tensor<'t>], cotangents: &[Tensor<'t>]) {
    const SOME_NAN: u32 = 0x7FC5_EEDC;
    let some = cotangents.iter().find(|cotangent| cotangent.shape().elements() > 0);
    let Some(cotangent) = some.copied().filter(|cotangent| !cotangent.is_poison()) else { return };
    let trace = cotangent.trace();
    let computed: Vec<_> = {
        let graph = trace.graph().borrow();
        let node = graph.node(at.node);
        if graph.value(node.results[0]).block != trace.block() {
            return;
        }
        let float = |i: &usize| at.operands[*i].dtype().is_float();
        let computed = |i: &usize| graph.maker(node.operands[*i]).is_some();
        (0..node.operands.len()).filter(float).filter(computed).collect()
    };
    let first = vec![0..1; cotangent.shape().len()];
    let element = cotangent.slice_strided(first, vec![1; cotangent.shape().len()]);
    let bits = element.reshape(Shape::SCALAR).to(DType::F32).bitcast(DType::U32);
    let usual = bits.not_equal(SOME_NAN);
    for i in computed {
        let nan = trace.constant(f64::NAN, operands[i].dtype());
        operands[i] = usual.select(operands[i], nan);
    }
}

//! One of several branches.

use std::collections::HashMap;

use super::{Application, Cotangents, Form, NoGradient, Op, Spelling};
use crate::graph::{BlockId, ValueId};
use crate::pullback::{Pullback, bind, pullback};
use crate::trace::Region;
use crate::{DType, Rule, Shape, Tensor, Trace, Tree, Type};

/// By a boolean the first branch or the second, or by an integer the one of that number.
#[derive(Clone, Debug)]
struct Branches {
    boolean: bool,
    /// What each branch returns.
    results: Vec<Vec<Type>>,
}

/// What `on_true` returns where the scalar boolean `predicate` is true, else what `on_false` does.
/// Only that branch is run.
///
/// Both closures are recorded, use tensors from outside and return the same types.
///
/// ```
/// use hlo::DType::F32;
///
/// hlo::trace("clip", |t| {
///     let (x, limit) = (t.input("x", F32, [8]), t.input("limit", F32, []));
///     let norm = (x * x).sum(..).sqrt();
///     t.output("y", hlo::cond(norm.greater(limit), || x * (limit / norm), || x));
/// })?;
/// # Ok::<(), hlo::TraceError>(())
/// ```
#[track_caller]
pub fn cond<'t, T: Tree<'t>>(
    predicate: Tensor<'t>,
    on_true: impl FnOnce() -> T,
    on_false: impl FnOnce() -> T,
) -> T {
    let trace = predicate.trace();
    let mut tree = None;
    let on_true = trace.region("a branch", false, &[], |_| tree.insert(on_true()).tensors());
    let on_false = trace.region("a branch", false, &[], |_| on_false().tensors());
    let op = Branches { boolean: true, results: vec![on_true.types(), on_false.types()] };
    let count = on_true.results.len();
    let results = trace.apply_regions(op, &[predicate], vec![on_true.block, on_false.block], count);
    tree.expect("the branch has been recorded").with(&results)
}

/// What the branch of the number `index` returns, a scalar `s32`; the first or the last for one that
/// is out of range. Only that branch is run.
///
/// ```
/// use hlo::DType::{F32, S32};
///
/// hlo::trace("activation", |t| {
///     let (x, kind) = (t.input("x", F32, [8]), t.input("kind", S32, []));
///     t.output("y", hlo::switch(kind, &[&|| x, &|| x.relu(), &|| x.tanh()]));
/// })?;
/// # Ok::<(), hlo::TraceError>(())
/// ```
#[track_caller]
pub fn switch<'t, T: Tree<'t>>(index: Tensor<'t>, branches: &[&dyn Fn() -> T]) -> T {
    let trace = index.trace();
    let mut tree = None;
    let mut regions = vec![];
    for branch in branches {
        let record = |_: &[Tensor<'t>]| {
            let made = branch();
            let tensors = made.tensors();
            tree.get_or_insert(made);
            tensors
        };
        regions.push(trace.region("a branch", false, &[], record));
    }
    let Some(tree) = tree else {
        trace.refuse("switch", &[index.ty()], Rule::NoBranches);
        // There is nothing to return: the closure ends here, and `trace` in the mistake. Not by
        // `panic!`, which would print a line of its own.
        std::panic::resume_unwind(Box::new("a switch without branches"));
    };
    let results = regions.iter().map(Region::types).collect();
    let op = Branches { boolean: false, results };
    let last = i32::try_from(branches.len() - 1).expect("under 2^31 branches");
    let clamped = if index.dtype() == DType::S32 { index.maximum(0).minimum(last) } else { index };
    let blocks = regions.iter().map(|region| region.block).collect();
    tree.with(&trace.apply_regions(op, &[clamped], blocks, regions[0].results.len()))
}

impl Op for Branches {
    fn name(&self) -> &'static str {
        if self.boolean { "if" } else { "case" }
    }

    fn infer(&self, operands: &[Type]) -> Result<Vec<Type>, Rule> {
        let dtype = if self.boolean { DType::Bool } else { DType::S32 };
        let expected = Type::new(dtype, Shape::SCALAR);
        if operands[0] != expected {
            let what = if self.boolean { "the predicate" } else { "the index" };
            return Err(Rule::Type { what, expected, got: operands[0] });
        }
        let first = &self.results[0];
        for (branch, results) in self.results.iter().enumerate().skip(1) {
            if results.len() != first.len() {
                let (expected, got) = (first.len(), results.len());
                return Err(Rule::BranchCount { branch, expected, got });
            }
            if let Some(i) = (0..first.len()).find(|&i| results[i] != first[i]) {
                let (expected, got) = (first[i], results[i]);
                return Err(Rule::Branch { branch, position: i, expected, got });
            }
        }
        Ok(first.clone())
    }

    fn form(&self) -> Form {
        let spellings = if self.boolean {
            const { &[Spelling::first("if_v1")] }
        } else {
            const { &[Spelling::first("case_v1")] }
        };
        Form::Operation { attributes: vec![], spellings }
    }

    fn has_independent_results(&self) -> bool {
        true
    }

    fn vjp<'t>(&self, at: &Application<'t>) -> Result<Cotangents<'t>, NoGradient> {
        let trace = at.operands[0].trace();
        let (seeded, given, wanted) = (at.seeded(), at.given(), at.wanted_positions());
        let ids: Vec<_> = wanted.iter().map(|&i| at.operands[i].id()).collect();
        let forward = trace.graph().borrow().node(at.node).regions().to_vec();
        let reverse: Vec<_> =
            forward.iter().map(|&block| pullback(trace, block, &seeded, &ids)).collect();
        if trace.has_error() {
            return Ok(vec![None; at.operands.len()]);
        }
        let kept = keep(trace, at, &forward, &reverse);
        for (pullback, kept) in reverse.iter().zip(kept) {
            bind(trace, pullback.block, &[&kept[..], &given].concat());
        }
        let types: Vec<_> = wanted.iter().map(|&i| at.operands[i].ty()).collect();
        let op = Branches { boolean: self.boolean, results: vec![types; reverse.len()] };
        let blocks = reverse.iter().map(|pullback| pullback.block).collect();
        let parts = trace.apply_regions(op, &at.operands[..1], blocks, wanted.len());
        Ok(at.cotangents_at(wanted, parts))
    }
}

/// Makes the branches return what their reverse passes need, zeros in place of what others need, and
/// returns it, for each branch. Branches share the results of one type.
fn keep<'t>(
    trace: &'t Trace,
    at: &Application<'t>,
    forward: &[BlockId],
    reverse: &[Pullback],
) -> Vec<Vec<Tensor<'t>>> {
    let ty = |id: ValueId| trace.graph().borrow().value(id).ty;
    let mut slots: Vec<Type> = vec![];
    let mut taken: Vec<Vec<usize>> = vec![];
    for pullback in reverse {
        // Where the slots of each type begin that the branch has not taken yet.
        let mut free: HashMap<Type, usize> = HashMap::new();
        let mut take = |&residual: &ValueId| {
            let ty = ty(residual);
            let free = free.entry(ty).or_default();
            let slot = (*free..slots.len()).find(|&slot| slots[slot] == ty);
            let slot = slot.unwrap_or_else(|| {
                slots.push(ty);
                slots.len() - 1
            });
            *free = slot + 1;
            slot
        };
        taken.push(pullback.residuals.iter().map(&mut take).collect());
    }
    let results: Vec<_> = slots
        .iter()
        .map(|&ty| {
            let id = trace.graph().borrow_mut().add_result(at.node, ty);
            trace.tensor(id)
        })
        .collect();
    for ((&block, pullback), mine) in forward.iter().zip(reverse).zip(&taken) {
        let mut held = vec![None; slots.len()];
        mine.iter()
            .zip(&pullback.residuals)
            .for_each(|(&slot, &residual)| held[slot] = Some(residual));
        let zeros = |ty| trace.within(block, || trace.zeros(ty)).id();
        let returned = slots.iter().zip(held).map(|(&ty, held)| held.unwrap_or_else(|| zeros(ty)));
        let returned: Vec<_> = returned.collect();
        trace.graph().borrow_mut().block_mut(block).results.extend(returned);
    }
    taken.iter().map(|mine| mine.iter().map(|&slot| results[slot]).collect()).collect()
}

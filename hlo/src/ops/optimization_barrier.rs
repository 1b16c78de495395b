//! A wall that the compiler moves nothing across.

use super::{Application, Cotangents, Form, NoGradient, Op, Spelling};
use crate::{Rule, Tree, Type};

#[derive(Clone, Copy, Debug)]
struct OptimizationBarrier;

/// The same tensors, all of which are there before any of them is used: the compiler neither moves
/// nor merges operations across.
#[track_caller]
pub fn optimization_barrier<'t, T: Tree<'t>>(operands: T) -> T {
    let tensors = operands.tensors();
    let Some(first) = tensors.first() else { return operands };
    let results = first.trace().apply_regions(OptimizationBarrier, &tensors, vec![], tensors.len());
    operands.with(&results)
}

impl Op for OptimizationBarrier {
    fn name(&self) -> &'static str {
        "optimization_barrier"
    }

    fn infer(&self, operands: &[Type]) -> Result<Vec<Type>, Rule> {
        Ok(operands.to_vec())
    }

    fn form(&self) -> Form {
        Form::Operation {
            attributes: vec![],
            spellings: const { &[Spelling::first("optimization_barrier_v1")] },
        }
    }

    fn vjp<'t>(&self, at: &Application<'t>) -> Result<Cotangents<'t>, NoGradient> {
        let there: Vec<_> = at.cotangents.iter().flatten().copied().collect();
        let mut behind = optimization_barrier(there).into_iter();
        Ok(at.cotangents.iter().map(|part| part.and_then(|_| behind.next())).collect())
    }
}

//! Repetition as long as a condition holds.

use super::{Application, Cotangents, Form, NoGradient, Op, Spelling, Statement};
use crate::attribute::list;
use crate::graph::{BlockId, LOOP_BODY, LOOP_CONDITION};
use crate::{DType, Rule, Shape, Tensor, Trace, Tree, Type};

#[derive(Clone, Debug)]
struct While {
    /// What the condition returns.
    condition: Vec<Type>,
    /// What the body returns.
    body: Vec<Type>,
}

/// Applies `body` to the carry, beginning with `init`, as long as `condition`, a scalar boolean, is
/// true of it. Returns the last carry.
///
/// Both closures are recorded once. They may use tensors from outside.
///
/// ```
/// use hlo::DType::{F32, S32};
///
/// hlo::trace("power", |t| {
///     let (base, exponent) = (t.input("base", F32, []), t.input("exponent", S32, []));
///     let init = (t.constant(0, S32), t.constant(1, F32));
///     let (_, power) = hlo::while_loop(init, |(n, _)| n.less(exponent), |(n, y)| (n + 1, y * base));
///     t.output("power", power);
/// })?;
/// # Ok::<(), hlo::TraceError>(())
/// ```
///
/// It has no gradient in reverse mode, because it keeps nothing of the turns that it makes:
/// [`scan`](crate::scan) does. A body that returns other types than it gets is a mistake.
#[track_caller]
pub fn while_loop<'t, T: Tree<'t>>(
    init: T,
    condition: impl FnOnce(T) -> Tensor<'t>,
    body: impl FnOnce(T) -> T,
) -> T {
    let tensors = init.tensors();
    let Some(first) = tensors.first() else { return init };
    let trace = first.trace();
    let types: Vec<_> = tensors.iter().map(Tensor::ty).collect();
    let condition =
        trace.region(LOOP_CONDITION, false, &types, |at| vec![condition(init.with(at))]);
    let body = trace.region(LOOP_BODY, false, &types, |at| body(init.with(at)).tensors());
    let op = While { condition: condition.types(), body: body.types() };
    let regions = vec![condition.block, body.block];
    init.with(&trace.apply_regions(op, &tensors, regions, tensors.len()))
}

/// A loop whose body is a block that is there already.
pub(super) fn while_loop_in_place<'t>(
    trace: &'t Trace,
    init: &[Tensor<'t>],
    body: BlockId,
    condition: impl FnOnce(&[Tensor<'t>]) -> Tensor<'t>,
) -> Vec<Tensor<'t>> {
    let types: Vec<_> = init.iter().map(Tensor::ty).collect();
    let condition = trace.region(LOOP_CONDITION, false, &types, |at| vec![condition(at)]);
    let op = While { condition: condition.types(), body: types };
    trace.apply_regions(op, init, vec![condition.block, body], init.len())
}

/// That a body returns what it got.
pub(super) fn check_carry(init: &[Type], body: &[Type]) -> Result<(), Rule> {
    if init.len() != body.len() {
        return Err(Rule::CarryCount { expected: init.len(), got: body.len() });
    }
    let changed = init.iter().zip(body).position(|(init, body)| init != body);
    changed.map_or(Ok(()), |i| Err(Rule::Carry { position: i, expected: init[i], got: body[i] }))
}

impl Op for While {
    fn name(&self) -> &'static str {
        "while"
    }

    fn infer(&self, operands: &[Type]) -> Result<Vec<Type>, Rule> {
        let expected = Type::new(DType::Bool, Shape::SCALAR);
        if self.condition != [expected] {
            let (expected, got) = (vec![expected], self.condition.clone());
            return Err(Rule::Returns { region: LOOP_CONDITION, expected, got });
        }
        check_carry(operands, &self.body)?;
        Ok(operands.to_vec())
    }

    fn form(&self) -> Form {
        Form::Operation { attributes: vec![], spellings: const { &[Spelling::first("while_v1")] } }
    }

    fn shares_parameters(&self) -> bool {
        true
    }

    fn print(&self, at: &Statement) -> String {
        let [condition, body] = &at.regions[..] else { unreachable!("a loop has two regions") };
        let parameters = condition.parameters.iter().zip(&at.operands);
        let carry = list(parameters.map(|((name, _), init)| format!("{name} = {init}")));
        let types = list(at.operand_types.iter().map(Type::mlir));
        let (indent, condition, body) = (&at.indent, &condition.body, &body.body);
        format!(
            "stablehlo.while({carry}) : {types}\n\
             {indent}cond {{\n{condition}{indent}}} do {{\n{body}{indent}}}"
        )
    }

    fn vjp<'t>(&self, _: &Application<'t>) -> Result<Cotangents<'t>, NoGradient> {
        Err(NoGradient(
            "a loop keeps nothing of its turns, whose number is not known: use `scan`, whose is",
        ))
    }
}

//! Tensors one behind the other along an axis.

use super::{Call, Cotangents, NoGradient, Op, Statement};
use crate::shape::resolve_axis;
use crate::{Rule, Tensor, Trace, Type};

#[derive(Clone, Copy, Debug)]
struct Concatenate {
    axis: i32,
}

impl Trace {
    /// The tensors one behind the other along `axis`.
    #[track_caller]
    pub fn concatenate<'t>(&'t self, tensors: &[Tensor<'t>], axis: i32) -> Tensor<'t> {
        self.apply(Concatenate { axis }, tensors)
    }
}

impl Concatenate {
    fn axis(self, rank: usize) -> Result<usize, Rule> {
        resolve_axis(self.axis, rank)
    }
}

impl Op for Concatenate {
    fn name(&self) -> &'static str {
        "concatenate"
    }

    fn infer(&self, operands: &[Type]) -> Result<Type, Rule> {
        let first = operands.first().ok_or(Rule::NoOperands)?;
        let axis = self.axis(first.shape.len())?;
        let mut dims = first.shape.to_vec();
        for other in &operands[1..] {
            if other.dtype != first.dtype {
                return Err(Rule::DTypes { lhs: first.dtype, rhs: other.dtype });
            }
            let agree = other.shape.len() == first.shape.len()
                && other.shape.without(&[axis]) == first.shape.without(&[axis]);
            if !agree {
                return Err(Rule::Concatenate { axis, first: first.shape, other: other.shape });
            }
            dims[axis] = dims[axis].saturating_add(other.shape[axis]);
        }
        Ok(Type::new(first.dtype, dims.into_iter().collect()))
    }

    fn print(&self, at: &Statement) -> String {
        let axis = self.axis(at.result_type.shape.len()).expect("the shape rule checked it");
        at.typed(self, &format!(", dim = {axis}"))
    }

    fn vjp<'t>(&self, call: &Call<'t>) -> Result<Cotangents<'t>, NoGradient> {
        let axis = self.axis(call.result.shape().len()).expect("the shape rule checked it");
        let parts = call.operands.iter().scan(0, |start, operand| {
            let range = *start..*start + operand.shape()[axis];
            *start = range.end;
            Some(Some(call.cotangent.slice(self.axis, range)))
        });
        Ok(parts.collect())
    }
}

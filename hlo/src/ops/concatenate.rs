//! Tensors one behind the other along an axis.

use super::{Application, Cotangents, Form, NoGradient, Op, Spelling, Statement};
use crate::attribute::Attribute;
use crate::shape::resolve_axis;
use crate::{Rule, Tensor, Trace, Type};

#[derive(Clone, Copy, Debug)]
struct Concatenate {
    axis: usize,
}

impl Trace {
    /// The tensors one behind the other along `axis`.
    #[track_caller]
    pub fn concatenate<'t>(&'t self, tensors: &[Tensor<'t>], axis: i32) -> Tensor<'t> {
        let Some(first) = tensors.first() else {
            return self.refuse("concatenate", &[], Rule::NoOperands);
        };
        match resolve_axis(axis, first.shape().len()) {
            Ok(axis) => self.apply(Concatenate { axis }, tensors),
            Err(rule) => {
                let types: Vec<_> = tensors.iter().map(Tensor::ty).collect();
                self.refuse("concatenate", &types, rule)
            }
        }
    }
}

impl Op for Concatenate {
    fn name(&self) -> &'static str {
        "concatenate"
    }

    fn infer(&self, operands: &[Type]) -> Result<Vec<Type>, Rule> {
        let (first, axis) = (operands[0], self.axis);
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
        Ok(vec![Type::new(first.dtype, dims.into_iter().collect())])
    }

    fn form(&self) -> Form {
        Form::Operation {
            attributes: vec![("dimension", Attribute::int(self.axis))],
            spellings: const { &[Spelling::first("concatenate_v1")] },
        }
    }

    fn print(&self, at: &Statement) -> String {
        at.typed(self.name(), &format!(", dim = {}", self.axis))
    }

    fn vjp<'t>(&self, at: &Application<'t>) -> Result<Cotangents<'t>, NoGradient> {
        let parts = at.operands.iter().scan(0, |start, operand| {
            let range = *start..*start + operand.shape()[self.axis];
            *start = range.end;
            Some(Some(at.cotangent().slice(self.axis as i32, range)))
        });
        Ok(parts.collect())
    }
}

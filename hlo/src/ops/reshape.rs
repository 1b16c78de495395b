//! The same elements, in row-major order, under other dimensions.

use super::{Application, Cotangents, Form, NoGradient, Op, Spelling, Statement};
use crate::shape::resolve_axis;
use crate::{Rule, Shape, Tensor, Type};

#[derive(Clone, Copy, Debug)]
struct Reshape(Shape);

impl<'t> Tensor<'t> {
    /// The same elements in row-major order under other dimensions.
    #[track_caller]
    pub fn reshape(self, shape: impl Into<Shape>) -> Self {
        let shape = shape.into();
        if self.shape() == shape {
            return self;
        }
        self.trace().apply(Reshape(shape), &[self])
    }

    /// The tensor with an axis of size 1 inserted as `axis` of the result.
    #[track_caller]
    pub fn expand_dims(self, axis: i32) -> Self {
        if self.is_poison() {
            return self;
        }
        match resolve_axis(axis, self.shape().len() + 1) {
            Ok(axis) => {
                let mut dims = self.shape().to_vec();
                dims.insert(axis, 1);
                self.reshape(&dims)
            }
            Err(rule) => self.trace().refuse("expand_dims", &[self.ty()], rule),
        }
    }
}

impl Op for Reshape {
    fn name(&self) -> &'static str {
        "reshape"
    }

    fn infer(&self, operands: &[Type]) -> Result<Vec<Type>, Rule> {
        let from = operands[0].shape;
        self.0.check(operands[0].dtype)?;
        if from.elements() != self.0.elements() {
            return Err(Rule::Reshape { from, to: self.0 });
        }
        Ok(vec![Type::new(operands[0].dtype, self.0)])
    }

    fn form(&self) -> Form {
        Form::Operation {
            attributes: vec![],
            spellings: const { &[Spelling::first("reshape_v1")] },
        }
    }

    fn is_free(&self) -> bool {
        true
    }

    fn print(&self, at: &Statement) -> String {
        at.typed(self.name(), "")
    }

    fn vjp<'t>(&self, at: &Application<'t>) -> Result<Cotangents<'t>, NoGradient> {
        Ok(vec![Some(at.cotangent().reshape(at.operands[0].shape()))])
    }
}

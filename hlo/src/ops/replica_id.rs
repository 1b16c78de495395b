//! The number of the replica.

use super::{Application, Cotangents, Form, NoGradient, Op, Spelling, Statement};
use crate::{DType, Rule, Shape, Tensor, Trace, Type};

#[derive(Clone, Copy, Debug)]
struct ReplicaId;

impl Trace {
    /// The number of the replica that runs the program, a scalar `u32`; see [`Trace::replicas`].
    #[track_caller]
    pub fn replica_id(&self) -> Tensor<'_> {
        self.apply(ReplicaId, &[])
    }
}

impl Op for ReplicaId {
    fn name(&self) -> &'static str {
        "replica_id"
    }

    fn infer(&self, _: &[Type]) -> Result<Vec<Type>, Rule> {
        Ok(vec![Type::new(DType::U32, Shape::SCALAR)])
    }

    fn form(&self) -> Form {
        Form::Operation {
            attributes: vec![],
            spellings: const { &[Spelling::first("replica_id_v1")] },
        }
    }

    fn is_free(&self) -> bool {
        true
    }

    fn print(&self, at: &Statement) -> String {
        format!("stablehlo.{} : {}", self.name(), at.result_type().mlir())
    }

    fn vjp<'t>(&self, _: &Application<'t>) -> Result<Cotangents<'t>, NoGradient> {
        Ok(vec![])
    }
}

//! What is said of how a tensor is split among devices.

use super::{Application, Cotangents, Form, NoGradient, Op, Statement};
use crate::attribute::Attribute;
use crate::{Rule, Sharding, Tensor, Type};

#[derive(Clone, Debug)]
struct ShardingConstraint(Sharding);

impl<'t> Tensor<'t> {
    /// The same tensor, of which the devices of the [mesh](crate::Trace::mesh) have the parts that
    /// `sharding` says; see [`Sharding`] for its words.
    ///
    /// Of an input it says in what parts devices take it, and of an output in what parts they
    /// return it. What nothing is said of is for the compiler to split, but for inputs and outputs,
    /// which are whole then. An output [in the place](crate::Trace::output_in_place) of an input is
    /// split as that one. An input that is said to be split in two ways arrives in the first and is
    /// then brought into the second.
    ///
    /// An axis of an input or output splits into equal parts; the last parts of other tensors may be
    /// smaller. The cotangent of the tensor is split as the tensor.
    #[track_caller]
    pub fn sharded(self, sharding: &str) -> Self {
        if self.is_poison() {
            return self;
        }
        let (trace, rank) = (self.trace(), self.shape().len());
        let sharding = trace.sharding(sharding, rank);
        let marked = match &sharding {
            Ok(sharding) => trace.mark_input(self.id(), sharding),
            Err(rule) => Err(rule.clone()),
        };
        match (sharding, marked) {
            (Ok(_), Ok(true)) => self,
            (Ok(sharding), Ok(false)) => trace.apply(ShardingConstraint(sharding), &[self]),
            (Err(rule), _) | (_, Err(rule)) => trace.refuse("sharded", &[self.ty()], rule),
        }
    }
}

impl Op for ShardingConstraint {
    fn name(&self) -> &'static str {
        "sdy.sharding_constraint"
    }

    fn infer(&self, operands: &[Type]) -> Result<Vec<Type>, Rule> {
        Ok(vec![operands[0]])
    }

    /// Portable bytecode has no spelling of it.
    fn form(&self) -> Form {
        let attributes = vec![("sharding", Attribute::Sharding(self.0.clone()))];
        Form::Operation { attributes, spellings: &[] }
    }

    fn sharding(&self, _: usize) -> Option<&Sharding> {
        Some(&self.0)
    }

    fn print(&self, at: &Statement) -> String {
        let (operand, sharding) = (&at.operands[0], self.0.shardy());
        format!("{} {operand} <{sharding}> : {}", self.name(), at.result_type().mlir())
    }

    fn vjp<'t>(&self, at: &Application<'t>) -> Result<Cotangents<'t>, NoGradient> {
        let cotangent = at.cotangent();
        Ok(vec![Some(cotangent.trace().apply(self.clone(), &[cotangent]))])
    }
}

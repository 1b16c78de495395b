//! A value taken as given by gradients.

use super::{Application, Cotangents, Form, NoGradient, Op};
use crate::{Rule, Tensor, Type};

#[derive(Clone, Copy, Debug)]
struct StopGradient;

impl<'t> Tensor<'t> {
    /// The same value, which gradients take for a constant.
    #[track_caller]
    pub fn stop_gradient(self) -> Self {
        self.trace().apply(StopGradient, &[self])
    }
}

impl Op for StopGradient {
    fn name(&self) -> &'static str {
        "stop_gradient"
    }

    fn infer(&self, operands: &[Type]) -> Result<Vec<Type>, Rule> {
        Ok(vec![operands[0]])
    }

    fn form(&self) -> Form {
        Form::Alias
    }

    fn stops_gradients(&self) -> bool {
        true
    }

    fn vjp<'t>(&self, _: &Application<'t>) -> Result<Cotangents<'t>, NoGradient> {
        Ok(vec![None])
    }
}

//! A value taken as given by gradients.

use super::{Call, Cotangents, NoGradient, Op, Statement};
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

    fn infer(&self, operands: &[Type]) -> Result<Type, Rule> {
        Ok(operands[0])
    }

    fn print(&self, _: &Statement) -> String {
        unreachable!("an alias is not printed")
    }

    fn vjp<'t>(&self, _: &Call<'t>) -> Result<Cotangents<'t>, NoGradient> {
        Ok(vec![None])
    }

    fn is_alias(&self) -> bool {
        true
    }
}

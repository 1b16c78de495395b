//! Functions of tensors made of several operations, in the field's words.

mod activation;
mod classes;
mod normalization;
mod softmax;

use crate::Tensor;
use crate::shape::Axes;

impl Tensor<'_> {
    /// The axes that `axes` names, of a tensor of floating-point numbers; `None` after a mistake,
    /// which is noted as one of `operation`.
    #[track_caller]
    pub(crate) fn float_axes(self, operation: &'static str, axes: &Axes) -> Option<Vec<usize>> {
        if self.is_poison() {
            return None;
        }
        match self.dtype().check_float().and_then(|()| axes.resolve(self.shape().len())) {
            Ok(axes) => Some(axes),
            Err(rule) => {
                self.trace().refuse(operation, &[self.ty()], rule);
                None
            }
        }
    }
}

//! Sums of exponentials, without overflow.

use crate::{Axes, Tensor};

impl<'t> Tensor<'t> {
    /// `ln Σ eˣ` over `axes`, which go, without overflow. The sum of numbers of 8 or 16 bits is one
    /// of `f32`.
    #[track_caller]
    pub fn logsumexp(self, axes: impl Into<Axes>) -> Self {
        let Some(axes) = self.float_axes("logsumexp", &axes.into()) else {
            return Self::poison(self.trace());
        };
        let x = self.widened();
        let max = x.kept_max(&axes);
        // Where the largest is infinite, so is the result, and a difference would be no number.
        let max = max.is_finite().select(max, max.scalar(0));
        let log_sum_exp = (x - max).exp().sum_axes(&axes).log();
        (log_sum_exp + max.reshape(log_sum_exp.shape())).to(self.dtype())
    }

    /// `x − ln Σ eˣ` over `axes`, without overflow; where the largest element is infinite the results
    /// are not numbers. The sum of numbers of 8 or 16 bits is one of `f32`.
    #[track_caller]
    pub fn log_softmax(self, axes: impl Into<Axes>) -> Self {
        let Some(axes) = self.float_axes("log_softmax", &axes.into()) else {
            return Self::poison(self.trace());
        };
        let x = self.widened();
        let max = x.kept_max(&axes);
        let shifted = x - max;
        let log_sum_exp = shifted.exp().sum_axes(&axes).log();
        (shifted - log_sum_exp.reshape(max.shape())).to(self.dtype())
    }

    /// The largest element over `axes`, which are kept with size 1, as a constant to gradients.
    #[track_caller]
    pub(crate) fn kept_max(self, axes: &[usize]) -> Self {
        self.max_axes(axes).reshape(self.shape().with_ones(axes)).stop_gradient()
    }
}

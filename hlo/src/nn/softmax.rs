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
        let (shifted, max) = x.shifted(&axes);
        let log_sum_exp = shifted.exp().sum_axes(&axes).log();
        (log_sum_exp + max.reshape(log_sum_exp.shape())).to(self.dtype())
    }

    /// `x − ln Σ eˣ` over `axes`, without overflow. The sum of numbers of 8 or 16 bits is one of
    /// `f32`.
    #[track_caller]
    pub fn log_softmax(self, axes: impl Into<Axes>) -> Self {
        let Some(axes) = self.float_axes("log_softmax", &axes.into()) else {
            return Self::poison(self.trace());
        };
        let (shifted, max) = self.widened().shifted(&axes);
        let log_sum_exp = shifted.exp().sum_axes(&axes).log();
        (shifted - log_sum_exp.reshape(max.shape())).to(self.dtype())
    }

    /// The tensor less its largest element over `axes`, and that element, the axes kept with size 1.
    /// Where all are −∞ nothing is taken off.
    #[track_caller]
    pub(crate) fn shifted(self, axes: &[usize]) -> (Self, Self) {
        let max = self.max_axes(axes).reshape(self.shape().with_ones(axes)).stop_gradient();
        let finite = max.abs().less(f64::INFINITY);
        let max = finite.select(max, self.scalar(0));
        (self - max, max)
    }
}

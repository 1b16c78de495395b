//! Activation functions.

use crate::Tensor;

impl<'t> Tensor<'t> {
    /// `max(x, 0)`. The gradient at 0 is 0, as everywhere in the field.
    #[track_caller]
    pub fn relu(self) -> Self {
        // Not `maximum`, which shares the gradient where both are equal. NaN stays NaN.
        self.less_equal(0).select(self.scalar(0), self)
    }

    /// `x` where it is not negative, else `slope · x`. The gradient at 0 is 1.
    #[track_caller]
    pub fn leaky_relu(self, slope: f64) -> Self {
        self.less(0).select(self * slope, self)
    }

    /// `x` where it is positive, else `scale · (eˣ − 1)`.
    #[track_caller]
    pub fn elu(self, scale: f64) -> Self {
        // Where it is not chosen the exponential must not overflow: its gradient would be 0 · ∞.
        let positive = self.greater(0);
        let rest = positive.select(self.scalar(0), self);
        positive.select(self, rest.expm1() * scale)
    }

    /// `x` between −1 and 1, where the gradient is 1, else −1 or 1.
    #[track_caller]
    pub fn hard_tanh(self) -> Self {
        let within = self.greater(1).select(self.scalar(1), self);
        self.less(-1).select(self.scalar(-1), within)
    }

    /// `x · σ(x)` of the logistic function σ, also called swish.
    #[track_caller]
    pub fn silu(self) -> Self {
        self * self.logistic()
    }

    /// `x · Φ(x)` of the standard normal distribution function Φ.
    #[track_caller]
    pub fn gelu(self) -> Self {
        // Φ by the complement, which keeps the digits of what is small.
        self * 0.5 * (self * -std::f64::consts::FRAC_1_SQRT_2).erfc()
    }

    /// [`Tensor::gelu`] with `½ (1 + tanh(√(2/π) (x + 0.044715 x³)))` for Φ, which differs by up to
    /// 5·10⁻⁴.
    #[track_caller]
    pub fn gelu_tanh(self) -> Self {
        let scale = (2.0 * std::f64::consts::FRAC_1_PI).sqrt();
        let inner = (self + self * self * self * 0.044715) * scale;
        self * 0.5 * (inner.tanh() + 1.0)
    }

    /// `ln(1 + eˣ)`, without overflow.
    #[track_caller]
    pub fn softplus(self) -> Self {
        // ln(1 + eˣ) = max(x, 0) + ln(1 + e^−|x|). Both parts have half the gradient's jump at 0,
        // in opposite directions.
        self.maximum(0) + (-self.abs()).exp().log1p()
    }

    /// `ln σ(x)` of the logistic function σ, without overflow.
    #[track_caller]
    pub fn log_sigmoid(self) -> Self {
        self.minimum(0) - (-self.abs()).exp().log1p()
    }
}

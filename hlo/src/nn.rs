//! Functions of tensors made of several operations, in the field's words.

use crate::{DType, Rule, Tensor};

impl<'t> Tensor<'t> {
    /// `max(x, 0)`. The gradient at 0 is one half.
    #[track_caller]
    pub fn relu(self) -> Self {
        self.maximum(0.0)
    }

    /// `ln(1 + eˣ)`, without overflow.
    #[track_caller]
    pub fn softplus(self) -> Self {
        // ln(1 + eˣ) = max(x, 0) + ln(1 + e^−|x|). Both parts have half the gradient's jump at 0,
        // in opposite directions.
        self.maximum(0.0) + (-self.abs()).exp().log1p()
    }

    /// `ln σ(x)` of the logistic function σ, without overflow.
    #[track_caller]
    pub fn log_sigmoid(self) -> Self {
        -(-self).softplus()
    }

    /// `ln Σ eˣ` over `axis`, which goes, without overflow.
    #[track_caller]
    pub fn logsumexp(self, axis: i32) -> Self {
        let (shifted, max) = self.shifted(axis);
        let log_sum_exp = shifted.exp().sum(axis).log();
        log_sum_exp + max.reshape(log_sum_exp.shape())
    }

    /// `x − ln Σ eˣ` over `axis`, without overflow.
    #[track_caller]
    pub fn log_softmax(self, axis: i32) -> Self {
        let (shifted, _) = self.shifted(axis);
        shifted - shifted.exp().sum(axis).log().expand_dims(axis)
    }

    /// `eˣ / Σ eˣ` over `axis`, without overflow.
    #[track_caller]
    pub fn softmax(self, axis: i32) -> Self {
        let (shifted, _) = self.shifted(axis);
        let exp = shifted.exp();
        exp / exp.sum(axis).expand_dims(axis)
    }

    /// The tensor less its largest element along `axis`, and that element. A row that is all −∞ is
    /// left as it is.
    #[track_caller]
    fn shifted(self, axis: i32) -> (Self, Self) {
        let max = self.max(axis).expand_dims(axis).stop_gradient();
        let finite = max.abs().less(f64::INFINITY);
        let max = finite.select(max, self.scalar(0.0));
        (self - max, max)
    }

    /// A tensor `[…, classes]` of `dtype` with 1 where the last axis equals the integer, else 0. An
    /// integer outside gives zeros.
    #[track_caller]
    pub fn one_hot(self, classes: usize, dtype: DType) -> Self {
        self.is_class("one_hot", classes).to(dtype)
    }

    /// The element of the last axis of `[…, K]` that `index` of shape `[…]` names. An index outside
    /// gives 0.
    #[track_caller]
    pub fn pick(self, index: Self) -> Self {
        if self.is_poison() {
            return self;
        }
        let Some(&classes) = self.shape().last() else {
            let rule = Rule::Rank { expected: "at least 1".to_owned(), got: 0 };
            return self.trace().refuse("pick", &[self.ty(), index.ty()], rule);
        };
        index.is_class("pick", classes).select(self, self.scalar(0.0)).sum(-1)
    }

    /// Whether each class `[…, classes]` is the one that the integer `[…]` names.
    #[track_caller]
    fn is_class(self, operation: &'static str, classes: usize) -> Self {
        if self.is_poison() {
            return self;
        }
        if !self.dtype().is_signed() && !self.dtype().is_unsigned() {
            let rule = Rule::DType { expected: "integers", got: self.dtype() };
            return self.trace().refuse(operation, &[self.ty()], rule);
        }
        // Counting the classes in 8 or 16 bits would begin anew where they end.
        let index = if self.dtype().bits() < 32 { self.to(DType::S32) } else { self };
        let shape = self.shape().iter().copied().chain([classes]).collect::<Vec<_>>();
        let class = self.trace().iota(index.dtype(), &shape, -1);
        class.equal(index.expand_dims(-1))
    }

    /// The inverse of the error function on (−1, 1), in `f32`. The relative error is below 4·10⁻⁷ to
    /// ±0.99, and below 6·10⁻⁶ beyond, where the rounding of 1 − x² tells.
    ///
    /// The approximation is M. Giles, "Approximating the erfinv function" (2010), with single-precision
    /// coefficients.
    #[track_caller]
    pub fn erf_inv(self) -> Self {
        if self.dtype() != DType::F32 {
            let rule = Rule::DType { expected: "f32", got: self.dtype() };
            return self.trace().refuse("erf_inv", &[self.ty()], rule);
        }
        const CENTRAL: [f64; 9] = [
            2.81022636e-08,
            3.43273939e-07,
            -3.5233877e-06,
            -4.39150654e-06,
            0.00021858087,
            -0.00125372503,
            -0.00417768164,
            0.246640727,
            1.50140941,
        ];
        const TAIL: [f64; 9] = [
            -0.000200214257,
            0.000100950558,
            0.00134934322,
            -0.00367342844,
            0.00573950773,
            -0.0076224613,
            0.00943887047,
            1.00167406,
            2.83297682,
        ];
        let w = -(-(self * self)).log1p();
        let central = w.less(5.0);
        let argument = central.select(w - 2.5, w.sqrt() - 3.0);
        let coefficient = |i: usize| central.select(self.scalar(CENTRAL[i]), self.scalar(TAIL[i]));
        let mut polynomial = coefficient(0);
        for i in 1..CENTRAL.len() {
            polynomial = polynomial * argument + coefficient(i);
        }
        polynomial * self
    }
}

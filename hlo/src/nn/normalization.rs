//! Normalisation by mean and variance.

use crate::{Axes, Rule, Shape, Tensor, Type};

impl<'t> Tensor<'t> {
    /// `(x − mean) / √(variance + epsilon)` with mean and variance over `axes`. The statistics of
    /// numbers of 8 or 16 bits are of `f32`.
    #[track_caller]
    pub fn standardize(self, axes: impl Into<Axes>, epsilon: f64) -> Self {
        match self.float_axes("standardize", &axes.into()) {
            Some(axes) => self.widened().centered(&axes, epsilon).to(self.dtype()),
            None => Self::poison(self.trace()),
        }
    }

    /// [`Tensor::standardize`] over the last axes, those that `scale` has, times `scale`, plus
    /// `bias`: of `[B, S, K]` with parameters of `[K]` over the last. They are of this tensor's
    /// element type or `f32`.
    ///
    /// Ba et al., "Layer normalization" (2016).
    #[track_caller]
    pub fn layer_norm(self, scale: Self, bias: Self, epsilon: f64) -> Self {
        let Some([scale, bias]) = self.parameters("layer_norm", [scale, bias]) else {
            return Self::poison(self.trace());
        };
        let x = self.widened().centered(&self.last_axes(scale), epsilon);
        (x * scale + bias).to(self.dtype())
    }

    /// `x / √(mean x² + epsilon)` over the last axes, those that `scale` has, times `scale`, which is
    /// of this tensor's element type or `f32`. The mean of numbers of 8 or 16 bits is one of `f32`.
    ///
    /// Zhang and Sennrich, "Root mean square layer normalization" (2019).
    #[track_caller]
    pub fn rms_norm(self, scale: Self, epsilon: f64) -> Self {
        let Some([scale]) = self.parameters("rms_norm", [scale]) else {
            return Self::poison(self.trace());
        };
        let x = self.widened();
        (x.scaled_to_one(&self.last_axes(scale), epsilon) * scale).to(self.dtype())
    }

    /// [`Tensor::standardize`] of `[N, …, C]` over all axes but the first and within each of `groups`
    /// equal parts of the last, times `scale`, plus `bias`, both of `[C]` and of this tensor's
    /// element type or `f32`.
    ///
    /// Wu and He, "Group normalization" (2018).
    #[track_caller]
    pub fn group_norm(self, groups: usize, scale: Self, bias: Self, epsilon: f64) -> Self {
        let types = [self.ty(), scale.ty(), bias.ty()];
        let Some([scale, bias]) = self.parameters("group_norm", [scale, bias]) else {
            return Self::poison(self.trace());
        };
        let (shape, axis) = (self.shape(), self.shape().len() - 1);
        let size = shape[axis];
        let fault = if scale.shape().len() != 1 {
            let expected = Type::new(scale.dtype(), [size].into());
            Some(Rule::Type { what: "each parameter", expected, got: scale.ty() })
        } else if axis == 0 {
            Some(Rule::Rank { expected: "at least 2".to_owned(), got: 1 })
        } else if groups == 0 || !size.is_multiple_of(groups) {
            Some(Rule::Parts { axis, size, parts: groups })
        } else {
            None
        };
        if let Some(rule) = fault {
            return self.trace().refuse("group_norm", &types, rule);
        }
        // Of channels one by one, and of groups from these: a gradient keeps one tensor of this one's
        // shape, and none has an axis as short as a group, which a TPU fills up to 128.
        let between: Vec<_> = (1..axis).collect();
        let mean = |x: Self| {
            let of_channels = x.mean_of(&between);
            let parts = [shape[0], groups, size / groups];
            let of_groups = of_channels.reshape(parts).mean_of(&[2]);
            of_groups.broadcast_to(parts).reshape(of_channels.shape())
        };
        let x = self.widened();
        let x = x - mean(x);
        let deviation = (mean(x * x) + epsilon).rsqrt();
        (x * (deviation * scale) + bias).to(self.dtype())
    }

    #[track_caller]
    fn centered(self, axes: &[usize], epsilon: f64) -> Self {
        (self - self.mean_of(axes)).scaled_to_one(axes, epsilon)
    }

    #[track_caller]
    fn scaled_to_one(self, axes: &[usize], epsilon: f64) -> Self {
        self * ((self * self).mean_of(axes) + epsilon).rsqrt()
    }

    /// The mean over `axes`, which are kept with size 1.
    #[track_caller]
    fn mean_of(self, axes: &[usize]) -> Self {
        let ones = self.shape().with_ones(axes);
        let count = axes.iter().map(|&axis| self.shape()[axis]).product::<usize>();
        self.sum_axes(axes).reshape(ones) / count as f64
    }

    /// As many last axes as `parameter` has.
    fn last_axes(self, parameter: Self) -> Vec<usize> {
        let rank = self.shape().len();
        (rank - parameter.shape().len()..rank).collect()
    }

    /// The parameters in the type of the statistics, if all have the shape of the last axes.
    #[track_caller]
    fn parameters<const N: usize>(
        self,
        operation: &'static str,
        mut parameters: [Self; N],
    ) -> Option<[Self; N]> {
        let trace = self.trace();
        let operands: Vec<_> = [self].into_iter().chain(parameters).collect();
        if parameters.iter().any(|parameter| parameter.is_foreign(trace)) {
            trace.refuse_foreign(operation, &operands);
        }
        if trace.has_error() {
            return None;
        }
        let (own, shape) = (self.dtype(), self.shape());
        let fault = own.check_float().and_then(|()| shape.last_axis()).err().or_else(|| {
            let given = parameters[0].shape().len().clamp(1, shape.len());
            let last: Shape = shape[shape.len() - given..].into();
            parameters.iter().map(Self::ty).find_map(|got| {
                let dtype = if got.dtype == own.wide() { got.dtype } else { own };
                let expected = Type::new(dtype, last);
                (got != expected).then_some(Rule::Type { what: "each parameter", expected, got })
            })
        });
        if let Some(rule) = fault {
            let types: Vec<_> = operands.iter().map(Self::ty).collect();
            trace.refuse(operation, &types, rule);
            return None;
        }
        for parameter in &mut parameters {
            *parameter = parameter.to(own.wide());
        }
        Some(parameters)
    }
}

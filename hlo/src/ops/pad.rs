//! A value put before, after and between the elements of every axis.

use super::{Application, Cotangents, Form, NoGradient, Op, Spelling, Statement};
use crate::attribute::Attribute;
use crate::{Rule, Shape, Tensor, Type};

/// One entry per axis.
#[derive(Clone, Debug)]
struct Pad {
    low: Vec<i64>,
    high: Vec<i64>,
    interior: Vec<usize>,
}

impl<'t> Tensor<'t> {
    /// Puts the scalar `value` `interior[i]` times between the elements of each axis `i`, `low[i]`
    /// times before them and `high[i]` times after; where these are negative, so many are taken away
    /// instead.
    #[track_caller]
    pub fn pad(
        self,
        value: Self,
        low: impl Into<Vec<i64>>,
        high: impl Into<Vec<i64>>,
        interior: impl Into<Vec<usize>>,
    ) -> Self {
        let pad = Pad { low: low.into(), high: high.into(), interior: interior.into() };
        self.trace().apply(pad, &[self, value])
    }
}

/// The size of an axis with `interior` elements more between any two of it.
fn spread(size: usize, interior: usize) -> usize {
    size.saturating_sub(1).saturating_mul(interior).saturating_add(size)
}

impl Op for Pad {
    fn name(&self) -> &'static str {
        "pad"
    }

    fn infer(&self, operands: &[Type]) -> Result<Vec<Type>, Rule> {
        let (ty, value) = (operands[0], operands[1]);
        if value.dtype != ty.dtype {
            return Err(Rule::DTypes { lhs: ty.dtype, rhs: value.dtype });
        }
        if !value.shape.is_empty() {
            let expected = Type::new(ty.dtype, Shape::SCALAR);
            return Err(Rule::Type { what: "what is padded with", expected, got: value });
        }
        for got in [self.low.len(), self.high.len(), self.interior.len()] {
            if got != ty.shape.len() {
                let expected = ty.shape.len();
                return Err(Rule::OneEach { what: "padding", of: "axes", expected, got });
            }
        }
        let (mut dims, mut padded) = (vec![], vec![]);
        for axis in 0..ty.shape.len() {
            let (low, high) = (self.low[axis], self.high[axis]);
            let fits = i64::try_from(self.interior[axis]).is_ok();
            let size = if fits { spread(ty.shape[axis], self.interior[axis]) } else { usize::MAX };
            let by = |low: i64, high: i64| size as i128 + i128::from(low) + i128::from(high);
            if by(low, high) < 0 {
                return Err(Rule::Padding { axis, low, high });
            }
            dims.push(usize::try_from(by(low, high)).unwrap_or(usize::MAX));
            padded.push(usize::try_from(by(low.max(0), high.max(0))).unwrap_or(usize::MAX));
        }
        // A compiler may pad first and take away then.
        Shape::from(&padded).check(ty.dtype)?;
        Ok(vec![Type::new(ty.dtype, dims.into_iter().collect())])
    }

    fn form(&self) -> Form {
        Form::Operation {
            attributes: vec![
                ("edge_padding_low", Attribute::Ints(self.low.clone())),
                ("edge_padding_high", Attribute::Ints(self.high.clone())),
                ("interior_padding", Attribute::ints(&self.interior)),
            ],
            spellings: const { &[Spelling::first("pad_v1")] },
        }
    }

    fn print(&self, at: &Statement) -> String {
        let Self { low, high, interior } = self;
        at.typed(self.name(), &format!(", low = {low:?}, high = {high:?}, interior = {interior:?}"))
    }

    fn vjp<'t>(&self, at: &Application<'t>) -> Result<Cotangents<'t>, NoGradient> {
        let (from, dy) = (at.operands[0].shape(), at.cotangent());
        let negated = |sizes: &[i64]| sizes.iter().map(|size| -size).collect::<Vec<_>>();
        // What was taken away comes back as zeros, and what was put there goes.
        let edges = negated(&self.low).into_iter().zip(negated(&self.high));
        let inner = if edges.clone().all(|edge| edge == (0, 0)) {
            dy
        } else {
            let (low, high): (Vec<_>, Vec<_>) = edges.unzip();
            dy.pad(dy.scalar(0.0), low, high, vec![0; from.len()])
        };
        let dx = if self.interior.iter().all(|&between| between == 0) {
            inner
        } else {
            let ranges: Vec<_> = inner.shape().iter().map(|&size| 0..size).collect();
            let strides: Vec<_> =
                self.interior.iter().map(|between| between.saturating_add(1)).collect();
            inner.slice_strided(ranges, strides)
        };
        Ok(vec![Some(dx), Some(dy.sum(..) - dx.sum(..))])
    }
}

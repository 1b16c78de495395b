//! A value put before, after and between the elements of every axis.

use super::{Application, Cotangents, Form, NoGradient, Op, Spelling, Statement};
use crate::attribute::Attribute;
use crate::{Rule, Tensor, Type};

/// One entry per axis.
#[derive(Clone, Debug)]
struct Pad {
    low: Vec<usize>,
    high: Vec<usize>,
    interior: Vec<usize>,
}

impl<'t> Tensor<'t> {
    /// Puts the scalar `value` `low[i]` times before, `high[i]` times after and `interior[i]` times
    /// between the elements of each axis `i`.
    #[track_caller]
    pub fn pad(
        self,
        value: Self,
        low: impl Into<Vec<usize>>,
        high: impl Into<Vec<usize>>,
        interior: impl Into<Vec<usize>>,
    ) -> Self {
        let pad = Pad { low: low.into(), high: high.into(), interior: interior.into() };
        self.trace().apply(pad, &[self, value])
    }
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
            return Err(Rule::Rank { expected: "0".to_owned(), got: value.shape.len() });
        }
        for entries in [self.low.len(), self.high.len(), self.interior.len()] {
            if entries != ty.shape.len() {
                return Err(Rule::Rank { expected: entries.to_string(), got: ty.shape.len() });
            }
        }
        let spread = |axis: usize| {
            let size = ty.shape[axis];
            size.saturating_sub(1)
                .saturating_mul(self.interior[axis])
                .saturating_add(size)
                .saturating_add(self.low[axis])
                .saturating_add(self.high[axis])
        };
        Ok(vec![Type::new(ty.dtype, (0..ty.shape.len()).map(spread).collect())])
    }

    fn form(&self) -> Form {
        Form::Operation {
            attributes: vec![
                ("edge_padding_low", Attribute::ints(&self.low)),
                ("edge_padding_high", Attribute::ints(&self.high)),
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
        let ranges = (0..from.len()).map(|axis| {
            let spread = from[axis] + from[axis].saturating_sub(1) * self.interior[axis];
            self.low[axis]..self.low[axis] + spread
        });
        let strides: Vec<_> =
            self.interior.iter().map(|between| between.saturating_add(1)).collect();
        let dx = dy.slice_strided(ranges.collect::<Vec<_>>(), strides);
        Ok(vec![Some(dx), Some(dy.sum(..) - dx.sum(..))])
    }
}

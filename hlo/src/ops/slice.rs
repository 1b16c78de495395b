//! A range of every axis, with a stride.

use std::ops::Range;

use super::{Application, Cotangents, Form, NoGradient, Op, Spelling, Statement};
use crate::attribute::Attribute;
use crate::shape::resolve_axis;
use crate::{Rule, Tensor, Type};

/// One entry per axis.
#[derive(Clone, Debug)]
struct Slice {
    ranges: Vec<Range<usize>>,
    strides: Vec<usize>,
}

impl<'t> Tensor<'t> {
    /// The elements `range` of `axis`, all of the other axes.
    #[track_caller]
    pub fn slice(self, axis: i32, range: Range<usize>) -> Self {
        if self.is_poison() {
            return self;
        }
        match resolve_axis(axis, self.shape().len()) {
            Ok(axis) => self.every(axis, range, 1),
            Err(rule) => self.trace().refuse("slice", &[self.ty()], rule),
        }
    }

    /// Every `stride`-th element of `range` of `axis`, all of the other axes.
    #[track_caller]
    pub(crate) fn every(self, axis: usize, range: Range<usize>, stride: usize) -> Self {
        let whole = stride == 1 && self.shape().get(axis).is_some_and(|&size| range == (0..size));
        if whole {
            return self;
        }
        let mut ranges: Vec<_> = self.shape().iter().map(|&size| 0..size).collect();
        let mut strides = vec![1; ranges.len()];
        if let (Some(entry), Some(step)) = (ranges.get_mut(axis), strides.get_mut(axis)) {
            (*entry, *step) = (range, stride);
        }
        self.slice_strided(ranges, strides)
    }

    /// Every `strides[i]`-th element of `ranges[i]` of each axis `i`.
    #[track_caller]
    pub fn slice_strided(
        self,
        ranges: impl Into<Vec<Range<usize>>>,
        strides: impl Into<Vec<usize>>,
    ) -> Self {
        self.trace().apply(Slice { ranges: ranges.into(), strides: strides.into() }, &[self])
    }
}

impl Op for Slice {
    fn name(&self) -> &'static str {
        "slice"
    }

    fn infer(&self, operands: &[Type]) -> Result<Vec<Type>, Rule> {
        let shape = operands[0].shape;
        for (what, given) in [("range", self.ranges.len()), ("stride", self.strides.len())] {
            if given != shape.len() {
                return Err(Rule::OneEach { what, of: "axes", expected: shape.len(), got: given });
            }
        }
        let mut dims = Vec::new();
        for (axis, (range, &stride)) in self.ranges.iter().zip(&self.strides).enumerate() {
            if range.start > range.end || range.end > shape[axis] {
                let (start, end, size) = (range.start, range.end, shape[axis]);
                return Err(Rule::Range { axis, start, end, size });
            }
            if stride == 0 || i64::try_from(stride).is_err() {
                return Err(Rule::Step { what: "stride", axis, got: stride });
            }
            dims.push(range.len().div_ceil(stride));
        }
        Ok(vec![Type::new(operands[0].dtype, dims.into_iter().collect())])
    }

    fn form(&self) -> Form {
        let ends =
            |end: fn(&Range<usize>) -> usize| self.ranges.iter().map(end).collect::<Vec<_>>();
        Form::Operation {
            attributes: vec![
                ("start_indices", Attribute::ints(&ends(|range| range.start))),
                ("limit_indices", Attribute::ints(&ends(|range| range.end))),
                ("strides", Attribute::ints(&self.strides)),
            ],
            spellings: const { &[Spelling::first("slice_v1")] },
        }
    }

    fn print(&self, at: &Statement) -> String {
        let axes = self.ranges.iter().zip(&self.strides).map(|(range, &stride)| {
            let stride = if stride == 1 { String::new() } else { format!(":{stride}") };
            format!("{}:{}{stride}", range.start, range.end)
        });
        at.typed(self.name(), &format!(" [{}]", axes.collect::<Vec<_>>().join(", ")))
    }

    fn vjp<'t>(&self, at: &Application<'t>) -> Result<Cotangents<'t>, NoGradient> {
        let (from, to) = (at.operands[0].shape(), at.result().shape());
        let low: Vec<_> = self.ranges.iter().map(|range| range.start as i64).collect();
        let interior: Vec<_> = self.strides.iter().map(|stride| stride - 1).collect();
        let high = (0..from.len()).map(|axis| {
            let spread = to[axis] + to[axis].saturating_sub(1) * interior[axis];
            (from[axis] - self.ranges[axis].start - spread) as i64
        });
        let high: Vec<_> = high.collect();
        Ok(vec![Some(at.cotangent().pad(at.cotangent().scalar(0.0), low, high, interior))])
    }
}

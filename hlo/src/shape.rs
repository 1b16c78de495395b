//! Dimensions of tensors, axes, and NumPy's broadcasting rule.

use std::fmt::{self, Write};
use std::ops::{Deref, RangeFull};

use crate::{DType, Rule};

/// The largest number of dimensions that a tensor may have.
pub const MAX_RANK: usize = 8;

/// The dimensions of a tensor, most significant first. Reads as a slice of `usize`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Shape {
    /// Zeros from `rank` on.
    dims: [usize; MAX_RANK],
    /// May exceed [`MAX_RANK`]: a trace reports it at the first use.
    rank: usize,
}

impl Shape {
    pub(crate) const SCALAR: Self = Self { dims: [0; MAX_RANK], rank: 0 };

    /// The number of elements.
    ///
    /// Saturates where the product leaves `usize`; no trace accepts such a tensor.
    pub fn elements(&self) -> usize {
        self.iter().fold(1, |product, &dim| product.saturating_mul(dim))
    }

    pub(crate) fn check(&self, dtype: DType) -> Result<(), Rule> {
        if self.rank > MAX_RANK {
            return Err(Rule::Rank { expected: format!("at most {MAX_RANK}"), got: self.rank });
        }
        let bytes = dtype.bits() as usize / 8;
        // An axis without elements makes no other one fit.
        let size = self.iter().try_fold(bytes, |size, &dim| size.checked_mul(dim.max(1)));
        match size {
            Some(size) if isize::try_from(size).is_ok() => Ok(()),
            _ => Err(Rule::TooLarge { shape: *self }),
        }
    }

    /// The last axis, where there is one.
    pub(crate) fn last_axis(&self) -> Result<usize, Rule> {
        let rule = Rule::Rank { expected: "at least 1".to_owned(), got: 0 };
        self.len().checked_sub(1).ok_or(rule)
    }

    /// The shape without the axes in `axes`.
    pub(crate) fn without(&self, axes: &[usize]) -> Self {
        (0..self.len()).filter(|axis| !axes.contains(axis)).map(|axis| self[axis]).collect()
    }

    /// The shape with another size of `axis`.
    pub(crate) fn with(&self, axis: usize, size: usize) -> Self {
        let mut shape = *self;
        shape.dims[axis] = size;
        shape
    }

    /// The shape with 1 for each of `axes`: that of a sum which is to broadcast against the summands.
    pub(crate) fn with_ones(&self, axes: &[usize]) -> Self {
        let size = |axis: usize| if axes.contains(&axis) { 1 } else { self[axis] };
        (0..self.len()).map(size).collect()
    }

    /// The shape that two operands take together: right-aligned, where one has 1 the other decides.
    pub(crate) fn broadcast(lhs: &Self, rhs: &Self) -> Option<Self> {
        let rank = lhs.len().max(rhs.len());
        let at = |shape: &Self, axis: usize| {
            (axis + shape.len()).checked_sub(rank).map_or(1, |axis| shape[axis])
        };
        (0..rank)
            .map(|axis| match (at(lhs, axis), at(rhs, axis)) {
                (l, r) if l == r || r == 1 => Some(l),
                (1, r) => Some(r),
                _ => None,
            })
            .collect()
    }
}

impl Deref for Shape {
    type Target = [usize];

    fn deref(&self) -> &[usize] {
        &self.dims[..self.rank.min(MAX_RANK)]
    }
}

impl FromIterator<usize> for Shape {
    fn from_iter<I: IntoIterator<Item = usize>>(iter: I) -> Self {
        let mut shape = Self::SCALAR;
        for dim in iter {
            if let Some(slot) = shape.dims.get_mut(shape.rank) {
                *slot = dim;
            }
            shape.rank += 1;
        }
        shape
    }
}

impl From<&[usize]> for Shape {
    fn from(dims: &[usize]) -> Self {
        dims.iter().copied().collect()
    }
}

impl From<Vec<usize>> for Shape {
    fn from(dims: Vec<usize>) -> Self {
        dims.into_iter().collect()
    }
}

impl From<&Vec<usize>> for Shape {
    fn from(dims: &Vec<usize>) -> Self {
        dims.iter().copied().collect()
    }
}

impl<const N: usize> From<[usize; N]> for Shape {
    fn from(dims: [usize; N]) -> Self {
        dims.into_iter().collect()
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self[..], f)
    }
}

impl fmt::Debug for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Element type and dimensions of a tensor. Displays as `f32[32, 10]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Type {
    /// The element type.
    pub dtype: DType,
    /// The dimensions.
    pub shape: Shape,
}

impl Type {
    pub(crate) fn new(dtype: DType, shape: Shape) -> Self {
        Self { dtype, shape }
    }

    /// The type in StableHLO's spelling, such as `tensor<32x10xf32>`.
    pub(crate) fn mlir(&self) -> String {
        let mut text = String::from("tensor<");
        for dim in self.shape.iter() {
            write!(text, "{dim}x").expect("a string takes any text");
        }
        text + self.dtype.name() + ">"
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.dtype, self.shape)
    }
}

/// Axes to reduce over: one (`-1` is the last), several (`[0, 2]`), or all (`..`).
#[derive(Clone, Debug)]
pub struct Axes(Option<Vec<i32>>);

impl Axes {
    /// Sorted axes of a shape of `rank` dimensions.
    pub(crate) fn resolve(&self, rank: usize) -> Result<Vec<usize>, Rule> {
        let Some(axes) = &self.0 else { return Ok((0..rank).collect()) };
        let mut resolved =
            axes.iter().map(|&axis| resolve_axis(axis, rank)).collect::<Result<Vec<_>, _>>()?;
        check_distinct(&resolved, rank)?;
        resolved.sort_unstable();
        Ok(resolved)
    }
}

/// The axis that `axis` names in a shape of `rank` dimensions; negative ones count from the end.
pub(crate) fn resolve_axis(axis: i32, rank: usize) -> Result<usize, Rule> {
    let resolved = if axis < 0 { axis as isize + rank as isize } else { axis as isize };
    usize::try_from(resolved)
        .ok()
        .filter(|&resolved| resolved < rank)
        .ok_or(Rule::Axis { axis: axis.into(), rank })
}

/// That all `axes` are ones of a shape of `rank` dimensions, and none is named twice.
pub(crate) fn check_distinct(axes: &[usize], rank: usize) -> Result<(), Rule> {
    for (i, &axis) in axes.iter().enumerate() {
        if axis >= rank {
            return Err(Rule::Axis { axis: axis as i128, rank });
        }
        if axes[..i].contains(&axis) {
            return Err(Rule::RepeatedAxis { axis });
        }
    }
    Ok(())
}

/// Whether `axes` names each axis of a shape of `rank` dimensions once.
pub(crate) fn is_permutation(axes: &[usize], rank: usize) -> bool {
    axes.len() == rank && check_distinct(axes, rank).is_ok()
}

impl From<i32> for Axes {
    fn from(axis: i32) -> Self {
        Self(Some(vec![axis]))
    }
}

impl<const N: usize> From<[i32; N]> for Axes {
    fn from(axes: [i32; N]) -> Self {
        Self(Some(axes.to_vec()))
    }
}

impl From<Vec<i32>> for Axes {
    fn from(axes: Vec<i32>) -> Self {
        Self(Some(axes))
    }
}

impl From<&[i32]> for Axes {
    fn from(axes: &[i32]) -> Self {
        Self(Some(axes.to_vec()))
    }
}

impl From<RangeFull> for Axes {
    fn from(_: RangeFull) -> Self {
        Self(None)
    }
}

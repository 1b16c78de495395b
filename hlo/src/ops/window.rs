//! Windows that go over the axes of a tensor: where they stand, and how many they are.

use crate::attribute::Attribute;
use crate::{Rule, Shape, Tensor};

/// What is put around the axes that a window goes over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Padding {
    /// Nothing: every window lies within.
    #[default]
    Valid,
    /// As much as gives `⌈size / stride⌉` windows, half of it on either side; of an odd number one
    /// more behind.
    Same,
    /// For each axis so many elements before and behind. A negative number takes elements away.
    Explicit(Vec<(i64, i64)>),
}

/// A window and how it goes over the axes of a tensor, with an entry for each axis. A list that is
/// left empty has 1 for each.
///
/// ```
/// use hlo::{Padding, Window};
///
/// let pooling = Window { strides: vec![2, 2], ..Window::of([3, 3]) };
/// assert_eq!(pooling.padding, Padding::Valid);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Window {
    /// How many elements the window has.
    pub dimensions: Vec<usize>,
    /// How far it is from one window to the next.
    pub strides: Vec<usize>,
    /// What stands around the tensor.
    pub padding: Padding,
    /// How far it is from one element of the tensor to the next once it has been spread, with holes
    /// between.
    pub base_dilations: Vec<usize>,
    /// How far it is from one element of the window to the next.
    pub window_dilations: Vec<usize>,
}

impl Window {
    /// A window of so many elements that goes on by one, within the tensor.
    pub fn of(dimensions: impl Into<Vec<usize>>) -> Self {
        Self { dimensions: dimensions.into(), ..Self::default() }
    }

    /// The window along each axis of a tensor of these dimensions.
    pub(super) fn spans(&self, sizes: &[usize]) -> Result<Vec<Span>, Rule> {
        let rank = sizes.len();
        entries("size of the window", self.dimensions.len(), rank)?;
        let strides = or_ones("stride", &self.strides, rank)?;
        let base = or_ones("dilation of the operand", &self.base_dilations, rank)?;
        let dilations = or_ones("dilation of the window", &self.window_dilations, rank)?;
        if let Padding::Explicit(padding) = &self.padding {
            entries("padding", padding.len(), rank)?;
        }
        let span = |axis: usize| {
            let mut span = Span {
                size: self.dimensions[axis],
                stride: strides[axis],
                low: 0,
                high: 0,
                base_dilation: base[axis],
                window_dilation: dilations[axis],
            };
            span.check(axis)?;
            (span.low, span.high) = match &self.padding {
                Padding::Valid => (0, 0),
                Padding::Same => span.same(sizes[axis]),
                Padding::Explicit(padding) => padding[axis],
            };
            Ok(span)
        };
        (0..rank).map(span).collect()
    }
}

/// That there is an entry for each axis that a window goes over.
pub(super) fn entries(what: &'static str, got: usize, expected: usize) -> Result<(), Rule> {
    let of = "axes that the window goes over";
    if got == expected { Ok(()) } else { Err(Rule::OneEach { what, of, expected, got }) }
}

fn or_ones(what: &'static str, list: &[usize], rank: usize) -> Result<Vec<usize>, Rule> {
    if list.is_empty() {
        return Ok(vec![1; rank]);
    }
    entries(what, list.len(), rank)?;
    Ok(list.to_vec())
}

/// A window along one axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) size: usize,
    pub(super) stride: usize,
    pub(super) low: i64,
    pub(super) high: i64,
    pub(super) base_dilation: usize,
    pub(super) window_dilation: usize,
}

/// How many places `size` elements take that are `dilation` apart. Far from the ends of `i128`:
/// both are below 2⁶³.
fn dilated(size: usize, dilation: usize) -> i128 {
    if size == 0 { 0 } else { (size as i128 - 1) * dilation as i128 + 1 }
}

impl Span {
    /// A window of one element, over every one of an axis.
    pub(super) const ONE: Self =
        Self { size: 1, stride: 1, low: 0, high: 0, base_dilation: 1, window_dilation: 1 };

    /// Whether the numbers are ones that a window may have along `axis`.
    fn check(&self, axis: usize) -> Result<(), Rule> {
        let steps = [
            ("stride", self.stride),
            ("dilation of the operand", self.base_dilation),
            ("dilation of the window", self.window_dilation),
            ("size of the window", self.size),
        ];
        for (what, got) in steps {
            if got == 0 || i64::try_from(got).is_err() {
                return Err(Rule::Step { what, axis, got });
            }
        }
        Ok(())
    }

    /// The elements from the first to the last of the window.
    fn extent(&self) -> i128 {
        dilated(self.size, self.window_dilation)
    }

    /// The padding that gives a window for each stride of the operand.
    fn same(&self, size: usize) -> (i64, i64) {
        let size = dilated(size, self.base_dilation);
        let stride = self.stride as i128;
        let covered = ((size + stride - 1) / stride - 1).max(0) * stride + self.extent();
        let total = i64::try_from((covered - size).max(0)).unwrap_or(i64::MAX);
        (total / 2, total - total / 2)
    }

    /// How many windows there are along `axis`, which has `size` elements.
    pub(super) fn count(&self, axis: usize, size: usize) -> Result<usize, Rule> {
        self.check(axis)?;
        let (low, high) = (i128::from(self.low), i128::from(self.high));
        let (size, window) = (dilated(size, self.base_dilation), self.extent());
        let padded = size + low + high;
        // So that no sum of these, as gradients make them, leaves 64 bits.
        if [size, low, high, padded].into_iter().any(|elements| elements.abs() >= 1 << 60) {
            return Err(Rule::Stretched { axis });
        }
        match usize::try_from((padded - window).div_euclid(self.stride as i128) + 1) {
            Ok(count) if window <= padded => Ok(count),
            _ => Err(Rule::Window { axis, window, padded }),
        }
    }

    /// The window that takes each element of an axis of `size` elements to the places of `count`
    /// windows in which it was: over what the windows gave, and with a kernel, if there is one, the
    /// other way round.
    pub(super) fn transposed(&self, size: usize, count: usize) -> Self {
        let low = self.extent() - 1 - i128::from(self.low);
        let high =
            dilated(size, self.base_dilation) + i128::from(self.low) - dilated(count, self.stride);
        Self {
            size: self.size,
            stride: self.base_dilation,
            low: padding(low),
            high: padding(high),
            base_dilation: self.stride,
            window_dilation: self.window_dilation,
        }
    }

    /// The window of `count` elements, what the windows gave, that takes an axis of `size` elements
    /// to the elements of the kernel that it met.
    pub(super) fn kernel(&self, size: usize, count: usize) -> Self {
        let covered = self.extent() - 1 + dilated(count, self.stride);
        let high = covered - dilated(size, self.base_dilation) - i128::from(self.low);
        Self {
            size: count,
            stride: self.window_dilation,
            low: self.low,
            high: padding(high),
            base_dilation: self.base_dilation,
            window_dilation: self.stride,
        }
    }

    pub(super) fn is_undilated(&self) -> bool {
        self.base_dilation == 1 && self.window_dilation == 1
    }
}

/// A number of elements that stand around a tensor which has been checked: it fits.
fn padding(elements: i128) -> i64 {
    i64::try_from(elements).expect("the extent of a window that was counted")
}

/// The shape of what windows give.
pub(super) fn counts(spans: &[Span], shape: Shape) -> Result<Shape, Rule> {
    spans.iter().enumerate().map(|(axis, span)| span.count(axis, shape[axis])).collect()
}

/// One number of each span.
pub(super) fn span_attribute(spans: &[Span], of: fn(&Span) -> usize) -> Attribute {
    Attribute::ints(&spans.iter().map(of).collect::<Vec<_>>())
}

/// The padding as an attribute has it, axis by axis.
pub(super) fn padding_attribute(spans: &[Span]) -> Attribute {
    let values = spans.iter().flat_map(|span| [span.low, span.high]).collect();
    Attribute::Matrix { columns: 2, values }
}

/// For each element of a window, from the first to the last, what it meets in all windows. `fill`
/// stands around and between the elements of `x`.
pub(super) fn patches<'t>(x: Tensor<'t>, fill: Tensor<'t>, spans: &[Span]) -> Vec<Tensor<'t>> {
    let Ok(counts) = counts(spans, x.shape()) else { return vec![] };
    let padded = padded(x, fill, spans);
    let total: usize = spans.iter().map(|span| span.size).product();
    let patch = |mut place: usize| {
        let mut ranges = vec![0..0; spans.len()];
        for (axis, span) in spans.iter().enumerate().rev() {
            let start = place % span.size * span.window_dilation;
            place /= span.size;
            ranges[axis] = start..start + (counts[axis] - 1) * span.stride + 1;
        }
        padded.slice_strided(ranges, spans.iter().map(|span| span.stride).collect::<Vec<_>>())
    };
    (0..total).map(patch).collect()
}

/// `x` with `fill` between its elements and around them, or without its outer elements.
pub(super) fn padded<'t>(x: Tensor<'t>, fill: Tensor<'t>, spans: &[Span]) -> Tensor<'t> {
    x.pad(
        fill,
        spans.iter().map(|span| span.low).collect::<Vec<_>>(),
        spans.iter().map(|span| span.high).collect::<Vec<_>>(),
        spans.iter().map(|span| span.base_dilation - 1).collect::<Vec<_>>(),
    )
}

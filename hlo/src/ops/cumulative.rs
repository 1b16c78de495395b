//! Folds of everything up to each element of an axis: windows that reach back to the first.

use super::NoGradient;
use super::fold::Fold;
use super::window::Span;
use crate::shape::resolve_axis;
use crate::{Shape, Tensor};

impl<'t> Tensor<'t> {
    /// The sum of the elements along `axis` up to each one, itself included. Floats of fewer than 32
    /// bits are summed as `f32`.
    #[track_caller]
    pub fn cumsum(self, axis: i32) -> Self {
        self.cumulative("cumsum", axis, Fold::Sum)
    }

    /// The product of the elements along `axis` up to each one, itself included. Floats of fewer than
    /// 32 bits are multiplied as `f32`.
    #[track_caller]
    pub fn cumprod(self, axis: i32) -> Self {
        self.cumulative("cumprod", axis, Fold::Product)
    }

    /// The largest of the elements along `axis` up to each one, itself included. Equal elements
    /// share the gradient.
    #[track_caller]
    pub fn cummax(self, axis: i32) -> Self {
        self.cumulative("cummax", axis, Fold::Max)
    }

    /// The smallest of the elements along `axis` up to each one, itself included. Equal elements
    /// share the gradient.
    #[track_caller]
    pub fn cummin(self, axis: i32) -> Self {
        self.cumulative("cummin", axis, Fold::Min)
    }

    #[track_caller]
    fn cumulative(self, name: &'static str, axis: i32, fold: Fold) -> Self {
        if self.is_poison() {
            return self;
        }
        let checked = self.dtype().check_number();
        match checked.and_then(|()| resolve_axis(axis, self.shape().len())) {
            Ok(_) if self.shape().elements() == 0 => self,
            Ok(axis) => {
                let spans = up_to_each(self.shape(), axis);
                self.widened_for(fold).fold_spans(fold, spans).to(self.dtype())
            }
            Err(rule) => self.trace().refuse(name, &[self.ty()], rule),
        }
    }
}

/// Windows that hold every element of `axis` up to each one.
fn up_to_each(shape: Shape, axis: usize) -> Vec<Span> {
    let mut spans = vec![Span::ONE; shape.len()];
    spans[axis].size = shape[axis];
    spans[axis].low = i64::try_from(shape[axis]).expect("checked by the shape rule") - 1;
    spans
}

/// The axis that windows hold every element of up to each one, if that is what they do.
pub(super) fn cumulative_axis(spans: &[Span], shape: Shape) -> Option<usize> {
    let axis = spans.iter().position(|span| *span != Span::ONE)?;
    (shape[axis] > 0 && spans == up_to_each(shape, axis)).then_some(axis)
}

/// Each element of `axis` folded with all before it, in about 2·log₂ steps that fold twice as many
/// elements in all as there are: neighbours are folded, and the prefixes of these pairs are those of
/// every second element.
pub(super) fn prefixes<'t>(
    tensors: &[Tensor<'t>],
    axis: usize,
    fold: &impl Fn(&[Tensor<'t>], &[Tensor<'t>]) -> Result<Vec<Tensor<'t>>, NoGradient>,
) -> Result<Vec<Tensor<'t>>, NoGradient> {
    let count = tensors[0].shape()[axis];
    if count < 2 {
        return Ok(tensors.to_vec());
    }
    let every = |tensors: &[Tensor<'t>], start: usize, end: usize, stride| -> Vec<Tensor<'t>> {
        tensors.iter().map(|tensor| tensor.every(axis, start..end, stride)).collect()
    };
    let pairs = count / 2;
    let folded = fold(&every(tensors, 0, 2 * pairs, 2), &every(tensors, 1, 2 * pairs, 2))?;
    let odd = prefixes(&folded, axis, fold)?;
    let mut even = every(tensors, 0, 1, 1);
    let behind = (count - 1) / 2;
    if behind > 0 {
        let rest = fold(&every(&odd, 0, behind, 1), &every(tensors, 2, count, 2))?;
        even = even.iter().zip(rest).map(|(first, rest)| joined(*first, rest, axis)).collect();
    }
    Ok(even.iter().zip(odd).map(|(even, odd)| interleaved(*even, odd, axis)).collect())
}

/// The elements of `axis` in turn, of which `even` may have one more.
fn interleaved<'t>(even: Tensor<'t>, odd: Tensor<'t>, axis: usize) -> Tensor<'t> {
    let pairs = odd.shape()[axis];
    let beside = |tensor: Tensor<'t>| tensor.expand_dims(axis as i32 + 1);
    let both = joined(beside(even.every(axis, 0..pairs, 1)), beside(odd), axis + 1);
    let both = both.reshape(odd.shape().with(axis, 2 * pairs));
    if even.shape()[axis] == pairs {
        return both;
    }
    joined(both, even.every(axis, pairs..pairs + 1, 1), axis)
}

fn joined<'t>(first: Tensor<'t>, second: Tensor<'t>, axis: usize) -> Tensor<'t> {
    first.trace().concatenate(&[first, second], axis as i32)
}

//! Products of tensors whose axes have labels: what `einsum` and `matmul` come down to.

use crate::shape::Shape;
use crate::{DType, DotDimensions, Rule, Tensor, Trace};

/// A tensor with a label for each axis. Axes with one label belong together.
#[derive(Clone, Debug)]
pub(crate) struct Labelled<'t> {
    pub(crate) tensor: Tensor<'t>,
    pub(crate) labels: Vec<char>,
}

impl<'t> Labelled<'t> {
    pub(crate) fn new(tensor: Tensor<'t>, labels: impl Into<Vec<char>>) -> Self {
        Self { tensor, labels: labels.into() }
    }

    /// The size of the axis that has the label.
    fn size(&self, label: char) -> Option<usize> {
        let axis = self.labels.iter().position(|&other| other == label)?;
        Some(self.tensor.shape()[axis])
    }

    fn has(&self, label: char) -> bool {
        self.labels.contains(&label)
    }

    fn axes(&self, labels: &[char]) -> Vec<usize> {
        let axis = |label| self.labels.iter().position(|other| other == label);
        labels.iter().map(|label| axis(label).expect("an axis of each label")).collect()
    }

    /// Axes that have the same label become one: their diagonal.
    #[track_caller]
    fn diagonal(self) -> Self {
        let twice = |&label: &char| self.labels.iter().filter(|&&other| other == label).count() > 1;
        let Some(label) = self.labels.iter().copied().find(twice) else { return self };
        let of_label = |axis: &usize| self.labels[*axis] == label;
        let (same, others): (Vec<_>, Vec<_>) = (0..self.labels.len()).partition(of_label);
        let size = self.tensor.shape()[same[0]];
        // In the row-major order of `same` axes the diagonal's elements are equally far apart.
        let stride = (0..same.len()).map(|i| size.pow(i as u32)).sum();
        let kept: Shape = others.iter().map(|&axis| self.tensor.shape()[axis]).collect();
        let flat = kept.iter().copied().chain([size.pow(same.len() as u32)]).collect::<Vec<_>>();
        let labels: Vec<_> = others.iter().map(|&axis| self.labels[axis]).chain([label]).collect();
        let tensor = self.tensor.transpose([others, same].concat()).reshape(&flat);
        let ranges: Vec<_> = flat.iter().map(|&size| 0..size).collect();
        let mut strides = vec![1; flat.len()];
        *strides.last_mut().expect("the flat axis") = stride;
        Self { tensor: tensor.slice_strided(ranges, strides), labels }.diagonal()
    }

    /// Without the axes whose labels `goes` names; each has one element.
    #[track_caller]
    fn squeeze(self, goes: impl Fn(char) -> bool) -> Self {
        let kept = |axis: &usize| !goes(self.labels[*axis]);
        let kept: Vec<_> = (0..self.labels.len()).filter(kept).collect();
        let shape: Shape = kept.iter().map(|&axis| self.tensor.shape()[axis]).collect();
        let labels = kept.iter().map(|&axis| self.labels[axis]).collect();
        Self { tensor: self.tensor.reshape(shape), labels }
    }

    /// Summed over the axes whose labels `goes` names.
    #[track_caller]
    fn sum(self, goes: impl Fn(char) -> bool) -> Self {
        let (gone, kept): (Vec<_>, Vec<_>) = self.labels.iter().partition(|&&label| goes(label));
        Self { tensor: self.tensor.sum_axes(&self.axes(&gone)), labels: kept }
    }

    /// With its axes in the order of `labels`, which are the same.
    #[track_caller]
    fn ordered(self, labels: &[char]) -> Self {
        Self { tensor: self.tensor.transpose(self.axes(labels)), labels: labels.to_vec() }
    }

    /// The product with `other`, whose equal labels have equal sizes, summed over what `needed`
    /// doesn't name. The axes come in the order of `result` where that is given.
    #[track_caller]
    fn product(
        self,
        other: Self,
        needed: impl Fn(char) -> bool,
        result: Option<&[char]>,
        dtype: DType,
    ) -> Self {
        let lhs = self.clone().sum(|label| !needed(label) && !other.has(label));
        let rhs = other.sum(|label| !needed(label) && !self.has(label));
        let (mut batch, contracted): (Vec<_>, Vec<_>) =
            lhs.labels.iter().filter(|&&label| rhs.has(label)).partition(|&&label| needed(label));
        if let Some(result) = result {
            batch.sort_unstable_by_key(|label| result.iter().position(|other| other == label));
        }
        let order = |lhs: &Self, rhs: &Self| {
            let free = |mine: &Self, theirs: &Self| {
                mine.labels.iter().copied().filter(|&label| !theirs.has(label)).collect::<Vec<_>>()
            };
            [batch.clone(), free(lhs, rhs), free(rhs, lhs)].concat()
        };
        // One of both orders may be the one asked for.
        let swap = result.is_some_and(|result| result == order(&rhs, &lhs));
        let (lhs, rhs) = if swap { (rhs, lhs) } else { (lhs, rhs) };
        let dimensions = DotDimensions {
            lhs_contracting: lhs.axes(&contracted),
            rhs_contracting: rhs.axes(&contracted),
            lhs_batch: lhs.axes(&batch),
            rhs_batch: rhs.axes(&batch),
        };
        let labels = order(&lhs, &rhs);
        let product =
            Self { tensor: lhs.tensor.dot_general_to(rhs.tensor, dimensions, dtype), labels };
        match result {
            Some(result) => product.ordered(result),
            None => product,
        }
    }
}

/// The product of `operands` with axes `result`, summed over all other labels, as elements of
/// `dtype`. Operands are of one type. Of one label all sizes must be equal, or 1, which repeats.
///
/// Products are taken in pairs, the one with the fewest multiplications first.
#[track_caller]
pub(crate) fn contract<'t>(
    trace: &'t Trace,
    operands: Vec<Labelled<'t>>,
    result: &[char],
    dtype: DType,
) -> Tensor<'t> {
    if trace.has_error() {
        return Tensor::poison(trace);
    }
    let size = |label: char| {
        let sizes = operands.iter().filter_map(|operand| operand.size(label));
        // Of sizes that differ from each other the others are 1.
        sizes.reduce(|size, other| if size == 1 { other } else { size }).unwrap_or(1)
    };
    let mut left = vec![];
    for operand in operands.clone() {
        let operand = operand.diagonal();
        let repeats = |label| operand.size(label) == Some(1) && size(label) != 1;
        left.push(operand.clone().squeeze(repeats));
    }
    while left.len() > 1 {
        let work = |&(i, j): &(usize, usize)| {
            let (lhs, rhs) = (&left[i], &left[j]);
            let theirs = rhs.labels.iter().filter(|&&label| !lhs.has(label));
            lhs.labels.iter().chain(theirs).fold(1.0, |work, &label| work * size(label) as f64)
        };
        let pairs = (0..left.len()).flat_map(|j| (0..j).map(move |i| (i, j)));
        let cheapest = pairs.min_by(|a, b| work(a).total_cmp(&work(b)));
        let (i, j) = cheapest.expect("two operands make a pair");
        let rhs = left.remove(j);
        let lhs = left.remove(i);
        let last = left.is_empty();
        let needed =
            |label| result.contains(&label) || left.iter().any(|operand| operand.has(label));
        let product = lhs.product(rhs, needed, last.then_some(result), dtype);
        left.insert(i, product);
    }
    let only = left.pop().expect("at least one operand");
    only.sum(|label| !result.contains(&label)).ordered(result).tensor
}

impl<'t> Tensor<'t> {
    /// The product of matrices, as NumPy's `matmul` and Python's `@`: `[…, N, M]` times `[…, M, K]`
    /// is `[…, N, K]`. The axes before the last two broadcast. A tensor `[M]` on the left counts as
    /// one row, on the right as one column, which the result doesn't have.
    #[track_caller]
    pub fn matmul(self, rhs: Self) -> Self {
        self.matmul_to(rhs, self.dtype())
    }

    /// [`Tensor::matmul`] with elements of `dtype`, in which the products are added up; see
    /// [`Tensor::dot_general_to`].
    #[track_caller]
    pub fn matmul_to(self, rhs: Self, dtype: DType) -> Self {
        let trace = self.trace();
        if rhs.is_foreign(trace) {
            return trace.refuse_foreign("matmul", &[self, rhs]);
        }
        if self.is_poison() || rhs.is_poison() {
            return Self::poison(trace);
        }
        match (matrix(self.shape(), 'n', 'm'), matrix(rhs.shape(), 'm', 'k')) {
            (Some(left), Some(right)) => match self.check_matmul(rhs, &left, &right) {
                Ok(result) => {
                    let operands = vec![Labelled::new(self, left), Labelled::new(rhs, right)];
                    contract(trace, operands, &result, dtype)
                }
                Err(rule) => trace.refuse("matmul", &[self.ty(), rhs.ty()], rule),
            },
            _ => {
                let rule = Rule::Rank { expected: "at least 1".to_owned(), got: 0 };
                trace.refuse("matmul", &[self.ty(), rhs.ty()], rule)
            }
        }
    }

    /// The labels of the result.
    fn check_matmul(self, rhs: Self, left: &[char], right: &[char]) -> Result<Vec<char>, Rule> {
        if self.dtype() != rhs.dtype() {
            return Err(Rule::DTypes { lhs: self.dtype(), rhs: rhs.dtype() });
        }
        let axis = |labels: &[char]| labels.iter().position(|&label| label == 'm');
        let (lhs_axis, rhs_axis) = (axis(left).expect("a row"), axis(right).expect("a column"));
        let (lhs_size, rhs_size) = (self.shape()[lhs_axis], rhs.shape()[rhs_axis]);
        if lhs_size != rhs_size {
            let (lhs, rhs) = (lhs_size, rhs_size);
            return Err(Rule::Contraction { lhs_axis, lhs, rhs_axis, rhs });
        }
        let batch = |shape: Shape| shape[..shape.len().saturating_sub(2)].iter().copied().collect();
        let (lhs, rhs): (Shape, Shape) = (batch(self.shape()), batch(rhs.shape()));
        let batch = Shape::broadcast(&lhs, &rhs).ok_or(Rule::Broadcast { lhs, rhs })?;
        let kept = left.iter().chain(right).copied().filter(|label| matches!(label, 'n' | 'k'));
        Ok(batch_labels(batch.len()).chain(kept).collect())
    }
}

/// Labels of the axes of a stack of matrices, or of a vector, which has only `inner`: `m`.
fn matrix(shape: Shape, rows: char, columns: char) -> Option<Vec<char>> {
    match shape.len() {
        0 => None,
        1 => Some(vec!['m']),
        rank => Some(batch_labels(rank - 2).chain([rows, columns]).collect()),
    }
}

/// Labels of `count` axes that align from the last, the last of which is `0`.
pub(crate) fn batch_labels(count: usize) -> impl Iterator<Item = char> {
    ('0'..).take(count).collect::<Vec<_>>().into_iter().rev()
}

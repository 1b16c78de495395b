//! Axes folded to one element.

use std::ops::Range;

use super::fold::{
    Fold, Folding, body, fold_elements, folded_types, folding, types, wanted_cotangents,
};
use super::{Application, Cotangents, Form, NoGradient, Op, Spelling, Statement};
use crate::attribute::Attribute;
use crate::graph::BlockId;
use crate::{Axes, DType, Rule, Shape, Tensor, Tree, Type};

#[derive(Clone, Debug)]
struct Reduce {
    axes: Vec<usize>,
}

/// Folds `axes` of one tensor or of several to one element with `body`, which gets two partial
/// results and returns one, all of them scalars in the arrangement of `operands`. `body` must be
/// associative, and `init`, of scalars, must not change what it is folded with: in which order
/// elements meet, and how often `init` does, is the compiler's choice.
///
/// The largest element and where it stands:
///
/// ```
/// use hlo::DType::{F32, S32};
///
/// hlo::trace("argmax", |t| {
///     let x = t.input("x", F32, [8, 5]);
///     let index = t.iota(S32, [8, 5], 1);
///     let init = (t.constant(f32::NEG_INFINITY, F32), t.constant(i32::MAX, S32));
///     let (largest, place) = hlo::reduce((x, index), init, 1, |a, b| {
///         let left = a.0.greater(b.0) | (a.0.equal(b.0) & a.1.less(b.1));
///         (left.select(a.0, b.0), left.select(a.1, b.1))
///     });
///     t.output("largest", largest);
///     t.output("place", place);
/// })?;
/// # Ok::<(), hlo::TraceError>(())
/// ```
///
/// The gradient folds once more, pair by pair, and goes through every application of `body`, which
/// must be made of operations that work element by element; sums, maxima and minima have shorter
/// ones. Equal largest or smallest elements share it.
#[track_caller]
pub fn reduce<'t, T: Tree<'t>>(
    operands: T,
    init: T,
    axes: impl Into<Axes>,
    body: impl FnOnce(T, T) -> T,
) -> T {
    let tensors = operands.tensors();
    let Some(first) = tensors.first() else { return operands };
    let trace = first.trace();
    let Folding { operands: all, body } = folding("reduce", &operands, &init, body);
    let axes = match axes.into().resolve(first.shape().len()) {
        Ok(axes) => axes,
        Err(rule) => {
            trace.refuse("reduce", &types(&all), rule);
            vec![]
        }
    };
    operands.with(&trace.apply_regions(Reduce { axes }, &all, vec![body], tensors.len()))
}

/// Folds `axes` of tensors, which the scalars to begin with follow, with a body that fits.
pub(super) fn reduce_block<'t>(
    operands: &[Tensor<'t>],
    body: BlockId,
    axes: Vec<usize>,
) -> Vec<Tensor<'t>> {
    let count = operands.len() / 2;
    operands[0].trace().apply_regions(Reduce { axes }, operands, vec![body], count)
}

impl<'t> Tensor<'t> {
    /// The sum over `axes`, which go. Floats of fewer than 32 bits are summed as `f32`.
    #[track_caller]
    pub fn sum(self, axes: impl Into<Axes>) -> Self {
        self.reduce("sum", Fold::Sum, &axes.into()).to(self.dtype())
    }

    /// The mean over `axes`, which go; of floats of fewer than 32 bits as [`Tensor::sum`] has it, of
    /// integers rounded towards zero.
    #[track_caller]
    pub fn mean(self, axes: impl Into<Axes>) -> Self {
        self.over_count(self.reduce("mean", Fold::Sum, &axes.into())).to(self.dtype())
    }

    /// The mean of the squares of the differences from the mean over `axes`, which go: the variance
    /// of the whole population.
    #[track_caller]
    pub fn variance(self, axes: impl Into<Axes>) -> Self {
        self.squared_deviation("variance", axes.into()).to(self.dtype())
    }

    /// The square root of the [variance](Tensor::variance) over `axes`, which go. Where all elements
    /// are equal it has no gradient: the result is not a number.
    #[track_caller]
    pub fn std(self, axes: impl Into<Axes>) -> Self {
        self.squared_deviation("std", axes.into()).sqrt().to(self.dtype())
    }

    /// The product over `axes`, which go. Floats of fewer than 32 bits are multiplied as `f32`.
    #[track_caller]
    pub fn prod(self, axes: impl Into<Axes>) -> Self {
        self.reduce("prod", Fold::Product, &axes.into()).to(self.dtype())
    }

    /// The largest over `axes`, which go. Equal elements share the gradient. Of booleans it is
    /// [`Tensor::any`].
    #[track_caller]
    pub fn max(self, axes: impl Into<Axes>) -> Self {
        let fold = if self.dtype() == DType::Bool { Fold::Any } else { Fold::Max };
        self.reduce("max", fold, &axes.into())
    }

    /// The smallest over `axes`, which go. Equal elements share the gradient. Of booleans it is
    /// [`Tensor::all`].
    #[track_caller]
    pub fn min(self, axes: impl Into<Axes>) -> Self {
        let fold = if self.dtype() == DType::Bool { Fold::All } else { Fold::Min };
        self.reduce("min", fold, &axes.into())
    }

    /// Whether all booleans over `axes` are true; the axes go.
    #[track_caller]
    pub fn all(self, axes: impl Into<Axes>) -> Self {
        self.reduce("all", Fold::All, &axes.into())
    }

    /// Whether any boolean over `axes` is true; the axes go.
    #[track_caller]
    pub fn any(self, axes: impl Into<Axes>) -> Self {
        self.reduce("any", Fold::Any, &axes.into())
    }

    #[track_caller]
    pub(crate) fn sum_axes(self, axes: &[usize]) -> Self {
        self.widened().fold(Fold::Sum, axes).to(self.dtype())
    }

    #[track_caller]
    pub(crate) fn max_axes(self, axes: &[usize]) -> Self {
        self.fold(Fold::Max, axes)
    }

    /// In the [wide](DType::wide) element type.
    #[track_caller]
    pub(crate) fn widened(self) -> Self {
        self.to(self.dtype().wide())
    }

    /// In the element type in which `fold` is taken: [widened](Tensor::widened) where elements add
    /// up or multiply.
    #[track_caller]
    pub(crate) fn widened_for(self, fold: Fold) -> Self {
        if matches!(fold, Fold::Sum | Fold::Product) { self.widened() } else { self }
    }

    #[track_caller]
    fn squared_deviation(self, name: &'static str, axes: Axes) -> Self {
        let Some(axes) = self.float_axes(name, &axes) else { return Self::poison(self.trace()) };
        let x = self.widened();
        let mean = self.over_count(x.fold(Fold::Sum, &axes));
        let deviation = x - mean.broadcast_in_dim(self.shape(), kept(self.shape(), &axes));
        self.over_count((deviation * deviation).fold(Fold::Sum, &axes))
    }

    /// `sum`, of this tensor over some axes, divided by how many elements each sum has.
    #[track_caller]
    fn over_count(self, sum: Self) -> Self {
        if sum.is_poison() {
            return sum;
        }
        let count = self.shape().elements() / sum.shape().elements().max(1);
        sum / sum.number(count as u64, "mean")
    }

    /// The result is in the type of [`Tensor::widened_for`].
    #[track_caller]
    fn reduce(self, name: &'static str, fold: Fold, axes: &Axes) -> Self {
        if self.is_poison() {
            return self;
        }
        let boolean = matches!(fold, Fold::All | Fold::Any);
        let dtype = self.dtype();
        let checked = if boolean {
            dtype.check(dtype == DType::Bool, "booleans")
        } else {
            dtype.check_number()
        };
        match checked.and_then(|()| axes.resolve(self.shape().len())) {
            Ok(axes) => self.widened_for(fold).fold(fold, &axes),
            Err(rule) => self.trace().refuse(name, &[self.ty()], rule),
        }
    }

    #[track_caller]
    fn fold(self, fold: Fold, axes: &[usize]) -> Self {
        if axes.is_empty() {
            return self;
        }
        let Folding { operands, body } =
            folding("reduce", &self, &fold.identity(self), |lhs, rhs| fold.of(lhs, rhs));
        let reduce = Reduce { axes: axes.to_vec() };
        self.trace().apply_regions(reduce, &operands, vec![body], 1)[0]
    }
}

impl Op for Reduce {
    fn name(&self) -> &'static str {
        "reduce"
    }

    fn infer(&self, operands: &[Type]) -> Result<Vec<Type>, Rule> {
        let result = |ty: &Type| Type::new(ty.dtype, ty.shape.without(&self.axes));
        Ok(folded_types(operands)?.iter().map(result).collect())
    }

    fn form(&self) -> Form {
        Form::Operation {
            attributes: vec![("dimensions", Attribute::ints(&self.axes))],
            spellings: const { &[Spelling::first("reduce_v1")] },
        }
    }

    fn abbreviates(&self) -> bool {
        true
    }

    fn print(&self, at: &Statement) -> String {
        let ([operand, init], Some(body)) = (&at.operands[..], at.regions[0].single) else {
            return at.generic(self.name(), &(self as &dyn Op).attributes());
        };
        format!(
            "stablehlo.reduce({operand} init: {init}) applies stablehlo.{body} across \
             dimensions = {:?} : {}",
            self.axes,
            at.signature()
        )
    }

    fn vjp<'t>(&self, at: &Application<'t>) -> Result<Cotangents<'t>, NoGradient> {
        let (x, init) = (at.operands[0], at.operands[1]);
        let (body, single) = body(at);
        let kept = kept(x.shape(), &self.axes);
        let spread = |tensor: Tensor<'t>| tensor.broadcast_in_dim(x.shape(), &kept[..]);
        match single {
            Some("add") => {
                let dy = at.cotangent();
                Ok(vec![Some(spread(dy)), at.wanted[1].then(|| dy.sum(..))])
            }
            Some("maximum" | "minimum") => {
                let dy = at.cotangent();
                let won = |tensor: Tensor<'t>, result| tensor.equal(result).to(dy.dtype());
                let chosen = won(x, spread(at.result()));
                let count = chosen.sum_axes(&self.axes);
                if !at.wanted[1] {
                    // Nothing was chosen where `init` is beyond everything.
                    let share = dy / count.maximum(1.0);
                    return Ok(vec![Some(chosen * spread(share)), None]);
                }
                let init = won(init, at.result());
                let share = dy / (count + init);
                Ok(vec![Some(chosen * spread(share)), Some((init * share).sum(..))])
            }
            _ => self.pairwise(at, body),
        }
    }
}

/// The axes of `shape` that are not in `axes`.
fn kept(shape: Shape, axes: &[usize]) -> Vec<usize> {
    (0..shape.len()).filter(|axis| !axes.contains(axis)).collect()
}

impl Reduce {
    /// The cotangents of the same fold made of operations on arrays: neighbours are folded until
    /// one element is left, in about log₂ steps.
    fn pairwise<'t>(
        &self,
        at: &Application<'t>,
        body: BlockId,
    ) -> Result<Cotangents<'t>, NoGradient> {
        let leaves: Vec<_> = at.operands.iter().map(|operand| operand.alias()).collect();
        let (tensors, inits) = leaves.split_at(at.results.len());
        let fold = |lhs: &[Tensor<'t>], rhs: &[Tensor<'t>]| fold_elements(body, lhs, rhs);
        let shape = at.results[0].shape();
        let inits: Vec<_> = inits.iter().map(|init| init.broadcast_to(shape)).collect();
        let rows: Vec<_> = tensors.iter().map(|tensor| self.rows(*tensor)).collect();
        let results = match fold_rows(rows, &fold)? {
            Some(folded) => {
                let folded: Vec<_> = folded.iter().map(|tensor| tensor.reshape(shape)).collect();
                fold(&inits, &folded)?
            }
            None => inits,
        };
        Ok(wanted_cotangents(at, results, &leaves))
    }

    /// The tensor with the axes that are folded as its last one.
    fn rows<'t>(&self, tensor: Tensor<'t>) -> Tensor<'t> {
        let kept = kept(tensor.shape(), &self.axes);
        let mut dims: Vec<_> = kept.iter().map(|&axis| tensor.shape()[axis]).collect();
        dims.push(self.axes.iter().map(|&axis| tensor.shape()[axis]).product());
        tensor.transpose([&kept[..], &self.axes].concat()).reshape(&dims)
    }
}

/// Folds the last axis of each tensor to size 1, neighbours first; `None` if it has no elements.
fn fold_rows<'t>(
    mut rows: Vec<Tensor<'t>>,
    fold: &impl Fn(&[Tensor<'t>], &[Tensor<'t>]) -> Result<Vec<Tensor<'t>>, NoGradient>,
) -> Result<Option<Vec<Tensor<'t>>>, NoGradient> {
    let last = rows[0].shape().len() - 1;
    let every = |rows: &[Tensor<'t>], range: Range<usize>, stride| -> Vec<Tensor<'t>> {
        rows.iter().map(|row| row.every(last, range.clone(), stride)).collect()
    };
    let mut count = rows[0].shape()[last];
    if count == 0 {
        return Ok(None);
    }
    // What stands behind the last pair, already folded.
    let mut rest: Option<Vec<Tensor<'t>>> = None;
    while count > 1 {
        if count % 2 == 1 {
            let single = every(&rows, count - 1..count, 1);
            rest = Some(match rest {
                Some(rest) => fold(&single, &rest)?,
                None => single,
            });
        }
        let pairs = 2 * (count / 2);
        rows = fold(&every(&rows, 0..pairs, 2), &every(&rows, 1..pairs, 2))?;
        count /= 2;
    }
    match rest {
        Some(rest) => fold(&rows, &rest).map(Some),
        None => Ok(Some(rows)),
    }
}

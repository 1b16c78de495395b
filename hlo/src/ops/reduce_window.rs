//! Windows folded to one element each.

use super::cumulative::{cumulative_axis, prefixes};
use super::fold::{
    Fold, Folding, body, fold_elements, folded_types, folding, types, wanted_cotangents,
};
use super::reduce::reduce_block;
use super::select_and_scatter::{picked, places, scatter_to_chosen};
use super::window::{Span, Window, counts, padded, padding_attribute, patches, span_attribute};
use super::{Application, Cotangents, Form, NoGradient, Op, Spelling};
use crate::graph::{BlockId, IdMap};
use crate::replay::copy_block;
use crate::{Rule, Shape, Tensor, Tree, Type};

/// One entry per axis.
#[derive(Clone, Debug)]
struct ReduceWindow {
    spans: Vec<Span>,
}

/// Folds each window of one tensor or of several to one element with `body`, as [`crate::reduce`]
/// does; `init` stands around the tensors and between their elements.
///
/// The gradient of a sum is a sum over windows; that of a maximum or minimum goes to the first of
/// equals in each window, in row-major order. With any other body, or where it is taken with respect
/// to `init`, it is taken through a slice for each element of the window; where windows hold all
/// elements of an axis up to each one, as those of [`Tensor::cumsum`] do, in log₂ steps.
///
/// ```
/// use hlo::DType::F32;
/// use hlo::Window;
///
/// hlo::trace("neighbours", |t| {
///     let x = t.input("x", F32, [8]);
///     let products = hlo::reduce_window(x, t.constant(1, F32), &Window::of([2]), |a, b| a * b);
///     assert_eq!(products.dims(), [7]);
///     t.output("products", products);
/// })?;
/// # Ok::<(), hlo::TraceError>(())
/// ```
#[track_caller]
pub fn reduce_window<'t, T: Tree<'t>>(
    operands: T,
    init: T,
    window: &Window,
    body: impl FnOnce(T, T) -> T,
) -> T {
    let tensors = operands.tensors();
    let Some(first) = tensors.first() else { return operands };
    let trace = first.trace();
    let Folding { operands: all, body } = folding("reduce_window", &operands, &init, body);
    let spans = match window.spans(&first.shape()) {
        Ok(spans) => spans,
        Err(rule) => {
            trace.refuse("reduce_window", &types(&all), rule);
            vec![]
        }
    };
    operands.with(&record(tensors.len(), all, body, spans))
}

/// Records the fold of `count` tensors, behind which stands what each begins with.
#[track_caller]
fn record<'t>(
    count: usize,
    mut operands: Vec<Tensor<'t>>,
    body: BlockId,
    spans: Vec<Span>,
) -> Vec<Tensor<'t>> {
    let trace = operands[0].trace();
    let mut op = ReduceWindow { spans };
    // XLA ends the process where windows of one element each leave elements out at the ends.
    let single = op.spans.iter().all(|span| span.size == 1);
    if single
        && !trace.has_error()
        && op.spans.iter().any(|span| span.low < 0 || span.high < 0)
        && op.infer(&types(&operands)).is_ok()
    {
        for i in 0..count {
            operands[i] = padded(operands[i], operands[count + i], &op.spans);
        }
        for span in &mut op.spans {
            *span = Span { low: 0, high: 0, base_dilation: 1, ..*span };
        }
    }
    trace.apply_regions(op, &operands, vec![body], count)
}

impl<'t> Tensor<'t> {
    /// Folds each window of the spatial axes of `[batch, spatial axes …, features]`. The result is in
    /// the type of [`Tensor::widened_for`].
    #[track_caller]
    pub(crate) fn fold_spatial_windows(
        self,
        name: &'static str,
        fold: Fold,
        window: &Window,
    ) -> Self {
        if self.is_poison() {
            return self;
        }
        let checked = self.dtype().check_number();
        match checked.and_then(|()| spatial_spans(window, self.shape())) {
            Ok(spans) => self.widened_for(fold).fold_spans(fold, spans),
            Err(rule) => self.trace().refuse(name, &[self.ty()], rule),
        }
    }

    #[track_caller]
    pub(super) fn fold_spans(self, fold: Fold, spans: Vec<Span>) -> Self {
        let Folding { operands, body } =
            folding("reduce_window", &self, &fold.identity(self), |lhs, rhs| fold.of(lhs, rhs));
        record(1, operands, body, spans)[0]
    }
}

/// The window along each axis of `[batch, spatial axes …, features]`, if it fits there.
fn spatial_spans(window: &Window, shape: Shape) -> Result<Vec<Span>, Rule> {
    let (spatial, rank) = (window.dimensions.len(), shape.len());
    if rank != spatial + 2 {
        let axes = if spatial == 1 { "axis" } else { "axes" };
        let expected = format!("{} (batch, {spatial} spatial {axes}, features)", spatial + 2);
        return Err(Rule::Rank { expected, got: rank });
    }
    let axes: Vec<_> = (1..=spatial).collect();
    let spans = window.spans(&shape[1..=spatial]).map_err(|rule| rule.at(&axes))?;
    let spans = [&[Span::ONE], &spans[..], &[Span::ONE]].concat();
    counts(&spans, shape)?;
    Ok(spans)
}

impl Op for ReduceWindow {
    fn name(&self) -> &'static str {
        "reduce_window"
    }

    fn infer(&self, operands: &[Type]) -> Result<Vec<Type>, Rule> {
        let tensors = folded_types(operands)?;
        let shape = counts(&self.spans, tensors[0].shape)?;
        Ok(tensors.iter().map(|ty| Type::new(ty.dtype, shape)).collect())
    }

    fn form(&self) -> Form {
        let ints = |of| span_attribute(&self.spans, of);
        Form::Operation {
            attributes: vec![
                ("window_dimensions", ints(|span| span.size)),
                ("window_strides", ints(|span| span.stride)),
                ("base_dilations", ints(|span| span.base_dilation)),
                ("window_dilations", ints(|span| span.window_dilation)),
                ("padding", padding_attribute(&self.spans)),
            ],
            spellings: const { &[Spelling::first("reduce_window_v1")] },
        }
    }

    fn vjp<'t>(&self, at: &Application<'t>) -> Result<Cotangents<'t>, NoGradient> {
        let (x, (body, single)) = (at.operands[0], body(at));
        let of_init = at.wanted[at.results.len()..].contains(&true);
        if !of_init && x.shape().elements() == 0 {
            return Ok(vec![None; at.operands.len()]);
        }
        let cumulative = cumulative_axis(&self.spans, x.shape());
        match (single, cumulative) {
            _ if of_init => Ok(self.through_patches(at, body)),
            (Some("add"), _) => {
                let dy = at.cotangent();
                let (sizes, counts) = (x.shape(), dy.shape());
                let spans = self.spans.iter().enumerate();
                let spans = spans.map(|(axis, span)| span.transposed(sizes[axis], counts[axis]));
                Ok(vec![Some(dy.fold_spans(Fold::Sum, spans.collect())), None])
            }
            (_, Some(axis)) => through_prefixes(at, body, axis),
            (Some("maximum"), _) => Ok(vec![Some(self.to_the_chosen(at, Fold::Max)), None]),
            (Some("minimum"), _) => Ok(vec![Some(self.to_the_chosen(at, Fold::Min)), None]),
            _ => Ok(self.through_patches(at, body)),
        }
    }
}

/// The cotangents of a fold of all elements of `axis` up to each one.
fn through_prefixes<'t>(
    at: &Application<'t>,
    body: BlockId,
    axis: usize,
) -> Result<Cotangents<'t>, NoGradient> {
    let leaves: Vec<_> = at.operands.iter().map(|operand| operand.alias()).collect();
    let (tensors, inits) = leaves.split_at(at.results.len());
    let fold = |lhs: &[Tensor<'t>], rhs: &[Tensor<'t>]| fold_elements(body, lhs, rhs);
    let prefixes = prefixes(tensors, axis, &fold)?;
    let shape = at.results[0].shape();
    let inits: Vec<_> = inits.iter().map(|init| init.broadcast_to(shape)).collect();
    Ok(wanted_cotangents(at, fold(&inits, &prefixes)?, &leaves))
}

impl ReduceWindow {
    /// The cotangent of the operand where each window has the one of its elements that is the
    /// largest or smallest, the first of equals.
    fn to_the_chosen<'t>(&self, at: &Application<'t>, fold: Fold) -> Tensor<'t> {
        let (x, dy) = (at.operands[0], at.cotangent());
        if self.spans.iter().all(Span::is_undilated) {
            return scatter_to_chosen(x, dy, &self.spans, fold);
        }
        let places = places(x, &self.spans, &|best, next| Some(fold.keeps(best, next)));
        let places = places.expect("a choice by comparison");
        let leaf = x.alias();
        let chosen = picked(places, &patches(leaf, leaf.scalar(0), &self.spans));
        let parts = wanted_cotangents(at, vec![chosen], &[leaf, at.operands[1]]);
        parts[0].unwrap_or_else(|| x.zeros_like())
    }

    /// The cotangents of the same fold over slices, one for each element of the window.
    fn through_patches<'t>(&self, at: &Application<'t>, body: BlockId) -> Cotangents<'t> {
        let trace = at.operands[0].trace();
        let leaves: Vec<_> = at.operands.iter().map(|operand| operand.alias()).collect();
        let (tensors, inits) = leaves.split_at(at.results.len());
        let stack = |(tensor, init): (&Tensor<'t>, &Tensor<'t>)| {
            let patches = patches(*tensor, *init, &self.spans);
            let patches: Vec<_> = patches.iter().map(|patch| patch.expand_dims(0)).collect();
            trace.concatenate(&patches, 0)
        };
        let stacks = tensors.iter().zip(inits).map(stack);
        let operands: Vec<_> = stacks.chain(inits.iter().copied()).collect();
        let body = copy_block(trace, body, trace.block(), &mut IdMap::default());
        let results = reduce_block(&operands, body, vec![0]);
        wanted_cotangents(at, results, &leaves)
    }
}

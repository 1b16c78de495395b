//! Elements chosen by windows, and what is added where they stand.

use super::fold::{Fold, Folding, INIT, folding, types};
use super::window::{Span, Window, counts, padding_attribute, patches, span_attribute};
use super::{Application, Cotangents, Form, NoGradient, Op, Spelling};
use crate::replay::elementwise;
use crate::{DType, Rule, Shape, Tensor, Type};

/// One entry per axis.
#[derive(Clone, Debug)]
struct SelectAndScatter {
    spans: Vec<Span>,
}

impl<'t> Tensor<'t> {
    /// Chooses an element in each window of this tensor and folds the element of `source` for that
    /// window into the place where it stands; everywhere `init` is folded too. The result has the
    /// shape of this tensor.
    ///
    /// A window begins with its first element and keeps what it has as long as `select(it, next)`.
    /// `scatter` folds as the body of [`crate::reduce`] does. The window has no dilations.
    ///
    /// The choice has no gradient. That of `source` and of `init` exists where `scatter` adds.
    #[track_caller]
    pub fn select_and_scatter(
        self,
        source: Self,
        init: Self,
        window: &Window,
        select: impl FnOnce(Self, Self) -> Self,
        scatter: impl FnOnce(Self, Self) -> Self,
    ) -> Self {
        // No closure: it would take the caller's line for this one.
        let spans = match window.spans(&self.shape()) {
            Ok(spans) => spans,
            Err(rule) => {
                self.trace().refuse("select_and_scatter", &types(&[self, source, init]), rule);
                vec![]
            }
        };
        self.record_scatter(source, init, spans, select, scatter)
    }

    #[track_caller]
    fn record_scatter(
        self,
        source: Self,
        init: Self,
        spans: Vec<Span>,
        select: impl FnOnce(Self, Self) -> Self,
        scatter: impl FnOnce(Self, Self) -> Self,
    ) -> Self {
        let trace = self.trace();
        let scalar = Type::new(self.dtype(), Shape::SCALAR);
        let (what, expected) = ("the select of a window", Type::new(DType::Bool, Shape::SCALAR));
        let select = trace.region(what, true, &[scalar; 2], |at| vec![select(at[0], at[1])]);
        if !trace.has_error() && select.types() != [expected] {
            let (expected, got) = (vec![expected], select.types());
            let rule = Rule::Returns { region: what, expected, got };
            return trace.refuse("select_and_scatter", &types(&[self, source, init]), rule);
        }
        let Folding { operands, body } = folding("select_and_scatter", &source, &init, scatter);
        let operands = [&[self], &operands[..]].concat();
        let op = SelectAndScatter { spans };
        trace.apply_regions(op, &operands, vec![select.block, body], 1)[0]
    }
}

/// `source` added up where the largest or smallest element of each window of `x` stands, the first
/// of equals.
pub(super) fn scatter_to_chosen<'t>(
    x: Tensor<'t>,
    source: Tensor<'t>,
    spans: &[Span],
    fold: Fold,
) -> Tensor<'t> {
    let select = |best, next| fold.keeps(best, next);
    x.record_scatter(source, x.scalar(0), spans.to_vec(), select, |a, b| a + b)
}

/// Which element of each window of `x`, counted in row-major order, is chosen by what keeps the best
/// so far; −1 where all of the window lies outside. `None` if the choice cannot be made for all
/// windows at once.
pub(super) fn places<'t>(
    x: Tensor<'t>,
    spans: &[Span],
    keeps: &dyn Fn(Tensor<'t>, Tensor<'t>) -> Option<Tensor<'t>>,
) -> Option<Tensor<'t>> {
    let trace = x.trace();
    let everywhere = trace.full(true, DType::Bool, x.shape());
    let inside = patches(everywhere, trace.constant(false, DType::Bool), spans);
    let values = patches(x, x.scalar(0), spans);
    let place = |number: usize| trace.constant(number as u64, DType::S32);
    let mut best = values[0];
    let mut places = inside[0].select(place(0), trace.constant(-1, DType::S32));
    for (number, (&next, &inside)) in values.iter().zip(&inside).enumerate().skip(1) {
        let better = inside & (places.less(0) | !keeps(best, next)?);
        best = better.select(next, best);
        places = better.select(place(number), places);
    }
    Some(places)
}

/// The element of each window that `places` names; 0 where it names none.
pub(super) fn picked<'t>(places: Tensor<'t>, patches: &[Tensor<'t>]) -> Tensor<'t> {
    let part = |(number, patch): (usize, &Tensor<'t>)| {
        let number = places.trace().constant(number as u64, DType::S32);
        places.equal(number).select(*patch, patch.scalar(0))
    };
    let parts = patches.iter().enumerate().map(part);
    parts.reduce(|sum, part| sum + part).expect("a window has elements")
}

impl Op for SelectAndScatter {
    fn name(&self) -> &'static str {
        "select_and_scatter"
    }

    fn infer(&self, operands: &[Type]) -> Result<Vec<Type>, Rule> {
        let (ty, source, init) = (operands[0], operands[1], operands[2]);
        let scalar = Type::new(ty.dtype, Shape::SCALAR);
        if init != scalar {
            return Err(Rule::Type { what: INIT, expected: scalar, got: init });
        }
        if let Some(axis) = self.spans.iter().position(|span| !span.is_undilated()) {
            return Err(Rule::WindowDilation { axis });
        }
        let expected = Type::new(ty.dtype, counts(&self.spans, ty.shape)?);
        if source != expected {
            let what = "the source, with an element for each window,";
            return Err(Rule::Type { what, expected, got: source });
        }
        Ok(vec![ty])
    }

    fn form(&self) -> Form {
        let ints = |of| span_attribute(&self.spans, of);
        Form::Operation {
            attributes: vec![
                ("window_dimensions", ints(|span| span.size)),
                ("window_strides", ints(|span| span.stride)),
                ("padding", padding_attribute(&self.spans)),
            ],
            spellings: const { &[Spelling::first("select_and_scatter_v1")] },
        }
    }

    fn vjp<'t>(&self, at: &Application<'t>) -> Result<Cotangents<'t>, NoGradient> {
        let (x, dy) = (at.operands[0], at.cotangent());
        let trace = x.trace();
        let (select, scatter) = {
            let graph = trace.graph().borrow();
            let regions = graph.node(at.node).regions();
            (regions[0], graph.single(regions[1]))
        };
        if !at.wanted[1] && !at.wanted[2] {
            return Ok(vec![None; 3]);
        }
        if scatter != Some("add") {
            return Err(NoGradient("its scatter does not add"));
        }
        let keeps = |best: Tensor<'t>, next: Tensor<'t>| {
            elementwise(trace, select, &[best, next]).map(|kept| kept[0])
        };
        let dsource = if at.wanted[1] {
            let places = places(x, &self.spans, &keeps).ok_or(NoGradient(
                "its choice has an operation that does not work element by element",
            ))?;
            Some(picked(places, &patches(dy, dy.scalar(0), &self.spans)))
        } else {
            None
        };
        Ok(vec![None, dsource, at.wanted[2].then(|| dy.sum(..))])
    }
}

//! Elements put in order along an axis.

use super::{Application, Cotangents, Expansion, Form, GatherDimensions, NoGradient, Op, Spelling};
use crate::attribute::Attribute;
use crate::replay::inline;
use crate::shape::resolve_axis;
use crate::{DType, Rule, Shape, Tensor, Trace, Tree, Type};

const BODY: &str = "the comparison of a sort";

/// The sorted operands, and the places along the axis from which their elements came.
#[derive(Clone, Copy, Debug)]
struct SortWithPlaces {
    axis: usize,
}

/// What StableHLO has.
#[derive(Clone, Copy, Debug)]
struct Sort {
    axis: usize,
}

/// Puts tensors of one shape in order along `axis`, together. `before` gets two places, as scalars in
/// the arrangement of `operands`, and says, as a boolean, whether the first must stand before the
/// second. Places of which it says neither keep their order.
///
/// ```
/// use hlo::DType::{F32, S32};
///
/// hlo::trace("by score, best first", |t| {
///     let (score, label) = (t.input("score", F32, [8, 5]), t.input("label", S32, [8, 5]));
///     let (score, label) = hlo::sort((score, label), -1, |a, b| a.0.greater(b.0));
///     t.output("score", score);
///     t.output("label", label);
/// })?;
/// # Ok::<(), hlo::TraceError>(())
/// ```
///
/// [`Tensor::sort`], [`Tensor::argsort`] and [`Tensor::top_k`] are what most programs need.
#[track_caller]
pub fn sort<'t, T: Tree<'t>>(operands: T, axis: i32, before: impl FnOnce(T, T) -> Tensor<'t>) -> T {
    let tensors = operands.tensors();
    let Some(first) = tensors.first() else { return operands };
    let compare = |a: &[Tensor<'t>], b: &[Tensor<'t>]| before(operands.with(a), operands.with(b));
    let mut sorted = sort_with_places(first.trace(), &tensors, axis, compare);
    sorted.pop();
    operands.with(&sorted)
}

/// [`sort`] of at least one tensor; the last of the results says from which places along the axis
/// the elements came.
#[track_caller]
pub(crate) fn sort_with_places<'t>(
    trace: &'t Trace,
    operands: &[Tensor<'t>],
    axis: i32,
    before: impl FnOnce(&[Tensor<'t>], &[Tensor<'t>]) -> Tensor<'t>,
) -> Vec<Tensor<'t>> {
    let region = trace.region(BODY, true, &pairs(operands), |at| {
        let (a, b): (Vec<_>, Vec<_>) = at.chunks(2).map(|pair| (pair[0], pair[1])).unzip();
        vec![before(&a, &b)]
    });
    let types: Vec<_> = operands.iter().map(Tensor::ty).collect();
    let expected = vec![Type::new(DType::Bool, Shape::SCALAR)];
    if !trace.has_error() && region.types() != expected {
        trace.refuse("sort", &types, Rule::Returns { region: BODY, expected, got: region.types() });
    }
    let axis = if trace.has_error() { Ok(0) } else { resolve_axis(axis, types[0].shape.len()) };
    match axis {
        Ok(axis) => {
            let results = operands.len() + 1;
            trace.apply_regions(SortWithPlaces { axis }, operands, vec![region.block], results)
        }
        Err(rule) => vec![trace.refuse("sort", &types, rule); operands.len() + 1],
    }
}

/// The types of what a comparison gets: for each operand an element here and one there.
fn pairs(operands: &[Tensor<'_>]) -> Vec<Type> {
    operands.iter().flat_map(|operand| [Type::new(operand.dtype(), Shape::SCALAR); 2]).collect()
}

fn check(operands: &[Type]) -> Result<(), Rule> {
    let first = operands[0].shape;
    match operands.iter().find(|operand| operand.shape != first) {
        Some(other) => Err(Rule::Shapes { first, other: other.shape }),
        None => Ok(()),
    }
}

impl Op for SortWithPlaces {
    fn name(&self) -> &'static str {
        "sort"
    }

    fn infer(&self, operands: &[Type]) -> Result<Vec<Type>, Rule> {
        check(operands)?;
        let shape = operands[0].shape;
        let places = Type::new(DType::counting(shape[self.axis]), shape);
        Ok([operands, &[places]].concat())
    }

    fn form(&self) -> Form {
        Form::Composite
    }

    fn expand<'t>(&self, trace: &'t Trace, at: &Expansion<'t>) -> Vec<Tensor<'t>> {
        let comparison = trace.graph().borrow().node(at.node).regions()[0];
        let compared = 2 * at.operands.len();
        let mut operands = at.operands.clone();
        if at.used[operands.len()] {
            let places = at.results[operands.len()];
            operands.push(trace.iota(places.dtype(), places.shape(), self.axis as i32));
        }
        let body = trace.region(BODY, true, &pairs(&operands), |elements| {
            inline(trace, comparison, &elements[..compared])
        });
        let results = operands.len();
        trace.apply_regions(Sort { axis: self.axis }, &operands, vec![body.block], results)
    }

    fn vjp<'t>(&self, at: &Application<'t>) -> Result<Cotangents<'t>, NoGradient> {
        let places = at.results[at.operands.len()];
        let unsorted = |(dy, wanted): (&Option<Tensor<'t>>, &bool)| {
            let dy = dy.filter(|_| *wanted)?;
            if dy.shape().elements() == 0 {
                return Some(dy);
            }
            let unique = GatherDimensions {
                unique_indices: true,
                ..GatherDimensions::along_axis(dy.shape().len(), self.axis)
            };
            Some(dy.zeros_like().scatter_add_within(places, dy, unique))
        };
        Ok(at.cotangents.iter().zip(&at.wanted).map(unsorted).collect())
    }
}

impl Op for Sort {
    fn name(&self) -> &'static str {
        "sort"
    }

    fn infer(&self, operands: &[Type]) -> Result<Vec<Type>, Rule> {
        check(operands)?;
        Ok(operands.to_vec())
    }

    fn form(&self) -> Form {
        Form::Operation {
            attributes: vec![
                ("dimension", Attribute::int(self.axis)),
                ("is_stable", Attribute::Bool(true)),
            ],
            spellings: const { &[Spelling::first("sort_v1")] },
        }
    }

    fn vjp<'t>(&self, _: &Application<'t>) -> Result<Cotangents<'t>, NoGradient> {
        unreachable!("only made when a program is finished")
    }
}

//! What reductions of all kinds have in common: tensors that are folded with a body.

use super::{Application, Cotangents, NoGradient, Scalar};
use crate::grad::cotangents;
use crate::graph::BlockId;
use crate::replay::elementwise;
use crate::{DType, Rule, Shape, Tensor, Tree, Type};

const BODY: &str = "the body of a reduction";

/// The folds that have names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fold {
    Sum,
    Product,
    Max,
    Min,
    All,
    Any,
}

/// What a fold with any body is recorded from.
pub(super) struct Folding<'t> {
    /// The tensors, then as many scalars to begin with.
    pub(super) operands: Vec<Tensor<'t>>,
    pub(super) body: BlockId,
}

/// Records `body` of the fold `name`, and refuses it if it does not return what it gets.
#[track_caller]
pub(super) fn folding<'t, T: Tree<'t>>(
    name: &'static str,
    operands: &T,
    init: &T,
    body: impl FnOnce(T, T) -> T,
) -> Folding<'t> {
    let (mut all, init) = (operands.tensors(), init.tensors());
    let trace = all[0].trace();
    let count = all.len();
    let scalars = all.iter().map(|tensor| Type::new(tensor.dtype(), Shape::SCALAR));
    let scalars: Vec<_> = scalars.collect();
    let parameters = [&scalars[..], &scalars].concat();
    let region = trace.region(BODY, true, &parameters, |at| {
        let (lhs, rhs) = at.split_at(count);
        body(operands.with(lhs), operands.with(rhs)).tensors()
    });
    let inits = init.len();
    all.extend(init);
    if inits != count {
        let (what, of) = ("scalar to begin with", "tensors");
        let rule = Rule::OneEach { what, of, expected: count, got: inits };
        trace.refuse(name, &types(&all), rule);
    } else if !trace.has_error() && region.types() != scalars {
        let rule = Rule::Returns { region: BODY, expected: scalars, got: region.types() };
        trace.refuse(name, &types(&all), rule);
    }
    Folding { operands: all, body: region.block }
}

/// What the scalar that a fold begins with is to a reader.
pub(super) const INIT: &str = "the scalar to begin with";

pub(super) fn types(tensors: &[Tensor<'_>]) -> Vec<Type> {
    tensors.iter().map(Tensor::ty).collect()
}

/// The types of the tensors that a fold takes; the scalars to begin with follow them.
pub(super) fn folded_types(operands: &[Type]) -> Result<&[Type], Rule> {
    let (tensors, inits) = operands.split_at(operands.len() / 2);
    for (tensor, &got) in tensors.iter().zip(inits) {
        if tensor.shape != tensors[0].shape {
            return Err(Rule::Shapes { first: tensors[0].shape, other: tensor.shape });
        }
        let expected = Type::new(tensor.dtype, Shape::SCALAR);
        if got != expected {
            return Err(Rule::Type { what: INIT, expected, got });
        }
    }
    Ok(tensors)
}

impl Fold {
    /// What changes nothing that it is folded with.
    #[track_caller]
    pub(crate) fn identity(self, like: Tensor<'_>) -> Tensor<'_> {
        let dtype = like.dtype();
        let extreme = |sign: f64, integer: i128| match dtype {
            // The type has no infinity.
            DType::F8E4M3FN => Scalar::Float(sign * 448.0),
            dtype if dtype.is_float() => Scalar::Float(sign * f64::INFINITY),
            _ => Scalar::Integer(integer),
        };
        let (lowest, highest) = match (dtype.is_signed(), dtype.bits()) {
            (true, bits) => (-(1 << (bits - 1)), (1 << (bits - 1)) - 1),
            (false, bits) => (0, (1 << bits) - 1),
        };
        like.scalar(match self {
            Self::Sum => Scalar::Integer(0),
            Self::Product => Scalar::Integer(1),
            Self::Max => extreme(-1.0, lowest),
            Self::Min => extreme(1.0, highest),
            Self::All => Scalar::Bool(true),
            Self::Any => Scalar::Bool(false),
        })
    }

    /// Whether `best` stays the largest or smallest, as booleans.
    #[track_caller]
    pub(super) fn keeps<'t>(self, best: Tensor<'t>, next: Tensor<'t>) -> Tensor<'t> {
        if self == Self::Max { best.greater_equal(next) } else { best.less_equal(next) }
    }

    #[track_caller]
    pub(super) fn of<'t>(self, lhs: Tensor<'t>, rhs: Tensor<'t>) -> Tensor<'t> {
        match self {
            Self::Sum => lhs + rhs,
            Self::Product => lhs * rhs,
            Self::Max => lhs.maximum(rhs),
            Self::Min => lhs.minimum(rhs),
            Self::All => lhs & rhs,
            Self::Any => lhs | rhs,
        }
    }
}

/// The body of a fold, and the one operation that it is, if it is one.
pub(super) fn body(at: &Application<'_>) -> (BlockId, Option<&'static str>) {
    let graph = at.operands[0].trace().graph().borrow();
    let body = graph.node(at.node).regions()[0];
    (body, graph.single(body))
}

/// `body` applied to tensors of one shape, element by element.
pub(super) fn fold_elements<'t>(
    body: BlockId,
    lhs: &[Tensor<'t>],
    rhs: &[Tensor<'t>],
) -> Result<Vec<Tensor<'t>>, NoGradient> {
    elementwise(lhs[0].trace(), body, &[lhs, rhs].concat())
        .ok_or(NoGradient("its body has an operation that does not work element by element"))
}

/// The cotangents of the operands of which they are wanted, given `leaves` that stand for them and
/// results that were made of those.
pub(super) fn wanted_cotangents<'t>(
    at: &Application<'t>,
    results: Vec<Tensor<'t>>,
    leaves: &[Tensor<'t>],
) -> Cotangents<'t> {
    let seeds = results.into_iter().zip(&at.cotangents);
    let seeds: Vec<_> = seeds.filter_map(|(result, dy)| Some((result, (*dy)?))).collect();
    let wanted = leaves.iter().zip(&at.wanted).filter(|(_, wanted)| **wanted);
    let wanted: Vec<_> = wanted.map(|(leaf, _)| *leaf).collect();
    let mut found = cotangents(leaves[0].trace(), None, &seeds, &wanted).into_iter();
    at.wanted.iter().map(|wanted| wanted.then(|| found.next().flatten()).flatten()).collect()
}

//! Tensors of several devices folded to one, which all of them get.

use super::{Application, Cotangents, Form, NoGradient, Op, Spelling};
use crate::graph::{BlockId, Graph};
use crate::peers::ReplicaGroups;
use crate::version::Version;
use crate::{DType, Peers, Rule, Shape, Tensor, Type};

#[derive(Clone, Debug)]
struct AllReduce {
    groups: ReplicaGroups,
    fold: Fold,
    /// What the body returns.
    body: Vec<Type>,
}

/// What the body of a collective folds two elements to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fold {
    Sum,
    Max,
    Min,
    Other,
}

impl<'t> Tensor<'t> {
    /// The sum of the tensors that `peers` have here, element by element; all of them get it.
    #[track_caller]
    pub fn psum(self, peers: impl Into<Peers>) -> Self {
        self.fold_all("psum", &peers.into(), |a, b| a + b)
    }

    /// The mean of the tensors that `peers` have here, element by element; all of them get it.
    #[track_caller]
    pub fn pmean(self, peers: impl Into<Peers>) -> Self {
        let peers = peers.into();
        let sum = self.fold_all("pmean", &peers, |a, b| a + b);
        match peers.groups(self.trace()) {
            Ok(groups) if !sum.is_poison() => sum / sum.scalar(groups.size() as u64),
            _ => sum,
        }
    }

    /// The largest of the elements that `peers` have here, for each; all of them get it.
    #[track_caller]
    pub fn pmax(self, peers: impl Into<Peers>) -> Self {
        self.fold_all("pmax", &peers.into(), Self::maximum)
    }

    /// The smallest of the elements that `peers` have here, for each; all of them get it.
    #[track_caller]
    pub fn pmin(self, peers: impl Into<Peers>) -> Self {
        self.fold_all("pmin", &peers.into(), Self::minimum)
    }

    /// The tensors that `peers` have here folded by `body`, element by element; all of them get the
    /// result.
    ///
    /// `body` takes and returns scalars; in what order it gets them is not said. A gradient goes
    /// through sums, [`Tensor::maximum`] and [`Tensor::minimum`]; equal elements share it. Which
    /// other bodies there are is for the plugin to say.
    #[track_caller]
    pub fn all_reduce(
        self,
        peers: impl Into<Peers>,
        body: impl FnOnce(Self, Self) -> Self,
    ) -> Self {
        self.fold_all("all_reduce", &peers.into(), body)
    }

    #[track_caller]
    fn fold_all(
        self,
        name: &'static str,
        peers: &Peers,
        body: impl FnOnce(Self, Self) -> Self,
    ) -> Self {
        if self.is_poison() {
            return self;
        }
        match peers.groups(self.trace()) {
            Ok(groups) => all_reduce(self, groups, body),
            Err(rule) => self.trace().refuse(name, &[self.ty()], rule),
        }
    }
}

#[track_caller]
fn all_reduce<'t>(
    operand: Tensor<'t>,
    groups: ReplicaGroups,
    body: impl FnOnce(Tensor<'t>, Tensor<'t>) -> Tensor<'t>,
) -> Tensor<'t> {
    let (block, fold, body) = fold(operand, body);
    let op = AllReduce { groups, fold, body };
    operand.trace().apply_regions(op, &[operand], vec![block], 1)[0]
}

/// The sum over `groups`.
#[track_caller]
pub(super) fn sum_over(operand: Tensor<'_>, groups: ReplicaGroups) -> Tensor<'_> {
    if groups.size() == 1 { operand } else { all_reduce(operand, groups, |a, b| a + b) }
}

/// Records the body of a collective that folds elements like those of `operand`: its region, what
/// it is, and what it returns.
#[track_caller]
pub(super) fn fold<'t>(
    operand: Tensor<'t>,
    body: impl FnOnce(Tensor<'t>, Tensor<'t>) -> Tensor<'t>,
) -> (BlockId, Fold, Vec<Type>) {
    let (trace, scalar) = (operand.trace(), Type::new(operand.dtype(), Shape::SCALAR));
    let what = "the body of a collective";
    let region = trace.region(what, true, &[scalar; 2], |at| vec![body(at[0], at[1])]);
    let fold = Fold::of(&trace.graph().borrow(), region.block);
    (region.block, fold, region.types())
}

/// That a body returns what it folds.
pub(super) fn check_body(operand: Type, body: &[Type]) -> Result<(), Rule> {
    let expected = Type::new(operand.dtype, Shape::SCALAR);
    match body.iter().find(|&&got| got != expected) {
        Some(&got) => Err(Rule::Folded { expected, got }),
        None => Ok(()),
    }
}

impl Fold {
    fn of(graph: &Graph, block: BlockId) -> Self {
        let block = graph.block(block);
        let [only] = block.nodes[..] else { return Self::Other };
        let node = graph.node(only);
        let mut operands = node.operands.clone();
        operands.sort_unstable();
        let number = operands.first().is_some_and(|&id| graph.value(id).ty.dtype != DType::Bool);
        if operands != block.parameters || node.results != block.results || !number {
            return Self::Other;
        }
        match node.op.name() {
            "add" => Self::Sum,
            "maximum" => Self::Max,
            "minimum" => Self::Min,
            _ => Self::Other,
        }
    }
}

/// Why a body has no gradient.
pub(super) const NO_GRADIENT: NoGradient =
    NoGradient("elements are folded by something other than a sum, a maximum or a minimum");

impl Op for AllReduce {
    fn name(&self) -> &'static str {
        "all_reduce"
    }

    fn infer(&self, operands: &[Type]) -> Result<Vec<Type>, Rule> {
        check_body(operands[0], &self.body)?;
        Ok(operands.to_vec())
    }

    fn form(&self) -> Form {
        Form::Operation {
            attributes: self.groups.global_attributes(),
            spellings: const {
                &[
                    Spelling::first("all_reduce_v1"),
                    Spelling::since(Version::new(1, 5, 0), "all_reduce_v2"),
                ]
            },
        }
    }

    /// Every device's result depends on every device's operand: the cotangents of all of them add up.
    fn vjp<'t>(&self, at: &Application<'t>) -> Result<Cotangents<'t>, NoGradient> {
        let (x, dy) = (at.operands[0], sum_over(at.cotangent(), self.groups.clone()));
        let dx = match self.fold {
            Fold::Sum => dy,
            Fold::Max | Fold::Min => {
                let chosen = x.equal(at.result()).to(dy.dtype());
                chosen * (dy / sum_over(chosen, self.groups.clone()))
            }
            Fold::Other => return Err(NO_GRADIENT),
        };
        Ok(vec![Some(dx)])
    }
}

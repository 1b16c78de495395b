//! Tensors of several devices folded to one, which all of them get.

use super::fold::body;
use super::{Application, Cotangents, Form, NoGradient, Op, Spelling};
use crate::graph::BlockId;
use crate::peers::{NO_GLOBAL_CHANNEL, ReplicaGroups};
use crate::version::Version;
use crate::{Peers, Rule, Shape, Tensor, Type};

#[derive(Clone, Debug)]
struct AllReduce {
    groups: ReplicaGroups,
}

impl<'t> Tensor<'t> {
    /// The sum of the tensors that `peers` have here, element by element; all of them get it.
    #[track_caller]
    pub fn psum(self, peers: impl Into<Peers>) -> Self {
        self.fold_numbers("psum", &peers.into(), |a, b| a + b)
    }

    /// The mean of the tensors that `peers` have here, element by element; all of them get it.
    #[track_caller]
    pub fn pmean(self, peers: impl Into<Peers>) -> Self {
        let peers = peers.into();
        let sum = self.fold_numbers("pmean", &peers, |a, b| a + b);
        match peers.groups(self.trace()) {
            Ok(groups) if !sum.is_poison() => sum / sum.scalar(groups.size() as u64),
            _ => sum,
        }
    }

    /// The largest of the elements that `peers` have here, for each; all of them get it.
    #[track_caller]
    pub fn pmax(self, peers: impl Into<Peers>) -> Self {
        self.fold_numbers("pmax", &peers.into(), Self::maximum)
    }

    /// The smallest of the elements that `peers` have here, for each; all of them get it.
    #[track_caller]
    pub fn pmin(self, peers: impl Into<Peers>) -> Self {
        self.fold_numbers("pmin", &peers.into(), Self::minimum)
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
    fn fold_numbers(
        self,
        name: &'static str,
        peers: &Peers,
        body: impl FnOnce(Self, Self) -> Self,
    ) -> Self {
        match self.dtype().check_number() {
            Ok(()) => self.fold_all(name, peers, body),
            Err(rule) => self.trace().refuse(name, &[self.ty()], rule),
        }
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
            Ok(groups) => all_reduce(name, self, groups, body),
            Err(rule) => self.trace().refuse(name, &[self.ty()], rule),
        }
    }
}

#[track_caller]
fn all_reduce<'t>(
    name: &'static str,
    operand: Tensor<'t>,
    groups: ReplicaGroups,
    body: impl FnOnce(Tensor<'t>, Tensor<'t>) -> Tensor<'t>,
) -> Tensor<'t> {
    let body = collective_body(name, operand, body);
    if groups.size() == 1 {
        return operand;
    }
    operand.trace().apply_regions(AllReduce { groups }, &[operand], vec![body], 1)[0]
}

/// The sum over `groups`.
#[track_caller]
pub(super) fn sum_over(operand: Tensor<'_>, groups: ReplicaGroups) -> Tensor<'_> {
    all_reduce("psum", operand, groups, |a, b| a + b)
}

/// Records what folds elements like those of `operand` in the collective `name`, and refuses it if
/// it does not return what it gets.
#[track_caller]
pub(super) fn collective_body<'t>(
    name: &'static str,
    operand: Tensor<'t>,
    body: impl FnOnce(Tensor<'t>, Tensor<'t>) -> Tensor<'t>,
) -> BlockId {
    let (trace, scalar) = (operand.trace(), Type::new(operand.dtype(), Shape::SCALAR));
    let what = "the body of a collective";
    let region = trace.region(what, true, &[scalar; 2], |at| vec![body(at[0], at[1])]);
    if !trace.has_error() && region.types() != [scalar] {
        let rule = Rule::Returns { region: what, expected: vec![scalar], got: region.types() };
        trace.refuse(name, &[operand.ty()], rule);
    }
    region.block
}

/// Why another body than a sum, a maximum or a minimum has no gradient.
pub(super) const NO_GRADIENT: NoGradient =
    NoGradient("elements are folded by something other than a sum, a maximum or a minimum");

impl Op for AllReduce {
    fn name(&self) -> &'static str {
        "all_reduce"
    }

    fn infer(&self, operands: &[Type]) -> Result<Vec<Type>, Rule> {
        Ok(operands.to_vec())
    }

    fn form(&self) -> Form {
        Form::Operation {
            attributes: self.groups.global_attributes(),
            spellings: const {
                &[
                    Spelling::first("all_reduce_v1").with(NO_GLOBAL_CHANNEL),
                    Spelling::since(Version::new(1, 5, 0), "all_reduce_v2").with(NO_GLOBAL_CHANNEL),
                ]
            },
        }
    }

    /// Every device's result depends on every device's operand: the cotangents of all of them add up.
    fn vjp<'t>(&self, at: &Application<'t>) -> Result<Cotangents<'t>, NoGradient> {
        let (x, dy) = (at.operands[0], sum_over(at.cotangent(), self.groups.clone()));
        let dx = match body(at).1 {
            Some("add") => dy,
            Some("maximum" | "minimum") => {
                let chosen = x.equal(at.result()).to(dy.dtype());
                chosen * (dy / sum_over(chosen, self.groups.clone()))
            }
            _ => return Err(NO_GRADIENT),
        };
        Ok(vec![Some(dx)])
    }
}

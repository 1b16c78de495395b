//! Tensors of several devices folded to one, of which every device gets a part.

use super::all_gather::gather;
use super::all_reduce::{NO_GRADIENT, collective_body, sum_over};
use super::fold::body;
use super::{Application, Cotangents, Form, NoGradient, Op, Spelling};
use crate::attribute::Attribute;
use crate::peers::{NO_GLOBAL_CHANNEL, ReplicaGroups};
use crate::shape::resolve_axis;
use crate::{Peers, Rule, Tensor, Type};

#[derive(Clone, Debug)]
struct ReduceScatter {
    groups: ReplicaGroups,
    /// The axis that is split.
    axis: usize,
}

impl<'t> Tensor<'t> {
    /// The sum of the tensors that `peers` have here, split along `axis` into as many equal parts:
    /// each gets one, in the order of their places among the peers.
    #[track_caller]
    pub fn psum_scatter(self, peers: impl Into<Peers>, axis: i32) -> Self {
        match self.dtype().check_number() {
            Ok(()) => self.fold_and_scatter("psum_scatter", &peers.into(), axis, |a, b| a + b),
            Err(rule) => self.trace().refuse("psum_scatter", &[self.ty()], rule),
        }
    }

    /// The tensors that `peers` have here folded by `body`, see [`Tensor::all_reduce`], and split
    /// along `axis` into as many equal parts: each gets one.
    #[track_caller]
    pub fn reduce_scatter(
        self,
        peers: impl Into<Peers>,
        axis: i32,
        body: impl FnOnce(Self, Self) -> Self,
    ) -> Self {
        self.fold_and_scatter("reduce_scatter", &peers.into(), axis, body)
    }

    #[track_caller]
    fn fold_and_scatter(
        self,
        name: &'static str,
        peers: &Peers,
        axis: i32,
        body: impl FnOnce(Self, Self) -> Self,
    ) -> Self {
        if self.is_poison() {
            return self;
        }
        let axis = resolve_axis(axis, self.shape().len());
        match (peers.groups(self.trace()), axis) {
            (Ok(groups), Ok(axis)) => scatter(name, self, groups, axis, body),
            (Err(rule), _) | (_, Err(rule)) => self.trace().refuse(name, &[self.ty()], rule),
        }
    }
}

/// The parts of what `groups` fold to.
#[track_caller]
pub(super) fn scatter<'t>(
    name: &'static str,
    operand: Tensor<'t>,
    groups: ReplicaGroups,
    axis: usize,
    body: impl FnOnce(Tensor<'t>, Tensor<'t>) -> Tensor<'t>,
) -> Tensor<'t> {
    let body = collective_body(name, operand, body);
    // StableHLO takes no empty axis here.
    if groups.size() == 1 || operand.shape()[axis] == 0 {
        return operand;
    }
    operand.trace().apply_regions(ReduceScatter { groups, axis }, &[operand], vec![body], 1)[0]
}

impl Op for ReduceScatter {
    fn name(&self) -> &'static str {
        "reduce_scatter"
    }

    fn infer(&self, operands: &[Type]) -> Result<Vec<Type>, Rule> {
        let (axis, parts) = (self.axis, self.groups.size());
        let mut shape = operands[0].shape.to_vec();
        if !shape[axis].is_multiple_of(parts) {
            return Err(Rule::Parts { axis, size: shape[axis], parts });
        }
        shape[axis] /= parts;
        Ok(vec![Type::new(operands[0].dtype, shape[..].into())])
    }

    fn form(&self) -> Form {
        let axis = [("scatter_dimension", Attribute::int(self.axis))];
        Form::Operation {
            attributes: axis.into_iter().chain(self.groups.global_attributes()).collect(),
            spellings: const { &[Spelling::first("reduce_scatter_v1").with(NO_GLOBAL_CHANNEL)] },
        }
    }

    /// Every device's operand has its share in all parts.
    fn vjp<'t>(&self, at: &Application<'t>) -> Result<Cotangents<'t>, NoGradient> {
        let all = |part| gather(part, self.groups.clone(), self.axis);
        let (x, dy) = (at.operands[0], all(at.cotangent()));
        let dx = match body(at).1 {
            Some("add") => dy,
            Some("maximum" | "minimum") => {
                let chosen = x.equal(all(at.result())).to(dy.dtype());
                chosen * (dy / sum_over(chosen, self.groups.clone()))
            }
            _ => return Err(NO_GRADIENT),
        };
        Ok(vec![Some(dx)])
    }
}

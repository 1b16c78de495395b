//! Tensors of several devices joined, which all of them get.

use super::reduce_scatter::scatter;
use super::{Application, Cotangents, Form, NoGradient, Op, Spelling};
use crate::attribute::Attribute;
use crate::peers::{NO_GLOBAL_CHANNEL, ReplicaGroups};
use crate::shape::resolve_axis;
use crate::version::Version;
use crate::{Peers, Rule, Tensor, Type};

#[derive(Clone, Debug)]
struct AllGather {
    groups: ReplicaGroups,
    axis: usize,
}

impl<'t> Tensor<'t> {
    /// The tensors that `peers` have here joined along `axis` in the order of their places among the
    /// peers; all of them get the result.
    #[track_caller]
    pub fn all_gather(self, peers: impl Into<Peers>, axis: i32) -> Self {
        if self.is_poison() {
            return self;
        }
        let groups = peers.into().groups(self.trace());
        match (groups, resolve_axis(axis, self.shape().len())) {
            (Ok(groups), Ok(axis)) => gather(self, groups, axis),
            (Err(rule), _) | (_, Err(rule)) => {
                self.trace().refuse("all_gather", &[self.ty()], rule)
            }
        }
    }
}

/// What `groups` have, joined.
#[track_caller]
pub(super) fn gather(operand: Tensor<'_>, groups: ReplicaGroups, axis: usize) -> Tensor<'_> {
    // StableHLO takes no empty axis here.
    if groups.size() == 1 || operand.shape()[axis] == 0 {
        return operand;
    }
    operand.trace().apply(AllGather { groups, axis }, &[operand])
}

impl Op for AllGather {
    fn name(&self) -> &'static str {
        "all_gather"
    }

    fn infer(&self, operands: &[Type]) -> Result<Vec<Type>, Rule> {
        let mut shape = operands[0].shape.to_vec();
        shape[self.axis] = shape[self.axis].saturating_mul(self.groups.size());
        Ok(vec![Type::new(operands[0].dtype, shape[..].into())])
    }

    fn form(&self) -> Form {
        let axis = [("all_gather_dim", Attribute::int(self.axis))];
        Form::Operation {
            attributes: axis.into_iter().chain(self.groups.global_attributes()).collect(),
            spellings: const {
                &[
                    Spelling::first("all_gather_v1").with(NO_GLOBAL_CHANNEL),
                    Spelling::since(Version::new(1, 5, 0), "all_gather_v2").with(NO_GLOBAL_CHANNEL),
                ]
            },
        }
    }

    /// A device's part is in the results of all: its cotangents there add up.
    fn vjp<'t>(&self, at: &Application<'t>) -> Result<Cotangents<'t>, NoGradient> {
        let (dy, groups) = (at.cotangent(), self.groups.clone());
        Ok(vec![Some(scatter("psum_scatter", dy, groups, self.axis, |a, b| a + b))])
    }
}

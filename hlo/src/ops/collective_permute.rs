//! Tensors passed from device to device.

use std::collections::HashSet;

use super::{Application, Cotangents, Form, NoGradient, Op, Spelling};
use crate::peers::{NO_CHANNEL, ReplicaGroups};
use crate::{Peers, Rule, Tensor, Type};

/// From which place in a group to which.
#[derive(Clone, Debug)]
struct CollectivePermute {
    groups: ReplicaGroups,
    pairs: Vec<(usize, usize)>,
}

impl<'t> Tensor<'t> {
    /// What another of `peers` has here: for each of `pairs`, the second place among them gets the
    /// tensor of the first. A place that gets nothing has zeros.
    ///
    /// `[(0, 1), (1, 2), (2, 3), (3, 0)]` passes tensors around a ring of four.
    #[track_caller]
    pub fn ppermute(self, peers: impl Into<Peers>, pairs: &[(usize, usize)]) -> Self {
        if self.is_poison() {
            return self;
        }
        match peers.into().groups(self.trace()) {
            Ok(groups) if groups.size() == 1 && pairs == [(0, 0)] => self,
            Ok(groups) => {
                let op = CollectivePermute { groups, pairs: pairs.to_vec() };
                self.trace().apply(op, &[self])
            }
            Err(rule) => self.trace().refuse("ppermute", &[self.ty()], rule),
        }
    }
}

impl Op for CollectivePermute {
    fn name(&self) -> &'static str {
        "collective_permute"
    }

    fn infer(&self, operands: &[Type]) -> Result<Vec<Type>, Rule> {
        let (pairs, size) = (&self.pairs, self.groups.size());
        let (mut sent, mut received) = (HashSet::new(), HashSet::new());
        let fits = |&(from, to): &(usize, usize)| {
            from < size && to < size && sent.insert(from) && received.insert(to)
        };
        if pairs.iter().all(fits) {
            Ok(operands.to_vec())
        } else {
            Err(Rule::Pairs { pairs: pairs.clone(), size })
        }
    }

    fn form(&self) -> Form {
        Form::Operation {
            attributes: self.groups.pairs(&self.pairs),
            spellings: const { &[Spelling::first("collective_permute_v1").with(NO_CHANNEL)] },
        }
    }

    /// A cotangent goes back to the one who sent the tensor.
    fn vjp<'t>(&self, at: &Application<'t>) -> Result<Cotangents<'t>, NoGradient> {
        let pairs = self.pairs.iter().map(|&(from, to)| (to, from)).collect();
        let back = Self { groups: self.groups.clone(), pairs };
        let cotangent = at.cotangent();
        Ok(vec![Some(cotangent.trace().apply(back, &[cotangent]))])
    }
}

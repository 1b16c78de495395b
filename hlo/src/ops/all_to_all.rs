//! Parts of tensors exchanged between devices, each with each.

use super::{Application, Cotangents, Form, NoGradient, Op, Spelling};
use crate::attribute::Attribute;
use crate::peers::{NO_CHANNEL, ReplicaGroups};
use crate::shape::resolve_axis;
use crate::version::Version;
use crate::{Peers, Rule, Tensor, Type};

#[derive(Clone, Debug)]
struct AllToAll {
    groups: ReplicaGroups,
    /// The axis along which an operand is cut.
    split: usize,
    /// The axis along which a result is joined.
    concat: usize,
}

impl<'t> Tensor<'t> {
    /// Cuts the tensor along `split_axis` into as many equal parts as there are `peers`, sends each
    /// of them one, in the order of their places, and joins what they send along `concat_axis`.
    ///
    /// A tensor whose parts, along `concat_axis`, the devices have is split along `split_axis`
    /// afterwards.
    #[track_caller]
    pub fn all_to_all(self, peers: impl Into<Peers>, split_axis: i32, concat_axis: i32) -> Self {
        if self.is_poison() {
            return self;
        }
        let op = || {
            let rank = self.shape().len();
            Ok(AllToAll {
                groups: peers.into().groups(self.trace())?,
                split: resolve_axis(split_axis, rank)?,
                concat: resolve_axis(concat_axis, rank)?,
            })
        };
        match op() {
            Ok(op) if op.groups.size() == 1 => self,
            Ok(op) => self.trace().apply(op, &[self]),
            Err(rule) => self.trace().refuse("all_to_all", &[self.ty()], rule),
        }
    }
}

impl Op for AllToAll {
    fn name(&self) -> &'static str {
        "all_to_all"
    }

    fn infer(&self, operands: &[Type]) -> Result<Vec<Type>, Rule> {
        let (axis, parts) = (self.split, self.groups.size());
        let mut shape = operands[0].shape.to_vec();
        if !shape[axis].is_multiple_of(parts) {
            return Err(Rule::Parts { axis, size: shape[axis], parts });
        }
        shape[axis] /= parts;
        shape[self.concat] = shape[self.concat].saturating_mul(parts);
        Ok(vec![Type::new(operands[0].dtype, shape[..].into())])
    }

    fn form(&self) -> Form {
        let axes = [
            ("split_dimension", Attribute::int(self.split)),
            ("concat_dimension", Attribute::int(self.concat)),
            ("split_count", Attribute::int(self.groups.size())),
        ];
        Form::Operation {
            attributes: axes.into_iter().chain(self.groups.attributes()).collect(),
            spellings: const {
                &[
                    Spelling::first("all_to_all_v1").with(NO_CHANNEL),
                    Spelling::since(Version::new(1, 5, 0), "all_to_all_v2").with(NO_CHANNEL),
                ]
            },
        }
    }

    /// The parts go back to where they came from.
    fn vjp<'t>(&self, at: &Application<'t>) -> Result<Cotangents<'t>, NoGradient> {
        let back = Self { groups: self.groups.clone(), split: self.concat, concat: self.split };
        let cotangent = at.cotangent();
        Ok(vec![Some(cotangent.trace().apply(back, &[cotangent]))])
    }
}

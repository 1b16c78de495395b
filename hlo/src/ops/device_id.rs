//! The number of the device that runs the program: in the mesh, or among replicas.

use super::{Application, Cotangents, Form, NoGradient, Op, Spelling, Statement};
use crate::{DType, Peers, Rule, Shape, Tensor, Trace, Type};

#[derive(Clone, Copy, Debug)]
enum DeviceId {
    /// In the mesh.
    Partition,
    Replica,
}

impl Trace {
    /// The number of the device in the mesh, a scalar `u32`, in a [manual region](Trace::manual) over
    /// all axes.
    #[track_caller]
    pub fn partition_id(&self) -> Tensor<'_> {
        match self.manual_over_all() {
            Ok(()) => self.apply(DeviceId::Partition, &[]),
            Err(rule) => self.refuse("partition_id", &[], rule),
        }
    }

    /// Where the device is among `peers`, which lie along axes of the mesh, in a
    /// [manual region](Trace::manual) over these: a scalar `s32`.
    #[track_caller]
    pub fn axis_index(&self, peers: impl Into<Peers>) -> Tensor<'_> {
        let (mesh, axes) = match peers.into().manual_axes(self) {
            Ok(found) => found,
            Err(rule) => return self.refuse("axis_index", &[], rule),
        };
        if axes.iter().all(|&axis| mesh.axes()[axis].1 == 1) {
            return self.constant(0, DType::S32);
        }
        let manual = self.manual_axes();
        let others: Vec<_> = (0..mesh.axes().len()).filter(|axis| !manual.contains(axis)).collect();
        let id = if others.is_empty() {
            self.partition_id()
        } else {
            // The number is known where all axes are manual.
            let others = mesh.names(&others).join("+");
            self.manual(&others[..], (), &[], &[""], |()| self.partition_id())
        };
        let number = |number: usize| id.scalar(number as u64);
        let index = axes.iter().fold(number(0), |index, &axis| {
            let size = number(mesh.axes()[axis].1);
            index * size + id / number(mesh.stride(axis)) % size
        });
        index.to(DType::S32)
    }

    /// The number of the replica that runs the program, a scalar `u32`; see [`Trace::replicas`].
    #[track_caller]
    pub fn replica_id(&self) -> Tensor<'_> {
        self.apply(DeviceId::Replica, &[])
    }

    fn manual_over_all(&self) -> Result<(), Rule> {
        let (devices, manual) = (self.devices(), self.manual_axes());
        let mesh = devices.mesh().ok_or(Rule::NoMesh)?;
        match (0..mesh.axes().len()).find(|axis| !manual.contains(axis)) {
            Some(axis) => Err(Rule::NotManual { axis: mesh.axes()[axis].0.clone() }),
            None => Ok(()),
        }
    }
}

impl Op for DeviceId {
    fn name(&self) -> &'static str {
        match self {
            Self::Partition => "partition_id",
            Self::Replica => "replica_id",
        }
    }

    fn infer(&self, _: &[Type]) -> Result<Vec<Type>, Rule> {
        Ok(vec![Type::new(DType::U32, Shape::SCALAR)])
    }

    fn form(&self) -> Form {
        let spellings = match self {
            Self::Partition => const { &[Spelling::first("partition_id_v1")] },
            Self::Replica => const { &[Spelling::first("replica_id_v1")] },
        };
        Form::Operation { attributes: vec![], spellings }
    }

    fn is_free(&self) -> bool {
        true
    }

    fn print(&self, at: &Statement) -> String {
        format!("stablehlo.{} : {}", self.name(), at.result_type().mlir())
    }

    fn vjp<'t>(&self, _: &Application<'t>) -> Result<Cotangents<'t>, NoGradient> {
        Ok(vec![])
    }
}

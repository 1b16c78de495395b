//! The devices that work together in a collective operation.

use std::ops::RangeFull;

use crate::attribute::{Attribute, Attributes};
use crate::mesh::Devices;
use crate::{Mesh, Rule, Trace};

/// Which devices work together in a collective operation, such as [`Tensor::psum`]: those along
/// axes of the mesh (`"data"`, or `"data+model"`), all of them (`..`), or groups of replicas by
/// their numbers (`[[0, 1], [2, 3]]`).
///
/// Along axes of a mesh they do so in a manual region over these axes, see [`Trace::manual`], where
/// every device has a tensor of its own. Replicas have tensors of their own anywhere.
///
/// [`Tensor::psum`]: crate::Tensor::psum
#[derive(Clone, Debug)]
pub struct Peers(Named);

#[derive(Clone, Debug)]
enum Named {
    All,
    Axes(String),
    Groups(Vec<Vec<usize>>),
}

impl From<RangeFull> for Peers {
    fn from(_: RangeFull) -> Self {
        Self(Named::All)
    }
}

impl From<&str> for Peers {
    fn from(axes: &str) -> Self {
        Self(Named::Axes(axes.to_owned()))
    }
}

impl From<Vec<Vec<usize>>> for Peers {
    fn from(groups: Vec<Vec<usize>>) -> Self {
        Self(Named::Groups(groups))
    }
}

impl<const M: usize, const N: usize> From<[[usize; N]; M]> for Peers {
    fn from(groups: [[usize; N]; M]) -> Self {
        groups.map(Vec::from).to_vec().into()
    }
}

impl Peers {
    /// The positions of the axes of `mesh` that are named.
    pub(crate) fn axes(&self, mesh: &Mesh) -> Result<Vec<usize>, Rule> {
        match &self.0 {
            Named::All => Ok((0..mesh.axes().len()).collect()),
            Named::Axes(names) => mesh.positions(names),
            Named::Groups(_) => Err(Rule::GroupsOfReplicas),
        }
    }

    /// The mesh of `trace` and the axes, by their positions, over which it records a manual region.
    pub(crate) fn manual_axes(&self, trace: &Trace) -> Result<(Mesh, Vec<usize>), Rule> {
        let mesh = trace.devices().mesh().ok_or(Rule::NoMesh)?.clone();
        let manual = trace.manual_axes();
        let axes = match &self.0 {
            Named::All if !manual.is_empty() => manual.clone(),
            _ => self.axes(&mesh)?,
        };
        match axes.iter().find(|axis| !manual.contains(axis)) {
            Some(&axis) => Err(Rule::NotManual { axis: mesh.axes()[axis].0.clone() }),
            None => Ok((mesh, axes)),
        }
    }

    /// The groups as `trace` has them where it records now.
    pub(crate) fn groups(&self, trace: &Trace) -> Result<ReplicaGroups, Rule> {
        match &*trace.devices() {
            Devices::Any => Err(Rule::NoDevices),
            Devices::Mesh(_) => {
                let (mesh, axes) = self.manual_axes(trace)?;
                Ok(ReplicaGroups::along(&mesh, &axes))
            }
            &Devices::Replicas(replicas) => {
                let groups = match &self.0 {
                    Named::All => vec![(0..replicas).collect()],
                    Named::Axes(_) => return Err(Rule::NoMesh),
                    Named::Groups(groups) => groups.clone(),
                };
                let mut all = groups.concat();
                all.sort_unstable();
                let equal = groups.windows(2).all(|pair| pair[0].len() == pair[1].len());
                if !equal || !all.into_iter().eq(0..replicas) {
                    return Err(Rule::ReplicaGroups { groups, replicas });
                }
                Ok(ReplicaGroups { groups, partitions: false })
            }
        }
    }
}

/// Groups of one size in which every device is once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ReplicaGroups {
    groups: Vec<Vec<usize>>,
    /// Whether they are of partitions rather than replicas.
    partitions: bool,
}

/// What text leaves out of a collective among replicas.
pub(crate) const NO_CHANNEL: &[(&str, Attribute)] = &[("channel_id", Attribute::I64(0))];

/// [`NO_CHANNEL`] of a collective that numbers of devices could be meant by.
pub(crate) const NO_GLOBAL_CHANNEL: &[(&str, Attribute)] =
    &[("channel_id", Attribute::I64(0)), ("use_global_device_ids", Attribute::Bool(false))];

impl ReplicaGroups {
    /// Partitions that differ along the axes of `mesh` at `positions` alone.
    pub(crate) fn along(mesh: &Mesh, positions: &[usize]) -> Self {
        Self { groups: mesh.groups(positions), partitions: true }
    }

    /// The number of devices in a group.
    pub(crate) fn size(&self) -> usize {
        self.groups[0].len()
    }

    /// `replica_groups`, and `channel_handle` where the groups are of partitions.
    pub(crate) fn attributes(&self) -> Attributes {
        let ids = self.groups.concat();
        let matrix = Attribute::matrix(self.size(), &ids);
        [("replica_groups", matrix)].into_iter().chain(self.channel()).collect()
    }

    /// [`ReplicaGroups::attributes`] for operations that may take the numbers of devices for
    /// numbers of replicas, which says that they don't.
    pub(crate) fn global_attributes(&self) -> Attributes {
        let global = self.partitions.then_some(("use_global_device_ids", Attribute::Unit));
        self.attributes().into_iter().chain(global).collect()
    }

    /// From which device to which, for pairs of places in a group, and the channel.
    pub(crate) fn pairs(&self, pairs: &[(usize, usize)]) -> Attributes {
        let pair = |group: &Vec<usize>, &(from, to): &(usize, usize)| [group[from], group[to]];
        let ids = self.groups.iter().flat_map(|group| pairs.iter().map(|at| pair(group, at)));
        let matrix = Attribute::matrix(2, ids.collect::<Vec<_>>().as_flattened());
        [("source_target_pairs", matrix)].into_iter().chain(self.channel()).collect()
    }

    /// Collectives among partitions need a channel. They may share one: a program is the same
    /// sequence of them on every device.
    fn channel(&self) -> Option<(&'static str, Attribute)> {
        let channel = ("channel_handle", Attribute::Channel { handle: 1, kind: 0 });
        self.partitions.then_some(channel)
    }
}

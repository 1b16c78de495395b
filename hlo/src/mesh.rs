//! The devices that a program is for, and the names of their directions.

use std::fmt;

use crate::Rule;
use crate::attribute::list;

/// Devices in a grid whose directions have names, such as `data=4, model=2` for eight of them. Made
/// by [`Trace::mesh`](crate::Trace::mesh).
///
/// Device `i` of a compiled program, its partition `i`, stands where `i` is in row-major order: the
/// last axis counts fastest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mesh {
    axes: Vec<(String, usize)>,
}

impl Mesh {
    pub(crate) fn new(axes: &[(&str, usize)]) -> Result<Self, Rule> {
        let axes: Vec<_> = axes.iter().map(|&(name, size)| (name.to_owned(), size)).collect();
        let name = |name: &str| {
            let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
            name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(plain)
        };
        if let Some((axis, _)) = axes.iter().find(|(axis, _)| !name(axis)) {
            return Err(Rule::AxisName { axis: axis.clone() });
        }
        for (i, (axis, _)) in axes.iter().enumerate() {
            if axes[..i].iter().any(|(earlier, _)| earlier == axis) {
                return Err(Rule::AxisTwice { axis: axis.clone() });
            }
        }
        let devices = axes.iter().try_fold(1i32, |devices, &(_, size)| {
            devices.checked_mul(i32::try_from(size).ok()?).filter(|&devices| devices > 0)
        });
        let mesh = Self { axes };
        if devices.is_none() || mesh.axes.is_empty() {
            return Err(Rule::MeshSize { mesh });
        }
        Ok(mesh)
    }

    /// The axes with the number of devices along each.
    pub fn axes(&self) -> &[(String, usize)] {
        &self.axes
    }

    /// The number of devices.
    pub fn devices(&self) -> usize {
        self.axes.iter().map(|(_, size)| size).product()
    }

    /// The positions of axes named in text as `data+model`, no axis twice.
    pub(crate) fn positions(&self, names: &str) -> Result<Vec<usize>, Rule> {
        let mut positions = vec![];
        for name in names.split('+').map(str::trim) {
            let Some(position) = self.axes.iter().position(|(axis, _)| axis == name) else {
                return Err(Rule::UnknownAxis { axis: name.to_owned(), mesh: self.clone() });
            };
            if positions.contains(&position) {
                return Err(Rule::AxisTwice { axis: name.to_owned() });
            }
            positions.push(position);
        }
        Ok(positions)
    }

    /// The names of axes by their positions.
    pub(crate) fn names(&self, positions: &[usize]) -> Vec<String> {
        positions.iter().map(|&position| self.axes[position].0.clone()).collect()
    }

    /// How many devices there are along axes together.
    pub(crate) fn size(&self, names: &[String]) -> usize {
        let along = |name| self.axes.iter().find(|(axis, _)| axis == name).map(|(_, size)| size);
        names.iter().filter_map(along).product()
    }

    /// As Shardy writes it: `<["data"=4, "model"=2]>`.
    pub(crate) fn shardy(&self) -> String {
        format!("<[{}]>", list(self.axes.iter().map(|(name, size)| format!("\"{name}\"={size}"))))
    }

    /// How many devices apart two are that are next to each other along an axis.
    pub(crate) fn stride(&self, position: usize) -> usize {
        self.axes[position + 1..].iter().map(|(_, size)| size).product()
    }

    /// Where `device` is along axes together, of which the last counts fastest.
    pub(crate) fn coordinate(&self, device: usize, names: &[String]) -> usize {
        names.iter().fold(0, |coordinate, name| {
            let position = self.axes.iter().position(|(axis, _)| axis == name);
            let position = position.expect("a sharding names axes of the mesh");
            let size = self.axes[position].1;
            coordinate * size + device / self.stride(position) % size
        })
    }

    /// The devices in groups that differ along the axes at `positions` alone. In a group the last
    /// of these counts fastest.
    pub(crate) fn groups(&self, positions: &[usize]) -> Vec<Vec<usize>> {
        let others: Vec<_> = (0..self.axes.len()).filter(|i| !positions.contains(i)).collect();
        let within = self.offsets(positions);
        let group = |first: usize| within.iter().map(|offset| first + offset).collect();
        self.offsets(&others).into_iter().map(group).collect()
    }

    /// The devices along axes, counted from the first; the last axis counts fastest.
    fn offsets(&self, positions: &[usize]) -> Vec<usize> {
        positions.iter().fold(vec![0], |offsets, &position| {
            let step = self.stride(position);
            let along = |offset: usize| (0..self.axes[position].1).map(move |i| offset + i * step);
            offsets.into_iter().flat_map(along).collect()
        })
    }
}

impl fmt::Display for Mesh {
    /// `data=4, model=2`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&list(self.axes.iter().map(|(name, size)| format!("{name}={size}"))))
    }
}

/// What runs a program: the partitions of a mesh, or replicas that each run all of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Devices {
    /// The trace doesn't say.
    Any,
    Mesh(Mesh),
    Replicas(usize),
}

impl Devices {
    pub(crate) fn mesh(&self) -> Option<&Mesh> {
        match self {
            Self::Mesh(mesh) => Some(mesh),
            Self::Any | Self::Replicas(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_what_jax_gives_for_the_axes_of_its_mesh() {
        let mesh = Mesh::new(&[("data", 4), ("model", 2)]).unwrap();
        assert_eq!(mesh.groups(&[0]), [[0, 2, 4, 6], [1, 3, 5, 7]]);
        assert_eq!(mesh.groups(&[1]), [[0, 1], [2, 3], [4, 5], [6, 7]]);
        assert_eq!(mesh.groups(&[0, 1]), [[0, 1, 2, 3, 4, 5, 6, 7]]);
        assert_eq!(mesh.groups(&[1, 0]), [[0, 2, 4, 6, 1, 3, 5, 7]]);
    }
}

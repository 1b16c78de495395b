//! How a tensor is split among the devices of a mesh.

use std::fmt;
use std::ops::Range;

use crate::attribute::list;
use crate::{Mesh, Rule, Shape};

/// How a tensor is split among the devices of a [`Mesh`]: which axes of the mesh split each of its
/// axes.
///
/// In text, as [`Tensor::sharded`](crate::Tensor::sharded) takes it, it is a list with an entry for
/// each axis of the tensor. For a mesh of `data=4, model=2`:
///
/// | text | says of a tensor |
/// |---|---|
/// | `data` | its first axis is split in 4 along `data`, others are whole |
/// | `_, model` | its second axis is split in 2, the first is whole |
/// | `data+model` | its first axis is split in 8: first in 4, then each part in 2 |
/// | `data, ?` | what becomes of the second axis is for the compiler to choose |
/// | (nothing) | every device has all of it |
///
/// Along the axes of the mesh that it doesn't name, devices have copies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sharding {
    splits: Vec<Split>,
}

/// How one axis of a tensor is split.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Split {
    /// The axes of the mesh, the one that makes the largest parts first.
    axes: Vec<String>,
    /// Whether the compiler may split it further.
    open: bool,
}

impl Sharding {
    /// All of a tensor of `rank` axes on every device.
    pub(crate) fn whole(rank: usize) -> Self {
        Self { splits: vec![Split::default(); rank] }
    }

    /// Reads the sharding of a tensor of `rank` axes.
    pub(crate) fn parse(text: &str, rank: usize, mesh: &Mesh) -> Result<Self, Rule> {
        let entries: Vec<_> = match text.trim() {
            "" => vec![],
            text => text.split(',').map(str::trim).collect(),
        };
        if entries.len() > rank {
            let sharding = text.to_owned();
            return Err(Rule::ShardingRank { sharding, entries: entries.len(), rank });
        }
        let mut sharding = Self::whole(rank);
        let mut taken = vec![];
        for (split, entry) in sharding.splits.iter_mut().zip(entries) {
            match entry {
                "" | "_" => {}
                "?" => split.open = true,
                names => {
                    split.axes = mesh.names(&mesh.positions(names)?);
                    taken.extend(split.axes.iter().cloned());
                }
            }
        }
        taken.sort_unstable();
        match taken.windows(2).find(|pair| pair[0] == pair[1]) {
            Some(pair) => Err(Rule::AxisTwice { axis: pair[0].clone() }),
            None => Ok(sharding),
        }
    }

    /// A new first axis split along `axes` in front of what is there.
    pub(crate) fn stacked(axes: &[String], rank: usize) -> Self {
        let mut sharding = Self::whole(rank);
        sharding.splits[0].axes = axes.to_vec();
        sharding
    }

    /// The axes of the mesh that split an axis of the tensor, the one that makes the largest parts
    /// first.
    ///
    /// # Panics
    /// Where the tensor has no such axis.
    pub fn axes(&self, axis: usize) -> &[String] {
        &self.splits[axis].axes
    }

    /// Whether every device has all of the tensor.
    pub fn is_whole(&self) -> bool {
        self.splits.iter().all(|split| split.axes.is_empty())
    }

    /// Which part of a tensor of `shape` device `device` has: a range along each axis.
    ///
    /// # Panics
    /// If the shape has another number of axes, or `mesh` is another than that of the program.
    pub fn part(&self, mesh: &Mesh, shape: Shape, device: usize) -> Vec<Range<usize>> {
        assert_eq!(self.splits.len(), shape.len(), "a sharding speaks of each axis");
        let range = |(split, &size): (&Split, &usize)| {
            let part = size / mesh.size(&split.axes);
            let start = mesh.coordinate(device, &split.axes) * part;
            start..start + part
        };
        self.splits.iter().zip(shape.iter()).map(range).collect()
    }

    /// The axes of the mesh that it names.
    pub(crate) fn named(&self) -> impl Iterator<Item = &String> {
        self.splits.iter().flat_map(|split| &split.axes)
    }

    /// Whether something is left to the compiler.
    pub(crate) fn is_open(&self) -> bool {
        self.splits.iter().any(|split| split.open)
    }

    /// The same, with everything that it doesn't say left to the compiler.
    pub(crate) fn opened(&self) -> Self {
        let open = |split: &Split| Split { axes: split.axes.clone(), open: true };
        Self { splits: self.splits.iter().map(open).collect() }
    }

    /// The shape of the part of a tensor of `shape` that a device has. Parts are equal.
    pub(crate) fn local(&self, mesh: &Mesh, shape: Shape) -> Result<Shape, Rule> {
        let mut local = shape.to_vec();
        for (axis, split) in self.splits.iter().enumerate() {
            let parts = mesh.size(&split.axes);
            if !shape[axis].is_multiple_of(parts) {
                return Err(Rule::Parts { axis, size: shape[axis], parts });
            }
            local[axis] /= parts;
        }
        Ok(local[..].into())
    }

    /// The shape of the tensor whose parts have `shape`.
    pub(crate) fn global(&self, mesh: &Mesh, shape: Shape) -> Shape {
        let sizes = self.splits.iter().zip(shape.iter());
        sizes.map(|(split, size)| size.saturating_mul(mesh.size(&split.axes))).collect()
    }

    /// What Shardy writes between `#sdy.sharding<` and `>`: `@mesh, [{"data"}, {}]`.
    pub(crate) fn shardy(&self) -> String {
        let split = |split: &Split| {
            let axes = split.axes.iter().map(|axis| format!("\"{axis}\""));
            let open = split.open.then(|| "?".to_owned());
            format!("{{{}}}", list(axes.chain(open)))
        };
        format!("@mesh, [{}]", list(self.splits.iter().map(split)))
    }
}

impl fmt::Display for Sharding {
    /// As it is given, with an entry for every axis: `data+model, _`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let entry = |split: &Split| match (&split.axes[..], split.open) {
            ([], false) => "_".to_owned(),
            ([], true) => "?".to_owned(),
            (axes, _) => axes.join("+"),
        };
        f.write_str(&list(self.splits.iter().map(entry)))
    }
}

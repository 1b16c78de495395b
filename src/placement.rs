//! Where the arrays of a program lie that runs on several devices: whole arrays are cut up for them,
//! and what they return is put together.
//!
//! A program that says how its arrays are split among partitions, with marks of Shardy or GSPMD,
//! takes and returns whole arrays, one for all partitions of a replica. Without such marks every
//! device has arrays of its own. Where there are several replicas, or devices without marks, their
//! arrays are stacked along one more dimension in front; an input that lacks it is for all of them.

use std::iter;
use std::ops::Range;

use pjrt::{ArraySpec, Executable, HostArray, HostArrayError};

use crate::hlo_module::{HloModule, HloModuleError, Sharding};
use crate::program_file::ProgramFile;

/// Where the arrays of a compiled program lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placement {
    /// How many arrays there are of each, stacked.
    copies: usize,
    /// The devices that share one of them.
    partitions: usize,
    inputs: Vec<Split>,
    outputs: Vec<Split>,
}

/// One array, split among partitions.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Split {
    /// What each partition has, padded at the end where the whole doesn't divide evenly.
    part: ArraySpec,
    /// The dimensions of the whole.
    dims: Vec<usize>,
    sharding: Sharding,
}

impl Placement {
    /// Where the arrays of `program` lie, which was compiled to `executable`, whose optimised form
    /// is `module`.
    ///
    /// The dimensions of whole arrays that don't divide evenly are known of programs in text and of
    /// modules of HLO; those of bytecode are taken to divide.
    ///
    /// # Errors
    /// If the compiler split an array other than into tiles.
    pub fn of(
        program: &ProgramFile,
        executable: &Executable,
        module: &HloModule,
    ) -> Result<Self, HloModuleError> {
        let partitions = if program.is_marked() { executable.partitions() } else { 1 };
        let (inputs, outputs) = match partitions {
            1 => (Vec::new(), Vec::new()),
            _ => (module.parameter_shardings()?, module.result_shardings()?),
        };
        let splits = |parts: &[ArraySpec], shardings: Vec<Sharding>, dims: &dyn Fn(usize) -> _| {
            // Without a sharding every partition has the whole.
            let shardings = shardings.into_iter().chain(iter::repeat(Sharding::replicated()));
            let parts = parts.iter().cloned().zip(shardings).enumerate();
            parts.map(|(at, (part, sharding))| Split::new(part, sharding, dims(at))).collect()
        };
        Ok(Self {
            copies: executable.replicas() * executable.partitions() / partitions,
            partitions,
            inputs: splits(executable.inputs(), inputs, &|at| program.input_dims(at)),
            outputs: splits(executable.outputs(), outputs, &|at| program.output_dims(at)),
        })
    }

    /// What the program takes, in order: each array as a whole, and as many stacked as there are.
    pub fn inputs(&self) -> Vec<ArraySpec> {
        let stacked = |split: &Split| ArraySpec::new(split.part.dtype, &self.stacked(&split.dims));
        self.inputs.iter().map(stacked).collect()
    }

    /// What the input with this number can be cut from: one array for each stacked, or one for all.
    pub fn accepted(&self, input: usize) -> Vec<ArraySpec> {
        let Split { part, dims, .. } = &self.inputs[input];
        let mut accepted = vec![ArraySpec::new(part.dtype, &self.stacked(dims))];
        if self.copies > 1 {
            accepted.push(ArraySpec::new(part.dtype, dims));
        }
        accepted
    }

    /// Cuts what each device takes as the input with this number from an array that
    /// is [accepted](Self::accepted), in the order of the executable's devices.
    ///
    /// # Errors
    /// If there is no memory for the parts.
    pub fn cut(&self, input: usize, array: &HostArray) -> Result<Vec<HostArray>, HostArrayError> {
        let Split { part, dims, sharding } = &self.inputs[input];
        let stacked = array.dims().len() > dims.len();
        let devices = 0..self.copies * self.partitions;
        let cut = devices.map(|device| {
            let (copy, partition) = (device / self.partitions, device % self.partitions);
            let mut cut = HostArray::zeros(part.dtype, &part.dims)?;
            let one = match stacked {
                true => &array.bytes()[self.range(copy, array)],
                false => array.bytes(),
            };
            let tile = sharding.tile(partition, dims.len());
            each_row(part, dims, &tile, |in_whole, in_part| {
                cut.bytes_mut()[in_part].copy_from_slice(&one[in_whole]);
            });
            Ok(cut)
        });
        cut.collect()
    }

    /// Puts the output with this number together from what each device returned, in the order of
    /// the executable's devices.
    ///
    /// # Errors
    /// If there is no memory for the whole.
    pub fn join(&self, output: usize, parts: &[HostArray]) -> Result<HostArray, HostArrayError> {
        let Split { part, dims, sharding } = &self.outputs[output];
        let mut whole = HostArray::zeros(part.dtype, &self.stacked(dims))?;
        for (device, returned) in parts.iter().enumerate() {
            let (copy, partition) = (device / self.partitions, device % self.partitions);
            let range = self.range(copy, &whole);
            let one = &mut whole.bytes_mut()[range];
            let tile = sharding.tile(partition, dims.len());
            each_row(part, dims, &tile, |in_whole, in_part| {
                one[in_whole].copy_from_slice(&returned.bytes()[in_part]);
            });
        }
        Ok(whole)
    }

    /// The bytes of one of several arrays that are stacked.
    fn range(&self, copy: usize, stacked: &HostArray) -> Range<usize> {
        let len = stacked.bytes().len() / self.copies;
        copy * len..(copy + 1) * len
    }

    /// The dimensions of as many arrays as there are of each.
    fn stacked(&self, dims: &[usize]) -> Vec<usize> {
        let copies = if self.copies > 1 { vec![self.copies] } else { Vec::new() };
        [&copies, dims].concat()
    }
}

impl Split {
    fn new(part: ArraySpec, sharding: Sharding, stated: Option<&[usize]>) -> Self {
        let tiled = |dims: &[usize]| {
            let tiled = |(axis, &dim): (usize, &usize)| dim.div_ceil(sharding.tiles(axis));
            dims.iter().enumerate().map(tiled).collect::<Vec<_>>()
        };
        let dims = match stated {
            // What is stated may be of another function than the one that was compiled.
            Some(stated) if tiled(stated) == part.dims => stated.to_vec(),
            _ => {
                let dims = part.dims.iter().enumerate();
                dims.map(|(axis, dim)| dim * sharding.tiles(axis)).collect()
            }
        };
        Self { part, dims, sharding }
    }
}

/// Calls `each` with the bytes in the whole and in the part of every run of elements that are
/// neighbours in both. `tile` is the position of the part among those along each dimension.
fn each_row(
    part: &ArraySpec,
    whole: &[usize],
    tile: &[usize],
    mut each: impl FnMut(Range<usize>, Range<usize>),
) {
    let starts: Vec<_> = tile.iter().zip(&part.dims).map(|(tile, dim)| tile * dim).collect();
    // A part at the end may reach beyond it.
    let inside = |axis: usize| part.dims[axis].min(whole[axis].saturating_sub(starts[axis]));
    let sizes: Vec<_> = (0..whole.len()).map(inside).collect();
    if sizes.contains(&0) {
        return;
    }
    // Of the dimensions after this one, part and whole have all.
    let last = (0..whole.len()).rev().find(|&axis| part.dims[axis] != whole[axis]).unwrap_or(0);
    let width = part.dtype.host_bytes();
    let row = sizes[last..].iter().product::<usize>() * width;
    let mut index = vec![0; whole.len()];
    loop {
        let (mut in_whole, mut in_part) = (0, 0);
        for axis in 0..whole.len() {
            in_whole = in_whole * whole[axis] + starts[axis] + index[axis];
            in_part = in_part * part.dims[axis] + index[axis];
        }
        let (in_whole, in_part) = (in_whole * width, in_part * width);
        each(in_whole..in_whole + row, in_part..in_part + row);
        let Some(axis) = (0..last).rev().find(|&axis| index[axis] + 1 < sizes[axis]) else {
            return;
        };
        index[axis] += 1;
        index[axis + 1..last].fill(0);
    }
}

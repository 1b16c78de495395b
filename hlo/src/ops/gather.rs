//! Slices of a tensor at places that another tensor names.

use super::{Application, Cotangents, Form, NoGradient, Op, Spelling};
use crate::attribute::{Attribute, Field};
use crate::shape::check_distinct;
use crate::version::Version;
use crate::{DType, Rule, Shape, Tensor, Type};

/// Which axes of operand, indices and slices belong together in [`Tensor::gather`] and in
/// [`Tensor::scatter`] and its kin, where the slices are the updates.
///
/// The names are those of StableHLO's `gather`; its `scatter` says `update_window_dims`,
/// `inserted_window_dims`, `input_batching_dims`, `scatter_indices_batching_dims` and
/// `scatter_dims_to_operand_dims` for the first five.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GatherDimensions {
    /// Axes of the result that hold the slices. The others are those of the indices without
    /// `index_vector_dim`.
    pub offset_dims: Vec<usize>,
    /// Axes of the operand that slices have one element of and the result lacks.
    pub collapsed_slice_dims: Vec<usize>,
    /// Axes of the operand that go along with axes of the indices; the result has them once.
    pub operand_batching_dims: Vec<usize>,
    /// Axes of the indices that go along with `operand_batching_dims`, in pairs.
    pub start_indices_batching_dims: Vec<usize>,
    /// The axis of the operand that each element of an index vector is a place on.
    pub start_index_map: Vec<usize>,
    /// The axis of the indices that holds the elements of an index vector. Where it is their rank,
    /// each index stands alone.
    pub index_vector_dim: usize,
    /// A promise that indices rise.
    pub indices_are_sorted: bool,
    /// A promise that no element is named twice.
    pub unique_indices: bool,
}

#[derive(Clone, Debug)]
struct Gather {
    dimensions: GatherDimensions,
    slice_sizes: Shape,
    /// Whether it does not matter what becomes of indices outside.
    in_bounds: bool,
}

impl<'t> Tensor<'t> {
    /// Slices of `slice_sizes` that begin where `indices`, integers, say. A slice that would not fit
    /// is moved until it does.
    ///
    /// [`Tensor::take`] and [`Tensor::take_along_axis`] are what most programs need.
    #[track_caller]
    pub fn gather(
        self,
        indices: Self,
        dimensions: GatherDimensions,
        slice_sizes: impl Into<Shape>,
    ) -> Self {
        let slice_sizes = slice_sizes.into();
        self.trace().apply(Gather { dimensions, slice_sizes, in_bounds: false }, &[self, indices])
    }

    /// [`Tensor::gather`] where indices outside do not matter.
    #[track_caller]
    pub(crate) fn gather_within(
        self,
        indices: Self,
        dimensions: GatherDimensions,
        slice_sizes: Shape,
    ) -> Self {
        self.trace().apply(Gather { dimensions, slice_sizes, in_bounds: true }, &[self, indices])
    }
}

impl GatherDimensions {
    /// An element of `axis` at each place of indices of the operand's rank, whose other axes go
    /// along with the operand's.
    pub(crate) fn along_axis(rank: usize, axis: usize) -> Self {
        let others: Vec<_> = (0..rank).filter(|&other| other != axis).collect();
        Self {
            collapsed_slice_dims: vec![axis],
            operand_batching_dims: others.clone(),
            start_indices_batching_dims: others,
            start_index_map: vec![axis],
            index_vector_dim: rank,
            ..Self::default()
        }
    }

    /// The shape of the slices of a tensor of shape `operand`, with the axes of the indices.
    pub(crate) fn infer(
        &self,
        operand: Shape,
        indices: Type,
        slice_sizes: Shape,
    ) -> Result<Shape, Rule> {
        indices.dtype.check(indices.dtype.is_integer(), "integers as indices")?;
        let (rank, indices) = (operand.len(), indices.shape);
        if slice_sizes.len() != rank {
            let got = slice_sizes.len();
            return Err(Rule::OneEach { what: "size", of: "axes", expected: rank, got });
        }
        let gone = [&self.collapsed_slice_dims[..], &self.operand_batching_dims].concat();
        check_distinct(&gone, rank)?;
        check_distinct(&[&self.start_index_map[..], &self.operand_batching_dims].concat(), rank)?;
        if self.index_vector_dim > indices.len() {
            let axis = self.index_vector_dim as i128;
            return Err(Rule::Axis { axis, rank: indices.len() + 1 });
        }
        let vector_axis = (self.index_vector_dim < indices.len()).then_some(self.index_vector_dim);
        let mut of_indices = self.start_indices_batching_dims.clone();
        of_indices.extend(vector_axis);
        check_distinct(&of_indices, indices.len())?;
        let length = vector_axis.map_or(1, |axis| indices[axis]);
        if self.start_index_map.len() != length {
            return Err(Rule::IndexVector { axes: self.start_index_map.len(), length });
        }
        self.check_batches(operand, indices)?;
        for (axis, (&slice, &size)) in slice_sizes.iter().zip(operand.iter()).enumerate() {
            if slice > size {
                return Err(Rule::SliceSize { axis, slice, size });
            }
            if slice != 1 && gone.contains(&axis) {
                return Err(Rule::SliceOfOne { axis, slice });
            }
        }
        let offsets = rank - gone.len();
        if self.offset_dims.len() != offsets {
            return Err(Rule::OffsetAxes { expected: offsets, got: self.offset_dims.len() });
        }
        let batch = indices.len() - usize::from(vector_axis.is_some());
        check_distinct(&self.offset_dims, batch + offsets)?;
        for axes in [&self.offset_dims, &self.collapsed_slice_dims, &self.operand_batching_dims] {
            if !axes.is_sorted() {
                return Err(Rule::Unsorted { axes: axes.clone() });
            }
        }
        let mut kept = (0..rank).filter(|axis| !gone.contains(axis)).map(|axis| slice_sizes[axis]);
        let mut batch = (0..indices.len()).filter(|&axis| Some(axis) != vector_axis);
        let size = |axis: usize| match self.offset_dims.contains(&axis) {
            true => kept.next().expect("an offset for each axis that is kept"),
            false => indices[batch.next().expect("the rank is that of both together")],
        };
        Ok((0..indices.len() - usize::from(vector_axis.is_some()) + offsets).map(size).collect())
    }

    fn check_batches(&self, operand: Shape, indices: Shape) -> Result<(), Rule> {
        let (lhs, rhs) = (&self.operand_batching_dims, &self.start_indices_batching_dims);
        if lhs.len() != rhs.len() {
            return Err(Rule::AxisPairs { lhs: lhs.len(), rhs: rhs.len() });
        }
        for (&axis, &indices_axis) in lhs.iter().zip(rhs) {
            let (size, indices) = (operand[axis], indices[indices_axis]);
            if size != indices {
                return Err(Rule::BatchAxes { axis, size, indices_axis, indices });
            }
        }
        Ok(())
    }

    /// The sizes of the slices of an operand of `rank` axes whose updates have the shape `updates`;
    /// where there are too few axes the rest is 1.
    pub(crate) fn slice_sizes(&self, updates: Shape, rank: usize) -> Shape {
        let mut offsets = self.offset_dims.iter().map(|&axis| updates.get(axis).copied());
        let mut size = |axis| {
            let gone = self.collapsed_slice_dims.contains(&axis)
                || self.operand_batching_dims.contains(&axis);
            if gone { 1 } else { offsets.next().flatten().unwrap_or(1) }
        };
        (0..rank).map(&mut size).collect()
    }

    /// The last place at which a slice of each coordinate of an index vector fits, to be broadcast
    /// against the indices, and the indices in a type that has it.
    #[track_caller]
    fn last_places<'t>(
        &self,
        operand: Shape,
        indices: Tensor<'t>,
        slice_sizes: Shape,
    ) -> (Tensor<'t>, Tensor<'t>) {
        let widest = operand.iter().copied().max().unwrap_or(0);
        let indices = indices.counting_to(widest);
        let (trace, dtype) = (indices.trace(), indices.dtype());
        let last = |&axis: &usize| operand[axis] - slice_sizes[axis];
        let places: Vec<_> = self.start_index_map.iter().map(last).collect();
        let same = places.windows(2).all(|pair| pair[0] == pair[1]);
        let last = match &places[..] {
            [first, ..] if same => trace.constant(*first as u64, dtype),
            places => {
                let one = |&place: &usize| trace.constant(place as u64, dtype).reshape([1]);
                let vector = trace.concatenate(&places.iter().map(one).collect::<Vec<_>>(), 0);
                vector.broadcast_in_dim(indices.shape(), [self.index_vector_dim])
            }
        };
        (indices, last)
    }

    /// The indices moved until slices fit.
    #[track_caller]
    fn clamped<'t>(&self, operand: Shape, indices: Tensor<'t>, slice_sizes: Shape) -> Tensor<'t> {
        if self.start_index_map.is_empty() {
            return indices;
        }
        let (indices, last) = self.last_places(operand, indices, slice_sizes);
        indices.clamp(0, last)
    }

    /// Whether each slice fits where the indices say, in the shape `updates` of the slices.
    #[track_caller]
    pub(crate) fn fits<'t>(
        &self,
        operand: Shape,
        indices: Tensor<'t>,
        updates: Shape,
    ) -> Tensor<'t> {
        let trace = indices.trace();
        if self.start_index_map.is_empty() {
            return trace.full(true, DType::Bool, updates);
        }
        let slice_sizes = self.slice_sizes(updates, operand.len());
        let (indices, last) = self.last_places(operand, indices, slice_sizes);
        let mut fits = indices.less_equal(last);
        if indices.dtype().is_signed() {
            fits = fits & indices.greater_equal(0);
        }
        if self.index_vector_dim < indices.shape().len() {
            fits = fits.all(self.index_vector_dim as i32);
        }
        let batch = (0..updates.len()).filter(|axis| !self.offset_dims.contains(axis));
        fits.broadcast_in_dim(updates, batch.collect::<Vec<_>>())
    }
}

impl Op for Gather {
    fn name(&self) -> &'static str {
        "gather"
    }

    fn infer(&self, operands: &[Type]) -> Result<Vec<Type>, Rule> {
        let (operand, indices) = (operands[0], operands[1]);
        let shape = self.dimensions.infer(operand.shape, indices, self.slice_sizes)?;
        Ok(vec![Type::new(operand.dtype, shape)])
    }

    fn form(&self) -> Form {
        let d = &self.dimensions;
        let fields = vec![
            ("offset_dims", Field::Axes(d.offset_dims.clone())),
            ("collapsed_slice_dims", Field::Axes(d.collapsed_slice_dims.clone())),
            ("operand_batching_dims", Field::Axes(d.operand_batching_dims.clone())),
            ("start_indices_batching_dims", Field::Axes(d.start_indices_batching_dims.clone())),
            ("start_index_map", Field::Axes(d.start_index_map.clone())),
            ("index_vector_dim", Field::Axis(d.index_vector_dim)),
        ];
        Form::Operation {
            attributes: vec![
                ("dimension_numbers", Attribute::Dimensions { kind: "gather", fields }),
                ("slice_sizes", Attribute::ints(&self.slice_sizes)),
                ("indices_are_sorted", Attribute::Bool(d.indices_are_sorted)),
            ],
            spellings: const {
                &[
                    Spelling::first("gather_v1")
                        .without(&["operand_batching_dims", "start_indices_batching_dims"]),
                    Spelling::since(Version::new(1, 1, 0), "gather_v2"),
                ]
            },
        }
    }

    fn vjp<'t>(&self, at: &Application<'t>) -> Result<Cotangents<'t>, NoGradient> {
        let (operand, indices, dy) = (at.operands[0], at.operands[1], at.cotangent());
        let mut dimensions = self.dimensions.clone();
        // What a scatter would leave out was read where it was moved to.
        let indices = if self.in_bounds {
            indices
        } else {
            // Different indices may be moved to the same place, and out of order.
            dimensions.unique_indices = false;
            dimensions.indices_are_sorted &= dimensions.start_index_map.len() <= 1;
            dimensions.clamped(operand.shape(), indices, self.slice_sizes)
        };
        let dx = operand.zeros_like().scatter_add_within(indices, dy, dimensions);
        Ok(vec![Some(dx), None])
    }
}

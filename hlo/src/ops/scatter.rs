//! Slices combined with a tensor at places that another tensor names.

use super::fold::body;
use super::{Application, Cotangents, Form, GatherDimensions, NoGradient, Op, Spelling};
use crate::attribute::{Attribute, Field};
use crate::graph::BlockId;
use crate::version::Version;
use crate::{DType, Rule, Shape, Tensor, Tree, Type};

const BODY: &str = "the body of a scatter";

/// What becomes of an element and its update.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Combine {
    Set,
    Add,
    Multiply,
    Minimum,
    Maximum,
}

/// The operands are inputs, indices, and an update for each input.
#[derive(Clone, Debug)]
struct Scatter {
    dimensions: GatherDimensions,
    /// Whether it does not matter what becomes of indices outside.
    in_bounds: bool,
}

macro_rules! scatters {
    ($($(#[$doc:meta])* $method:ident $combine:ident;)*) => {
        impl<'t> Tensor<'t> {
            $($(#[$doc])*
            ///
            /// The slices `updates` have their places as [`Tensor::gather`] has; one that would not
            /// fit is left out.
            #[track_caller]
            pub fn $method(
                self,
                indices: Self,
                updates: Self,
                dimensions: GatherDimensions,
            ) -> Self {
                self.scatter_by(indices, updates, dimensions, Combine::$combine, false)
            }
        )*}
    };
}

scatters! {
    /// The tensor with `updates` in place of slices. Where several meet, one of them wins: the last
    /// on a CPU.
    scatter Set;
    /// The tensor with `updates` added to slices.
    scatter_add Add;
    /// The tensor with slices multiplied by `updates`.
    scatter_mul Multiply;
    /// The tensor with the smaller of slices and `updates`. Equal ones share the gradient.
    scatter_min Minimum;
    /// The tensor with the larger of slices and `updates`. Equal ones share the gradient.
    scatter_max Maximum;
}

impl<'t> Tensor<'t> {
    /// [`Tensor::scatter_add`] where indices outside do not matter.
    #[track_caller]
    pub(crate) fn scatter_add_within(
        self,
        indices: Self,
        updates: Self,
        dimensions: GatherDimensions,
    ) -> Self {
        self.scatter_by(indices, updates, dimensions, Combine::Add, true)
    }

    #[track_caller]
    fn scatter_by(
        self,
        indices: Self,
        updates: Self,
        dimensions: GatherDimensions,
        combine: Combine,
        in_bounds: bool,
    ) -> Self {
        if combine != Combine::Set
            && let Err(rule) = self.dtype().check_number()
        {
            let types = [self.ty(), indices.ty(), updates.ty()];
            return self.trace().refuse("scatter", &types, rule);
        }
        let scalar = Type::new(self.dtype(), Shape::SCALAR);
        let body = self.trace().region(BODY, true, &[scalar; 2], |at| {
            let (old, new) = (at[0], at[1]);
            vec![match combine {
                Combine::Add => old + new,
                Combine::Multiply => old * new,
                Combine::Minimum => old.minimum(new),
                Combine::Maximum => old.maximum(new),
                Combine::Set => new,
            }]
        });
        let scatter = Scatter { dimensions, in_bounds };
        scatter.record(1, vec![self, indices, updates], body.block)[0]
    }
}

impl Scatter {
    /// Records the scatter of `count` tensors.
    #[track_caller]
    fn record<'t>(
        mut self,
        count: usize,
        mut operands: Vec<Tensor<'t>>,
        body: BlockId,
    ) -> Vec<Tensor<'t>> {
        let trace = operands[0].trace();
        let types: Vec<_> = operands.iter().map(Tensor::ty).collect();
        if !self.dimensions.start_index_map.is_empty()
            || trace.has_error()
            || self.infer(&types).is_err()
        {
            return trace.apply_regions(self, &operands, vec![body], count);
        }
        // XLA leaves updates out where index vectors have no elements: here they have a 0, the place
        // on an axis more.
        let mut shape = operands[count].shape().to_vec();
        shape[self.dimensions.index_vector_dim] = 1;
        operands[count] = trace.full(0, DType::S32, &shape);
        for operand in &mut operands[..count] {
            *operand = operand.expand_dims(0);
        }
        self.dimensions.start_index_map = vec![0];
        let GatherDimensions { collapsed_slice_dims, operand_batching_dims, .. } =
            &mut self.dimensions;
        for axis in collapsed_slice_dims.iter_mut().chain(operand_batching_dims) {
            *axis += 1;
        }
        collapsed_slice_dims.insert(0, 0);
        let results = trace.apply_regions(self, &operands, vec![body], count);
        results.into_iter().zip(types).map(|(result, ty)| result.reshape(ty.shape)).collect()
    }
}

/// Tensors of one shape with `body` of their elements and of slices `updates` of each, at the places
/// that [`Tensor::gather`] would read; a slice that would not fit is left out. `body` gets the
/// elements that are there and the new ones, all of them scalars; in which order several come to one
/// place is open.
///
/// ```
/// use hlo::DType::{F32, S32};
/// use hlo::GatherDimensions;
///
/// hlo::trace("keep the nearer", |t| {
///     let (near, who) = (t.input("near", F32, [9]), t.input("who", S32, [9]));
///     let (distance, name) = (t.input("distance", F32, [4]), t.input("name", S32, [4]));
///     let dimensions = GatherDimensions {
///         collapsed_slice_dims: vec![0],
///         start_index_map: vec![0],
///         index_vector_dim: 1,
///         ..GatherDimensions::default()
///     };
///     let place = t.input("place", S32, [4]);
///     let new = (distance, name);
///     let (near, who) = hlo::scatter((near, who), place, new, dimensions, |old, new| {
///         let nearer = new.0.less(old.0);
///         (nearer.select(new.0, old.0), nearer.select(new.1, old.1))
///     });
///     t.output("near", near);
///     t.output("who", who);
/// })?;
/// # Ok::<(), hlo::TraceError>(())
/// ```
///
/// It has a gradient where it is of one tensor and its body is that of [`Tensor::scatter`],
/// [`Tensor::scatter_add`] or their kin.
#[track_caller]
pub fn scatter<'t, T: Tree<'t>>(
    inputs: T,
    indices: Tensor<'t>,
    updates: T,
    dimensions: GatherDimensions,
    body: impl FnOnce(T, T) -> T,
) -> T {
    let (trace, tensors) = (indices.trace(), inputs.tensors());
    let count = tensors.len();
    let operands = [&tensors[..], &[indices], &updates.tensors()].concat();
    let types: Vec<_> = operands.iter().map(Tensor::ty).collect();
    if count == 0 || operands.len() != 2 * count + 1 {
        let rule = Rule::OnePerInput { inputs: count, got: operands.len() - 1 - count };
        trace.refuse("scatter", &types, rule);
        return inputs.map(&mut |_| Tensor::poison(trace));
    }
    let scalar = |tensor: &Tensor<'t>| Type::new(tensor.dtype(), Shape::SCALAR);
    let scalars: Vec<_> = tensors.iter().map(scalar).collect();
    let region = trace.region(BODY, true, &[&scalars[..], &scalars].concat(), |at| {
        body(inputs.with(&at[..count]), inputs.with(&at[count..])).tensors()
    });
    if !trace.has_error() && region.types() != scalars {
        let rule = Rule::Returns { region: BODY, expected: scalars, got: region.types() };
        trace.refuse("scatter", &types, rule);
    }
    let scatter = Scatter { dimensions, in_bounds: false };
    inputs.with(&scatter.record(count, operands, region.block))
}

impl Op for Scatter {
    fn name(&self) -> &'static str {
        "scatter"
    }

    fn infer(&self, operands: &[Type]) -> Result<Vec<Type>, Rule> {
        let count = operands.len() / 2;
        let (inputs, indices, updates) =
            (&operands[..count], operands[count], &operands[count + 1..]);
        for (input, update) in inputs.iter().zip(updates) {
            if input.shape != inputs[0].shape {
                return Err(Rule::Shapes { first: inputs[0].shape, other: input.shape });
            }
            if input.dtype != update.dtype {
                return Err(Rule::DTypes { lhs: input.dtype, rhs: update.dtype });
            }
            let slice_sizes = self.dimensions.slice_sizes(update.shape, input.shape.len());
            let expected = self.dimensions.infer(input.shape, indices, slice_sizes)?;
            if expected != update.shape {
                return Err(Rule::Updates { expected, got: update.shape });
            }
        }
        Ok(inputs.to_vec())
    }

    fn form(&self) -> Form {
        let d = &self.dimensions;
        let indices_batch = d.start_indices_batching_dims.clone();
        let fields = vec![
            ("update_window_dims", Field::Axes(d.offset_dims.clone())),
            ("inserted_window_dims", Field::Axes(d.collapsed_slice_dims.clone())),
            ("input_batching_dims", Field::Axes(d.operand_batching_dims.clone())),
            ("scatter_indices_batching_dims", Field::Axes(indices_batch)),
            ("scatter_dims_to_operand_dims", Field::Axes(d.start_index_map.clone())),
            ("index_vector_dim", Field::Axis(d.index_vector_dim)),
        ];
        Form::Operation {
            attributes: vec![
                ("scatter_dimension_numbers", Attribute::Dimensions { kind: "scatter", fields }),
                ("indices_are_sorted", Attribute::Bool(d.indices_are_sorted)),
                ("unique_indices", Attribute::Bool(d.unique_indices)),
            ],
            spellings: const {
                &[
                    Spelling::first("scatter_v1")
                        .without(&["input_batching_dims", "scatter_indices_batching_dims"]),
                    Spelling::since(Version::new(1, 1, 0), "scatter_v2"),
                ]
            },
        }
    }

    fn vjp<'t>(&self, at: &Application<'t>) -> Result<Cotangents<'t>, NoGradient> {
        let Some(combine) = combine(at) else {
            return Err(NoGradient(
                "its body may be any function; `scatter`, `scatter_add`, `scatter_mul`, \
                 `scatter_min` and `scatter_max` of a tensor have one",
            ));
        };
        let (operand, indices, updates) = (at.operands[0], at.operands[1], at.operands[2]);
        let (dy, wanted, dimensions) = (at.cotangent(), &at.wanted, || self.dimensions.clone());
        let (dx, dupdates) = match combine {
            Combine::Add => (Some(dy), wanted[2].then(|| self.read(at, dy))),
            Combine::Set => {
                let replaced = || dy.scatter(indices, updates.zeros_like(), dimensions());
                (wanted[0].then(replaced), wanted[2].then(|| self.read_by_winners(at, dy)))
            }
            Combine::Multiply => {
                if wanted[2] && !self.dimensions.unique_indices {
                    return Err(NoGradient(
                        "several updates may multiply one element; where none do, promise it \
                         with `unique_indices`",
                    ));
                }
                let scaled = || dy.scatter_mul(indices, updates, dimensions());
                (wanted[0].then(scaled), wanted[2].then(|| self.read(at, dy * operand)))
            }
            Combine::Minimum | Combine::Maximum => {
                // Equal extremes share, the element that was there among them.
                let kept = operand.equal(at.result()).to(dy.dtype());
                let won = updates.equal(self.read(at, at.result())).to(dy.dtype());
                let share = dy / kept.scatter_add(indices, won, dimensions());
                (Some(kept * share), wanted[2].then(|| won * self.read(at, share)))
            }
        };
        Ok(vec![dx, None, dupdates])
    }
}

/// What the body of a scatter does, if it is one of those that have a gradient.
fn combine(at: &Application<'_>) -> Option<Combine> {
    let (body, single) = body(at);
    let graph = at.operands[0].trace().graph().borrow();
    let block = graph.block(body);
    match single {
        _ if at.results.len() != 1 => None,
        Some("add") => Some(Combine::Add),
        Some("multiply") => Some(Combine::Multiply),
        Some("minimum") => Some(Combine::Minimum),
        Some("maximum") => Some(Combine::Maximum),
        _ => (block.results[0] == block.parameters[1]).then_some(Combine::Set),
    }
}

impl Scatter {
    /// Slices of `tensor` at the places of the updates, zeros where an update was left out.
    fn read<'t>(&self, at: &Application<'t>, tensor: Tensor<'t>) -> Tensor<'t> {
        let read = self.read_any(at, tensor);
        if self.in_bounds {
            return read;
        }
        let (indices, shape) = (at.operands[1], at.operands[2].shape());
        let fits = self.dimensions.fits(tensor.shape(), indices, shape);
        fits.select(read, read.scalar(0.0))
    }

    /// Slices of `tensor` at the places of the updates that won theirs, zeros elsewhere.
    fn read_by_winners<'t>(&self, at: &Application<'t>, tensor: Tensor<'t>) -> Tensor<'t> {
        if self.dimensions.unique_indices {
            return self.read(at, tensor);
        }
        let (trace, updates) = (tensor.trace(), at.operands[2].shape());
        let dtype = DType::counting(updates.elements());
        let number = trace.iota(dtype, [updates.elements()], 0).reshape(updates);
        let nobody = trace.full(-1, dtype, tensor.shape());
        let winner = nobody.scatter(at.operands[1], number, self.dimensions.clone());
        let won = self.read_any(at, winner).equal(number);
        won.select(self.read_any(at, tensor), tensor.scalar(0.0))
    }

    /// Slices of `tensor` at the places of the updates, any where an update was left out.
    fn read_any<'t>(&self, at: &Application<'t>, tensor: Tensor<'t>) -> Tensor<'t> {
        let updates = at.operands[2].shape();
        let slice_sizes = self.dimensions.slice_sizes(updates, tensor.shape().len());
        tensor.gather_within(at.operands[1], self.dimensions.clone(), slice_sizes)
    }
}

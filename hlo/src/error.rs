//! What can be wrong with a trace, as data.

use std::fmt;
use std::panic::Location;

use thiserror::Error;

use crate::{DType, Mesh, Shape, Type};

/// The first mistake in a trace: which operation, on what operands, at which source line, and the
/// rule it breaks.
#[derive(Clone, PartialEq, Eq, Error)]
#[error("{location}: {operation}({}): {rule}", list(operands))]
#[non_exhaustive]
pub struct TraceError {
    /// The operation in StableHLO's or the method's name.
    pub operation: &'static str,
    /// The types of its operands.
    pub operands: Vec<Type>,
    /// The rule that is broken.
    pub rule: Rule,
    /// The line of the user's code that asked for the operation.
    pub location: &'static Location<'static>,
}

impl fmt::Debug for TraceError {
    /// As it displays: a `main` that returns the error prints it so.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A rule of the traced language.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum Rule {
    #[error(
        "shapes {lhs} and {rhs} do not broadcast: counted from the last, sizes must be equal or 1; \
             `expand_dims` inserts an axis of 1"
    )]
    Broadcast { lhs: Shape, rhs: Shape },
    #[error(
        "shape {from} does not broadcast to {to}: only axes of size 1 repeat, and axes missing in \
             front"
    )]
    BroadcastTo { from: Shape, to: Shape },
    #[error("{dims:?} must name an axis of the result for each axis of {from}, in rising order")]
    BroadcastDims { dims: Vec<usize>, from: Shape },
    #[error("element types {lhs} and {rhs} differ: convert one of them with `.to(dtype)`")]
    DTypes { lhs: DType, rhs: DType },
    #[error("takes {expected}, got {got}: convert with `.to(dtype)`")]
    DType { expected: &'static str, got: DType },
    #[error("makes {expected}: ask for another type than {got}")]
    Makes { expected: &'static str, got: DType },
    #[error("the rank must be {expected}, got {got}")]
    Rank { expected: String, got: usize },
    #[error("axis {axis} is out of range: {}", axes(*rank))]
    Axis { axis: i128, rank: usize },
    #[error("axis {axis} is named twice")]
    RepeatedAxis { axis: usize },
    #[error(
        "axes that are multiplied together have one size: axis {lhs_axis} of the left has {lhs}, \
             axis {rhs_axis} of the right has {rhs}"
    )]
    Contraction { lhs_axis: usize, lhs: usize, rhs_axis: usize, rhs: usize },
    #[error(
        "products of {operands} are added up in {operands} or a wider type of its kind, not in \
             {result}"
    )]
    Accumulation { operands: DType, result: DType },
    #[error("{marked:?}, at the mark: {fault}")]
    Einsum { marked: String, fault: &'static str },
    #[error("takes one operand per term of {equation:?}: {terms}, got {operands}")]
    EinsumOperands { equation: String, terms: usize, operands: usize },
    #[error("{equation:?} names {letters} axes of operand {operand}, which has {rank}")]
    EinsumRank { equation: String, operand: usize, letters: usize, rank: usize },
    #[error(
        "`{letter}` of {equation:?} has the size {} in operand {} and {} in operand {}: equal \
             letters have equal sizes, or 1",
        first.1, first.0, other.1, other.0
    )]
    EinsumSizes {
        equation: String,
        letter: String,
        /// An operand, and the size there.
        first: (usize, usize),
        other: (usize, usize),
    },
    #[error("names {lhs} axes of the left and {rhs} of the right: they pair up one to one")]
    AxisPairs { lhs: usize, rhs: usize },
    #[error(
        "the number of elements stays: {from} has {}, {to} has {}",
        from.elements(), to.elements()
    )]
    Reshape { from: Shape, to: Shape },
    #[error("{permutation:?} is no permutation of the axes of {shape}: it names each of them once")]
    Permutation { permutation: Vec<usize>, shape: Shape },
    #[error("range {start}..{end} is out of bounds for axis {axis} of size {size}")]
    Range { axis: usize, start: usize, end: usize, size: usize },
    #[error("takes one {what} for each of {expected} {of}, got {got}")]
    OneEach { what: &'static str, of: &'static str, expected: usize, got: usize },
    #[error("a slice of {slice} is larger than axis {axis}, which has {size}")]
    SliceSize { axis: usize, slice: usize, size: usize },
    #[error("a slice has 1 of a collapsed axis or batch axis, got {slice} of axis {axis}")]
    SliceOfOne { axis: usize, slice: usize },
    #[error(
        "`start_index_map` names an axis for each element of an index vector: got {axes} for \
         {length}"
    )]
    IndexVector { axes: usize, length: usize },
    #[error(
        "`offset_dims` names an axis for each of the operand's that is not collapsed and no batch \
         axis: expected {expected}, got {got}"
    )]
    OffsetAxes { expected: usize, got: usize },
    #[error(
        "batch axes must agree: axis {axis} of the operand has {size}, axis {indices_axis} of the \
         indices has {indices}"
    )]
    BatchAxes { axis: usize, size: usize, indices_axis: usize, indices: usize },
    #[error("axes must be named in rising order, got {axes:?}")]
    Unsorted { axes: Vec<usize> },
    #[error("at these indices updates have the shape {expected}, got {got}")]
    Updates { expected: Shape, got: Shape },
    #[error("takes at least one input and an update for each: got {got} for {inputs}")]
    OnePerInput { inputs: usize, got: usize },
    #[error("all shapes must agree: got {first} and {other}")]
    Shapes { first: Shape, other: Shape },
    #[error("the {k} largest are asked for of an axis of {size}")]
    TopK { k: usize, size: usize },
    #[error("only an axis of size 1 can go: axis {axis} has {size}")]
    Squeeze { axis: usize, size: usize },
    #[error(
        "a float has 1 to 64 bits of exponent and up to 64 of mantissa, got {exponent_bits} and \
             {mantissa_bits}"
    )]
    Digits { exponent_bits: u32, mantissa_bits: u32 },
    #[error("padding by {low} and {high} takes more of axis {axis} away than it has")]
    Padding { axis: usize, low: i64, high: i64 },
    #[error("{region} must return ({}), got ({})", list(expected), list(got))]
    Returns { region: &'static str, expected: Vec<Type>, got: Vec<Type> },
    #[error("all shapes must agree outside axis {axis}: got {first} and {other}")]
    Concatenate { axis: usize, first: Shape, other: Shape },
    #[error("axis {axis} of size {size} does not split into {parts} equal parts")]
    Parts { axis: usize, size: usize, parts: usize },
    #[error("axis {axis} has no elements to choose from")]
    EmptyAxis { axis: usize },
    #[error("{what} must be {expected}, got {got}")]
    Type { what: &'static str, expected: Type, got: Type },
    #[error("the {what} along axis {axis} must be between 1 and 2^63 - 1, got {got}")]
    Step { what: &'static str, axis: usize, got: usize },
    #[error(
        "the window covers {window} elements along axis {axis}, and the operand has {padded} there, \
             padding included"
    )]
    Window { axis: usize, window: i128, padded: i128 },
    #[error(
        "input and kernel must have the same rank, such as 4 for images [N, H, W, C] and a kernel \
             [H, W, I, O], got {input} and {kernel}"
    )]
    ConvolutionRanks { input: usize, kernel: usize },
    #[error(
        "the dimension numbers of the {of} must name each of its {rank} axes once, got {axes:?}"
    )]
    DimensionNumbers { of: &'static str, axes: Vec<usize>, rank: usize },
    #[error("{groups} must divide the {size} {of}, got {count}")]
    Groups { groups: &'static str, count: usize, of: &'static str, size: usize },
    #[error(
        "the kernel must take {} features, as the input has {features}{}, got {taken}",
        features / groups,
        if *groups == 1 { String::new() } else { format!(" in {groups} groups") }
    )]
    KernelFeatures { taken: usize, features: usize, groups: usize },
    #[error("only one of feature_group_count and batch_group_count may be above 1")]
    BothGroups,
    #[error("padding or dilation stretches axis {axis} beyond 2^60 elements")]
    Stretched { axis: usize },
    #[error("takes a window without dilations, and this one has one along axis {axis}")]
    WindowDilation { axis: usize },
    #[error("takes at least one operand")]
    NoOperands,
    #[error("the last axis must have {parts} elements of {from}, which make one of {to}")]
    Bitcast { from: DType, to: DType, parts: usize },
    #[error("{value} is no value of type {dtype}")]
    Constant { value: String, dtype: DType },
    #[error(
        "{value} is no value of type {dtype}, which the tensor beside it has: convert the tensor \
             with `.to(dtype)`"
    )]
    Number { value: String, dtype: DType },
    #[error("{given} values are given, and {shape} has {}", shape.elements())]
    Elements { given: usize, shape: Shape },
    #[error(
        "a constant has at most {most} elements, got {elements}: make it an input, which is no part \
             of the program's text"
    )]
    LargeConstant { elements: usize, most: usize },
    #[error("{shape} is larger than memory can be")]
    TooLarge { shape: Shape },
    #[error("2^32 random numbers or more are drawn with one key: split the key")]
    TooManyDraws,
    #[error("there is a zero among the constants that integers are divided by")]
    DivisionByZero,
    #[error("the backend's generator draws no part of an array: leave `backend` out")]
    PartOfBackend,
    #[error(
        "the key has been {how} at {location} and would give the same numbers again: use each key \
             once, and make more with `split` or `fold_in`; where the same numbers are meant, say \
             `again()`"
    )]
    KeyUsed { how: &'static str, location: &'static Location<'static> },
    #[error(
        "the key was made outside {region}, so every turn would draw the same numbers: fold the \
             turn's number in with `fold_in`, or let the loop go over the keys of `split_into`"
    )]
    KeyInLoop { region: &'static str },
    #[error(
        "{range} is no range to draw from: its ends must be numbers, the first below the second"
    )]
    EmptyRange { range: String },
    #[error("the name {name:?} is taken: every {port} has its own")]
    NameTaken { port: &'static str, name: String },
    #[error(
        "only what `input` returned has a place to give, and this tensor is computed: declare the \
             result with `output`"
    )]
    NotAnInput,
    #[error(
        "the input {input:?} is donated to the output {output:?} already: declare this one with \
             `output`"
    )]
    DonatedTwice { input: String, output: String },
    #[error(
        "a result in the place of an input has its type, {input}, got {result}: declare any other \
             with `output`"
    )]
    InPlace { input: Type, result: Type },
    #[error("a gradient is taken of a scalar: add up with `.sum(..)` or `.mean(..)` first")]
    NotScalar,
    #[error(
        "only floating-point numbers have gradients, got {got}: convert with `.to(dtype)` before"
    )]
    NoDerivative { got: DType },
    #[error(
        "has no gradient: {reason}; `stop_gradient` takes it for a constant, `custom_vjp` gives it \
             one"
    )]
    NoGradient { reason: &'static str },
    #[error(
        "an operand belongs to another trace: pass its value as an output of that program and an \
             input of this one"
    )]
    ForeignTensor,
    #[error(
        "an operand was made in {region}, which has ended: return it from there to use it outside"
    )]
    OutOfScope { region: &'static str },
    #[error("{region} may only use its own arguments and constants, not a tensor made outside")]
    Captured { region: &'static str },
    #[error("the body of a loop got {expected} tensors to carry and returned {got}")]
    CarryCount { expected: usize, got: usize },
    #[error(
        "the body of a loop must return what it got: tensor {position} of the carry was \
             {expected} and becomes {got}"
    )]
    Carry { position: usize, expected: Type, got: Type },
    #[error("the function takes {expected} arguments, got {got}")]
    ArgumentCount { expected: usize, got: usize },
    #[error("argument {position} of the function is {expected}, got {got}")]
    Argument { position: usize, expected: Type, got: Type },
    #[error("a scan makes fewer than 2^31 turns, got {length}")]
    Turns { length: usize },
    #[error("a switch has at least one branch")]
    NoBranches,
    #[error("a scan has at least one input: their length is the number of its turns")]
    NoInputs,
    #[error("a scan needs inputs of equal length: the first axis has {first} and {other}")]
    ScanLength { first: usize, other: usize },
    #[error(
        "all branches must return as many tensors: branch 0 returned {expected}, branch {branch} \
             {got}"
    )]
    BranchCount { branch: usize, expected: usize, got: usize },
    #[error(
        "all branches must return the same types: tensor {position} is {expected} in branch 0 and \
             {got} in branch {branch}"
    )]
    Branch { branch: usize, position: usize, expected: Type, got: Type },
    #[error(
        "the gradient with respect to input {position} must have the input's type {expected}, got \
             {got}"
    )]
    Cotangent { position: usize, expected: Type, got: Type },
    #[error(
        "{axis:?} is no name for an axis of a mesh: letters, digits and underscores are, a letter \
             first"
    )]
    AxisName { axis: String },
    #[error("names the axis {axis:?} of the mesh twice")]
    AxisTwice { axis: String },
    #[error("a mesh has one to 2^31 - 1 devices, along one axis at least, got {{{mesh}}}")]
    MeshSize { mesh: Mesh },
    #[error("replicas are one to 2^31 - 1, got {replicas}")]
    Replicas { replicas: usize },
    #[error("a program states its devices once: as one mesh, or as replicas")]
    DevicesTwice,
    #[error("names axes of a mesh, and the program has none: state it first, with `Trace::mesh`")]
    NoMesh,
    #[error(
        "is for several devices, and the program has one: state them first, with `Trace::mesh` or \
             `Trace::replicas`"
    )]
    NoDevices,
    #[error("the mesh {{{mesh}}} has no axis {axis:?}")]
    UnknownAxis { axis: String, mesh: Mesh },
    #[error(
        "sharding {sharding:?} speaks of {entries} axes, and the tensor has {rank}: commas stand \
             between axes of the tensor, `+` between axes of the mesh that split the same one"
    )]
    ShardingRank { sharding: String, entries: usize, rank: usize },
    #[error(
        "leaves an axis to the compiler (`?`), which only tensors inside a program may: of inputs \
             and outputs devices have to know their part"
    )]
    OpenSharding,
    #[error("needs a manual region over axis {axis:?} of the mesh: see `Trace::manual`")]
    NotManual { axis: String },
    #[error(
        "the manual region has axis {axis:?} of the mesh: tensors in it are parts along it already"
    )]
    Manual { axis: String },
    #[error("has at least one result, got the types of none")]
    NoResults,
    #[error("groups are of replicas, and the program has a mesh: name its axes, such as \"data\"")]
    GroupsOfReplicas,
    #[error("{groups:?} must be groups of one size with each of the {replicas} replicas once")]
    ReplicaGroups { groups: Vec<Vec<usize>>, replicas: usize },
    #[error(
        "{pairs:?} must be pairs of places in a group of {size} devices, no place sending twice or \
             receiving twice"
    )]
    Pairs { pairs: Vec<(usize, usize)>, size: usize },
    #[error("a program has at least one output: declare it with `output`")]
    NoOutputs,
}

/// The axes that a tensor of `rank` axes has.
fn axes(rank: usize) -> String {
    match rank {
        0 => "a scalar has none".to_owned(),
        1 => "the only one is 0, or -1".to_owned(),
        rank => format!("there are 0 to {}, or -{rank} to -1 from the end", rank - 1),
    }
}

impl Rule {
    /// The rule of a window over some axes of a tensor, which stand at `axes`.
    pub(crate) fn at(self, axes: &[usize]) -> Self {
        match self {
            Self::Window { axis, window, padded } => {
                Self::Window { axis: axes[axis], window, padded }
            }
            Self::Step { what, axis, got } => Self::Step { what, axis: axes[axis], got },
            Self::Stretched { axis } => Self::Stretched { axis: axes[axis] },
            other => other,
        }
    }
}

fn list(types: &[Type]) -> String {
    types.iter().map(Type::to_string).collect::<Vec<_>>().join(", ")
}

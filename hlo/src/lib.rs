//! Traces Rust functions into StableHLO programs, with reverse-mode gradients.
//!
//! [`trace`] runs a closure once. The closure declares inputs, works with symbolic [`Tensor`]s and
//! declares outputs; what comes out is a [`Program`] that any PJRT plugin compiles. Nothing here
//! knows of plugins, and nothing here computes.
//!
//! ```
//! use hlo::DType::{F32, S32};
//!
//! let program = hlo::trace("train_step", |t| {
//!     let w = t.input("w", F32, [4, 3]);
//!     let x = t.input("x", F32, [32, 4]);
//!     let labels = t.input("labels", S32, [32]);
//!     let loss = -x.matmul(w).log_softmax(-1).pick(labels).mean(..);
//!     let [dw] = hlo::grad(loss, [w]);
//!     t.output("loss", loss);
//!     t.output_in_place(w, w - 0.1 * dw);
//! })?;
//! assert_eq!(program.inputs()[0].donated_to(), Some(1));
//! # Ok::<(), hlo::TraceError>(())
//! ```
//!
//! A mistake does not panic: the first one ends the trace with the line that made it, the operands'
//! types and the rule broken.
//!
//! ```
//! # use hlo::DType::F32;
//! let error = hlo::trace("mistake", |t| {
//!     let x = t.input("x", F32, [32, 4]);
//!     t.output("y", x.matmul(t.input("w", F32, [5, 3])));
//! })
//! .unwrap_err();
//! assert!(error.to_string().ends_with(
//!     "matmul(f32[32, 4], f32[5, 3]): axes that are multiplied together have one size: \
//!      axis 1 of the left has 4, axis 0 of the right has 5"
//! ));
//! ```
//!
//! Axes are `i32` where NumPy has such a function, and -1 is the last; they are `usize` in the
//! dimension numbers that StableHLO's own operations take ([`Tensor::transpose`],
//! [`Tensor::broadcast_in_dim`], [`Tensor::dot_general`], [`Tensor::gather`]).
#![forbid(unsafe_code)]
// Trees of tensors are taken by value: `grad(loss, [w, b])` reads better than with `&[w, b]`.
#![allow(clippy::needless_pass_by_value)]

mod attribute;
mod bytecode;
mod contraction;
mod dense;
mod dtype;
mod einsum;
mod error;
mod grad;
mod graph;
mod graphviz;
mod indexing;
mod lowering;
mod manipulation;
mod mesh;
mod module;
mod nn;
mod ops;
mod ordering;
mod peers;
mod pooling;
mod program;
mod pullback;
pub mod random;
mod replay;
mod shape;
mod sharding;
mod tensor;
mod text;
mod trace;
mod tree;
mod version;

pub use bytecode::BytecodeError;
pub use dtype::DType;
pub use error::{Rule, TraceError};
pub use grad::grad;
pub use mesh::Mesh;
pub use ops::{
    CallConfig, CallLayouts, CallValue, Convolution, ConvolutionDimensions, CustomCall,
    DotDimensions, Function, GatherDimensions, Operand, Padding, Precision, Scalar, Window,
    checkpoint, cond, custom_vjp, optimization_barrier, reduce, reduce_window, scan, scan_reverse,
    scatter, sort, switch, while_loop,
};
pub use peers::Peers;
pub use program::{Input, Output, Program};
pub use shape::{Axes, MAX_RANK, Shape, Type};
pub use sharding::Sharding;
pub use tensor::Tensor;
pub use trace::{Trace, trace};
pub use tree::Tree;
pub use version::{ParseVersionError, Version};

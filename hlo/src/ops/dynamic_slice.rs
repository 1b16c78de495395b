//! A part of a tensor whose place is known when the program runs, read and replaced.

use super::{Application, Cotangents, Form, NoGradient, Op, Spelling, Statement};
use crate::attribute::Attribute;
use crate::{DType, Rule, Shape, Tensor, Type};

/// The part of these sizes.
#[derive(Clone, Copy, Debug)]
struct DynamicSlice(Shape);

#[derive(Clone, Copy, Debug)]
struct DynamicUpdateSlice;

impl<'t> Tensor<'t> {
    /// The part of `sizes` that begins at `starts`: one scalar per axis, all of one integer type.
    /// A start from which the part would not fit is moved until it does: a negative one to 0.
    #[track_caller]
    pub fn dynamic_slice(self, starts: &[Self], sizes: impl Into<Shape>) -> Self {
        let operands = [&[self], &wide(starts)[..]].concat();
        self.trace().apply(DynamicSlice(sizes.into()), &operands)
    }

    /// The tensor with `update` in place of the part that begins at `starts`, which are those of
    /// [`Tensor::dynamic_slice`].
    #[track_caller]
    pub fn dynamic_update_slice(self, update: Self, starts: &[Self]) -> Self {
        let operands = [&[self, update], &wide(starts)[..]].concat();
        self.trace().apply(DynamicUpdateSlice, &operands)
    }
}

/// Starts of at least 32 bits: some compilers keep a start within its axis by a number of the start's
/// own type, which may not have it.
#[track_caller]
fn wide<'t>(starts: &[Tensor<'t>]) -> Vec<Tensor<'t>> {
    let mut wide = vec![];
    for &start in starts {
        let narrow = start.dtype().is_integer() && start.dtype().bits() < 32;
        wide.push(if narrow { start.to(DType::S32) } else { start });
    }
    wide
}

/// Whether a part of `sizes` at `starts` is one of a tensor of `shape`.
fn check(shape: Shape, sizes: Shape, starts: &[Type]) -> Result<(), Rule> {
    for (what, given) in [("size", sizes.len()), ("start", starts.len())] {
        if given != shape.len() {
            return Err(Rule::OneEach { what, of: "axes", expected: shape.len(), got: given });
        }
    }
    for (axis, (&slice, &size)) in sizes.iter().zip(shape.iter()).enumerate() {
        if slice > size {
            return Err(Rule::SliceSize { axis, slice, size });
        }
    }
    for start in starts {
        start.dtype.check(start.dtype.is_integer(), "integers to start at")?;
        if start.dtype != starts[0].dtype {
            return Err(Rule::DTypes { lhs: starts[0].dtype, rhs: start.dtype });
        }
        if !start.shape.is_empty() {
            return Err(Rule::Rank { expected: "0".to_owned(), got: start.shape.len() });
        }
    }
    Ok(())
}

impl Op for DynamicSlice {
    fn name(&self) -> &'static str {
        "dynamic_slice"
    }

    fn infer(&self, operands: &[Type]) -> Result<Vec<Type>, Rule> {
        check(operands[0].shape, self.0, &operands[1..])?;
        Ok(vec![Type::new(operands[0].dtype, self.0)])
    }

    fn form(&self) -> Form {
        Form::Operation {
            attributes: vec![("slice_sizes", Attribute::ints(&self.0))],
            spellings: const { &[Spelling::first("dynamic_slice_v1")] },
        }
    }

    fn print(&self, at: &Statement) -> String {
        at.typed(self.name(), &format!(", sizes = {}", self.0))
    }

    fn vjp<'t>(&self, at: &Application<'t>) -> Result<Cotangents<'t>, NoGradient> {
        let (operand, starts) = (at.operands[0], &at.operands[1..]);
        let mut parts = vec![None; at.operands.len()];
        parts[0] = Some(operand.zeros_like().dynamic_update_slice(at.cotangent(), starts));
        Ok(parts)
    }
}

impl Op for DynamicUpdateSlice {
    fn name(&self) -> &'static str {
        "dynamic_update_slice"
    }

    fn infer(&self, operands: &[Type]) -> Result<Vec<Type>, Rule> {
        let (operand, update) = (operands[0], operands[1]);
        if operand.dtype != update.dtype {
            return Err(Rule::DTypes { lhs: operand.dtype, rhs: update.dtype });
        }
        check(operand.shape, update.shape, &operands[2..])?;
        Ok(vec![operand])
    }

    fn form(&self) -> Form {
        Form::Operation {
            attributes: vec![],
            spellings: const { &[Spelling::first("dynamic_update_slice_v1")] },
        }
    }

    fn print(&self, at: &Statement) -> String {
        at.typed(self.name(), "")
    }

    fn vjp<'t>(&self, at: &Application<'t>) -> Result<Cotangents<'t>, NoGradient> {
        let (update, starts, dy) = (at.operands[1], &at.operands[2..], at.cotangent());
        let mut parts = vec![None; at.operands.len()];
        if at.wanted[0] {
            parts[0] = Some(dy.dynamic_update_slice(update.zeros_like(), starts));
        }
        if at.wanted[1] {
            parts[1] = Some(dy.dynamic_slice(starts, update.shape()));
        }
        Ok(parts)
    }
}

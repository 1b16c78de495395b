//! Values that the program makes itself: constants and counting.

use std::fmt;

use super::{Application, Cotangents, Form, NoGradient, Op, Spelling, Statement};
use crate::attribute::Attribute;
use crate::dense::{Dense, float_bits};
use crate::shape::resolve_axis;
use crate::{DType, Rule, Shape, Tensor, Trace, Type};

/// The most elements that [`Trace::constant_array`] takes.
const MAX_ELEMENTS: usize = 1024;

/// A Rust number or boolean as a constant of a trace.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Scalar {
    /// A number that need not be whole.
    Float(f64),
    /// A whole number.
    Integer(i128),
    /// A truth value.
    Bool(bool),
}

macro_rules! scalars {
    ($($rust:ty => $variant:ident;)*) => {
        $(impl From<$rust> for Scalar {
            fn from(value: $rust) -> Self { Self::$variant(value.into()) }
        })*
    };
}

scalars! {
    f32 => Float; f64 => Float;
    i8 => Integer; i16 => Integer; i32 => Integer; i64 => Integer;
    u8 => Integer; u16 => Integer; u32 => Integer; u64 => Integer;
    bool => Bool;
}

#[derive(Clone, Debug)]
struct Constant(Dense);

#[derive(Clone, Copy, Debug)]
struct Iota {
    ty: Type,
    axis: usize,
}

impl Trace {
    /// A constant without dimensions.
    ///
    /// A value that the type does not have (a fraction as an integer, an integer out of range) is
    /// a mistake.
    #[track_caller]
    pub fn constant(&self, value: impl Into<Scalar>, dtype: DType) -> Tensor<'_> {
        let bits = match bits(value.into(), dtype) {
            Ok(bits) => bits,
            Err(rule) => return self.refuse("constant", &[], rule),
        };
        let key = (dtype, bits);
        let known = self.graph().borrow().block(self.block()).constants.get(&key).copied();
        if let Some(id) = known {
            return self.tensor(id);
        }
        let bytes = bytes(bits, dtype);
        let ty = Type::new(dtype, Shape::SCALAR);
        let tensor = self.apply(Constant(Dense { ty, bytes }), &[]);
        if !tensor.is_poison() {
            let graph = &mut *self.graph().borrow_mut();
            graph.block_mut(self.block()).constants.insert(key, tensor.id());
        }
        tensor
    }

    /// A constant with the values in row-major order, at most 1,024 of them: a larger array is an
    /// input of a program, which would carry it in its text otherwise.
    ///
    /// ```
    /// # hlo::trace("example", |t| {
    /// let kernel = t.constant_array(&[1, 4, 6, 4, 1], hlo::DType::F32, [5]) / 16;
    /// # t.output("kernel", kernel);
    /// # }).unwrap();
    /// ```
    #[track_caller]
    pub fn constant_array<S: Into<Scalar> + Copy>(
        &self,
        values: &[S],
        dtype: DType,
        shape: impl Into<Shape>,
    ) -> Tensor<'_> {
        let ty = Type::new(dtype, shape.into());
        match dense(values, ty) {
            Ok(dense) => self.apply(Constant(dense), &[]),
            Err(rule) => self.refuse("constant_array", &[ty], rule),
        }
    }

    /// A tensor with `value` everywhere.
    #[track_caller]
    pub fn full(
        &self,
        value: impl Into<Scalar>,
        dtype: DType,
        shape: impl Into<Shape>,
    ) -> Tensor<'_> {
        let (value, shape) = (value.into(), shape.into());
        let checked = bits(value, dtype).and_then(|_| shape.check(dtype));
        match checked {
            Ok(()) => self.constant(value, dtype).broadcast_to(shape),
            Err(rule) => self.refuse("full", &[], rule),
        }
    }

    /// A tensor of zeros, or of `false`.
    #[track_caller]
    pub(crate) fn zeros(&self, ty: Type) -> Tensor<'_> {
        let zero = if ty.dtype == DType::Bool { false.into() } else { Scalar::Integer(0) };
        self.full(zero, ty.dtype, ty.shape)
    }

    /// A tensor whose elements count from 0 along `axis`.
    #[track_caller]
    pub fn iota(&self, dtype: DType, shape: impl Into<Shape>, axis: i32) -> Tensor<'_> {
        let ty = Type::new(dtype, shape.into());
        match resolve_axis(axis, ty.shape.len()) {
            Ok(axis) => self.apply(Iota { ty, axis }, &[]),
            Err(rule) => self.refuse("iota", &[ty], rule),
        }
    }
}

/// The elements of an array, if there is one for each place and the type has it.
fn dense<S: Into<Scalar> + Copy>(values: &[S], ty: Type) -> Result<Dense, Rule> {
    ty.shape.check(ty.dtype)?;
    if values.len() != ty.shape.elements() {
        return Err(Rule::Elements { given: values.len(), shape: ty.shape });
    }
    if values.len() > MAX_ELEMENTS {
        return Err(Rule::LargeConstant { elements: values.len(), most: MAX_ELEMENTS });
    }
    let element = |&value: &S| Ok(bytes(bits(value.into(), ty.dtype)?, ty.dtype));
    let elements = values.iter().map(element).collect::<Result<Vec<_>, _>>()?;
    Ok(Dense { ty, bytes: elements.concat() })
}

/// The bits of `value` in an element type, if the type has it.
fn bits(value: Scalar, dtype: DType) -> Result<u64, Rule> {
    match fit(value, dtype) {
        Some(Scalar::Float(value)) => Ok(float_bits(value, dtype)),
        // Of a negative number the low bits are those of a narrower type.
        Some(Scalar::Integer(value)) => Ok(value as u64 & (u64::MAX >> (64 - dtype.bits()))),
        Some(Scalar::Bool(value)) => Ok(value.into()),
        None => Err(Rule::Constant { value: value.to_string(), dtype }),
    }
}

/// The low bits as a tensor has them.
fn bytes(bits: u64, dtype: DType) -> Vec<u8> {
    bits.to_le_bytes()[..dtype.bits() as usize / 8].to_vec()
}

impl Scalar {
    /// Whether the type has the value.
    pub(crate) fn fits(self, dtype: DType) -> bool {
        fit(self, dtype).is_some()
    }
}

impl fmt::Display for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Float(value) => value.fmt(f),
            Self::Integer(value) => value.fmt(f),
            Self::Bool(value) => value.fmt(f),
        }
    }
}

/// `value` as a constant of `dtype`, if the type has it.
fn fit(value: Scalar, dtype: DType) -> Option<Scalar> {
    let value = match (value, dtype) {
        (Scalar::Bool(_), DType::Bool) => return Some(value),
        (Scalar::Bool(_), _) | (_, DType::Bool) => return None,
        (Scalar::Float(value), DType::F8E4M3FN) if value.is_infinite() => return None,
        (Scalar::Float(value), dtype) if dtype.is_float() => return Some(Scalar::Float(value)),
        #[allow(clippy::cast_precision_loss)]
        (Scalar::Integer(value), dtype) if dtype.is_float() => {
            return Some(Scalar::Float(value as f64));
        }
        (Scalar::Integer(value), _) => value,
        // A float that is whole and within ±2⁵³ is that integer exactly.
        (Scalar::Float(value), _) if value.fract() == 0.0 && value.abs() <= 2f64.powi(53) => {
            value as i128
        }
        (Scalar::Float(_), _) => return None,
    };
    let bits = dtype.bits();
    let (low, high) = if dtype.is_signed() {
        (-(1i128 << (bits - 1)), (1i128 << (bits - 1)) - 1)
    } else {
        (0, (1i128 << bits) - 1)
    };
    (low..=high).contains(&value).then_some(Scalar::Integer(value))
}

/// Whether a tensor is a constant, or one spread, in which there is a zero.
pub(super) fn has_zero(tensor: Tensor<'_>) -> bool {
    if tensor.is_poison() {
        return false;
    }
    let graph = tensor.trace().graph().borrow();
    let mut id = tensor.id();
    while let Some(node) = graph.maker(id).map(|node| graph.node(node)) {
        match (node.op.name(), node.op.form()) {
            ("broadcast_in_dim", _) => id = node.operands[0],
            ("constant", Form::Operation { attributes, .. }) => {
                return attributes.iter().any(|(_, value)| match value {
                    Attribute::Dense(Dense { ty, bytes }) => {
                        let element = (ty.dtype.bits() as usize / 8).max(1);
                        bytes.chunks(element).any(|it| it.iter().all(|&byte| byte == 0))
                    }
                    _ => false,
                });
            }
            _ => return false,
        }
    }
    false
}

impl Op for Constant {
    fn name(&self) -> &'static str {
        "constant"
    }

    fn infer(&self, _: &[Type]) -> Result<Vec<Type>, Rule> {
        Ok(vec![self.0.ty])
    }

    fn form(&self) -> Form {
        Form::Operation {
            attributes: vec![("value", Attribute::Dense(self.0.clone()))],
            spellings: const { &[Spelling::first("constant_v1")] },
        }
    }

    fn is_free(&self) -> bool {
        true
    }

    fn print(&self, _: &Statement) -> String {
        format!("stablehlo.constant {}", self.0)
    }

    fn vjp<'t>(&self, _: &Application<'t>) -> Result<Cotangents<'t>, NoGradient> {
        Ok(vec![])
    }
}

impl Op for Iota {
    fn name(&self) -> &'static str {
        "iota"
    }

    fn infer(&self, _: &[Type]) -> Result<Vec<Type>, Rule> {
        match self.ty.dtype {
            got @ DType::Bool => Err(Rule::Makes { expected: "numbers", got }),
            _ => Ok(vec![self.ty]),
        }
    }

    fn form(&self) -> Form {
        Form::Operation {
            attributes: vec![("iota_dimension", Attribute::int(self.axis))],
            spellings: const { &[Spelling::first("iota_v1")] },
        }
    }

    fn is_free(&self) -> bool {
        true
    }

    fn print(&self, at: &Statement) -> String {
        format!("stablehlo.iota dim = {} : {}", self.axis, at.result_type().mlir())
    }

    fn vjp<'t>(&self, _: &Application<'t>) -> Result<Cotangents<'t>, NoGradient> {
        Ok(vec![])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_out_of_range_and_fractions_do_not_fit() {
        assert_eq!(fit(Scalar::Integer(255), DType::U8), Some(Scalar::Integer(255)));
        assert_eq!(fit(Scalar::Integer(256), DType::U8), None);
        assert_eq!(fit(Scalar::Integer(-1), DType::U32), None);
        assert_eq!(fit(Scalar::Float(0.5), DType::S32), None);
        assert_eq!(fit(Scalar::Float(-2.0), DType::S32), Some(Scalar::Integer(-2)));
        assert_eq!(fit(Scalar::Bool(true), DType::F32), None);
    }
}

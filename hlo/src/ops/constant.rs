//! Values that the program makes itself: constants and counting.

use super::{Call, Cotangents, NoGradient, Op, Statement};
use crate::shape::resolve_axis;
use crate::{DType, Rule, Shape, Tensor, Trace, Type};

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
    f32 => Float; f64 => Float; i32 => Integer; i64 => Integer; u32 => Integer; u64 => Integer;
    bool => Bool;
}

/// A scalar constant. The value fits the type.
#[derive(Clone, Copy, Debug)]
struct Constant {
    dtype: DType,
    value: Scalar,
}

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
        let given = value.into();
        let Some(value) = fit(given, dtype) else {
            let value = match given {
                Scalar::Float(value) => value.to_string(),
                Scalar::Integer(value) => value.to_string(),
                Scalar::Bool(value) => value.to_string(),
            };
            return self.refuse("constant", &[], Rule::Constant { value, dtype });
        };
        let key = (dtype, bits(value));
        if let Some(&id) = self.graph().borrow().constants.get(&key) {
            return self.tensor(id);
        }
        let tensor = self.apply(Constant { dtype, value }, &[]);
        self.graph().borrow_mut().constants.insert(key, tensor.id());
        tensor
    }

    /// A tensor with `value` everywhere.
    #[track_caller]
    pub fn full(
        &self,
        value: impl Into<Scalar>,
        dtype: DType,
        shape: impl Into<Shape>,
    ) -> Tensor<'_> {
        self.constant(value, dtype).broadcast_to(shape)
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

fn bits(value: Scalar) -> u64 {
    match value {
        Scalar::Float(value) => value.to_bits(),
        // The low 64 bits tell integers of one type apart.
        Scalar::Integer(value) => value as u64,
        Scalar::Bool(value) => value.into(),
    }
}

impl Op for Constant {
    fn name(&self) -> &'static str {
        "constant"
    }

    fn infer(&self, _: &[Type]) -> Result<Type, Rule> {
        Ok(Type::new(self.dtype, Shape::SCALAR))
    }

    fn print(&self, at: &Statement) -> String {
        let literal = match self.value {
            Scalar::Float(value) => float_literal(value, self.dtype),
            Scalar::Integer(value) => value.to_string(),
            Scalar::Bool(value) => value.to_string(),
        };
        format!("stablehlo.constant dense<{literal}> : {}", at.result_type.mlir())
    }

    fn vjp<'t>(&self, _: &Call<'t>) -> Result<Cotangents<'t>, NoGradient> {
        Ok(vec![])
    }
}

/// A decimal that reads back as the same value; bits in hexadecimal for what no decimal names.
fn float_literal(value: f64, dtype: DType) -> String {
    let value = if dtype == DType::F64 { value } else { f64::from(value as f32) };
    if value.is_finite() {
        // MLIR wants a point in the mantissa.
        let text =
            if dtype == DType::F64 { format!("{value:e}") } else { format!("{:e}", value as f32) };
        let (mantissa, exponent) = text.split_once('e').expect("`{:e}` prints an exponent");
        let point = if mantissa.contains('.') { "" } else { ".0" };
        return format!("{mantissa}{point}e{exponent}");
    }
    // Exponent all ones, mantissa zero or its highest bit.
    let (width, mantissa) = match dtype {
        DType::F64 => (64, 52),
        DType::F32 => (32, 23),
        DType::Bf16 => (16, 7),
        DType::F16 => (16, 10),
        DType::F8E5M2 => (8, 2),
        // e4m3fn has no infinity: all ones is its NaN.
        _ => return if value.is_sign_negative() { "0xFF" } else { "0x7F" }.to_owned(),
    };
    let sign = u64::from(value.is_sign_negative()) << (width - 1);
    let exponent = ((1u64 << (width - 1 - mantissa)) - 1) << mantissa;
    let fraction = if value.is_nan() { 1u64 << (mantissa - 1) } else { 0 };
    format!("0x{:0digits$X}", sign | exponent | fraction, digits = width / 4)
}

impl Op for Iota {
    fn name(&self) -> &'static str {
        "iota"
    }

    fn infer(&self, _: &[Type]) -> Result<Type, Rule> {
        match self.ty.dtype {
            got @ DType::Bool => Err(Rule::DType { expected: "numbers", got }),
            _ => Ok(self.ty),
        }
    }

    fn print(&self, at: &Statement) -> String {
        format!("stablehlo.iota dim = {} : {}", self.axis, at.result_type.mlir())
    }

    fn vjp<'t>(&self, _: &Call<'t>) -> Result<Cotangents<'t>, NoGradient> {
        Ok(vec![])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_keep_every_bit_and_have_a_point() {
        assert_eq!(float_literal(1.0, DType::F32), "1.0e0");
        assert_eq!(float_literal(0.1, DType::F32), "1.0e-1");
        assert_eq!(float_literal(0.1, DType::F64), "1.0e-1");
        assert_eq!(float_literal(std::f64::consts::PI, DType::F64), "3.141592653589793e0");
        assert_eq!(float_literal(-1e-7, DType::F32), "-1.0e-7");
    }

    #[test]
    fn infinities_and_nan_are_bits() {
        assert_eq!(float_literal(f64::INFINITY, DType::F32), "0x7F800000");
        assert_eq!(float_literal(f64::NEG_INFINITY, DType::F64), "0xFFF0000000000000");
        assert_eq!(float_literal(f64::NAN, DType::Bf16), "0x7FC0");
        assert_eq!(float_literal(f64::INFINITY, DType::F16), "0x7C00");
    }

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

//! Elements of constants: numbers as the bytes of an element type, and as MLIR spells them.

use std::fmt;

use crate::attribute::list;
use crate::{DType, Type};

/// The elements of a constant: all of them, or one that stands for all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Dense {
    pub(crate) ty: Type,
    /// Little-endian, row-major, a byte for a boolean. Of one element where all are equal.
    pub(crate) bytes: Vec<u8>,
}

/// A floating-point format: the widths of its exponent and mantissa.
#[derive(Clone, Copy)]
struct Format {
    exponent: u32,
    mantissa: u32,
    /// Whether the largest exponent is one for numbers too, so that there is no infinity.
    finite: bool,
}

fn format(dtype: DType) -> Format {
    let (exponent, mantissa) = match dtype {
        DType::F8E4M3FN => (4, 3),
        DType::F8E5M2 => (5, 2),
        DType::F16 => (5, 10),
        DType::Bf16 => (8, 7),
        DType::F32 => (8, 23),
        _ => (11, 52),
    };
    Format { exponent, mantissa, finite: dtype == DType::F8E4M3FN }
}

/// How many bits the fraction of a floating-point type has.
pub(crate) fn mantissa_bits(dtype: DType) -> u32 {
    format(dtype).mantissa
}

/// The smallest positive number of a floating-point type that is not subnormal.
pub(crate) fn smallest_normal(dtype: DType) -> f64 {
    2f64.powi(2 - (1 << (format(dtype).exponent - 1)))
}

/// `value` rounded to a number of a floating-point type.
pub(crate) fn round(value: f64, dtype: DType) -> f64 {
    float_value(float_bits(value, dtype), dtype)
}

/// The next larger number of a floating-point type.
pub(crate) fn next_up(value: f64, dtype: DType) -> f64 {
    let bits = float_bits(value, dtype);
    let next = match value {
        0.0 => 1,
        value if value < 0.0 => bits - 1,
        _ => bits + 1,
    };
    if value == f64::INFINITY { value } else { float_value(next, dtype) }
}

/// The bits of `value` rounded to the nearest number of a floating-point type, to even in the
/// middle. What is too large becomes infinite, and NaN in a type without infinity.
pub(crate) fn float_bits(value: f64, dtype: DType) -> u64 {
    let Format { exponent, mantissa, finite } = format(dtype);
    let sign = u64::from(value.is_sign_negative()) << (exponent + mantissa);
    let all_ones = ((1u64 << exponent) - 1) << mantissa;
    let nan =
        if finite { all_ones | ((1 << mantissa) - 1) } else { all_ones | 1 << (mantissa - 1) };
    let infinity = if finite { nan } else { all_ones };
    let magnitude = value.abs();
    if value.is_nan() {
        return sign | nan;
    }
    if magnitude.is_infinite() {
        return sign | infinity;
    }
    let bias = (1i32 << (exponent - 1)) - 1;
    // The exponent of the last digit that the type keeps; below the normal numbers it stays.
    let binary = if magnitude == 0.0 { -1074 } else { floor_log2(magnitude) };
    let last = binary.max(1 - bias) - mantissa as i32;
    // Exact: a power of two, and what is left of the point fits into 53 bits.
    let units = scale(magnitude, -last).round_ties_even() as u64;
    // A carry out of the mantissa is the next exponent; a number without a leading one is subnormal.
    let field = (last + mantissa as i32 + bias - 1) as u64;
    let bits = (field << mantissa) + units;
    let largest = if finite { nan - 1 } else { all_ones - 1 };
    sign | if bits > largest { infinity } else { bits }
}

/// The number whose bits these are.
pub(crate) fn float_value(bits: u64, dtype: DType) -> f64 {
    let Format { exponent, mantissa, finite } = format(dtype);
    let sign = if bits >> (exponent + mantissa) & 1 == 1 { -1.0 } else { 1.0 };
    let field = (bits >> mantissa) & ((1 << exponent) - 1);
    let fraction = bits & ((1 << mantissa) - 1);
    let top = field == (1 << exponent) - 1;
    if top && !finite {
        return if fraction == 0 { sign * f64::INFINITY } else { f64::NAN };
    }
    if top && fraction == (1 << mantissa) - 1 {
        return f64::NAN;
    }
    let bias = (1i32 << (exponent - 1)) - 1;
    let units = if field == 0 { fraction } else { fraction | 1 << mantissa };
    sign * scale(units as f64, field.max(1) as i32 - bias - mantissa as i32)
}

/// `value · 2ᵖᵒʷᵉʳ`, in two steps where one would leave the range on the way.
fn scale(value: f64, power: i32) -> f64 {
    let half = power / 2;
    value * 2f64.powi(half) * 2f64.powi(power - half)
}

/// The largest `n` with `2ⁿ ≤ value`, of a positive number.
fn floor_log2(value: f64) -> i32 {
    let field = (value.to_bits() >> 52) as i32;
    if field > 0 { field - 1023 } else { 63 - 1074 - value.to_bits().leading_zeros() as i32 }
}

impl Dense {
    /// The bits of each element that is there.
    pub(crate) fn elements(&self) -> impl Iterator<Item = u64> + '_ {
        let width = self.ty.dtype.bits() as usize / 8;
        self.bytes
            .chunks(width)
            .map(|bytes| bytes.iter().rev().fold(0, |bits, &byte| bits << 8 | u64::from(byte)))
    }
}

/// An element as MLIR spells it.
fn literal(bits: u64, dtype: DType) -> String {
    if dtype == DType::Bool {
        return (bits != 0).to_string();
    }
    if dtype.is_unsigned() {
        return bits.to_string();
    }
    if dtype.is_signed() {
        let unused = 64 - dtype.bits();
        return ((bits << unused) as i64 >> unused).to_string();
    }
    let value = float_value(bits, dtype);
    if !value.is_finite() {
        return format!("0x{bits:0digits$X}", digits = dtype.bits() as usize / 4);
    }
    // A decimal that reads back as the same value.
    let text =
        if dtype == DType::F64 { format!("{value:e}") } else { format!("{:e}", value as f32) };
    let (mantissa, exponent) = text.split_once('e').expect("`{:e}` prints an exponent");
    // MLIR wants a point in the mantissa.
    let point = if mantissa.contains('.') { "" } else { ".0" };
    format!("{mantissa}{point}e{exponent}")
}

impl fmt::Display for Dense {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut items: Vec<_> = self.elements().map(|bits| literal(bits, self.ty.dtype)).collect();
        if items.len() == self.ty.shape.elements() && items.len() != 1 {
            for &size in self.ty.shape.iter().rev() {
                items = items.chunks(size.max(1)).map(|row| format!("[{}]", list(row))).collect();
            }
        }
        write!(f, "dense<{}> : {}", list(items), self.ty.mlir())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spelled(value: f64, dtype: DType) -> String {
        literal(float_bits(value, dtype), dtype)
    }

    #[test]
    fn decimals_keep_every_bit_and_have_a_point() {
        assert_eq!(spelled(1.0, DType::F32), "1.0e0");
        assert_eq!(spelled(0.1, DType::F32), "1.0e-1");
        assert_eq!(spelled(0.1, DType::F64), "1.0e-1");
        assert_eq!(spelled(std::f64::consts::PI, DType::F64), "3.141592653589793e0");
        assert_eq!(spelled(-1e-7, DType::F32), "-1.0e-7");
    }

    #[test]
    fn infinities_and_nan_are_bits() {
        assert_eq!(spelled(f64::INFINITY, DType::F32), "0x7F800000");
        assert_eq!(spelled(f64::NEG_INFINITY, DType::F64), "0xFFF0000000000000");
        assert_eq!(spelled(f64::NAN, DType::Bf16), "0x7FC0");
        assert_eq!(spelled(f64::INFINITY, DType::F16), "0x7C00");
        assert_eq!(spelled(f64::NAN, DType::F8E4M3FN), "0x7F");
    }

    #[test]
    fn numbers_round_to_the_bits_that_the_hardware_gives() {
        let numbers = [0.0, -0.0, 1.0, -1.5, 0.1, 1e-40, 3e38, 3.5e38, 1e-46, 1e300, -65519.0];
        for value in numbers {
            assert_eq!(
                float_bits(value, DType::F32),
                u64::from((value as f32).to_bits()),
                "{value}"
            );
            assert_eq!(float_bits(value, DType::F64), value.to_bits(), "{value}");
            assert_eq!(float_value(value.to_bits(), DType::F64), value);
        }
        assert_eq!(float_bits(f64::MIN_POSITIVE / 8.0, DType::F64), 1 << 49);
    }

    #[test]
    fn small_floats_have_the_bits_of_their_tables() {
        // OCP 8-bit floating point, and IEEE 754 half precision.
        assert_eq!(float_bits(448.0, DType::F8E4M3FN), 0x7E);
        assert_eq!(float_bits(480.0, DType::F8E4M3FN), 0x7F);
        assert_eq!(float_bits(2f64.powi(-9), DType::F8E4M3FN), 0x01);
        assert_eq!(float_bits(57344.0, DType::F8E5M2), 0x7B);
        assert_eq!(float_bits(65536.0, DType::F8E5M2), 0x7C);
        assert_eq!(float_bits(65504.0, DType::F16), 0x7BFF);
        assert_eq!(float_bits(65520.0, DType::F16), 0x7C00);
        assert_eq!(float_bits(1.0 + 2f64.powi(-8), DType::Bf16), 0x3F80);
        for bits in 0..0x7F {
            for dtype in [DType::F8E4M3FN, DType::F8E5M2] {
                let value = float_value(bits, dtype);
                assert!(value.is_nan() || float_bits(value, dtype) == bits, "{dtype} {bits:#x}");
            }
        }
    }

    #[test]
    fn arrays_nest_as_their_dimensions_do() {
        let ty = Type::new(DType::S8, [2, 2].into());
        let dense = Dense { ty, bytes: vec![1, 0xFF, 3, 4] };
        assert_eq!(dense.to_string(), "dense<[[1, -1], [3, 4]]> : tensor<2x2xi8>");
        let dense = Dense { ty, bytes: vec![7] };
        assert_eq!(dense.to_string(), "dense<7> : tensor<2x2xi8>");
    }
}

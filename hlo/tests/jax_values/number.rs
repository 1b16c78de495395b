//! Elements of arrays as decimals.

use pjrt::DType;

/// The bits of exponent and mantissa of the floating-point types that Rust lacks, and the code of
/// the largest finite number.
fn small_float(dtype: DType) -> Option<(u32, u32, u16)> {
    match dtype {
        DType::Bf16 => Some((8, 7, 0x7F7F)),
        DType::F16 => Some((5, 10, 0x7BFF)),
        DType::F8E5M2 => Some((5, 2, 0x7B)),
        // No infinity: only the code above is a NaN.
        DType::F8E4M3FN => Some((4, 3, 0x7E)),
        _ => None,
    }
}

/// The number that has the code, whose sign is cut off.
fn magnitude(code: u16, exponent_bits: u32, mantissa_bits: u32) -> f64 {
    let bias = (1 << (exponent_bits - 1)) - 1;
    let (exponent, mantissa) = (code >> mantissa_bits, code & ((1 << mantissa_bits) - 1));
    let fraction = f64::from(mantissa) / 2f64.powi(mantissa_bits as i32);
    let (whole, exponent) = if exponent == 0 { (0.0, 1) } else { (1.0, i32::from(exponent)) };
    (whole + fraction) * 2f64.powi(exponent - bias)
}

/// The bytes of an element, from its decimal.
pub(crate) fn encode(dtype: DType, decimal: &str) -> Vec<u8> {
    macro_rules! parsed {
        ($rust:ty) => {
            decimal.parse::<$rust>().expect("a number of the type").to_le_bytes().to_vec()
        };
    }
    match dtype {
        DType::Pred | DType::U8 => parsed!(u8),
        DType::S8 => parsed!(i8),
        DType::S16 => parsed!(i16),
        DType::S32 => parsed!(i32),
        DType::S64 => parsed!(i64),
        DType::U16 => parsed!(u16),
        DType::U32 => parsed!(u32),
        DType::U64 => parsed!(u64),
        DType::F32 => parsed!(f32),
        DType::F64 => parsed!(f64),
        _ => encode_small(dtype, decimal.parse().expect("a number")),
    }
}

fn encode_small(dtype: DType, value: f64) -> Vec<u8> {
    let (exponent_bits, mantissa_bits, largest) = small_float(dtype).expect("a type in the data");
    let bits = 1 + exponent_bits + mantissa_bits;
    let code = if value.is_nan() {
        (1 << (bits - 1)) - 1
    } else if value.is_infinite() {
        largest + 1
    } else {
        let codes: Vec<u16> = (0..=largest).collect();
        let code = codes
            .partition_point(|&code| magnitude(code, exponent_bits, mantissa_bits) < value.abs());
        let code = codes[code];
        assert_eq!(magnitude(code, exponent_bits, mantissa_bits), value.abs(), "{dtype}");
        code
    };
    let sign = u16::from(value.is_sign_negative()) << (bits - 1);
    (code | sign).to_le_bytes()[..bits as usize / 8].to_vec()
}

/// The elements of an array of floats.
pub(crate) fn decode(dtype: DType, bytes: &[u8]) -> Vec<f64> {
    match dtype {
        DType::F64 => bytes.as_chunks().0.iter().map(|&bytes| f64::from_le_bytes(bytes)).collect(),
        DType::F32 => {
            bytes.as_chunks().0.iter().map(|&bytes| f32::from_le_bytes(bytes).into()).collect()
        }
        _ => {
            let chunks = bytes.chunks(dtype.host_bytes());
            chunks.map(|bytes| decode_small(dtype, bytes)).collect()
        }
    }
}

fn decode_small(dtype: DType, bytes: &[u8]) -> f64 {
    let (exponent_bits, mantissa_bits, largest) = small_float(dtype).expect("a type of floats");
    let code = bytes.iter().rev().fold(0, |code: u16, &byte| code << 8 | u16::from(byte));
    let sign_bit = 1 << (exponent_bits + mantissa_bits);
    let unsigned = code & (sign_bit - 1);
    let value = if unsigned <= largest {
        magnitude(unsigned, exponent_bits, mantissa_bits)
    } else if dtype != DType::F8E4M3FN && unsigned == largest + 1 {
        f64::INFINITY
    } else {
        f64::NAN
    };
    if code & sign_bit == 0 { value } else { -value }
}

pub(crate) fn is_float(dtype: DType) -> bool {
    use DType::{Bf16, F8E4M3FN, F8E5M2, F16, F32, F64};
    matches!(dtype, F64 | F32 | Bf16 | F16 | F8E4M3FN | F8E5M2)
}

/// The distance of neighbouring numbers around 1, for a type of floats.
pub(crate) fn epsilon(dtype: DType) -> f64 {
    let digits = match dtype {
        DType::F64 => 52,
        DType::F32 => 23,
        _ => small_float(dtype).expect("a type of floats").1,
    };
    2f64.powi(-(digits as i32))
}

#[test]
fn small_floats_have_the_values_of_their_formats() {
    let round_trip = |dtype, decimal: &str, code: &[u8]| {
        assert_eq!(encode(dtype, decimal), code);
        let value = decode(dtype, code)[0];
        let expected: f64 = decimal.parse().unwrap();
        assert!(value.to_bits() == expected.to_bits() || value.is_nan() && expected.is_nan());
    };
    round_trip(DType::Bf16, "1", &[0x80, 0x3F]);
    round_trip(DType::F16, "-65504", &[0xFF, 0xFB]);
    round_trip(DType::F16, "inf", &[0x00, 0x7C]);
    // 2⁻²⁴, the smallest.
    round_trip(DType::F16, "0.000000059604644775390625", &[0x01, 0x00]);
    round_trip(DType::F8E4M3FN, "448", &[0x7E]);
    round_trip(DType::F8E4M3FN, "nan", &[0x7F]);
    round_trip(DType::F8E5M2, "-inf", &[0xFC]);
    round_trip(DType::F8E5M2, "-0", &[0x80]);
}

//! The elements of host arrays as numbers, whatever their type: to print them, to sum them up, and
//! to make some up.

mod small_float;

use std::f64::consts::TAU;
use std::fmt;

use half::{bf16, f16};
use hlo::random::threefry2x32;
use pjrt::{DType, HostArray, HostArrayError};
use serde::{Serialize, Serializer};

use small_float::SmallFloat;

/// One element of an array.
#[derive(Clone, Copy, Debug, PartialEq)]
#[allow(missing_docs)]
pub enum Value {
    Bool(bool),
    Int(i64),
    Uint(u64),
    /// Of any type with up to 32 bits.
    F32(f32),
    F64(f64),
    /// Real and imaginary part.
    C64(f32, f32),
    /// Real and imaginary part.
    C128(f64, f64),
}

/// What an array comes to where it is too large to be shown.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Summary {
    /// The least element that is a number.
    pub min: Real,
    /// The greatest element that is a number.
    pub max: Real,
    /// The mean of the elements that are numbers.
    pub mean: Real,
    /// The elements that are not.
    pub nan: usize,
}

/// A number that is written as one in JSON if it is finite, and as `"NaN"`, `"inf"` or `"-inf"`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Real(pub f64);

/// The elements of an array, row-major.
///
/// # Panics
/// If the array has a type that is not known here; every type of [`DType`] is.
pub fn values(array: &HostArray) -> impl Iterator<Item = Value> {
    let dtype = array.dtype();
    array.bytes().chunks_exact(dtype.host_bytes()).map(move |bytes| value(dtype, bytes))
}

fn value(dtype: DType, bytes: &[u8]) -> Value {
    macro_rules! number {
        ($type:ty) => {
            number!($type, bytes)
        };
        ($type:ty, $bytes:expr) => {
            <$type>::from_ne_bytes($bytes.try_into().expect("an element is as wide as its type"))
        };
    }
    match dtype {
        DType::Pred => Value::Bool(bytes[0] != 0),
        DType::S8 => Value::Int(number!(i8).into()),
        DType::S16 => Value::Int(number!(i16).into()),
        DType::S32 => Value::Int(number!(i32).into()),
        DType::S64 => Value::Int(number!(i64)),
        DType::U8 => Value::Uint(number!(u8).into()),
        DType::U16 => Value::Uint(number!(u16).into()),
        DType::U32 => Value::Uint(number!(u32).into()),
        DType::U64 => Value::Uint(number!(u64)),
        DType::F16 => Value::F32(number!(f16).into()),
        DType::Bf16 => Value::F32(number!(bf16).into()),
        DType::F32 => Value::F32(number!(f32)),
        DType::F64 => Value::F64(number!(f64)),
        DType::C64 => Value::C64(number!(f32, bytes[..4]), number!(f32, bytes[4..])),
        DType::C128 => Value::C128(number!(f64, bytes[..8]), number!(f64, bytes[8..])),
        // The lower bits of a byte; the upper ones mean nothing.
        DType::S4 => Value::Int(i64::from((bytes[0] << 4) as i8 >> 4)),
        DType::U4 => Value::Uint(u64::from(bytes[0] & 0xf)),
        DType::S2 => Value::Int(i64::from((bytes[0] << 6) as i8 >> 6)),
        DType::U2 => Value::Uint(u64::from(bytes[0] & 0x3)),
        DType::S1 => Value::Int(-i64::from(bytes[0] & 0x1)),
        DType::U1 => Value::Uint(u64::from(bytes[0] & 0x1)),
        _ => {
            let format = SmallFloat::of(dtype).expect("every type but the small floats is above");
            Value::F32(format.decode(bytes[0]))
        }
    }
}

impl Value {
    /// The value as a real number; none for a complex one.
    pub(crate) fn real(self) -> Option<f64> {
        match self {
            Self::Bool(value) => Some(f64::from(u8::from(value))),
            Self::Int(value) => Some(value as f64),
            Self::Uint(value) => Some(value as f64),
            Self::F32(value) => Some(value.into()),
            Self::F64(value) => Some(value),
            Self::C64(..) | Self::C128(..) => None,
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(value) => value.fmt(f),
            Self::Int(value) => value.fmt(f),
            Self::Uint(value) => value.fmt(f),
            // With an exponent where the digits would fill the line.
            Self::F32(value) => write!(f, "{value:?}"),
            Self::F64(value) => write!(f, "{value:?}"),
            Self::C64(re, im) => write!(f, "({re:?}, {im:?})"),
            Self::C128(re, im) => write!(f, "({re:?}, {im:?})"),
        }
    }
}

impl Serialize for Value {
    /// Numbers that JSON doesn't have are texts, and complex ones are pairs.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match *self {
            Self::Bool(value) => value.serialize(serializer),
            Self::Int(value) => value.serialize(serializer),
            Self::Uint(value) => value.serialize(serializer),
            // With the digits of its own type.
            Self::F32(value) if value.is_finite() => value.serialize(serializer),
            Self::F32(value) => Real(value.into()).serialize(serializer),
            Self::F64(value) => Real(value).serialize(serializer),
            Self::C64(re, im) => [Self::F32(re), Self::F32(im)].serialize(serializer),
            Self::C128(re, im) => [Real(re), Real(im)].serialize(serializer),
        }
    }
}

impl Serialize for Real {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.is_finite() {
            self.0.serialize(serializer)
        } else {
            serializer.collect_str(&self.0)
        }
    }
}

/// The extent of an array of real numbers; none for a complex one, and for one without elements.
pub fn summary(array: &HostArray) -> Option<Summary> {
    let (mut min, mut max) = (f64::INFINITY, f64::NEG_INFINITY);
    let (mut sum, mut count, mut nan) = (0.0, 0usize, 0);
    for value in values(array) {
        let value = value.real()?;
        if value.is_nan() {
            nan += 1;
            continue;
        }
        min = min.min(value);
        max = max.max(value);
        sum += value;
        count += 1;
    }
    if count == 0 {
        let [min, max, mean] = [Real(f64::NAN); 3];
        return (nan > 0).then_some(Summary { min, max, mean, nan });
    }
    let mean = Real(sum / count as f64);
    Some(Summary { min: Real(min), max: Real(max), mean, nan })
}

/// An array of made-up elements, the same for the same seed and `stream`: floats of the standard
/// normal distribution, or as near to it as few bits come; whole numbers from 0 to 9; booleans.
///
/// # Errors
/// If the size is beyond the address space.
pub fn random(
    dtype: DType,
    dims: &[usize],
    seed: u64,
    stream: u32,
) -> Result<HostArray, HostArrayError> {
    let mut array = HostArray::zeros(dtype, dims)?;
    // Every element has a counter of its own, so that it hangs on nothing before it.
    let key = threefry2x32([(seed >> 32) as u32, seed as u32], [u32::MAX, stream]);
    let small_float = SmallFloat::of(dtype).map(|format| (format, format.table()));
    for (index, element) in array.bytes_mut().chunks_exact_mut(dtype.host_bytes()).enumerate() {
        let bits = threefry2x32(key, [(index >> 32) as u32, index as u32]);
        let whole = bits[0] % 10;
        let [re, im] = normals(bits);
        let small = whole as u8;
        match dtype {
            DType::Pred | DType::S1 | DType::U1 => element[0] = small & 1,
            DType::S8 | DType::U8 => element[0] = small,
            DType::S4 | DType::U4 => element[0] = small & 0x7,
            DType::S2 | DType::U2 => element[0] = small & 0x1,
            DType::S16 | DType::U16 => element.copy_from_slice(&u16::from(small).to_ne_bytes()),
            DType::S32 | DType::U32 => element.copy_from_slice(&whole.to_ne_bytes()),
            DType::S64 | DType::U64 => element.copy_from_slice(&u64::from(whole).to_ne_bytes()),
            DType::F16 => element.copy_from_slice(&f16::from_f64(re).to_ne_bytes()),
            DType::Bf16 => element.copy_from_slice(&bf16::from_f64(re).to_ne_bytes()),
            DType::F32 => element.copy_from_slice(&(re as f32).to_ne_bytes()),
            DType::F64 => element.copy_from_slice(&re.to_ne_bytes()),
            DType::C64 => {
                element[..4].copy_from_slice(&(re as f32).to_ne_bytes());
                element[4..].copy_from_slice(&(im as f32).to_ne_bytes());
            }
            DType::C128 => {
                element[..8].copy_from_slice(&re.to_ne_bytes());
                element[8..].copy_from_slice(&im.to_ne_bytes());
            }
            _ => {
                let (format, table) =
                    small_float.as_ref().expect("the other types are small floats");
                element[0] = format.nearest(table, re as f32);
            }
        }
    }
    Ok(array)
}

/// Two numbers of the standard normal distribution, by the method of Box and Muller.
fn normals(bits: [u32; 2]) -> [f64; 2] {
    // In (0, 1], whose logarithm is finite.
    let radius = (-2.0 * ((f64::from(bits[0]) + 1.0) / 2f64.powi(32)).ln()).sqrt();
    let (sin, cos) = (TAU * f64::from(bits[1]) / 2f64.powi(32)).sin_cos();
    [radius * cos, radius * sin]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_can_be_shown_and_made_up() {
        for &dtype in DType::ALL {
            let array = random(dtype, &[20], 7, 0).unwrap();
            assert_eq!(values(&array).count(), 20, "{dtype}");
        }
    }

    #[test]
    fn numbers_of_few_bits_are_those_of_ml_dtypes() {
        let shown = |dtype: DType, bytes: &[u8]| {
            let array = HostArray::from_bytes(dtype, &[bytes.len()], bytes).unwrap();
            values(&array).map(|value| value.to_string()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(shown(DType::S4, &[15, 7, 8, 1]), "-1 7 -8 1");
        assert_eq!(shown(DType::U4, &[15, 7, 8, 1]), "15 7 8 1");
        assert_eq!(shown(DType::S2, &[3, 1, 2]), "-1 1 -2");
        assert_eq!(shown(DType::U2, &[3, 1, 2]), "3 1 2");
        assert_eq!(shown(DType::S1, &[0, 1, 0xfe]), "0 -1 0");
        assert_eq!(shown(DType::U1, &[0, 1, 0xfe]), "0 1 0");
        assert_eq!(shown(DType::F4E2M1FN, &[1, 5, 7, 15]), "0.5 3.0 6.0 -6.0");
        assert_eq!(shown(DType::F6E2M3FN, &[5, 17, 31, 34]), "0.625 2.25 7.5 -0.25");
        assert_eq!(shown(DType::F6E3M2FN, &[5, 17, 31, 34]), "0.3125 2.5 28.0 -0.125");
    }

    fn f32s(values: &[f32]) -> HostArray {
        HostArray::from_slice(&[values.len()], values).unwrap()
    }

    #[test]
    fn numbers_are_written_with_the_digits_of_their_own_type() {
        let array = f32s(&[0.1, -0.0, 1e30, f32::NAN, f32::NEG_INFINITY]);
        let text = values(&array).map(|it| it.to_string()).collect::<Vec<_>>().join(" ");
        assert_eq!(text, "0.1 -0.0 1e30 NaN -inf");
        let json = serde_json::to_string(&values(&array).collect::<Vec<_>>()).unwrap();
        assert_eq!(json, r#"[0.1,-0.0,1e+30,"NaN","-inf"]"#);
        let array = HostArray::from_slice(&[1], &[u64::MAX]).unwrap();
        assert_eq!(serde_json::to_string(&values(&array).next()).unwrap(), "18446744073709551615");
        let bytes = [1.5f32, f32::INFINITY].map(f32::to_ne_bytes).concat();
        let array = HostArray::from_bytes(DType::C64, &[], &bytes).unwrap();
        assert_eq!(serde_json::to_string(&values(&array).next()).unwrap(), r#"[1.5,"inf"]"#);
    }

    #[test]
    fn a_summary_leaves_out_what_is_no_number_and_counts_it() {
        let some = summary(&f32s(&[1.0, f32::NAN, -4.0, 6.0])).unwrap();
        assert_eq!(some, Summary { min: Real(-4.0), max: Real(6.0), mean: Real(1.0), nan: 1 });
        assert_eq!(summary(&f32s(&[])), None);
        let none = summary(&f32s(&[f32::NAN])).unwrap();
        assert!(none.min.0.is_nan() && none.max.0.is_nan() && none.mean.0.is_nan());
        assert_eq!(none.nan, 1);
        assert_eq!(summary(&HostArray::zeros(DType::C64, &[3]).unwrap()), None);
    }

    #[test]
    fn random_floats_have_the_moments_of_the_standard_normal_distribution() {
        for dtype in [DType::F32, DType::F64, DType::Bf16, DType::F16, DType::F8E4M3FN] {
            let array = random(dtype, &[100, 100], 3, 0).unwrap();
            let values: Vec<_> = values(&array).map(|it| it.real().unwrap()).collect();
            let mean = values.iter().sum::<f64>() / 1e4;
            let variance = values.iter().map(|it| it * it).sum::<f64>() / 1e4;
            // Five standard errors of each.
            assert!(
                mean.abs() < 0.05 && (variance - 1.0).abs() < 0.07,
                "{dtype} {mean} {variance}"
            );
        }
    }

    #[test]
    fn random_whole_numbers_go_from_0_to_9_and_booleans_are_both() {
        for dtype in [DType::S8, DType::U16, DType::S32, DType::U64] {
            let array = random(dtype, &[200], 3, 0).unwrap();
            let all = summary(&array).unwrap();
            assert_eq!((all.min, all.max), (Real(0.0), Real(9.0)), "{dtype}");
        }
        let all = summary(&random(DType::Pred, &[200], 3, 0).unwrap()).unwrap();
        assert!((0.4..0.6).contains(&all.mean.0), "{all:?}");
    }

    #[test]
    fn random_arrays_differ_by_seed_and_by_stream_and_by_nothing_else() {
        let array = |seed, stream| random(DType::F32, &[8], seed, stream).unwrap();
        assert_eq!(array(1, 2), array(1, 2));
        assert_ne!(array(1, 2), array(2, 2));
        assert_ne!(array(1, 2), array(1, 3));
        assert_ne!(array(1, 2), array(1 << 32 | 1, 2));
    }
}

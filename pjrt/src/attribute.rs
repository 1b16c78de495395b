//! Named values: what a plugin tells about itself, and the options it takes.

use std::collections::BTreeMap;
use std::fmt;

use xla_sys::bindings as sys;
use xla_sys::bindings::{PJRT_NamedValue, PJRT_NamedValue_Value};

use crate::api::{slice, text};

/// The value of an attribute or option.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum AttributeValue {
    String(String),
    Int(i64),
    Ints(Vec<i64>),
    Float(f32),
    Bool(bool),
}

impl fmt::Display for AttributeValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::String(value) => f.write_str(value),
            Self::Int(value) => write!(f, "{value}"),
            Self::Ints(values) => {
                let values: Vec<String> = values.iter().map(i64::to_string).collect();
                f.write_str(&values.join("."))
            }
            Self::Float(value) => write!(f, "{value}"),
            Self::Bool(value) => write!(f, "{value}"),
        }
    }
}

macro_rules! conversions {
    ($($rust:ty => $variant:ident),*) => {
        $(impl From<$rust> for AttributeValue {
            fn from(value: $rust) -> Self {
                Self::$variant(value.into())
            }
        })*
    };
}

conversions! { &str => String, String => String, i64 => Int, Vec<i64> => Ints, f32 => Float, bool => Bool }

/// Copies what a plugin lists; values of a kind that later interfaces may add are left out.
///
/// # Safety
/// `values` points to `len` values as the interface declares them.
pub(crate) unsafe fn read(
    values: *const PJRT_NamedValue,
    len: usize,
) -> BTreeMap<String, AttributeValue> {
    // SAFETY: the caller's promise; each value's kind tells which member of the union is set and
    // its size how many elements that one points to.
    unsafe {
        let named = slice(values, len).iter();
        named
            .filter_map(|named| {
                let value = match named.r#type {
                    sys::PJRT_NamedValue_kString => {
                        AttributeValue::String(text(named.value.string_value, named.value_size))
                    }
                    sys::PJRT_NamedValue_kInt64 => AttributeValue::Int(named.value.int64_value),
                    sys::PJRT_NamedValue_kInt64List => AttributeValue::Ints(
                        slice(named.value.int64_array_value, named.value_size).to_vec(),
                    ),
                    sys::PJRT_NamedValue_kFloat => AttributeValue::Float(named.value.float_value),
                    // Read as a byte: a plugin's idea of true need not be one.
                    sys::PJRT_NamedValue_kBool => AttributeValue::Bool(
                        (&raw const named.value.bool_value).cast::<u8>().read() != 0,
                    ),
                    _ => return None,
                };
                Some((text(named.name, named.name_size), value))
            })
            .collect()
    }
}

/// Options as the interface takes them; they point into `options`.
pub(crate) fn write(options: &BTreeMap<String, AttributeValue>) -> Vec<PJRT_NamedValue> {
    let named = |(name, value): (&String, &AttributeValue)| {
        let (kind, value, value_size) = match value {
            AttributeValue::String(value) => (
                sys::PJRT_NamedValue_kString,
                PJRT_NamedValue_Value { string_value: value.as_ptr().cast() },
                value.len(),
            ),
            AttributeValue::Int(value) => {
                (sys::PJRT_NamedValue_kInt64, PJRT_NamedValue_Value { int64_value: *value }, 1)
            }
            AttributeValue::Ints(values) => (
                sys::PJRT_NamedValue_kInt64List,
                PJRT_NamedValue_Value { int64_array_value: values.as_ptr() },
                values.len(),
            ),
            AttributeValue::Float(value) => {
                (sys::PJRT_NamedValue_kFloat, PJRT_NamedValue_Value { float_value: *value }, 1)
            }
            AttributeValue::Bool(value) => {
                (sys::PJRT_NamedValue_kBool, PJRT_NamedValue_Value { bool_value: *value }, 1)
            }
        };
        PJRT_NamedValue {
            name: name.as_ptr().cast(),
            name_size: name.len(),
            r#type: kind,
            value,
            value_size,
            ..Default::default()
        }
    };
    options.iter().map(named).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back() {
        let options = BTreeMap::from([
            ("string".to_owned(), AttributeValue::from("cpu")),
            ("int".to_owned(), AttributeValue::from(-3)),
            ("ints".to_owned(), AttributeValue::from(vec![1, 20, 0])),
            ("float".to_owned(), AttributeValue::from(0.5)),
            ("bool".to_owned(), AttributeValue::from(true)),
        ]);
        let written = write(&options);
        // SAFETY: the list was just made, and `options` is alive.
        let read = unsafe { read(written.as_ptr(), written.len()) };
        assert_eq!(read, options);
        assert_eq!(read["ints"].to_string(), "1.20.0");
    }

    #[test]
    fn a_kind_of_value_from_a_later_interface_is_left_out() {
        let value = PJRT_NamedValue { r#type: 99, ..Default::default() };
        // SAFETY: a list of one value.
        assert!(unsafe { read(&raw const value, 1) }.is_empty());
    }
}

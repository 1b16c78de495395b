//! Named values: what a plugin tells about itself, and the options it takes.

use std::collections::BTreeMap;
use std::fmt;

use xla_sys::bindings as sys;
use xla_sys::bindings::{PJRT_NamedValue, PJRT_NamedValue_Value};

use crate::api::{Api, slice, text};
use crate::error::{Error, Result};

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
            Self::Ints(values) => write!(f, "{values:?}"),
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

/// Copies what `function` listed; values of a kind that later interfaces may add are left out.
///
/// # Errors
/// [`Error::Contract`] if the values are of another size than this interface's, as a later one's
/// may be: where each begins is then unknown.
///
/// # Safety
/// `values` points to `len` values, each of the size it states and as the interface declares it up
/// to that.
pub(crate) unsafe fn read(
    api: &Api,
    function: &'static str,
    values: *const PJRT_NamedValue,
    len: usize,
) -> Result<BTreeMap<String, AttributeValue>> {
    let mut read = BTreeMap::new();
    // As `slice` has it, though the values may not be of the size that a slice's would.
    for index in 0..if values.is_null() { 0 } else { len } {
        // SAFETY: the caller's promise, and the size of the one before tells that this is the next.
        let named = unsafe { values.add(index) };
        // SAFETY: every version of the value begins with its size; nothing else is read yet.
        let size = unsafe { (&raw const (*named).struct_size).read() };
        if size != PJRT_NamedValue::STRUCT_SIZE {
            let expected = PJRT_NamedValue::STRUCT_SIZE;
            return Err(Error::Contract {
                function,
                plugin: api.path().to_owned(),
                got: format!("values of {size} bytes where this build knows {expected}"),
            });
        }
        // SAFETY: the caller's promise; the value is of the size that is read.
        unsafe {
            let named = &*named;
            if let Some(value) = value(named) {
                read.insert(text(named.name, named.name_size), value);
            }
        }
    }
    Ok(read)
}

/// The value apart from its name, if its kind is known.
///
/// # Safety
/// `named` is as the interface declares it: its kind tells which member of the union is set, and
/// its size how many elements that one points to.
unsafe fn value(named: &PJRT_NamedValue) -> Option<AttributeValue> {
    // SAFETY: the caller's promise.
    unsafe {
        Some(match named.r#type {
            sys::PJRT_NamedValue_kString => {
                AttributeValue::String(text(named.value.string_value, named.value_size))
            }
            sys::PJRT_NamedValue_kInt64 => AttributeValue::Int(named.value.int64_value),
            sys::PJRT_NamedValue_kInt64List => AttributeValue::Ints(
                slice(named.value.int64_array_value, named.value_size).to_vec(),
            ),
            sys::PJRT_NamedValue_kFloat => AttributeValue::Float(named.value.float_value),
            // Read as a byte: a plugin's idea of true need not be one.
            sys::PJRT_NamedValue_kBool => {
                AttributeValue::Bool((&raw const named.value.bool_value).cast::<u8>().read() != 0)
            }
            _ => return None,
        })
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
    use crate::api::tests::failing;

    fn read_all(values: &[PJRT_NamedValue]) -> Result<BTreeMap<String, AttributeValue>> {
        // SAFETY: tests give lists of this interface's values, which point to what is alive.
        unsafe { read(&failing(), "PJRT_Plugin_Attributes", values.as_ptr(), values.len()) }
    }

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
        assert_eq!(read_all(&written).unwrap(), options);
        assert_eq!(options["ints"].to_string(), "[1, 20, 0]");
    }

    #[test]
    fn a_kind_of_value_from_a_later_interface_is_left_out() {
        let value = PJRT_NamedValue { r#type: 99, ..Default::default() };
        assert!(read_all(&[value]).unwrap().is_empty());
    }

    #[test]
    fn values_of_another_size_are_an_error_before_the_second_is_looked_for() {
        let larger = PJRT_NamedValue { struct_size: 64, ..Default::default() };
        let error = read_all(&[larger, larger]).unwrap_err();
        insta::assert_snapshot!(error, @"PJRT_Plugin_Attributes of the plugin /fake.so returned values of 64 bytes where this build knows 56; this is a fault in it");
    }
}

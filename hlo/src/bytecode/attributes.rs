//! Attributes of the VHLO dialect, and the few of MLIR's own that a program is held together by.

use std::panic::Location;

use super::tables::{Dialect, Tables};
use super::types;
use crate::attribute::{Attribute, Field};
use crate::dense::Dense;
use crate::ops::ConvolutionDimensions;
use crate::{DType, Type};

/// Codes of attributes of the dialect `builtin`.
mod builtin {
    pub(super) const DICTIONARY: u64 = 1;
    pub(super) const STRING: u64 = 2;
    pub(super) const INTEGER: u64 = 8;
    pub(super) const FILE_LOCATION: u64 = 11;
    pub(super) const NAME_LOCATION: u64 = 14;
    pub(super) const UNKNOWN_LOCATION: u64 = 15;
}

/// Codes of attributes of VHLO. They never change: newer versions of StableHLO add to them.
mod code {
    pub(super) const ARRAY: u64 = 1;
    pub(super) const BOOL: u64 = 2;
    pub(super) const DICTIONARY: u64 = 6;
    pub(super) const INTEGER: u64 = 9;
    pub(super) const STRING: u64 = 14;
    pub(super) const TENSOR: u64 = 15;
    pub(super) const TYPE: u64 = 17;
    pub(super) const RESULT_ACCURACY: u64 = 20;
}

/// The cases of an enumeration, and the number of the first one.
struct Enumeration {
    code: u64,
    first: u64,
    cases: &'static [&'static str],
}

/// The enumeration that StableHLO calls `kind`.
fn enumeration(kind: &str) -> Enumeration {
    let (code, first, cases): (_, _, &[_]) = match kind {
        "comparison_direction" => (3, 0, &["EQ", "NE", "GE", "GT", "LE", "LT"]),
        "comparison_type" => (4, 0, &["NOTYPE", "FLOAT", "TOTALORDER", "SIGNED", "UNSIGNED"]),
        "precision" => (11, 0, &["DEFAULT", "HIGH", "HIGHEST"]),
        "rng_algorithm" => (12, 0, &["DEFAULT", "THREE_FRY", "PHILOX"]),
        "rng_distribution" => (13, 1, &["UNIFORM", "NORMAL"]),
        "transpose" => (16, 1, &["NO_TRANSPOSE", "TRANSPOSE", "ADJOINT"]),
        "result_accuracy_mode" => (19, 0, &["DEFAULT", "HIGHEST", "TOLERANCE"]),
        other => unreachable!("no operation has an attribute of kind {other}"),
    };
    Enumeration { code, first, cases }
}

/// The interface of a custom call, which is a number in StableHLO.
const API_VERSION: u64 = 5;

/// The attributes of an operation by their names in VHLO: instead of structures of dimension numbers
/// it has an attribute for each field.
pub(super) fn flatten(name: &'static str, attribute: Attribute) -> Vec<(&'static str, Attribute)> {
    match attribute {
        Attribute::Dimensions { fields, .. } => {
            let value = |field| match field {
                Field::Axes(axes) => Attribute::ints(&axes),
                Field::Axis(axis) => Attribute::int(axis),
            };
            fields.into_iter().map(|(name, field)| (name, value(field))).collect()
        }
        Attribute::Convolution(dimensions) => convolution(&dimensions).into(),
        Attribute::Channel { handle, .. } => vec![("channel_id", Attribute::I64(handle))],
        other => vec![(name, other)],
    }
}

fn convolution(at: &ConvolutionDimensions) -> [(&'static str, Attribute); 9] {
    [
        ("input_batch_dimension", Attribute::int(at.input_batch)),
        ("input_feature_dimension", Attribute::int(at.input_feature)),
        ("input_spatial_dimensions", Attribute::ints(&at.input_spatial)),
        ("kernel_input_feature_dimension", Attribute::int(at.kernel_input_feature)),
        ("kernel_output_feature_dimension", Attribute::int(at.kernel_output_feature)),
        ("kernel_spatial_dimensions", Attribute::ints(&at.kernel_spatial)),
        ("output_batch_dimension", Attribute::int(at.output_batch)),
        ("output_feature_dimension", Attribute::int(at.output_feature)),
        ("output_spatial_dimensions", Attribute::ints(&at.output_spatial)),
    ]
}

impl Tables {
    /// An attribute in VHLO.
    pub(super) fn vhlo(&mut self, name: &str, attribute: &Attribute) -> usize {
        match attribute {
            Attribute::I32(version) if name == "api_version" => {
                let version = version.cast_unsigned().into();
                self.attribute(Dialect::Vhlo, API_VERSION, |to| to.number(version))
            }
            Attribute::Unit => self.vhlo(name, &Attribute::Bool(true)),
            Attribute::Bool(value) => {
                self.attribute(Dialect::Vhlo, code::BOOL, |to| to.number((*value).into()))
            }
            Attribute::I32(value) => self.integer(DType::S32, (*value).into()),
            Attribute::I64(value) => self.integer(DType::S64, *value),
            Attribute::Text(text) | Attribute::Symbol(text) => self.text(text),
            Attribute::Ints(values) => self.ints(&[values.len()], values),
            Attribute::Bools(values) => {
                let ty = Type::new(DType::Bool, [values.len()].into());
                self.dense(&Dense { ty, bytes: values.iter().map(|&value| value.into()).collect() })
            }
            Attribute::Matrix { columns, values } => {
                let rows = values.len() / (*columns).max(1);
                self.ints(&[rows, *columns], values)
            }
            Attribute::Dense(dense) => self.dense(dense),
            Attribute::Enum { kind, case } => {
                let Enumeration { code, first, cases } = enumeration(kind);
                let case = cases.iter().position(|known| known == case);
                let case = first + case.expect("a case of the enumeration") as u64;
                self.attribute(Dialect::Vhlo, code, |to| to.number(case))
            }
            Attribute::AnyAccuracy => self.accuracy(),
            Attribute::Unsaid => {
                let none = types::none(self);
                self.attribute(Dialect::Vhlo, code::TYPE, |to| to.index(none))
            }
            Attribute::Array(values) => {
                let values: Vec<_> = values.iter().map(|value| self.vhlo("", value)).collect();
                self.array(&values)
            }
            Attribute::Dictionary(entries) => self.entries(entries),
            Attribute::Layout(order) => self.layout(order),
            Attribute::Sharding(_) | Attribute::Shardings(_) | Attribute::ManualAxes(_) => {
                self.attribute_text(Dialect::Sdy, &attribute.to_string())
            }
            Attribute::Dimensions { .. }
            | Attribute::Convolution(_)
            | Attribute::Channel { .. } => {
                unreachable!("{name} has become an attribute for each field")
            }
        }
    }

    /// A dictionary in VHLO.
    pub(super) fn entries(&mut self, entries: &[(String, Attribute)]) -> usize {
        let mut entries: Vec<_> = entries.iter().collect();
        entries.sort_unstable_by_key(|(name, _)| name);
        let encode = |(name, value): &(String, _)| [self.text(name), self.vhlo("", value)];
        let numbers: Vec<_> = entries.into_iter().map(encode).collect();
        self.attribute(Dialect::Vhlo, code::DICTIONARY, |to| {
            to.index(numbers.len());
            numbers.iter().flatten().for_each(|&number| to.index(number));
        })
    }

    pub(super) fn array(&mut self, values: &[usize]) -> usize {
        self.attribute(Dialect::Vhlo, code::ARRAY, |to| to.indices(values))
    }

    pub(super) fn text(&mut self, text: &str) -> usize {
        let string = self.string(text);
        self.attribute(Dialect::Vhlo, code::STRING, |to| to.index(string))
    }

    /// A type as an attribute.
    pub(super) fn type_attribute(&mut self, ty: usize) -> usize {
        self.attribute(Dialect::Vhlo, code::TYPE, |to| to.index(ty))
    }

    fn integer(&mut self, dtype: DType, value: i64) -> usize {
        let ty = types::element(self, dtype);
        self.attribute(Dialect::Vhlo, code::INTEGER, |to| {
            to.index(ty);
            to.signed(value);
        })
    }

    fn ints(&mut self, dims: &[usize], values: &[i64]) -> usize {
        let bytes = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        self.dense(&Dense { ty: Type::new(DType::S64, dims.into()), bytes })
    }

    /// The order of axes in memory.
    fn layout(&mut self, order: &[usize]) -> usize {
        let tensor = types::index_tensor(self, order.len());
        let bytes: Vec<_> = order.iter().flat_map(|&axis| (axis as u64).to_le_bytes()).collect();
        self.attribute(Dialect::Vhlo, code::TENSOR, |to| {
            to.index(tensor);
            to.blob(&bytes);
        })
    }

    fn dense(&mut self, Dense { ty, bytes }: &Dense) -> usize {
        let tensor = types::tensor(self, ty);
        let packed;
        let bytes = if ty.dtype == DType::Bool {
            packed = pack(bytes, ty.shape.elements());
            &packed
        } else {
            bytes
        };
        self.attribute(Dialect::Vhlo, code::TENSOR, |to| {
            to.index(tensor);
            to.blob(bytes);
        })
    }

    /// What every implementation of an operation promises of its result: no more than the rest.
    fn accuracy(&mut self) -> usize {
        let mode = Attribute::Enum { kind: "result_accuracy_mode", case: "DEFAULT" };
        let mode = self.vhlo("mode", &mode);
        self.attribute(Dialect::Vhlo, code::RESULT_ACCURACY, |to| {
            // The bits of two floating-point numbers, and a number of units in the last place.
            let (absolute, relative, units) = (0, 0, 0);
            [absolute, relative, units].into_iter().for_each(|bound| to.signed(bound));
            to.index(mode);
        })
    }

    /// A string of MLIR's own.
    pub(super) fn builtin_string(&mut self, string: &str) -> usize {
        let string = self.string(string);
        self.attribute(Dialect::Builtin, builtin::STRING, |to| to.index(string))
    }

    /// A dictionary of MLIR's own, whose names are in order.
    pub(super) fn builtin_dictionary(&mut self, entries: &[(&str, usize)]) -> usize {
        let names: Vec<_> = entries.iter().map(|(name, _)| self.builtin_string(name)).collect();
        self.attribute(Dialect::Builtin, builtin::DICTIONARY, |to| {
            to.index(entries.len());
            for (name, (_, value)) in names.into_iter().zip(entries) {
                to.index(name);
                to.index(*value);
            }
        })
    }

    /// A whole number of MLIR's own.
    pub(super) fn builtin_count(&mut self, count: i32) -> usize {
        let ty = self.type_text(Dialect::Builtin, "i32");
        self.attribute(Dialect::Builtin, builtin::INTEGER, |to| {
            to.index(ty);
            to.signed(count.into());
        })
    }

    pub(super) fn unknown_location(&mut self) -> usize {
        self.attribute(Dialect::Builtin, builtin::UNKNOWN_LOCATION, |_| {})
    }

    /// A name in the place of a location, as arguments have it.
    pub(super) fn name_location(&mut self, name: &str) -> usize {
        let (name, inner) = (self.builtin_string(name), self.unknown_location());
        self.attribute(Dialect::Builtin, builtin::NAME_LOCATION, |to| {
            to.index(name);
            to.index(inner);
        })
    }

    pub(super) fn file_location(&mut self, place: &Location<'_>) -> usize {
        let file = self.builtin_string(place.file());
        self.attribute(Dialect::Builtin, builtin::FILE_LOCATION, |to| {
            to.index(file);
            to.number(place.line().into());
            to.number(place.column().into());
        })
    }
}

/// Booleans, a byte each, as bits from the lowest one up. One that stands for several becomes a
/// byte of equal bits.
fn pack(booleans: &[u8], elements: usize) -> Vec<u8> {
    if booleans.len() < elements {
        return vec![0_u8.wrapping_sub(booleans[0])];
    }
    let bits = |chunk: &[u8]| chunk.iter().rev().fold(0, |byte, bit| byte << 1 | bit);
    booleans.chunks(8).map(bits).collect()
}

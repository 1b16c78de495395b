//! Attributes of operations as data. Text and bytecode are both written from them.

use std::fmt::{self, Display, Write};

use crate::Sharding;
use crate::dense::Dense;
use crate::ops::ConvolutionDimensions;

/// The value of an attribute.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Attribute {
    /// Says something by being there.
    Unit,
    /// `true`.
    Bool(bool),
    /// `1 : i32`.
    I32(i32),
    /// `1 : i64`.
    I64(i64),
    /// `"text"`.
    Text(String),
    /// `@function`.
    Symbol(String),
    /// `array<i64: 1, 2>`.
    Ints(Vec<i64>),
    /// `array<i1: true, false>`.
    Bools(Vec<bool>),
    /// `dense<[[1, 2], [3, 4]]> : tensor<2x2xi64>`: as many rows as it takes.
    Matrix { columns: usize, values: Vec<i64> },
    /// The elements of a tensor, row-major.
    Dense(Dense),
    /// `#stablehlo<comparison_direction LT>`.
    Enum { kind: &'static str, case: &'static str },
    /// `[1, 2]`.
    Array(Vec<Attribute>),
    /// `{a = 1, b = 2}`.
    Dictionary(Vec<(String, Attribute)>),
    /// `#stablehlo.gather<offset_dims = [0], index_vector_dim = 1>`.
    Dimensions { kind: &'static str, fields: Vec<(&'static str, Field)> },
    /// `#stablehlo.conv<[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]>`.
    Convolution(ConvolutionDimensions),
    /// `#stablehlo.channel_handle<handle = 1, type = 0>`.
    Channel { handle: i64, kind: i64 },
    /// `dense<[1, 0]> : tensor<2xindex>`.
    Layout(Vec<usize>),
    /// `#sdy.sharding<@mesh, [{"data"}, {}]>`.
    Sharding(Sharding),
    /// `#sdy.sharding_per_value<[<@mesh, [{"data"}, {}]>]>`.
    Shardings(Vec<Sharding>),
    /// `#sdy<manual_axes{"data"}>`.
    ManualAxes(Vec<String>),
    /// That a result is as accurate as the backend makes it. Text leaves it out.
    AnyAccuracy,
    /// What portable bytecode has where text says nothing. Text has no word for it.
    Unsaid,
}

/// A field of a structure of dimension numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    /// Text leaves an empty list out.
    Axes(Vec<usize>),
    Axis(usize),
}

/// Named attributes, in the order in which text shows them.
pub(crate) type Attributes = Vec<(&'static str, Attribute)>;

impl Attribute {
    pub(crate) fn ints(values: &[usize]) -> Self {
        Self::Ints(values.iter().map(|&value| int(value)).collect())
    }

    /// As many rows as `values` make.
    pub(crate) fn matrix(columns: usize, values: &[usize]) -> Self {
        Self::Matrix { columns, values: values.iter().map(|&value| int(value)).collect() }
    }

    pub(crate) fn int(value: usize) -> Self {
        Self::I64(int(value))
    }
}

/// A size or an index as MLIR has it. A shape that no memory could hold has been refused before.
fn int(value: usize) -> i64 {
    i64::try_from(value).expect("checked by the shape rule")
}

impl Display for Attribute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unit => f.write_str("unit"),
            Self::Bool(value) => write!(f, "{value}"),
            Self::I32(value) => write!(f, "{value} : i32"),
            Self::I64(value) => write!(f, "{value} : i64"),
            Self::Text(text) => f.write_str(&quote(text)),
            Self::Symbol(name) => write!(f, "@{name}"),
            Self::Ints(values) if values.is_empty() => f.write_str("array<i64>"),
            Self::Ints(values) => write!(f, "array<i64: {}>", list(values)),
            Self::Bools(values) if values.is_empty() => f.write_str("array<i1>"),
            Self::Bools(values) => write!(f, "array<i1: {}>", list(values)),
            Self::Matrix { columns, values } => matrix(f, *columns, values),
            Self::Dense(dense) => write!(f, "{dense}"),
            Self::Enum { kind, case } => write!(f, "#stablehlo<{kind} {case}>"),
            Self::Array(values) => write!(f, "[{}]", list(values)),
            Self::Dictionary(entries) => {
                let entries = entries.iter().map(|(name, value)| format!("{name} = {value}"));
                write!(f, "{{{}}}", list(entries))
            }
            Self::Dimensions { kind, fields } => {
                let shown = fields.iter().filter_map(|(name, field)| match field {
                    Field::Axes(axes) if axes.is_empty() => None,
                    Field::Axes(axes) => Some(format!("{name} = {axes:?}")),
                    Field::Axis(axis) => Some(format!("{name} = {axis}")),
                });
                write!(f, "#stablehlo.{kind}<{}>", list(shown))
            }
            Self::Convolution(dimensions) => write!(f, "#stablehlo.conv<{dimensions}>"),
            Self::Channel { handle, kind } => {
                write!(f, "#stablehlo.channel_handle<handle = {handle}, type = {kind}>")
            }
            Self::Layout(order) => write!(f, "dense<{order:?}> : tensor<{}xindex>", order.len()),
            Self::Sharding(sharding) => write!(f, "#sdy.sharding<{}>", sharding.shardy()),
            Self::Shardings(shardings) => {
                let shardings = shardings.iter().map(|sharding| format!("<{}>", sharding.shardy()));
                write!(f, "#sdy.sharding_per_value<[{}]>", list(shardings))
            }
            Self::ManualAxes(axes) => {
                let axes = axes.iter().map(|axis| format!("\"{axis}\""));
                write!(f, "#sdy<manual_axes{{{}}}>", list(axes))
            }
            Self::AnyAccuracy | Self::Unsaid => unreachable!("text leaves it out"),
        }
    }
}

fn matrix(f: &mut fmt::Formatter<'_>, columns: usize, values: &[i64]) -> fmt::Result {
    let rows = values.len() / columns.max(1);
    let text = values.chunks(columns.max(1)).map(|row| format!("[{}]", list(row)));
    let text = if values.is_empty() { String::new() } else { format!("[{}]", list(text)) };
    write!(f, "dense<{text}> : tensor<{rows}x{columns}xi64>")
}

pub(crate) fn list<T: Display>(items: impl IntoIterator<Item = T>) -> String {
    let mut text = String::new();
    for (i, item) in items.into_iter().enumerate() {
        let separator = if i == 0 { "" } else { ", " };
        write!(text, "{separator}{item}").expect("a string takes any text");
    }
    text
}

/// A string in MLIR's spelling.
pub(crate) fn quote(text: &str) -> String {
    let mut quoted = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_ascii_control() => quoted.push_str(&format!("\\{:02X}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

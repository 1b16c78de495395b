//! Attributes of operations as data. Text and bytecode are both written from them.

use std::fmt::{self, Display};

use crate::dense::Dense;

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

/// Which axis of an operand or result of a convolution means what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ConvolutionDimensions {
    pub(crate) input_batch: usize,
    pub(crate) input_feature: usize,
    pub(crate) input_spatial: Vec<usize>,
    pub(crate) kernel_input_feature: usize,
    pub(crate) kernel_output_feature: usize,
    pub(crate) kernel_spatial: Vec<usize>,
    pub(crate) output_batch: usize,
    pub(crate) output_feature: usize,
    pub(crate) output_spatial: Vec<usize>,
}

/// Named attributes, in the order in which text shows them.
pub(crate) type Attributes = Vec<(&'static str, Attribute)>;

impl Attribute {
    pub(crate) fn ints(values: &[usize]) -> Self {
        Self::Ints(values.iter().map(|&value| int(value)).collect())
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
            Self::AnyAccuracy | Self::Unsaid => unreachable!("text leaves it out"),
        }
    }
}

impl Display for ConvolutionDimensions {
    /// `[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let axes = |first: (usize, &str), second: (usize, &str), spatial: &[usize]| {
            let mut names = vec![String::new(); spatial.len() + 2];
            names[first.0] = first.1.to_owned();
            names[second.0] = second.1.to_owned();
            for (i, &axis) in spatial.iter().enumerate() {
                names[axis] = i.to_string();
            }
            names.join(", ")
        };
        let input = axes((self.input_batch, "b"), (self.input_feature, "f"), &self.input_spatial);
        let kernel = axes(
            (self.kernel_input_feature, "i"),
            (self.kernel_output_feature, "o"),
            &self.kernel_spatial,
        );
        let output =
            axes((self.output_batch, "b"), (self.output_feature, "f"), &self.output_spatial);
        write!(f, "[{input}]x[{kernel}]->[{output}]")
    }
}

fn matrix(f: &mut fmt::Formatter<'_>, columns: usize, values: &[i64]) -> fmt::Result {
    let rows = values.len() / columns.max(1);
    let text = values.chunks(columns.max(1)).map(|row| format!("[{}]", list(row)));
    let text = if values.is_empty() { String::new() } else { format!("[{}]", list(text)) };
    write!(f, "dense<{text}> : tensor<{rows}x{columns}xi64>")
}

pub(crate) fn list<T: Display>(items: impl IntoIterator<Item = T>) -> String {
    items.into_iter().map(|item| item.to_string()).collect::<Vec<_>>().join(", ")
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

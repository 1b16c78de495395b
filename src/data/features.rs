//! Rows of numbers and their labels in arrays of files, such as the pre-logits of another model.
//!
//! Nothing of them is held in memory: a row is read where it stands when it is asked for.

use half::{bf16, f16};
use pjrt::DType;
use safetensors::Dtype;
use safetensors::tensor::Metadata;
use thiserror::Error;

use super::files::File;
use super::settings::FeatureFiles;
use super::source::{Example, RawInput, ReadError, Source};
use super::{DataError, labels, patterns};
use crate::npy;

/// The most bytes of what stands before the numbers of a file.
const MAX_HEADER: u64 = 16 << 20;

/// How many bytes of labels are read at a time, if a row has no more.
const CHUNK: usize = 4 << 20;

/// Arrays in files are not the features and labels of examples.
#[derive(Debug, Error)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum FeaturesError {
    #[error("{file} can't be read as {}: {problem}", format.name())]
    Malformed { file: String, format: Format, problem: String },
    #[error("{file} has no array {name}, and not one alone; it has {}", has.join(", "))]
    NoArray { file: String, name: &'static str, has: Vec<String> },
    #[error("{file} holds {name} with dimensions {got:?}, expected {expected}")]
    Shape { file: String, name: &'static str, expected: &'static str, got: Vec<usize> },
    #[error("{file} holds {name} of type {got}, expected {expected}")]
    Type { file: String, name: &'static str, expected: &'static str, got: String },
    #[error(
        "{features} holds features of {feature_count} examples and {labels} labels of {label_count}"
    )]
    Count { features: String, feature_count: usize, labels: String, label_count: usize },
    #[error("{file} holds examples of {got} numbers, expected {expected} as in the train split")]
    Width { file: String, got: usize, expected: usize },
    #[error("{name} has the label {label}: labels are numbers from 0 on, and -1 stands for none")]
    Label { name: String, label: i64 },
}

/// How arrays are stored in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Format {
    Npy,
    Safetensors,
}

impl Format {
    fn name(self) -> &'static str {
        match self {
            Self::Npy => "NumPy's .npy",
            Self::Safetensors => "safetensors",
        }
    }
}

/// Examples whose features and labels are the rows of two arrays.
#[derive(Debug)]
pub(super) struct Features {
    features: Array,
    labels: Array,
}

impl Features {
    /// The arrays in files: features `[N, D]` of f16, bf16, f32 or f64, labels `[N]` or `[N, M]` of
    /// integers, where −1 stands for none.
    ///
    /// # Errors
    /// If a file can't be read, or its array isn't of that kind.
    pub(super) fn open(files: &FeatureFiles) -> Result<Self, DataError> {
        let features = Array::open(&files.features, "features")?;
        if !matches!(features.dims[..], [_, width] if width > 0) {
            return Err(features.shape("rows of numbers, [examples, features]").into());
        }
        if !matches!(features.dtype, DType::F16 | DType::Bf16 | DType::F32 | DType::F64) {
            return Err(features.of_type("f16, bf16, f32 or f64").into());
        }
        let labels = Array::open(&files.labels, "labels")?;
        if !matches!(labels.dims[..], [_] | [_, _]) {
            return Err(labels.shape("[examples], or [examples, labels] with -1 for none").into());
        }
        if !is_integer(labels.dtype) {
            return Err(labels.of_type("an integer").into());
        }
        let (feature_count, label_count) = (features.dims[0], labels.dims[0]);
        if feature_count != label_count {
            let (features, labels) = (features.file.to_string(), labels.file.to_string());
            let error = FeaturesError::Count { features, feature_count, labels, label_count };
            return Err(error.into());
        }
        Ok(Self { features, labels })
    }

    /// The numbers of an example.
    pub(super) fn width(&self) -> usize {
        self.features.dims[1]
    }

    /// Checks that examples have as many numbers as those of the train split.
    ///
    /// # Errors
    /// [`FeaturesError::Width`].
    pub(super) fn check_width(&self, expected: usize) -> Result<(), FeaturesError> {
        let (file, got) = (self.features.file.to_string(), self.width());
        if got == expected { Ok(()) } else { Err(FeaturesError::Width { file, got, expected }) }
    }

    /// Checks the labels of all examples, so that a wrong one isn't met after hours.
    ///
    /// # Errors
    /// If they can't be read, or what is wrong with them.
    pub(super) fn check_labels(
        &self,
        classes: usize,
        max_labels: Option<usize>,
    ) -> Result<(), DataError> {
        let size = self.labels.row_bytes();
        let at_once = (CHUNK / size.max(1)).max(1);
        for first in (0..self.len()).step_by(at_once) {
            let count = at_once.min(self.len() - first);
            let rows = self.labels.rows(first, count)?;
            for row in 0..count {
                let index = first + row;
                let labels = self.numbers_of_classes(index, &rows[row * size..][..size])?;
                labels::check(&labels, classes, max_labels, || self.name(index))?;
            }
        }
        Ok(())
    }

    /// The classes that the labels of an example in its file are.
    fn numbers_of_classes(&self, index: usize, labels: &[u8]) -> Result<Vec<u32>, DataError> {
        let labels = integers(self.labels.dtype, labels).into_iter().filter(|&label| label != -1);
        let number = |label: i64| {
            let wrong = |_| FeaturesError::Label { name: self.name(index), label }.into();
            u32::try_from(label).map_err(wrong)
        };
        labels.map(number).collect()
    }
}

impl Source for Features {
    fn len(&self) -> usize {
        self.features.dims[0]
    }

    fn read(&self, index: usize) -> Result<Example, ReadError> {
        let input = RawInput::Numbers(floats(self.features.dtype, &self.features.row(index)?));
        Ok(Example { input, labels: self.labels(index)? })
    }

    fn labels(&self, index: usize) -> Result<Vec<u32>, ReadError> {
        Ok(self.numbers_of_classes(index, &self.labels.row(index)?)?)
    }

    fn name(&self, index: usize) -> String {
        format!("{} at row {index}", self.features.file)
    }
}

/// An array in a file.
#[derive(Debug)]
struct Array {
    file: File,
    /// What it is to hold.
    name: &'static str,
    dtype: DType,
    dims: Vec<usize>,
    /// Where its numbers begin.
    start: u64,
}

impl Array {
    /// The array of a `.npy` file, or of a safetensors file the one called `name` or the only one.
    fn open(text: &str, name: &'static str) -> Result<Self, DataError> {
        let file = patterns::file(text)?;
        let opened = file.open()?;
        let head = opened.read_at(0, file.size().min(MAX_HEADER) as usize)?;
        let array = if head.starts_with(npy::MAGIC) {
            let layout =
                npy::layout(&head).map_err(|error| malformed(&file, Format::Npy, &error))?;
            let npy::Layout { dtype, dims, start } = layout;
            Self { file, name, dtype, dims, start: start as u64 }
        } else {
            Self::of_safetensors(file, name, &head)?
        };
        // Of a row by itself, too, as there may be none.
        let product = |dims: &[usize]| {
            let bytes = array.dtype.host_bytes();
            dims.iter().try_fold(bytes, |size, &dim| size.checked_mul(dim))
        };
        let size =
            product(array.dims.get(1..).unwrap_or_default()).and_then(|_| product(&array.dims));
        let expected = (size.unwrap_or(usize::MAX) as u64).saturating_add(array.start);
        let got = array.file.size();
        if got < expected {
            return Err(DataError::Truncated { file: array.file.to_string(), expected, got });
        }
        Ok(array)
    }

    fn of_safetensors(file: File, name: &'static str, head: &[u8]) -> Result<Self, DataError> {
        let wrong = |problem: &str| malformed(&file, Format::Safetensors, &problem);
        let Some((length, rest)) = head.split_first_chunk::<8>() else {
            return Err(wrong("it has less than 8 bytes").into());
        };
        let length = u64::from_le_bytes(*length);
        let Some(header) = usize::try_from(length).ok().and_then(|length| rest.get(..length))
        else {
            return Err(wrong("it doesn't begin with a header and its length").into());
        };
        let header: Metadata =
            serde_json::from_slice(header).map_err(|error| wrong(&error.to_string()))?;
        let tensors = header.tensors();
        let named = tensors.get(name).or(match tensors.len() {
            1 => tensors.values().next(),
            _ => None,
        });
        let Some(info) = named else {
            let mut has = tensors.into_keys().collect::<Vec<_>>();
            has.sort();
            return Err(FeaturesError::NoArray { file: file.to_string(), name, has }.into());
        };
        let Some(dtype) = dtype(info.dtype) else {
            let (file, got) = (file.to_string(), format!("{:?}", info.dtype));
            return Err(FeaturesError::Type { file, name, expected: "a number", got }.into());
        };
        let (dims, (begin, end)) = (info.shape.clone(), info.data_offsets);
        let count = dims.iter().try_fold(dtype.host_bytes(), |size, &dim| size.checked_mul(dim));
        if count != end.checked_sub(begin) {
            return Err(wrong("the place of an array isn't of its size").into());
        }
        let start = (8 + length).saturating_add(begin as u64);
        Ok(Self { file, name, dtype, dims, start })
    }

    /// The bytes of a row, little-endian.
    fn row(&self, index: usize) -> Result<Vec<u8>, DataError> {
        self.rows(index, 1)
    }

    /// The bytes of `count` rows.
    fn rows(&self, first: usize, count: usize) -> Result<Vec<u8>, DataError> {
        let size = self.row_bytes();
        self.file.open()?.read_at(self.start + first as u64 * size as u64, count * size)
    }

    fn row_bytes(&self) -> usize {
        self.dims[1..].iter().product::<usize>() * self.dtype.host_bytes()
    }

    fn shape(&self, expected: &'static str) -> FeaturesError {
        let (file, got) = (self.file.to_string(), self.dims.clone());
        FeaturesError::Shape { file, name: self.name, expected, got }
    }

    fn of_type(&self, expected: &'static str) -> FeaturesError {
        let (file, got) = (self.file.to_string(), self.dtype.to_string());
        FeaturesError::Type { file, name: self.name, expected, got }
    }
}

fn malformed(file: &File, format: Format, problem: &dyn ToString) -> FeaturesError {
    FeaturesError::Malformed { file: file.to_string(), format, problem: problem.to_string() }
}

fn dtype(stored: Dtype) -> Option<DType> {
    Some(match stored {
        Dtype::F16 => DType::F16,
        Dtype::BF16 => DType::Bf16,
        Dtype::F32 => DType::F32,
        Dtype::F64 => DType::F64,
        Dtype::I8 => DType::S8,
        Dtype::I16 => DType::S16,
        Dtype::I32 => DType::S32,
        Dtype::I64 => DType::S64,
        Dtype::U8 => DType::U8,
        Dtype::U16 => DType::U16,
        Dtype::U32 => DType::U32,
        Dtype::U64 => DType::U64,
        _ => return None,
    })
}

fn is_integer(dtype: DType) -> bool {
    use DType::{S8, S16, S32, S64, U8, U16, U32, U64};
    matches!(dtype, S8 | S16 | S32 | S64 | U8 | U16 | U32 | U64)
}

fn floats(dtype: DType, bytes: &[u8]) -> Vec<f32> {
    match dtype {
        DType::F16 => each(bytes, |it| f16::from_le_bytes(it).to_f32()),
        DType::Bf16 => each(bytes, |it| bf16::from_le_bytes(it).to_f32()),
        DType::F32 => each(bytes, f32::from_le_bytes),
        _ => each(bytes, |it| f64::from_le_bytes(it) as f32),
    }
}

fn integers(dtype: DType, bytes: &[u8]) -> Vec<i64> {
    match dtype {
        DType::S8 => each(bytes, |it| i8::from_le_bytes(it).into()),
        DType::S16 => each(bytes, |it| i16::from_le_bytes(it).into()),
        DType::S32 => each(bytes, |it| i32::from_le_bytes(it).into()),
        DType::S64 => each(bytes, i64::from_le_bytes),
        DType::U8 => each(bytes, |it| u8::from_le_bytes(it).into()),
        DType::U16 => each(bytes, |it| u16::from_le_bytes(it).into()),
        DType::U32 => each(bytes, |it| u32::from_le_bytes(it).into()),
        // What is too large for a label stays so.
        _ => each(bytes, |it| i64::try_from(u64::from_le_bytes(it)).unwrap_or(i64::MAX)),
    }
}

fn each<const N: usize, T>(bytes: &[u8], number: impl Fn([u8; N]) -> T) -> Vec<T> {
    bytes.as_chunks().0.iter().map(|&bytes| number(bytes)).collect()
}

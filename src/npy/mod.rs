//! Arrays as `.npy` files, the format of `numpy.save`.
//!
//! ```
//! use hetxl::npy;
//! use pjrt::{DType, HostArray};
//!
//! let array = HostArray::from_slice(&[2, 2], &[1.0f32, 2.0, 3.0, 4.0])?;
//! let file = npy::encode(&array);
//! assert_eq!(npy::decode(&file)?.into_array(DType::F32)?, array);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! NumPy itself has no name for bfloat16 and the 8-bit floats. `numpy.save` writes those of the
//! package `ml_dtypes` as plain bytes, `<V2` and `<V1`, and so does [`encode`]; in Python they
//! come back by a view:
//!
//! ```python
//! numpy.load("0.npy").view(ml_dtypes.bfloat16)
//! ```
//!
//! The one exception is `float8_e5m2`, which `numpy.save` calls `<f1`, a name that `numpy.load`
//! refuses: it is written as `<V1` like the others, and read in both forms.

mod folder;
mod header;

use std::fmt;

use pjrt::{DType, HostArray, HostArrayError};
use thiserror::Error;

use header::Header;

pub(crate) use header::MAGIC;

use crate::values::{Value, values};

pub use folder::NpyFolder;

/// An array from a `.npy` file: row-major, in the machine's byte order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NpyArray {
    element: Element,
    dims: Vec<usize>,
    bytes: Vec<u8>,
}

/// What a file says of its elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Element {
    Named(DType),
    /// Bytes of which NumPy doesn't know what they mean.
    Void(usize),
}

/// A file is no array, or not the one that was asked for.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum NpyError {
    #[error("it does not start as a .npy file does; write one with numpy.save")]
    Magic,
    #[error("it is a .npy file of version {major}.{minor}; expected 1.0, 2.0 or 3.0")]
    Version { major: u8, minor: u8 },
    #[error("it is truncated: its header takes {expected} bytes, got {got}")]
    TruncatedHeader { expected: usize, got: usize },
    #[error("its header cannot be read at byte {at}: expected {expected}")]
    Header { at: usize, expected: &'static str },
    #[error("its elements are of NumPy's type {descr}, which no program takes")]
    Descr { descr: String },
    #[error("an array of {element}{dims:?} takes {expected} bytes, got {got}")]
    Length { element: String, dims: Vec<usize>, expected: usize, got: usize },
    #[error("the size of an array of {element}{dims:?} overflows the address space")]
    Overflow { element: String, dims: Vec<usize> },
    #[error(
        "its elements are big-endian or in Fortran's order; save what numpy.ascontiguousarray makes of \
         them, little-endian"
    )]
    Order,
    #[error("it holds a boolean that is neither 0 nor 1")]
    Boolean,
    #[error("it holds {got}, which cannot be read as elements of {expected}")]
    DType { expected: DType, got: String },
    #[error(transparent)]
    HostArray(#[from] HostArrayError),
}

/// Reads the contents of a `.npy` file.
///
/// Arrays in Fortran's order are transposed and big-endian ones swapped, so that the result is
/// row-major and of the machine's byte order.
///
/// # Errors
/// If it is no `.npy` file, is damaged, or holds what isn't an array of numbers.
pub fn decode(file: &[u8]) -> Result<NpyArray, NpyError> {
    let (Header { descr, fortran_order, shape: dims }, data) = header::split(file)?;
    let (element, swap) = element(&descr)?;
    let expected = dims.iter().try_fold(element.width(), |size, &dim| size.checked_mul(dim));
    let expected = expected.filter(|&size| isize::try_from(size).is_ok());
    let Some(expected) = expected else {
        return Err(NpyError::Overflow { element: element.to_string(), dims });
    };
    if data.len() != expected {
        let (element, got) = (element.to_string(), data.len());
        return Err(NpyError::Length { element, dims, expected, got });
    }
    let mut bytes = if fortran_order && dims.len() > 1 {
        to_row_major(data, &dims, element.width())
    } else {
        data.to_vec()
    };
    if let Some(width) = swap {
        bytes.chunks_exact_mut(width).for_each(<[u8]>::reverse);
    }
    if element == Element::Named(DType::Pred) && bytes.iter().any(|&byte| byte > 1) {
        return Err(NpyError::Boolean);
    }
    Ok(NpyArray { element, dims, bytes })
}

/// Where the elements of a `.npy` file are.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Layout {
    pub(crate) dtype: DType,
    pub(crate) dims: Vec<usize>,
    /// The offset of the first of them; they are row-major and little-endian from there on.
    pub(crate) start: usize,
}

/// Where the elements of a `.npy` file are that begins with `head`.
///
/// # Errors
/// If it is no `.npy` file of numbers, or stores them in another order.
pub(crate) fn layout(head: &[u8]) -> Result<Layout, NpyError> {
    let (Header { descr, fortran_order, shape: dims }, data) = header::split(head)?;
    let (element, swap) = element(&descr)?;
    let Element::Named(dtype) = element else { return Err(NpyError::Descr { descr }) };
    if swap.is_some() || fortran_order && dims.len() > 1 {
        return Err(NpyError::Order);
    }
    Ok(Layout { dtype, dims, start: head.len() - data.len() })
}

/// The contents of a `.npy` file with an array, as `numpy.save` writes it.
pub fn encode(array: &HostArray) -> Vec<u8> {
    let descr = match name(array.dtype()) {
        Some(name) => name.to_owned(),
        None => format!("<V{}", array.dtype().host_bytes()),
    };
    let mut file = header::encode(&descr, array.dims());
    file.extend_from_slice(array.bytes());
    file
}

impl NpyArray {
    /// The dimensions, most significant first.
    pub fn dims(&self) -> &[usize] {
        &self.dims
    }

    /// The array, if its elements are of type `dtype`, or bytes that can be.
    ///
    /// # Errors
    /// [`NpyError::DType`] if they aren't.
    pub fn into_array(self, dtype: DType) -> Result<HostArray, NpyError> {
        let fits = match self.element {
            Element::Named(named) => named == dtype,
            Element::Void(width) => name(dtype).is_none() && width == dtype.host_bytes(),
        };
        if !fits {
            return Err(NpyError::DType { expected: dtype, got: self.to_string() });
        }
        Ok(HostArray::from_bytes(dtype, &self.dims, &self.bytes)?)
    }
}

impl NpyArray {
    /// The elements as `f32`.
    ///
    /// # Errors
    /// [`NpyError::DType`] if they aren't real numbers.
    pub fn to_f32(&self) -> Result<Vec<f32>, NpyError> {
        let got = || NpyError::DType { expected: DType::F32, got: self.to_string() };
        let Element::Named(dtype) = self.element else { return Err(got()) };
        let array = HostArray::from_bytes(dtype, &self.dims, &self.bytes)?;
        let number = |value: Value| value.real().map(|number| number as f32).ok_or_else(got);
        values(&array).map(number).collect()
    }
}

impl fmt::Display for NpyArray {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{:?}", self.element, self.dims)
    }
}

impl Element {
    fn width(self) -> usize {
        match self {
            Self::Named(dtype) => dtype.host_bytes(),
            Self::Void(width) => width,
        }
    }
}

impl fmt::Display for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Named(dtype) => dtype.fmt(f),
            Self::Void(width) => write!(f, "V{width}"),
        }
    }
}

/// The types that NumPy has names for, in little-endian order.
const NAMES: &[(DType, &str)] = &[
    (DType::Pred, "|b1"),
    (DType::S8, "|i1"),
    (DType::S16, "<i2"),
    (DType::S32, "<i4"),
    (DType::S64, "<i8"),
    (DType::U8, "|u1"),
    (DType::U16, "<u2"),
    (DType::U32, "<u4"),
    (DType::U64, "<u8"),
    (DType::F16, "<f2"),
    (DType::F32, "<f4"),
    (DType::F64, "<f8"),
    (DType::C64, "<c8"),
    (DType::C128, "<c16"),
];

fn name(dtype: DType) -> Option<&'static str> {
    NAMES.iter().find(|(named, _)| *named == dtype).map(|&(_, name)| name)
}

/// What a `descr` stands for, and the width of the numbers whose bytes must be reversed.
fn element(descr: &str) -> Result<(Element, Option<usize>), NpyError> {
    let unknown = || NpyError::Descr { descr: descr.to_owned() };
    let kind = descr.strip_prefix(['<', '>', '|', '=']).unwrap_or(descr);
    let element = if let Some(width) = kind.strip_prefix('V') {
        Element::Void(
            width.parse().ok().filter(|&width| width == 1 || width == 2).ok_or_else(unknown)?,
        )
    } else if kind == "f1" {
        Element::Named(DType::F8E5M2)
    } else {
        let named = NAMES.iter().find(|(_, name)| name[1..] == *kind);
        Element::Named(named.ok_or_else(unknown)?.0)
    };
    // A complex number is two numbers.
    let width = if kind.starts_with('c') { element.width() / 2 } else { element.width() };
    let swap = descr.starts_with('>') && width > 1;
    Ok((element, swap.then_some(width)))
}

/// The elements of an array whose first dimension varies fastest, with the last one doing so.
fn to_row_major(data: &[u8], dims: &[usize], width: usize) -> Vec<u8> {
    let mut strides = Vec::with_capacity(dims.len());
    let mut stride = width;
    for dim in dims {
        strides.push(stride);
        stride *= dim;
    }
    let mut bytes = Vec::with_capacity(data.len());
    let mut index = vec![0; dims.len()];
    let mut offset = 0;
    while bytes.len() < data.len() {
        bytes.extend_from_slice(&data[offset..offset + width]);
        for axis in (0..dims.len()).rev() {
            index[axis] += 1;
            offset += strides[axis];
            if index[axis] < dims[axis] {
                break;
            }
            offset -= strides[axis] * dims[axis];
            index[axis] = 0;
        }
    }
    bytes
}

#[cfg(test)]
mod tests;

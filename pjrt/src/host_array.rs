//! Arrays on the host.

use std::fmt;

use bytemuck::{Pod, Zeroable};
use ndarray::{ArrayBase, ArrayD, ArrayViewD, ArrayViewMutD, Data, Dimension, IxDyn};
use thiserror::Error;

use crate::{DType, Element};

/// One cache line, whose alignment is enough for every element type.
#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C, align(64))]
struct Line([u8; 64]);

/// A dense array on the host in row-major order: element type, dimensions and bytes.
///
/// ```
/// use pjrt::HostArray;
///
/// let array = HostArray::from_slice(&[2, 3], &[1.0f32, 2.0, 3.0, 4.0, 5.0, 6.0])?;
/// assert_eq!(array.dims(), [2, 3]);
/// assert_eq!(array.to_array::<f32>()?[[1, 0]], 4.0);
/// # Ok::<(), pjrt::HostArrayError>(())
/// ```
#[derive(Clone)]
pub struct HostArray {
    dtype: DType,
    dims: Vec<usize>,
    lines: Vec<Line>,
    len: usize,
}

/// A host array was asked for something that its contents contradict.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum HostArrayError {
    #[error("an array of {dtype}{dims:?} takes {expected} bytes, got {got}")]
    Length { dtype: DType, dims: Vec<usize>, expected: usize, got: usize },
    #[error("the size of an array of {dtype}{dims:?} overflows the address space")]
    Overflow { dtype: DType, dims: Vec<usize> },
    #[error("there is no memory for an array of {dtype}{dims:?}, which takes {bytes} bytes")]
    Memory { dtype: DType, dims: Vec<usize>, bytes: usize },
    #[error("an array of {got} was read as {expected}")]
    DType { expected: DType, got: DType },
    #[error("an array with dimensions {dims:?} was read as one element")]
    NotOneElement { dims: Vec<usize> },
    #[error("the bytes of an array of {dtype} hold a value that the type does not have")]
    Value { dtype: DType },
}

impl HostArray {
    /// An array of zeros.
    ///
    /// # Errors
    /// [`HostArrayError::Overflow`] if the size in bytes is beyond the address space,
    /// [`HostArrayError::Memory`] if the system doesn't give as much.
    pub fn zeros(dtype: DType, dims: &[usize]) -> Result<Self, HostArrayError> {
        let len = byte_len(dtype, dims)?;
        let lines = bytemuck::allocation::try_zeroed_vec(len.div_ceil(size_of::<Line>()))
            .map_err(|()| HostArrayError::Memory { dtype, dims: dims.to_vec(), bytes: len })?;
        Ok(Self { dtype, dims: dims.to_vec(), lines, len })
    }

    /// An array with a copy of `bytes`, row-major, in the machine's byte order.
    ///
    /// # Errors
    /// If the number of bytes is not what `dtype` and `dims` take, or as [`zeros`](Self::zeros).
    pub fn from_bytes(dtype: DType, dims: &[usize], bytes: &[u8]) -> Result<Self, HostArrayError> {
        let expected = byte_len(dtype, dims)?;
        if expected != bytes.len() {
            let got = bytes.len();
            return Err(HostArrayError::Length { dtype, dims: dims.to_vec(), expected, got });
        }
        let mut array = Self::zeros(dtype, dims)?;
        array.bytes_mut().copy_from_slice(bytes);
        Ok(array)
    }

    /// An array with a copy of `values`, row-major.
    ///
    /// # Errors
    /// If the number of values is not the product of `dims`, or as [`zeros`](Self::zeros).
    pub fn from_slice<T: Element>(dims: &[usize], values: &[T]) -> Result<Self, HostArrayError> {
        Self::from_bytes(T::DTYPE, dims, bytemuck::cast_slice(values))
    }

    /// An array without dimensions.
    pub fn scalar<T: Element>(value: T) -> Self {
        Self::from_slice(&[], &[value]).expect("one element fills a scalar")
    }

    /// The element type.
    pub fn dtype(&self) -> DType {
        self.dtype
    }

    /// The dimensions, most significant first.
    pub fn dims(&self) -> &[usize] {
        &self.dims
    }

    /// The elements' bytes, row-major, at an address that is a multiple of 64.
    pub fn bytes(&self) -> &[u8] {
        &bytemuck::cast_slice(&self.lines)[..self.len]
    }

    /// The elements' bytes, to be written.
    pub fn bytes_mut(&mut self) -> &mut [u8] {
        &mut bytemuck::cast_slice_mut(&mut self.lines)[..self.len]
    }

    /// How many elements there are.
    pub(crate) fn count(&self) -> usize {
        self.len / self.dtype.host_bytes()
    }

    /// A copy with the dimensions in the order that `axes` names them in, which is each of them
    /// once.
    ///
    /// # Errors
    /// As [`zeros`](Self::zeros).
    pub(crate) fn transposed(&self, axes: &[usize]) -> Result<Self, HostArrayError> {
        let dims: Vec<usize> = axes.iter().map(|&axis| self.dims[axis]).collect();
        let mut array = Self::zeros(self.dtype, &dims)?;
        let (from, to) = (self.bytes(), array.bytes_mut());
        match self.dtype.host_bytes() {
            1 => transpose::<u8>(&self.dims, from, axes, to),
            2 => transpose::<u16>(&self.dims, from, axes, to),
            4 => transpose::<u32>(&self.dims, from, axes, to),
            8 => transpose::<u64>(&self.dims, from, axes, to),
            _ => transpose::<u128>(&self.dims, from, axes, to),
        }
        Ok(array)
    }

    /// The elements, row-major.
    ///
    /// # Errors
    /// If the array is not of type `T`.
    pub fn as_slice<T: Element>(&self) -> Result<&[T], HostArrayError> {
        if self.dtype != T::DTYPE {
            return Err(HostArrayError::DType { expected: T::DTYPE, got: self.dtype });
        }
        bytemuck::checked::try_cast_slice(self.bytes())
            .map_err(|_| HostArrayError::Value { dtype: self.dtype })
    }

    /// The elements, row-major, to be written.
    ///
    /// # Errors
    /// If the array is not of type `T`.
    pub fn as_mut_slice<T: Element>(&mut self) -> Result<&mut [T], HostArrayError> {
        let dtype = self.dtype;
        if dtype != T::DTYPE {
            return Err(HostArrayError::DType { expected: T::DTYPE, got: dtype });
        }
        bytemuck::checked::try_cast_slice_mut(self.bytes_mut())
            .map_err(|_| HostArrayError::Value { dtype })
    }

    /// The only element of an array that has one, whatever its rank.
    ///
    /// # Errors
    /// If the array is not of type `T` or doesn't have one element.
    pub fn item<T: Element>(&self) -> Result<T, HostArrayError> {
        match self.as_slice()? {
            [value] => Ok(*value),
            _ => Err(HostArrayError::NotOneElement { dims: self.dims.clone() }),
        }
    }

    /// A copy as an `ndarray` array.
    ///
    /// # Errors
    /// If the array is not of type `T`.
    pub fn to_array<T: Element>(&self) -> Result<ArrayD<T>, HostArrayError> {
        let values = self.as_slice::<T>()?.to_vec();
        Ok(ArrayD::from_shape_vec(IxDyn(&self.dims), values).expect("the length was checked"))
    }
}

impl<T: Element, S: Data<Elem = T>, D: Dimension> From<&ArrayBase<S, D>> for HostArray {
    fn from(array: &ArrayBase<S, D>) -> Self {
        let standard = array.as_standard_layout();
        let values = standard.as_slice().expect("the standard layout is contiguous");
        Self::from_slice(array.shape(), values).expect("an existing array has a valid size")
    }
}

impl fmt::Debug for HostArray {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HostArray({}{:?})", self.dtype, self.dims)
    }
}

impl PartialEq for HostArray {
    /// Equal type, dimensions and bytes; a NaN equals itself.
    fn eq(&self, other: &Self) -> bool {
        self.dtype == other.dtype && self.dims == other.dims && self.bytes() == other.bytes()
    }
}

/// Writes an array of elements as wide as `T` with its dimensions in the order of `axes`.
fn transpose<T: Pod>(dims: &[usize], from: &[u8], axes: &[usize], to: &mut [u8]) {
    let from = ArrayViewD::<T>::from_shape(dims, bytemuck::cast_slice(from));
    let from = from.expect("the array has as many elements").permuted_axes(axes);
    let to = ArrayViewMutD::<T>::from_shape(from.shape(), bytemuck::cast_slice_mut(to));
    to.expect("the copy has as many elements").assign(&from);
}

/// The size of an array. What is refused for its size is refused as well where another dimension is
/// zero: plugins and `ndarray` multiply dimensions without heed of that.
pub(crate) fn byte_len(dtype: DType, dims: &[usize]) -> Result<usize, HostArrayError> {
    let size = dims
        .iter()
        .try_fold(dtype.host_bytes(), |size, &dim| size.checked_mul(dim.max(1)))
        .filter(|size| {
            let whole_lines = size.checked_next_multiple_of(size_of::<Line>());
            whole_lines.is_some_and(|size| isize::try_from(size).is_ok())
        })
        .ok_or_else(|| HostArrayError::Overflow { dtype, dims: dims.to_vec() })?;
    Ok(if dims.contains(&0) { 0 } else { size })
}

/// Dimensions of an array that there can be, as the interface takes them.
pub(crate) fn raw_dims(dims: &[usize]) -> Vec<i64> {
    dims.iter().map(|&dim| dim as i64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_number_of_values_is_refused_with_both_numbers() {
        let error = HostArray::from_slice(&[2, 2], &[1.0f32]).unwrap_err();
        assert_eq!(error.to_string(), "an array of f32[2, 2] takes 16 bytes, got 4");
    }

    #[test]
    fn a_size_beyond_the_address_space_is_refused() {
        let largest = isize::MAX as usize;
        for (dtype, dims) in [
            (DType::F32, &[usize::MAX, 2][..]),
            (DType::U8, &[largest]),
            (DType::U8, &[0, largest + 1]),
            (DType::F32, &[0, usize::MAX]),
            (DType::F32, &[usize::MAX, usize::MAX, 0]),
        ] {
            let error = HostArray::zeros(dtype, dims).unwrap_err();
            assert!(matches!(error, HostArrayError::Overflow { .. }), "{error}");
        }
    }

    #[test]
    #[cfg_attr(miri, ignore = "Miri ends where there is no memory")]
    fn a_size_beyond_the_memory_is_an_error_and_not_the_end_of_the_process() {
        let error = HostArray::zeros(DType::F32, &[1 << 54]).unwrap_err();
        insta::assert_snapshot!(error, @"there is no memory for an array of f32[18014398509481984], which takes 72057594037927936 bytes");
    }

    #[test]
    fn an_array_without_elements_takes_no_bytes_however_long_its_other_dimensions() {
        let array = HostArray::zeros(DType::F32, &[1 << 40, 0]).unwrap();
        assert!(array.bytes().is_empty());
        assert_eq!(array.to_array::<f32>().unwrap().shape(), [1 << 40, 0]);
    }

    #[test]
    fn bytes_start_at_a_multiple_of_64() {
        let array = HostArray::zeros(DType::U8, &[3]).unwrap();
        assert_eq!(array.bytes().as_ptr().align_offset(64), 0);
    }

    #[test]
    fn a_transposed_view_arrives_in_row_major_order() {
        let view = ndarray::arr2(&[[1i32, 2], [3, 4]]).reversed_axes();
        let array = HostArray::from(&view);
        assert_eq!(array.as_slice::<i32>().unwrap(), [1, 3, 2, 4]);
    }

    #[test]
    fn dimensions_change_places_whatever_the_width_of_an_element() {
        for dtype in [DType::U8, DType::U16, DType::U32, DType::U64, DType::C128] {
            // Element i is i in its first byte.
            let numbered = |dims: &[usize], order: &[u8]| {
                let mut array = HostArray::zeros(dtype, dims).unwrap();
                let elements = array.bytes_mut().chunks_mut(dtype.host_bytes());
                elements.zip(order).for_each(|(element, &number)| element[0] = number);
                array
            };
            let array = numbered(&[1, 2, 3], &[0, 1, 2, 3, 4, 5]);
            let expected = numbered(&[3, 1, 2], &[0, 3, 1, 4, 2, 5]);
            assert_eq!(array.transposed(&[2, 0, 1]).unwrap(), expected, "{dtype}");
        }
        let empty = HostArray::zeros(DType::F32, &[1 << 40, 0]).unwrap();
        assert_eq!(empty.transposed(&[1, 0]).unwrap().dims(), [0, 1 << 40]);
    }

    #[test]
    fn a_byte_that_is_no_boolean_is_refused() {
        let array = HostArray::from_bytes(DType::Pred, &[1], &[2]).unwrap();
        assert_eq!(array.item::<bool>(), Err(HostArrayError::Value { dtype: DType::Pred }));
    }
}

//! Types of the VHLO dialect.

use super::tables::Tables;
use crate::{DType, Type};

/// Codes of types. They never change: newer versions of StableHLO add to them.
mod code {
    pub(super) const FUNCTION: u64 = 8;
    pub(super) const INDEX: u64 = 9;
    pub(super) const TENSOR: u64 = 20;
    pub(super) const NONE: u64 = 33;
}

/// An element type.
pub(super) fn element(tables: &mut Tables, dtype: DType) -> usize {
    let code = match dtype {
        DType::Bool => 0,
        DType::Bf16 => 2,
        DType::F16 => 3,
        DType::F32 => 4,
        DType::F64 => 5,
        DType::F8E4M3FN => 6,
        DType::F8E5M2 => 7,
        DType::S8 => 11,
        DType::S16 => 12,
        DType::S32 => 13,
        DType::S64 => 14,
        DType::U8 => 16,
        DType::U16 => 17,
        DType::U32 => 18,
        DType::U64 => 19,
    };
    tables.ty(code, |_| {})
}

/// A tensor.
pub(super) fn tensor(tables: &mut Tables, ty: &Type) -> usize {
    let element = element(tables, ty.dtype);
    tensor_of(tables, &ty.shape, element)
}

/// A vector of indices.
pub(super) fn index_tensor(tables: &mut Tables, len: usize) -> usize {
    let element = tables.ty(code::INDEX, |_| {});
    tensor_of(tables, &[len], element)
}

fn tensor_of(tables: &mut Tables, dims: &[usize], element: usize) -> usize {
    tables.ty(code::TENSOR, |to| {
        to.index(dims.len());
        for &dim in dims {
            to.signed(i64::try_from(dim).expect("checked by the shape rule"));
        }
        to.index(element);
    })
}

/// A function of arguments and results of the given types.
pub(super) fn function(tables: &mut Tables, arguments: &[usize], results: &[usize]) -> usize {
    tables.ty(code::FUNCTION, |to| {
        to.indices(arguments);
        to.indices(results);
    })
}

/// The type of nothing.
pub(super) fn none(tables: &mut Tables) -> usize {
    tables.ty(code::NONE, |_| {})
}

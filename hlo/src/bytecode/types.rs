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
    tables.ty(code::TENSOR, |to| {
        to.index(ty.shape.len());
        for &dim in &*ty.shape {
            to.signed(i64::try_from(dim).expect("checked by the shape rule"));
        }
        to.index(element);
    })
}

/// So many indices.
pub(super) fn indices(tables: &mut Tables, count: usize) -> usize {
    let index = tables.ty(code::INDEX, |_| {});
    tables.ty(code::TENSOR, |to| {
        to.index(1);
        to.signed(i64::try_from(count).expect("a tensor has few axes"));
        to.index(index);
    })
}

/// A function of arguments and results of the given types.
pub(super) fn function(tables: &mut Tables, arguments: &[usize], results: &[usize]) -> usize {
    tables.ty(code::FUNCTION, |to| {
        to.indices(arguments);
        to.indices(results);
    })
}

/// `i32` as MLIR itself has it.
pub(super) fn builtin_i32(tables: &mut Tables) -> usize {
    const INTEGER: u64 = 0;
    let (bits, signless) = (32, 0);
    tables.builtin_type(INTEGER, |to| to.number(bits << 2 | signless))
}

/// The type of nothing.
pub(super) fn none(tables: &mut Tables) -> usize {
    tables.ty(code::NONE, |_| {})
}

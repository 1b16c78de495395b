//! Types and sizes of arrays, as XLA numbers them.

use super::proto::Shape;

/// `PRIMITIVE_TYPE` of a tuple of shapes.
const TUPLE: i32 = 13;

/// The shape of what has none.
pub(super) static NONE: Shape =
    Shape { element_type: 0, dimensions: Vec::new(), tuple_shapes: Vec::new(), layout: None };

/// Name and bits of an element type, by its number in `xla.PrimitiveType`. The names are those of
/// StableHLO where it has one. Tokens and opaque values take no memory.
fn element(number: i32) -> (&'static str, u64) {
    match number {
        1 => ("i1", 8),
        2 => ("i8", 8),
        3 => ("i16", 16),
        4 => ("i32", 32),
        5 => ("i64", 64),
        6 => ("ui8", 8),
        7 => ("ui16", 16),
        8 => ("ui32", 32),
        9 => ("ui64", 64),
        10 => ("f16", 16),
        11 => ("f32", 32),
        12 => ("f64", 64),
        14 => ("opaque", 0),
        15 => ("complex<f32>", 64),
        16 => ("bf16", 16),
        17 => ("token", 0),
        18 => ("complex<f64>", 128),
        19 => ("f8E5M2", 8),
        20 => ("f8E4M3FN", 8),
        // What is narrower than a byte takes one unless its layout packs it.
        21 => ("i4", 8),
        22 => ("ui4", 8),
        23 => ("f8E4M3B11FNUZ", 8),
        24 => ("f8E5M2FNUZ", 8),
        25 => ("f8E4M3FNUZ", 8),
        26 => ("i2", 8),
        27 => ("ui2", 8),
        28 => ("f8E4M3", 8),
        29 => ("f8E3M4", 8),
        30 => ("s1", 8),
        31 => ("u1", 8),
        32 => ("f4E2M1FN", 8),
        33 => ("f8E8M0FNU", 8),
        35 => ("f6E3M2FN", 8),
        36 => ("f6E2M3FN", 8),
        _ => ("unknown", 0),
    }
}

impl Shape {
    pub(super) fn is_tuple(&self) -> bool {
        self.element_type == TUPLE
    }

    pub(super) fn dtype(&self) -> &'static str {
        element(self.element_type).0
    }

    /// The dimension `index`; 1 if there is none.
    pub(super) fn dim(&self, index: i64) -> u64 {
        let dim = usize::try_from(index).ok().and_then(|index| self.dimensions.get(index));
        dim.map_or(1, |&dim| dim.unsigned_abs())
    }

    pub(super) fn dims(&self) -> Vec<u64> {
        self.dimensions.iter().map(|dim| dim.unsigned_abs()).collect()
    }

    /// The number of elements of an array, or of the first one of a tuple.
    pub(super) fn elements(&self) -> u64 {
        if self.is_tuple() {
            return self.tuple_shapes.first().map_or(0, Self::elements);
        }
        self.dimensions.iter().fold(1, |size, dim| size.saturating_mul(dim.unsigned_abs()))
    }

    /// The bytes of an array, or of all of a tuple's.
    pub(super) fn bytes(&self) -> u64 {
        let arrays = self.arrays();
        arrays.into_iter().fold(0, |sum, array| sum.saturating_add(array.array_bytes()))
    }

    fn array_bytes(&self) -> u64 {
        let packed = self.layout.as_ref().map_or(0, |layout| layout.element_size_in_bits);
        let bits = match u64::try_from(packed) {
            Ok(bits @ 1..) => bits,
            _ => element(self.element_type).1,
        };
        self.elements().saturating_mul(bits).div_ceil(8)
    }

    /// The arrays of a tuple, or the array itself.
    pub(super) fn arrays(&self) -> Vec<&Self> {
        if self.is_tuple() {
            self.tuple_shapes.iter().flat_map(Self::arrays).collect()
        } else {
            vec![self]
        }
    }
}

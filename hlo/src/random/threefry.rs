//! The hash threefry2x32, on the host and in a program.
//!
//! Salmon et al., "Parallel random numbers: as easy as 1, 2, 3" (2011).

use crate::{DType, Shape, Tensor, Trace};

const ROTATIONS: [[u32; 4]; 2] = [[13, 15, 26, 6], [17, 29, 16, 24]];
const PARITY: u32 = 0x1BD1_1BDA;

/// Two words of random bits for a counter, on the host.
///
/// ```
/// assert_eq!(hlo::random::threefry2x32([0, 0], [0, 0]), [0x6b20_0159, 0x99ba_4efe]);
/// ```
pub fn threefry2x32(key: [u32; 2], counter: [u32; 2]) -> [u32; 2] {
    let schedule = [key[0], key[1], key[0] ^ key[1] ^ PARITY];
    let mut x = [counter[0].wrapping_add(schedule[0]), counter[1].wrapping_add(schedule[1])];
    for round in 0..5 {
        for rotation in ROTATIONS[round % 2] {
            x[0] = x[0].wrapping_add(x[1]);
            x[1] = x[1].rotate_left(rotation) ^ x[0];
        }
        x[0] = x[0].wrapping_add(schedule[(round + 1) % 3]);
        x[1] = x[1].wrapping_add(schedule[(round + 2) % 3]).wrapping_add(round as u32 + 1);
    }
    x
}

/// [`threefry2x32`] in a program, for counters of `u32`, or of `u64` where they may be that large.
#[track_caller]
pub(super) fn hash<'t>(key: [Tensor<'t>; 2], counter: Tensor<'t>) -> [Tensor<'t>; 2] {
    let schedule = [key[0], key[1], key[0] ^ key[1] ^ key[0].scalar(PARITY)];
    let low = counter.to(DType::U32) + schedule[1];
    let high = if counter.dtype() == DType::U64 {
        (counter >> counter.scalar(32)).to(DType::U32) + schedule[0]
    } else {
        schedule[0].broadcast_to(counter.shape())
    };
    let mut x = [high, low];
    for round in 0..5 {
        for rotation in ROTATIONS[round % 2] {
            x[0] = x[0] + x[1];
            let (left, right) = (x[1].scalar(rotation), x[1].scalar(32 - rotation));
            x[1] = ((x[1] << left) | (x[1] >> right)) ^ x[0];
        }
        x[0] = x[0] + schedule[(round + 1) % 3];
        let words = schedule[(round + 2) % 3];
        x[1] = x[1] + (words + words.scalar(round as u32 + 1));
    }
    x
}

/// The position of every element in row-major order. Made of counts along the axes, not of a count
/// that is given a shape: so a compiler that shards the tensor shards this too.
#[track_caller]
pub(super) fn positions(trace: &Trace, shape: Shape) -> Tensor<'_> {
    let mut position = trace.full(0, DType::U32, shape);
    if shape.elements() == 0 {
        return position;
    }
    let mut stride = 1;
    for axis in (0..shape.len()).rev().filter(|&axis| shape[axis] > 1) {
        let along = trace.iota(DType::U32, shape, axis as i32);
        position = if stride == 1 { along } else { position + along * along.scalar(stride as u64) };
        stride *= shape[axis];
    }
    position
}

/// [`positions`] in an array of shape `whole` of the elements of a part of it that begins at `starts`.
#[track_caller]
pub(super) fn positions_within<'t>(whole: Shape, starts: Tensor<'t>, shape: Shape) -> Tensor<'t> {
    let trace = starts.trace();
    let counter = if u32::try_from(whole.elements()).is_ok() { DType::U32 } else { DType::U64 };
    let mut position = trace.full(0, counter, shape);
    let mut stride = 1;
    for axis in (0..shape.len()).rev() {
        let start = starts.slice(0, axis..axis + 1).reshape(Shape::SCALAR).to(counter);
        let along = trace.iota(counter, shape, axis as i32) + start;
        position = position + along * along.scalar(stride);
        stride *= whole[axis] as u64;
    }
    position
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threefry_agrees_with_its_published_vectors() {
        // Random123's known answers for threefry2x32 with 20 rounds.
        assert_eq!(threefry2x32([0, 0], [0, 0]), [0x6b20_0159, 0x99ba_4efe]);
        assert_eq!(threefry2x32([u32::MAX; 2], [u32::MAX; 2]), [0x1cb9_96fc, 0xbb00_2be7]);
        assert_eq!(
            threefry2x32([0x1319_8a2e, 0x0370_7344], [0x243f_6a88, 0x85a3_08d3]),
            [0xc492_3a9c, 0x483d_f7a0]
        );
    }
}

//! Random choices that shrink.

use std::ops::RangeInclusive;

use hlo::DType;
use hlo::DType::{F32, F64, S16, S32, S64, U8, U32};

use super::array::Array;

/// Choices made from a list of numbers, one after the other: smaller numbers make simpler choices,
/// and where the list ends all are the simplest.
pub(crate) struct Draw<'a> {
    numbers: std::slice::Iter<'a, u8>,
}

impl<'a> Draw<'a> {
    pub(crate) fn new(numbers: &'a [u8]) -> Self {
        Self { numbers: numbers.iter() }
    }

    /// A number below `count`.
    pub(crate) fn below(&mut self, count: usize) -> usize {
        usize::from(self.numbers.next().copied().unwrap_or(0)) % count
    }

    /// A number of a range, the first of which is the simplest.
    pub(crate) fn within(&mut self, range: RangeInclusive<usize>) -> usize {
        range.start() + self.below(range.end() - range.start() + 1)
    }

    /// An offset of at most `reach` either way.
    pub(crate) fn offset(&mut self, reach: i64) -> i64 {
        let number = self.below(2 * reach as usize + 1) as i64;
        if number % 2 == 0 { number / 2 } else { -(number + 1) / 2 }
    }

    pub(crate) fn flag(&mut self) -> bool {
        self.below(2) == 1
    }

    /// One of a list, the first of which is the simplest.
    pub(crate) fn of<T: Clone>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())].clone()
    }

    /// Sizes of axes, now and then one of 0.
    pub(crate) fn dims(&mut self, rank: RangeInclusive<usize>) -> Vec<usize> {
        let sizes = self.sizes(rank);
        sizes.into_iter().map(|size| if self.below(24) == 23 { 0 } else { size }).collect()
    }

    /// Sizes of axes, none of them 0, fewer than 4,000 elements in all.
    pub(crate) fn sizes(&mut self, rank: RangeInclusive<usize>) -> Vec<usize> {
        let rank = self.within(rank);
        let most = if rank > 3 { 3 } else { 5 };
        (0..rank).map(|_| self.within(1..=most)).collect()
    }

    /// The axes of a rank in some order.
    pub(crate) fn permutation(&mut self, rank: usize) -> Vec<usize> {
        let mut axes: Vec<_> = (0..rank).collect();
        for i in 0..rank {
            let other = i + self.below(rank - i);
            axes.swap(i, other);
        }
        axes
    }

    /// Some of the axes of a rank in some order.
    pub(crate) fn some_of(&mut self, rank: usize) -> Vec<usize> {
        let count = self.within(0..=rank);
        let mut axes = self.permutation(rank);
        axes.truncate(count);
        axes
    }

    /// `count` of the axes of a rank, in rising order.
    pub(crate) fn rising(&mut self, count: usize, rank: usize) -> Vec<usize> {
        let mut axes = self.permutation(rank);
        axes.truncate(count);
        axes.sort_unstable();
        axes
    }

    /// An axis as people write it: from the beginning or from the end.
    pub(crate) fn written(&mut self, axis: usize, rank: usize) -> i32 {
        if self.flag() { axis as i32 - rank as i32 } else { axis as i32 }
    }

    pub(crate) fn dtype(&mut self) -> DType {
        self.of(&[F64, F64, F32, S32, S64, S16])
    }

    pub(crate) fn index_dtype(&mut self) -> DType {
        self.of(&[S32, S64, U8, U32])
    }

    /// Whole numbers from −4 to 4, without a sign from 0 to 8.
    pub(crate) fn numbers(&mut self, dtype: DType, dims: &[usize]) -> Array {
        self.numbers_up_to(4, dtype, dims)
    }

    /// Whole numbers of at most `largest`.
    pub(crate) fn numbers_up_to(&mut self, largest: u64, dtype: DType, dims: &[usize]) -> Array {
        let mut mix = self.mix();
        let low = if dtype.is_unsigned() { 0.0 } else { -(largest as f64) };
        Array::new(dtype, dims, |_| low + (mix() % (2 * largest + 1)) as f64)
    }

    /// Whole numbers that differ by `distance` at least, around `distance · middle`.
    pub(crate) fn distinct(&mut self, distance: f64, dtype: DType, dims: &[usize]) -> Array {
        let mut mix = self.mix();
        let count = dims.iter().product::<usize>();
        let mut order: Vec<_> = (0..count).collect();
        for i in 0..count {
            order.swap(i, i + mix() as usize % (count - i));
        }
        let mut order = order.into_iter();
        Array::new(dtype, dims, |_| {
            distance * (order.next().expect("a number for each place") as f64 - (count / 2) as f64)
        })
    }

    /// Numbers around 0 with a spread of about 1.
    pub(crate) fn reals(&mut self, dims: &[usize]) -> Array {
        let mut mix = self.mix();
        Array::new(F64, dims, |_| (mix() % 4001) as f64 / 1000.0 - 2.0)
    }

    /// A stream of numbers (Steele et al., "Fast splittable pseudorandom number generators", 2014).
    fn mix(&mut self) -> impl FnMut() -> u64 + use<> {
        let mut state = (self.below(256) * 256 + self.below(256)) as u64;
        move || {
            state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut z = state;
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            (z ^ (z >> 31)) >> 1
        }
    }
}

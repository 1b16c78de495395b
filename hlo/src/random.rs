//! Random numbers from counters: threefry2x32, bit for bit those that JAX draws for the same key.
//!
//! A key and a position give a number, whatever else is drawn and in which order, so any number can
//! be made again where it is needed. Salmon et al., "Parallel random numbers: as easy as 1, 2, 3"
//! (2011); the use of counters is that of JAX with `jax_threefry_partitionable`.

use crate::{DType, Rule, Shape, Tensor, Trace, Type};

const ROTATIONS: [[u32; 4]; 2] = [[13, 15, 26, 6], [17, 29, 16, 24]];
const PARITY: u32 = 0x1BD1_1BDA;

/// The `f32` next to −1 on the side of 0: normal numbers are made from the open interval (−1, 1).
const ABOVE_MINUS_ONE: f64 = -0.999_999_94;

/// √2.
const SQRT_2: f64 = std::f64::consts::SQRT_2;

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

/// A key of the generator: two words of `u32`.
#[derive(Clone, Copy, Debug)]
pub struct Key<'t> {
    words: [Tensor<'t>; 2],
}

impl<'t> Key<'t> {
    /// The key whose words are the two elements of a tensor `u32[2]`.
    #[track_caller]
    pub fn from_tensor(words: Tensor<'t>) -> Self {
        let word = |i: usize| words.slice(0, i..i + 1).reshape(Shape::SCALAR);
        let expected = Type::new(DType::U32, [2].into());
        if !words.is_poison() && words.ty() != expected {
            let rule = Rule::Type { expected, got: words.ty() };
            let poison = words.trace().refuse("key", &[words.ty()], rule);
            return Self { words: [poison; 2] };
        }
        Self { words: [word(0), word(1)] }
    }

    /// The key of a seed known when the program is traced.
    pub fn from_seed(trace: &'t Trace, seed: u64) -> Self {
        let word = |word: u64| trace.constant(word & 0xFFFF_FFFF, DType::U32);
        Self { words: [word(seed >> 32), word(seed)] }
    }

    /// The key for one thing among many: a step, a layer. `data` is a scalar `u32`.
    #[track_caller]
    pub fn fold_in(self, data: Tensor<'t>) -> Self {
        let expected = Type::new(DType::U32, Shape::SCALAR);
        if !data.is_poison() && data.ty() != expected {
            let rule = Rule::Type { expected, got: data.ty() };
            let poison = data.trace().refuse("fold_in", &[data.ty()], rule);
            return Self { words: [poison; 2] };
        }
        let zero = self.words[0].scalar(0);
        Self { words: self.hash([zero, data]) }
    }

    /// [`Key::fold_in`] of a number known when the program is traced.
    #[track_caller]
    pub fn fold_in_number(self, data: u32) -> Self {
        self.fold_in(self.words[0].scalar(data))
    }

    /// `N` independent keys.
    #[track_caller]
    pub fn split<const N: usize>(self) -> [Self; N] {
        let counter = |i: usize| [0, i as u32].map(|word| self.words[0].scalar(word));
        std::array::from_fn(|i| Self { words: self.hash(counter(i)) })
    }

    /// The words as a tensor `u32[2]`.
    #[track_caller]
    pub fn to_tensor(self) -> Tensor<'t> {
        let words = self.words.map(|word| word.reshape([1]));
        words[0].trace().concatenate(&words, 0)
    }

    /// A tensor of uniform 32-bit words.
    #[track_caller]
    pub fn bits(self, shape: impl Into<Shape>) -> Tensor<'t> {
        let (shape, trace) = (shape.into(), self.words[0].trace());
        if self.words.iter().any(Tensor::is_poison) {
            return Tensor::poison(trace);
        }
        if u32::try_from(shape.elements()).is_err() {
            return trace.refuse("bits", &[], Rule::TooManyDraws);
        }
        // The counter of an element is its position in row-major order.
        let position = trace.iota(DType::U32, [shape.elements()], 0);
        let [high, low] = self.hash([position.scalar(0), position]);
        (high ^ low).reshape(shape)
    }

    /// `f32` numbers, uniform in `[low, high)`.
    #[track_caller]
    pub fn uniform(self, shape: impl Into<Shape>, low: f64, high: f64) -> Tensor<'t> {
        // 23 random bits as the fraction of a number in [1, 2).
        let bits = self.bits(shape);
        let fraction = (bits >> 9) | bits.scalar(0x3F80_0000);
        let unit = fraction.bitcast(DType::F32) - 1.0;
        let (low, high) = (low as f32, high as f32);
        (unit * f64::from(high - low) + f64::from(low)).maximum(f64::from(low))
    }

    /// `f32` numbers from the standard normal distribution.
    #[track_caller]
    pub fn normal(self, shape: impl Into<Shape>) -> Tensor<'t> {
        SQRT_2 * self.uniform(shape, ABOVE_MINUS_ONE, 1.0).erf_inv()
    }

    /// `f32` numbers from the standard normal distribution cut off at ±2.
    #[track_caller]
    pub fn truncated_normal(self, shape: impl Into<Shape>) -> Tensor<'t> {
        // erf(√2): what lies within ±2.
        const WITHIN: f64 = 0.954_499_736_103_641_6;
        // The neighbours of ±2 within: what rounding put on the bound goes back inside.
        const INSIDE: f64 = 1.999_999_9;
        let normal = SQRT_2 * self.uniform(shape, -WITHIN, WITHIN).erf_inv();
        normal.maximum(-INSIDE).minimum(INSIDE)
    }

    /// Threefry of the key at a counter, element by element.
    #[track_caller]
    fn hash(self, counter: [Tensor<'t>; 2]) -> [Tensor<'t>; 2] {
        let [k0, k1] = self.words;
        let schedule = [k0, k1, k0 ^ k1 ^ k0.scalar(PARITY)];
        let mut x = [counter[0] + schedule[0], counter[1] + schedule[1]];
        for round in 0..5 {
            for rotation in ROTATIONS[round % 2] {
                x[0] = x[0] + x[1];
                let (left, right) = (x[1].scalar(rotation), x[1].scalar(32 - rotation));
                x[1] = ((x[1] << left) | (x[1] >> right)) ^ x[0];
            }
            x[0] = x[0] + schedule[(round + 1) % 3];
            x[1] = x[1] + schedule[(round + 2) % 3] + x[1].scalar(round as u32 + 1);
        }
        x
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_generator_agrees_with_its_published_vectors() {
        // Random123's known answers for threefry2x32 with 20 rounds.
        assert_eq!(threefry2x32([0, 0], [0, 0]), [0x6b20_0159, 0x99ba_4efe]);
        assert_eq!(threefry2x32([u32::MAX; 2], [u32::MAX; 2]), [0x1cb9_96fc, 0xbb00_2be7]);
        assert_eq!(
            threefry2x32([0x1319_8a2e, 0x0370_7344], [0x243f_6a88, 0x85a3_08d3]),
            [0xc492_3a9c, 0x483d_f7a0]
        );
    }
}

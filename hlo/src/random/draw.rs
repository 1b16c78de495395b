//! Numbers of many distributions, each from random bits by JAX's recipe.

use std::ops::Range;

use super::threefry::{hash, positions, positions_within};
use super::{Key, Purpose};
use crate::dense::{mantissa_bits, next_up, round, smallest_normal};
use crate::ops::{Algorithm, Operand, Scalar, optimization_barrier, sort};
use crate::shape::resolve_axis;
use crate::{DType, Rule, Shape, Tensor, Type};

/// √2.
const SQRT_2: f64 = std::f64::consts::SQRT_2;

impl<'t> Key<'t> {
    /// Uniform bits as unsigned integers of 8 to 64 bits.
    #[track_caller]
    pub fn bits(self, dtype: DType, shape: impl Into<Shape>) -> Tensor<'t> {
        self.claim("bits", Purpose::Draw).bits(dtype, shape.into())
    }

    /// Floating-point numbers, uniform in `range`. As many values are possible as the type's mantissa
    /// has: 2²³ in `f32`.
    #[track_caller]
    pub fn uniform(self, dtype: DType, shape: impl Into<Shape>, range: Range<f64>) -> Tensor<'t> {
        self.claim("uniform", Purpose::Draw).uniform(dtype, shape.into(), range)
    }

    /// Integers, uniform in `range`. Where its length `n` is no power of two, some are likelier than
    /// others, by less than `n` in 2³² for the types of up to 32 bits.
    #[track_caller]
    pub fn randint(
        self,
        dtype: DType,
        shape: impl Into<Shape>,
        range: Range<impl Into<i128>>,
    ) -> Tensor<'t> {
        let range = range.start.into()..range.end.into();
        self.claim("randint", Purpose::Draw).randint(dtype, shape.into(), range)
    }

    /// Floating-point numbers from the standard normal distribution.
    #[track_caller]
    pub fn normal(self, dtype: DType, shape: impl Into<Shape>) -> Tensor<'t> {
        let stream = self.claim("normal", Purpose::Draw);
        // From the open interval (−1, 1).
        normal_of(stream.uniform(dtype, shape.into(), next_up(-1.0, dtype)..1.0))
    }

    /// Floating-point numbers from the standard normal distribution cut off outside `range`, whose
    /// ends may be infinite. They are made of probabilities in the same type: beyond 3, `f32` has few
    /// of these left, some of which make the largest number of the range.
    #[track_caller]
    pub fn truncated_normal(
        self,
        dtype: DType,
        shape: impl Into<Shape>,
        range: Range<f64>,
    ) -> Tensor<'t> {
        let stream = self.claim("truncated_normal", Purpose::Draw);
        if range.start >= range.end || range.start.is_nan() || range.end.is_nan() {
            let rule = Rule::EmptyRange { range: format!("{range:?}") };
            return stream.words[0].trace().refuse("truncated_normal", &[], rule);
        }
        // 7 is as good as infinity, and a number in every type.
        let quantile = |x: f64| {
            let x = (x / round(SQRT_2, dtype)).clamp(-7.0, 7.0);
            round(erf(round(x, dtype)), dtype)
        };
        let (low, high) = (quantile(range.start), quantile(range.end));
        let uniform = stream.uniform(dtype, shape.into(), low..high);
        let normal = if round(f64::INFINITY, dtype).is_nan() {
            // Rounding may make 1 of them, whose quantile such a type has not.
            let end = next_up(-1.0, dtype);
            normal_of(uniform.to(DType::F32).maximum(end).minimum(-end)).to(dtype)
        } else {
            normal_of(uniform)
        };
        // What rounding put on an end goes back inside.
        normal.maximum(next_up(range.start, dtype)).minimum(-next_up(-range.end, dtype))
    }

    /// Booleans that are true with probability `p`, a number or a tensor that broadcasts to `shape`.
    #[track_caller]
    pub fn bernoulli(self, shape: impl Into<Shape>, p: impl Operand<'t>) -> Tensor<'t> {
        let stream = self.claim("bernoulli", Purpose::Draw);
        let shape = shape.into();
        let p = p.beside(stream.words[0].trace().constant(0.0, DType::F32), "bernoulli");
        stream.uniform(p.dtype(), shape, 0.0..1.0).less(p.broadcast_to(shape))
    }

    /// Floating-point numbers from the standard Gumbel distribution.
    #[track_caller]
    pub fn gumbel(self, dtype: DType, shape: impl Into<Shape>) -> Tensor<'t> {
        self.claim("gumbel", Purpose::Draw).gumbel(dtype, shape.into())
    }

    /// For each distribution along `axis` of `logits`, which are unnormalised logarithms of
    /// probabilities, the index of a class drawn from it, as `s32`; the axis goes.
    #[track_caller]
    pub fn categorical(self, logits: Tensor<'t>, axis: i32) -> Tensor<'t> {
        let stream = self.claim("categorical", Purpose::Draw);
        if logits.is_poison() {
            return logits;
        }
        (stream.gumbel(logits.dtype(), logits.shape()) + logits).argmax(axis)
    }

    /// The numbers from 0 to `count`, which is left out, in random order: `s32[count]`; `s64` of 2³¹
    /// numbers or more.
    #[track_caller]
    pub fn permutation(self, count: usize) -> Tensor<'t> {
        self.claim("permutation", Purpose::Draw).permutation(count)
    }

    /// The slices of `axis` of a tensor in random order.
    #[track_caller]
    pub fn shuffle(self, tensor: Tensor<'t>, axis: i32) -> Tensor<'t> {
        let stream = self.claim("shuffle", Purpose::Draw);
        match resolve_axis(axis, tensor.shape().len()) {
            Ok(resolved) => tensor.take(stream.permutation(tensor.shape()[resolved]), axis),
            Err(rule) => tensor.trace().refuse("shuffle", &[tensor.ty()], rule),
        }
    }
}

/// The numbers that a key gives to one who has claimed it.
#[derive(Clone, Copy)]
pub(super) struct Stream<'t> {
    /// What the numbers are for.
    pub(super) operation: &'static str,
    pub(super) words: [Tensor<'t>; 2],
    pub(super) backend: Option<Algorithm>,
    pub(super) within: Option<(Shape, Tensor<'t>)>,
}

impl<'t> Stream<'t> {
    /// The words of the keys for counters `u32[…]`, as `u32[…, 2]`.
    #[track_caller]
    pub(super) fn keys(self, counter: Tensor<'t>) -> Tensor<'t> {
        let [first, second] = hash(self.words, counter);
        let words = [first.expand_dims(-1), second.expand_dims(-1)];
        // XLA's compiler for CPUs would fuse keys with what is made of them, one key within the
        // other, and not come to an end.
        optimization_barrier(first.trace().concatenate(&words, -1))
    }

    /// Two independent ones.
    #[track_caller]
    fn split(self) -> [Self; 2] {
        let words = hash(self.words, self.words[0].trace().iota(DType::U32, [2], 0));
        let mut split = [self; 2];
        for (i, stream) in split.iter_mut().enumerate() {
            stream.words = words.map(|words| words.slice(0, i..i + 1).reshape(Shape::SCALAR));
        }
        split
    }

    #[track_caller]
    fn bits(self, dtype: DType, shape: Shape) -> Tensor<'t> {
        let trace = self.words[0].trace();
        if !dtype.is_unsigned() {
            let rule = Rule::Makes { expected: "unsigned integers", got: dtype };
            return trace.refuse(self.operation, &[], rule);
        }
        if let Err(rule) = shape.check(dtype) {
            return trace.refuse(self.operation, &[], rule);
        }
        if let Some((whole, starts)) = self.within {
            if self.backend.is_some() {
                return trace.refuse(self.operation, &[], Rule::PartOfBackend);
            } else if whole.len() != shape.len() {
                let (expected, got) = (whole.len(), shape.len());
                let rule = Rule::OneEach { what: "size", of: "axes of the whole", expected, got };
                return trace.refuse(self.operation, &[], rule);
            }
            return words_of(dtype, hash(self.words, positions_within(whole, starts, shape)));
        }
        if let Some(algorithm) = self.backend {
            // Both words, twice: the state that JAX's keys of this kind have.
            let [low, high] = self.words.map(|word| word.to(DType::U64).reshape([1]));
            let word = low | high << 32;
            let state = trace.concatenate(&[word, word], 0);
            return state.rng_bit_generator(algorithm, dtype, shape)[1];
        }
        if u32::try_from(shape.elements()).is_err() {
            return trace.refuse(self.operation, &[], Rule::TooManyDraws);
        }
        words_of(dtype, hash(self.words, positions(trace, shape)))
    }

    #[track_caller]
    fn uniform(self, dtype: DType, shape: Shape, range: Range<f64>) -> Tensor<'t> {
        let trace = self.words[0].trace();
        if !dtype.is_float() {
            let rule = Rule::Makes { expected: "floating-point numbers", got: dtype };
            return trace.refuse(self.operation, &[], rule);
        }
        if !(range.start < range.end && (range.end - range.start).is_finite()) {
            let rule = Rule::EmptyRange { range: format!("{range:?}") };
            return trace.refuse(self.operation, &[], rule);
        }
        let (low, high) = (trace.constant(range.start, dtype), trace.constant(range.end, dtype));
        self.between(shape, low, high)
    }

    /// Uniform numbers between scalars.
    #[track_caller]
    fn between(self, shape: Shape, low: Tensor<'t>, high: Tensor<'t>) -> Tensor<'t> {
        let (dtype, mantissa) = (low.dtype(), mantissa_bits(low.dtype()));
        let width = if mantissa < 8 { 8 } else { dtype.bits() };
        // Random bits as the fraction of a number in [1, 2).
        let bits = self.bits(unsigned(width), shape).to(unsigned(dtype.bits()));
        let one = bits.trace().constant(1.0, dtype).bitcast(bits.dtype());
        let fraction = (bits >> bits.scalar(width - mantissa)) | one;
        let unit = fraction.bitcast(dtype) - 1.0;
        let uniform = (unit * (high - low) + low).maximum(low);
        // XLA's compiler for CPUs fuses functions of floats of 8 bits with what makes the bits, again
        // for each of their uses, and does not come to an end.
        if dtype.bits() == 8 { optimization_barrier(uniform) } else { uniform }
    }

    #[track_caller]
    fn randint(self, dtype: DType, shape: Shape, range: Range<i128>) -> Tensor<'t> {
        let trace = self.words[0].trace();
        if dtype.is_float() || dtype == DType::Bool {
            let rule = Rule::Makes { expected: "integers", got: dtype };
            return trace.refuse(self.operation, &[], rule);
        }
        let Range { start, end } = range;
        if start >= end {
            let rule = Rule::EmptyRange { range: format!("{start}..{end}") };
            return trace.refuse(self.operation, &[], rule);
        }
        // The first and the last must be of the type.
        for bound in [start, end - 1] {
            let bound = Scalar::Integer(bound);
            if !bound.fits(dtype) {
                let rule = Rule::Constant { value: bound.to_string(), dtype };
                return trace.refuse(self.operation, &[], rule);
            }
        }
        if trace.has_error() {
            return Tensor::poison(trace);
        }
        let wide = if dtype.bits() < 32 { DType::S32 } else { dtype };
        let (bits, span) = (wide.bits(), (end - start) as u128);
        let [higher, lower] = self.split().map(|stream| stream.bits(unsigned(bits), shape));
        let offset = if span >> bits == 1 {
            lower
        } else {
            // 2^bits modulo the span, by which the higher bits count.
            let half = (1u128 << (bits / 2)) % span;
            let weight = ((half * half) & (u128::MAX >> (128 - bits))) % span;
            let number = |n: u128| higher.scalar(Scalar::Integer(n as i128));
            let (span, weight) = (number(span), number(weight));
            (higher % span * weight + lower % span) % span
        };
        (trace.constant(Scalar::Integer(start), wide) + offset.to(wide)).to(dtype)
    }

    #[track_caller]
    fn permutation(mut self, count: usize) -> Tensor<'t> {
        let trace = self.words[0].trace();
        let ty = Type::new(DType::counting(count), [count].into());
        if let Err(rule) = ty.shape.check(ty.dtype) {
            return trace.refuse(self.operation, &[], rule);
        }
        let mut order = trace.iota(ty.dtype, ty.shape, 0);
        // Sorted by random words, as often as it takes that no two have had only equal ones: three
        // times as many bits as a number below `count` has are enough.
        let rounds = (3.0 * (count.max(1) as f64).ln() / f64::from(u32::MAX).ln()).ceil() as usize;
        for _ in 0..rounds {
            let [next, words] = self.split();
            self = next;
            let words = words.bits(DType::U32, [count].into());
            order = sort((words, order), 0, |a, b| a.0.less(b.0)).1;
        }
        order
    }

    #[track_caller]
    fn gumbel(self, dtype: DType, shape: Shape) -> Tensor<'t> {
        // From the smallest normal number on: the logarithm of 0 is none.
        let tiny = smallest_normal(dtype);
        -(-self.uniform(dtype, shape, tiny..1.0).log()).log()
    }
}

/// Unsigned integers made of two words of random bits.
#[track_caller]
fn words_of<'t>(dtype: DType, [high, low]: [Tensor<'t>; 2]) -> Tensor<'t> {
    match dtype {
        DType::U64 => high.to(dtype) << 32 | low.to(dtype),
        _ => (high ^ low).to(dtype),
    }
}

/// The normal numbers whose quantiles are `(1 + u) / 2`.
#[track_caller]
fn normal_of(u: Tensor<'_>) -> Tensor<'_> {
    u.scalar(SQRT_2) * u.erf_inv()
}

/// The error function, by the series of positive terms in Abramowitz and Stegun, 7.1.6.
fn erf(x: f64) -> f64 {
    if x.abs() > 6.0 {
        return x.signum();
    }
    let (mut sum, mut term, mut n) = (x, x, 1.0);
    while term.abs() > f64::EPSILON / 8.0 * sum.abs() {
        n += 2.0;
        term *= 2.0 * x * x / n;
        sum += term;
    }
    std::f64::consts::FRAC_2_SQRT_PI * (-x * x).exp() * sum
}

/// The unsigned integers of a width in bits.
fn unsigned(bits: u32) -> DType {
    match bits {
        8 => DType::U8,
        16 => DType::U16,
        32 => DType::U32,
        _ => DType::U64,
    }
}

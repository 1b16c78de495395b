//! Random numbers from keys: threefry2x32, bit for bit those that JAX draws for the same key.
//!
//! A key and a position give a number, whatever else is drawn and in which order, so any number can
//! be made again where it is needed. A key serves once: to draw, or to [split](Key::split) into
//! independent keys; or any number of times to [fold](Key::fold_in) numbers in, one for each thing
//! that wants a key of its own.
//!
//! ```
//! use hlo::DType::{F32, U32};
//! use hlo::random::Key;
//!
//! hlo::trace("noise", |t| {
//!     let seed = t.input("seed", U32, [2]);
//!     let [weights, rest] = Key::from_tensor(seed).split();
//!     t.output("weights", weights.normal(F32, [64, 64]));
//!     for layer in 0..3 {
//!         let kept = rest.fold_in(layer).bernoulli([32], 0.9);
//!         t.output(&format!("kept/{layer}"), kept);
//!     }
//! })?;
//! # Ok::<(), hlo::TraceError>(())
//! ```
//!
//! To use a key twice is a mistake, as the same numbers come out twice; the error names both lines.
//! [`Key::again`] says that they are meant to be the same.
//!
//! JAX's numbers are those with `jax_threefry_partitionable`, its default.

mod claims;
mod draw;
mod threefry;

use crate::ops::Operand;
use crate::{DType, Rule, Shape, Tensor, Trace, Tree, Type};

pub use crate::ops::Algorithm;
pub(crate) use claims::Claims;
use claims::{Claim, Origin, Purpose};
use draw::Stream;
pub use threefry::threefry2x32;

/// A key: two words of `u32`.
///
/// It goes into loops and branches as tensors do, being a [`Tree`].
#[derive(Clone, Copy, Debug)]
pub struct Key<'t> {
    /// `u32[2]`; `u32[n, 2]` of a stack of keys.
    words: Tensor<'t>,
    /// The backend's generator that bits come from, if not threefry.
    backend: Option<Algorithm>,
    /// Whether it may be used although it has been.
    again: bool,
    /// The array that what is drawn is a part of, and where the part begins: `s32`, one an axis.
    within: Option<(Shape, Tensor<'t>)>,
}

impl<'t> Key<'t> {
    /// The key whose words are the two elements of a tensor `u32[2]`. A tensor `u32[n, 2]` is a stack
    /// of `n` keys: the input of a [`scan`](crate::scan), whose body gets one of them.
    #[track_caller]
    pub fn from_tensor(words: Tensor<'t>) -> Self {
        let fits = words.dtype() == DType::U32 && words.shape().last() == Some(&2);
        let words = if fits || words.is_poison() {
            words
        } else {
            let rule = Rule::Type { what: "a key", expected: key_type(), got: words.ty() };
            words.trace().refuse("key", &[words.ty()], rule)
        };
        Self { words, backend: None, again: false, within: None }
    }

    /// The key of a seed known when the program is traced.
    #[track_caller]
    pub fn from_seed(trace: &'t Trace, seed: u64) -> Self {
        let origin = Origin::Seed(seed);
        if let Some(words) = claims::known(trace, origin) {
            return Self::from_tensor(words);
        }
        let words = trace.constant_array(&[seed >> 32, seed & 0xFFFF_FFFF], DType::U32, [2]);
        claims::note(origin, words);
        Self::from_tensor(words)
    }

    /// The key for one thing among many: a step, a layer, a batch. `data` is an integer, taken modulo
    /// 2³². The key may be folded again with other numbers, but no longer drawn from or split.
    #[track_caller]
    pub fn fold_in(self, data: impl Operand<'t>) -> Self {
        let data = data.beside(self.words, "fold_in");
        let trace = self.words.trace();
        if data.is_foreign(trace) {
            return Self { words: trace.refuse_foreign("fold_in", &[self.words, data]), ..self };
        }
        if let (Err(rule), false) = (check_folded(data.ty()), data.is_poison()) {
            let words = trace.refuse("fold_in", &[self.words.ty(), data.ty()], rule);
            return Self { words, ..self };
        }
        let origin = Origin::Folded(self.words.id(), data.id());
        let stream = self.claim("fold_in", Purpose::Fold);
        if let Some(words) = claims::known(trace, origin) {
            return Self { words, ..self };
        }
        let words = stream.keys(data.to(DType::U32));
        claims::note(origin, words);
        Self { words, ..self }
    }

    /// `N` independent keys, instead of this one.
    #[track_caller]
    pub fn split<const N: usize>(self) -> [Self; N] {
        let counter = self.words.trace().iota(DType::U32, [N], 0);
        let keys = self.claim("split", Purpose::Split).keys(counter);
        // No closure: it would take the caller's line for this one.
        let mut split = [self; N];
        for (i, key) in split.iter_mut().enumerate() {
            key.words = keys.slice(0, i..i + 1).reshape([2]);
        }
        split
    }

    /// A stack of `count` independent keys, instead of this one: the input of a
    /// [`scan`](crate::scan), whose body gets one of them.
    #[track_caller]
    pub fn split_into(self, count: usize) -> Self {
        let stream = self.claim("split_into", Purpose::Split);
        let trace = self.words.trace();
        let words = if u32::try_from(count).is_ok() {
            stream.keys(trace.iota(DType::U32, [count], 0))
        } else {
            trace.refuse("split_into", &[self.words.ty()], Rule::TooManyDraws)
        };
        Self { words, ..self }
    }

    /// The same key, free to be used although it has been, as are the keys that are made of it: for
    /// numbers that are drawn again in the reverse pass instead of being kept.
    #[must_use]
    pub fn again(self) -> Self {
        Self { again: true, ..self }
    }

    /// The same key with its bits, and those of keys made of it, drawn by the generator that the
    /// backend has for `rng_bit_generator`: made to be fast there, it gives other numbers on every
    /// backend. [`Algorithm::Default`] gives the numbers of JAX's `rbg` keys.
    #[must_use]
    pub fn backend(self, algorithm: Algorithm) -> Self {
        Self { backend: Some(algorithm), ..self }
    }

    /// The same key, from which the part of an array of shape `whole` is drawn that begins at
    /// `starts`, one `s32` for each axis: for arrays that are too large to be drawn at once. It draws
    /// what a slice of the whole would be, by [`bits`](Self::bits), [`uniform`](Self::uniform) and
    /// [`normal`](Self::normal) of the part's shape, which has as many axes; an axis on which it goes
    /// past the whole's end goes on counting into numbers of other places.
    ///
    /// ```
    /// # use hlo::{DType::{F32, S32}, random::Key};
    /// # hlo::trace("part", |t| {
    /// # let start = t.input("start", S32, []);
    /// // Four rows, from `start` on, of the million by thousand that the key stands for.
    /// let key = Key::from_seed(t, 0).within([1_000_000, 1_000], &[start, t.constant(0, S32)]);
    /// let rows = key.normal(F32, [4, 1_000]);
    /// # t.output("rows", rows);
    /// # }).unwrap();
    /// ```
    #[must_use]
    #[track_caller]
    pub fn within(self, whole: impl Into<Shape>, starts: &[Tensor<'t>]) -> Self {
        let whole = whole.into();
        let trace = self.words.trace();
        if starts.len() != whole.len() {
            let (expected, got) = (whole.len(), starts.len());
            let rule = Rule::OneEach { what: "start", of: "axes", expected, got };
            return Self { words: trace.refuse("within", &[], rule), ..self };
        }
        if let Err(rule) = check_part(whole, starts) {
            return Self { words: trace.refuse("within", &[], rule), ..self };
        }
        let starts: Vec<_> = starts.iter().map(|start| start.expand_dims(0)).collect();
        Self { within: Some((whole, trace.concatenate(&starts, 0))), ..self }
    }

    /// The words, `u32[2]`; `u32[n, 2]` of a stack.
    pub fn to_tensor(self) -> Tensor<'t> {
        self.words
    }

    /// Notes what the key is used for. After a mistake, such as a use before, everything that is
    /// drawn stands for nothing.
    #[track_caller]
    fn claim(self, operation: &'static str, purpose: Purpose) -> Stream<'t> {
        let trace = self.words.trace();
        let claim = Claim { purpose, block: trace.block(), location: trace.here() };
        let checked = if self.words.is_poison() || trace.has_error() {
            Ok(())
        } else if self.words.ty() != key_type() {
            Err(Rule::Type { what: "a key", expected: key_type(), got: self.words.ty() })
        } else if self.again {
            Ok(())
        } else {
            trace.claims().borrow_mut().add(&trace.graph().borrow(), self.words.id(), claim)
        };
        let words = match checked {
            Ok(()) => [0, 1].map(|i| self.words.slice(0, i..i + 1).reshape(Shape::SCALAR)),
            Err(rule) => [trace.refuse(operation, &[self.words.ty()], rule); 2],
        };
        Stream { operation, words, backend: self.backend, within: self.within }
    }
}

impl<'t> Tree<'t> for Key<'t> {
    fn map(&self, change: &mut dyn FnMut(Tensor<'t>) -> Tensor<'t>) -> Self {
        Self { words: change(self.words), ..*self }
    }
}

fn key_type() -> Type {
    Type::new(DType::U32, [2].into())
}

fn check_part(whole: Shape, starts: &[Tensor<'_>]) -> Result<(), Rule> {
    let expected = Type::new(DType::S32, Shape::SCALAR);
    match starts.iter().find(|start| !start.is_poison() && start.ty() != expected) {
        Some(start) => Err(Rule::Type { what: "a start", expected, got: start.ty() }),
        // Every position has a number.
        None => whole.check(DType::U8),
    }
}

fn check_folded(data: Type) -> Result<(), Rule> {
    data.dtype.check(data.dtype.is_integer(), "an integer")?;
    match data.shape.len() {
        0 => Ok(()),
        got => Err(Rule::Rank { expected: "0".to_owned(), got }),
    }
}

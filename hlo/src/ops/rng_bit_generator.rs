//! Random bits from the backend's own generator.

use super::{Application, Cotangents, Form, NoGradient, Op, Spelling, Statement};
use crate::attribute::Attribute;
use crate::{DType, Rule, Shape, Tensor, Type};

/// How a backend makes random bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// What the backend likes best.
    Default,
    /// Threefry, with a layout of counters of the backend's own.
    ThreeFry,
    /// Philox 4×32.
    Philox,
}

#[derive(Clone, Copy, Debug)]
struct RngBitGenerator {
    algorithm: Algorithm,
    bits: Type,
}

impl<'t> Tensor<'t> {
    /// From the state of a generator of the backend, `u64[2]`, the state after it and uniform bits as
    /// unsigned integers. With [`Algorithm::Philox`] the state may be `u64[3]`.
    ///
    /// Backends differ in the bits that they make, and so may versions of one. A key of
    /// [`Key::backend`](crate::random::Key::backend) draws from any distribution with them.
    #[track_caller]
    pub fn rng_bit_generator(
        self,
        algorithm: Algorithm,
        dtype: DType,
        shape: impl Into<Shape>,
    ) -> [Self; 2] {
        let op = RngBitGenerator { algorithm, bits: Type::new(dtype, shape.into()) };
        let results = self.trace().apply_regions(op, &[self], vec![], 2);
        [results[0], results[1]]
    }
}

impl Algorithm {
    fn name(self) -> &'static str {
        match self {
            Self::Default => "DEFAULT",
            Self::ThreeFry => "THREE_FRY",
            Self::Philox => "PHILOX",
        }
    }
}

impl Op for RngBitGenerator {
    fn name(&self) -> &'static str {
        "rng_bit_generator"
    }

    fn infer(&self, operands: &[Type]) -> Result<Vec<Type>, Rule> {
        let state = operands[0];
        let two = Type::new(DType::U64, [2].into());
        let three = Type::new(DType::U64, [3].into());
        if state != two && (self.algorithm, state) != (Algorithm::Philox, three) {
            return Err(Rule::Type { what: "the state", expected: two, got: state });
        }
        if !self.bits.dtype.is_unsigned() {
            return Err(Rule::Makes { expected: "unsigned integers", got: self.bits.dtype });
        }
        Ok(vec![state, self.bits])
    }

    fn form(&self) -> Form {
        let algorithm = Attribute::Enum { kind: "rng_algorithm", case: self.algorithm.name() };
        Form::Operation {
            attributes: vec![("rng_algorithm", algorithm)],
            spellings: const { &[Spelling::first("rng_bit_generator_v1")] },
        }
    }

    fn print(&self, at: &Statement) -> String {
        at.typed(self.name(), &format!(", algorithm = {}", self.algorithm.name()))
    }

    fn vjp<'t>(&self, _: &Application<'t>) -> Result<Cotangents<'t>, NoGradient> {
        Ok(vec![None])
    }
}

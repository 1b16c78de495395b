//! Symbolic values and their arithmetic.

use std::fmt;
use std::ops::{Add, BitAnd, BitOr, BitXor, Div, Mul, Neg, Not, Rem, Shl, Shr, Sub};

use crate::graph::ValueId;
use crate::ops::{BinaryKind, Scalar};
use crate::{DType, Rule, Shape, Trace, Type};

/// A value in a trace: element type, shape, and the node that makes it.
///
/// Operators work element by element and broadcast as NumPy does. Integers divide towards zero, and
/// `%` is the remainder of such a division, of floats too: both as in Rust. A Rust number becomes a constant
/// of the tensor's element type: any number on the right of an operator, an `f64`, an `i32` or a
/// `bool` on its left. Nothing is computed: the program that the trace becomes does that.
#[derive(Clone, Copy)]
pub struct Tensor<'t> {
    trace: &'t Trace,
    id: ValueId,
    ty: Type,
}

impl<'t> Tensor<'t> {
    pub(crate) fn new(trace: &'t Trace, id: ValueId, ty: Type) -> Self {
        Self { trace, id, ty }
    }

    /// What a refused operation returns: later operations pass it on, and the trace ends in the
    /// error that was noted.
    pub(crate) fn poison(trace: &'t Trace) -> Self {
        Self { trace, id: ValueId::POISON, ty: Type::new(DType::F32, Shape::SCALAR) }
    }

    pub(crate) fn is_poison(&self) -> bool {
        self.id == ValueId::POISON
    }

    /// Whether the tensor belongs to another trace than `trace`.
    pub(crate) fn is_foreign(&self, trace: &Trace) -> bool {
        !std::ptr::eq(self.trace, trace)
    }

    pub(crate) fn id(&self) -> ValueId {
        self.id
    }

    /// The trace that the tensor belongs to.
    pub fn trace(&self) -> &'t Trace {
        self.trace
    }

    /// Element type and shape.
    pub fn ty(&self) -> Type {
        self.ty
    }

    /// The element type.
    pub fn dtype(&self) -> DType {
        self.ty.dtype
    }

    /// The dimensions. After a mistake in the trace they are empty: where a closure takes them
    /// apart, [`Tensor::dims`] is safe.
    pub fn shape(&self) -> Shape {
        self.ty.shape
    }

    /// The dimensions of a tensor whose rank is `N`.
    ///
    /// ```
    /// # hlo::trace("example", |t| {
    /// # let x = t.input("x", hlo::DType::F32, [8, 4]);
    /// let [batch, width] = x.dims();
    /// # assert_eq!([batch, width], [8, 4]);
    /// # t.output("x", x);
    /// # }).unwrap();
    /// ```
    ///
    /// Any other rank is a mistake of the trace, noted with the caller's line.
    #[track_caller]
    pub fn dims<const N: usize>(&self) -> [usize; N] {
        if self.is_poison() {
            return [1; N];
        }
        // No closure: it would take the caller's line for this one.
        match <[usize; N]>::try_from(&self.ty.shape[..]) {
            Ok(dims) => dims,
            Err(_) => {
                let rule = Rule::Rank { expected: N.to_string(), got: self.ty.shape.len() };
                self.trace.refuse("dims", &[self.ty], rule);
                [1; N]
            }
        }
    }

    /// Zeros, or `false`, of the tensor's element type and shape.
    #[track_caller]
    pub fn zeros_like(self) -> Self {
        if self.is_poison() { self } else { self.trace().zeros(self.ty()) }
    }

    /// A constant of the tensor's element type, to be broadcast against it.
    #[track_caller]
    pub(crate) fn scalar(&self, value: impl Into<Scalar>) -> Self {
        if self.is_poison() {
            return *self;
        }
        self.trace.constant(value, self.dtype())
    }

    /// A number that the user wrote beside the tensor, for `operation` with it.
    #[track_caller]
    pub(crate) fn number(&self, value: impl Into<Scalar>, operation: &'static str) -> Self {
        let value = value.into();
        if self.is_poison() || value.fits(self.dtype()) {
            return self.scalar(value);
        }
        let rule = Rule::Number { value: value.to_string(), dtype: self.dtype() };
        self.trace.refuse(operation, &[self.ty], rule)
    }
}

impl fmt::Debug for Tensor<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tensor({})", self.ty)
    }
}

macro_rules! operators {
    ($($trait:ident $method:ident $kind:ident;)*) => {$(
        impl<'t> $trait for Tensor<'t> {
            type Output = Tensor<'t>;

            #[track_caller]
            fn $method(self, rhs: Self) -> Self {
                self.binary(BinaryKind::$kind, rhs)
            }
        }

        operators!(numbers $trait $method BinaryKind::$kind.name());
    )*};
    (numbers $trait:ident $method:ident $operation:expr) => {
        impl<'t, S: Into<Scalar>> $trait<S> for Tensor<'t> {
            type Output = Tensor<'t>;

            #[track_caller]
            fn $method(self, rhs: S) -> Self {
                $trait::$method(self, self.number(rhs, $operation))
            }
        }

        operators!(left $trait $method $operation, f64 i32 bool);
    };
    (left $trait:ident $method:ident $operation:expr, $($number:ty)*) => {$(
        impl<'t> $trait<Tensor<'t>> for $number {
            type Output = Tensor<'t>;

            #[track_caller]
            fn $method(self, rhs: Tensor<'t>) -> Tensor<'t> {
                $trait::$method(rhs.number(self, $operation), rhs)
            }
        }
    )*};
}

operators! {
    Add add Add;
    Sub sub Subtract;
    Mul mul Multiply;
    Div div Divide;
    Rem rem Remainder;
    BitAnd bitand And;
    BitOr bitor Or;
    BitXor bitxor Xor;
    Shl shl ShiftLeft;
}

impl<'t> Shr for Tensor<'t> {
    type Output = Tensor<'t>;

    /// Fills with the sign for integers that have one, else with zeros.
    #[track_caller]
    fn shr(self, rhs: Self) -> Self {
        let signed = self.dtype().is_signed();
        self.binary(
            if signed { BinaryKind::ShiftRightArithmetic } else { BinaryKind::ShiftRightLogical },
            rhs,
        )
    }
}

operators!(numbers Shr shr "shift_right");

impl<'t> Neg for Tensor<'t> {
    type Output = Tensor<'t>;

    #[track_caller]
    fn neg(self) -> Self {
        self.negate()
    }
}

impl<'t> Not for Tensor<'t> {
    type Output = Tensor<'t>;

    #[track_caller]
    fn not(self) -> Self {
        self.logical_not()
    }
}

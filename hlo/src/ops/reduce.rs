//! Axes folded to one element.

use super::{Application, Cotangents, Form, NoGradient, Op, Spelling, Statement};
use crate::attribute::Attribute;
use crate::{Axes, DType, Rule, Shape, Tensor, Type};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fold {
    Sum,
    Max,
    Min,
    All,
    Any,
}

#[derive(Clone, Debug)]
struct Reduce {
    fold: Fold,
    axes: Vec<usize>,
}

impl<'t> Tensor<'t> {
    /// The sum over `axes`, which go.
    #[track_caller]
    pub fn sum(self, axes: impl Into<Axes>) -> Self {
        self.reduce("sum", Fold::Sum, &axes.into())
    }

    /// The mean over `axes`, which go. Of integers: rounded towards zero.
    #[track_caller]
    pub fn mean(self, axes: impl Into<Axes>) -> Self {
        let sum = self.reduce("mean", Fold::Sum, &axes.into());
        if sum.is_poison() {
            return sum;
        }
        let count = self.shape().elements() / sum.shape().elements().max(1);
        sum / self.trace().constant(count as u64, self.dtype())
    }

    /// The largest over `axes`, which go. Equal elements share the gradient.
    #[track_caller]
    pub fn max(self, axes: impl Into<Axes>) -> Self {
        self.reduce("max", Fold::Max, &axes.into())
    }

    /// The smallest over `axes`, which go. Equal elements share the gradient.
    #[track_caller]
    pub fn min(self, axes: impl Into<Axes>) -> Self {
        self.reduce("min", Fold::Min, &axes.into())
    }

    /// Whether all booleans over `axes` are true; the axes go.
    #[track_caller]
    pub fn all(self, axes: impl Into<Axes>) -> Self {
        self.reduce("all", Fold::All, &axes.into())
    }

    /// Whether any boolean over `axes` is true; the axes go.
    #[track_caller]
    pub fn any(self, axes: impl Into<Axes>) -> Self {
        self.reduce("any", Fold::Any, &axes.into())
    }

    #[track_caller]
    pub(crate) fn sum_axes(self, axes: &[usize]) -> Self {
        self.fold(Fold::Sum, axes)
    }

    #[track_caller]
    pub(crate) fn max_axes(self, axes: &[usize]) -> Self {
        self.fold(Fold::Max, axes)
    }

    #[track_caller]
    fn reduce(self, name: &'static str, fold: Fold, axes: &Axes) -> Self {
        if self.is_poison() {
            return self;
        }
        let boolean = matches!(fold, Fold::All | Fold::Any);
        let axes = if boolean == (self.dtype() == DType::Bool) {
            axes.resolve(self.shape().len())
        } else {
            let expected = if boolean { "booleans" } else { "numbers" };
            Err(Rule::DType { expected, got: self.dtype() })
        };
        match axes {
            Ok(axes) => self.fold(fold, &axes),
            Err(rule) => self.trace().refuse(name, &[self.ty()], rule),
        }
    }

    #[track_caller]
    fn fold(self, fold: Fold, axes: &[usize]) -> Self {
        if axes.is_empty() {
            return self;
        }
        let dtype = self.dtype();
        let extreme = |sign: f64, integer: i128| {
            if dtype == DType::F8E4M3FN {
                // The type has no infinity.
                self.scalar(sign * 448.0)
            } else if dtype.is_float() {
                self.scalar(sign * f64::INFINITY)
            } else {
                self.scalar(super::Scalar::Integer(integer))
            }
        };
        let (lowest, highest) = match (dtype.is_signed(), dtype.bits()) {
            (true, bits) => (-(1 << (bits - 1)), (1 << (bits - 1)) - 1),
            (false, bits) => (0, (1 << bits) - 1),
        };
        let init = match fold {
            Fold::Sum => self.scalar(0),
            Fold::Max => extreme(-1.0, lowest),
            Fold::Min => extreme(1.0, highest),
            Fold::All => self.scalar(true),
            Fold::Any => self.scalar(false),
        };
        let scalar = Type::new(dtype, Shape::SCALAR);
        let body = self.trace().region("the body of a reduction", true, &[scalar; 2], |at| {
            vec![match fold {
                Fold::Sum => at[0] + at[1],
                Fold::Max => at[0].maximum(at[1]),
                Fold::Min => at[0].minimum(at[1]),
                Fold::All => at[0] & at[1],
                Fold::Any => at[0] | at[1],
            }]
        });
        let reduce = Reduce { fold, axes: axes.to_vec() };
        self.trace().apply_regions(reduce, &[self, init], vec![body.block], 1)[0]
    }
}

impl Op for Reduce {
    fn name(&self) -> &'static str {
        "reduce"
    }

    fn infer(&self, operands: &[Type]) -> Result<Vec<Type>, Rule> {
        Ok(vec![Type::new(operands[0].dtype, operands[0].shape.without(&self.axes))])
    }

    fn form(&self) -> Form {
        Form::Operation {
            attributes: vec![("dimensions", Attribute::ints(&self.axes))],
            spellings: const { &[Spelling::first("reduce_v1")] },
        }
    }

    fn abbreviates(&self) -> bool {
        true
    }

    fn print(&self, at: &Statement) -> String {
        let [operand, init] = &at.operands[..] else {
            unreachable!("a reduction has two operands")
        };
        let Some(body) = at.regions[0].single else {
            return at.generic(self.name(), &(self as &dyn Op).attributes());
        };
        format!(
            "stablehlo.reduce({operand} init: {init}) applies stablehlo.{body} across \
             dimensions = {:?} : {}",
            self.axes,
            at.signature()
        )
    }

    fn vjp<'t>(&self, at: &Application<'t>) -> Result<Cotangents<'t>, NoGradient> {
        let (x, dy) = (at.operands[0], at.cotangent());
        let spread = |tensor: Tensor<'t>| {
            let kept: Vec<_> =
                (0..x.shape().len()).filter(|axis| !self.axes.contains(axis)).collect();
            tensor.broadcast_in_dim(x.shape(), kept)
        };
        let dx = match self.fold {
            Fold::Sum => spread(dy),
            Fold::Max | Fold::Min => {
                let chosen = x.equal(spread(at.result())).to(dy.dtype());
                chosen * spread(dy / chosen.sum_axes(&self.axes))
            }
            Fold::All | Fold::Any => return Ok(vec![None, None]),
        };
        Ok(vec![Some(dx), None])
    }
}

//! Change of element type: by value, and by bits.

use super::{Application, Cotangents, Form, NoGradient, Op, Spelling, Statement};
use crate::{DType, Rule, Shape, Tensor, Type};

#[derive(Clone, Copy, Debug)]
struct Convert(DType);

#[derive(Clone, Copy, Debug)]
struct BitcastConvert(DType);

impl<'t> Tensor<'t> {
    /// The same values in another element type, rounded to nearest where it has fewer digits.
    /// Floats become integers by truncation, anything becomes a boolean by comparison with 0.
    #[track_caller]
    pub fn to(self, dtype: DType) -> Self {
        if self.dtype() == dtype {
            return self;
        }
        self.trace().apply(Convert(dtype), &[self])
    }

    /// The same bits read as another element type. Where it is narrower the parts of an element,
    /// the lowest bits first, make a new last axis; where it is wider the last axis, which has as
    /// many parts as it takes, goes.
    #[track_caller]
    pub fn bitcast(self, dtype: DType) -> Self {
        self.trace().apply(BitcastConvert(dtype), &[self])
    }
}

impl Op for Convert {
    fn name(&self) -> &'static str {
        "convert"
    }

    fn infer(&self, operands: &[Type]) -> Result<Vec<Type>, Rule> {
        Ok(vec![Type::new(self.0, operands[0].shape)])
    }

    fn form(&self) -> Form {
        Form::Operation {
            attributes: vec![],
            spellings: const { &[Spelling::first("convert_v1")] },
        }
    }

    fn print(&self, at: &Statement) -> String {
        at.typed(self.name(), "")
    }

    fn vjp<'t>(&self, at: &Application<'t>) -> Result<Cotangents<'t>, NoGradient> {
        let dtype = at.operands[0].dtype();
        Ok(vec![dtype.is_float().then(|| at.cotangent().to(dtype))])
    }
}

impl Op for BitcastConvert {
    fn name(&self) -> &'static str {
        "bitcast_convert"
    }

    fn infer(&self, operands: &[Type]) -> Result<Vec<Type>, Rule> {
        let from = operands[0];
        from.dtype.check_number()?;
        self.0.check_number()?;
        let (had, has) = (from.dtype.bits(), self.0.bits());
        let mut dims = from.shape.to_vec();
        if had > has {
            dims.push((had / has) as usize);
        } else if had < has {
            let parts = (has / had) as usize;
            if dims.pop() != Some(parts) {
                return Err(Rule::Bitcast { from: from.dtype, to: self.0, parts });
            }
        }
        Ok(vec![Type::new(self.0, Shape::from(&dims))])
    }

    fn form(&self) -> Form {
        Form::Operation {
            attributes: vec![],
            spellings: const { &[Spelling::first("bitcast_convert_v1")] },
        }
    }

    fn print(&self, at: &Statement) -> String {
        at.typed(self.name(), "")
    }

    fn vjp<'t>(&self, _: &Application<'t>) -> Result<Cotangents<'t>, NoGradient> {
        Err(NoGradient("its result depends on bits, not on values"))
    }
}

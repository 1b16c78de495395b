//! Change of element type: by value, and by bits.

use super::{Call, Cotangents, NoGradient, Op, Statement};
use crate::{DType, Rule, Tensor, Type};

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

    /// The same bits read as another element type of the same width.
    #[track_caller]
    pub fn bitcast(self, dtype: DType) -> Self {
        self.trace().apply(BitcastConvert(dtype), &[self])
    }
}

impl Op for Convert {
    fn name(&self) -> &'static str {
        "convert"
    }

    fn infer(&self, operands: &[Type]) -> Result<Type, Rule> {
        Ok(Type::new(self.0, operands[0].shape))
    }

    fn print(&self, at: &Statement) -> String {
        at.typed(self, "")
    }

    fn vjp<'t>(&self, call: &Call<'t>) -> Result<Cotangents<'t>, NoGradient> {
        let dtype = call.operands[0].dtype();
        Ok(vec![dtype.is_float().then(|| call.cotangent.to(dtype))])
    }
}

impl Op for BitcastConvert {
    fn name(&self) -> &'static str {
        "bitcast_convert"
    }

    fn infer(&self, operands: &[Type]) -> Result<Type, Rule> {
        let from = operands[0];
        if from.dtype == DType::Bool || self.0 == DType::Bool {
            return Err(Rule::DType { expected: "numbers", got: DType::Bool });
        }
        if from.dtype.bits() != self.0.bits() {
            return Err(Rule::Bitcast { from: from.dtype, to: self.0 });
        }
        Ok(Type::new(self.0, from.shape))
    }

    fn print(&self, at: &Statement) -> String {
        at.typed(self, "")
    }

    fn vjp<'t>(&self, _: &Call<'t>) -> Result<Cotangents<'t>, NoGradient> {
        Err(NoGradient("its result depends on bits, not on values"))
    }
}

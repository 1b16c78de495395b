//! What logits are divided by.

use hlo::Tensor;
use serde::{Deserialize, Serialize};

use crate::model::{Init, ParamSpec, Params};

/// The temperature τ that logits are divided by.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged, expecting = "the temperature is a number or { low = …, high = … }")]
pub enum Temperature {
    /// A fixed number, not trained.
    Fixed(f64),
    /// Learned within bounds: τ = low + (high − low)·σ(t), with t trained from 0.
    Learned {
        /// The lower bound.
        #[serde(default = "default_low")]
        low: f64,
        /// The upper bound.
        #[serde(default = "default_high")]
        high: f64,
    },
}

fn default_low() -> f64 {
    0.05
}

fn default_high() -> f64 {
    5.0
}

impl Default for Temperature {
    fn default() -> Self {
        Self::Learned { low: default_low(), high: default_high() }
    }
}

impl Temperature {
    /// The path of the parameter t behind a learned temperature.
    pub(crate) const NAME: &str = "head/temperature";

    /// τ on the host, of the parameter `t` where it is learned.
    pub(crate) fn at(self, t: f64) -> f64 {
        match self {
            Self::Fixed(value) => value,
            Self::Learned { low, high } => low + (high - low) / (1.0 + (-t).exp()),
        }
    }

    /// What is wrong with the setting, if anything.
    pub(crate) fn check(self) -> Result<(), &'static str> {
        match self {
            Self::Fixed(value) if !(value > 0.0 && value.is_finite()) => {
                Err("must be greater than 0")
            }
            Self::Learned { low, high } if !(low > 0.0 && high > low && high.is_finite()) => {
                Err("the bounds must be positive, `low` below `high`")
            }
            _ => Ok(()),
        }
    }

    /// The parameter, if it is learned.
    pub(super) fn params(self) -> Option<ParamSpec> {
        let init = Init::Constant(0.0);
        match self {
            Self::Fixed(_) => None,
            Self::Learned { .. } => {
                Some(ParamSpec { name: Self::NAME.to_owned(), shape: vec![], init })
            }
        }
    }

    /// τ, if it is learned.
    pub(super) fn learned<'t>(self, params: &Params<'t>) -> Option<Tensor<'t>> {
        match self {
            Self::Fixed(_) => None,
            Self::Learned { low, high } => {
                Some(low + (high - low) * params.get(Self::NAME).logistic())
            }
        }
    }

    /// 1 / τ as a scalar of the type of `like`.
    pub(super) fn inverse<'t>(self, params: &Params<'t>, like: Tensor<'t>) -> Tensor<'t> {
        match (self, self.learned(params)) {
            (_, Some(learned)) => 1.0 / learned.to(like.dtype()),
            (Self::Fixed(value), None) => like.trace().constant(1.0 / value, like.dtype()),
            (Self::Learned { .. }, None) => unreachable!("it is learned"),
        }
    }
}

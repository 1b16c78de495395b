//! Trunks: from an input to the pre-logits that a head classifies.

mod mlp;
mod vit;

use hlo::Tensor;
use serde::{Deserialize, Serialize};

use super::{ParamSpec, Params};

pub use mlp::Mlp;
pub use vit::Vit;

/// Settings of a trunk, `[model.trunk]` of a config.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Trunk {
    /// Dense layers, each followed by a rectifier.
    Mlp(Mlp),
    /// A vision transformer.
    Vit(Vit),
}

impl Trunk {
    /// The parameters for inputs of `features` numbers.
    pub fn params(&self, features: usize) -> Vec<ParamSpec> {
        match self {
            Self::Mlp(mlp) => mlp.params(features),
            Self::Vit(vit) => vit.params(features),
        }
    }

    /// The width D of the pre-logits for inputs of `features` numbers.
    pub fn width(&self, features: usize) -> usize {
        match self {
            Self::Mlp(mlp) => mlp.width(features),
            Self::Vit(vit) => vit.hidden,
        }
    }

    /// Pre-logits `[B, D]` of inputs `[B, features]`.
    pub fn pre_logits<'t>(&self, params: &Params<'t>, inputs: Tensor<'t>) -> Tensor<'t> {
        match self {
            Self::Mlp(mlp) => mlp.pre_logits(params, inputs),
            Self::Vit(vit) => vit.pre_logits(params, inputs),
        }
    }

    /// What is wrong with the settings by themselves, and the key that it is of, if anything.
    pub(crate) fn check(&self) -> Result<(), (&'static str, String)> {
        match self {
            Self::Mlp(mlp) => mlp.check(),
            Self::Vit(vit) => vit.check(),
        }
    }

    /// What is wrong with inputs of `features` numbers, if anything.
    pub(crate) fn check_features(&self, features: usize) -> Result<(), String> {
        match self {
            Self::Mlp(_) => Ok(()),
            Self::Vit(vit) => vit.check_features(features),
        }
    }
}

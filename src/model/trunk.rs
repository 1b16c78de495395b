//! Trunks: from an input to the pre-logits that a head classifies.

use hlo::Tensor;
use serde::{Deserialize, Serialize};

use super::{Init, ParamSpec, Params};

/// Settings of a trunk, `[model.trunk]` of a config.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Trunk {
    /// Dense layers, each followed by a rectifier.
    Mlp {
        /// The width of each layer. The last is the width D of the pre-logits.
        hidden: Vec<usize>,
    },
}

impl Trunk {
    /// The parameters for inputs of `features` numbers.
    pub fn params(&self, features: usize) -> Vec<ParamSpec> {
        let Self::Mlp { hidden } = self;
        let fan_in = std::iter::once(&features).chain(hidden);
        let layers = fan_in.zip(hidden).enumerate();
        layers
            .flat_map(|(i, (&fan_in, &width))| {
                ParamSpec::dense(&layer(i), fan_in, width, Init::LecunNormal, Init::Constant(0.0))
            })
            .collect()
    }

    /// The width D of the pre-logits for inputs of `features` numbers.
    pub fn width(&self, features: usize) -> usize {
        let Self::Mlp { hidden } = self;
        hidden.last().copied().unwrap_or(features)
    }

    /// Pre-logits `[B, D]` of inputs `[B, features]`.
    pub fn pre_logits<'t>(&self, params: &Params<'t>, inputs: Tensor<'t>) -> Tensor<'t> {
        let Self::Mlp { hidden } = self;
        (0..hidden.len()).fold(inputs, |x, i| params.dense(&layer(i), x).relu())
    }
}

fn layer(i: usize) -> String {
    format!("trunk/dense_{i}")
}

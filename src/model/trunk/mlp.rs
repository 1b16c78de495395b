//! A multilayer perceptron.

use std::iter;

use hlo::Tensor;
use serde::{Deserialize, Serialize};

use super::dropout::{self, Dropout};
use crate::model::{Init, ParamSpec, Params};

/// Dense layers, each followed by a rectifier.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mlp {
    /// The width of each layer. The last is the width D of the pre-logits.
    pub hidden: Vec<usize>,
    /// The probability with which training drops a number behind each rectifier.
    #[serde(default)]
    pub dropout: f64,
}

impl Mlp {
    pub(super) fn params(&self, features: usize) -> Vec<ParamSpec> {
        let fan_in = iter::once(&features).chain(&self.hidden);
        let layers = fan_in.zip(&self.hidden).enumerate();
        layers
            .flat_map(|(i, (&fan_in, &width))| {
                ParamSpec::dense(&layer(i), fan_in, width, Init::LecunNormal, Init::Constant(0.0))
            })
            .collect()
    }

    pub(super) fn width(&self, features: usize) -> usize {
        self.hidden.last().copied().unwrap_or(features)
    }

    pub(super) fn pre_logits<'t>(
        &self,
        params: &Params<'t>,
        inputs: Tensor<'t>,
        dropout: Option<Dropout<'t>>,
    ) -> Tensor<'t> {
        (0..self.hidden.len()).fold(inputs, |x, i| {
            let x = params.dense(&layer(i), x).relu();
            dropout.map_or(x, |dropout| dropout.apply(i as u32, x, self.dropout))
        })
    }

    pub(super) fn check(&self) -> Result<(), (&'static str, String)> {
        if self.hidden.contains(&0) {
            return Err(("hidden", "a layer has at least one unit".to_owned()));
        }
        dropout::check(self.dropout)
    }
}

fn layer(i: usize) -> String {
    format!("trunk/dense_{i}")
}

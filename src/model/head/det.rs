//! The deterministic head: one dense layer.

use hlo::Tensor;
use serde::{Deserialize, Serialize};

use super::{Draws, Head, Labels, Loss, Predictive};
use crate::model::{Init, ParamSpec, Params};

/// A dense layer without noise: `z = φ·W + b`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Det {
    /// Softmax or sigmoid.
    #[serde(default)]
    pub loss: Loss,
    /// The initial bias. The papers use −10 with the sigmoid loss.
    #[serde(default)]
    pub bias_init: f64,
}

impl Det {
    /// Logits `[B, 1, K]`: those of one sample without noise.
    fn logits<'t>(params: &Params<'t>, pre_logits: Tensor<'t>) -> Tensor<'t> {
        params.dense("head/loc", pre_logits).expand_dims(1)
    }
}

impl Head for Det {
    fn params(&self, width: usize, classes: usize) -> Vec<ParamSpec> {
        let (kernel, bias) = (Init::Constant(0.0), Init::Constant(self.bias_init));
        ParamSpec::dense("head/loc", width, classes, kernel, bias).into()
    }

    fn loss<'t>(
        &self,
        params: &Params<'t>,
        pre_logits: Tensor<'t>,
        labels: Labels<'t>,
        _: Draws<'t>,
    ) -> Tensor<'t> {
        self.loss.of_samples(Self::logits(params, pre_logits), labels)
    }

    fn watched<'t>(&self, _: &Params<'t>) -> Vec<(&'static str, Tensor<'t>)> {
        vec![]
    }

    fn predict<'t>(
        &self,
        params: &Params<'t>,
        pre_logits: Tensor<'t>,
        _: Draws<'t>,
    ) -> Predictive<'t> {
        self.loss.predictive(Self::logits(params, pre_logits))
    }
}

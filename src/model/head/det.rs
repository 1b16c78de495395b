//! The deterministic head: one dense layer.

use hlo::Tensor;
use serde::{Deserialize, Serialize};

use super::form::{Arrays, OfClasses};
use super::pre_logit_noise::Rows;
use super::streaming::{Streaming, wide};
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
    fn streaming<'t, T>(
        params: &Params<'t>,
        pre_logits: Tensor<'t>,
        loss: Loss,
        then: impl FnOnce(Streaming<'t, '_>) -> T,
    ) -> T {
        let dtype = wide(pre_logits.dtype());
        let arrays = Arrays {
            examples: vec![pre_logits],
            shared: vec![pre_logits.trace().constant(1.0, dtype)],
            kernels: vec![OfClasses { tensor: params.get("head/loc/kernel"), axis: 1 }],
            vectors: vec![OfClasses { tensor: params.get("head/loc/bias"), axis: 0 }],
        };
        then(Streaming::new(&Rows::Plain, arrays, loss, None))
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
        Self::streaming(params, pre_logits, self.loss, |streaming| streaming.loss(labels))
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
        Self::streaming(params, pre_logits, self.loss, |streaming| streaming.predict())
    }
}

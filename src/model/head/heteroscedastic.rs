//! HET-XL: heteroscedastic noise in the pre-logits (Collier et al., ICLR 2023).
//!
//! With pre-logits φ of width D, R factors and S samples, in the parameter-efficient form:
//!
//! ```text
//! d = softplus(φ·W_d + b_d) + 0.001          [B, D]     scale of the diagonal noise
//! v = φ·W_v + b_v                            [B, D]     scale of the factors
//! ε = v ∘ (η·V + c) + d ∘ ζ                  [B, S, D]  η ~ N(0, 1) [B, S, R]
//! z = (φ + ε)·W + b                          [B, S, K]
//! p = mean over S of softmax(z / τ)          [B, K]
//! ```
//!
//! V and c don't depend on the input. ζ is one number per sample or one per dimension, see
//! [`DiagNoise`]. In evaluation and prediction all examples share η and ζ, see
//! [`Draws`](super::Draws).

use hlo::Tensor;
use serde::{Deserialize, Serialize};

use super::form::{Arrays, OfClasses};
use super::noise::{Draws, Noise};
use super::plan::Plan;
use super::pre_logit_noise::{Pair, Rows};
use super::streaming::{Streaming, wide};
use super::temperature::Temperature;
use super::{Head, Labels, Loss, Predictive};
use crate::model::{Init, ParamSpec, Params};

/// The smallest scale of the diagonal noise.
const MIN_SCALE: f64 = 1e-3;

/// Settings of a head with noise.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Heteroscedastic {
    /// Softmax or sigmoid.
    #[serde(default)]
    pub loss: Loss,
    /// R, the rank of the covariance beside its diagonal. 0 leaves the diagonal noise alone.
    #[serde(default = "default_factors")]
    pub factors: usize,
    /// S, the Monte-Carlo samples of each example.
    #[serde(default = "default_samples")]
    pub samples: usize,
    /// The shape of the diagonal noise.
    #[serde(default)]
    pub diag_noise: DiagNoise,
    /// Whether the factors are one matrix for all examples, scaled by each, or a matrix that each
    /// example has of its own.
    #[serde(default = "yes")]
    pub parameter_efficient: bool,
    /// Whether the layer of the one matrix has a bias, as in the authors' code; without it the noise
    /// has the mean 0, as in the paper.
    #[serde(default = "yes")]
    pub factor_bias: bool,
    /// Whether the examples of a training batch share the same normal numbers.
    #[serde(default)]
    pub share_samples: bool,
    /// What the logits are divided by.
    #[serde(default)]
    pub temperature: Temperature,
    /// The initial bias of the logits. The papers use −10 with the sigmoid loss.
    #[serde(default)]
    pub bias_init: f64,
    /// The sizes of the parts that the head is evaluated in; chosen from the shapes where they aren't
    /// given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<Plan>,
}

impl Default for Heteroscedastic {
    fn default() -> Self {
        Self {
            loss: Loss::default(),
            factors: default_factors(),
            samples: default_samples(),
            diag_noise: DiagNoise::default(),
            parameter_efficient: true,
            factor_bias: true,
            share_samples: false,
            temperature: Temperature::default(),
            bias_init: 0.0,
            plan: None,
        }
    }
}

fn default_factors() -> usize {
    50
}

fn default_samples() -> usize {
    1000
}

fn yes() -> bool {
    true
}

/// How many standard normal numbers the diagonal part of the noise takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DiagNoise {
    /// One per sample, shared by all dimensions, as in the authors' JAX code: the covariance is
    /// that of the factors plus d·dᵀ.
    #[default]
    Scalar,
    /// One per sample and dimension, as in the paper's text: the covariance is that of the factors
    /// plus diag(d²).
    Independent,
}

impl Heteroscedastic {
    /// Logits over the temperature, `[B, S, K]`, as the paper writes them: what the streamed losses
    /// and predictions are compared with. They take as much memory as they look.
    pub fn naive_logits<'t>(
        &self,
        params: &Params<'t>,
        pre_logits: Tensor<'t>,
        noise: Noise<'t>,
    ) -> Tensor<'t> {
        let d = params.dense("head/diag", pre_logits).softplus() + MIN_SCALE;
        let mut epsilon = d.expand_dims(1) * noise.diag;
        if self.factors > 0 {
            epsilon = self.naive_factors(params, pre_logits, noise.factors) + epsilon;
        }
        let logits = params.dense("head/loc", pre_logits.expand_dims(1) + epsilon);
        logits * self.temperature.inverse(params, pre_logits)
    }

    fn naive_factors<'t>(
        &self,
        params: &Params<'t>,
        pre_logits: Tensor<'t>,
        eta: Tensor<'t>,
    ) -> Tensor<'t> {
        let scale = params.dense("head/scale", pre_logits);
        if self.parameter_efficient {
            let kernel = eta.matmul(params.get("head/factors/kernel"));
            let factors =
                if self.factor_bias { kernel + params.get("head/factors/bias") } else { kernel };
            return scale.expand_dims(1) * factors;
        }
        let [batch, width] = pre_logits.dims();
        let matrix = scale.reshape([batch, width, self.factors]);
        // `[B, 1, D, R]` by `[B, S, 1, R]`.
        (matrix.expand_dims(1) * eta.expand_dims(2)).sum(-1)
    }

    fn streaming<'t, T>(
        &self,
        params: &Params<'t>,
        pre_logits: Tensor<'t>,
        draws: Draws<'t>,
        then: impl FnOnce(Streaming<'t, '_>) -> T,
    ) -> T {
        let [batch, width] = pre_logits.dims();
        let kernel = params.get("head/loc/kernel");
        let dtype = wide(pre_logits.dtype());
        let dense = |name| params.dense(name, pre_logits).to(dtype);
        let mut examples = vec![pre_logits, dense("head/diag").softplus() + MIN_SCALE];
        let mut shared = vec![self.temperature.inverse(params, dense("head/diag"))];
        if self.factors > 0 {
            let scale = dense("head/scale");
            if self.parameter_efficient {
                examples.push(scale);
                shared.push(params.get("head/factors/kernel").to(dtype));
                if self.factor_bias {
                    shared.push(params.get("head/factors/bias").to(dtype));
                }
            } else {
                examples.push(scale.reshape([batch, width, self.factors]));
            }
        }
        let [diag, factors] = draws.normals();
        let scalar = self.diag_noise == DiagNoise::Scalar;
        let noise = Pair {
            diag,
            factors,
            diag_width: if scalar { 1 } else { width },
            rank: self.factors,
            samples: self.samples,
        };
        let rows = if scalar && self.samples > self.factors + 2 {
            Rows::Directions(noise)
        } else {
            Rows::Samples(noise)
        };
        let kernels = vec![OfClasses { tensor: kernel, axis: 1 }];
        let vectors = vec![OfClasses { tensor: params.get("head/loc/bias"), axis: 0 }];
        let arrays = Arrays { examples, shared, kernels, vectors };
        then(Streaming::new(&rows, arrays, self.loss, self.plan))
    }
}

impl Head for Heteroscedastic {
    fn params(&self, width: usize, classes: usize) -> Vec<ParamSpec> {
        let (normal, zero) = (Init::LecunNormal, Init::Constant(0.0));
        let bias = Init::Constant(self.bias_init);
        let mut params = Vec::from(ParamSpec::dense("head/loc", width, classes, normal, bias));
        params.extend(ParamSpec::dense("head/diag", width, width, normal, zero));
        if self.factors > 0 {
            let scales = if self.parameter_efficient { width } else { width * self.factors };
            params.extend(ParamSpec::dense("head/scale", width, scales, normal, zero));
            if self.parameter_efficient {
                let [kernel, bias] =
                    ParamSpec::dense("head/factors", self.factors, width, normal, zero);
                params.push(kernel);
                params.extend(self.factor_bias.then_some(bias));
            }
        }
        params.extend(self.temperature.params());
        params
    }

    fn loss<'t>(
        &self,
        params: &Params<'t>,
        pre_logits: Tensor<'t>,
        labels: Labels<'t>,
        draws: Draws<'t>,
    ) -> Tensor<'t> {
        let draws = if self.share_samples { draws.shared() } else { draws };
        self.streaming(params, pre_logits, draws, |streaming| streaming.loss(labels))
    }

    fn watched<'t>(&self, params: &Params<'t>) -> Vec<(&'static str, Tensor<'t>)> {
        self.temperature.learned(params).map(|it| ("temperature", it)).into_iter().collect()
    }

    fn predict<'t>(
        &self,
        params: &Params<'t>,
        pre_logits: Tensor<'t>,
        draws: Draws<'t>,
    ) -> Predictive<'t> {
        self.streaming(params, pre_logits, draws, |streaming| streaming.predict())
    }
}

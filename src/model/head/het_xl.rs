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

use hlo::random::Key;
use hlo::{DType, Tensor};
use serde::{Deserialize, Serialize};

use super::{Draws, Head, Labels, Loss, Predictive};
use crate::model::{Init, ParamSpec, Params};

/// The smallest scale of the diagonal noise.
const MIN_SCALE: f64 = 1e-3;

/// Settings of a HET-XL head.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HetXl {
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
    /// What the logits are divided by.
    #[serde(default)]
    pub temperature: Temperature,
    /// The initial bias of the logits. The papers use −10 with the sigmoid loss.
    #[serde(default)]
    pub bias_init: f64,
}

fn default_factors() -> usize {
    50
}

fn default_samples() -> usize {
    1000
}

fn default_low() -> f64 {
    0.05
}

fn default_high() -> f64 {
    5.0
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

impl Default for Temperature {
    fn default() -> Self {
        Self::Learned { low: default_low(), high: default_high() }
    }
}

impl Temperature {
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

    /// τ as a scalar tensor.
    fn value<'t>(self, params: &Params<'t>, like: Tensor<'t>) -> Tensor<'t> {
        match self {
            Self::Fixed(value) => like.trace().constant(value, like.dtype()),
            Self::Learned { low, high } => {
                low + (high - low) * params.get("head/temperature").logistic()
            }
        }
    }
}

/// The standard normal numbers behind the noise of a batch.
#[derive(Clone, Copy, Debug)]
pub struct Noise<'t> {
    /// η `[B, S, R]`, of the factors; `[1, S, R]` where all examples share it.
    pub factors: Tensor<'t>,
    /// ζ `[B, S, 1]` or `[B, S, D]`, of the diagonal; with 1 for B where all examples share it.
    pub diag: Tensor<'t>,
}

impl HetXl {
    /// Draws the noise of `batch` examples of width `width`; of one, where it is to be shared. The
    /// number for (example, sample, factor or dimension) depends on the key and on that position
    /// alone.
    pub fn noise<'t>(&self, key: Key<'t>, batch: usize, width: usize, dtype: DType) -> Noise<'t> {
        let [diag, factors] = key.split();
        let dims = match self.diag_noise {
            DiagNoise::Scalar => 1,
            DiagNoise::Independent => width,
        };
        Noise {
            factors: factors.normal(DType::F32, [batch, self.samples, self.factors]).to(dtype),
            diag: diag.normal(DType::F32, [batch, self.samples, dims]).to(dtype),
        }
    }

    /// The loss of each example, `[B]`, for given noise.
    pub fn loss_with_noise<'t>(
        &self,
        params: &Params<'t>,
        pre_logits: Tensor<'t>,
        labels: Labels<'t>,
        noise: Noise<'t>,
    ) -> Tensor<'t> {
        self.loss.of_samples(self.tempered_logits(params, pre_logits, noise), labels)
    }

    /// The predictive distribution of each example, for given noise.
    pub fn predict_with_noise<'t>(
        &self,
        params: &Params<'t>,
        pre_logits: Tensor<'t>,
        noise: Noise<'t>,
    ) -> Predictive<'t> {
        self.loss.predictive(self.tempered_logits(params, pre_logits, noise))
    }

    /// Logits over the temperature, `[B, S, K]`.
    fn tempered_logits<'t>(
        &self,
        params: &Params<'t>,
        pre_logits: Tensor<'t>,
        noise: Noise<'t>,
    ) -> Tensor<'t> {
        let d = params.dense("head/diag", pre_logits).softplus() + MIN_SCALE;
        let mut epsilon = d.expand_dims(1) * noise.diag;
        if self.factors > 0 {
            let v = params.dense("head/scale", pre_logits);
            epsilon = v.expand_dims(1) * params.dense("head/factors", noise.factors) + epsilon;
        }
        let logits = params.dense("head/loc", pre_logits.expand_dims(1) + epsilon);
        logits / self.temperature.value(params, pre_logits)
    }

    fn draw<'t>(&self, draws: Draws<'t>, pre_logits: Tensor<'t>) -> Noise<'t> {
        let [batch, width] = pre_logits.dims();
        let (key, batch) = match draws {
            Draws::PerExample(key) => (key, batch),
            Draws::Shared(key) => (key, 1),
        };
        self.noise(key, batch, width, pre_logits.dtype())
    }
}

impl Head for HetXl {
    fn params(&self, width: usize, classes: usize) -> Vec<ParamSpec> {
        let (normal, zero) = (Init::LecunNormal, Init::Constant(0.0));
        let bias = Init::Constant(self.bias_init);
        let mut params = Vec::from(ParamSpec::dense("head/loc", width, classes, normal, bias));
        params.extend(ParamSpec::dense("head/diag", width, width, normal, zero));
        if self.factors > 0 {
            params.extend(ParamSpec::dense("head/scale", width, width, normal, zero));
            params.extend(ParamSpec::dense("head/factors", self.factors, width, normal, zero));
        }
        if let Temperature::Learned { .. } = self.temperature {
            params.push(ParamSpec {
                name: "head/temperature".to_owned(),
                shape: vec![],
                init: zero,
            });
        }
        params
    }

    fn loss<'t>(
        &self,
        params: &Params<'t>,
        pre_logits: Tensor<'t>,
        labels: Labels<'t>,
        draws: Draws<'t>,
    ) -> Tensor<'t> {
        let noise = self.draw(draws, pre_logits);
        self.loss_with_noise(params, pre_logits, labels, noise)
    }

    fn watched<'t>(&self, params: &Params<'t>) -> Vec<(&'static str, Tensor<'t>)> {
        match self.temperature {
            Temperature::Fixed(_) => vec![],
            Temperature::Learned { .. } => {
                let like = params.get("head/temperature");
                vec![("temperature", self.temperature.value(params, like))]
            }
        }
    }

    fn predict<'t>(
        &self,
        params: &Params<'t>,
        pre_logits: Tensor<'t>,
        draws: Draws<'t>,
    ) -> Predictive<'t> {
        let noise = self.draw(draws, pre_logits);
        self.predict_with_noise(params, pre_logits, noise)
    }
}

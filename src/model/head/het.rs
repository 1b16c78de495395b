//! HET: heteroscedastic noise in the logits (Collier et al., CVPR 2021), and HET-H, which hashes
//! classes into buckets that share it.
//!
//! With pre-logits φ of width D, R factors and S samples, in the parameter-efficient form, n being K:
//!
//! ```text
//! d = softplus(φ·W_d + b_d) + 0.001          [B, n]     scale of the diagonal noise
//! v = φ·W_v + b_v                            [B, n]     scale of the factors
//! ε = v ∘ (η·V + c) + d ∘ ζ                  [B, S, n]  η ~ N(0, 1) [B, S, R]
//! z = φ·W + b + ε                            [B, S, K]
//! p = mean over S of softmax(z / τ)          [B, K]
//! ```
//!
//! HET-H has n = H buckets, and `z_k = φ·w_k + b_k ± ε_h(k)` for the bucket h(k) and the sign of a
//! [`ClassHash`](super::ClassHash). The paper on HET-XL compares with a HET-H whose definition we could
//! not read; this one fits its name.

use hlo::{DType, Tensor};
use serde::{Deserialize, Serialize};

use super::form::{Arrays, OfClasses};
use super::heteroscedastic::{DiagNoise, Heteroscedastic};
use super::logit_noise::LogitNoise;
use super::noise::{Draws, Noise};
use super::streaming::Streaming;
use super::{Head, Labels, Predictive};
use crate::model::{ParamSpec, Params};

/// Noise in the logits: HET, or HET-H where the settings have a hash.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Het(pub Heteroscedastic);

impl Het {
    /// n, the width of the noise: K or H.
    fn noise_width(&self, classes: usize) -> usize {
        self.0.hash.map_or(classes, |hash| hash.buckets as usize)
    }

    /// Logits over the temperature, `[B, S, K]`, as the paper writes them: what the streamed losses
    /// and predictions are compared with. They take as much memory as they look.
    pub fn naive_logits<'t>(
        &self,
        params: &Params<'t>,
        pre_logits: Tensor<'t>,
        noise: Noise<'t>,
    ) -> Tensor<'t> {
        let mut epsilon = self.0.naive_noise(params, pre_logits, noise);
        let mean = params.dense("head/loc", pre_logits);
        if let Some(hash) = self.0.hash {
            let classes = mean.trace().iota(DType::S32, [mean.shape()[1]], 0);
            epsilon = epsilon.take(hash.buckets(classes), -1);
            if let Some(signs) = hash.signs(classes, mean.dtype()) {
                epsilon = epsilon * signs;
            }
        }
        let logits = mean.expand_dims(1) + epsilon;
        logits * self.0.inverse_temperature(params, pre_logits)
    }

    fn streaming<'t, T>(
        &self,
        params: &Params<'t>,
        pre_logits: Tensor<'t>,
        draws: Draws<'t>,
        samples: usize,
        then: impl FnOnce(Streaming<'t, '_>) -> T,
    ) -> T {
        let settings = &self.0;
        let bias = params.get("head/loc/bias");
        let width = self.noise_width(bias.shape()[0]);
        let arrays = match settings.hash {
            Some(_) => settings.arrays(params, pre_logits, width),
            None => self.of_classes(params, pre_logits, width),
        };
        let [diag, factors] = draws.normals();
        let noise = LogitNoise {
            diag,
            factors,
            scalar: settings.diag_noise == DiagNoise::Scalar,
            width,
            rank: settings.factors,
            samples,
            efficient: settings.parameter_efficient,
            hash: settings.hash,
        };
        then(Streaming::new(&noise, arrays, settings.loss, settings.plan))
    }

    /// The arrays of [`LogitNoise`] where each class has its own.
    fn of_classes<'t>(
        &self,
        params: &Params<'t>,
        pre_logits: Tensor<'t>,
        classes: usize,
    ) -> Arrays<'t> {
        let settings = &self.0;
        let kernel = |name: &str| params.get(&format!("head/{name}/kernel"));
        let bias = |name: &str| params.get(&format!("head/{name}/bias"));
        let along = |axis: usize| move |tensor| OfClasses { tensor, axis };
        let mut kernels = vec![kernel("loc"), kernel("diag")];
        let mut vectors: Vec<_> = [bias("loc"), bias("diag")].map(along(0)).into();
        if settings.factors > 0 {
            let (scale, scale_bias) = (kernel("scale"), bias("scale"));
            if settings.parameter_efficient {
                kernels.push(scale);
                vectors.push(along(0)(scale_bias));
                vectors.push(along(1)(kernel("factors")));
                vectors.extend(settings.factor_bias.then(|| along(0)(bias("factors"))));
            } else {
                let [width, rank] = [scale.shape()[0], settings.factors];
                kernels.push(scale.reshape([width, classes, rank]));
                vectors.push(along(0)(scale_bias.reshape([classes, rank])));
            }
        }
        Arrays {
            examples: vec![pre_logits],
            shared: vec![settings.inverse_temperature(params, pre_logits)],
            kernels: kernels.into_iter().map(along(1)).collect(),
            vectors,
        }
    }
}

impl Head for Het {
    fn params(&self, width: usize, classes: usize) -> Vec<ParamSpec> {
        self.0.params_of(width, classes, self.noise_width(classes))
    }

    fn loss<'t>(
        &self,
        params: &Params<'t>,
        pre_logits: Tensor<'t>,
        labels: Labels<'t>,
        draws: Draws<'t>,
    ) -> Tensor<'t> {
        let (draws, samples) = (self.0.training_draws(draws), self.0.samples);
        self.streaming(params, pre_logits, draws, samples, |streaming| streaming.loss(labels))
    }

    fn watched<'t>(&self, params: &Params<'t>) -> Vec<(&'static str, Tensor<'t>)> {
        self.0.watched(params)
    }

    fn predict<'t>(
        &self,
        params: &Params<'t>,
        pre_logits: Tensor<'t>,
        draws: Draws<'t>,
    ) -> Predictive<'t> {
        let width = self.noise_width(params.get("head/loc/bias").shape()[0]);
        self.0.predict_by(params, pre_logits, draws, width, |draws, samples| {
            self.streaming(params, pre_logits, draws, samples, |streaming| streaming.predict())
        })
    }
}

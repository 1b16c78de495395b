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

use hlo::{DType, Tensor};
use serde::{Deserialize, Serialize};

use super::det::Det;
use super::estimator::{Backward, Estimator};
use super::form::{Arrays, Form, OfClasses};
use super::hash::ClassHash;
use super::noise::{Draws, Noise};
use super::plan::Plan;
use super::pre_logit_noise::{Pair, Rows};
use super::quadrature::Quadrature;
use super::streaming::{Chosen, Streaming, wide};
use super::temperature::Temperature;
use super::{Head, Labels, Loss, Predictive};
use crate::model::{Init, ParamSpec, Params};

/// The smallest scale of the diagonal noise.
pub(super) const MIN_SCALE: f64 = 1e-3;

/// Settings of a head with noise. As a [`Head`] it is HET-XL; [`Het`](super::Het) has the same
/// settings.
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
    /// S in evaluation and prediction, where it is another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub eval_samples: Option<usize>,
    /// What evaluation and prediction are made from.
    #[serde(default)]
    pub eval_logits: EvalLogits,
    /// The shape of the diagonal noise.
    #[serde(default)]
    pub diag_noise: DiagNoise,
    /// How the samples are drawn.
    #[serde(default)]
    pub estimator: Estimator,
    /// Which samples the gradient of the loss goes through.
    #[serde(default)]
    pub backward: Backward,
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
    /// The variance of the initial kernels of the layers of d and v, or V(x), times their fan-in,
    /// where it isn't 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub covariance_init_scale: Option<f64>,
    /// Whether all layers are 0 at first but for the bias of the logits, as in the authors' code where
    /// it goes on from a checkpoint with other classes. Parameter-efficient factors stay 0 then: the
    /// gradients of v and of V have each other as a factor.
    #[serde(default)]
    pub fine_tune: bool,
    /// HET-H alone: how classes are put into buckets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hash: Option<ClassHash>,
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
            eval_samples: None,
            eval_logits: EvalLogits::default(),
            diag_noise: DiagNoise::default(),
            estimator: Estimator::default(),
            backward: Backward::default(),
            parameter_efficient: true,
            factor_bias: true,
            share_samples: false,
            temperature: Temperature::default(),
            bias_init: 0.0,
            covariance_init_scale: None,
            fine_tune: false,
            hash: None,
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

/// What evaluation and prediction are made from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EvalLogits {
    /// Samples of the noise, as in training.
    #[default]
    Sampled,
    /// The mean of the logits over the temperature, without noise.
    Mean,
    /// The layer of the logits alone, φ·W + b, over no temperature: `return_locs` of the authors'
    /// code.
    Locs,
}

impl Heteroscedastic {
    /// The standard normal numbers behind every sample of pre-logits `[B, D]`, as the estimator makes
    /// them of what is drawn, for [`Heteroscedastic::naive_logits`]. The quadrature draws none; these
    /// are then of independent samples.
    pub fn noise<'t>(&self, pre_logits: Tensor<'t>, draws: Draws<'t>) -> Noise<'t> {
        let [batch, width] = pre_logits.dims();
        let first = pre_logits.trace().constant(0, DType::S32);
        self.pair(width, draws, self.samples).all(batch, first, wide(pre_logits.dtype()))
    }

    /// Logits over the temperature, `[B, S, K]`, as the paper writes them: what the streamed losses
    /// and predictions are compared with. They take as much memory as they look.
    pub fn naive_logits<'t>(
        &self,
        params: &Params<'t>,
        pre_logits: Tensor<'t>,
        noise: Noise<'t>,
    ) -> Tensor<'t> {
        let epsilon = self.naive_noise(params, pre_logits, noise);
        let logits = params.dense("head/loc", pre_logits.expand_dims(1) + epsilon);
        logits * self.inverse_temperature(params, pre_logits)
    }

    /// The noise of every sample, `[B, S, n]`.
    pub(super) fn naive_noise<'t>(
        &self,
        params: &Params<'t>,
        pre_logits: Tensor<'t>,
        noise: Noise<'t>,
    ) -> Tensor<'t> {
        let d = scale(params, pre_logits);
        let diag = d.expand_dims(1) * noise.diag;
        if self.factors == 0 {
            return diag;
        }
        self.naive_factors(params, pre_logits, noise.factors) + diag
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
        let [batch, columns] = scale.dims();
        let matrix = scale.reshape([batch, columns / self.factors, self.factors]);
        // `[B, 1, n, R]` by `[B, S, 1, R]`.
        (matrix.expand_dims(1) * eta.expand_dims(2)).sum(-1)
    }

    fn pair<'t>(&self, width: usize, draws: Draws<'t>, samples: usize) -> Pair<'t> {
        let [diag, factors] = draws.normals();
        Pair {
            diag,
            factors,
            diag_width: if self.diag_noise == DiagNoise::Scalar { 1 } else { width },
            rank: self.factors,
            samples,
            // One sample is that of the mean, whatever the estimator.
            estimator: if samples == 1 { Estimator::Iid } else { self.estimator },
        }
    }

    /// 1 / τ for logits of these pre-logits.
    pub(super) fn inverse_temperature<'t>(
        &self,
        params: &Params<'t>,
        pre_logits: Tensor<'t>,
    ) -> Tensor<'t> {
        self.temperature.inverse(params, pre_logits.to(wide(pre_logits.dtype())))
    }

    /// The arrays of a head whose noise has `n` dimensions, whatever the classes: of the examples φ, d
    /// `[B, n]` and, with factors, v `[B, n]` or V(x) `[B, n, R]`; shared 1/τ and, where v scales them,
    /// V `[R, n]` and, with a bias, c `[n]`; of the classes W and b.
    pub(super) fn arrays<'t>(
        &self,
        params: &Params<'t>,
        pre_logits: Tensor<'t>,
        n: usize,
    ) -> Arrays<'t> {
        let dtype = wide(pre_logits.dtype());
        let dense = |name| params.dense(name, pre_logits.to(dtype));
        let mut examples = vec![pre_logits, dense("head/diag").softplus() + MIN_SCALE];
        let mut shared = vec![self.inverse_temperature(params, pre_logits)];
        if self.factors > 0 {
            let scale = dense("head/scale");
            if self.parameter_efficient {
                examples.push(scale);
                shared.push(params.get("head/factors/kernel").to(dtype));
                if self.factor_bias {
                    shared.push(params.get("head/factors/bias").to(dtype));
                }
            } else {
                examples.push(scale.reshape([pre_logits.shape()[0], n, self.factors]));
            }
        }
        let kernels = vec![OfClasses { tensor: params.get("head/loc/kernel"), axis: 1 }];
        let vectors = vec![OfClasses { tensor: params.get("head/loc/bias"), axis: 0 }];
        Arrays { examples, shared, kernels, vectors }
    }

    /// The parameters where the noise has `n` dimensions.
    pub(super) fn params_of(&self, width: usize, classes: usize, n: usize) -> Vec<ParamSpec> {
        let zero = Init::Constant(0.0);
        let kernel = |scale| {
            if self.fine_tune { zero } else { Init::VarianceScaling { scale } }
        };
        let (normal, of_noise) = (kernel(1.0), kernel(self.covariance_init_scale.unwrap_or(1.0)));
        let bias = Init::Constant(self.bias_init);
        let mut params = Vec::from(ParamSpec::dense("head/loc", width, classes, normal, bias));
        params.extend(ParamSpec::dense("head/diag", width, n, of_noise, zero));
        if self.factors > 0 {
            let scales = if self.parameter_efficient { n } else { n * self.factors };
            params.extend(ParamSpec::dense("head/scale", width, scales, of_noise, zero));
            if self.parameter_efficient {
                let [kernel, bias] =
                    ParamSpec::dense("head/factors", self.factors, n, normal, zero);
                params.push(kernel);
                params.extend(self.factor_bias.then_some(bias));
            }
        }
        params.extend(self.temperature.params());
        params
    }

    /// What is wrong with the settings, if anything: the key and the problem.
    pub(super) fn check(&self) -> Result<(), (&'static str, &'static str)> {
        if self.samples == 0 {
            return Err(("samples", "at least one sample is needed"));
        }
        self.estimator.check(self, self.samples).map_err(|problem| ("estimator", problem))?;
        self.backward.check(self).map_err(|problem| ("backward", problem))?;
        if let Some(samples) = self.eval_samples {
            self.estimator.check(self, samples).map_err(|problem| ("eval_samples", problem))?;
        }
        match (self.eval_samples, self.eval_logits) {
            (Some(0), _) => return Err(("eval_samples", "at least one sample is needed")),
            (Some(_), EvalLogits::Mean | EvalLogits::Locs) => {
                return Err(("eval_samples", "only eval_logits = \"sampled\" has samples"));
            }
            _ => {}
        }
        match self.covariance_init_scale {
            Some(scale) if !(scale > 0.0 && scale.is_finite()) => {
                return Err(("covariance_init_scale", "must be greater than 0"));
            }
            Some(_) if self.fine_tune => {
                let problem = "fine_tune makes these layers 0: give one of the two";
                return Err(("covariance_init_scale", problem));
            }
            _ => {}
        }
        if self.hash.is_some_and(|hash| hash.buckets == 0) {
            return Err(("hash", "at least one bucket is needed"));
        }
        if self.plan.is_some_and(|plan| plan.examples == 0 || plan.classes == 0) {
            return Err(("plan", "a part has at least one example and one class"));
        }
        self.temperature.check().map_err(|problem| ("temperature", problem))
    }

    /// Which noise a training batch gets.
    pub(super) fn training_draws<'t>(&self, draws: Draws<'t>) -> Draws<'t> {
        if self.share_samples { draws.shared() } else { draws }
    }

    /// The predictive distribution by [`Heteroscedastic::eval_logits`], where the noise has `n`
    /// dimensions and `sampled` makes it of so many samples.
    pub(super) fn predict_by<'t>(
        &self,
        params: &Params<'t>,
        pre_logits: Tensor<'t>,
        draws: Draws<'t>,
        n: usize,
        sampled: impl FnOnce(Draws<'t>, usize) -> Predictive<'t>,
    ) -> Predictive<'t> {
        match self.eval_logits {
            EvalLogits::Sampled => sampled(draws, self.eval_samples.unwrap_or(self.samples)),
            EvalLogits::Mean => {
                // One sample whose normal numbers are all 0.
                let dtype = wide(pre_logits.dtype());
                let zeros = |width| pre_logits.trace().full(0.0, dtype, [1, 1, width]);
                let diag = zeros(if self.diag_noise == DiagNoise::Scalar { 1 } else { n });
                sampled(Draws::Given(Noise { factors: zeros(self.factors), diag }), 1)
            }
            EvalLogits::Locs => {
                Det { loss: self.loss, ..Det::default() }.predict(params, pre_logits, draws)
            }
        }
    }

    fn streaming<'t, T>(
        &self,
        params: &Params<'t>,
        pre_logits: Tensor<'t>,
        draws: Draws<'t>,
        samples: usize,
        then: impl FnOnce(Streaming<'t, '_>) -> T,
    ) -> T {
        let [_, width] = pre_logits.dims();
        let arrays = self.arrays(params, pre_logits, width);
        let noise = self.pair(width, draws, samples);
        let rows = Rows::of(noise);
        let quadrature = Quadrature::new(self.factors, self.diag_noise == DiagNoise::Scalar);
        let form: &dyn Form<'t> =
            if noise.estimator == Estimator::Quadrature { &quadrature } else { &rows };
        let streaming = Streaming::new(form, arrays, self.loss, self.plan);
        then(match self.backward {
            Backward::Exact => streaming,
            Backward::Sampled(count) => streaming.through(Chosen { of: &rows, count, draws }),
        })
    }
}

/// The standard deviation of the diagonal part of the noise, `[B, n]`.
pub(super) fn scale<'t>(params: &Params<'t>, pre_logits: Tensor<'t>) -> Tensor<'t> {
    params.dense("head/diag", pre_logits).softplus() + MIN_SCALE
}

impl Head for Heteroscedastic {
    fn params(&self, width: usize, classes: usize) -> Vec<ParamSpec> {
        self.params_of(width, classes, width)
    }

    fn loss<'t>(
        &self,
        params: &Params<'t>,
        pre_logits: Tensor<'t>,
        labels: Labels<'t>,
        draws: Draws<'t>,
    ) -> Tensor<'t> {
        let draws = self.training_draws(draws);
        self.streaming(params, pre_logits, draws, self.samples, |streaming| streaming.loss(labels))
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
        let [_, width] = pre_logits.dims();
        self.predict_by(params, pre_logits, draws, width, |draws, samples| {
            self.streaming(params, pre_logits, draws, samples, |streaming| streaming.predict())
        })
    }
}

//! Heads: from pre-logits to a loss and to predictive probabilities.

mod bernoulli;
mod det;
mod estimator;
mod form;
mod hash;
mod het;
mod heteroscedastic;
mod logit_noise;
mod noise;
mod plan;
mod pre_logit_noise;
mod predictive;
mod quadrature;
mod streaming;
mod temperature;

use hlo::Tensor;
use serde::{Deserialize, Serialize};

use super::{ParamSpec, Params};

pub use det::Det;
pub use estimator::{Backward, Estimator};
pub use hash::ClassHash;
pub use het::Het;
pub use heteroscedastic::{DiagNoise, EvalLogits, Heteroscedastic};
pub use noise::{Draws, Noise};
pub use plan::Plan;
pub use predictive::Predictive;
pub use temperature::Temperature;

/// A classifier on pre-logits `[B, D]` over K classes.
pub trait Head {
    /// The parameters for pre-logits of `width` D and `classes` K.
    fn params(&self, width: usize, classes: usize) -> Vec<ParamSpec>;

    /// The mean of the examples' losses, in nats. `draws` decides the noise, if the head has any.
    fn loss<'t>(
        &self,
        params: &Params<'t>,
        pre_logits: Tensor<'t>,
        labels: Labels<'t>,
        draws: Draws<'t>,
    ) -> Tensor<'t>;

    /// Scalars worth watching while training, by name.
    fn watched<'t>(&self, params: &Params<'t>) -> Vec<(&'static str, Tensor<'t>)>;

    /// The predictive distribution of each example.
    fn predict<'t>(
        &self,
        params: &Params<'t>,
        pre_logits: Tensor<'t>,
        draws: Draws<'t>,
    ) -> Predictive<'t>;
}

/// What the examples of a batch are.
#[derive(Clone, Copy, Debug)]
pub enum Labels<'t> {
    /// One class each: `[B]` of `s32`.
    Classes(Tensor<'t>),
    /// A weight for every class: `[B, K]` of floats, 0 or 1 for multi-label data.
    Targets(Tensor<'t>),
}

/// What turns logits into probabilities, and the loss that goes with it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Loss {
    /// One class is right: softmax and cross-entropy.
    #[default]
    Softmax,
    /// Any number of classes is right: sigmoid and binary cross-entropy, summed over classes.
    Sigmoid,
}

impl Loss {
    /// The loss of each example, `[B]`, from logits `[B, S, K]`: minus the log of the probability
    /// that is the mean over the S samples, computed as a log-sum-exp and so never clipped.
    /// Source: methods of Collier et al., with the clip at 1e-7 of their code left out.
    pub fn of_samples<'t>(self, logits: Tensor<'t>, labels: Labels<'t>) -> Tensor<'t> {
        let [batch, samples, classes] = logits.dims();
        match (self, labels) {
            (Self::Softmax, Labels::Classes(labels)) => {
                let labels = labels.expand_dims(-1).broadcast_to([batch, samples]);
                -log_mean_exp(logits.pick(labels) - logits.logsumexp(-1))
            }
            (Self::Softmax, Labels::Targets(targets)) => {
                -(targets * log_mean_exp(logits.log_softmax(-1))).sum(-1)
            }
            (Self::Sigmoid, labels) => {
                let targets = match labels {
                    Labels::Classes(labels) => labels.one_hot(classes, logits.dtype()),
                    Labels::Targets(targets) => targets,
                };
                let on = log_mean_exp(logits.log_sigmoid());
                let off = log_mean_exp((-logits).log_sigmoid());
                -(targets * on + (1.0 - targets) * off).sum(-1)
            }
        }
    }

    /// The predictive distribution from logits `[B, S, K]`.
    pub fn predictive<'t>(self, logits: Tensor<'t>) -> Predictive<'t> {
        match self {
            Self::Softmax => Predictive {
                log_probabilities: log_mean_exp(logits.log_softmax(-1)),
                log_complements: None,
            },
            Self::Sigmoid => Predictive {
                log_probabilities: log_mean_exp(logits.log_sigmoid()),
                log_complements: Some(log_mean_exp((-logits).log_sigmoid())),
            },
        }
    }
}

/// The log of the mean of `eˣ` over the samples: `[B, S]` → `[B]`, `[B, S, K]` → `[B, K]`.
fn log_mean_exp(x: Tensor<'_>) -> Tensor<'_> {
    let samples = x.shape().get(1).copied().unwrap_or(1);
    x.logsumexp(1) - (samples as f64).ln()
}

/// Settings of a head, `[model.head]` of a config.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum HeadConfig {
    /// A dense layer without noise.
    Det(Det),
    /// Heteroscedastic noise in the logits.
    Het(Het),
    /// The same, shared by classes in buckets.
    HetH(Het),
    /// Heteroscedastic noise in the pre-logits.
    HetXl(Heteroscedastic),
}

impl HeadConfig {
    /// The head with these settings.
    pub fn head(&self) -> &dyn Head {
        match self {
            Self::Det(head) => head,
            Self::Het(head) | Self::HetH(head) => head,
            Self::HetXl(head) => head,
        }
    }

    /// The settings of the noise, if the head has any.
    fn noise(&self) -> Option<&Heteroscedastic> {
        match self {
            Self::Det(_) => None,
            Self::Het(Het(settings)) | Self::HetH(Het(settings)) | Self::HetXl(settings) => {
                Some(settings)
            }
        }
    }

    /// Whether there is noise.
    pub fn has_noise(&self) -> bool {
        self.noise().is_some()
    }

    /// The standard deviation d(x) of the diagonal part of the noise, `[B, n]`, of pre-logits
    /// `[B, D]`; `None` of a head without noise.
    pub(crate) fn noise_scale<'t>(
        &self,
        params: &Params<'t>,
        pre_logits: Tensor<'t>,
    ) -> Option<Tensor<'t>> {
        self.has_noise().then(|| heteroscedastic::scale(params, pre_logits))
    }

    /// How classes are put into buckets, if they are.
    pub fn hash(&self) -> Option<ClassHash> {
        self.noise()?.hash
    }

    /// The temperature of the head, and the head that predicts the same from weights and biases of the
    /// logits that are divided by it; or why there is none.
    pub(crate) fn without_temperature(&self) -> Result<(Temperature, Self), &'static str> {
        match self {
            Self::Det(_) => Err("det has none"),
            Self::Het(_) | Self::HetH(_) => Err(
                "the scale of noise in the logits has a floor of 0.001 besides its weights, which would \
                 have to be divided, too",
            ),
            Self::HetXl(settings) if settings.eval_logits == EvalLogits::Locs => {
                Err("eval_logits = \"locs\" leaves it out")
            }
            Self::HetXl(settings) => {
                let temperature = Temperature::Fixed(1.0);
                let without = Heteroscedastic { temperature, ..settings.clone() };
                Ok((settings.temperature, Self::HetXl(without)))
            }
        }
    }

    /// What is wrong with the settings, if anything: the key and the problem.
    pub(crate) fn check(&self) -> Result<(), (&'static str, &'static str)> {
        let Some(settings) = self.noise() else { return Ok(()) };
        match (self, settings.hash) {
            (Self::HetH(_), None) => {
                return Err(("hash", "het-h needs one, such as { buckets = 1024 }"));
            }
            (Self::HetH(_), Some(_)) | (_, None) => {}
            (_, Some(_)) => return Err(("hash", "only het-h puts classes into buckets")),
        }
        if let Self::Het(_) | Self::HetH(_) = self {
            if settings.estimator != Estimator::Iid {
                let problem =
                    "is for het-xl: samples of noise in the logits take no products to spare";
                return Err(("estimator", problem));
            }
            if settings.backward != Backward::Exact {
                return Err(("backward", "sampling is for het-xl"));
            }
        }
        settings.check()
    }
}

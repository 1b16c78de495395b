//! Heads: from pre-logits to a loss and to predictive probabilities.

mod det;
mod het_xl;

use hlo::random::Key;
use hlo::{DType, Tensor};
use serde::{Deserialize, Serialize};

use super::{ParamSpec, Params};

pub use det::Det;
pub use het_xl::{DiagNoise, HetXl, Noise, Temperature};

/// A classifier on pre-logits `[B, D]` over K classes.
pub trait Head {
    /// The parameters for pre-logits of `width` D and `classes` K.
    fn params(&self, width: usize, classes: usize) -> Vec<ParamSpec>;

    /// The loss of each example, `[B]`, in nats. `draws` decides the noise, if the head has any.
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

/// Which noise the examples of a batch get.
#[derive(Clone, Copy, Debug)]
pub enum Draws<'t> {
    /// Each example its own, decided by its position in the batch: for training.
    PerExample(Key<'t>),
    /// All the same, so that what is said of an example hangs on that example alone and on no
    /// batch that it happens to be in: for evaluation and prediction.
    Shared(Key<'t>),
}

/// What the examples of a batch are.
#[derive(Clone, Copy, Debug)]
pub enum Labels<'t> {
    /// One class each: `[B]` of `s32`.
    Classes(Tensor<'t>),
    /// A weight for every class: `[B, K]` of floats, 0 or 1 for multi-label data.
    Targets(Tensor<'t>),
}

/// Predictive probabilities of a batch.
#[derive(Clone, Copy, Debug)]
pub struct Predictive<'t> {
    /// ln p, `[B, K]`. Softmax: a distribution over classes. Sigmoid: one probability per class.
    pub log_probabilities: Tensor<'t>,
    /// Softmax: ln p. Sigmoid: ln p − ln(1 − p). `[B, K]`; the largest is the prediction.
    pub logits: Tensor<'t>,
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
    fn of_samples<'t>(self, logits: Tensor<'t>, labels: Labels<'t>) -> Tensor<'t> {
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
    fn predictive<'t>(self, logits: Tensor<'t>) -> Predictive<'t> {
        match self {
            Self::Softmax => {
                let log_probabilities = log_mean_exp(logits.log_softmax(-1));
                Predictive { log_probabilities, logits: log_probabilities }
            }
            Self::Sigmoid => {
                let on = log_mean_exp(logits.log_sigmoid());
                let off = log_mean_exp((-logits).log_sigmoid());
                Predictive { log_probabilities: on, logits: on - off }
            }
        }
    }
}

/// The log of the mean of `eˣ` over the samples: `[B, S]` → `[B]`, `[B, S, K]` → `[B, K]`.
fn log_mean_exp(x: Tensor<'_>) -> Tensor<'_> {
    let samples = x.shape().get(1).copied().unwrap_or(1);
    x.logsumexp(1) - (samples as f64).ln()
}

impl<'t> Predictive<'t> {
    /// How many classes come before the label, `[B]` of `s32`: 0 where the prediction is right.
    /// Of equal logits the one with the smaller index comes first.
    pub fn rank(&self, labels: Tensor<'t>) -> Tensor<'t> {
        let mine = self.logits.pick(labels).expand_dims(-1);
        let class = labels.trace().iota(DType::S32, self.logits.shape(), -1);
        let tied_before = self.logits.equal(mine) & class.less(labels.expand_dims(-1));
        (self.logits.greater(mine) | tied_before).to(DType::S32).sum(-1)
    }

    /// The probability of the prediction, `[B]`: the largest of the softmax of the logits, also for
    /// a sigmoid head, as the calibration error is defined for both.
    pub fn confidence(&self) -> Tensor<'t> {
        self.logits.log_softmax(-1).max(-1).exp()
    }
}

/// Settings of a head, `[model.head]` of a config.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum HeadConfig {
    /// A dense layer without noise.
    Det(Det),
    /// Heteroscedastic noise in the pre-logits.
    HetXl(HetXl),
}

impl HeadConfig {
    /// The head with these settings.
    pub fn head(&self) -> &dyn Head {
        match self {
            Self::Det(head) => head,
            Self::HetXl(head) => head,
        }
    }
}

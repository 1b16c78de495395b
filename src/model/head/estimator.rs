//! Estimators: how the samples of one example hang together, and through which of them gradients go.
//!
//! Every sample of every estimator has the distribution N(0, Σ(x)) that the head states, so that the
//! mean of the samples' probabilities has the same expectation for all of them. What differs is how
//! far that mean strays for as many rows that are multiplied by the classes' kernel.

use hlo::{DType, Tensor};
use serde::{Deserialize, Serialize};

use super::{DiagNoise, Heteroscedastic, Loss};

/// How the S samples of an example are drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Estimator {
    /// Independently of each other, as in the papers.
    #[default]
    Iid,
    /// In pairs `μ ± e` around the mean, which share the products with the classes' kernel: half as
    /// many rows as samples, and one. What is linear in the noise cancels.
    Antithetic,
    /// In such pairs, with the vectors of η behind an example's pairs at right angles to each other,
    /// as many at a time as there are dimensions. Scalar diagonal noise is one dimension more of
    /// them; independent diagonal noise has so many that its vectors are nearly so by themselves.
    Orthogonal,
    /// As [`Estimator::Orthogonal`], with the factors projected once for all samples, and with few
    /// rows of independent diagonal noise, which take turns: R + 1 + `diag_rows` rows, whatever S.
    FactorExact {
        /// The rows of diagonal noise of an example.
        #[serde(default = "default_diag_rows")]
        diag_rows: usize,
    },
    /// None: the limit of infinitely many samples, for the sigmoid, whose loss hangs on each class's
    /// mean and variance alone, by a quadrature over one normal number. S is not used.
    Quadrature,
}

fn default_diag_rows() -> usize {
    4
}

/// Which samples the gradient of a training loss goes through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Backward {
    /// All of them.
    #[default]
    Exact,
    /// So many of each example, drawn with the probability that is their share in the label's
    /// probability; the mean over the draws is the exact gradient. For the softmax of one class per
    /// example; with a weight for every class the gradient is exact.
    Sampled(usize),
}

impl Estimator {
    /// What is wrong with the setting, if anything.
    pub(super) fn check(self, head: &Heteroscedastic, samples: usize) -> Result<(), &'static str> {
        if self.pairs() && samples % 2 == 1 {
            return Err("the estimator makes samples in pairs: their number must be even");
        }
        let scalar = head.diag_noise == DiagNoise::Scalar;
        match self {
            Self::Orthogonal | Self::FactorExact { .. } if head.factors == 0 => Err(
                "the estimator needs model.head.factors of at least 1: without factors take \"antithetic\"",
            ),
            Self::FactorExact { .. } if scalar => Err(
                "factor-exact is for independent diagonal noise: with a scalar one take \"orthogonal\", \
                     which then projects the factors once, too",
            ),
            Self::FactorExact { diag_rows } if !(1..=samples / 2).contains(&diag_rows) => {
                Err("diag_rows must be at least 1 and at most half of the samples")
            }
            Self::Quadrature if head.loss != Loss::Sigmoid => {
                Err("\"quadrature\" is for the sigmoid loss: the softmax's hangs on all classes' \
                     noise at once")
            }
            _ => Ok(()),
        }
    }

    /// Whether samples come in pairs around the mean.
    pub(super) fn pairs(self) -> bool {
        match self {
            Self::Iid | Self::Quadrature => false,
            Self::Antithetic | Self::Orthogonal | Self::FactorExact { .. } => true,
        }
    }

    /// Whether the vectors behind the samples are at right angles.
    pub(super) fn is_orthogonal(self) -> bool {
        matches!(self, Self::Orthogonal | Self::FactorExact { .. })
    }
}

impl Backward {
    /// What is wrong with the setting, if anything.
    pub(super) fn check(self, head: &Heteroscedastic) -> Result<(), &'static str> {
        match self {
            Self::Sampled(_) if head.loss == Loss::Sigmoid => Err(
                "sampling is for the softmax loss: the sigmoid's samples have a share of their \
                     own in every class",
            ),
            Self::Sampled(count) if !(1..head.samples).contains(&count) => {
                Err("must sample at least 1 and fewer than model.head.samples")
            }
            _ => Ok(()),
        }
    }
}

/// How many vectors of `width` are drawn for `count` that are at right angles in groups as large as
/// can be: the last group is drawn whole.
pub(super) fn drawn_for(count: usize, width: usize) -> usize {
    count.next_multiple_of(count.min(width))
}

/// Vectors `[b, n, width]` of normal numbers, [`drawn_for`] as many as are needed, turned so that
/// those of each group are at right angles, each of its own length.
///
/// By Gram and Schmidt's method, which looks at directions alone. The length of a vector of normal
/// numbers is independent of its direction, and the directions that come out are each uniform; so
/// every vector is still one of independent normal numbers.
pub(super) fn orthogonal<'t>(vectors: Tensor<'t>, count: usize) -> Tensor<'t> {
    let [batch, drawn, width] = vectors.dims();
    let size = count.min(width);
    let shape = [batch, drawn / size, size, width];
    let vectors = vectors.reshape(shape);
    let length = |vectors: Tensor<'t>| {
        let length = (vectors * vectors).sum(-1).sqrt().expand_dims(-1);
        // Examples that only fill up a chunk may have zeros.
        length.maximum(f64::from(f32::MIN_POSITIVE))
    };
    let place = vectors.trace().iota(DType::S32, shape, 2);
    let turns = vectors.trace().iota(DType::S32, [size], 0);
    let (turned, ()) = hlo::scan(vectors, turns, |vectors, turn| {
        let zero = turn.zeros_like();
        let one = vectors.dynamic_slice(&[zero, zero, turn, zero], [shape[0], shape[1], 1, width]);
        let direction = one / length(one);
        let along = (vectors * direction).sum(-1).expand_dims(-1) * direction;
        (place.greater(turn).select(vectors - along, vectors), ())
    });
    (turned / length(turned) * length(vectors)).reshape([batch, drawn, width]).slice(1, 0..count)
}

//! The mean of the sigmoid over samples, in the log domain.

use hlo::Tensor;

/// The mean over the samples of the sigmoid of logits, and of one minus it.
pub(super) struct Bernoulli<'t> {
    /// ln p, `[b, classes]`.
    pub log_p: Tensor<'t>,
    /// ln(1 − p), `[b, classes]`.
    pub log_not_p: Tensor<'t>,
    /// The gradient of both by the logits, `[b, S, classes]`, but for factors without samples.
    slope: Tensor<'t>,
    /// These factors, of ln p and of −ln(1 − p), `[b, classes]`.
    scales: [Tensor<'t>; 2],
}

impl<'t> Bernoulli<'t> {
    /// Of logits `[b, S, classes]`, with what each sample counts where they don't count the same.
    pub(super) fn of(logits: Tensor<'t>, weights: Option<&[f64]>) -> Self {
        // Without weights the sums are so many times the mean.
        let samples = weights.map_or(logits.shape()[1] as f64, |_| 1.0);
        // σ(u) over its largest power, `1 / (eᶜ + eᶜ⁻ᵘ)` for `c` the smaller of 0 and the largest u:
        // such parts neither overflow nor all vanish.
        let power = |u: Tensor<'t>| u.max(1).minimum(0.0);
        let parts = |u: Tensor<'t>, c: Tensor<'t>| {
            let c = c.expand_dims(1);
            1.0 / (c.exp() + (c - u).exp())
        };
        let (c_on, c_off) = (power(logits), power(-logits));
        let (on, off) = (parts(logits, c_on), parts(-logits, c_off));
        let (sum_on, sum_off) = (weighted(on, weights).sum(1), weighted(off, weights).sum(1));
        // The logarithm of what is close to 1 by way of what it lacks, which has more digits.
        let log = |c: Tensor<'t>, sum: Tensor<'t>, [c_lacks, lacks]: [Tensor<'t>; 2]| {
            let lacks = c_lacks.exp() * (lacks / samples);
            lacks.less(0.5).select((-lacks).log1p(), c + (sum / samples).log())
        };
        Self {
            log_p: log(c_on, sum_on, [c_off, sum_off]),
            log_not_p: log(c_off, sum_off, [c_on, sum_on]),
            // Of ln p: a sample's share in p times σ(−u). Of −ln(1 − p): its share in that times σ(u).
            slope: weighted(on, weights) * off,
            scales: [c_off.exp() / sum_on, c_on.exp() / sum_off],
        }
    }

    /// The cotangent of the logits, given those of ln p and of ln(1 − p), `[b, classes]`.
    pub(super) fn pull_back(&self, of_log_p: Tensor<'t>, of_log_not_p: Tensor<'t>) -> Tensor<'t> {
        let [on, off] = self.scales;
        self.slope * (of_log_p * on - of_log_not_p * off).expand_dims(1)
    }
}

/// `[b, S, classes]` times what each sample counts.
fn weighted<'t>(parts: Tensor<'t>, weights: Option<&[f64]>) -> Tensor<'t> {
    weights.map_or(parts, |weights| {
        let shape = [weights.len(), 1];
        parts * parts.trace().constant_array(weights, parts.dtype(), shape)
    })
}

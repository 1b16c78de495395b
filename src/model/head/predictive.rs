//! Predictive probabilities, and what is measured of them.

use hlo::{DType, Tensor};

/// Predictive probabilities of a batch.
///
/// What is measured against labels takes them as programs do: one class for each example, `[B]` of
/// `s32`, or up to M that differ, `[B, M]`, filled up with −1.
#[derive(Clone, Copy, Debug)]
pub struct Predictive<'t> {
    /// ln p, `[B, K]`. Softmax: a distribution over classes. Sigmoid: one probability per class.
    pub log_probabilities: Tensor<'t>,
    /// Sigmoid: ln(1 − p), `[B, K]`.
    pub log_complements: Option<Tensor<'t>>,
}

impl<'t> Predictive<'t> {
    /// Softmax: ln p. Sigmoid: ln p − ln(1 − p). `[B, K]`; the largest is the prediction.
    pub fn logits(&self) -> Tensor<'t> {
        let log_p = self.log_probabilities;
        self.log_complements.map_or(log_p, |log_not_p| log_p - log_not_p)
    }

    /// The `k` classes with the largest logits of each example, `[B, k]` of `s32`, from the largest
    /// on, and their ln p, `[B, k]`. Of equal logits the smaller class comes first. `k` is at most K.
    pub fn top_k(&self, k: usize) -> (Tensor<'t>, Tensor<'t>) {
        let logits = self.logits();
        let trace = logits.trace();
        let class = trace.iota(DType::S32, logits.shape(), -1);
        let passed = trace.full(f64::NEG_INFINITY, logits.dtype(), logits.shape());
        // One after the other: a CPU takes ten times as long to sort 20,000 classes for the first ten.
        let (_, classes) = hlo::scan(logits, trace.iota(DType::S32, [k], 0), |left, _| {
            let first = left.argmax(-1).to(DType::S32);
            (class.equal(first.expand_dims(-1)).select(passed, left), first)
        });
        let classes = classes.transpose([1, 0]);
        (classes, at(self.log_probabilities, classes))
    }

    /// The loss of each example, `[B]`, in nats, as in training with hard targets. Softmax: −ln p
    /// summed over its labels. Sigmoid: −ln p over its labels and −ln(1 − p) over all other classes.
    pub fn loss(&self, labels: Tensor<'t>) -> Tensor<'t> {
        let of_labels = over_labels(self.logits(), labels);
        -self.log_complements.map_or(of_labels, |log_not_p| of_labels + log_not_p.sum(-1))
    }

    /// The Brier score of each example, `[B]`: the sum over classes of (p − t)², where t is 1 for its
    /// labels and 0 for all others.
    pub fn brier(&self, labels: Tensor<'t>) -> Tensor<'t> {
        let p = self.log_probabilities.exp();
        // (p − 1)² = p² − 2p + 1.
        (p * p).sum(-1) + over_labels(1.0 - 2.0 * p, labels)
    }

    /// The probability of the prediction, `[B]`: the largest of the softmax of the logits, also for
    /// a sigmoid head, as the calibration error is defined for both.
    pub fn confidence(&self) -> Tensor<'t> {
        self.logits().log_softmax(-1).max(-1).exp()
    }

    /// The entropy of the softmax of the logits, `[B]`, in nats.
    pub fn entropy(&self) -> Tensor<'t> {
        let log_p = self.logits().log_softmax(-1);
        -(log_p.exp() * log_p).sum(-1)
    }
}

/// What `[B, K]` holds for the labels of each example, summed: `[B]`.
fn over_labels<'t>(of_classes: Tensor<'t>, labels: Tensor<'t>) -> Tensor<'t> {
    if labels.shape().len() == 1 {
        return of_classes.pick(labels);
    }
    let none = labels.zeros_like();
    let taken = at(of_classes, labels.maximum(none));
    labels.greater_equal(none).select(taken, taken.zeros_like()).sum(-1)
}

/// What `[B, K]` holds at the classes `[B, M]`, which are all inside. A gather with batch axes would
/// do, but for versions of StableHLO below 1.1.0.
fn at<'t>(of_classes: Tensor<'t>, classes: Tensor<'t>) -> Tensor<'t> {
    let [batch, count] = of_classes.dims();
    let index = if i32::try_from(batch * count).is_ok() { DType::S32 } else { DType::S64 };
    let row = of_classes.trace().iota(index, [batch, 1], 0) * count as i32;
    of_classes.reshape([batch * count]).take(classes.to(index) + row, 0)
}

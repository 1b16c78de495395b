//! Metrics of a classifier, summed example by example.

use serde::Serialize;

const BINS: usize = 15;

/// Sums of what an evaluation program gives for each example.
///
/// ```
/// use hetxl::metrics::Accumulator;
///
/// let mut sums = Accumulator::default();
/// // Two examples: the label ranked first with probability 0.5, and third with 0.25.
/// sums.add(&[-0.5f32.ln(), -0.25f32.ln()], &[0, 2], &[0.5, 0.5]);
/// let evaluation = sums.finish().unwrap();
/// assert_eq!((evaluation.accuracy, evaluation.top5), (0.5, 1.0));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Accumulator {
    examples: u64,
    top5: u64,
    loss: f64,
    bins: [Bin; BINS],
}

/// The examples whose confidence falls into an interval.
#[derive(Clone, Copy, Debug, Default)]
struct Bin {
    correct: u64,
    confidence: f64,
    examples: u64,
}

/// Metrics over a split.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Evaluation {
    /// How many examples there were.
    pub examples: u64,
    /// The part of them whose label has the highest probability.
    pub accuracy: f64,
    /// The part of them whose label is among the five highest.
    pub top5: f64,
    /// The mean loss in nats: with a softmax the negative log-likelihood of the label, with a
    /// sigmoid that of all classes together.
    pub nll: f64,
    /// The expected calibration error (Guo et al., "On calibration of modern neural networks",
    /// 2017, equation 3): over 15 intervals of equal width `(k/15, (k+1)/15]` of the confidence,
    /// the mean of |accuracy − mean confidence| weighted by examples. A confidence of 0 falls
    /// into the first interval.
    pub ece: f64,
}

impl Accumulator {
    /// Adds examples: the loss of each, the number of classes ranked above its label, and the
    /// highest probability of any class. The rows that fill up a last batch
    /// are to be cut off before.
    ///
    /// # Panics
    /// If the slices differ in length.
    pub fn add(&mut self, loss: &[f32], rank: &[i32], confidence: &[f32]) {
        assert_eq!(loss.len(), rank.len(), "one rank for each example");
        assert_eq!(loss.len(), confidence.len(), "one confidence for each example");
        for ((&loss, &rank), &confidence) in loss.iter().zip(rank).zip(confidence) {
            let confidence = f64::from(confidence);
            self.examples += 1;
            self.top5 += u64::from(rank < 5);
            self.loss += f64::from(loss);
            // Conversion from a float saturates, so a confidence of 0 or one that rounding took
            // above 1 stays within the intervals.
            let index = (confidence * BINS as f64).ceil() as usize;
            let bin = &mut self.bins[index.saturating_sub(1).min(BINS - 1)];
            bin.examples += 1;
            bin.correct += u64::from(rank == 0);
            bin.confidence += confidence;
        }
    }

    /// The metrics of all examples so far; `None` if there were none.
    pub fn finish(&self) -> Option<Evaluation> {
        if self.examples == 0 {
            return None;
        }
        let part = |sum: f64| sum / self.examples as f64;
        // |accuracy − mean confidence| · n = |correct − sum of confidences|.
        let gap = |bin: &Bin| (bin.correct as f64 - bin.confidence).abs();
        Some(Evaluation {
            examples: self.examples,
            accuracy: part(self.bins.iter().map(|bin| bin.correct).sum::<u64>() as f64),
            top5: part(self.top5 as f64),
            nll: part(self.loss),
            ece: part(self.bins.iter().map(gap).sum()),
        })
    }
}

impl Evaluation {
    /// The metrics by name, for a [`Line`](super::Line).
    pub fn values(&self) -> [(&'static str, f64); 4] {
        [("accuracy", self.accuracy), ("top5", self.top5), ("nll", self.nll), ("ece", self.ece)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(got: f64, expected: f64) {
        assert!((got - expected).abs() < 1e-7, "got {got}, expected {expected}");
    }

    /// `correct` of `total` examples are right, all with the same confidence.
    fn add(sums: &mut Accumulator, confidence: f32, correct: usize, total: usize) {
        for index in 0..total {
            sums.add(&[-confidence.ln()], &[i32::from(index >= correct)], &[confidence]);
        }
    }

    #[test]
    fn calibration_error_is_the_weighted_gap_between_accuracy_and_confidence() {
        let mut sums = Accumulator::default();
        add(&mut sums, 0.9, 8, 10);
        add(&mut sums, 0.6, 9, 30);
        let evaluation = sums.finish().unwrap();
        close(evaluation.ece, 0.25 * (0.9 - 0.8) + 0.75 * (0.6 - 0.3));
        close(evaluation.accuracy, 17.0 / 40.0);
    }

    #[test]
    fn examples_in_one_interval_offset_each_other_and_in_two_do_not() {
        // 0.95 and 1 lie in (14/15, 1]; 0.93 lies below 14/15 = 0.9333….
        let mut together = Accumulator::default();
        add(&mut together, 0.95, 1, 1);
        add(&mut together, 1.0, 0, 1);
        close(together.finish().unwrap().ece, 0.975 - 0.5);
        let mut apart = Accumulator::default();
        add(&mut apart, 0.93, 1, 1);
        add(&mut apart, 1.0, 0, 1);
        close(apart.finish().unwrap().ece, 0.5 * (1.0 - 0.93) + 0.5 * 1.0);
    }

    #[test]
    fn a_classifier_that_knows_nothing_has_the_likelihood_of_chance() {
        let mut sums = Accumulator::default();
        let classes = 20;
        for rank in 0..classes {
            sums.add(&[(classes as f32).ln()], &[rank], &[1.0 / classes as f32]);
        }
        let evaluation = sums.finish().unwrap();
        close(evaluation.nll, 20f64.ln());
        close(evaluation.accuracy, 0.05);
        close(evaluation.top5, 0.25);
        close(evaluation.ece, 0.0);
    }

    #[test]
    fn confidences_at_and_beyond_the_ends_are_counted() {
        let mut sums = Accumulator::default();
        sums.add(&[0.0, 80.0], &[0, 9], &[1.000_000_1, 0.0]);
        let evaluation = sums.finish().unwrap();
        close(evaluation.ece, 0.000_000_05);
        assert_eq!((evaluation.examples, evaluation.accuracy), (2, 0.5));
    }

    #[test]
    fn a_model_that_gives_no_numbers_shows_it() {
        let mut sums = Accumulator::default();
        sums.add(&[f32::NAN], &[0], &[f32::NAN]);
        let evaluation = sums.finish().unwrap();
        assert!(evaluation.nll.is_nan() && evaluation.ece.is_nan());
    }

    #[test]
    fn no_examples_have_no_metrics() {
        assert!(Accumulator::default().finish().is_none());
    }
}

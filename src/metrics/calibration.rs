//! How well confidence foretells correctness.

const BINS: usize = 15;

/// The examples whose confidence lies in an interval.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bin {
    /// How many there are.
    pub examples: u64,
    /// How many of them are classified right.
    pub correct: u64,
    /// The sum of their confidences.
    pub confidence: f64,
}

/// Examples by their confidence, in 15 intervals of equal width: `(k/15, (k+1)/15]`. A confidence of
/// 0 falls into the first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Calibration {
    bins: [Bin; BINS],
}

impl Calibration {
    /// Adds an example.
    pub fn add(&mut self, confidence: f32, correct: bool) {
        let confidence = f64::from(confidence);
        // Conversion from a float saturates, so a confidence of 0 or one that rounding took above 1
        // stays within the intervals.
        let index = (confidence * BINS as f64).ceil() as usize;
        let bin = &mut self.bins[index.saturating_sub(1).min(BINS - 1)];
        bin.examples += 1;
        bin.correct += u64::from(correct);
        bin.confidence += confidence;
    }

    /// The intervals, from the lowest confidence on.
    pub fn bins(&self) -> &[Bin] {
        &self.bins
    }

    /// The expected calibration error (Guo et al., "On calibration of modern neural networks", 2017,
    /// equation 3): over the intervals, the mean of |accuracy − mean confidence| weighted by
    /// examples. NaN where there is no example.
    pub fn error(&self) -> f64 {
        // |accuracy − mean confidence| · n = |correct − sum of confidences|.
        let gap = |bin: &Bin| (bin.correct as f64 - bin.confidence).abs();
        let examples = self.bins.iter().map(|bin| bin.examples).sum::<u64>();
        self.bins.iter().map(gap).sum::<f64>() / examples as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(got: f64, expected: f64) {
        assert!((got - expected).abs() < 1e-7, "got {got}, expected {expected}");
    }

    /// `correct` of `total` examples are right, all with the same confidence.
    fn add(calibration: &mut Calibration, confidence: f32, correct: usize, total: usize) {
        (0..total).for_each(|index| calibration.add(confidence, index < correct));
    }

    #[test]
    fn calibration_error_is_the_weighted_gap_between_accuracy_and_confidence() {
        let mut calibration = Calibration::default();
        add(&mut calibration, 0.9, 8, 10);
        add(&mut calibration, 0.6, 9, 30);
        close(calibration.error(), 0.25 * (0.9 - 0.8) + 0.75 * (0.6 - 0.3));
    }

    #[test]
    fn examples_in_one_interval_offset_each_other_and_in_two_do_not() {
        // 0.95 and 1 lie in (14/15, 1]; 0.93 lies below 14/15 = 0.9333….
        let mut together = Calibration::default();
        add(&mut together, 0.95, 1, 1);
        add(&mut together, 1.0, 0, 1);
        close(together.error(), 0.975 - 0.5);
        let mut apart = Calibration::default();
        add(&mut apart, 0.93, 1, 1);
        add(&mut apart, 1.0, 0, 1);
        close(apart.error(), 0.5 * (1.0 - 0.93) + 0.5 * 1.0);
    }

    #[test]
    fn confidences_at_and_beyond_the_ends_are_counted() {
        let mut calibration = Calibration::default();
        calibration.add(1.000_000_1, true);
        calibration.add(0.0, false);
        close(calibration.error(), 0.000_000_05);
        let counts = calibration.bins().iter().map(|bin| bin.examples).collect::<Vec<_>>();
        assert_eq!((counts[0], counts[14], counts.iter().sum::<u64>()), (1, 1, 2));
    }
}

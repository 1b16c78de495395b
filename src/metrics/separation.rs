//! How well uncertainty finds mistakes.

/// Confidences of examples that are classified right and of those that aren't.
#[derive(Clone, Debug, Default)]
pub(super) struct Separation {
    /// With whether it is classified right.
    confidences: Vec<(f32, bool)>,
}

impl Separation {
    pub(super) fn add(&mut self, confidence: f32, correct: bool) {
        self.confidences.push((confidence, correct));
    }

    /// The probability that of two examples, one right and one wrong, the right one has the larger
    /// confidence, where equal ones count a half: the area under the receiver operating
    /// characteristic. `None` where all are right or all wrong; NaN where a confidence is.
    pub(super) fn area(&self) -> Option<f64> {
        let mut sorted = self.confidences.clone();
        sorted.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        let right = sorted.iter().filter(|(_, correct)| *correct).count() as u64;
        let wrong = sorted.len() as u64 - right;
        if right == 0 || wrong == 0 {
            return None;
        }
        if sorted.iter().any(|(confidence, _)| confidence.is_nan()) {
            return Some(f64::NAN);
        }
        // In halves of a pair: whole numbers are summed without rounding.
        let (mut halves, mut wrong_below) = (0u128, 0u64);
        for tied in sorted.chunk_by(|a, b| a.0 == b.0) {
            let right = tied.iter().filter(|(_, correct)| *correct).count() as u64;
            let wrong = tied.len() as u64 - right;
            halves += u128::from(right) * u128::from(2 * wrong_below + wrong);
            wrong_below += wrong;
        }
        Some(halves as f64 / (2.0 * right as f64 * wrong as f64))
    }
}

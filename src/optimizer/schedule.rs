//! The learning rate as a function of the step.

use serde::{Deserialize, Serialize};

/// A linear warm-up, then a constant rate or a linear descent, `[schedule]` of a config. The
/// defaults are those of the HET-XL paper: from 1e-5 to 6e-4 over 10,000 steps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Schedule {
    /// The rate of the first step.
    pub warmup_start: f64,
    /// The rate after the warm-up.
    pub peak: f64,
    /// How many steps the warm-up takes. 0 starts at the peak.
    pub warmup_steps: u64,
    /// The step at which the rate has come down to `end`. Without it the rate stays at the peak.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_steps: Option<u64>,
    /// The rate from `total_steps` on.
    pub end: f64,
}

impl Default for Schedule {
    fn default() -> Self {
        Self { warmup_start: 1e-5, peak: 6e-4, warmup_steps: 10_000, total_steps: None, end: 1e-5 }
    }
}

impl Schedule {
    /// The learning rate of `step`, counted from 0.
    pub fn learning_rate(&self, step: u64) -> f64 {
        // The rate on the line from `low` at step 0 to `high` at step `length`.
        let line = |low: f64, high: f64, step: u64, length: u64| {
            low + (high - low) * (step as f64 / length as f64)
        };
        if step < self.warmup_steps {
            return line(self.warmup_start, self.peak, step, self.warmup_steps);
        }
        match self.total_steps {
            None => self.peak,
            Some(total) if step >= total => self.end,
            Some(total) => {
                let (done, length) = (step - self.warmup_steps, total - self.warmup_steps);
                line(self.peak, self.end, done, length)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_rises_in_a_line_and_stays() {
        let schedule = Schedule::default();
        assert_eq!(schedule.learning_rate(0), 1e-5);
        assert!((schedule.learning_rate(5_000) - 3.05e-4).abs() < 1e-12);
        assert_eq!(schedule.learning_rate(10_000), 6e-4);
        assert_eq!(schedule.learning_rate(u64::MAX), 6e-4);
    }

    #[test]
    fn without_warm_up_the_first_step_has_the_peak() {
        let schedule = Schedule { warmup_steps: 0, ..Schedule::default() };
        assert_eq!(schedule.learning_rate(0), 6e-4);
    }

    #[test]
    fn the_rate_comes_down_in_a_line_to_the_end() {
        let schedule = Schedule {
            warmup_start: 0.0,
            peak: 1.0,
            warmup_steps: 10,
            total_steps: Some(30),
            end: 0.5,
        };
        let rates = [5, 10, 20, 30, 31].map(|step| schedule.learning_rate(step));
        assert_eq!(rates, [0.5, 1.0, 0.75, 0.5, 0.5]);
    }

    #[test]
    fn a_descent_that_ends_before_the_warm_up_is_at_its_end() {
        let schedule = Schedule { warmup_steps: 10, total_steps: Some(5), ..Schedule::default() };
        assert_eq!(schedule.learning_rate(10), schedule.end);
    }
}

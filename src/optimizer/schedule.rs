//! The learning rate as a function of the step.

use serde::{Deserialize, Serialize};

/// A linear warm-up and then a constant rate, `[schedule]` of a config. The defaults are those of
/// the HET-XL paper: from 1e-5 to 6e-4 over 10,000 steps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Schedule {
    /// The rate of the first step.
    pub warmup_start: f64,
    /// The rate after the warm-up.
    pub peak: f64,
    /// How many steps the warm-up takes. 0 starts at the peak.
    pub warmup_steps: u64,
}

impl Default for Schedule {
    fn default() -> Self {
        Self { warmup_start: 1e-5, peak: 6e-4, warmup_steps: 10_000 }
    }
}

impl Schedule {
    /// The learning rate of `step`, counted from 0.
    pub fn learning_rate(&self, step: u64) -> f64 {
        if step >= self.warmup_steps {
            return self.peak;
        }
        let progress = step as f64 / self.warmup_steps as f64;
        self.warmup_start + (self.peak - self.warmup_start) * progress
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
}

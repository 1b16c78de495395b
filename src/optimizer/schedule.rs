//! The learning rate as a function of the step.

use std::f64::consts::PI;

use serde::{Deserialize, Serialize};

/// A linear warm-up, then a constant rate or a descent, `[schedule]` of a config. The defaults are
/// those of the HET-XL paper: from 1e-5 to 6e-4 over 10,000 steps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Schedule {
    /// The rate of the first step.
    pub warmup_start: f64,
    /// The rate after the warm-up.
    pub peak: f64,
    /// How many steps the warm-up takes. 0 starts at the peak.
    pub warmup_steps: u64,
    /// How the rate goes on after the warm-up. Where it isn't said: in a line to `total_steps` if
    /// there are any, otherwise constant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decay: Option<Decay>,
    /// The step at which a line or a cosine has come down to `end`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_steps: Option<u64>,
    /// The rate from `total_steps` on.
    pub end: f64,
}

/// How the learning rate goes on after the warm-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decay {
    /// It stays at the peak.
    Constant,
    /// In a line to the end.
    Linear,
    /// By half a period of a cosine to the end.
    Cosine,
    /// By the inverse square root: `peak · √(warmup_steps / step)`.
    Rsqrt,
}

impl Default for Schedule {
    fn default() -> Self {
        Self {
            warmup_start: 1e-5,
            peak: 6e-4,
            warmup_steps: 10_000,
            decay: None,
            total_steps: None,
            end: 1e-5,
        }
    }
}

impl Schedule {
    /// The learning rate of `step`, counted from 0.
    pub fn learning_rate(&self, step: u64) -> f64 {
        let Self { warmup_start, peak, warmup_steps, end, .. } = *self;
        if step < warmup_steps {
            return warmup_start + (peak - warmup_start) * (step as f64 / warmup_steps as f64);
        }
        // The part of the descent that is done.
        let done = self.total_steps.map_or(0.0, |total| {
            if step >= total {
                return 1.0;
            }
            (step - warmup_steps) as f64 / (total - warmup_steps) as f64
        });
        match self.decay() {
            Decay::Constant => peak,
            Decay::Linear | Decay::Cosine if done == 1.0 => end,
            Decay::Linear => peak + (end - peak) * done,
            Decay::Cosine => end + (peak - end) * 0.5 * (1.0 + (PI * done).cos()),
            Decay::Rsqrt => peak * (warmup_steps as f64 / step as f64).sqrt(),
        }
    }

    fn decay(&self) -> Decay {
        let unsaid = if self.total_steps.is_some() { Decay::Linear } else { Decay::Constant };
        self.decay.unwrap_or(unsaid)
    }

    /// What is wrong with the settings, if anything: the key and the problem.
    pub(crate) fn check(&self) -> Result<(), (&'static str, &'static str)> {
        let rates = [("warmup_start", self.warmup_start), ("peak", self.peak), ("end", self.end)];
        if let Some((key, _)) = rates.iter().find(|(_, rate)| !(rate.is_finite() && *rate >= 0.0)) {
            return Err((key, "must be a number that is not negative"));
        }
        match (self.decay(), self.total_steps) {
            (Decay::Linear | Decay::Cosine, None) => Err((
                "total_steps",
                "is needed by a linear or cosine decay: where the rate reaches end",
            )),
            (Decay::Constant | Decay::Rsqrt, Some(_)) => Err((
                "total_steps",
                "is of a linear or cosine decay: leave it out or name one of them",
            )),
            (_, Some(total)) if total <= self.warmup_steps => {
                Err(("total_steps", "must be more than schedule.warmup_steps"))
            }
            (Decay::Rsqrt, None) if self.warmup_steps == 0 => {
                Err(("warmup_steps", "must be at least 1: rsqrt takes them for its scale"))
            }
            _ => Ok(()),
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

    fn descent(decay: Option<Decay>) -> Schedule {
        Schedule {
            warmup_start: 0.0,
            peak: 1.0,
            warmup_steps: 10,
            decay,
            total_steps: Some(30),
            end: 0.5,
        }
    }

    #[test]
    fn the_rate_comes_down_in_a_line_to_the_end() {
        for decay in [None, Some(Decay::Linear)] {
            let rates = [5, 10, 20, 30, 31].map(|step| descent(decay).learning_rate(step));
            assert_eq!(rates, [0.5, 1.0, 0.75, 0.5, 0.5]);
        }
    }

    #[test]
    fn the_rate_comes_down_by_half_a_cosine_to_the_end() {
        let schedule = descent(Some(Decay::Cosine));
        // cos 45° = √½ at a quarter of the way.
        let quarter = 0.75 + 0.25 * 0.5f64.sqrt();
        let expected = [0.5, 1.0, quarter, 0.75, 1.5 - quarter, 0.5, 0.5];
        for (step, expected) in [5, 10, 15, 20, 25, 30, 31].into_iter().zip(expected) {
            let rate = schedule.learning_rate(step);
            assert!((rate - expected).abs() < 1e-15, "step {step}: {rate} and {expected}");
        }
        assert_eq!(schedule.learning_rate(u64::MAX), 0.5);
    }

    #[test]
    fn the_rate_goes_down_by_the_inverse_square_root() {
        let schedule = Schedule {
            warmup_start: 0.0,
            peak: 1.0,
            warmup_steps: 100,
            decay: Some(Decay::Rsqrt),
            ..Schedule::default()
        };
        let rates = [50, 100, 400, 10_000].map(|step| schedule.learning_rate(step));
        assert_eq!(rates, [0.5, 1.0, 0.5, 0.1]);
    }
}

//! How likely it is that a class which an example has is among its labels.

use serde::{Deserialize, Serialize};

/// The model of propensities of Jain et al., "Extreme multi-label loss functions for recommendation,
/// tagging, ranking and other missing label applications" (KDD 2016), equation 3: a class with n of
/// the N examples of a train split has
///
/// ```text
/// 1 / p = 1 + C (n + b)^(−a)        C = (ln N − 1) (b + 1)^a
/// ```
///
/// The paper has a = 0.55 and b = 1.5 for most sets, 0.5 and 0.4 for those of Wikipedia, 0.6 and 2.6
/// for those of Amazon.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Propensity {
    /// a.
    pub a: f64,
    /// b.
    pub b: f64,
}

impl Default for Propensity {
    fn default() -> Self {
        Self { a: 0.55, b: 1.5 }
    }
}

impl Propensity {
    /// 1 / p of each class, from how many of `examples` have it.
    pub fn inverse(&self, counts: &[u64], examples: usize) -> Vec<f64> {
        let c = ((examples as f64).ln() - 1.0) * (self.b + 1.0).powf(self.a);
        counts.iter().map(|&count| 1.0 + c * (count as f64 + self.b).powf(-self.a)).collect()
    }

    /// What is wrong with the settings by themselves, and the key that it is of, if anything.
    pub(crate) fn check(&self) -> Result<(), (&'static str, &'static str)> {
        for (key, value) in [("a", self.a), ("b", self.b)] {
            if !(value.is_finite() && value > 0.0) {
                return Err((key, "must be a number greater than 0"));
            }
        }
        Ok(())
    }
}

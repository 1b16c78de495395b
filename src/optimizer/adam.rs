//! Adam with decoupled weight decay (Kingma & Ba 2015; Loshchilov & Hutter 2019).

use hlo::{DType, Tensor};
use serde::{Deserialize, Serialize};

use super::paths::{matches, nearest};
use crate::model::ParamSpec;

/// Settings of the optimiser, `[optimizer]` of a config.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Adam {
    /// Decay of the mean of gradients, β₁.
    pub beta1: f64,
    /// Decay of the mean of squared gradients, β₂.
    pub beta2: f64,
    /// Added to the root of the second moment, ε.
    pub epsilon: f64,
    /// What a step takes from each parameter, as a fraction of it times the learning rate.
    pub weight_decay: f64,
    /// Gradients are scaled down so that their norm over all parameters is at most this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clip_global_norm: Option<f64>,
    /// Parameters whose weights don't decay: patterns for their paths, in which `*` stands for any
    /// characters.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub no_decay: Vec<String>,
    /// Parameters that stay as they are, by such patterns.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub frozen: Vec<String>,
    /// The running mean of the parameters, with which evaluation and prediction go then, takes over
    /// this part of itself at each step.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ema: Option<f64>,
}

impl Default for Adam {
    fn default() -> Self {
        Self {
            beta1: 0.9,
            beta2: 0.999,
            epsilon: 1e-8,
            weight_decay: 0.1,
            clip_global_norm: None,
            no_decay: vec![],
            frozen: vec![],
            ema: None,
        }
    }
}

/// What the host computes for a step and passes in.
#[derive(Clone, Copy, Debug)]
pub struct AdamInputs<'t> {
    /// The step's number from 0, a scalar `u32`.
    pub step: Tensor<'t>,
    /// The learning rate, a scalar.
    pub learning_rate: Tensor<'t>,
    /// Learning rate times weight decay, a scalar.
    pub decay: Tensor<'t>,
}

/// Adam's memory of one parameter: running means of its gradient and of the gradient's square.
#[derive(Clone, Copy, Debug)]
pub struct Moments<'t> {
    /// The running mean of the gradient, in the parameter's shape.
    pub first: Tensor<'t>,
    /// The running mean of the squared gradient, in the parameter's shape.
    pub second: Tensor<'t>,
}

/// A parameter and its moments after a step.
#[derive(Clone, Copy, Debug)]
pub struct Updated<'t> {
    /// The parameter.
    pub param: Tensor<'t>,
    /// Its moments.
    pub moments: Moments<'t>,
}

impl Adam {
    /// What a step passes in as `decay` beside `learning_rate`.
    pub fn decay(&self, learning_rate: f64) -> f64 {
        learning_rate * self.weight_decay
    }

    /// Whether training leaves the parameter at `path` as it is.
    pub fn is_frozen(&self, path: &str) -> bool {
        self.frozen.iter().any(|pattern| matches(pattern, path))
    }

    /// What is wrong with the settings by themselves, if anything: the key and the problem.
    pub(crate) fn check(&self) -> Result<(), (&'static str, &'static str)> {
        for (key, beta) in [("beta1", self.beta1), ("beta2", self.beta2)]
            .into_iter()
            .chain(self.ema.map(|ema| ("ema", ema)))
        {
            if !(0.0 < beta && beta < 1.0) {
                return Err((key, "must lie between 0 and 1"));
            }
        }
        let clip = self.clip_global_norm.unwrap_or(1.0);
        let rates = [
            ("epsilon", self.epsilon),
            ("weight_decay", self.weight_decay),
            ("clip_global_norm", clip),
        ];
        if let Some((key, _)) = rates.iter().find(|(_, rate)| !(rate.is_finite() && *rate >= 0.0)) {
            return Err((key, "must be a number that is not negative"));
        }
        if clip == 0.0 {
            return Err(("clip_global_norm", "must be greater than 0"));
        }
        Ok(())
    }

    /// What is wrong with the patterns for a model with these parameters, if anything: the key and
    /// the problem.
    pub(crate) fn check_paths(&self, params: &[ParamSpec]) -> Result<(), (&'static str, String)> {
        let paths = || params.iter().map(|spec| spec.name.as_str());
        for (key, patterns) in [("no_decay", &self.no_decay), ("frozen", &self.frozen)] {
            for pattern in patterns {
                if !paths().any(|path| matches(pattern, path)) {
                    let near = nearest(pattern, paths()).join(", ");
                    let problem = format!(
                        "{pattern:?} is the path of no parameter of this model; the nearest are {near}"
                    );
                    return Err((key, problem));
                }
            }
        }
        if paths().all(|path| self.is_frozen(path)) {
            return Err(("frozen", "nothing is left to train".to_owned()));
        }
        Ok(())
    }

    /// The norm of all gradients together, whose squared norms are `squares`, and the gradients
    /// scaled down to the largest norm that is allowed.
    pub fn clip<'t>(
        &self,
        gradients: &[Tensor<'t>],
        squares: &[Tensor<'t>],
    ) -> (Tensor<'t>, Vec<Tensor<'t>>) {
        let norm = squares.iter().copied().reduce(|sum, square| sum + square);
        let norm = norm.expect("a model has parameters").sqrt();
        let Some(limit) = self.clip_global_norm else { return (norm, gradients.to_vec()) };
        let scale = limit / norm.maximum(limit);
        (norm, gradients.iter().map(|&gradient| gradient * scale).collect())
    }

    /// One step of the parameter at `path`:
    ///
    /// ```text
    /// m ← β₁·m + (1 − β₁)·g        v ← β₂·v + (1 − β₂)·g²
    /// p ← p − lr · m̂ / (√v̂ + ε) − decay · p,  m̂ = m / (1 − β₁ᵗ), v̂ = v / (1 − β₂ᵗ)
    /// ```
    ///
    /// without the last term of `p` where its weights don't decay.
    pub fn update<'t>(
        &self,
        path: &str,
        inputs: AdamInputs<'t>,
        param: Tensor<'t>,
        gradient: Tensor<'t>,
        moments: Moments<'t>,
    ) -> Updated<'t> {
        let first = self.beta1 * moments.first + (1.0 - self.beta1) * gradient;
        let second = self.beta2 * moments.second + (1.0 - self.beta2) * gradient * gradient;
        let moments = Moments { first, second };
        let stepped = param - inputs.learning_rate * self.direction(inputs, moments);
        let param = if self.decays(path) { stepped - inputs.decay * param } else { stepped };
        Updated { param, moments }
    }

    /// What a step added to the parameter at `path`, from what it left behind: `param` and `moments`.
    pub fn change<'t>(
        &self,
        path: &str,
        inputs: AdamInputs<'t>,
        param: Tensor<'t>,
        moments: Moments<'t>,
    ) -> Tensor<'t> {
        let taken = inputs.learning_rate * self.direction(inputs, moments);
        if !self.decays(path) {
            return -taken;
        }
        // The parameter is (1 − decay) times what it was, less `taken`.
        let before = (param + taken) / (1.0 - inputs.decay);
        -taken - inputs.decay * before
    }

    /// m̂ / (√v̂ + ε).
    fn direction<'t>(&self, inputs: AdamInputs<'t>, moments: Moments<'t>) -> Tensor<'t> {
        let unbiased = |moment: Tensor<'t>, beta: f64| {
            moment / one_minus_power(beta, inputs.step, moment.dtype())
        };
        unbiased(moments.first, self.beta1)
            / (unbiased(moments.second, self.beta2).sqrt() + self.epsilon)
    }

    fn decays(&self, path: &str) -> bool {
        !self.no_decay.iter().any(|pattern| matches(pattern, path))
    }
}

/// The running mean of a parameter after a step that has made it `param`, with `ema` for the part of
/// itself that it takes over. It is the mean of the parameter after each step so far, with weights
/// that fall by `ema` from step to step and whose sum is 1, so that it owes nothing to the value from
/// before the first step:
///
/// ```text
/// a ← a + c·(p − a),  c = (1 − ema) / (1 − emaᵗ)
/// ```
pub fn running_mean<'t>(
    ema: f64,
    step: Tensor<'t>,
    mean: Tensor<'t>,
    param: Tensor<'t>,
) -> Tensor<'t> {
    mean + (1.0 - ema) / one_minus_power(ema, step, param.dtype()) * (param - mean)
}

/// 1 − βᵗ after the step with the number `t − 1`, without the cancellation that the subtraction would
/// have at small t.
fn one_minus_power(beta: f64, step: Tensor<'_>, dtype: DType) -> Tensor<'_> {
    let t = step.to(dtype) + 1.0;
    -(t * beta.ln()).expm1()
}

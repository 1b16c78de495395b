//! Adam with decoupled weight decay (Kingma & Ba 2015; Loshchilov & Hutter 2019).

use hlo::Tensor;
use serde::{Deserialize, Serialize};

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
}

impl Default for Adam {
    fn default() -> Self {
        Self { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weight_decay: 0.1, clip_global_norm: None }
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

    /// The norm of all gradients together, and the gradients scaled down to the largest norm that
    /// is allowed.
    pub fn clip<'t>(&self, gradients: &[Tensor<'t>]) -> (Tensor<'t>, Vec<Tensor<'t>>) {
        let squares = gradients.iter().map(|&gradient| (gradient * gradient).sum(..));
        let norm = squares.reduce(|sum, square| sum + square).expect("a model has parameters");
        let norm = norm.sqrt();
        let Some(limit) = self.clip_global_norm else { return (norm, gradients.to_vec()) };
        let scale = limit / norm.maximum(limit);
        (norm, gradients.iter().map(|&gradient| gradient * scale).collect())
    }

    /// One parameter's step:
    ///
    /// ```text
    /// m ← β₁·m + (1 − β₁)·g        v ← β₂·v + (1 − β₂)·g²
    /// p ← p − lr · m̂ / (√v̂ + ε) − decay · p,  m̂ = m / (1 − β₁ᵗ), v̂ = v / (1 − β₂ᵗ)
    /// ```
    pub fn update<'t>(
        &self,
        inputs: AdamInputs<'t>,
        param: Tensor<'t>,
        gradient: Tensor<'t>,
        moments: Moments<'t>,
    ) -> Updated<'t> {
        let first = self.beta1 * moments.first + (1.0 - self.beta1) * gradient;
        let second = self.beta2 * moments.second + (1.0 - self.beta2) * gradient * gradient;
        let unbiased = |moment: Tensor<'t>, beta: f64| {
            // 1 − βᵗ without the cancellation that the subtraction would have at small t.
            let t = inputs.step.to(param.dtype()) + 1.0;
            moment / -(t * beta.ln()).expm1()
        };
        let direction =
            unbiased(first, self.beta1) / (unbiased(second, self.beta2).sqrt() + self.epsilon);
        let param = param - inputs.learning_rate * direction - inputs.decay * param;
        Updated { param, moments: Moments { first, second } }
    }
}

//! The sigmoid with infinitely many samples: `p = E σ(u)` of each class by a quadrature.
//!
//! A class's logit is normal, with the mean of the projected mean and with a variance that is the sum
//! of the squares of the projected directions of the noise. The expectation is an integral over one
//! number, and the sigmoid's loss needs no other: how the noise of classes hangs together is nothing
//! to it.

use hlo::Tensor;

use super::form::{Chunk, Form, Prepared, Tile};
use super::pre_logit_noise::{factors, mean, project};

/// The nodes of the quadrature.
const NODES: usize = 64;

/// The standard deviations that the nodes reach to on either side.
const REACH: f64 = 8.0;

/// Added to the variance, for its root to have a derivative where there is no noise.
const NO_VARIANCE: f64 = 1e-30;

/// Rows of the mean and of the directions of HET-XL's noise, on the arrays of
/// [`Pair`](super::pre_logit_noise::Pair). Independent diagonal noise has no row: its variance is the
/// product of the squares of d with the squares of the kernel.
#[derive(Clone, Debug)]
pub(super) struct Quadrature {
    /// R.
    rank: usize,
    scalar: bool,
    /// The nodes' weights, which sum to 1.
    weights: Vec<f64>,
}

impl Quadrature {
    pub(super) fn new(rank: usize, scalar: bool) -> Self {
        let density: Vec<_> = nodes().iter().map(|x| (-x * x / 2.0).exp()).collect();
        let sum: f64 = density.iter().sum();
        Self { rank, scalar, weights: density.into_iter().map(|it| it / sum).collect() }
    }
}

/// Evenly spaced. The trapezoidal rule is exact but for an error that falls exponentially with the
/// spacing, like Gauss and Hermite's rule; but the sigmoid of a wide normal number, whose poles are
/// near, needs nodes that are close in the middle, where that rule has them further apart.
fn nodes() -> Vec<f64> {
    let step = 2.0 * REACH / (NODES - 1) as f64;
    (0..NODES).map(|i| i as f64 * step - REACH).collect()
}

impl<'t> Form<'t> for Quadrature {
    fn columns(&self) -> usize {
        self.rank + 2
    }

    fn samples(&self) -> usize {
        NODES
    }

    fn weights(&self) -> Option<&[f64]> {
        Some(&self.weights)
    }

    fn prepare(&self, chunk: &Chunk<'t>) -> Prepared<'t> {
        let (phi, d, inverse) = (chunk.examples[0], chunk.examples[1], chunk.shared[0]);
        let scaled = |rows: Tensor<'t>| (rows * inverse).to(phi.dtype());
        let mut rows = vec![mean(chunk)];
        if self.scalar {
            rows.push(d.expand_dims(1));
        }
        rows.extend(factors(chunk));
        let rows = scaled(phi.trace().concatenate(&rows, 1));
        let mut rows = vec![rows, inverse];
        if !self.scalar {
            rows.push(scaled(d).expand_dims(1));
        }
        Prepared { rows, noise: vec![] }
    }

    fn project(&self, prepared: &Prepared<'t>, kernels: &[Tensor<'t>]) -> Tensor<'t> {
        let (rows, kernel) = (prepared.rows[0], kernels[0]);
        let projected = project(rows, kernel);
        match prepared.rows[2..] {
            [d] => {
                let variance = project(d * d, kernel * kernel);
                rows.trace().concatenate(&[projected, variance], 1)
            }
            _ => projected,
        }
    }

    fn logits(
        &self,
        prepared: &Prepared<'t>,
        projected: Tensor<'t>,
        vectors: &[Tensor<'t>],
        _: &Tile<'t>,
    ) -> Tensor<'t> {
        let columns = self.columns();
        let mean = projected.slice(1, 0..1) + vectors[0] * prepared.rows[1];
        let squares = |columns| {
            let directions = projected.slice(1, columns);
            (directions * directions).sum(1).expand_dims(1)
        };
        let variance = if self.scalar {
            squares(1..columns)
        } else if self.rank == 0 {
            projected.slice(1, 1..2)
        } else {
            squares(1..columns - 1) + projected.slice(1, columns - 1..columns)
        };
        let deviation = (variance + NO_VARIANCE).sqrt();
        let nodes = projected.trace().constant_array(&nodes(), projected.dtype(), [NODES, 1]);
        mean + deviation * nodes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// ln of the sum of weights times σ(u).
    fn log_mean(terms: impl Iterator<Item = (f64, f64)> + Clone) -> f64 {
        let log_sigmoid = |u: f64| u.min(0.0) - (-u.abs()).exp().ln_1p();
        let terms = terms.map(|(weight, u)| weight.ln() + log_sigmoid(u));
        let largest = terms.clone().fold(f64::NEG_INFINITY, f64::max);
        largest + terms.map(|it| (it - largest).exp()).sum::<f64>().ln()
    }

    /// The mean of σ(u) of a normal number, by a sum so fine and so wide that it is exact here.
    fn exact(mean: f64, deviation: f64) -> f64 {
        let (count, step) = (8000, 0.005);
        let nodes = (-count..=count).map(|i| f64::from(i) * step);
        let density = |x: f64| (-x * x / 2.0).exp() * step / (2.0 * std::f64::consts::PI).sqrt();
        log_mean(nodes.map(|x| (density(x), mean + deviation * x)).filter(|(it, _)| *it > 0.0))
    }

    #[test]
    fn errors_are_what_the_book_states() {
        let made = Quadrature::new(1, true);
        let stated =
            [(1.0, 1e-10), (2.0, 1e-9), (4.0, 1e-7), (8.0, 1e-3), (16.0, 0.05), (32.0, 0.2)];
        for (deviation, bound) in stated {
            let error = |i: i32| {
                let mean = f64::from(i) / 30.0 * (3.0 * deviation + 10.0);
                let nodes = made.weights.iter().copied().zip(nodes());
                let got = log_mean(nodes.map(|(weight, x)| (weight, mean + deviation * x)));
                (got - exact(mean, deviation)).abs()
            };
            let worst = (-30..=30).map(error).fold(0.0, f64::max);
            assert!(
                worst <= bound,
                "deviation {deviation}: off by {worst:.1e}, stated {bound:.1e}"
            );
        }
    }
}

//! Logits whose noise, if any, is in the pre-logits: `u = (φ + ε)·W / τ + b / τ`.
//!
//! An example's rows are projected by the classes' kernel, and its samples are mixed out of what that
//! gives: either each sample is a row of its own, or, where the noise has a low rank, each is a sum of
//! a few rows, `[1, ζ, η]` times `[φ + v∘c, d, v∘V₁, …, v∘V_R]`, which says the same with fewer products.

use hlo::Tensor;

use super::form::{Chunk, Form, Prepared, Tile};
use super::noise::Normals;
use super::streaming::wide;

/// The rows of DET, or of HET-XL.
#[derive(Clone, Copy, Debug)]
pub(super) enum Rows<'t> {
    /// φ: one sample without noise. Arrays of the examples: φ.
    Plain,
    /// One for each sample.
    Samples(Pair<'t>),
    /// One for each direction of the noise, which has a scalar diagonal part.
    Directions(Pair<'t>),
}

/// The noise of HET-XL, whose arrays are, of the examples: φ, d and, with factors, v `[B, D]` or
/// V(x) `[B, D, R]`; shared, after 1/τ: V `[R, D]` and, with a bias, c `[D]`, where v is of that
/// shape.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pair<'t> {
    pub diag: Normals<'t>,
    pub factors: Normals<'t>,
    /// The numbers of ζ for a sample: 1, or D.
    pub diag_width: usize,
    /// R.
    pub rank: usize,
    /// S.
    pub samples: usize,
}

impl<'t> Pair<'t> {
    /// η of a chunk, if there are factors, and ζ.
    fn draw(&self, chunk: &Chunk<'t>) -> (Option<Tensor<'t>>, Tensor<'t>) {
        let phi = chunk.examples[0];
        let (batch, dtype) = (phi.shape()[0], wide(phi.dtype()));
        let of = |normals: Normals<'t>, width| {
            normals.of_examples(chunk.first, [batch, self.samples, width], dtype)
        };
        let factors = (self.rank > 0).then(|| of(self.factors, self.rank));
        (factors, of(self.diag, self.diag_width))
    }

    /// The noise of every sample, `[b, S, D]`.
    fn noise(&self, chunk: &Chunk<'t>) -> Tensor<'t> {
        let (eta, zeta) = self.draw(chunk);
        let diag = chunk.examples[1].expand_dims(1) * zeta;
        let Some(eta) = eta else { return diag };
        let scale = chunk.examples[2];
        let factors = match &chunk.shared[1..] {
            // V(x): `[b, S, R]` by `[b, D, R]`.
            [] => {
                let eta = eta.broadcast_to([scale.shape()[0], self.samples, self.rank]);
                eta.matmul(scale.transpose([0, 2, 1]))
            }
            &[kernel] => scale.expand_dims(1) * eta.matmul(kernel),
            &[kernel, bias, ..] => scale.expand_dims(1) * (eta.matmul(kernel) + bias),
        };
        factors + diag
    }

    /// The mean of the pre-logits and the directions of their noise, `[b, R + 2, D]`, and how the
    /// samples are made of them, `[b, S, R + 2]`.
    fn directions(&self, chunk: &Chunk<'t>) -> (Tensor<'t>, Tensor<'t>) {
        let trace = chunk.first.trace();
        let (eta, zeta) = self.draw(chunk);
        let (phi, d) = (chunk.examples[0], chunk.examples[1]);
        let one = trace.full(1.0, zeta.dtype(), zeta.shape());
        let mut mean = phi.to(zeta.dtype());
        let mut rows = vec![d.expand_dims(1)];
        let mut mixing = vec![one, zeta];
        if let Some(eta) = eta {
            mixing.push(eta);
            let scale = chunk.examples[2];
            rows.push(match &chunk.shared[1..] {
                [] => scale.transpose([0, 2, 1]),
                &[kernel, ..] => scale.expand_dims(1) * kernel,
            });
            if let [_, bias] = chunk.shared[1..] {
                mean = mean + scale * bias;
            }
        }
        rows.insert(0, mean.expand_dims(1));
        (trace.concatenate(&rows, 1), trace.concatenate(&mixing, 2))
    }
}

impl<'t> Form<'t> for Rows<'t> {
    fn columns(&self) -> usize {
        match self {
            Self::Plain => 1,
            Self::Samples(noise) => noise.samples,
            Self::Directions(noise) => noise.rank + 2,
        }
    }

    fn samples(&self) -> usize {
        match self {
            Self::Plain => 1,
            Self::Samples(noise) | Self::Directions(noise) => noise.samples,
        }
    }

    fn prepare(&self, chunk: &Chunk<'t>) -> Prepared<'t> {
        let (phi, inverse) = (chunk.examples[0], chunk.shared[0]);
        let (rows, noise) = match self {
            Self::Plain => (phi.to(inverse.dtype()).expand_dims(1), vec![]),
            Self::Samples(noise) => {
                let phi = phi.to(inverse.dtype()).expand_dims(1);
                (phi + noise.noise(chunk), vec![])
            }
            Self::Directions(noise) => {
                let (rows, mixing) = noise.directions(chunk);
                (rows, vec![mixing])
            }
        };
        // The temperature goes into what is small.
        Prepared { rows: vec![(rows * inverse).to(phi.dtype()), inverse], noise }
    }

    fn project(&self, prepared: &Prepared<'t>, kernels: &[Tensor<'t>]) -> Tensor<'t> {
        let rows = prepared.rows[0];
        let [batch, columns, width] = rows.dims();
        let kernel = kernels[0];
        let [_, classes] = kernel.dims();
        let flat = rows.reshape([batch * columns, width]);
        let product = flat.matmul_to(kernel.to(rows.dtype()), wide(rows.dtype()));
        product.reshape([batch, columns, classes])
    }

    fn logits(
        &self,
        prepared: &Prepared<'t>,
        projected: Tensor<'t>,
        vectors: &[Tensor<'t>],
        _: &Tile<'t>,
    ) -> Tensor<'t> {
        let logits = match prepared.noise.first() {
            None => projected,
            Some(mixing) => {
                let [batch, ..] = projected.dims::<3>();
                let [_, samples, columns] = mixing.dims();
                mixing.broadcast_to([batch, samples, columns]).matmul(projected)
            }
        };
        logits + vectors[0] * prepared.rows[1]
    }
}

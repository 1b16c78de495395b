//! Logits whose noise, if any, is in the pre-logits: `u = (φ + ε)·W / τ + b / τ`.
//!
//! An example's rows are projected by the classes' kernel, and its samples are mixed out of what that
//! gives: either each sample, or pair of samples, is a row of its own, or each is a sum of a few rows,
//! `[1, ζ, η]` times `[φ + v∘c, d, v∘V₁, …, v∘V_R]`, which says the same with fewer products.

use hlo::{DType, Tensor};

use super::estimator::{Estimator, drawn_for, orthogonal};
use super::form::{Chunk, Form, Prepared, Tile};
use super::noise::{Noise, Normals};
use super::streaming::wide;

/// The rows of DET, or of HET-XL.
#[derive(Clone, Copy, Debug)]
pub(super) enum Rows<'t> {
    /// φ: one sample without noise. Arrays of the examples: φ.
    Plain,
    /// One for each sample; where samples come in pairs the mean, and one for each pair.
    Samples(Pair<'t>),
    /// The mean and one for each direction of the noise: of the factors, and of a scalar diagonal part
    /// or of the few rows that samples share.
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
    pub estimator: Estimator,
}

/// The numbers behind an example's samples, or pairs of samples.
#[derive(Clone, Copy)]
struct Drawn<'t> {
    /// η, `[b, n, R]`, if there are factors.
    eta: Option<Tensor<'t>>,
    /// ζ, `[b, n, 1]` or `[b, n, D]`; fewer than n where they take turns.
    zeta: Tensor<'t>,
}

/// The mean of the noisy pre-logits, `[b, 1, D]`.
pub(super) fn mean<'t>(chunk: &Chunk<'t>) -> Tensor<'t> {
    let phi = chunk.examples[0].to(chunk.shared[0].dtype());
    let mean = match chunk.shared[1..] {
        [_, bias] => phi + chunk.examples[2] * bias,
        _ => phi,
    };
    mean.expand_dims(1)
}

/// The directions of the factors, `[b, R, D]`, if there are any.
pub(super) fn factors<'t>(chunk: &Chunk<'t>) -> Option<Tensor<'t>> {
    let &scale = chunk.examples.get(2)?;
    Some(match chunk.shared[1..] {
        [] => scale.transpose([0, 2, 1]),
        [kernel, ..] => scale.expand_dims(1) * kernel,
    })
}

/// Rows `[b, columns, D]` by a kernel `[D, classes]`.
pub(super) fn project<'t>(rows: Tensor<'t>, kernel: Tensor<'t>) -> Tensor<'t> {
    let [batch, columns, width] = rows.dims();
    let [_, classes] = kernel.dims();
    let flat = rows.reshape([batch * columns, width]);
    let product = flat.matmul_to(kernel.to(rows.dtype()), wide(rows.dtype()));
    product.reshape([batch, columns, classes])
}

impl<'t> Pair<'t> {
    /// Samples, or pairs of them.
    fn count(&self) -> usize {
        if self.estimator.pairs() { self.samples / 2 } else { self.samples }
    }

    fn is_scalar(&self) -> bool {
        self.diag_width == 1
    }

    fn draw(&self, first: Tensor<'t>, batch: usize, dtype: DType) -> Drawn<'t> {
        let count = self.count();
        let of = |normals: Normals<'t>, count, width| {
            normals.of_examples(first, [batch, count, width], dtype)
        };
        let diag = match self.estimator {
            Estimator::FactorExact { diag_rows } => diag_rows,
            _ => count,
        };
        if self.rank == 0 {
            return Drawn { eta: None, zeta: of(self.diag, diag, self.diag_width) };
        }
        if !self.estimator.is_orthogonal() {
            let eta = Some(of(self.factors, count, self.rank));
            return Drawn { eta, zeta: of(self.diag, diag, self.diag_width) };
        }
        if !self.is_scalar() {
            let eta = of(self.factors, drawn_for(count, self.rank), self.rank);
            let eta = Some(orthogonal(eta, count));
            return Drawn { eta, zeta: of(self.diag, diag, self.diag_width) };
        }
        let width = self.rank + 1;
        let drawn = drawn_for(count, width);
        let both = [of(self.diag, drawn, 1), of(self.factors, drawn, self.rank)];
        let both = orthogonal(first.trace().concatenate(&both, 2), count);
        Drawn { eta: Some(both.slice(2, 1..width)), zeta: both.slice(2, 0..1) }
    }

    /// The numbers behind every sample of a batch.
    pub(super) fn all(&self, batch: usize, first: Tensor<'t>, dtype: DType) -> Noise<'t> {
        let trace = first.trace();
        let Drawn { eta, zeta } = self.draw(first, batch, dtype);
        let turns = trace.iota(DType::S32, [self.count()], 0);
        let zeta = zeta.take(turns % (zeta.shape()[1] as i32), 1);
        let signed = |vectors: Tensor<'t>| {
            if self.estimator.pairs() {
                trace.concatenate(&[vectors, -vectors], 1)
            } else {
                vectors
            }
        };
        let none = || trace.full(0.0, dtype, [1, self.samples, 0]);
        Noise { factors: eta.map_or_else(none, signed), diag: signed(zeta) }
    }

    /// The noise of every sample, or pair of samples, without its mean: `[b, n, D]`.
    fn noise(&self, chunk: &Chunk<'t>, Drawn { eta, zeta }: Drawn<'t>) -> Tensor<'t> {
        let diag = chunk.examples[1].expand_dims(1) * zeta;
        let Some(eta) = eta else { return diag };
        let scale = chunk.examples[2];
        let factors = match chunk.shared[1..] {
            // V(x): `[b, n, R]` by `[b, D, R]`.
            [] => {
                let eta = eta.broadcast_to([scale.shape()[0], self.count(), self.rank]);
                eta.matmul(scale.transpose([0, 2, 1]))
            }
            [kernel, ..] => scale.expand_dims(1) * eta.matmul(kernel),
        };
        factors + diag
    }

    /// Directions beside the factors'.
    fn diag_columns(&self) -> usize {
        match self.estimator {
            Estimator::FactorExact { diag_rows } => diag_rows,
            _ => 1,
        }
    }

    /// The mean and the directions of the noise, `[b, columns, D]`, and how the samples are made of
    /// them, `[b, n, columns]`: around the mean where they come in pairs.
    fn directions(&self, chunk: &Chunk<'t>, drawn: Drawn<'t>) -> (Tensor<'t>, Tensor<'t>) {
        let trace = chunk.first.trace();
        let Drawn { eta, zeta } = drawn;
        let (d, dtype) = (chunk.examples[1].expand_dims(1), zeta.dtype());
        let [shared, ..] = zeta.dims::<3>();
        let (diag, of_diag) = if self.is_scalar() {
            (d, zeta)
        } else {
            let rows = zeta.shape()[1] as i32;
            let turns = trace.iota(DType::S32, [self.count()], 0) % rows;
            let turns = turns.one_hot(rows as usize, dtype);
            (d * zeta, turns.broadcast_to([shared, self.count(), rows as usize]))
        };
        let of_mean = if self.estimator.pairs() { 0.0 } else { 1.0 };
        let of_mean = trace.full(of_mean, dtype, [shared, self.count(), 1]);
        let rows: Vec<_> = [mean(chunk), diag].into_iter().chain(factors(chunk)).collect();
        let mixing: Vec<_> = [of_mean, of_diag].into_iter().chain(eta).collect();
        (trace.concatenate(&rows, 1), trace.concatenate(&mixing, 2))
    }
}

impl<'t> Rows<'t> {
    /// The form with the fewest rows that a noise has.
    pub(super) fn of(noise: Pair<'t>) -> Self {
        let (samples, directions) = (Self::Samples(noise), Self::Directions(noise));
        let by_directions = match noise.estimator {
            Estimator::FactorExact { .. } => true,
            _ => noise.is_scalar() && samples.columns() > directions.columns(),
        };
        if by_directions { directions } else { samples }
    }

    /// The noise whose samples come in pairs.
    fn pairs(&self) -> Option<&Pair<'t>> {
        match self {
            Self::Samples(noise) | Self::Directions(noise) if noise.estimator.pairs() => {
                Some(noise)
            }
            _ => None,
        }
    }

    /// Some of each example's samples as rows of [`Rows::Plain`]: `chosen` `[b, m, S]` is 1 where the
    /// sample is the one, and else 0.
    pub(super) fn choose(&self, prepared: &Prepared<'t>, chosen: Tensor<'t>) -> Prepared<'t> {
        let [batch, _, samples] = chosen.dims();
        let rows = prepared.rows[0];
        let wide = rows.to(chosen.dtype());
        let mix = |chosen: Tensor<'t>| match prepared.noise.first() {
            None => chosen,
            Some(mixing) => {
                let [_, count, columns] = mixing.dims();
                chosen.matmul(mixing.broadcast_to([batch, count, columns]))
            }
        };
        let made = if self.pairs().is_some() {
            let half = samples / 2;
            let signed = chosen.slice(2, 0..half) - chosen.slice(2, half..samples);
            let columns = wide.shape()[1];
            let noise = if !prepared.noise.is_empty() { wide } else { wide.slice(1, 1..columns) };
            wide.slice(1, 0..1) + mix(signed).matmul(noise)
        } else {
            mix(chosen).matmul(wide)
        };
        let rows = [&[made.to(rows.dtype())], &prepared.rows[1..]].concat();
        Prepared { rows, noise: vec![] }
    }
}

impl<'t> Form<'t> for Rows<'t> {
    fn columns(&self) -> usize {
        match self {
            Self::Plain => 1,
            Self::Samples(noise) => noise.count() + usize::from(noise.estimator.pairs()),
            Self::Directions(noise) => 1 + noise.diag_columns() + noise.rank,
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
        let draw = |noise: &Pair<'t>| noise.draw(chunk.first, phi.shape()[0], wide(phi.dtype()));
        let (rows, noise) = match self {
            Self::Plain => (phi.to(inverse.dtype()).expand_dims(1), vec![]),
            Self::Samples(noise) => {
                let of_samples = noise.noise(chunk, draw(noise));
                let rows = if noise.estimator.pairs() {
                    phi.trace().concatenate(&[mean(chunk), of_samples], 1)
                } else {
                    mean(chunk) + of_samples
                };
                (rows, vec![])
            }
            Self::Directions(noise) => {
                let (rows, mixing) = noise.directions(chunk, draw(noise));
                (rows, vec![mixing])
            }
        };
        // The temperature goes into what is small.
        Prepared { rows: vec![(rows * inverse).to(phi.dtype()), inverse], noise }
    }

    fn project(&self, prepared: &Prepared<'t>, kernels: &[Tensor<'t>]) -> Tensor<'t> {
        project(prepared.rows[0], kernels[0])
    }

    fn logits(
        &self,
        prepared: &Prepared<'t>,
        projected: Tensor<'t>,
        vectors: &[Tensor<'t>],
        _: &Tile<'t>,
    ) -> Tensor<'t> {
        let [batch, columns, classes] = projected.dims();
        let bias = vectors[0] * prepared.rows[1];
        let mixed = prepared.noise.first().map(|mixing| {
            let [_, count, columns] = mixing.dims();
            mixing.broadcast_to([batch, count, columns]).matmul(projected)
        });
        let Some(noise) = self.pairs() else { return mixed.unwrap_or(projected) + bias };
        let of_noise = mixed.unwrap_or_else(|| projected.slice(1, 1..columns));
        let signs = projected.trace().constant_array(&[1.0, -1.0], projected.dtype(), [2, 1, 1]);
        let mean = (projected.slice(1, 0..1) + bias).expand_dims(1);
        (mean + signs * of_noise.expand_dims(1)).reshape([batch, noise.samples, classes])
    }
}

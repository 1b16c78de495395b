//! Logits that noise is added to: `u = (φ·W + b + ε) / τ`.
//!
//! ε is of each class or of the bucket that the class is in. Of a tile's classes are made, for each
//! example, the columns `[μ + v∘c, d, v∘V₁, …, v∘V_R]`, and the samples as the product of `[1, ζ, η]`
//! with them. Its gradient with respect to all of them is one product, too, so that nothing but the
//! logits and their gradient has a place for each sample and class: that is faster than
//! `μ + v∘(η·V + c) + d∘ζ`, where fewer samples are made than there are factors, and also where all
//! examples share η and the product η·V.

use hlo::Tensor;

use super::form::{Chunk, Form, Prepared, Tile};
use super::hash::ClassHash;
use super::heteroscedastic::MIN_SCALE;
use super::noise::Normals;
use super::streaming::wide;

/// The noise of HET, or with a hash of HET-H.
///
/// The arrays of HET are, of the examples: φ; shared: 1/τ; the classes' kernels: W and `W_d`, each
/// `[D, K]`, and with factors `W_v`, `[D, K]`, or `[D, K, R]` where each example has factors of its own;
/// their vectors: b, `b_d` and `b_v`, and where v scales them V `[R, K]` and, with a bias, c.
///
/// The arrays of HET-H are, of the examples: φ, d `[B, H]` and, with factors, v `[B, H]` or V(x)
/// `[B, H, R]`; shared: 1/τ, and where v scales them V `[R, H]` and, with a bias, c; of the classes: W
/// and b.
#[derive(Clone, Copy, Debug)]
pub(super) struct LogitNoise<'t> {
    pub diag: Normals<'t>,
    pub factors: Normals<'t>,
    /// Whether ζ is one number for a sample, or one for each class or bucket.
    pub scalar: bool,
    /// n: K, or H.
    pub width: usize,
    /// R.
    pub rank: usize,
    /// S.
    pub samples: usize,
    /// Whether v scales factors that all examples have in common.
    pub efficient: bool,
    /// The buckets of HET-H.
    pub hash: Option<ClassHash>,
}

/// What the logits of a tile are made of.
struct Parts<'t> {
    /// μ, and with a bias `v∘c`, `[b, classes]`.
    mean: Tensor<'t>,
    /// d, `[b, classes]`.
    diag: Tensor<'t>,
    /// `v∘V` or V(x), `[b, R, classes]`.
    factors: Option<Tensor<'t>>,
}

impl<'t> Parts<'t> {
    /// Those with factors that v, `[b, classes]`, scales: V, `[R, classes]`, and perhaps c, `[classes]`.
    fn scaled(
        mean: Tensor<'t>,
        diag: Tensor<'t>,
        scale: Tensor<'t>,
        kernel: Tensor<'t>,
        bias: Option<Tensor<'t>>,
    ) -> Self {
        let mean = bias.map_or(mean, |bias| mean + scale * bias);
        Self { mean, diag, factors: Some(scale.expand_dims(1) * kernel) }
    }
}

impl<'t> LogitNoise<'t> {
    /// The parts of a tile where each class has its own.
    fn of_classes(&self, projected: Tensor<'t>, vectors: &[Tensor<'t>]) -> Parts<'t> {
        let dtype = projected.dtype();
        let vector = |i: usize| vectors[i].to(dtype);
        let column = |i: usize| projected.slice(1, i..i + 1).squeeze(1) + vector(i);
        let (mean, diag) = (column(0), column(1).softplus() + MIN_SCALE);
        match self.rank {
            0 => Parts { mean, diag, factors: None },
            rank if !self.efficient => {
                let own = projected.slice(1, 2..2 + rank) + vector(2).transpose([1, 0]);
                Parts { mean, diag, factors: Some(own) }
            }
            _ => {
                let bias = vectors.get(4).map(|bias| bias.to(dtype));
                Parts::scaled(mean, diag, column(2), vector(3), bias)
            }
        }
    }

    /// The parts of a tile where each class has those of its bucket.
    fn of_buckets(
        hash: ClassHash,
        projected: Tensor<'t>,
        rows: &[Tensor<'t>],
        vectors: &[Tensor<'t>],
        tile: &Tile<'t>,
    ) -> Parts<'t> {
        let (classes, dtype) = (tile.classes(), projected.dtype());
        let buckets = hash.buckets(classes);
        let signs = hash.signs(classes, dtype);
        let signed = |tensor: Tensor<'t>| signs.map_or(tensor, |signs| tensor * signs);
        let mean = projected.squeeze(1) + vectors[0].to(dtype);
        let diag = signed(rows[0].take(buckets, 1));
        match &rows[1..] {
            [] => Parts { mean, diag, factors: None },
            [own] => {
                let own = signed(own.take(buckets, 1).transpose([0, 2, 1]));
                Parts { mean, diag, factors: Some(own) }
            }
            [scale, kernel, bias @ ..] => {
                let bias = bias.first().map(|bias| bias.take(buckets, 0));
                let scale = signed(scale.take(buckets, 1));
                Parts::scaled(mean, diag, scale, kernel.take(buckets, 1), bias)
            }
        }
    }

    /// ζ of the classes of a tile, `[b, S, classes]`, where each class or bucket has one.
    fn zeta(&self, batch: usize, noise: &[Tensor<'t>], tile: &Tile<'t>) -> Tensor<'t> {
        match self.hash {
            Some(hash) => noise[1].take(hash.buckets(tile.classes()), 2),
            None => {
                let shape = [batch, self.samples, self.width];
                self.diag.of_tile(noise[1], shape, tile, noise[0].dtype())
            }
        }
    }
}

impl<'t> Form<'t> for LogitNoise<'t> {
    fn columns(&self) -> usize {
        match self.hash {
            Some(_) => 1,
            None if self.rank == 0 => 2,
            None if self.efficient => 3,
            None => self.rank + 2,
        }
    }

    fn samples(&self) -> usize {
        self.samples
    }

    fn prepare(&self, chunk: &Chunk<'t>) -> Prepared<'t> {
        let (phi, inverse) = (chunk.examples[0], chunk.shared[0]);
        let rows = [&[phi, inverse], &chunk.examples[1..], &chunk.shared[1..]].concat();
        let dtype = wide(phi.dtype());
        let of = |normals: Normals<'t>, width| {
            normals.of_examples(chunk.first, [phi.shape()[0], self.samples, width], dtype)
        };
        let mut rest = vec![];
        let mut mixing = vec![];
        if self.scalar {
            mixing.push(of(self.diag, 1));
        } else {
            // Of all classes there may be too many.
            rest.push(if self.hash.is_some() { of(self.diag, self.width) } else { chunk.first });
        }
        if self.rank > 0 {
            mixing.push(of(self.factors, self.rank));
        }
        let first = mixing.first().map_or(1, |normals| normals.shape()[0]);
        mixing.insert(0, inverse.trace().full(1.0, dtype, [first, self.samples, 1]));
        rest.insert(0, inverse.trace().concatenate(&mixing, 2));
        Prepared { rows, noise: rest }
    }

    fn project(&self, prepared: &Prepared<'t>, kernels: &[Tensor<'t>]) -> Tensor<'t> {
        let phi = prepared.rows[0];
        let [batch, width] = phi.dims();
        let columns = kernels.iter().map(|kernel| {
            let [classes, each] = [kernel.shape()[1], kernel.shape().get(2).copied().unwrap_or(1)];
            let flat = kernel.to(phi.dtype()).reshape([width, classes * each]);
            let product = phi.matmul_to(flat, wide(phi.dtype()));
            product.reshape([batch, classes, each]).transpose([0, 2, 1])
        });
        phi.trace().concatenate(&columns.collect::<Vec<_>>(), 1)
    }

    fn logits(
        &self,
        prepared: &Prepared<'t>,
        projected: Tensor<'t>,
        vectors: &[Tensor<'t>],
        tile: &Tile<'t>,
    ) -> Tensor<'t> {
        let (inverse, mixing) = (prepared.rows[1], prepared.noise[0]);
        let [batch, _, _] = projected.dims();
        let Parts { mean, diag, factors } = match self.hash {
            Some(hash) => Self::of_buckets(hash, projected, &prepared.rows[2..], vectors, tile),
            None => self.of_classes(projected, vectors),
        };
        let [mean, diag] = [mean, diag].map(|part| part.expand_dims(1));
        let mut columns = vec![mean];
        columns.extend(self.scalar.then_some(diag));
        columns.extend(factors);
        // The temperature goes into what is small.
        let columns = mean.trace().concatenate(&columns, 1) * inverse;
        let [_, samples, width] = mixing.dims();
        let logits = mixing.broadcast_to([batch, samples, width]).matmul(columns);
        if self.scalar {
            return logits;
        }
        logits + diag * inverse * self.zeta(batch, &prepared.noise, tile)
    }
}

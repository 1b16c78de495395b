//! Logits that noise is added to: `u = (φ·W + b + ε) / τ`.
//!
//! ε is of each class or of the bucket that the class is in. Of a tile's classes alone are made the
//! mean μ, d, and v or V(x), and the samples of them in one of two orders, which say the same: either
//! `μ + v∘(η·V + c) + d∘ζ`, where the factors' part is made once for all examples that share η, or
//! `[1, ζ, η]` times `[μ + v∘c, d, v∘V₁, …, v∘V_R]`, whose gradient with respect to all of them is one
//! product.

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
    /// Whether all examples have the same η and ζ.
    pub shared: bool,
    /// The buckets of HET-H.
    pub hash: Option<ClassHash>,
}

/// What the logits of a tile are made of.
struct Parts<'t> {
    /// μ, `[b, classes]`.
    mean: Tensor<'t>,
    /// d, `[b, classes]`.
    diag: Tensor<'t>,
    factors: Factors<'t>,
}

enum Factors<'t> {
    None,
    /// V(x), `[b, R, classes]`.
    Own(Tensor<'t>),
    Scaled {
        /// v, `[b, classes]`.
        scale: Tensor<'t>,
        /// V, `[R, classes]`.
        kernel: Tensor<'t>,
        /// c, `[classes]`.
        bias: Option<Tensor<'t>>,
    },
}

impl<'t> LogitNoise<'t> {
    /// The parts of a tile where each class has its own.
    fn of_classes(&self, projected: Tensor<'t>, vectors: &[Tensor<'t>]) -> Parts<'t> {
        let dtype = projected.dtype();
        let vector = |i: usize| vectors[i].to(dtype);
        let column = |i: usize| projected.slice(1, i..i + 1).squeeze(1) + vector(i);
        let factors = match self.rank {
            0 => Factors::None,
            rank if !self.efficient => {
                Factors::Own(projected.slice(1, 2..2 + rank) + vector(2).transpose([1, 0]))
            }
            _ => {
                let bias = vectors.get(4).map(|bias| bias.to(dtype));
                Factors::Scaled { scale: column(2), kernel: vector(3), bias }
            }
        };
        Parts { mean: column(0), diag: column(1).softplus() + MIN_SCALE, factors }
    }

    /// The parts of a tile where each class has those of its bucket.
    fn of_buckets(
        &self,
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
        let factors = match &rows[1..] {
            [] => Factors::None,
            [matrix] => Factors::Own(signed(matrix.take(buckets, 1).transpose([0, 2, 1]))),
            [scale, kernel, bias @ ..] => Factors::Scaled {
                scale: signed(scale.take(buckets, 1)),
                kernel: kernel.take(buckets, 1),
                bias: bias.first().map(|bias| bias.take(buckets, 0)),
            },
        };
        let diag = signed(rows[0].take(buckets, 1));
        let mean = projected.squeeze(1) + vectors[0].to(dtype);
        Parts { mean, diag, factors }
    }

    /// ζ of the classes of a tile, to be broadcast against `[b, S, classes]`.
    fn zeta(&self, batch: usize, noise: &[Tensor<'t>], tile: &Tile<'t>) -> Tensor<'t> {
        match self.hash {
            _ if self.scalar => noise[0].slice(2, 1..2),
            Some(hash) => noise[1].take(hash.buckets(tile.classes()), 2),
            None => {
                let shape = [batch, self.samples, self.width];
                self.diag.of_tile(noise[1], shape, tile, noise[0].dtype())
            }
        }
    }

    /// Whether samples are made as products of matrices, each of an example.
    fn mixes(&self) -> bool {
        let fewer = !self.shared && self.samples > self.rank + 2;
        self.rank > 0 && (fewer || !self.efficient)
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
        let (trace, inverse, mixing) = (projected.trace(), prepared.rows[1], prepared.noise[0]);
        let [batch, _, classes] = projected.dims();
        let Parts { mean, diag, factors } = match self.hash {
            Some(hash) => self.of_buckets(hash, projected, &prepared.rows[2..], vectors, tile),
            None => self.of_classes(projected, vectors),
        };
        // The temperature goes into what is small.
        let mut mean = mean * inverse;
        let diag = (diag * inverse).expand_dims(1);
        let diag_part = || diag * self.zeta(batch, &prepared.noise, tile);
        let own = match factors {
            Factors::None => return mean.expand_dims(1) + diag_part(),
            Factors::Scaled { scale, kernel, bias } if !self.mixes() => {
                let columns = mixing.shape()[2];
                let factors = mixing.slice(2, columns - self.rank..columns).matmul(kernel);
                let factors = bias.map_or(factors, |bias| factors + bias);
                let scale = (scale * inverse).expand_dims(1);
                return mean.expand_dims(1) + scale * factors + diag_part();
            }
            Factors::Scaled { scale, kernel, bias } => {
                let scale = scale * inverse;
                if let Some(bias) = bias {
                    mean = mean + scale * bias;
                }
                scale.expand_dims(1) * kernel
            }
            Factors::Own(matrix) => matrix * inverse,
        };
        let mut columns = vec![mean.expand_dims(1)];
        columns.extend(self.scalar.then_some(diag));
        columns.push(own.broadcast_to([batch, self.rank, classes]));
        let columns = trace.concatenate(&columns, 1);
        let [_, samples, width] = mixing.dims();
        let logits = mixing.broadcast_to([batch, samples, width]).matmul(columns);
        if self.scalar { logits } else { logits + diag_part() }
    }
}

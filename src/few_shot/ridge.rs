//! Ridge regression in closed form.

use std::ops::Range;

use nalgebra::{DMatrix, DVector};

/// Added to standard deviations.
const EPSILON: f64 = 1e-5;

/// The constant feature.
const BIAS: f64 = 100.0;

/// The exponents of the powers of 2 that are tried as λ.
const GRID: Range<i32> = -10..20;

/// How many examples are scored at a time.
const CHUNK: usize = 1024;

/// Features of examples, and the class of each.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Features {
    /// D.
    pub width: usize,
    /// `[N, D]`.
    pub numbers: Vec<f32>,
    /// `[N]`.
    pub labels: Vec<u32>,
}

/// How a λ does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fit {
    /// What squared weights cost.
    pub lambda: f64,
    /// The part of examples that are classified right.
    pub accuracy: f64,
}

/// Fits of linear classifiers for any λ: `W = left · diag(1 / (values + λ)) · right`.
#[derive(Clone, Debug)]
pub struct Ridge {
    /// Of each feature.
    mean: Vec<f64>,
    std: Vec<f64>,
    /// `[D + 1, r]`.
    left: DMatrix<f64>,
    /// `[r]`, r = min(N, D + 1).
    values: DVector<f64>,
    /// `[r, K]`.
    right: DMatrix<f64>,
}

impl Features {
    fn row(&self, row: usize) -> &[f32] {
        &self.numbers[row * self.width..][..self.width]
    }

    /// The first `count` examples of each class.
    pub fn first_of_each_class(&self, count: usize) -> Self {
        let mut found = vec![];
        let mut first = Self { width: self.width, ..Self::default() };
        for (row, &label) in self.labels.iter().enumerate() {
            found.resize(found.len().max(label as usize + 1), 0);
            let found = &mut found[label as usize];
            if *found < count {
                *found += 1;
                first.numbers.extend(self.row(row));
                first.labels.push(label);
            }
        }
        first
    }
}

impl Ridge {
    /// Fits to examples of `classes` classes, at least one.
    pub fn new(examples: &Features, classes: usize) -> Self {
        let (mean, std) = moments(examples);
        let x = standardised(examples, 0..examples.labels.len(), &mean, &std);
        let target =
            |row: usize, class| if examples.labels[row] as usize == class { 1.0 } else { -1.0 };
        let y = DMatrix::from_fn(x.nrows(), classes, target);
        // With X = U Σ Vᵀ, the smaller of Xᵀ X and X Xᵀ has the values.
        let (left, values, right) = if x.nrows() < x.ncols() {
            let eigen = (&x * x.transpose()).symmetric_eigen();
            (x.tr_mul(&eigen.eigenvectors), eigen.eigenvalues, eigen.eigenvectors.tr_mul(&y))
        } else {
            let eigen = x.tr_mul(&x).symmetric_eigen();
            let right = eigen.eigenvectors.tr_mul(&x.tr_mul(&y));
            (eigen.eigenvectors, eigen.eigenvalues, right)
        };
        Self { mean, std, left, values, right }
    }

    /// How each λ does on examples.
    pub fn fits(&self, examples: &Features) -> Vec<Fit> {
        let lambdas = GRID.map(|power| 2f64.powi(power)).collect::<Vec<_>>();
        let mut correct = vec![0; lambdas.len()];
        self.projected(examples, &mut |projected, labels| {
            for (correct, &lambda) in correct.iter_mut().zip(&lambdas) {
                *correct += self.correct(&projected, labels, lambda);
            }
        });
        let part = |correct| correct as f64 / examples.labels.len() as f64;
        let fits = lambdas.into_iter().zip(correct);
        fits.map(|(lambda, correct)| Fit { lambda, accuracy: part(correct) }).collect()
    }

    /// The part of examples that are classified right.
    pub fn accuracy(&self, examples: &Features, lambda: f64) -> f64 {
        let mut correct = 0;
        self.projected(examples, &mut |projected, labels| {
            correct += self.correct(&projected, labels, lambda);
        });
        correct as f64 / examples.labels.len() as f64
    }

    /// What each class scores, row by row, `[N, K]`.
    pub fn scores(&self, examples: &Features, lambda: f64) -> Vec<f64> {
        let mut scores = vec![];
        self.projected(examples, &mut |projected, _| {
            scores.extend_from_slice((projected * self.weights(lambda)).transpose().as_slice());
        });
        scores
    }

    /// Calls `visit` with some examples at a time, `[n, r]`, and their labels.
    fn projected(&self, examples: &Features, visit: &mut dyn FnMut(DMatrix<f64>, &[u32])) {
        let count = examples.labels.len();
        for first in (0..count).step_by(CHUNK) {
            let rows = first..count.min(first + CHUNK);
            let x = standardised(examples, rows.clone(), &self.mean, &self.std);
            visit(x * &self.left, &examples.labels[rows]);
        }
    }

    /// How many of the examples are classified right.
    fn correct(&self, projected: &DMatrix<f64>, labels: &[u32], lambda: f64) -> usize {
        let scores = projected * self.weights(lambda);
        let is_right = |&(row, &label): &(usize, &u32)| {
            let scores = scores.row(row);
            let mine = scores[label as usize];
            let before = |(class, &score): (usize, &f64)| {
                score > mine || (score == mine && class < label as usize)
            };
            !scores.iter().enumerate().any(before)
        };
        labels.iter().enumerate().filter(is_right).count()
    }

    /// The weights of what is projected, `[r, K]`.
    fn weights(&self, lambda: f64) -> DMatrix<f64> {
        let mut weights = self.right.clone();
        for (mut row, value) in weights.row_iter_mut().zip(&self.values) {
            row /= value + lambda;
        }
        weights
    }
}

/// The mean of each feature, and its standard deviation, never 0.
fn moments(examples: &Features) -> (Vec<f64>, Vec<f64>) {
    let count = examples.labels.len() as f64;
    let rows = || (0..examples.labels.len()).map(|row| examples.row(row));
    let mut mean = vec![0.0; examples.width];
    for row in rows() {
        mean.iter_mut().zip(row).for_each(|(mean, &x)| *mean += f64::from(x) / count);
    }
    let mut variance = vec![0.0; examples.width];
    for row in rows() {
        for ((variance, &x), mean) in variance.iter_mut().zip(row).zip(&mean) {
            *variance += (f64::from(x) - mean).powi(2) / count;
        }
    }
    (mean, variance.into_iter().map(|it| it.sqrt() + EPSILON).collect())
}

/// Some rows with features of mean 0 and deviation 1, and the constant one, `[n, D + 1]`.
fn standardised(
    examples: &Features,
    rows: Range<usize>,
    mean: &[f64],
    std: &[f64],
) -> DMatrix<f64> {
    DMatrix::from_fn(rows.len(), examples.width + 1, |row, feature| {
        let number = |&x: &f32| (f64::from(x) - mean[feature]) / std[feature];
        examples.row(rows.start + row).get(feature).map_or(BIAS, number)
    })
}

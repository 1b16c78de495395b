//! Ridge regression in closed form.

use std::ops::Range;

use nalgebra::{DMatrix, DVector};
use rayon::prelude::*;

/// Added to standard deviations.
const EPSILON: f64 = 1e-5;

/// The constant feature.
const BIAS: f64 = 100.0;

/// The exponents of the powers of 2 that are tried as λ.
const GRID: Range<i32> = -10..20;

/// How many examples a thread scores at a time.
const CHUNK: usize = 128;

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
        let targets = |of: &DMatrix<f64>| times_targets(of, &examples.labels, classes);
        // With X = U Σ Vᵀ, the smaller of Xᵀ X and X Xᵀ has the values.
        let (left, values, right) = if x.nrows() < x.ncols() {
            let eigen = (&x * x.transpose()).symmetric_eigen();
            (x.tr_mul(&eigen.eigenvectors), eigen.eigenvalues, targets(&eigen.eigenvectors))
        } else {
            let eigen = x.tr_mul(&x).symmetric_eigen();
            let right = eigen.eigenvectors.tr_mul(&targets(&x));
            (eigen.eigenvectors, eigen.eigenvalues, right)
        };
        Self { mean, std, left, values, right }
    }

    /// How each λ does on examples.
    pub fn fits(&self, examples: &Features) -> Vec<Fit> {
        let lambdas = GRID.map(|power| 2f64.powi(power)).collect::<Vec<_>>();
        let accuracies = self.accuracies(examples, &lambdas);
        let fits = lambdas.into_iter().zip(accuracies);
        fits.map(|(lambda, accuracy)| Fit { lambda, accuracy }).collect()
    }

    /// The part of examples that are classified right.
    pub fn accuracy(&self, examples: &Features, lambda: f64) -> f64 {
        self.accuracies(examples, &[lambda])[0]
    }

    /// What each class scores, row by row, `[N, K]`.
    pub fn scores(&self, examples: &Features, lambda: f64) -> Vec<f64> {
        let projected = self.projected(examples, 0..examples.labels.len());
        self.scores_of(&projected, lambda).transpose().as_slice().to_vec()
    }

    /// For each λ the part of examples that are classified right.
    fn accuracies(&self, examples: &Features, lambdas: &[f64]) -> Vec<f64> {
        let count = examples.labels.len();
        let chunks = (0..count.div_ceil(CHUNK)).into_par_iter().map(|chunk| {
            let rows = chunk * CHUNK..count.min((chunk + 1) * CHUNK);
            let projected = self.projected(examples, rows.clone());
            let labels = &examples.labels[rows];
            let right = |&lambda: &f64| right(&self.scores_of(&projected, lambda), labels);
            lambdas.iter().map(right).collect::<Vec<_>>()
        });
        let add = |mut sums: Vec<usize>, more: Vec<usize>| {
            sums.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
            sums
        };
        let sums = chunks.reduce(|| vec![0; lambdas.len()], add);
        sums.into_iter().map(|right| right as f64 / count as f64).collect()
    }

    /// Some of the examples, `[n, r]`.
    fn projected(&self, examples: &Features, rows: Range<usize>) -> DMatrix<f64> {
        standardised(examples, rows, &self.mean, &self.std) * &self.left
    }

    /// What each class scores for examples that are projected, `[n, K]`.
    fn scores_of(&self, projected: &DMatrix<f64>, lambda: f64) -> DMatrix<f64> {
        let mut scaled = projected.clone();
        for (mut column, value) in scaled.column_iter_mut().zip(&self.values) {
            column /= value + lambda;
        }
        scaled * &self.right
    }
}

/// Mᵀ Y of a matrix `[N, c]` and the targets `[N, K]`, 1 for an example's class and −1 for all others.
/// Those are not made: of many classes they would be larger than all else.
fn times_targets(matrix: &DMatrix<f64>, labels: &[u32], classes: usize) -> DMatrix<f64> {
    let sums = matrix.row_sum().transpose();
    let mut product = DMatrix::from_fn(matrix.ncols(), classes, |column, _| -sums[column]);
    for (row, &label) in matrix.row_iter().zip(labels) {
        let mut of_class = product.column_mut(label as usize);
        of_class.iter_mut().zip(row.iter()).for_each(|(sum, number)| *sum += 2.0 * number);
    }
    product
}

/// How many examples have the largest score `[n, K]` for their label, the first of equals.
fn right(scores: &DMatrix<f64>, labels: &[u32]) -> usize {
    let is_right = |&(row, &label): &(usize, &u32)| {
        let label = label as usize;
        let scores = scores.row(row);
        let before = |(class, &score): (usize, &f64)| {
            score > scores[label] || (score == scores[label] && class < label)
        };
        !scores.iter().enumerate().any(before)
    };
    labels.iter().enumerate().filter(is_right).count()
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

//! How many of an example's classes come first.

/// The numbers of classes that are looked at.
pub const DEPTHS: [usize; 3] = [1, 3, 5];

/// Metrics of examples with any number of labels, for each of [`DEPTHS`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ranking {
    /// P@k: the part of the first k classes that are labels, averaged over examples.
    pub precision: [f64; 3],
    /// The part of an example's labels that are among the first k classes, averaged over examples.
    pub recall: [f64; 3],
    /// PSP@k: what the labels among the first k classes weigh, each 1 over its propensity, summed
    /// over examples, by the most that it can be (Jain et al., KDD 2016; normalised as in the tables
    /// of the extreme-classification repository). `None` without propensities.
    pub propensity_scored: Option<[f64; 3]>,
}

/// Sums of what [`Ranking`] is made of.
#[derive(Clone, Debug, Default)]
pub(super) struct Ranks {
    examples: u64,
    /// Labels among the first k.
    hits: [u64; 3],
    /// The part of the labels that those are.
    recalled: [f64; 3],
    /// 1 / p of each class; `None` without propensities.
    weights: Option<Vec<f64>>,
    /// What the labels among the first k weigh, and the most that it can be.
    gained: [[f64; 2]; 3],
}

impl Ranks {
    pub(super) fn new(weights: Option<Vec<f64>>) -> Self {
        Self { weights, ..Self::default() }
    }

    /// Adds an example with at least one label. `classes` come first, from the first on.
    pub(super) fn add(&mut self, labels: &[u32], classes: &[u32]) {
        self.examples += 1;
        let mut best = vec![];
        if let Some(weights) = &self.weights {
            best = labels.iter().map(|&label| weights[label as usize]).collect();
            best.sort_unstable_by(|a, b| b.total_cmp(a));
        }
        for (at, depth) in DEPTHS.into_iter().enumerate() {
            let first = &classes[..classes.len().min(depth)];
            let hits = first.iter().filter(|class| labels.contains(class));
            let count = hits.clone().count();
            self.hits[at] += count as u64;
            self.recalled[at] += count as f64 / labels.len() as f64;
            if let Some(weights) = &self.weights {
                self.gained[at][0] += hits.map(|&class| weights[class as usize]).sum::<f64>();
                self.gained[at][1] += best.iter().take(depth).sum::<f64>();
            }
        }
    }

    pub(super) fn finish(&self) -> Ranking {
        let examples = self.examples as f64;
        let depths = DEPTHS.map(|depth| depth as f64);
        Ranking {
            precision: std::array::from_fn(|at| self.hits[at] as f64 / (depths[at] * examples)),
            recall: self.recalled.map(|sum| sum / examples),
            propensity_scored: self
                .weights
                .is_some()
                .then(|| self.gained.map(|[gained, most]| gained / most)),
        }
    }
}

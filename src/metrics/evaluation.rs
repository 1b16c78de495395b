//! Metrics of a classifier, summed example by example.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::calibration::Calibration;
use super::ranking::{Ranking, Ranks};
use super::separation::Separation;
use crate::data::Skipped;
use crate::evaluate::Predicted;

/// Sums over the examples that an evaluation gives.
///
/// ```
/// use hetxl::evaluate::Predicted;
/// use hetxl::metrics::Accumulator;
///
/// let mut sums = Accumulator::one_label();
/// let example = |labels| Predicted {
///     index: 0,
///     labels,
///     clean_label: None,
///     classes: &[4, 0, 2],
///     probabilities: &[0.5, 0.25, 0.125],
///     loss: 1.0,
///     confidence: 0.5,
///     entropy: 1.2,
///     brier: 0.6,
/// };
/// sums.add(&example(&[4]));
/// sums.add(&example(&[2]));
/// let evaluation = sums.finish(vec![]).unwrap();
/// assert_eq!((evaluation.accuracy, evaluation.top5), (0.5, Some(1.0)));
/// ```
#[derive(Clone, Debug)]
pub struct Accumulator {
    examples: u64,
    unlabelled: u64,
    correct: u64,
    top5: u64,
    /// Examples whose right class is known though their label may be another, and those of them that
    /// are classified as it.
    clean: (u64, u64),
    loss: f64,
    brier: f64,
    calibration: Calibration,
    separation: Separation,
    /// `None` where each example has one label.
    ranks: Option<Ranks>,
}

/// Metrics over a split.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    /// The examples that the metrics are of: those with a label.
    pub examples: u64,
    /// How many have none, and count for nothing.
    pub unlabelled: u64,
    /// Those that could not be used.
    pub skipped: Vec<Skipped>,
    /// The part of the examples whose first class is one of their labels: precision@1.
    pub accuracy: f64,
    /// The part of the examples whose label is among the first five classes; `None` where they can
    /// have several.
    pub top5: Option<f64>,
    /// The part of the examples whose first class is the right one, where their labels may be other
    /// ones on purpose.
    pub clean_accuracy: Option<f64>,
    /// The mean loss in nats: with a softmax the negative log-likelihood of the label, with a
    /// sigmoid that of all classes together.
    pub nll: f64,
    /// How well the confidence foretells whether an example is classified right.
    pub calibration: Calibration,
    /// The mean over examples of the sum over classes of (probability − target)² (Brier 1950).
    pub brier: f64,
    /// How well the confidence tells examples that are classified right from those that aren't: the
    /// probability that of one of each the first has the larger one. `None` where all are right or
    /// all wrong.
    pub auroc: Option<f64>,
    /// Where examples can have several labels.
    pub ranking: Option<Ranking>,
}

impl Accumulator {
    /// For examples with one label each.
    pub fn one_label() -> Self {
        Self::new(None)
    }

    /// For examples with any number of labels. `weights` are 1 over the propensity of each class
    /// ([`Propensity::inverse`](super::Propensity::inverse)), where metrics that are scored by them
    /// are wanted.
    pub fn several_labels(weights: Option<Vec<f64>>) -> Self {
        Self::new(Some(Ranks::new(weights)))
    }

    fn new(ranks: Option<Ranks>) -> Self {
        Self {
            examples: 0,
            unlabelled: 0,
            correct: 0,
            top5: 0,
            clean: (0, 0),
            loss: 0.0,
            brier: 0.0,
            calibration: Calibration::default(),
            separation: Separation::default(),
            ranks,
        }
    }

    /// Adds an example.
    pub fn add(&mut self, example: &Predicted<'_>) {
        if example.labels.is_empty() {
            self.unlabelled += 1;
            return;
        }
        let correct = example.is_correct();
        self.examples += 1;
        self.correct += u64::from(correct);
        self.top5 +=
            u64::from(example.classes.iter().take(5).any(|it| example.labels.contains(it)));
        self.loss += f64::from(example.loss);
        self.brier += f64::from(example.brier);
        self.calibration.add(example.confidence, correct);
        self.separation.add(example.confidence, correct);
        if let Some(ranks) = &mut self.ranks {
            ranks.add(example.labels, example.classes);
        }
        if let Some(class) = example.clean_label {
            self.clean.0 += 1;
            self.clean.1 += u64::from(example.classes.first() == Some(&class));
        }
    }

    /// The metrics of all examples so far beside those that were `skipped`; `None` if there was none
    /// with a label.
    pub fn finish(&self, skipped: Vec<Skipped>) -> Option<Evaluation> {
        if self.examples == 0 {
            return None;
        }
        let part = |sum: f64| sum / self.examples as f64;
        Some(Evaluation {
            examples: self.examples,
            unlabelled: self.unlabelled,
            skipped,
            accuracy: part(self.correct as f64),
            top5: self.ranks.is_none().then(|| part(self.top5 as f64)),
            clean_accuracy: (self.clean.0 > 0).then(|| self.clean.1 as f64 / self.clean.0 as f64),
            nll: part(self.loss),
            calibration: self.calibration.clone(),
            brier: part(self.brier),
            auroc: self.separation.area(),
            ranking: self.ranks.as_ref().map(Ranks::finish),
        })
    }
}

impl Evaluation {
    /// The metrics by name, for a [`Line`](super::Line). Those that aren't defined are left out.
    pub fn values(&self) -> Vec<(&'static str, f64)> {
        let mut values = vec![];
        match &self.ranking {
            None => values.push(("accuracy", self.accuracy)),
            Some(Ranking { precision, recall, propensity_scored }) => {
                let names = ["precision_at_1", "precision_at_3", "precision_at_5"];
                values.extend(names.into_iter().zip(*precision));
                let names = ["recall_at_1", "recall_at_3", "recall_at_5"];
                values.extend(names.into_iter().zip(*recall));
                let names = ["psp_at_1", "psp_at_3", "psp_at_5"];
                values.extend(propensity_scored.iter().flat_map(|it| names.into_iter().zip(*it)));
            }
        }
        values.extend(self.clean_accuracy.map(|accuracy| ("clean_accuracy", accuracy)));
        values.extend(self.top5.map(|top5| ("top5", top5)));
        let ece = self.calibration.error();
        values.extend([("nll", self.nll), ("ece", ece), ("brier", self.brier)]);
        values.extend(self.auroc.map(|auroc| ("auroc", auroc)));
        values
    }
}

/// The counts, and the metrics by name.
impl Serialize for Evaluation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("examples", &self.examples)?;
        if self.unlabelled > 0 {
            map.serialize_entry("unlabelled", &self.unlabelled)?;
        }
        if !self.skipped.is_empty() {
            map.serialize_entry("skipped", &self.skipped)?;
        }
        for (name, value) in self.values() {
            map.serialize_entry(name, &value)?;
        }
        map.end()
    }
}

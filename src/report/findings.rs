//! What a run gets right and wrong on a split.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use crate::checkpoint::Checkpoint;
use crate::config::Config;
use crate::data::{Dataset, Picture, Split};
use crate::error::Result;
use crate::evaluate::{Evaluator, Predicted};
use crate::metrics::Evaluation;
use crate::run_folder;
use crate::runtime::Runtime;
use crate::state::TrainState;

/// How many examples of a kind are shown.
pub(super) const SHOWN: usize = 24;

/// How many classes are told of.
const CLASSES: usize = 15;

/// How many classes one is taken for are told.
const TAKEN_FOR: usize = 3;

/// Intervals of equal width in the histogram of confidences.
const INTERVALS: usize = 20;

/// Pixels along the longer side of a picture.
const SIDE: u32 = 112;

/// What a state gets right and wrong on a split.
#[derive(Debug)]
pub(super) struct Findings {
    pub(super) split: Split,
    pub(super) evaluation: Evaluation,
    /// For each interval of the confidence how many examples are classified right, and wrong.
    pub(super) confidences: [[u64; 2]; INTERVALS],
    /// Those that are found least, from the worst on.
    pub(super) classes: Vec<ClassFindings>,
    /// Those with the highest entropy, from the highest on.
    pub(super) uncertain: Vec<Shown>,
    /// Those that are classified wrong with the highest confidence, from the highest on.
    pub(super) mistakes: Vec<Shown>,
    /// What classes are called, where they have names.
    pub(super) class_names: Option<Vec<String>>,
}

/// How often examples of a class are found to be of it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ClassFindings {
    pub(super) class: u32,
    pub(super) examples: u64,
    pub(super) found: u64,
    /// The classes that came first instead and how often, from the most frequent on.
    pub(super) taken_for: Vec<(u32, u64)>,
}

/// An example that is shown.
#[derive(Clone, Debug)]
pub(super) struct Shown {
    pub(super) index: usize,
    pub(super) name: String,
    pub(super) labels: Vec<u32>,
    /// The right class, where it is none of these on purpose.
    pub(super) mislabelled: Option<u32>,
    /// The first classes and their probabilities.
    pub(super) first: Vec<(u32, f32)>,
    pub(super) confidence: f32,
    pub(super) entropy: f32,
    pub(super) picture: Option<Picture>,
}

impl Findings {
    /// What a checkpoint, read from a folder, gets right and wrong.
    pub(super) fn of(
        config: &Config,
        (folder, checkpoint): (&Path, Checkpoint),
        runtime: &Runtime,
        split: Split,
    ) -> Result<Self> {
        let data = Arc::new(Dataset::open(&config.data)?);
        run_folder::containing(folder)?.check_classes(&data)?;
        let programs = crate::train::programs(config, &data)?;
        let evaluator = Evaluator::new(runtime, &programs, &config.eval, Arc::clone(&data))?;
        let state = TrainState::restore(runtime, &programs, &checkpoint, folder)?;
        // The device has it now.
        drop(checkpoint);
        let mut gathered = Gathered::default();
        let mut add = |example: &Predicted<'_>| gathered.add(example);
        let evaluation = evaluator.for_each(runtime, &state, split, &mut add)?;
        let mut findings = Self {
            split,
            evaluation,
            classes: gathered.worst_classes(),
            confidences: gathered.confidences,
            uncertain: gathered.uncertain.examples,
            mistakes: gathered.mistakes.examples,
            class_names: data.class_names().map(<[_]>::to_vec),
        };
        for shown in findings.uncertain.iter_mut().chain(&mut findings.mistakes) {
            shown.name = data.name(split, shown.index);
            shown.picture = data.picture(split, shown.index, SIDE)?;
        }
        Ok(findings)
    }

    /// What a class is called.
    pub(super) fn class(&self, class: u32) -> String {
        let name = self.class_names.as_ref().and_then(|names| names.get(class as usize));
        name.cloned().unwrap_or_else(|| class.to_string())
    }
}

/// What is gathered example by example.
#[derive(Default)]
struct Gathered {
    confidences: [[u64; 2]; INTERVALS],
    /// By class: how many examples, and how many of them are found.
    classes: HashMap<u32, [u64; 2]>,
    /// By class and the class that came first instead: how often.
    taken_for: HashMap<(u32, u32), u64>,
    uncertain: Most,
    mistakes: Most,
}

impl Gathered {
    fn add(&mut self, example: &Predicted<'_>) {
        if example.labels.is_empty() {
            return;
        }
        let correct = example.is_correct();
        let interval = (f64::from(example.confidence) * INTERVALS as f64) as usize;
        self.confidences[interval.min(INTERVALS - 1)][usize::from(!correct)] += 1;
        // An example with several classes has as many guesses.
        let guesses = &example.classes[..example.classes.len().min(example.labels.len())];
        for &label in example.labels {
            let found = guesses.contains(&label);
            let counts = self.classes.entry(label).or_default();
            counts[0] += 1;
            counts[1] += u64::from(found);
            let instead = guesses.iter().find(|guess| !example.labels.contains(guess));
            if let (false, Some(&instead)) = (found, instead) {
                *self.taken_for.entry((label, instead)).or_default() += 1;
            }
        }
        self.uncertain.add(example.entropy, example);
        if !correct {
            self.mistakes.add(example.confidence, example);
        }
    }

    /// The classes that are missed at least once, from the one that is missed most often on.
    fn worst_classes(&self) -> Vec<ClassFindings> {
        let missed = self.classes.iter().filter(|(_, [examples, found])| found < examples);
        let mut worst: Vec<_> = missed.map(|(&class, &counts)| (class, counts)).collect();
        // By recall, as fractions in whole numbers; of equal ones that of more examples first.
        worst.sort_by(|(a, [m, f]), (b, [n, g])| {
            let recalls = (u128::from(*f) * u128::from(*n)).cmp(&(u128::from(*g) * u128::from(*m)));
            recalls.then(n.cmp(m)).then(a.cmp(b))
        });
        worst.truncate(CLASSES);
        let one = |(class, [examples, found]): (u32, [u64; 2])| {
            let instead = self.taken_for.iter().filter(|((label, _), _)| *label == class);
            let mut taken_for: Vec<_> = instead.map(|(&(_, it), &count)| (it, count)).collect();
            taken_for.sort_by_key(|&(instead, count)| (u64::MAX - count, instead));
            taken_for.truncate(TAKEN_FOR);
            ClassFindings { class, examples, found, taken_for }
        };
        worst.into_iter().map(one).collect()
    }
}

/// The examples with the highest scores so far, from the highest on.
#[derive(Default)]
struct Most {
    scores: Vec<f32>,
    examples: Vec<Shown>,
}

impl Most {
    fn add(&mut self, score: f32, example: &Predicted<'_>) {
        // Of equal scores the earlier one stays in front.
        let place = self.scores.partition_point(|&it| it >= score);
        if place >= SHOWN || score.is_nan() {
            return;
        }
        let first = example.classes.iter().copied().zip(example.probabilities.iter().copied());
        let shown = Shown {
            index: example.index,
            name: String::new(),
            labels: example.labels.to_vec(),
            mislabelled: example.clean_label.filter(|class| !example.labels.contains(class)),
            first: first.take(TAKEN_FOR).collect(),
            confidence: example.confidence,
            entropy: example.entropy,
            picture: None,
        };
        self.scores.insert(place, score);
        self.scores.truncate(SHOWN);
        self.examples.insert(place, shown);
        self.examples.truncate(SHOWN);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn add(gathered: &mut Gathered, index: usize, labels: &[u32], classes: &[u32], p: f32) {
        let probabilities = vec![p; classes.len()];
        gathered.add(&Predicted {
            index,
            labels,
            clean_label: None,
            classes,
            probabilities: &probabilities,
            loss: 1.0,
            confidence: p,
            entropy: 1.0 - p,
            brier: 0.0,
        });
    }

    #[test]
    fn the_class_that_is_found_least_comes_first_with_what_it_is_taken_for() {
        let mut gathered = Gathered::default();
        for (label, first, times) in
            [(0, 0, 9), (0, 1, 1), (1, 1, 1), (1, 2, 2), (1, 0, 1), (2, 2, 5)]
        {
            (0..times).for_each(|at| add(&mut gathered, at, &[label], &[first, 7], 0.5));
        }
        let worst = gathered.worst_classes();
        let expected = [
            ClassFindings { class: 1, examples: 4, found: 1, taken_for: vec![(2, 2), (0, 1)] },
            ClassFindings { class: 0, examples: 10, found: 9, taken_for: vec![(1, 1)] },
        ];
        assert_eq!(worst, expected);
    }

    #[test]
    fn an_example_with_two_classes_has_two_guesses() {
        let mut gathered = Gathered::default();
        add(&mut gathered, 0, &[3, 4], &[4, 5, 3], 0.5);
        let expected = ClassFindings { class: 3, examples: 1, found: 0, taken_for: vec![(5, 1)] };
        assert_eq!(gathered.worst_classes(), [expected]);
    }

    #[test]
    fn the_most_uncertain_and_the_most_confident_mistakes_are_kept_in_order() {
        let mut gathered = Gathered::default();
        for at in 0..100 {
            let p = ((at * 37) % 100) as f32 / 100.0;
            add(&mut gathered, at, &[0], &[u32::from(at % 2 == 0)], p);
        }
        let of = |most: &Most| most.examples.iter().map(|it| it.confidence).collect::<Vec<_>>();
        let hundredths = |it: i32| it as f32 / 100.0;
        assert_eq!(of(&gathered.uncertain), (0..24).map(hundredths).collect::<Vec<_>>());
        // 37 times an even number is even.
        let even = (0..24).map(|at| hundredths(98 - 2 * at)).collect::<Vec<_>>();
        assert_eq!(of(&gathered.mistakes), even);
    }
}

//! `[data]` of a config.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// The most pixels along a side of what a model takes.
const MAX_SIZE: usize = 4096;

/// What is trained on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum DataConfig {
    /// The handwritten digits that come with the program.
    Digits {},
    /// A folder with the four IDX files of MNIST or of a set like it.
    Idx {
        /// The folder. A config that is read from a file has it absolute, so that a run finds it from
        /// anywhere.
        path: PathBuf,
        /// The number of classes.
        classes: usize,
        /// How many examples at the end of the train files are for validation.
        validation: usize,
    },
    /// No examples, only what a program must know of them: for compiling and exporting.
    Shapes {
        /// The numbers of an input.
        features: usize,
        /// The number of classes.
        classes: usize,
        /// How many classes an example can have at most; without it each has one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max_labels: Option<usize>,
    },
}

/// Files with images and their classes, `kind` says in which form, and what becomes of an image.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImageData {
    /// The files of the train split: a file, a folder, a pattern with `*`, `?` and `{000..146}`, or a
    /// URL such as `gs://bucket/folder/name-*.tar`.
    pub train: String,
    /// Those of the validation split: files in the same way, or how many examples of `train`, after
    /// those for testing, are for validation instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validation: Option<Taken>,
    /// Those of the test split: files, or how many examples at the beginning of `train` are for
    /// testing instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub test: Option<Taken>,
    /// The number of classes.
    pub classes: usize,
    /// How many classes an example can have at most; without it each has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_labels: Option<usize>,
    /// What becomes of an image.
    #[serde(default)]
    pub image: ImageSettings,
    /// How many examples of an epoch may be unusable, such as images that can't be decoded.
    #[serde(default = "default_max_skipped")]
    pub max_skipped: usize,
    /// How many threads read and decode; without it as many as there are processors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threads: Option<NonZeroUsize>,
}

/// Where the examples of a split are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Taken {
    /// So many of those that would be for training.
    First(usize),
    /// In files of its own.
    Files(String),
}

/// What becomes of an image: `[size, size, 3]` numbers, each `(pixel / 255 − mean) / std`. For
/// training a random part of it is taken, as in Szegedy et al., "Going deeper with convolutions"
/// (2015); for evaluation its centre.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ImageSettings {
    /// Pixels along each side of what a model takes.
    pub size: usize,
    /// Pixels along the shorter side of an image whose centre is taken for evaluation.
    pub resize: usize,
    /// The least part of an image's area that training takes; 1 takes the centre, as evaluation does.
    pub min_area: f64,
    /// Whether every other image, by chance, is turned left to right for training.
    pub flip: bool,
    /// What is taken off each channel, of values between 0 and 1.
    pub mean: [f64; 3],
    /// What it is divided by then.
    pub std: [f64; 3],
}

impl Default for ImageSettings {
    /// As in the HET-XL paper's code: 224 of 256 pixels, at least 5 % of the area, values from −1 to 1.
    fn default() -> Self {
        let (mean, std) = ([0.5; 3], [0.5; 3]);
        Self { size: 224, resize: 256, min_area: 0.05, flip: true, mean, std }
    }
}

impl ImageSettings {
    /// What is wrong with them by themselves, and the key that it is of, if anything.
    pub(crate) fn check(&self) -> Result<(), (&'static str, String)> {
        let invalid = |key, problem: &str| Err((key, problem.to_owned()));
        if !(1..=MAX_SIZE).contains(&self.size) {
            return Err(("size", format!("must lie between 1 and {MAX_SIZE}")));
        }
        if !(self.size..=MAX_SIZE).contains(&self.resize) {
            return Err((
                "resize",
                format!("must lie between size = {} and {MAX_SIZE}", self.size),
            ));
        }
        if !(0.0 < self.min_area && self.min_area <= 1.0) {
            return invalid("min_area", "must be more than 0 and at most 1");
        }
        if !self.mean.iter().all(|mean| mean.is_finite()) {
            return invalid("mean", "must be three numbers");
        }
        if !self.std.iter().all(|std| std.is_normal() && *std > 0.0) {
            return invalid("std", "must be three numbers greater than 0");
        }
        Ok(())
    }
}

fn default_max_skipped() -> usize {
    100
}

impl DataConfig {
    /// What is wrong with the settings by themselves, and the key that it is of, if anything.
    pub(crate) fn check(&self) -> Result<(), (&'static str, String)> {
        let Self::Shapes { features, classes, max_labels } = *self else { return Ok(()) };
        let counts =
            [("features", features), ("classes", classes), ("max_labels", max_labels.unwrap_or(1))];
        match counts.into_iter().find(|&(_, count)| count == 0) {
            Some((key, _)) => Err((key, "must be at least 1".to_owned())),
            None => Ok(()),
        }
    }

    /// The paths in it, which a config that is read from a file has absolute.
    pub(crate) fn paths_mut(&mut self) -> Vec<&mut PathBuf> {
        match self {
            Self::Idx { path, .. } => vec![path],
            Self::Digits {} | Self::Shapes { .. } => vec![],
        }
    }
}

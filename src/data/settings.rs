//! `[data]` of a config.

use std::iter;
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
    Idx(IdxData),
    /// Folders of images, one for each class: `FOLDER/CLASS/NAME.jpg`, also `.jpeg` and `.png`. The
    /// classes are the names of the folders, in their order.
    Folders(ImageData),
    /// Shards of `WebDataset`: archives of tar with images, `.jpg`, `.jpeg` or `.png`, and beside each
    /// under the same name its classes: numbers in `.cls`, or `label` or `labels` in `.json`.
    Webdataset(ImageData),
    /// Files of `TFRecord`, as TensorFlow Datasets writes them with the features `image` and `label`, or
    /// with others that are named.
    Tfrecord(ImageData),
    /// Files of Parquet in the layout of Hugging Face's sets: a column `image`, or `img`, with the bytes
    /// of a file, and a column `label`, or `labels`, with a number or a list of them; or with others that
    /// are named.
    Parquet(ImageData),
    /// Rows of numbers, such as the pre-logits of another model, in arrays of `.npy` or safetensors
    /// files.
    Features(FeatureData),
    /// Text of the extreme-classification repository: each example has any number of classes.
    Libsvm(LibsvmData),
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

/// A folder with IDX files, and what becomes of the images and labels in them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IdxData {
    /// The folder. A config that is read from a file has it absolute, so that a run finds it from
    /// anywhere.
    pub path: PathBuf,
    /// The number of classes in the files.
    pub classes: usize,
    /// How many examples at the end of the train files are for validation.
    pub validation: usize,
    /// How many images stand side by side in an example. Its class is one of `classes` to that power.
    #[serde(default = "one")]
    pub stack: NonZeroUsize,
    /// Wrong labels, on purpose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label_noise: Option<LabelNoise>,
}

/// Labels that are wrong on purpose, to study what a head makes of them: an image's label becomes the
/// class after it, the more likely the more ink the image has. Evaluation then tells the accuracy
/// against the right classes, too, as `clean_accuracy`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LabelNoise {
    /// The chance of the image with the most ink. It falls in a line over the order of all images of a
    /// split to 0 for the one with the least.
    pub rate: f64,
    /// Decides which labels are changed.
    #[serde(default)]
    pub seed: u64,
}

fn one() -> NonZeroUsize {
    NonZeroUsize::MIN
}

impl IdxData {
    /// The number of classes of the examples; `None` if there are more than labels can count.
    pub fn stacked_classes(&self) -> Option<usize> {
        let power = u32::try_from(self.stack.get()).ok()?;
        self.classes.checked_pow(power).filter(|&classes| i32::try_from(classes).is_ok())
    }

    fn check(&self) -> Result<(), (String, String)> {
        check_classes(self.classes, None)?;
        if self.stacked_classes().is_none() {
            let problem = "gives more classes than 2,147,483,647: take fewer images";
            return Err(("stack".to_owned(), problem.to_owned()));
        }
        match self.label_noise {
            Some(LabelNoise { rate, .. }) if !(0.0..=1.0).contains(&rate) => {
                Err(("label_noise.rate".to_owned(), "must lie between 0 and 1".to_owned()))
            }
            _ => Ok(()),
        }
    }
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
    /// What of a record or a row is the image and what its classes, where these aren't called as is
    /// usual; of `Tfrecord` and `Parquet` alone.
    #[serde(default, skip_serializing_if = "Fields::are_usual")]
    pub fields: Fields,
    /// What becomes of an image.
    #[serde(default)]
    pub image: ImageSettings,
    /// How many examples may be unusable, such as images that can't be decoded.
    #[serde(default = "default_max_skipped")]
    pub max_skipped: usize,
    /// How many threads read and decode; without it as many as there are processors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threads: Option<NonZeroUsize>,
}

/// What a feature of `tf.train.Example`, or a column of Parquet, is called.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Fields {
    /// The one with the bytes of an image's file; without a name `image`, and in Parquet also `img`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// The one with its classes; without a name `label`, and in Parquet also `labels`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
}

impl Fields {
    fn are_usual(&self) -> bool {
        *self == Self::default()
    }
}

/// Arrays of features and labels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeatureData {
    /// The files of the train split.
    pub train: FeatureFiles,
    /// Those of the validation split, or how many examples of `train`, after those for testing, are for
    /// validation instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validation: Option<Taken<FeatureFiles>>,
    /// Those of the test split, or how many examples at the beginning of `train` are for testing
    /// instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub test: Option<Taken<FeatureFiles>>,
    /// The number of classes.
    pub classes: usize,
    /// How many classes an example can have at most; without it each has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_labels: Option<usize>,
    /// How many examples may be unusable, such as those with numbers that aren't finite.
    #[serde(default = "default_max_skipped")]
    pub max_skipped: usize,
}

/// The arrays of a split, each in a `.npy` file or a safetensors file, where it is the one called
/// `features` or `labels`, or the only one. It may be the same file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeatureFiles {
    /// `[N, D]` of f16, bf16, f32 or f64.
    pub features: String,
    /// `[N]`, or `[N, M]` filled up with −1, of integers.
    pub labels: String,
}

/// Text files of the extreme-classification repository.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LibsvmData {
    /// The file of the train split.
    pub train: String,
    /// That of the validation split, or how many examples of `train`, after those for testing, are for
    /// validation instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validation: Option<Taken>,
    /// That of the test split, or how many examples at the beginning of `train` are for testing
    /// instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub test: Option<Taken>,
    /// How many classes an example can have at most; without it as many as one has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_labels: Option<usize>,
    /// How many examples may be unusable, such as those with numbers that aren't finite.
    #[serde(default = "default_max_skipped")]
    pub max_skipped: usize,
}

/// Where the examples of a split are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, expecting = "a split is files, or the number of the examples that it takes")]
pub enum Taken<F = String> {
    /// So many of those that would be for training.
    First(usize),
    /// In files of its own.
    Files(F),
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
    pub(crate) fn check(&self) -> Result<(), (String, String)> {
        match self {
            &Self::Shapes { features, classes, max_labels } => {
                check_counts(&[("features", features)])?;
                check_classes(classes, max_labels)
            }
            Self::Folders(data) | Self::Webdataset(data) if !data.fields.are_usual() => {
                let problem = "is for kind = \"tfrecord\" and \"parquet\" alone";
                Err(("fields".to_owned(), problem.to_owned()))
            }
            Self::Folders(data)
            | Self::Webdataset(data)
            | Self::Tfrecord(data)
            | Self::Parquet(data) => data.check(),
            &Self::Features(FeatureData { classes, max_labels, .. }) => {
                check_classes(classes, max_labels)
            }
            Self::Libsvm(LibsvmData { max_labels, .. }) => {
                check_counts(&[("max_labels", max_labels.unwrap_or(1))])
            }
            Self::Idx(data) => data.check(),
            Self::Digits {} => Ok(()),
        }
    }

    /// The paths in it, which a config that is read from a file has absolute.
    pub(crate) fn paths_mut(&mut self) -> Vec<&mut PathBuf> {
        match self {
            Self::Idx(IdxData { path, .. }) => vec![path],
            _ => vec![],
        }
    }

    /// The names of files in it, which a config that is read from a file has absolute unless they are
    /// URLs.
    pub(crate) fn patterns_mut(&mut self) -> Vec<&mut String> {
        match self {
            Self::Folders(data)
            | Self::Webdataset(data)
            | Self::Tfrecord(data)
            | Self::Parquet(data) => {
                patterns_mut(&mut data.train, [&mut data.validation, &mut data.test])
            }
            Self::Libsvm(data) => {
                patterns_mut(&mut data.train, [&mut data.validation, &mut data.test])
            }
            Self::Features(data) => {
                patterns_mut(&mut data.train, [&mut data.validation, &mut data.test])
                    .into_iter()
                    .flat_map(|FeatureFiles { features, labels }| [features, labels])
                    .collect()
            }
            Self::Digits {} | Self::Idx(_) | Self::Shapes { .. } => vec![],
        }
    }
}

impl ImageData {
    fn check(&self) -> Result<(), (String, String)> {
        check_classes(self.classes, self.max_labels)?;
        let files = |taken: &Option<Taken>| match taken {
            Some(Taken::Files(files)) => files.is_empty(),
            Some(Taken::First(_)) | None => false,
        };
        for (key, is_empty) in [
            ("train", self.train.is_empty()),
            ("validation", files(&self.validation)),
            ("test", files(&self.test)),
        ] {
            if is_empty {
                return Err((key.to_owned(), "must name files".to_owned()));
            }
        }
        self.image.check().map_err(|(key, problem)| (format!("image.{key}"), problem))
    }
}

/// The files of all splits.
fn patterns_mut<'a, F>(train: &'a mut F, others: [&'a mut Option<Taken<F>>; 2]) -> Vec<&'a mut F> {
    let files = others.into_iter().flatten().filter_map(|taken| match taken {
        Taken::Files(files) => Some(files),
        Taken::First(_) => None,
    });
    iter::once(train).chain(files).collect()
}

/// Checks how many classes there are, and how many of them an example can have.
pub(super) fn check_classes(
    classes: usize,
    max_labels: Option<usize>,
) -> Result<(), (String, String)> {
    check_counts(&[("classes", classes), ("max_labels", max_labels.unwrap_or(1))])?;
    // Programs count classes in 32 bits, and what fills labels up is negative.
    if i32::try_from(classes).is_err() {
        return Err(("classes".to_owned(), "must be at most 2,147,483,647".to_owned()));
    }
    if max_labels.is_some_and(|most| most > classes) {
        return Err(("max_labels".to_owned(), format!("must be at most classes = {classes}")));
    }
    if classes == 1 && max_labels.is_none() {
        let problem = "must be at least 2: where every example has the same class there is nothing \
                       to learn";
        return Err(("classes".to_owned(), problem.to_owned()));
    }
    Ok(())
}

fn check_counts(counts: &[(&str, usize)]) -> Result<(), (String, String)> {
    match counts.iter().find(|&&(_, count)| count == 0) {
        Some((key, _)) => Err(((*key).to_owned(), "must be at least 1".to_owned())),
        None => Ok(()),
    }
}

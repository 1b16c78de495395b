//! Labelled images: what is read, how it is split, and the batches that training takes.
//!
//! A [`Dataset`] holds its pixels as bytes. What a model sees is their [`Normalization`]:
//! `(pixel − mean) / std`, one number each over all pixels of the train split, so that no split but
//! that one decides anything.
//!
//! ```
//! use std::sync::Arc;
//! use hetxl::data::{Dataset, Split};
//!
//! let digits = Arc::new(Dataset::digits()?);
//! assert_eq!(digits.len(Split::Train), 1297);
//! let mut batches = digits.batches(64, 0, 0)?;
//! let batch = batches.next().unwrap()?;
//! assert_eq!(batch.inputs.dims(), [64, 64]);
//! # Ok::<(), hetxl::data::DataError>(())
//! ```

mod batches;
mod idx;
mod shuffle;

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use pjrt::{HostArray, HostArrayError};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use idx::Idx;

pub use batches::{Batch, Batches, EvalBatch};
pub use shuffle::shuffle;

/// A part of a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Split {
    /// What the parameters are fitted to.
    Train,
    /// What choices are made by.
    Validation,
    /// What is reported.
    Test,
}

impl fmt::Display for Split {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Train => "train",
            Self::Validation => "validation",
            Self::Test => "test",
        })
    }
}

/// A set of images could not be read or doesn't suit what was asked of it.
#[derive(Debug, Error)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum DataError {
    #[error(
        "{} holds neither {} nor {}, with or without .gz", folder.display(), names[0], names[1]
    )]
    Missing { folder: PathBuf, names: [String; 2] },
    #[error("cannot read {file}: {source}")]
    Read { file: String, source: io::Error },
    #[error(
        "{file} starts with {got:?}, expected {expected:?}: IDX of unsigned bytes with {} \
         dimensions", expected[3]
    )]
    Magic { file: String, expected: [u8; 4], got: Vec<u8> },
    #[error("{file} is truncated: it has {got} bytes, expected {expected}")]
    Truncated { file: String, expected: u64, got: u64 },
    #[error("{file} has bytes after its end at offset {expected}")]
    Trailing { file: String, expected: u64 },
    #[error("{images} holds {image_count} images and {labels} holds {label_count} labels")]
    Count { images: String, image_count: usize, labels: String, label_count: usize },
    #[error("{file} holds images of {got:?} pixels, expected {expected:?} as in the train split")]
    ImageSize { file: String, expected: [usize; 2], got: [usize; 2] },
    #[error(
        "{file} holds the label {got} at index {index} (offset {offset}), expected less than \
         {classes}, the number of classes"
    )]
    Label { file: String, index: usize, offset: usize, classes: usize, got: u8 },
    #[error("{file} holds no pixels")]
    Empty { file: String },
    #[error("{file} holds {got} images, more than the {} that can be indexed", u32::MAX)]
    TooMany { file: String, got: usize },
    #[error(
        "a validation split of {validation} leaves nothing of the {train} examples to train on"
    )]
    Validation { validation: usize, train: usize },
    #[error(
        "a batch of {batch} can't be drawn from the {split} split of {len} examples; choose \
             a size between 1 and {len}"
    )]
    BatchSize { batch: usize, split: Split, len: usize },
    #[error(transparent)]
    Array(#[from] HostArrayError),
}

/// Images and their labels.
#[derive(Clone, Debug)]
struct Examples {
    /// Bytes `[N, D]`.
    pixels: Vec<u8>,
    /// `[N]`.
    labels: Vec<i32>,
}

/// How inputs are made from pixels: `(pixel − mean) / std`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Normalization {
    /// The mean of all pixels of the train split.
    pub mean: f64,
    /// Their standard deviation; the largest value that the format allows where all are equal.
    pub std: f64,
}

/// Labelled images in three splits.
#[derive(Clone, Debug)]
pub struct Dataset {
    image_dims: [usize; 2],
    classes: usize,
    normalization: Normalization,
    train: Examples,
    validation: Examples,
    test: Examples,
}

impl Dataset {
    /// The 1,797 handwritten digits of 8×8 pixels that are part of this crate (Alpaydin and
    /// Kaynak 1998, <https://doi.org/10.24432/C50P49>, CC BY 4.0; see `data/digits/README.md`).
    ///
    /// One fixed permutation, [`shuffle(1998, 0, 1797)`](shuffle), splits them whatever the seed
    /// of a run: the first 1,297 are for training, the next 200 for validation, the last 300 for
    /// testing.
    ///
    /// # Errors
    /// None in practice; those of the format that the files share with [`Dataset::idx`].
    pub fn digits() -> Result<Self, DataError> {
        const MAX: u8 = 16;
        let images = Idx::parse(
            "data/digits/images.idx3-ubyte.gz",
            include_bytes!("../../data/digits/images.idx3-ubyte.gz"),
        )?;
        let labels = Idx::parse(
            "data/digits/labels.idx1-ubyte.gz",
            include_bytes!("../../data/digits/labels.idx1-ubyte.gz"),
        )?;
        let image_dims = [images.dims[1], images.dims[2]];
        let all = Examples::new(images, labels, 10)?;
        let order = shuffle(1998, 0, all.labels.len() as u32);
        let [train, validation, test] =
            [&order[..1297], &order[1297..1497], &order[1497..]].map(|indices| all.select(indices));
        Ok(Self::new(image_dims, 10, MAX, [train, validation, test]))
    }

    /// The images of a folder with the four files of MNIST: `train-images-idx3-ubyte`,
    /// `train-labels-idx1-ubyte`, `t10k-images-idx3-ubyte` and `t10k-labels-idx1-ubyte`, each
    /// also with a dot before `idx` and compressed as `.gz`.
    ///
    /// The `t10k` files are the test split, the last `validation` examples of the `train` files
    /// the validation split.
    ///
    /// # Errors
    /// If a file is missing, malformed, or contradicts another, if a label is not below
    /// `classes`, or if `validation` leaves nothing to train on.
    pub fn idx(folder: &Path, classes: usize, validation: usize) -> Result<Self, DataError> {
        let read = |part: &str| -> Result<_, DataError> {
            let images = Idx::<3>::read(folder, &format!("{part}-images"))?;
            let labels = Idx::<1>::read(folder, &format!("{part}-labels"))?;
            let dims = [images.dims[1], images.dims[2]];
            let file = images.file.clone();
            Ok((dims, file, Examples::new(images, labels, classes)?))
        };
        let (image_dims, _, mut train) = read("train")?;
        let (got, file, test) = read("t10k")?;
        if got != image_dims {
            return Err(DataError::ImageSize { file, expected: image_dims, got });
        }
        let len = train.labels.len();
        let kept = len
            .checked_sub(validation)
            .filter(|&kept| kept > 0)
            .ok_or(DataError::Validation { validation, train: len })?;
        let validation = Examples {
            pixels: train.pixels.split_off(kept * image_dims[0] * image_dims[1]),
            labels: train.labels.split_off(kept),
        };
        Ok(Self::new(image_dims, classes, u8::MAX, [train, validation, test]))
    }

    fn new(
        image_dims: [usize; 2],
        classes: usize,
        max: u8,
        [train, validation, test]: [Examples; 3],
    ) -> Self {
        let normalization = Normalization::of(&train.pixels, max);
        Self { image_dims, classes, normalization, train, validation, test }
    }

    /// Rows and columns of an image.
    pub fn image_dims(&self) -> [usize; 2] {
        self.image_dims
    }

    /// The number of features of an example, `D`: the pixels of an image.
    pub fn features(&self) -> usize {
        self.image_dims[0] * self.image_dims[1]
    }

    /// The number of classes; every label is below it.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// How a model's inputs are made from pixels.
    pub fn normalization(&self) -> Normalization {
        self.normalization
    }

    /// The number of examples in a split.
    #[allow(clippy::len_without_is_empty)]
    pub fn len(&self, split: Split) -> usize {
        self.split(split).labels.len()
    }

    fn split(&self, split: Split) -> &Examples {
        match split {
            Split::Train => &self.train,
            Split::Validation => &self.validation,
            Split::Test => &self.test,
        }
    }

    /// Inputs `[B, D]` and labels `[B]` of the examples `indices` of a split.
    fn gather(
        &self,
        split: Split,
        indices: &[u32],
    ) -> Result<(HostArray, HostArray), HostArrayError> {
        let (examples, features) = (self.split(split), self.features());
        let of_pixel: [f32; 256] =
            std::array::from_fn(|pixel| self.normalization.input(pixel as u8));
        let mut inputs = Vec::with_capacity(indices.len() * features);
        let mut labels = Vec::with_capacity(indices.len());
        for &index in indices {
            let index = index as usize;
            let pixels = &examples.pixels[index * features..][..features];
            inputs.extend(pixels.iter().map(|&pixel| of_pixel[usize::from(pixel)]));
            labels.push(examples.labels[index]);
        }
        let inputs = HostArray::from_slice(&[indices.len(), features], &inputs)?;
        Ok((inputs, HostArray::from_slice(&[indices.len()], &labels)?))
    }
}

impl Examples {
    fn new(images: Idx<3>, labels: Idx<1>, classes: usize) -> Result<Self, DataError> {
        let (image_count, label_count) = (images.dims[0], labels.dims[0]);
        if image_count != label_count {
            let (images, labels) = (images.file, labels.file);
            return Err(DataError::Count { images, image_count, labels, label_count });
        }
        if u32::try_from(image_count).is_err() {
            return Err(DataError::TooMany { file: images.file, got: image_count });
        }
        if images.bytes.is_empty() {
            return Err(DataError::Empty { file: images.file });
        }
        let is_wrong = |&label: &u8| usize::from(label) >= classes;
        if let Some(index) = labels.bytes.iter().position(is_wrong) {
            let (offset, got) = (8 + index, labels.bytes[index]);
            return Err(DataError::Label { file: labels.file, index, offset, classes, got });
        }
        let labels = labels.bytes.into_iter().map(i32::from).collect();
        Ok(Self { pixels: images.bytes, labels })
    }

    fn select(&self, indices: &[u32]) -> Self {
        let features = self.pixels.len() / self.labels.len();
        let indices = indices.iter().map(|&index| index as usize);
        Self {
            pixels: indices
                .clone()
                .flat_map(|index| &self.pixels[index * features..][..features])
                .copied()
                .collect(),
            labels: indices.map(|index| self.labels[index]).collect(),
        }
    }
}

impl Normalization {
    fn of(pixels: &[u8], max: u8) -> Self {
        // Sums of integers are exact, so the result does not hang on the order of summation.
        let (mut sum, mut squares) = (0u64, 0u64);
        for &pixel in pixels {
            sum += u64::from(pixel);
            squares += u64::from(pixel) * u64::from(pixel);
        }
        let count = pixels.len() as f64;
        let mean = sum as f64 / count;
        let variance = squares as f64 / count - mean * mean;
        let std = if variance > 0.0 { variance.sqrt() } else { f64::from(max) };
        Self { mean, std }
    }

    /// The input that a pixel is to a model.
    pub fn input(self, pixel: u8) -> f32 {
        ((f64::from(pixel) - self.mean) / self.std) as f32
    }
}

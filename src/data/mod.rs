//! Examples: where they are read from, how they are split, and the batches that training takes.
//!
//! A [`Dataset`] is three splits of examples from a [`Source`], and how a model's inputs are made
//! from them. Small images without a format are held in memory, as bytes; what a model sees is their
//! [`Normalization`]: `(pixel − mean) / std`, one number each over all pixels of the train split, so
//! that no split but that one decides anything. Files of images stay where they are, on this machine
//! or in an object store, and each is read when a batch needs it.
//!
//! ```
//! use std::sync::Arc;
//! use hetxl::data::{Dataset, Order, Share, Split};
//!
//! let digits = Arc::new(Dataset::digits()?);
//! assert_eq!(digits.len(Split::Train), 1297);
//! let order = Order { batch: 64, seed: 0, start: 0, share: Share::ALL };
//! let batch = digits.batches(order)?.next().unwrap()?;
//! assert_eq!(batch.inputs.dims(), [64, 64]);
//! # Ok::<(), hetxl::data::DataError>(())
//! ```

mod archive;
mod batches;
#[cfg(feature = "parquet")]
mod caught;
#[cfg(feature = "cloud")]
mod cloud;
mod description;
mod features;
mod files;
mod folder;
mod given;
mod idx;
mod image;
mod image_file;
mod index_cache;
mod inputs;
mod joined;
mod labels;
mod libsvm;
#[cfg(feature = "parquet")]
mod parquet;
mod passed_over;
mod patterns;
mod picture;
mod pixels;
mod random;
mod resample;
mod settings;
mod shards;
mod shuffle;
mod source;
mod splits;
mod tfrecord;
mod webdataset;

use std::cell::{Cell, OnceCell, RefCell};
use std::fmt;
use std::io;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;

use pjrt::HostArrayError;
use pjrt::install::Environment;
use rayon::{ThreadPool, ThreadPoolBuilder};
use thiserror::Error;

#[cfg(feature = "parquet")]
use self::parquet::Parquet;
use features::Features;
use folder::Folders;
use idx::Idx;
use image::Images;
use inputs::Inputs;
use libsvm::Libsvm;
use pixels::Pixels;
use source::Part;
use splits::splits;
use tfrecord::TfRecord;
use webdataset::WebDataset;

#[cfg(feature = "parquet")]
pub use self::caught::panics_are_caught;
#[cfg(feature = "parquet")]
pub use self::parquet::ParquetProblem;
pub use batches::{Batch, Batches, EvalBatch, Order, Share, Skipped};
pub use description::{Description, InputKind};
pub use features::{FeaturesError, Format};
pub use given::Given;
pub use index_cache::IndexCache;
pub use inputs::Normalization;
pub use libsvm::{LibsvmError, LineProblem};
pub use passed_over::{Found, PassedOver};
pub use patterns::FilesError;
pub use picture::Picture;
pub use random::Random;
pub use settings::{
    DataConfig, FeatureData, FeatureFiles, Fields, IdxData, ImageData, ImageSettings, LabelNoise,
    LibsvmData, Taken,
};
pub use shards::ShardProblem;
pub use shuffle::shuffle;
pub use source::{Example, RawInput, ReadError, Source};

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
    #[error("{name} has the label {label}, expected less than {classes}, the number of classes")]
    LabelOutOfRange { name: String, label: u32, classes: usize },
    #[error("{name} has the label {label} twice")]
    LabelTwice { name: String, label: u32 },
    #[error("{name} has {got} labels, expected one; set data.max_labels for examples with several")]
    NotOneLabel { name: String, got: usize },
    #[error("{name} has {got} labels, more than data.max_labels = {max}")]
    TooManyLabels { name: String, got: usize, max: usize },
    #[error(
        "{count} examples could not be used, more than data.max_skipped = {limit}; the last was {}: \
         {}", last.name, last.problem
    )]
    TooManySkipped { count: usize, limit: usize, last: Skipped },
    #[error("none of the {count} examples of a batch can be used; the last is {}: {}", last.name,
        last.problem)]
    NoneUsable { last: Skipped, count: usize },
    #[error("the threads that read examples could not be started: {0}")]
    Threads(#[from] rayon::ThreadPoolBuildError),
    #[error(
        "data.kind = \"shapes\" has no examples: it is for `hetxl compile` and `export`; name a set \
         that has some"
    )]
    NoExamples,
    #[error("a batch of {batch} can't be drawn from the {split} split of {len} examples")]
    BatchSize { batch: usize, split: Split, len: usize },
    #[error(transparent)]
    Files(#[from] FilesError),
    #[error(transparent)]
    Features(#[from] FeaturesError),
    #[error(transparent)]
    Libsvm(#[from] LibsvmError),
    #[cfg(feature = "parquet")]
    #[error("{file}: {problem}")]
    Parquet { file: String, problem: ParquetProblem },
    #[error(
        "this hetxl is built without Parquet: build it with the feature `parquet`, as by `cargo install \
         --features parquet`"
    )]
    NoParquet,
    #[error("{file}, at offset {offset}: {problem}")]
    Shard { file: String, offset: u64, problem: ShardProblem },
    #[error(
        "data.test = {test} and data.validation = {validation} leave nothing of the {len} examples of \
         data.train to train on"
    )]
    TakenAll { test: usize, validation: usize, len: usize },
    #[error(
        "{folder} has {got} folders of classes, from {first:?} to {last:?}, expected \
         data.classes = {expected}"
    )]
    Classes { folder: String, expected: usize, got: usize, first: String, last: String },
    #[error(
        "class {index} is {got:?} in {folder} and {expected:?} in {train}: every split has a folder \
         for each class, if need be an empty one"
    )]
    ClassName { folder: String, train: String, index: usize, got: String, expected: String },
    #[error(transparent)]
    Array(#[from] HostArrayError),
}

/// Labelled examples in three splits.
#[derive(Clone, Debug)]
pub struct Dataset {
    classes: usize,
    class_names: Option<Arc<[String]>>,
    max_labels: Option<usize>,
    inputs: Inputs,
    /// Train, validation, test.
    parts: [Part; 3],
    max_skipped: usize,
    passed_over: Vec<PassedOver>,
    threads: Arc<ThreadPool>,
}

impl Dataset {
    /// The data of a config.
    ///
    /// # Errors
    /// If it can't be read, or there is none.
    pub fn open(config: &DataConfig) -> Result<Self, DataError> {
        let kept = IndexCache::of(&Environment::from_process());
        let kept = kept.as_ref();
        match config {
            DataConfig::Digits {} => Self::digits(),
            DataConfig::Idx(data) => Self::idx(data),
            DataConfig::Folders(data) => Self::folders(data),
            DataConfig::Webdataset(data) => {
                Self::of_images(image_splits(data, |_, files| WebDataset::open(files, kept))?, data)
            }
            DataConfig::Tfrecord(data) => Self::of_images(
                image_splits(data, |_, files| TfRecord::open(files, &data.fields, kept))?,
                data,
            ),
            #[cfg(feature = "parquet")]
            DataConfig::Parquet(data) => {
                let open = |_, files: &String| {
                    let source = Parquet::open(files, &data.fields)?;
                    source.check_labels(data.classes, data.max_labels)?;
                    Ok(source)
                };
                Self::of_images(image_splits(data, open)?, data)
            }
            #[cfg(not(feature = "parquet"))]
            DataConfig::Parquet(_) => Err(DataError::NoParquet),
            DataConfig::Features(data) => Self::features_of(data),
            DataConfig::Libsvm(data) => Self::libsvm(data),
            DataConfig::Shapes { .. } => Err(DataError::NoExamples),
        }
    }

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
        let dims = [images.dims[1], images.dims[2]];
        let all = Pixels::new(images, labels, 10)?;
        let order = shuffle(1998, 0, all.len() as u32);
        let [train, validation, test] = [&order[..1297], &order[1297..1497], &order[1497..]]
            .map(|indices| Arc::new(all.select(indices.iter().copied())));
        let normalization = Normalization::of(&train.pixels, MAX);
        let parts = [Part::whole(train), Part::whole(validation), Part::whole(test)];
        Self::new(10, Inputs::pixels(dims, normalization), parts, None)
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
    pub fn idx(config: &IdxData) -> Result<Self, DataError> {
        let IdxData { path: ref folder, classes, validation, stack, label_noise } = *config;
        let read = |part: &str| -> Result<_, DataError> {
            let images = Idx::<3>::read(folder, &format!("{part}-images"))?;
            let labels = Idx::<1>::read(folder, &format!("{part}-labels"))?;
            let dims = [images.dims[1], images.dims[2]];
            let file = images.file.clone();
            Ok((dims, file, Pixels::new(images, labels, classes)?))
        };
        let (dims, _, train) = read("train")?;
        let (got, file, test) = read("t10k")?;
        if got != dims {
            return Err(DataError::ImageSize { file, expected: dims, got });
        }
        let len = train.len();
        let kept = len
            .checked_sub(validation)
            .filter(|&kept| kept > 0)
            .ok_or(DataError::Validation { validation, train: len })?;
        let [kept, len] = [kept as u32, len as u32];
        let splits = [train.select(0..kept), train.select(kept..len), test];
        let normalization = Normalization::of(&splits[0].pixels, u8::MAX);
        let parts = splits.map(|mut split| {
            if let Some(noise) = label_noise {
                split.add_noise(noise, classes);
            }
            let stacked = (stack.get() > 1).then(|| split.stacked(dims, stack.get(), classes));
            Part::whole(Arc::new(stacked.unwrap_or(split)))
        });
        let classes = config.stacked_classes().unwrap_or(usize::MAX);
        let dims = [dims[0], dims[1] * stack.get()];
        Self::new(classes, Inputs::pixels(dims, normalization), parts, None)
    }

    /// Images from sources of one's own, for training, validation and testing: each input is a
    /// [`RawInput::Image`]. Where they are from says the source alone, the rest says `config`.
    ///
    /// # Errors
    /// If there are too many, or no threads to read them.
    pub fn images(sources: [Arc<dyn Source>; 3], config: &ImageData) -> Result<Self, DataError> {
        Self::of_images(sources.map(Part::whole), config)
    }

    fn features_of(data: &FeatureData) -> Result<Self, DataError> {
        let width = OnceCell::new();
        let FeatureData { train, validation, test, classes, max_labels, max_skipped } = data;
        let parts = splits(train, validation, test, |_, files| {
            let source = Features::open(files)?;
            source.check_width(*width.get_or_init(|| source.width()))?;
            source.check_labels(*classes, *max_labels)?;
            Ok(source)
        })?;
        let features = width.into_inner().unwrap_or(0);
        let set = Self::new(*classes, Inputs::Numbers { features }, parts, None)?;
        Ok(Self { max_labels: *max_labels, max_skipped: *max_skipped, ..set })
    }

    fn libsvm(data: &LibsvmData) -> Result<Self, DataError> {
        let dims = OnceCell::new();
        let most_labels = Cell::new(1);
        let LibsvmData { train, validation, test, max_labels, max_skipped } = data;
        let parts = splits(train, validation, test, |_, file| {
            let source = Libsvm::open(file)?;
            source.check_dims(*dims.get_or_init(|| source.dims()))?;
            source.check_most_labels(max_labels.unwrap_or(usize::MAX))?;
            most_labels.set(most_labels.get().max(source.most_labels()));
            Ok(source)
        })?;
        let [features, classes] = dims.into_inner().unwrap_or_default();
        let set = Self::new(classes, Inputs::Numbers { features }, parts, None)?;
        let max_labels = max_labels.unwrap_or(most_labels.get());
        Ok(Self { max_labels: Some(max_labels), max_skipped: *max_skipped, ..set })
    }

    /// Folders of images, one for each class.
    fn folders(data: &ImageData) -> Result<Self, DataError> {
        let (class_names, passed_over) = (OnceCell::new(), RefCell::new(vec![]));
        let is_taken = |of: &Option<Taken>| matches!(of, Some(Taken::First(_)));
        let mixed = is_taken(&data.test) || is_taken(&data.validation);
        let parts = image_splits(data, |split, folder| {
            let mut source = Folders::open(folder)?;
            let names = source.class_names();
            if split == Split::Train && mixed {
                source.mix();
            }
            check_class_names(data, folder, &names, class_names.get_or_init(|| names.clone()))?;
            let mut told = source.passed_over().clone();
            if split != Split::Train {
                told.empty.clear();
            }
            // Splits may be the same folder.
            let mut passed_over = passed_over.borrow_mut();
            if !told.is_nothing() && !passed_over.contains(&told) {
                passed_over.push(told);
            }
            Ok(source)
        })?;
        let class_names = class_names.into_inner().map(Arc::from);
        let passed_over = passed_over.into_inner();
        Ok(Self { class_names, passed_over, ..Self::of_images(parts, data)? })
    }

    fn of_images(parts: [Part; 3], config: &ImageData) -> Result<Self, DataError> {
        let inputs = Inputs::Images(Box::new(Images::new(&config.image)));
        let ImageData { classes, max_labels, max_skipped, threads, .. } = *config;
        Ok(Self { max_labels, max_skipped, ..Self::new(classes, inputs, parts, threads)? })
    }

    /// With so many threads, or as many as there are processors.
    fn new(
        classes: usize,
        inputs: Inputs,
        parts: [Part; 3],
        threads: Option<NonZeroUsize>,
    ) -> Result<Self, DataError> {
        for part in &parts {
            if u32::try_from(part.len()).is_err() {
                let (file, got) = (part.name(0), part.len());
                return Err(DataError::TooMany { file, got });
            }
        }
        // The builder takes 0 for as many as there are processors.
        let threads = ThreadPoolBuilder::new().num_threads(threads.map_or(0, NonZeroUsize::get));
        let threads = Arc::new(threads.thread_name(|index| format!("data-{index}")).build()?);
        Ok(Self {
            classes,
            class_names: None,
            max_labels: None,
            inputs,
            parts,
            max_skipped: 0,
            passed_over: vec![],
            threads,
        })
    }

    /// The number of features of an example, `D`: the numbers of its input.
    pub fn features(&self) -> usize {
        self.inputs.features()
    }

    /// The number of classes; every label is below it.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// What the classes are called, in their order, where the data tells.
    pub fn class_names(&self) -> Option<&[String]> {
        self.class_names.as_deref()
    }

    /// How many classes an example can have at most; `None` where each has one.
    pub fn max_labels(&self) -> Option<usize> {
        self.max_labels
    }

    /// What was passed over in folders of images when they were listed, worth a warning each.
    pub fn passed_over(&self) -> &[PassedOver] {
        &self.passed_over
    }

    /// How a model's inputs are made from pixels, if one number each does for all.
    pub fn normalization(&self) -> Option<Normalization> {
        match self.inputs {
            Inputs::Pixels { normalization, .. } => Some(normalization),
            Inputs::Numbers { .. } | Inputs::Images(_) => None,
        }
    }

    /// The number of examples in a split.
    #[allow(clippy::len_without_is_empty)]
    pub fn len(&self, split: Split) -> usize {
        self.part(split).len()
    }

    /// An example of a split as it is stored.
    ///
    /// # Errors
    /// If it can't be read.
    ///
    /// # Panics
    /// If the split has no example at `index`.
    pub fn example(&self, split: Split, index: usize) -> Result<Example, ReadError> {
        self.part(split).read(index)
    }

    /// What an example of a split is called in messages, such as the path of its file.
    ///
    /// # Panics
    /// If the split has no example at `index`.
    pub fn name(&self, split: Split, index: usize) -> String {
        self.part(split).name(index)
    }

    /// The right class of an example of a split, where its label may be another one on purpose.
    ///
    /// # Panics
    /// If the split has no example at `index`.
    pub fn clean_label(&self, split: Split, index: usize) -> Option<u32> {
        self.part(split).clean_label(index)
    }

    fn part(&self, split: Split) -> &Part {
        &self.parts[match split {
            Split::Train => 0,
            Split::Validation => 1,
            Split::Test => 2,
        }]
    }
}

fn image_splits<S: Source + 'static>(
    data: &ImageData,
    open: impl Fn(Split, &String) -> Result<S, DataError>,
) -> Result<[Part; 3], DataError> {
    splits(&data.train, &data.validation, &data.test, open)
}

/// Checks that the classes of a folder are as many as are expected, and those of the train split.
fn check_class_names(
    data: &ImageData,
    folder: &str,
    names: &[String],
    of_train: &[String],
) -> Result<(), DataError> {
    let (folder, expected, got) = (folder.to_owned(), data.classes, names.len());
    if let Some(index) = names.iter().zip(of_train).position(|(name, of_train)| name != of_train) {
        let (train, [got, expected]) =
            (data.train.clone(), [names, of_train].map(|names| names[index].clone()));
        return Err(DataError::ClassName { folder, train, index, got, expected });
    }
    if got != expected {
        let [first, last] =
            [names.first(), names.last()].map(|name| name.cloned().unwrap_or_default());
        return Err(DataError::Classes { folder, expected, got, first, last });
    }
    Ok(())
}

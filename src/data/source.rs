//! What every kind of data comes down to: examples that can be read one by one.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use super::DataError;

/// Examples that can be read in any order, by several threads at once.
pub trait Source: fmt::Debug + Send + Sync {
    /// How many examples there are.
    fn len(&self) -> usize;

    /// Whether there is none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The example at `index`, which is less than the length.
    ///
    /// # Errors
    /// [`ReadError::Unusable`] if this example alone is not fit for use, anything else if the data
    /// as a whole isn't.
    fn read(&self, index: usize) -> Result<Example, ReadError>;

    /// The classes of the example at `index`. Where they can be had without its input, nothing is said
    /// of whether that is fit for use.
    ///
    /// # Errors
    /// As of [`Source::read`].
    fn labels(&self, index: usize) -> Result<Vec<u32>, ReadError> {
        Ok(self.read(index)?.labels)
    }

    /// What the example at `index` is called in messages, such as the path of its file.
    fn name(&self, index: usize) -> String;

    /// The right class of the example at `index`, where its label may be another one on purpose.
    fn clean_label(&self, index: usize) -> Option<u32> {
        let _ = index;
        None
    }
}

/// One example as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    /// What is classified.
    pub input: RawInput,
    /// Its classes: exactly one, but where the data says that there may be any number.
    pub labels: Vec<u32>,
}

/// An input as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub enum RawInput {
    /// The numbers that a model takes.
    Numbers(Vec<f32>),
    /// Those of them that aren't 0, each with its place.
    Sparse(Vec<(u32, f32)>),
    /// The bytes of an image without a format, row by row, which are still to be normalised.
    Pixels(Vec<u8>),
    /// A file of a format of images.
    Image(Vec<u8>),
}

/// An example could not be read.
#[derive(Debug)]
pub enum ReadError {
    /// It is damaged, or not what was expected, for the reason given: others may be used.
    Unusable(String),
    /// The data as a whole can't be used.
    Failed(DataError),
}

impl From<DataError> for ReadError {
    fn from(error: DataError) -> Self {
        Self::Failed(error)
    }
}

/// Successive examples of a source.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub source: Arc<dyn Source>,
    pub range: Range<usize>,
}

impl Part {
    pub(super) fn whole(source: Arc<dyn Source>) -> Self {
        let range = 0..source.len();
        Self { source, range }
    }

    pub(super) fn len(&self) -> usize {
        self.range.len()
    }

    pub(super) fn read(&self, index: usize) -> Result<Example, ReadError> {
        self.source.read(self.range.start + index)
    }

    pub(super) fn labels(&self, index: usize) -> Result<Vec<u32>, ReadError> {
        self.source.labels(self.range.start + index)
    }

    pub(super) fn name(&self, index: usize) -> String {
        self.source.name(self.range.start + index)
    }

    pub(super) fn clean_label(&self, index: usize) -> Option<u32> {
        self.source.clean_label(self.range.start + index)
    }
}

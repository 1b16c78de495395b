//! Files that hold many examples each.

use rayon::prelude::*;
use thiserror::Error;

use super::files::{File, Place};
use super::joined::Joined;
use super::{DataError, FilesError};

/// The most bytes that an example may have: enough for any image, and not for a machine's memory,
/// also where it takes several times as many before it is found to be none.
pub(super) const MAX_BYTES: u64 = 64 << 20;

/// Files and where in each its examples are.
#[derive(Debug)]
pub(super) struct Shards<E> {
    shards: Vec<(File, Vec<E>)>,
    joined: Joined,
}

impl<E: Send> Shards<E> {
    /// Finds the examples of all files, of several at the same time. They are what is `expected`.
    ///
    /// # Errors
    /// Of a file that isn't as it should be, or if there is no example in any.
    pub(super) fn index(
        pattern: &str,
        places: Vec<Place>,
        expected: &'static str,
        examples: impl Fn(&File) -> Result<Vec<E>, DataError> + Sync,
    ) -> Result<Self, DataError> {
        let shard = |place| {
            let file = File::find(place)?;
            let mut examples = examples(&file)?;
            examples.shrink_to_fit();
            Ok((file, examples))
        };
        let shards = places.into_par_iter().map(shard).collect::<Result<Vec<_>, DataError>>()?;
        let joined = Joined::of(shards.iter().map(|(_, examples)| examples.len()));
        if joined.len() == 0 {
            return Err(FilesError::NoExamples { pattern: pattern.to_owned(), expected }.into());
        }
        Ok(Self { shards, joined })
    }

    pub(super) fn len(&self) -> usize {
        self.joined.len()
    }

    /// The file that the example at `index` is in, and where.
    pub(super) fn locate(&self, index: usize) -> (&File, &E) {
        let (shard, place) = self.joined.locate(index);
        let (file, examples) = &self.shards[shard];
        (file, &examples[place])
    }
}

/// What is wrong with a file of many examples.
#[derive(Debug, Error)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum ShardProblem {
    #[error("it is empty")]
    Empty,
    #[error("it is compressed, and can be read in any order only as it was before: unpack it")]
    Compressed,
    #[error("it is cut off within a header")]
    CutOff,
    #[error("the {size} bytes of {name} go beyond the end of the file, which is cut off")]
    BeyondEnd { name: String, size: u64 },
    #[error("the two blocks of zeros are missing that end an archive, so it is cut off")]
    NoEnd,
    #[error("there are bytes after the end of the archive: join archives by `tar --concatenate`")]
    AfterEnd,
    #[error(
        "the checksum of a header is {stored}, expected {computed}: it is damaged, or this is no \
        archive of tar"
    )]
    HeaderChecksum { stored: String, computed: u32 },
    #[error("a header has no size that can be read")]
    Size,
    #[error("the header of a long name has {size} bytes, more than {limit}")]
    LongHeader { size: u64, limit: u64 },
    #[error("an extended header can't be read")]
    ExtendedHeader,
    #[error("{name} is stored with holes, which can't be read: write the archive without --sparse")]
    Sparse { name: String },
    #[error(
        "{name} is a {kind}, expected a file: write the archive with --dereference and --hard-dereference"
    )]
    NotAFile { name: String, kind: &'static str },
    #[error("archives of more than 2 TiB can't be read")]
    TooLarge,
    #[error(
        "{key} has an image and no label (.cls or .json) beside it: the members of an example \
        stand one after the other, as by `tar --sort=name`"
    )]
    NoLabel { key: String },
    #[error(
        "{key} has a label and no image (.jpg, .jpeg or .png) beside it: the members of an \
        example stand one after the other, as by `tar --sort=name`"
    )]
    NoImage { key: String },
    #[error("{key} has a second {what}")]
    Second { key: String, what: &'static str },
    #[error("the name {key} is that of an earlier example, too")]
    KeyTwice { key: String },
    #[error(
        "the checksum of a length is {stored:08x}, expected {computed:08x}: it is damaged, or \
        this is no file of TFRecord"
    )]
    LengthChecksum { stored: u32, computed: u32 },
}

impl ShardProblem {
    /// Of a file, at an offset.
    pub(super) fn at(self, file: &File, offset: u64) -> DataError {
        DataError::Shard { file: file.to_string(), offset, problem: self }
    }
}

//! Files that hold many examples each.

use std::sync::atomic::{AtomicBool, Ordering};

use thiserror::Error;

use super::files::{self, File, Place};
use super::index_cache::{Entry, IndexCache};
use super::joined::Joined;
use super::{DataError, FilesError};

/// The most bytes that an example may have: enough for any image, and not for a machine's memory,
/// also where it takes several times as many before it is found to be none.
pub(super) const MAX_BYTES: u64 = 64 << 20;

/// An index of a file of this machine of fewer bytes is made as quickly as one that was kept is found.
const WORTH_KEEPING: u64 = 1 << 20;

/// Files and where in each its examples are.
#[derive(Debug)]
pub(super) struct Shards<E> {
    shards: Vec<(File, Vec<E>)>,
    joined: Joined,
}

impl<E: Entry + Send> Shards<E> {
    /// Finds the examples of all files, of several at the same time, unless it was `kept` where they
    /// are. They are what is `expected`.
    ///
    /// # Errors
    /// Of a file that isn't as it should be, or if there is no example in any.
    pub(super) fn index(
        pattern: &str,
        places: Vec<Place>,
        expected: &'static str,
        kept: Option<&IndexCache>,
        examples: impl Fn(&File) -> Result<Vec<E>, DataError> + Sync,
    ) -> Result<Self, DataError> {
        let made = AtomicBool::new(false);
        let shard = |place| {
            let file = File::find(place)?;
            let kept = kept.filter(|_| !file.is_local() || file.size() >= WORTH_KEEPING);
            if let Some(examples) = kept.and_then(|kept| kept.load(&file)) {
                return Ok((file, examples));
            }
            let mut examples = examples(&file)?;
            examples.shrink_to_fit();
            if let Some(kept) = kept {
                kept.store(&file, &examples);
                made.store(true, Ordering::Relaxed);
            }
            Ok((file, examples))
        };
        let shards = files::each(places, shard)?;
        if let Some(kept) = kept.filter(|_| made.into_inner()) {
            kept.make_room();
        }
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

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;
    use std::sync::atomic::AtomicUsize;
    use std::time::{Duration, SystemTime};

    use super::*;

    /// An example of a byte.
    #[derive(Debug, PartialEq)]
    struct Byte(u8);

    impl Entry for Byte {
        const KIND: &'static str = "bytes";
        const BYTES: usize = 1;

        fn write(&self, out: &mut Vec<u8>) {
            out.push(self.0);
        }

        fn read(bytes: &[u8], _: u64) -> Option<Self> {
            Some(Self(bytes[0]))
        }
    }

    /// The examples of files, their first bytes, and how many files were looked into.
    fn index(paths: &[&Path], kept: Option<&IndexCache>) -> (Vec<u8>, usize) {
        let made = AtomicUsize::new(0);
        let first_bytes = |file: &File| {
            made.fetch_add(1, Ordering::Relaxed);
            Ok(file.open()?.read_at(0, 3)?.into_iter().map(Byte).collect())
        };
        let places = paths.iter().map(|path| Place::Local(path.to_path_buf())).collect();
        let shards = Shards::index("x", places, "bytes", kept, first_bytes).unwrap();
        let all = (0..shards.len()).map(|index| shards.locate(index).1.0).collect();
        (all, made.into_inner())
    }

    #[test]
    fn only_shards_that_changed_are_looked_into_again_and_the_order_stays() {
        let folder = tempfile::tempdir().unwrap();
        let cache = IndexCache::new(folder.path().join("cache"));
        let paths: Vec<_> = (0..3).map(|it| folder.path().join(it.to_string())).collect();
        let write = |number: usize, first: u8, size: u64| {
            let mut contents = vec![first, first + 1, first + 2];
            contents.resize(size as usize, 0);
            fs::write(&paths[number], contents).unwrap();
            // A clock may not have gone on since what was there was written.
            let time = SystemTime::UNIX_EPOCH + Duration::from_secs(first.into());
            fs::File::options()
                .append(true)
                .open(&paths[number])
                .unwrap()
                .set_modified(time)
                .unwrap();
        };
        write(0, 10, WORTH_KEEPING);
        write(1, 20, WORTH_KEEPING);
        // Of one that is small nothing is kept.
        write(2, 30, WORTH_KEEPING - 1);
        let paths: Vec<_> = paths.iter().map(|path| &**path).collect();
        let all = vec![10, 11, 12, 20, 21, 22, 30, 31, 32];
        assert_eq!(index(&paths, None), (all.clone(), 3));
        assert_eq!(index(&paths, Some(&cache)), (all.clone(), 3));
        assert_eq!(index(&paths, Some(&cache)), (all, 1));
        write(1, 40, WORTH_KEEPING);
        let all = vec![10, 11, 12, 40, 41, 42, 30, 31, 32];
        assert_eq!(index(&paths, Some(&cache)), (all, 2));
        assert_eq!(index(&[paths[1], paths[0]], Some(&cache)), (vec![40, 41, 42, 10, 11, 12], 0));
    }
}

//! Files that are read in parts, on this machine or in an object store.

use std::ffi::OsStr;
use std::fmt;
use std::fs;
use std::io::{self, Read};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};

use rayon::ThreadPoolBuilder;
use rayon::prelude::*;

#[cfg(feature = "cloud")]
use super::cloud::Object;
use super::{DataError, FilesError};

/// How many requests to an object store are waited for at the same time, at least.
const WAITING: usize = 16;

/// What stands at a path or a URL: a file or a folder.
#[derive(Clone, Debug)]
pub(super) enum Place {
    /// On this machine.
    Local(PathBuf),
    /// In an object store.
    #[cfg(feature = "cloud")]
    Object(Object),
}

/// The names of what a folder holds, but hidden ones, in their order.
#[derive(Debug, Default)]
pub(super) struct Names {
    pub folders: Vec<Vec<u8>>,
    pub files: Vec<Vec<u8>>,
}

impl Place {
    /// The place where the paths of a text begin, and the rest of the text.
    ///
    /// # Errors
    /// If it is in an object store that this build, or anybody, can't read.
    pub(super) fn root(text: &str) -> Result<(Self, &str), DataError> {
        match text.split_once("://") {
            None => Ok(match text.strip_prefix('/') {
                Some(rest) => (Self::Local("/".into()), rest),
                None => (Self::Local(PathBuf::new()), text),
            }),
            #[cfg(feature = "cloud")]
            Some((scheme @ ("gs" | "s3"), rest)) => {
                let (bucket, rest) = rest.split_once('/').unwrap_or((rest, ""));
                Ok((Self::Object(Object::bucket(scheme, bucket)?), rest))
            }
            #[cfg(not(feature = "cloud"))]
            Some(("gs" | "s3", _)) => Err(FilesError::NoCloud { url: text.to_owned() }.into()),
            Some(_) => Err(FilesError::Scheme { url: text.to_owned() }.into()),
        }
    }

    /// What has this name in the folder.
    pub(super) fn join(&self, name: &[u8]) -> Self {
        match self {
            Self::Local(folder) => Self::Local(folder.join(OsStr::from_bytes(name))),
            #[cfg(feature = "cloud")]
            Self::Object(folder) => Self::Object(folder.join(&String::from_utf8_lossy(name))),
        }
    }

    fn is_local(&self) -> bool {
        matches!(self, Self::Local(_))
    }

    /// Whether this is a folder of this machine.
    pub(super) fn is_local_folder(&self) -> bool {
        match self {
            Self::Local(path) => path.is_dir(),
            #[cfg(feature = "cloud")]
            Self::Object(_) => false,
        }
    }

    /// What the folder holds.
    ///
    /// # Errors
    /// If it can't be listed.
    pub(super) fn names(&self) -> Result<Names, DataError> {
        let mut names = match self {
            Self::Local(path) => local_names(path),
            #[cfg(feature = "cloud")]
            Self::Object(folder) => folder.names(),
        }
        .map_err(|source| self.unreadable(source))?;
        for names in [&mut names.folders, &mut names.files] {
            names.retain(|name| !name.starts_with(b"."));
            names.sort_unstable();
        }
        Ok(names)
    }

    /// All of a file, or `None` where that is more than `limit` bytes.
    ///
    /// # Errors
    /// If it can't be read.
    pub(super) fn read(&self, limit: u64) -> Result<Option<Vec<u8>>, DataError> {
        let bytes = match self {
            Self::Local(path) => read_up_to(path, limit + 1),
            #[cfg(feature = "cloud")]
            Self::Object(object) => object.read(limit),
        }
        .map_err(|source| self.unreadable(source))?;
        Ok(bytes.filter(|bytes| bytes.len() as u64 <= limit))
    }

    fn unreadable(&self, source: io::Error) -> DataError {
        DataError::Read { file: self.to_string(), source }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Local(path) if path.as_os_str().is_empty() => f.write_str("."),
            Self::Local(path) => path.display().fmt(f),
            #[cfg(feature = "cloud")]
            Self::Object(object) => object.fmt(f),
        }
    }
}

fn local_names(path: &Path) -> io::Result<Names> {
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    let mut names = Names::default();
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        let mut kind = entry.file_type()?;
        if kind.is_symlink() {
            // A link that leads nowhere is no file.
            let Ok(target) = fs::metadata(entry.path()) else { continue };
            kind = target.file_type();
        }
        if kind.is_dir() {
            names.folders.push(entry.file_name().into_vec());
        } else if kind.is_file() {
            names.files.push(entry.file_name().into_vec());
        }
    }
    Ok(names)
}

fn read_up_to(path: &Path, limit: u64) -> io::Result<Option<Vec<u8>>> {
    let file = fs::File::open(path)?;
    let mut bytes = Vec::with_capacity(file.metadata()?.len().min(limit) as usize);
    file.take(limit).read_to_end(&mut bytes)?;
    Ok(Some(bytes))
}

/// A file and how long it was when it was found. Nothing of it is kept open, so that there can be
/// any number.
#[derive(Clone, Debug)]
pub(super) struct File {
    place: Place,
    size: u64,
    version: Option<String>,
}

/// What a file is before it is read.
#[derive(Debug)]
pub(super) struct Found {
    pub size: u64,
    /// What changes with what is in it, if there is any such thing.
    pub version: Option<String>,
}

impl File {
    /// The file at a place.
    ///
    /// # Errors
    /// If there is none.
    pub(super) fn find(place: Place) -> Result<Self, DataError> {
        let found = match &place {
            Place::Local(path) => fs::metadata(path).and_then(|found| match found.is_file() {
                true => Ok(Found { size: found.len(), version: Some(version(&found)) }),
                // To read a pipe is to wait for whoever writes it.
                false => Err(io::Error::other("it is no file")),
            }),
            #[cfg(feature = "cloud")]
            Place::Object(object) => object.find(),
        };
        match found {
            Ok(Found { size, version }) => Ok(Self { place, size, version }),
            Err(source) => Err(place.unreadable(source)),
        }
    }

    /// What it is called by everybody, wherever they are.
    pub(super) fn address(&self) -> String {
        match &self.place {
            Place::Local(path) => match std::path::absolute(path) {
                Ok(path) => path.display().to_string(),
                Err(_) => path.display().to_string(),
            },
            #[cfg(feature = "cloud")]
            Place::Object(object) => object.address(),
        }
    }

    /// What changes with what is in it, if there is any such thing.
    pub(super) fn version(&self) -> Option<&str> {
        self.version.as_deref()
    }

    /// Whether it is on this machine.
    pub(super) fn is_local(&self) -> bool {
        self.place.is_local()
    }

    /// Its bytes.
    pub(super) fn size(&self) -> u64 {
        self.size
    }

    /// To read from.
    ///
    /// # Errors
    /// If it is gone, or not ours to read.
    pub(super) fn open(&self) -> Result<Opened<'_>, DataError> {
        let local = match &self.place {
            Place::Local(path) => match fs::File::open(path) {
                Ok(file) => Some(file),
                Err(source) => return Err(self.place.unreadable(source)),
            },
            #[cfg(feature = "cloud")]
            Place::Object(_) => None,
        };
        Ok(Opened { file: self, local })
    }
}

impl fmt::Display for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.place.fmt(f)
    }
}

/// When a file was written, and which it is: whoever puts another in its place with the time of the
/// first, as `cp -p` does, changes what it is.
fn version(file: &fs::Metadata) -> String {
    let [written, changed] = [(file.mtime(), file.mtime_nsec()), (file.ctime(), file.ctime_nsec())]
        .map(|(seconds, nanoseconds)| format!("{seconds}.{nanoseconds:09}"));
    format!("written {written}, changed {changed}, inode {}", file.ino())
}

/// A file while it is read.
#[derive(Debug)]
pub(super) struct Opened<'a> {
    file: &'a File,
    local: Option<fs::File>,
}

impl<'a> Opened<'a> {
    /// The `len` bytes at `offset`, which are within the size that the file had when it was found.
    ///
    /// # Errors
    /// If they can't be read, or the file has become shorter.
    pub(super) fn read_at(&self, offset: u64, len: usize) -> Result<Vec<u8>, DataError> {
        let [bytes] = self.read_ranges(&[(offset, len as u64)])?;
        Ok(bytes)
    }

    /// The bytes of ranges, each an offset and a length.
    ///
    /// # Errors
    /// As [`Opened::read_at`].
    pub(super) fn read_ranges<const N: usize>(
        &self,
        ranges: &[(u64, u64); N],
    ) -> Result<[Vec<u8>; N], DataError> {
        let read = match (&self.local, &self.file.place) {
            (Some(local), _) => ranges
                .iter()
                .map(|&(offset, len)| {
                    let mut bytes = vec![0; len as usize];
                    local.read_exact_at(&mut bytes, offset).map(|()| bytes)
                })
                .collect::<io::Result<Vec<_>>>(),
            #[cfg(feature = "cloud")]
            (None, Place::Object(object)) => object.read_ranges(ranges),
            (None, Place::Local(_)) => unreachable!("a local file is open"),
        };
        let read = read.map_err(|source| {
            let shorter = source.kind() == io::ErrorKind::UnexpectedEof;
            let changed = || io::Error::other("it is shorter than it was when it was opened first");
            self.file.place.unreadable(if shorter { changed() } else { source })
        })?;
        Ok(read.try_into().expect("each range has its bytes"))
    }

    /// Reads headers, which stand in the order of the file.
    pub(super) fn headers(self) -> Headers<'a> {
        // What follows a header on this machine may be skipped for little; from an object store it
        // is as quick to fetch it.
        let ahead = if self.local.is_some() { 8 << 10 } else { 4 << 20 };
        Headers { opened: self, ahead, start: 0, window: vec![] }
    }
}

/// The part of a file that was read last.
#[derive(Debug)]
pub(super) struct Headers<'a> {
    opened: Opened<'a>,
    ahead: usize,
    start: u64,
    window: Vec<u8>,
}

impl<'a> Headers<'a> {
    pub(super) fn file(&self) -> &'a File {
        self.opened.file
    }

    /// The `len` bytes at `offset`, or those that there are.
    ///
    /// # Errors
    /// As [`Opened::read_at`].
    pub(super) fn at(&mut self, offset: u64, len: usize) -> Result<&[u8], DataError> {
        let size = self.file().size;
        let here = |window: &[u8], start: u64| {
            let skip = usize::try_from(offset.checked_sub(start)?).ok()?;
            (skip.checked_add(len)? <= window.len()).then_some(skip)
        };
        let skip = match here(&self.window, self.start) {
            Some(skip) => skip,
            None => {
                let left = size.saturating_sub(offset);
                let take = left.min(self.ahead.max(len) as u64) as usize;
                self.window = self.opened.read_at(offset, take)?;
                self.start = offset;
                0
            }
        };
        let end = self.window.len().min(skip + len);
        Ok(&self.window[skip..end])
    }
}

/// Does the same to several files at a time: as many as there are processors, or more of an object
/// store, which is waited for rather than computed with.
///
/// # Errors
/// One of those of `read`, or if there are no threads to be had.
pub(super) fn each<T: Send>(
    places: Vec<Place>,
    read: impl Fn(Place) -> Result<T, DataError> + Sync,
) -> Result<Vec<T>, DataError> {
    let local = places.iter().all(Place::is_local);
    let all = || places.into_par_iter().map(&read).collect();
    if local {
        return all();
    }
    let threads = rayon::current_num_threads().max(WAITING);
    ThreadPoolBuilder::new().num_threads(threads).build()?.install(all)
}

/// Names as they can be shown, as many as can be read at a glance.
pub(super) fn glance(names: &str) -> String {
    const LETTERS: usize = 400;
    let shown = shown(names.as_bytes());
    match shown.char_indices().nth(LETTERS) {
        Some((end, _)) => format!("{}…", &shown[..end]),
        None => shown,
    }
}

/// A name as it can be shown: what is in a file may be meant for a terminal.
pub(super) fn shown(name: &[u8]) -> String {
    let mut shown = String::new();
    for letter in String::from_utf8_lossy(name).chars() {
        match letter {
            letter if letter.is_control() => shown.extend(letter.escape_default()),
            letter => shown.push(letter),
        }
    }
    shown
}

//! Where the examples of shards are, kept from one run to the next.
//!
//! To find the examples of a shard is to read a header before each of its members, and from an object
//! store that is to fetch nearly all of it. What was found is kept in a file for each shard, together
//! with all that tells whether the shard is still the same. A file that isn't as it should be, or can't
//! be had, counts for nothing: the examples are found again.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use pjrt::install::Environment;
use serde::Serialize;

use super::files::File;
use crate::digest::sha256;

/// What every file begins with. A change of the format is another number.
const MAGIC: &str = "hetxl shard index 1";

/// The bytes of the checksum at the end of a file.
const CHECKSUM: usize = 4;

/// Beyond this, what was used longest ago makes room: that is for some 400 million examples, so that
/// those of the largest sets have room together.
const LIMIT: u64 = 8 << 30;

/// What the names of temporary files begin with.
const TEMPORARY: &str = ".new-";

/// The folder of what is kept.
#[derive(Clone, Debug)]
pub struct IndexCache {
    folder: PathBuf,
}

/// Where in a file an example is, as so many bytes.
pub(super) trait Entry: Sized {
    /// What the file is.
    const KIND: &'static str;
    const BYTES: usize;

    fn write(&self, out: &mut Vec<u8>);

    /// From as many bytes; `None` where a file of this size has no such place.
    fn read(bytes: &[u8], size: u64) -> Option<Self>;
}

/// What must be the same for an index to be that of a file.
#[derive(Serialize)]
struct Header<'a> {
    kind: &'a str,
    file: &'a str,
    bytes: u64,
    version: &'a str,
}

impl IndexCache {
    /// The cache in `folder`.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// That in the user's cache folder; `None` where there is no such folder.
    pub fn of(environment: &Environment) -> Option<Self> {
        Some(Self::new(environment.cache.as_ref()?.join("shards")))
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// How many indexes are kept, and their bytes.
    ///
    /// # Errors
    /// If the folder can't be read.
    pub fn kept(&self) -> io::Result<(usize, u64)> {
        let files = self.files()?;
        Ok((files.len(), files.iter().map(|file| file.bytes).sum()))
    }

    /// Removes all of them, and tells how many and how many bytes those were.
    ///
    /// # Errors
    /// If the folder can't be read, or a file not be removed.
    pub fn clear(&self) -> io::Result<(usize, u64)> {
        let files = self.files()?;
        for file in &files {
            match fs::remove_file(&file.path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok((files.len(), files.iter().map(|file| file.bytes).sum()))
    }

    /// The examples of a file, if they were kept and it is still the same.
    pub(super) fn load<E: Entry>(&self, file: &File) -> Option<Vec<E>> {
        let (path, prefix) = self.place::<E>(file)?;
        let most = prefix.len() as u64 + file.size() + CHECKSUM as u64;
        if fs::metadata(&path).ok()?.len() > most {
            return None;
        }
        let contents = fs::read(&path).ok()?;
        let (body, stored) = contents.split_last_chunk::<CHECKSUM>()?;
        if crc32c::crc32c(body) != u32::from_le_bytes(*stored) {
            return None;
        }
        let entries = body.strip_prefix(&prefix[..])?.chunks(E::BYTES);
        let entries = entries.map(|entry| {
            let whole = (entry.len() == E::BYTES).then_some(entry)?;
            E::read(whole, file.size())
        });
        let entries = entries.collect::<Option<Vec<_>>>()?;
        // So that it isn't the next to make room; a folder that can't be written is read all the same.
        let _ = fs::File::options()
            .append(true)
            .open(&path)
            .and_then(|file| file.set_modified(SystemTime::now()));
        Some(entries)
    }

    /// Keeps the examples of a file, if it can be told later whether it is the same, and if they can
    /// be kept.
    pub(super) fn store<E: Entry>(&self, file: &File, entries: &[E]) {
        let Some((path, mut contents)) = self.place::<E>(file) else { return };
        contents.reserve(entries.len() * E::BYTES + CHECKSUM);
        for entry in entries {
            entry.write(&mut contents);
        }
        contents.extend(crc32c::crc32c(&contents).to_le_bytes());
        // Nothing waits until it is on the disk: what a machine that stops leaves behind has another
        // checksum.
        let written = fs::create_dir_all(&self.folder).and_then(|()| {
            let mut file = tempfile::Builder::new().prefix(TEMPORARY).tempfile_in(&self.folder)?;
            file.write_all(&contents)?;
            Ok(file.persist(&path)?)
        });
        // It is found again at the next start.
        let _ = written;
    }

    /// Removes what was used longest ago until no more is kept than there is room for.
    pub(super) fn make_room(&self) {
        // What isn't removed now is at the next start.
        let _ = self.shrink(LIMIT);
    }

    fn shrink(&self, limit: u64) -> io::Result<()> {
        let mut files = self.files()?;
        files.sort_by_key(|file| file.used);
        let mut total: u64 = files.iter().map(|file| file.bytes).sum();
        for file in files {
            if total <= limit {
                break;
            }
            // Another process may have removed it.
            let _ = fs::remove_file(&file.path);
            total -= file.bytes;
        }
        Ok(())
    }

    /// Where the index of a file is, and what it begins with.
    fn place<E: Entry>(&self, file: &File) -> Option<(PathBuf, Vec<u8>)> {
        let version = file.version()?;
        let name = file.address();
        let header = Header { kind: E::KIND, file: &name, bytes: file.size(), version };
        let header = serde_json::to_string(&header).expect("texts and a number are JSON");
        let path = self.folder.join(sha256(format!("{}\n{name}", E::KIND)));
        Some((path, format!("{MAGIC}\n{header}\n").into_bytes()))
    }

    /// The files that are the cache's own, and not what somebody else keeps in the folder.
    fn files(&self) -> io::Result<Vec<Kept>> {
        let entries = match fs::read_dir(&self.folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(vec![]),
            entries => entries?,
        };
        let file = |entry: fs::DirEntry| {
            let name = entry.file_name().into_string().ok()?;
            let is_index = name.len() == 64 && name.bytes().all(|it| it.is_ascii_hexdigit());
            let metadata = entry.metadata().ok().filter(fs::Metadata::is_file)?;
            let used = metadata.modified().ok()?;
            let own = is_index || name.starts_with(TEMPORARY);
            own.then(|| Kept { path: entry.path(), bytes: metadata.len(), used })
        };
        Ok(entries.flatten().filter_map(file).collect())
    }
}

/// A file of the cache.
struct Kept {
    path: PathBuf,
    bytes: u64,
    used: SystemTime,
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::files::Place;
    use super::*;

    /// A place that is a number.
    #[derive(Debug, PartialEq)]
    struct Number(u32);

    impl Entry for Number {
        const KIND: &'static str = "numbers";
        const BYTES: usize = 4;

        fn write(&self, out: &mut Vec<u8>) {
            out.extend(self.0.to_le_bytes());
        }

        fn read(bytes: &[u8], size: u64) -> Option<Self> {
            let number = u32::from_le_bytes(bytes.try_into().ok()?);
            (u64::from(number) < size).then_some(Self(number))
        }
    }

    /// The same places in a file of another kind.
    struct Other(u32);

    impl Entry for Other {
        const KIND: &'static str = "others";
        const BYTES: usize = 4;

        fn write(&self, out: &mut Vec<u8>) {
            out.extend(self.0.to_le_bytes());
        }

        fn read(bytes: &[u8], _: u64) -> Option<Self> {
            Some(Self(u32::from_le_bytes(bytes.try_into().ok()?)))
        }
    }

    /// A folder with a cache in it and a file of as many bytes.
    fn place(bytes: usize) -> (tempfile::TempDir, IndexCache, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.tar");
        fs::write(&path, vec![0; bytes]).unwrap();
        let cache = IndexCache::new(folder.path().join("cache/shards"));
        (folder, cache, path)
    }

    fn file(path: &Path) -> File {
        File::find(Place::Local(path.to_owned())).unwrap()
    }

    #[test]
    fn what_was_kept_of_a_file_is_had_until_the_file_is_another() {
        let (folder, cache, path) = place(1000);
        assert_eq!(cache.load::<Number>(&file(&path)), None);
        let numbers = || vec![Number(3), Number(1), Number(999)];
        cache.store(&file(&path), &numbers());
        assert_eq!(cache.load(&file(&path)), Some(numbers()));
        assert!(cache.load::<Other>(&file(&path)).is_none());
        let copy = folder.path().join("y.tar");
        fs::copy(&path, &copy).unwrap();
        assert_eq!(cache.load::<Number>(&file(&copy)), None);
        // Another of the same size, with the time of the first, in its place.
        let written = fs::metadata(&path).unwrap().modified().unwrap();
        fs::File::options().append(true).open(&copy).unwrap().set_modified(written).unwrap();
        fs::rename(&copy, &path).unwrap();
        assert_eq!(cache.load::<Number>(&file(&path)), None);
        // None at all is something that can be known, too.
        cache.store::<Number>(&file(&path), &[]);
        assert_eq!(cache.load::<Number>(&file(&path)), Some(vec![]));
    }

    #[test]
    fn an_index_that_is_damaged_cut_off_or_of_places_that_are_not_there_counts_for_nothing() {
        let (_folder, cache, path) = place(100);
        cache.store(&file(&path), &[Number(3), Number(99)]);
        let kept = cache.files().unwrap().remove(0).path;
        let whole = fs::read(&kept).unwrap();
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 1;
            for contents in [&damaged[..], &whole[..at]] {
                fs::write(&kept, contents).unwrap();
                assert_eq!(cache.load::<Number>(&file(&path)), None, "{at}");
            }
        }
        fs::write(&kept, vec![0; 1 << 20]).unwrap();
        assert_eq!(cache.load::<Number>(&file(&path)), None);
        fs::write(&kept, &whole).unwrap();
        assert_eq!(cache.load(&file(&path)), Some(vec![Number(3), Number(99)]));
        cache.store(&file(&path), &[Number(100)]);
        assert_eq!(cache.load::<Number>(&file(&path)), None);
    }

    #[test]
    fn what_was_used_longest_ago_makes_room_and_what_is_not_the_cache_s_stays() {
        let (folder, cache, _) = place(0);
        let mut total = 0;
        for number in 0..4 {
            let path = folder.path().join(number.to_string());
            fs::write(&path, [0; 10]).unwrap();
            cache.store(&file(&path), &[Number(number)]);
        }
        let ago = |age| SystemTime::now() - Duration::from_secs(age);
        let path = |number: u32| {
            let file = file(&folder.path().join(number.to_string()));
            cache.place::<Number>(&file).unwrap().0
        };
        for number in 0..4 {
            let kept = fs::File::options().append(true).open(path(number)).unwrap();
            kept.set_modified(ago(1000 - u64::from(number))).unwrap();
            total += kept.metadata().unwrap().len();
        }
        fs::write(cache.folder().join("mine"), "x").unwrap();
        // To be had is to be used.
        assert!(cache.load::<Number>(&file(&folder.path().join("0"))).is_some());
        assert_eq!(cache.kept().unwrap(), (4, total));
        cache.shrink(total / 2).unwrap();
        let left: Vec<_> = (0..4).filter(|&number| path(number).exists()).collect();
        assert_eq!(left, [0, 3]);
        assert_eq!(cache.clear().unwrap(), (2, total / 2));
        assert_eq!(cache.kept().unwrap(), (0, 0));
        assert!(cache.folder().join("mine").exists());
    }

    #[test]
    fn a_cache_that_cannot_be_written_keeps_nothing_and_stops_nothing() {
        let (folder, _, path) = place(10);
        let cache = IndexCache::new(folder.path().join("x.tar/shards"));
        cache.store(&file(&path), &[Number(1)]);
        cache.make_room();
        assert_eq!(cache.load::<Number>(&file(&path)), None);
    }
}

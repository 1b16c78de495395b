//! Compiled programs on disk, so that a program is compiled once and loaded after that.
//!
//! ```no_run
//! use pjrt::{ClientOptions, Code, CompileCache, CompileOptions, Plugin};
//!
//! let client = Plugin::load("libpjrt_cpu.so")?.client(&ClientOptions::new().cpu_devices(1))?;
//! let code = "func.func public @main(%x: tensor<f32>) -> tensor<f32> { return %x : tensor<f32> }";
//! let cache = CompileCache::new("/home/me/.cache/mine/compiled");
//! let compiled = cache.compile(&client, Code::mlir(code), &CompileOptions::default())?;
//! println!("{} was {}", compiled.executable.name(), if compiled.cached { "loaded" } else { "compiled" });
//! # Ok::<(), pjrt::Error>(())
//! ```

mod entry;
mod key;
mod plugin_build;

use std::fs::{self, DirBuilder, File, Metadata};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use thiserror::Error;

use crate::error::{Error, Result};
use crate::{Client, Code, CompileOptions, LoadedExecutable};
use entry::{Entry, Header};
use key::Key;

/// Bytes that the folder may hold; beyond them what was used longest ago is removed.
const LIMIT: u64 = 2 << 30;

/// What the names of files begin with that are still being written.
const TEMPORARY: &str = ".new-";

/// What the names of files begin with that hold a plugin's hash.
const PLUGIN: &str = ".plugin-";

/// A folder of compiled programs, which is made at the first use.
///
/// A program is found again by everything that decides what the compiler makes of it: its own bytes,
/// the options, the contents of the plugin's file, the client's devices, the kind of processor and
/// how many threads there are. What is found is loaded only if it is whole, byte for byte.
///
/// With `XLA_FLAGS` or `LIBTPU_INIT_ARGS` set, or a flag in the options that has the compiler write
/// down what it does, every program is compiled and none kept.
///
/// The folder may be used by several processes at once. It takes up to 2 GiB, and what was not used
/// for longest makes room.
///
/// # Trust
///
/// What lies in the folder is machine code that is run. It is made for the user alone, and one that
/// belongs to somebody else, or that others can write to, is not used; a file of that kind counts as
/// missing.
#[derive(Debug)]
pub struct CompileCache {
    folder: PathBuf,
}

/// A program that is ready to run, and where it came from.
#[derive(Debug)]
pub struct Compilation {
    /// The program.
    pub executable: LoadedExecutable,
    /// Whether it was loaded from the cache rather than compiled.
    pub cached: bool,
    /// Why the cache could not be used, where it could not.
    pub problem: Option<CacheError>,
}

/// The cache could not be used; the program was compiled all the same.
#[derive(Debug, Error)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum CacheError {
    #[error(
        "the folder {} belongs to another user, or others can write to it, and what lies in it is \
         run: remove it, or use another", path.display()
    )]
    Untrusted { path: PathBuf },
    #[error("cannot {action} {}: {source}", path.display())]
    Io { action: &'static str, path: PathBuf, source: io::Error },
    #[error("the plugin cannot write compiled programs down: {0}")]
    Serialize(Error),
}

impl CacheError {
    fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { action, path: path.to_owned(), source }
    }
}

/// A program in the cache.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CachedProgram {
    /// What the program is found by, in hexadecimal; also the name of its file.
    pub key: String,
    /// The name of the program's module; empty where the file is damaged or of another version.
    pub name: String,
    /// The platform that it was compiled for, such as `cpu`.
    pub platform: String,
    /// The size of the file.
    pub bytes: u64,
    /// When it was last compiled or loaded.
    pub used: SystemTime,
}

impl CompileCache {
    /// The cache in `folder`.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The program from the cache, or else compiled as by [`Client::compile`] and kept.
    ///
    /// What is wrong with the cache is no error but told beside the program.
    ///
    /// # Errors
    /// Those of [`Client::compile`], among them what was [kept for later](Error::Deferred).
    pub fn compile(
        &self,
        client: &Client,
        code: Code<'_>,
        options: &CompileOptions,
    ) -> Result<Compilation> {
        // Whatever goes wrong when a file is loaded counts as damage to it, and this would be lost.
        client.check()?;
        let compile = |problem| {
            let executable = client.compile(code, options)?;
            Ok(Compilation { executable, cached: false, problem })
        };
        if !key::is_cacheable(options) {
            return compile(None);
        }
        let encoded = client.encode(options)?;
        let key = self.open().and_then(|()| self.key(client, code, &encoded));
        let key = match key {
            Ok(key) => key,
            Err(problem) => return compile(Some(problem)),
        };
        if let Some(executable) = self.load(client, &key) {
            return Ok(Compilation { executable, cached: true, problem: None });
        }
        let compiled = compile(None)?;
        let problem = self.keep(&key, client, &compiled.executable).err();
        Ok(Compilation { problem, ..compiled })
    }

    /// What the cache holds, last used first; nothing where there is no folder.
    ///
    /// # Errors
    /// If the folder can't be read.
    pub fn programs(&self) -> Result<Vec<CachedProgram>, CacheError> {
        let mut programs: Vec<_> = self.files()?.into_iter().filter_map(describe).collect();
        programs.sort_by_key(|program| std::cmp::Reverse(program.used));
        Ok(programs)
    }

    /// Removes everything that the cache holds, and tells how many programs and bytes that were.
    ///
    /// # Errors
    /// If the folder can't be read, or a file not be removed.
    pub fn clear(&self) -> Result<(usize, u64), CacheError> {
        let (mut count, mut bytes) = (0, 0);
        for file in self.files()? {
            match fs::remove_file(&file.path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(CacheError::io("remove", &file.path)(error));
                }
                _ if Key::is_name(&file.name) => (count, bytes) = (count + 1, bytes + file.bytes),
                _ => {}
            }
        }
        Ok((count, bytes))
    }

    fn key(&self, client: &Client, code: Code<'_>, options: &[u8]) -> Result<Key, CacheError> {
        let path = client.plugin().path();
        let plugin = self.plugin_build(path).map_err(CacheError::io("read", path))?;
        let cpuinfo = Path::new("/proc/cpuinfo");
        let host = fs::read_to_string(cpuinfo).map_err(CacheError::io("read", cpuinfo))?;
        Ok(Key::of(client, &plugin, &host, code, options))
    }

    /// The program of this key. One that is damaged, or that the plugin refuses, is none.
    fn load(&self, client: &Client, key: &Key) -> Option<LoadedExecutable> {
        let name = key.to_string();
        let contents = self.read(&name)?;
        let executable = client.load_serialized(Entry::read(&contents, key)?.contents).ok()?;
        // So that it isn't the next to make room; a folder that can't be written is read all the
        // same.
        let _ = File::options()
            .append(true)
            .open(self.folder.join(name))
            .and_then(|file| file.set_modified(SystemTime::now()));
        Some(executable)
    }

    /// Writes the program down, in one move.
    fn keep(
        &self,
        key: &Key,
        client: &Client,
        executable: &LoadedExecutable,
    ) -> Result<(), CacheError> {
        let serialized = executable.serialize().map_err(CacheError::Serialize)?;
        let header = Header::new(key, executable.name(), client.platform_name());
        self.write(&key.to_string(), &Entry { header, contents: &serialized })
            .map_err(CacheError::io("write to", &self.folder))?;
        self.make_room(LIMIT)
    }

    /// The contents of a file, unless somebody else can have written them.
    fn read(&self, name: &str) -> Option<Vec<u8>> {
        let mut file = File::open(self.folder.join(name)).ok()?;
        if !is_mine(&file.metadata().ok()?).ok()? {
            return None;
        }
        let mut contents = Vec::new();
        file.read_to_end(&mut contents).ok()?;
        Some(contents)
    }

    fn write(&self, name: &str, entry: &Entry<'_>) -> io::Result<()> {
        let mut file = tempfile::Builder::new().prefix(TEMPORARY).tempfile_in(&self.folder)?;
        file.write_all(&entry.to_bytes())?;
        file.persist(self.folder.join(name))?;
        Ok(())
    }

    /// Removes what was used longest ago until no more than `limit` bytes are left.
    fn make_room(&self, limit: u64) -> Result<(), CacheError> {
        let mut files = self.files()?;
        files.sort_by_key(|file| file.used);
        let mut total: u64 = files.iter().map(|file| file.bytes).sum();
        for file in files {
            if total <= limit {
                break;
            }
            // Another process may have removed it.
            if fs::remove_file(&file.path).is_ok() {
                total -= file.bytes;
            }
        }
        Ok(())
    }

    /// Makes the folder, unless there is one that nobody else can have put anything into.
    fn open(&self) -> Result<(), CacheError> {
        match fs::metadata(&self.folder) {
            Ok(folder) if is_mine(&folder)? => Ok(()),
            Ok(_) => Err(CacheError::Untrusted { path: self.folder.clone() }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => self.create(),
            Err(error) => Err(CacheError::io("read", &self.folder)(error)),
        }
    }

    fn create(&self) -> Result<(), CacheError> {
        let parent = self.folder.parent().unwrap_or(Path::new("/"));
        fs::create_dir_all(parent).map_err(CacheError::io("create", parent))?;
        match DirBuilder::new().mode(0o700).create(&self.folder) {
            // Somebody was faster, and it has to be seen who.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => self.open(),
            created => created.map_err(CacheError::io("create", &self.folder)),
        }
    }

    /// The files that are the cache's own, and not what somebody else keeps in the folder.
    fn files(&self) -> Result<Vec<CacheFile>, CacheError> {
        let entries = match fs::read_dir(&self.folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(CacheError::io("read", &self.folder))?,
        };
        let file = |entry: fs::DirEntry| {
            let name = entry.file_name().into_string().ok()?;
            let metadata = entry.metadata().ok().filter(Metadata::is_file)?;
            let path = entry.path();
            let own = [TEMPORARY, PLUGIN].iter().any(|it| name.starts_with(it));
            let own = own || Key::is_name(&name);
            let used = metadata.modified().ok()?;
            own.then_some(CacheFile { path, name, bytes: metadata.len(), used })
        };
        Ok(entries.flatten().filter_map(file).collect())
    }
}

/// Whether a file or folder is this user's, and nobody else can write to it.
fn is_mine(metadata: &Metadata) -> Result<bool, CacheError> {
    let process = Path::new("/proc/self");
    let mine = fs::metadata(process).map_err(CacheError::io("read", process))?.uid();
    Ok(metadata.uid() == mine && metadata.mode() & 0o022 == 0)
}

/// A file of the cache.
struct CacheFile {
    path: PathBuf,
    name: String,
    bytes: u64,
    used: SystemTime,
}

/// What the file says of itself; none for one that is no program.
fn describe(file: CacheFile) -> Option<CachedProgram> {
    if !Key::is_name(&file.name) {
        return None;
    }
    let header = File::open(&file.path).ok().and_then(|mut file| Header::read(&mut file));
    let (name, platform) = header.map(|header| (header.name, header.platform)).unwrap_or_default();
    Some(CachedProgram { key: file.name, name, platform, bytes: file.bytes, used: file.used })
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;
    use std::time::Duration;

    use super::*;
    use crate::support;

    fn cache_with(files: &[(&str, usize)]) -> (tempfile::TempDir, CompileCache) {
        let folder = tempfile::tempdir().unwrap();
        for (age, (name, bytes)) in files.iter().enumerate() {
            let path = folder.path().join(name);
            fs::write(&path, vec![0; *bytes]).unwrap();
            let used = SystemTime::UNIX_EPOCH + Duration::from_secs(age as u64);
            File::options().append(true).open(path).unwrap().set_modified(used).unwrap();
        }
        let cache = CompileCache::new(folder.path());
        (folder, cache)
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<_> =
            entries.map(|it| it.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn what_was_used_longest_ago_makes_room_and_what_is_not_the_cache_s_stays() {
        let [old, newer, newest] = ["c", "b", "a"].map(|digit| digit.repeat(64));
        let files = [(old.as_str(), 100), (".new-x", 100), ("notes.txt", 100), (&newer, 100)];
        let (folder, cache) = cache_with(&[&files[..], &[(&newest, 100)]].concat());
        cache.make_room(400).unwrap();
        assert_eq!(names(folder.path()).len(), 5);
        cache.make_room(250).unwrap();
        assert_eq!(names(folder.path()), [newest.clone(), newer, "notes.txt".to_owned()]);
        cache.make_room(199).unwrap();
        assert_eq!(names(folder.path()), [newest.clone(), "notes.txt".to_owned()]);
        assert_eq!(cache.clear().unwrap(), (1, 100));
        assert_eq!(names(folder.path()), ["notes.txt"]);
    }

    #[test]
    fn a_folder_that_others_can_write_to_is_not_trusted() {
        let (folder, cache) = cache_with(&[]);
        for (mode, trusted) in [(0o700, true), (0o755, true), (0o770, false), (0o702, false)] {
            fs::set_permissions(folder.path(), fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(cache.open().is_ok(), trusted, "{mode:o}");
        }
        let error = cache.open().unwrap_err().to_string();
        assert!(error.contains("others can write to it"), "{error}");
    }

    #[test]
    #[cfg_attr(miri, ignore = "a plugin is foreign code")]
    fn what_was_kept_for_later_is_told_though_the_program_is_in_the_cache() {
        let (_folder, cache) = cache_with(&[]);
        let client = support::client();
        let compile =
            || cache.compile(&client, Code::mlir(support::ADD), &CompileOptions::default());
        compile().unwrap();
        client.record(Err(Error::ArgumentClient { index: 7 }));
        let error = compile().unwrap_err();
        assert!(matches!(error, Error::Deferred { .. }), "{error}");
        assert!(compile().unwrap().cached);
    }

    #[test]
    fn a_file_that_says_nothing_of_itself_is_listed_without_a_name() {
        let key = "0".repeat(64);
        let (_folder, cache) = cache_with(&[(&key, 7), (".new-x", 1)]);
        let programs = cache.programs().unwrap();
        assert_eq!(programs.len(), 1);
        assert_eq!((programs[0].key.as_str(), programs[0].name.as_str()), (key.as_str(), ""));
        assert_eq!(programs[0].bytes, 7);
        assert!(CompileCache::new("/no/such/folder").programs().unwrap().is_empty());
    }
}

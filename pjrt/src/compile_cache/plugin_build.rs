//! Which build of a plugin it is: a hash of its file, kept so that it is taken once.

use std::fs::{self, File, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::{Duration, SystemTime};

use super::entry::{Entry, Header};
use super::key::{Key, hash};
use super::{CompileCache, PLUGIN};
use crate::sha256::{self, Digest};

/// As long as a file system may give a later change the same time.
const TICK: Duration = Duration::from_secs(2);

impl CompileCache {
    /// The hash of the plugin's file. It takes a tenth of a second, so that it is kept under what
    /// the file system says of the file, which changes with its contents.
    pub(super) fn plugin_build(&self, path: &Path) -> io::Result<Digest> {
        if is_replaced(path)? {
            return Err(io::Error::other("it was replaced since it was loaded"));
        }
        let mut file = File::open(path)?;
        let before = file.metadata()?;
        let key = key(&before);
        let name = format!("{PLUGIN}{key}");
        let kept = self.read(&name);
        let kept = kept.as_deref().and_then(|bytes| Entry::read(bytes, &key));
        if let Some(digest) = kept.and_then(|entry| entry.contents.try_into().ok()) {
            return Ok(digest);
        }
        let digest = sha256::of(&mut file)?;
        let after = file.metadata()?;
        if is_settled(&after, SystemTime::now()) && self::key(&after) == key {
            let header = Header::new(&key, "", "");
            // It is taken again where there is no room to keep it.
            let _ = self.write(&name, &Entry { header, contents: &digest });
        }
        Ok(digest)
    }
}

/// Whether the file of this path is no longer the one that was loaded from it, which Linux says
/// where it lists what is loaded.
fn is_replaced(path: &Path) -> io::Result<bool> {
    let gone = format!(" {} (deleted)", path.display());
    Ok(fs::read_to_string("/proc/self/maps")?.lines().any(|line| line.ends_with(&gone)))
}

/// What the file system says of a file that another file, or the same one with other contents, has
/// not in common with it.
fn key(file: &Metadata) -> Key {
    let times = [file.mtime(), file.mtime_nsec(), file.ctime(), file.ctime_nsec()];
    let numbers = [file.dev(), file.ino(), file.len()];
    let times = times.iter().map(|it| it.to_le_bytes().to_vec());
    let numbers = numbers.iter().map(|it| it.to_le_bytes().to_vec());
    Key(hash(&times.chain(numbers).collect::<Vec<_>>()))
}

/// Whether a change from now on has a later time than the last one.
fn is_settled(file: &Metadata, now: SystemTime) -> bool {
    let Ok(changed) = file.ctime().try_into() else { return false };
    let changed = SystemTime::UNIX_EPOCH + Duration::from_secs(changed);
    now.duration_since(changed).is_ok_and(|age| age > TICK)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_file_is_known_by_its_contents() {
        let folder = tempfile::tempdir().unwrap();
        let cache = CompileCache::new(folder.path());
        let path = folder.path().join("plugin.so");
        let build = || sha256::hex(&cache.plugin_build(&path).unwrap());
        fs::write(&path, "abc").unwrap();
        // The examples of FIPS 180-4.
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(build(), abc);
        // It has just been written, and may be once more with the same time.
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        fs::write(&path, "").unwrap();
        assert!(build().starts_with("e3b0c44298fc1c14"));
    }

    #[test]
    fn a_hash_that_was_kept_is_found_and_one_that_is_damaged_is_taken_again() {
        let folder = tempfile::tempdir().unwrap();
        let cache = CompileCache::new(folder.path());
        // A file that has long been there.
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
        let digest = cache.plugin_build(&path).unwrap();
        let metadata = fs::metadata(&path).unwrap();
        let kept = folder.path().join(format!("{PLUGIN}{}", key(&metadata)));
        let header = Header::new(&key(&metadata), "", "");
        let other = Entry { header, contents: &[7; 32] }.to_bytes();
        fs::write(&kept, &other).unwrap();
        let mode = |mode| fs::set_permissions(&kept, fs::Permissions::from_mode(mode)).unwrap();
        mode(0o620);
        assert_eq!(cache.plugin_build(&path).unwrap(), digest, "somebody else can have written it");
        fs::write(&kept, &other).unwrap();
        mode(0o600);
        assert_eq!(cache.plugin_build(&path).unwrap(), [7; 32]);
        fs::write(&kept, &other[..other.len() - 1]).unwrap();
        assert_eq!(cache.plugin_build(&path).unwrap(), digest);
    }

    #[test]
    fn a_file_is_settled_once_a_change_would_show() {
        let file = tempfile::tempfile().unwrap();
        let metadata = file.metadata().unwrap();
        let written = metadata.modified().unwrap();
        assert!(!is_settled(&metadata, written + Duration::from_secs(1)));
        assert!(is_settled(&metadata, written + Duration::from_secs(4)));
        assert!(!is_settled(&metadata, written - Duration::from_secs(10)));
    }

    #[test]
    fn a_file_that_was_written_again_with_its_old_time_is_another() {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), "abc").unwrap();
        let before = fs::metadata(file.path()).unwrap();
        std::thread::sleep(Duration::from_millis(30));
        fs::write(file.path(), "xyz").unwrap();
        let handle = File::options().write(true).open(file.path()).unwrap();
        handle.set_modified(before.modified().unwrap()).unwrap();
        let after = fs::metadata(file.path()).unwrap();
        assert_eq!((before.len(), before.mtime_nsec()), (after.len(), after.mtime_nsec()));
        assert_ne!(key(&before), key(&after));
    }
}

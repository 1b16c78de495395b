//! Files that are written as a whole or not at all.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

/// Puts `contents` in the place of what `path` held, in one move.
pub(crate) fn write(path: &Path, contents: &[u8]) -> io::Result<()> {
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // In a folder of its own the file has the user's usual permissions, which a temporary file
    // hasn't.
    let temporary = tempfile::tempdir_in(folder)?;
    let new = temporary.path().join("new");
    write_through(&new, contents)?;
    fs::rename(&new, path)
}

/// Writes a file and waits until it is on the disk. Nobody else sees the place where it is written.
pub(crate) fn write_through(path: &Path, contents: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(contents)?;
    file.sync_all()
}

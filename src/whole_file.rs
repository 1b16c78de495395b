//! Files that are written as a whole or not at all.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use tempfile::{Builder, NamedTempFile};

/// Puts `contents` in the place of what `path` held, in one move.
pub(crate) fn write(path: &Path, contents: &[u8]) -> io::Result<()> {
    let mut file = beside(path)?;
    file.as_file_mut().write_all(contents)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// Checks that [`write`] could write to `path`, once the folders that it is in are made.
pub(crate) fn check(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    let missing = path.ancestors().skip(1).take_while(|folder| !is_there(folder)).last();
    beside(missing.unwrap_or(path))?.close()
}

fn is_there(folder: &Path) -> bool {
    folder.as_os_str().is_empty() || folder.exists()
}

/// A temporary file in the folder that `path` is in, with the user's usual permissions.
fn beside(path: &Path) -> io::Result<NamedTempFile<File>> {
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // Of a file that `tempfile` makes itself an error would tell the name, which nobody asked for.
    Builder::new().make_in(folder, |path| File::create_new(path))
}

/// Writes a file and waits until it is on the disk. Nobody else sees the place where it is written.
pub(crate) fn write_through(path: &Path, contents: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(contents)?;
    file.sync_all()
}

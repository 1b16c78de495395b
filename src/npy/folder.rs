//! A folder of arrays, written as a whole or not at all.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use pjrt::HostArray;
use tempfile::TempDir;

use crate::error::{Error, Result};

/// A folder that arrays are to be written to. It is made at once, so that one that can't be is found
/// out before the arrays are computed, and goes again if nothing comes of it.
#[derive(Debug)]
pub struct NpyFolder {
    path: PathBuf,
    /// Whether the folder was made here.
    new: bool,
    /// Where files lie until all are there.
    temporary: Option<TempDir>,
}

impl NpyFolder {
    /// Makes the folder, unless it is there, and those above it.
    ///
    /// # Errors
    /// If it can't be made or written to.
    pub fn create(path: &Path) -> Result<Self> {
        let new = !path.exists();
        fs::create_dir_all(path).map_err(Error::io("create", path))?;
        let mut folder = Self { path: path.to_owned(), new, temporary: None };
        folder.temporary = Some(TempDir::new_in(path).map_err(Error::io("write to", path))?);
        Ok(folder)
    }

    /// Writes the arrays as `0.npy`, `1.npy` and so on, over files of these names. Returns their
    /// paths.
    ///
    /// # Errors
    /// If they can't be written; then none of them is there.
    pub fn write(mut self, arrays: &[HostArray]) -> Result<Vec<PathBuf>> {
        let temporary = self.temporary.as_ref().map_or(&*self.path, TempDir::path);
        let places: Vec<_> = (0..arrays.len())
            .map(|index| format!("{index}.npy"))
            .map(|name| (temporary.join(&name), self.path.join(name)))
            .collect();
        // Found out before the first file is in its place.
        if let Some((_, path)) = places.iter().find(|(_, path)| path.is_dir()) {
            return Err(Error::io("write", path)(io::ErrorKind::IsADirectory.into()));
        }
        for (array, (new, path)) in arrays.iter().zip(&places) {
            fs::write(new, super::encode(array)).map_err(Error::io("write", path))?;
        }
        for (new, path) in &places {
            fs::rename(new, path).map_err(Error::io("write", path))?;
        }
        self.new = false;
        Ok(places.into_iter().map(|(_, path)| path).collect())
    }
}

impl Drop for NpyFolder {
    fn drop(&mut self) {
        self.temporary = None;
        if self.new {
            // Only an empty folder goes.
            let _ = fs::remove_dir(&self.path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_nothing_was_written_to_goes_and_one_that_was_there_stays() {
        let work = tempfile::tempdir().unwrap();
        let path = work.path().join("new");
        drop(NpyFolder::create(&path).unwrap());
        assert!(!path.exists());
        drop(NpyFolder::create(work.path()).unwrap());
        assert_eq!(fs::read_dir(work.path()).unwrap().count(), 0);
    }

    #[test]
    fn arrays_that_cannot_all_be_written_leave_none() {
        let work = tempfile::tempdir().unwrap();
        let arrays = [HostArray::scalar(1.0f32), HostArray::scalar(2.0f32)];
        let folder = NpyFolder::create(work.path()).unwrap();
        let temporary = folder.temporary.as_ref().unwrap().path().to_owned();
        fs::create_dir(temporary.join("1.npy")).unwrap();
        assert!(folder.write(&arrays).is_err());
        assert_eq!(fs::read_dir(work.path()).unwrap().count(), 0);
        NpyFolder::create(work.path()).unwrap().write(&arrays).unwrap();
        assert_eq!(fs::read_dir(work.path()).unwrap().count(), 2);
    }
}

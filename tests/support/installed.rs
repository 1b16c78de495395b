//! Programs of others that tests look at ours with, installed once beside the plugins.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use pjrt::install::Environment;

/// The folder called `name` in which `install` has put something, now or in an earlier test.
pub(crate) fn once(name: &str, install: impl FnOnce(&Path)) -> PathBuf {
    let cache = Environment::from_process().cache.expect("a cache folder");
    let folder = cache.join("tests");
    let path = folder.join(name);
    if !path.exists() {
        fs::create_dir_all(&folder).unwrap();
        let temporary = tempfile::tempdir_in(&folder).unwrap();
        install(temporary.path());
        // Another test may have been faster; what it installed is the same.
        if fs::rename(temporary.path(), &path).is_err() {
            assert!(path.exists(), "{} could not be made", path.display());
        }
    }
    path
}

/// Runs a command that must succeed, and returns what it says.
pub(crate) fn said(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {stderr}");
    String::from_utf8(output.stdout).unwrap()
}

/// Installs packages for Python into a folder, without what they depend on.
pub(crate) fn pip(folder: &Path, packages: &[&str]) {
    let mut command = Command::new("python3");
    command.args(["-m", "pip", "install", "--quiet", "--no-deps", "--no-compile", "--target"]);
    said(command.arg(folder).args(packages));
}

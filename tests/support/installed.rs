//! Programs of others that tests look at ours with, installed once beside the plugins.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use pjrt::install::Environment;

/// The folder called `name` in which `install` has put something, now or in an earlier test.
pub(crate) fn once(name: &str, install: impl FnOnce(&Path)) -> PathBuf {
    let cache = Environment::from_process().cache.expect("a cache folder");
    let folder = cache.join("tests");
    let path = folder.join(name);
    fs::create_dir_all(&folder).unwrap();
    // Other tests, here and in other processes, wait for one to install it.
    let lock = File::create(folder.join(format!("{name}.lock"))).unwrap();
    lock.lock().unwrap();
    if !path.exists() {
        let temporary = tempfile::tempdir_in(&folder).unwrap();
        install(temporary.path());
        fs::rename(temporary.path(), &path).unwrap();
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

//! The machine's own Python: downloading a wheel with `pip`, listing the folders of packages.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use thiserror::Error;

use super::{Environment, Wheel};

/// `pip` could not fetch a wheel.
#[derive(Debug, Error)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum PipError {
    #[error(
        "{python:?} does not start: {source}; install Python 3 with pip, or download a plugin by \
         other means and set HETXL_PLUGIN to its path"
    )]
    NoPython { python: PathBuf, source: io::Error },
    #[error(
        "{python:?} has no pip; install it (`python3 -m ensurepip`, or the package python3-pip), \
         or download a plugin by other means and set HETXL_PLUGIN to its path"
    )]
    NoPip { python: PathBuf },
    #[error("pip could not download {package} {version}; its last lines were:\n{output}")]
    Download { package: &'static str, version: &'static str, output: String },
}

impl Environment {
    /// Downloads `wheel` into the empty folder `folder` and gives the file's path.
    pub(super) fn download(&self, wheel: &Wheel, folder: &Path) -> Result<PathBuf, PipError> {
        let python = &self.python;
        let output = Command::new(python)
            .args(["-m", "pip", "download", "--no-deps", "--quiet", "--disable-pip-version-check"])
            .arg("--dest")
            .arg(folder)
            .args(wheel.pip_arguments())
            // With `-m`, Python imports from the working folder first.
            .current_dir(folder)
            .output()
            .map_err(|source| PipError::NoPython { python: python.clone(), source })?;
        let failed = |output: String| PipError::Download {
            package: wheel.package,
            version: wheel.version,
            output,
        };
        if !output.status.success() {
            let text = last_lines(&output, 8);
            if text.contains("No module named pip") {
                return Err(PipError::NoPip { python: python.clone() });
            }
            return Err(failed(text));
        }
        let is_wheel = |path: &PathBuf| path.extension().is_some_and(|it| it == "whl");
        std::fs::read_dir(folder)
            .and_then(|entries| {
                entries.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()
            })
            .map_err(|error| failed(error.to_string()))?
            .into_iter()
            .find(is_wheel)
            .ok_or_else(|| failed(format!("no wheel in {folder:?} after a run without an error")))
    }

    /// What `pip` says of itself.
    ///
    /// # Errors
    /// If there is no Python, or it has no pip.
    pub fn pip_version(&self) -> Result<String, PipError> {
        let python = &self.python;
        let output = Command::new(python)
            .args(["-m", "pip", "--version"])
            .output()
            .map_err(|source| PipError::NoPython { python: python.clone(), source })?;
        if !output.status.success() {
            return Err(PipError::NoPip { python: python.clone() });
        }
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    /// The folders that Python imports packages from; none where there is no Python.
    pub(super) fn package_folders(&self) -> Vec<PathBuf> {
        Command::new(&self.python)
            .args(["-c", "import sys\nfor path in sys.path:\n    if path: print(path)"])
            .output()
            .ok()
            .filter(|output| output.status.success())
            .map(|output| {
                String::from_utf8_lossy(&output.stdout).lines().map(PathBuf::from).collect()
            })
            .unwrap_or_default()
    }
}

fn last_lines(output: &Output, count: usize) -> String {
    let text = String::from_utf8_lossy(&output.stderr);
    let lines = text.lines().filter(|line| !line.trim().is_empty()).collect::<Vec<_>>();
    let tail = &lines[lines.len().saturating_sub(count)..];
    if tail.is_empty() { format!("(none; {})", output.status) } else { tail.join("\n") }
}

//! Finds plugins on the machine and installs pinned ones with the machine's own `pip`.
//!
//! A plugin is looked for in this order, and the first place that has it wins:
//!
//! 1. the path that the caller gives, which for `hetxl` comes from the config, or else the
//!    variable `HETXL_PLUGIN`; either stands for every platform;
//! 2. `PJRT_NAMES_AND_LIBRARY_PATHS`, as JAX reads it: `name:path,name:path`;
//! 3. the plugins that [`Environment::install`] put in the cache folder: `HETXL_CACHE`, or else
//!    `hetxl` in the user's own cache folder;
//! 4. the packages of the `python3` on the search path.
//!
//! What the plugin `cuda12` compiles with, the [`CUDA_TOOLKIT`], is looked for in the folder that
//! `CUDA_HOME` names, then in the third and the fourth of these places.
//!
//! ```no_run
//! use pjrt::install::Environment;
//!
//! let environment = Environment::from_process();
//! let found = environment.find_or_install("cpu", None, &mut |step| eprintln!("{step}"))?;
//! println!("{} ({})", found.path.display(), found.source);
//! # Ok::<(), pjrt::install::InstallError>(())
//! ```

mod cache;
mod catalog;
mod find;
mod pip;

use std::ffi::OsString;
use std::path::PathBuf;

pub use cache::{InstallError, Progress};
pub use catalog::{CUDA_TOOLKIT, PackedFile, WHEELS, Wheel};
pub use find::{FindError, Found, Source};
pub use pip::PipError;

/// What the search for plugins reads from the process's surroundings.
#[derive(Clone, Debug)]
pub struct Environment {
    /// `HETXL_PLUGIN`: a library to be used for every platform.
    pub plugin: Option<OsString>,
    /// `PJRT_NAMES_AND_LIBRARY_PATHS`: libraries by platform.
    pub names_and_library_paths: Option<OsString>,
    /// `CUDA_HOME`: NVIDIA's toolkit as the machine has it.
    pub cuda_home: Option<PathBuf>,
    /// The folder for what can be made again; plugins lie in `plugins` below it. `None` where
    /// the user has no cache folder.
    pub cache: Option<PathBuf>,
    /// The Python interpreter whose packages are searched and whose `pip` downloads.
    pub python: PathBuf,
}

impl Environment {
    /// The surroundings of this process. A variable that is set but empty counts as not set.
    pub fn from_process() -> Self {
        let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty());
        Self {
            plugin: variable("HETXL_PLUGIN"),
            names_and_library_paths: variable("PJRT_NAMES_AND_LIBRARY_PATHS"),
            cuda_home: variable("CUDA_HOME").map(PathBuf::from),
            cache: variable("HETXL_CACHE")
                .map(PathBuf::from)
                .or_else(|| Some(user_cache(variable("XDG_CACHE_HOME"))?.join("hetxl"))),
            python: PathBuf::from("python3"),
        }
    }
}

/// The user's cache folder, as the XDG base directory specification has it: a relative path in
/// the variable counts for nothing.
fn user_cache(xdg_cache_home: Option<OsString>) -> Option<PathBuf> {
    xdg_cache_home
        .map(PathBuf::from)
        .filter(|path| path.is_absolute())
        .or_else(|| Some(std::env::home_dir()?.join(".cache")))
}

#[cfg(test)]
pub(crate) mod tests {
    use std::fs;
    use std::io::ErrorKind;
    use std::os::unix::fs::PermissionsExt;
    use std::path::Path;
    use std::process::Command;

    use super::*;

    /// A program in `folder` that runs `line` in a shell, to stand in the place of Python.
    pub(crate) fn script(folder: &Path, line: &str) -> PathBuf {
        let path = folder.join("python3");
        fs::write(&path, format!("#!/bin/sh\n{line}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        // A process that another test started while the file was open for writing holds it open
        // until it runs its own program, and a file that is open for writing doesn't run.
        let busy = |error: std::io::Error| error.kind() == ErrorKind::ExecutableFileBusy;
        while Command::new(&path).args(["-c", ""]).output().is_err_and(busy) {
            std::thread::yield_now();
        }
        path
    }

    #[test]
    fn the_cache_folder_is_where_the_user_s_variable_puts_it() {
        assert_eq!(user_cache(Some("/caches".into())), Some("/caches".into()));
        let home = std::env::home_dir().map(|home| home.join(".cache"));
        assert_eq!(user_cache(Some("relative".into())), home);
        assert_eq!(user_cache(None), home);
    }
}

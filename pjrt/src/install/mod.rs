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
pub use catalog::{WHEELS, Wheel};
pub use find::{FindError, Found, Source};
pub use pip::PipError;

/// What the search for plugins reads from the process's surroundings.
#[derive(Clone, Debug)]
pub struct Environment {
    /// `HETXL_PLUGIN`: a library to be used for every platform.
    pub plugin: Option<OsString>,
    /// `PJRT_NAMES_AND_LIBRARY_PATHS`: libraries by platform.
    pub names_and_library_paths: Option<OsString>,
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
            cache: variable("HETXL_CACHE")
                .map(PathBuf::from)
                .or_else(|| Some(dirs::cache_dir()?.join("hetxl"))),
            python: PathBuf::from("python3"),
        }
    }
}

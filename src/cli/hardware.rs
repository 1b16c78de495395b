//! What this machine has of the hardware and drivers that platforms need, told without touching a
//! device.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;

/// Something that is not here, and the command that mends it, where one does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Missing {
    pub(crate) what: String,
    pub(crate) remedy: Option<String>,
}

impl Missing {
    pub(crate) fn new(what: impl Into<String>, remedy: Option<String>) -> Self {
        Self { what: what.into(), remedy }
    }
}

/// What was found of a platform's hardware, and what was not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Hardware {
    /// Whether there are devices, usable or not.
    pub(crate) present: bool,
    /// What was found, in words.
    pub(crate) found: Vec<String>,
    #[serde(skip)]
    pub(crate) missing: Vec<Missing>,
}

/// Accelerators and drivers of a machine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Machine {
    tpu_chips: usize,
    tpu_files: Vec<PathBuf>,
    gpus: usize,
    gpu_files: Vec<PathBuf>,
    /// The version of NVIDIA's driver that is loaded, such as `570.86.15`.
    driver: Option<String>,
    libcuda: Option<PathBuf>,
    system: System,
}

/// Where a distribution's packages come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum System {
    Ubuntu,
    Debian,
    Fedora,
    #[default]
    Other,
}

impl Machine {
    /// This machine.
    pub(crate) fn here() -> Self {
        let chips = (pjrt::tpu_chips().len(), pjrt::nvidia_gpus().len());
        Self::below(Path::new("/"), chips, env::var_os("LD_LIBRARY_PATH").as_deref())
    }

    fn below(root: &Path, (tpus, gpus): (usize, usize), library_path: Option<&OsStr>) -> Self {
        let version = fs::read_to_string(root.join("proc/driver/nvidia/version"));
        let libcuda = libcuda(root, library_path);
        let gpu_files = numbered(&root.join("dev"), "nvidia");
        // Windows shows its GPUs to a Linux of its own by that library alone.
        let windows = libcuda.as_ref().is_some_and(|it| it.starts_with(root.join("usr/lib/wsl")));
        Self {
            tpu_chips: tpus,
            tpu_files: [numbered(&root.join("dev"), "accel"), numbered(&root.join("dev/vfio"), "")]
                .concat(),
            gpus: gpus.max(gpu_files.len()).max(usize::from(windows)),
            gpu_files,
            driver: version.ok().and_then(|text| driver_version(&text)),
            libcuda,
            system: System::of(
                &fs::read_to_string(root.join("etc/os-release")).unwrap_or_default(),
            ),
        }
    }

    pub(crate) fn system(&self) -> System {
        self.system
    }

    /// What the platform `name` has and lacks here. A CPU is everywhere, and of a platform that isn't
    /// known nothing is.
    pub(crate) fn hardware(&self, name: &str) -> Hardware {
        match name {
            "tpu" => self.tpu(),
            "cuda12" => self.cuda(525),
            "cuda13" => self.cuda(580),
            _ => Hardware { present: true, ..Hardware::default() },
        }
    }

    fn tpu(&self) -> Hardware {
        if self.tpu_chips == 0 {
            return absent("there is no TPU on this machine's PCI bus");
        }
        let mut found = vec![format!("TPU chips: {}", self.tpu_chips)];
        found.extend(self.tpu_files.iter().map(|path| path.display().to_string()));
        let mut missing = Vec::new();
        if self.tpu_files.is_empty() {
            let what = "the device files of the TPU are not here, neither /dev/accel0 nor \
                        /dev/vfio/0: a container has to be started with --privileged";
            missing.push(Missing::new(what, None));
        }
        Hardware { present: true, found, missing }
    }

    /// A GPU for a plugin that wants this major version of NVIDIA's driver, or a later one.
    fn cuda(&self, wanted: u32) -> Hardware {
        if self.gpus == 0 {
            return absent("there is no NVIDIA GPU on this machine's PCI bus");
        }
        let mut found = vec![format!("NVIDIA GPUs: {}", self.gpus)];
        found.extend(self.driver.iter().map(|version| format!("NVIDIA's driver {version}")));
        found.extend(self.libcuda.iter().map(|path| path.display().to_string()));
        let mut missing = Vec::new();
        let mut lack = |what: String, remedy: Option<String>| {
            missing.push(Missing::new(what, remedy));
        };
        let major = self.driver.as_deref().and_then(|version| version.split('.').next());
        match major.and_then(|major| major.parse::<u32>().ok()) {
            Some(major) if major < wanted => {
                let what = format!("NVIDIA's driver has to be {wanted} or later");
                lack(what, self.system.install_driver());
            }
            None if self.libcuda.is_none() => {
                let what = format!("NVIDIA's driver, {wanted} or later, is not installed");
                lack(what, self.system.install_driver());
            }
            Some(_) if self.gpu_files.is_empty() => {
                let what = "the device file /dev/nvidia0 is not here; a container has to be \
                            started with --gpus all";
                lack(what.to_owned(), Some("sudo nvidia-modprobe -u -c=0".to_owned()));
            }
            Some(_) if self.libcuda.is_none() => {
                let what = "the driver's library libcuda.so.1 is not here; a container has to be \
                            started with --gpus all";
                lack(what.to_owned(), None);
            }
            _ => {}
        }
        Hardware { present: true, found, missing }
    }
}

fn absent(what: &str) -> Hardware {
    Hardware { missing: vec![Missing::new(what, None)], ..Hardware::default() }
}

impl System {
    /// Reads `/etc/os-release`.
    fn of(os_release: &str) -> Self {
        let value = |name: &str| {
            let line = os_release.lines().find_map(|line| line.strip_prefix(name));
            line.unwrap_or_default().trim_matches('"').to_owned()
        };
        let ids = format!("{} {}", value("ID="), value("ID_LIKE="));
        let is = |names: &[&str]| ids.split_whitespace().any(|id| names.contains(&id));
        match () {
            () if is(&["ubuntu"]) => Self::Ubuntu,
            () if is(&["debian"]) => Self::Debian,
            () if is(&["fedora", "rhel", "centos"]) => Self::Fedora,
            () => Self::Other,
        }
    }

    /// The command that installs a package, by its names with Debian and with Fedora.
    pub(crate) fn install(self, debian: &str, fedora: &str) -> Option<String> {
        match self {
            Self::Ubuntu | Self::Debian => Some(format!("sudo apt-get install {debian}")),
            Self::Fedora => Some(format!("sudo dnf install {fedora}")),
            Self::Other => None,
        }
    }

    /// Others have the driver in a part of their packages that is not set up unasked.
    fn install_driver(self) -> Option<String> {
        (self == Self::Ubuntu).then(|| "sudo ubuntu-drivers install".to_owned())
    }
}

/// The files of a folder whose names are `prefix` and a number.
fn numbered(folder: &Path, prefix: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let is_numbered = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let number = name.strip_prefix(prefix).unwrap_or_default();
        !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
    };
    let mut files: Vec<_> = entries.map(|entry| entry.path()).filter(is_numbered).collect();
    files.sort();
    files
}

/// The version in `/proc/driver/nvidia/version`: the first word that begins with a number and has a
/// dot.
fn driver_version(text: &str) -> Option<String> {
    let line = text.lines().find(|line| line.starts_with("NVRM version:"))?;
    let is_version =
        |word: &&str| word.starts_with(|c: char| c.is_ascii_digit()) && word.contains('.');
    line.split_whitespace().find(is_version).map(str::to_owned)
}

/// The driver's library, where the loader would find it.
fn libcuda(root: &Path, library_path: Option<&OsStr>) -> Option<PathBuf> {
    const NAME: &str = "libcuda.so.1";
    let set: Vec<_> = library_path.iter().flat_map(env::split_paths).collect();
    // The loader's own list has the path of every library as text that ends with a zero.
    let list = fs::read(root.join("etc/ld.so.cache")).unwrap_or_default();
    let listed = list.split(|&byte| byte == 0).filter_map(|text| str::from_utf8(text).ok());
    let listed = listed.filter(|text| text.starts_with('/') && text.ends_with(NAME));
    let listed = listed.map(|text| root.join(text.trim_start_matches('/')));
    let usual =
        ["lib/x86_64-linux-gnu", "usr/lib/x86_64-linux-gnu", "usr/lib64", "usr/lib/wsl/lib"];
    set.into_iter()
        .map(|folder| folder.join(NAME))
        .chain(listed)
        .chain(usual.map(|folder| root.join(folder).join(NAME)))
        .find(|path| path.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A machine with the files given.
    fn machine(chips: (usize, usize), files: &[(&str, &str)]) -> Machine {
        let root = tempfile::tempdir().unwrap();
        for (path, contents) in files {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, contents).unwrap();
        }
        Machine::below(root.path(), chips, None)
    }

    fn missing(machine: &Machine, platform: &str) -> Vec<(String, Option<String>)> {
        let missing = machine.hardware(platform).missing;
        missing.into_iter().map(|it| (it.what, it.remedy)).collect()
    }

    // As NVIDIA's driver writes it.
    const VERSION: &str = "NVRM version: NVIDIA UNIX x86_64 Kernel Module  570.86.15  Fri Jan 24 2025\n\
                           GCC version:  gcc version 12.2.0\n";
    const OPEN: &str =
        "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  580.65.06  Release Build\n";
    const LIBRARY: (&str, &str) = ("usr/lib/x86_64-linux-gnu/libcuda.so.1", "");

    #[test]
    fn a_machine_without_accelerators_lacks_nothing_that_a_command_could_mend() {
        let bare = machine((0, 0), &[("etc/os-release", "ID=debian\n")]);
        for (platform, what) in [
            ("tpu", "there is no TPU on this machine's PCI bus"),
            ("cuda12", "there is no NVIDIA GPU on this machine's PCI bus"),
            ("cuda13", "there is no NVIDIA GPU on this machine's PCI bus"),
        ] {
            assert_eq!(missing(&bare, platform), [(what.to_owned(), None)]);
            assert!(!bare.hardware(platform).present);
        }
        assert!(bare.hardware("cpu").present && missing(&bare, "cpu").is_empty());
    }

    #[test]
    fn a_gpu_without_a_driver_is_told_how_to_get_one() {
        for (release, remedy) in [
            ("ID=debian\n", None),
            ("NAME=\"Ubuntu\"\nID=ubuntu\nID_LIKE=debian\n", Some("sudo ubuntu-drivers install")),
            ("ID=\"pop\"\nID_LIKE=\"ubuntu debian\"\n", Some("sudo ubuntu-drivers install")),
            ("ID=gentoo\n", None),
        ] {
            let bare = machine((0, 1), &[("etc/os-release", release)]);
            let what = "NVIDIA's driver, 525 or later, is not installed".to_owned();
            assert_eq!(missing(&bare, "cuda12"), [(what, remedy.map(str::to_owned))], "{release}");
        }
    }

    #[test]
    fn a_driver_is_good_for_one_version_of_cuda_and_may_be_too_old_for_another() {
        let files = [("proc/driver/nvidia/version", VERSION), ("dev/nvidia0", ""), LIBRARY];
        let older = machine((0, 1), &files);
        assert!(missing(&older, "cuda12").is_empty());
        assert_eq!(missing(&older, "cuda13")[0].0, "NVIDIA's driver has to be 580 or later");
        assert_eq!(
            older.hardware("cuda12").found[..2],
            ["NVIDIA GPUs: 1", "NVIDIA's driver 570.86.15"]
        );
        let newer = machine((0, 1), &[("proc/driver/nvidia/version", OPEN), files[1], LIBRARY]);
        assert!(missing(&newer, "cuda13").is_empty());
    }

    #[test]
    fn what_a_container_was_not_given_is_named() {
        let driver = ("proc/driver/nvidia/version", VERSION);
        let file = machine((0, 1), &[driver, LIBRARY]);
        assert!(
            missing(&file, "cuda12")[0].0.starts_with("the device file /dev/nvidia0 is not here")
        );
        let library = machine((0, 1), &[driver, ("dev/nvidia0", ""), ("dev/nvidiactl", "")]);
        assert!(missing(&library, "cuda12")[0].0.contains("library libcuda.so.1 is not here"));
        let tpu = machine((4, 0), &[("dev/vfio/vfio", "")]);
        assert!(missing(&tpu, "tpu")[0].0.contains("neither /dev/accel0 nor /dev/vfio/0"));
        let tpu = machine((4, 0), &[("dev/vfio/vfio", ""), ("dev/vfio/0", "")]);
        assert!(missing(&tpu, "tpu").is_empty());
        assert_eq!(tpu.hardware("tpu").found.len(), 2);
    }

    #[test]
    fn the_driver_s_library_is_where_the_loader_looks() {
        let cache = "glibc-ld.so.cache1.1\0\x07/opt/cuda/libcuda.so.1\0/opt/nvidia/libcuda.so.1\0";
        let files = [("etc/ld.so.cache", cache), ("opt/nvidia/libcuda.so.1", "")];
        assert!(machine((0, 1), &files).libcuda.unwrap().ends_with("opt/nvidia/libcuda.so.1"));
        let windows = machine((0, 0), &[("usr/lib/wsl/lib/libcuda.so.1", "")]);
        assert!(windows.hardware("cuda12").present && missing(&windows, "cuda12").is_empty());
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("libcuda.so.1"), "").unwrap();
        let none = Path::new("/no/such/root");
        let set = Machine::below(none, (0, 1), Some(folder.path().as_os_str())).libcuda.unwrap();
        assert_eq!(set.parent(), Some(folder.path()));
    }
}

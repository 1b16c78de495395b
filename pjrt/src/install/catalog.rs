//! What can be installed: which wheel holds it, and what that must hash to.

use std::path::{Path, PathBuf};

/// A plugin inside a wheel of the Python package index, or what one compiles with, pinned by
/// version and hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Wheel {
    /// The name it is installed by, such as `cpu`.
    pub name: &'static str,
    /// What it is, in a line.
    pub about: &'static str,
    /// The package's name on the index.
    pub package: &'static str,
    /// The package's version.
    pub version: &'static str,
    /// The licence it comes under.
    pub license: &'static str,
    /// Which of a version's wheels it is, as the end of the wheel's file name tells it: Python,
    /// ABI, platform.
    pub tags: (&'static str, &'static str, &'static str),
    /// The SHA-256 of the wheel, in lower-case hexadecimal.
    pub sha256: &'static str,
    /// The size of the wheel in bytes.
    pub bytes: u64,
    /// The folder inside the wheel, and so below Python's `site-packages`, that holds the files.
    pub folder: &'static str,
    /// The files that are unpacked: a plugin's library alone.
    pub files: &'static [PackedFile],
    /// The name that JAX gives the platform in `PJRT_NAMES_AND_LIBRARY_PATHS`; none for what is no
    /// plugin.
    pub jax_name: Option<&'static str>,
}

/// A file inside a wheel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PackedFile {
    /// Its path below the wheel's [folder](Wheel::folder).
    pub path: &'static str,
    /// Its size in bytes when unpacked.
    pub bytes: u64,
}

/// Every plugin that can be installed, for Linux on x86-64.
pub const WHEELS: &[Wheel] = &[
    Wheel {
        name: "cpu",
        about: "XLA for CPU, PJRT interface 0.115",
        package: "lammps-jax-pjrt-cpu",
        version: "0.11.2",
        license: "Apache-2.0",
        tags: ("py3", "none", "manylinux_2_27_x86_64"),
        sha256: "1319390d948b39f69f7dade496b7c385149d9ca6097a6b62114da113216d9ad1",
        bytes: 62_711_338,
        folder: "lammps_jax_pjrt_cpu",
        files: &[PackedFile { path: "pjrt_c_api_cpu_plugin.so", bytes: 201_600_336 }],
        jax_name: Some("cpu"),
    },
    Wheel {
        name: "cpu-zml",
        about: "XLA for CPU as the ZML project builds it, the older PJRT interface 0.106",
        package: "fastatomstruct-xla-cpu",
        version: "2026.6.23",
        license: "Apache-2.0",
        tags: ("py3", "none", "manylinux_2_27_x86_64"),
        sha256: "88b1c430b341b4bea40a37420311c9c75db6e22b46d2ff95b6986577bee6afe9",
        bytes: 63_200_622,
        folder: "fastatomstruct_xla_cpu",
        files: &[PackedFile { path: "libpjrt_cpu.so", bytes: 273_768_800 }],
        jax_name: Some("cpu-zml"),
    },
    Wheel {
        name: "cpu-openxla",
        about: "XLA for CPU as OpenXLA built it in 2025, PJRT interface 0.81, the oldest that works",
        package: "xla-cpu-pjrt",
        version: "0.0.1",
        license: "Apache-2.0, as XLA itself; the package states none",
        tags: ("py3", "none", "manylinux_2_27_x86_64"),
        sha256: "55837b6b7b47daa717f2d9a5a03563ea0ceaa338d06a81a1e2d3f060d960decc",
        bytes: 63_461_052,
        folder: "xla_plugins/xla_cpu_pjrt",
        files: &[PackedFile { path: "xla_cpu_pjrt.so", bytes: 259_284_552 }],
        jax_name: Some("cpu-openxla"),
    },
    Wheel {
        name: "tpu",
        about: "XLA for TPU v2 and later, PJRT interface 0.117",
        package: "libtpu",
        version: "0.0.52",
        license: "Google Cloud Platform Terms of Service",
        tags: ("cp311", "cp311", "manylinux_2_31_x86_64"),
        sha256: "f5e2e596eaea9357fbb5a6755a7a9007c6ab75bfde4a55191b03eff402971140",
        bytes: 137_064_406,
        folder: "libtpu",
        files: &[PackedFile { path: "libtpu.so", bytes: 467_479_448 }],
        jax_name: Some("tpu"),
    },
    Wheel {
        name: "cuda12",
        about: "XLA for NVIDIA GPUs with CUDA 12, PJRT interface 0.116",
        package: "jax-cuda12-pjrt",
        version: "0.12.0.1",
        license: "Apache-2.0",
        tags: ("py3", "none", "manylinux_2_27_x86_64"),
        sha256: "5ec28e06198d094031c37590b4ea753ae8cde4879ab4b60baf40f0dffb673286",
        bytes: 191_846_358,
        folder: "jax_plugins/xla_cuda12",
        files: &[PackedFile { path: "xla_cuda_plugin.so", bytes: 486_596_368 }],
        jax_name: Some("cuda"),
    },
    Wheel {
        name: "cuda13",
        about: "XLA for NVIDIA GPUs with CUDA 13, PJRT interface 0.116",
        package: "jax-cuda13-pjrt",
        version: "0.12.0.1",
        license: "Apache-2.0",
        tags: ("py3", "none", "manylinux_2_27_x86_64"),
        sha256: "5899bb6177eda86ea532afb9a26794f2bdd04966f6a01f9028266b16c2b6cf90",
        bytes: 134_922_808,
        folder: "jax_plugins/xla_cuda13",
        files: &[PackedFile { path: "xla_cuda_plugin.so", bytes: 395_967_648 }],
        jax_name: Some("cuda"),
    },
];

/// What the plugin `cuda12` compiles programs with and doesn't bring: NVIDIA's assembler and its
/// library of device functions.
/// [`Environment::add_cuda_toolkit`](super::Environment::add_cuda_toolkit) tells a compilation where
/// they lie.
pub const CUDA_TOOLKIT: &Wheel = &Wheel {
    name: "cuda12-nvcc",
    about: "NVIDIA's assembler of CUDA 12.9, which cuda12 compiles programs with",
    package: "nvidia-cuda-nvcc-cu12",
    version: "12.9.86",
    license: "NVIDIA's licence of the CUDA toolkit",
    tags: ("py3", "none", "manylinux2010_x86_64"),
    sha256: "5d6a0d32fdc7ea39917c20065614ae93add6f577d840233237ff08e9a38f58f0",
    bytes: 40_546_229,
    folder: "nvidia/cuda_nvcc",
    files: &[
        PackedFile { path: "bin/ptxas", bytes: 34_931_056 },
        PackedFile { path: "nvvm/libdevice/libdevice.10.bc", bytes: 486_168 },
    ],
    jax_name: None,
};

impl Wheel {
    /// What is installed by `name`: a plugin, or the [`CUDA_TOOLKIT`].
    pub fn named(name: &str) -> Option<&'static Self> {
        WHEELS.iter().chain([CUDA_TOOLKIT]).find(|wheel| wheel.name == name)
    }

    /// Whether this machine is one that there are wheels for.
    pub fn run_here() -> bool {
        (std::env::consts::OS, std::env::consts::ARCH) == ("linux", "x86_64")
    }

    /// The arguments that make `pip download` choose this very wheel on any version of Python.
    pub(crate) fn pip_arguments(&self) -> Vec<String> {
        let (python, abi, platform) = self.tags;
        // Pip wants a full version to check `Requires-Python` against; a `py3` wheel has no
        // version of its own, so it gets the oldest that these packages support.
        let (implementation, version) = match python.strip_prefix("cp3") {
            Some(minor) => ("cp", format!("3.{minor}")),
            None => ("py", "3.11".to_owned()),
        };
        vec![
            "--only-binary=:all:".to_owned(),
            format!("--implementation={implementation}"),
            format!("--python-version={version}"),
            format!("--abi={abi}"),
            format!("--platform={platform}"),
            format!("{}=={}", self.package, self.version),
        ]
    }

    /// What is used of an installation in `folder`: the file, or the folder if there are several.
    pub(crate) fn path_in(&self, folder: &Path) -> PathBuf {
        match self.files {
            [file] => folder.join(file.path),
            _ => folder.to_owned(),
        }
    }

    /// The size of all files together when unpacked, in bytes.
    pub(crate) fn unpacked_bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }
}

/// The names of every plugin that can be installed, for messages.
pub(crate) fn names() -> String {
    WHEELS.iter().map(|wheel| wheel.name).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wheel_for_one_python_is_asked_for_by_that_python() {
        let arguments = Wheel::named("tpu").unwrap().pip_arguments().join(" ");
        assert_eq!(
            arguments,
            "--only-binary=:all: --implementation=cp --python-version=3.11 --abi=cp311 \
             --platform=manylinux_2_31_x86_64 libtpu==0.0.52"
        );
    }

    #[test]
    fn every_plugin_is_pinned_by_a_whole_hash_and_known_sizes() {
        for wheel in WHEELS {
            assert_eq!(wheel.sha256.len(), 64, "{}", wheel.name);
            assert!(wheel.bytes > 0 && wheel.unpacked_bytes() > wheel.bytes, "{}", wheel.name);
        }
    }

    #[test]
    fn what_is_one_file_is_used_by_it_and_what_is_several_by_their_folder() {
        let path = |name| Wheel::named(name).unwrap().path_in(Path::new("/plugins"));
        assert_eq!(path("tpu"), Path::new("/plugins/libtpu.so"));
        assert_eq!(path("cuda12-nvcc"), Path::new("/plugins"));
    }
}

//! The plugins that can be installed: which wheel holds each, and what it must hash to.

/// A plugin inside a wheel of the Python package index, pinned by version and hash.
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
    /// The plugin's library inside the wheel, and so below Python's `site-packages`.
    pub library: &'static str,
    /// The size of the unpacked library in bytes.
    pub library_bytes: u64,
    /// The name that JAX gives the platform in `PJRT_NAMES_AND_LIBRARY_PATHS`.
    pub jax_name: &'static str,
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
        library: "lammps_jax_pjrt_cpu/pjrt_c_api_cpu_plugin.so",
        library_bytes: 201_600_336,
        jax_name: "cpu",
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
        library: "fastatomstruct_xla_cpu/libpjrt_cpu.so",
        library_bytes: 273_768_800,
        jax_name: "cpu-zml",
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
        library: "xla_plugins/xla_cpu_pjrt/xla_cpu_pjrt.so",
        library_bytes: 259_284_552,
        jax_name: "cpu-openxla",
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
        library: "libtpu/libtpu.so",
        library_bytes: 467_479_448,
        jax_name: "tpu",
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
        library: "jax_plugins/xla_cuda12/xla_cuda_plugin.so",
        library_bytes: 486_596_368,
        jax_name: "cuda",
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
        library: "jax_plugins/xla_cuda13/xla_cuda_plugin.so",
        library_bytes: 395_967_648,
        jax_name: "cuda",
    },
];

impl Wheel {
    /// The plugin that is installed by `name`.
    pub fn named(name: &str) -> Option<&'static Self> {
        WHEELS.iter().find(|wheel| wheel.name == name)
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

    /// The last part of the library's path.
    pub(crate) fn file_name(&self) -> &'static str {
        self.library.rsplit('/').next().unwrap_or(self.library)
    }
}

/// The names of everything that can be installed, for messages.
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
            assert!(wheel.bytes > 0 && wheel.library_bytes > wheel.bytes, "{}", wheel.name);
        }
    }
}

//! The GPUs that programs are compiled for: those known by name, and any other by its description.

use std::fmt;
use std::fs;
use std::path::PathBuf;

use crate::error::{Error, Result};

/// GPUs of a kind, as many on each of some hosts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gpus {
    kind: Kind,
    hosts: usize,
    /// GPUs of each host.
    each: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    Known(&'static Chip),
    /// A file with XLA's `GpuTargetConfigProto` as text.
    Described(PathBuf),
}

impl Gpus {
    /// Reads `CHIP`, `CHIP:GPUS` or `CHIP:HOSTSxGPUS`, where `CHIP` is a name or the path of a
    /// description, which has a `/` or a `.` in it; none if it is none of these.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let shape = text.rsplit_once(':').and_then(|(kind, shape)| Some((kind, counts(shape)?)));
        let (name, (hosts, each)) = shape.unwrap_or((text, (1, 1)));
        let kind = match CHIPS.iter().find(|chip| chip.name == name) {
            Some(chip) => Kind::Known(chip),
            None if name.contains(['/', '.']) => Kind::Described(name.into()),
            None => return None,
        };
        Some(Self { kind, hosts, each })
    }

    /// The options that a CUDA plugin's topology is asked for by.
    pub(super) fn options(&self) -> Result<[(String, pjrt::AttributeValue); 2]> {
        let description = match &self.kind {
            Kind::Known(chip) => chip.description(),
            Kind::Described(path) => {
                let read = fs::read_to_string(path);
                read.map_err(Error::io("read the description of a GPU,", path))?
            }
        };
        let shape = format!("1x{}x{}", self.hosts, self.each);
        Ok([
            ("target_config".to_owned(), description.as_str().into()),
            ("topology".to_owned(), shape.as_str().into()),
        ])
    }
}

/// `8` or `16x8`: hosts, of which there is one if it isn't said, and the GPUs of each.
fn counts(text: &str) -> Option<(usize, usize)> {
    let count = |text: &str| text.parse().ok().filter(|&count: &usize| count > 0);
    match text.split_once('x') {
        Some((hosts, each)) => Some((count(hosts)?, count(each)?)),
        None => Some((1, count(text)?)),
    }
}

impl fmt::Display for Gpus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Known(chip) => f.write_str(chip.name)?,
            Kind::Described(path) => write!(f, "{}", path.display())?,
        }
        match (self.hosts, self.each) {
            (1, 1) => Ok(()),
            (1, each) => write!(f, ":{each}"),
            (hosts, each) => write!(f, ":{hosts}x{each}"),
        }
    }
}

/// A GPU as its vendor and XLA describe it.
///
/// From NVIDIA's data sheets, the table of compute capabilities in the CUDA programming guide, and
/// the descriptions in XLA's repository (`xla/backends/gpu/target_config/specs`). XLA reckons with
/// these numbers when it chooses how to divide work; none decides whether a program is right.
#[derive(Debug, PartialEq, Eq)]
struct Chip {
    name: &'static str,
    /// What its driver calls it.
    title: &'static str,
    /// The compute capability, major and minor.
    capability: (u32, u32),
    /// Streaming multiprocessors.
    cores: u32,
    /// Units for 32-bit floating point in each.
    fpus: u32,
    /// Threads in each at most.
    threads: u32,
    /// KiB of memory that each shares among its threads.
    shared: u32,
    /// KiB of it that one block of threads can have.
    shared_by_block: u32,
    /// KiB of second-level cache.
    l2: u32,
    /// MHz of the clock.
    clock: u32,
    /// GB/s of memory.
    bandwidth: u32,
    /// Bytes of memory that programs can have.
    memory: u64,
}

/// The names of the GPUs that are known, for messages.
pub(super) fn names() -> String {
    CHIPS.iter().map(|chip| chip.name).collect::<Vec<_>>().join(", ")
}

impl Chip {
    /// The GPU as XLA's `GpuTargetConfigProto` in text.
    fn description(&self) -> String {
        let Self { title, capability: (major, minor), cores, fpus, threads, memory, .. } = self;
        // Instructions that only this very generation has, such as those of its tensor cores.
        let feature_extension = if *major >= 9 { "ACCELERATED_FEATURES" } else { "NONE" };
        let kibibytes = |count: u32| u64::from(count) << 10;
        let (shared, l2) = (kibibytes(self.shared), kibibytes(self.l2));
        let shared_by_block = kibibytes(self.shared_by_block);
        let bandwidth = u64::from(self.bandwidth) * 1_000_000_000;
        let clock = f64::from(self.clock) / 1000.0;
        format!(
            r#"gpu_device_info {{
  threads_per_block_limit: 1024
  threads_per_warp: 32
  shared_memory_per_block: 49152
  shared_memory_per_core: {shared}
  threads_per_core_limit: {threads}
  core_count: {cores}
  fpus_per_core: {fpus}
  block_dim_limit_x: 2147483647
  block_dim_limit_y: 65535
  block_dim_limit_z: 65535
  memory_bandwidth: {bandwidth}
  l2_cache_size: {l2}
  clock_rate_ghz: {clock:?}
  device_memory_size: {memory}
  shared_memory_per_block_optin: {shared_by_block}
  cuda_compute_capability {{
    major: {major}
    minor: {minor}
    feature_extension: {feature_extension}
  }}
  registers_per_core_limit: 65536
  registers_per_block_limit: 65536
  driver_version: "12.9.0"
  runtime_version: "12.9.0"
  compile_time_toolkit_version: "12.9.0"
  dnn_version: "9.10.0"
  device_vendor: "NVIDIA Corporation"
}}
platform_name: "CUDA"
device_description_str: "{title}"
"#
        )
    }
}

const CHIPS: &[Chip] = &[
    Chip {
        name: "p100",
        title: "Tesla P100-SXM2-16GB",
        capability: (6, 0),
        cores: 56,
        fpus: 64,
        threads: 2048,
        shared: 64,
        shared_by_block: 48,
        l2: 4096,
        clock: 1480,
        bandwidth: 732,
        memory: 17_066_885_120,
    },
    Chip {
        name: "v100",
        title: "Tesla V100-SXM2-16GB",
        capability: (7, 0),
        cores: 80,
        fpus: 64,
        threads: 2048,
        shared: 96,
        shared_by_block: 96,
        l2: 6144,
        clock: 1530,
        bandwidth: 898,
        memory: 16_935_682_048,
    },
    Chip {
        name: "t4",
        title: "Tesla T4",
        capability: (7, 5),
        cores: 40,
        fpus: 64,
        threads: 1024,
        shared: 64,
        shared_by_block: 64,
        l2: 4096,
        clock: 1590,
        bandwidth: 320,
        memory: 14_930 << 20,
    },
    Chip {
        name: "a100-40gb",
        title: "NVIDIA A100-SXM4-40GB",
        bandwidth: 1555,
        memory: 42_331_013_120,
        ..A100
    },
    A100,
    Chip {
        name: "rtx-a6000",
        title: "NVIDIA RTX A6000",
        capability: (8, 6),
        cores: 84,
        fpus: 128,
        threads: 1536,
        shared: 100,
        shared_by_block: 99,
        l2: 6144,
        clock: 1800,
        bandwidth: 768,
        memory: 51_041_271_808,
    },
    Chip {
        name: "l4",
        title: "NVIDIA L4",
        capability: (8, 9),
        cores: 58,
        fpus: 128,
        threads: 1536,
        shared: 100,
        shared_by_block: 99,
        l2: 49152,
        clock: 2040,
        bandwidth: 300,
        memory: 22_478 << 20,
    },
    Chip {
        name: "rtx-4090",
        title: "NVIDIA GeForce RTX 4090",
        capability: (8, 9),
        cores: 128,
        fpus: 128,
        threads: 1536,
        shared: 100,
        shared_by_block: 99,
        l2: 73728,
        clock: 2520,
        bandwidth: 1008,
        memory: 24_210 << 20,
    },
    Chip {
        name: "h100-pcie",
        title: "NVIDIA H100 PCIe",
        cores: 114,
        clock: 1755,
        bandwidth: 2039,
        ..H100
    },
    H100,
    Chip {
        name: "h200",
        title: "NVIDIA H200 141GB HBM3e",
        bandwidth: 4800,
        memory: 151_397_597_184,
        ..H100
    },
    Chip {
        name: "b200",
        title: "NVIDIA B200",
        capability: (10, 0),
        cores: 148,
        l2: 129_536,
        clock: 1965,
        bandwidth: 7672,
        memory: 191_514_411_008,
        ..H100
    },
    Chip {
        name: "rtx-pro-6000",
        title: "NVIDIA RTX PRO 6000 Blackwell",
        capability: (12, 0),
        cores: 188,
        fpus: 128,
        threads: 1536,
        shared: 100,
        shared_by_block: 99,
        l2: 131_072,
        clock: 2600,
        bandwidth: 1792,
        memory: 103_079_215_104,
    },
];

const A100: Chip = Chip {
    name: "a100",
    title: "NVIDIA A100-SXM4-80GB",
    capability: (8, 0),
    cores: 108,
    fpus: 64,
    threads: 2048,
    shared: 164,
    shared_by_block: 163,
    l2: 40960,
    clock: 1410,
    bandwidth: 2039,
    memory: 85_100_068_864,
};

const H100: Chip = Chip {
    name: "h100",
    title: "NVIDIA H100 80GB HBM3",
    capability: (9, 0),
    cores: 132,
    fpus: 128,
    threads: 2048,
    shared: 228,
    shared_by_block: 227,
    l2: 51200,
    clock: 1980,
    bandwidth: 3352,
    memory: 84_942_979_072,
};

//! What a program in the cache is found by.

use std::collections::BTreeSet;
use std::env;
use std::fmt;
use std::thread;

use sha2::{Digest as _, Sha256};

use crate::sha256::{self, Digest};
use crate::{Client, Code, CompileOptions};

/// Changes when entries are written differently.
const FORMAT: &[u8] = b"hetxl compiled program 1";

/// Variables that decide how many threads a CPU plugin compiles for.
const THREADS: [&str; 2] = ["PJRT_NPROC", "NPROC"];

/// Variables by which the user tells the compiler what no key could hold, such as to write files.
const FLAGS: [&str; 2] = ["XLA_FLAGS", "LIBTPU_INIT_ARGS"];

/// The lines of Linux's account of a processor that say what it can do, not how it fares.
const PROCESSOR: [&str; 12] = [
    "vendor_id",
    "cpu family",
    "model",
    "model name",
    "stepping",
    "flags",
    "Features",
    "CPU implementer",
    "CPU architecture",
    "CPU variant",
    "CPU part",
    "CPU revision",
];

/// What a program in the cache is found by: a hash of all that decides what the compiler makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Key(pub(super) Digest);

impl Key {
    /// The key of a program for the devices of `client`, whose plugin's file hashes to `plugin`,
    /// on a host with this `cpuinfo`.
    pub(super) fn of(
        client: &Client,
        plugin: &Digest,
        cpuinfo: &str,
        code: Code<'_>,
        options: &[u8],
    ) -> Self {
        let api = client.plugin().api_version();
        let mut parts: Vec<Vec<u8>> = vec![
            FORMAT.to_vec(),
            plugin.to_vec(),
            api.to_string().into(),
            client.platform_name().into(),
            client.platform_version().into(),
            code.format.name().into(),
            code.bytes.to_vec(),
            options.to_vec(),
            thread::available_parallelism().map_or(0, usize::from).to_string().into(),
        ];
        parts.extend(processor(cpuinfo).into_iter().map(Into::into));
        for name in THREADS {
            let value = env::var_os(name).unwrap_or_default();
            parts.push(value.into_encoded_bytes());
        }
        for device in client.all_devices() {
            let (id, process) = (device.id(), device.process_index());
            let here = device.is_addressable();
            parts.push(format!("{id} {process} {here} {}", device.kind()).into());
        }
        Self(hash(&parts))
    }

    /// Whether a file of this name is one that is found by a key.
    pub(super) fn is_name(name: &str) -> bool {
        name.len() == 64 && name.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&sha256::hex(&self.0))
    }
}

/// A hash that tells where one part ends and the next begins.
pub(super) fn hash(parts: &[Vec<u8>]) -> Digest {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    hasher.finalize().into()
}

/// Whether the options leave the compiler nothing to do but to compile, and all of them are known.
pub(super) fn is_cacheable(options: &CompileOptions) -> bool {
    FLAGS.iter().all(|name| env::var_os(name).is_none_or(|value| value.is_empty()))
        && !options.flags.keys().any(|name| name.contains("dump"))
}

/// What the processors of the host are, each kind once.
fn processor(cpuinfo: &str) -> BTreeSet<String> {
    let lines = cpuinfo.lines().filter_map(|line| line.split_once(':'));
    let lines = lines.map(|(name, value)| (name.trim(), value.trim()));
    let lines = lines.filter(|(name, _)| PROCESSOR.contains(name));
    lines.map(|(name, value)| format!("{name}: {value}")).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::support::{ADD, ADD_IN_PLACE, plugins};
    use crate::{ClientOptions, Flag};

    #[test]
    #[cfg_attr(miri, ignore = "a plugin is foreign code")]
    fn whatever_decides_what_the_compiler_makes_changes_the_key() {
        let plugin = &plugins()[0];
        let client = |devices| plugin.client(&ClientOptions::new().cpu_devices(devices)).unwrap();
        let (one, two) = (client(1), client(2));
        let (digest, cpuinfo) = ([7; 32], "flags\t: fpu sse2\n");
        let default = CompileOptions::default();
        let encode = |options: &CompileOptions| one.encode(options).unwrap();
        let fast = CompileOptions { optimization_level: Some(9), ..default.clone() };
        let flag = ("xla_cpu_prefer_vector_width".to_owned(), Flag::Int(512));
        let flagged = CompileOptions { flags: [flag].into(), ..default.clone() };
        let add = Code::mlir(ADD);
        let key = Key::of(&one, &digest, cpuinfo, add, &encode(&default));
        assert_eq!(key, Key::of(&client(1), &digest, cpuinfo, add, &encode(&default)));
        let others = [
            Key::of(&two, &digest, cpuinfo, add, &two.encode(&default).unwrap()),
            Key::of(&one, &[8; 32], cpuinfo, add, &encode(&default)),
            Key::of(&one, &digest, "flags\t: fpu sse2 avx2\n", add, &encode(&default)),
            Key::of(&one, &digest, cpuinfo, Code::mlir(ADD_IN_PLACE), &encode(&default)),
            Key::of(&one, &digest, cpuinfo, Code::hlo(ADD), &encode(&default)),
            Key::of(&one, &digest, cpuinfo, add, &encode(&fast)),
            Key::of(&one, &digest, cpuinfo, add, &encode(&flagged)),
        ];
        let all: HashSet<_> = others.iter().chain([&key]).map(|key| key.0).collect();
        assert_eq!(all.len(), 8);
        assert!(Key::is_name(&key.to_string()));
    }

    #[test]
    fn a_key_tells_where_one_part_ends() {
        let parts = |parts: &[&str]| {
            hash(&parts.iter().map(|it| it.as_bytes().to_vec()).collect::<Vec<_>>())
        };
        assert_ne!(parts(&["ab", "c"]), parts(&["a", "bc"]));
    }

    #[test]
    fn a_processor_is_known_by_what_it_can_do_and_not_by_how_it_fares() {
        let cpuinfo = "processor\t: 0\nmodel name\t: P 1\ncpu MHz\t\t: 2450.0\nflags\t\t: fpu\n\n\
                       processor\t: 1\nmodel name\t: P 1\ncpu MHz\t\t: 1800.0\nflags\t\t: fpu\n";
        let processor = processor(cpuinfo);
        assert_eq!(processor.into_iter().collect::<Vec<_>>(), ["flags: fpu", "model name: P 1"]);
    }

    #[test]
    fn a_compilation_that_writes_down_what_it_does_is_not_for_the_cache() {
        let flags = |name: &str| {
            let flag = (name.to_owned(), Flag::String("x".to_owned()));
            CompileOptions { flags: [flag].into(), ..Default::default() }
        };
        assert!(!is_cacheable(&flags("xla_dump_to")));
        assert!(is_cacheable(&flags("xla_cpu_max_isa")));
    }
}

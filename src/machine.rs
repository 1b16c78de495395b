//! What Linux tells of this machine and this process.

use std::env::consts::{ARCH, OS};
use std::fs;

/// The bytes of the machine's memory.
pub fn memory() -> Option<u64> {
    bytes("/proc/meminfo", "MemTotal:")
}

/// The bytes of the machine's memory that processes can still have.
pub fn free_memory() -> Option<u64> {
    bytes("/proc/meminfo", "MemAvailable:")
}

/// The most bytes of memory that this process has held so far.
pub fn peak_memory() -> Option<u64> {
    bytes("/proc/self/status", "VmHWM:")
}

/// The processor's name.
pub fn processor() -> Option<String> {
    let text = fs::read_to_string("/proc/cpuinfo").ok()?;
    let line = text.lines().find(|line| line.starts_with("model name"))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

/// The operating system, its kernel's version and the architecture, such as `linux 6.8.0, x86_64`.
pub fn system() -> String {
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    format!("{OS} {}, {ARCH}", kernel.trim())
}

/// The number of kibibytes in the line of a file that begins with `name`, as bytes.
fn bytes(path: &str, name: &str) -> Option<u64> {
    let text = fs::read_to_string(path).ok()?;
    let number = text.lines().find_map(|line| line.strip_prefix(name))?;
    let kibibytes: u64 = number.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kibibytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_holds_some_of_the_machine_s_memory() {
        let (held, all) = (peak_memory().unwrap(), memory().unwrap());
        assert!((1 << 20..all).contains(&held), "{held} of {all}");
        let free = free_memory().unwrap();
        assert!((1..all).contains(&free), "{free} of {all}");
    }
}

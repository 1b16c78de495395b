//! Which accelerators are attached to this machine, told without loading a plugin.

use std::fs;
use std::path::{Path, PathBuf};

/// The number that stands for Google among the vendors of PCI devices.
const GOOGLE: &str = "0x1ae0";

/// The PCI devices of Google's that are TPU chips; those of JAX's `hardware_utils.py`.
const TPU_CHIPS: [&str; 9] = [
    "0x0027", // v2 and v3
    "0x0056", // one without a public name
    "0x005e", // v4
    "0x0062", // v5p
    "0x0063", // v5e
    "0x006f", // v6e
    "0x0076", // 7x
    "0x007c", // 8t
    "0x0083", // 8i
];

/// The TPU chips on this machine's PCI bus, as Linux shows them: a folder for each.
///
/// ```
/// println!("{} TPU chips", pjrt::tpu_chips().len());
/// ```
pub fn tpu_chips() -> Vec<PathBuf> {
    tpu_chips_below(Path::new("/"))
}

fn tpu_chips_below(root: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(root.join("sys/bus/pci/devices"));
    let devices = entries.into_iter().flatten().flatten().map(|entry| entry.path());
    let mut chips: Vec<PathBuf> = devices.filter(|device| is_tpu_chip(device)).collect();
    chips.sort();
    chips
}

fn is_tpu_chip(device: &Path) -> bool {
    let read = |file| fs::read_to_string(device.join(file)).unwrap_or_default();
    read("vendor").trim() == GOOGLE && TPU_CHIPS.contains(&read("device").trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tpu_chips_are_told_from_other_devices_of_google_and_from_those_of_others() {
        let root = tempfile::tempdir().unwrap();
        let bus = root.path().join("sys/bus/pci/devices");
        for (name, vendor, device) in [
            ("0000:00:05.0", "0x1ae0\n", "0x0063\n"),
            ("0000:00:04.0", "0x1ae0\n", "0x0027\n"),
            ("0000:00:06.0", "0x1ae0\n", "0x0042\n"), // Google's network card
            ("0000:00:07.0", "0x10de\n", "0x0027\n"),
        ] {
            fs::create_dir_all(bus.join(name)).unwrap();
            fs::write(bus.join(name).join("vendor"), vendor).unwrap();
            fs::write(bus.join(name).join("device"), device).unwrap();
        }
        fs::create_dir(bus.join("0000:00:08.0")).unwrap();
        let expected = [bus.join("0000:00:04.0"), bus.join("0000:00:05.0")];
        assert_eq!(tpu_chips_below(root.path()), expected);
    }

    #[test]
    fn a_machine_without_a_pci_bus_has_no_tpu() {
        let root = tempfile::tempdir().unwrap();
        assert!(tpu_chips_below(root.path()).is_empty());
    }
}

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

/// The number that stands for NVIDIA among them, and that of the class of display controllers, of
/// which GPUs that show no picture are too.
const NVIDIA: &str = "0x10de";
const DISPLAY: &str = "0x03";

/// The TPU chips on this machine's PCI bus, as Linux shows them: a folder for each.
///
/// ```
/// println!("{} TPU chips", pjrt::tpu_chips().len());
/// ```
pub fn tpu_chips() -> Vec<PathBuf> {
    tpu_chips_below(Path::new("/"))
}

/// The GPUs of NVIDIA's on this machine's PCI bus, as Linux shows them: a folder for each.
///
/// ```
/// println!("{} GPUs", pjrt::nvidia_gpus().len());
/// ```
pub fn nvidia_gpus() -> Vec<PathBuf> {
    nvidia_gpus_below(Path::new("/"))
}

fn tpu_chips_below(root: &Path) -> Vec<PathBuf> {
    devices_below(root, |vendor, device, _| vendor == GOOGLE && TPU_CHIPS.contains(&device))
}

fn nvidia_gpus_below(root: &Path) -> Vec<PathBuf> {
    devices_below(root, |vendor, _, class| vendor == NVIDIA && class.starts_with(DISPLAY))
}

/// The PCI devices whose vendor, device and class are as wanted.
fn devices_below(root: &Path, wanted: impl Fn(&str, &str, &str) -> bool) -> Vec<PathBuf> {
    let entries = fs::read_dir(root.join("sys/bus/pci/devices"));
    let devices = entries.into_iter().flatten().flatten().map(|entry| entry.path());
    let is_wanted = |device: &PathBuf| {
        let read = |file| fs::read_to_string(device.join(file)).unwrap_or_default();
        wanted(read("vendor").trim(), read("device").trim(), read("class").trim())
    };
    let mut devices: Vec<PathBuf> = devices.filter(is_wanted).collect();
    devices.sort();
    devices
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
    fn gpus_are_told_from_what_else_is_of_nvidia_and_from_those_of_others() {
        let root = tempfile::tempdir().unwrap();
        let bus = root.path().join("sys/bus/pci/devices");
        for (name, vendor, class) in [
            ("0000:01:00.0", "0x10de\n", "0x030000\n"),
            ("0000:02:00.0", "0x10de\n", "0x030200\n"),
            ("0000:01:00.1", "0x10de\n", "0x040300\n"), // a GPU's sound
            ("0000:03:00.0", "0x1002\n", "0x030000\n"),
        ] {
            fs::create_dir_all(bus.join(name)).unwrap();
            fs::write(bus.join(name).join("vendor"), vendor).unwrap();
            fs::write(bus.join(name).join("class"), class).unwrap();
        }
        let expected = [bus.join("0000:01:00.0"), bus.join("0000:02:00.0")];
        assert_eq!(nvidia_gpus_below(root.path()), expected);
    }

    #[test]
    fn a_machine_without_a_pci_bus_has_no_tpu() {
        let root = tempfile::tempdir().unwrap();
        assert!(tpu_chips_below(root.path()).is_empty());
        assert!(nvidia_gpus_below(root.path()).is_empty());
    }
}

//! What a run was computed with and on: `environment.json` of its folder.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::machine;
use crate::runtime::Runtime;
use crate::whole_file;

/// The program, the plugin and the machine of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Environment {
    /// The version of `hetxl` and, of a checkout, its revision.
    pub hetxl: String,
    /// When training began, or went on, in seconds since 1970.
    pub began: u64,
    /// The platform's name.
    pub platform: String,
    /// The platform's version, as its plugin tells it.
    pub platform_version: String,
    /// The path of the plugin.
    pub plugin: String,
    /// The version of the PJRT interface that it speaks.
    pub interface: String,
    /// The kind of the devices, and how many there are.
    pub device: String,
    /// See `device`.
    pub devices: usize,
    /// The operating system, its kernel's version and the architecture.
    pub system: String,
    /// The processor, where that is known.
    pub processor: Option<String>,
    /// How many threads run at once.
    pub threads: usize,
    /// Bytes of the machine's memory, where that is known.
    pub memory: Option<u64>,
}

impl Environment {
    /// What `runtime` computes with, here and now.
    pub fn of(runtime: &Runtime) -> Self {
        let client = runtime.client();
        let devices = client.devices();
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Self {
            hetxl: env!("HETXL_VERSION").to_owned(),
            began: now.as_secs(),
            platform: client.platform_name().to_owned(),
            platform_version: client.platform_version().trim().to_owned(),
            plugin: runtime.plugin().path().display().to_string(),
            interface: runtime.plugin().api_version().to_string(),
            device: devices.first().map_or_else(String::new, |device| device.kind().to_owned()),
            devices: devices.len(),
            system: machine::system(),
            processor: machine::processor(),
            threads: std::thread::available_parallelism().map_or(1, Into::into),
            memory: machine::memory(),
        }
    }

    /// Writes it to a file.
    ///
    /// # Errors
    /// If the file can't be written.
    pub fn write(&self, path: &Path) -> Result<()> {
        let json = serde_json::to_vec_pretty(self).expect("texts and numbers are JSON");
        whole_file::write(path, &[&json[..], b"\n"].concat()).map_err(Error::io("write", path))
    }

    /// Reads it from a file; `None` where there is none, or one of another version.
    pub fn read(path: &Path) -> Option<Self> {
        serde_json::from_slice(&fs::read(path).ok()?).ok()
    }
}

/// A time in seconds since 1970 as a date and a time of day in UTC, such as `2026-11-22 14:03`.
pub fn date(seconds: u64) -> String {
    // Counted from the 1st of March of year 0, a leap day is the last day of a year, and years come
    // in groups of 400 with 146,097 days (H. Hinnant, "chrono-compatible low-level date algorithms").
    let days = seconds / 86_400 + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = era * 400 + year + u64::from(month <= 2);
    let (hour, minute) = (seconds / 3600 % 24, seconds / 60 % 60);
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_dates_also_around_leap_days() {
        // By `date -u -d @N`.
        let cases = [
            (0, "1970-01-01 00:00"),
            (951_782_399, "2000-02-28 23:59"),
            (951_782_400, "2000-02-29 00:00"),
            (951_868_800, "2000-03-01 00:00"),
            (1_795_358_307, "2026-11-22 14:38"),
            (4_107_542_400, "2100-03-01 00:00"),
        ];
        for (seconds, expected) in cases {
            assert_eq!(date(seconds), expected);
        }
    }
}

//! `hetxl devices`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use hetxl::config::RuntimeConfig;
use hetxl::machine;
use hetxl::runtime::Runtime;
use hetxl::{Error, Result};
use pjrt::Device;
use pjrt::install::{Environment, FindError, InstallError, WHEELS};
use serde::Serialize;
use serde_json::json;

use super::hardware::Machine;
use super::table::{self, Align};

/// List the devices of every platform that is installed and whose hardware is here, and their
/// memory.
///
/// Nothing is installed. A platform without hardware is passed over unless it is named; `hetxl doctor`
/// tells why.
#[derive(Debug, Args)]
pub(crate) struct Devices {
    /// The only platform to list
    #[arg(long, value_name = "NAME")]
    platform: Option<String>,
    /// Print one JSON object on standard output
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Serialize)]
struct Platform {
    name: String,
    version: String,
    plugin: PathBuf,
    devices: Vec<Listed>,
}

#[derive(Debug, Serialize)]
struct Listed {
    id: i32,
    device: String,
    kind: String,
    /// The bytes of its memory, where that is known.
    memory: Option<u64>,
}

impl Devices {
    pub(crate) fn run(&self) -> Result<ExitCode> {
        let platforms = match &self.platform {
            Some(name) => vec![list(name)?],
            None => list_all()?,
        };
        if self.json {
            super::say_json(&json!({ "platforms": platforms }));
        } else {
            print(&platforms);
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// What is here of every platform. One that can't be started is told of on standard error, and is an
/// error where no other can.
fn list_all() -> Result<Vec<Platform>> {
    let default = RuntimeConfig::default().platform;
    if Environment::from_process().plugin.is_some() {
        // It stands for every platform, and is one.
        return Ok(vec![list(&default)?]);
    }
    let machine = Machine::here();
    let here = WHEELS.iter().map(|wheel| wheel.name).filter(|it| machine.hardware(it).present);
    let (mut platforms, mut errors) = (Vec::new(), Vec::new());
    for name in here {
        match list(name) {
            Ok(platform) => platforms.push(platform),
            Err(Error::Install(InstallError::Find(FindError::Missing {
                damaged: None, ..
            }))) => {}
            Err(error) => errors.push(error),
        }
    }
    if platforms.is_empty() {
        return match errors.into_iter().next() {
            Some(error) => Err(error),
            None => Ok(vec![list(&default)?]),
        };
    }
    for error in errors {
        super::tell(&error.to_string());
    }
    Ok(platforms)
}

fn list(name: &str) -> Result<Platform> {
    let config = RuntimeConfig { platform: name.to_owned(), ..RuntimeConfig::default() };
    let runtime = Runtime::open_installed(&config)?;
    let client = runtime.client();
    let devices = client.devices();
    Ok(Platform {
        name: name.to_owned(),
        version: client.platform_version().to_owned(),
        plugin: runtime.plugin().path().to_owned(),
        devices: devices.iter().map(|device| listed(device, client.platform_name())).collect(),
    })
}

fn listed(device: &Device, platform: &str) -> Listed {
    let limit = device.memory_stats().ok().and_then(|stats| stats.bytes_limit);
    // A CPU's memory is the machine's.
    let memory = match limit {
        None if platform == "cpu" => machine::memory(),
        limit => limit.and_then(|limit| limit.try_into().ok()),
    };
    let (id, kind) = (device.id(), device.kind().to_owned());
    Listed { id, device: device.to_string(), kind, memory }
}

fn print(platforms: &[Platform]) {
    let columns = ["platform", "device", "kind"].map(|name| (name, Align::Left));
    let columns = [&columns[..], &[("memory", Align::Right), ("plugin", Align::Left)]].concat();
    let rows = platforms.iter().flat_map(|platform| {
        platform.devices.iter().map(|listed| {
            vec![
                platform.name.clone(),
                listed.device.clone(),
                listed.kind.clone(),
                listed.memory.map_or(String::new(), table::bytes),
                platform.plugin.display().to_string(),
            ]
        })
    });
    table::print(&columns, &rows.collect::<Vec<_>>());
}

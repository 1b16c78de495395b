//! `hetxl devices`.

use std::process::ExitCode;

use clap::Args;
use hetxl::Result;
use hetxl::config::RuntimeConfig;
use hetxl::runtime::Runtime;
use serde_json::json;

/// List the devices of a platform.
#[derive(Debug, Args)]
pub(crate) struct Devices {
    /// The platform
    #[arg(long, default_value = "cpu", value_name = "NAME")]
    platform: String,
    /// Print one JSON object on standard output
    #[arg(long)]
    json: bool,
}

impl Devices {
    pub(crate) fn run(&self) -> Result<ExitCode> {
        let config = RuntimeConfig { platform: self.platform.clone(), ..RuntimeConfig::default() };
        let runtime = Runtime::open_installed(&config)?;
        let client = runtime.client();
        if self.json {
            let devices = client.devices();
            let devices = devices.iter().map(|d| json!({ "id": d.id(), "kind": d.kind() }));
            super::say_json(&json!({
                "platform": client.platform_name(),
                "version": client.platform_version(),
                "plugin": runtime.plugin().path(),
                "devices": devices.collect::<Vec<_>>(),
            }));
        } else {
            for device in client.devices() {
                super::say(&format!("{device}  {}", device.kind()));
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

//! `hetxl plugin`.

use std::path::Path;
use std::process::ExitCode;

use clap::Subcommand;
use hetxl::Result;
use pjrt::install::{CUDA_TOOLKIT, Environment, InstallError, WHEELS};
use serde_json::json;

/// List, install and locate plugins, the backends that programs run on.
#[derive(Debug, Subcommand)]
#[command(after_help = "\
Examples:
  hetxl plugin list
  hetxl plugin install tpu
  HETXL_PLUGIN=$(hetxl plugin path cpu-zml) hetxl train examples/digits.toml")]
pub(crate) enum Plugin {
    /// List the plugins that can be installed, and where those that are here lie
    List {
        /// Print one JSON object on standard output
        #[arg(long)]
        json: bool,
    },
    /// Download a pinned plugin with pip and put it into the cache folder
    Install {
        /// The plugin's name, as `hetxl plugin list` shows it
        name: String,
        /// Print one JSON object on standard output
        #[arg(long)]
        json: bool,
    },
    /// Print the path of the plugin that a platform would use
    Path {
        /// The platform's name
        name: String,
        /// Print one JSON object on standard output
        #[arg(long)]
        json: bool,
    },
}

impl Plugin {
    pub(crate) fn run(&self) -> Result<ExitCode> {
        let environment = Environment::from_process();
        // What is here by name, whatever one path stands for all.
        let named = Environment { plugin: None, ..environment.clone() };
        let wheels = WHEELS.iter().chain([CUDA_TOOLKIT]);
        match self {
            Self::List { json: true } => {
                let rows = wheels.map(|wheel| {
                    json!({
                        "name": wheel.name,
                        "about": wheel.about,
                        "package": wheel.package,
                        "version": wheel.version,
                        "license": wheel.license,
                        "bytes": wheel.bytes,
                        "path": named.find(wheel.name, None).ok().map(|found| found.path),
                    })
                });
                let everywhere = environment.plugin.as_deref().map(Path::new);
                let plugins = rows.collect::<Vec<_>>();
                super::say_json(&json!({ "plugins": plugins, "HETXL_PLUGIN": everywhere }));
            }
            Self::List { json: false } => {
                if let Some(path) = environment.plugin.as_deref().map(Path::new) {
                    let path = path.display();
                    super::say(&format!("HETXL_PLUGIN has {path} used for every platform"));
                }
                for wheel in wheels {
                    let place = match named.find(wheel.name, None) {
                        Ok(found) => format!("{} ({})", found.path.display(), found.source),
                        Err(_) => format!(
                            "not here; {} MB to download, licence {}",
                            wheel.bytes.div_ceil(1_000_000),
                            wheel.license
                        ),
                    };
                    super::say(&format!("{:12} {}\n{:12} {place}", wheel.name, wheel.about, ""));
                }
            }
            Self::Install { name, json } => {
                let path = environment.install(name, &mut |step| super::tell(&step.to_string()))?;
                if *json {
                    super::say_json(&json!({ "name": name, "path": path }));
                } else {
                    super::say(&path.display().to_string());
                }
            }
            Self::Path { name, json } => {
                let found = environment.find(name, None).map_err(InstallError::from)?;
                if *json {
                    let source = found.source.to_string();
                    super::say_json(&json!({ "name": name, "path": found.path, "source": source }));
                } else {
                    super::say(&found.path.display().to_string());
                }
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

//! `hetxl doctor`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use hetxl::Result;
use pjrt::Plugin;
use pjrt::install::{CUDA_TOOLKIT, Environment, FindError, Found, InstallError, WHEELS};
use serde::Serialize;
use serde_json::json;

/// Tell which plugins are here, what they are, and what is missing.
///
/// Plugins are loaded and asked for their versions. No device is touched.
#[derive(Debug, Args)]
pub(crate) struct Doctor {
    /// Print one JSON object on standard output
    #[arg(long)]
    json: bool,
}

/// What is known of a plugin on this machine.
#[derive(Debug, Default, Serialize)]
struct Examined {
    /// The platform; `None` for a path that stands for every one.
    name: Option<String>,
    path: Option<PathBuf>,
    source: Option<String>,
    interface: Option<String>,
    stablehlo: Option<String>,
    /// Why it can't be used.
    problem: Option<String>,
}

impl From<Found> for Examined {
    fn from(Found { name, path, source }: Found) -> Self {
        Self { name, path: Some(path), source: Some(source.to_string()), ..Self::default() }
    }
}

impl Doctor {
    pub(crate) fn run(&self) -> Result<ExitCode> {
        let environment = Environment::from_process();
        let mut examined: Vec<_> = environment.find_all().into_iter().map(examine).collect();
        examined.extend(environment.find(CUDA_TOOLKIT.name, None).ok().map(Examined::from));
        let named = Environment { plugin: None, ..environment.clone() };
        let missing = |name: &&str| named.find(name, None).is_err();
        let pip = environment.pip_version();
        let wheels = WHEELS.iter().chain([CUDA_TOOLKIT]);
        let missing: Vec<_> = wheels.map(|wheel| wheel.name).filter(missing).collect();
        let nvidia = Path::new("/dev/nvidia0");
        let hardware = [
            ("tpu", pjrt::tpu_chips().into_iter().next()),
            ("cuda", nvidia.exists().then(|| nvidia.to_owned())),
        ];
        if self.json {
            super::say_json(&json!({
                "hetxl": env!("HETXL_VERSION"),
                "cache": environment.cache,
                "plugins": examined,
                "missing": missing,
                "pip": pip.as_ref().ok(),
                "hardware": hardware.into_iter().collect::<std::collections::BTreeMap<_, _>>(),
            }));
            return Ok(ExitCode::SUCCESS);
        }
        super::say(&format!("hetxl {}", env!("HETXL_VERSION")));
        match &environment.cache {
            Some(cache) => super::say(&format!("cache folder {}", cache.display())),
            None => super::say("no cache folder: set HETXL_CACHE to have plugins installed"),
        }
        match &pip {
            Ok(version) => super::say(version),
            Err(error) => super::say(&format!("plugins cannot be installed: {error}")),
        }
        examined.iter().for_each(describe);
        for name in missing {
            super::say(&format!("{name}: not here; `hetxl plugin install {name}` installs it"));
        }
        for (name, file) in hardware {
            match file {
                Some(file) => super::say(&format!("{name} device: {}", file.display())),
                None => super::say(&format!("{name} device: none found")),
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn examine(found: Result<Found, FindError>) -> Examined {
    let found = match found {
        Ok(found) => found,
        Err(error) => {
            let problem = hetxl::Error::from(InstallError::from(error)).to_string();
            return Examined { problem: Some(problem), ..Examined::default() };
        }
    };
    let path = found.path.clone();
    let of = Examined::from(found);
    let versions = || {
        let plugin = Plugin::load(&path)?;
        Ok::<_, pjrt::Error>((plugin.api_version().to_string(), plugin.stablehlo_version()?))
    };
    match versions() {
        Ok((interface, stablehlo)) => Examined {
            interface: Some(interface),
            stablehlo: stablehlo.map(|[major, minor, patch]| format!("{major}.{minor}.{patch}")),
            ..of
        },
        Err(error) => Examined { problem: Some(error.to_string()), ..of },
    }
}

fn describe(plugin: &Examined) {
    let name = plugin.name.as_deref().unwrap_or("every platform");
    if let (Some(path), Some(source)) = (&plugin.path, &plugin.source) {
        super::say(&format!("{name}: {} ({source})", path.display()));
    }
    if let Some(interface) = &plugin.interface {
        let stablehlo = plugin.stablehlo.as_deref().unwrap_or("of unknown version");
        super::say(&format!("  PJRT interface {interface}, StableHLO {stablehlo}"));
    }
    if let Some(problem) = &plugin.problem {
        super::say(&format!("  problem: {problem}"));
    }
}

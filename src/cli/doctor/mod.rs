//! `hetxl doctor`.

mod probe;
mod remedy;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use hetxl::Result;
use hetxl::config::RuntimeConfig;
use pjrt::install::{
    CUDA_TOOLKIT, Environment, FindError, Found, InstallError, Source, WHEELS, Wheel,
};
use rustix::fs::{Access, access};
use serde::Serialize;

use super::hardware::{Hardware, Machine, Missing};
use probe::{Answer, Probe};

/// Tell of every platform what is here, what is missing, and the command that mends it.
///
/// Each plugin is loaded in a process of its own and asked for its versions. No device is touched.
///
/// The exit code is 0 where `hetxl train` can work on the platform that it takes unasked, the CPU,
/// and 1 where it can't; what else is missing doesn't count.
#[derive(Debug, Args)]
pub(crate) struct Doctor {
    /// Print one JSON object on standard output
    #[arg(long)]
    json: bool,
    /// Load this plugin and print what it tells of itself
    #[arg(long = probe::OPTION, value_name = "PATH", hide = true)]
    probe: Option<PathBuf>,
}

/// What is known of this machine.
#[derive(Debug, Serialize)]
struct Report {
    hetxl: &'static str,
    /// The cache folder, with plugins and compiled programs in it.
    cache: Option<PathBuf>,
    pip: Option<String>,
    /// What is wrong whatever the platform.
    missing: Vec<Missing>,
    /// The plugin that a variable puts in the place of all others.
    everywhere: Option<Examined>,
    platforms: Vec<Platform>,
    /// Whether `hetxl train` can work without more being said.
    trains: bool,
}

#[derive(Debug, Serialize)]
struct Platform {
    name: String,
    state: State,
    /// The plugin that is used.
    plugin: Option<Examined>,
    /// The assembler that it compiles with, if it takes one from outside.
    #[serde(skip_serializing_if = "Option::is_none")]
    assembler: Option<PathBuf>,
    hardware: Hardware,
    missing: Vec<Missing>,
}

/// What a platform is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum State {
    Ready,
    /// Programs can be compiled ahead of time, and not run.
    CompilesOnly,
    NotInstalled,
    Broken,
}

/// A plugin and what it tells of itself.
#[derive(Clone, Debug, Serialize)]
struct Examined {
    path: PathBuf,
    source: String,
    #[serde(flatten)]
    answer: Answer,
}

impl Doctor {
    pub(crate) fn run(&self) -> Result<ExitCode> {
        if let Some(path) = &self.probe {
            super::say_json(&Answer::of(path));
            return Ok(ExitCode::SUCCESS);
        }
        let report = Report::of(&Environment::from_process(), &Machine::here());
        if self.json {
            super::say_json(&report);
        } else {
            report.print();
        }
        Ok(if report.trains { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

impl Report {
    fn of(environment: &Environment, machine: &Machine) -> Self {
        let named = Environment { plugin: None, ..environment.clone() };
        let all = named.find_all();
        let searches: Vec<_> =
            names(&all).into_iter().map(|name| (named.find(&name, None), name)).collect();
        let everywhere = environment.plugin.as_ref().map(|_| environment.find("", None));
        let found = searches.iter().map(|(found, _)| found).chain(&everywhere).flatten();
        let answers = ask(found);
        let examined = |found: &Found| Examined {
            path: found.path.clone(),
            source: found.source.to_string(),
            answer: answers[&found.path].clone(),
        };

        let pip = environment.pip_version();
        let mut missing: Vec<_> = all.iter().filter_map(nowhere).collect();
        if let Some(Err(error)) = &everywhere {
            missing.push(remedy::of_search(error, ""));
        }
        let cache = environment.cache.clone();
        let unwritable = cache.as_deref().is_some_and(|folder| !is_writable(folder));
        if unwritable || cache.is_none() {
            missing.push(remedy::of_cache(cache.as_deref()));
        }
        missing.extend(pip.as_ref().err().map(|error| remedy::of_pip(error, machine.system())));
        let everywhere_is_broken = everywhere.as_ref().is_some_and(Result::is_err);
        let everywhere = everywhere.and_then(Result::ok).map(|found| {
            let it = examined(&found);
            missing.extend(remedy::of_answer(&it.answer, &found, machine.system()));
            it
        });
        let platform = |(found, name): (_, String)| {
            let assembler = (name == "cuda12").then(|| named.find(CUDA_TOOLKIT.name, None));
            Platform::of(name, found, machine, examined).with_assembler(assembler)
        };
        let platforms: Vec<_> = searches.into_iter().map(platform).collect();
        let default = RuntimeConfig::default().platform;
        let state = platforms.iter().find(|it| it.name == default).map(|it| it.state);
        let trains = match (&everywhere, state) {
            _ if everywhere_is_broken => false,
            (Some(plugin), _) => {
                let accelerator = plugin.answer.accelerator.as_deref();
                let hardware = accelerator.map(|name| machine.hardware(name)).unwrap_or_default();
                let or_without = |it: &Missing| {
                    let unset = || Some("unset HETXL_PLUGIN".to_owned());
                    Missing::new(it.what.clone(), it.remedy.clone().or_else(unset))
                };
                missing.extend(hardware.missing.iter().map(or_without));
                plugin.answer.problem.is_none() && hardware.missing.is_empty()
            }
            (None, Some(State::NotInstalled)) => {
                cache.is_some() && !unwritable && Wheel::run_here() && pip.is_ok()
            }
            (None, state) => state == Some(State::Ready),
        };
        let hetxl = env!("HETXL_VERSION");
        Self { hetxl, cache, pip: pip.ok(), missing, everywhere, platforms, trains }
    }

    fn print(&self) {
        super::say(&format!("hetxl {}", self.hetxl));
        if let Some(cache) = &self.cache {
            super::say(&format!("cache folder {}", cache.display()));
        }
        if let Some(pip) = &self.pip {
            super::say(pip);
        }
        if let Some(plugin) = &self.everywhere {
            super::say("one plugin for every platform:");
            plugin.print();
        }
        self.missing.iter().for_each(print_missing);
        for platform in &self.platforms {
            platform.print(&self.missing);
        }
        super::say(match self.trains {
            true => "`hetxl train` can work here",
            false => "`hetxl train` cannot work here before what is missing is mended",
        });
    }
}

impl Platform {
    fn of(
        name: String,
        found: Result<Found, FindError>,
        machine: &Machine,
        examined: impl Fn(&Found) -> Examined,
    ) -> Self {
        let hardware = machine.hardware(&name);
        let mut missing = Vec::new();
        let (state, plugin) = match found {
            Ok(found) => {
                let plugin = examined(&found);
                let broken = remedy::of_answer(&plugin.answer, &found, machine.system());
                let state = match &broken {
                    Some(_) => State::Broken,
                    None if hardware.missing.is_empty() => State::Ready,
                    None => State::CompilesOnly,
                };
                missing.extend(broken);
                (state, Some(plugin))
            }
            Err(error) => {
                missing.push(remedy::of_search(&error, &name));
                let absent = matches!(error, FindError::Missing { damaged: None, .. });
                (if absent { State::NotInstalled } else { State::Broken }, None)
            }
        };
        missing.extend(hardware.missing.iter().cloned());
        Self { name, state, plugin, assembler: None, hardware, missing }
    }

    /// What a search for the assembler found, if the plugin takes one from outside. Where there is
    /// no plugin yet, it comes with the first program that is compiled.
    fn with_assembler(mut self, found: Option<Result<Found, FindError>>) -> Self {
        match found {
            Some(Ok(found)) => self.assembler = Some(found.path),
            Some(Err(_)) if self.plugin.is_some() => {
                let remedy = format!("hetxl plugin install {}", CUDA_TOOLKIT.name);
                let what = "there is no assembler to compile programs with";
                self.missing.push(Missing::new(what, Some(remedy)));
            }
            _ => {}
        }
        self
    }

    /// Prints what is known of the platform beside what is `told` already.
    fn print(&self, told: &[Missing]) {
        let state = match self.state {
            State::Ready => "ready",
            State::CompilesOnly => "compiles programs for other machines, and runs none here",
            State::NotInstalled => "not installed",
            State::Broken => "broken",
        };
        super::say(&format!("{}: {state}", self.name));
        if let Some(plugin) = &self.plugin {
            plugin.print();
        }
        if let Some(assembler) = &self.assembler {
            super::say(&format!("  assembler {}", assembler.display()));
        }
        for found in &self.hardware.found {
            super::say(&format!("  {found}"));
        }
        self.missing.iter().filter(|it| !told.contains(it)).for_each(print_missing);
    }
}

impl Examined {
    fn print(&self) {
        super::say(&format!("  {} ({})", self.path.display(), self.source));
        if let Some(interface) = &self.answer.interface {
            let stablehlo = self.answer.stablehlo.as_deref().unwrap_or("of unknown version");
            super::say(&format!("  PJRT interface {interface}, StableHLO {stablehlo}"));
        }
    }
}

fn print_missing(Missing { what, remedy }: &Missing) {
    super::say(&format!("  missing: {what}"));
    if let Some(remedy) = remedy {
        super::say(&format!("  mend by: {remedy}"));
    }
}

/// The platforms that can be installed, and those that a variable names beside them.
fn names(all: &[Result<Found, FindError>]) -> Vec<String> {
    let mut names: Vec<_> = WHEELS.iter().map(|wheel| wheel.name.to_owned()).collect();
    for found in all.iter().flatten().filter(|it| it.source == Source::NamesAndLibraryPaths) {
        // JAX's one name for both plugins of CUDA is told of at theirs.
        let name = found.name.clone().filter(|name| name != "cuda" && !names.contains(name));
        names.extend(name);
    }
    names
}

/// What a variable names that isn't there, whatever the platform.
fn nowhere(found: &Result<Found, FindError>) -> Option<Missing> {
    match found {
        Err(error @ (FindError::NoFile { .. } | FindError::Entry { .. })) => {
            Some(remedy::of_search(error, ""))
        }
        _ => None,
    }
}

/// Asks each plugin once, all at the same time.
fn ask<'a>(found: impl Iterator<Item = &'a Found>) -> BTreeMap<PathBuf, Answer> {
    let mut probes = BTreeMap::new();
    for Found { path, .. } in found {
        probes.entry(path.clone()).or_insert_with(|| Probe::start(path));
    }
    let answer = |(path, probe): (PathBuf, std::io::Result<Probe>)| match probe {
        Ok(probe) => (path, probe.answer()),
        Err(_) => {
            let answer = Answer::of(&path);
            (path, answer)
        }
    };
    probes.into_iter().map(answer).collect()
}

/// Whether a folder can be written, or made.
fn is_writable(folder: &Path) -> bool {
    let here = folder.ancestors().find(|it| it.exists()).unwrap_or(Path::new("."));
    here.is_dir() && access(here, Access::WRITE_OK).is_ok()
}

/// An error as the other commands tell it.
fn in_words(error: &FindError) -> String {
    hetxl::Error::from(InstallError::from(error.clone())).to_string()
}

/// The folder of a plugin's file.
fn folder(path: &Path) -> &Path {
    path.parent().unwrap_or(Path::new("."))
}

//! `hetxl cache`.

use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use clap::Subcommand;
use hetxl::{Error, Result, runtime};
use pjrt::install::Environment;
use pjrt::{CachedProgram, CompileCache};
use serde_json::json;

use super::table::{self, Align};

/// As much of a key as tells it from others.
const SHOWN: usize = 12;

/// List and remove compiled programs that are kept for the next start.
///
/// A program is compiled once on a machine, by one build of a plugin and with the same options, and
/// loaded after that. The config's `runtime.cache` turns this on or off.
#[derive(Debug, Subcommand)]
pub(crate) enum Cache {
    /// List the programs, last used first
    List {
        /// Print one JSON object on standard output
        #[arg(long)]
        json: bool,
    },
    /// Remove all of them
    Clear {
        /// Print one JSON object on standard output
        #[arg(long)]
        json: bool,
    },
}

impl Cache {
    pub(crate) fn run(&self) -> Result<ExitCode> {
        let cache = runtime::compile_cache(&Environment::from_process()).ok_or(Error::NoCache)?;
        match self {
            Self::List { json } => list(&cache, *json),
            Self::Clear { json } => clear(&cache, *json),
        }
    }
}

fn list(cache: &CompileCache, json: bool) -> Result<ExitCode> {
    let programs = cache.programs()?;
    let bytes: u64 = programs.iter().map(|program| program.bytes).sum();
    if json {
        let rows = programs.iter().map(|CachedProgram { key, name, platform, bytes, used }| {
            let used = used.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
            json!({ "key": key, "name": name, "platform": platform, "bytes": bytes, "used": used })
        });
        let programs = rows.collect::<Vec<_>>();
        super::say_json(&json!({ "folder": cache.folder(), "bytes": bytes, "programs": programs }));
        return Ok(ExitCode::SUCCESS);
    }
    if !programs.is_empty() {
        let columns = [
            ("program", Align::Left),
            ("platform", Align::Left),
            ("size", Align::Right),
            ("used", Align::Right),
            ("key", Align::Left),
        ];
        table::print(&columns, &programs.iter().map(row).collect::<Vec<_>>());
    }
    let (count, size) = (self::programs(programs.len()), table::bytes(bytes));
    super::say(&format!("{count}, {size}, in {}", cache.folder().display()));
    Ok(ExitCode::SUCCESS)
}

fn row(program: &CachedProgram) -> Vec<String> {
    let name = if program.name.is_empty() { "(damaged)" } else { &program.name };
    // A clock that was put back makes what was used later than now.
    let age = program.used.elapsed().unwrap_or_default();
    vec![
        name.to_owned(),
        program.platform.clone(),
        table::bytes(program.bytes),
        format!("{} ago", duration(age)),
        program.key[..SHOWN].to_owned(),
    ]
}

fn clear(cache: &CompileCache, json: bool) -> Result<ExitCode> {
    let (count, bytes) = cache.clear()?;
    if json {
        super::say_json(&json!({ "folder": cache.folder(), "programs": count, "bytes": bytes }));
    } else {
        let (size, folder) = (table::bytes(bytes), cache.folder().display());
        super::say(&format!("removed {}, {size}, from {folder}", programs(count)));
    }
    Ok(ExitCode::SUCCESS)
}

fn programs(count: usize) -> String {
    if count == 1 { "1 program".to_owned() } else { format!("{count} programs") }
}

/// A length of time in its largest unit.
fn duration(length: Duration) -> String {
    match length.as_secs() {
        seconds @ 0..60 => format!("{seconds} s"),
        seconds @ 60..3600 => format!("{} min", seconds / 60),
        seconds @ 3600..172_800 => format!("{} h", seconds / 3600),
        seconds => format!("{} d", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_told_in_its_largest_unit() {
        let shown = [0, 59, 60, 3599, 3600, 172_799, 172_800, 864_000];
        assert_eq!(
            shown.map(|seconds| duration(Duration::from_secs(seconds))),
            ["0 s", "59 s", "1 min", "59 min", "1 h", "47 h", "2 d", "10 d"]
        );
    }
}

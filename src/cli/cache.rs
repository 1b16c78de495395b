//! `hetxl cache`.

use std::io;
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use clap::Subcommand;
use hetxl::data::IndexCache;
use hetxl::{Error, Result, runtime};
use pjrt::install::Environment;
use pjrt::{CachedProgram, CompileCache};
use serde_json::{Value, json};

use super::table::{self, Align};

/// As much of a key as tells it from others.
const SHOWN: usize = 12;

/// List and remove what is kept for the next start: compiled programs, and indexes of shards.
///
/// A program is compiled once on a machine, by one build of a plugin and with the same options, and
/// loaded after that. The config's `runtime.cache` turns this on or off. Where the examples of a shard
/// are is looked for again when the shard has changed.
#[derive(Debug, Subcommand)]
pub(crate) enum Cache {
    /// List the programs, last used first, and how many indexes there are
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
        let environment = Environment::from_process();
        let cache = runtime::compile_cache(&environment).ok_or(Error::NoCache)?;
        let indexes = IndexCache::of(&environment).ok_or(Error::NoCache)?;
        match self {
            Self::List { json } => list(&cache, &indexes, *json),
            Self::Clear { json } => clear(&cache, &indexes, *json),
        }
    }
}

fn list(cache: &CompileCache, indexes: &IndexCache, json: bool) -> Result<ExitCode> {
    let kept = of_indexes("read", indexes, indexes.kept())?;
    let programs = cache.programs()?;
    let bytes: u64 = programs.iter().map(|program| program.bytes).sum();
    if json {
        let rows = programs.iter().map(|CachedProgram { key, name, platform, bytes, used }| {
            let used = used.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
            json!({ "key": key, "name": name, "platform": platform, "bytes": bytes, "used": used })
        });
        let programs = rows.collect::<Vec<_>>();
        super::say_json(&json!({
            "folder": cache.folder(), "bytes": bytes, "programs": programs,
            "indexes": indexes_json(indexes, kept),
        }));
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
    if let Some(kept) = in_words(kept) {
        super::say(&format!("{kept}, in {}", indexes.folder().display()));
    }
    Ok(ExitCode::SUCCESS)
}

/// The error of a cache of indexes.
fn of_indexes<T>(action: &'static str, cache: &IndexCache, done: io::Result<T>) -> Result<T> {
    done.map_err(|source| Error::Io { action, path: cache.folder().to_owned(), source })
}

fn indexes_json(cache: &IndexCache, (count, bytes): (usize, u64)) -> Value {
    json!({ "folder": cache.folder(), "count": count, "bytes": bytes })
}

/// How many indexes there are, and their size, if there are any.
fn in_words((count, bytes): (usize, u64)) -> Option<String> {
    let indexes = if count == 1 { "index of a shard" } else { "indexes of shards" };
    (count > 0).then(|| format!("{count} {indexes}, {}", table::bytes(bytes)))
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

fn clear(cache: &CompileCache, indexes: &IndexCache, json: bool) -> Result<ExitCode> {
    let (count, bytes) = cache.clear()?;
    let removed = of_indexes("clear", indexes, indexes.clear())?;
    if json {
        super::say_json(&json!({
            "folder": cache.folder(), "programs": count, "bytes": bytes,
            "indexes": indexes_json(indexes, removed),
        }));
    } else {
        let (size, folder) = (table::bytes(bytes), cache.folder().display());
        super::say(&format!("removed {}, {size}, from {folder}", programs(count)));
        if let Some(removed) = in_words(removed) {
            super::say(&format!("removed {removed}, from {}", indexes.folder().display()));
        }
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

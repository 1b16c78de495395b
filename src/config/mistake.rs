//! What is wrong with a config: at which key, and in words.

use std::slice;

use serde_path_to_error::Segment;
use toml::{Table, Value};

use super::{Config, ConfigError};

/// What serde tells of a table that is no config.
struct Mistake {
    /// Where it is, as serde saw it.
    place: String,
    /// The keys of that place, unless it is inside of a list.
    keys: Option<Vec<String>>,
    message: String,
}

/// The config that a table is.
///
/// # Errors
/// What is wrong with it.
pub(super) fn deserialized(table: &Table) -> Result<Config, ConfigError> {
    attempted(table.clone()).map_err(|Mistake { place, keys, message }| {
        let place = keys.map_or(place, |keys| narrowed(table, keys, &message).join("."));
        from_serde(&place, &message)
    })
}

fn attempted(table: Table) -> Result<Config, Mistake> {
    serde_path_to_error::deserialize::<_, Config>(table).map_err(|error| {
        let key = |segment: &Segment| match segment {
            Segment::Map { key } => Some(key.clone()),
            _ => None,
        };
        let (place, keys) = (error.path().to_string(), error.path().iter().map(key).collect());
        Mistake { place, keys, message: error.inner().message().to_owned() }
    })
}

/// The keys of a mistake at or below those where serde saw it: it loses its way in a section whose
/// `kind` says what else is in it.
fn narrowed(table: &Table, keys: Vec<String>, message: &str) -> Vec<String> {
    match message.strip_prefix(MISSING) {
        Some(key) => with_missing(table, keys.clone(), key.trim_matches('`')).unwrap_or(keys),
        None => with_wrong(table, keys, message),
    }
}

/// The keys of a value that isn't right. Those of a section are tried one by one: with the wrong one
/// alone the message is the same, and without it isn't.
fn with_wrong(table: &Table, mut keys: Vec<String>, message: &str) -> Vec<String> {
    let is_same = |keys: &[String], kept: Option<&str>| {
        let mut table = table.clone();
        if let Some(section) = section(&mut table, keys) {
            section.retain(|key, _| key == "kind" || Some(key) == kept);
        }
        attempted(table).is_err_and(|mistake| mistake.message == message)
    };
    let mut table = table.clone();
    while let Some(section) = section(&mut table, &keys)
        && !is_same(&keys, None)
        && let Some(key) = section.keys().find(|key| is_same(&keys, Some(key.as_str())))
    {
        keys.push(key.clone());
    }
    keys
}

/// The keys of the section that misses a key: with one, whatever its value, none is missing there.
fn with_missing(table: &Table, keys: Vec<String>, missing: &str) -> Option<Vec<String>> {
    let mut changed = table.clone();
    let inside = section(&mut changed, &keys)?;
    let sections = inside.iter().filter(|(_, value)| value.is_table());
    let sections =
        sections.map(|(key, _)| [&keys[..], slice::from_ref(key)].concat()).collect::<Vec<_>>();
    inside.insert(missing.to_owned(), Value::Boolean(false));
    let not_here = [MISSING, UNKNOWN].map(|problem| format!("{problem}`{missing}`"));
    let is_elsewhere = |it: &Mistake| not_here.iter().any(|start| it.message.starts_with(start));
    match attempted(changed) {
        Err(mistake) if is_elsewhere(&mistake) => {
            sections.into_iter().find_map(|keys| with_missing(table, keys, missing))
        }
        _ => Some(keys),
    }
}

/// The section with these keys.
fn section<'a>(table: &'a mut Table, keys: &[String]) -> Option<&'a mut Table> {
    keys.iter().try_fold(table, |table, key| table.get_mut(key).and_then(Value::as_table_mut))
}

// How serde begins what it tells.
const MISSING: &str = "missing field ";
const UNKNOWN: &str = "unknown field ";

/// Serde tells of an unknown key in words: "unknown field `x`, expected one of `a`, `b`". The path
/// ends in that key where the section is a struct, and before it where it is an enum.
fn from_serde(path: &str, message: &str) -> ConfigError {
    let place = |path: &str| match path {
        "" | "." => String::new(),
        path => format!("{path}: "),
    };
    let Some(rest) = message.strip_prefix(UNKNOWN) else {
        return ConfigError::Value { place: place(path), problem: in_words(message) };
    };
    let mut quoted = rest.split('`').skip(1).step_by(2);
    let key = quoted.next().unwrap_or_default().to_owned();
    let section = match path.rsplit_once('.') {
        Some((section, last)) if last == key => section,
        None if path == key => "",
        _ => path,
    };
    let nearest = quoted.map(|known| (strsim::osa_distance(&key, known), known)).min();
    // Beyond half of its letters a name is another one, not a slip.
    let nearest = nearest.filter(|(distance, _)| *distance * 2 <= key.len());
    let nearest = nearest.map(|(_, known)| known.to_owned());
    ConfigError::UnknownKey { place: place(section), key, nearest }
}

/// A message of serde without the names of Rust's types.
fn in_words(message: &str) -> String {
    let words = [
        ("a nonzero usize", "a whole number of at least 1"),
        ("u32", "a whole number of at least 0"),
        ("u64", "a whole number of at least 0"),
        ("usize", "a whole number of at least 0"),
        ("f64", "a number"),
        ("a boolean", "true or false"),
        ("a sequence", "a list"),
    ];
    if let Some((problem, _)) = message.split_once(", expected struct ") {
        return format!("{problem}, expected a section");
    }
    if let Some((problem, _)) = message.split_once(", expected internally tagged enum ") {
        return format!("{problem}, expected a section with a `kind`");
    }
    if let Some(key) = message.strip_prefix(MISSING) {
        return format!("the key {key} is missing");
    }
    let known = words.iter().find_map(|(name, words)| {
        Some(format!("{}, expected {words}", message.strip_suffix(&format!(", expected {name}"))?))
    });
    known.unwrap_or_else(|| message.to_owned())
}

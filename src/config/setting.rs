//! Settings of the command line, `key=value`, which win over the file.

use toml::{Table, Value};

use super::{Config, ConfigError};

/// A key in more sections than this is none that there is, and with enough of them their nesting
/// would take all of the stack.
const DEEPEST: usize = 16;

/// Sets the dotted key of a `key=value` in `table`. Another `kind` begins a section anew.
///
/// # Errors
/// If it can't be set.
pub(super) fn set(table: &mut Table, item: &str) -> Result<(), ConfigError> {
    let (key, value) = item.split_once('=').ok_or(ConfigError::NoValue)?;
    let parsed = value_of(value)?;
    let mut section = table;
    let mut parts = key.split('.').collect::<Vec<_>>();
    let last = parts.pop().expect("splitting gives at least one part");
    if parts.len() > DEEPEST {
        return Err(ConfigError::NoSuchKey);
    }
    for part in parts {
        let entry = section.entry(part).or_insert_with(|| Value::Table(Table::new()));
        let Value::Table(inner) = entry else {
            return Err(ConfigError::NoSection { parent: part.to_owned() });
        };
        section = inner;
    }
    if last == "kind" && section.get(last).is_some_and(|kind| *kind != parsed) {
        // The other keys are those of the kind that it was.
        section.clear();
    }
    section.insert(last.to_owned(), parsed);
    Ok(())
}

/// What a text is as TOML. One that isn't TOML is a string, unless it was meant as something else.
fn value_of(text: &str) -> Result<Value, ConfigError> {
    let parsed = format!("value = {text}").parse::<Table>().ok();
    if let Some(value) = parsed.and_then(|mut table| table.remove("value")) {
        return Ok(value);
    }
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_number && text.parse::<i64>().is_err() {
        return Err(ConfigError::LargeNumber);
    }
    // Files may be named with braces, too, `{000..146}.tar`.
    let is_table = text.starts_with('{') && text.ends_with('}') && text.contains('=');
    if is_table || text.starts_with('[') && text.ends_with(']') {
        return Err(ConfigError::NotToml);
    }
    Ok(Value::String(text.to_owned()))
}

/// The first of the `overrides` of a text with which it has this error, if it has it not by itself.
pub(super) fn to_blame<'a>(
    text: &str,
    overrides: &'a [String],
    error: &ConfigError,
) -> Option<&'a str> {
    let message = error.to_string();
    let has_it = |count: &usize| {
        let parsed = Config::parse(text, &overrides[..*count]);
        parsed.is_err_and(|other| other.to_string() == message)
    };
    let first = (0..=overrides.len()).find(has_it)?;
    first.checked_sub(1).map(|at| overrides[at].as_str())
}

/// An error that a `key=value` is to blame for. Where it is of that key, the key is said once.
pub(super) fn blamed(item: &str, error: ConfigError) -> ConfigError {
    let error = match (error, item.split_once('=')) {
        (ConfigError::Value { place, problem }, Some((key, _))) if place == format!("{key}: ") => {
            ConfigError::Value { place: String::new(), problem }
        }
        (error, _) => error,
    };
    ConfigError::Set { item: item.to_owned(), error: Box::new(error) }
}

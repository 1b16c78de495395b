//! Which files are meant by a file, a folder, or a pattern.
//!
//! A pattern has `{000..146}` or `{a,b}` for each of these in turn, and `*` and `?` in names. Folders
//! are looked into as they are, not below. Files come in the order of their names, and those that say
//! which of how many they are in that of their numbers, as `x-9-of-12` before `x-10-of-12`.

use glob::{MatchOptions, Pattern};
use thiserror::Error;

use super::DataError;
use super::files::{File, Place, shown};

/// No set has more files than this.
const MAX_FILES: usize = 1 << 20;

/// No number in a name has more digits than this.
const MAX_DIGITS: usize = 100;

/// Nor does anybody need more braces.
const MAX_BRACES: usize = 16;

/// The files that are named can't be had.
#[derive(Debug, Error)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum FilesError {
    #[error(
        "{url} is in an object store, which this hetxl is built without: build it with the feature \
        `cloud`, as by `cargo install --features cloud`"
    )]
    NoCloud { url: String },
    #[error("{url} is of no kind that can be read: name a path, or a URL with gs:// or s3://")]
    Scheme { url: String },
    #[error("{pattern} is no pattern of files: {problem}")]
    Pattern { pattern: String, problem: String },
    #[error("there is no file {pattern}")]
    NoFiles { pattern: String },
    #[error("{pattern} is for several files, expected one")]
    Several { pattern: String },
    #[error("{pattern} is for {file} twice")]
    Twice { pattern: String, file: String },
    #[error("{folder} has several sets, {:?} and {:?}: name one, as in {folder}/{}-*", names[0],
        names[1], names[0])]
    SeveralSets { folder: String, names: [String; 2] },
    #[error(
        "{folder} has not all files of {name}: number {number} of {of} (from 0 on) is missing; to \
        use a part of them, name it in braces"
    )]
    ShardMissing { folder: String, name: String, number: usize, of: usize },
    #[error("{folder} has no folders with images (.jpg, .jpeg or .png), one for each class")]
    NoImages { folder: String },
    #[error("{pattern} has no examples, which are {expected}")]
    NoExamples { pattern: String, expected: &'static str },
}

/// The files that a text is of, at least one. In a folder they are those that `is_meant` by their
/// names; a folder of an object store ends in `/`.
///
/// # Errors
/// If there is none, one is there twice, or one of numbered files isn't there.
pub(super) fn files(text: &str, is_meant: impl Fn(&[u8]) -> bool) -> Result<Vec<Place>, DataError> {
    let (root, rest) = Place::root(text)?;
    let invalid = |problem| FilesError::Pattern { pattern: text.to_owned(), problem };
    if rest.matches('{').count() > MAX_BRACES {
        return Err(invalid(format!("it has more than {MAX_BRACES} pairs of braces")).into());
    }
    let mut rests = vec![];
    expand(rest, String::new(), &mut rests).map_err(invalid)?;
    let mut files = vec![];
    for rest in rests {
        let mut found = Found { text, is_meant: &is_meant, files: vec![] };
        let components: Vec<_> = rest.split('/').collect();
        found.look(&root, &components)?;
        files.append(&mut found.files);
    }
    let mut files: Vec<_> = files.into_iter().map(|place| (place.to_string(), place)).collect();
    files.sort_by(|(name, _), (other, _)| order(name).cmp(&order(other)));
    if let Some(twice) = files.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        let (pattern, file) = (text.to_owned(), twice[0].0.clone());
        return Err(FilesError::Twice { pattern, file }.into());
    }
    if files.is_empty() {
        return Err(FilesError::NoFiles { pattern: text.to_owned() }.into());
    }
    Ok(files.into_iter().map(|(_, place)| place).collect())
}

/// The one file that a text is of.
///
/// # Errors
/// If there is none, or several.
pub(super) fn file(text: &str) -> Result<File, DataError> {
    let mut files = files(text, |_| true)?;
    match (files.pop(), files.is_empty()) {
        (Some(place), true) => File::find(place),
        _ => Err(FilesError::Several { pattern: text.to_owned() }.into()),
    }
}

/// The files of one pattern without braces.
struct Found<'a, M> {
    text: &'a str,
    is_meant: &'a M,
    files: Vec<Place>,
}

impl<M: Fn(&[u8]) -> bool> Found<'_, M> {
    fn look(&mut self, place: &Place, components: &[&str]) -> Result<(), DataError> {
        let Some((&name, rest)) = components.split_first() else {
            if place.is_local_folder() {
                return self.look_into(place);
            }
            self.files.push(place.clone());
            return Ok(());
        };
        if name.is_empty() {
            // The end of a folder's name, or a slash too many.
            return if rest.is_empty() { self.look_into(place) } else { self.look(place, rest) };
        }
        if !name.contains(['*', '?']) {
            return self.look(&place.join(name.as_bytes()), rest);
        }
        let pattern = Pattern::new(name).map_err(|error| {
            let problem = error.msg.to_owned();
            FilesError::Pattern { pattern: self.text.to_owned(), problem }
        })?;
        let options = MatchOptions { require_literal_leading_dot: true, ..MatchOptions::new() };
        let names = place.names()?;
        let mut names = if rest.is_empty() { names.files } else { names.folders };
        names.retain(|name| pattern.matches_with(&String::from_utf8_lossy(name), options));
        if rest.is_empty() {
            check_complete(place, &names)?;
        }
        for name in names {
            self.look(&place.join(&name), rest)?;
        }
        Ok(())
    }

    fn look_into(&mut self, folder: &Place) -> Result<(), DataError> {
        let mut names = folder.names()?.files;
        names.retain(|name| (self.is_meant)(name));
        check_complete(folder, &names)?;
        let mut stems = names.iter().filter_map(|name| Some(numbered(name)?.stem));
        if let Some(first) = stems.next()
            && let Some(other) = stems.find(|&stem| stem != first)
        {
            let names = [first, other].map(shown);
            return Err(FilesError::SeveralSets { folder: folder.to_string(), names }.into());
        }
        self.files.extend(names.iter().map(|name| folder.join(name)));
        Ok(())
    }
}

/// What `x-train.tfrecord-00003-of-00010` says of itself.
struct Numbered<'a> {
    /// All before the number.
    stem: &'a [u8],
    number: usize,
    of: usize,
}

fn numbered(name: &[u8]) -> Option<Numbered<'_>> {
    let middle = name.windows(4).rposition(|part| part == b"-of-")?;
    let (before, after) = (&name[..middle], &name[middle + 4..]);
    let digits = |text: &[u8]| std::str::from_utf8(text).ok()?.parse::<usize>().ok();
    let end = after.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(after.len());
    let dash = before.iter().rposition(|&byte| byte == b'-')?;
    let (number, of) = (digits(&before[dash + 1..])?, digits(&after[..end])?);
    Some(Numbered { stem: &before[..dash], number, of })
}

/// What files come in the order of: the name up to a number, that number, and all of the name.
fn order(name: &str) -> (&[u8], usize, &str) {
    let bytes = name.as_bytes();
    numbered(bytes).map_or((bytes, 0, name), |it| (&bytes[..=it.stem.len()], it.number, name))
}

/// Checks that of files which say how many they are none is missing.
fn check_complete(folder: &Place, names: &[Vec<u8>]) -> Result<(), FilesError> {
    let mut numbered: Vec<_> = names.iter().filter_map(|name| numbered(name)).collect();
    numbered.sort_by_key(|it| (it.stem, it.of, it.number));
    for set in numbered.chunk_by(|one, next| (one.stem, one.of) == (next.stem, next.of)) {
        let mut expected = 0;
        for it in set {
            if it.number > expected {
                break;
            }
            expected = it.number + 1;
        }
        let Numbered { stem, of, .. } = set[0];
        if expected < of {
            let (folder, name) = (folder.to_string(), shown(stem));
            return Err(FilesError::ShardMissing { folder, name, number: expected, of });
        }
    }
    Ok(())
}

/// Writes each of what the braces of a text are for, after `before`.
fn expand(text: &str, before: String, out: &mut Vec<String>) -> Result<(), String> {
    let parts = text.find('{').and_then(|open| {
        let close = closing(&text[open..])?;
        Some((&text[..open], &text[open + 1..open + close], &text[open + close + 1..]))
    });
    let Some((head, inner, tail)) = parts else {
        if out.len() == MAX_FILES {
            return Err(format!("its braces are for more than {MAX_FILES} files"));
        }
        out.push(before + text);
        return Ok(());
    };
    for choice in choices(inner)? {
        let mut heads = vec![];
        // A choice may have braces of its own.
        expand(&choice, format!("{before}{head}"), &mut heads)?;
        for head in heads {
            expand(tail, head, out)?;
        }
    }
    Ok(())
}

/// Where the brace that a text begins with is closed.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0;
    for (at, letter) in text.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 1 => return Some(at),
            '}' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// What stands between braces, one by one.
fn choices(inner: &str) -> Result<Vec<String>, String> {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
    if let Some((first, last)) = inner.split_once("..")
        && is_number(first)
        && is_number(last)
    {
        let number = |text: &str| {
            text.parse::<usize>().map_err(|_| format!("{{{inner}}} has too large a number"))
        };
        let (low, high) = (number(first)?, number(last)?);
        if low > high {
            return Err(format!("{{{inner}}} ends before it begins"));
        }
        if high - low >= MAX_FILES {
            return Err(format!("{{{inner}}} is for more than {MAX_FILES} files"));
        }
        if first.len() > MAX_DIGITS {
            return Err(format!("a number in braces has more than {MAX_DIGITS} digits"));
        }
        let width = if first.starts_with('0') || last.starts_with('0') { first.len() } else { 1 };
        return Ok((low..=high).map(|number| format!("{number:0width$}")).collect());
    }
    let (mut choices, mut depth) = (vec![String::new()], 0);
    for letter in inner.chars() {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                choices.push(String::new());
                continue;
            }
            _ => {}
        }
        choices.last_mut().expect("there is one at first").push(letter);
    }
    Ok(choices)
}

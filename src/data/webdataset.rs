//! Shards of `WebDataset`: archives of tar in which the members of one example have one name before
//! the first dot, such as `n02/0001.jpg` and `n02/0001.cls`, and stand one after the other.

use std::collections::HashSet;

use serde_json::Value;

use super::DataError;
use super::archive::{BLOCK, Member, Members};
use super::files::{File, shown};
use super::image_file::is_extension;
use super::index_cache::{self, IndexCache};
use super::patterns;
use super::shards::{MAX_BYTES, ShardProblem, Shards};
use super::source::{Example, RawInput, ReadError, Source};

/// What an example is.
const EXPECTED: &str = "images (.jpg, .jpeg or .png) with labels (.cls or .json) beside them";

/// The most bytes of a member with labels.
const MAX_LABEL_BYTES: u32 = 1 << 20;

/// The examples of shards in the order of the shards' names.
#[derive(Debug)]
pub(super) struct WebDataset {
    shards: Shards<Entry>,
}

/// Where the members of an example are. There are millions of these.
#[derive(Clone, Copy, Debug)]
struct Entry {
    image: Data,
    label: Data,
    /// The blocks from the image's first header to its data.
    headers: u16,
    kind: LabelKind,
}

const _: () = assert!(size_of::<Entry>() <= 24);

impl Entry {
    fn check_label_size(&self) -> Result<(), ReadError> {
        let len = self.label.len;
        if len > MAX_LABEL_BYTES {
            let problem = format!("the {len} bytes of its label are more than {MAX_LABEL_BYTES}");
            return Err(ReadError::Unusable(problem));
        }
        Ok(())
    }
}

#[derive(Clone, Copy, Debug)]
struct Data {
    /// The block of the archive that it begins with.
    block: u32,
    len: u32,
}

impl Data {
    /// Its offset and length in bytes.
    fn range(self) -> (u64, u64) {
        (u64::from(self.block) * BLOCK, self.len.into())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LabelKind {
    /// Numbers as text.
    Cls,
    /// An object with `label` or `labels`, or one of these by itself.
    Json,
}

impl index_cache::Entry for Entry {
    const KIND: &'static str = "webdataset";
    const BYTES: usize = 19;

    fn write(&self, out: &mut Vec<u8>) {
        let Self { image, label, headers, kind } = self;
        for number in [image.block, image.len, label.block, label.len] {
            out.extend(number.to_le_bytes());
        }
        out.extend(headers.to_le_bytes());
        out.push(match kind {
            LabelKind::Cls => 0,
            LabelKind::Json => 1,
        });
    }

    fn read(bytes: &[u8], size: u64) -> Option<Self> {
        let (numbers, rest) = bytes.split_at_checked(16)?;
        let mut numbers = numbers.chunks(4).map(|it| u32::from_le_bytes(it.try_into().expect("4")));
        let mut data = || {
            let data = Data { block: numbers.next()?, len: numbers.next()? };
            let (offset, len) = data.range();
            (offset + len <= size).then_some(data)
        };
        let (image, label) = (data()?, data()?);
        let (headers, kind) = rest.split_first_chunk()?;
        let headers = u16::from_le_bytes(*headers);
        let kind = match kind {
            [0] => LabelKind::Cls,
            [1] => LabelKind::Json,
            _ => return None,
        };
        (u32::from(headers) <= image.block).then_some(Self { image, label, headers, kind })
    }
}

impl WebDataset {
    /// Finds the examples of the shards that a pattern is of.
    ///
    /// # Errors
    /// If there is none, or a shard isn't as it should be.
    pub(super) fn open(pattern: &str, kept: Option<&IndexCache>) -> Result<Self, DataError> {
        let places = patterns::files(pattern, |name| name.ends_with(b".tar"))?;
        Ok(Self { shards: Shards::index(pattern, places, EXPECTED, kept, index)? })
    }
}

impl Source for WebDataset {
    fn len(&self) -> usize {
        self.shards.len()
    }

    fn read(&self, index: usize) -> Result<Example, ReadError> {
        let (file, entry) = self.shards.locate(index);
        if u64::from(entry.image.len) > MAX_BYTES {
            let problem = format!("its {} bytes are more than {MAX_BYTES}", entry.image.len);
            return Err(ReadError::Unusable(problem));
        }
        entry.check_label_size()?;
        let [label, image] =
            file.open()?.read_ranges(&[entry.label.range(), entry.image.range()])?;
        let labels = labels(entry.kind, &label).map_err(ReadError::Unusable)?;
        Ok(Example { input: RawInput::Image(image), labels })
    }

    fn labels(&self, index: usize) -> Result<Vec<u32>, ReadError> {
        let (file, entry) = self.shards.locate(index);
        entry.check_label_size()?;
        let [label] = file.open()?.read_ranges(&[entry.label.range()])?;
        labels(entry.kind, &label).map_err(ReadError::Unusable)
    }

    fn name(&self, index: usize) -> String {
        let (file, entry) = self.shards.locate(index);
        let header = u64::from(entry.image.block - u32::from(entry.headers)) * BLOCK;
        let member = Members::from(file, header).and_then(|mut members| members.next());
        match member {
            Ok(Some(member)) => format!("{file}: {}", shown(&member.name)),
            // Whoever asks for the name was told already that the file can't be read.
            _ => format!("{file} at offset {header}"),
        }
    }
}

/// The classes that a member tells.
fn labels(kind: LabelKind, bytes: &[u8]) -> Result<Vec<u32>, String> {
    match kind {
        LabelKind::Cls => {
            let text = String::from_utf8_lossy(bytes);
            let words = text.split(|it: char| it.is_whitespace() || it == ',');
            let words = words.filter(|word| !word.is_empty());
            let number = |word: &str| word.parse().map_err(|_| not_a_class(word));
            words.map(number).collect()
        }
        LabelKind::Json => {
            let value: Value = serde_json::from_slice(bytes)
                .map_err(|error| format!("its label is no JSON: {error}"))?;
            let value = match &value {
                Value::Object(fields) => fields
                    .get("label")
                    .or_else(|| fields.get("labels"))
                    .ok_or_else(|| "its JSON has neither \"label\" nor \"labels\"".to_owned())?,
                value => value,
            };
            let one = |value: &Value| {
                let number = value.as_u64().and_then(|number| u32::try_from(number).ok());
                number.ok_or_else(|| not_a_class(&value.to_string()))
            };
            match value {
                Value::Array(values) => values.iter().map(one).collect(),
                value => Ok(vec![one(value)?]),
            }
        }
    }
}

fn not_a_class(value: &str) -> String {
    let short: String = value.chars().take(40).collect();
    format!("its label {} is not the number of a class", shown(short.as_bytes()))
}

/// Finds the examples of a shard.
fn index(file: &File) -> Result<Vec<Entry>, DataError> {
    let mut members = Members::from(file, 0)?;
    let (mut entries, mut names) = (vec![], HashSet::new());
    let mut current: Option<Sample> = None;
    while let Some(member) = members.next()? {
        let Some((key, role)) = role(&member.name) else { continue };
        let problem = |problem: ShardProblem| problem.at(file, member.header);
        if let Some(kind) = member.other {
            let name = shown(&member.name);
            return Err(problem(ShardProblem::NotAFile { name, kind }));
        }
        if current.as_ref().is_none_or(|sample| sample.key != key) {
            let next = Sample { key: key.to_vec(), at: member.header, image: None, label: None };
            if let Some(whole) = current.replace(next) {
                entries.push(whole.entry(&mut names).map_err(|(at, it)| it.at(file, at))?);
            }
        }
        let sample = current.as_mut().expect("a member belongs to an example");
        sample.add(role, &member).map_err(problem)?;
    }
    if let Some(last) = current {
        entries.push(last.entry(&mut names).map_err(|(at, it)| it.at(file, at))?);
    }
    Ok(entries)
}

/// What a member is to an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Image,
    Label(LabelKind),
}

/// The name that the members of an example share, and what this one is; `None` where it is nothing
/// that is needed.
fn role(name: &[u8]) -> Option<(&[u8], Role)> {
    let folder = name.iter().rposition(|&byte| byte == b'/').map_or(0, |slash| slash + 1);
    let dot = name[folder..].iter().position(|&byte| byte == b'.').filter(|&dot| dot > 0)?;
    let (key, extension) = name.split_at(folder + dot);
    let role = match &extension.to_ascii_lowercase()[..] {
        extension if is_extension(extension) => Role::Image,
        b".cls" => Role::Label(LabelKind::Cls),
        b".json" => Role::Label(LabelKind::Json),
        _ => return None,
    };
    Some((key, role))
}

/// The members of an example that were found so far.
struct Sample {
    key: Vec<u8>,
    /// Where its first member is.
    at: u64,
    /// And how many blocks of headers are before it.
    image: Option<(Data, u16)>,
    label: Option<(Data, LabelKind)>,
}

impl Sample {
    fn add(&mut self, role: Role, member: &Member) -> Result<(), ShardProblem> {
        let block = u32::try_from(member.data / BLOCK).map_err(|_| ShardProblem::TooLarge)?;
        // What is longer than this is not read.
        let data = Data { block, len: u32::try_from(member.size).unwrap_or(u32::MAX) };
        let second = |what| ShardProblem::Second { key: shown(&self.key), what };
        match role {
            Role::Image if self.image.is_some() => return Err(second("image")),
            Role::Image => {
                let size = member.data - member.header;
                let headers = u16::try_from(size / BLOCK).map_err(|_| {
                    ShardProblem::LongHeader { size, limit: u64::from(u16::MAX) * BLOCK }
                })?;
                self.image = Some((data, headers));
            }
            Role::Label(kind) => match self.label {
                Some((_, earlier)) if earlier == kind => return Err(second("label")),
                // The number by itself is what was meant, whatever else is told.
                Some((_, LabelKind::Cls)) => {}
                _ => self.label = Some((data, kind)),
            },
        }
        Ok(())
    }

    /// The example, or what is wrong with it and where.
    fn entry(self, names: &mut HashSet<Vec<u8>>) -> Result<Entry, (u64, ShardProblem)> {
        let key = shown(&self.key);
        let problem = match (self.image, self.label) {
            (Some((image, headers)), Some((label, kind))) => {
                if names.insert(self.key) {
                    return Ok(Entry { image, label, headers, kind });
                }
                ShardProblem::KeyTwice { key }
            }
            (Some(_), None) => ShardProblem::NoLabel { key },
            // A sample has one of them from the start.
            (None, _) => ShardProblem::NoImage { key },
        };
        Err((self.at, problem))
    }
}

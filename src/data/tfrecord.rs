//! Files of `TFRecord`: records of `tf.train.Example` with a feature that has the bytes of an image's
//! file and one that has its classes, `image` and `label` as TensorFlow Datasets writes them.
//!
//! A record is the length of its data (8 bytes), a checksum of those, the data, and a checksum of
//! that; all little-endian. The messages are those of `tensorflow/core/example/example.proto` and
//! `feature.proto`.

use std::collections::HashMap;

use prost::Message;

use super::DataError;
use super::files::{File, glance};
use super::index_cache::{Entry, IndexCache};
use super::patterns;
use super::settings::Fields;
use super::shards::{MAX_BYTES, ShardProblem, Shards};
use super::source::{Example, RawInput, ReadError, Source};
use crate::metrics::masked_crc;

/// The bytes of a length and its checksum.
const HEADER: u64 = 12;
/// The bytes of the data's checksum.
const FOOTER: u64 = 4;

#[derive(PartialEq, Message)]
struct TrainExample {
    #[prost(message, optional, tag = "1")]
    features: Option<Features>,
}

#[derive(PartialEq, Message)]
struct Features {
    #[prost(map = "string, message", tag = "1")]
    feature: HashMap<String, Feature>,
}

#[derive(PartialEq, Message)]
struct Feature {
    #[prost(oneof = "Kind", tags = "1, 2, 3")]
    kind: Option<Kind>,
}

#[derive(PartialEq, prost::Oneof)]
enum Kind {
    #[prost(message, tag = "1")]
    Bytes(BytesList),
    #[prost(message, tag = "2")]
    Floats(FloatList),
    #[prost(message, tag = "3")]
    Integers(Int64List),
}

#[derive(PartialEq, Message)]
struct BytesList {
    #[prost(bytes, repeated, tag = "1")]
    value: Vec<Vec<u8>>,
}

#[derive(PartialEq, Message)]
struct FloatList {
    #[prost(float, repeated, tag = "1")]
    value: Vec<f32>,
}

#[derive(PartialEq, Message)]
struct Int64List {
    #[prost(int64, repeated, tag = "1")]
    value: Vec<i64>,
}

/// The records of files in the order of the files' names.
#[derive(Debug)]
pub(super) struct TfRecord {
    shards: Shards<Record>,
    /// The names of the features with the image and its classes.
    features: [String; 2],
}

/// Where a record is.
#[derive(Clone, Copy, Debug)]
struct Record {
    offset: u64,
    /// Of its data.
    len: u64,
}

impl Entry for Record {
    const KIND: &'static str = "tfrecord";
    const BYTES: usize = 16;

    fn write(&self, out: &mut Vec<u8>) {
        out.extend(self.offset.to_le_bytes());
        out.extend(self.len.to_le_bytes());
    }

    fn read(bytes: &[u8], size: u64) -> Option<Self> {
        let (offset, len) = bytes.split_first_chunk()?;
        let [offset, len] = [*offset, len.try_into().ok()?].map(u64::from_le_bytes);
        let end = offset.checked_add(len)?.checked_add(HEADER + FOOTER)?;
        (end <= size).then_some(Self { offset, len })
    }
}

impl TfRecord {
    /// Finds the records of the files that a pattern is of.
    ///
    /// # Errors
    /// If there is none, or a file isn't as it should be.
    pub(super) fn open(
        pattern: &str,
        fields: &Fields,
        kept: Option<&IndexCache>,
    ) -> Result<Self, DataError> {
        let places = patterns::files(pattern, is_tfrecord)?;
        let name = |given: &Option<String>, usual: &str| given.clone().unwrap_or(usual.to_owned());
        let features = [name(&fields.image, "image"), name(&fields.label, "label")];
        Ok(Self { shards: Shards::index(pattern, places, "records", kept, index)?, features })
    }
}

/// Whether a file of a folder is one, by its name, such as `x-train.tfrecord-00000-of-00010`.
fn is_tfrecord(name: &[u8]) -> bool {
    name.windows(9).any(|part| part == b".tfrecord")
}

impl Source for TfRecord {
    fn len(&self) -> usize {
        self.shards.len()
    }

    fn read(&self, index: usize) -> Result<Example, ReadError> {
        let (file, record) = self.shards.locate(index);
        if record.len > MAX_BYTES {
            let problem = format!("its {} bytes are more than {MAX_BYTES}", record.len);
            return Err(ReadError::Unusable(problem));
        }
        let mut bytes =
            file.open()?.read_at(record.offset + HEADER, (record.len + FOOTER) as usize)?;
        let stored = number(&bytes.split_off(record.len as usize));
        let computed = masked_crc(&bytes);
        if stored != computed {
            return Err(ReadError::Unusable(format!(
                "it is damaged: its checksum is {stored:08x}, expected {computed:08x}"
            )));
        }
        example(&bytes, &self.features).map_err(ReadError::Unusable)
    }

    fn name(&self, index: usize) -> String {
        let (file, record) = self.shards.locate(index);
        format!("{file}: the record at offset {}", record.offset)
    }
}

/// Finds the records of a file.
fn index(file: &File) -> Result<Vec<Record>, DataError> {
    let mut headers = file.open()?.headers();
    let (mut records, mut offset) = (vec![], 0);
    while offset < file.size() {
        let header = headers.at(offset, HEADER as usize)?;
        let Some((length, checksum)) = header.split_first_chunk::<8>() else {
            return Err(ShardProblem::CutOff.at(file, offset));
        };
        if checksum.len() < 4 {
            return Err(ShardProblem::CutOff.at(file, offset));
        }
        let (stored, computed) = (number(checksum), masked_crc(length));
        if stored != computed {
            let problem = if offset == 0 && header.starts_with(&[0x1f, 0x8b]) {
                ShardProblem::Compressed
            } else {
                ShardProblem::LengthChecksum { stored, computed }
            };
            return Err(problem.at(file, offset));
        }
        let len = u64::from_le_bytes(*length);
        let end = (offset + HEADER + FOOTER).checked_add(len);
        let Some(end) = end.filter(|&end| end <= file.size()) else {
            let problem = ShardProblem::BeyondEnd { name: "a record".to_owned(), size: len };
            return Err(problem.at(file, offset));
        };
        records.push(Record { offset, len });
        offset = end;
    }
    Ok(records)
}

fn number(bytes: &[u8]) -> u32 {
    u32::from_le_bytes(bytes.try_into().expect("a checksum has four bytes"))
}

/// The example in the data of a record.
fn example(bytes: &[u8], [image, label]: &[String; 2]) -> Result<Example, String> {
    let message = TrainExample::decode(bytes)
        .map_err(|error| format!("it is no message of tf.train.Example: {error}"))?;
    let mut features = message.features.unwrap_or_default().feature;
    for (key, name, of) in [("image", image, "bytes"), ("label", label, "integers")] {
        if !features.contains_key(name) {
            let others = names(&features);
            return Err(format!(
                "it has no feature \"{name}\" of {of}; its features are: {others}; \
                 data.fields.{key} names the one that is meant"
            ));
        }
    }
    let image = match features.remove(image).and_then(|feature| feature.kind) {
        Some(Kind::Bytes(mut list)) if list.value.len() == 1 => list.value.swap_remove(0),
        Some(Kind::Bytes(list)) => {
            return Err(format!("it has {} images, expected 1", list.value.len()));
        }
        _ => return Err(format!("its feature \"{image}\" is not of bytes")),
    };
    let labels = match features.remove(label).and_then(|feature| feature.kind) {
        Some(Kind::Integers(list)) => list.value,
        // A list of nothing may be written as no list.
        None => vec![],
        _ => return Err(format!("its feature \"{label}\" is not of integers")),
    };
    let class = |label: i64| {
        let class = u32::try_from(label);
        class.map_err(|_| format!("its label {label} is not the number of a class"))
    };
    let labels = labels.into_iter().map(class).collect::<Result<_, _>>()?;
    Ok(Example { input: RawInput::Image(image), labels })
}

/// The names of features, as many as can be read at a glance.
fn names(features: &HashMap<String, Feature>) -> String {
    let mut names: Vec<_> = features.keys().map(String::as_str).collect();
    names.sort_unstable();
    if names.is_empty() { "none".to_owned() } else { glance(&names.join(", ")) }
}

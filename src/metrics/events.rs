//! Event files that TensorBoard reads: protocol-buffer messages in the record format of TensorFlow.
//!
//! A record is its length (8 bytes), a checksum of those, the message, and a checksum of that; all
//! little-endian. The messages are those of `tensorflow/core/util/event.proto` and
//! `tensorflow/core/framework/summary.proto`, cut to the fields that are written here.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use prost::Message;

use super::{Histogram, Line, MetricsError};

#[derive(Message)]
struct Event {
    #[prost(double, tag = "1")]
    wall_time: f64,
    #[prost(int64, tag = "2")]
    step: i64,
    #[prost(oneof = "What", tags = "3, 5, 7")]
    what: Option<What>,
}

#[derive(prost::Oneof)]
enum What {
    #[prost(string, tag = "3")]
    FileVersion(String),
    #[prost(message, tag = "5")]
    Summary(Summary),
    #[prost(message, tag = "7")]
    SessionLog(SessionLog),
}

#[derive(Message)]
struct Summary {
    #[prost(message, repeated, tag = "1")]
    value: Vec<Value>,
}

#[derive(Message)]
struct Value {
    #[prost(string, tag = "1")]
    tag: String,
    // Optional, so that a zero is written.
    #[prost(float, optional, tag = "2")]
    simple_value: Option<f32>,
    #[prost(message, optional, tag = "8")]
    tensor: Option<TensorProto>,
    #[prost(message, optional, tag = "9")]
    metadata: Option<SummaryMetadata>,
}

/// An array, as TensorBoard's newer kinds of values are.
#[derive(Message)]
struct TensorProto {
    #[prost(int32, tag = "1")]
    dtype: i32,
    #[prost(message, optional, tag = "2")]
    tensor_shape: Option<TensorShape>,
    #[prost(bytes = "vec", tag = "4")]
    tensor_content: Vec<u8>,
    #[prost(bytes = "vec", repeated, tag = "8")]
    string_val: Vec<Vec<u8>>,
}

#[derive(Message)]
struct TensorShape {
    #[prost(message, repeated, tag = "2")]
    dim: Vec<Dim>,
}

#[derive(Message)]
struct Dim {
    #[prost(int64, tag = "1")]
    size: i64,
}

#[derive(Message)]
struct SummaryMetadata {
    #[prost(message, optional, tag = "1")]
    plugin_data: Option<PluginData>,
    #[prost(int32, tag = "4")]
    data_class: i32,
}

#[derive(Message)]
struct PluginData {
    #[prost(string, tag = "1")]
    plugin_name: String,
}

/// `DataType.DT_FLOAT` and `DataType.DT_STRING`.
const FLOAT: i32 = 1;
const STRING: i32 = 7;

/// `DataClass.DATA_CLASS_TENSOR`.
const TENSOR: i32 = 2;

#[derive(Message)]
struct SessionLog {
    #[prost(int32, tag = "1")]
    status: i32,
}

/// `SessionLog.SessionStatus.START`: TensorBoard then drops earlier events from that step on.
const START: i32 = 1;

/// A file of events in a folder that TensorBoard watches.
#[derive(Debug)]
pub struct EventFile {
    path: PathBuf,
    file: File,
}

impl EventFile {
    /// A new file of events in `folder`, which is made if needed, for a run that begins, or that goes
    /// on after so many steps. Then TensorBoard passes over what earlier files of the folder hold of
    /// later steps.
    ///
    /// # Errors
    /// If the file can't be made.
    pub fn create(folder: &Path, resumes: Option<u64>) -> Result<Self, MetricsError> {
        fs::create_dir_all(folder).map_err(MetricsError::io("create", folder))?;
        // TensorBoard reads the files of a folder in the order of their names.
        let now = now();
        let (seconds, nanoseconds) = (now.as_secs(), now.subsec_nanos());
        let name = format!("events.out.tfevents.{seconds:010}.{nanoseconds:09}.hetxl");
        let path = folder.join(name);
        let file = File::options()
            .append(true)
            .create_new(true)
            .open(&path)
            .map_err(MetricsError::io("create", &path))?;
        let mut events = Self { path, file };
        events.write(0, What::FileVersion("brain.Event:2".to_owned()))?;
        if let Some(step) = resumes {
            events.write(step + 1, What::SessionLog(SessionLog { status: START }))?;
        }
        Ok(events)
    }

    /// Appends the values of a line, each as the scalar `split/name`.
    ///
    /// # Errors
    /// If the file can't be written, such as on a full disk.
    pub fn append(&mut self, line: &Line<'_>) -> Result<(), MetricsError> {
        self.write(line.step, What::Summary(summary(line)))
    }

    /// Appends a text in Markdown under a name.
    ///
    /// # Errors
    /// See [`EventFile::append`].
    pub fn append_text(&mut self, step: u64, name: &str, text: &str) -> Result<(), MetricsError> {
        let tensor = TensorProto {
            dtype: STRING,
            tensor_shape: Some(shape(&[])),
            tensor_content: vec![],
            string_val: vec![text.into()],
        };
        let value = of_plugin("text", name, tensor);
        self.write(step, What::Summary(Summary { value: vec![value] }))
    }

    /// Appends histograms and other numbers of a step, each under its name.
    ///
    /// # Errors
    /// See [`EventFile::append`].
    pub fn append_histograms(
        &mut self,
        step: u64,
        histograms: &[(String, Histogram)],
        numbers: &[(String, f64)],
    ) -> Result<(), MetricsError> {
        let histograms = histograms
            .iter()
            .map(|(name, histogram)| of_plugin("histograms", name, buckets(histogram)));
        let numbers = numbers.iter().map(|(name, number)| scalar(name.clone(), *number));
        let value = histograms.chain(numbers).collect();
        self.write(step, What::Summary(Summary { value }))
    }

    fn write(&mut self, step: u64, what: What) -> Result<(), MetricsError> {
        let event = Event { wall_time: now().as_secs_f64(), step: step as i64, what: Some(what) };
        self.file.write_all(&record(&event)).map_err(MetricsError::io("write", &self.path))
    }
}

fn summary(line: &Line<'_>) -> Summary {
    let values = line.values.iter().chain(line.time);
    let value = |&(name, value): &(&str, f64)| scalar(format!("{}/{name}", line.split), value);
    Summary { value: values.map(value).collect() }
}

fn scalar(tag: String, value: f64) -> Value {
    Value { tag, simple_value: Some(value as f32), tensor: None, metadata: None }
}

fn of_plugin(plugin: &str, name: &str, tensor: TensorProto) -> Value {
    let plugin_data = Some(PluginData { plugin_name: plugin.to_owned() });
    let metadata = Some(SummaryMetadata { plugin_data, data_class: TENSOR });
    Value { tag: name.to_owned(), simple_value: None, tensor: Some(tensor), metadata }
}

/// A histogram as `[buckets, 3]`, in `f32`, which is half the bytes and more digits than are seen.
fn buckets(histogram: &Histogram) -> TensorProto {
    let buckets = histogram.buckets();
    let numbers = buckets.as_flattened().iter().map(|&number| number as f32);
    TensorProto {
        dtype: FLOAT,
        tensor_shape: Some(shape(&[buckets.len(), 3])),
        tensor_content: numbers.flat_map(f32::to_le_bytes).collect(),
        string_val: vec![],
    }
}

fn shape(dims: &[usize]) -> TensorShape {
    TensorShape { dim: dims.iter().map(|&size| Dim { size: size as i64 }).collect() }
}

/// The time since 1970.
fn now() -> Duration {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default()
}

fn record(event: &Event) -> Vec<u8> {
    let message = event.encode_to_vec();
    let length = (message.len() as u64).to_le_bytes();
    let checksum = |bytes| masked_crc(bytes).to_le_bytes();
    [&length[..], &checksum(&length), &message, &checksum(&message)].concat()
}

/// The checksum as the record format stores it: a CRC of data that holds CRCs is weak, so it is
/// rotated and shifted by a constant.
pub(crate) fn masked_crc(bytes: &[u8]) -> u32 {
    crc32c::crc32c(bytes).rotate_right(15).wrapping_add(0xa282_ead8)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Split;

    /// Made by `tensorboard` 2.21.0 itself: its messages, written by its `RecordWriter`.
    const WRITTEN_BY_TENSORBOARD: &str = "\
         1800000000000000a37f4b2209000000000000f83f1a0d627261696e2e4576656e743a322a28646c\
         0f000000000000006d532b0909000000000000044010653a0208014c68c5cf53000000000000000d\
         7d4e91090000000000000a4010ac022a450a110a0a747261696e2f6c6f737315cdcccc3d0a110a0a\
         747261696e2f7a65726f15000000000a1d0a16747261696e2f73746570735f7065725f7365636f6e\
         641500204b44f30fce1f";

    #[test]
    fn records_are_byte_for_byte_those_that_tensorboard_writes() {
        let line = Line {
            step: 300,
            split: Split::Train,
            values: &[("loss", 0.1), ("zero", 0.0)],
            time: &[("steps_per_second", 812.5)],
        };
        let records = [
            (1.5, 0, What::FileVersion("brain.Event:2".to_owned())),
            (2.5, 101, What::SessionLog(SessionLog { status: START })),
            (3.25, 300, What::Summary(summary(&line))),
        ]
        .map(|(wall_time, step, what)| record(&Event { wall_time, step, what: Some(what) }));
        let hex = records.concat().iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        assert_eq!(hex, WRITTEN_BY_TENSORBOARD);
    }
}

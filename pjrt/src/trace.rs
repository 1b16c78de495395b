//! What was recorded of devices and threads, for viewers.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use flate2::Compression;
use flate2::write::GzEncoder;
use prost::Message as _;
use serde_json::{Map, Value, json};

/// What a [`Profile`](crate::Profile) recorded: for each device, and for the host, what ran when on
/// which of its lines.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace {
    bytes: Vec<u8>,
    space: Space,
}

impl Trace {
    /// Reads what a plugin collected; none if it is no recording. Some plugins end it with a zero
    /// that isn't part of it.
    pub(crate) fn new(bytes: &[u8]) -> Option<Self> {
        let shorter = bytes.strip_suffix(&[0]);
        let read = |bytes: &[u8]| Some((Space::decode(bytes).ok()?, bytes.to_vec()));
        let (space, bytes) = read(bytes).or_else(|| read(shorter?))?;
        Some(Self { bytes, space })
    }

    /// The recording as the plugin made it, a serialised `tensorflow.profiler.XSpace`.
    pub fn xspace(&self) -> &[u8] {
        &self.bytes
    }

    /// Writes the recording below `folder` where TensorBoard and XProf look for it, as
    /// `plugins/profile/TIME/HOST.xplane.pb`, and beside it as `HOST.trace.json.gz` for Perfetto and
    /// `chrome://tracing`. Returns the folder of both.
    ///
    /// # Errors
    /// If the folder can't be made or written.
    pub fn write(&self, folder: impl AsRef<Path>) -> io::Result<PathBuf> {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let time = timestamp(since.as_millis() as u64);
        let folder = folder.as_ref().join("plugins").join("profile").join(time);
        fs::create_dir_all(&folder)?;
        let host = self.host();
        fs::write(folder.join(format!("{host}.xplane.pb")), &self.bytes)?;
        let file = BufWriter::new(File::create(folder.join(format!("{host}.trace.json.gz")))?);
        let mut file = GzEncoder::new(file, Compression::default());
        self.write_json(&mut file)?;
        file.finish()?.flush()?;
        Ok(folder)
    }

    /// Writes the recording in the trace-event format of Chrome: a process for each device and for
    /// the host, a thread for each of its lines, times in microseconds since the first.
    ///
    /// # Errors
    /// What the writer reports.
    pub fn write_json(&self, mut to: impl Write) -> io::Result<()> {
        let lines = self.space.planes.iter().flat_map(|plane| &plane.lines);
        let start_ns = lines.map(|line| line.timestamp_ns).min().unwrap_or_default();
        write!(to, "{{\"displayTimeUnit\":\"ns\",\"traceEvents\":[")?;
        let mut separator = "";
        for (pid, plane) in (1..).zip(&self.space.planes) {
            for event in plane.events(pid, start_ns) {
                write!(to, "{separator}\n{event}")?;
                separator = ",";
            }
        }
        write!(to, "\n]}}\n")
    }

    /// The machine that the recording is of.
    fn host(&self) -> String {
        let known = self.space.hostnames.first().cloned();
        let own = || fs::read_to_string("/proc/sys/kernel/hostname").ok();
        let name = known.or_else(own).unwrap_or_default();
        match name.trim().replace('/', "_") {
            name if name.is_empty() => "localhost".to_owned(),
            name => name,
        }
    }
}

/// A time after 1970 as viewers name a recording by it, in UTC and with milliseconds.
fn timestamp(milliseconds: u64) -> String {
    let (seconds, millisecond) = (milliseconds / 1000, milliseconds % 1000);
    let (days, second) = (seconds / 86_400, seconds % 86_400);
    // Years from March on, so that a leap day is the last of its year; 400 of them repeat.
    let days = days + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let year = 400 * era + year + u64::from(month > 9);
    let month = if month > 9 { month - 9 } else { month + 3 };
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{year:04}_{month:02}_{day:02}_{hour:02}_{minute:02}_{second:02}_{millisecond:03}")
}

/// What tells the name of a process or thread.
fn named(pid: usize, what: &str, tid: usize, name: &str) -> Value {
    json!({"ph": "M", "pid": pid, "tid": tid, "name": what, "args": {"name": name}})
}

impl Plane {
    /// Names of the process and its threads, and what ran on them.
    fn events(&self, pid: usize, start_ns: i64) -> impl Iterator<Item = Value> {
        let lines = (1..).zip(&self.lines);
        let threads =
            lines.clone().map(move |(tid, line)| named(pid, "thread_name", tid, line.name()));
        let ran = lines.flat_map(move |(tid, line)| {
            let offset_ns = line.timestamp_ns.saturating_sub(start_ns);
            line.events.iter().filter_map(move |event| {
                // What only counts how often something happened has no place in time.
                let Some(Data::OffsetPs(offset_ps)) = event.data else { return None };
                let ts = offset_ns as f64 / 1e3 + offset_ps as f64 / 1e6;
                let dur = event.duration_ps as f64 / 1e6;
                let name = self.event_metadata.get(&event.metadata_id).map_or("", |it| it.name());
                let args = self.args(&event.stats);
                Some(json!({
                    "ph": "X", "pid": pid, "tid": tid, "name": name, "ts": ts, "dur": dur,
                    "args": args,
                }))
            })
        });
        std::iter::once(named(pid, "process_name", 0, &self.name)).chain(threads).chain(ran)
    }

    fn args(&self, stats: &[Stat]) -> Map<String, Value> {
        let name = |id: i64| self.stat_metadata.get(&id).map_or("", |it| &it.name);
        let value = |stat: &Stat| {
            Some(match stat.value.as_ref()? {
                StatValue::Double(value) => json!(value),
                StatValue::Uint(value) => json!(value),
                StatValue::Int(value) => json!(value),
                StatValue::Str(value) => json!(value),
                StatValue::Ref(id) => json!(name(i64::try_from(*id).ok()?)),
            })
        };
        let args =
            stats.iter().filter_map(|it| Some((name(it.metadata_id).to_owned(), value(it)?)));
        args.collect()
    }
}

impl Line {
    fn name(&self) -> &str {
        if self.display_name.is_empty() { &self.name } else { &self.display_name }
    }
}

impl EventMetadata {
    fn name(&self) -> &str {
        if self.display_name.is_empty() { &self.name } else { &self.display_name }
    }
}

/// `tensorflow.profiler.XSpace`, the fields that are read here, as of the messages below.
#[derive(Clone, PartialEq, prost::Message)]
struct Space {
    #[prost(message, repeated, tag = "1")]
    planes: Vec<Plane>,
    #[prost(string, repeated, tag = "4")]
    hostnames: Vec<String>,
}

/// `tensorflow.profiler.XPlane`: a device, or the host.
#[derive(Clone, PartialEq, prost::Message)]
struct Plane {
    #[prost(string, tag = "2")]
    name: String,
    #[prost(message, repeated, tag = "3")]
    lines: Vec<Line>,
    #[prost(map = "int64, message", tag = "4")]
    event_metadata: HashMap<i64, EventMetadata>,
    #[prost(map = "int64, message", tag = "5")]
    stat_metadata: HashMap<i64, StatMetadata>,
}

/// `tensorflow.profiler.XLine`: what runs one after the other, such as a thread.
#[derive(Clone, PartialEq, prost::Message)]
struct Line {
    #[prost(string, tag = "2")]
    name: String,
    /// Since 1970.
    #[prost(int64, tag = "3")]
    timestamp_ns: i64,
    #[prost(message, repeated, tag = "4")]
    events: Vec<Event>,
    #[prost(string, tag = "11")]
    display_name: String,
}

/// `tensorflow.profiler.XEvent`.
#[derive(Clone, PartialEq, prost::Message)]
struct Event {
    #[prost(int64, tag = "1")]
    metadata_id: i64,
    #[prost(oneof = "Data", tags = "2, 5")]
    data: Option<Data>,
    #[prost(int64, tag = "3")]
    duration_ps: i64,
    #[prost(message, repeated, tag = "4")]
    stats: Vec<Stat>,
}

#[derive(Clone, Copy, PartialEq, prost::Oneof)]
enum Data {
    /// Since the line's own time.
    #[prost(int64, tag = "2")]
    OffsetPs(i64),
    #[prost(int64, tag = "5")]
    Occurrences(i64),
}

/// `tensorflow.profiler.XStat`.
#[derive(Clone, PartialEq, prost::Message)]
struct Stat {
    #[prost(int64, tag = "1")]
    metadata_id: i64,
    #[prost(oneof = "StatValue", tags = "2, 3, 4, 5, 7")]
    value: Option<StatValue>,
}

#[derive(Clone, PartialEq, prost::Oneof)]
enum StatValue {
    #[prost(double, tag = "2")]
    Double(f64),
    #[prost(uint64, tag = "3")]
    Uint(u64),
    #[prost(int64, tag = "4")]
    Int(i64),
    #[prost(string, tag = "5")]
    Str(String),
    /// The metadata whose name is the value.
    #[prost(uint64, tag = "7")]
    Ref(u64),
}

/// `tensorflow.profiler.XEventMetadata`.
#[derive(Clone, PartialEq, prost::Message)]
struct EventMetadata {
    #[prost(string, tag = "2")]
    name: String,
    #[prost(string, tag = "4")]
    display_name: String,
}

/// `tensorflow.profiler.XStatMetadata`.
#[derive(Clone, PartialEq, prost::Message)]
struct StatMetadata {
    #[prost(string, tag = "2")]
    name: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two lines of one plane: an event of 3 µs that begins 2 µs after the plane does, and what
    /// happened five times.
    fn trace() -> Trace {
        let named = |name: &str| EventMetadata { name: name.to_owned(), ..Default::default() };
        let stat = |metadata_id, value| Stat { metadata_id, value: Some(value) };
        let event = Event {
            metadata_id: 7,
            data: Some(Data::OffsetPs(1_000_000)),
            duration_ps: 3_000_000,
            stats: vec![stat(1, StatValue::Int(-4)), stat(2, StatValue::Ref(3))],
        };
        let counted =
            Event { metadata_id: 7, data: Some(Data::Occurrences(5)), ..Default::default() };
        let line = |name: &str, timestamp_ns, events| Line {
            name: name.to_owned(),
            timestamp_ns,
            events,
            ..Default::default()
        };
        let stat_names = [(1, "rows"), (2, "kind"), (3, "fusion")]
            .map(|(id, name)| (id, StatMetadata { name: name.to_owned() }));
        let plane = Plane {
            name: "/device:TPU:0".to_owned(),
            lines: vec![line("steps", 1000, vec![counted]), line("ops", 2000, vec![event])],
            event_metadata: [(7, named("add \"1\""))].into(),
            stat_metadata: stat_names.into(),
        };
        let space = Space { planes: vec![plane], hostnames: vec!["host-3".to_owned()] };
        Trace::new(&space.encode_to_vec()).unwrap()
    }

    fn json(trace: &Trace) -> Value {
        let mut json = Vec::new();
        trace.write_json(&mut json).unwrap();
        serde_json::from_slice(&json).unwrap()
    }

    #[test]
    fn planes_are_processes_lines_threads_and_times_microseconds() {
        let expected = r#"{"displayTimeUnit": "ns", "traceEvents": [
            {"ph": "M", "pid": 1, "tid": 0, "name": "process_name", "args": {"name": "/device:TPU:0"}},
            {"ph": "M", "pid": 1, "tid": 1, "name": "thread_name", "args": {"name": "steps"}},
            {"ph": "M", "pid": 1, "tid": 2, "name": "thread_name", "args": {"name": "ops"}},
            {"ph": "X", "pid": 1, "tid": 2, "name": "add \"1\"", "ts": 2.0, "dur": 3.0,
             "args": {"rows": -4, "kind": "fusion"}}
        ]}"#;
        assert_eq!(json(&trace()), serde_json::from_str::<Value>(expected).unwrap());
    }

    #[test]
    fn a_recording_of_nothing_is_a_list_of_no_events() {
        assert_eq!(json(&Trace::new(&[]).unwrap())["traceEvents"], json!([]));
    }

    #[test]
    fn a_zero_that_a_plugin_puts_after_the_recording_is_left_out() {
        let whole = trace();
        let ended = [whole.xspace(), &[0]].concat();
        assert_eq!(Trace::new(&ended).unwrap(), whole);
        assert!(Trace::new(b"\xff\xff\xff\0").is_none());
    }

    #[test]
    fn files_lie_where_viewers_look_for_them() {
        let folder = tempfile::tempdir().unwrap();
        let trace = trace();
        let written = trace.write(folder.path()).unwrap();
        assert_eq!(written.parent().unwrap(), folder.path().join("plugins/profile"));
        assert_eq!(fs::read(written.join("host-3.xplane.pb")).unwrap(), trace.xspace());
        let file = File::open(written.join("host-3.trace.json.gz")).unwrap();
        let read: Value = serde_json::from_reader(flate2::read::GzDecoder::new(file)).unwrap();
        assert_eq!(read, json(&trace));
    }

    /// As `time.gmtime` of Python has them.
    #[test]
    fn times_are_those_of_the_calendar() {
        for (seconds, expected) in [
            (0, "1970_01_01_00_00_00_007"),
            (951_782_399, "2000_02_28_23_59_59_007"),
            (951_868_799, "2000_02_29_23_59_59_007"),
            (951_868_800, "2000_03_01_00_00_00_007"),
            (1_795_322_005, "2026_11_22_04_33_25_007"),
            (4_107_542_399, "2100_02_28_23_59_59_007"),
            (4_107_542_400, "2100_03_01_00_00_00_007"),
        ] {
            assert_eq!(timestamp(1000 * seconds + 7), expected);
        }
    }
}

//! `metrics.jsonl`: one JSON object a line.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::{Line, MetricsError};
use crate::whole_file;

/// A file to which a run appends its metrics.
///
/// A line is `{"step": …, "split": …, name: value, …, "time": {name: value, …}}`. Values print in
/// the fewest digits that read back as the same number; one that is not finite prints as `null`.
#[derive(Debug)]
pub struct MetricsFile {
    path: PathBuf,
    file: File,
}

impl MetricsFile {
    /// The file of a new run.
    ///
    /// # Errors
    /// If there is such a file already, or it can't be made.
    pub fn create(path: &Path) -> Result<Self, MetricsError> {
        let file = File::options()
            .append(true)
            .create_new(true)
            .open(path)
            .map_err(MetricsError::io("create", path))?;
        Ok(Self { path: path.to_owned(), file })
    }

    /// The file of a run that goes on: only lines whose step and split `keep` says yes to stay, so
    /// that what is done anew stands in it once. A last line that was cut short is removed.
    ///
    /// # Errors
    /// If the file can't be read or rewritten, or a line other than the last is damaged.
    pub fn resume(path: &Path, keep: impl Fn(u64, &str) -> bool) -> Result<Self, MetricsError> {
        let contents = match fs::read(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Self::create(path),
            contents => contents.map_err(MetricsError::io("read", path))?,
        };
        let mut kept = Vec::new();
        for (index, line) in contents.split_inclusive(|&byte| byte == b'\n').enumerate() {
            if !line.ends_with(b"\n") {
                break;
            }
            let damaged =
                |problem| MetricsError::Line { path: path.to_owned(), line: index + 1, problem };
            let (step, split) = step_and_split(line).map_err(damaged)?;
            if keep(step, &split) {
                kept.extend_from_slice(line);
            }
        }
        if kept.len() < contents.len() {
            whole_file::write(path, &kept).map_err(MetricsError::io("rewrite", path))?;
        }
        let file = File::options().append(true).open(path);
        let file = file.map_err(MetricsError::io("open", path))?;
        Ok(Self { path: path.to_owned(), file })
    }

    /// Appends a line.
    ///
    /// # Errors
    /// If the file can't be written, such as on a full disk.
    pub fn append(&mut self, line: &Line<'_>) -> Result<(), MetricsError> {
        let mut text = serde_json::to_vec(line).expect("names and numbers are valid JSON");
        text.push(b'\n');
        // One write, so that a process that is killed leaves a whole line or the start of one.
        self.file.write_all(&text).map_err(MetricsError::io("write", &self.path))
    }
}

impl Serialize for Line<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct Values<'a>(&'a [(&'a str, f64)]);
        impl Serialize for Values<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_map(self.0.iter().copied())
            }
        }
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("step", &self.step)?;
        map.serialize_entry("split", &self.split.to_string())?;
        for (name, value) in self.values {
            map.serialize_entry(name, value)?;
        }
        if !self.time.is_empty() {
            map.serialize_entry("time", &Values(self.time))?;
        }
        map.end()
    }
}

fn step_and_split(line: &[u8]) -> Result<(u64, String), String> {
    let value = serde_json::from_slice::<serde_json::Value>(line).map_err(|it| it.to_string())?;
    let step = value.get("step").ok_or("it has no step")?;
    let step = step.as_u64().ok_or_else(|| format!("its step is {step}"))?;
    let split = value.get("split").and_then(serde_json::Value::as_str).unwrap_or_default();
    Ok((step, split.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Split;

    fn line(step: u64) -> Line<'static> {
        Line { step, split: Split::Validation, values: &[("nll", 0.1), ("x", f64::NAN)], time: &[] }
    }

    fn text(steps: impl IntoIterator<Item = u64>) -> String {
        let line =
            |step| format!("{{\"step\":{step},\"split\":\"validation\",\"nll\":0.1,\"x\":null}}\n");
        steps.into_iter().map(line).collect()
    }

    #[test]
    fn resuming_keeps_each_step_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("metrics.jsonl");
        let mut file = MetricsFile::create(&path).unwrap();
        (1..=5).for_each(|step| file.append(&line(step)).unwrap());

        let mut file = MetricsFile::resume(&path, |step, _| step <= 3).unwrap();
        (4..=6).for_each(|step| file.append(&line(step)).unwrap());
        assert_eq!(fs::read_to_string(&path).unwrap(), text(1..=6));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_last_line_that_was_cut_short_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("metrics.jsonl");
        fs::write(&path, format!("{}{{\"step\":2,\"sp", text([1]))).unwrap();
        MetricsFile::resume(&path, |step, _| step <= 5).unwrap().append(&line(2)).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), text([1, 2]));
    }

    #[test]
    fn a_damaged_line_in_the_middle_is_named_and_nothing_is_lost() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("metrics.jsonl");
        let damaged = format!("{}{{\"stop\":2}}\n{}", text([1]), text([3]));
        fs::write(&path, &damaged).unwrap();
        assert_eq!(
            MetricsFile::resume(&path, |step, _| step <= 1).unwrap_err().to_string(),
            format!(
                "line 2 of {} is no object with a step: it has no step; remove the line or the \
                 file to go on",
                path.display()
            )
        );
        assert_eq!(fs::read_to_string(&path).unwrap(), damaged);
    }

    #[test]
    fn a_new_run_does_not_write_over_another_ones_metrics() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("metrics.jsonl");
        fs::write(&path, text([1])).unwrap();
        let error = MetricsFile::create(&path).unwrap_err().to_string();
        assert!(error.ends_with("metrics.jsonl: File exists (os error 17)"), "{error}");
    }

    #[test]
    fn every_number_reads_back_as_itself() {
        for value in [0.1f32 as f64, 1.0 / 3.0, f64::MIN_POSITIVE, 5e-324, f64::MAX, -0.0, 1e22] {
            let values = [("v", value)];
            let line = Line { step: 0, split: Split::Test, values: &values, time: &[] };
            let text = serde_json::to_string(&line).unwrap();
            let number = text.split("\"v\":").nth(1).unwrap().trim_end_matches('}');
            assert_eq!(number.parse::<f64>().unwrap().to_bits(), value.to_bits(), "{text}");
        }
    }
}

//! What a run has written down of itself: `metrics.jsonl` as curves.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader, ErrorKind};
use std::path::Path;

use serde_json::{Map, Value};

use crate::error::{Error, Result};

/// A value beyond this is shown no more than one that isn't finite.
const LARGEST: f64 = 1e30;

/// The values of a metric by step.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Curve {
    /// What it was measured on.
    pub(super) split: String,
    pub(super) name: String,
    /// Steps and values, which are finite.
    pub(super) points: Vec<(f64, f64)>,
}

/// All curves of a run, in the order in which they begin.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct History {
    pub(super) curves: Vec<Curve>,
    /// How many lines could not be read.
    pub(super) damaged: usize,
}

impl History {
    /// What a run's `metrics.jsonl` says; nothing where there is no such file. A line that isn't one
    /// is passed over, such as the last one of a run under way.
    pub(super) fn read(path: &Path) -> Result<Self> {
        let file = match File::open(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Self::default()),
            file => file.map_err(Error::io("open", path))?,
        };
        let mut history = Self::default();
        let mut places = HashMap::new();
        for line in BufReader::new(file).split(b'\n') {
            let line = line.map_err(Error::io("read", path))?;
            if history.add(&line, &mut places).is_none() {
                history.damaged += 1;
            }
        }
        Ok(history)
    }

    /// Adds a line; `None` if it isn't one.
    fn add(&mut self, line: &[u8], places: &mut HashMap<(String, String), usize>) -> Option<()> {
        let line: Map<String, Value> = serde_json::from_slice(line).ok()?;
        let (step, split) = (line.get("step")?.as_u64()? as f64, line.get("split")?.as_str()?);
        let time = line.get("time").and_then(Value::as_object).into_iter().flatten();
        let values = line.iter().filter(|(name, _)| !["step", "split"].contains(&name.as_str()));
        for (name, value) in values.chain(time) {
            // What isn't finite was written as null.
            let Some(value) = value.as_f64().filter(|it| it.abs() <= LARGEST) else { continue };
            let key = (split.to_owned(), name.clone());
            let place = *places.entry(key).or_insert_with(|| {
                let (split, name) = (split.to_owned(), name.clone());
                self.curves.push(Curve { split, name, points: vec![] });
                self.curves.len() - 1
            });
            self.curves[place].points.push((step, value));
        }
        Some(())
    }

    /// The values of a metric.
    pub(super) fn curve(&self, split: &str, name: &str) -> Option<&Curve> {
        self.curves.iter().find(|curve| curve.split == split && curve.name == name)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn lines_that_are_none_are_passed_over_and_the_rest_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("metrics.jsonl");
        assert_eq!(History::read(&path).unwrap(), History::default());
        let text = "{\"step\":1,\"split\":\"train\",\"loss\":2.5,\"time\":{\"steps_per_second\":9}}\n\
                    nonsense\n\
                    {\"step\":2,\"split\":\"train\",\"loss\":null}\n\
                    {\"step\":3,\"split\":\"train\",\"loss\":1.5}\n\
                    {\"step\":4,\"spl";
        fs::write(&path, text).unwrap();
        let history = History::read(&path).unwrap();
        assert_eq!(history.damaged, 2);
        assert_eq!(history.curve("train", "loss").unwrap().points, [(1.0, 2.5), (3.0, 1.5)]);
        assert_eq!(history.curve("train", "steps_per_second").unwrap().points, [(1.0, 9.0)]);
        assert_eq!(history.curves.len(), 2);
    }
}

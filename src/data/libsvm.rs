//! The text of the extreme-classification repository (Bhatia et al.,
//! <http://manikvarma.org/downloads/XC/XMLRepository.html>).
//!
//! The first line has three numbers: of examples, features and classes. Each line after it is an
//! example, `1,5,7 3:0.25 9:1`: its classes, of which there may be none, and the features that aren't
//! 0, each after its place; both are counted from 0.

use std::ops::Range;

use thiserror::Error;

use super::files::File;
use super::shards::MAX_BYTES;
use super::source::{Example, RawInput, ReadError, Source};
use super::{DataError, patterns};

/// How much of a file is looked through at a time.
const CHUNK: u64 = 4 << 20;

/// A text is not of the kind that the extreme-classification repository has.
#[derive(Debug, Error)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum LibsvmError {
    #[error(
        "{file} begins with {got:?}, expected three numbers: of examples, features and classes"
    )]
    Header { file: String, got: String },
    #[error("{file} has {got} lines after the first, which says {expected}{}",
        if got < expected { ": it is cut off" } else { "" })]
    Count { file: String, expected: usize, got: usize },
    #[error("{file}, line {line}: {problem}")]
    Line { file: String, line: usize, problem: LineProblem },
    #[error(
        "{file} has {} features and {} classes, expected {} and {} as in the train split", got[0],
        got[1], expected[0], expected[1]
    )]
    Dimensions { file: String, got: [usize; 2], expected: [usize; 2] },
}

/// What is wrong with a line.
#[derive(Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum LineProblem {
    #[error("it is empty")]
    Empty,
    #[error("it has {bytes} bytes, more than {limit}")]
    Long { bytes: u64, limit: u64 },
    #[error("it is no text")]
    NotText,
    #[error("{0:?} is no label")]
    Label(String),
    #[error("the label {label}, expected less than {classes}, the number of classes")]
    LabelOutOfRange { label: u32, classes: usize },
    #[error("the label {0} twice")]
    LabelTwice(u32),
    #[error("{0:?} is no feature: expected a place, a colon and a number")]
    Feature(String),
    #[error("the feature {place}, expected less than {features}, the number of features")]
    FeatureOutOfRange { place: u32, features: usize },
    #[error("the feature {0} twice")]
    FeatureTwice(u32),
    #[error("the feature {place} is {number}")]
    NotFinite { place: u32, number: String },
}

/// The examples of a text.
#[derive(Debug)]
pub(super) struct Libsvm {
    file: File,
    features: usize,
    classes: usize,
    /// Where each line after the first begins, and where the last one ends.
    starts: Vec<u64>,
    /// How many labels the example has that has the most, the first of equals, and which it is.
    most_labels: (usize, usize),
}

impl Libsvm {
    /// Finds the lines of a file, and checks their labels.
    ///
    /// # Errors
    /// If the file can't be read, or isn't such a text.
    pub(super) fn open(text: &str) -> Result<Self, DataError> {
        let file = patterns::file(text)?;
        let mut lines = Lines::new(&file);
        let first = lines.next()?.map(|(_, line)| line).unwrap_or_default();
        let [examples, features, classes] = header(&first).ok_or_else(|| {
            let got = String::from_utf8_lossy(&first).chars().take(40).collect();
            LibsvmError::Header { file: file.to_string(), got }
        })?;
        let (mut starts, mut most_labels) = (vec![], (0, 0));
        let mut end = 0;
        while let Some((place, line)) = lines.next()? {
            let of_line = labels(&line, classes).map_err(|problem| {
                let line = starts.len() + 2;
                LibsvmError::Line { file: file.to_string(), line, problem }
            })?;
            if of_line.len() > most_labels.0 {
                most_labels = (of_line.len(), starts.len());
            }
            starts.push(place.start);
            end = place.end;
        }
        if starts.len() != examples {
            let (file, expected, got) = (file.to_string(), examples, starts.len());
            return Err(LibsvmError::Count { file, expected, got }.into());
        }
        starts.push(end);
        Ok(Self { file, features, classes, starts, most_labels })
    }

    /// The numbers of features and of classes.
    pub(super) fn dims(&self) -> [usize; 2] {
        [self.features, self.classes]
    }

    /// Checks that there are as many features and classes as in the train split.
    ///
    /// # Errors
    /// [`LibsvmError::Dimensions`].
    pub(super) fn check_dims(&self, expected: [usize; 2]) -> Result<(), LibsvmError> {
        let (file, got) = (self.file.to_string(), self.dims());
        if got == expected { Ok(()) } else { Err(LibsvmError::Dimensions { file, got, expected }) }
    }

    /// The most labels that an example has.
    pub(super) fn most_labels(&self) -> usize {
        self.most_labels.0
    }

    /// Checks that no example has more labels than `max`.
    ///
    /// # Errors
    /// [`DataError::TooManyLabels`].
    pub(super) fn check_most_labels(&self, max: usize) -> Result<(), DataError> {
        let (got, index) = self.most_labels;
        if got > max {
            return Err(DataError::TooManyLabels { name: self.name(index), got, max });
        }
        Ok(())
    }

    fn line(&self, index: usize) -> Result<Vec<u8>, DataError> {
        let (start, end) = (self.starts[index], self.starts[index + 1]);
        self.file.open()?.read_at(start, (end - start) as usize)
    }
}

impl From<LineProblem> for ReadError {
    fn from(problem: LineProblem) -> Self {
        Self::Unusable(problem.to_string())
    }
}

impl Source for Libsvm {
    fn len(&self) -> usize {
        self.starts.len() - 1
    }

    fn read(&self, index: usize) -> Result<Example, ReadError> {
        let line = self.line(index)?;
        let labels = labels(&line, self.classes)?;
        let input = RawInput::Sparse(features(&line, self.features)?);
        Ok(Example { input, labels })
    }

    fn labels(&self, index: usize) -> Result<Vec<u32>, ReadError> {
        Ok(labels(&self.line(index)?, self.classes)?)
    }

    fn name(&self, index: usize) -> String {
        format!("{}, line {}", self.file, index + 2)
    }
}

fn header(line: &[u8]) -> Option<[usize; 3]> {
    let numbers = str::from_utf8(line).ok()?.split_whitespace().map(|word| word.parse().ok());
    let numbers: [usize; 3] = numbers.collect::<Option<Vec<_>>>()?.try_into().ok()?;
    // Places and labels have 32 bits, and programs take labels with a sign.
    let fit = |number: usize| (1..=i32::MAX as usize).contains(&number);
    (fit(numbers[1]) && fit(numbers[2])).then_some(numbers)
}

/// The first word of a line, which has the labels, and the others.
fn words(line: &[u8]) -> Result<(&str, &str), LineProblem> {
    let line = str::from_utf8(line).map_err(|_| LineProblem::NotText)?;
    let line = line.trim_end();
    if line.is_empty() {
        return Err(LineProblem::Empty);
    }
    let (first, rest) = line.split_once([' ', '\t']).unwrap_or((line, ""));
    // Without labels there may be no space before the features.
    Ok(if first.contains(':') { ("", line) } else { (first, rest) })
}

fn labels(line: &[u8], classes: usize) -> Result<Vec<u32>, LineProblem> {
    let (first, _) = words(line)?;
    let mut labels = vec![];
    for word in first.split(',').filter(|_| !first.is_empty()) {
        let label = word.parse().map_err(|_| LineProblem::Label(word.to_owned()))?;
        if label as usize >= classes {
            return Err(LineProblem::LabelOutOfRange { label, classes });
        }
        labels.push(label);
    }
    match repeated(labels.iter().copied()) {
        Some(label) => Err(LineProblem::LabelTwice(label)),
        None => Ok(labels),
    }
}

fn features(line: &[u8], features: usize) -> Result<Vec<(u32, f32)>, LineProblem> {
    let (_, rest) = words(line)?;
    let mut numbers = vec![];
    for word in rest.split_whitespace() {
        let parts = word.split_once(':').and_then(|(place, number)| {
            Some((place.parse::<u32>().ok()?, number.parse::<f32>().ok()?))
        });
        let (place, number) = parts.ok_or_else(|| LineProblem::Feature(word.to_owned()))?;
        if place as usize >= features {
            return Err(LineProblem::FeatureOutOfRange { place, features });
        }
        if !number.is_finite() {
            return Err(LineProblem::NotFinite { place, number: number.to_string() });
        }
        numbers.push((place, number));
    }
    match repeated(numbers.iter().map(|&(place, _)| place)) {
        Some(place) => Err(LineProblem::FeatureTwice(place)),
        None => Ok(numbers),
    }
}

fn repeated(numbers: impl Iterator<Item = u32>) -> Option<u32> {
    let mut numbers = numbers.collect::<Vec<_>>();
    if numbers.is_sorted_by(|one, next| one < next) {
        return None;
    }
    numbers.sort_unstable();
    numbers.windows(2).find(|pair| pair[0] == pair[1]).map(|pair| pair[0])
}

/// Where a line stands with its end, and what it is without.
type Line = (Range<u64>, Vec<u8>);

/// The lines of a file, one after the other.
struct Lines<'a> {
    file: &'a File,
    /// What is read of the file and not yet given.
    window: Vec<u8>,
    /// How much of the window was given already.
    given: usize,
    /// Where the window begins.
    start: u64,
    number: usize,
}

impl<'a> Lines<'a> {
    fn new(file: &'a File) -> Self {
        Self { file, window: vec![], given: 0, start: 0, number: 0 }
    }

    /// The next line; `None` at the end of the file.
    fn next(&mut self) -> Result<Option<Line>, DataError> {
        let mut looked = self.given;
        let (length, ends) = loop {
            let new = &self.window[looked..];
            if let Some(at) = new.iter().position(|&byte| byte == b'\n') {
                break (looked + at - self.given, 1);
            }
            looked = self.window.len();
            let length = looked - self.given;
            let at = self.start + looked as u64;
            let left = self.file.size().saturating_sub(at);
            if left == 0 && length == 0 {
                return Ok(None);
            }
            if left == 0 {
                break (length, 0);
            }
            if length as u64 > MAX_BYTES {
                let problem = LineProblem::Long { bytes: length as u64, limit: MAX_BYTES };
                let (file, line) = (self.file.to_string(), self.number + 1);
                return Err(LibsvmError::Line { file, line, problem }.into());
            }
            let more = self.file.open()?.read_at(at, left.min(CHUNK) as usize)?;
            self.window.drain(..self.given);
            self.start += self.given as u64;
            looked -= self.given;
            self.given = 0;
            self.window.extend(more);
        };
        let line = self.window[self.given..][..length].to_vec();
        let start = self.start + self.given as u64;
        self.given += length + ends;
        self.number += 1;
        Ok(Some((start..start + (length + ends) as u64, line)))
    }
}

//! Metrics: summed over examples, and written down for people and for TensorBoard.
//!
//! One [`Line`] goes to a [`MetricsFile`] and an [`EventFile`] alike:
//!
//! ```
//! use hetxl::data::Split;
//! use hetxl::metrics::{Line, MetricsFile};
//!
//! # let folder = tempfile::tempdir()?;
//! # let path = folder.path().join("metrics.jsonl");
//! let mut file = MetricsFile::create(&path)?;
//! let line = Line {
//!     step: 100,
//!     split: Split::Train,
//!     values: &[("loss", 0.25), ("learning_rate", 6e-4)],
//!     time: &[("steps_per_second", 812.5)],
//! };
//! file.append(&line)?;
//! assert_eq!(
//!     std::fs::read_to_string(&path)?,
//!     "{\"step\":100,\"split\":\"train\",\"loss\":0.25,\"learning_rate\":0.0006,\
//!      \"time\":{\"steps_per_second\":812.5}}\n"
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod calibration;
mod evaluation;
mod events;
mod histogram;
mod jsonl;
mod metric;
mod propensity;
mod ranking;
mod separation;

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::data::Split;

pub use calibration::{Bin, Calibration};
pub use evaluation::{Accumulator, Evaluation};
pub use events::EventFile;
pub(crate) use events::masked_crc;
pub use histogram::{BUCKETS, Histogram};
pub use jsonl::MetricsFile;
pub use metric::{METRICS, Metric, label};
pub use propensity::Propensity;
pub use ranking::{DEPTHS, Ranking};

/// What was measured on a split after a number of steps.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    /// The number of steps done.
    pub step: u64,
    /// The split that the values were measured on.
    pub split: Split,
    /// Values that the seed decides, by name, in the order in which they are to stand.
    pub values: &'a [(&'a str, f64)],
    /// Values that hang on the machine and its load, so that two runs differ in these alone.
    pub time: &'a [(&'a str, f64)],
}

/// Metrics could not be written, or an earlier run's could not be gone on with.
#[derive(Debug, Error)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum MetricsError {
    #[error("cannot {action} {}: {source}", path.display())]
    Io { action: &'static str, path: PathBuf, source: io::Error },
    #[error(
        "line {line} of {} is no object with a step: {problem}; remove the line or the file to go \
         on", path.display()
    )]
    Line { path: PathBuf, line: usize, problem: String },
}

impl MetricsError {
    fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { action, path: path.to_owned(), source }
    }
}

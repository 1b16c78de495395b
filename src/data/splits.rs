//! Which examples are for what.

use std::sync::Arc;

use super::settings::{ImageData, Taken};
use super::source::{Part, Source};
use super::{DataError, Split};

/// The train, validation and test split, each of files of its own or the first examples of those
/// that would be for training: the first ones of all are for testing, those after them for
/// validation. `open` makes a source of files.
///
/// # Errors
/// Those of `open`, or if nothing is left to train on.
pub(super) fn splits<S: Source + 'static>(
    data: &ImageData,
    open: impl Fn(Split, &str) -> Result<S, DataError>,
) -> Result<[Part; 3], DataError> {
    let open = |split, files: &str| open(split, files).map(Arc::new);
    let train = open(Split::Train, &data.train)?;
    let len = train.len();
    let taken = |of: &Option<Taken>| match of {
        Some(Taken::First(count)) => *count,
        Some(Taken::Files(_)) | None => 0,
    };
    let (test, validation) = (taken(&data.test), taken(&data.validation));
    let first = test.checked_add(validation).filter(|&first| first < len);
    let first = first.ok_or(DataError::TakenAll { test, validation, len })?;
    let part = |range| Part { source: train.clone(), range };
    let apart = |split, of: &Option<Taken>, first| -> Result<Part, DataError> {
        match of {
            Some(Taken::Files(files)) => Ok(Part::whole(open(split, files)?)),
            Some(Taken::First(_)) | None => Ok(part(first)),
        }
    };
    let validation = apart(Split::Validation, &data.validation, test..first)?;
    let test = apart(Split::Test, &data.test, 0..test)?;
    Ok([part(first..len), validation, test])
}

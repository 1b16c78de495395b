//! Which examples are for what.

use std::sync::Arc;

use super::settings::Taken;
use super::source::{Part, Source};
use super::{DataError, Split};

/// The train, validation and test split, each of files of its own or the first examples of those
/// that would be for training: the first ones of all are for testing, those after them for
/// validation. `open` makes a source of files.
///
/// # Errors
/// Those of `open`, or if nothing is left to train on.
pub(super) fn splits<F, S: Source + 'static>(
    train: &F,
    validation: &Option<Taken<F>>,
    test: &Option<Taken<F>>,
    open: impl Fn(Split, &F) -> Result<S, DataError>,
) -> Result<[Part; 3], DataError> {
    let open = |split, files: &F| open(split, files).map(Arc::new);
    let (in_validation, in_test) = (validation, test);
    let train = open(Split::Train, train)?;
    let len = train.len();
    let taken = |of: &Option<Taken<F>>| match of {
        Some(Taken::First(count)) => *count,
        Some(Taken::Files(_)) | None => 0,
    };
    let (test, validation) = (taken(in_test), taken(in_validation));
    let first = test.checked_add(validation).filter(|&first| first < len);
    let first = first.ok_or(DataError::TakenAll { test, validation, len })?;
    let part = |range| Part { source: train.clone(), range };
    let apart = |split, of: &Option<Taken<F>>, first| -> Result<Part, DataError> {
        match of {
            Some(Taken::Files(files)) => Ok(Part::whole(open(split, files)?)),
            Some(Taken::First(_)) | None => Ok(part(first)),
        }
    };
    let validation = apart(Split::Validation, in_validation, test..first)?;
    let test = apart(Split::Test, in_test, 0..test)?;
    Ok([part(first..len), validation, test])
}

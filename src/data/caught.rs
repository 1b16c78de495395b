//! Panics of others' code that are made errors.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    static CAUGHT: Cell<bool> = const { Cell::new(false) };
}

/// Whether a panic of this thread is caught and told of as what is wrong with a file.
///
/// A panic hook is the whole process's, so this crate sets none. That of a program can ask here
/// whether it has anything to say, as the `hetxl` command's does.
pub fn panics_are_caught() -> bool {
    CAUGHT.get()
}

/// What `work` gives, or `None` if it panics.
pub(super) fn caught<T>(work: impl FnOnce() -> T) -> Option<T> {
    let before = CAUGHT.replace(true);
    let done = catch_unwind(AssertUnwindSafe(work)).ok();
    CAUGHT.set(before);
    done
}

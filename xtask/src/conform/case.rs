//! A capability, and what becomes of it on a plugin.

use std::any::Any;
use std::borrow::Cow;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use pjrt::ErrorCode;
use serde::{Deserialize, Serialize};

use super::subject::Subject;

/// A capability of a plugin, as the crate `pjrt` offers it.
pub(crate) struct Case {
    /// What is done, in a few words that stand in a table.
    pub(crate) name: Cow<'static, str>,
    exercise: Box<dyn Fn(&Subject) -> Verdict>,
}

/// A case of this name: whatever ends `exercise` early says what became of it.
pub(crate) fn case(
    name: impl Into<Cow<'static, str>>,
    exercise: impl Fn(&Subject) -> Verdict + 'static,
) -> Case {
    Case { name: name.into(), exercise: Box::new(exercise) }
}

/// `Ok` for a capability that is there and right.
pub(crate) type Verdict<T = ()> = Result<T, Finding>;

/// What became of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Finding {
    pub(crate) outcome: Outcome,
    /// Why it isn't supported, in the words of the plugin or of `pjrt`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) words: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Outcome {
    /// It works, and its numbers are right.
    Supported,
    /// The plugin says that it doesn't do this.
    Unsupported,
    /// A device or a tool that it takes isn't here.
    NotRun,
    /// A wrong number, an error that says something else, or the end of the process.
    Failed,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Supported => "supported",
            Self::Unsupported => "unsupported",
            Self::NotRun => "not run",
            Self::Failed => "failed",
        })
    }
}

impl Finding {
    pub(crate) fn supported() -> Self {
        Self { outcome: Outcome::Supported, words: String::new() }
    }

    pub(crate) fn unsupported(words: impl Into<String>) -> Self {
        Self { outcome: Outcome::Unsupported, words: words.into() }
    }

    pub(crate) fn not_run(words: impl Into<String>) -> Self {
        Self { outcome: Outcome::NotRun, words: words.into() }
    }

    pub(crate) fn failed(words: impl Into<String>) -> Self {
        Self { outcome: Outcome::Failed, words: words.into() }
    }
}

impl From<pjrt::Error> for Finding {
    fn from(error: pjrt::Error) -> Self {
        let outcome = match error {
            _ if error.is_unsupported() => Outcome::Unsupported,
            // What it takes is not on this machine, such as NVIDIA's assembler.
            pjrt::Error::Plugin { code: ErrorCode::UNAVAILABLE, .. } => Outcome::NotRun,
            _ => Outcome::Failed,
        };
        Self { outcome, words: error.to_string() }
    }
}

impl From<pjrt::HostArrayError> for Finding {
    fn from(error: pjrt::HostArrayError) -> Self {
        Self::failed(error.to_string())
    }
}

impl Case {
    /// What becomes of the case on a plugin.
    pub(crate) fn run(&self, subject: &Subject) -> Finding {
        match catch_unwind(AssertUnwindSafe(|| (self.exercise)(subject))) {
            Ok(Ok(())) => Finding::supported(),
            Ok(Err(finding)) => finding,
            Err(panic) => Finding::failed(format!("panicked: {}", message(&*panic))),
        }
    }
}

fn message(panic: &dyn Any) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message")
}

/// Fails unless `got` is what was expected.
#[allow(clippy::needless_pass_by_value)] // as calls read without borrows
pub(crate) fn same<T: PartialEq<U> + fmt::Debug, U: fmt::Debug>(
    what: &str,
    got: T,
    expected: U,
) -> Verdict {
    if got == expected {
        return Ok(());
    }
    Err(Finding::failed(format!("{what}: expected {expected:?}, got {got:?}")))
}

/// Fails unless something holds.
pub(crate) fn holds(what: &str, holds: bool) -> Verdict {
    if holds { Ok(()) } else { Err(Finding::failed(format!("does not hold: {what}"))) }
}

/// Fails unless a mistake was answered by an error, whichever but that there is no such capability
/// at all.
pub(crate) fn refused<T>(result: pjrt::Result<T>) -> Verdict {
    match result {
        Ok(_) => Err(Finding::failed("was accepted")),
        Err(error) if error.is_unsupported() => Err(error.into()),
        Err(_) => Ok(()),
    }
}

//! Versions of StableHLO.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// A version of StableHLO, such as 1.13.3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// The first number.
    pub major: u16,
    /// The second number.
    pub minor: u16,
    /// The third number.
    pub patch: u16,
}

/// What is not a version.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0:?} is no version of StableHLO: three numbers are, such as 1.13.3")]
pub struct ParseVersionError(String);

impl Version {
    /// The first version whose portable bytecode every later one reads.
    pub const FIRST: Self = Self::new(0, 9, 0);

    /// The last version that portable bytecode is written for. Every later one reads that too.
    pub const LATEST: Self = Self::new(1, 17, 0);

    /// The version of the three numbers.
    pub const fn new(major: u16, minor: u16, patch: u16) -> Self {
        Self { major, minor, patch }
    }
}

impl FromStr for Version {
    type Err = ParseVersionError;

    fn from_str(text: &str) -> Result<Self, ParseVersionError> {
        let numbers: Result<Vec<u16>, _> = text.split('.').map(str::parse).collect();
        match numbers.as_deref() {
            Ok(&[major, minor, patch]) => Ok(Self { major, minor, patch }),
            _ => Err(ParseVersionError(text.to_owned())),
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

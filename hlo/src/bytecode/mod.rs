//! Portable bytecode: a program in MLIR's bytecode and in VHLO, the versioned form of StableHLO, as
//! MLIR's document "MLIR Bytecode Format" and StableHLO's on compatibility describe them. What is
//! written for a version of StableHLO is read by that version and all that follow it.
//!
//! A program is one section with its operations, which refer by number to tables of strings,
//! attributes, types and names of operations in the sections before it.

mod attributes;
mod encoding;
mod operations;
mod shardy;
mod tables;
mod types;

use std::panic::Location;

use thiserror::Error;

use crate::module::Module;
use crate::version::Version;
use encoding::Encoder;
use operations::Writer;

/// Why a program can't be written for a version of StableHLO.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum BytecodeError {
    #[error(
        "portable bytecode is written for versions {} to {} of StableHLO, got {got}; newer ones \
         read what is written for {}",
        Version::FIRST,
        Version::LATEST,
        Version::LATEST
    )]
    Version { got: Version },
    #[error(
        "the mesh, and marks of sharding, need StableHLO {needs}, and {got} is asked for: write \
         the program for {needs} or newer"
    )]
    Mesh { needs: Version, got: Version },
    #[error(
        "{location}: {operation}{} needs StableHLO {needs}, and {got} is asked for: write the \
         program for {needs} or newer",
        attribute.map_or(String::new(), |name| format!(" with `{name}`"))
    )]
    Operation {
        operation: &'static str,
        /// What the operation makes use of that older versions lack.
        attribute: Option<&'static str>,
        location: &'static Location<'static>,
        needs: Version,
        got: Version,
    },
}

/// The version of MLIR's bytecode itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Container(u64);

impl Container {
    /// From here on a dialect may state its version.
    const DIALECT_VERSIONS: Self = Self(1);
    /// From here on what sees no values around it is a section, so that it can be skipped.
    const SKIPPABLE_REGIONS: Self = Self(2);
    /// From here on the order of a value's uses can be stated.
    const USE_LISTS: Self = Self(3);
    /// From here on arguments of blocks without a location take no space for it.
    const NO_LOCATIONS: Self = Self(4);
    /// From here on the number of operations' names is stated.
    const NAMES_COUNTED: Self = Self(4);
    /// From here on an operation's own attributes are apart from those that others gave it.
    const PROPERTIES: Self = Self(5);

    /// The one that StableHLO's own writer uses for a version of StableHLO.
    fn of(version: Version) -> Self {
        match (version.major, version.minor) {
            (0, ..=9) => Self(0),
            (0, 10..=11) => Self(1),
            (0, 12..=13) => Self(3),
            (0, 14) => Self(4),
            _ => Self(6),
        }
    }
}

/// The module in bytecode that StableHLO `version` reads, with the user's source lines where
/// `locations` says. Inputs carry their names as locations, as they do in text.
pub(crate) fn write(
    module: &Module,
    version: Version,
    locations: bool,
) -> Result<Vec<u8>, BytecodeError> {
    if !(Version::FIRST..=Version::LATEST).contains(&version) {
        return Err(BytecodeError::Version { got: version });
    }
    let container = Container::of(version);
    let mut writer = Writer::new(module, version, container, locations);
    let operations = writer.module()?;
    let mut bytecode = Encoder::default();
    bytecode.bytes(b"ML\xefR");
    bytecode.number(container.0);
    bytecode.bytes(format!("StableHLO_v{version}\0").as_bytes());
    writer.tables.write(&mut bytecode, container);
    bytecode.section(operations::SECTION, &operations);
    Ok(bytecode.finish())
}

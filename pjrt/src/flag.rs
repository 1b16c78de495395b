//! Flags of XLA's compiler, and what they are called where a program gets them wrong.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use crate::error::{Error, ErrorCode};

/// The value of an XLA flag.
///
/// A number or the name of an enumeration's member may as well be given as a string; a boolean only
/// in the spelling that the flag's own reader takes, which differs.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub enum Flag {
    String(String),
    Bool(bool),
    Int(i64),
    Float(f64),
}

impl fmt::Display for Flag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::String(value) => write!(f, "the string {value:?}"),
            Self::Bool(value) => write!(f, "the boolean {value}"),
            Self::Int(value) => write!(f, "the integer {value}"),
            Self::Float(value) => write!(f, "the number {value}"),
        }
    }
}

/// What went wrong with a compilation, by the flag that it is about if it is about one.
pub(crate) fn explain(error: Error, flags: &BTreeMap<String, Flag>, plugin: &Path) -> Error {
    let Error::Plugin { code: ErrorCode::INVALID_ARGUMENT, message, .. } = &error else {
        return error;
    };
    for (flag, value) in flags {
        // These are the words of every plugin from interface 0.81 to 0.117, TPU's own flags last.
        if *message == format!("No such compile option: '{flag}'") {
            let flag = flag.clone();
            let nearest = nearest(&flag, plugin);
            return Error::UnknownFlag { flag, nearest, plugin: plugin.to_owned() };
        }
        if message.starts_with(&format!("While setting option {flag}, "))
            || message.starts_with("Failed to parse '")
                && message.contains(&format!("' into flag {flag}:"))
        {
            let (flag, value, message) = (flag.clone(), value.clone(), message.clone());
            return Error::FlagValue { flag, value, message };
        }
    }
    error
}

/// The name in a plugin's library that is nearest to `flag`; none if nothing is near, or if the library
/// doesn't tell names. It may be that of something else than a flag.
fn nearest(flag: &str, library: &Path) -> Option<String> {
    // Without its names the error is still worth telling.
    let known = names(BufReader::with_capacity(1 << 16, File::open(library).ok()?)).ok()?;
    most_similar(flag, known)
}

/// The name that `flag` may be a misspelling of: one of three letters may be another.
fn most_similar(flag: &str, known: Vec<String>) -> Option<String> {
    // A field of another message can have the very name that was refused.
    let others = known.into_iter().filter(|known| known != flag);
    let others = others.map(|known| (strsim::osa_distance(flag, &known), known));
    let (distance, known) = others.min()?;
    (distance <= flag.len() / 3).then_some(known)
}

/// The names of flags in a library: those of fields in the descriptions of protobuf messages that
/// are compiled into it. Every flag is such a field, and not every such field is a flag.
fn names(mut library: impl BufRead) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    let mut piece = Vec::new();
    loop {
        piece.clear();
        // The tag of a field's name, which comes first, is also what ends a line. A name of as many
        // bytes as that tag's number is missed.
        if library.read_until(b'\n', &mut piece)? == 0 {
            return Ok(names);
        }
        names.extend(name(&piece).map(str::to_owned));
    }
}

/// The name that a piece of a library begins with, if it does: its length, its bytes, and the tag of
/// the field's number.
fn name(piece: &[u8]) -> Option<&str> {
    let (&length, rest) = piece.split_first()?;
    let (name, rest) = rest.split_at_checked(length.into())?;
    let name = str::from_utf8(name).ok().filter(|name| name.starts_with("xla_"))?;
    rest.starts_with(&[0x18]).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_fields_alone() {
        let field = |name: &str| [&[b'\n', name.len() as u8], name.as_bytes(), &[0x18, 7]].concat();
        let library = [
            b"xla_in_some_text\0\n".to_vec(),
            field("xla_dump_to"),
            field("other_field"),
            b"\n\x0bxla_cut_off".to_vec(),
            field("xla_gpu_autotune_level"),
            b"\n\xffxla_end".to_vec(),
        ];
        let names = names(&*library.concat()).unwrap();
        assert_eq!(names, ["xla_dump_to", "xla_gpu_autotune_level"]);
    }

    #[test]
    fn only_another_name_that_is_near_is_held_to_be_meant() {
        let meant = |flag| {
            let known = ["xla_args", "xla_dump_to", "xla_dump_hlo_as_text"];
            most_similar(flag, known.map(str::to_owned).into())
        };
        assert_eq!(meant("xla_dump_hlo_as_texts").as_deref(), Some("xla_dump_hlo_as_text"));
        assert_eq!(meant("xla_dumpto").as_deref(), Some("xla_dump_to"));
        for flag in ["xla_args", "", "x", "xla_gpu_autotune_level"] {
            assert_eq!(meant(flag), None, "{flag}");
        }
    }

    #[test]
    fn an_error_about_something_else_stays_what_it_is() {
        let flags = [("xla_dump_to".to_owned(), Flag::Int(1))].into();
        for (code, message) in [
            (ErrorCode::INVALID_ARGUMENT, "No such compile option: 'xla_dump_too'"),
            (ErrorCode::INTERNAL, "While setting option xla_dump_to, no luck"),
        ] {
            let error = Error::Plugin { function: "PJRT_Compile", code, message: message.into() };
            let explained = explain(error, &flags, Path::new("/p.so"));
            assert!(matches!(explained, Error::Plugin { .. }), "{explained}");
        }
    }
}

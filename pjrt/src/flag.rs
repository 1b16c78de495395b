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

/// The flag of a plugin whose name is nearest to `flag`; none if its library doesn't tell names.
fn nearest(flag: &str, library: &Path) -> Option<String> {
    // Without its names the error is still worth telling.
    let known = names(BufReader::with_capacity(1 << 16, File::open(library).ok()?)).ok()?;
    known.into_iter().min_by_key(|known| strsim::osa_distance(flag, known))
}

/// The names of flags in a library: those of fields in the descriptions of protobuf messages that
/// are compiled into it, for which every flag is one.
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

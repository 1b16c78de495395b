//! The tables of a program in bytecode, to which everything in it refers by number.

use std::collections::HashMap;
use std::hash::Hash;

use super::Container;
use super::encoding::Encoder;

/// The dialects that a portable program is made of. Their numbers are their places in `NAMES`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Dialect {
    Builtin,
    Vhlo,
    /// Shardy, where the program has marks of sharding.
    Sdy,
}

impl Dialect {
    const NAMES: [&'static str; 3] = ["builtin", "vhlo", "sdy"];
}

/// An attribute or type.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Entry {
    dialect: Dialect,
    /// Whether the dialect encodes it. Otherwise it stands there as text, with a zero behind it.
    encoded: bool,
    bytes: Vec<u8>,
}

impl Entry {
    /// A code and what `encode` writes behind it.
    fn coded(dialect: Dialect, code: u64, encode: impl FnOnce(&mut Encoder)) -> Self {
        let mut encoder = Encoder::default();
        encoder.number(code);
        encode(&mut encoder);
        Self { dialect, encoded: true, bytes: encoder.finish() }
    }

    fn text(dialect: Dialect, text: &str) -> Self {
        Self { dialect, encoded: false, bytes: [text.as_bytes(), b"\0"].concat() }
    }
}

/// Distinct entries, numbered in the order in which they came.
#[derive(Debug)]
struct Table<T>(HashMap<T, usize>);

impl<T: Hash + Eq> Table<T> {
    fn number(&mut self, entry: T) -> usize {
        let next = self.0.len();
        *self.0.entry(entry).or_insert(next)
    }

    fn entries(&self) -> Vec<&T> {
        let mut entries: Vec<_> = self.0.iter().collect();
        entries.sort_unstable_by_key(|&(_, number)| number);
        entries.into_iter().map(|(entry, _)| entry).collect()
    }
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

/// Identifiers of sections.
mod section {
    pub(super) const STRINGS: u8 = 0;
    pub(super) const DIALECTS: u8 = 1;
    pub(super) const ATTRIBUTES: u8 = 2;
    pub(super) const ATTRIBUTE_SIZES: u8 = 3;
    pub(super) const PROPERTIES: u8 = 8;
}

/// All tables of a program.
#[derive(Debug, Default)]
pub(super) struct Tables {
    strings: Table<String>,
    attributes: Table<Entry>,
    types: Table<Entry>,
    names: Table<(Dialect, String)>,
    properties: Table<Vec<u8>>,
}

impl Tables {
    pub(super) fn string(&mut self, string: &str) -> usize {
        self.strings.number(string.to_owned())
    }

    /// An attribute that `dialect` encodes as `code` and what `encode` writes behind it.
    pub(super) fn attribute(
        &mut self,
        dialect: Dialect,
        code: u64,
        encode: impl FnOnce(&mut Encoder),
    ) -> usize {
        self.attributes.number(Entry::coded(dialect, code, encode))
    }

    /// A type of VHLO, by its code and what `encode` writes behind it.
    pub(super) fn ty(&mut self, code: u64, encode: impl FnOnce(&mut Encoder)) -> usize {
        self.types.number(Entry::coded(Dialect::Vhlo, code, encode))
    }

    /// An attribute of `dialect` as it stands in text.
    pub(super) fn attribute_text(&mut self, dialect: Dialect, text: &str) -> usize {
        self.attributes.number(Entry::text(dialect, text))
    }

    /// A type of `dialect` as it stands in text.
    pub(super) fn type_text(&mut self, dialect: Dialect, text: &str) -> usize {
        self.types.number(Entry::text(dialect, text))
    }

    /// The name of an operation.
    pub(super) fn name(&mut self, dialect: Dialect, name: &str) -> usize {
        self.names.number((dialect, name.to_owned()))
    }

    /// The attributes that belong to an operation itself, encoded.
    pub(super) fn properties(&mut self, encode: impl FnOnce(&mut Encoder)) -> usize {
        let mut encoder = Encoder::default();
        encode(&mut encoder);
        self.properties.number(encoder.finish())
    }

    /// All sections but that of the operations.
    pub(super) fn write(mut self, bytecode: &mut Encoder, container: Container) {
        bytecode.section(section::DIALECTS, &self.dialects(container));
        let (content, sizes) = self.attributes_and_types();
        bytecode.section(section::ATTRIBUTE_SIZES, &sizes);
        bytecode.section(section::ATTRIBUTES, &content);
        bytecode.section(section::STRINGS, &self.strings());
        if container >= Container::PROPERTIES {
            let mut section = Encoder::default();
            let properties = self.properties.entries();
            section.index(properties.len());
            properties.iter().for_each(|entry| section.blob(entry));
            bytecode.section(section::PROPERTIES, &section.finish());
        }
    }

    /// The dialects, then the names of operations in groups of one dialect.
    fn dialects(&mut self, container: Container) -> Vec<u8> {
        let mut section = Encoder::default();
        let has_marks = self.attributes.0.keys().any(|entry| entry.dialect == Dialect::Sdy);
        let dialects = &Dialect::NAMES[..if has_marks { 3 } else { 2 }];
        section.index(dialects.len());
        for name in dialects {
            let name = self.string(name);
            if container >= Container::DIALECT_VERSIONS {
                let has_version = false;
                section.flagged(name, has_version);
            } else {
                section.index(name);
            }
        }
        let Self { names, strings, .. } = self;
        let names = names.entries();
        if container >= Container::NAMES_COUNTED {
            section.index(names.len());
        }
        for group in names.chunk_by(|a, b| a.0 == b.0) {
            section.index(group[0].0 as usize);
            section.index(group.len());
            for (_, name) in group {
                let name = strings.number(name.clone());
                if container >= Container::PROPERTIES {
                    let is_registered = true;
                    section.flagged(name, is_registered);
                } else {
                    section.index(name);
                }
            }
        }
        section.finish()
    }

    /// The attributes and types, and how long each is, in groups of one dialect.
    fn attributes_and_types(&self) -> (Vec<u8>, Vec<u8>) {
        let (mut content, mut sizes) = (Encoder::default(), Encoder::default());
        let tables = [self.attributes.entries(), self.types.entries()];
        tables.iter().for_each(|table| sizes.index(table.len()));
        let groups = tables.iter().flat_map(|table| table.chunk_by(|a, b| a.dialect == b.dialect));
        for group in groups {
            sizes.index(group[0].dialect as usize);
            sizes.index(group.len());
            for entry in group {
                sizes.flagged(entry.bytes.len(), entry.encoded);
                content.bytes(&entry.bytes);
            }
        }
        (content.finish(), sizes.finish())
    }

    /// The lengths of the strings from the last to the first, then the strings, a zero behind each.
    fn strings(&self) -> Vec<u8> {
        let mut section = Encoder::default();
        let strings = self.strings.entries();
        section.index(strings.len());
        strings.iter().rev().for_each(|string| section.index(string.len() + 1));
        for string in strings {
            section.bytes(string.as_bytes());
            section.byte(0);
        }
        section.finish()
    }
}

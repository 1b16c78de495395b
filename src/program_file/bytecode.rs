//! What a program in MLIR's bytecode says of itself: the strings in it, and the attributes of its
//! module. The format is that of MLIR's document "MLIR Bytecode Format".

use super::Facts;

/// Identifiers of sections.
mod section {
    pub(super) const STRINGS: usize = 0;
    pub(super) const ATTRIBUTES: usize = 2;
    pub(super) const ATTRIBUTE_SIZES: usize = 3;
    pub(super) const OPERATIONS: usize = 4;
    pub(super) const COUNT: usize = 9;
}

/// Encodings of attributes of the dialect `builtin`.
mod encoding {
    pub(super) const DICTIONARY: u64 = 1;
    pub(super) const STRING: u64 = 2;
}

/// Reads what a program says of itself; of one that is damaged, nothing.
pub(super) fn facts(bytes: &[u8]) -> Facts {
    let Some(module) = Module::read(bytes) else { return Facts::default() };
    let is_shardy = |name: &&[u8]| {
        *name == b"sdy" || name.starts_with(b"sdy.") || name.windows(5).any(|at| at == b".sdy.")
    };
    let shardy = module.strings.iter().any(is_shardy);
    Facts {
        replicas: module.count(b"mhlo.num_replicas"),
        partitions: module.count(b"mhlo.num_partitions"),
        marked: shardy || module.strings.contains(&&b"mhlo.sharding"[..]),
        shardy,
        ..Facts::default()
    }
}

/// A module, as far as it is read here.
struct Module<'a> {
    strings: Vec<&'a [u8]>,
    /// The attributes of the whole program, encoded.
    attributes: Vec<&'a [u8]>,
    /// The names and values of those of the module itself, by their number.
    own: Vec<(usize, usize)>,
}

impl<'a> Module<'a> {
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let mut reader = Reader(bytes.get(4..)?);
        reader.number()?;
        let producer = reader.0.iter().position(|&byte| byte == 0)?;
        reader.take(producer + 1)?;
        let mut sections = [&[][..]; section::COUNT];
        while !reader.0.is_empty() {
            let id = reader.byte()?;
            let len = reader.number()?;
            if id & 0x80 != 0 {
                let alignment = usize::try_from(reader.number()?).ok()?;
                let at = bytes.len() - reader.0.len();
                reader.take(at.checked_next_multiple_of(alignment)? - at)?;
            }
            *sections.get_mut(usize::from(id & 0x7f))? = reader.take(len.try_into().ok()?)?;
        }
        let mut module = Self {
            strings: strings(sections[section::STRINGS])?,
            attributes: attributes(
                sections[section::ATTRIBUTES],
                sections[section::ATTRIBUTE_SIZES],
            )?,
            own: Vec::new(),
        };
        if let Some(dictionary) = dictionary(sections[section::OPERATIONS]) {
            module.own = module.entries(dictionary)?;
        }
        Some(module)
    }

    /// The names and values of a dictionary.
    fn entries(&self, dictionary: usize) -> Option<Vec<(usize, usize)>> {
        let mut reader = Reader(self.attributes.get(dictionary)?);
        if reader.number()? != encoding::DICTIONARY {
            return None;
        }
        let count = reader.number()?;
        (0..count).map(|_| Some((reader.index()?, reader.index()?))).collect()
    }

    /// A whole number among the module's own attributes.
    fn count(&self, name: &[u8]) -> Option<usize> {
        let is_name = |&&(key, _): &&(usize, usize)| {
            let key = self.attributes.get(key).copied().and_then(|key| {
                let mut key = Reader(key);
                (key.number()? == encoding::STRING).then(|| key.index()).flatten()
            });
            key.and_then(|key| self.strings.get(key)) == Some(&name)
        };
        let &(_, value) = self.own.iter().find(is_name)?;
        // Dialects number their integers differently; their type follows, then the value.
        let mut value = Reader(self.attributes.get(value)?);
        value.number()?;
        value.number()?;
        let zigzag = value.number()?;
        let is_whole = value.0.is_empty() && zigzag % 2 == 0;
        usize::try_from(zigzag / 2).ok().filter(|_| is_whole)
    }
}

/// The strings, whose lengths come first, from the last to the first.
fn strings(section: &[u8]) -> Option<Vec<&[u8]>> {
    let mut reader = Reader(section);
    let count = reader.number()?;
    let lengths = (0..count).map(|_| reader.index()).collect::<Option<Vec<_>>>()?;
    // Each ends in a zero.
    lengths.into_iter().rev().map(|len| reader.take(len)?.split_last().map(|it| it.1)).collect()
}

/// The attributes, whose sizes are in a section of their own, by dialects.
fn attributes<'a>(section: &'a [u8], sizes: &[u8]) -> Option<Vec<&'a [u8]>> {
    let (mut data, mut sizes) = (Reader(section), Reader(sizes));
    let (count, _types) = (sizes.index()?, sizes.number()?);
    let mut attributes = Vec::new();
    while attributes.len() < count {
        let (_dialect, group) = (sizes.number()?, sizes.number()?);
        for _ in 0..group {
            // The last bit says whether the dialect encodes its attributes itself.
            let size = sizes.index()?;
            attributes.push(data.take(size >> 1)?);
        }
    }
    Some(attributes)
}

/// The number of the dictionary that holds the attributes of the first operation, the module.
fn dictionary(operations: &[u8]) -> Option<usize> {
    const HAS_ATTRIBUTES: u8 = 1;
    let mut reader = Reader(operations);
    let (_count, _name, mask) = (reader.number()?, reader.number()?, reader.byte()?);
    let _location = reader.number()?;
    (mask & HAS_ATTRIBUTES != 0).then(|| reader.index()).flatten()
}

/// Reads from the start of what is left.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(taken)
    }

    fn byte(&mut self) -> Option<u8> {
        Some(self.take(1)?[0])
    }

    /// A number of one to nine bytes: the lowest bit that is set in the first one tells how many
    /// follow it.
    fn number(&mut self) -> Option<u64> {
        let more = self.0.first()?.trailing_zeros() as usize;
        if more == 8 {
            let bytes = &self.take(9)?[1..];
            return Some(u64::from_le_bytes(bytes.try_into().ok()?));
        }
        let mut bytes = [0; 8];
        bytes[..=more].copy_from_slice(self.take(more + 1)?);
        Some(u64::from_le_bytes(bytes) >> (more + 1))
    }

    fn index(&mut self) -> Option<usize> {
        self.number()?.try_into().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_cut_off_or_damaged_anywhere_states_what_is_left_of_it_or_nothing() {
        let whole = include_bytes!("../../tests/data/sum-shardy.mlirbc");
        assert_eq!((facts(whole).replicas, facts(whole).partitions), (Some(1), Some(8)));
        for end in 0..whole.len() {
            let facts = facts(&whole[..end]);
            assert!(matches!(facts.partitions, None | Some(8)), "{end}: {facts:?}");
        }
        for at in 4..whole.len() {
            for byte in [0, 1, 2, 0x80, 0xff] {
                let mut damaged = whole.to_vec();
                damaged[at] = byte;
                let _ = facts(&damaged);
            }
        }
    }

    /// Written by `hlo`, for each version of MLIR's bytecode that it is written in.
    #[test]
    fn what_a_traced_program_says_of_itself_is_read_at_every_version() {
        let plain = hlo::trace("plain", |t| t.output("y", t.input("x", hlo::DType::F32, [8])));
        let marked = hlo::trace("marked", |t| {
            t.mesh(&[("data", 4), ("model", 2)]);
            t.output("y", t.input("x", hlo::DType::F32, [8]).sharded("data"));
        });
        let replicated = hlo::trace("replicated", |t| {
            t.replicas(4);
            t.output("y", t.input("x", hlo::DType::F32, [8]));
        });
        let versions = [(0, 9), (0, 10), (0, 12), (0, 14), (0, 15), (1, 11), (1, 17)];
        for version in versions.map(|(major, minor)| hlo::Version::new(major, minor, 0)) {
            let read = |program: &hlo::Program| facts(&program.bytecode(version).unwrap());
            let facts = read(plain.as_ref().unwrap());
            assert_eq!((facts.replicas, facts.partitions, facts.marked), (None, None, false));
            let facts = read(replicated.as_ref().unwrap());
            assert_eq!((facts.replicas, facts.partitions), (Some(4), Some(1)), "{version}");
            if version >= hlo::Version::new(1, 11, 0) {
                let facts = read(marked.as_ref().unwrap());
                assert_eq!((facts.replicas, facts.partitions), (Some(1), Some(8)), "{version}");
                assert!(facts.marked && facts.shardy, "{version}");
            }
        }
    }

    #[test]
    fn numbers_are_read_at_every_length() {
        let number = |bytes: &[u8]| Reader(bytes).number();
        assert_eq!(number(&[0b1111_1111]), Some(127));
        assert_eq!(number(&[0b10, 0b10]), Some(128));
        assert_eq!(number(&[0, 1, 0, 0, 0, 0, 0, 0, 0x80]), Some(1 << 63 | 1));
        assert_eq!(number(&[0x80, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]), Some((1 << 56) - 1));
        assert_eq!(number(&[0, 1, 0, 0]), None);
        assert_eq!(number(&[]), None);
    }
}

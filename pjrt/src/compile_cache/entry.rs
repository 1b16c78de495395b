//! A file of the cache: a mark, a hash of the rest, a header, the contents.

use std::io::Read;

use prost::Message as _;
use sha2::{Digest as _, Sha256};

use super::key::Key;
use crate::sha256::Digest;

/// What a file begins with.
const MAGIC: &[u8; 8] = b"hetxlexe";

/// Mark and hash.
const FRONT: usize = MAGIC.len() + size_of::<Digest>();

/// The most that a header takes.
const HEADER: usize = 1 << 16;

/// What is told of a program without loading it.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct Header {
    /// What the program is found by: a file that was given another name is not that program.
    #[prost(bytes = "vec", tag = "1")]
    key: Vec<u8>,
    #[prost(string, tag = "2")]
    pub(super) name: String,
    #[prost(string, tag = "3")]
    pub(super) platform: String,
}

impl Header {
    pub(super) fn new(key: &Key, name: &str, platform: &str) -> Self {
        // A name serves people, who don't read thousands of letters.
        let name = name.chars().take(200).collect();
        Self { key: key.0.to_vec(), name, platform: platform.to_owned() }
    }

    /// The header of a file, of which no more is read; none where it has none.
    pub(super) fn read(file: &mut impl Read) -> Option<Self> {
        let mut bytes = Vec::new();
        file.take((FRONT + HEADER) as u64).read_to_end(&mut bytes).ok()?;
        if !bytes.starts_with(MAGIC) {
            return None;
        }
        Self::decode_length_delimited(bytes.get(FRONT..)?).ok()
    }
}

/// A file of the cache.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entry<'a> {
    pub(super) header: Header,
    /// The program as the plugin wrote it, or a plugin's hash.
    pub(super) contents: &'a [u8],
}

impl<'a> Entry<'a> {
    /// The file's contents.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut rest = self.header.encode_length_delimited_to_vec();
        rest.extend(self.contents);
        [MAGIC, Sha256::digest(&rest).as_slice(), &rest].concat()
    }

    /// Reads a file's contents; none unless they are whole and those of `key`.
    pub(super) fn read(bytes: &'a [u8], key: &Key) -> Option<Self> {
        let (digest, mut rest) = bytes.strip_prefix(MAGIC)?.split_at_checked(size_of::<Digest>())?;
        if Sha256::digest(rest).as_slice() != digest {
            return None;
        }
        let header = Header::decode_length_delimited(&mut rest).ok()?;
        (header.key == key.0).then_some(Self { header, contents: rest })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: Key = Key([7; 32]);

    fn bytes() -> Vec<u8> {
        let header = Header::new(&KEY, "train_step", "cpu");
        Entry { header, contents: b"machine code" }.to_bytes()
    }

    #[test]
    fn a_file_reads_back_as_what_was_written() {
        let bytes = bytes();
        let entry = Entry::read(&bytes, &KEY).unwrap();
        assert_eq!(entry.contents, b"machine code");
        let header = Header::read(&mut &bytes[..]).unwrap();
        assert_eq!((header.name.as_str(), header.platform.as_str()), ("train_step", "cpu"));
        assert_eq!(header, entry.header);
    }

    #[test]
    fn a_change_of_any_bit_a_cut_or_an_addition_is_noticed() {
        let whole = bytes();
        for at in 0..whole.len() * 8 {
            let mut bytes = whole.clone();
            bytes[at / 8] ^= 1 << (at % 8);
            assert_eq!(Entry::read(&bytes, &KEY), None, "bit {at}");
        }
        for len in 0..whole.len() {
            assert_eq!(Entry::read(&whole[..len], &KEY), None, "{len} bytes");
        }
        assert_eq!(Entry::read(&[&whole[..], b"\0"].concat(), &KEY), None);
    }

    #[test]
    fn a_whole_file_under_the_name_of_another_program_is_not_that_program() {
        assert_eq!(Entry::read(&bytes(), &Key([8; 32])), None);
    }
}

//! The IDX format of MNIST: a big-endian header with the dimensions, then the bytes.
//!
//! The format is `0 0 type rank`, one byte each, then `rank` dimensions of four bytes, then the
//! elements in row-major order. Only unsigned bytes (type 8) are read, plain or compressed by
//! gzip, whatever the file is called.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;

use super::DataError;

const UNSIGNED_BYTE: u8 = 8;

/// An array of bytes with `R` dimensions.
pub(super) struct Idx<const R: usize> {
    /// What the array is called in messages.
    pub file: String,
    pub dims: [usize; R],
    pub bytes: Vec<u8>,
}

impl<const R: usize> Idx<R> {
    /// Reads the file `part`, such as `train-images`, of a folder in the layout of MNIST.
    pub(super) fn read(folder: &Path, part: &str) -> Result<Self, DataError> {
        let path = locate(folder, part, R)?;
        let file = path.display().to_string();
        match fs::read(&path) {
            Ok(bytes) => Self::parse(file, &bytes),
            Err(source) => Err(DataError::Read { file, source }),
        }
    }

    /// Reads an array from the contents of a file.
    pub(super) fn parse(file: impl Into<String>, contents: &[u8]) -> Result<Self, DataError> {
        let file = file.into();
        if contents.starts_with(&[0x1f, 0x8b]) {
            Self::parse_plain(file, MultiGzDecoder::new(contents))
        } else {
            Self::parse_plain(file, contents)
        }
    }

    fn parse_plain(file: String, mut reader: impl Read) -> Result<Self, DataError> {
        // Reads up to `count` bytes. The buffer grows with what is there, so that a header that
        // lies about the size can't make it allocate more than the file holds.
        let mut read = |count: u64| {
            let mut bytes = Vec::new();
            match reader.by_ref().take(count).read_to_end(&mut bytes) {
                Ok(_) => Ok(bytes),
                Err(source) => Err(DataError::Read { file: file.clone(), source }),
            }
        };
        let header = 4 + 4 * R as u64;
        let truncated = |expected, got| DataError::Truncated { file: file.clone(), expected, got };

        let magic = read(4)?;
        let expected = [0, 0, UNSIGNED_BYTE, R as u8];
        if magic != expected {
            return Err(DataError::Magic { file: file.clone(), expected, got: magic });
        }
        let sizes = read(4 * R as u64)?;
        if sizes.len() < 4 * R {
            return Err(truncated(header, 4 + sizes.len() as u64));
        }
        let mut dims = [0; R];
        let mut count = 1u64;
        for (dim, size) in dims.iter_mut().zip(sizes.chunks_exact(4)) {
            let size = u32::from_be_bytes(size.try_into().expect("chunks have four bytes"));
            *dim = size as usize;
            count = count.saturating_mul(u64::from(size));
        }
        let bytes = read(count)?;
        let expected = count.saturating_add(header);
        if (bytes.len() as u64) < count {
            return Err(truncated(expected, header + bytes.len() as u64));
        }
        if !read(1)?.is_empty() {
            return Err(DataError::Trailing { file: file.clone(), expected });
        }
        Ok(Self { file, dims, bytes })
    }
}

/// The file `part` under any of the names that it is spread under.
fn locate(folder: &Path, part: &str, rank: usize) -> Result<PathBuf, DataError> {
    if let Err(source) = fs::metadata(folder) {
        return Err(DataError::Read { file: folder.display().to_string(), source });
    }
    let names = ["-", "."].map(|separator| format!("{part}{separator}idx{rank}-ubyte"));
    names
        .iter()
        .flat_map(|name| [folder.join(name), folder.join(format!("{name}.gz"))])
        .find(|path| path.is_file())
        .ok_or_else(|| DataError::Missing { folder: folder.to_owned(), names })
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    const IMAGES: &[u8] = &[0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 9, 8, 7, 6];

    fn error(contents: &[u8]) -> String {
        Idx::<3>::parse("f", contents).err().expect("the file is wrong").to_string()
    }

    #[test]
    fn plain_and_compressed_files_hold_the_same() {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), Default::default());
        encoder.write_all(IMAGES).unwrap();
        for contents in [IMAGES, &encoder.finish().unwrap()] {
            let idx = Idx::<3>::parse("f", contents).unwrap();
            assert_eq!((idx.dims, idx.bytes), ([2, 1, 2], vec![9, 8, 7, 6]));
        }
    }

    #[test]
    fn a_file_of_another_kind_is_refused_by_its_first_bytes() {
        let expected = "f starts with [80, 75, 3, 4], expected [0, 0, 8, 3]: IDX of unsigned \
                        bytes with 3 dimensions";
        assert_eq!(error(b"PK\x03\x04rest"), expected);
        let labels = [0, 0, 8, 1, 0, 0, 0, 1, 5];
        assert!(error(&labels).starts_with("f starts with [0, 0, 8, 1], expected [0, 0, 8, 3]"));
        assert!(error(&[]).starts_with("f starts with [], expected [0, 0, 8, 3]"));
    }

    #[test]
    fn a_truncated_file_is_refused_with_both_sizes() {
        assert_eq!(error(&IMAGES[..19]), "f is truncated: it has 19 bytes, expected 20");
        assert_eq!(error(&IMAGES[..7]), "f is truncated: it has 7 bytes, expected 16");
    }

    #[test]
    fn bytes_after_the_end_are_refused() {
        let longer = [IMAGES, &[0]].concat();
        assert_eq!(error(&longer), "f has bytes after its end at offset 20");
    }

    #[test]
    fn a_header_that_promises_more_than_memory_is_refused_as_truncated() {
        let mut lying = IMAGES.to_vec();
        lying[4..16].fill(0xff);
        assert_eq!(error(&lying), "f is truncated: it has 20 bytes, expected 18446744073709551615");
    }

    #[test]
    fn a_damaged_gzip_file_is_refused_by_name() {
        assert!(error(&[0x1f, 0x8b, 8, 0, 1]).starts_with("cannot read f: "));
    }

    #[test]
    fn a_missing_file_is_named_with_its_spellings() {
        let folder = tempfile::tempdir().unwrap();
        let missing = Idx::<1>::read(folder.path(), "t10k-labels").err().unwrap().to_string();
        assert_eq!(
            missing,
            format!(
                "{} holds neither t10k-labels-idx1-ubyte nor t10k-labels.idx1-ubyte, with or \
                 without .gz",
                folder.path().display()
            )
        );
    }
}

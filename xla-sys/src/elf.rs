//! The header of a shared library, as far as it tells whether the file is whole.

use std::io::{self, Read, Seek, SeekFrom};

/// What every file of this format starts with.
pub(crate) const MAGIC: [u8; 4] = *b"\x7fELF";

/// 64 bits, little-endian: the only class and byte order of the machines that plugins are built for.
const CLASS_AND_ORDER: [u8; 2] = [2, 1];
/// The size of the file's header.
const HEADER: usize = 64;
/// The size of a segment's header.
const SEGMENT: usize = 56;
/// The kind of a segment that is loaded.
const LOAD: u32 = 1;

/// How many bytes the file must have for its segments to be loaded; none for a file of another class
/// or byte order.
///
/// The loader maps segments without a look at the file's size, and the process ends where it touches
/// what isn't there.
///
/// # Errors
/// If the file can't be read, or ends before its headers do.
pub(crate) fn loaded_len(file: &mut (impl Read + Seek)) -> io::Result<Option<u64>> {
    let mut header = [0; HEADER];
    file.seek(SeekFrom::Start(0))?;
    file.read_exact(&mut header)?;
    if header[..4] != MAGIC || header[4..6] != CLASS_AND_ORDER {
        return Ok(None);
    }
    let (offset, size, count) = (u64_at(&header, 32), u16_at(&header, 54), u16_at(&header, 56));
    if usize::from(size) != SEGMENT {
        return Ok(None);
    }
    file.seek(SeekFrom::Start(offset))?;
    let mut len = 0;
    for _ in 0..count {
        let mut segment = [0; SEGMENT];
        file.read_exact(&mut segment)?;
        if u32_at(&segment, 0) == LOAD {
            len = len.max(u64_at(&segment, 8).saturating_add(u64_at(&segment, 32)));
        }
    }
    Ok(Some(len))
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from(u16_at(bytes, at)) | u32::from(u16_at(bytes, at + 2)) << 16
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from(u32_at(bytes, at)) | u64::from(u32_at(bytes, at + 4)) << 32
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    /// A file with segments of these kinds, offsets and sizes, and nothing behind their headers.
    fn file(segments: &[(u32, u64, u64)]) -> Vec<u8> {
        let mut file = vec![0; HEADER];
        file[..4].copy_from_slice(&MAGIC);
        file[4..6].copy_from_slice(&CLASS_AND_ORDER);
        file[32] = HEADER as u8;
        file[54] = SEGMENT as u8;
        file[56..58].copy_from_slice(&(segments.len() as u16).to_le_bytes());
        for &(kind, offset, size) in segments {
            let mut segment = [0; SEGMENT];
            segment[..4].copy_from_slice(&kind.to_le_bytes());
            segment[8..16].copy_from_slice(&offset.to_le_bytes());
            segment[32..40].copy_from_slice(&size.to_le_bytes());
            file.extend(segment);
        }
        file
    }

    fn read(file: &[u8]) -> io::Result<Option<u64>> {
        loaded_len(&mut Cursor::new(file))
    }

    #[test]
    fn a_file_must_reach_to_the_end_of_the_last_segment_that_is_loaded() {
        let whole = file(&[(LOAD, 0, 500), (LOAD, 4096, 100), (LOAD, 512, 9), (6, 9999, 9)]);
        assert_eq!(read(&whole).unwrap(), Some(4196));
        assert_eq!(read(&file(&[(LOAD, u64::MAX, 2)])).unwrap(), Some(u64::MAX));
    }

    #[test]
    fn headers_that_are_cut_are_an_error_and_those_of_other_machines_are_not_read() {
        let whole = file(&[(LOAD, 0, 500)]);
        for len in [0, HEADER - 1, whole.len() - 1] {
            let error = read(&whole[..len]).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
        }
        let mut of_32_bits = whole;
        of_32_bits[4] = 1;
        assert_eq!(read(&of_32_bits).unwrap(), None);
    }

    #[test]
    fn the_program_that_runs_this_is_whole() {
        let path = std::env::current_exe().unwrap();
        let mut file = std::fs::File::open(path).unwrap();
        let len = file.metadata().unwrap().len();
        if cfg!(target_os = "linux") {
            let loaded = loaded_len(&mut file).unwrap().unwrap();
            assert!(loaded > len / 100 && loaded <= len, "{loaded} of {len}");
        }
    }
}

//! Pages: where they are, and that they aren't more than memory has room for.

use std::io::{self, Read};
use std::sync::Arc;

use ::parquet::basic::Compression;
use ::parquet::column::page::PageReader;
use ::parquet::file::metadata::ColumnChunkMetaData;
use ::parquet::file::reader::ChunkReader;
use ::parquet::file::serialized_reader::SerializedPageReader;
use flate2::read::MultiGzDecoder;

use super::reader::Headers;
use super::{KEPT_BYTES, ParquetProblem, malformed};

/// The most bytes of a page. One with more could not be kept, and would be read for each of its
/// examples.
pub(super) const MAX_BYTES: u64 = KEPT_BYTES as u64;

/// Where a page is.
#[derive(Clone, Copy, Debug)]
pub(super) struct PagePlace {
    pub offset: u64,
    pub bytes: u64,
    /// Its first row in the row group, if a row has one value; `None` for a dictionary.
    pub first: Option<usize>,
}

/// Finds the pages of a column in a row group of so many rows. Where a row can have several values there
/// may be `most` in all.
pub(super) fn places<R: ChunkReader + 'static>(
    reader: Arc<R>,
    chunk: &ColumnChunkMetaData,
    rows: usize,
    most: usize,
) -> Result<Vec<PagePlace>, ParquetProblem> {
    let headers = Arc::new(Headers::new(reader));
    let reader = SerializedPageReader::new(headers.clone(), chunk, rows, None);
    let mut reader = reader.map_err(malformed)?;
    let (mut pages, mut first) = (vec![], 0);
    let (start, bytes) = chunk.byte_range();
    while let Some(page) = reader.peek_next_page().map_err(malformed)? {
        let offset = headers.last();
        if let Some(last) = pages.last_mut() {
            let last: &mut PagePlace = last;
            last.bytes = offset - last.offset;
        }
        let bytes = start + bytes - offset;
        pages.push(PagePlace { offset, bytes, first: (!page.is_dict).then_some(first) });
        // What is negative was made a number that is too large.
        let here = page.num_rows.max(page.num_levels).unwrap_or(0);
        let lists = chunk.column_descr().max_rep_level() > 0;
        let limit = if lists { most } else { rows };
        first = first.checked_add(here).filter(|&end| end <= limit).ok_or_else(|| {
            ParquetProblem::Malformed(match lists {
                true => "its pages have more labels than the file has bytes".to_owned(),
                false => format!("its pages have more than the {rows} rows of a group"),
            })
        })?;
        reader.skip_next_page().map_err(malformed)?;
    }
    Ok(pages)
}

/// Checks that a page, with its header, takes no more memory than it may and than it says.
pub(super) fn check(compression: Compression, page: &[u8]) -> Result<(), ParquetProblem> {
    let sizes = Sizes::read(page);
    let sizes =
        sizes.ok_or_else(|| ParquetProblem::Malformed("a page has no header".to_owned()))?;
    if sizes.whole > MAX_BYTES {
        return Err(ParquetProblem::LargePage { bytes: sizes.whole, limit: MAX_BYTES });
    }
    if let (Compression::GZIP(_), false) = (compression, sizes.is_plain) {
        // The crate would unpack it to the end, whatever that is. The others stop at what the page
        // says.
        let stored = page.len() as u64 - sizes.stored.min(page.len() as u64) + sizes.levels;
        let stored = page.get(stored as usize..).unwrap_or_default();
        let most = sizes.whole.saturating_sub(sizes.levels);
        let mut unpacked = MultiGzDecoder::new(stored).take(most + 1);
        let bytes = io::copy(&mut unpacked, &mut io::sink()).map_err(|error| {
            ParquetProblem::Malformed(format!("a page can't be unpacked: {error}"))
        })?;
        if bytes > most {
            let problem = format!("a page is more than the {} bytes that it says", sizes.whole);
            return Err(ParquetProblem::Malformed(problem));
        }
    }
    Ok(())
}

/// What the header of a page says of it, in bytes.
#[derive(Debug, Default, PartialEq, Eq)]
struct Sizes {
    /// When it is unpacked.
    whole: u64,
    stored: u64,
    /// Of what is stored, as much as isn't packed in any case, at its beginning.
    levels: u64,
    /// Whether nothing of it is packed, whatever is said of its column.
    is_plain: bool,
}

impl Sizes {
    /// Those in the `PageHeader` of parquet.thrift, in the compact protocol of Thrift: of each field
    /// the difference of its number from that of the one before, and its type, in a byte, and its
    /// value. What is asked for stands before everything that isn't small.
    fn read(mut page: &[u8]) -> Option<Self> {
        const I32: u8 = 5;
        const FALSE: u8 = 2;
        const BOOLS: [u8; 2] = [1, FALSE];
        const STRUCT: u8 = 12;
        const DATA_PAGE_V2: u8 = 8;
        let (mut sizes, mut field, mut within) = (Self::default(), 0, 0);
        let mut found = 0;
        loop {
            let byte = take_byte(&mut page)?;
            let (delta, kind) = (byte >> 4, byte & 0xf);
            field = u8::saturating_add(field, delta);
            match kind {
                _ if delta == 0 => break,
                I32 => {
                    let value = take_number(&mut page);
                    match (within, field) {
                        (0, 2) => (sizes.whole, found) = (value?, found + 1),
                        (0, 3) => (sizes.stored, found) = (value?, found + 1),
                        (DATA_PAGE_V2, 5 | 6) => sizes.levels += value?,
                        _ => {}
                    }
                }
                kind if BOOLS.contains(&kind) => {
                    sizes.is_plain |= (within, field, kind) == (DATA_PAGE_V2, 7, FALSE);
                }
                STRUCT if within == 0 => (within, field) = (field, 0),
                _ => break,
            }
        }
        (found == 2).then_some(sizes)
    }
}

fn take_byte(bytes: &mut &[u8]) -> Option<u8> {
    let (&first, rest) = bytes.split_first()?;
    *bytes = rest;
    Some(first)
}

/// A number of up to 32 bits, zigzag and seven bits in a byte; `None` if it is negative or too large.
fn take_number(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..35).step_by(7) {
        let byte = take_byte(bytes)?;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return (number & 1 == 0).then_some(number >> 1);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const GZIP: &[u8] = include_bytes!("../../../tests/data/parquet/gzip.parquet");
    const LISTS: &[u8] = include_bytes!("../../../tests/data/parquet/lists.parquet");

    #[test]
    fn sizes_are_those_of_headers_that_arrow_wrote() {
        // By another reader of the compact protocol: a dictionary, a page with statistics, and one of
        // the second version.
        let expected = [
            (&GZIP[4..], Sizes { whole: 64, stored: 40, levels: 0, is_plain: false }),
            (&GZIP[59..], Sizes { whole: 9, stored: 29, levels: 0, is_plain: false }),
            (&LISTS[131..], Sizes { whole: 7, stored: 7, levels: 2, is_plain: true }),
        ];
        for (page, sizes) in expected {
            assert_eq!(Sizes::read(page), Some(sizes));
        }
        assert_eq!(Sizes::read(&GZIP[4..8]), None);
        assert_eq!(Sizes::read(b"image"), None);
    }

    #[test]
    fn a_page_that_is_more_than_it_says_or_than_there_is_room_for_is_refused() {
        let gzip = Compression::GZIP(Default::default());
        // The header of 15 bytes and 40 bytes of a gzip member, which is 64.
        let page = &GZIP[4..59];
        check(gzip, page).unwrap();
        let mut lies = page.to_vec();
        // 64 is 128 as a zigzag, in two bytes.
        assert_eq!(lies[3..5], [0x80, 0x01]);
        lies[3] = 0xfe;
        lies[4] = 0;
        let problem = check(gzip, &lies).unwrap_err().to_string();
        assert!(problem.ends_with("a page is more than the 63 bytes that it says"), "{problem}");
        // 2 × (256 MiB + 1), and what is in between is no longer where it was.
        let large = [&page[..3], &[0x82, 0x80, 0x80, 0x80, 0x02], &page[5..]].concat();
        let problem = check(Compression::SNAPPY, &large).unwrap_err().to_string();
        assert!(
            problem.starts_with("a page of it has 268435457 bytes, more than 268435456"),
            "{problem}"
        );
    }
}

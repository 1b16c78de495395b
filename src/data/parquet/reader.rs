//! Files and pages as the crate for Parquet reads them.

use std::collections::VecDeque;
use std::io::{self, Cursor, Read};
use std::sync::{Arc, Mutex, PoisonError};

use ::parquet::column::page::{Page, PageMetadata, PageReader};
use ::parquet::errors::{ParquetError, Result as ParquetResult};
use ::parquet::file::reader::{ChunkReader, Length};
use prost::bytes::Bytes;

use super::super::files::File;
use super::{ParquetProblem, malformed, page};

/// How much is read at once where headers are.
const AHEAD: u64 = 8 << 10;

/// A file as the crate reads one.
#[derive(Debug)]
pub(super) struct Reader {
    pub file: File,
}

impl Reader {
    /// A part of the file, if a page can have as many bytes.
    pub(super) fn part(&self, start: u64, bytes: u64) -> Result<Part, ParquetProblem> {
        // With its header.
        let limit = page::MAX_BYTES + (1 << 20);
        if bytes > limit {
            return Err(ParquetProblem::LargePage { bytes, limit });
        }
        let bytes = self.get_bytes(start, bytes as usize).map_err(malformed)?;
        Ok(Part { start, bytes })
    }
}

impl Length for Reader {
    fn len(&self) -> u64 {
        self.file.size()
    }
}

impl ChunkReader for Reader {
    type T = Forward;

    fn get_read(&self, start: u64) -> ParquetResult<Forward> {
        Ok(Forward { file: self.file.clone(), at: start, window: vec![], given: 0 })
    }

    fn get_bytes(&self, start: u64, length: usize) -> ParquetResult<Bytes> {
        let end = start.checked_add(length as u64).filter(|&end| end <= self.file.size());
        if end.is_none() {
            return Err(ParquetError::EOF("it ends within a page".to_owned()));
        }
        let read = self.file.open().and_then(|opened| opened.read_at(start, length));
        read.map(Bytes::from).map_err(|error| ParquetError::External(Box::new(error)))
    }
}

/// Reads a file from a place on, a little at a time.
#[derive(Debug)]
pub(super) struct Forward {
    file: File,
    at: u64,
    window: Vec<u8>,
    given: usize,
}

impl Read for Forward {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.given == self.window.len() {
            let take = self.file.size().saturating_sub(self.at).min(AHEAD);
            let read = self.file.open().and_then(|it| it.read_at(self.at, take as usize));
            self.window = read.map_err(io::Error::other)?;
            self.given = 0;
            self.at += take;
        }
        let taken = (&self.window[self.given..]).read(out)?;
        self.given += taken;
        Ok(taken)
    }
}

/// A part of a file, in memory.
#[derive(Debug)]
pub(super) struct Part {
    /// Where it begins.
    pub start: u64,
    pub bytes: Bytes,
}

impl Part {
    /// What is left of it from an offset in the file on.
    fn from(&self, offset: u64) -> ParquetResult<Bytes> {
        let skip = offset.checked_sub(self.start).and_then(|skip| usize::try_from(skip).ok());
        let skip = skip.filter(|&skip| skip <= self.bytes.len());
        let skip = skip.ok_or_else(|| ParquetError::EOF("a page is elsewhere".to_owned()))?;
        Ok(self.bytes.slice(skip..))
    }
}

impl Length for Part {
    fn len(&self) -> u64 {
        self.start + self.bytes.len() as u64
    }
}

impl ChunkReader for Part {
    type T = Cursor<Bytes>;

    fn get_read(&self, start: u64) -> ParquetResult<Cursor<Bytes>> {
        self.from(start).map(Cursor::new)
    }

    fn get_bytes(&self, start: u64, length: usize) -> ParquetResult<Bytes> {
        let left = self.from(start)?;
        if left.len() < length {
            return Err(ParquetError::EOF("it ends within a page".to_owned()));
        }
        Ok(left.slice(..length))
    }
}

/// A file, or a part of one, of which it is known where the last header was read.
#[derive(Debug)]
pub(super) struct Headers<R> {
    reader: Arc<R>,
    last: Mutex<u64>,
}

impl<R> Headers<R> {
    pub(super) fn new(reader: Arc<R>) -> Self {
        Self { reader, last: Mutex::new(0) }
    }

    /// Where the last was read.
    pub(super) fn last(&self) -> u64 {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<R: Length> Length for Headers<R> {
    fn len(&self) -> u64 {
        self.reader.len()
    }
}

impl<R: ChunkReader> ChunkReader for Headers<R> {
    type T = R::T;

    fn get_read(&self, start: u64) -> ParquetResult<R::T> {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = start;
        self.reader.get_read(start)
    }

    fn get_bytes(&self, start: u64, length: usize) -> ParquetResult<Bytes> {
        self.reader.get_bytes(start, length)
    }
}

/// Pages that were read.
pub(super) struct Pages {
    pub pages: VecDeque<Page>,
}

impl Iterator for Pages {
    type Item = ParquetResult<Page>;

    fn next(&mut self) -> Option<Self::Item> {
        self.pages.pop_front().map(Ok)
    }
}

impl PageReader for Pages {
    fn get_next_page(&mut self) -> ParquetResult<Option<Page>> {
        Ok(self.pages.pop_front())
    }

    fn peek_next_page(&mut self) -> ParquetResult<Option<PageMetadata>> {
        Ok(self.pages.front().map(|page| PageMetadata {
            num_rows: None,
            num_levels: Some(page.num_values() as usize),
            is_dict: page.is_dictionary_page(),
        }))
    }

    fn skip_next_page(&mut self) -> ParquetResult<()> {
        self.pages.pop_front();
        Ok(())
    }
}

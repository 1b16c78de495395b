//! The members of a tar archive, by their headers alone.
//!
//! Understood are the old format, ustar, and the long names and sizes of GNU and pax. What a member
//! is called is a name and nothing else: it is never a path that anything is written to.

use tar::{EntryType, Header};

use super::DataError;
use super::files::{File, Headers, shown};
use super::shards::ShardProblem;

/// The bytes that everything in an archive is a multiple of.
pub(super) const BLOCK: u64 = 512;

/// No name, nor what a pax header says beside it, is longer.
const MAX_EXTENDED: u64 = 1 << 20;

/// A member that is a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Member {
    pub name: Vec<u8>,
    /// Where its first header is.
    pub header: u64,
    /// Where its data is.
    pub data: u64,
    pub size: u64,
    /// `None` for a plain file, or what it is else.
    pub other: Option<&'static str>,
}

/// The members of an archive, from some header on.
#[derive(Debug)]
pub(super) struct Members<'a> {
    headers: Headers<'a>,
    at: u64,
}

/// What headers before that of a member say about it.
#[derive(Default)]
struct Extended {
    name: Option<Vec<u8>>,
    size: Option<u64>,
}

impl<'a> Members<'a> {
    /// Those whose headers are at `offset` and after it.
    ///
    /// # Errors
    /// If the file can't be opened.
    pub(super) fn from(file: &'a File, offset: u64) -> Result<Self, DataError> {
        Ok(Self { headers: file.open()?.headers(), at: offset })
    }

    /// The next member; `None` at the end of the archive.
    ///
    /// # Errors
    /// If the file can't be read or isn't an archive.
    pub(super) fn next(&mut self) -> Result<Option<Member>, DataError> {
        let first = self.at;
        let mut extended = Extended::default();
        loop {
            let offset = self.at;
            let Some(block) = self.header()? else {
                let alone = offset > first;
                return if alone {
                    Err(self.problem(offset, ShardProblem::CutOff))
                } else {
                    Ok(None)
                };
            };
            let header = Header::from_byte_slice(&block);
            self.check(header, offset)?;
            let size = header.entry_size();
            let size = size.map_err(|_| self.problem(offset, ShardProblem::Size))?;
            let data = offset + BLOCK;
            match header.entry_type() {
                EntryType::GNULongName => {
                    let mut name = self.extended(offset, size)?;
                    name.truncate(name.iter().position(|&byte| byte == 0).unwrap_or(name.len()));
                    extended.name = Some(name);
                }
                EntryType::XHeader => {
                    let records = self.extended(offset, size)?;
                    extended.read(&records).map_err(|problem| self.problem(offset, problem))?;
                }
                // Of all members, which says nothing about where they are, or the target of a link.
                EntryType::XGlobalHeader | EntryType::GNULongLink => {
                    self.skip(offset, b"", size)?;
                }
                EntryType::GNUSparse => {
                    let name = shown(&header.path_bytes());
                    return Err(self.problem(offset, ShardProblem::Sparse { name }));
                }
                kind => {
                    let name = extended.name.unwrap_or_else(|| header.path_bytes().into_owned());
                    let size = extended.size.unwrap_or(size);
                    self.skip(offset, &name, size)?;
                    let other = other(kind, &name);
                    return Ok(Some(Member { name, header: first, data, size, other }));
                }
            }
        }
    }

    /// The next header; `None` at the end.
    fn header(&mut self) -> Result<Option<[u8; BLOCK as usize]>, DataError> {
        let offset = self.at;
        let size = self.headers.file().size();
        let block = self.headers.at(offset, BLOCK as usize)?;
        let problem = match <[u8; BLOCK as usize]>::try_from(block) {
            Ok(zeros) if zeros.iter().all(|&byte| byte == 0) => {
                return self.end().map(|()| None);
            }
            Ok(block) => return Ok(Some(block)),
            Err(_) if block.starts_with(&[0x1f, 0x8b]) && offset == 0 => ShardProblem::Compressed,
            Err(_) if size == 0 => ShardProblem::Empty,
            Err(_) if offset == size => ShardProblem::NoEnd,
            Err(_) => ShardProblem::CutOff,
        };
        Err(self.problem(offset, problem))
    }

    /// Checks that nothing but zeros is left.
    fn end(&mut self) -> Result<(), DataError> {
        let mut offset = self.at;
        loop {
            let block = self.headers.at(offset, BLOCK as usize)?;
            if block.iter().any(|&byte| byte != 0) {
                return Err(self.problem(offset, ShardProblem::AfterEnd));
            }
            if (block.len() as u64) < BLOCK {
                return Ok(());
            }
            offset += BLOCK;
        }
    }

    fn check(&self, header: &Header, offset: u64) -> Result<(), DataError> {
        let bytes = header.as_bytes();
        // The checksum's own bytes count as spaces.
        let sum = |bytes: &[u8]| bytes.iter().map(|&byte| u32::from(byte)).sum::<u32>();
        let computed = sum(&bytes[..148]) + 8 * u32::from(b' ') + sum(&bytes[156..]);
        let stored = header.cksum().ok();
        if stored == Some(computed) {
            return Ok(());
        }
        if offset == 0 && bytes.starts_with(&[0x1f, 0x8b]) {
            return Err(self.problem(offset, ShardProblem::Compressed));
        }
        let stored = stored.map_or("no number".to_owned(), |stored| stored.to_string());
        Err(self.problem(offset, ShardProblem::HeaderChecksum { stored, computed }))
    }

    /// The data of an extended header, which is passed over.
    fn extended(&mut self, offset: u64, size: u64) -> Result<Vec<u8>, DataError> {
        if size > MAX_EXTENDED {
            let problem = ShardProblem::LongHeader { size, limit: MAX_EXTENDED };
            return Err(self.problem(offset, problem));
        }
        self.skip(offset, b"a header", size)?;
        Ok(self.headers.at(offset + BLOCK, size as usize)?.to_vec())
    }

    /// Goes on behind the `size` bytes of data of the header at `offset`.
    fn skip(&mut self, offset: u64, name: &[u8], size: u64) -> Result<(), DataError> {
        let end = (offset + BLOCK).checked_add(size);
        match end.filter(|&end| end <= self.headers.file().size()) {
            Some(end) => self.at = end.next_multiple_of(BLOCK),
            None => {
                let problem = ShardProblem::BeyondEnd { name: shown(name), size };
                return Err(self.problem(offset, problem));
            }
        }
        Ok(())
    }

    fn problem(&self, offset: u64, problem: ShardProblem) -> DataError {
        problem.at(self.headers.file(), offset)
    }
}

impl Extended {
    /// Reads the records of a pax header.
    fn read(&mut self, mut records: &[u8]) -> Result<(), ShardProblem> {
        while !records.is_empty() {
            let record = pax_record(records).ok_or(ShardProblem::ExtendedHeader)?;
            match record.key {
                b"path" => self.name = Some(record.value.to_vec()),
                b"size" => {
                    let size =
                        std::str::from_utf8(record.value).ok().and_then(|it| it.parse().ok());
                    self.size = Some(size.ok_or(ShardProblem::ExtendedHeader)?);
                }
                key if key.starts_with(b"GNU.sparse.") => {
                    let name = self.name.as_deref().unwrap_or(b"a member");
                    return Err(ShardProblem::Sparse { name: shown(name) });
                }
                _ => {}
            }
            records = record.rest;
        }
        Ok(())
    }
}

/// A record of a pax header.
struct PaxRecord<'a> {
    key: &'a [u8],
    value: &'a [u8],
    /// The records after it.
    rest: &'a [u8],
}

/// The first of the records `LENGTH KEY=VALUE\n`. The length is of all of it; a value may have any
/// bytes.
fn pax_record(records: &[u8]) -> Option<PaxRecord<'_>> {
    let space = records.iter().position(|&byte| byte == b' ')?;
    let len: usize = std::str::from_utf8(&records[..space]).ok()?.parse().ok()?;
    let (record, rest) = records.split_at_checked(len)?;
    let record = record.get(space + 1..)?.strip_suffix(b"\n")?;
    let equals = record.iter().position(|&byte| byte == b'=')?;
    Some(PaxRecord { key: &record[..equals], value: &record[equals + 1..], rest })
}

/// What a member is if not a plain file.
fn other(kind: EntryType, name: &[u8]) -> Option<&'static str> {
    match kind {
        // In the old format a folder is a file whose name ends so.
        EntryType::Regular if name.ends_with(b"/") => Some("folder"),
        EntryType::Regular | EntryType::Continuous => None,
        EntryType::Directory => Some("folder"),
        EntryType::Link | EntryType::Symlink => Some("link"),
        _ => Some("device or the like"),
    }
}

//! Files of Parquet in the layout of Hugging Face's sets.
//!
//! A row group is stored in pages, of about 1 MB if the writer was asked for nothing else, and a page
//! can be had by itself only. So an example costs the reading of its page, with some ten photographs
//! in it, and pages that were read are kept for as long as there is room for them: sets of small images
//! stay in memory as a whole, and what is read in order reads every page once. Where the pages are is
//! found, from header to header, when the first example of a row group is read. Labels are read when
//! the files are opened.

mod column;
mod page;
mod reader;

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use ::parquet::basic::Compression;
use ::parquet::column::page::{Page, PageReader};
use ::parquet::column::reader::{ColumnReader, ColumnReaderImpl, get_column_reader};
use ::parquet::data_type::{ByteArray, ByteArrayType, DataType};
use ::parquet::errors::{ParquetError, Result as ParquetResult};
use ::parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData, ParquetMetaDataReader};
use ::parquet::file::reader::ChunkReader;
use ::parquet::file::serialized_reader::SerializedPageReader;
use thiserror::Error;

use super::caught::caught;
use super::files::{self, File};
use super::joined::Joined;
use super::settings::Fields;
use super::shards::MAX_BYTES;
use super::source::{Example, RawInput, ReadError, Source};
use super::{DataError, FilesError, labels, patterns};
use column::{IMAGE, LABEL};
use page::PagePlace;
use reader::{Pages, Reader};

/// The bytes of pages that are kept.
const KEPT_BYTES: usize = 256 << 20;

/// What is wrong with a file of Parquet.
#[derive(Debug, Error)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum ParquetProblem {
    #[error("it can't be read as Parquet: {0}")]
    Malformed(String),
    #[error(
        "it has no column {name} of {expected}; its columns are: {columns}; data.fields.{key} names the \
         one that is meant"
    )]
    NoColumn { key: &'static str, name: String, expected: &'static str, columns: String },
    #[error("several of its columns can be meant: {columns}; data.fields.{key} names one")]
    SeveralColumns { key: &'static str, columns: String },
    #[error(
        "it is compressed by {compression}, expected SNAPPY, GZIP, ZSTD, LZ4_RAW or nothing: write it \
         again"
    )]
    Compression { compression: String },
    #[error("row group {group} lies outside of the file, which is cut off or damaged")]
    Outside { group: usize },
    #[error(
        "a page of it has {bytes} bytes, more than {limit}: write it again with smaller pages or row \
         groups"
    )]
    LargePage { bytes: u64, limit: u64 },
    #[error("row {row} has the label {label}: labels are numbers from 0 on")]
    Label { row: usize, label: i64 },
    #[error("its labels are of {read} rows, expected {rows}")]
    Labels { read: usize, rows: usize },
}

impl ParquetProblem {
    fn of(self, file: &File) -> DataError {
        DataError::Parquet { file: file.to_string(), problem: self }
    }
}

fn malformed(error: ParquetError) -> ParquetProblem {
    ParquetProblem::Malformed(match error {
        // It says no more than that it is an error of Parquet.
        ParquetError::General(problem) => problem,
        error => error.to_string(),
    })
}

/// What the crate that reads Parquet makes of a file: of some that are damaged it makes a panic.
fn unpanicked<T>(read: impl FnOnce() -> Result<T, ParquetProblem>) -> Result<T, ParquetProblem> {
    let contradiction =
        || ParquetProblem::Malformed("its contents contradict themselves".to_owned());
    caught(read).unwrap_or_else(|| Err(contradiction()))
}

/// The rows of files in the order of the files' names.
#[derive(Debug)]
pub(super) struct Parquet {
    tables: Vec<Table>,
    joined: Joined,
    kept: Mutex<Kept>,
}

/// A file.
#[derive(Debug)]
struct Table {
    reader: Arc<Reader>,
    metadata: ParquetMetaData,
    /// The column of images.
    image: usize,
    groups: Vec<Group>,
    labels: Labels,
}

/// A row group of a file.
#[derive(Debug)]
struct Group {
    /// Its first row in the file.
    first: usize,
    rows: usize,
    /// The pages of its images.
    pages: OnceLock<Vec<PagePlace>>,
}

/// The labels of all rows of a file.
#[derive(Debug, Default)]
struct Labels {
    labels: Vec<u32>,
    /// Where those of each row begin.
    starts: Vec<usize>,
}

impl Parquet {
    /// Opens the files that a pattern is of, and reads their labels.
    ///
    /// # Errors
    /// If there is none, or a file isn't as it should be.
    pub(super) fn open(pattern: &str, fields: &Fields) -> Result<Self, DataError> {
        let places = patterns::files(pattern, |name| name.ends_with(b".parquet"))?;
        let tables = files::each(places, |place| Table::open(File::find(place)?, fields))?;
        let joined = Joined::of(tables.iter().map(Table::rows));
        if joined.len() == 0 {
            return Err(
                FilesError::NoExamples { pattern: pattern.to_owned(), expected: "rows" }.into()
            );
        }
        Ok(Self { tables, joined, kept: Mutex::default() })
    }

    /// Checks the labels of all rows, so that a wrong one isn't met after hours.
    ///
    /// # Errors
    /// What is wrong with them.
    pub(super) fn check_labels(
        &self,
        classes: usize,
        max_labels: Option<usize>,
    ) -> Result<(), DataError> {
        let rows =
            self.tables.iter().flat_map(|table| (0..table.rows()).map(move |row| (table, row)));
        for (index, (table, row)) in rows.enumerate() {
            labels::check(table.labels.of(row), classes, max_labels, || self.name(index))?;
        }
        Ok(())
    }

    /// A page of images.
    fn page(&self, table: usize, group: usize, page: usize) -> Result<Page, ParquetProblem> {
        let key = [table, group, page];
        let kept = || self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(page) = kept().get(key) {
            return Ok(page);
        }
        let table = &self.tables[table];
        let page = unpanicked(|| table.read_page(group, table.groups[group].pages()[page]))?;
        kept().insert(key, page.clone());
        Ok(page)
    }
}

impl Source for Parquet {
    fn len(&self) -> usize {
        self.joined.len()
    }

    fn read(&self, index: usize) -> Result<Example, ReadError> {
        let (number, row) = self.joined.locate(index);
        let table = &self.tables[number];
        let unusable = |problem: ParquetProblem| ReadError::Unusable(problem.to_string());
        let group = table.groups.partition_point(|group| group.first <= row) - 1;
        let in_group = row - table.groups[group].first;
        unpanicked(|| table.find_pages(group)).map_err(unusable)?;
        let pages = table.groups[group].pages();
        let page = pages.partition_point(|page| page.first.is_none_or(|first| first <= in_group));
        let page = page.checked_sub(1).filter(|&page| pages[page].first.is_some());
        let page =
            page.ok_or_else(|| ReadError::Unusable("there is no page with it".to_owned()))?;
        let mut read = VecDeque::new();
        if pages[0].first.is_none() {
            read.push_back(self.page(number, group, 0).map_err(unusable)?);
        }
        read.push_back(self.page(number, group, page).map_err(unusable)?);
        let before = in_group - pages[page].first.unwrap_or(0);
        let image =
            unpanicked(|| table.image(read, before).map_err(malformed)).map_err(unusable)?;
        let image = image.ok_or_else(|| ReadError::Unusable("it has no image".to_owned()))?;
        if image.len() as u64 > MAX_BYTES {
            let problem = format!("its {} bytes are more than {MAX_BYTES}", image.len());
            return Err(ReadError::Unusable(problem));
        }
        let labels = table.labels.of(row).to_vec();
        Ok(Example { input: RawInput::Image(image.data().to_vec()), labels })
    }

    fn labels(&self, index: usize) -> Result<Vec<u32>, ReadError> {
        let (table, row) = self.joined.locate(index);
        Ok(self.tables[table].labels.of(row).to_vec())
    }

    fn name(&self, index: usize) -> String {
        let (table, row) = self.joined.locate(index);
        format!("{} at row {row}", self.tables[table].reader.file)
    }
}

impl Group {
    /// Its pages, after they were found.
    fn pages(&self) -> &[PagePlace] {
        self.pages.get().map_or(&[], Vec::as_slice)
    }
}

/// Checks that a compression is one that is read: those of which a page says how large it will be, and
/// is no larger.
fn check_compression(compression: Compression) -> Result<(), ParquetProblem> {
    match compression {
        Compression::UNCOMPRESSED
        | Compression::SNAPPY
        | Compression::GZIP(_)
        | Compression::ZSTD(_)
        | Compression::LZ4_RAW => Ok(()),
        other => {
            let compression = other.to_string();
            let compression = compression.split('(').next().unwrap_or_default().to_owned();
            Err(ParquetProblem::Compression { compression })
        }
    }
}

/// All values of a column in a row group of so many rows, and what is said of where there is none and
/// where a row begins, where it is asked for.
fn values<T: DataType>(
    reader: &mut ColumnReaderImpl<T>,
    rows: usize,
    mut levels: Option<&mut Vec<i16>>,
    mut repeats: Option<&mut Vec<i16>>,
) -> Result<Vec<T::T>, ParquetProblem> {
    let mut values = vec![];
    while reader
        .read_records(rows, levels.as_deref_mut(), repeats.as_deref_mut(), &mut values)
        .map_err(malformed)?
        .1
        > 0
    {}
    Ok(values)
}

impl Table {
    fn open(file: File, fields: &Fields) -> Result<Self, DataError> {
        let reader = Arc::new(Reader { file });
        let table = unpanicked(|| Self::read(reader.clone(), fields));
        table.map_err(|problem| problem.of(&reader.file))
    }

    fn read(reader: Arc<Reader>, fields: &Fields) -> Result<Self, ParquetProblem> {
        let metadata =
            ParquetMetaDataReader::new().parse_and_finish(&*reader).map_err(malformed)?;
        let schema = metadata.file_metadata().schema_descr();
        let image = IMAGE.find(schema, fields.image.as_deref())?;
        let label = LABEL.find(schema, fields.label.as_deref())?;
        let (mut first, mut groups) = (0usize, vec![]);
        for (number, group) in metadata.row_groups().iter().enumerate() {
            let outside = || ParquetProblem::Outside { group: number };
            for chunk in [image, label].map(|column| group.column(column)) {
                let start = chunk.dictionary_page_offset().unwrap_or(chunk.data_page_offset());
                let end = start.checked_add(chunk.compressed_size()).filter(|&end| end >= start);
                let end = end.and_then(|end| u64::try_from(end).ok()).filter(|_| start >= 0);
                end.filter(|&end| end <= reader.file.size()).ok_or_else(outside)?;
                check_compression(chunk.compression())?;
            }
            // Every image has some bytes. A few can say that they are those of any number of rows.
            let fits = |end: &usize| *end as u64 <= reader.file.size();
            let rows = usize::try_from(group.num_rows()).ok().ok_or_else(outside)?;
            groups.push(Group { first, rows, pages: OnceLock::new() });
            first = first.checked_add(rows).filter(fits).ok_or_else(outside)?;
        }
        let mut table = Self { reader, metadata, image, groups, labels: Labels::default() };
        for group in 0..table.groups.len() {
            table.read_labels(group, label)?;
        }
        Ok(table)
    }

    fn rows(&self) -> usize {
        self.groups.last().map_or(0, |group| group.first + group.rows)
    }

    fn chunk(&self, group: usize, column: usize) -> &ColumnChunkMetaData {
        self.metadata.row_group(group).column(column)
    }

    fn read_labels(&mut self, group: usize, column: usize) -> Result<(), ParquetProblem> {
        let chunk = self.metadata.row_group(group).column(column);
        let (first, rows) = (self.groups[group].first, self.groups[group].rows);
        let descriptor = chunk.column_descr_ptr();
        // Of all labels at once: each page for itself would be two requests to an object store.
        let (start, bytes) = chunk.byte_range();
        let part = Arc::new(self.reader.part(start, bytes)?);
        // Each label is of an image, of which the file has some bytes.
        let most = (self.reader.file.size() as usize).saturating_sub(self.labels.labels.len());
        for PagePlace { offset, bytes, .. } in page::places(part.clone(), chunk, rows, most)? {
            let page = part.get_bytes(offset, bytes as usize).map_err(malformed)?;
            page::check(chunk.compression(), &page)?;
        }
        let pages = SerializedPageReader::new(part, chunk, rows, None).map_err(malformed)?;
        let pages = Box::new(pages);
        let (mut present, mut starts) = (vec![], vec![]);
        let levels = (descriptor.max_def_level() > 0).then_some(&mut present);
        let repeats = (descriptor.max_rep_level() > 0).then_some(&mut starts);
        let values = match get_column_reader(descriptor.clone(), pages) {
            ColumnReader::Int32ColumnReader(mut reader) => {
                let values = values(&mut reader, rows, levels, repeats)?;
                values.into_iter().map(i64::from).collect()
            }
            ColumnReader::Int64ColumnReader(mut reader) => {
                values(&mut reader, rows, levels, repeats)?
            }
            _ => unreachable!("the column is of integers"),
        };
        if descriptor.max_def_level() == 0 {
            present = vec![0; values.len()];
        }
        let mut values = values.into_iter();
        for (place, &level) in present.iter().enumerate() {
            if starts.get(place).is_none_or(|&level| level == 0) {
                self.labels.begin_row();
            }
            if level == descriptor.max_def_level()
                && let Some(label) = values.next()
            {
                let row = self.labels.rows().saturating_sub(1);
                let number = u32::try_from(label);
                let number = number.map_err(|_| ParquetProblem::Label { row, label })?;
                self.labels.labels.push(number);
            }
        }
        match self.labels.rows() {
            read if read == first + rows => Ok(()),
            read => Err(ParquetProblem::Labels { read, rows: first + rows }),
        }
    }

    /// Finds the pages of a row group, if they weren't found before.
    fn find_pages(&self, group: usize) -> Result<&[PagePlace], ParquetProblem> {
        if let Some(pages) = self.groups[group].pages.get() {
            return Ok(pages);
        }
        let chunk = self.chunk(group, self.image);
        let rows = self.groups[group].rows;
        let pages = page::places(self.reader.clone(), chunk, rows, rows)?;
        if pages.is_empty() {
            return Err(ParquetProblem::Malformed(format!("row group {group} has no pages")));
        }
        // Another thread may have found the same.
        Ok(self.groups[group].pages.get_or_init(|| pages))
    }

    fn read_page(&self, group: usize, place: PagePlace) -> Result<Page, ParquetProblem> {
        let chunk = self.chunk(group, self.image);
        let part = Arc::new(self.reader.part(place.offset, place.bytes)?);
        page::check(chunk.compression(), &part.bytes)?;
        let chunk = chunk.clone().into_builder();
        let chunk = chunk
            .set_dictionary_page_offset(None)
            .set_data_page_offset(place.offset as i64)
            .set_total_compressed_size(place.bytes as i64)
            .build()
            .map_err(malformed)?;
        let pages = SerializedPageReader::new(part, &chunk, self.groups[group].rows, None);
        let page = pages.map_err(malformed)?.get_next_page().map_err(malformed)?;
        page.ok_or_else(|| ParquetProblem::Malformed("a page is missing".to_owned()))
    }

    /// The image after so many rows of a page, which comes after the dictionary that it may need;
    /// `None` if there is none.
    fn image(&self, pages: VecDeque<Page>, before: usize) -> ParquetResult<Option<ByteArray>> {
        let descriptor = self.chunk(0, self.image).column_descr_ptr();
        let present = descriptor.max_def_level();
        let mut reader =
            ColumnReaderImpl::<ByteArrayType>::new(descriptor, Box::new(Pages { pages }));
        reader.skip_records(before)?;
        let (mut values, mut levels) = (vec![], vec![]);
        let levels = (present > 0).then_some(&mut levels);
        reader.read_records(1, levels, None, &mut values)?;
        Ok(values.pop())
    }
}

impl Labels {
    fn begin_row(&mut self) {
        self.starts.push(self.labels.len());
    }

    fn rows(&self) -> usize {
        self.starts.len()
    }

    fn of(&self, row: usize) -> &[u32] {
        let end = self.starts.get(row + 1).copied().unwrap_or(self.labels.len());
        &self.labels[self.starts[row]..end]
    }
}

/// The pages that were read last, for as long as they are not more than [`KEPT_BYTES`].
#[derive(Debug, Default)]
struct Kept {
    /// Each with the time of its last use.
    pages: HashMap<[usize; 3], (Page, u64)>,
    bytes: usize,
    time: u64,
}

impl Kept {
    fn get(&mut self, key: [usize; 3]) -> Option<Page> {
        self.time += 1;
        let (page, used) = self.pages.get_mut(&key)?;
        *used = self.time;
        Some(page.clone())
    }

    fn insert(&mut self, key: [usize; 3], page: Page) {
        self.time += 1;
        self.bytes += page.buffer().len();
        if let Some((replaced, _)) = self.pages.insert(key, (page, self.time)) {
            self.bytes -= replaced.buffer().len();
        }
        while self.bytes > KEPT_BYTES {
            let oldest = self.pages.iter().min_by_key(|(_, (_, used))| *used);
            let Some(oldest) = oldest.map(|(key, _)| *key) else { return };
            if let Some((page, _)) = self.pages.remove(&oldest) {
                self.bytes -= page.buffer().len();
            }
        }
    }
}

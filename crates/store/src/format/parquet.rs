//! Parquet: typed columns, packed, for DuckDB, Spark, Polars and R.
//!
//! Events go into a folder partitioned by year and month (`year=2024/month=03/part-0.parquet`), or into one file where
//! the path ends so. The same writer serves every other table of an answer ([`write_table`]).
//! It speaks to the file format itself: going by way of Arrow would cost minutes of building and hold each column twice.

use super::columns::{self, Cell, Column, EVENTS, Kind};
use super::delimited::Trouble;
use super::{Entries, Fault, Format, Loss, Outgoing, Passed, Target, Written};
use crate::days::{day_number, day_of};
use crate::{Entry, Error};
use ::parquet::basic::{Compression, Repetition, Type as Physical};
use ::parquet::basic::{ConvertedType, LogicalType};
use ::parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use ::parquet::data_type::{ByteArray, ByteArrayType, DataType, DoubleType, Int32Type, Int64Type};
use ::parquet::errors::{ParquetError, Result as ParquetResult};
use ::parquet::file::metadata::KeyValue;
use ::parquet::file::properties::{WriterProperties, WriterPropertiesPtr};
use ::parquet::file::reader::{FileReader, SerializedFileReader};
use ::parquet::file::writer::SerializedFileWriter;
use ::parquet::schema::types::{Type, TypePtr};
use demarche_core::Codes;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Rows of one group: what a reader can pass over by its smallest and largest values.
const GROUP: usize = 1 << 16;
/// Rows that wait in memory, over all partitions.
const WAITING: usize = 1 << 17;
/// Files that are open at once.
const OPEN: usize = 256;
/// Rows read at once.
const BATCH: usize = 1 << 13;

/// Parquet.
pub(super) struct Parquet;

impl Format for Parquet {
    fn name(&self) -> &'static str {
        "parquet"
    }
    fn about(&self) -> &'static str {
        "a folder of Parquet files by year and month, or one file NAME.parquet"
    }
    fn losses(&self) -> &'static [Loss] {
        columns::LOSSES
    }
    fn read<'a>(&self, path: &Path, codes: &'a Codes) -> Option<Result<Entries<'a>, Error>> {
        Some(read(path, codes))
    }
    fn write(&self, entries: &mut Outgoing<'_>, to: Target<'_>, _: &Codes) -> Result<Written, Error> {
        match to {
            Target::Path(path) if path.extension().is_none_or(|e| e != "parquet") => partitioned(entries, path),
            other => other.stream(|out| one_file(entries, out)),
        }
    }
}

/// Writes a table of any columns; `about` goes into the file's metadata. Gives the number of rows.
///
/// # Errors
/// What the rows bring, and where `out` cannot be written.
pub fn write_table(
    columns: &[Column<'_>],
    rows: &mut dyn Iterator<Item = Result<Vec<Cell>, Error>>,
    about: &[(&str, String)],
    out: &mut (dyn Write + Send),
) -> Result<u64, Error> {
    let mut part = Part::new(columns, about, out).map_err(broken)?;
    let mut count = 0;
    for row in rows {
        part.push(row?);
        count += 1;
        if part.rows == GROUP {
            part.flush().map_err(broken)?;
        }
    }
    part.close().map_err(broken)?;
    Ok(count)
}

fn one_file(entries: &mut Outgoing<'_>, out: &mut (dyn Write + Send)) -> Result<Written, Error> {
    let mut rows = entries.map(|entry| Ok(columns::row(&entry?)));
    let rows = write_table(EVENTS, &mut rows, &super::about(), out)?;
    Ok(Written { entries: rows, rows, left_out: 0 })
}

/// A year and month; `None` for events without a date.
type Month = Option<(i16, i8)>;

fn partitioned(entries: &mut Outgoing<'_>, folder: &Path) -> Result<Written, Error> {
    if std::fs::read_dir(folder).is_ok_and(|mut inside| inside.next().is_some()) {
        let what = "the folder is not empty (hint: name another, or NAME.parquet for one file)";
        return Err(Error::asked(what).context(folder.display()));
    }
    let about = super::about();
    let mut open: BTreeMap<Month, Part<'_, BufWriter<File>>> = BTreeMap::new();
    let mut begun: BTreeMap<Month, u32> = BTreeMap::new();
    let (mut waiting, mut written) = (0, Written::default());
    for entry in entries {
        let entry = entry?;
        let month = entry.event.when.and_then(|when| when.interval.from).map(|day| (day.year(), day.month()));
        if !open.contains_key(&month) {
            if open.len() == OPEN {
                // Events come by date, or nearly: the oldest month is the one that is done.
                if let Some((_, part)) = open.pop_first() {
                    waiting -= part.rows;
                    part.close().map_err(broken)?;
                }
            }
            let number = begun.entry(month).or_default();
            let file = create(folder, month, *number)?;
            *number += 1;
            open.insert(month, Part::new(EVENTS, &about, file).map_err(broken)?);
        }
        let Some(part) = open.get_mut(&month) else { continue };
        part.push(columns::row(&entry));
        waiting += 1;
        written.entries += 1;
        if part.rows == GROUP || waiting == WAITING {
            let fullest = open.values_mut().max_by_key(|part| part.rows);
            if let Some(part) = fullest {
                waiting -= part.rows;
                part.flush().map_err(broken)?;
            }
        }
    }
    for part in open.into_values() {
        part.close().map_err(broken)?;
    }
    written.rows = written.entries;
    Ok(written)
}

fn create(folder: &Path, month: Month, number: u32) -> Result<BufWriter<File>, Error> {
    let partition = match month {
        Some((year, month)) => format!("year={year:04}/month={month:02}"),
        // What Hive, and with it DuckDB and Spark, read as no value.
        None => "year=__HIVE_DEFAULT_PARTITION__/month=__HIVE_DEFAULT_PARTITION__".to_owned(),
    };
    let folder = folder.join(partition);
    std::fs::create_dir_all(&folder).map_err(|error| Error::io(&folder, error))?;
    let path = folder.join(format!("part-{number}.parquet"));
    File::create(&path).map(BufWriter::new).map_err(|error| Error::io(&path, error))
}

fn broken(error: ParquetError) -> Error {
    match error {
        ParquetError::External(inner) => match inner.downcast::<std::io::Error>() {
            Ok(io) => Error::output(*io),
            Err(other) => Error::output(std::io::Error::other(other)),
        },
        other => Error::output(std::io::Error::other(other)),
    }
}

/// The file's schema: optional values, and lists of them as the format wants lists (three levels).
fn schema(columns: &[Column<'_>]) -> ParquetResult<TypePtr> {
    let primitive = |name: &str, kind: Kind| {
        let (physical, converted, logical) = match kind {
            Kind::Text | Kind::Texts => (Physical::BYTE_ARRAY, ConvertedType::UTF8, Some(LogicalType::String)),
            Kind::Int | Kind::Ints => (Physical::INT64, ConvertedType::NONE, None),
            Kind::Real => (Physical::DOUBLE, ConvertedType::NONE, None),
            Kind::Date => (Physical::INT32, ConvertedType::DATE, Some(LogicalType::Date)),
        };
        let builder = Type::primitive_type_builder(name, physical).with_repetition(Repetition::OPTIONAL);
        builder.with_converted_type(converted).with_logical_type(logical).build().map(Arc::new)
    };
    let mut fields = Vec::new();
    for (name, kind) in columns {
        fields.push(if listed(*kind) {
            let element = primitive("element", *kind)?;
            let list = Type::group_type_builder("list").with_repetition(Repetition::REPEATED);
            let list = Arc::new(list.with_fields(vec![element]).build()?);
            let group = Type::group_type_builder(name).with_repetition(Repetition::REQUIRED);
            let group = group.with_converted_type(ConvertedType::LIST).with_logical_type(Some(LogicalType::List));
            Arc::new(group.with_fields(vec![list]).build()?)
        } else {
            primitive(name, *kind)?
        });
    }
    Ok(Arc::new(Type::group_type_builder("schema").with_fields(fields).build()?))
}

const fn listed(kind: Kind) -> bool {
    matches!(kind, Kind::Texts | Kind::Ints)
}

fn properties(about: &[(&str, String)]) -> WriterPropertiesPtr {
    let about = about.iter().map(|(key, value)| KeyValue::new((*key).to_owned(), value.clone())).collect();
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY);
    let by = format!("demarche {}", env!("CARGO_PKG_VERSION"));
    Arc::new(properties.set_created_by(by).set_key_value_metadata(Some(about)).build())
}

/// A column's values that wait to be written. A level of definition says how much of a value is there: of a list
/// 0 that it is empty, 1 that an element is absent, 2 that it is there; of a plain value 0 or 1.
/// A level of repetition says whether an element carries on its list.
struct Waiting {
    values: Values,
    defined: Vec<i16>,
    repeated: Vec<i16>,
}

enum Values {
    Bytes(Vec<ByteArray>),
    Longs(Vec<i64>),
    Doubles(Vec<f64>),
    Days(Vec<i32>),
}

impl Waiting {
    fn new(kind: Kind) -> Waiting {
        let values = match kind {
            Kind::Text | Kind::Texts => Values::Bytes(Vec::new()),
            Kind::Int | Kind::Ints => Values::Longs(Vec::new()),
            Kind::Real => Values::Doubles(Vec::new()),
            Kind::Date => Values::Days(Vec::new()),
        };
        Waiting { values, defined: Vec::new(), repeated: Vec::new() }
    }

    fn push(&mut self, cell: Cell, kind: Kind) {
        match (&mut self.values, cell) {
            (Values::Bytes(values), Cell::Text(text)) => values.push(ByteArray::from(text.into_bytes())),
            (Values::Longs(values), Cell::Int(int)) => values.push(int),
            (Values::Doubles(values), Cell::Real(real)) => values.push(real),
            (Values::Doubles(values), Cell::Int(int)) => values.push(int as f64),
            (Values::Days(values), Cell::Date(day)) => values.push(day_number(day)),
            (Values::Bytes(values), Cell::Texts(list)) => {
                let list = list.into_iter().map(|text| text.map(|text| ByteArray::from(text.into_bytes())));
                return Self::list(values, list, &mut self.defined, &mut self.repeated);
            }
            (Values::Longs(values), Cell::Ints(list)) => {
                return Self::list(values, list.into_iter(), &mut self.defined, &mut self.repeated);
            }
            _ => {
                self.defined.push(0);
                if listed(kind) {
                    self.repeated.push(0);
                }
                return;
            }
        }
        self.defined.push(1);
    }

    fn list<T>(
        values: &mut Vec<T>,
        list: impl Iterator<Item = Option<T>>,
        defined: &mut Vec<i16>,
        repeated: &mut Vec<i16>,
    ) {
        let before = defined.len();
        for value in list {
            repeated.push(i16::from(defined.len() > before));
            defined.push(if value.is_some() { 2 } else { 1 });
            values.extend(value);
        }
        if defined.len() == before {
            repeated.push(0);
            defined.push(0);
        }
    }

    fn clear(&mut self) {
        match &mut self.values {
            Values::Bytes(values) => values.clear(),
            Values::Longs(values) => values.clear(),
            Values::Doubles(values) => values.clear(),
            Values::Days(values) => values.clear(),
        }
        self.defined.clear();
        self.repeated.clear();
    }
}

/// A file that is being written.
struct Part<'c, W: Write + Send> {
    columns: &'c [Column<'c>],
    file: SerializedFileWriter<W>,
    waiting: Vec<Waiting>,
    rows: usize,
}

impl<'c, W: Write + Send> Part<'c, W> {
    fn new(columns: &'c [Column<'c>], about: &[(&str, String)], out: W) -> ParquetResult<Part<'c, W>> {
        let file = SerializedFileWriter::new(out, schema(columns)?, properties(about))?;
        let waiting = columns.iter().map(|(_, kind)| Waiting::new(*kind)).collect();
        Ok(Part { columns, file, waiting, rows: 0 })
    }

    fn push(&mut self, row: Vec<Cell>) {
        for ((waiting, cell), (_, kind)) in self.waiting.iter_mut().zip(row).zip(self.columns) {
            waiting.push(cell, *kind);
        }
        self.rows += 1;
    }

    fn flush(&mut self) -> ParquetResult<()> {
        if self.rows == 0 {
            return Ok(());
        }
        let mut group = self.file.next_row_group()?;
        let mut waiting = self.waiting.iter_mut();
        while let (Some(mut column), Some(waiting)) = (group.next_column()?, waiting.next()) {
            let defined = Some(waiting.defined.as_slice());
            let repeated = Some(waiting.repeated.as_slice()).filter(|levels| !levels.is_empty());
            match &waiting.values {
                Values::Bytes(values) => column.typed::<ByteArrayType>().write_batch(values, defined, repeated)?,
                Values::Longs(values) => column.typed::<Int64Type>().write_batch(values, defined, repeated)?,
                Values::Doubles(values) => column.typed::<DoubleType>().write_batch(values, defined, repeated)?,
                Values::Days(values) => column.typed::<Int32Type>().write_batch(values, defined, repeated)?,
            };
            column.close()?;
            waiting.clear();
        }
        group.close()?;
        self.rows = 0;
        Ok(())
    }

    fn close(mut self) -> ParquetResult<()> {
        self.flush()?;
        self.file.close()?;
        Ok(())
    }
}

/// Every Parquet file of a folder, by name; or the file itself.
fn files(path: &Path, found: &mut Vec<PathBuf>) -> std::io::Result<()> {
    if !path.is_dir() {
        found.push(path.to_owned());
        return Ok(());
    }
    let mut inside: Vec<PathBuf> = std::fs::read_dir(path)?.map(|e| e.map(|e| e.path())).collect::<Result<_, _>>()?;
    inside.sort();
    for path in inside {
        if path.is_dir() || path.extension().is_some_and(|e| e == "parquet") {
            files(&path, found)?;
        }
    }
    Ok(())
}

fn read<'a>(path: &Path, codes: &'a Codes) -> Result<Entries<'a>, Error> {
    let mut paths = Vec::new();
    files(path, &mut paths).map_err(|error| Error::io(path, error))?;
    if paths.is_empty() {
        return Err(Error::not_of_format(&path.display().to_string(), "no Parquet file in this folder"));
    }
    // The first is opened at once, so that a file of another kind is named before anything is read.
    let mut opened = Some(OpenFile::new(&paths[0])?);
    let mut paths = paths.into_iter().skip(1);
    Ok(Box::new(std::iter::from_fn(move || {
        loop {
            let file = match &mut opened {
                Some(file) => file,
                None => match OpenFile::new(&paths.next()?) {
                    Ok(file) => opened.insert(file),
                    Err(error) => return Some(Err(Passed::Broken(error))),
                },
            };
            match file.next(codes) {
                Some(entry) => return Some(entry),
                None => opened = None,
            }
        }
    })))
}

/// A file that is being read.
struct OpenFile {
    name: String,
    reader: SerializedFileReader<File>,
    /// For each of [`EVENTS`] the file's column, where it has one of that type.
    places: Vec<Option<usize>>,
    group: usize,
    columns: Vec<Option<ColumnReader>>,
    left: usize,
    batch: Vec<std::vec::IntoIter<Cell>>,
    ready: usize,
    row: u64,
}

impl OpenFile {
    fn new(path: &Path) -> Result<OpenFile, Error> {
        let name = path.display().to_string();
        let file = File::open(path).map_err(|error| Error::io(path, error))?;
        let reader = SerializedFileReader::new(file)
            .map_err(|error| Error::not_of_format(&name, &format!("not a Parquet file: {error}")))?;
        let schema = reader.metadata().file_metadata().schema_descr();
        let place = |(wanted, kind): &Column<'_>| {
            (0..schema.num_columns()).find(|&ix| {
                let leaf = schema.column(ix);
                let parts = leaf.path().parts();
                let physical = match kind {
                    Kind::Text | Kind::Texts => Physical::BYTE_ARRAY,
                    Kind::Int | Kind::Ints => Physical::INT64,
                    Kind::Real => Physical::DOUBLE,
                    Kind::Date => Physical::INT32,
                };
                parts.first().is_some_and(|name| name == wanted)
                    && leaf.physical_type() == physical
                    && (leaf.max_rep_level() == 1) == listed(*kind)
            })
        };
        let places: Vec<Option<usize>> = EVENTS.iter().map(place).collect();
        for needed in ["id", "type"] {
            if !EVENTS.iter().zip(&places).any(|((name, _), place)| *name == needed && place.is_some()) {
                let what = format!("no column {needed} (hint: docs/formats.md has the columns)");
                return Err(Error::not_of_format(&name, &what));
            }
        }
        Ok(OpenFile {
            name,
            reader,
            places,
            group: 0,
            columns: Vec::new(),
            left: 0,
            batch: Vec::new(),
            ready: 0,
            row: 0,
        })
    }

    fn next(&mut self, codes: &Codes) -> Option<Result<Entry, Passed>> {
        if self.ready == 0 {
            match self.fill() {
                Ok(true) => {}
                Ok(false) => return None,
                Err(error) => {
                    self.group = usize::MAX;
                    self.left = 0;
                    let what = format!("cannot be read on: {error}");
                    return Some(Err(Passed::Broken(Error::not_of_format(&self.name, &what))));
                }
            }
        }
        self.ready -= 1;
        self.row += 1;
        let mut cells: Vec<Cell> = self.batch.iter_mut().map(|column| column.next().unwrap_or(Cell::Null)).collect();
        Some(columns::of_row(&mut cells, codes).map_err(|trouble| match trouble {
            Trouble::Cell(ix, what, hint) => Passed::Fault(Fault {
                file: self.name.clone(),
                line: self.row,
                column: Some(EVENTS[ix].0.to_owned()),
                what,
                hint: hint.to_owned(),
            }),
            Trouble::NoEvent(why) => Passed::NoEvent(why),
        }))
    }

    /// Reads the next rows of all columns; `false` at the end of the file.
    fn fill(&mut self) -> ParquetResult<bool> {
        while self.left == 0 {
            if self.group >= self.reader.num_row_groups() {
                return Ok(false);
            }
            let group = self.reader.get_row_group(self.group)?;
            self.left = group.metadata().num_rows() as usize;
            let reader = |place: &Option<usize>| place.map(|ix| group.get_column_reader(ix)).transpose();
            self.columns = self.places.iter().map(reader).collect::<ParquetResult<_>>()?;
            self.group += 1;
        }
        let count = self.left.min(BATCH);
        self.batch.clear();
        for (column, (_, kind)) in self.columns.iter_mut().zip(EVENTS) {
            let cells = match column {
                Some(column) => values(column, *kind, count)?,
                None => Vec::new(),
            };
            self.batch.push(cells.into_iter());
        }
        self.left -= count;
        self.ready = count;
        Ok(true)
    }
}

/// The next values of a column.
fn values(column: &mut ColumnReader, kind: Kind, count: usize) -> ParquetResult<Vec<Cell>> {
    let text = |bytes: ByteArray| String::from_utf8_lossy(bytes.data()).into_owned();
    match (column, kind) {
        (ColumnReader::ByteArrayColumnReader(column), Kind::Texts) => Ok(lists(column, count)?
            .into_iter()
            .map(|list| Cell::Texts(list.into_iter().map(|value| value.map(text)).collect()))
            .collect()),
        (ColumnReader::Int64ColumnReader(column), Kind::Ints) => {
            Ok(lists(column, count)?.into_iter().map(Cell::Ints).collect())
        }
        (ColumnReader::ByteArrayColumnReader(column), _) => plain(column, count, |bytes| Cell::Text(text(bytes))),
        (ColumnReader::Int64ColumnReader(column), _) => plain(column, count, Cell::Int),
        (ColumnReader::DoubleColumnReader(column), _) => plain(column, count, Cell::Real),
        (ColumnReader::Int32ColumnReader(column), _) => {
            plain(column, count, |days| day_of(days).map_or(Cell::Null, Cell::Date))
        }
        _ => Ok(Vec::new()),
    }
}

fn plain<T: DataType>(
    column: &mut ColumnReaderImpl<T>,
    count: usize,
    cell: impl Fn(T::T) -> Cell,
) -> ParquetResult<Vec<Cell>> {
    let (mut values, mut defined) = (Vec::new(), Vec::new());
    let mut read = 0;
    while read < count {
        let (records, _, _) = column.read_records(count - read, Some(&mut defined), None, &mut values)?;
        if records == 0 {
            break;
        }
        read += records;
    }
    let mut values = values.into_iter();
    // A column without absent values has no levels.
    if defined.is_empty() {
        return Ok(values.map(cell).collect());
    }
    Ok(defined
        .into_iter()
        .map(|level| if level > 0 { values.next().map_or(Cell::Null, &cell) } else { Cell::Null })
        .collect())
}

fn lists<T: DataType>(column: &mut ColumnReaderImpl<T>, count: usize) -> ParquetResult<Vec<Vec<Option<T::T>>>> {
    let (mut values, mut defined, mut repeated) = (Vec::new(), Vec::new(), Vec::new());
    let mut read = 0;
    while read < count {
        let (records, _, _) =
            column.read_records(count - read, Some(&mut defined), Some(&mut repeated), &mut values)?;
        if records == 0 {
            break;
        }
        read += records;
    }
    let mut values = values.into_iter();
    let mut lists: Vec<Vec<Option<T::T>>> = Vec::with_capacity(count);
    // Counted from the top, so that lists which other writers declare optional read the same.
    let most = defined.iter().copied().max().unwrap_or_default().max(2);
    for (level, again) in defined.into_iter().zip(repeated) {
        if again == 0 {
            lists.push(Vec::new());
        }
        let Some(list) = lists.last_mut() else { continue };
        if level == most {
            list.push(values.next());
        } else if level == most - 1 {
            list.push(None);
        }
    }
    Ok(lists)
}

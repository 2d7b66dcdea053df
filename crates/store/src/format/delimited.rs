//! Tables of one line a row and a tab between cells, as POLECAT, ICEWS and GDELT have them, with the repairs that
//! their files need.
//!
//! A layout says how a row becomes an [`Entry`] and how an entry becomes a row. What then differs between the row that
//! was read and the row that would be written is kept in [`Entry::extra`], so that every file goes out as it came in.

use super::{Entries, Fault, Outgoing, Passed, Written, unpack};
use crate::{Entry, Error};
use demarche_core::{ActorRef, Codes};
use std::fmt::{Display, Write as _};
use std::io::{BufRead, Write};
use std::path::Path;

/// Names the columns of a table, in their order, as numbers and as they are written.
macro_rules! columns {
    ($($name:ident = $text:literal),+ $(,)?) => {
        // Those that an entry has no field for are named too: they pass through.
        #[allow(dead_code)]
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        enum Column { $($name),+ }
        impl From<Column> for usize {
            fn from(column: Column) -> usize {
                column as usize
            }
        }
        const COLUMNS: &[&str] = &[$($text),+];
    };
}
pub(super) use columns;

/// What is wrong with a row, before its place is known.
pub(super) enum Trouble {
    /// A cell that cannot be read: its column, what is wrong, what would be right.
    Cell(usize, String, &'static str),
    /// Not an event by PLOVER.
    NoEvent(&'static str),
}

/// A table's layout.
pub(super) trait Layout: Sync {
    /// How entries call the data set.
    const DATASET: &'static str;
    /// How a missing value is written.
    const MISSING: &'static str;
    /// Whether the first line names the columns.
    const HEADER: bool;
    /// Whether there is a row for each ordered pair of parties.
    const DYADIC: bool;

    /// The columns.
    fn columns(&self) -> &'static [&'static str];
    /// How many cells a row may have where no header says so; the cells of shorter rows are the first ones.
    fn widths(&self) -> &'static [usize] {
        &[]
    }
    /// A row as an entry, but for what [`Layout::row`] does not give back.
    fn entry(&self, row: &Row<'_>, codes: &Codes) -> Result<Entry, Trouble>;
    /// An entry as a row, for these of its parties.
    fn row(&self, entry: &Entry, actors: &[&ActorRef], recipients: &[&ActorRef], codes: &Codes, row: &mut Cells);
}

/// The cells of a row that was read, by column.
pub(super) struct Row<'r> {
    cells: Vec<Option<&'r str>>,
}

impl<'r> Row<'r> {
    /// A cell; `None` where it is blank or says that the value is missing.
    pub(super) fn get(&self, column: impl Into<usize>) -> Option<&'r str> {
        self.cells[column.into()]
    }
    /// A cell that must be there.
    pub(super) fn need(&self, column: impl Into<usize>, hint: &'static str) -> Result<&'r str, Trouble> {
        let column = column.into();
        self.cells[column].ok_or_else(|| Trouble::Cell(column, "the cell is blank".to_owned(), hint))
    }
    /// A cell as a number; one that is none is treated as missing and kept as it is.
    pub(super) fn number<N: std::str::FromStr>(&self, column: impl Into<usize>) -> Option<N> {
        self.get(column)?.parse().ok()
    }
    /// A cell as a day.
    pub(super) fn day(&self, column: impl Into<usize>) -> Result<Option<jiff::civil::Date>, Trouble> {
        let column = column.into();
        match self.cells[column] {
            None => Ok(None),
            Some(text) => match super::day(text) {
                Some(day) => Ok(Some(day)),
                None => Err(Trouble::Cell(column, format!("{text} is no day"), "2024-03-01 or 20240301")),
            },
        }
    }
}

/// The cells of a row to be written; blank ones are missing.
pub(super) struct Cells(Vec<String>);

impl Cells {
    fn new(columns: usize) -> Cells {
        Cells(vec![String::new(); columns])
    }
    fn clear(&mut self) {
        self.0.iter_mut().for_each(String::clear);
    }
    /// Sets a cell.
    pub(super) fn set(&mut self, column: impl Into<usize>, value: &str) {
        let cell = &mut self.0[column.into()];
        cell.clear();
        if value.bytes().any(|byte| matches!(byte, b'\t' | b'\n' | b'\r')) {
            cell.extend(value.chars().map(|c| if matches!(c, '\t' | '\n' | '\r') { ' ' } else { c }));
        } else {
            cell.push_str(value);
        }
    }
    /// Sets a cell where there is a value.
    pub(super) fn maybe(&mut self, column: impl Into<usize>, value: Option<&str>) {
        if let Some(value) = value {
            self.set(column, value);
        }
    }
    /// Sets a cell to how a value is printed.
    pub(super) fn print(&mut self, column: impl Into<usize>, value: Option<impl Display>) {
        if let Some(value) = value {
            let cell = &mut self.0[column.into()];
            cell.clear();
            let _ = write!(cell, "{value}");
        }
    }
}

/// A cell without the spaces around it; nearly all have none.
fn trimmed(cell: &str) -> &str {
    match cell.as_bytes() {
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => cell,
        _ => cell.trim(),
    }
}

/// Which cell of the file is which column.
struct Header {
    /// By position in the file: a column of the layout, or the name of one that it does not have.
    places: Vec<Result<usize, String>>,
    /// How many of them the layout has.
    known: usize,
}

/// Small letters and digits alone: "Event ID" and "event_id" are one.
fn bare(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

impl Header {
    /// Of the names in the first line; a name that is blank is a stray tab.
    fn named(line: &str, columns: &[&str]) -> Header {
        let known: Vec<String> = columns.iter().map(|name| bare(name)).collect();
        let mut places = Vec::new();
        for name in line.split('\t').map(str::trim).filter(|name| !name.is_empty()) {
            let plain = bare(name);
            // Some years of POLECAT say "Event Intensity".
            let found = known.iter().position(|k| *k == plain || plain.strip_prefix("event") == Some(k.as_str()));
            let again = found.is_some_and(|ix| places.contains(&Ok(ix)));
            places.push(found.filter(|_| !again).ok_or_else(|| name.to_owned()));
        }
        let known = places.iter().filter(|place| place.is_ok()).count();
        Header { places, known }
    }
    fn of_width(width: usize) -> Header {
        Header { places: (0..width).map(Ok).collect(), known: width }
    }
}

/// Reads the rows of a file.
pub(super) fn read<'a, L: Layout>(layout: &'a L, path: &Path, codes: &'a Codes) -> Result<Entries<'a>, Error> {
    let mut reader = Reader {
        layout,
        codes,
        file: unpack::name(path),
        bytes: unpack::open(path)?,
        buffer: Vec::new(),
        line: 0,
        header: None,
        scratch: Cells::new(layout.columns().len()),
        broken: false,
    };
    if L::HEADER {
        let text = reader.line()?.map(|text| text.into_owned()).unwrap_or_default();
        let header = Header::named(&text, layout.columns());
        if header.known * 2 < layout.columns().len() {
            let wanted = layout.columns()[..3].join(", ");
            return Err(Error::not_of_format(
                &reader.file,
                &format!(
                    "the first line names {} of its {} columns (hint: {wanted}, …)",
                    header.known,
                    layout.columns().len()
                ),
            ));
        }
        reader.header = Some(header);
    }
    Ok(Box::new(reader))
}

struct Reader<'a, L> {
    layout: &'a L,
    codes: &'a Codes,
    file: String,
    bytes: Box<dyn BufRead + Send>,
    buffer: Vec<u8>,
    line: u64,
    header: Option<Header>,
    scratch: Cells,
    broken: bool,
}

/// Text as the file has it: UTF-8, and where it is none ISO-8859-1, whose bytes are the first characters of Unicode.
pub(super) fn decoded(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => bytes.iter().map(|&byte| char::from(byte)).collect::<String>().into(),
    }
}

impl<L: Layout> Reader<'_, L> {
    /// The next line, without its end.
    fn line(&mut self) -> Result<Option<std::borrow::Cow<'_, str>>, Error> {
        self.buffer.clear();
        let read = self.bytes.read_until(b'\n', &mut self.buffer);
        if read.map_err(|error| Error::io(Path::new(&self.file), error))? == 0 {
            return Ok(None);
        }
        self.line += 1;
        while matches!(self.buffer.last(), Some(b'\n' | b'\r')) {
            self.buffer.pop();
        }
        let bytes = self.buffer.strip_prefix(b"\xef\xbb\xbf").filter(|_| self.line == 1).unwrap_or(&self.buffer);
        Ok(Some(decoded(bytes)))
    }

    fn fault(&self, line: u64, column: Option<usize>, what: String, hint: &str) -> Passed {
        let column = column.map(|ix| self.layout.columns()[ix].to_owned());
        Passed::Fault(Fault { file: self.file.clone(), line, column, what, hint: hint.to_owned() })
    }

    /// The entry of a line.
    fn entry(&mut self, text: &str) -> Result<Entry, Passed> {
        let layout = self.layout;
        let columns = layout.columns();
        let mut cells = Vec::with_capacity(columns.len() + 1);
        let mut from = 0;
        // Cells are short: looking at each byte is quicker than beginning a search for each cell.
        for (at, _) in text.bytes().enumerate().filter(|&(_, byte)| byte == b'\t') {
            cells.push(&text[from..at]);
            from = at + 1;
        }
        cells.push(&text[from..]);
        if self.header.is_none() {
            if !layout.widths().contains(&cells.len()) {
                let widths: Vec<String> = layout.widths().iter().map(usize::to_string).collect();
                let what = format!("{} cells in place of {}", cells.len(), widths.join(" or "));
                return Err(self.fault(self.line, None, what, "tab-separated, without a header"));
            }
            self.header = Some(Header::of_width(cells.len()));
        }
        let Some(header) = &self.header else { return Err(Passed::NoEvent("no header")) };
        let width = header.places.len();
        // Tabs that stand behind the last cell, or between two, for nothing: a missing value would say so.
        while cells.len() > width && cells.last() == Some(&"") {
            cells.pop();
        }
        let blank = cells.iter().filter(|cell| cell.is_empty()).count();
        if !L::MISSING.is_empty() && cells.len() > width && cells.len() - blank == width {
            cells.retain(|cell| !cell.is_empty());
        }
        let known_only = cells.len() != width && cells.len() == header.known;
        if cells.len() != width && !known_only {
            let what = format!("{} cells where the header has {width}", cells.len());
            return Err(self.fault(self.line, None, what, "a tab too few or too many inside the row"));
        }
        let mut row = Row { cells: vec![None; columns.len()] };
        let mut beside: Vec<(&str, &str)> = Vec::new();
        let places = header.places.iter().filter(|place| !known_only || place.is_ok());
        for (place, cell) in places.zip(&cells) {
            let cell = trimmed(cell);
            match place {
                Ok(ix) => row.cells[*ix] = Some(cell).filter(|cell| !cell.is_empty() && *cell != L::MISSING),
                Err(name) if !cell.is_empty() && cell != L::MISSING => beside.push((name, cell)),
                Err(_) => {}
            }
        }
        let mut entry = layout.entry(&row, self.codes).map_err(|trouble| match trouble {
            Trouble::Cell(column, what, hint) => self.fault(self.line, Some(column), what, hint),
            Trouble::NoEvent(why) => Passed::NoEvent(why),
        })?;
        for (name, cell) in beside {
            if bare(name) == "headline" {
                entry.title = Some(cell.to_owned());
            } else {
                entry.extra.insert(name.to_owned(), cell.to_owned());
            }
        }
        self.scratch.clear();
        let (actors, recipients): (Vec<_>, Vec<_>) =
            (entry.event.actors.iter().collect(), entry.event.recipients.iter().collect());
        layout.row(&entry, &actors, &recipients, self.codes, &mut self.scratch);
        let mut rest = std::mem::take(&mut entry.extra);
        for ((name, given), written) in columns.iter().zip(&row.cells).zip(&self.scratch.0) {
            let given = given.unwrap_or_default();
            if given != written {
                rest.insert((*name).to_owned(), given.to_owned());
            }
        }
        entry.extra = rest;
        Ok(entry)
    }
}

impl<L: Layout> Iterator for Reader<'_, L> {
    type Item = Result<Entry, Passed>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.broken {
            return None;
        }
        loop {
            // The line is moved out, so that its cells can be read while the reader says what is wrong with them.
            let text = match self.line() {
                Ok(Some(_)) => std::mem::take(&mut self.buffer),
                Ok(None) => return None,
                Err(error) => {
                    self.broken = true;
                    return Some(Err(Passed::Broken(error)));
                }
            };
            let bytes = text.strip_prefix(b"\xef\xbb\xbf").filter(|_| self.line == 1).unwrap_or(&text);
            let line = decoded(bytes);
            let header_again = !L::HEADER
                && self.line == 1
                && line.split('\t').next().is_some_and(|cell| bare(cell) == bare(self.layout.columns()[0]));
            if line.trim().is_empty() || header_again {
                drop(line);
                self.buffer = text;
                continue;
            }
            let entry = self.entry(&line);
            drop(line);
            self.buffer = text;
            return Some(entry);
        }
    }
}

/// Writes entries as the rows of a file; those that did not happen have no place in any of these data sets.
pub(super) fn write<L: Layout>(
    layout: &L,
    entries: &mut Outgoing<'_>,
    out: &mut (dyn Write + Send),
    codes: &Codes,
) -> Result<Written, Error> {
    let columns = layout.columns();
    let mut out = std::io::BufWriter::with_capacity(1 << 18, out);
    let mut written = Written::default();
    let mut cells = Cells::new(columns.len());
    if L::HEADER {
        writeln!(out, "{}", columns.join("\t")).map_err(Error::output)?;
    }
    for entry in entries {
        let entry = entry?;
        if !entry.event.counted() || super::first_day(&entry).is_none() {
            written.left_out += 1;
            continue;
        }
        let mut put = |actors: &[&ActorRef], recipients: &[&ActorRef]| -> std::io::Result<()> {
            cells.clear();
            layout.row(&entry, actors, recipients, codes, &mut cells);
            let own = entry.dataset == L::DATASET;
            for (ix, (name, cell)) in columns.iter().zip(&cells.0).enumerate() {
                let kept = if own { entry.extra.get(*name).map(String::as_str) } else { None };
                let cell = kept.unwrap_or(cell);
                if ix > 0 {
                    out.write_all(b"\t")?;
                }
                out.write_all(if cell.is_empty() { L::MISSING } else { cell }.as_bytes())?;
            }
            out.write_all(b"\n")
        };
        let event = &entry.event;
        let dyads = if L::DYADIC { event.dyads() } else { Vec::new() };
        if dyads.is_empty() {
            let (actors, recipients): (Vec<_>, Vec<_>) =
                (event.actors.iter().collect(), event.recipients.iter().collect());
            put(&actors, &recipients).map_err(Error::output)?;
            written.rows += 1;
        }
        for (actor, recipient) in &dyads {
            put(&[actor], &[recipient]).map_err(Error::output)?;
        }
        written.rows += dyads.len() as u64;
        written.entries += 1;
    }
    out.flush().map_err(Error::output)?;
    Ok(written)
}

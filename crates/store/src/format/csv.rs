//! Comma-separated values with a header: the flat columns, lists joined by ";".

use super::columns::{self, Cell, EVENTS, Kind};
use super::delimited::Trouble;
use super::{Entries, Fault, Format, Loss, Outgoing, Passed, Target, Written, unpack};
use crate::{Entry, Error};
use demarche_core::Codes;
use std::io::BufRead;
use std::path::Path;

/// CSV.
pub(super) struct Csv;

impl Format for Csv {
    fn name(&self) -> &'static str {
        "csv"
    }
    fn about(&self) -> &'static str {
        "comma-separated, a header, one row an event, lists joined by ;"
    }
    fn losses(&self) -> &'static [Loss] {
        columns::LOSSES
    }
    fn read<'a>(&self, path: &Path, codes: &'a Codes) -> Option<Result<Entries<'a>, Error>> {
        Some(read(path, codes))
    }
    fn write(&self, entries: &mut Outgoing<'_>, to: Target<'_>, _: &Codes) -> Result<Written, Error> {
        to.stream(|out| {
            let mut csv = ::csv::Writer::from_writer(out);
            csv.write_record(EVENTS.iter().map(|(name, _)| name)).map_err(output)?;
            let mut written = Written::default();
            for entry in entries {
                for cell in columns::row(&entry?) {
                    csv.write_field(print(&cell)).map_err(output)?;
                }
                csv.write_record(None::<&[u8]>).map_err(output)?;
                written.entries += 1;
                written.rows += 1;
            }
            csv.flush().map_err(Error::output)?;
            Ok(written)
        })
    }
}

fn output(error: ::csv::Error) -> Error {
    Error::output(error.into())
}

/// A value as CSV writes it. In a list, a semicolon or a backslash of a value has a backslash before it.
pub(super) fn print(cell: &Cell) -> String {
    let escape = |text: &str| text.replace('\\', "\\\\").replace(';', "\\;");
    match cell {
        Cell::Null => String::new(),
        Cell::Text(text) => text.clone(),
        Cell::Int(int) => int.to_string(),
        Cell::Real(real) => real.to_string(),
        Cell::Date(day) => day.to_string(),
        Cell::Texts(list) => {
            let parts: Vec<String> = list.iter().map(|text| text.as_deref().map(escape).unwrap_or_default()).collect();
            parts.join(";")
        }
        Cell::Ints(list) => {
            let parts: Vec<String> = list.iter().map(|int| int.map(|n| n.to_string()).unwrap_or_default()).collect();
            parts.join(";")
        }
    }
}

/// A value from what CSV has; `None` where it is none of that kind.
fn parse(text: &str, kind: Kind) -> Option<Cell> {
    if text.is_empty() {
        return Some(match kind {
            Kind::Texts => Cell::Texts(Vec::new()),
            Kind::Ints => Cell::Ints(Vec::new()),
            _ => Cell::Null,
        });
    }
    Some(match kind {
        Kind::Text => Cell::Text(text.to_owned()),
        Kind::Int => Cell::Int(text.parse().ok()?),
        Kind::Real => Cell::Real(text.parse().ok()?),
        Kind::Date => Cell::Date(super::day(text)?),
        Kind::Texts => Cell::Texts(split(text).into_iter().map(|part| Some(part).filter(|p| !p.is_empty())).collect()),
        Kind::Ints => {
            let number = |part: String| if part.is_empty() { Some(None) } else { part.parse().ok().map(Some) };
            Cell::Ints(split(text).into_iter().map(number).collect::<Option<_>>()?)
        }
    })
}

fn split(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        let last = parts.len() - 1;
        match letter {
            '\\' => parts[last].extend(letters.next()),
            ';' => parts.push(String::new()),
            other => parts[last].push(other),
        }
    }
    parts
}

fn read<'a>(path: &Path, codes: &'a Codes) -> Result<Entries<'a>, Error> {
    let file = unpack::name(path);
    let mut bytes = unpack::open(path)?;
    // A mark of byte order would become part of the first name.
    if bytes.fill_buf().map_err(|error| Error::io(path, error))?.starts_with(b"\xef\xbb\xbf") {
        bytes.consume(3);
    }
    let mut csv = ::csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let header = csv.headers().map_err(|error| Error::not_of_format(&file, &error.to_string()))?.clone();
    let places: Vec<Option<usize>> =
        header.iter().map(|name| EVENTS.iter().position(|(known, _)| *known == name.trim())).collect();
    for needed in ["id", "type"] {
        if !header.iter().any(|name| name.trim() == needed) {
            return Err(Error::not_of_format(
                &file,
                &format!("no column {needed} (hint: docs/formats.md has the columns)"),
            ));
        }
    }
    let mut record = ::csv::StringRecord::new();
    Ok(Box::new(std::iter::from_fn(move || {
        let line = csv.position().line();
        let fault = |column: Option<usize>, what: String, hint: &str| {
            let column = column.map(|ix| EVENTS[ix].0.to_owned());
            Some(Err(Passed::Fault(Fault { file: file.clone(), line, column, what, hint: hint.to_owned() })))
        };
        match csv.read_record(&mut record) {
            Ok(false) => return None,
            Ok(true) => {}
            Err(error) if error.is_io_error() => {
                return Some(Err(Passed::Broken(Error::not_of_format(&file, &error.to_string()))));
            }
            Err(error) => return fault(None, error.to_string(), "UTF-8, each row as long as the header"),
        }
        if record.len() != places.len() {
            let what = format!("{} cells where the header has {}", record.len(), places.len());
            return fault(None, what, "quote cells with commas");
        }
        Some(match entry(&record, &places, codes) {
            Ok(entry) => Ok(entry),
            Err(Trouble::Cell(ix, what, hint)) => return fault(Some(ix), what, hint),
            Err(Trouble::NoEvent(why)) => Err(Passed::NoEvent(why)),
        })
    })))
}

fn entry(record: &::csv::StringRecord, places: &[Option<usize>], codes: &Codes) -> Result<Entry, Trouble> {
    let mut cells = vec![Cell::Null; EVENTS.len()];
    for (place, text) in places.iter().zip(record) {
        if let Some(ix) = *place {
            cells[ix] = parse(text, EVENTS[ix].1)
                .ok_or_else(|| Trouble::Cell(ix, format!("{text} cannot be read"), "docs/formats.md has the types"))?;
        }
    }
    columns::of_row(&mut cells, codes)
}

//! Other people's files: one module a format, each read to and written from [`Entry`].
//!
//! What a format cannot hold is listed beside it ([`Format::losses`]) and held to the truth by tests: entries that were
//! written and read again are equal in everything that the list does not name.
//! What a file of another data set has and an [`Entry`] has no field for is kept under the column's name, so that the
//! file goes out as it came in.

mod columns;
mod csv;
mod delimited;
mod followthemoney;
mod gdelt;
mod gdelt1;
mod gdelt2;
pub mod gexf;
mod icews;
mod mentions;
mod parquet;
mod plover;
mod polecat;
mod sqlite;
mod unpack;

use self::delimited::Trouble;

pub use self::columns::{Cell, Column, Kind};
pub use self::parquet::write_table as write_parquet_table;

use crate::{Entry, Error};
use demarche_core::{ActorRef, Basis, Codes, DocId, Event, EventType, Interval, Mode, Precision, Scope, When};
use jiff::civil::Date;
use std::fmt;
use std::io::Write;
use std::path::Path;

/// Something wrong in a file of another data set: one row is left out because of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// The file.
    pub file: String,
    /// The line, or where there are no lines the row, from 1.
    pub line: u64,
    /// The column in question.
    pub column: Option<String>,
    /// What is wrong.
    pub what: String,
    /// What would be right; empty where nothing more helps.
    pub hint: String,
}

impl fmt::Display for Fault {
    /// `file:line: column: what (hint)`, as far as each is known.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: ", self.file, self.line)?;
        if let Some(column) = &self.column {
            write!(f, "{column}: ")?;
        }
        f.write_str(&self.what)?;
        if self.hint.is_empty() { Ok(()) } else { write!(f, " (hint: {})", self.hint) }
    }
}
impl std::error::Error for Fault {}

/// Why a row gave no entry.
#[derive(Debug)]
pub enum Passed {
    /// It cannot be read.
    Fault(Fault),
    /// It is whole, and not an event by PLOVER: why.
    NoEvent(&'static str),
    /// The file itself cannot be read on.
    Broken(Error),
}

/// The entries of a file, in its order.
pub type Entries<'a> = Box<dyn Iterator<Item = Result<Entry, Passed>> + Send + 'a>;

/// Entries on their way out.
pub type Outgoing<'a> = dyn Iterator<Item = Result<Entry, Error>> + 'a;

/// Where a file is written to.
pub enum Target<'a> {
    /// One stream of bytes.
    Stream(&'a mut (dyn Write + Send)),
    /// A file or, where the format asks for one, a folder.
    Path(&'a Path),
}

impl Target<'_> {
    /// Writes to the stream, or to the file of that path.
    fn stream(self, write: impl FnOnce(&mut (dyn Write + Send)) -> Result<Written, Error>) -> Result<Written, Error> {
        match self {
            Target::Stream(out) => write(out),
            Target::Path(path) => {
                let mut file = std::fs::File::create(path).map_err(|error| Error::io(path, error))?;
                write(&mut file).map_err(|error| error.context(path.display()))
            }
        }
    }
}

/// What was written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Written {
    /// Entries that are in the file.
    pub entries: u64,
    /// Rows that they take: a dyadic format has one for each ordered pair.
    pub rows: u64,
    /// Entries that the format has no place for: what did not happen, or has no date, or no party.
    pub left_out: u64,
}

/// What a format cannot hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Loss {
    /// The field of the entry, as its JSON has it: `event.actors.resolved_by`.
    pub field: &'static str,
    /// What becomes of it.
    pub what: &'static str,
}

/// The losses of tables of CAMEO codes with a row for each ordered pair: those of one table alone, and what all of
/// them cannot hold.
macro_rules! cameo_losses {
    (place: $place:literal, $($own:expr),+ $(,)?) => {
        &[
            $($own,)+
            loss("event.mode", "follows the CAMEO code"),
            loss("event.contexts", "follow the CAMEO code"),
            loss("event.cameo, where absent or a root", "the closest code; a root with a zero behind it"),
            loss("event.intensity", "Goldstein's stands in the file; PLOVER's follows the CAMEO code"),
            loss("event.polarity", "only what happened is written"),
            loss("event.modality", "only what happened is written"),
            loss("event.tense", "no column"),
            loss("event.attribution", "no column"),
            loss("event.when.until", "the first day alone"),
            loss("event.when.precision", "a day"),
            loss("event.when.basis", "no column"),
            loss("event.when.scope", "no column"),
            loss("event.when, where absent", "the day of publication stands for it; an entry with neither is left out"),
            loss("event.place.text", "no column"),
            loss("event.place.scope", "no column"),
            loss("event.place.precision, finer or other", $place),
            loss("event.evidence", "no column"),
            loss("event.grounds", "no column"),
            loss("event.confidence", "no column"),
            loss("event.actors[1..]", "of several parties each ordered pair is a row, and comes back as an event"),
            loss("event.recipients[1..]", "of several parties each ordered pair is a row, and comes back as an event"),
            loss("event.actors.name, where absent", "the text stands for it"),
            loss("event.actors.text", "no column: the name stands for it"),
            loss("event.actors.start", "no column"),
            loss("event.actors.end", "no column"),
            loss("event.actors.id", "no column"),
            loss("event.actors.office", "no column"),
            loss("event.actors.resolved_by", "no column"),
            loss("event.actors.candidates", "no column"),
            loss("event.recipients.name, where absent", "the text stands for it"),
            loss("event.recipients.text", "no column: the name stands for it"),
            loss("event.recipients.start", "no column"),
            loss("event.recipients.end", "no column"),
            loss("event.recipients.id", "no column"),
            loss("event.recipients.office", "no column"),
            loss("event.recipients.resolved_by", "no column"),
            loss("event.recipients.candidates", "no column"),
        ]
    };
}
use cameo_losses;

const fn loss(field: &'static str, what: &'static str) -> Loss {
    Loss { field, what }
}

/// A file format.
pub trait Format: Sync {
    /// How commands call it.
    fn name(&self) -> &'static str;
    /// What it is, in a line.
    fn about(&self) -> &'static str;
    /// What it cannot hold.
    fn losses(&self) -> &'static [Loss];
    /// Whether it has a row for each ordered pair of parties and not for each event.
    fn dyadic(&self) -> bool {
        false
    }
    /// Whether it can be written to a stream.
    fn streams(&self) -> bool {
        true
    }
    /// Reads a file, plain, gzipped or a zip of one file; `-` is standard input. `None` where the format is only written.
    ///
    /// # Errors
    /// Where the file cannot be opened, or is not of this format at all.
    fn read<'a>(&self, path: &Path, codes: &'a Codes) -> Option<Result<Entries<'a>, Error>>;
    /// Writes entries.
    ///
    /// # Errors
    /// What the entries bring, and where the target cannot be written.
    fn write(&self, entries: &mut Outgoing<'_>, to: Target<'_>, codes: &Codes) -> Result<Written, Error>;
}

/// Every format.
pub const FORMATS: &[&dyn Format] = &[
    &polecat::Polecat,
    &icews::Icews,
    &gdelt1::Gdelt1,
    &gdelt2::Gdelt2,
    &plover::Plover,
    &csv::Csv,
    &parquet::Parquet,
    &sqlite::Sqlite,
    &gexf::Gexf,
    &followthemoney::FollowTheMoney,
];

/// The format of that name.
pub fn named(name: &str) -> Option<&'static dyn Format> {
    FORMATS.iter().copied().find(|format| format.name() == name)
}

/// What a file says of itself, in the formats that have a place for it.
fn about() -> [(&'static str, String); 3] {
    [
        ("version", format!("demarche {}", env!("CARGO_PKG_VERSION"))),
        (
            "licence",
            "Events of the data set \"demarche\" are the ledger's own and its owner's to license; those of another data set \
             are under the terms of whoever publishes it."
                .to_owned(),
        ),
        (
            "codebook",
            "Types, modes, contexts, quad classes, intensities and sectors are PLOVER's (manual of 2021, Open Event Data \
             Alliance, CC BY-SA 4.0); cameo is the closest CAMEO code. Dates are days, until is the first day after. \
             Only rows with polarity positive and modality asserted happened. docs/formats.md explains each column."
                .to_owned(),
        ),
    ]
}

/// A day as data sets know it: nothing is said of how.
fn on(day: Date) -> When {
    When { interval: Interval::day(day), precision: Precision::Day, basis: Basis::None, scope: Scope::Document }
}

/// `2024-03-01` or `20240301`.
fn day(text: &str) -> Option<Date> {
    let bytes = text.as_bytes();
    let (year, month, day) = match bytes.len() {
        10 if bytes[4] == b'-' && bytes[7] == b'-' => (&text[..4], &text[5..7], &text[8..]),
        8 => (text.get(..4)?, text.get(4..6)?, text.get(6..)?),
        _ => return None,
    };
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

/// The day that a one-day format gives an entry: its first, else that of publication.
fn first_day(entry: &Entry) -> Option<Date> {
    entry.event.when.and_then(|when| when.interval.from).or(entry.published)
}

/// A party of another data set: `text` is how the source has it.
fn party(text: &str) -> ActorRef {
    ActorRef::bare(text, demarche_core::Span::new(0, 0))
}

/// An event of another data set with nothing but its kind; the rest is filled in by the format.
fn event(id: String, document: DocId, event_type: EventType, mode: Option<Mode>, codes: &Codes) -> Event {
    use demarche_core::{Modality, Polarity, Tense};
    Event {
        id,
        document,
        sentence: 0,
        event_type,
        mode,
        contexts: Vec::new(),
        cameo: None,
        quad: event_type.quad(),
        intensity: codes.intensity(event_type, mode),
        actors: Vec::new(),
        recipients: Vec::new(),
        polarity: Polarity::Positive,
        modality: Modality::Asserted,
        tense: Tense::Past,
        attribution: None,
        when: None,
        place: None,
        evidence: Vec::new(),
        grounds: Vec::new(),
        confidence: 1.0,
    }
}

/// The id of an event of another data set. Its own id may repeat, on another day, so that the day is part of it;
/// an id that we gave ourselves stays.
fn event_id(dataset: &str, source_id: &str, day: Option<Date>) -> String {
    if is_ours(source_id) {
        return source_id.to_owned();
    }
    let day = day.map(|day| day.to_string()).unwrap_or_default();
    ["e-", &demarche_core::stable_hash(&[dataset, source_id, &day])].concat()
}

/// Whether an id is one of ours: `e-` and sixteen hex digits.
fn is_ours(id: &str) -> bool {
    id.strip_prefix("e-").is_some_and(|hex| hex.len() == 16 && hex.bytes().all(|b| b.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests;

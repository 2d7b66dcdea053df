//! A SQLite file of one flat table, for those who open it in Datasette, DuckDB, R or Python: lists are JSON arrays.
//!
//! The ledger itself is such a file, with everything that it knows in tables of their own; this one is a table to hand on.

use super::columns::{self, Cell, EVENTS, Kind};
use super::delimited::Trouble;
use super::{Entries, Fault, Format, Loss, Outgoing, Passed, Target, Written};
use crate::Error;
use demarche_core::Codes;
use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{Connection, OpenFlags, params_from_iter};
use std::path::Path;

/// SQLite.
pub(super) struct Sqlite;

impl Format for Sqlite {
    fn name(&self) -> &'static str {
        "sqlite"
    }
    fn about(&self) -> &'static str {
        "a SQLite file with one table, events, and a view of ordered pairs, dyads"
    }
    fn losses(&self) -> &'static [Loss] {
        columns::LOSSES
    }
    fn streams(&self) -> bool {
        false
    }
    fn read<'a>(&self, path: &Path, codes: &'a Codes) -> Option<Result<Entries<'a>, Error>> {
        Some(read(path, codes))
    }
    fn write(&self, entries: &mut Outgoing<'_>, to: Target<'_>, _: &Codes) -> Result<Written, Error> {
        match to {
            Target::Path(path) => write(entries, path).map_err(|error| error.context(path.display())),
            Target::Stream(_) => Err(Error::asked("a SQLite file cannot go to a stream (hint: -o FILE)")),
        }
    }
}

/// Each event once for each ordered pair of its parties, as [`demarche_core::Event::dyads`] has them.
const DYADS: &str = "CREATE VIEW dyads AS
    SELECT e.id, e.date, a.value AS source, b.value AS target, e.type, e.mode, e.quad, e.intensity
    FROM events e, json_each(e.actor_code) a, json_each(iif(e.recipient_text = '[]', e.actor_code, e.recipient_code)) b
    WHERE e.recipient_text <> '[]' OR a.key <> b.key";

fn write(entries: &mut Outgoing<'_>, path: &Path) -> Result<Written, Error> {
    if path.exists() {
        return Err(Error::asked("the file is there already (hint: name another, or remove it)"));
    }
    let mut file = Connection::open(path)?;
    // A file that is only finished or not: nobody reads it meanwhile.
    file.execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")?;
    let columns: Vec<String> = EVENTS
        .iter()
        .map(|(name, kind)| {
            let kind = match kind {
                Kind::Int => "INTEGER",
                Kind::Real => "REAL",
                Kind::Text | Kind::Date | Kind::Texts | Kind::Ints => "TEXT",
            };
            format!("\"{name}\" {kind}")
        })
        .collect();
    file.execute_batch(&format!("CREATE TABLE events ({}); {DYADS};", columns.join(", ")))?;
    file.execute_batch("CREATE TABLE about (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID")?;
    let mut written = Written::default();
    let all = file.transaction()?;
    for (key, value) in super::about() {
        all.execute("INSERT INTO about VALUES (?1, ?2)", [key, &value])?;
    }
    {
        let marks = vec!["?"; EVENTS.len()].join(", ");
        let mut insert = all.prepare(&format!("INSERT INTO events VALUES ({marks})"))?;
        for entry in entries {
            let cells = columns::row(&entry?);
            insert.execute(params_from_iter(cells.iter().map(value)))?;
            written.entries += 1;
            written.rows += 1;
        }
    }
    all.commit()?;
    file.execute_batch(
        "CREATE INDEX events_date ON events (date); CREATE INDEX events_dyad ON events (source, target, date);",
    )?;
    Ok(written)
}

fn value(cell: &Cell) -> ToSqlOutput<'_> {
    let json = |list: Result<String, serde_json::Error>| ToSqlOutput::Owned(list.map_or(Value::Null, Value::Text));
    match cell {
        Cell::Null => ToSqlOutput::Owned(Value::Null),
        Cell::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
        Cell::Int(int) => ToSqlOutput::Owned(Value::Integer(*int)),
        Cell::Real(real) => ToSqlOutput::Owned(Value::Real(*real)),
        Cell::Date(day) => ToSqlOutput::Owned(Value::Text(day.to_string())),
        Cell::Texts(list) => json(serde_json::to_string(list)),
        Cell::Ints(list) => json(serde_json::to_string(list)),
    }
}

fn cell(value: ValueRef<'_>, kind: Kind) -> Option<Cell> {
    Some(match (value, kind) {
        (ValueRef::Null, _) => Cell::Null,
        (ValueRef::Integer(int), Kind::Int) => Cell::Int(int),
        (ValueRef::Integer(int), Kind::Real) => Cell::Real(int as f64),
        (ValueRef::Real(real), Kind::Real) => Cell::Real(real),
        (ValueRef::Text(text), _) => {
            let text = std::str::from_utf8(text).ok()?;
            match kind {
                Kind::Text => Cell::Text(text.to_owned()),
                Kind::Date => Cell::Date(super::day(text)?),
                Kind::Texts => Cell::Texts(serde_json::from_str(text).ok()?),
                Kind::Ints => Cell::Ints(serde_json::from_str(text).ok()?),
                Kind::Int | Kind::Real => return None,
            }
        }
        _ => return None,
    })
}

/// How many rows are read at once.
const PAGE: usize = 4096;

fn read<'a>(path: &Path, codes: &'a Codes) -> Result<Entries<'a>, Error> {
    let name = super::unpack::name(path);
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let file = Connection::open_with_flags(path, flags).map_err(|error| Error::from(error).context(&name))?;
    let found: Vec<String> = file
        .prepare("SELECT name FROM pragma_table_info('events')")
        .and_then(|mut query| query.query_map([], |row| row.get(0))?.collect())
        .map_err(|error| Error::from(error).context(&name))?;
    if !["id", "type", "actor_text"].iter().all(|needed| found.iter().any(|name| name == needed)) {
        let what = "no table of events as an export has it (hint: a ledger is given with --ledger)";
        return Err(Error::not_of_format(&name, what));
    }
    let columns: Vec<String> = EVENTS
        .iter()
        .map(|(name, _)| if found.iter().any(|f| f == name) { format!("\"{name}\"") } else { "NULL".to_owned() })
        .collect();
    let query =
        format!("SELECT rowid, {} FROM events WHERE rowid > ?1 ORDER BY rowid LIMIT {PAGE}", columns.join(", "));
    let (mut last, mut page) = (0_i64, Vec::new().into_iter());
    Ok(Box::new(std::iter::from_fn(move || {
        if page.len() == 0 {
            match rows(&file, &query, last) {
                Ok(rows) => page = rows.into_iter(),
                Err(error) => return Some(Err(Passed::Broken(Error::from(error).context(&name)))),
            }
        }
        let (rowid, cells) = page.next()?;
        last = rowid;
        let fault = |ix: usize, what: String, hint: &str| {
            let column = Some(EVENTS[ix].0.to_owned());
            Passed::Fault(Fault { file: name.clone(), line: rowid as u64, column, what, hint: hint.to_owned() })
        };
        let mut cells = match cells {
            Ok(cells) => cells,
            Err(ix) => return Some(Err(fault(ix, "cannot be read".to_owned(), "docs/formats.md has the types"))),
        };
        Some(columns::of_row(&mut cells, codes).map_err(|trouble| match trouble {
            Trouble::Cell(ix, what, hint) => fault(ix, what, hint),
            Trouble::NoEvent(why) => Passed::NoEvent(why),
        }))
    })))
}

/// A row, or the column that cannot be read.
type Read = (i64, Result<Vec<Cell>, usize>);

fn rows(file: &Connection, query: &str, last: i64) -> rusqlite::Result<Vec<Read>> {
    let mut query = file.prepare_cached(query)?;
    let read = query.query_map([last], |row| {
        let cells: Result<Vec<Cell>, usize> = EVENTS
            .iter()
            .enumerate()
            .map(|(ix, (_, kind))| row.get_ref(ix + 1).ok().and_then(|value| cell(value, *kind)).ok_or(ix))
            .collect();
        Ok((row.get(0)?, cells))
    })?;
    read.collect()
}

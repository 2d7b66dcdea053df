//! What is written goes through here, one transaction a batch: documents with their records, events of other data sets,
//! the monthly sums and the mark of how far a source was read, together or not at all.

use crate::days::day_number;
use crate::dictionary::Dictionary;
use crate::entry::Entry;
use crate::error::{Error, Result};
use crate::insert::Insert;
use crate::ledger::{CACHE, Ledger};
use crate::rollup::{self, Changes};
use crate::rows::{EventRow, Filing, ImportedRow, Numbering, PartyRow, ProofRow, Rows};
use crate::schema;
use demarche_core::{DocId, DocumentRecord, Event, Record, Span};
use jiff::civil::Date;
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::{BTreeMap, HashSet};

/// What a run is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunKind {
    /// New documents, coded.
    Ingest,
    /// Stored documents, coded again.
    Recode,
    /// Events of another data set.
    Import,
    /// What a person said of an event.
    Correct,
}

impl RunKind {
    /// As the table of runs has it.
    pub fn as_str(self) -> &'static str {
        match self {
            RunKind::Ingest => "ingest",
            RunKind::Recode => "recode",
            RunKind::Import => "import",
            RunKind::Correct => "correct",
        }
    }
}

/// A run as whoever starts it describes it; the store itself has no clock.
#[derive(Debug, Clone)]
pub struct RunSpec {
    /// What for.
    pub kind: RunKind,
    /// The coder's version, where something is coded.
    pub coder: Option<String>,
    /// The version of the tables that it codes by.
    pub tables: Option<String>,
    /// The command: the same command goes on with its own unfinished run.
    pub command: Option<String>,
    /// Who, where a person acts.
    pub author: Option<String>,
    /// The time at which it starts.
    pub at: jiff::Timestamp,
}

/// What a sentence of a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SentenceSpan {
    /// Its bytes in the clean text.
    pub span: Span,
    /// `title`, `body`, `caption`, `furniture`.
    pub kind: &'static str,
}

/// A document with all that was read in it.
#[derive(Debug, Clone)]
pub struct DocumentIn<'a> {
    /// What is known of it; its `clean_text` is not looked at.
    pub record: &'a DocumentRecord,
    /// The clean text that every offset counts in.
    pub text: &'a str,
    /// Who signs it.
    pub byline: Option<&'a str>,
    /// The words that open the report, which may credit an agency.
    pub dateline: Option<&'a str>,
    /// The id of its publisher, where the tables know it.
    pub outlet: Option<&'a str>,
    /// Ids of the publishers that it credits, the head of the chain first ("KCNA via Reuters": `kcna`, `reuters`).
    pub credits: &'a [String],
    /// Its sentences in order.
    pub sentences: &'a [SentenceSpan],
    /// Events, statements, relations, checks and notes of its coding, in order.
    pub records: &'a [Record],
    /// Whether it was coded; a text in another language is kept and marked.
    pub coded: bool,
    /// Where it was taken from: a file, an address.
    pub place: &'a str,
}

/// What became of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added {
    /// It is new.
    New,
    /// The ledger has it: nothing was written.
    Known,
    /// It is another version of a page that the ledger has; the later one counts.
    Version,
}

/// How far a source was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mark {
    /// The source: a file's full path, an address.
    pub place: String,
    /// `file`, `warc`, `feed`, `import`, …
    pub kind: String,
    /// What tells whether the source is still the same (size and hash of a file).
    pub fingerprint: Option<String>,
    /// How many of its items are done.
    pub position: u64,
    /// Whether that was all.
    pub done: bool,
    /// How many documents or events were taken.
    pub taken: u64,
    /// How many were known already or left out.
    pub skipped: u64,
    /// How many could not be read.
    pub faulty: u64,
    /// HTTP's ETag.
    pub etag: Option<String>,
    /// HTTP's Last-Modified.
    pub modified: Option<String>,
    /// When it was last looked at, ISO 8601.
    pub checked: Option<String>,
    /// Anything to remember.
    pub note: Option<String>,
}

/// Writes one run; what is not committed when it is dropped is taken back.
#[derive(Debug)]
pub struct Writer<'l> {
    pub(crate) ledger: &'l Ledger,
    pub(crate) numbers: Numbering,
    pub(crate) changes: Changes,
    /// Rows in hand.
    rows: Rows,
    /// Source, target, day, event.
    dyads: Vec<(i64, i64, i32, i64)>,
    /// The number of the run, from its first row on: a run that changes nothing leaves no trace.
    pub(crate) run: i64,
    pub(crate) day: i32,
    spec: RunSpec,
    open: bool,
    bulk: bool,
    statements: Statements<'l>,
}

#[derive(Debug)]
struct Statements<'l> {
    event: Insert<'l>,
    party: Insert<'l>,
    dyad: Insert<'l>,
    proof: Insert<'l>,
    imported: Insert<'l>,
    month_sum: Insert<'l>,
}

impl<'l> Statements<'l> {
    fn new(conn: &'l Connection) -> Result<Statements<'l>> {
        let insert = |into| Insert::new(conn, into, "");
        Ok(Statements {
            event: insert(EventRow::INTO)?,
            party: insert(PartyRow::INTO)?,
            dyad: insert("dyad (source, target, day, event)")?,
            proof: insert(ProofRow::INTO)?,
            imported: insert(ImportedRow::INTO)?,
            month_sum: Insert::new(conn, rollup::INTO, rollup::ADDING)?,
        })
    }
}

/// What the ledger counts its batches under.
pub(crate) const BATCHES: &str = "batches";

/// Memory for pages in a bulk import and while its indices are built, in KiB (negative, as SQLite has it).
const BULK_CACHE: i64 = -256_000;
const SORT_CACHE: i64 = -2_000;

/// The number behind an id such as `e-0123456789abcdef`; of any other text, the number of its hash.
pub(crate) fn id_number(id: &str) -> i64 {
    let digits = id.split_once('-').map_or(id, |(_, digits)| digits);
    let number = if digits.len() == 16 { u64::from_str_radix(digits, 16).ok() } else { None };
    number.or_else(|| u64::from_str_radix(&demarche_core::stable_hash(&[id]), 16).ok()).unwrap_or(0).cast_signed()
}

/// The id of a number.
pub(crate) fn id_text(prefix: char, number: i64) -> String {
    format!("{prefix}-{:016x}", number.cast_unsigned())
}

pub(crate) fn json(value: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|e| Error::asked(format!("a record cannot be written: {e}")))
}

impl Ledger {
    /// Begins a run, or goes on with the same command's unfinished one.
    ///
    /// # Errors
    /// Where the ledger is open for reading alone, or cannot be written.
    pub fn writer(&self, spec: &RunSpec) -> Result<Writer<'_>> {
        let conn = self.conn();
        if conn.is_readonly(rusqlite::MAIN_DB)? {
            return Err(Error::new(crate::error::Kind::ReadOnly, "opened for reading alone"));
        }
        let day = day_number(spec.at.to_zoned(jiff::tz::TimeZone::UTC).date());
        conn.execute_batch("BEGIN IMMEDIATE")?;
        let begun: Result<_> = (|| Ok((Dictionary::load(conn)?, unfinished(conn, spec)?, Statements::new(conn)?)))();
        let ended = if begun.is_ok() { conn.execute_batch("COMMIT") } else { conn.execute_batch("ROLLBACK") };
        let (words, run, statements) = begun?;
        ended?;
        let (run, day) = run.unwrap_or((0, day));
        Ok(Writer {
            ledger: self,
            numbers: Numbering::new(words, day),
            changes: Changes::default(),
            rows: Rows::default(),
            dyads: Vec::new(),
            run,
            day,
            spec: spec.clone(),
            open: false,
            bulk: false,
            statements,
        })
    }

    /// How far each source was read, by place.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn marks(&self) -> Result<BTreeMap<String, Mark>> {
        let mut found = self.conn().prepare(
            "SELECT place, kind, fingerprint, position, done, taken, skipped, faulty, etag, modified, checked, note
             FROM intake",
        )?;
        let mark = |row: &rusqlite::Row<'_>| {
            Ok(Mark {
                place: row.get(0)?,
                kind: row.get(1)?,
                fingerprint: row.get(2)?,
                position: row.get::<_, i64>(3)?.unsigned_abs(),
                done: row.get(4)?,
                taken: row.get::<_, i64>(5)?.unsigned_abs(),
                skipped: row.get::<_, i64>(6)?.unsigned_abs(),
                faulty: row.get::<_, i64>(7)?.unsigned_abs(),
                etag: row.get(8)?,
                modified: row.get(9)?,
                checked: row.get(10)?,
                note: row.get(11)?,
            })
        };
        let all = found.query_map([], mark)?.map(|m| m.map(|m| (m.place.clone(), m)));
        Ok(all.collect::<rusqlite::Result<_>>()?)
    }

    /// Every document that the ledger holds.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn document_ids(&self) -> Result<HashSet<DocId>> {
        let mut all = self.conn().prepare("SELECT hash FROM document")?;
        let ids = all.query_map([], |row| Ok(DocId(id_text('d', row.get(0)?).into())))?;
        Ok(ids.collect::<rusqlite::Result<_>>()?)
    }
}

/// The number and the day of the same command's unfinished run.
fn unfinished(conn: &Connection, spec: &RunSpec) -> Result<Option<(i64, i32)>> {
    Ok(conn
        .query_row(
            "SELECT key, day FROM run WHERE ended IS NULL AND kind = ?1 AND coder IS ?2 AND tables IS ?3
             AND command IS ?4 AND author IS ?5 ORDER BY key DESC LIMIT 1",
            params![spec.kind.as_str(), spec.coder, spec.tables, spec.command, spec.author],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()?)
}

/// A time to the second, as tables have it.
pub(crate) fn stamp(at: jiff::Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

impl Writer<'_> {
    pub(crate) fn conn(&self) -> &Connection {
        self.ledger.conn()
    }

    /// The number of this run, as `demarche diff` takes it; `None` as long as nothing was written.
    pub fn run(&self) -> Option<i64> {
        (self.run > 0).then_some(self.run)
    }

    /// Makes ready for about `rows` events: where they are many beside what the ledger holds, indices are taken away and
    /// built again at the end. To be called before the first row.
    ///
    /// # Errors
    /// Where the ledger cannot be written.
    pub fn expect(&mut self, rows: u64) -> Result<()> {
        let conn = self.conn();
        let held: i64 = conn.query_row("SELECT coalesce(max(key), 0) FROM event", [], |row| row.get(0))?;
        if rows < 100_000 || rows < held.unsigned_abs() / 4 {
            return Ok(());
        }
        // Each reference would be looked up; the keys come from the dictionary, and `verify` checks them all.
        conn.pragma_update(None, "foreign_keys", false)?;
        conn.pragma_update(None, "cache_size", BULK_CACHE)?;
        for index in schema::BULK_INDICES {
            conn.execute_batch(&format!("DROP INDEX IF EXISTS {index}"))?;
        }
        self.bulk = true;
        Ok(())
    }

    /// The time at which this run began.
    pub(crate) fn at(&self) -> jiff::Timestamp {
        self.spec.at
    }

    /// Begins a transaction where none is open.
    pub(crate) fn ensure(&mut self) -> Result<()> {
        if !self.open {
            self.conn().execute_batch("BEGIN IMMEDIATE")?;
            self.open = true;
        }
        if self.run == 0 {
            let spec = &self.spec;
            self.conn().execute(
                "INSERT INTO run (kind, coder, tables, command, author, started, day)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![
                    spec.kind.as_str(),
                    spec.coder,
                    spec.tables,
                    spec.command,
                    spec.author,
                    stamp(spec.at),
                    self.day
                ],
            )?;
            self.run = self.conn().last_insert_rowid();
        }
        Ok(())
    }

    /// Adds an event of another data set.
    ///
    /// # Errors
    /// Where the ledger cannot be written; the batch is to be given up then.
    pub fn add_entry(&mut self, entry: &Entry) -> Result<()> {
        let mut rows = std::mem::take(&mut self.rows);
        self.numbers.entry(entry.clone(), &mut rows)?;
        self.write(&mut rows)?;
        self.rows = rows;
        Ok(())
    }

    /// The row of an event, its parties, words, pairs and share of the monthly sums; gives its key.
    pub(crate) fn add_event(&mut self, event: &Event, filing: Filing) -> Result<i64> {
        let mut rows = std::mem::take(&mut self.rows);
        let key = self.numbers.event(event, filing, &mut rows)?;
        self.write(&mut rows)?;
        self.rows = rows;
        Ok(key)
    }

    /// Writes what has a number and is not in the ledger yet.
    pub(crate) fn write_news(&mut self) -> Result<()> {
        self.numbers.words.news.write(self.ledger.conn())
    }

    /// Writes rows, what they refer to first.
    pub(crate) fn write(&mut self, rows: &mut Rows) -> Result<()> {
        if rows.events.is_empty() {
            return Ok(());
        }
        self.ensure()?;
        rows.news.write(self.ledger.conn())?;
        self.write_news()?;
        let to = &mut self.statements;
        to.event.all(&rows.events, |to, row| row.give(self.run, to))?;
        to.party.all(&rows.parties, |to, row| row.give(to))?;
        to.proof.all(&rows.proofs, |to, row| row.give(to))?;
        to.imported.all(&rows.imported, |to, row| row.give(to))?;
        let mut pairs = rows.pairs.as_slice();
        for row in &rows.events {
            let own = pairs.split_off(..row.pairs).unwrap_or_default();
            self.dyads.extend(own.iter().map(|&(source, target)| (source, target, row.day, row.key)));
            if let Some(share) = &row.share {
                self.changes.add(own, share, 1);
            }
        }
        rows.clear();
        if self.dyads.len() >= 1 << 20 {
            self.flush_dyads()?;
        }
        Ok(())
    }

    /// Pairs go in sorted: the tree that they are kept in is then written once a page, not once a row.
    fn flush_dyads(&mut self) -> Result<()> {
        self.dyads.sort_unstable();
        self.statements.dyad.all(&self.dyads, |to, &(source, target, day, event)| {
            to.number(source)?;
            to.number(target)?;
            to.number(day)?;
            to.number(event)
        })?;
        self.dyads.clear();
        Ok(())
    }

    /// Remembers how far a source was read, in the transaction of what was read.
    ///
    /// # Errors
    /// Where the ledger cannot be written.
    pub fn set_mark(&mut self, mark: &Mark) -> Result<()> {
        self.ensure()?;
        let number = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        self.conn()
            .prepare_cached(
                "INSERT INTO intake (place, kind, fingerprint, position, done, taken, skipped, faulty, etag, modified,
                 checked, note) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
                 ON CONFLICT DO UPDATE SET kind = excluded.kind, fingerprint = excluded.fingerprint,
                 position = excluded.position, done = excluded.done, taken = excluded.taken, skipped = excluded.skipped,
                 faulty = excluded.faulty, etag = excluded.etag, modified = excluded.modified,
                 checked = excluded.checked, note = excluded.note",
            )?
            .execute(params![
                mark.place,
                mark.kind,
                mark.fingerprint,
                number(mark.position),
                mark.done,
                number(mark.taken),
                number(mark.skipped),
                number(mark.faulty),
                mark.etag,
                mark.modified,
                mark.checked,
                mark.note
            ])?;
        Ok(())
    }

    /// Makes all since the last commit lasting.
    ///
    /// # Errors
    /// Where the ledger cannot be written; what was committed before is kept.
    pub fn commit(&mut self) -> Result<()> {
        if !self.open {
            return Ok(());
        }
        self.flush_dyads()?;
        self.changes.flush(self.ledger.conn(), &mut self.statements.month_sum)?;
        self.conn()
            .prepare_cached(
                "INSERT INTO state (name, value) VALUES (?1, '1')
                 ON CONFLICT DO UPDATE SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT)",
            )?
            .execute([BATCHES])?;
        self.conn().execute_batch("COMMIT")?;
        self.open = false;
        Ok(())
    }

    /// Commits, puts indices back and closes the run.
    ///
    /// # Errors
    /// Where the ledger cannot be written.
    pub fn finish(mut self, at: jiff::Timestamp) -> Result<()> {
        if self.run > 0 {
            self.ensure()?;
            self.conn().execute("UPDATE run SET ended = ?1 WHERE key = ?2", params![stamp(at), self.run])?;
            self.commit()?;
        }
        if self.bulk {
            // SQLite sorts what fits its memory for pages at once: runs that fit the processor's are sorted in half the time.
            self.conn().pragma_update(None, "cache_size", SORT_CACHE)?;
            self.conn().execute_batch(schema::INDICES)?;
        }
        Ok(())
    }
}

impl Drop for Writer<'_> {
    fn drop(&mut self) {
        if self.open {
            // Where the disk is full SQLite has rolled back by itself.
            let _ = self.ledger.conn().execute_batch("ROLLBACK");
        }
        if self.bulk {
            let _ = self.ledger.conn().pragma_update(None, "foreign_keys", true);
            let _ = self.ledger.conn().pragma_update(None, "cache_size", CACHE);
        }
    }
}

/// A number as it was written: 0.1 stays 0.1 when the column that keeps it is wider.
pub(crate) fn exact(number: f32) -> f64 {
    let wide = (f64::from(number) * 1000.0).round() / 1000.0;
    if wide as f32 == number { wide } else { number.to_string().parse().unwrap_or(f64::from(number)) }
}

/// The day on which a document became known: its publication, unless that lies after the run.
pub(crate) fn known(published: Option<Date>, run_day: i32) -> i32 {
    published.map_or(run_day, |day| day_number(day).min(run_day))
}

//! One document with all that is known of it: its text and sentences, what was read in it, its other versions.

use crate::days::{day_number, day_of};
use crate::error::{Error, Result};
use crate::ledger::Ledger;
use crate::read::Stored;
use crate::recode::StoredDocument;
use crate::write::{SentenceSpan, id_number, id_text};
use demarche_core::{Check, Note, Relation, Span, Statement};
use jiff::civil::Date;
use rusqlite::OptionalExtension;
use serde::de::DeserializeOwned;

/// A document.
#[derive(Debug, Clone, PartialEq)]
pub struct DocumentFound {
    /// Its record and text.
    pub stored: StoredDocument,
    /// Whose site or paper it stands in, where that is another than the publisher.
    pub outlet: Option<String>,
    /// Whom it credits.
    pub credit: Option<String>,
    /// Whether it was coded: only English is.
    pub coded: bool,
    /// The day from which the ledger knew it.
    pub known: Date,
    /// Which of its page's versions it is, from 1.
    pub version: u32,
    /// Its sentences by their numbers, each as it was cut last.
    pub sentences: Vec<(u32, SentenceSpan)>,
    /// Its events in the order of the text.
    pub events: Vec<Stored>,
    /// Who says what.
    pub statements: Vec<Statement>,
    /// What stands between actors.
    pub relations: Vec<Relation>,
    /// Stated facts held against the reference.
    pub checks: Vec<Check>,
    /// What was passed over.
    pub notes: Vec<Note>,
    /// Every version of the page that the ledger has, itself included.
    pub versions: Vec<Version>,
    /// Its place among the reports of each happening that it tells of.
    pub reports: Vec<ReportOf>,
}

/// A version of a page.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Version {
    /// The document.
    pub document: String,
    /// Which version, from 1, in the order of their arrival.
    pub version: u32,
    /// When it was published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<Date>,
    /// The day from which the ledger knew it.
    pub known: Date,
    /// Whether it is the one that counts.
    pub current: bool,
}

/// A document as a report of a happening.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ReportOf {
    /// The happening, `s-…`.
    pub story: String,
    /// Whether the document is an origin of its own.
    pub origin: bool,
    /// The document that it copies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub copy_of: Option<String>,
    /// Why it is counted so.
    pub why: String,
}

impl Ledger {
    /// A document by its id, `d-…`, with what is in force of it, or was as the ledger knew it on a day.
    ///
    /// # Errors
    /// Where there is no such document, or the ledger cannot be read.
    pub fn document(&self, id: &str, known_on: Option<Date>) -> Result<DocumentFound> {
        let missing = || Error::asked(format!("no document {id} in this ledger"));
        let digits = id.strip_prefix("d-").filter(|digits| digits.len() == 16).ok_or_else(missing)?;
        u64::from_str_radix(digits, 16).map_err(|_| missing())?;
        let found = self
            .conn()
            .prepare_cached("SELECT key, outlet, credit, coded, known, version FROM document WHERE hash = ?1")?
            .query_row([id_number(id)], |row| {
                Ok((
                    row.get::<_, i64>(0)?,
                    row.get(1)?,
                    row.get(2)?,
                    row.get(3)?,
                    row.get::<_, i32>(4)?,
                    row.get::<_, u32>(5)?,
                ))
            })
            .optional()?;
        let (key, outlet, credit, coded, known, version) = found.ok_or_else(missing)?;
        let force = match known_on.map(day_number) {
            Some(day) => format!("known <= {day} AND (gone IS NULL OR gone > {day})"),
            None => "gone_run IS NULL".to_string(),
        };
        let mut events = self.events_of(key, &force)?;
        let start = |s: &Stored| s.entry.event.evidence.first().map_or(0, |e| e.span.start);
        events.sort_by_key(|s| (s.entry.event.sentence, start(s), s.key));
        Ok(DocumentFound {
            stored: self.stored_document(key)?,
            outlet,
            credit,
            coded,
            known: day(known)?,
            version,
            sentences: self.sentences_of(key)?,
            events,
            statements: self.records_of("statement", key, &force)?,
            relations: self.records_of("relation", key, &force)?,
            checks: self.records_of("finding", key, &force)?,
            notes: self.records_of("remark", key, &force)?,
            versions: self.versions_of(key)?,
            reports: self.reports_of(key)?,
        })
    }

    fn events_of(&self, document: i64, force: &str) -> Result<Vec<Stored>> {
        let mut all = self
            .conn()
            .prepare_cached(&format!("SELECT key FROM event WHERE document = ?1 AND {force} ORDER BY key"))?;
        let keys: Vec<i64> = all.query_map([document], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        let mut reader = self.reader();
        keys.into_iter().map(|key| reader.event(key)).collect()
    }

    fn sentences_of(&self, document: i64) -> Result<Vec<(u32, SentenceSpan)>> {
        let mut all = self.conn().prepare_cached(
            "SELECT s.n, s.start, s.\"end\", w.text FROM sentence s JOIN word w ON w.key = s.kind
             WHERE s.document = ?1 ORDER BY s.n, s.key",
        )?;
        let mut rows = all.query([document])?;
        let mut found: Vec<(u32, SentenceSpan)> = Vec::new();
        while let Some(row) = rows.next()? {
            let kind: String = row.get(3)?;
            let kind = ["title", "body", "caption", "furniture"].into_iter().find(|known| *known == kind);
            let sentence = SentenceSpan {
                span: Span::new(row.get(1)?, row.get(2)?),
                kind: kind.ok_or_else(|| Error::corrupt("a sentence of no kind"))?,
            };
            let n = row.get(0)?;
            if found.last().is_some_and(|(last, _)| *last == n) {
                found.pop();
            }
            found.push((n, sentence));
        }
        Ok(found)
    }

    fn records_of<T: DeserializeOwned>(&self, table: &str, document: i64, force: &str) -> Result<Vec<T>> {
        let mut all = self.conn().prepare_cached(&format!(
            "SELECT record FROM {table} WHERE document = ?1 AND {force} ORDER BY sentence, key"
        ))?;
        let records: Vec<String> = all.query_map([document], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        let read = |record: &String| {
            serde_json::from_str(record).map_err(|e| Error::corrupt(format!("a record of the table {table}: {e}")))
        };
        records.iter().map(read).collect()
    }

    /// Pages are told by their address; without one, by the article's id with its publisher or the file that it came in.
    fn versions_of(&self, document: i64) -> Result<Vec<Version>> {
        let mut all = self.conn().prepare_cached(
            "SELECT v.hash, v.version, v.published, v.known, v.newer IS NULL FROM document d JOIN document v
             ON v.key = d.key OR v.url = d.url
             OR (d.url IS NULL AND v.url IS NULL AND v.article_id = d.article_id AND v.publisher IS d.publisher
                 AND (d.publisher IS NOT NULL OR v.place IS d.place))
             WHERE d.key = ?1 ORDER BY v.version, v.key",
        )?;
        let rows = all.query_map([document], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get::<_, Option<i32>>(2)?, row.get(3)?, row.get(4)?))
        })?;
        let mut versions = Vec::new();
        for row in rows {
            let (hash, version, published, known, current) = row?;
            versions.push(Version {
                document: id_text('d', hash),
                version,
                published: published.and_then(day_of),
                known: day(known)?,
                current,
            });
        }
        Ok(versions)
    }

    fn reports_of(&self, document: i64) -> Result<Vec<ReportOf>> {
        let mut all = self.conn().prepare_cached(
            "SELECT s.hash, r.origin = r.document, c.hash, r.why FROM report r JOIN story s ON s.key = r.story
             LEFT JOIN document c ON c.key = r.copy_of WHERE r.document = ?1 ORDER BY s.first_day, s.key",
        )?;
        let rows = all.query_map([document], |row| {
            Ok(ReportOf {
                story: id_text('s', row.get(0)?),
                origin: row.get(1)?,
                copy_of: row.get::<_, Option<i64>>(2)?.map(|hash| id_text('d', hash)),
                why: row.get(3)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

fn day(number: i32) -> Result<Date> {
    day_of(number).ok_or_else(|| Error::corrupt("a day beyond the calendar"))
}

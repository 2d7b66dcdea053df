//! Happenings with their reports: who reported first, who repeats whom, how many are independent.

use crate::days::day_of;
use crate::error::{Error, Result};
use crate::ledger::Ledger;
use crate::query::Query;
use crate::query::select::numbers;
use crate::read::Stored;
use crate::write::{id_number, id_text};
use jiff::civil::Date;
use rusqlite::OptionalExtension;

/// A document's report of a happening.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Report {
    /// The document.
    pub document: String,
    /// When it was published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<Date>,
    /// By whom.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub publisher: Option<String>,
    /// Under which title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Whether it is an origin of its own.
    pub origin: bool,
    /// The origin that it goes back to, where it is none itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub goes_back_to: Option<String>,
    /// The document that it copies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub copy_of: Option<String>,
    /// Whom it credits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credit: Option<String>,
    /// Why it is counted so.
    pub why: String,
}

/// A happening.
#[derive(Debug, Clone, PartialEq)]
pub struct StoryFound {
    /// `s-…`; of an event that no story holds, its own id.
    pub id: String,
    /// Its first and last day.
    pub first: Date,
    /// The last.
    pub last: Date,
    /// How many documents report it.
    pub reports: u32,
    /// How many of them are independent of each other.
    pub origins: u32,
    /// The event that stands for it.
    pub lead: Stored,
    /// The reports, by date.
    pub sources: Vec<Report>,
}

impl Ledger {
    /// The happenings of a query, by day; of more than `limit` the latest.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn stories(&self, query: &Query, limit: Option<usize>) -> Result<Vec<StoryFound>> {
        let query = Query { reports: false, ..query.clone() };
        let rows = self.rows(&query, limit)?;
        rows.into_iter().map(|lead| self.story_of(lead)).collect()
    }

    /// A happening by its id, `s-…`; what no story holds by its event's, `e-…`.
    ///
    /// # Errors
    /// Where there is none, or the ledger cannot be read.
    pub fn story(&self, id: &str) -> Result<StoryFound> {
        if id.starts_with("e-") {
            return self.story_of(self.event(id)?);
        }
        let mut one = self.conn().prepare_cached("SELECT lead FROM story WHERE hash = ?1")?;
        let lead: Option<i64> = one.query_row([id_number(id)], |row| row.get(0)).optional()?;
        let lead = lead.ok_or_else(|| {
            Error::asked(format!(
                "{id}: no such story (hint: `demarche stories` shows ids; grouping anew may change them)"
            ))
        })?;
        self.story_of(self.reader().event(lead)?)
    }

    /// The events in force of some documents, those of a story first and in the order of the text, at most `limit`.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn reported(&self, documents: &[&str], story: Option<&str>, limit: usize) -> Result<Vec<Stored>> {
        let hashes: Vec<i64> = documents.iter().map(|id| id_number(id)).collect();
        let story =
            story.map_or("NULL".to_string(), |id| format!("(SELECT key FROM story WHERE hash = {})", id_number(id)));
        let mut keys = self.conn().prepare(&format!(
            "SELECT e.key FROM document d JOIN event e ON e.document = d.key LEFT JOIN sentence s ON s.key = e.sentence
             WHERE d.hash IN ({}) AND e.gone_run IS NULL
             ORDER BY e.story IS {story} DESC, d.published, d.hash, s.n, e.key LIMIT {limit}",
            numbers(&hashes)
        ))?;
        let keys: Vec<i64> = keys.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        self.stored(&keys)
    }

    /// The happening that an event belongs to, the event standing for it.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn story_of(&self, lead: Stored) -> Result<StoryFound> {
        let known = lead.entry.event.when.and_then(|w| w.interval.from).unwrap_or(lead.known);
        if let Some(id) = lead.story.clone() {
            let mut one = self
                .conn()
                .prepare_cached("SELECT key, first_day, last_day, reports, origins FROM story WHERE hash = ?1")?;
            let found = one.query_row([id_number(&id)], |row| {
                Ok((row.get::<_, i64>(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
            });
            if let Ok((key, first, last, reports, origins)) = found {
                let (first, last) = (day_of(first).unwrap_or(known), day_of(last).unwrap_or(known));
                return Ok(StoryFound { id, first, last, reports, origins, sources: self.reports(key)?, lead });
            }
        }
        let entry = &lead.entry;
        let source = Report {
            document: entry.event.document.to_string(),
            published: entry.published,
            publisher: entry.publisher.clone(),
            title: entry.title.clone(),
            url: entry.url.clone(),
            origin: true,
            goes_back_to: None,
            copy_of: None,
            credit: None,
            why: "the only report".to_string(),
        };
        let id = lead.story.clone().unwrap_or_else(|| entry.event.id.clone());
        Ok(StoryFound { id, first: known, last: known, reports: 1, origins: 1, sources: vec![source], lead })
    }

    fn reports(&self, story: i64) -> Result<Vec<Report>> {
        let mut all = self.conn().prepare_cached(
            "SELECT d.hash, d.published, w.text, d.title, d.url, r.origin = r.document, c.hash, r.credit, r.why, o.hash
             FROM report r JOIN document d ON d.key = r.document JOIN document o ON o.key = r.origin LEFT JOIN word w ON w.key = d.publisher
             LEFT JOIN document c ON c.key = r.copy_of WHERE r.story = ?1 ORDER BY d.published, d.hash",
        )?;
        let rows = all.query_map([story], |row| {
            let origin: bool = row.get(5)?;
            Ok(Report {
                document: id_text('d', row.get(0)?),
                published: row.get::<_, Option<i32>>(1)?.and_then(day_of),
                publisher: row.get(2)?,
                title: row.get(3)?,
                url: row.get(4)?,
                origin,
                goes_back_to: if origin { None } else { Some(id_text('d', row.get(9)?)) },
                copy_of: row.get::<_, Option<i64>>(6)?.map(|hash| id_text('d', hash)),
                credit: row.get(7)?,
                why: row.get(8)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

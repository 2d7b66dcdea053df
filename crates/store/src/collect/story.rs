//! Happenings with their reports: who reported first, who repeats whom, how many are independent.

use crate::days::day_of;
use crate::error::Result;
use crate::ledger::Ledger;
use crate::query::Query;
use crate::read::Stored;
use crate::write::{id_number, id_text};
use jiff::civil::Date;

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
            copy_of: None,
            credit: None,
            why: "the only report".to_string(),
        };
        let id = lead.story.clone().unwrap_or_else(|| entry.event.id.clone());
        Ok(StoryFound { id, first: known, last: known, reports: 1, origins: 1, sources: vec![source], lead })
    }

    fn reports(&self, story: i64) -> Result<Vec<Report>> {
        let mut all = self.conn().prepare_cached(
            "SELECT d.hash, d.published, w.text, d.title, d.url, r.origin = r.document, c.hash, r.credit, r.why
             FROM report r JOIN document d ON d.key = r.document LEFT JOIN word w ON w.key = d.publisher
             LEFT JOIN document c ON c.key = r.copy_of WHERE r.story = ?1 ORDER BY d.published, d.hash",
        )?;
        let rows = all.query_map([story], |row| {
            Ok(Report {
                document: id_text('d', row.get(0)?),
                published: row.get::<_, Option<i32>>(1)?.and_then(day_of),
                publisher: row.get(2)?,
                title: row.get(3)?,
                url: row.get(4)?,
                origin: row.get(5)?,
                copy_of: row.get::<_, Option<i64>>(6)?.map(|hash| id_text('d', hash)),
                credit: row.get(7)?,
                why: row.get(8)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

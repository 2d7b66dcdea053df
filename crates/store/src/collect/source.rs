//! Who is read: how many documents each publisher has in each month, and how many of them yield events.

use crate::days::day_of;
use crate::error::Result;
use crate::ledger::Ledger;
use crate::query::select::{numbers, within, word_in_any_case};
use crate::write::id_text;
use demarche_core::Interval;
use jiff::civil::Date;
use rusqlite::OptionalExtension;
use std::collections::BTreeMap;

/// Documents of one publisher in one month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coverage {
    /// The publisher, where it is known.
    pub publisher: Option<String>,
    /// The first day of the month of publication, where it is known.
    pub month: Option<Date>,
    /// The language.
    pub lang: String,
    /// Documents.
    pub documents: u64,
    /// Those that were coded, and not kept for their text alone.
    pub coded: u64,
}

/// What some documents of a publisher yield.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Yield {
    /// Documents that were looked at.
    pub documents: u64,
    /// Those with events.
    pub with_events: u64,
    /// The events of all of them in force.
    pub events: u64,
}

/// A document of a list.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Listed {
    /// `d-…`.
    pub document: String,
    /// The day of publication.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<Date>,
    /// The title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The language.
    pub lang: String,
    /// Whether it was coded.
    pub coded: bool,
    /// Its events in force.
    pub events: u64,
}

/// A publisher as it is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Published<'p> {
    /// By anybody.
    ByAnybody,
    /// By those of this name, in any case of letters.
    By(&'p str),
    /// By nobody who is known.
    ByNobody,
}

impl Ledger {
    /// The first and the last day of publication, of the documents that count: of each page the latest version.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn published_span(&self) -> Result<Option<(Date, Date)>> {
        let end = |order: &str| -> Result<Option<Date>> {
            let sql = format!(
                "SELECT published FROM document WHERE newer IS NULL AND published IS NOT NULL
                 ORDER BY published {order} LIMIT 1"
            );
            let day: Option<i32> = self.conn().query_row(&sql, [], |row| row.get(0)).optional()?;
            Ok(day.and_then(day_of))
        };
        Ok(end("ASC")?.zip(end("DESC")?))
    }

    fn published(&self, by: Published<'_>, days: &Interval) -> Result<String> {
        let mut all = vec!["d.newer IS NULL".to_string()];
        all.extend(within("d.published", days));
        match by {
            Published::ByAnybody => {}
            Published::By(name) => {
                all.push(format!("d.publisher IN ({})", numbers(&word_in_any_case(self.conn(), name)?)));
            }
            Published::ByNobody => all.push("d.publisher IS NULL".to_string()),
        }
        Ok(all.join(" AND "))
    }

    /// Documents by publisher, month and language; those without a day of publication only where no days are asked for.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn coverage(&self, by: Published<'_>, days: &Interval) -> Result<Vec<Coverage>> {
        let mut rows = self.conn().prepare(&format!(
            "SELECT p.text, g.month, l.text, g.documents, g.coded FROM (SELECT d.publisher, d.lang,
             date(d.published * 86400, 'unixepoch', 'start of month') AS month, count(*) AS documents, sum(d.coded) AS coded
             FROM document d WHERE {} GROUP BY d.publisher, month, d.lang) g
             LEFT JOIN word p ON p.key = g.publisher JOIN word l ON l.key = g.lang
             ORDER BY p.text, g.month, l.text",
            self.published(by, days)?
        ))?;
        let rows = rows.query_map([], |row| {
            let number = |ix| row.get::<_, i64>(ix).map(i64::unsigned_abs);
            Ok(Coverage {
                publisher: row.get(0)?,
                month: row.get::<_, Option<String>>(1)?.and_then(|day| day.parse().ok()),
                lang: row.get(2)?,
                documents: number(3)?,
                coded: number(4)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// What the latest `limit` documents yield, by publisher.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn yields(&self, by: Published<'_>, days: &Interval, limit: usize) -> Result<BTreeMap<Option<String>, Yield>> {
        let mut rows = self.conn().prepare(&format!(
            "SELECT p.text, count(*), sum(g.events > 0), sum(g.events) FROM (SELECT d.publisher,
             (SELECT count(*) FROM event e WHERE e.document = d.key AND e.gone_run IS NULL) AS events
             FROM document d WHERE {} ORDER BY d.published DESC LIMIT {limit}) g
             LEFT JOIN word p ON p.key = g.publisher GROUP BY p.text",
            self.published(by, days)?
        ))?;
        let rows = rows.query_map([], |row| {
            let number = |ix| row.get::<_, i64>(ix).map(i64::unsigned_abs);
            Ok((row.get(0)?, Yield { documents: number(1)?, with_events: number(2)?, events: number(3)? }))
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The latest `limit` documents before a place in their order, and where they go on.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn listed(
        &self,
        by: Published<'_>,
        days: &Interval,
        limit: usize,
        before: Option<(i32, i64)>,
    ) -> Result<(Vec<Listed>, Option<(i32, i64)>)> {
        // Those without a day come last.
        const NEVER: i32 = i32::MIN;
        let before = before.map_or(String::new(), |(day, key)| match day {
            NEVER => format!(" AND d.published IS NULL AND d.key < {key}"),
            day => format!(" AND (d.published IS NULL OR (d.published, d.key) < ({day}, {key}))"),
        });
        let mut rows = self.conn().prepare(&format!(
            "SELECT d.hash, d.published, d.title, d.url, l.text, d.coded,
             (SELECT count(*) FROM event e WHERE e.document = d.key AND e.gone_run IS NULL), d.key
             FROM document d JOIN word l ON l.key = d.lang WHERE {}{before}
             ORDER BY d.published DESC, d.key DESC LIMIT {}",
            self.published(by, days)?,
            limit + 1
        ))?;
        let found = rows.query_map([], |row| {
            let published: Option<i32> = row.get(1)?;
            let listed = Listed {
                document: id_text('d', row.get(0)?),
                published: published.and_then(day_of),
                title: row.get(2)?,
                url: row.get(3)?,
                lang: row.get(4)?,
                coded: row.get(5)?,
                events: row.get::<_, i64>(6)?.unsigned_abs(),
            };
            Ok((listed, (published.unwrap_or(NEVER), row.get::<_, i64>(7)?)))
        })?;
        let mut found: Vec<(Listed, (i32, i64))> = found.collect::<rusqlite::Result<_>>()?;
        let more = found.len() > limit;
        found.truncate(limit);
        let next = if more { found.last().map(|(_, place)| *place) } else { None };
        Ok((found.into_iter().map(|(listed, _)| listed).collect(), next))
    }
}

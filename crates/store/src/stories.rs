//! Stories of the ledger: what it holds is grouped anew when documents came or went, and what changed is written,
//! with the monthly sums, in which each happening counts once.

use crate::error::{Error, Result};
use crate::ledger::Ledger;
use crate::story::{Grouping, Happening, Report, group};
use crate::write::{Writer, id_number};
use demarche_core::DocumentRecord;
use rusqlite::{Connection, params};
use std::collections::{BTreeMap, BTreeSet};

/// The state that says that documents came or went since the last grouping.
pub(crate) const STALE: &str = "stories to be grouped";

/// What is grouped: documents that count, with the keys of their rows and of their events' rows.
pub(crate) struct Held {
    pub(crate) reports: Vec<Report>,
    pub(crate) documents: Vec<i64>,
    pub(crate) events: Vec<Vec<i64>>,
}

/// A story as its rows have it: lead, first and last day, numbers of reports and origins, and its reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rows {
    pub(crate) lead: i64,
    pub(crate) first: i32,
    pub(crate) last: i32,
    pub(crate) reports: i64,
    pub(crate) origins: i64,
    pub(crate) of: Vec<(i64, i64, Option<i64>, Option<String>, String)>,
}

impl Ledger {
    /// What there is to group.
    pub(crate) fn held(&self) -> Result<Held> {
        let mut held = Held { reports: Vec::new(), documents: Vec::new(), events: Vec::new() };
        let mut reader = self.reader();
        let mut documents = self.conn().prepare(
            "SELECT d.key, d.hash, d.known, d.text, p.text, d.outlet, d.credit, d.record FROM document d
             LEFT JOIN word p ON p.key = d.publisher WHERE d.newer IS NULL ORDER BY d.hash",
        )?;
        let mut events =
            self.conn().prepare("SELECT key FROM event WHERE document = ?1 AND gone_run IS NULL ORDER BY key")?;
        let mut rows = documents.query([])?;
        while let Some(row) = rows.next()? {
            let document: i64 = row.get(0)?;
            let record: String = row.get(7)?;
            let record: DocumentRecord = serde_json::from_str(&record)
                .map_err(|e| Error::corrupt(format!("the record of document {document}: {e}")))?;
            let keys: Vec<i64> = events.query_map([document], |r| r.get(0))?.collect::<rusqlite::Result<_>>()?;
            let mut happenings = Vec::new();
            for &key in &keys {
                let stored = reader.event(key)?;
                let words = stored.entry.sentence_text.as_deref().unwrap_or_default();
                happenings.push(Happening::of(&stored.entry.event, words));
            }
            let credit: Option<String> = row.get(6)?;
            held.reports.push(Report {
                hash: row.get(1)?,
                day: row.get(2)?,
                text: row.get(3)?,
                publisher: row.get(4)?,
                outlet: row.get(5)?,
                credits: credit.iter().flat_map(|c| c.split("; ")).map(str::to_string).collect(),
                actors: record.actors.iter().filter_map(|a| a.id.as_ref()).map(ToString::to_string).collect(),
                happenings,
            });
            held.documents.push(document);
            held.events.push(keys);
        }
        Ok(held)
    }

    /// Stories as the rows have them, by hash, and the story and lead of each event in force of the project's own.
    pub(crate) fn story_rows(&self) -> Result<(BTreeMap<i64, Rows>, BTreeMap<i64, (Option<i64>, bool)>)> {
        let conn = self.conn();
        let mut stories: BTreeMap<i64, Rows> = BTreeMap::new();
        let mut select = conn.prepare("SELECT hash, lead, first_day, last_day, reports, origins FROM story")?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            let story = Rows {
                lead: row.get(1)?,
                first: row.get(2)?,
                last: row.get(3)?,
                reports: row.get(4)?,
                origins: row.get(5)?,
                of: Vec::new(),
            };
            stories.insert(row.get(0)?, story);
        }
        let mut select = conn.prepare(
            "SELECT s.hash, r.document, r.origin, r.copy_of, r.credit, r.why FROM report r
             JOIN story s ON s.key = r.story ORDER BY r.story, r.document",
        )?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            if let Some(story) = stories.get_mut(&row.get(0)?) {
                story.of.push((row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?));
            }
        }
        let mut select = conn.prepare(
            "SELECT e.key, s.hash, e.lead FROM event e LEFT JOIN story s ON s.key = e.story
             WHERE e.document IS NOT NULL AND e.gone_run IS NULL",
        )?;
        let events = select
            .query_map([], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))))?
            .collect::<rusqlite::Result<_>>()?;
        Ok((stories, events))
    }

    /// Whether documents came or went since the last grouping.
    pub(crate) fn stories_stale(&self) -> Result<bool> {
        Ok(self.conn().query_row("SELECT count(*) FROM state WHERE name = ?1", [STALE], |row| row.get::<_, i64>(0))?
            > 0)
    }
}

/// The rows that a grouping comes to, by hash, and the story and lead of each event.
pub(crate) fn rows_of(held: &Held, grouping: &Grouping) -> (BTreeMap<i64, Rows>, BTreeMap<i64, (i64, bool)>) {
    let mut stories = BTreeMap::new();
    let mut events = BTreeMap::new();
    for story in &grouping.stories {
        let hash = id_number(&story.id);
        let keys: Vec<i64> = story.events.iter().map(|&(r, h)| held.events[r][h]).collect();
        let days: Vec<(i32, i32)> = story
            .events
            .iter()
            .map(|&(r, h)| {
                let report = &held.reports[r];
                report.happenings[h].days.map_or((report.day, report.day), |(from, until)| (from, until - 1))
            })
            .collect();
        for (n, &key) in keys.iter().enumerate() {
            events.insert(key, (hash, n == 0));
        }
        let mut of: Vec<_> = story
            .reports
            .iter()
            .map(|r| {
                let document = |ix: usize| held.documents[ix];
                (document(r.report), document(r.origin), r.copy_of.map(document), r.credit.clone(), r.why.clone())
            })
            .collect();
        of.sort();
        let rows = Rows {
            lead: keys[0],
            first: days.iter().map(|d| d.0).min().unwrap_or(0),
            last: days.iter().map(|d| d.1).max().unwrap_or(0),
            reports: story.reports.len() as i64,
            origins: story.origins as i64,
            of,
        };
        stories.insert(hash, rows);
    }
    (stories, events)
}

impl Writer<'_> {
    /// Remembers that stories are to be grouped.
    pub(crate) fn stale(&mut self) -> Result<()> {
        self.conn().prepare_cached("INSERT OR IGNORE INTO state (name, value) VALUES (?1, '')")?.execute([STALE])?;
        Ok(())
    }

    /// Groups the reports of the ledger into stories, where documents came or went since it was last done.
    ///
    /// # Errors
    /// Where the ledger cannot be read or written.
    pub fn group_stories(&mut self) -> Result<()> {
        if !self.ledger.stories_stale()? {
            return Ok(());
        }
        self.ensure()?;
        let held = self.ledger.held()?;
        let (new, new_events) = rows_of(&held, &group(&held.reports));
        let (old, old_events) = self.ledger.story_rows()?;
        let conn = self.ledger.conn();
        let mut keys: BTreeMap<i64, i64> = {
            let mut select = conn.prepare("SELECT hash, key FROM story")?;
            select.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<rusqlite::Result<_>>()?
        };
        for (&hash, rows) in &new {
            if old.get(&hash) != Some(rows) {
                let key = write_story(conn, hash, keys.get(&hash).copied(), rows)?;
                keys.insert(hash, key);
            }
        }
        for (&event, &(story, lead)) in &new_events {
            let (old_story, old_lead) = old_events.get(&event).copied().unwrap_or((None, true));
            if lead != old_lead {
                // What does not lead has no share in the sums.
                if lead {
                    self.lead(event, true)?
                } else {
                    self.share_of(event, -1)?
                }
                if lead { self.share_of(event, 1)? } else { self.lead(event, false)? }
            }
            if old_story != Some(story) {
                let key = keys.get(&story).copied();
                self.conn()
                    .prepare_cached("UPDATE event SET story = ?2 WHERE key = ?1")?
                    .execute(params![event, key])?;
            }
        }
        let gone: BTreeSet<i64> = old.keys().filter(|hash| !new.contains_key(hash)).copied().collect();
        for hash in gone {
            let key = keys.get(&hash).copied();
            let conn = self.conn();
            // Events that are no longer in force keep their lead and lose a story that is no more.
            conn.prepare_cached("UPDATE event SET story = NULL WHERE story = ?1")?.execute([key])?;
            conn.prepare_cached("DELETE FROM report WHERE story = ?1")?.execute([key])?;
            conn.prepare_cached("DELETE FROM story WHERE key = ?1")?.execute([key])?;
        }
        self.conn().prepare_cached("DELETE FROM state WHERE name = ?1")?.execute([STALE])?;
        Ok(())
    }

    fn lead(&self, event: i64, lead: bool) -> Result<()> {
        self.conn().prepare_cached("UPDATE event SET lead = ?2 WHERE key = ?1")?.execute(params![event, lead])?;
        Ok(())
    }
}

fn write_story(conn: &Connection, hash: i64, key: Option<i64>, rows: &Rows) -> Result<i64> {
    conn.prepare_cached(
        "INSERT INTO story (hash, lead, first_day, last_day, reports, origins) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (hash) DO UPDATE SET lead = excluded.lead, first_day = excluded.first_day,
         last_day = excluded.last_day, reports = excluded.reports, origins = excluded.origins",
    )?
    .execute(params![hash, rows.lead, rows.first, rows.last, rows.reports, rows.origins])?;
    let key = key.unwrap_or_else(|| conn.last_insert_rowid());
    conn.prepare_cached("DELETE FROM report WHERE story = ?1")?.execute([key])?;
    let mut insert = conn.prepare_cached(
        "INSERT INTO report (story, document, origin, copy_of, credit, why) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    for (document, origin, copy_of, credit, why) in &rows.of {
        insert.execute(params![key, document, origin, copy_of, credit, why])?;
    }
    Ok(key)
}

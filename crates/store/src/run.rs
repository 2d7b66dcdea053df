//! Runs and what they changed: every event that came, ended or changed between two of them, and because of what.

use crate::error::{Error, Result};
use crate::ledger::Ledger;
use crate::read::Stored;
use crate::recode::fields_changed;
use demarche_core::Role;
use rusqlite::{OptionalExtension, params};
use serde::Serialize;
use std::collections::BTreeMap;

/// A run as the ledger keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Run {
    /// Its number.
    pub run: i64,
    /// `ingest`, `recode`, `import`, `correct`.
    pub kind: String,
    /// The version of the coder.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coder: Option<String>,
    /// The version of the tables.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tables: Option<String>,
    /// The command.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// Who, where a person acted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// When it began.
    pub started: String,
    /// When it ended; absent where it was interrupted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended: Option<String>,
}

/// Because of what an event came, ended or changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// A new document, or a page that changed.
    Text,
    /// Another version of the coder.
    Coder,
    /// Another version of the tables.
    Data,
    /// Both at once.
    CoderAndData,
    /// A person's correction.
    Correction,
    /// The versions are the same: another way of running it.
    Other,
}

/// One event that differs.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// Because of what.
    pub cause: Cause,
    /// As it was after the first run; absent where it came.
    pub old: Option<Stored>,
    /// As it is after the second; absent where it ended.
    pub new: Option<Stored>,
    /// Which fields changed, where it is on both sides.
    pub fields: Vec<&'static str>,
}

/// All that differs between the ends of two runs.
#[derive(Debug, Clone, PartialEq)]
pub struct RunDiff {
    /// The first run.
    pub from: Run,
    /// The second.
    pub to: Run,
    /// What differs, by document and place in it.
    pub differences: Vec<Difference>,
}

impl Ledger {
    /// All runs, in order.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn runs(&self) -> Result<Vec<Run>> {
        let mut all = self
            .conn()
            .prepare("SELECT key, kind, coder, tables, command, author, started, ended FROM run ORDER BY key")?;
        let run = |row: &rusqlite::Row<'_>| {
            Ok(Run {
                run: row.get(0)?,
                kind: row.get(1)?,
                coder: row.get(2)?,
                tables: row.get(3)?,
                command: row.get(4)?,
                author: row.get(5)?,
                started: row.get(6)?,
                ended: row.get(7)?,
            })
        };
        Ok(all.query_map([], run)?.collect::<rusqlite::Result<_>>()?)
    }

    /// What differs between the ledger as run `from` left it and as run `to` left it.
    ///
    /// # Errors
    /// Where there is no such run, or the ledger cannot be read.
    pub fn diff(&self, from: i64, to: i64) -> Result<RunDiff> {
        let runs = self.runs()?;
        let run = |number: i64| {
            let numbers: Vec<String> = runs.iter().map(|r| r.run.to_string()).collect();
            let hint = format!("{number}: no such run (hint: the ledger has {})", numbers.join(", "));
            runs.iter().find(|r| r.run == number).cloned().ok_or_else(|| Error::asked(hint))
        };
        let (first, last) = (run(from)?, run(to)?);
        if from > to {
            return Err(Error::asked(format!("run {from} is later than run {to} (hint: the earlier run comes first)")));
        }
        let corrections: Vec<i64> = runs.iter().filter(|r| r.kind == "correct").map(|r| r.run).collect();
        let keys = |condition: &str| -> Result<Vec<i64>> {
            let mut select = self.conn().prepare(&format!("SELECT key FROM event WHERE {condition} ORDER BY key"))?;
            Ok(select.query_map([from, to], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
        };
        let gone = keys("run <= ?1 AND gone_run > ?1 AND gone_run <= ?2")?;
        let come = keys("run > ?1 AND run <= ?2 AND (gone_run IS NULL OR gone_run > ?2)")?;
        let mut reader = self.reader();
        // By page, so that a version of it meets the one before.
        let mut old: BTreeMap<(Option<i64>, i64), Stored> = BTreeMap::new();
        for key in gone {
            let stored = reader.event(key)?;
            old.insert((self.page(stored.document)?, key), stored);
        }
        let mut differences = Vec::new();
        for key in come {
            let new = reader.event(key)?;
            let page = self.page(new.document)?;
            let here = old.range((page, i64::MIN)..=(page, i64::MAX)).filter(|_| page.is_some());
            let same = here.clone().find(|(_, o)| o.entry.event.id == new.entry.event.id);
            let at = same.or_else(|| here.clone().find(|(_, o)| overlap(o, &new))).map(|(&at, _)| at);
            let before = at.and_then(|at| old.remove(&at));
            let cause = self.cause(before.as_ref(), Some(&new), (from, to), &corrections)?;
            let fields = before.as_ref().map_or_else(Vec::new, |b| fields_changed(&b.entry.event, &new.entry.event));
            differences.push((
                page,
                new.entry.event.sentence,
                Difference { cause, old: before, new: Some(new), fields },
            ));
        }
        for ((page, _), before) in old {
            let cause = self.cause(Some(&before), None, (from, to), &corrections)?;
            let sentence = before.entry.event.sentence;
            differences.push((page, sentence, Difference { cause, old: Some(before), new: None, fields: Vec::new() }));
        }
        differences
            .sort_by_key(|(page, sentence, d)| (*page, *sentence, d.new.as_ref().or(d.old.as_ref()).map(|s| s.key)));
        let differences = differences.into_iter().map(|(_, _, d)| d).collect();
        Ok(RunDiff { from: first, to: last, differences })
    }

    /// The version of a document's page that counts.
    fn page(&self, document: Option<i64>) -> Result<Option<i64>> {
        let mut at = document;
        while let Some(key) = at {
            let newer: Option<i64> = self
                .conn()
                .prepare_cached("SELECT newer FROM document WHERE key = ?1")?
                .query_row([key], |row| row.get(0))?;
            match newer {
                Some(newer) => at = Some(newer),
                None => break,
            }
        }
        Ok(at)
    }

    fn cause(
        &self,
        old: Option<&Stored>,
        new: Option<&Stored>,
        between: (i64, i64),
        corrections: &[i64],
    ) -> Result<Cause> {
        let ended = old.and_then(|o| o.gone).map(|(run, _)| run);
        let by_person = |run: Option<i64>| run.is_some_and(|run| corrections.contains(&run));
        let corrected = new.is_some_and(|n| n.correction != old.and_then(|o| o.correction));
        if corrected || new.is_some_and(|n| by_person(Some(n.run))) || by_person(ended) && new.is_none() {
            return Ok(Cause::Correction);
        }
        let Some(document) = new.or(old).and_then(|s| s.document) else { return Ok(Cause::Text) };
        if old.zip(new).is_some_and(|(o, n)| o.document != n.document) {
            return Ok(Cause::Text);
        }
        // A document that came between the two runs, or one that a later version of its page ended.
        let (came, newer_came): (i64, Option<i64>) = self
            .conn()
            .prepare_cached(
                "SELECT d.run, (SELECT n.run FROM document n WHERE n.key = d.newer) FROM document d WHERE d.key = ?1",
            )?
            .query_row([document], |row| Ok((row.get(0)?, row.get(1)?)))?;
        if came > between.0 || new.is_none() && newer_came.is_some() && newer_came == ended {
            return Ok(Cause::Text);
        }
        let versions = |upto: i64| -> Result<Option<(Option<String>, Option<String>)>> {
            Ok(self
                .conn()
                .prepare_cached(
                    "SELECT r.coder, r.tables FROM coding c JOIN run r ON r.key = c.run
                     WHERE c.document = ?1 AND c.run <= ?2 AND r.coder IS NOT NULL ORDER BY c.run DESC LIMIT 1",
                )?
                .query_row(params![document, upto], |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()?)
        };
        let (Some(before), Some(after)) = (versions(between.0)?, versions(between.1)?) else {
            return Ok(Cause::Text);
        };
        Ok(match (before.0 != after.0, before.1 != after.1) {
            (true, true) => Cause::CoderAndData,
            (true, false) => Cause::Coder,
            (false, true) => Cause::Data,
            (false, false) => Cause::Other,
        })
    }
}

/// Whether two events rest on the same words of one document, or on equal words of two versions of it.
fn overlap(old: &Stored, new: &Stored) -> bool {
    let trigger = |s: &Stored| s.entry.event.evidence.iter().find(|e| e.role == Role::Trigger).cloned();
    let (Some(a), Some(b)) = (trigger(old), trigger(new)) else { return false };
    if old.document == new.document { a.span.overlaps(b.span) } else { a.text == b.text }
}

//! Runs and what they changed: every event that came, ended or changed between two of them, and because of what.

use crate::error::{Error, Result};
use crate::ledger::Ledger;
use crate::query::select::word_key;
use crate::read::{Reader, Stored};
use crate::recode::fields_changed;
use demarche_core::Span;
use rusqlite::{OptionalExtension, Row, params};
use serde::Serialize;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

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

impl Cause {
    /// All of them.
    pub const ALL: [Cause; 6] =
        [Cause::Text, Cause::Coder, Cause::Data, Cause::CoderAndData, Cause::Correction, Cause::Other];

    /// In a word or three.
    pub fn as_str(self) -> &'static str {
        match self {
            Cause::Text => "text",
            Cause::Coder => "coder",
            Cause::Data => "data",
            Cause::CoderAndData => "coder and data",
            Cause::Correction => "correction",
            Cause::Other => "other",
        }
    }
}

/// How an event differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// It came.
    Added,
    /// It ended.
    Dropped,
    /// It is on both sides, and not the same.
    Changed,
}

impl Change {
    /// In a word.
    pub fn as_str(self) -> &'static str {
        match self {
            Change::Added => "added",
            Change::Dropped => "dropped",
            Change::Changed => "changed",
        }
    }
    fn of(old: bool, new: bool) -> Change {
        match (old, new) {
            (false, _) => Change::Added,
            (_, false) => Change::Dropped,
            _ => Change::Changed,
        }
    }
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

impl Difference {
    /// How.
    pub fn change(&self) -> Change {
        Change::of(self.old.is_some(), self.new.is_some())
    }
}

/// One event that differs, by the numbers of its rows: what is counted need not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Differing {
    /// Because of what.
    pub cause: Cause,
    /// The row before.
    pub old: Option<i64>,
    /// The row after.
    pub new: Option<i64>,
    /// The version of its page that counts.
    page: Option<i64>,
}

impl Differing {
    /// How.
    pub fn change(&self) -> Change {
        Change::of(self.old.is_some(), self.new.is_some())
    }
}

/// A place among the differences of two runs: what came, run by run, then what ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct DiffCursor {
    /// The run that ended it; 0 for what came.
    ended: i64,
    run: i64,
    key: i64,
}

impl DiffCursor {
    /// From what `Display` writes.
    pub fn parse(text: &str) -> Option<DiffCursor> {
        let mut numbers = text.split('.').map(|n| n.parse().ok());
        let (ended, run, key) = (numbers.next()??, numbers.next()??, numbers.next()??);
        numbers.next().is_none().then_some(DiffCursor { ended, run, key })
    }
}

impl std::fmt::Display for DiffCursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}.{}", self.ended, self.run, self.key)
    }
}

/// What of an event tells how it came and went.
#[derive(Debug, Clone, Copy)]
struct Filed {
    key: i64,
    hash: i64,
    document: Option<i64>,
    run: i64,
    gone_run: Option<i64>,
    correction: Option<i64>,
}

/// The columns of it.
const ROW: &str = "key, hash, document, run, gone_run, correction";

impl Filed {
    fn of(row: &Row<'_>) -> rusqlite::Result<Filed> {
        Ok(Filed {
            key: row.get(0)?,
            hash: row.get(1)?,
            document: row.get(2)?,
            run: row.get(3)?,
            gone_run: row.get(4)?,
            correction: row.get(5)?,
        })
    }
}

/// What of a page differs.
#[derive(Debug, Default)]
struct Sides {
    page: Option<i64>,
    old: Vec<Filed>,
    new: Vec<Filed>,
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

    /// How many documents the ledger holds.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn documents(&self) -> Result<u64> {
        // They are numbered as they come and never deleted.
        let last = "SELECT coalesce(max(key), 0) FROM document";
        Ok(self.conn().prepare_cached(last)?.query_row([], |row| row.get::<_, i64>(0))?.unsigned_abs())
    }

    /// How many events came with each run and how many it ended; `None` where the ledger was last written by a version
    /// that did not keep them in order.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn run_counts(&self, runs: &[i64]) -> Result<Option<Vec<(u64, u64)>>> {
        if !self.has_run_index()? {
            return Ok(None);
        }
        if runs.is_empty() {
            return Ok(Some(Vec::new()));
        }
        // Events are numbered as they come and never deleted: where nobody wrote between two rows of a run, all numbers
        // between them are its own.
        let ends: Vec<(i64, i64, i64)> = {
            let mut all = Vec::new();
            for run in self.runs()?.iter().map(|r| r.run) {
                let end = |which: &str| -> Result<Option<i64>> {
                    let sql = format!("SELECT {which}(key) FROM event WHERE run = ?1");
                    Ok(self.conn().prepare_cached(&sql)?.query_row([run], |row| row.get(0))?)
                };
                if let (Some(first), Some(last)) = (end("min")?, end("max")?) {
                    all.push((run, first, last));
                }
            }
            all
        };
        let mut counts = Vec::new();
        for &run in runs {
            let came = match ends.iter().find(|e| e.0 == run) {
                None => 0,
                Some(&(_, first, last)) if ends.iter().all(|e| e.0 == run || e.2 < first || last < e.1) => {
                    last - first + 1
                }
                Some(_) => self
                    .conn()
                    .prepare_cached("SELECT count(*) FROM event WHERE run = ?1")?
                    .query_row([run], |row| row.get(0))?,
            };
            let ended: i64 = self
                .conn()
                .prepare_cached("SELECT count(*) FROM event WHERE gone_run = ?1")?
                .query_row([run], |row| row.get(0))?;
            counts.push((came.unsigned_abs(), ended.unsigned_abs()));
        }
        Ok(Some(counts))
    }

    fn has_run_index(&self) -> Result<bool> {
        Ok(self
            .conn()
            .prepare_cached("SELECT count(*) FROM sqlite_schema WHERE name = 'event_run'")?
            .query_row([], |row| row.get::<_, i64>(0))?
            > 0)
    }

    /// Two runs of the ledger, the earlier one first.
    ///
    /// # Errors
    /// Where there is no such run, the order is wrong, or the ledger cannot be read.
    pub fn two_runs(&self, from: i64, to: i64) -> Result<(Run, Run)> {
        let runs = self.runs()?;
        let run = |number: i64| {
            let hint = || match (runs.first(), runs.last()) {
                (Some(first), Some(last)) => format!("the ledger has {} to {}", first.run, last.run),
                _ => "the ledger has none".to_string(),
            };
            let fault = || Error::asked(format!("{number}: no such run (hint: {})", hint()));
            runs.iter().find(|r| r.run == number).cloned().ok_or_else(fault)
        };
        let both = (run(from)?, run(to)?);
        if from > to {
            return Err(Error::asked(format!("run {from} is later than run {to} (hint: the earlier run comes first)")));
        }
        Ok(both)
    }

    /// What differs between the ledger as run `from` left it and as run `to` left it.
    ///
    /// # Errors
    /// Where there is no such run, or the ledger cannot be read.
    pub fn diff(&self, from: i64, to: i64) -> Result<RunDiff> {
        let (first, last) = self.two_runs(from, to)?;
        let mut reader = self.reader();
        let mut found = Vec::new();
        self.differing((from, to), None, &mut |one, _| {
            let difference = reader.difference(one)?;
            let sentence = difference.new.as_ref().or(difference.old.as_ref()).map(|s| s.entry.event.sentence);
            found.push(((one.page, sentence, one.new.or(one.old)), difference));
            Ok(ControlFlow::Continue(()))
        })?;
        found.sort_by_key(|(place, _)| *place);
        Ok(RunDiff { from: first, to: last, differences: found.into_iter().map(|(_, d)| d).collect() })
    }

    /// How many events are in force after run `to` that were not after run `from`, and how many no longer are: those
    /// that changed are among both.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn diff_size(&self, (from, to): (i64, i64)) -> Result<(u64, u64)> {
        let mut come: u64 = 0;
        let between: Vec<i64> = self.runs()?.iter().map(|r| r.run).filter(|r| (from + 1..=to).contains(r)).collect();
        for (came, _) in self.run_counts(&between)?.unwrap_or_default() {
            come += came;
        }
        let mut ended = 0;
        for (_, run, events) in self.endings((from, to))? {
            if run <= from {
                ended += events;
            } else {
                come = come.saturating_sub(events);
            }
        }
        Ok((come, ended))
    }

    /// How many events of which run were ended by which of the runs after `from` up to `to`.
    fn endings(&self, (from, to): (i64, i64)) -> Result<Vec<(i64, i64, u64)>> {
        let mut select = self.conn().prepare_cached(
            "SELECT gone_run, run, count(*) FROM event WHERE gone_run > ?1 AND gone_run <= ?2
             GROUP BY gone_run, run ORDER BY gone_run, run",
        )?;
        let row = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get::<_, i64>(2)?.unsigned_abs()));
        Ok(select.query_map([from, to], row)?.collect::<rusqlite::Result<_>>()?)
    }

    /// Walks all that differs between two runs, page by page, from a place on; `each` hears of one difference and of the
    /// place of its page, and may end the walk at the end of the page.
    ///
    /// # Errors
    /// Where the ledger cannot be read, or `each` fails.
    pub fn differing(
        &self,
        (from, to): (i64, i64),
        after: Option<DiffCursor>,
        each: &mut dyn FnMut(Differing, DiffCursor) -> Result<ControlFlow<()>>,
    ) -> Result<()> {
        let runs = self.runs()?;
        let corrections = runs.iter().filter(|r| r.kind == "correct").map(|r| r.run).collect();
        let coded = runs.into_iter().filter(|r| r.coder.is_some());
        let versions = coded.map(|r| (r.run, (r.coder, r.tables))).collect();
        let walk = Walk { ledger: self, from, to, corrections, versions };
        let mut last = Sides::default();
        let after = after.unwrap_or(DiffCursor { ended: 0, run: from, key: i64::MAX });
        // What came, with what it came in place of: the rest of one run, then all of the later ones.
        let came = "run <= ?3 AND (gone_run IS NULL OR gone_run > ?3) ORDER BY run, key";
        let rest = [format!("run = ?1 AND key > ?2 AND {came}"), format!("run > ?1 AND ?2 = ?2 AND {came}")];
        for condition in rest.iter().filter(|_| after.ended == 0) {
            let mut select = self.conn().prepare(&format!("SELECT {ROW} FROM event WHERE {condition}"))?;
            let mut rows = select.query(params![after.run, after.key, to])?;
            while let Some(row) = rows.next()? {
                let row = Filed::of(row)?;
                let sides = walk.sides(&row, &mut last)?;
                if sides.new.iter().map(|n| (n.run, n.key)).min() != Some((row.run, row.key)) {
                    continue;
                }
                let at = DiffCursor { ended: 0, run: row.run, key: row.key };
                if walk.tell(sides, at, each)?.is_break() {
                    return Ok(());
                }
            }
        }
        // What ended on pages where nothing came.
        let mut select = self.conn().prepare(&format!(
            "SELECT {ROW} FROM event WHERE gone_run > ?1 AND gone_run <= ?2 AND +run <= ?1
             AND (gone_run, run, key) > (?3, ?4, ?5) ORDER BY gone_run, run, key"
        ))?;
        let mut rows = select.query(params![from, to, after.ended, after.run, after.key])?;
        while let Some(row) = rows.next()? {
            let row = Filed::of(row)?;
            let sides = walk.sides(&row, &mut last)?;
            let place = |row: &Filed| (row.gone_run.unwrap_or(0), row.run, row.key);
            if !sides.new.is_empty() || sides.old.iter().map(place).min() != Some(place(&row)) {
                continue;
            }
            let (ended, run, key) = place(&row);
            if walk.tell(sides, DiffCursor { ended, run, key }, each)?.is_break() {
                return Ok(());
            }
        }
        Ok(())
    }

    /// The version of a document's page that counts.
    fn page(&self, document: i64) -> Result<i64> {
        let mut at = document;
        loop {
            let newer: Option<i64> = self
                .conn()
                .prepare_cached("SELECT newer FROM document WHERE key = ?1")?
                .query_row([at], |row| row.get(0))?;
            match newer {
                Some(newer) => at = newer,
                None => return Ok(at),
            }
        }
    }

    /// The words that an event rests on.
    fn trigger(&self, event: i64) -> Result<Option<(Span, String)>> {
        let role = word_key(self.conn(), "trigger")?;
        Ok(self
            .conn()
            .prepare_cached(
                "SELECT start, \"end\", text FROM proof WHERE event = ?1 AND role = ?2 AND sentence IS NOT NULL
                 ORDER BY n LIMIT 1",
            )?
            .query_row([event, role], |row| Ok((Span::new(row.get(0)?, row.get(1)?), row.get(2)?)))
            .optional()?)
    }

    /// Whether two events rest on the same words of one document, or on equal words of two versions of it.
    fn overlap(&self, old: &Filed, new: &Filed) -> Result<bool> {
        let (Some((a, words)), Some((b, others))) = (self.trigger(old.key)?, self.trigger(new.key)?) else {
            return Ok(false);
        };
        Ok(if old.document == new.document { a.overlaps(b) } else { words == others })
    }
}

impl Reader<'_> {
    /// The events of a difference, and which of their fields differ.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn difference(&mut self, one: Differing) -> Result<Difference> {
        let old = one.old.map(|key| self.event(key)).transpose()?;
        let new = one.new.map(|key| self.event(key)).transpose()?;
        let fields = match (&old, &new) {
            (Some(old), Some(new)) => fields_changed(&old.entry.event, &new.entry.event),
            _ => Vec::new(),
        };
        Ok(Difference { cause: one.cause, old, new, fields })
    }
}

/// Two runs and what is between them.
struct Walk<'l> {
    ledger: &'l Ledger,
    from: i64,
    to: i64,
    corrections: Vec<i64>,
    /// Coder and tables of each run that had a coder.
    versions: BTreeMap<i64, (Option<String>, Option<String>)>,
}

impl Walk<'_> {
    /// What differs on the page of a row; of an event without a document, itself.
    fn sides<'s>(&self, row: &Filed, last: &'s mut Sides) -> Result<&'s Sides> {
        let Some(document) = row.document else {
            let ended = row.run <= self.from;
            let (old, new) = if ended { (vec![*row], Vec::new()) } else { (Vec::new(), vec![*row]) };
            *last = Sides { page: None, old, new };
            return Ok(last);
        };
        let page = self.ledger.page(document)?;
        if last.page == Some(page) {
            return Ok(last);
        }
        let conn = self.ledger.conn();
        let mut sides = Sides { page: Some(page), ..Sides::default() };
        let versions: Vec<i64> = conn
            .prepare_cached(
                "WITH RECURSIVE v (key) AS (VALUES (?1) UNION SELECT d.key FROM v JOIN document d ON d.newer = v.key)
                 SELECT key FROM v",
            )?
            .query_map([page], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        let mut select = conn.prepare_cached(&format!(
            "SELECT {ROW} FROM event WHERE document = ?1 AND +run <= ?3
             AND (+run > ?2 AND (+gone_run IS NULL OR +gone_run > ?3)
                  OR +run <= ?2 AND +gone_run > ?2 AND +gone_run <= ?3)"
        ))?;
        for version in versions {
            let mut rows = select.query(params![version, self.from, self.to])?;
            while let Some(row) = rows.next()? {
                let row = Filed::of(row)?;
                if row.run > self.from { sides.new.push(row) } else { sides.old.push(row) }
            }
        }
        sides.new.sort_by_key(|row| row.key);
        sides.old.sort_by_key(|row| row.key);
        *last = sides;
        Ok(last)
    }

    /// What came meets what it came in place of: the same event, else one of the same words.
    fn tell(
        &self,
        sides: &Sides,
        at: DiffCursor,
        each: &mut dyn FnMut(Differing, DiffCursor) -> Result<ControlFlow<()>>,
    ) -> Result<ControlFlow<()>> {
        let mut old = sides.old.clone();
        let mut ended = ControlFlow::Continue(());
        let mut hear = |one: Differing| -> Result<()> {
            if each(one, at)?.is_break() {
                ended = ControlFlow::Break(());
            }
            Ok(())
        };
        for new in &sides.new {
            let mut met = old.iter().position(|o| o.hash == new.hash);
            for (n, o) in old.iter().enumerate().take(if met.is_none() { old.len() } else { 0 }) {
                if self.ledger.overlap(o, new)? {
                    met = Some(n);
                    break;
                }
            }
            let before = met.map(|n| old.remove(n));
            let cause = self.cause(before.as_ref(), Some(new))?;
            hear(Differing { cause, old: before.map(|o| o.key), new: Some(new.key), page: sides.page })?;
        }
        for before in old {
            let cause = self.cause(Some(&before), None)?;
            hear(Differing { cause, old: Some(before.key), new: None, page: sides.page })?;
        }
        Ok(ended)
    }

    fn cause(&self, old: Option<&Filed>, new: Option<&Filed>) -> Result<Cause> {
        let ended = old.and_then(|o| o.gone_run);
        let by_person = |run: Option<i64>| run.is_some_and(|run| self.corrections.contains(&run));
        let corrected = new.is_some_and(|n| n.correction != old.and_then(|o| o.correction));
        if corrected || new.is_some_and(|n| by_person(Some(n.run))) || by_person(ended) && new.is_none() {
            return Ok(Cause::Correction);
        }
        let Some(document) = new.or(old).and_then(|s| s.document) else { return Ok(Cause::Text) };
        if old.zip(new).is_some_and(|(o, n)| o.document != n.document) {
            return Ok(Cause::Text);
        }
        let conn = self.ledger.conn();
        // A document that came between the two runs, or one that a later version of its page ended.
        let (came, newer_came): (i64, Option<i64>) = conn
            .prepare_cached(
                "SELECT d.run, (SELECT n.run FROM document n WHERE n.key = d.newer) FROM document d WHERE d.key = ?1",
            )?
            .query_row([document], |row| Ok((row.get(0)?, row.get(1)?)))?;
        if came > self.from || new.is_none() && newer_came.is_some() && newer_came == ended {
            return Ok(Cause::Text);
        }
        let mut select = conn.prepare_cached("SELECT run FROM coding WHERE document = ?1 ORDER BY run")?;
        let codings: Vec<i64> = select.query_map([document], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        let versions = |upto: i64| codings.iter().rev().filter(|&&r| r <= upto).find_map(|run| self.versions.get(run));
        let (Some(before), Some(after)) = (versions(self.from), versions(self.to)) else {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_among_differences_reads_back() {
        let place = DiffCursor { ended: 3, run: 1, key: 12 };
        assert_eq!(DiffCursor::parse(&place.to_string()), Some(place));
        for text in ["", "1", "1.2", "1.2.3.4", "1.2.x"] {
            assert_eq!(DiffCursor::parse(text), None, "{text}");
        }
    }
}

//! Which pairs moved: the last whole month against the year before it, from the monthly sums.

use super::series::first_of;
use crate::days::month_number;
use crate::error::Result;
use crate::ledger::Ledger;
use crate::query::Query;
use crate::query::select::word_key;
use crate::rollup::ANYBODY;
use crate::write::id_number;
use jiff::civil::Date;
use rusqlite::OptionalExtension;
use std::collections::BTreeMap;

/// A pair of codes whose month differs from the months before.
#[derive(Debug, Clone, PartialEq)]
pub struct Moved {
    /// The one, the earlier in the alphabet.
    pub one: String,
    /// The other.
    pub other: String,
    /// The month's first day.
    pub month: Date,
    /// Events of that month, both ways.
    pub now: u32,
    /// Events of a month before, on average.
    pub mean: f64,
}

/// Months against which one is held.
const BEFORE: i32 = 12;

impl Ledger {
    /// The pairs that moved most in the last month that was read to its end, or that ends before the query's last day.
    /// `state` says which codes are one actor's own. How far apart is judged as counts scatter: by the difference over
    /// the root of what was to be expected.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn moved(&self, query: &Query, state: &dyn Fn(&str) -> bool, limit: usize) -> Result<Vec<Moved>> {
        let conn = self.conn();
        let read = self.read_span()?.map(|(_, last)| last);
        let counted: Option<i32> = conn.query_row(
            &format!("SELECT max(month) FROM month_sum WHERE source = {ANYBODY} AND target = {ANYBODY}"),
            [],
            |row| row.get(0),
        )?;
        let end = query.until.or(read.and_then(|day| day.tomorrow().ok()));
        // The month in which the end lies is not whole; other people's events have no days of reading.
        let month = match (end, counted) {
            (Some(end), _) => month_number(end) - 1,
            (None, Some(last)) => last,
            (None, None) => return Ok(Vec::new()),
        };
        let codes: BTreeMap<i64, String> = {
            let mut all = conn.prepare("SELECT DISTINCT code FROM actor WHERE code IS NOT NULL")?;
            let found = all.query_map([], |row| row.get::<_, String>(0))?.collect::<rusqlite::Result<Vec<_>>>()?;
            let own = found.into_iter().filter(|code| state(code));
            own.map(|code| Ok((word_key(conn, &code)?, code))).collect::<Result<_>>()?
        };
        let keys: Vec<i64> = codes.keys().copied().collect();
        let counts = |from: i32, until: i32| -> Result<BTreeMap<(i64, i64), u32>> {
            self.pair_counts(&keys, &self.sum_bounds(&Query::default().during(first_of(from), first_of(until)))?)
        };
        let mut both: BTreeMap<(i64, i64), [u32; 2]> = BTreeMap::new();
        for (n, counts) in [counts(month - BEFORE, month)?, counts(month, month + 1)?].into_iter().enumerate() {
            counts.into_iter().for_each(|(pair, events)| both.entry(pair).or_default()[n] = events);
        }
        let Some(month) = first_of(month) else { return Ok(Vec::new()) };
        let mut all: Vec<(f64, Moved)> = Vec::new();
        for ((a, b), [before, now]) in both {
            let (a, b) = (&codes[&a], &codes[&b]);
            let mean = f64::from(before) / f64::from(BEFORE);
            let far = (f64::from(now) - mean).abs() / (mean + 1.0).sqrt();
            all.push((far, Moved { one: a.min(b).clone(), other: a.max(b).clone(), month, now, mean }));
        }
        all.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| (&a.1.one, &a.1.other).cmp(&(&b.1.one, &b.1.other))));
        all.truncate(limit);
        Ok(all.into_iter().map(|(_, moved)| moved).collect())
    }

    /// How much the ledger holds: documents, events that count, stories, statements.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn holds(&self) -> Result<[u64; 4]> {
        let number = |sql: &str| -> Result<u64> {
            let found: Option<i64> = self.conn().prepare_cached(sql)?.query_row([], |row| row.get(0))?;
            Ok(found.unwrap_or(0).unsigned_abs())
        };
        Ok([
            self.documents()?,
            number(&format!(
                "SELECT sum(events) FROM month_sum WHERE source = {ANYBODY} AND target = {ANYBODY} AND counted"
            ))?,
            number("SELECT count(*) FROM story")?,
            number("SELECT count(*) FROM statement WHERE gone_run IS NULL")?,
        ])
    }

    /// How many documents report a story, and how many of them are independent.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn breadth(&self, story: &str) -> Result<(u32, u32)> {
        let mut one = self.conn().prepare_cached("SELECT reports, origins FROM story WHERE hash = ?1")?;
        let found = one.query_row([id_number(story)], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        Ok(found.unwrap_or((1, 1)))
    }
}

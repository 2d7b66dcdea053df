//! The latest or earliest events of one code, read off the ends of its dyads: of a great power with a million events
//! fifty cost a seek for each of its counterparts and fifty steps, and no sorting.

use super::Query;
use super::select::{numbers, within, word_key};
use crate::error::Result;
use crate::ledger::Ledger;
use rusqlite::Connection;
use std::collections::{BTreeSet, BinaryHeap, VecDeque};

/// At which end one begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Earliest,
    Latest,
}

/// A place in the order of events: day and key.
type Place = (i32, i64);

/// One ordered pair of codes, read block by block.
struct Stream {
    source: i64,
    target: i64,
    read: VecDeque<Place>,
    last: Option<Place>,
    done: bool,
}

/// Rows of a dyad that are read at once.
const BLOCK: usize = 24;
/// Candidates that are held against the rest of the query at once, at first and at most.
const BATCH: (usize, usize) = (64, 4096);

impl Stream {
    fn next(&mut self, conn: &Connection, days: &str, end: End) -> Result<Option<Place>> {
        if self.read.is_empty() && !self.done {
            let (order, past) = match end {
                End::Latest => ("DESC", "<"),
                End::Earliest => ("ASC", ">"),
            };
            let sql = format!(
                "SELECT day, event FROM dyad WHERE source = ?1 AND target = ?2{days} AND (day, event) {past} (?3, ?4)
                 ORDER BY day {order}, event {order} LIMIT {BLOCK}"
            );
            let edge = if end == End::Latest { (i32::MAX, i64::MAX) } else { (i32::MIN, i64::MIN) };
            let (day, event) = self.last.unwrap_or(edge);
            let mut rows = conn.prepare_cached(&sql)?;
            let found = rows.query_map((self.source, self.target, day, event), |row| Ok((row.get(0)?, row.get(1)?)))?;
            self.read = found.collect::<rusqlite::Result<_>>()?;
            self.done = self.read.len() < BLOCK;
            self.last = self.read.back().copied();
        }
        Ok(self.read.pop_front())
    }
}

/// All that stand on one side of dyads, or of those with a code.
fn sides(conn: &Connection, column: &str, of: &str) -> Result<Vec<i64>> {
    // From each to the next greater, as the order of the table has them; not by way of all rows.
    let sql = format!(
        "WITH RECURSIVE side (code) AS (SELECT min({column}) FROM dyad WHERE {of}
         UNION ALL SELECT (SELECT min({column}) FROM dyad WHERE {of} AND {column} > side.code) FROM side
         WHERE side.code IS NOT NULL) SELECT code FROM side WHERE code IS NOT NULL"
    );
    let mut rows = conn.prepare(&sql)?;
    Ok(rows.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
}

impl Ledger {
    /// The codes that act in any dyad.
    pub(crate) fn dyad_sources(&self) -> Result<Vec<i64>> {
        sides(self.conn(), "source", "1")
    }

    /// The codes on which one acts in any dyad.
    pub(crate) fn dyad_targets(&self, source: i64) -> Result<Vec<i64>> {
        sides(self.conn(), "target", &format!("source = {source}"))
    }

    /// The keys of the events of a query about one code, from one end on, past a place in their order.
    pub(crate) fn keys_of_code(
        &self,
        query: &Query,
        code: &str,
        limit: usize,
        past: Option<Place>,
        end: End,
    ) -> Result<Vec<i64>> {
        let conn = self.conn();
        let conditions = query.of_anybody().conditions(conn)?;
        let days = within("day", &query.days()).map_or(String::new(), |days| format!(" AND {days}"));
        let code = word_key(conn, code)?;
        let stream = |source, target| Stream { source, target, read: VecDeque::new(), last: past, done: false };
        let there = self.dyad_targets(code)?.into_iter().map(|other| stream(code, other));
        let back = self.dyad_sources()?.into_iter().filter(|&other| other != code).map(|other| stream(other, code));
        let mut streams: Vec<Stream> = there.chain(back).collect();
        // The heap gives the greatest; turned round, the least.
        let rank = |(day, key): Place| match end {
            End::Latest => (i64::from(day), key),
            End::Earliest => (-i64::from(day), key.wrapping_neg()),
        };
        let mut heap = BinaryHeap::new();
        for (n, stream) in streams.iter_mut().enumerate() {
            heap.extend(stream.next(conn, &days, end)?.map(|place| (rank(place), n, place.1)));
        }
        let (mut found, mut batch, mut size) = (Vec::new(), Vec::new(), BATCH.0);
        let mut last = None;
        while found.len() < limit {
            let top = heap.pop();
            if let Some((_, n, key)) = top {
                // An event of several pairs comes once for each, one after the other.
                if last != Some(key) {
                    batch.push(key);
                    last = Some(key);
                }
                heap.extend(streams[n].next(conn, &days, end)?.map(|place| (rank(place), n, place.1)));
            }
            if batch.len() == size || (top.is_none() && !batch.is_empty()) {
                let mut meets = conn.prepare(&format!(
                    "SELECT e.key FROM event e WHERE e.key IN ({}) AND {conditions}",
                    numbers(&batch)
                ))?;
                let meets: BTreeSet<i64> = meets.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
                found.extend(batch.drain(..).filter(|key| meets.contains(key)));
                size = (size * 2).min(BATCH.1);
            }
            if top.is_none() {
                break;
            }
        }
        found.truncate(limit);
        Ok(found)
    }
}

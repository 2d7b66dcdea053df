//! What every collector reads: sums by type, the types behind their numbers, how much was read.

use super::Sums;
use crate::error::{Error, Result};
use crate::ledger::Ledger;
use crate::query::Query;
use crate::query::select::{numbers, word_key};
use demarche_core::{EventType, Precision};
use rusqlite::Connection;
use std::collections::BTreeMap;

/// The types by the number of their word.
pub(super) fn types(conn: &Connection) -> Result<BTreeMap<i64, EventType>> {
    EventType::ALL.iter().map(|&t| Ok((word_key(conn, t.as_str())?, t))).collect()
}

/// A type by its number.
pub(super) fn type_of(types: &BTreeMap<i64, EventType>, key: i64) -> Result<EventType> {
    types.get(&key).copied().ok_or_else(|| Error::corrupt("a type that there is not"))
}

/// A count of SQL's as one of ours.
pub(super) fn count(number: i64) -> u32 {
    u32::try_from(number.max(0)).unwrap_or(u32::MAX)
}

/// A condition that an event's time is known and no coarser than `width`.
pub(super) fn fine(conn: &Connection, width: super::series::Width) -> Result<String> {
    use super::series::Width;
    let fine: &[Precision] = match width {
        Width::Day => &[Precision::Hour, Precision::Day],
        Width::Week => &[Precision::Hour, Precision::Day, Precision::Week],
        Width::Month | Width::Quarter | Width::Year => {
            &[Precision::Hour, Precision::Day, Precision::Week, Precision::Month]
        }
    };
    let keys: Result<Vec<i64>> = fine.iter().map(|p| word_key(conn, &crate::dictionary::name(p))).collect();
    Ok(format!("e.from_day IS NOT NULL AND e.precision IN ({})", numbers(&keys?)))
}

/// The sum of intensities in thousandths, rounded event by event as the monthly sums are.
pub(super) const THOUSANDTHS: &str = "sum(CAST(round(e.intensity * 1000) AS INTEGER))";

/// How much was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Exposure {
    /// Documents that were coded.
    pub documents: u64,
    /// Their sentences.
    pub sentences: u64,
}

impl Ledger {
    /// The first and the last day on which something that was read became known.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn read_span(&self) -> Result<Option<(jiff::civil::Date, jiff::civil::Date)>> {
        let ends: (Option<i32>, Option<i32>) =
            self.conn()
                .query_row("SELECT min(day), max(day) FROM reading", [], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let day = |number: Option<i32>| number.and_then(crate::days::day_of);
        Ok(day(ends.0).zip(day(ends.1)))
    }

    /// How much was read, by the day on which it became known: all that was coded, or what one publisher published.
    pub(super) fn reading(&self, query: &Query) -> Result<BTreeMap<i32, Exposure>> {
        let mut bounds = Vec::new();
        bounds.extend(query.from.map(|day| format!("day >= {}", crate::days::day_number(day))));
        bounds.extend(query.until.map(|day| format!("day < {}", crate::days::day_number(day))));
        bounds.extend(query.known_on.map(|day| format!("day <= {}", crate::days::day_number(day))));
        bounds.push("1".to_string());
        let bounds = bounds.join(" AND ");
        let sql = match &query.publisher {
            None => format!("SELECT day, documents, sentences FROM reading WHERE {bounds} ORDER BY day"),
            Some(publisher) => {
                let keys = crate::query::select::word_in_any_case(self.conn(), publisher)?;
                format!(
                    "SELECT day, count(*), sum(sentences) FROM (SELECT d.known AS day,
                     (SELECT count(*) FROM sentence s WHERE s.document = d.key) AS sentences FROM document d
                     WHERE d.coded AND d.publisher IN ({})) WHERE {bounds} GROUP BY day ORDER BY day",
                    numbers(&keys)
                )
            }
        };
        let mut rows = self.conn().prepare(&sql)?;
        let read = rows.query_map([], |row| {
            let number = |ix| row.get::<_, i64>(ix).map(i64::unsigned_abs);
            Ok((row.get(0)?, Exposure { documents: number(1)?, sentences: number(2)? }))
        })?;
        Ok(read.collect::<rusqlite::Result<_>>()?)
    }
}

/// Sums by something, filled row by row.
pub(super) fn gather<K: Ord>(into: &mut BTreeMap<K, Sums>, key: K, row: (EventType, i64, i64)) {
    into.entry(key).or_default().add(row.0, count(row.1), row.2);
}

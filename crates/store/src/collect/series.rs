//! How many events a day, week, month, quarter or year, with what was read beside them: a zero is a row like any other.

use super::Sums;
use super::read::{self, Exposure, THOUSANDTHS};
use crate::days::{day_number, day_of, month_number};
use crate::error::{Error, Result};
use crate::ledger::Ledger;
use crate::query::Query;
use crate::query::select::{numbers, word_key};
use crate::rollup::ANYBODY;
use jiff::ToSpan;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// How wide a bin is. Weeks begin on Monday.
#[allow(missing_docs)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Width {
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

impl Width {
    /// The first day of the bin that a day is in.
    pub fn start(self, day: Date) -> Date {
        match self {
            Width::Day => day,
            Width::Week => {
                let back = i32::from(day.weekday().to_monday_zero_offset());
                day_of(day_number(day) - back).unwrap_or(day)
            }
            Width::Month => day.first_of_month(),
            Width::Quarter => Date::new(day.year(), (day.month() - 1) / 3 * 3 + 1, 1).unwrap_or(day),
            Width::Year => day.first_of_year(),
        }
    }
    /// The first day of the bin after the one that begins on `start`.
    pub fn next(self, start: Date) -> Date {
        let span = match self {
            Width::Day => 1.day(),
            Width::Week => 1.week(),
            Width::Month => 1.month(),
            Width::Quarter => 3.months(),
            Width::Year => 1.year(),
        };
        start.checked_add(span).unwrap_or(Date::MAX)
    }
    /// As the command line and records write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Width::Day => "day",
            Width::Week => "week",
            Width::Month => "month",
            Width::Quarter => "quarter",
            Width::Year => "year",
        }
    }
}

/// One bin of a series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bin {
    /// Its first day.
    pub from: Date,
    /// The day after its last.
    pub until: Date,
    /// What happened.
    pub sums: Sums,
    /// What was read.
    pub exposure: Exposure,
}

/// The months of a query that the monthly sums can answer.
fn months(query: &Query) -> String {
    let mut bounds = Vec::new();
    bounds.extend(query.from.map(|day| format!(" AND month >= {}", month_number(day))));
    bounds.extend(query.until.map(|day| format!(" AND month < {}", month_number(day))));
    bounds.concat()
}

impl Ledger {
    /// Conditions on the monthly sums apart from who is between whom.
    pub(super) fn sum_conditions(&self, query: &Query) -> Result<String> {
        let mut all = format!("counted = 1{}", months(query));
        if let Some(types) = query.types_left() {
            let keys: Result<Vec<i64>> = types.iter().map(|t| word_key(self.conn(), t.as_str())).collect();
            all += &format!(" AND type IN ({})", numbers(&keys?));
        }
        if let Some(dataset) = &query.dataset {
            all += &format!(" AND dataset = {}", word_key(self.conn(), dataset)?);
        }
        Ok(all)
    }

    /// The same, led by the data sets, so that sums of some codes are sought in the order of their key.
    ///
    /// # Errors
    /// Where the query asks what the sums do not hold.
    pub(super) fn sum_bounds(&self, query: &Query) -> Result<String> {
        if !query.fits_sums() || query.pair.is_some() {
            return Err(Error::asked("not in the monthly sums (hint: whole months, types and classes alone)"));
        }
        let conditions = self.sum_conditions(query)?;
        if query.dataset.is_some() {
            return Ok(conditions);
        }
        Ok(format!("dataset IN ({}) AND {conditions}", numbers(&self.sum_datasets()?)))
    }

    /// The data sets that have sums.
    pub(super) fn sum_datasets(&self) -> Result<Vec<i64>> {
        let mut all =
            self.conn().prepare_cached("SELECT DISTINCT dataset FROM month_sum WHERE source = ?1 AND target = ?1")?;
        Ok(all.query_map([ANYBODY], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
    }

    /// The conditions under which the monthly sums answer a query; `None` where the events themselves must be counted.
    pub(super) fn sums_for(&self, query: &Query) -> Result<Option<Vec<String>>> {
        if !query.of_anybody().fits_sums() {
            return Ok(None);
        }
        let conn = self.conn();
        let pairs = match (&query.pair, query.simple_pair(), query.simple_actor()) {
            (None, _, None) if query.actors.is_empty() => vec![format!("source = {ANYBODY} AND target = {ANYBODY}")],
            (None, _, Some(code)) => {
                let code = word_key(conn, code)?;
                // What has the code on both sides is in both and counts once.
                vec![
                    format!("source = {code} AND target = {ANYBODY}"),
                    format!("source = {ANYBODY} AND target = {code} AND mutual = 0"),
                ]
            }
            (Some(_), Some((source, target, directed)), _) if query.actors.is_empty() => {
                let (source, target) = (word_key(conn, source)?, word_key(conn, target)?);
                let there = format!("source = {source} AND target = {target}");
                if directed || source == target {
                    vec![there]
                } else {
                    // What is mutual is in both and counts once.
                    vec![there, format!("source = {target} AND target = {source} AND mutual = 0")]
                }
            }
            _ => return Ok(None),
        };
        let common = self.sum_conditions(query)?;
        Ok(Some(pairs.into_iter().map(|pair| format!("{pair} AND {common}")).collect()))
    }

    /// What one code does and what is done to it, month by month, what is mutual on both sides, as a panel has it;
    /// `None` where the monthly sums cannot answer.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub(super) fn sides_by_sums(&self, query: &Query) -> Result<Option<[String; 2]>> {
        let (Some(code), true) = (query.simple_actor(), query.of_anybody().fits_sums()) else { return Ok(None) };
        let (code, common) = (word_key(self.conn(), code)?, self.sum_conditions(query)?);
        Ok(Some([
            format!("source = {code} AND target = {ANYBODY} AND {common}"),
            format!("source = {ANYBODY} AND target = {code} AND {common}"),
        ]))
    }

    /// The events of a query by day, week, month, quarter or year.
    ///
    /// An event is counted where its time is known to the bin, and for quarters and years to the month.
    /// The series runs over the days asked for, or else from the first to the last day with an event or a document.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn series(&self, query: &Query, width: Width) -> Result<Vec<Bin>> {
        let sums = self.sums_by_bin(query, width)?;
        let mut read: BTreeMap<Date, Exposure> = BTreeMap::new();
        for (day, exposure) in self.reading(query)? {
            let Some(day) = day_of(day) else { continue };
            let bin = read.entry(width.start(day)).or_default();
            bin.documents += exposure.documents;
            bin.sentences += exposure.sentences;
        }
        let ends = |first: Option<Date>, other: Option<Date>| first.into_iter().chain(other);
        let first = ends(sums.keys().next().copied(), read.keys().next().copied()).min();
        let last = ends(sums.keys().next_back().copied(), read.keys().next_back().copied()).max();
        let Some(from) = query.from.map(|day| width.start(day)).or(first) else { return Ok(Vec::new()) };
        let Some(until) = query.until.or(last.map(|day| width.next(day))) else { return Ok(Vec::new()) };
        let mut bins = Vec::new();
        let mut start = from;
        while start < until {
            let next = width.next(start);
            bins.push(Bin {
                from: start,
                until: next,
                sums: sums.get(&start).copied().unwrap_or_default(),
                exposure: read.get(&start).copied().unwrap_or_default(),
            });
            if next <= start {
                break;
            }
            start = next;
        }
        Ok(bins)
    }

    fn sums_by_bin(&self, query: &Query, width: Width) -> Result<BTreeMap<Date, Sums>> {
        let conn = self.conn();
        let types = read::types(conn)?;
        let mut sums = BTreeMap::new();
        let rollup = if width >= Width::Month { self.sums_for(query)? } else { None };
        if let Some(conditions) = rollup {
            for condition in conditions {
                let mut rows = conn.prepare(&format!(
                    "SELECT month, type, sum(events), sum(thousandths) FROM month_sum WHERE {condition} GROUP BY month, type"
                ))?;
                let mut rows = rows.query([])?;
                while let Some(row) = rows.next()? {
                    let month: i32 = row.get(0)?;
                    let event_type = read::type_of(&types, row.get(1)?)?;
                    let Some(day) = first_of(month) else { continue };
                    read::gather(&mut sums, width.start(day), (event_type, row.get(2)?, row.get(3)?));
                }
            }
            return Ok(sums);
        }
        let (conditions, fine) = (query.conditions(conn)?, read::fine(conn, width)?);
        let mut rows = conn.prepare(&format!(
            "SELECT e.from_day, e.type, count(*), {THOUSANDTHS} FROM event e WHERE {conditions} AND {fine}
             GROUP BY e.from_day, e.type"
        ))?;
        let mut rows = rows.query([])?;
        while let Some(row) = rows.next()? {
            let Some(day) = day_of(row.get(0)?) else { continue };
            let event_type = read::type_of(&types, row.get(1)?)?;
            read::gather(&mut sums, width.start(day), (event_type, row.get(2)?, row.get(3)?));
        }
        Ok(sums)
    }
}

/// The first day of a month by its number.
pub(super) fn first_of(month: i32) -> Option<Date> {
    let year = i16::try_from(month.div_euclid(12)).ok()?;
    Date::new(year, i8::try_from(month.rem_euclid(12)).ok()? + 1, 1).ok()
}

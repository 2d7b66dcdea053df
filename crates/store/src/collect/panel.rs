//! A panel: each state or ordered pair of states in each month or year, with explicit zeros and how much was read,
//! so that a zero can be told from what nobody looked at.
//!
//! One state after the other is read and handed on, so that memory does not grow with the panel.

use super::Sums;
use super::read::{self, Exposure, THOUSANDTHS};
use super::series::{Width, first_of};
use crate::days::day_of;
use crate::error::{Error, Result};
use crate::ledger::Ledger;
use crate::query::Query;
use crate::query::select::word_key;
use crate::rollup::ANYBODY;
use demarche_core::Interval;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// A state as a panel numbers it: the actors' codes that stand for it, each for its days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// As it is printed: a number of COW or of Gleditsch and Ward, or ISO 3166 alpha-3.
    pub code: String,
    /// The codes of parties that are this state.
    pub states: Vec<(String, Interval)>,
}

impl Unit {
    fn exists(&self, days: &Interval) -> bool {
        self.states.iter().any(|(_, interval)| interval.overlaps(days))
    }
}

/// What a panel has rows for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PanelSpec {
    /// The states, in the order of the rows.
    pub units: Vec<Unit>,
    /// Ordered pairs of states, or states.
    pub dyads: bool,
    /// Months or years.
    pub width: Width,
}

/// A row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PanelRow<'a> {
    /// The state, of a pair the one that acts.
    pub source: &'a str,
    /// The other.
    pub target: Option<&'a str>,
    /// First day of the month or year.
    pub from: Date,
    /// What the state does.
    pub sums: &'a Sums,
    /// What is done to it, where the row is of a state.
    pub received: Option<&'a Sums>,
    /// What was read in that time.
    pub exposure: Exposure,
    /// All events of that time, between whomsoever.
    pub all_events: u64,
}

/// Sums by unit and bin: of a unit the bins one after the other.
type Cells = Vec<Sums>;

struct Panel<'a> {
    ledger: &'a Ledger,
    spec: &'a PanelSpec,
    /// The number of the bin that begins on a day.
    bins: BTreeMap<Date, usize>,
    /// By the number of a code: the units that it stands for.
    units: BTreeMap<i64, Vec<(usize, Interval)>>,
    types: BTreeMap<i64, demarche_core::EventType>,
    /// Conditions on the monthly sums, where they can answer.
    rollup: Option<String>,
    /// Conditions on events.
    events: String,
}

impl Ledger {
    /// The rows of a panel over the days of the query, by the first state, then the second, then the time.
    ///
    /// A state has a row for each month or year in which it existed for a day. The query narrows which events count; its
    /// dyad and actors are of no account.
    ///
    /// # Errors
    /// What `row` gives back, and where the ledger cannot be read.
    pub fn panel(
        &self,
        query: &Query,
        spec: &PanelSpec,
        row: &mut dyn FnMut(&PanelRow<'_>) -> std::io::Result<()>,
    ) -> Result<()> {
        let query = Query { pair: None, actors: Vec::new(), ..query.clone() };
        let conn = self.conn();
        let all = self.series(&query, spec.width)?;
        let mut units: BTreeMap<i64, Vec<(usize, Interval)>> = BTreeMap::new();
        for (ix, unit) in spec.units.iter().enumerate() {
            for (state, interval) in &unit.states {
                units.entry(word_key(conn, state)?).or_default().push((ix, *interval));
            }
        }
        let rollup = if query.fits_sums() { Some(self.sum_conditions(&query)?) } else { None };
        let events = format!("{} AND {}", query.conditions(conn)?, read::fine(conn, spec.width)?);
        let types = read::types(conn)?;
        let bins = all.iter().map(|bin| bin.from).zip(0..).collect();
        let panel = Panel { ledger: self, spec, bins, units, types, rollup, events };
        let there = |unit: &Unit| -> Vec<bool> {
            all.iter().map(|bin| unit.exists(&Interval { from: Some(bin.from), until: Some(bin.until) })).collect()
        };
        let there: Vec<Vec<bool>> = spec.units.iter().map(there).collect();
        let mut hand_on = |row_of: PanelRow<'_>| row(&row_of).map_err(Error::output);
        for (s, source) in spec.units.iter().enumerate() {
            let (out, received) = panel.cells(s)?;
            if !spec.dyads {
                for (n, bin) in all.iter().enumerate().filter(|(n, _)| there[s][*n]) {
                    hand_on(PanelRow {
                        source: &source.code,
                        target: None,
                        from: bin.from,
                        sums: &out[n],
                        received: Some(&received[n]),
                        exposure: bin.exposure,
                        all_events: u64::from(bin.sums.events()),
                    })?;
                }
                continue;
            }
            for (t, target) in spec.units.iter().enumerate().filter(|(t, _)| *t != s) {
                for (n, bin) in all.iter().enumerate().filter(|(n, _)| there[s][*n] && there[t][*n]) {
                    hand_on(PanelRow {
                        source: &source.code,
                        target: Some(&target.code),
                        from: bin.from,
                        sums: &out[t * all.len() + n],
                        received: None,
                        exposure: bin.exposure,
                        all_events: u64::from(bin.sums.events()),
                    })?;
                }
            }
        }
        Ok(())
    }
}

impl Panel<'_> {
    /// Of one unit: what it does, by the other unit (of states alone, by itself) and bin, and what is done to it.
    fn cells(&self, unit: usize) -> Result<(Cells, Cells)> {
        let wide = if self.spec.dyads { self.spec.units.len() } else { 1 };
        let mut out = vec![Sums::default(); wide * self.bins.len()];
        let mut received = if self.spec.dyads { Vec::new() } else { out.clone() };
        for (state, interval) in &self.spec.units[unit].states {
            let key = word_key(self.ledger.conn(), state)?;
            if self.spec.dyads {
                self.fill(
                    &mut out,
                    &format!("source = {key} AND target NOT IN ({ANYBODY}, 0)"),
                    "target",
                    None,
                    interval,
                )?;
            } else {
                let one = Some(0);
                self.fill(&mut out, &format!("source = {key} AND target = {ANYBODY}"), "source", one, interval)?;
                self.fill(&mut received, &format!("source = {ANYBODY} AND target = {key}"), "target", one, interval)?;
            }
        }
        Ok((out, received))
    }

    /// Adds what the condition finds, under the unit given or that of the column `by`.
    fn fill(&self, cells: &mut [Sums], who: &str, by: &str, unit: Option<usize>, existed: &Interval) -> Result<()> {
        let conn = self.ledger.conn();
        let sql = match &self.rollup {
            Some(conditions) => {
                format!("SELECT {by}, month, type, events, thousandths FROM month_sum WHERE {who} AND {conditions}")
            }
            None => {
                // Of one state each event once, whatever the number of its pairs.
                let (columns, bounds) = if unit.is_none() {
                    ("y.source, y.target, y.event", who.replace("source", "y.source").replace("target", "y.target"))
                } else {
                    let side = who.split(" AND ").find(|part| !part.ends_with(&ANYBODY.to_string())).unwrap_or("0");
                    ("0 AS source, 0 AS target, y.event", format!("y.{side}"))
                };
                format!(
                    "SELECT p.{by}, e.from_day, e.type, count(*), {THOUSANDTHS} FROM
                     (SELECT DISTINCT {columns} FROM dyad y WHERE {bounds}) p JOIN event e ON e.key = p.event
                     WHERE {} GROUP BY p.{by}, e.from_day, e.type",
                    self.events
                )
            }
        };
        let mut rows = conn.prepare(&sql)?;
        let mut rows = rows.query([])?;
        while let Some(row) = rows.next()? {
            let event_type = read::type_of(&self.types, row.get(2)?)?;
            let day = if self.rollup.is_some() { first_of(row.get(1)?) } else { day_of(row.get(1)?) };
            let Some(day) = day else { continue };
            // A state that came or went within the month is one all through it.
            let month = Interval { from: Some(day.first_of_month()), until: day.last_of_month().tomorrow().ok() };
            if !existed.overlaps(&month) {
                continue;
            }
            let Some(&bin) = self.bins.get(&self.spec.width.start(day)) else { continue };
            let (events, thousandths) = (read::count(row.get(3)?), row.get(4)?);
            match unit {
                Some(unit) => cells[unit * self.bins.len() + bin].add(event_type, events, thousandths),
                None => {
                    let others = self.units.get(&row.get(0)?).map(Vec::as_slice).unwrap_or_default();
                    for (other, _) in others.iter().filter(|(_, interval)| interval.overlaps(&month)) {
                        cells[other * self.bins.len() + bin].add(event_type, events, thousandths);
                    }
                }
            }
        }
        Ok(())
    }
}

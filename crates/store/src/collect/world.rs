//! What each state does and what is done to it over some months, which pairs deal most, and where it happened:
//! what a map of the world shows.
//!
//! All but the places comes from the monthly sums, sought code by code in the order of their key; places have no sums,
//! so they are those of a bounded number of events, the latest.

use super::Sums;
use super::read;
use super::series::{Width, first_of};
use crate::document::OWN;
use crate::error::Result;
use crate::ledger::Ledger;
use crate::query::Query;
use crate::query::select::{numbers, within, word_key};
use crate::rollup::ANYBODY;
use crate::write::id_text;
use demarche_core::{EventType, PlacePrecision, QuadClass};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// The events of one code over some months, each once on whichever side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sides {
    /// In which it acts.
    pub acts: Sums,
    /// In which it is acted on.
    pub receives: Sums,
    /// In which it takes part; what is on both sides counts once.
    pub either: Sums,
}

impl Sides {
    fn add_all(&mut self, other: &Sides) {
        self.acts.add_all(&other.acts);
        self.receives.add_all(&other.receives);
        self.either.add_all(&other.either);
    }
}

/// A pair of codes over some months.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dyad {
    /// The one, the earlier in the alphabet.
    pub one: String,
    /// The other.
    pub other: String,
    /// What passes between them, both ways, the mutual once.
    pub sums: Sums,
}

/// A town, with what happened there.
#[derive(Debug, Clone, PartialEq)]
pub struct Town {
    /// Its name.
    pub name: String,
    /// Its state, ISO 3166 alpha-3.
    pub country: Option<String>,
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
    /// What happened.
    pub sums: Sums,
    /// The latest of these events, `e-…`.
    pub latest: String,
}

/// Where events happened.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Located {
    /// How many events of these days were looked at.
    pub looked: u32,
    /// Whether these are all.
    pub whole: bool,
    /// What happened in each state.
    pub countries: BTreeMap<String, Sums>,
    /// Deeds in towns and at buildings, where most happened first.
    pub towns: Vec<Town>,
}

/// Codes among which the strongest pairs are sought first.
const FIRST: usize = 24;

impl Ledger {
    /// The months that the ledger is about, the first day of the first and the day after the last: those that were read,
    /// for news speaks of distant years too, and those of other people's events.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn months(&self) -> Result<Option<(Date, Date)>> {
        let conn = self.conn();
        let ends = |sql: &str| -> Result<Option<(Date, Date)>> {
            let ends: (Option<i32>, Option<i32>) = conn.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(ends.0.and_then(first_of).zip(ends.1.and_then(first_of)))
        };
        let of = |own: &str| {
            format!(
                "SELECT min(month), max(month) FROM month_sum WHERE source = {ANYBODY} AND target = {ANYBODY} AND {own}"
            )
        };
        let own = word_key(conn, OWN)?;
        let read = self.read_span()?.map(|(first, last)| (first.first_of_month(), last.first_of_month()));
        let theirs = ends(&of(&format!("dataset <> {own}")))?;
        let both: Vec<(Date, Date)> = read.into_iter().chain(theirs).collect();
        let first = both.iter().map(|ends| ends.0).min();
        let last = both.iter().map(|ends| Width::Month.next(ends.1)).max();
        Ok(first.zip(last))
    }

    /// What those of these codes do who do anything, and what is done to them.
    ///
    /// # Errors
    /// Where the query asks what the monthly sums do not hold, or the ledger cannot be read.
    pub fn by_code(&self, query: &Query, codes: &BTreeSet<&str>) -> Result<BTreeMap<String, Sides>> {
        let conn = self.conn();
        let bounds = self.sum_bounds(query)?;
        let named: Result<BTreeMap<i64, &str>> = codes.iter().map(|code| Ok((word_key(conn, code)?, *code))).collect();
        let named = named?;
        let types = read::types(conn)?;
        let list = numbers(&named.keys().copied().collect::<Vec<_>>());
        let mut all: BTreeMap<String, Sides> = BTreeMap::new();
        for (side, who) in [
            ("source", format!("source IN ({list}) AND target = {ANYBODY}")),
            ("target", format!("source = {ANYBODY} AND target IN ({list})")),
        ] {
            // Added up here: they come by code and month, and sorting them by type would cost more than reading them.
            let mut rows = conn.prepare(&format!(
                "SELECT {side}, type, mutual, events, thousandths FROM month_sum WHERE {who} AND {bounds}"
            ))?;
            let mut rows = rows.query([])?;
            let mut at: Option<(i64, Sides)> = None;
            loop {
                let row = rows.next()?;
                let key: Option<i64> = row.map(|row| row.get(0)).transpose()?;
                if at.is_none_or(|(before, _)| Some(before) != key) {
                    let before = at.take().and_then(|(key, sides)| Some((named.get(&key)?, sides)));
                    if let Some((code, sides)) = before {
                        all.entry((*code).to_string()).or_default().add_all(&sides);
                    }
                    at = key.map(|key| (key, Sides::default()));
                }
                let (Some(row), Some((_, sides))) = (row, &mut at) else { break };
                let (mutual, events): (bool, u32) = (row.get(2)?, read::count(row.get(3)?));
                let (event_type, thousandths) = (read::type_of(&types, row.get(1)?)?, row.get(4)?);
                let own = if side == "source" { &mut sides.acts } else { &mut sides.receives };
                own.add(event_type, events, thousandths);
                // Here mutual says that the code stands on both sides.
                if side == "source" || !mutual {
                    sides.either.add(event_type, events, thousandths);
                }
            }
        }
        Ok(all)
    }

    /// The pairs with the most events among the codes of `sides`, which are those of the same query; of equal ones the
    /// first in the alphabet.
    ///
    /// # Errors
    /// Where the query asks what the monthly sums do not hold, or the ledger cannot be read.
    pub fn strongest(&self, query: &Query, sides: &BTreeMap<String, Sides>, limit: usize) -> Result<Vec<Dyad>> {
        if limit == 0 {
            return Ok(Vec::new());
        }
        let conn = self.conn();
        let bounds = self.sum_bounds(query)?;
        let mut most: Vec<(u32, i64, &str)> = Vec::new();
        for (code, sides) in sides {
            most.push((sides.either.events(), word_key(conn, code)?, code));
        }
        most.sort_by_key(|&(events, key, _)| (std::cmp::Reverse(events), key));
        let names: BTreeMap<i64, &str> = most.iter().map(|&(_, key, code)| (key, code)).collect();
        let ranked = |many: usize| -> Result<Vec<(u32, &str, &str)>> {
            let keys: Vec<i64> = most[..many].iter().map(|&(_, key, _)| key).collect();
            let mut pairs: Vec<(u32, &str, &str)> = Vec::new();
            for ((one, other), events) in self.pair_counts(&keys, &bounds)? {
                let (one, other) = (names[&one], names[&other]);
                pairs.push((events, one.min(other), one.max(other)));
            }
            pairs.sort_unstable_by(|a, b| b.0.cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
            pairs.truncate(limit);
            Ok(pairs)
        };
        // A pair has no more events than either of its codes: once enough pairs are known, whoever has fewer events than
        // the last of them is in none that could take its place.
        let first = ranked(FIRST.min(most.len()))?;
        let least = if first.len() == limit { first.last().map_or(0, |pair| pair.0) } else { 0 };
        let many = most.iter().filter(|&&(events, ..)| events >= least).count();
        let found = if many > FIRST { ranked(many)? } else { first };
        let keys: BTreeMap<&str, i64> = names.iter().map(|(key, code)| (*code, *key)).collect();
        let types = read::types(conn)?;
        let mut way = conn.prepare(&format!(
            "SELECT type, mutual, sum(events), sum(thousandths) FROM month_sum
             WHERE source = ?1 AND target = ?2 AND {bounds} GROUP BY type, mutual"
        ))?;
        let mut all = Vec::new();
        for (_, one, other) in found {
            let mut sums = Sums::default();
            for (there, source, target) in [(true, one, other), (false, other, one)] {
                let mut rows = way.query([keys[source], keys[target]])?;
                while let Some(row) = rows.next()? {
                    // What is mutual is in both and counts once.
                    if there || !row.get::<_, bool>(1)? {
                        sums.add(read::type_of(&types, row.get(0)?)?, read::count(row.get(2)?), row.get(3)?);
                    }
                }
            }
            all.push(Dyad { one: one.to_string(), other: other.to_string(), sums });
        }
        Ok(all)
    }

    /// How many events pass between each two of these codes, both ways, the mutual once; the lesser key first.
    pub(super) fn pair_counts(&self, keys: &[i64], bounds: &str) -> Result<BTreeMap<(i64, i64), u32>> {
        let list = numbers(keys);
        let mut rows = self.conn().prepare(&format!(
            "SELECT source, target, sum(iif(mutual, events, 2 * events)) FROM month_sum
             WHERE source IN ({list}) AND target IN ({list}) AND {bounds} GROUP BY source, target"
        ))?;
        let mut rows = rows.query([])?;
        // What is mutual stands under both ways; halves make it one.
        let mut halves: BTreeMap<(i64, i64), i64> = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let (a, b): (i64, i64) = (row.get(0)?, row.get(1)?);
            if a != b {
                *halves.entry((a.min(b), a.max(b))).or_default() += row.get::<_, i64>(2)?;
            }
        }
        Ok(halves.into_iter().map(|(pair, halves)| (pair, read::count(halves / 2))).collect())
    }

    /// Where the latest `walk` events of the query's days happened that the query finds and whose time is known to the
    /// month, with at most so many towns.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn located(&self, query: &Query, walk: u32, towns: usize) -> Result<Located> {
        let conn = self.conn();
        let types = read::types(conn)?;
        let days = within("x.day", &query.days()).unwrap_or_else(|| "1".to_string());
        let latest =
            |many: u32| format!("SELECT x.key FROM event x WHERE {days} ORDER BY x.day DESC, x.key DESC LIMIT {many}");
        let looked: u32 =
            conn.query_row(&format!("SELECT count(*) FROM ({})", latest(walk + 1)), [], |row| row.get(0))?;
        let mut located = Located { looked: looked.min(walk), whole: looked <= walk, ..Located::default() };
        let (conditions, fine) = (query.conditions(conn)?, read::fine(conn, Width::Month)?);
        let precise = [PlacePrecision::City, PlacePrecision::Building].map(|p| crate::dictionary::name(&p));
        // CROSS JOIN keeps SQLite to this order of tables; the subquery comes latest first.
        let mut rows = conn.prepare(&format!(
            "SELECT e.type, CAST(round(e.intensity * 1000) AS INTEGER), e.hash, p.name, p.country, p.lat, p.lon, p.precision
             FROM ({}) k CROSS JOIN event e ON e.key = k.key JOIN place p ON p.key = e.place
             WHERE {conditions} AND {fine} ORDER BY e.day DESC, e.key DESC",
            latest(walk)
        ))?;
        let mut rows = rows.query([])?;
        let mut found: BTreeMap<(String, Option<String>), Town> = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let event_type: EventType = read::type_of(&types, row.get(0)?)?;
            let thousandths = row.get(1)?;
            let (name, country): (String, Option<String>) = (row.get(3)?, row.get(4)?);
            if let Some(country) = &country {
                located.countries.entry(country.clone()).or_default().add(event_type, 1, thousandths);
            }
            let deed = matches!(event_type.quad(), QuadClass::MaterialCooperation | QuadClass::MaterialConflict);
            let precision: String = row.get(7)?;
            let (Some(lat), Some(lon), true) = (row.get(5)?, row.get(6)?, deed && precise.contains(&precision)) else {
                continue;
            };
            let latest = id_text('e', row.get(2)?);
            let town = found.entry((name, country)).or_insert_with_key(|(name, country)| Town {
                name: name.clone(),
                country: country.clone(),
                lat,
                lon,
                sums: Sums::default(),
                latest,
            });
            town.sums.add(event_type, 1, thousandths);
        }
        located.towns = found.into_values().collect();
        located.towns.sort_by_key(|town| std::cmp::Reverse(town.sums.events()));
        located.towns.truncate(towns);
        Ok(located)
    }
}

//! One actor as the ledger knows it: names, deeds on both sides, counterparts, statements.

use super::Sums;
use super::read;
use super::series::Width;
use crate::days::day_of;
use crate::error::{Error, Result};
use crate::ledger::Ledger;
use crate::query::Query;
use crate::query::select::{literal, matching, numbers, party_of, within, word_key};
use crate::rollup::ANYBODY;
use demarche_core::{ActorSet, Interval, Statement};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Sentences in which what is said is looked for.
const SENTENCES: usize = 2000;

/// Statements of one speaker that are looked up.
const CAME_LAST: usize = 2000;

/// A counterpart.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Partner {
    /// Its code, where it has one.
    pub code: Option<String>,
    /// Its id, where it has one.
    pub id: Option<String>,
    /// Its name, or its words.
    pub name: String,
    /// What the actor does to it.
    pub out: Sums,
    /// What it does to the actor.
    pub received: Sums,
}

/// An utterance with where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    /// The record.
    pub statement: Statement,
    /// The day on which it became known.
    pub day: Date,
    /// The words of its sentence.
    pub words: String,
    /// Who published it.
    pub publisher: Option<String>,
    /// Under which title.
    pub title: Option<String>,
    /// Where.
    pub url: Option<String>,
}

fn by_events(all: BTreeMap<String, Partner>) -> Vec<Partner> {
    let mut all: Vec<Partner> = all.into_values().collect();
    all.sort_by_key(|p| std::cmp::Reverse(p.out.events() + p.received.events()));
    all
}

impl Ledger {
    /// The words by which the texts of some events call the actor, the most frequent first.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn words_for(&self, actor: &ActorSet, events: &[i64], limit: usize) -> Result<Vec<(String, u64)>> {
        let mut rows = self.conn().prepare(&format!(
            "SELECT w.text, count(*) FROM party p JOIN event e ON e.key = p.event JOIN word w ON w.key = p.text
             WHERE p.event IN ({}) AND {} GROUP BY w.text ORDER BY count(*) DESC, w.text LIMIT {limit}",
            numbers(events),
            party_of(actor, "+p.actor", "e.day"),
        ))?;
        let found = rows.query_map([], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?.unsigned_abs())))?;
        Ok(found.collect::<rusqlite::Result<_>>()?)
    }

    /// What the actor does and what is done to it: each event once on each side, what is mutual on both, of times that
    /// are known to the month. The actor is the query's own.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn sides(&self, actor: &ActorSet, query: &Query) -> Result<(Sums, Sums)> {
        let conn = self.conn();
        let types = read::types(conn)?;
        let query = Query { actors: vec![actor.clone()], pair: None, ..query.clone() };
        let sqls = match self.sides_by_sums(&query)? {
            Some(sides) => sides.map(|side| {
                format!("SELECT type, sum(events), sum(thousandths) FROM month_sum WHERE {side} GROUP BY type")
            }),
            None => {
                let conditions = format!("{} AND {}", query.conditions(conn)?, read::fine(conn, Width::Month)?);
                let who = party_of(actor, "+p.actor", "e.day");
                let mutual = "p.role = 0 AND NOT EXISTS (SELECT 1 FROM party r WHERE r.event = e.key AND r.role = 1)
                              AND EXISTS (SELECT 1 FROM party o WHERE o.event = e.key AND o.role = 0 AND o.n <> p.n)";
                ["p.role = 0".to_string(), format!("(p.role = 1 OR ({mutual}))")].map(|side| {
                    format!(
                        "SELECT e.type, count(*), {} FROM event e WHERE {conditions} AND EXISTS
                         (SELECT 1 FROM party p WHERE p.event = e.key AND {side} AND {who}) GROUP BY e.type",
                        read::THOUSANDTHS
                    )
                })
            }
        };
        let mut sides = [Sums::default(), Sums::default()];
        for (sql, sums) in sqls.iter().zip(&mut sides) {
            let mut rows = conn.prepare(sql)?;
            let mut rows = rows.query([])?;
            while let Some(row) = rows.next()? {
                sums.add(read::type_of(&types, row.get(0)?)?, read::count(row.get(1)?), row.get(2)?);
            }
        }
        Ok(sides.into())
    }

    /// Counterparts of one code that have codes of their own, from the monthly sums, those with the most events first;
    /// `None` where the sums cannot answer. `state` says whether a code is one actor's own (a state's) and not a kind of
    /// actors.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn partner_states(
        &self,
        actor: &ActorSet,
        query: &Query,
        state: &dyn Fn(&str) -> bool,
    ) -> Result<Option<Vec<Partner>>> {
        let conn = self.conn();
        let query = Query { actors: vec![actor.clone()], pair: None, ..query.clone() };
        let (Some(code), true) = (query.simple_actor(), query.of_anybody().fits_sums()) else { return Ok(None) };
        let (types, own, common) = (read::types(conn)?, word_key(conn, code)?, self.sum_conditions(&query)?);
        let mut all: BTreeMap<String, Partner> = BTreeMap::new();
        // Every part of the key is named, so that some months cost those months and not the years around them.
        let mut datasets = conn.prepare("SELECT DISTINCT dataset FROM month_sum WHERE source = ?1 AND target = ?1")?;
        let datasets: Vec<i64> = datasets.query_map([ANYBODY], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        let rest = format!("AND m.dataset IN ({}) AND {common} GROUP BY w.text, type", numbers(&datasets));
        let others =
            |list: Vec<i64>| numbers(&list.into_iter().filter(|&code| code > 0 && code != own).collect::<Vec<_>>());
        let sides = [
            (true, format!("m.target WHERE m.source = {own} AND m.target IN ({})", others(self.dyad_targets(own)?))),
            (false, format!("m.source WHERE m.target = {own} AND m.source IN ({})", others(self.dyad_sources()?))),
        ];
        for (out, side) in sides {
            let sql = format!(
                "SELECT w.text, type, sum(events), sum(thousandths) FROM month_sum m JOIN word w ON w.key = {side} {rest}"
            );
            let mut rows = conn.prepare(&sql)?;
            let mut rows = rows.query([])?;
            while let Some(row) = rows.next()? {
                let code: String = row.get(0)?;
                if !state(&code) {
                    continue;
                }
                let partner = all.entry(code.clone()).or_insert_with(|| Partner {
                    name: code.clone(),
                    code: Some(code),
                    ..Partner::default()
                });
                let side = if out { &mut partner.out } else { &mut partner.received };
                side.add(read::type_of(&types, row.get(1)?)?, read::count(row.get(2)?), row.get(3)?);
            }
        }
        Ok(Some(by_events(all)))
    }

    /// Counterparts of the actor in some events, those with the most events first; `state` as above.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn partners(&self, actor: &ActorSet, events: &[i64], state: &dyn Fn(&str) -> bool) -> Result<Vec<Partner>> {
        let types = read::types(self.conn())?;
        // The plus keeps SQLite from looking for each of many actors in turn among the parties of one event.
        let (one, other) = (party_of(actor, "+p.actor", "e.day"), party_of(actor, "+q.actor", "e.day"));
        let mut rows = self.conn().prepare(&format!(
            "SELECT p.role, q.role, a.code, a.id, coalesce(a.name, w.text), e.key, e.type,
             CAST(round(e.intensity * 1000) AS INTEGER)
             FROM event e JOIN party p ON p.event = e.key JOIN party q ON q.event = e.key
             LEFT JOIN actor a ON a.key = q.actor JOIN word w ON w.key = q.text
             WHERE e.key IN ({}) AND p.role < 2 AND q.role < 2 AND (p.role <> q.role OR (p.role = 0 AND p.n <> q.n
             AND NOT EXISTS (SELECT 1 FROM party r WHERE r.event = e.key AND r.role = 1)))
             AND {one} AND NOT coalesce({other}, 0) ORDER BY e.key, p.n, q.n",
            numbers(events)
        ))?;
        let mut rows = rows.query([])?;
        let mut all: BTreeMap<String, Partner> = BTreeMap::new();
        let mut counted = std::collections::BTreeSet::new();
        while let Some(row) = rows.next()? {
            let (role, others): (u8, u8) = (row.get(0)?, row.get(1)?);
            let code: Option<String> = row.get(2)?;
            let id: Option<String> = row.get(3)?;
            let name: String = row.get(4)?;
            let event: i64 = row.get(5)?;
            let own = code.as_deref().is_some_and(state);
            let key = if own { code.clone() } else { id.clone() }.unwrap_or_else(|| name.clone());
            let event_type = read::type_of(&types, row.get(6)?)?;
            let thousandths: i64 = row.get(7)?;
            let partner = all.entry(key.clone()).or_insert_with(|| Partner {
                code: code.filter(|_| own),
                id,
                name,
                ..Partner::default()
            });
            if role == 0 && counted.insert((key.clone(), event, 0)) {
                partner.out.add(event_type, 1, thousandths);
            }
            if (role == 1 || others == 0) && counted.insert((key, event, 1)) {
                partner.received.add(event_type, 1, thousandths);
            }
        }
        Ok(by_events(all))
    }

    /// What the actor said in some days, the latest `limit` in order of time; where no days are asked for, of those
    /// thousands that came in last.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn said(&self, actor: &ActorSet, query: &Query, limit: usize) -> Result<Vec<Said>> {
        let mut bounds = vec![party_of(actor, "t.speaker", "t.known")];
        bounds.extend(within("t.known", &query.days()));
        let always = actor.members.iter().all(|member| member.interval == Interval::ALWAYS);
        if always && query.days() == Interval::ALWAYS && query.known_on.is_none() {
            // Off the index of speakers: not every statement of a great power is looked up for the sake of ten.
            bounds[0] = format!(
                "t.key IN (SELECT key FROM statement WHERE {} ORDER BY key DESC LIMIT {CAME_LAST})",
                party_of(actor, "speaker", "known")
            );
        }
        self.sayings("statement t", bounds, query, limit)
    }

    /// What is said in the latest sentences that have the words of a query, the latest `limit` in order of time.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn said_with(&self, query: &Query, limit: usize) -> Result<Vec<Said>> {
        if query.text.is_empty() {
            return Ok(Vec::new());
        }
        let from = format!(
            "(SELECT rowid AS sentence FROM sentence_words WHERE sentence_words MATCH {} ORDER BY rowid DESC LIMIT {SENTENCES}) m
             CROSS JOIN sentence u ON u.key = m.sentence CROSS JOIN statement t ON t.document = u.document AND t.sentence = u.n",
            literal(&matching(&query.text))
        );
        self.sayings(&from, within("t.known", &query.days()).into_iter().collect(), query, limit)
    }

    fn sayings(&self, from: &str, mut bounds: Vec<String>, query: &Query, limit: usize) -> Result<Vec<Said>> {
        bounds.push(match query.known_on.map(crate::days::day_number) {
            Some(day) => format!("t.known <= {day} AND (t.gone IS NULL OR t.gone > {day})"),
            None => "t.gone_run IS NULL".to_string(),
        });
        let mut rows = self.conn().prepare(&format!(
            "SELECT t.record, t.known, s.text, w.text, d.title, d.url FROM {from}
             JOIN document d ON d.key = t.document LEFT JOIN sentence s ON s.document = t.document AND s.n = t.sentence
             LEFT JOIN word w ON w.key = d.publisher WHERE {} ORDER BY t.known DESC, t.key DESC LIMIT {limit}",
            bounds.join(" AND ")
        ))?;
        let mut rows = rows.query([])?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            let record: String = row.get(0)?;
            let statement = serde_json::from_str(&record).map_err(|e| Error::corrupt(format!("a statement: {e}")))?;
            let Some(day) = day_of(row.get(1)?) else { continue };
            all.push(Said {
                statement,
                day,
                words: row.get::<_, Option<String>>(2)?.unwrap_or_default(),
                publisher: row.get(3)?,
                title: row.get(4)?,
                url: row.get(5)?,
            });
        }
        all.reverse();
        Ok(all)
    }
}

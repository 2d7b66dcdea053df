//! One actor as the ledger knows it: names, deeds on both sides, counterparts, statements.

use super::Sums;
use super::read;
use crate::days::day_of;
use crate::error::{Error, Result};
use crate::ledger::Ledger;
use crate::query::Query;
use crate::query::select::{party_of, within};
use demarche_core::{ActorSet, Statement};
use jiff::civil::Date;
use std::collections::BTreeMap;

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

impl Ledger {
    /// The words by which texts call the actor, the most frequent first.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn words_for(&self, actor: &ActorSet, query: &Query, limit: usize) -> Result<Vec<(String, u64)>> {
        let mut rows = self.conn().prepare(&format!(
            "SELECT w.text, count(*) FROM party p JOIN event e ON e.key = p.event JOIN word w ON w.key = p.text
             WHERE {} AND e.gone_run IS NULL{} GROUP BY w.text ORDER BY count(*) DESC, w.text LIMIT {limit}",
            party_of(actor, "p.actor", "e.day"),
            within("e.day", &query.days()).map_or(String::new(), |days| format!(" AND {days}"))
        ))?;
        let found = rows.query_map([], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?.unsigned_abs())))?;
        Ok(found.collect::<rusqlite::Result<_>>()?)
    }

    /// What the actor does and what is done to it: each event once on each side.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn sides(&self, actor: &ActorSet, query: &Query) -> Result<(Sums, Sums)> {
        let (mut out, mut received) = (Sums::default(), Sums::default());
        let types = read::types(self.conn())?;
        let conditions = query.conditions(self.conn())?;
        let who = party_of(actor, "p.actor", "x.day");
        for (role, sums) in [(0, &mut out), (1, &mut received)] {
            let mut rows = self.conn().prepare(&format!(
                "SELECT e.type, count(*), {} FROM event e WHERE {conditions} AND e.key IN
                 (SELECT p.event FROM party p JOIN event x ON x.key = p.event WHERE p.role = {role} AND {who})
                 GROUP BY e.type",
                read::THOUSANDTHS
            ))?;
            let mut rows = rows.query([])?;
            while let Some(row) = rows.next()? {
                sums.add(read::type_of(&types, row.get(0)?)?, read::count(row.get(1)?), row.get(2)?);
            }
        }
        Ok((out, received))
    }

    /// Counterparts of the actor, those with the most events first. `state` says whether a code is one actor's own
    /// (a state's) and not a kind of actors.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn partners(
        &self,
        actor: &ActorSet,
        query: &Query,
        state: &dyn Fn(&str) -> bool,
        limit: usize,
    ) -> Result<Vec<Partner>> {
        let types = read::types(self.conn())?;
        let conditions = query.conditions(self.conn())?;
        let (one, other) = (party_of(actor, "p.actor", "e.day"), party_of(actor, "q.actor", "e.day"));
        let mut rows = self.conn().prepare(&format!(
            "SELECT p.role, q.role, a.code, a.id, coalesce(a.name, w.text), e.key, e.type,
             CAST(round(e.intensity * 1000) AS INTEGER)
             FROM event e JOIN party p ON p.event = e.key JOIN party q ON q.event = e.key
             LEFT JOIN actor a ON a.key = q.actor JOIN word w ON w.key = q.text
             WHERE {conditions} AND p.role < 2 AND q.role < 2 AND (p.role <> q.role OR (p.role = 0 AND p.n <> q.n
             AND NOT EXISTS (SELECT 1 FROM party r WHERE r.event = e.key AND r.role = 1)))
             AND {one} AND NOT coalesce({other}, 0) ORDER BY e.key, p.n, q.n"
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
        let mut all: Vec<Partner> = all.into_values().collect();
        all.sort_by_key(|p| std::cmp::Reverse(p.out.events() + p.received.events()));
        all.truncate(limit);
        Ok(all)
    }

    /// What the actor said in some days, the latest `limit` in order of time.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn said(&self, actor: &ActorSet, query: &Query, limit: usize) -> Result<Vec<Said>> {
        let mut bounds = vec![party_of(actor, "t.speaker", "t.known")];
        bounds.extend(within("t.known", &query.days()));
        bounds.push(match query.known_on.map(crate::days::day_number) {
            Some(day) => format!("t.known <= {day} AND (t.gone IS NULL OR t.gone > {day})"),
            None => "t.gone_run IS NULL".to_string(),
        });
        let mut rows = self.conn().prepare(&format!(
            "SELECT t.record, t.known, s.text, w.text, d.title, d.url FROM statement t
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

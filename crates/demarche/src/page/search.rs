//! What is found for a query: events, their facets, and those who bear the name that was asked for.

use super::EventRow;
use super::actor::{Saying, saying};
use crate::ask::Names;
use anyhow::Result;
use demarche_knowledge::NameKind;
use demarche_store::collect::facet::Facets;
use demarche_store::{Cursor, Ledger, Query, Stored};
use serde::Serialize;
use std::collections::BTreeMap;

/// What is found.
#[derive(Debug, Clone)]
pub struct SearchPage {
    /// What was asked, as the language of queries writes it.
    pub query: Query,
    /// Those who bear the name.
    pub actors: Vec<Bearer>,
    /// What is said in sentences that have the words.
    pub sayings: Vec<Saying>,
    /// Events, the latest first.
    pub events: Vec<Stored>,
    /// Where they go on.
    pub next: Option<Cursor>,
    /// How many events the facets are counted over: the latest.
    pub sample: usize,
    /// Whether there are more.
    pub more: bool,
    /// Of words that very many sentences have: how many of them were looked at.
    pub reach: Option<usize>,
    /// What they have in common.
    pub facets: Facets,
}

/// One who bears a name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Bearer {
    /// Code, id or name: what leads to its page.
    pub to: String,
    /// The usual name.
    pub name: String,
    /// `state`, `person`, …, or the office under which the ledger has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is: Option<String>,
}

/// Events over which facets are counted.
pub const SAMPLE: usize = 2000;
/// Bearers of a name, and statements, that are shown.
const SHOWN: usize = 8;

impl SearchPage {
    /// Of a query.
    pub fn of(
        ledger: &Ledger,
        names: &Names<'_>,
        query: Query,
        limit: usize,
        before: Option<Cursor>,
    ) -> Result<SearchPage> {
        let (keys, further) = ledger.found_before(&query, SAMPLE, None)?;
        let (page, next) = match before {
            // The first page is the end of what was counted.
            None if keys.len() <= limit => (keys.clone(), further),
            None => (keys[..limit].to_vec(), Some(ledger.cursor_of(keys[limit - 1])?)),
            Some(_) => ledger.found_before(&query, limit, before)?,
        };
        let words: Vec<&str> = query.text.iter().map(|term| term.words.as_str()).collect();
        let actors = if words.is_empty() { Vec::new() } else { bearers(ledger, names, &query, &words.join(" "))? };
        let sayings = ledger.said_with(&query, SHOWN)?.into_iter().rev().map(saying).collect();
        Ok(SearchPage {
            actors,
            sayings,
            events: ledger.stored(&page)?,
            next,
            sample: keys.len(),
            more: further.is_some(),
            reach: ledger.words_beyond_reach(&query)?,
            facets: ledger.facets(&keys)?,
            query,
        })
    }

    /// For programs.
    pub fn json(&self) -> serde_json::Value {
        let counts = |list: &[(String, u64)]| -> serde_json::Value {
            list.iter().map(|(value, n)| serde_json::json!({ "value": value, "events": n })).collect()
        };
        let facets = &self.facets;
        let numbers = |list: Vec<(String, u64)>| counts(&list);
        serde_json::json!({
            "query": self.query.to_string(), "actors": self.actors, "statements": self.sayings,
            "facets": {
                "of_latest": self.sample, "more": self.more, "sentences_looked_at": self.reach,
                "type": counts(&facets.types),
                "class": numbers(facets.classes.iter().map(|(class, n)| (class.to_string(), *n)).collect()),
                "factuality": numbers(facets.standings.iter().map(|((p, m), n)| (format!("{p} {m}"), *n)).collect()),
                "publisher": counts(&facets.publishers), "country": counts(&facets.countries),
                "year": numbers(facets.years.iter().map(|(year, n)| (year.to_string(), *n)).collect()),
            },
            "events": self.events.iter().map(EventRow::of).collect::<Vec<_>>(),
        })
    }
}

/// Those who bear a name, by the tables and by the ledger: whole names before parts of names.
fn bearers(ledger: &Ledger, names: &Names<'_>, query: &Query, words: &str) -> Result<Vec<Bearer>> {
    let mut ranked: BTreeMap<String, (usize, Bearer)> = BTreeMap::new();
    let mut add = |rank: usize, bearer: Bearer| {
        let known = ranked.entry(bearer.to.clone()).or_insert((rank, bearer.clone()));
        if rank < known.0 {
            *known = (rank, bearer);
        }
    };
    let knowledge = names.knowledge();
    let of_tables = |id: &str| Bearer {
        to: id.to_string(),
        name: names.name_of(id),
        is: knowledge.actor(id).map(|actor| actor.kind.as_str().to_string()),
    };
    if let Some(id) = names.id(words) {
        add(0, of_tables(&id));
    }
    let wanted = words.to_lowercase();
    for name in knowledge.names() {
        if matches!(name.kind, NameKind::Adjective | NameKind::Demonym | NameKind::Seat | NameKind::Capital)
            || name.text.len() < wanted.len()
        {
            continue;
        }
        let text = name.text.to_lowercase();
        let whole = |at: usize| {
            let end = at + wanted.len();
            !text[..at].ends_with(char::is_alphanumeric) && !text[end..].starts_with(char::is_alphanumeric)
        };
        if text == wanted {
            add(1, of_tables(name.actor.as_str()));
        } else if text.match_indices(&wanted).any(|(at, _)| whole(at)) {
            add(3, of_tables(name.actor.as_str()));
        }
    }
    for (to, name, office) in ledger.parties_named(query, SHOWN)? {
        let known = knowledge.actor(&to).map(|actor| actor.kind.as_str().to_string());
        add(2, Bearer { to, name, is: known.or(office) });
    }
    let mut all: Vec<(usize, Bearer)> = ranked.into_values().collect();
    all.sort_by(|a, b| (a.0, a.1.name.len(), &a.1).cmp(&(b.0, b.1.name.len(), &b.1)));
    all.truncate(SHOWN);
    Ok(all.into_iter().map(|(_, bearer)| bearer).collect())
}

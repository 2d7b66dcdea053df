//! One actor: what the tables know of it and what the ledger has seen of it.

use crate::ask::{Names, Reference};
use anyhow::Result;
use demarche_core::{ActorSet, EventType, Interval};
use demarche_store::collect::Sums;
use demarche_store::{Ledger, Query};
use jiff::civil::Date;
use serde::Serialize;
use std::collections::BTreeMap;

/// An actor.
#[derive(Debug, Clone, Serialize)]
pub struct ActorPage {
    kind: &'static str,
    /// The id, where the tables have it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The usual name.
    pub name: String,
    /// `state`, `group`, `person`, …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is: Option<&'static str>,
    /// By which words the texts of the ledger call it, with how often.
    pub called: Vec<(String, u64)>,
    /// Offices: its own as a person, or who holds those of a state or group, on the last day.
    pub offices: Vec<String>,
    /// Groups to which it belongs on the last day.
    pub memberships: Vec<String>,
    /// What stands between it and others, by the tables.
    pub ties: Vec<Reference>,
    /// The first and last day of its events.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first: Option<Date>,
    /// The last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<Date>,
    /// What it does, by type.
    pub does: BTreeMap<&'static str, u32>,
    /// What is done to it, by type.
    pub receives: BTreeMap<&'static str, u32>,
    /// Counterparts, those with the most events first.
    pub partners: Vec<PartnerRow>,
    /// What it says, the latest last.
    pub statements: Vec<Saying>,
}

/// A counterpart.
#[derive(Debug, Clone, Serialize)]
pub struct PartnerRow {
    /// Its name.
    pub name: String,
    /// Its code or id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Events toward it.
    pub out: u32,
    /// Events from it.
    pub received: u32,
    /// Cooperation, both ways.
    pub cooperation: u32,
    /// Conflict, both ways.
    pub conflict: u32,
}

/// Something said.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Saying {
    /// The day.
    pub day: Date,
    /// Who, by name and office where they are known.
    pub speaker: String,
    /// What is said, as the text has it.
    pub said: String,
    /// Whether these are the speaker's own words.
    pub quoted: bool,
    /// The sentence.
    pub words: String,
    /// Who published it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub publisher: Option<String>,
    /// Where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The document.
    pub document: String,
}

/// What an actor said.
pub fn sayings(ledger: &Ledger, actor: &ActorSet, query: &Query, limit: usize) -> Result<Vec<Saying>> {
    let said = ledger.said(actor, query, limit)?;
    Ok(said
        .into_iter()
        .map(|said| {
            let statement = said.statement;
            let speaker = statement.speaker.as_ref().map_or_else(String::new, |who| {
                let name = who.name.clone().unwrap_or_else(|| who.text.clone());
                // A person is known by the office, a state's spokespeople by the words.
                match &who.office {
                    Some(office) => format!("{name} ({office})"),
                    None if who.text == name || name.contains(&who.text) => name,
                    None => format!("{name} (“{}”)", who.text),
                }
            });
            Saying {
                day: said.day,
                speaker,
                said: statement.content.text.clone(),
                quoted: statement.quoted,
                words: said.words,
                publisher: said.publisher,
                url: said.url,
                document: statement.document.to_string(),
            }
        })
        .collect())
}

fn by_type(sums: &Sums) -> BTreeMap<&'static str, u32> {
    EventType::ALL.iter().map(|&t| (t.as_str(), sums.of(t))).filter(|(_, n)| *n > 0).collect()
}

impl ActorPage {
    /// Of an actor in the days of a query, at most `limit` rows of each list.
    pub fn of(ledger: &Ledger, names: &Names<'_>, actor: &ActorSet, query: &Query, limit: usize) -> Result<ActorPage> {
        let knowledge = names.knowledge();
        let about = Query { actors: vec![actor.clone()], pair: None, ..query.clone() };
        let span = ledger.span(&about)?;
        let id = names.id(&actor.name);
        let on = query.until.and_then(|day| day.yesterday().ok()).or(span.map(|(_, last)| last));
        let (mut offices, mut memberships, mut ties) = (Vec::new(), Vec::new(), Vec::new());
        if let (Some(id), Some(on)) = (&id, on) {
            let own = knowledge.offices_of(id, on).into_iter();
            offices.extend(own.map(|(office, _)| format!("{} of {}", office.title, names.name_of(&office.owner))));
            let holders = knowledge.holders(id, on).into_iter();
            offices
                .extend(holders.map(|(office, tenure)| format!("{}: {}", office.title, names.name_of(&tenure.person))));
            let groups = knowledge.memberships_of(id, on).into_iter();
            memberships.extend(groups.map(|row| match row.status {
                demarche_knowledge::Status::Member => names.name_of(&row.group),
                status => format!("{} ({})", names.name_of(&row.group), status.as_str()),
            }));
            ties = names.reference(id, None, Interval::day(on));
        }
        let (does, receives) = ledger.sides(actor, query)?;
        let states = names.states();
        let partners = ledger.partners(actor, query, &|code| states.contains_key(code), limit)?;
        Ok(ActorPage {
            kind: "actor",
            name: id.as_deref().map_or_else(|| actor.name.clone(), |id| names.name_of(id)),
            is: id.as_deref().and_then(|id| Some(knowledge.actor(id)?.kind.as_str())),
            id,
            called: ledger.words_for(actor, query, limit)?,
            offices,
            memberships,
            ties,
            first: span.map(|(first, _)| first),
            last: span.map(|(_, last)| last),
            does: by_type(&does),
            receives: by_type(&receives),
            partners: partners
                .into_iter()
                .map(|p| PartnerRow {
                    name: p.code.as_ref().and_then(|code| states.get(code).cloned()).unwrap_or(p.name),
                    id: p.code.or(p.id),
                    out: p.out.events(),
                    received: p.received.events(),
                    cooperation: p.out.cooperation() + p.received.cooperation(),
                    conflict: p.out.conflict() + p.received.conflict(),
                })
                .collect(),
            statements: sayings(ledger, actor, query, limit)?,
        })
    }
}

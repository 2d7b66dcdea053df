//! One actor: what the tables know of it and what the ledger has seen of it.

use super::dyad::trimmed;
use crate::ask::{Names, Reference};
use anyhow::Result;
use demarche_core::{ActorSet, Designation, EventType, Interval};
use demarche_knowledge::{ActorKind, NameKind, RowRef, Status, TieKind};
use demarche_store::collect::Sums;
use demarche_store::collect::actor::{Partner, Said};
use demarche_store::collect::series::{Bin, Width};
use demarche_store::{Ledger, Query};
use jiff::ToSpan;
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
    /// The codes and numbers by which data sets know it.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub ids: BTreeMap<&'static str, String>,
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
    /// The same as sums.
    #[serde(skip)]
    pub sides: [Sums; 2],
    /// Counterparts, those with the most events first: of one code the states, counted over all its events.
    pub partners: Vec<PartnerRow>,
    /// Of one code the counterparts that are no states.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<PartnerRow>,
    /// Over how many of its latest events `called`, `others` and, of what is more than one code, `partners` are counted;
    /// absent where over all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sampled: Option<usize>,
    /// Whether `partners` too are counted over these alone.
    #[serde(skip)]
    pub partners_sampled: bool,
    /// The day from which `partners` are counted, where no day was asked for and the whole past would take long.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partners_from: Option<Date>,
    /// What it says, the latest last.
    pub statements: Vec<Saying>,
    /// Every event of it by month.
    #[serde(skip)]
    pub series: Vec<Bin>,
    /// Its names by the tables.
    #[serde(skip)]
    pub names: Vec<Alias>,
    /// What the tables say of it, dated: offices, memberships, ties.
    #[serde(skip)]
    pub facts: Vec<Fact>,
}

/// A name of an actor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Alias {
    /// As texts have it.
    pub name: String,
    /// `name`, `acronym`, `adjective`, …
    pub kind: String,
    /// When it is so called.
    #[serde(flatten)]
    pub interval: Interval,
    /// Where it stands.
    pub row: String,
}

/// Something that the tables say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// `office`, `membership`, or the kind of a tie.
    pub kind: String,
    /// What: the office, the group, the pact.
    pub what: String,
    /// Who besides: the holder, the state of the office, the member, the parties.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub who: String,
    /// Whose page tells more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Its days.
    #[serde(flatten)]
    pub interval: Interval,
    /// Whence the tables have it.
    pub source: String,
    /// The row: `actors/tenures.tsv:12`.
    pub row: String,
    /// Of offices, heads of state first.
    #[serde(skip)]
    pub rank: usize,
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
    /// The four quad classes, both ways.
    #[serde(skip)]
    pub classes: [u32; 4],
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

/// A statement of the ledger as it is shown.
pub fn saying(said: Said) -> Saying {
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
}

/// What an actor said.
pub fn sayings(ledger: &Ledger, actor: &ActorSet, query: &Query, limit: usize) -> Result<Vec<Saying>> {
    Ok(ledger.said(actor, query, limit)?.into_iter().map(saying).collect())
}

/// A group itself, with those who lead it: what its members do is asked for by queries (`actor:NATO`).
pub fn itself(actor: ActorSet) -> ActorSet {
    let own = |set: &ActorSet| set.members.iter().filter(|m| m.who.code().is_none()).cloned().collect::<Vec<_>>();
    let led = actor.members.iter().any(|m| matches!(m.who, Designation::Id(_)));
    if led { ActorSet { members: own(&actor), name: actor.name } } else { actor }
}

fn by_type(sums: &Sums) -> BTreeMap<&'static str, u32> {
    EventType::ALL.iter().map(|&t| (t.as_str(), sums.of(t))).filter(|(_, n)| *n > 0).collect()
}

/// The latest events over which is counted what no sums are kept of.
const SAMPLE: usize = 2000;

impl ActorPage {
    /// Of an actor in the days of a query, at most `limit` rows of each list; where `recent`, with the partners of the
    /// latest year unless a first day is asked for.
    pub fn of(
        ledger: &Ledger,
        names: &Names<'_>,
        actor: &ActorSet,
        query: &Query,
        limit: usize,
        recent: bool,
    ) -> Result<ActorPage> {
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
                Status::Member => names.name_of(&row.group),
                status => format!("{} ({})", names.name_of(&row.group), status.as_str()),
            }));
            ties = names.reference(id, None, Interval::day(on));
        }
        let (does, receives) = ledger.sides(actor, query)?;
        let states = names.states();
        let state = |code: &str| states.contains_key(code);
        let mut latest = ledger.keys(&about, Some(SAMPLE + 1))?;
        let sampled = (latest.len() > SAMPLE).then_some(SAMPLE);
        latest.drain(..latest.len().saturating_sub(SAMPLE));
        let row = |p: Partner| PartnerRow {
            name: p.code.as_ref().and_then(|code| states.get(code).cloned()).unwrap_or(p.name),
            id: p.code.or(p.id),
            out: p.out.events(),
            received: p.received.events(),
            cooperation: p.out.cooperation() + p.received.cooperation(),
            conflict: p.out.conflict() + p.received.conflict(),
            classes: std::array::from_fn(|class| p.out.classes()[class] + p.received.classes()[class]),
        };
        let rows = |list: Vec<Partner>| -> Vec<PartnerRow> { list.into_iter().take(limit).map(row).collect() };
        let of_latest = ledger.partners(actor, &latest, &state)?;
        let end = query.until.or_else(|| {
            // What is promised "by 2035" is not the latest.
            let read = ledger.read_span().ok().flatten();
            read.or(span).and_then(|(_, last)| last.tomorrow().ok())
        });
        let year = end.and_then(|end| end.yesterday().ok()?.first_of_month().checked_sub(11.months()).ok());
        let early = span.zip(year).is_some_and(|((first, _), year)| first < year);
        let partners_from = year.filter(|_| recent && early && query.from.is_none());
        let among = Query { from: query.from.or(partners_from), ..query.clone() };
        let by_sums = ledger.partner_states(actor, &among, &state)?;
        let partners_sampled = by_sums.is_none() && sampled.is_some();
        let partners_from = partners_from.filter(|_| by_sums.is_some());
        let (partners, others) = match by_sums {
            Some(partners) => (rows(partners), rows(of_latest.into_iter().filter(|p| p.code.is_none()).collect())),
            None => (rows(of_latest), Vec::new()),
        };
        Ok(ActorPage {
            kind: "actor",
            name: id.as_deref().map_or_else(|| actor.name.clone(), |id| names.name_of(id)),
            is: id.as_deref().and_then(|id| Some(knowledge.actor(id)?.kind.as_str())),
            ids: id.as_deref().map_or_else(BTreeMap::new, |id| ids(names, id)),
            called: ledger.words_for(actor, &latest, limit)?,
            offices,
            memberships,
            ties,
            first: span.map(|(first, _)| first),
            last: span.map(|(_, last)| last),
            does: by_type(&does),
            receives: by_type(&receives),
            sides: [does, receives],
            partners,
            others,
            sampled,
            partners_from,
            partners_sampled,
            statements: sayings(ledger, actor, query, limit)?,
            series: trimmed(ledger.series(&about, Width::Month)?, query),
            names: id.as_deref().map_or_else(Vec::new, |id| aliases(names, id)),
            facts: id.as_deref().map_or_else(Vec::new, |id| facts(names, id)),
            id,
        })
    }
}

/// The codes and numbers of an actor.
fn ids(names: &Names<'_>, id: &str) -> BTreeMap<&'static str, String> {
    let knowledge = names.knowledge();
    let mut all = BTreeMap::new();
    let mut put = |scheme, value: Option<String>| value.and_then(|value| all.insert(scheme, value));
    put("demarche", Some(id.to_string()));
    if let Some(state) = knowledge.state(id) {
        put("ISO 3166 alpha-2", state.iso2.clone());
        put("COW", state.cow.map(|n| n.to_string()));
        put("Gleditsch and Ward", state.gw.map(|n| n.to_string()));
        put("FIPS 10-4", state.fips.clone());
        put("Wikidata", state.wikidata.clone());
    }
    if let Some(actor) = knowledge.actor(id) {
        let state = actor.kind == ActorKind::State;
        put(if state { "ISO 3166 alpha-3" } else { "PLOVER" }, actor.code.clone());
        put("sector", actor.sector.map(|sector| sector.to_string()));
    }
    all
}

fn aliases(names: &Names<'_>, id: &str) -> Vec<Alias> {
    let kind = |kind: NameKind| super::event::word(&kind);
    let mut all: Vec<Alias> = names
        .knowledge()
        .names_of(id)
        .map(|name| Alias {
            name: name.text.clone(),
            kind: kind(name.kind),
            interval: name.interval,
            row: name.row.to_string(),
        })
        .collect();
    all.sort_by(|a, b| (&a.name, &a.kind, a.interval).cmp(&(&b.name, &b.kind, b.interval)));
    all.dedup();
    all
}

/// What the tables say of an actor, by kind and date.
fn facts(names: &Names<'_>, id: &str) -> Vec<Fact> {
    let knowledge = names.knowledge();
    let mut all = Vec::new();
    let mut add = |(kind, rank): (&str, usize),
                   what: String,
                   (who, to): (String, Option<&str>),
                   interval,
                   source: &str,
                   row: RowRef| {
        let to = to.map(str::to_string);
        let (kind, source) = (kind.to_string(), source.to_string());
        all.push(Fact { kind, what, who, to, interval, source, row: row.to_string(), rank });
    };
    for (office, tenure) in knowledge.tenures_of(id) {
        let owner = (names.name_of(&office.owner), Some(office.owner.as_str()));
        add(("office", office.kind as usize), office.title.clone(), owner, tenure.interval, &tenure.source, tenure.row);
    }
    for office in knowledge.offices(id) {
        for tenure in knowledge.tenures(&office.id) {
            let holder = (names.name_of(&tenure.person), Some(tenure.person.as_str()));
            add(
                ("office", office.kind as usize),
                office.title.clone(),
                holder,
                tenure.interval,
                &tenure.source,
                tenure.row,
            );
        }
    }
    let status = |name: String, status: Status| match status {
        Status::Member => name,
        status => format!("{name} ({})", status.as_str()),
    };
    for group in &knowledge.tables().groups {
        for row in knowledge.membership(&group.id, id) {
            let what = status(group.name.clone(), row.status);
            add(("membership", 0), what, (String::new(), Some(&row.group)), row.interval, &row.source, row.row);
        }
    }
    for row in knowledge.memberships(id) {
        let what = status(names.name_of(&row.member), row.status);
        add(("member", 0), what, (String::new(), Some(&row.member)), row.interval, &row.source, row.row);
    }
    for tie in knowledge.ties_of(id).filter(|tie| tie.kind != TieKind::Succession) {
        let others = tie.others(id);
        let with = others.iter().map(|id| names.name_of(id)).collect::<Vec<_>>().join(", ");
        let to = if let [one] = others.as_slice() { Some(*one) } else { None };
        add((tie.kind.as_str(), 0), tie.name.clone(), (with, to), tie.interval, &tie.source, tie.row);
    }
    let kind = |fact: &Fact| ["office", "membership", "member"].iter().position(|kind| fact.kind == *kind).unwrap_or(3);
    all.sort_by(|a, b| {
        (kind(a), &a.kind, a.rank, a.interval.from, &a.what, &a.who).cmp(&(
            kind(b),
            &b.kind,
            b.rank,
            b.interval.from,
            &b.what,
            &b.who,
        ))
    });
    all
}

//! Whom a name in a query stands for, and what the tables say stands between two: the ledger knows neither.

use demarche_core::{ActorSet, Designation, Interval, Member};
use demarche_knowledge::{ActorKind, Knowledge, NameKind, Status, TieKind};
use demarche_store::Ledger;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// Names, resolved by the tables and, for other people's data, by the ledger's own parties.
pub struct Names<'k> {
    knowledge: &'k Knowledge,
    ledger: &'k Ledger,
}

/// Something that the tables say stands between two.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Reference {
    /// `defence-pact`, `war`, …; `membership` for a group to which both belong.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Since when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// Until when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// With whom, where one actor alone is asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub with: Vec<String>,
    /// Where the fact comes from.
    pub source: String,
    /// How many have belonged to the group, where it is one: the fewer, the more it says.
    #[serde(skip)]
    pub members: usize,
}

impl<'k> Names<'k> {
    /// Over these tables and this ledger.
    pub fn new(knowledge: &'k Knowledge, ledger: &'k Ledger) -> Names<'k> {
        Names { knowledge, ledger }
    }

    /// The tables.
    pub fn knowledge(&self) -> &'k Knowledge {
        self.knowledge
    }

    /// Whom a name stands for: a state with all who belong to it; a group with its members, each for the days of its
    /// membership, and those who led it; one person, body or movement; or a party by the name under which the ledger
    /// has it.
    pub fn set(&self, name: &str) -> Option<ActorSet> {
        if let Some(id) = self.id(name) {
            return Some(ActorSet { name: name.to_string(), members: self.members(&id)? });
        }
        let code = name.len() == 3 && name.bytes().all(|b| b.is_ascii_uppercase());
        if code && self.knowledge.actors().iter().any(|actor| actor.code.as_deref() == Some(name)) {
            return Some(ActorSet::one(name, Designation::Code(name.to_string())));
        }
        let known = self.ledger.has_party(name).unwrap_or(false);
        known.then(|| ActorSet::one(name, Designation::Name(name.to_string())))
    }

    /// The id of an actor: given itself, or by a name that only one bears; a state goes before all others.
    pub fn id(&self, name: &str) -> Option<String> {
        if self.knowledge.actor(name).is_some() {
            return Some(name.to_string());
        }
        let bearers: BTreeSet<&str> = self
            .knowledge
            .names_at(name, 0)
            .into_iter()
            .filter(|(end, _)| *end == name.len())
            .flat_map(|(_, names)| names)
            .filter(|name| !matches!(name.kind, NameKind::Adjective | NameKind::Demonym | NameKind::Seat))
            .map(|name| name.actor.as_str())
            .collect();
        let kind = |id: &str| self.knowledge.actor(id).map(|actor| actor.kind);
        let state = bearers.iter().find(|id| kind(id) == Some(ActorKind::State));
        let only = if bearers.len() == 1 { bearers.first() } else { None };
        state.or(only).map(|id| (*id).to_string())
    }

    fn members(&self, id: &str) -> Option<Vec<Member>> {
        let always = |who| Member { who, interval: Interval::ALWAYS };
        let actor = self.knowledge.actor(id)?;
        if actor.kind == ActorKind::State {
            return Some(vec![always(Designation::Code(id.to_string()))]);
        }
        let mut members = vec![always(Designation::Id(id.to_string()))];
        if actor.kind == ActorKind::Person {
            return Some(members);
        }
        for office in self.knowledge.offices(id) {
            for tenure in self.knowledge.tenures(&office.id) {
                members.push(Member { who: Designation::Id(tenure.person.clone()), interval: tenure.interval });
            }
        }
        for row in self.knowledge.memberships(id).iter().filter(|row| row.status == Status::Member) {
            let state = self.knowledge.state(&row.member).is_some();
            let who = if state { Designation::Code } else { Designation::Id };
            members.push(Member { who: who(row.member.clone()), interval: row.interval });
        }
        Some(members)
    }

    /// How an actor is called.
    pub fn name_of(&self, id: &str) -> String {
        self.knowledge.actor(id).map_or_else(|| id.to_string(), |actor| actor.name.clone())
    }

    /// The states by id, and the two organisations that codes tell, as networks name them.
    pub fn states(&self) -> BTreeMap<String, String> {
        let states = self.knowledge.tables().states.iter().map(|state| (state.id.clone(), state.name.clone()));
        let own = [("UNO", "UN"), ("EUR", "EU")].map(|(code, id)| (code.to_string(), self.name_of(id)));
        states.chain(own).collect()
    }

    /// Every way in which an actor is named or spoken of.
    pub fn words_for(&self, id: &str) -> Vec<String> {
        let mut words: Vec<String> = self.knowledge.names_of(id).map(|name| name.text.clone()).collect();
        words.sort();
        words.dedup();
        words
    }

    /// What the tables say of two in some days: pacts, wars, disputes, and groups in common; or of one and anybody.
    pub fn reference(&self, one: &str, other: Option<&str>, during: Interval) -> Vec<Reference> {
        let mut all = Vec::new();
        for tie in self.knowledge.ties_of(one).filter(|tie| tie.interval.overlaps(&during)) {
            let across = other.is_none_or(|other| self.between(tie, one, other));
            // What took the place of what is history, not a tie.
            if across && tie.kind != TieKind::Succession {
                let with = if other.is_some() { Vec::new() } else { tie.others(one) };
                all.push(Reference {
                    kind: tie.kind.as_str().to_string(),
                    name: tie.name.clone(),
                    from: tie.interval.from,
                    until: tie.interval.until,
                    with: with.into_iter().map(|id| self.name_of(id)).collect(),
                    source: tie.source.clone(),
                    members: 0,
                });
            }
        }
        if let Some(other) = other {
            all.extend(self.groups_in_common(one, other, during));
        }
        all.sort_by(|a, b| (&a.kind, a.from, &a.name).cmp(&(&b.kind, b.from, &b.name)));
        all
    }

    /// Whether a tie stands between two, a group among its parties standing for its members.
    fn between(&self, tie: &demarche_knowledge::Tie, one: &str, other: &str) -> bool {
        if tie.between(one, other) {
            return true;
        }
        let belongs = |group: &str| {
            let rows = self.knowledge.membership(group, other);
            rows.iter().any(|row| row.status == Status::Member && row.interval.overlaps(&tie.interval))
        };
        tie.others(one).into_iter().any(|party| self.knowledge.group(party).is_some() && belongs(party))
    }

    fn groups_in_common(&self, one: &str, other: &str, during: Interval) -> Vec<Reference> {
        let mut all = Vec::new();
        for group in &self.knowledge.tables().groups {
            let rows = |member: &str| -> Vec<Interval> {
                let rows = self.knowledge.membership(&group.id, member);
                rows.into_iter().filter(|row| row.status == Status::Member).map(|row| row.interval).collect()
            };
            let (ours, theirs) = (rows(one), rows(other));
            let both = ours.iter().flat_map(|a| theirs.iter().filter_map(|b| a.intersect(b)));
            if let Some(both) = both.filter(|both| both.overlaps(&during)).max_by_key(|both| both.from) {
                all.push(Reference {
                    kind: "membership".to_string(),
                    name: group.name.clone(),
                    from: both.from,
                    until: both.until,
                    with: Vec::new(),
                    source: group.source.clone(),
                    members: self.knowledge.memberships(&group.id).len(),
                });
            }
        }
        all
    }
}

//! The plain rows of a data folder, before anything is looked up in them.
//!
//! They stay plain so that a folder of a person's own can be laid over the built-in ones at any time.

use crate::change::{NOWHERE, RowChange, compare};
use crate::{
    Agent, AgentModifier, Body, BorderRow, Codebook, Group, Lexicon, Membership, NameRow, NonState, Occasion, Office,
    Pattern, Person, PlaceRow, Publisher, RowRef, State, Tenure, Tie,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Every row of a data folder; a file that is absent gives no rows.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Tables {
    pub states: Vec<State>,
    pub names: Vec<NameRow>,
    pub groups: Vec<Group>,
    pub memberships: Vec<Membership>,
    pub bodies: Vec<Body>,
    pub nonstate: Vec<NonState>,
    pub persons: Vec<Person>,
    pub offices: Vec<Office>,
    pub tenures: Vec<Tenure>,
    pub agents: Vec<Agent>,
    pub agent_modifiers: Vec<AgentModifier>,
    pub occasions: Vec<Occasion>,
    pub ties: Vec<Tie>,
    pub places: Vec<PlaceRow>,
    pub borders: Vec<BorderRow>,
    pub publishers: Vec<Publisher>,
    pub patterns: Vec<Pattern>,
    pub relations: Vec<Pattern>,
    pub codebook: Codebook,
    pub lexicon: Lexicon,
}

/// What laying one table over another needs to know of its rows.
trait Row {
    /// Rows of the base with the key of a row of the overlay give way to it.
    fn key(&self) -> String;
    fn row(&mut self) -> &mut RowRef;
    fn place(&self) -> RowRef;
    /// The ids and words by which a record can name what the row is about.
    fn words(&self) -> Vec<String>;
}

macro_rules! rows {
    ($($kind:ty: |$row:ident| $key:expr $(, $word:expr)*;)+) => {$(
        impl Row for $kind {
            fn key(&self) -> String {
                let $row = self;
                $key
            }
            fn row(&mut self) -> &mut RowRef {
                &mut self.row
            }
            fn place(&self) -> RowRef {
                self.row
            }
            fn words(&self) -> Vec<String> {
                let $row = self;
                let mut words: Vec<String> = $key.split('\t').map(str::to_owned).collect();
                words.extend([$($word.clone()),*] as [String; 0 $(+ { let _ = stringify!($word); 1 })*]);
                words
            }
        }
    )+};
}

rows! {
    State: |r| r.id.clone(), r.name;
    NameRow: |r| r.name.clone(), r.actor;
    Group: |r| r.id.clone(), r.name;
    Membership: |r| format!("{}\t{}", r.group, r.member);
    Body: |r| r.id.clone(), r.name;
    NonState: |r| r.id.clone(), r.name;
    Person: |r| r.id.clone(), r.name;
    Office: |r| r.id.clone(), r.title;
    Tenure: |r| format!("{}\t{}", r.person, r.office);
    Agent: |r| r.noun.clone();
    AgentModifier: |r| r.modifier.clone();
    Occasion: |r| r.name.clone(), r.id;
    Tie: |r| r.id.clone();
    PlaceRow: |r| format!("{}\t{}", r.name, r.country.as_deref().unwrap_or_default());
    BorderRow: |r| r.state.clone();
    Publisher: |r| r.name.clone();
    Pattern: |r| r.id.clone();
    crate::codebook::TypeEntry: |r| r.event_type.to_string();
    crate::codebook::ModeEntry: |r| format!("{}\t{}", r.event_type, r.mode);
    crate::codebook::ContextEntry: |r| r.context.to_string();
    crate::codebook::CameoEntry: |r| r.code.clone();
    crate::codebook::CrosswalkEntry: |r| format!("{}\t{}", r.scheme.as_str(), r.theirs), r.ours;
}

fn lay<R: Row>(base: &mut Vec<R>, mut over: Vec<R>) {
    let keys: BTreeSet<String> = over.iter().map(Row::key).collect();
    base.retain(|row| !keys.contains(&row.key()));
    for row in &mut over {
        row.row().overlay = true;
    }
    base.append(&mut over);
}

impl Tables {
    /// These tables with others laid over them: a row of `over` takes the place of every row with its key.
    ///
    /// The key is the id where there is one; for names, agents, occasions and publishers the words; for
    /// memberships and tenures the pair, so that a folder which has one row of a pair speaks for the whole pair;
    /// for places the name and the country; for borders the state; for lists of words the list's key.
    pub fn overlaid(mut self, over: Tables) -> Tables {
        lay(&mut self.states, over.states);
        lay(&mut self.names, over.names);
        lay(&mut self.groups, over.groups);
        lay(&mut self.memberships, over.memberships);
        lay(&mut self.bodies, over.bodies);
        lay(&mut self.nonstate, over.nonstate);
        lay(&mut self.persons, over.persons);
        lay(&mut self.offices, over.offices);
        lay(&mut self.tenures, over.tenures);
        lay(&mut self.agents, over.agents);
        lay(&mut self.agent_modifiers, over.agent_modifiers);
        lay(&mut self.occasions, over.occasions);
        lay(&mut self.ties, over.ties);
        lay(&mut self.places, over.places);
        lay(&mut self.borders, over.borders);
        lay(&mut self.publishers, over.publishers);
        lay(&mut self.patterns, over.patterns);
        lay(&mut self.relations, over.relations);
        lay(&mut self.codebook.types, over.codebook.types);
        lay(&mut self.codebook.modes, over.codebook.modes);
        lay(&mut self.codebook.contexts, over.codebook.contexts);
        lay(&mut self.codebook.cameo, over.codebook.cameo);
        lay(&mut self.codebook.crosswalk, over.codebook.crosswalk);
        for (lemma, mut verb) in over.lexicon.speech {
            verb.row.overlay = true;
            self.lexicon.speech.insert(lemma, verb);
        }
        self.lexicon.lists.extend(over.lexicon.lists);
        self
    }

    /// Takes out the rows that go into [`Actor`](crate::Actor)s and [`Name`](crate::Name)s, and that nobody then
    /// looks up any more.
    pub(crate) fn split_off_named(&mut self) -> Tables {
        Tables {
            names: std::mem::take(&mut self.names),
            bodies: std::mem::take(&mut self.bodies),
            nonstate: std::mem::take(&mut self.nonstate),
            persons: std::mem::take(&mut self.persons),
            ..Tables::default()
        }
    }

    /// Puts them back.
    pub(crate) fn with_named(self, named: Tables) -> Tables {
        let Tables { names, bodies, nonstate, persons, .. } = named;
        Tables { names, bodies, nonstate, persons, ..self }
    }

    /// The rows in which newer tables differ from these, in the order of their places.
    pub fn changes(&self, newer: &Tables) -> Vec<RowChange> {
        let mut found = Vec::new();
        macro_rules! each {
            ($($($table:ident).+),+ $(,)?) => {$(
                compare(
                    &self.$($table).+,
                    &newer.$($table).+,
                    |r| (r.key(), r.words(), r.place()),
                    |r| {
                        let mut bare = r.clone();
                        *bare.row() = NOWHERE;
                        bare
                    },
                    &mut found,
                );
            )+};
        }
        each!(
            states,
            names,
            groups,
            memberships,
            bodies,
            nonstate,
            persons,
            offices,
            tenures,
            agents,
            agent_modifiers,
            occasions,
            places,
            borders,
            publishers,
            patterns,
            relations,
            codebook.types,
            codebook.modes,
            codebook.contexts,
            codebook.cameo,
            codebook.crosswalk,
        );
        found.sort_by(|a, b| (a.row(), &a.words).cmp(&(b.row(), &b.words)));
        found
    }

    /// Rows in the order that look-ups rely on, whatever the order of the files.
    pub(crate) fn sort(&mut self) {
        self.states.sort_by(|a, b| a.id.cmp(&b.id));
        self.groups.sort_by(|a, b| a.id.cmp(&b.id));
        self.bodies.sort_by(|a, b| a.id.cmp(&b.id));
        self.nonstate.sort_by(|a, b| a.id.cmp(&b.id));
        self.persons.sort_by(|a, b| a.id.cmp(&b.id));
        self.offices.sort_by(|a, b| a.id.cmp(&b.id));
        self.agents.sort_by(|a, b| a.noun.cmp(&b.noun));
        self.agent_modifiers.sort_by(|a, b| a.modifier.cmp(&b.modifier));
        self.publishers.sort_by(|a, b| a.name.cmp(&b.name));
        self.names.sort_by(|a, b| (&a.name, &a.actor, a.interval).cmp(&(&b.name, &b.actor, b.interval)));
        self.memberships.sort_by(|a, b| (&a.group, &a.member, a.interval).cmp(&(&b.group, &b.member, b.interval)));
        self.tenures.sort_by(|a, b| (&a.person, a.interval, &a.office).cmp(&(&b.person, b.interval, &b.office)));
        self.occasions.sort_by(|a, b| (&a.name, a.date).cmp(&(&b.name, b.date)));
        self.ties.sort_by(|a, b| (&a.id, a.interval).cmp(&(&b.id, b.interval)));
        self.places.sort_by(|a, b| (&a.name, &a.country, a.row).cmp(&(&b.name, &b.country, b.row)));
        self.borders.sort_by(|a, b| a.state.cmp(&b.state));
        self.patterns.sort_by_key(|pattern| pattern.row);
        self.relations.sort_by_key(|pattern| pattern.row);
        self.codebook.types.sort_by_key(|entry| entry.event_type);
        self.codebook.modes.sort_by_key(|entry| (entry.event_type, entry.mode));
        self.codebook.contexts.sort_by_key(|entry| entry.context);
        self.codebook.cameo.sort_by(|a, b| a.code.cmp(&b.code));
        self.codebook.crosswalk.sort_by(|a, b| (a.scheme, &a.theirs).cmp(&(b.scheme, &b.theirs)));
        for list in self.lexicon.lists.values_mut() {
            list.sort();
            list.dedup();
        }
    }
}

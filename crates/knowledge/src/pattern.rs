//! Patterns: which words report which event, and where its parties stand.
//!
//! A pattern is a row that a person wrote; what it leaves out is filled in when it is read, so whoever
//! applies it never asks for defaults.

use crate::RowRef;
use demarche_core::{Context, EventType, Mode, RelationKind};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// Where to look for a party, seen from the trigger.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Slot {
    /// Its subject; the by-agent where it is passive.
    Subject,
    /// Its object; the subject where it is passive.
    Object,
    /// Its indirect object.
    Indirect,
    /// Its possessor ("Russia's attack").
    Possessive,
    /// A modifier that names an actor ("the Russian invasion").
    Compound,
    /// What hangs on it by this preposition.
    Preposition(String),
    /// The same slot, hanging on the trigger's object ("launched an attack on X").
    ObjectSlot(Box<Slot>),
    /// The subject inside the trigger's clausal complement ("demanded that X withdraw").
    ComplementSubject,
    /// The object inside it ("accused X of attacking Y").
    ComplementObject,
    /// What hangs on it by this preposition ("asked whether it had a future with X").
    ComplementPreposition(String),
}

impl fmt::Display for Slot {
    /// As patterns write it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Slot::Subject => f.write_str("subject"),
            Slot::Object => f.write_str("object"),
            Slot::Indirect => f.write_str("indirect"),
            Slot::Possessive => f.write_str("possessive"),
            Slot::Compound => f.write_str("compound"),
            Slot::Preposition(word) => f.write_str(word),
            Slot::ObjectSlot(slot) => write!(f, "object.{slot}"),
            Slot::ComplementSubject => f.write_str("complement.subject"),
            Slot::ComplementObject => f.write_str("complement.object"),
            Slot::ComplementPreposition(word) => write!(f, "complement.{word}"),
        }
    }
}

/// What kind of word sets a pattern off.
#[allow(missing_docs)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum TriggerKind {
    Verb,
    Noun,
    Adjective,
}

/// Which parties a match must have to be an event.
#[allow(missing_docs)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub enum Needs {
    #[default]
    Nothing,
    Actor,
    Recipient,
    Both,
}

/// What a pattern reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Reports {
    /// Something that happened.
    Event(EventType),
    /// Something that stands between the parties.
    Relation {
        /// What stands.
        kind: RelationKind,
        /// Whether the words say that it does not ("left NATO").
        negative: bool,
    },
}

/// One entry of `patterns/<type>.toml` or `patterns/relations.toml`, defaults filled in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Pattern {
    /// Its name, unique among patterns.
    pub id: String,
    /// What it reports.
    pub reports: Reports,
    /// What kind of word sets it off.
    pub trigger: TriggerKind,
    /// The lemmas that set it off.
    pub lemmas: Vec<String>,
    /// The particle that the verb must have.
    pub particle: Option<String>,
    /// Lemmas of which the object's head must be one; empty where any will do, or none.
    pub object: Vec<String>,
    /// Prepositions that must be there, each with the lemmas of which its head must be one.
    pub preposition_object: Vec<(String, Vec<String>)>,
    /// Lemmas of which the head of the clausal complement must be one; `*` is any.
    pub complement: Vec<String>,
    /// Lemmas of which some modifier of the noun trigger or the object must be one.
    pub modifier: Vec<String>,
    /// Where the actor stands, in order.
    pub actor: Vec<Slot>,
    /// Where the recipient stands, in order.
    pub recipient: Vec<Slot>,
    /// Whether all parties are actors.
    pub reciprocal: bool,
    /// Whether the found actor and recipient change sides.
    pub swap: bool,
    /// The mode.
    pub mode: Option<Mode>,
    /// The closest CAMEO code.
    pub cameo: Option<String>,
    /// The contexts that the words alone show.
    pub contexts: Vec<Context>,
    /// Which parties it cannot do without.
    pub needs: Needs,
    /// How sure the words alone are, 0 to 1.
    pub weight: f32,
    /// Where the entry comes from.
    pub source: String,
    /// Sentences that it must match.
    pub matches: Vec<String>,
    /// Sentences in which it must count nothing.
    pub not: Vec<String>,
    /// The row.
    pub row: RowRef,
}

impl Pattern {
    /// The type of the event that it reports; `None` where it reports a relation.
    pub fn event_type(&self) -> Option<EventType> {
        match self.reports {
            Reports::Event(event_type) => Some(event_type),
            Reports::Relation { .. } => None,
        }
    }
    /// The relation that it reports; `None` where it reports an event.
    pub fn relation(&self) -> Option<RelationKind> {
        match self.reports {
            Reports::Event(_) => None,
            Reports::Relation { kind, .. } => Some(kind),
        }
    }
    /// Whether it reports that a relation does not stand.
    pub fn negative(&self) -> bool {
        matches!(self.reports, Reports::Relation { negative: true, .. })
    }
}

/// The position of a pattern in [`Patterns`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PatternIx(pub u32);

/// All patterns, with the way from a trigger's lemma to those that it may set off.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Patterns {
    /// Every one, by file and line.
    pub all: Vec<Pattern>,
    verbs: Triggers,
    nouns: Triggers,
    adjectives: Triggers,
}

type Triggers = BTreeMap<String, Vec<PatternIx>>;

impl Patterns {
    /// These patterns, indexed.
    pub fn new(all: Vec<Pattern>) -> Patterns {
        let triggers = |kind: TriggerKind| {
            let mut triggers = Triggers::new();
            for (ix, pattern) in (0..).map(PatternIx).zip(&all).filter(|(_, pattern)| pattern.trigger == kind) {
                for lemma in &pattern.lemmas {
                    triggers.entry(lemma.clone()).or_default().push(ix);
                }
            }
            triggers
        };
        let verbs = triggers(TriggerKind::Verb);
        let nouns = triggers(TriggerKind::Noun);
        let adjectives = triggers(TriggerKind::Adjective);
        Patterns { all, verbs, nouns, adjectives }
    }

    fn triggers(&self, kind: TriggerKind) -> &Triggers {
        match kind {
            TriggerKind::Verb => &self.verbs,
            TriggerKind::Noun => &self.nouns,
            TriggerKind::Adjective => &self.adjectives,
        }
    }
    /// The patterns that a word of this kind and lemma may set off.
    pub fn by_trigger(&self, kind: TriggerKind, lemma: &str) -> &[PatternIx] {
        self.triggers(kind).get(lemma).map_or(&[], Vec::as_slice)
    }
    /// Those that this verb may set off.
    pub fn verb(&self, lemma: &str) -> &[PatternIx] {
        self.by_trigger(TriggerKind::Verb, lemma)
    }
    /// Those that this noun may set off.
    pub fn noun(&self, lemma: &str) -> &[PatternIx] {
        self.by_trigger(TriggerKind::Noun, lemma)
    }
    /// Those that this adjective may set off.
    pub fn adjective(&self, lemma: &str) -> &[PatternIx] {
        self.by_trigger(TriggerKind::Adjective, lemma)
    }
    /// Every trigger lemma of a kind, sorted.
    pub fn lemmas(&self, kind: TriggerKind) -> impl Iterator<Item = &str> {
        self.triggers(kind).keys().map(String::as_str)
    }
    /// The pattern with this id.
    pub fn by_id(&self, id: &str) -> Option<&Pattern> {
        self.all.iter().find(|pattern| pattern.id == id)
    }
}

impl std::ops::Index<PatternIx> for Patterns {
    type Output = Pattern;
    fn index(&self, ix: PatternIx) -> &Pattern {
        &self.all[ix.0 as usize]
    }
}

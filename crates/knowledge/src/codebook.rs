//! The codebook as data: what each event type means, how much it weighs, which modes and contexts it has.

use crate::RowRef;
use demarche_core::{Context, EventType, Mode, QuadClass};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An entry of `codebook/types.toml`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TypeEntry {
    /// The type.
    pub event_type: EventType,
    /// Its quad class.
    pub quad: QuadClass,
    /// Its intensity where no mode says more.
    pub intensity: f32,
    /// Whether it needs a recipient.
    pub recipient_required: bool,
    /// What it means.
    pub definition: String,
    /// Sentences that show it, about invented states.
    pub examples: Vec<String>,
    /// The CAMEO roots and codes that correspond to it.
    pub cameo: Vec<String>,
    /// The row.
    pub row: RowRef,
}

/// An entry of `codebook/modes.toml`: a mode as one type has it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModeEntry {
    /// The type.
    pub event_type: EventType,
    /// The mode.
    pub mode: Mode,
    /// Its intensity; the type's where the codebook prints none.
    pub intensity: Option<f32>,
    /// What it means.
    pub definition: String,
    /// The row.
    pub row: RowRef,
}

/// An entry of `codebook/contexts.toml`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ContextEntry {
    /// The context.
    pub context: Context,
    /// What it means.
    pub definition: String,
    /// Lemmas and lemma phrases that show it, lower case.
    pub lemmas: Vec<String>,
    /// The row.
    pub row: RowRef,
}

/// A row of `codebook/cameo.tsv`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CameoEntry {
    /// The code.
    pub code: String,
    /// What CAMEO calls it.
    pub label: String,
    /// The type that it corresponds to; some of CAMEO's have none.
    pub event_type: Option<EventType>,
    /// The mode that it corresponds to.
    pub mode: Option<Mode>,
    /// The contexts that it shows.
    pub contexts: Vec<Context>,
    /// Goldstein's score.
    pub goldstein: Option<f32>,
    /// The row.
    pub row: RowRef,
}

/// What a word of `codebook/crosswalk.tsv` stands for.
#[allow(missing_docs)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Scheme {
    CameoRole,
    CameoGroup,
    CameoCountry,
    IcewsCountry,
    IcewsSector,
}

impl Scheme {
    /// Every one.
    pub const ALL: [Scheme; 5] =
        [Scheme::CameoCountry, Scheme::CameoGroup, Scheme::CameoRole, Scheme::IcewsCountry, Scheme::IcewsSector];

    /// As tables write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Scheme::CameoRole => "cameo-role",
            Scheme::CameoGroup => "cameo-group",
            Scheme::CameoCountry => "cameo-country",
            Scheme::IcewsCountry => "icews-country",
            Scheme::IcewsSector => "icews-sector",
        }
    }
}

/// A row of `codebook/crosswalk.tsv`: how another data set writes what has a code here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CrosswalkEntry {
    /// What kind of word it is, and whose.
    pub scheme: Scheme,
    /// As the data set writes it.
    pub theirs: String,
    /// The sector, code or state here.
    pub ours: String,
    /// Whether what is called so here is written so there.
    pub back: bool,
    /// The row.
    pub row: RowRef,
}

/// The codebook.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Codebook {
    /// The types, in the ontology's order.
    pub types: Vec<TypeEntry>,
    /// The modes, by type.
    pub modes: Vec<ModeEntry>,
    /// The contexts.
    pub contexts: Vec<ContextEntry>,
    /// CAMEO's codes, sorted.
    pub cameo: Vec<CameoEntry>,
    /// Words of other data sets.
    pub crosswalk: Vec<CrosswalkEntry>,
    /// The contexts that each lemma shows, for one look-up a word.
    #[serde(skip)]
    by_lemma: BTreeMap<String, Vec<Context>>,
}

impl Codebook {
    /// What is said of a type.
    pub fn event_type(&self, event_type: EventType) -> Option<&TypeEntry> {
        self.types.iter().find(|entry| entry.event_type == event_type)
    }
    /// What is said of a mode of a type; `None` where the type has no such mode.
    pub fn mode(&self, event_type: EventType, mode: Mode) -> Option<&ModeEntry> {
        self.modes.iter().find(|entry| entry.event_type == event_type && entry.mode == mode)
    }
    /// The modes of a type.
    pub fn modes_of(&self, event_type: EventType) -> impl Iterator<Item = &ModeEntry> {
        self.modes.iter().filter(move |entry| entry.event_type == event_type)
    }
    /// The intensity of an event: its mode's, else its type's.
    pub fn intensity(&self, event_type: EventType, mode: Option<Mode>) -> Option<f32> {
        mode.and_then(|mode| self.mode(event_type, mode)?.intensity)
            .or_else(|| Some(self.event_type(event_type)?.intensity))
    }
    /// What is said of a CAMEO code.
    pub fn cameo(&self, code: &str) -> Option<&CameoEntry> {
        let ix = self.cameo.binary_search_by(|entry| entry.code.as_str().cmp(code)).ok()?;
        Some(&self.cameo[ix])
    }
    /// The contexts that a lemma or lemma phrase shows.
    pub fn contexts_of(&self, lemma: &str) -> impl Iterator<Item = Context> + '_ {
        self.by_lemma.get(lemma).into_iter().flatten().copied()
    }

    pub(crate) fn index(&mut self) {
        self.by_lemma.clear();
        for entry in &self.contexts {
            for lemma in &entry.lemmas {
                self.by_lemma.entry(lemma.clone()).or_default().push(entry.context);
            }
        }
    }
}

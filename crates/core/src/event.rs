//! The event: who did what to whom, when, where, according to whom, and the words that say so.

use crate::{ActorRef, Context, DocId, EventType, Mode, Place, QuadClass, Span, When};
use serde::{Deserialize, Serialize};

/// Whether the text says that it is so or that it is not (ACE's attribute).
#[allow(missing_docs)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Polarity {
    Positive,
    Negative,
}

/// How the text puts it: as a fact, or as something else (ACE's attribute, refined).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Modality {
    /// As something that is or was so.
    Asserted,
    /// As something that is meant to be.
    Planned,
    /// As something that may be.
    Possible,
    /// As something that hangs on something else.
    Conditional,
    /// As something that somebody wants of another.
    Demanded,
    /// As something that somebody thinks.
    Believed,
}

/// Relative to the text's own present.
#[allow(missing_docs)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tense {
    Past,
    Present,
    Future,
}

/// What a piece of evidence shows.
#[allow(missing_docs)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    Trigger,
    Actor,
    Recipient,
    Time,
    Place,
    Cue,
    Claim,
}

/// Words of the frozen text that a record rests on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Evidence {
    /// What they show.
    pub role: Role,
    /// The sentence, from 0.
    pub sentence: u32,
    /// Where they stand.
    #[serde(flatten)]
    pub span: Span,
    /// The words.
    pub text: String,
}

/// A quoted stretch, without its marks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// The words.
    pub text: String,
    /// Where they stand.
    #[serde(flatten)]
    pub span: Span,
}

/// Who says so.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Attribution {
    /// The speaker, where the text names one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub speaker: Option<ActorRef>,
    /// The words that mark the report ("said", "according to").
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cue: Option<String>,
    /// The speaker's own words.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub quotes: Vec<Quote>,
}

/// A coded event; see the field comments for what each rests on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// `e-` and a stable hash of document, trigger, type and parties.
    pub id: String,
    /// The document that reports it.
    pub document: DocId,
    /// The sentence of its first mention, from 0.
    pub sentence: u32,
    /// PLOVER's type.
    #[serde(rename = "type")]
    pub event_type: EventType,
    /// PLOVER's mode.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<Mode>,
    /// PLOVER's contexts.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub contexts: Vec<Context>,
    /// The closest CAMEO code, a string with its leading zero.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cameo: Option<String>,
    /// The quad class, 1 to 4.
    pub quad: QuadClass,
    /// PLOVER's intensity, -10 to 10.
    pub intensity: f32,
    /// Who; every party of a reciprocal event.
    pub actors: Vec<ActorRef>,
    /// To whom.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub recipients: Vec<ActorRef>,
    /// Whether it is said to be so.
    pub polarity: Polarity,
    /// How it is put.
    pub modality: Modality,
    /// When, in grammar.
    pub tense: Tense,
    /// Who says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attribution: Option<Attribution>,
    /// When, in days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<When>,
    /// Where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// The words.
    pub evidence: Vec<Evidence>,
    /// Why it was coded so.
    pub grounds: Vec<String>,
    /// 0 to 1, from the grounds.
    pub confidence: f32,
}

impl Event {
    /// Whether it enters counts: said to be so, as a fact.
    pub fn counted(&self) -> bool {
        self.polarity == Polarity::Positive && self.modality == Modality::Asserted
    }

    /// Ordered pairs of parties: actor and recipient, or each pair of a reciprocal event both ways.
    pub fn dyads(&self) -> Vec<(&ActorRef, &ActorRef)> {
        let others = if self.recipients.is_empty() { &self.actors } else { &self.recipients };
        self.actors
            .iter()
            .flat_map(|a| others.iter().map(move |b| (a, b)))
            .filter(|(a, b)| !std::ptr::eq(*a, *b))
            .collect()
    }
}

/// An utterance that the text reports.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Statement {
    /// `t-` and a stable hash.
    pub id: String,
    /// The document.
    pub document: DocId,
    /// The sentence, from 0.
    pub sentence: u32,
    /// Who speaks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub speaker: Option<ActorRef>,
    /// The words that mark the report.
    pub cue: String,
    /// Whether the content is in the speaker's own words.
    pub quoted: bool,
    /// What is said.
    pub content: Quote,
    /// The event that it speaks of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    /// Whether the speaker asserts, denies, asks, warns …
    pub stance: String,
    /// When it was said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<When>,
}

//! What stands between actors, as a text states it, and the check of such a statement.

use crate::{ActorRef, DocId, Evidence, Polarity};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The kinds of standing relation.
#[allow(missing_docs)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RelationKind {
    Member,
    Ally,
    Alignment,
    Tension,
    Trade,
    Recognition,
    Occupies,
    Sanctions,
    Office,
}

/// A standing fact that a text states.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Relation {
    /// `r-` and a stable hash.
    pub id: String,
    /// The document that states it.
    pub document: DocId,
    /// The sentence, from 0.
    pub sentence: u32,
    /// What stands.
    pub relation: RelationKind,
    /// Who.
    pub subject: ActorRef,
    /// With, in or over whom.
    pub object: ActorRef,
    /// Whether the text says that it stands or that it does not.
    pub polarity: Polarity,
    /// Who says so, where it is not the article itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub according_to: Option<ActorRef>,
    /// Since when, where the text says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// Until when, where the text says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// The words.
    pub evidence: Vec<Evidence>,
}

/// What came of a check.
#[allow(missing_docs)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    Supported,
    Contradicted,
    Unknown,
}

/// What a checked claim says of its subject.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum CheckObject {
    /// A count or a year.
    Number {
        /// The number.
        number: i64,
    },
    /// Another actor.
    Actor(ActorRef),
}

/// The row of the reference that a verdict rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    /// What the reference says.
    pub statement: String,
    /// Since when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<Date>,
    /// The table, and the line where one row decides.
    pub row: String,
    /// Where the row's fact comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// A stated fact held against the reference, as of the document's date.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Check {
    /// `c-` and a stable hash.
    pub id: String,
    /// The document that makes the claim.
    pub document: DocId,
    /// The sentence, from 0.
    pub sentence: u32,
    /// The claim in plain words.
    pub claim: String,
    /// Of whom or what.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<ActorRef>,
    /// What is claimed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object: Option<CheckObject>,
    /// Whether the claim affirms or denies.
    pub polarity: Polarity,
    /// What came of it; never without a reference row unless unknown.
    pub verdict: Verdict,
    /// The date that the reference was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_of: Option<Date>,
    /// The row that decides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<Reference>,
    /// The words.
    pub evidence: Vec<Evidence>,
}

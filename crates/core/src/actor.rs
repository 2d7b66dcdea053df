//! Who: a party as one text names it, and whom that was found to be.

use crate::{ActorId, Sector, Span};
use serde::{Deserialize, Serialize};

/// A party of an event, a relation or a statement.
///
/// `text` and its place are what the article says; everything else is what knowledge made of it,
/// and is absent where nothing is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActorRef {
    /// The words.
    pub text: String,
    /// Where they stand.
    #[serde(flatten)]
    pub span: Span,
    /// Which actor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<ActorId>,
    /// The actor's usual name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The state's ISO 3166 alpha-3 code, or PLOVER's code for those who belong to none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// PLOVER's sector.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sector: Option<Sector>,
    /// The office held on the date of the document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub office: Option<String>,
    /// What the finding rests on: `name`, `surname`, `office`, `date`, `coreference`, `agent`, …
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub resolved_by: Vec<String>,
    /// Others that the words could mean, the likeliest first.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub candidates: Vec<ActorId>,
}

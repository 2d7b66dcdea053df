//! Who: a party as one text names it, and whom that was found to be.

use crate::{ActorId, Interval, Sector, Span};
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

/// Whom a name in a query stands for: a state with all that belong to it, one person, one organisation, or a group with
/// its members, each for the days on which it belonged.
///
/// Whoever knows the world makes it; the ledger, which does not, asks by it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActorSet {
    /// The name as it was asked for.
    pub name: String,
    /// All that it stands for.
    pub members: Vec<Member>,
}

/// One of those for whom a name stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub who: Designation,
    /// On which days.
    pub interval: Interval,
}

/// How a record tells a party.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Designation {
    /// By its code: a state and everybody who belongs to it.
    Code(String),
    /// By its id.
    Id(String),
    /// By its name alone, as data sets have it that know no id of ours.
    Name(String),
}

impl Designation {
    /// The code, where it is one.
    pub fn code(&self) -> Option<&str> {
        match self {
            Designation::Code(code) => Some(code),
            Designation::Id(_) | Designation::Name(_) => None,
        }
    }
}

impl ActorSet {
    /// One that stands for one party, always.
    pub fn one(name: &str, who: Designation) -> ActorSet {
        ActorSet { name: name.to_string(), members: vec![Member { who, interval: Interval::ALWAYS }] }
    }

    /// Whether a party is one of these on a day.
    pub fn has(&self, party: &ActorRef, on: jiff::civil::Date) -> bool {
        self.members.iter().any(|member| {
            member.interval.contains(on)
                && match &member.who {
                    Designation::Code(code) => party.code.as_ref() == Some(code),
                    Designation::Id(id) => party.id.as_ref().is_some_and(|known| known.as_str() == id),
                    Designation::Name(name) => party.name.as_ref() == Some(name),
                }
        })
    }
}

impl ActorRef {
    /// A party of which nothing is known but its words.
    pub fn bare(text: impl Into<String>, span: Span) -> ActorRef {
        ActorRef {
            text: text.into(),
            span,
            id: None,
            name: None,
            code: None,
            sector: None,
            office: None,
            resolved_by: Vec::new(),
            candidates: Vec::new(),
        }
    }
}

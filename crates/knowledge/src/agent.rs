//! Common nouns that name a party by what it is: "rebels", "the foreign ministry", "a warship".

use crate::RowRef;
use demarche_core::Sector;
use serde::{Deserialize, Serialize};

/// What such a noun stands for.
#[allow(missing_docs)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum AgentKind {
    Person,
    Group,
    Body,
    /// An object that stands for whoever uses it.
    Weapon,
    Place,
}

impl AgentKind {
    /// As tables write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            AgentKind::Person => "person",
            AgentKind::Group => "group",
            AgentKind::Body => "body",
            AgentKind::Weapon => "weapon",
            AgentKind::Place => "place",
        }
    }
}

/// A row of `agents.tsv`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agent {
    /// The noun or noun phrase: lemmas, lower case.
    pub noun: String,
    /// The sector that it gives, where it gives one.
    pub sector: Option<Sector>,
    /// What it stands for.
    pub kind: AgentKind,
    /// A remark for the editor.
    pub note: Option<String>,
    /// Where the row comes from.
    pub source: String,
    /// The row.
    pub row: RowRef,
}

/// A row of `agent-modifiers.tsv`: a word before the noun that changes its sector ("former", "rebel").
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentModifier {
    /// The word, lower case.
    pub modifier: String,
    /// The sector that the party then has; `None` where the word changes nothing else but what `effect` says.
    pub sector: Option<Sector>,
    /// What it does, in words.
    pub effect: Option<String>,
    /// Where the row comes from.
    pub source: String,
    /// The row.
    pub row: RowRef,
}

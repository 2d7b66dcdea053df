//! Every way an actor is named, dated: "Leningrad" and "the Soviet Union" mean something only in their time.

use crate::RowRef;
use demarche_core::{ActorId, Interval};
use serde::{Deserialize, Serialize};

/// The kinds of name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum NameKind {
    /// A name.
    Name,
    /// Its initials.
    Acronym,
    /// "French".
    Adjective,
    /// "Frenchman", "Iranians".
    Demonym,
    /// A capital that stands for its government.
    Capital,
    /// A building or place that stands for a government or body.
    Seat,
    /// A person's full name or an alias.
    Person,
    /// A person's surname.
    Surname,
}

/// One way in which an actor is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The words.
    pub text: String,
    /// Who is meant.
    pub actor: ActorId,
    /// What kind of name it is.
    pub kind: NameKind,
    /// When it is used so.
    pub interval: Interval,
    /// The row.
    pub row: RowRef,
}

/// A row of `actors/names.tsv`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NameRow {
    /// The words.
    pub name: String,
    /// Who is meant.
    pub actor: String,
    /// What kind of name it is.
    pub kind: NameKind,
    /// When it is used so.
    #[serde(with = "crate::pack::interval")]
    pub interval: Interval,
    /// Where the fact comes from.
    pub source: String,
    /// The row.
    pub row: RowRef,
}

//! Groups and who belonged to them: "NATO members" is a question with a date.

use crate::RowRef;
use demarche_core::Interval;
use serde::{Deserialize, Serialize};

/// The kinds of group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum GroupKind {
    /// An organisation of states.
    Igo,
    /// States spoken of together.
    Bloc,
    /// States bound to defend each other.
    Alliance,
}

/// A row of `actors/groups.tsv`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Our id.
    pub id: String,
    /// The usual name.
    pub name: String,
    /// What it is.
    pub kind: GroupKind,
    /// PLOVER's code.
    pub code: Option<String>,
    /// Whether only some of its members stand in `memberships.tsv`, so that nothing follows from an absent row.
    pub partial: bool,
    /// How long it existed.
    #[serde(with = "crate::pack::interval")]
    pub interval: Interval,
    /// The city of its seat.
    pub seat: Option<String>,
    /// Where the fact comes from.
    pub source: String,
    /// The row.
    pub row: RowRef,
}

/// How one belongs to a group.
#[allow(missing_docs)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Status {
    Member,
    Observer,
    Partner,
    Candidate,
    Suspended,
}

impl Status {
    /// As tables write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Status::Member => "member",
            Status::Observer => "observer",
            Status::Partner => "partner",
            Status::Candidate => "candidate",
            Status::Suspended => "suspended",
        }
    }
}

/// A row of `actors/memberships.tsv`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membership {
    /// The group.
    pub group: String,
    /// Who belongs to it.
    pub member: String,
    /// How.
    pub status: Status,
    /// From when until when.
    #[serde(with = "crate::pack::interval")]
    pub interval: Interval,
    /// Where the fact comes from.
    pub source: String,
    /// The row.
    pub row: RowRef,
}

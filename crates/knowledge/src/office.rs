//! Offices and their holders: a title means a person only on a date.

use crate::RowRef;
use demarche_core::{Interval, Sector};
use serde::{Deserialize, Serialize};

/// The kinds of office.
#[allow(missing_docs)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum OfficeKind {
    HeadOfState,
    HeadOfGovernment,
    Foreign,
    Defence,
    Finance,
    Interior,
    Deputy,
    Envoy,
    Spokesperson,
    Leader,
    Chief,
}

impl OfficeKind {
    /// As tables write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            OfficeKind::HeadOfState => "head-of-state",
            OfficeKind::HeadOfGovernment => "head-of-government",
            OfficeKind::Foreign => "foreign",
            OfficeKind::Defence => "defence",
            OfficeKind::Finance => "finance",
            OfficeKind::Interior => "interior",
            OfficeKind::Deputy => "deputy",
            OfficeKind::Envoy => "envoy",
            OfficeKind::Spokesperson => "spokesperson",
            OfficeKind::Leader => "leader",
            OfficeKind::Chief => "chief",
        }
    }
}

/// A row of `actors/offices.tsv`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Office {
    /// Our id.
    pub id: String,
    /// The state, group, body or non-state actor whose office it is.
    pub owner: String,
    /// The title as news writes it.
    pub title: String,
    /// What it is.
    pub kind: OfficeKind,
    /// Whether several people may hold it at once.
    pub many: bool,
    /// The sector of its holder.
    pub sector: Sector,
    /// How long it existed.
    #[serde(with = "crate::pack::interval")]
    pub interval: Interval,
    /// The row.
    pub row: RowRef,
}

/// A row of `actors/tenures.tsv`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tenure {
    /// Who.
    pub person: String,
    /// Which office.
    pub office: String,
    /// From when until when.
    #[serde(with = "crate::pack::interval")]
    pub interval: Interval,
    /// Where the fact comes from.
    pub source: String,
    /// The row.
    pub row: RowRef,
}

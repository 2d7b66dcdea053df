//! Who publishes: agencies and papers, so that a report's origin is known by more than its words.

use crate::RowRef;
use serde::{Deserialize, Serialize};

/// A row of `sources.tsv`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publisher {
    /// The name as bylines and credits write it.
    pub name: String,
    /// Our id, shared by its names.
    pub id: String,
    /// The state where it sits.
    pub country: Option<String>,
    /// What it is: `agency`, `newspaper`, `broadcaster`, …
    pub kind: String,
    /// Where the fact comes from.
    pub source: String,
    /// The row.
    pub row: RowRef,
}

//! Where a name lies on the map.

use crate::RowRef;
use serde::{Deserialize, Serialize};

/// The kinds of place.
#[allow(missing_docs)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum PlaceKind {
    City,
    Capital,
    Region,
    Sea,
    Strait,
    River,
    Mountain,
    Base,
    Building,
    /// A state as a whole; its coordinates are its capital's.
    Country,
}

/// A row of `places/cities.tsv`, or a state seen as a place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlaceRow {
    /// The name.
    pub name: String,
    /// The state, where it lies in one.
    pub country: Option<String>,
    /// The first-order division.
    pub admin: Option<String>,
    /// Degrees north; absent only for a state whose capital is on no row.
    pub lat: Option<f64>,
    /// Degrees east.
    pub lon: Option<f64>,
    /// What it is.
    pub kind: PlaceKind,
    /// How many people live there.
    pub population: Option<u32>,
    /// Where the fact comes from.
    pub source: String,
    /// The row.
    pub row: RowRef,
}

//! Where: a place as far as it is known.

use serde::{Deserialize, Serialize};

/// How fine a place is.
#[allow(missing_docs)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PlacePrecision {
    Building,
    City,
    Region,
    Country,
    Water,
    Unknown,
}

/// A place that a text names.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// The words.
    pub text: String,
    /// The usual name.
    pub name: String,
    /// The state that it lies in, ISO 3166 alpha-3.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// The first-level division that it lies in.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub region: Option<String>,
    /// Degrees north.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lat: Option<f64>,
    /// Degrees east.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lon: Option<f64>,
    /// How fine it is.
    pub precision: PlacePrecision,
    /// Where in the text it was read.
    pub scope: crate::Scope,
}

//! Where a name lies on the map.

use crate::RowRef;
use serde::{Deserialize, Serialize};

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $word:literal),+ $(,)?) => {
        /// The kinds of place.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum PlaceKind {
            $($(#[$doc])* $variant,)+
        }
        impl PlaceKind {
            /// Every kind.
            pub const ALL: &[PlaceKind] = &[$(PlaceKind::$variant),+];

            /// As tables write it.
            pub fn as_str(self) -> &'static str {
                match self { $(PlaceKind::$variant => $word),+ }
            }
        }
    };
}

kinds! {
    /// A town or a part of one.
    City = "city",
    /// The seat of a state.
    Capital = "capital",
    /// A first-level division, or a region within one state.
    Region = "region",
    /// A continent, a region of several states, a historic land, a desert.
    Area = "area",
    /// A sea, gulf or bay.
    Sea = "sea",
    /// A strait.
    Strait = "strait",
    /// A lake.
    Lake = "lake",
    /// A river.
    River = "river",
    /// A canal.
    Canal = "canal",
    /// A mountain or a range.
    Mountain = "mountain",
    /// An island or a group of islands.
    Island = "island",
    /// A military base.
    Base = "base",
    /// A building, square or park.
    Building = "building",
    /// A nuclear plant, test site or cosmodrome.
    Site = "site",
    /// A border crossing.
    Crossing = "crossing",
    /// A camp of refugees or prisoners.
    Camp = "camp",
    /// A state as a whole; its coordinates are its middle, or else its capital's.
    Country = "country",
}

/// A row of a table of places.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlaceRow {
    /// The name.
    pub name: String,
    /// Other spellings.
    pub aliases: Vec<String>,
    /// The state, where it lies in one.
    pub country: Option<String>,
    /// The first-order division.
    pub admin: Option<String>,
    /// Degrees north; absent only for a state whose middle and capital are on no row.
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

/// A place as it is looked up: a row of a table, or a state seen as a place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place<'k> {
    /// The usual name.
    pub name: &'k str,
    /// The spelling that was looked up; the usual name where none was.
    pub spelling: &'k str,
    /// The state, ISO 3166 alpha-3, where it lies in one.
    pub country: Option<&'k str>,
    /// The first-order division.
    pub admin: Option<&'k str>,
    /// Degrees north.
    pub lat: Option<f64>,
    /// Degrees east.
    pub lon: Option<f64>,
    /// What it is.
    pub kind: PlaceKind,
    /// How many people live there.
    pub population: Option<u32>,
    /// Where the fact comes from.
    pub source: &'k str,
    /// The row.
    pub row: RowRef,
    /// Its number among all places, which tells two of them apart.
    pub number: u32,
}

impl Place<'_> {
    /// How likely its name means this place where nothing else is known; a town counts the digits of its people.
    pub fn prominence(&self) -> f64 {
        let people = self.population.map_or(3.0, |people| f64::from(people.max(1000)).log10());
        let known = match self.kind {
            PlaceKind::Country => 7.3,
            PlaceKind::Area => 6.0,
            PlaceKind::Sea | PlaceKind::Strait | PlaceKind::River | PlaceKind::Lake | PlaceKind::Canal => 5.2,
            PlaceKind::Region => 5.2,
            PlaceKind::Capital => people + 0.7,
            PlaceKind::City => people,
            PlaceKind::Mountain | PlaceKind::Island => 5.0,
            PlaceKind::Base | PlaceKind::Building | PlaceKind::Site | PlaceKind::Crossing | PlaceKind::Camp => 4.8,
        };
        // A region that was written by hand is large or in dispute; another spelling is less often meant.
        let by_hand = self.kind == PlaceKind::Region && self.row.table == crate::Table::Features;
        known + if by_hand { 1.0 } else { 0.0 } - if self.spelling == self.name { 0.0 } else { 1.0 }
    }

    /// Kilometres along the great circle; `None` where either lies nowhere.
    pub fn distance(&self, other: &Place<'_>) -> Option<f64> {
        Some(kilometres((self.lat?, self.lon?), (other.lat?, other.lon?)))
    }
}

/// Kilometres along the great circle between two points in degrees (haversine formula, mean radius of the earth).
pub fn kilometres(a: (f64, f64), b: (f64, f64)) -> f64 {
    let (north, east) = ((b.0 - a.0).to_radians() / 2.0, (b.1 - a.1).to_radians() / 2.0);
    let chord = north.sin().powi(2) + a.0.to_radians().cos() * b.0.to_radians().cos() * east.sin().powi(2);
    2.0 * 6371.0 * chord.sqrt().min(1.0).asin()
}

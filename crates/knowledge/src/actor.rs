//! Actors of every kind in one shape, so that whoever resolves a name need not ask which table it came from.

use crate::RowRef;
use demarche_core::{ActorId, Interval, Sector};
use serde::{Deserialize, Serialize};

/// The kinds of actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ActorKind {
    /// A state.
    State,
    /// An organisation or alliance of states.
    Group,
    /// States spoken of together, without an organisation ("the West").
    Bloc,
    /// An organ or organisation of one state or group.
    Body,
    /// An armed group, movement, firm, church, newspaper.
    NonState,
    /// A person.
    Person,
}

impl ActorKind {
    /// As records write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            ActorKind::State => "state",
            ActorKind::Group => "group",
            ActorKind::Bloc => "bloc",
            ActorKind::Body => "body",
            ActorKind::NonState => "nonstate",
            ActorKind::Person => "person",
        }
    }
}

/// Somebody who can do something to somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// Our id.
    pub id: ActorId,
    /// The usual name.
    pub name: String,
    /// What it is.
    pub kind: ActorKind,
    /// The state that it belongs to; a state belongs to itself.
    pub state: Option<String>,
    /// The code that records print: the state's, or PLOVER's for those who belong to none.
    pub code: Option<String>,
    /// The sector, where it does not depend on the date.
    pub sector: Option<Sector>,
    /// How long it existed.
    #[serde(with = "crate::pack::interval")]
    pub interval: Interval,
    /// Where the fact comes from.
    pub source: String,
    /// The row.
    pub row: RowRef,
}

/// A row of `actors/states.tsv`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// ISO 3166 alpha-3, or three letters of our own for states that are gone.
    pub id: String,
    /// The usual name.
    pub name: String,
    /// How long it existed.
    #[serde(with = "crate::pack::interval")]
    pub interval: Interval,
    /// Correlates of War's number.
    pub cow: Option<u16>,
    /// Gleditsch and Ward's number.
    pub gw: Option<u16>,
    /// ISO 3166 alpha-2.
    pub iso2: Option<String>,
    /// FIPS 10-4.
    pub fips: Option<String>,
    /// Wikidata's item.
    pub wikidata: Option<String>,
    /// The capital.
    pub capital: Option<String>,
    /// The state that followed it.
    pub successor: Option<String>,
    /// Where the fact comes from.
    pub source: String,
    /// The row.
    pub row: RowRef,
}

/// A row of `actors/bodies.tsv`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    /// Our id.
    pub id: String,
    /// The usual name.
    pub name: String,
    /// The state or group that it belongs to.
    pub owner: String,
    /// The sector.
    pub sector: Option<Sector>,
    /// How long it existed.
    #[serde(with = "crate::pack::interval")]
    pub interval: Interval,
    /// Where the fact comes from.
    pub source: String,
    /// The row.
    pub row: RowRef,
}

/// A row of `actors/nonstate.tsv`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NonState {
    /// Our id.
    pub id: String,
    /// The usual name.
    pub name: String,
    /// The state where it is placed.
    pub state: Option<String>,
    /// PLOVER's code, where it is placed in no state.
    pub code: Option<String>,
    /// The sector.
    pub sector: Option<Sector>,
    /// How long it existed.
    #[serde(with = "crate::pack::interval")]
    pub interval: Interval,
    /// Where the fact comes from.
    pub source: String,
    /// The row.
    pub row: RowRef,
}

/// A row of `actors/persons.tsv`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Our id.
    pub id: String,
    /// The usual name.
    pub name: String,
    /// The state of the person.
    pub state: Option<String>,
    /// The sector when out of office, or always.
    pub sector: Option<Sector>,
    /// The surnames that news uses, where they are not the last words of the names.
    pub surnames: Vec<String>,
    /// Other spellings and forms of the name.
    pub aliases: Vec<String>,
    /// Where the fact comes from.
    pub source: String,
    /// The row.
    pub row: RowRef,
}

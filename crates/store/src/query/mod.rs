//! What to find: a query as a value and as a line of text, the one read from the other and printed back.
//!
//! The ledger does not know the world: whoever asks says whom a name stands for, as an [`ActorSet`].
//!
//! ```
//! use demarche_core::{ActorSet, Designation};
//! use demarche_store::Query;
//! let who = |name: &str| Some(ActorSet::one(name, Designation::Code(name.to_string())));
//! let query = Query::parse("RUS>UKR type:ASSAULT from:2025-01 \"power station\"", &who).unwrap();
//! assert_eq!(query.to_string(), "RUS>UKR type:ASSAULT from:2025-01-01 \"power station\"");
//! let faults = Query::parse("type:WAR", &who).unwrap_err();
//! assert_eq!((faults[0].column, faults[0].what.as_str()), (6, "no event type WAR"));
//! ```

mod ends;
mod parse;
mod print;
pub(crate) mod select;
mod sql;

pub use parse::QueryFault;
pub use select::Cursor;

use crate::entries::Selection;
use demarche_core::{ActorSet, EventType, Modality, Mode, Polarity, QuadClass};
use jiff::civil::Date;

/// What to find. What is absent does not narrow.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// Words that the sentence or the name or office of a party must have, all of them.
    pub text: Vec<Term>,
    /// Each must be a party, on whichever side.
    pub actors: Vec<ActorSet>,
    /// Between whom.
    pub pair: Option<Pair>,
    /// One of these types.
    pub types: Vec<EventType>,
    /// One of these modes.
    pub modes: Vec<Mode>,
    /// One of these quad classes.
    pub classes: Vec<QuadClass>,
    /// Said to be so, or not to be so.
    pub polarity: Option<Polarity>,
    /// How it is put.
    pub modality: Option<Modality>,
    /// On this day or later.
    pub from: Option<Date>,
    /// Before this day.
    pub until: Option<Date>,
    /// A place or first-level division, in any case of letters.
    pub place: Option<String>,
    /// The state in which it happened, ISO 3166 alpha-3.
    pub country: Option<String>,
    /// Who published the report.
    pub publisher: Option<String>,
    /// The data set, `demarche` for the project's own coding.
    pub dataset: Option<String>,
    /// The story, `s-…`.
    pub story: Option<String>,
    /// The document, `d-…`.
    pub document: Option<String>,
    /// Happenings that at least so many independent origins report; 0 or 1 for all.
    pub min_origins: u32,
    /// As the ledger knew it at the end of this day: what came or went later is not seen.
    pub known_on: Option<Date>,
    /// Also what did not happen: denied, planned, possible, demanded.
    pub all: bool,
    /// Every report, and not each happening once.
    pub reports: bool,
}

/// A word, or words that stand together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// The words.
    pub words: String,
    /// Whether the last may go on ("sanction*").
    pub begins: bool,
}

/// Two sides of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// The one.
    pub source: ActorSet,
    /// The other.
    pub target: ActorSet,
    /// Whether only what the first does to the second is meant.
    pub directed: bool,
}

impl Query {
    /// Everything between two, both ways or from the one to the other.
    pub fn between(source: ActorSet, target: ActorSet, directed: bool) -> Query {
        Query { pair: Some(Pair { source, target, directed }), ..Query::default() }
    }

    /// The same query in other words: with a period.
    #[must_use]
    pub fn during(mut self, from: Option<Date>, until: Option<Date>) -> Query {
        (self.from, self.until) = (from, until);
        self
    }

    /// The same within bounds that are given beside it: their days go before its own, all else narrows or widens it.
    #[must_use]
    pub fn bounded(mut self, bounds: &Selection) -> Query {
        self.from = bounds.from.or(self.from);
        self.until = bounds.until.or(self.until);
        self.known_on = bounds.known_on.or(self.known_on);
        self.min_origins = bounds.min_origins.max(self.min_origins);
        self.all |= bounds.all;
        self
    }

    /// Whether events are found that did not happen.
    pub(crate) fn beyond_counts(&self) -> bool {
        self.all || self.polarity.is_some() || self.modality.is_some()
    }
}

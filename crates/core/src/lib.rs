//! What do we mean by an event? The words that every other part of demarche shares.
//!
//! Three types to know: [`Event`] (who did what to whom, when, where, according to whom),
//! [`Span`] (bytes of one frozen text) and [`Interval`] (civil dates, half-open).
//! All are plain values: public fields, no behaviour beyond their own algebra.
//!
//! ```
//! use demarche_core::{EventType, Interval, Span};
//! assert_eq!(EventType::Sanction.quad().number(), 4);
//! assert!(Span::new(0, 10).contains(Span::new(2, 5)));
//! let term = Interval::parse("2009-01-20", "2017-01-20").unwrap();
//! assert!(term.contains(jiff::civil::date(2016, 12, 31)));
//! assert!(!term.contains(jiff::civil::date(2017, 1, 20)));
//! ```
//!
//! It does no input or output, knows no language and no fact of the world.

pub mod actor;
pub mod codes;
pub mod event;
pub mod id;
pub mod ontology;
pub mod place;
pub mod record;
pub mod span;
pub mod tie;
pub mod time;

pub use actor::{ActorRef, ActorSet, Designation, Member};
pub use codes::{Act, Codes, StateCode};
pub use event::{Attribution, Event, Evidence, Modality, Polarity, Quote, Role, Statement, Tense};
pub use id::{ActorId, DocId, stable_hash};
pub use ontology::{Context, EventType, Mode, QuadClass, Sector};
pub use place::{Place, PlacePrecision};
pub use record::{Caption, DocumentRecord, Furniture, Note, Record};
pub use span::{SentenceIx, Span, TokenIx};
pub use tie::{Check, CheckObject, Reference, Relation, RelationKind, Verdict};
pub use time::{Basis, Interval, Precision, Scope, When, first_day};

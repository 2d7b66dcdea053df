//! What has been reported so far? The ledger: documents, coded events and all else that a coding yields,
//! kept in one SQLite file, grouped into stories, asked by query.
//!
//! Three types to know: [`Ledger`] (an open file), [`Writer`] (one run that writes) and [`Entry`] (an event as it goes
//! in and out). `docs/ledger.md` describes the tables for those who open the file by hand.
//!
//! It sees records alone: it cannot read a text, look up a state or reach the network, and it has no clock.

pub mod bulk;
pub mod collect;
pub mod correct;
pub mod days;
mod dictionary;
mod document;
pub mod entries;
pub mod entry;
pub mod error;
pub mod format;
mod insert;
pub mod ledger;
pub mod query;
pub mod read;
pub mod recode;
mod rollup;
mod rows;
pub mod run;
mod schema;
mod stories;
pub mod story;
pub mod verify;
pub mod write;

pub use correct::{Act, Correction};
pub use entries::Selection;
pub use entry::Entry;
pub use error::{Error, Result};
pub use ledger::{Access, Interrupter, Ledger};
pub use query::{Cursor, Pair, Query, QueryFault, Term};
pub use read::{Reader, Stored};
pub use recode::{Recoded, StoredDocument};
pub use run::{Cause, Change, DiffCursor, Difference, Differing, Run, RunDiff};
pub use verify::Fault;
pub use write::{Added, DocumentIn, Mark, RunKind, RunSpec, SentenceSpan, Writer};

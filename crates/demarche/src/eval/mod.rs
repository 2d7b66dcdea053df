//! Scoring against gold: one module a task, each with a figure type that prints itself.
//!
//! Gold files come from where the user keeps them (`$DEMARCHE_DATA` in the documentation); nothing is built in.

pub mod actors;
pub mod annotated;
pub mod attribution;
pub mod events;
pub mod extract;
pub mod factuality;
pub mod ner;
pub mod pairs;
pub mod parse;
pub mod places;
pub mod stories;
pub mod timex;

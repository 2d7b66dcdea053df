//! What does this say, as language? Bytes become a frozen [`Document`].
//!
//! Three types to know: [`Article`] (as published), [`Document`] (clean text, sentences, tokens, parse; frozen)
//! and [`Analyzer`] with its reusable [`Worker`].
//! It knows English and no politics, and never fails on text: what is strange becomes a note.

pub mod analyze;
pub mod article;
pub mod clean;
pub mod conllu;
pub mod document;
pub mod language;
pub mod model;
pub mod quote;
pub mod segment;
mod sound;
pub mod tag;
pub mod timex;
pub mod token;

pub use analyze::{Analyzer, Worker};
pub use article::Article;
pub use document::{Document, Entity, Meta, Sentence, SentenceKind, Token};
pub use model::{EntityKind, EntityTag};
pub use quote::Quotation;
pub use tag::Upos;
pub use timex::{Timex, TimexKind};

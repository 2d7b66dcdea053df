//! The lines that `demarche code --format jsonl` prints: one object each, told apart by `kind`.

use crate::{ActorRef, Basis, Check, DocId, Event, Relation, Span, Statement};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A stretch of the page that is no part of the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Furniture {
    /// Where it stands.
    #[serde(flatten)]
    pub span: Span,
    /// What it is ("share button", "newsletter").
    pub why: String,
}

/// The caption of a picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caption {
    /// Where it stands, credit included.
    #[serde(flatten)]
    pub span: Span,
    /// Whose picture it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credit: Option<String>,
}

/// What is known of a document as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentRecord {
    /// The document.
    pub id: DocId,
    /// The id that came with the article.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub article_id: Option<String>,
    /// Its title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Its address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The day of publication.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<Date>,
    /// How that day is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published_basis: Option<Basis>,
    /// The publisher as given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub publisher: Option<String>,
    /// ISO 639-1 code of the language.
    pub lang: String,
    /// How many sentences.
    pub sentences: u32,
    /// The text that all offsets count in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clean_text: Option<String>,
    /// Everybody known whom the article names, in the order of their first mention.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub actors: Vec<ActorRef>,
    /// Page furniture.
    pub furniture: Vec<Furniture>,
    /// Photo captions.
    pub captions: Vec<Caption>,
}

/// A remark of the coder on something that it left out or doubts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// The document.
    pub document: DocId,
    /// The sentence, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sentence: Option<u32>,
    /// The remark.
    pub why: String,
    /// The words in question.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// One line of output.
#[allow(missing_docs)]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Record {
    Document(DocumentRecord),
    Event(Event),
    Statement(Statement),
    Relation(Relation),
    Check(Check),
    Note(Note),
}

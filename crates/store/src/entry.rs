//! An event as it goes into a ledger from another data set, and as it comes out for one.

use demarche_core::{DocId, Event};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// A coded event with what is known of its report.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The event. Its `document` counts for the project's own coding alone; of other data sets it is not kept.
    pub event: Event,
    /// The data set: `demarche`, `polecat`, `icews`, `gdelt1`, `gdelt2`, `plover`.
    pub dataset: String,
    /// The id in that data set, as it was written.
    pub source_id: Option<String>,
    /// Who published the report.
    pub publisher: Option<String>,
    /// When.
    pub published: Option<Date>,
    /// Where.
    pub url: Option<String>,
    /// Under which title.
    pub title: Option<String>,
    /// In which language.
    pub lang: Option<String>,
    /// The version of the coder that made the event.
    pub version: Option<String>,
    /// The words, where there are any.
    pub sentence_text: Option<String>,
    /// Columns that have no field of their own, by their name, so that what goes out equals what came in.
    pub extra: BTreeMap<String, String>,
}

impl Entry {
    /// An event of a data set, of whose report nothing is known.
    pub fn bare(dataset: impl Into<String>, event: Event) -> Entry {
        Entry {
            event,
            dataset: dataset.into(),
            source_id: None,
            publisher: None,
            published: None,
            url: None,
            title: None,
            lang: None,
            version: None,
            sentence_text: None,
            extra: BTreeMap::new(),
        }
    }

    /// What stands for the document of an event of another data set, which has none here.
    pub fn no_document() -> DocId {
        DocId::of(&[])
    }
}

//! What every source of articles has in common: it hands over one item after the other, says what it passes over and
//! what is broken, and how far it has been read, so that an interrupted run goes on from there.

use demarche_store::Mark;
use demarche_text::Article;
use std::collections::BTreeMap;
use std::sync::Arc;

/// One step of a source.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// An article.
    Article(Box<Found>),
    /// Something that is left out, and why ("status 404", "image/png").
    Passed {
        /// The source.
        place: String,
        /// Why; the same words for the same reason, since the summary counts them.
        why: String,
    },
    /// Something that cannot be read, said with its place.
    Fault {
        /// The source.
        place: String,
        /// The fault, with file and line or address.
        what: String,
    },
    /// All before this is done: what to remember of the source when that is in the ledger.
    /// Its counts (`taken`, `skipped`, `faulty`) are filled in by whoever writes it.
    Mark(Box<Mark>),
}

/// An article and where it was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The article.
    pub article: Article,
    /// The source: a file as it was named, an address of a feed.
    pub place: String,
}

/// A source: what it yields, in an order that does not depend on anything but itself.
pub type Source = Box<dyn Iterator<Item = Item> + Send>;

/// How far each source was read when the run began, by place.
pub type Marks = Arc<BTreeMap<String, Mark>>;

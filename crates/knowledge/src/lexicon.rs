//! Words that say how far a thing is asserted: verbs of saying with their stance, and lists of words that
//! deny, plan, demand or doubt.

use crate::RowRef;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A row of `language/speech-verbs.tsv`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpeechVerb {
    /// The verb's lemma.
    pub lemma: String,
    /// What the speaker does with what is said: `asserts`, `denies`, `promises`, …
    pub stance: String,
    /// A group of verbs that are used alike: `plain`, `report`, `judge`, …
    pub kind: Option<String>,
    /// A remark for the editor.
    pub note: Option<String>,
    /// The row.
    pub row: RowRef,
}

/// The words of one language that bear on factuality and attribution.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Lexicon {
    /// Verbs of saying, by lemma.
    pub speech: BTreeMap<String, SpeechVerb>,
    /// The lists of `language/factuality.toml`, `references.toml` and `registers.toml`, by dotted key (`negation`,
    /// `governors.planned`); words sorted.
    pub lists: BTreeMap<String, Vec<String>>,
}

impl Lexicon {
    /// The stance of a verb of saying; `None` for other verbs.
    pub fn stance(&self, lemma: &str) -> Option<&str> {
        self.speech.get(lemma).map(|verb| verb.stance.as_str())
    }
    /// A list by its dotted key; empty where there is none.
    pub fn list(&self, key: &str) -> &[String] {
        self.lists.get(key).map_or(&[], Vec::as_slice)
    }
    /// Whether a list holds a word.
    pub fn has(&self, key: &str, word: &str) -> bool {
        self.list(key).binary_search_by(|known| known.as_str().cmp(word)).is_ok()
    }
}

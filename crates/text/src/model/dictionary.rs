//! Words whose dictionary form is known: what the tables are written in, and the irregular pasts.
//!
//! The network spells lemmas letter by letter; where it makes no word ("conced" of "conceded"), the patterns that
//! wait for the word would never see it.

use std::collections::{HashMap, HashSet};

/// Dictionary forms and irregular pasts, all lower-case.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Dictionary {
    words: HashSet<Box<str>>,
    pasts: HashMap<Box<str>, Box<str>>,
}

impl Dictionary {
    /// From dictionary forms, and pairs of a past form and its verb.
    pub fn new<'t>(
        words: impl IntoIterator<Item = &'t str>,
        pasts: impl IntoIterator<Item = (&'t str, &'t str)>,
    ) -> Dictionary {
        Dictionary {
            words: words.into_iter().map(Box::from).collect(),
            pasts: pasts.into_iter().map(|(past, verb)| (past.into(), verb.into())).collect(),
        }
    }

    pub(crate) fn has(&self, word: &str) -> bool {
        self.words.contains(word)
    }

    /// The verb whose past tense or past participle this form is.
    pub(crate) fn verb_of_past(&self, form: &str) -> Option<&str> {
        self.pasts.get(form).map(|verb| &**verb)
    }
}

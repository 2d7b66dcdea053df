//! A query as the line of text that it is read from.

use super::{Query, Term};
use crate::dictionary::name;
use std::fmt;

/// As it stands where it is one plain word, in quotation marks otherwise.
fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '-');
    if !text.is_empty() && text.chars().all(plain) { text.to_string() } else { format!("\"{text}\"") }
}

/// A word without a hyphen: one with a hyphen could be a dyad.
fn word(term: &Term) -> String {
    let plain = term.words.chars().all(char::is_alphanumeric);
    let words = if plain { term.words.clone() } else { format!("\"{}\"", term.words) };
    words + if term.begins { "*" } else { "" }
}

impl fmt::Display for Query {
    /// Parties first, words last; [`Query::parse`] reads it back as the same query.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        if let Some(pair) = &self.pair {
            let (source, target) = (quoted(&pair.source.name), quoted(&pair.target.name));
            let hyphen =
                source.contains(['-', '"']) || target.contains(['-', '"']) || !source.contains(char::is_uppercase);
            let mark = if pair.directed {
                ">"
            } else if hyphen {
                "<>"
            } else {
                "-"
            };
            parts.push(format!("{source}{mark}{target}"));
        }
        parts.extend(self.actors.iter().map(|actor| format!("actor:{}", quoted(&actor.name))));
        let mut list = |key: &str, values: Vec<String>| {
            if !values.is_empty() {
                parts.push(format!("{key}:{}", values.join(",")));
            }
        };
        list("type", self.types.iter().map(|t| t.to_string()).collect());
        list("mode", self.modes.iter().map(|m| m.to_string()).collect());
        list("class", self.classes.iter().map(|c| c.number().to_string()).collect());
        let mut one = |key: &str, value: Option<String>| {
            parts.extend(value.map(|value| format!("{key}:{value}")));
        };
        one("polarity", self.polarity.as_ref().map(name));
        one("modality", self.modality.as_ref().map(name));
        one("from", self.from.map(|d| d.to_string()));
        one("until", self.until.map(|d| d.to_string()));
        one("place", self.place.as_deref().map(quoted));
        one("country", self.country.as_deref().map(quoted));
        one("publisher", self.publisher.as_deref().map(quoted));
        one("dataset", self.dataset.as_deref().map(quoted));
        one("story", self.story.as_deref().map(quoted));
        one("document", self.document.as_deref().map(quoted));
        one("min-origins", (self.min_origins > 0).then(|| self.min_origins.to_string()));
        one("known", self.known_on.map(|d| d.to_string()));
        one("all", self.all.then(|| "yes".to_string()));
        one("reports", self.reports.then(|| "yes".to_string()));
        parts.extend(self.text.iter().map(word));
        f.write_str(&parts.join(" "))
    }
}

//! Whose report it is: the publisher as the tables know it, and whom the report credits. Reports that go back to one
//! agency do not confirm each other.

use demarche_knowledge::{Knowledge, Publisher};
use demarche_text::Document;
use std::collections::HashMap;

/// As many bytes of a report are looked through for the house that it draws on; further down it tells what others say.
const OPENING: usize = 400;
/// A last line that is no longer than this may be a credit.
const LAST_LINE: usize = 80;
/// No name has more words.
const WORDS: usize = 5;

/// The names of all publishers.
pub struct Houses<'k> {
    by_name: HashMap<&'k str, &'k Publisher>,
}

/// Where a report comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lineage {
    /// The id of its publisher, where the tables know it.
    pub outlet: Option<String>,
    /// Ids of the publishers that it credits, the head of the chain first.
    pub credits: Vec<String>,
}

impl<'k> Houses<'k> {
    /// Those of the tables.
    pub fn new(knowledge: &'k Knowledge) -> Houses<'k> {
        Houses { by_name: knowledge.tables().publishers.iter().map(|p| (p.name.as_str(), p)).collect() }
    }

    /// Publishers named in a text, in order, with where each name begins.
    fn named(&self, text: &str) -> Vec<(usize, &'k Publisher)> {
        let inside = |at: usize| {
            let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
            letter(text[..at].chars().next_back()) && letter(text[at..].chars().next())
        };
        let borders: Vec<usize> =
            text.char_indices().map(|(at, _)| at).chain([text.len()]).filter(|&at| !inside(at)).collect();
        let mut found = Vec::new();
        let mut past = 0;
        for (n, &start) in borders.iter().enumerate() {
            if start < past || !text[start..].starts_with(char::is_alphanumeric) {
                continue;
            }
            // A word has a border on each side of it and of what parts it from the next.
            let ends = borders[n + 1..].iter().take(3 * WORDS).rev();
            if let Some((end, house)) =
                ends.filter_map(|&end| Some((end, *self.by_name.get(&text[start..end])?))).next()
            {
                found.push((start, house));
                past = end;
            }
        }
        found
    }

    /// Where a document comes from.
    pub fn lineage(&self, doc: &Document) -> Lineage {
        let publisher = doc.meta.publisher.as_deref();
        let outlet = publisher.and_then(|p| self.named(p).first().map(|(_, house)| house.id.clone()));
        let dateline = doc.meta.dateline.as_deref().unwrap_or_default();
        let mut credits: Vec<String> = Vec::new();
        let mut credit = |house: &Publisher| {
            if outlet.as_ref() != Some(&house.id) && !credits.contains(&house.id) {
                credits.push(house.id.clone());
            }
        };
        // Whom the report itself draws on comes before the agency that brought it: "KCNA said" under "(Reuters)".
        let opening: String = doc.text.chars().take(OPENING).collect();
        let opening = if dateline.is_empty() { opening } else { opening.replacen(dateline, " ", 1) };
        for (at, house) in self.named(&opening) {
            let bracketed = opening[..at].ends_with('(');
            if matches!(house.kind.as_str(), "agency" | "official") && house.name.len() > 2 || bracketed {
                credit(house);
            }
        }
        let bracketed = dateline.split_once('(').map_or("", |(_, rest)| rest);
        let last = doc.text.lines().next_back().filter(|line| line.len() <= LAST_LINE).unwrap_or_default();
        for text in [bracketed, doc.meta.byline.as_deref().unwrap_or_default(), last] {
            self.named(text).into_iter().for_each(|(_, house)| credit(house));
        }
        Lineage { outlet, credits }
    }
}

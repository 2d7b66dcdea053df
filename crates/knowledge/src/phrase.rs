//! Finding known phrases in running text: one walk over a word's letters tells every phrase that begins there.

use crate::fold;
use crate::pack::Bytes;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Phrases by their folded letters, each with the numbers of those who bear it.
#[derive(Clone, Default)]
pub(crate) struct Phrases {
    map: Option<fst::Map<Bytes>>,
    /// For each phrase how many numbers follow, and then the numbers.
    bearers: Vec<u32>,
}

/// The same as bytes that need no rebuilding.
#[derive(Serialize, Deserialize)]
pub(crate) struct PackedPhrases<'p> {
    map: &'p [u8],
    bearers: Cow<'p, [u32]>,
}

impl Phrases {
    /// An index of these texts, numbered in order.
    pub(crate) fn new<'t>(texts: impl Iterator<Item = &'t str>) -> Phrases {
        let mut by_key: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        for (number, text) in (0..).zip(texts) {
            let key = fold::key(text);
            if !key.is_empty() {
                by_key.entry(key).or_default().push(number);
            }
        }
        let mut bearers = Vec::new();
        let entries = by_key.into_iter().map(|(key, numbers)| {
            let at = bearers.len() as u64;
            bearers.push(numbers.len() as u32);
            bearers.extend(numbers);
            (key, at)
        });
        // The keys come sorted and once each, which is all that could fail here.
        let map = fst::Map::from_iter(entries).and_then(|map| map.map_data(Cow::Owned)).ok();
        Phrases { map, bearers }
    }

    pub(crate) fn pack(&self) -> PackedPhrases<'_> {
        let map = self.map.as_ref().map_or(&[][..], |map| map.as_fst().as_bytes());
        PackedPhrases { map, bearers: Cow::Borrowed(&self.bearers) }
    }
    /// `None` where the bytes are no index.
    pub(crate) fn unpack<'p>(packed: PackedPhrases<'p>, keep: impl Fn(&'p [u8]) -> Bytes) -> Option<Phrases> {
        let map = if packed.map.is_empty() { None } else { Some(fst::Map::new(keep(packed.map)).ok()?) };
        Some(Phrases { map, bearers: packed.bearers.into_owned() })
    }

    fn numbers(&self, at: u64) -> &[u32] {
        let at = at as usize;
        let count = self.bearers.get(at).map_or(0, |&count| count as usize);
        self.bearers.get(at + 1..at + 1 + count).unwrap_or(&[])
    }

    /// Every phrase that begins at this byte and ends at the end of a word, shortest first: its end, its bearers.
    pub(crate) fn starting_at<'p>(&'p self, text: &str, start: usize) -> Vec<(usize, &'p [u32])> {
        let found = self.map.as_ref().map(|map| walk(map, text, start)).unwrap_or_default();
        found.into_iter().map(|(end, value)| (end, self.numbers(value))).collect()
    }
}

/// Every key that begins at this byte and ends at the end of a word, shortest first: its end, its value.
pub(crate) fn walk(map: &fst::Map<Bytes>, text: &str, start: usize) -> Vec<(usize, u64)> {
    let mut found = Vec::new();
    let Some(rest) = text.get(start..) else { return found };
    let fst = map.as_fst();
    let mut node = fst.root();
    let mut output = 0;
    let mut lines = 0;
    let mut letters = rest.char_indices().peekable();
    while let Some((_, letter)) = letters.next() {
        if letter.is_whitespace() {
            // A phrase may be broken over two lines, not over two paragraphs.
            lines += u32::from(letter == '\n');
            if lines > 1 {
                break;
            }
            if letters.peek().is_some_and(|&(_, next)| next.is_whitespace()) {
                continue;
            }
            lines = 0;
        }
        let mut lost = false;
        fold::key_of(letter, |c| {
            let mut buffer = [0; 4];
            for &byte in c.encode_utf8(&mut buffer).as_bytes() {
                match node.find_input(byte) {
                    Some(ix) if !lost => {
                        let step = node.transition(ix);
                        output += step.out.value();
                        node = fst.node(step.addr);
                    }
                    _ => lost = true,
                }
            }
        });
        if lost {
            break;
        }
        let (end, next) = letters.peek().map_or((rest.len(), None), |&(at, next)| (at, Some(next)));
        if node.is_final() && ends_word(letter, next) {
            found.push((start + end, output + node.final_output().value()));
        }
    }
    found
}

/// Whether a word ends between two characters.
fn ends_word(last: char, next: Option<char>) -> bool {
    !last.is_whitespace() && next.is_none_or(|next| !next.is_alphanumeric() && !fold::mark(next))
}

/// How well a stretch of text agrees with a phrase that has the same key; less is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Agreement {
    /// Letter by letter.
    Exact,
    /// But for accents, or a capital where a sentence begins.
    Folded,
    /// The text is all in capitals.
    Capitals,
}

/// Whether the two are the same letter by letter, whatever the shapes of quotes, dashes and spaces.
pub(crate) fn same(text: &str, phrase: &str) -> bool {
    text == phrase || fold::shaped(text).eq(fold::shaped(phrase))
}

/// How the text agrees with the phrase; `None` where only a difference of case makes them alike.
pub(crate) fn agreement(text: &str, phrase: &str) -> Option<Agreement> {
    if same(text, phrase) {
        return Some(Agreement::Exact);
    }
    let (here, known) = (fold::plain(text), fold::plain(phrase));
    if here == known || raised(&here, &known) {
        return Some(Agreement::Folded);
    }
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    (letters >= 4 && !text.chars().any(char::is_lowercase)).then_some(Agreement::Capitals)
}

/// Whether the two differ in nothing but a capital that opens the first ("Al-Nur", "al-Nur").
pub(crate) fn raised(here: &str, known: &str) -> bool {
    let (mut a, mut b) = (here.chars(), known.chars());
    match (a.next(), b.next()) {
        (Some(first), Some(second)) => {
            first.is_uppercase()
                && second.is_lowercase()
                && first.to_lowercase().eq(second.to_lowercase())
                && a.as_str() == b.as_str()
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agreement_is_graded() {
        for (text, phrase, expected) in [
            ("al-Nur", "al-Nur", Some(Agreement::Exact)),
            ("Sana\u{2019}a", "Sana'a", Some(Agreement::Exact)),
            ("Al-Nur", "al-Nur", Some(Agreement::Folded)),
            ("Erdogan", "Erdoğan", Some(Agreement::Folded)),
            ("AL-NUR", "al-Nur", Some(Agreement::Capitals)),
            ("XI", "Xi", None),
            ("polish", "Polish", None),
            ("al-nur", "al-Nur", None),
        ] {
            assert_eq!(agreement(text, phrase), expected, "{text} {phrase}");
        }
    }

    #[test]
    fn phrases_share_beginnings() {
        let phrases = Phrases::new(["New York", "New York Times", "York", "New"].into_iter());
        let found: Vec<(usize, &[u32])> = phrases.starting_at("New York Times, York", 0);
        assert_eq!(found, [(3, &[3][..]), (8, &[0]), (14, &[1])]);
        assert_eq!(phrases.starting_at("New York Timesman", 0).len(), 2);
        assert!(phrases.starting_at("Newark", 0).is_empty());
    }
}

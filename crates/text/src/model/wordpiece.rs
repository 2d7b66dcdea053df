//! The encoder knows pieces, not words: here a word is cut into those it knows.
//!
//! `training/wordpiece.py` does the same, and a change here is a change there.

use std::collections::HashMap;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// A run of letters longer than this is not looked up.
const MAX_CHARS: usize = 100;
/// A word of more pieces (a line of equals signs, a base64 blob) is represented by its first ones.
const MAX_PIECES: usize = 48;
/// Added to the casing class of every piece that is not a word's first.
const CONTINUATION: u8 = 8;

/// Replaces typographic quotes, dashes and ellipses by the plain ones the treebanks mostly have.
pub(super) fn canonical(word: &str, out: &mut String) {
    out.clear();
    for c in word.chars() {
        match c {
            '\u{2018}' | '\u{2019}' | '\u{201b}' | '\u{b4}' | '`' => out.push('\''),
            '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{ab}' | '\u{bb}' => out.push('"'),
            '\u{2010}'..='\u{2015}' => out.push('-'),
            '\u{2026}' => out.push_str("..."),
            other => out.push(other),
        }
    }
}

/// The casing class of a word, 0 to 6: no letters, lower, capitalised, all upper, one upper letter,
/// mixed from an upper, mixed from a lower letter.
fn casing(word: &str) -> u8 {
    let (mut letters, mut uppers, mut first_upper) = (0_usize, 0_usize, false);
    for c in word.chars().filter(|c| c.is_uppercase() || c.is_lowercase()) {
        first_upper |= letters == 0 && c.is_uppercase();
        letters += 1;
        uppers += usize::from(c.is_uppercase());
    }
    match (letters, uppers) {
        (0, _) => 0,
        (_, 0) => 1,
        (1, 1) => 4,
        (l, u) if l == u => 3,
        (_, 1) if first_upper => 2,
        _ if first_upper => 5,
        _ => 6,
    }
}

/// Does this character always stand as a piece of its own?
fn is_cut(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_punctuation() } else { !c.is_alphanumeric() }
}

/// The vocabulary, looked up by greedy longest match.
pub(super) struct Wordpiece {
    starts: HashMap<Box<str>, u32>,
    continuations: HashMap<Box<str>, u32>,
    /// No run is longer than the longest piece, in characters.
    longest: usize,
    unknown: u32,
    /// The piece that opens a sentence and stands for the root.
    pub(super) cls: u32,
    /// The piece that closes a sentence.
    pub(super) sep: u32,
}

/// What is kept from word to word so that cutting allocates nothing.
#[derive(Default)]
pub(super) struct CutScratch {
    folded: String,
    plain: String,
}

impl Wordpiece {
    /// Reads newline-separated pieces in the order of their ids; `fault` is told of everything wrong.
    pub(super) fn read(text: &str, mut fault: impl FnMut(String)) -> Self {
        let (mut starts, mut continuations, mut longest) = (HashMap::new(), HashMap::new(), 1);
        for (id, piece) in (0_u32..).zip(text.split('\n')) {
            let (table, body) = match piece.strip_prefix("##") {
                Some(body) if !body.is_empty() => (&mut continuations, body),
                _ => (&mut starts, piece),
            };
            longest = longest.max(body.chars().count());
            if body.is_empty() {
                fault(format!("piece {id} of the vocabulary is empty"));
            }
            if let Some(before) = table.insert(Box::from(body), id) {
                fault(format!("pieces {before} and {id} of the vocabulary are the same, `{piece}`"));
            }
        }
        let mut special = |name: &str| {
            starts.get(name).copied().unwrap_or_else(|| {
                fault(format!("the vocabulary has no {name}"));
                0
            })
        };
        let (unknown, cls, sep) = (special("[UNK]"), special("[CLS]"), special("[SEP]"));
        Self { starts, continuations, longest, unknown, cls, sep }
    }

    /// Whether a lower-case word is one piece: a word that the encoder saw often.
    pub(super) fn knows(&self, word: &str) -> bool {
        self.starts.contains_key(word)
    }

    /// Appends the pieces of one word and their casing classes; at least one, at most
    /// [`MAX_PIECES`]. Returns how many.
    pub(super) fn cut(
        &self,
        word: &str,
        scratch: &mut CutScratch,
        pieces: &mut Vec<u32>,
        casings: &mut Vec<u8>,
    ) -> usize {
        let before = pieces.len();
        canonical(word, &mut scratch.plain);
        scratch.folded.clear();
        if scratch.plain.is_ascii() {
            scratch.folded.extend(scratch.plain.chars().map(|c| c.to_ascii_lowercase()));
        } else {
            let lower = scratch.plain.to_lowercase();
            scratch.folded.extend(lower.nfd().filter(|c| !is_combining_mark(*c)));
        }
        let folded = scratch.folded.as_str();
        let mut run = 0;
        for (at, c) in folded.char_indices() {
            if pieces.len() - before > MAX_PIECES {
                break;
            }
            let space = c.is_whitespace();
            if space || is_cut(c) {
                self.longest_match(&folded[run..at], pieces);
                run = at + c.len_utf8();
                if !space {
                    self.longest_match(&folded[at..run], pieces);
                }
            }
        }
        self.longest_match(&folded[run..], pieces);
        if pieces.len() == before {
            pieces.push(self.unknown);
        }
        pieces.truncate(before + MAX_PIECES);
        let shape = casing(word);
        casings.push(shape);
        casings.resize(pieces.len(), shape + CONTINUATION);
        pieces.len() - before
    }

    fn longest_match(&self, run: &str, pieces: &mut Vec<u32>) {
        if run.is_empty() {
            return;
        }
        let before = pieces.len();
        let mut rest = run;
        let mut whole = run.chars().take(MAX_CHARS + 1).count() <= MAX_CHARS;
        while whole && !rest.is_empty() {
            let table = if rest.len() == run.len() { &self.starts } else { &self.continuations };
            let far = rest.char_indices().nth(self.longest).map_or(rest.len(), |(at, _)| at);
            let found = (1..=far)
                .rev()
                .filter(|end| rest.is_char_boundary(*end))
                .find_map(|end| table.get(&rest[..end]).map(|id| (end, *id)));
            match found {
                Some((end, id)) => {
                    pieces.push(id);
                    rest = &rest[end..];
                }
                None => whole = false,
            }
        }
        if !whole {
            pieces.truncate(before);
            pieces.push(self.unknown);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_cut_greedily_and_folded() {
        let w = Wordpiece::read("[UNK]\n[CLS]\n[SEP]\nkim\n##chi\n'\ns\nerdogan\n-", |fault| panic!("{fault}"));
        let mut scratch = CutScratch::default();
        let mut cut = |word: &str| {
            let (mut p, mut c) = (vec![], vec![]);
            w.cut(word, &mut scratch, &mut p, &mut c);
            (p, c)
        };
        assert_eq!(cut("Kimchi"), (vec![3, 4], vec![2, 10]));
        assert_eq!(cut("’s"), (vec![5, 6], vec![1, 9]));
        assert_eq!(cut("ERDOĞAN"), (vec![7], vec![3]));
        assert_eq!(cut("—"), (vec![8], vec![0]));
        assert_eq!(cut("xyz"), (vec![0], vec![1]));
        assert_eq!(cut(""), (vec![0], vec![0]));
        assert_eq!(cut(&"=".repeat(5000)).0.len(), MAX_PIECES);
    }
}

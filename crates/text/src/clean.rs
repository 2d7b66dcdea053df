//! Offsets are promised in one text that never changes: this module makes that text, once.
//!
//! The publisher's characters stay as they are (quotes, dashes, accents); only what no reader sees goes:
//! kinds of newline and space become one, invisible and control characters and soft hyphens are dropped,
//! and a letter with a combining mark becomes one character. A map leads back to the bytes as they were.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A cleaned text and the way back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Clean {
    /// The cleaned text.
    pub text: String,
    /// Where the distance between clean and original offsets changes: pairs (clean, original), rising.
    map: Vec<(usize, usize)>,
}

impl Clean {
    /// Cleans a text.
    pub fn of(original: &str) -> Clean {
        let mut clean = Clean { text: String::with_capacity(original.len()), map: Vec::new() };
        let mut chars = original.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            let kept = match seen_as(c) {
                Some('\n') if c == '\r' && chars.peek().is_some_and(|&(_, next)| next == '\n') => continue,
                Some(kept) => kept,
                None => continue,
            };
            clean.mark(at);
            let base = clean.text.len();
            clean.text.push(kept);
            let mut marks = false;
            while let Some(&(_, mark)) = chars.peek() {
                let joins = mark >= '\u{300}' && is_combining_mark(mark);
                if !joins && seen_as(mark).is_some() {
                    break;
                }
                if joins && seen_as(mark).is_some() {
                    clean.text.push(mark);
                    marks = true;
                }
                chars.next();
            }
            if marks {
                let composed: String = clean.text[base..].nfc().collect();
                clean.text.truncate(base);
                clean.text.push_str(&composed);
            }
        }
        clean
    }

    /// Notes that the next clean byte comes from this original one.
    fn mark(&mut self, original: usize) {
        let clean = self.text.len();
        let expected = self.map.last().map_or(clean, |&(c, o)| o + (clean - c));
        if expected != original {
            self.map.push((clean, original));
        }
    }

    /// The original offset of a clean one.
    pub fn original(&self, clean: usize) -> usize {
        let after = self.map.partition_point(|&(c, _)| c <= clean);
        let (c, o) = after.checked_sub(1).map_or((0, 0), |ix| self.map[ix]);
        o + (clean - c)
    }
}

/// How a character is kept; `None` for one that is dropped.
fn seen_as(c: char) -> Option<char> {
    match c {
        '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some('\n'),
        '\t' | '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => Some(' '),
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' => None,
        c if c.is_control() => None,
        c => Some(c),
    }
}

/// One line of clean text: runs of white space become one space, none at the ends.
pub(crate) fn one_line(text: &str) -> String {
    let clean = Clean::of(text);
    let mut line = String::with_capacity(clean.text.len());
    for word in clean.text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_reader_sees_goes_and_the_rest_stays() {
        let clean = Clean::of("\u{feff}“A”\r\nB\u{a0}C\u{ad}D\u{200b}E\u{1} — cafe\u{301}\rF");
        assert_eq!(clean.text, "“A”\nB CDE — café\nF");
    }

    #[test]
    fn the_map_leads_back() {
        let original = "\u{feff}a\r\nb\u{ad}c\u{a0}d e\u{301}f\u{200b}\u{200b}g";
        let clean = Clean::of(original);
        for (at, c) in clean.text.char_indices().filter(|(_, c)| c.is_ascii_alphanumeric()) {
            assert!(original[clean.original(at)..].starts_with(c), "{c} at {at}");
        }
    }

    #[test]
    fn cleaning_twice_changes_nothing() {
        let mut state = 7u64;
        for _ in 0..200 {
            let text: String = (0..60)
                .filter_map(|_| {
                    state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                    char::from_u32((state >> 40) as u32 % if state.is_multiple_of(3) { 0x3000 } else { 0x180 })
                })
                .collect();
            let once = Clean::of(&text).text;
            assert_eq!(Clean::of(&once).text, once);
        }
    }
}

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
            let base = clean.text.len();
            clean.mark(base, at);
            clean.text.push(kept);
            let mut marks = Vec::new();
            while let Some(&(from, mark)) = chars.peek() {
                let joins = mark >= '\u{300}' && is_combining_mark(mark);
                if !joins && seen_as(mark).is_some() {
                    break;
                }
                if joins && seen_as(mark).is_some() {
                    marks.push((clean.text.len(), from));
                    clean.text.push(mark);
                }
                chars.next();
            }
            if !marks.is_empty() {
                let composed: String = clean.text[base..].nfc().collect();
                if composed != clean.text[base..] {
                    // Which mark went where cannot be told any more: all of it comes from the letter.
                    marks = composed.char_indices().skip(1).map(|(i, _)| (base + i, at)).collect();
                    clean.text.truncate(base);
                    clean.text.push_str(&composed);
                }
                marks.into_iter().for_each(|(to, from)| clean.mark(to, from));
            }
        }
        clean
    }

    /// Notes that this clean byte comes from that original one.
    fn mark(&mut self, clean: usize, original: usize) {
        let expected = self.map.last().map_or(clean, |&(c, o)| o + (clean - c));
        if expected != original {
            self.map.push((clean, original));
        }
    }

    /// The original offset of a clean one: that of a character leads to the one it was made of.
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
    fn every_character_leads_back_to_its_own() {
        let alphabet: Vec<char> =
            "aeq\u{301}\u{302}\u{323}\u{94d}\u{200b}\u{ad}\u{202e}\r\n\u{a0}\u{feff}\u{e9}\u{1f600}\u{4e2d}\0"
                .chars()
                .collect();
        let plain = |c: char| c.nfd().next();
        let mut state = 9u64;
        for round in 0..3000 {
            let mut original = String::new();
            for _ in 0..round % 40 {
                state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                original.push(alphabet[(state >> 33) as usize % alphabet.len()]);
            }
            let clean = Clean::of(&original);
            let mut last = 0;
            for (at, c) in clean.text.char_indices() {
                let from = clean.original(at);
                assert!(last <= from && original.is_char_boundary(from), "{original:?} at {at}");
                last = from;
                let was = original[from..].chars().next().and_then(seen_as);
                let same = was.is_some_and(|was| plain(was) == plain(c));
                assert!(same || is_combining_mark(c), "{original:?}: {c:?} at {at} comes from {was:?}");
            }
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

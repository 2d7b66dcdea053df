//! Sentences and paragraphs exist because the parser reads one sentence at a time and people cite them.
//!
//! Paragraphs are blank lines or new lines as given, except that lines wrapped at a width are joined.
//! Sentences are found by a small linear model that looks at the gap after each token, trained on
//! the English treebanks (`training/segmenter.py`), within rules that no weight may break: no gap
//! after a title ("Mr."), between an initial and a small letter ("E. coli"), after an opening mark,
//! or before the mark that closes a quotation.

use crate::language::{Abbreviation, Language};
use crate::token::RawToken;
use demarche_core::Span;
use std::ops::Range;

/// How many features a gap has.
pub const FEATURES: usize = 34;
/// How many weights the model has; features are hashed to this many.
pub const BUCKETS: usize = 1 << 18;
const MAGIC: &[u8; 8] = b"DEMSEG01";

/// How much surer a border without a closing mark must be in a paragraph that otherwise uses them:
/// news does not leave stops out, mail does. Chosen on EWT dev (no loss) and GUM dev (a gain).
const EDITED: f32 = 1.5;

/// Nothing longer is a sentence but a table or noise, and reading it whole costs more than it tells.
const LONGEST: usize = 256;

/// The trained model: one small weight for each hashed feature.
#[derive(Clone)]
pub struct Segmenter {
    weights: Vec<i8>,
    scale: f32,
    bias: f32,
    /// The sum from which on a gap after a closing mark is a border.
    marked: f32,
    /// The same for a gap after anything else.
    unmarked: f32,
}

impl std::fmt::Debug for Segmenter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Segmenter").field("bias", &self.bias).finish_non_exhaustive()
    }
}

impl Segmenter {
    /// Reads the weights' file; `None` where it is not one.
    pub fn from_bytes(bytes: &[u8]) -> Option<Segmenter> {
        let (magic, rest) = bytes.split_at_checked(MAGIC.len())?;
        let (numbers, weights) = rest.split_at_checked(16)?;
        if magic != MAGIC || weights.len() != BUCKETS {
            return None;
        }
        let real = |i: usize| Some(f32::from_le_bytes(numbers.get(i * 4..i * 4 + 4)?.try_into().ok()?));
        let weights = weights.iter().map(|&w| w.cast_signed()).collect();
        Some(Segmenter { weights, scale: real(0)?, bias: real(1)?, marked: real(2)?, unmarked: real(3)? })
    }

    fn is_border(&self, gaps: &Gaps<'_>, at: usize) -> bool {
        let sum: i32 = gaps.features(at).iter().map(|&f| i32::from(self.weights[f as usize % BUCKETS])).sum();
        let score = sum as f32 * self.scale + self.bias;
        score
            > match (gaps.marked(at), gaps.ended && gaps.cased) {
                (true, _) => self.marked,
                (false, false) => self.unmarked,
                (false, true) => self.unmarked + EDITED,
            }
    }

    /// The sentences of one paragraph's tokens, as ranges of `tokens`.
    pub fn sentences(&self, text: &str, tokens: &[RawToken], language: &Language) -> Vec<Range<usize>> {
        let gaps = Gaps::new(text, tokens, language);
        let mut found = Vec::new();
        let mut start = 0;
        for at in 0..tokens.len() {
            let overlong = at - start >= LONGEST && at + 1 < tokens.len() && !tokens[at + 1].continues;
            if at + 1 == tokens.len() || overlong || (gaps.may_break(at) && self.is_border(&gaps, at)) {
                found.push(start..at + 1);
                start = at + 1;
            }
        }
        found
    }
}

/// The paragraphs of a text: stretches between line breaks, without the white space around them.
pub fn paragraphs(text: &str) -> Vec<Span> {
    let wrapped = wrap_width(text);
    let mut found: Vec<Span> = Vec::new();
    let mut at = 0;
    let mut joins = false;
    for line in text.split_inclusive('\n') {
        let solid = line.trim();
        if solid.is_empty() {
            joins = false;
        } else {
            let start = at + (line.len() - line.trim_start().len());
            let end = start + solid.len();
            match found.last_mut() {
                Some(last) if joins => last.end = end as u32,
                _ => found.push(Span::of(start, end)),
            }
            joins = wrapped.is_some_and(|width| {
                let next = text[at + line.len()..].split_whitespace().next().unwrap_or_default();
                solid.chars().count() + 1 + next.chars().take(width).count() > width
            });
        }
        at += line.len();
    }
    found
}

/// The first line that says something and is not passed over; an empty span where there is none.
pub(crate) fn first_paragraph(text: &str, mut passed_over: impl FnMut(Span) -> bool) -> Span {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at + (line.len() - line.trim_start().len());
        let span = Span::of(start, start + line.trim().len());
        if !line.trim().is_empty() && !passed_over(span) {
            return span;
        }
        at += line.len();
    }
    Span::of(0, 0)
}

/// The width at which the text's lines are wrapped; `None` where they are not.
///
/// Wrapped lines all end just before a width that their next word would pass, and few of them end a sentence.
fn wrap_width(text: &str) -> Option<usize> {
    let ends = |line: &str| line.trim_end().ends_with(['.', '!', '?', '"', '\u{201d}', ':']);
    let lines: Vec<(usize, usize, bool)> = text
        .lines()
        .zip(text.lines().skip(1))
        .filter(|(line, next)| !line.trim().is_empty() && !next.trim().is_empty())
        .map(|(line, next)| {
            let word = next.split_whitespace().next().unwrap_or_default();
            let len = line.trim_end().chars().count();
            (len, len + 1 + word.chars().count(), ends(line))
        })
        .collect();
    let width = lines.iter().map(|(len, ..)| *len).max()?;
    let full = lines.iter().filter(|(_, with, _)| *with > width).count();
    let ended = lines.iter().filter(|(.., ended)| *ended).count();
    let wrapped =
        (50..=100).contains(&width) && lines.len() >= 2 && full * 10 >= lines.len() * 8 && ended * 2 <= lines.len();
    wrapped.then_some(width)
}

/// What stands at the end of a token, as far as it may end a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Close {
    Nothing,
    Stop,
    Question,
    Ellipsis,
    Colon,
    Semicolon,
    Dash,
    Comma,
    Initial,
    Short,
    Title,
    Acronym,
}

struct Gaps<'a> {
    text: &'a str,
    tokens: &'a [RawToken],
    language: &'a Language,
    closes: Vec<Close>,
    /// For each token: open straight quotation marks before its end are odd, depth of brackets, tokens since a close.
    state: Vec<(bool, u8, u8)>,
    /// Whether the paragraph ends with a closing mark, and whether it has capitals.
    ended: bool,
    cased: bool,
}

impl<'a> Gaps<'a> {
    fn new(text: &'a str, tokens: &'a [RawToken], language: &'a Language) -> Gaps<'a> {
        let mut gaps =
            Gaps { text, tokens, language, closes: Vec::new(), state: Vec::new(), ended: false, cased: false };
        gaps.closes = (0..tokens.len()).map(|at| gaps.close(at)).collect();
        let (mut quoted, mut depth, mut since) = (false, 0_u8, 0_u8);
        for at in 0..tokens.len() {
            match gaps.word(at) {
                "\"" | "''" | "``" => quoted = !quoted,
                "\u{201c}" => quoted = true,
                "\u{201d}" => quoted = false,
                "(" | "[" => depth = depth.saturating_add(1),
                ")" | "]" => depth = depth.saturating_sub(1),
                _ => {}
            }
            let ends = matches!(gaps.closes[at], Close::Stop | Close::Question | Close::Ellipsis);
            since = if ends { 0 } else { since.saturating_add(1) };
            gaps.state.push((quoted, depth, since));
        }
        gaps.ended = gaps
            .closes
            .iter()
            .rev()
            .take(3)
            .any(|c| matches!(c, Close::Stop | Close::Question | Close::Ellipsis | Close::Colon));
        gaps.cased = tokens.iter().take(50).any(|t| text[t.span.range()].starts_with(char::is_uppercase));
        gaps
    }

    fn word(&self, at: usize) -> &'a str {
        self.tokens.get(at).map_or("", |t| &self.text[t.span.range()])
    }

    fn close(&self, at: usize) -> Close {
        let word = self.word(at);
        match word.as_bytes().last() {
            Some(b'.') if word.len() == 1 => Close::Stop,
            Some(b'.') if word.bytes().all(|b| b == b'.') => Close::Ellipsis,
            Some(b'.') => {
                let stem = &word[..word.len() - 1];
                match self.language.abbreviation(stem) {
                    Some(Abbreviation::Title) => Close::Title,
                    _ if stem.contains('.') => Close::Acronym,
                    _ if stem.chars().count() == 1 => Close::Initial,
                    _ => Close::Short,
                }
            }
            Some(b'!' | b'?') => Close::Question,
            Some(b':') if word.len() == 1 => Close::Colon,
            Some(b';') if word.len() == 1 => Close::Semicolon,
            Some(b',') if word.len() == 1 => Close::Comma,
            Some(b'-') => Close::Dash,
            _ => match word {
                "\u{2026}" => Close::Ellipsis,
                "\u{2013}" | "\u{2014}" => Close::Dash,
                _ => Close::Nothing,
            },
        }
    }

    /// The close that governs the gap after a token: its own, or the one before closing quotation marks and brackets.
    fn governing(&self, at: usize) -> (Close, bool) {
        let mut from = at;
        for _ in 0..3 {
            let closing = match self.word(from) {
                "\"" | "''" => !self.state[from].0,
                "\u{201d}" | "\u{2019}" | "'" | ")" | "]" => true,
                _ => false,
            };
            if !closing || from == 0 {
                break;
            }
            from -= 1;
        }
        (self.closes[from], from < at)
    }

    fn marked(&self, at: usize) -> bool {
        matches!(self.governing(at).0, Close::Stop | Close::Question | Close::Ellipsis)
    }

    /// What no weight may override.
    fn may_break(&self, at: usize) -> bool {
        let (here, next) = (self.tokens[at], self.tokens[at + 1]);
        let tight = here.span.end == next.span.start;
        if next.continues
            || (self.closes[at] == Close::Title && !tight && self.word(at + 1).starts_with(char::is_uppercase))
        {
            return false;
        }
        if self.closes[at] == Close::Initial && self.word(at + 1).starts_with(char::is_lowercase) {
            return false;
        }
        // "at 5 p.m. Monday", "8 a.m. GMT": the treebanks have too few to learn it from.
        let clock = self.closes[at] == Close::Acronym && matches!(self.word(at), "a.m." | "p.m.");
        if clock && (AFTER_CLOCK.contains(&self.word(at + 1)) || self.word(at + 1).ends_with("day")) {
            return false;
        }
        let closes_next = match self.word(at + 1) {
            "\"" | "''" => self.state[at].0 && tight,
            "\u{201d}" | ")" | "]" | "}" | "," => true,
            "'" | "\u{2019}" => tight,
            _ => false,
        };
        let opens_here = match self.word(at) {
            "\"" | "``" => self.state[at].0,
            "\u{201c}" | "\u{2018}" | "(" | "[" | "{" => true,
            _ => false,
        };
        !closes_next && !opens_here
    }

    fn features(&self, at: usize) -> [u32; FEATURES] {
        let (close, through) = self.governing(at);
        let close = close as u32 | u32::from(through) << 4;
        let between = self
            .tokens
            .get(at + 1)
            .map_or("", |n| &self.text[self.tokens[at].span.end as usize..n.span.start as usize]);
        let space = match between.len() {
            0 => 0,
            _ if between.contains('\n') => 3,
            1 => 1,
            _ => 2,
        };
        let [before2, before1, here, next1, next2, next3] =
            [at.wrapping_sub(2), at.wrapping_sub(1), at, at + 1, at + 2, at + 3].map(|i| Look::of(self.word(i)));
        let (quoted, depth, since) = self.state[at];
        let open = u32::from(quoted) | u32::from(depth.min(2)) << 1;
        let frame = u32::from(self.ended) | u32::from(self.cased) << 1;
        let length = |n: usize| match n {
            0..=3 => n as u32,
            4..=6 => 4,
            7..=12 => 5,
            13..=25 => 6,
            _ => 7,
        };
        let since = length(usize::from(since));
        let first = length(at);
        let left = length(self.tokens.len() - at - 1);
        let border = close | space << 8 | next1.shape << 12;
        let mut count = 0;
        let mut found = [0; FEATURES];
        let mut add = |parts: &[u32]| {
            found[count] = hash(count as u32, parts);
            count += 1;
        };
        add(&[close, space]);
        add(&[border]);
        add(&[border, open]);
        add(&[border, here.word]);
        add(&[border, before1.shape, here.shape]);
        add(&[border, since, frame]);
        add(&[border, first, left]);
        add(&[close, next1.word]);
        add(&[close, next1.word, next2.word]);
        add(&[close, here.word, next1.word]);
        add(&[close, before1.word]);
        add(&[close, before1.word, here.word]);
        add(&[here.word]);
        add(&[next1.word]);
        add(&[before1.word]);
        add(&[next2.word]);
        add(&[here.word, next1.word]);
        add(&[here.shape, next1.shape, next2.shape]);
        add(&[before1.shape, here.shape, next1.shape, space]);
        add(&[before2.shape, before1.shape, here.shape, next1.shape]);
        add(&[here.shape, next1.word]);
        add(&[next1.case_word(), here.shape, frame]);
        add(&[next1.case_word(), close, open]);
        add(&[close, next1.shape, next2.word]);
        add(&[close, next1.shape, next2.shape, next3.shape]);
        add(&[next3.word, close]);
        add(&[before2.word, close]);
        add(&[close, frame, left]);
        add(&[close, frame, first]);
        add(&[close, open, frame]);
        add(&[close, space, since, next1.shape, here.shape]);
        add(&[here.tail, next1.shape, close]);
        add(&[next1.tail, close, here.shape]);
        add(&[before1.shape, close, next1.case_word()]);
        debug_assert_eq!(count, FEATURES);
        found
    }
}

/// Time zones that follow the time of day.
const AFTER_CLOCK: [&str; 10] = ["ET", "EST", "EDT", "GMT", "UTC", "BST", "CET", "PT", "PST", "Eastern"];

/// A token as features see it.
#[derive(Clone, Copy)]
struct Look {
    /// A hash of its lower-case letters, digits made alike.
    word: u32,
    /// Its kind of characters and its length.
    shape: u32,
    /// A hash of its last letters.
    tail: u32,
}

impl Look {
    fn of(word: &str) -> Look {
        let mut hash = 0x811c_9dc5_u32;
        let (mut upper, mut lower, mut digit, mut other) = (0, 0, 0, 0);
        let mut tail = [0_u32; 3];
        let first = word.chars().next();
        for (len, c) in word.chars().enumerate() {
            if len == 40 {
                break;
            }
            if c.is_uppercase() {
                upper += 1;
            } else if c.is_alphabetic() {
                lower += 1;
            } else if c.is_numeric() {
                digit += 1;
            } else {
                other += 1;
            }
            let plain = if c.is_numeric() { '0' } else { c.to_lowercase().next().unwrap_or(c) };
            hash = (hash ^ plain as u32).wrapping_mul(0x0100_0193);
            tail = [tail[1], tail[2], plain as u32];
        }
        let opening = match first {
            None => 0,
            Some(c) if c.is_uppercase() => 1,
            Some(c) if c.is_alphabetic() => 2,
            Some(c) if c.is_numeric() => 3,
            Some('"' | '\u{201c}' | '\u{201d}' | '\'' | '\u{2018}' | '\u{2019}' | '`') => 4,
            Some('(' | '[' | '{' | '<') => 5,
            Some(')' | ']' | '}' | '>') => 6,
            Some('.' | '!' | '?') => 7,
            Some(',' | ';' | ':') => 8,
            Some('-' | '\u{2013}' | '\u{2014}') => 9,
            Some('*' | '\u{2022}' | '=' | '_' | '~' | '#' | '|' | '\u{b7}') => 10,
            Some('@' | '$' | '%' | '&') => 11,
            Some(_) => 12,
        };
        let case = match (upper, lower) {
            (0, 0) => 0,
            (0, _) => 1,
            (1, 0) => 2,
            (_, 0) => 3,
            (1, _) if opening == 1 => 4,
            _ => 5,
        };
        let shape = opening
            | case << 4
            | u32::from(digit > 0) << 7
            | (digit.min(3)) << 8
            | u32::from(other > 0 && upper + lower > 0) << 10;
        Look { word: hash, shape, tail: self::hash(0, &tail) }
    }

    fn case_word(self) -> u32 {
        self.word ^ (self.shape & 0x7f).wrapping_mul(0x9e37_79b9)
    }
}

fn hash(kind: u32, parts: &[u32]) -> u32 {
    let mut hash = 0x9e37_79b9_u32 ^ kind.wrapping_mul(0x85eb_ca6b);
    for &part in parts {
        hash = (hash ^ part).wrapping_mul(0xcc9e_2d51).rotate_left(15);
    }
    hash ^= hash >> 16;
    hash = hash.wrapping_mul(0x7feb_352d);
    (hash ^ hash >> 15) % BUCKETS as u32
}

/// What training reads: for each gap that the rules leave open, the token before it, whether a
/// closing mark governs it, and its features.
pub fn gaps(text: &str, tokens: &[RawToken], language: &Language) -> Vec<(usize, bool, [u32; FEATURES])> {
    let gaps = Gaps::new(text, tokens, language);
    (0..tokens.len().saturating_sub(1))
        .filter(|&at| gaps.may_break(at))
        .map(|at| (at, gaps.marked(at), gaps.features(at)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_are_lines_unless_they_are_wrapped() {
        let text = "One line.\nTwo lines.\n\nThree.";
        let cut: Vec<&str> = paragraphs(text).iter().map(|p| &text[p.range()]).collect();
        assert_eq!(cut, ["One line.", "Two lines.", "Three."]);
        let text = "The minister said on Monday that the talks about the border would be\ncontinued in the capital, where both delegations have been waiting since\nthe spring.\n\nNobody else spoke.";
        let cut: Vec<&str> = paragraphs(text).iter().map(|p| &text[p.range()]).collect();
        assert_eq!(cut[0].lines().count(), 3);
        assert!(paragraphs(" \n\n \t").is_empty());
    }

    #[test]
    fn rules_hold_whatever_the_weights() {
        let language = Language::for_tests();
        let eager = Segmenter { weights: vec![0; BUCKETS], scale: 1.0, bias: 9.0, marked: 0.0, unmarked: 0.0 };
        let text = "Mr. Smith said \u{201c}No.\u{201d} (He didn't.) E. coli";
        let mut tokens = Vec::new();
        crate::token::tokenize(text, Span::of(0, text.len()), &language, &mut tokens);
        let cut: Vec<&str> = eager
            .sentences(text, &tokens, &language)
            .iter()
            .map(|r| &text[tokens[r.start].span.start as usize..tokens[r.end - 1].span.end as usize])
            .collect();
        assert_eq!(cut, ["Mr. Smith", "said", "\u{201c}No", ".\u{201d}", "(He", "didn't", ".)", "E. coli"]);
    }
}

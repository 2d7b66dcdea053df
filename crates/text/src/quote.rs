//! Whose words these are depends first on where the quotation marks stand; this module pairs them.
//!
//! Double marks count, straight and curly, and guillemets; single marks only where they cannot be apostrophes.
//! A quotation may run over sentences; one that runs over paragraphs opens again in each of them and
//! is given once for each paragraph. A mark without its other half quotes nothing.

use demarche_core::Span;

/// A stretch between quotation marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Quotation {
    /// What is quoted, without the marks.
    pub span: Span,
    /// The same with its marks; where a paragraph ends before the quotation does there is no closing mark.
    pub outer: Span,
    /// How many quotations it stands in: 0 for most.
    pub depth: u8,
    /// Whether it goes on in the next paragraph.
    pub continued: bool,
}

/// A quotation longer than this closes nothing: its opening mark was a slip.
const LONGEST: usize = 6000;

/// Quotations do not nest deeper; marks beyond are slips.
const DEEPEST: usize = 16;

#[derive(Clone, Copy, PartialEq)]
enum Mark {
    Opens,
    Closes,
    Either,
}

/// The quotations of a text, in order of their opening marks; `paragraphs` are in order.
pub fn find(text: &str, paragraphs: &[Span]) -> Vec<Quotation> {
    let mut found = Vec::new();
    for (at, &paragraph) in paragraphs.iter().enumerate() {
        let Some(words) = text.get(paragraph.range()) else { continue };
        let next = paragraphs.get(at + 1).and_then(|p| text.get(p.range())).and_then(|t| t.chars().next());
        in_paragraph(words, paragraph.start as usize, next, &mut found);
    }
    found.sort_by_key(|q: &Quotation| (q.outer.start, std::cmp::Reverse(q.outer.end)));
    found
}

/// An opening mark that waits for its other half: where it stands and ends, and its character.
type Open = (usize, usize, char);

fn in_paragraph(words: &str, base: usize, next: Option<char>, found: &mut Vec<Quotation>) {
    let mut open: Vec<Open> = Vec::new();
    let mut before = None;
    let mut chars = words.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let mut end = at + c.len_utf8();
        let mut kind = c;
        // Two single marks together are a double one.
        if matches!(c, '\'' | '`' | '\u{2018}' | '\u{2019}') && chars.peek().is_some_and(|(_, d)| *d == c) {
            chars.next();
            end += c.len_utf8();
            kind = match c {
                '\'' => '"',
                '`' | '\u{2018}' => '\u{201c}',
                _ => '\u{201d}',
            };
        }
        let after = chars.peek().map(|(_, d)| *d);
        if let Some(mark) = mark(kind, before, after, &words[end..]) {
            let partner = open.iter().rposition(|o| pairs(o.2, kind));
            match (mark, partner) {
                (Mark::Closes | Mark::Either, Some(from)) if end - open[from].0 <= LONGEST => {
                    let (start, inner, _) = open[from];
                    open.truncate(from);
                    if words[inner..at].trim().is_empty() {
                        before = Some(c);
                        continue;
                    }
                    let depth = open.len().min(255) as u8;
                    found.push(Quotation {
                        span: Span::of(base + inner, base + at),
                        outer: Span::of(base + start, base + end),
                        depth,
                        continued: false,
                    });
                }
                (Mark::Opens | Mark::Either, _) if open.len() < DEEPEST => open.push((at, end, kind)),
                _ => {}
            }
        }
        before = Some(c);
    }
    // What is still open goes on where the next paragraph begins with the same mark.
    if let Some(&(start, inner, kind)) = open.first() {
        let goes_on = next.is_some_and(|n| n == kind || (is_double(n) && is_double(kind)));
        if goes_on && is_double(kind) && inner < words.len() {
            found.push(Quotation {
                span: Span::of(base + inner, base + words.len()),
                outer: Span::of(base + start, base + words.len()),
                depth: 0,
                continued: true,
            });
        }
    }
}

fn is_double(c: char) -> bool {
    matches!(c, '"' | '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{ab}')
}

fn pairs(open: char, close: char) -> bool {
    match close {
        '"' => open == '"' || open == '\u{201c}',
        '\u{201d}' => matches!(open, '\u{201c}' | '\u{201d}' | '\u{201e}' | '"'),
        '\u{201c}' => open == '\u{201e}',
        '\u{bb}' => open == '\u{ab}',
        '\'' => open == '\'',
        '\u{2019}' => open == '\u{2018}',
        _ => false,
    }
}

/// What a character does between its neighbours; `None` where it is no quotation mark.
fn mark(c: char, before: Option<char>, after: Option<char>, rest: &str) -> Option<Mark> {
    let opens_here = before.is_none_or(|b| {
        b.is_whitespace()
            || matches!(b, '(' | '[' | '\u{2014}' | '\u{2013}' | '-' | '"' | '\u{201c}' | '\'' | '\u{2018}')
    }) && after.is_some_and(|a| !a.is_whitespace());
    let closes_here = before.is_some_and(|b| !b.is_whitespace()) && after.is_none_or(|a| !a.is_alphanumeric());
    match c {
        '\u{201e}' | '\u{ab}' | '\u{201c}' => Some(Mark::Opens),
        '\u{bb}' => Some(Mark::Closes),
        // Some keyboards write the closing mark on both sides.
        '\u{201d}' if opens_here && !closes_here => Some(Mark::Either),
        '\u{201d}' => Some(Mark::Closes),
        '"' => Some(match (opens_here, closes_here) {
            (true, false) => Mark::Opens,
            (false, true) => Mark::Closes,
            _ => Mark::Either,
        }),
        '\u{2018}' => opens_here.then_some(Mark::Opens),
        '\'' if opens_here && !closes_here => after.is_some_and(char::is_alphabetic).then_some(Mark::Opens),
        // After an s it may be a possessive: then it closes only where no later mark does.
        '\'' | '\u{2019}' => {
            let sure = before.is_some_and(|b| !matches!(b, 's' | 'S')) || after.is_none_or(|a| !a.is_whitespace());
            (closes_here && (sure || !closes_later(rest))).then_some(Mark::Closes)
        }
        _ => None,
    }
}

/// Whether a single mark that closes comes before the next one that opens; it is looked for nearby.
fn closes_later(rest: &str) -> bool {
    let mut before = None;
    let mut chars = rest.chars().take(400).peekable();
    while let Some(c) = chars.next() {
        if matches!(c, '\'' | '\u{2018}' | '\u{2019}') {
            let word = |x: Option<char>| x.is_some_and(char::is_alphanumeric);
            match (word(before), word(chars.peek().copied())) {
                (true, true) => {}
                (_, opens) => return !opens && c != '\u{2018}',
            }
        }
        before = Some(c);
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::segment::paragraphs;

    fn quoted(text: &str) -> Vec<(&str, u8)> {
        find(text, &paragraphs(text)).iter().map(|q| (&text[q.span.range()], q.depth)).collect()
    }

    #[test]
    fn double_marks_pair() {
        assert_eq!(
            quoted("He said \"We will. We must.\" and \u{201c}no\u{201d}."),
            [("We will. We must.", 0), ("no", 0)]
        );
        assert_eq!(quoted("``We will,'' he said"), [("We will,", 0)]);
        assert_eq!(quoted("a 5\" gun and no more"), []);
    }

    #[test]
    fn apostrophes_quote_nothing() {
        assert_eq!(
            quoted("The states' envoys don't say 'yes' or 'we will, at dawn.'"),
            [("yes", 0), ("we will, at dawn.", 0)]
        );
        assert_eq!(
            quoted("It's Putin\u{2019}s \u{2018}special operation\u{2019}, isn\u{2019}t it"),
            [("special operation", 0)]
        );
        assert_eq!(quoted("rock 'n' roll in '72"), [("n", 0)]);
    }

    #[test]
    fn quotations_nest_and_run_over_paragraphs() {
        assert_eq!(
            quoted("\u{201c}He said \u{2018}never\u{2019} twice,\u{201d} she said"),
            [("He said \u{2018}never\u{2019} twice,", 0), ("never", 1)]
        );
        let text = "He said: \"We shall go on.\n\"We shall never stop.\"\nNobody spoke.";
        let found = find(text, &paragraphs(text));
        assert_eq!(found.len(), 2);
        assert!(found[0].continued && !found[1].continued);
        assert_eq!(&text[found[1].span.range()], "We shall never stop.");
    }

    #[test]
    fn spans_lie_within_their_marks_whatever_the_text() {
        let alphabet: Vec<char> = "a s.'\"\u{201c}\u{201d}\u{2018}\u{2019}`\n\u{ab}\u{bb}\u{1f600}".chars().collect();
        let mut seed = 11_u64;
        for round in 0..4000 {
            let mut text = String::new();
            for _ in 0..round % 50 {
                seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                text.push(alphabet[(seed >> 33) as usize % alphabet.len()]);
            }
            for q in find(&text, &paragraphs(&text)) {
                assert!(q.outer.contains(q.span) && !q.span.is_empty());
                assert!(text.get(q.span.range()).is_some() && text.get(q.outer.range()).is_some());
            }
        }
    }
}

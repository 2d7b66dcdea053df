//! A caption tells what a picture shows, often of another day and year than the report: it is kept apart.

use super::furniture::{CreditWords, FurnitureLists, begins, folded, paragraphs};
use crate::timex::{self, TimeWords, TimexKind};
use demarche_core::{Caption, Span};

/// A paragraph of more words is no caption.
const MOST_WORDS: usize = 80;
/// Nor one of more bytes.
const MOST_BYTES: usize = 4096;
/// A credit of more words is none.
const CREDIT_WORDS: usize = 14;

pub(super) fn find(body: &str, lists: &FurnitureLists, time: &TimeWords) -> Vec<Caption> {
    paragraphs(body)
        .filter_map(|(span, line)| caption(line, lists, time).map(|credit| Caption { span, credit }))
        .collect()
}

/// Whether a paragraph is a caption, and its credit if it names one.
fn caption(line: &str, lists: &FurnitureLists, time: &TimeWords) -> Option<Option<String>> {
    if line.len() > MOST_BYTES {
        return None;
    }
    let words = line.split_whitespace().take(MOST_WORDS + 1).count();
    if words == 0 || words > MOST_WORDS {
        return None;
    }
    if let Some(credit) = bracketed(line, lists).or_else(|| trailing(line, &lists.credits)) {
        return Some(Some(credit));
    }
    let low = folded(line);
    // "FILE PHOTO: …" is a caption whatever follows; "photo" alone is not.
    let labelled = lists.credits.starts.iter().any(|s| {
        s.starts_with(char::is_alphanumeric)
            && low.strip_prefix(s.trim_end_matches(':')).is_some_and(|rest| rest.starts_with(':'))
    });
    let one = single(line);
    let cued = lists.captions.cues.iter().any(|cue| low.contains(cue.as_str()));
    let shown = low.split(|c: char| !c.is_alphanumeric()).any(|w| lists.captions.present_verbs.iter().any(|v| v == w));
    // A hint alone is none: it takes a date at the end as well.
    (labelled || one && (cued || shown) && ends_in_date(line, time)).then_some(None)
}

/// "(China Daily via REUTERS)" at the end.
fn bracketed(line: &str, lists: &FurnitureLists) -> Option<String> {
    let end = line.trim_end_matches(['.', ' ']);
    let (open, close) = if end.ends_with(']') { ('[', ']') } else { ('(', ')') };
    let at = end.rfind(open)?;
    let inner = end.strip_suffix(close)?.get(at + 1..)?.trim();
    // "(Reporting by …)" names agencies too, and is no credit of a picture.
    let other = lists.furniture.starts.iter().any(|s| begins(&folded(inner), s));
    // A lone name in brackets is a credit after a sentence, and an abbreviation within one: "the fund (EPA)".
    let closed = inner.split_whitespace().nth(1).is_some()
        || inner.contains('/')
        || end[..at].trim_end().ends_with(['.', '!', '?', '”', '"']);
    (at > 0 && closed && !other && is_credit(inner, &lists.credits, false)).then(|| inner.to_string())
}

/// "REUTERS/Maxim Shemetov", "/ AFP", "| Photo: Jane Doe", "Getty Images" at the end.
fn trailing(line: &str, credits: &CreditWords) -> Option<String> {
    let end = line.trim_end_matches([' ', '.']);
    let after = |mark: &str| end.rfind(mark).map(|at| at + mark.len());
    let from = ["|", "•", "©", "]"]
        .iter()
        .filter_map(|m| after(m))
        .max()
        .or_else(|| [". ", " / ", "” ", "\" "].iter().filter_map(|m| after(m)).max())?;
    let tail = end[from..].trim();
    is_credit(tail, credits, true).then(|| tail.to_string())
}

/// Whether some words credit a picture: names and small words only, an agency or the start of a credit among them;
/// `first` asks that it come first.
fn is_credit(text: &str, credits: &CreditWords, first: bool) -> bool {
    let low = folded(text);
    let word = |c: char| c.is_alphanumeric() || matches!(c, '\'' | '’' | '-' | '.');
    let parts: Vec<&str> = text.split(|c: char| !word(c)).filter(|w| !w.is_empty()).collect();
    if parts.is_empty() || parts.len() > CREDIT_WORDS {
        return false;
    }
    let whole = |name: &str| {
        let place = if first { low.starts_with(name).then_some(0) } else { low.find(name) };
        place.is_some_and(|at| {
            !low[..at].ends_with(char::is_alphanumeric) && !low[at + name.len()..].starts_with(char::is_alphanumeric)
        })
    };
    // A bracketed credit is listed with its bracket: "(photo by".
    let bare = |s: &String| begins(&low, s.trim_start_matches(['(', '[']));
    let starts = credits.starts.iter().any(bare);
    let small = |w: &str| {
        w.len() <= 4
            || credits
                .starts
                .iter()
                .chain(&credits.contains)
                .any(|s| s.split(' ').any(|part| part.trim_matches(['(', ':']) == w))
    };
    let names = parts.iter().all(|w| !w.starts_with(char::is_lowercase) || small(w));
    let held = !first && credits.contains.iter().any(|c| low.contains(c.trim()));
    names && (starts || held || credits.agencies.iter().any(|a| whole(a)))
}

/// One sentence, as far as stops tell.
fn single(line: &str) -> bool {
    let mut stops = 0;
    let bytes = line.as_bytes();
    for (at, _) in line.match_indices(['.', '!', '?']) {
        let word = line[..at].rsplit(' ').next().unwrap_or_default();
        // A stop after a short word ("Sept.", "U.S.") is an abbreviation's.
        stops += usize::from(bytes.get(at + 1).is_none_or(|b| *b == b' ') && word.len() > 4);
    }
    stops <= 1
}

/// "… in Beijing, China, Sept. 2, 2025."
fn ends_in_date(line: &str, time: &TimeWords) -> bool {
    let end = line.trim_end_matches(['.', ' ']);
    let from = end.char_indices().rev().nth(40).map_or(0, |(at, _)| at);
    let tail = &end[from..];
    let full = |t: &timex::Timex| {
        t.span == Span::new(t.span.start, tail.len() as u32) && matches!(t.kind, TimexKind::Date { year: Some(_), .. })
    };
    timex::find(tail, time).last().is_some_and(full)
}

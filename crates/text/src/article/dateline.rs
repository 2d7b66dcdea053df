//! The words that open a report and are no sentence: "BEIJING, Sept 2 (Reuters) -", "KYIV, Ukraine (AP) —".

use super::furniture::{FurnitureLists, paragraphs};
use demarche_core::Span;

/// How far into the text it may stand, in paragraphs, and how long it may be, in bytes.
const WITHIN: usize = 4;
const LONGEST: usize = 90;

/// The dateline with its dash, in the first paragraph that has one.
pub(super) fn find(body: &str, lists: &FurnitureLists) -> Option<Span> {
    paragraphs(body).take(WITHIN).find_map(|(span, line)| {
        let length = length(line, lists)?;
        Some(Span::new(span.start, span.start + length as u32))
    })
}

fn length(line: &str, lists: &FurnitureLists) -> Option<usize> {
    let (at, dash) = line.char_indices().take_while(|&(at, _)| at < LONGEST).find(|&(at, c)| {
        let spaced = line[..at].ends_with([' ', ')']) && line[at + c.len_utf8()..].starts_with(' ');
        matches!(c, '-' | '–' | '—') && (spaced || c == '—') || c == '-' && line[at..].starts_with("-- ")
    })?;
    let head = line[..at].trim();
    let after = line[at + dash.len_utf8()..].trim_start_matches(['-', ' ']);
    let (place, agency) = match head.split_once('(') {
        Some((place, rest)) => (place.trim(), Some(rest.split(')').next().unwrap_or_default().trim().to_lowercase())),
        None => (head, None),
    };
    let known = agency.is_some_and(|agency| lists.credits.agencies.contains(&agency));
    let first = place.split([',', '/']).next().unwrap_or_default().trim();
    let letters = first.chars().filter(|c| c.is_alphabetic()).count();
    let capitals = letters >= 3 && !first.chars().any(char::is_lowercase) && first.split_whitespace().count() <= 4;
    let opens =
        after.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit() || matches!(c, '“' | '"' | '‘' | '\''));
    let fits = place.split_whitespace().count() <= 8;
    // An agency makes a dateline of a place in any case; without one the place must be in capitals.
    ((known || capitals) && fits && opens).then_some(line.len() - after.len())
}

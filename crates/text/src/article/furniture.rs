//! A page says more than its report: share buttons, newsletters, menus, copyright lines; and not all text is report:
//! tables, verse, what a machine misread.
//! They are marked, not cut, so that offsets hold and a reader can see what was passed over.

use demarche_core::{Caption, Furniture, Span};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// The words of `data/language/furniture.toml`: lower case throughout, as its comments say.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FurnitureLists {
    /// A line of more characters is furniture by `exact` alone.
    pub longest: usize,
    /// Lines that are no news.
    pub furniture: LineWords,
    /// What photo credits are known by.
    pub credits: CreditWords,
    /// What captions are known by.
    pub captions: CaptionWords,
}

/// What lines of furniture are known by.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineWords {
    /// The whole line.
    pub exact: Vec<String>,
    /// Its beginning.
    pub starts: Vec<String>,
    /// Something in it.
    pub contains: Vec<String>,
    /// Its end.
    pub ends: Vec<String>,
}

/// What photo credits are known by.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreditWords {
    /// Whom pictures and reports are credited to.
    pub agencies: Vec<String>,
    /// How a credit begins.
    pub starts: Vec<String>,
    /// Something in it.
    pub contains: Vec<String>,
}

/// What captions are known by.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaptionWords {
    /// Words that hint at a caption.
    pub cues: Vec<String>,
    /// Verbs in the present by which a caption tells what is to be seen.
    pub present_verbs: Vec<String>,
}

/// How many short lines in a row make a menu.
const MENU: usize = 5;
/// How often a short line must stand to be a menu's.
const REPEATED: usize = 3;
/// How many lines of verse show that they are.
const STANZA: usize = 4;
/// A line of verse has at most so many characters.
const VERSE_WIDTH: usize = 70;

/// The paragraphs of a body.
pub(super) fn paragraphs(body: &str) -> impl Iterator<Item = (Span, &str)> {
    let mut at = 0;
    body.split("\n\n").map(move |paragraph| {
        let span = Span::of(at, at + paragraph.len());
        at += paragraph.len() + 2;
        (span, paragraph)
    })
}

/// Lower case, straight quotation marks, single blanks.
pub(super) fn folded(text: &str) -> String {
    crate::clean::one_line(text).to_lowercase().replace(['‘', '’'], "'").replace(['“', '”'], "\"")
}

pub(super) fn find(body: &str, lists: &FurnitureLists, captions: &[Caption]) -> Vec<Furniture> {
    let all: Vec<(Span, &str)> = paragraphs(body).collect();
    let mut seen: HashMap<&str, usize> = HashMap::new();
    for (_, line) in &all {
        *seen.entry(line).or_default() += 1;
    }
    let mut why: Vec<Option<String>> = all
        .iter()
        .map(|&(span, line)| {
            let words = line.split_whitespace().take(200).count();
            let sentence = line.ends_with(['.', '!', '?', '”', '"']);
            // Captions come in the order of the text.
            let caption = captions.partition_point(|c| c.span.end <= span.start);
            if words == 0 || captions.get(caption).is_some_and(|c| c.span.overlaps(span)) {
                None
            } else if let Some(entry) = lists.known(line) {
                Some(format!("page furniture: {}", entry.trim()))
            } else if bare_link(line) {
                Some("link".into())
            } else if words <= 8 && !sentence && seen.get(line).is_some_and(|&n| n >= REPEATED) {
                Some("repeated line".into())
            } else if garbled(line) {
                Some("unreadable".into())
            } else {
                None
            }
        })
        .collect();
    let lines: Vec<&str> = all.iter().map(|(_, line)| *line).collect();
    mark(&mut why, &lines, "table", |run| run.len() > 1, row);
    mark(&mut why, &lines, "verse", verse, short_line);
    // A run of short lines is a menu once it is long enough.
    let mut first = 0;
    while first < all.len() {
        let run = all[first..].iter().take_while(|(_, line)| is_short(line)).count();
        if run >= MENU {
            why[first..first + run].iter_mut().for_each(|w| *w = w.take().or(Some("menu".into())));
        }
        first += run.max(1);
    }
    all.iter().zip(why).filter_map(|(&(span, _), why)| Some(Furniture { span, why: why? })).collect()
}

/// Marks the runs of such lines that are what they seem.
fn mark(
    why: &mut [Option<String>],
    lines: &[&str],
    name: &str,
    is: impl Fn(&[&str]) -> bool,
    like: impl Fn(&str) -> bool,
) {
    let mut first = 0;
    while first < lines.len() {
        let run = lines[first..].iter().take_while(|line| like(line)).count();
        if is(&lines[first..first + run]) {
            why[first..first + run].iter_mut().for_each(|w| *w = w.take().or(Some(name.into())));
        }
        first += run.max(1);
    }
}

/// A row of a table: cells between bars, or hardly anything but numbers.
pub(super) fn row(line: &str) -> bool {
    if line.len() > 300 {
        return false;
    }
    let words: Vec<&str> = line.split_whitespace().filter(|w| w.chars().any(char::is_alphanumeric)).collect();
    let numbers = words.iter().filter(|w| w.starts_with(|c: char| c.is_ascii_digit())).count();
    let cells = line.matches('|').count() > 1 && !line.ends_with(['.', '!', '?']);
    let figures = numbers > 1 && numbers * 2 >= words.len() && words.len() < 16;
    cells || figures && !line.ends_with(['.', '!', '?']) && !line.starts_with(char::is_lowercase)
}

fn short_line(line: &str) -> bool {
    line.chars().take(VERSE_WIDTH + 1).count() <= VERSE_WIDTH
        && line.split_whitespace().take(3).count() > 2
        && line.chars().find(|c| c.is_alphabetic()).is_some_and(char::is_uppercase)
}

/// Whether lines are verse: short ones, each with a capital, most of which end with a mark, and many of these amid a
/// sentence.
pub(super) fn verse(lines: &[&str]) -> bool {
    let ends = |marks: &[char]| lines.iter().filter(|l| l.ends_with(marks)).count();
    let amid = ends(&[',', ';', ':', '—', '–']);
    let stops = ends(&['.', '!', '?', '”', '"', '’', '\'']);
    lines.len() >= STANZA
        && lines.iter().all(|line| short_line(line))
        && amid * 3 >= lines.len()
        && (amid + stops) * 3 >= lines.len() * 2
}

/// What a machine misread: many words with a digit for a letter in them ("kil1ing", "0fficials").
fn garbled(line: &str) -> bool {
    let (mut words, mut wrong) = (0, 0);
    for word in line.split_whitespace().map(|w| w.trim_matches(|c: char| !c.is_alphanumeric())) {
        words += 1;
        let letters = word.chars().filter(|c| c.is_ascii_lowercase()).count();
        let digits = word.chars().filter(char::is_ascii_digit).count();
        let other = word.chars().any(|c| !c.is_ascii_alphanumeric());
        // "7th", "9am", "1990s" begin with their number; no number begins with a nought.
        let number = word.starts_with(|c: char| ('1'..='9').contains(&c));
        wrong += usize::from(letters > 0 && digits == 1 && !other && !number && word.len() < 20);
    }
    wrong > 2 && wrong * 6 >= words
}

fn is_short(line: &str) -> bool {
    line.split_whitespace().take(6).count() <= 4 && !line.ends_with(['.', '!', '?', '”', '"', ':'])
}

/// A line that is only an address or a handle.
fn bare_link(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let link = |w: &str| {
        w.starts_with("http://")
            || w.starts_with("https://")
            || w.starts_with("www.")
            || w.starts_with('@') && w.len() > 1
    };
    line.len() < 300 && words.clone().next().is_some() && words.all(link)
}

impl FurnitureLists {
    /// The entry by which a line is known to be furniture.
    fn known(&self, line: &str) -> Option<&str> {
        // Nothing longer can be listed, and a long paragraph need not be folded.
        if line.len() > self.longest * 4 {
            return None;
        }
        let line = folded(line);
        let LineWords { exact, starts, contains, ends } = &self.furniture;
        let short = line.chars().count() <= self.longest;
        let found = exact.iter().find(|e| **e == line).or_else(|| {
            let start = starts.iter().find(|s| begins(&line, s));
            let other = || {
                contains
                    .iter()
                    .find(|c| line.contains(c.as_str()))
                    .or_else(|| ends.iter().find(|e| line.ends_with(e.as_str())))
            };
            short.then(|| start.or_else(other)).flatten()
        });
        found.map(String::as_str)
    }
}

/// Whether a line begins with an entry and the entry's last word is whole.
pub(super) fn begins(line: &str, entry: &str) -> bool {
    let whole = |rest: &str| !entry.ends_with(char::is_alphanumeric) || !rest.starts_with(char::is_alphanumeric);
    line.strip_prefix(entry).is_some_and(whole)
}

//! Plain text: `Key: value` lines at the head, then paragraphs, however their lines are broken.

use super::{Article, ArticleFault, Hint, given, parse_day};
use crate::clean::Clean;

/// Lines no longer than this may have been broken by a machine.
const WRAPPED_WIDTH: usize = 100;

/// So many lines that all begin with a capital were ended on purpose.
const UNLIKELY: usize = 4;

/// What stands before a line of a list.
const BULLETS: [char; 7] = ['•', '*', '·', '–', '—', '-', '▪'];

pub(super) fn read(text: &str, hint: &Hint<'_>) -> Vec<Result<Article, ArticleFault>> {
    let mut article = Article::default();
    let mut all = Vec::new();
    let mut declared = None;
    let mut rest = text;
    let mut line_number = 0;
    while let Some((line, after)) = split_line(rest) {
        line_number += 1;
        let Some((key, value)) = line.split_once(':').map(|(k, v)| (k.trim().to_ascii_lowercase(), given(v))) else {
            break;
        };
        match key.as_str() {
            "id" => article.article_id = value,
            "url" | "link" => article.url = value,
            "title" | "headline" => article.title = value,
            "byline" | "author" => article.byline = value,
            "publisher" | "source" => article.publisher = value,
            "dateline" => article.dateline = value,
            "lang" | "language" => declared = value,
            "published" | "date" => {
                if let Some(value) = value {
                    match parse_day(&value) {
                        Some(day) => article.set_published(day),
                        None => all.push(Err(no_such_day(hint, Some(line_number), &value))),
                    }
                }
            }
            _ => break,
        }
        rest = after;
    }
    article.body = paragraphs(rest);
    article.detect_language(declared.as_deref());
    if article.body.is_empty() && article.title.is_none() {
        all.push(Err(ArticleFault::new(hint, None, "empty")));
    } else {
        all.push(Ok(article));
    }
    all
}

/// The fault of a date that cannot be; its article is read all the same.
pub(super) fn no_such_day(hint: &Hint<'_>, line: Option<usize>, value: &str) -> ArticleFault {
    let shown: String = value.chars().take(40).collect();
    ArticleFault { kept: true, ..ArticleFault::new(hint, line, format!("no such date: {shown:?} (wanted 2025-09-02)")) }
}

fn split_line(text: &str) -> Option<(&str, &str)> {
    if text.is_empty() {
        return None;
    }
    let end = text.find('\n').unwrap_or(text.len());
    Some((&text[..end], text.get(end + 1..).unwrap_or_default()))
}

/// The paragraphs of a text, clean, with one empty line between them.
///
/// Where every line is short, lines were broken by a machine and belong together up to an empty one, but for those that
/// were ended on purpose: headlines, lists, verse, rows of a table and the turns of a talk. Else each line is a paragraph.
pub(super) fn paragraphs(text: &str) -> String {
    let clean = Clean::of(text).text;
    let widest = clean.lines().map(|l| l.trim().chars().count()).max().unwrap_or(0);
    let wrapped = widest <= WRAPPED_WIDTH && clean.trim().lines().filter(|l| !l.trim().is_empty()).count() > 1;
    let spaced = wrapped && clean.trim().lines().any(|l| l.trim().is_empty());
    let mut body = String::with_capacity(clean.len());
    let lines: Vec<&str> = clean.lines().map(str::trim).collect();
    for block in lines.split(|line| line.is_empty()) {
        let apart = !wrapped || own_lines(block, widest);
        for (ix, &line) in block.iter().enumerate() {
            let joins = ix > 0 && !apart && !opens(line) && {
                let last = block[ix - 1];
                let full = last.chars().count() * 10 >= widest * 6;
                let ended = last.ends_with(['.', '!', '?', '"', '”', ':', ')']);
                full && (spaced || !ended) || line.starts_with(char::is_lowercase) && !ended
            };
            if !body.is_empty() {
                body.push_str(if joins { " " } else { "\n\n" });
            }
            push_spaced(&mut body, line);
        }
    }
    body
}

/// Whether the lines of a block were ended on purpose: none goes on in lower case, and most had room for the first word
/// of the next; or there are enough of them to be verse, each with a capital, some with a comma at the end.
fn own_lines(block: &[&str], widest: usize) -> bool {
    let begins = |line: &str| line.chars().find(|c| c.is_alphanumeric()).is_some_and(|c| !c.is_lowercase());
    if block.len() < 2 || !block[1..].iter().all(|line| begins(line)) {
        return false;
    }
    let roomy = |pair: &&[&str]| {
        let next = pair[1].split_whitespace().next().unwrap_or_default();
        pair[0].chars().count() + 1 + next.chars().count() <= widest
    };
    let breaks = block.len() - 1;
    // Prose does not begin a word with a capital at the edge of the page so often by chance, unless it has no others.
    let small = block.iter().any(|line| line.chars().any(char::is_lowercase));
    small && breaks >= UNLIKELY
        || block.windows(2).filter(roomy).count() * 2 >= breaks
        || super::furniture::verse(block)
}

/// Whether a line opens a paragraph of its own: a numbered or marked line of a list, a row of a table, or a turn of a talk.
fn opens(line: &str) -> bool {
    let marked = line.strip_prefix(BULLETS).is_some_and(|rest| rest.starts_with(' '));
    let number = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let numbered = number.len() < line.len() && number.starts_with([')', '.']) && number[1..].starts_with(' ');
    marked || numbered || super::furniture::row(line) || speaker_of_turn(line).is_some()
}

/// The speaker before the colon that opens a turn of a talk, written in capitals: "Q: …", "THE PRESIDENT: …".
pub fn speaker_of_turn(line: &str) -> Option<&str> {
    let (speaker, _) = line.split_once(": ")?;
    let capitals = speaker.chars().all(|c| c.is_uppercase() || matches!(c, ' ' | '.' | '\'' | '’' | '-'));
    (capitals && speaker.starts_with(char::is_uppercase) && speaker.split_whitespace().count() <= 6).then_some(speaker)
}

/// Appends a line, runs of spaces as one.
fn push_spaced(body: &mut String, line: &str) {
    for (ix, word) in line.split_whitespace().enumerate() {
        if ix > 0 {
            body.push(' ');
        }
        body.push_str(word);
    }
}

//! Plain text: `Key: value` lines at the head, then paragraphs, however their lines are broken.

use super::{Article, ArticleFault, Hint, given, parse_day};
use crate::clean::Clean;

/// Lines no longer than this may have been broken by a machine.
const WRAPPED_WIDTH: usize = 100;

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
/// Where every line is short, lines were broken by a machine and belong together up to an empty one;
/// else each line is a paragraph.
pub(super) fn paragraphs(text: &str) -> String {
    let clean = Clean::of(text).text;
    let widest = clean.lines().map(|l| l.trim().chars().count()).max().unwrap_or(0);
    let wrapped = widest <= WRAPPED_WIDTH && clean.trim().lines().filter(|l| !l.trim().is_empty()).count() > 1;
    let spaced = wrapped && clean.trim().lines().any(|l| l.trim().is_empty());
    let mut body = String::with_capacity(clean.len());
    let mut open: Option<&str> = None;
    for line in clean.lines().map(str::trim) {
        if line.is_empty() {
            open = None;
            continue;
        }
        let joins = wrapped
            && open.is_some_and(|last: &str| {
                let full = last.chars().count() * 10 >= widest * 6;
                let ended = last.ends_with(['.', '!', '?', '"', '”', ':', ')']);
                full && (spaced || !ended) || line.starts_with(char::is_lowercase) && !ended
            });
        if !body.is_empty() {
            body.push_str(if joins { " " } else { "\n\n" });
        }
        push_spaced(&mut body, line);
        open = Some(line);
    }
    body
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

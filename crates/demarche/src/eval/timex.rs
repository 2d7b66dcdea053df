//! Time expressions against gold dates: how many are found, and how many of these name the right days.
//!
//! Gold is JSON Lines as made of GUM's TEI dates: tokens of a sentence, spans with `when` or a `from`/`to` or
//! `notBefore`/`notAfter` pair. A found expression belongs to the gold one that it overlaps most.
//! A gold date inside a range or under a bound of ours ("since 1990") is compared with the time that the words name themselves.
//! Only dates are annotated there, not durations or vague times, so precision is not measured.

use anyhow::{Context, Result};
use demarche_coder::when::resolve_from;
use demarche_core::{Interval, Span, first_day};
use demarche_text::timex::{TimeWords, TimexKind, find};
use jiff::civil::Date;
use serde::Deserialize;
use std::fmt;

#[derive(Deserialize)]
struct Sentence {
    #[serde(default)]
    doc_date: Option<String>,
    #[serde(default)]
    doc: String,
    tokens: Vec<String>,
    #[serde(default)]
    timex: Vec<Gold>,
}

#[derive(Deserialize)]
struct Gold {
    begin: usize,
    end: usize,
    #[serde(default)]
    when: Option<String>,
    #[serde(default)]
    from: Option<String>,
    #[serde(default)]
    to: Option<String>,
    #[serde(default, rename = "notBefore")]
    not_before: Option<String>,
    #[serde(default, rename = "notAfter")]
    not_after: Option<String>,
    #[serde(default)]
    text: String,
}

/// What was measured; prints as a table.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Figures {
    /// Gold expressions.
    pub gold: usize,
    /// Those that an expression of ours overlaps.
    pub found: usize,
    /// Those of exactly the same words.
    pub same_words: usize,
    /// Gold expressions with one value (`when`), found.
    pub dated: usize,
    /// Those that resolve to the gold's days.
    pub right: usize,
    /// Gold expressions with two ends, found.
    pub ranged: usize,
    /// Those that resolve to the gold's days.
    pub ranged_right: usize,
    /// Each that was missed or wrong: words, gold value, ours.
    pub misses: Vec<(String, String, String)>,
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let share = |part: usize, all: usize| if all == 0 { 0.0 } else { 100.0 * part as f64 / all as f64 };
        writeln!(f, "{:<28} {:>7} of {:>5}  {:>6.2} %", "found", self.found, self.gold, share(self.found, self.gold))?;
        writeln!(
            f,
            "{:<28} {:>7} of {:>5}  {:>6.2} %",
            "same words",
            self.same_words,
            self.gold,
            share(self.same_words, self.gold)
        )?;
        writeln!(
            f,
            "{:<28} {:>7} of {:>5}  {:>6.2} %",
            "right days, one value",
            self.right,
            self.dated,
            share(self.right, self.dated)
        )?;
        let (right, found) = (self.right + self.ranged_right, self.dated + self.ranged);
        writeln!(f, "{:<28} {:>7} of {:>5}  {:>6.2} %", "right days, all found", right, found, share(right, found))
    }
}

/// Scores the engine's own words on a gold file (plain JSON Lines).
///
/// # Errors
/// Where a line is not what the gold's lines are.
pub fn score(engine: &crate::Engine, gold: &str) -> Result<Figures> {
    score_with(gold, &engine.analyzer().language().time)
}

/// Scores the finder and the resolver on a gold file (plain JSON Lines).
///
/// # Errors
/// Where a line is not what the gold's lines are.
pub fn score_with(gold: &str, words: &TimeWords) -> Result<Figures> {
    let mut figures = Figures::default();
    // Within a document, "a year later" counts from the time given before it.
    let (mut doc, mut before): (String, Option<Interval>) = (String::new(), None);
    for (line, number) in gold.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty()) {
        let sentence: Sentence = serde_json::from_str(line).with_context(|| format!("line {number}"))?;
        if doc != sentence.doc {
            (doc, before) = (sentence.doc.clone(), None);
        }
        let (text, spans) = detokenized(&sentence.tokens);
        let published: Option<Date> = sentence.doc_date.as_deref().and_then(first_day);
        let found: Vec<(Span, Vec<Interval>)> = find(&text, words)
            .iter()
            .map(|t| {
                let days: Vec<Interval> = named(&t.kind)
                    .into_iter()
                    .filter_map(|kind| resolve_from(kind, published, None, before))
                    .map(|(days, _, _)| days)
                    .collect();
                before = days.iter().find(|d| d.from.is_some() && d.until.is_some()).copied().or(before);
                (t.span, days)
            })
            .collect();
        for gold in &sentence.timex {
            let (Some(first), Some(last)) = (spans.get(gold.begin), spans.get(gold.end.saturating_sub(1))) else {
                continue;
            };
            let span = first.cover(*last);
            figures.gold += 1;
            let overlap = |s: Span| s.end.min(span.end).saturating_sub(s.start.max(span.start));
            let best = found.iter().filter(|(s, _)| s.overlaps(span)).max_by_key(|(s, _)| overlap(*s));
            let value = gold.when.clone().unwrap_or_else(|| {
                format!(
                    "{:?}..{:?}",
                    gold.from.as_ref().or(gold.not_before.as_ref()),
                    gold.to.as_ref().or(gold.not_after.as_ref())
                )
            });
            let Some((ours, days)) = best else {
                figures.misses.push((gold.text.clone(), value, "not found".into()));
                continue;
            };
            figures.found += 1;
            figures.same_words += usize::from(*ours == span);
            let right = days.iter().any(|&days| gold.agrees(days));
            match gold.when {
                Some(_) => (figures.dated, figures.right) = (figures.dated + 1, figures.right + usize::from(right)),
                None => {
                    (figures.ranged, figures.ranged_right) =
                        (figures.ranged + 1, figures.ranged_right + usize::from(right))
                }
            }
            if !right {
                figures.misses.push((gold.text.clone(), value, format!("{days:?}")));
            }
        }
    }
    Ok(figures)
}

/// The times that the words of an expression name: itself, and the ends of a range or the time of a bound.
fn named(kind: &TimexKind) -> Vec<&TimexKind> {
    match kind {
        TimexKind::Range { from, until } => vec![kind, from, until],
        TimexKind::Bound { of, .. } => vec![&**of],
        _ => vec![kind],
    }
}

impl Gold {
    fn agrees(&self, days: Interval) -> bool {
        if let Some(when) = &self.when {
            return same_first(when, days.from) && same_end(when, days);
        }
        let from = self.from.as_deref().or(self.not_before.as_deref());
        let to = self.to.as_deref().or(self.not_after.as_deref());
        let first = from.is_none_or(|from| same_first(from, days.from));
        let last = to.is_none_or(|to| {
            days.until
                .and_then(|u| u.yesterday().ok())
                .is_some_and(|last| same_first(to, Some(last)) || within(to, last))
        });
        first && last && (from.is_some() || to.is_some())
    }
}

/// Whether a day is the first of an ISO value; `--09-02` leaves the year open.
fn same_first(value: &str, day: Option<Date>) -> bool {
    match (value.strip_prefix("--"), day) {
        (_, None) => false,
        (Some(open), Some(day)) => first_day(&format!("{:04}-{open}", day.year())) == Some(day),
        (None, Some(day)) => first_day(value) == Some(day),
    }
}

/// Whether the days are as long as the value says: a day, a month, a year.
fn same_end(value: &str, days: Interval) -> bool {
    let open = value.starts_with("--");
    let parts = value.trim_start_matches('-').split('-').count() + usize::from(open);
    let (Some(from), Some(until)) = (days.from, days.until) else { return false };
    let wanted = match parts {
        1 => from.checked_add(jiff::Span::new().years(1)),
        2 => from.checked_add(jiff::Span::new().months(1)),
        _ => from.tomorrow(),
    };
    wanted.ok() == Some(until)
}

/// Whether a day lies in the year or month that a value names.
fn within(value: &str, day: Date) -> bool {
    let text = day.to_string();
    value
        .strip_prefix("--")
        .map_or_else(|| text.starts_with(value), |open| text.get(5..).is_some_and(|t| t.starts_with(open)))
}

/// The tokens as a text, and where each lies.
fn detokenized(tokens: &[String]) -> (String, Vec<Span>) {
    let mut text = String::new();
    let mut spans = Vec::with_capacity(tokens.len());
    let mut glue = true;
    for token in tokens {
        let closes = matches!(token.as_str(), "," | "." | ";" | ":" | "!" | "?" | ")" | "]" | "-" | "%" | "’" | "”")
            || token.starts_with("'")
            || token.starts_with('’');
        if !glue && !closes {
            text.push(' ');
        }
        let start = text.len();
        text.push_str(token);
        spans.push(Span::of(start, text.len()));
        glue = matches!(token.as_str(), "(" | "[" | "-" | "$" | "“" | "‘");
    }
    (text, spans)
}

//! Time expressions against gold dates: how many are found, and how many of these name the right days.
//!
//! Gold is JSON Lines as made of GUM's TEI dates: tokens of a sentence, spans with `when` or a `from`/`to` or
//! `notBefore`/`notAfter` pair. A found expression belongs to the gold one that it overlaps most.
//! A gold date inside a range, a part or under a bound of ours ("since 1990", "late 1990") is compared with the time
//! that its own words name.
//! A clock time is right where hour and minute are; where the gold gives its day too, without the day it is not.
//! A negative year counts as history does, without a year 0.
//! The gold ends some spans on their last month or year and others on the one after (a summer in August or in
//! September): an end is right either way, and only with the right start.
//! Only dates are annotated there, not durations or vague times, so precision is not measured.

use anyhow::{Context, Result};
use demarche_coder::when::Teller;
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

impl Figures {
    /// One gold expression that was found: with the same words, of one value, of the right days.
    fn count(&mut self, same_words: bool, single: bool, right: bool) {
        self.found += 1;
        self.same_words += usize::from(same_words);
        let (of, good) =
            if single { (&mut self.dated, &mut self.right) } else { (&mut self.ranged, &mut self.ranged_right) };
        *of += 1;
        *good += usize::from(right);
    }
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
    let occasions =
        |text: &str| demarche_coder::occasions(engine.knowledge(), text).into_iter().map(|(s, i, _)| (s, i)).collect();
    score_with(gold, &engine.analyzer().language().time, occasions)
}

/// Scores the finder and the resolver on a gold file (plain JSON Lines); `occasions` gives the dated happenings of a text.
///
/// # Errors
/// Where a line is not what the gold's lines are.
pub fn score_with(gold: &str, words: &TimeWords, occasions: impl Fn(&str) -> Vec<(Span, Interval)>) -> Result<Figures> {
    let mut figures = Figures::default();
    // Within a document, "a year later" counts from the time given before it.
    let (mut doc, mut teller) = (String::new(), Teller::default());
    for (line, number) in gold.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty()) {
        let sentence: Sentence = serde_json::from_str(line).with_context(|| format!("line {number}"))?;
        if doc != sentence.doc || doc.is_empty() {
            doc = sentence.doc.clone();
            teller = Teller::new(sentence.doc_date.as_deref().and_then(first_day));
        }
        teller.sentence();
        let (text, spans) = detokenized(&sentence.tokens);
        let found: Vec<Found> = find(&text, words)
            .into_iter()
            .map(|t| {
                let at = teller;
                teller.next(&t.kind, None);
                Found { span: t.span, kind: t.kind, at }
            })
            .collect();
        for gold in &sentence.timex {
            let (Some(first), Some(last)) = (spans.get(gold.begin), spans.get(gold.end.saturating_sub(1))) else {
                continue;
            };
            let span = first.cover(*last);
            figures.gold += 1;
            let overlap = |s: Span| s.end.min(span.end).saturating_sub(s.start.max(span.start));
            let best = found.iter().filter(|f| f.span.overlaps(span)).max_by_key(|f| overlap(f.span));
            let value = gold.when.clone().unwrap_or_else(|| {
                format!(
                    "{:?}..{:?}",
                    gold.from.as_ref().or(gold.not_before.as_ref()),
                    gold.to.as_ref().or(gold.not_after.as_ref())
                )
            });
            let Some(ours) = best else {
                // A war or another happening that the tables date is a time, too.
                if let Some((own, days)) = occasions(&text).into_iter().find(|(s, _)| s.overlaps(span)) {
                    let right = gold.same_days(days);
                    figures.count(own == span, gold.when.is_some(), right);
                    if !right {
                        figures.misses.push((gold.text.clone(), value, format!("{days:?}")));
                    }
                    continue;
                }
                figures.misses.push((gold.text.clone(), value, "not found".into()));
                continue;
            };
            let right =
                named(&ours.kind, span.start > ours.span.start).into_iter().any(|kind| gold.agrees(kind, ours.at));
            figures.count(ours.span == span, gold.when.is_some(), right);
            if !right {
                figures.misses.push((
                    gold.text.clone(),
                    value,
                    format!("{:?} {:?}", ours.kind, ours.at.resolve(&ours.kind, None).map(|r| r.0)),
                ));
            }
        }
    }
    Ok(figures)
}

/// An expression of ours, and what the text had told where it stands.
struct Found {
    span: Span,
    kind: TimexKind,
    at: Teller,
}

/// The times that the words of an expression name: itself, and the ends of a range or the time of a bound;
/// where the gold leaves out our first words ("late"), the time without them.
fn named(kind: &TimexKind, shorter: bool) -> Vec<&TimexKind> {
    match kind {
        TimexKind::Range { from, until } => [vec![kind], named(from, shorter), named(until, shorter)].concat(),
        TimexKind::Bound { of, .. } => named(of, shorter),
        TimexKind::Part { of, .. } | TimexKind::Fraction { of: Some(of), .. } if shorter => vec![kind, &**of],
        TimexKind::Within { of, .. } => vec![kind, &**of],
        _ => vec![kind],
    }
}

impl Gold {
    fn agrees(&self, kind: &TimexKind, at: Teller) -> bool {
        if let (Some(when), TimexKind::Clock { hour, minute }) = (&self.when, kind) {
            let clock = when.rsplit('T').next().unwrap_or(when);
            return !when.contains('T') && clock.starts_with(&format!("{hour:02}:{minute:02}"));
        }
        at.resolve(kind, None).is_some_and(|(days, _, _)| self.same_days(days))
    }

    fn same_days(&self, days: Interval) -> bool {
        if let Some(when) = &self.when {
            return same_first(when, days.from) && same_end(when, days);
        }
        let from = self.from.as_deref().or(self.not_before.as_deref());
        let to = self.to.as_deref().or(self.not_after.as_deref());
        let first = from.is_none_or(|from| same_first(from, days.from));
        let last = to.is_none_or(|to| {
            let last = days.until.and_then(|u| u.yesterday().ok());
            last.is_some_and(|last| same_first(to, Some(last)) || within(to, last))
                // A month or a year may be the first one after.
                || from.is_some() && to.trim_start_matches('-').matches('-').count() < 2 - usize::from(to.starts_with("--"))
                    && same_first(to, days.until)
        });
        first && last && (from.is_some() || to.is_some())
    }
}

/// Whether a day is the first of an ISO value; `--09-02` leaves the year open.
fn same_first(value: &str, day: Option<Date>) -> bool {
    if let (Some(year), Some(day)) = (before_christ(value), day) {
        return Date::new(year, 1, 1).is_ok_and(|first| first == day);
    }
    match (value.strip_prefix("--"), day) {
        (_, None) => false,
        (Some(open), Some(day)) => first_day(&format!("{:04}-{open}", day.year())) == Some(day),
        (None, Some(day)) => first_day(value) == Some(day),
    }
}

/// The year of a value such as "-400": 400 BC, where 1 BC is the year 0.
fn before_christ(value: &str) -> Option<i16> {
    value
        .strip_prefix('-')
        .filter(|year| !year.starts_with('-'))
        .and_then(|year| year.parse::<i16>().ok())
        .map(|year| 1 - year)
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

//! What several pages show: an event with its words, a party, a chart with its table, the bounds of a question.

use super::ask::Ask;
use super::page::{Kind, Sheet};
use super::url::Url;
use demarche_core::{ActorRef, Event, Modality, Polarity, Role};
use demarche_store::Stored;
use jiff::civil::Date;
use maud::{Markup, PreEscaped, html};

/// "9 March 2025".
pub(super) fn day(day: Date) -> String {
    crate::page::brief::day_name(day)
}

/// A number with thin spaces between its thousands.
pub(super) fn count(number: impl Into<u64>) -> String {
    let digits = number.into().to_string();
    let mut out = String::new();
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n).is_multiple_of(3) {
            out.push('\u{202f}');
        }
        out.push(digit);
    }
    out
}

/// An address of elsewhere, of a publisher: only such as browsers can open safely.
pub(super) fn outside(url: Option<&str>, text: &str) -> Markup {
    match url.filter(|url| url.starts_with("https://") || url.starts_with("http://")) {
        Some(url) => html! { a href=(url) rel="noopener noreferrer external" { (text) } },
        None => html! { (text) },
    }
}

/// A party, with the way to its page.
pub(super) fn party(party: &ActorRef) -> Markup {
    let name = party.name.as_deref().unwrap_or(&party.text);
    let own = party.id.as_ref().map(|id| id.to_string()).or_else(|| party.code.clone());
    let sector = party.sector.map(|s| s.as_str());
    html! {
        span.party {
            @match own {
                Some(id) => a href=(Url::actor(&id)) title=[party.office.as_deref()] { (name) },
                None => (name),
            }
            @if let Some(code) = &party.code { " " span.code { (code) @if let Some(sector) = sector { "/" (sector) } } }
        }
    }
}

/// Parties in a row.
pub(super) fn parties(all: &[ActorRef]) -> Markup {
    html! { @for (n, one) in all.iter().enumerate() { @if n > 0 { ", " } (party(one)) } }
}

/// What sets an event apart from a deed that happened: a word and a class for its style.
pub(super) fn standing(event: &Event) -> Option<(&'static str, &'static str)> {
    if event.polarity == Polarity::Negative {
        return Some(("denied", "did not happen, by the report"));
    }
    Some(match event.modality {
        Modality::Asserted => return None,
        Modality::Planned => ("planned", "planned"),
        Modality::Possible => ("speculated", "possible"),
        Modality::Conditional => ("speculated", "on a condition"),
        Modality::Demanded => ("demanded", "demanded"),
        Modality::Believed => ("speculated", "believed"),
    })
}

/// "consult, meet" in words, its colour by quad class and its sign.
pub(super) fn kind(event: &Event) -> Markup {
    let quad = event.quad.number();
    let word = event.event_type.as_str().to_lowercase();
    html! {
        span class={ "kind q" (quad) } title=(crate::page::quad_name(event.quad)) {
            (word) @if let Some(mode) = event.mode { ", " (mode.to_string()) }
        }
        @if let Some((class, words)) = standing(event) { " " span class={ "standing " (class) } { (words) } }
    }
}

/// Where words stand in a text: as words of their own ("he" is not in "splashed"), or else wherever their letters are.
fn stands(text: &str, words: &str) -> Option<usize> {
    let alone = |at: &usize| {
        let (before, after) = (&text[..*at], &text[at + words.len()..]);
        !before.ends_with(char::is_alphanumeric) && !after.starts_with(char::is_alphanumeric)
    };
    let mut all = text.match_indices(words).filter(|_| !words.is_empty()).map(|(at, _)| at);
    all.clone().find(alone).or_else(|| all.next())
}

/// The sentence of an event with the words that it rests on marked.
pub(super) fn words(stored: &Stored) -> Markup {
    let Some(text) = stored.entry.sentence_text.as_deref() else { return html! {} };
    let event = &stored.entry.event;
    let mut marks: Vec<(usize, usize, &str)> = Vec::new();
    let mut mark = |words: &str, class: &'static str| {
        if let Some(at) = stands(text, words) {
            let end = at + words.len();
            if marks.iter().all(|(from, until, _)| end <= *from || *until <= at) {
                marks.push((at, end, class));
            }
        }
    };
    event.evidence.iter().filter(|e| e.role == Role::Trigger).for_each(|e| mark(&e.text, "trigger"));
    event.actors.iter().for_each(|p| mark(&p.text, "actor"));
    event.recipients.iter().for_each(|p| mark(&p.text, "recipient"));
    marks.sort_unstable();
    let ends = std::iter::once(0).chain(marks.iter().map(|(_, until, _)| *until));
    let last = marks.last().map_or(0, |(_, until, _)| *until);
    html! {
        @for (before, (from, until, class)) in ends.zip(&marks) {
            (text[before..*from]) mark class=(class) { (text[*from..*until]) }
        }
        (text[last..])
    }
}

/// A text with some words of it marked.
pub(super) fn marked(text: &str, words: &str) -> Markup {
    match stands(text, words) {
        Some(at) => html! { (text[..at]) mark { (words) } (text[at + words.len()..]) },
        None => html! { (text) },
    }
}

/// When an event was, to the day that is known.
pub(super) fn when(event: &Event) -> String {
    event.when.and_then(|w| w.interval.from).map_or_else(String::new, |d| d.to_string())
}

/// An event as an entry of a list: what, the words, whence.
pub(super) fn event(stored: &Stored) -> Markup {
    let entry = &stored.entry;
    let event = &entry.event;
    html! {
        li class={ "event" @if let Some((class, _)) = standing(event) { " " (class) } } {
            p.coded {
                time datetime=(when(event)) { (when(event)) } " "
                (parties(&event.actors)) " " (kind(event))
                @if !event.recipients.is_empty() { " " span.toward aria-label="toward" { "→" } " " (parties(&event.recipients)) }
            }
            @if entry.sentence_text.is_some() { blockquote { (words(stored)) } }
            p.whence {
                (source(stored))
                " · " a href=(Url::event(&event.id)) { "why" }
                @if let Some(story) = &stored.story { " · " a href=(Url::story(story)) { "story" } }
            }
        }
    }
}

/// Publisher and date of an event's report, with the way to the document.
pub(super) fn source(stored: &Stored) -> Markup {
    let entry = &stored.entry;
    let publisher = entry.publisher.as_deref().unwrap_or(&entry.dataset);
    let id = entry.event.document.to_string();
    html! {
        span.source {
            (outside(entry.url.as_deref(), publisher))
            @if let Some(published) = entry.published { ", " (day(published)) }
            @if stored.document.is_some() { " · " a href=(Url::source(&id, Some(entry.event.sentence))) { "in the text" } }
        }
    }
}

/// A chart with what it shows in a sentence and as a table.
pub(super) fn figure(svg: &str, in_words: &str, table: &Sheet) -> Markup {
    html! {
        figure.chart {
            div.canvas { (PreEscaped(svg)) }
            figcaption { (in_words) }
            details { summary { "The same as a table" } (sheet(table)) }
        }
    }
}

/// A table.
pub(super) fn sheet(sheet: &Sheet) -> Markup {
    let numeric: Vec<bool> = (0..sheet.columns.len())
        .map(|n| {
            !sheet.rows.is_empty() && sheet.rows.iter().all(|row| row[n].is_empty() || row[n].parse::<f64>().is_ok())
        })
        .collect();
    html! {
        div.scroll tabindex="0" role="region" aria-label="Table" {
            table {
                thead { tr { @for (column, number) in sheet.columns.iter().zip(&numeric) {
                    th scope="col" class=[number.then_some("number")] { (column.replace('_', " ")) }
                } } }
                tbody { @for row in &sheet.rows { tr { @for (cell, number) in row.iter().zip(&numeric) {
                    td class=[number.then_some("number")] { (cell) }
                } } } }
            }
        }
    }
}

/// A form for the bounds of a question; the other values of the address are kept.
pub(super) fn bounds(ask: &Ask<'_>) -> Markup {
    let kept: Vec<_> = ask.page.all_params().filter(|p| p.place == super::page::Place::Query).collect();
    let shown = |name: &str| super::page::BOUNDS.iter().any(|p| p.name == name);
    let value = |name: &str| ask.values.get(name).cloned();
    let used = super::page::BOUNDS.iter().any(|p| ask.values.contains_key(p.name));
    html! {
        details.bounds open[used] {
            summary { "Days and bounds" }
            form {
                @for param in kept.iter().filter(|p| !shown(p.name) && p.name != "before") {
                    @if let Some(value) = value(param.name) { input type="hidden" name=(param.name) value=(value); }
                }
                @for param in super::page::BOUNDS {
                    (field(param.name, param.about, param.kind, value(param.name).as_deref(), param.example))
                }
                button { "Show" }
            }
        }
    }
}

/// One field of a form, with its label.
pub(super) fn field(name: &str, label: &str, kind: Kind, value: Option<&str>, example: &str) -> Markup {
    html! {
        label.field {
            span { (label) }
            @match kind {
                Kind::Flag => input type="checkbox" name=(name) value="yes" checked[value.is_some()];,
                Kind::Number(least, most) => input type="number" name=(name) min=(least) max=(most) value=[value];,
                Kind::OneOf(all) => select name=(name) {
                    option value="" selected[value.is_none()] {}
                    @for one in all { option value=(one) selected[value == Some(*one)] { (one) } }
                },
                Kind::Day | Kind::Text => input type="text" name=(name) value=[value] placeholder=(example) autocomplete="off";,
            }
        }
    }
}

/// Text to be copied.
pub(super) fn copied(label: &str, text: &str) -> Markup {
    html! {
        div.copied {
            p { (label) }
            pre tabindex="0" { code { (text) } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_where_they_stand_alone() {
        assert_eq!(stands("he was splashed; Iranians in Iran", "Iran"), Some(29));
        assert_eq!(stands("splashed, he said", "he"), Some(10));
        assert_eq!(stands("Iranian crown", "Iran"), Some(0));
        assert_eq!((stands("any", ""), stands("any", "body")), (None, None));
    }
}

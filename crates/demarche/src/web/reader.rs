//! A text beside what was read in it, as Read and Source show it.
//!
//! Every stretch of the text names the records that it belongs to, and every row its stretches by its id: links lead both
//! ways without scripts, and `read.js` lights them up.

use super::ask::Ask;
use super::asset;
use super::fault::Fault;
use super::page::{Kind, Param, Place, Sheet};
use super::parts;
use super::url::Url;
use super::visible::visible;
use crate::page::event_day;
use crate::page::reader::{Block, EventRead, Layer, Part, Piece, ReaderPage};
use crate::page::segment::Segment;
use crate::page::why::Why;
use demarche_core::{ActorRef, Basis, Check, Event, EventType, Polarity, Relation, Scope, Span, Statement, Verdict};
use maud::{Markup, html};
use std::collections::BTreeMap;

/// Which layers are shown: a part of the address.
pub(super) const LAYERS: Param = Param {
    name: "layers",
    place: Place::Query,
    kind: Kind::Text,
    about: "Which layers are marked in the text; all unless said, none for none",
    example: "actors,events",
};

/// The layers that are asked for.
pub(super) fn layers(ask: &Ask<'_>) -> Result<Vec<Layer>, Fault> {
    let Some(asked) = ask.get(LAYERS.name) else { return Ok(Layer::ALL.to_vec()) };
    let names: Vec<&str> = asked.split(',').map(str::trim).filter(|name| !name.is_empty() && *name != "none").collect();
    let known: Vec<&str> = Layer::ALL.iter().map(|layer| layer.as_str()).collect();
    let strange = names.iter().filter(|name| !known.contains(*name));
    let faults: Vec<String> =
        strange.map(|name| format!("layers: no {name:?} (hint: {}, none)", known.join(", "))).collect();
    if !faults.is_empty() {
        return Err(Fault::asked(faults));
    }
    Ok(Layer::ALL.into_iter().filter(|layer| names.contains(&layer.as_str())).collect())
}

/// What the rows beside the text lead to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Around {
    /// Whether events have pages of their own.
    pub(super) kept: bool,
    /// Whether the address is the whole state, so that scripts may write the layers into it.
    pub(super) addressed: bool,
}

/// All that goes into a page's place for the text; `head` stands under the title, `foot` after the rows.
pub(super) fn reading(page: &ReaderPage, shown: &[Layer], around: Around, head: &Markup, foot: &Markup) -> Markup {
    let view = View { page, footnotes: page.footnotes(), by_id: by_id(page), around };
    let headline = page.headline();
    let body = &page.blocks[usize::from(headline.is_some()).min(page.blocks.len())..];
    html! {
        div.reading data-addressed[around.addressed] {
            @match headline {
                Some(block) => h1 dir="auto" { (view.pieces(block)) },
                None => h1 dir="auto" { @match &page.record.title { Some(title) => (visible(title)), None => "A text without a title" } },
            }
            (head)
            (toggles(shown))
            div.beside {
                article.text lang=(page.record.lang) aria-label="The text" tabindex="0" {
                    @for block in body { p dir="auto" { (view.pieces(block)) } }
                    @if body.is_empty() { p.aside { "There is no text." } }
                }
                div.rows {
                    (view.events())
                    (view.checks())
                    (view.statements())
                    (view.relations())
                    (view.notes())
                    (foot)
                }
            }
        }
        script src=(asset::address("read.js")) defer {}
    }
}

fn by_id(page: &ReaderPage) -> BTreeMap<&str, &Event> {
    page.events.iter().map(|read| (read.event.id.as_str(), &read.event)).collect()
}

/// What is marked, each to be switched, and what the marks mean.
fn toggles(shown: &[Layer]) -> Markup {
    html! {
        fieldset.layers {
            legend { "Marked in the text" }
            @for (n, layer) in Layer::ALL.into_iter().enumerate() {
                label for=(format!("layer-{}", layer.as_str())) {
                    input type="checkbox" id=(format!("layer-{}", layer.as_str())) data-layer=(layer.as_str()) checked[shown.contains(&layer)];
                    span class={ "swatch in-" (layer.as_str()) } { (layer.as_str()) } " " kbd { (n + 1) }
                }
            }
        }
        details.legend #keys {
            summary { "Marks and keys" }
            p { "How the words of an event are underlined says how the report puts it: "
                span.swatch.trigger { "happened" } ", " span.swatch.trigger.denied { "denied" } ", "
                span.swatch.trigger.threatened { "threatened" } ", " span.swatch.trigger.planned { "planned" } ", "
                span.swatch.trigger.demanded { "demanded" } ", " span.swatch.trigger.speculated { "possible or believed" } "." }
            p { "A row lights up its words, and words their rows: " kbd { "j" } " next event, " kbd { "k" } " the one before, "
                kbd { "w" } " why, " kbd { "1" } " to " kbd { "5" } " layers, " kbd { "Esc" } " none, " kbd { "?" } " this. Without scripts the words of an event lead to its row, and the row to its sentence." }
        }
    }
}

struct View<'p> {
    page: &'p ReaderPage,
    footnotes: BTreeMap<u32, Vec<usize>>,
    by_id: BTreeMap<&'p str, &'p Event>,
    around: Around,
}

impl View<'_> {
    fn pieces(&self, block: &Block) -> Markup {
        html! { @for piece in &block.pieces { (self.piece(piece)) } }
    }

    fn piece(&self, piece: &Piece) -> Markup {
        let inner = html! { @for segment in &piece.segments { (self.segment(segment)) } };
        let Some(sentence) = piece.sentence.map(|n| &self.page.sentences[n]) else { return inner };
        let class = match (sentence.kind, &piece.aside) {
            ("caption", _) => "sentence aside caption",
            (_, Some(_)) => "sentence aside furniture",
            _ => "sentence",
        };
        html! {
            span id=(format!("s{}", sentence.n)) class=(class) {
                @if let Some(why) = &piece.aside { small.label { (why) } " " }
                (inner)
            }
        }
    }

    fn segment(&self, segment: &Segment) -> Markup {
        let words = self.page.text.get(segment.span.range()).unwrap_or_default();
        let notes = self.footnotes.get(&segment.span.end);
        html! {
            @if segment.marks.is_empty() { (visible(words)) } @else { (self.marked(segment, words)) }
            @for n in notes.into_iter().flatten() { (footnote(*n, &self.page.checks[*n])) }
        }
    }

    fn marked(&self, segment: &Segment, words: &str) -> Markup {
        let marks = || segment.marks.iter().map(|n| &self.page.marks[*n]);
        let of = |parts: &[Part]| -> Option<String> {
            let mut ids: Vec<&str> =
                marks().filter(|mark| parts.contains(&mark.part)).filter_map(|mark| mark.of.as_deref()).collect();
            ids.sort_unstable();
            ids.dedup();
            (!ids.is_empty()).then(|| ids.join(" "))
        };
        let mut classes: Vec<&str> = Vec::new();
        for mark in marks() {
            classes.push(match mark.part.layer() {
                Some(Layer::Actors) => "in-actors",
                Some(Layer::Events) => "in-events",
                Some(Layer::Quotes) => "in-quotes",
                Some(Layer::Dates) => "in-dates",
                Some(Layer::Places) => "in-places",
                None if mark.part == Part::Claim => "claim",
                None => "cue",
            });
            classes.extend((mark.part == Part::Quoted).then_some("quoted"));
            if mark.part == Part::Trigger
                && let Some(event) = mark.of.as_deref().and_then(|id| self.by_id.get(id))
            {
                classes.push("trigger");
                classes.extend(put(event));
            }
        }
        classes.sort_unstable();
        classes.dedup();
        let mut says: Vec<&str> = marks().filter_map(|mark| mark.says.as_deref()).collect();
        says.sort_unstable();
        says.dedup();
        let trigger = of(&[Part::Trigger]);
        let row = trigger.as_deref().and_then(|ids| ids.split(' ').find(|id| self.by_id.contains_key(id)));
        let title = match row.and_then(|id| self.by_id.get(id)) {
            Some(event) => Some(gist(event)),
            None => (!says.is_empty()).then(|| says.join("; ")),
        };
        let class = classes.join(" ");
        let (actor, recipient) = (of(&[Part::Actor]), of(&[Part::Recipient]));
        let (speaker, cue, said) = (of(&[Part::Speaker]), of(&[Part::Cue]), of(&[Part::Said, Part::Quoted]));
        let (date, place, claim) = (of(&[Part::Date]), of(&[Part::Place]), of(&[Part::Claim]));
        html! {
            @match row {
                Some(row) => a class=(class) href=(format!("#{row}")) title=[title] data-trigger=[&trigger] data-actor=[actor] data-recipient=[recipient]
                    data-speaker=[speaker] data-cue=[cue] data-said=[said] data-date=[date] data-place=[place] data-claim=[claim] { (visible(words)) },
                None => span class=(class) title=[title] data-trigger=[&trigger] data-actor=[actor] data-recipient=[recipient]
                    data-speaker=[speaker] data-cue=[cue] data-said=[said] data-date=[date] data-place=[place] data-claim=[claim] { (visible(words)) },
            }
        }
    }

    /// The way to a sentence, by the number that records give it.
    fn sentence(&self, n: u32) -> Markup {
        let title = self.page.sentences.iter().any(|s| s.n == n && s.kind == "title");
        html! { a href=(format!("#s{n}")) { @if title { "in the title" } @else { "in sentence " (n) } } }
    }

    fn events(&self) -> Markup {
        let all = &self.page.events;
        html! {
            section aria-labelledby="events" {
                h2 #events { "Events" span.number-of { " " (all.len()) } }
                @if all.is_empty() { p { "No event was read in this text." } }
                ol.events { @for read in all { (self.event(read)) } }
            }
        }
    }

    fn event(&self, read: &EventRead) -> Markup {
        let event = &read.event;
        let class: Vec<&str> = ["event", "row"].into_iter().chain(put(event)).collect();
        html! {
            li id=(event.id) class=(class.join(" ")) tabindex="-1" data-row="event" {
                p.coded {
                    @let day = event_day(event);
                    @if !day.is_empty() { time { (day) } " " }
                    (parts::parties(&event.actors)) " " (parts::kind(event))
                    @if !event.recipients.is_empty() { " " span.toward aria-label="toward" { "→" } " " (parts::parties(&event.recipients)) }
                }
                p.whence {
                    @if let Some(trigger) = event.evidence.first() { q { (visible(&trigger.text)) } " · " }
                    @if let Some(place) = &event.place { "in " (visible(&place.name)) " · " }
                    @if let Some(speaker) = event.attribution.as_ref().and_then(|said| said.speaker.as_ref()) { "according to " (parts::party(speaker)) " · " }
                    (self.sentence(event.sentence))
                    @if self.around.kept {
                        " · " a href=(Url::event(&event.id)) { "the event" }
                        @if let Some(story) = &read.story { " · " a href=(Url::story(story)) { "the story" } }
                        @if let Some(correction) = read.correction { " · corrected (" (correction) ")" }
                    }
                }
                details.why {
                    summary { "Why" span.unseen { " " (gist(event)) } }
                    (why(event, &read.why))
                }
            }
        }
    }

    fn checks(&self) -> Markup {
        html! {
            @if !self.page.checks.is_empty() {
                section aria-labelledby="checks" {
                    h2 #checks { "Checked against the tables" }
                    ol.checks { @for (n, check) in self.page.checks.iter().enumerate() {
                        li id=(check.id) class={ "row " (verdict(check)) } tabindex="-1" data-row="check" {
                            p { span.verdict { (verdict(check)) } ": " (visible(&check.claim)) " " a href=(format!("#note-{}", n + 1)) aria-label={ "Back to note " (n + 1) " in the text" } { "↑" } }
                            @match &check.reference {
                                Some(reference) => p.whence {
                                    "the tables: " (visible(&reference.statement)) " (" code { (reference.row) } @if let Some(source) = &reference.source { ", from " (source) } ")"
                                    @if let Some(day) = check.as_of { ", asked for " (parts::day(day)) }
                                },
                                None => p.whence { "no row of the tables settles it" @if let Some(day) = check.as_of { " for " (parts::day(day)) } },
                            }
                        }
                    } }
                }
            }
        }
    }

    fn statements(&self) -> Markup {
        let row = |one: &Statement| {
            html! {
                li.row id=(one.id) tabindex="-1" data-row="statement" {
                    p { (somebody(one.speaker.as_ref())) " " span.cue-word { (visible(&one.cue)) } " (" (one.stance) ")"
                        @if one.quoted { ", in own words" } ":" }
                    blockquote { (visible(&one.content.text)) }
                    p.whence {
                        (self.sentence(one.sentence))
                        @if let Some(event) = one.event.as_deref().filter(|id| self.by_id.contains_key(id)) { " · " a href=(format!("#{event}")) { "the event that it speaks of" } }
                    }
                }
            }
        };
        list("said", "Who says what", &self.page.statements, row)
    }

    fn relations(&self) -> Markup {
        let row = |one: &Relation| {
            html! {
                li.row id=(one.id) tabindex="-1" data-row="relation" {
                    p { @if one.polarity == Polarity::Negative { "not " } b { (word(&one.relation)) } ": " (parts::party(&one.subject)) " – " (parts::party(&one.object))
                        @if let Some(who) = &one.according_to { ", according to " (parts::party(who)) } }
                    p.whence {
                        (self.sentence(one.sentence))
                        @if let Some(from) = one.from { " · since " (parts::day(from)) } @if let Some(until) = one.until { " · until " (parts::day(until)) }
                    }
                }
            }
        };
        list("relations", "What is said to stand", &self.page.relations, row)
    }

    fn notes(&self) -> Markup {
        let page = self.page;
        html! {
            @if !page.notes.is_empty() || page.glanced > 0 {
                section aria-labelledby="passed" {
                    h2 #passed { "Passed over" }
                    ul.notes {
                        @for note in &page.notes { li {
                            (note.why)
                            @if let Some(text) = &note.text { ": " q { (visible(&short(text))) } }
                            @if let Some(n) = note.sentence { " · " (self.sentence(n)) }
                        } }
                        @if page.glanced > 0 { li { (page.glanced) " of " (page.sentences.len()) " sentences have no word that could report anything; they were not parsed" } }
                    }
                }
            }
        }
    }
}

/// A list with its heading, folded where it is long.
fn list<T>(id: &str, title: &str, all: &[T], row: impl Fn(&T) -> Markup) -> Markup {
    html! {
        @if !all.is_empty() {
            section aria-labelledby=(id) {
                h2 id=(id) { (title) span.number-of { " " (all.len()) } }
                ul.others { @for one in all { (row(one)) } }
            }
        }
    }
}

/// How the report puts an event, as classes.
fn put(event: &Event) -> impl Iterator<Item = &'static str> {
    let threat = (event.event_type == EventType::Threaten).then_some("threatened");
    parts::standing(event).map(|(class, _)| class).into_iter().chain(threat)
}

/// "Iran, Saudi Arabia: agree", "France: assault → Syria (did not happen, by the report)".
pub(super) fn gist(event: &Event) -> String {
    let names = |all: &[ActorRef]| {
        let all: Vec<&str> = all.iter().map(|p| p.name.as_deref().unwrap_or(&p.text)).collect();
        all.join(", ")
    };
    let mut text = format!("{}: {}", names(&event.actors), event.event_type.as_str().to_lowercase());
    if let Some(mode) = event.mode {
        text += &format!(", {mode}");
    }
    if !event.recipients.is_empty() {
        text += &format!(" → {}", names(&event.recipients));
    }
    if let Some((_, words)) = parts::standing(event) {
        text += &format!(" ({words})");
    }
    text
}

fn somebody(party: Option<&ActorRef>) -> Markup {
    match party {
        Some(party) => parts::party(party),
        None => html! { "Somebody" },
    }
}

fn footnote(n: usize, check: &Check) -> Markup {
    html! {
        sup.footnote { a id=(format!("note-{}", n + 1)) data-claim=(check.id) href=(format!("#{}", check.id)) class=(verdict(check)) aria-label=(format!("Note {}: {}", n + 1, verdict(check))) { (n + 1) } }
    }
}

fn verdict(check: &Check) -> &'static str {
    match check.verdict {
        Verdict::Supported => "supported",
        Verdict::Contradicted => "contradicted",
        Verdict::Unknown => "unknown",
    }
}

/// A word of a closed set as records write it.
fn word(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

/// The beginning of a text.
fn short(text: &str) -> String {
    const SHOWN: usize = 160;
    match text.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_string(),
    }
}

/// What an event rests on.
pub(super) fn why(event: &Event, why: &Why) -> Markup {
    html! {
        dl {
            @if let Some(rule) = &why.rule {
                dt { "Made by" }
                dd {
                    @if rule.is_head() { "the typing head alone: no pattern joins the two" @if let Some(row) = &rule.row { " (" code { (row) } ")" } }
                    @else {
                        "the pattern " b { (rule.name) } " (" code { @if let Some(row) = &rule.row { (row) } } @if let Some(source) = &rule.source { ", from " (source) } ")"
                        @if rule.today { ", as the tables have it today" }
                        @if let Some(text) = &rule.matches { br; "it must match: " q { (text) } }
                        @if let Some(text) = &rule.not { br; "and not: " q { (text) } }
                    }
                }
            }
            @if !why.grounds.is_empty() { dt { "Grounds" } dd { (why.grounds.join("; ")) ", confidence " (format!("{:.2}", event.confidence)) } }
            @if event.evidence.len() > 1 {
                dt { "Words" }
                dd { @for (n, e) in event.evidence.iter().enumerate() {
                    @if n > 0 { ", " } (word(&e.role)) " " q { (visible(&e.text)) } " " a href=(format!("#s{}", e.sentence)) { "[" (e.sentence) "]" }
                } }
            }
            @if let Some(when) = &event.when { dt { "When" } dd { (event_day(event)) " (" (basis(when.basis)) ", " (scope(when.scope)) ")" } }
            @if let Some(place) = &event.place {
                dt { "Where" }
                dd { q { (visible(&place.text)) } ": " (visible(&place.name)) @if let Some(country) = &place.country { ", " (country) }
                    " (" (word(&place.precision)) ", " (scope(place.scope)) ")" }
            }
            @if let Some(said) = &event.attribution {
                dt { "Said" }
                dd { (somebody(said.speaker.as_ref())) @if let Some(cue) = &said.cue { " " q { (visible(cue)) } }
                    @for quote in &said.quotes { ", " q { (visible(&quote.text)) } } }
            }
            @if let Some(code) = &event.cameo { dt { "CAMEO" } dd { (code) ", intensity " (event.intensity) } }
            @for party in &why.parties {
                dt { q { (visible(&party.text)) } }
                dd {
                    @if let Some(name) = &party.name { (visible(name)) " " }
                    @if !party.by.is_empty() { "by " (party.by.join(", ")) }
                    @for known in &party.rows { br; (known.says) " (" code { (known.row) } @if let Some(source) = &known.source { ", from " (source) } ")" }
                }
            }
            @if !why.candidates.is_empty() { dt { "Could also be" } dd { (lines(&why.candidates)) } }
            @if !why.rejected.is_empty() { dt { "Rejected" } dd { (lines(&why.rejected)) } }
        }
    }
}

fn lines(all: &[String]) -> Markup {
    html! { @for (n, one) in all.iter().enumerate() { @if n > 0 { br; } (visible(one)) } }
}

/// How a day is known.
pub(super) fn basis(basis: Basis) -> &'static str {
    match basis {
        Basis::Stated => "stated",
        Basis::Relative => "counted from another date",
        Basis::Dateline => "from the dateline",
        Basis::Publication => "the day of publication, for want of a nearer one",
        Basis::LatestInText => "the latest date of the text",
        Basis::None => "not known",
    }
}

fn scope(scope: Scope) -> &'static str {
    match scope {
        Scope::Clause => "of its clause",
        Scope::Sentence => "of its sentence",
        Scope::Paragraph => "of its paragraph",
        Scope::Document => "of the document",
    }
}

/// The events as a table: one row each.
pub(super) fn sheet(page: &ReaderPage) -> Sheet {
    let columns = vec![
        "sentence",
        "event",
        "type",
        "mode",
        "cameo",
        "quad",
        "intensity",
        "actors",
        "actor_codes",
        "recipients",
        "recipient_codes",
        "polarity",
        "modality",
        "from",
        "until",
        "place",
        "country",
        "speaker",
        "words",
        "start",
        "end",
        "confidence",
        "rule",
        "row",
        "story",
    ];
    let names =
        |all: &[ActorRef]| all.iter().map(|p| p.name.as_deref().unwrap_or(&p.text)).collect::<Vec<_>>().join("; ");
    let codes = |all: &[ActorRef]| all.iter().map(|p| p.code.as_deref().unwrap_or("")).collect::<Vec<_>>().join("; ");
    let text = |value: Option<&str>| value.unwrap_or_default().to_string();
    let row = |read: &EventRead| {
        let event = &read.event;
        let days = event.when.map(|when| when.interval);
        let day = |day: Option<jiff::civil::Date>| day.map(|d| d.to_string()).unwrap_or_default();
        let trigger = event.evidence.first();
        let span = trigger.map_or(Span::new(0, 0), |e| e.span);
        let speaker = event.attribution.as_ref().and_then(|said| said.speaker.as_ref());
        vec![
            event.sentence.to_string(),
            event.id.clone(),
            event.event_type.to_string(),
            event.mode.map(|m| m.to_string()).unwrap_or_default(),
            text(event.cameo.as_deref()),
            event.quad.number().to_string(),
            event.intensity.to_string(),
            names(&event.actors),
            codes(&event.actors),
            names(&event.recipients),
            codes(&event.recipients),
            word(&event.polarity),
            word(&event.modality),
            day(days.and_then(|d| d.from)),
            day(days.and_then(|d| d.until)),
            text(event.place.as_ref().map(|p| p.name.as_str())),
            text(event.place.as_ref().and_then(|p| p.country.as_deref())),
            text(speaker.map(|p| p.name.as_deref().unwrap_or(&p.text))),
            text(trigger.map(|e| e.text.as_str())),
            span.start.to_string(),
            span.end.to_string(),
            event.confidence.to_string(),
            text(read.why.rule.as_ref().map(|rule| rule.name.as_str())),
            text(read.why.rule.as_ref().and_then(|rule| rule.row.as_deref())),
            text(read.story.as_deref()),
        ]
    };
    Sheet { columns, rows: page.events.iter().map(row).collect() }
}

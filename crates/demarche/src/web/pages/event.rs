//! One event: what was coded, on which words and grounds, by which run, and what people said of it.

use super::part;
use crate::page::event::{EventPage, act, standing, word};
use crate::web::ask::Ask;
use crate::web::fault::Fault;
use crate::web::page::{Again, Method, Page, Param, Reply, Sheet, View};
use crate::web::parts;
use crate::web::url::Url;
use demarche_core::{ActorRef, Role};
use maud::{Markup, html};

const PARAMS: &[Param] = &[part("id", "The event's id", "e-0123456789abcdef")];

pub(in crate::web) const PAGE: Page = Page {
    name: "event",
    method: Method::Get,
    path: "/event/{id}",
    about: "One event: its coded fields, the words and grounds that it rests on, the run that made it, its corrections",
    params: &[PARAMS],
    answer,
};

fn answer(ask: &Ask<'_>) -> Result<Reply, Fault> {
    let page = EventPage::of(ask.ledger()?, ask.part("id"))?;
    Ok(Reply::View(Box::new(Shown(page))))
}

struct Shown(EventPage);

/// A party with all that is known of how it was found.
fn found(party: &ActorRef) -> Markup {
    html! {
        li {
            (parts::party(party))
            @if let Some(office) = &party.office { ", " (office) }
            " " span.whence {
                "in the text “" (party.text) "”"
                @if !party.resolved_by.is_empty() { " · found by " (party.resolved_by.join(", ")) }
                @if !party.candidates.is_empty() {
                    " · could be " @for (n, id) in party.candidates.iter().enumerate() {
                        @if n > 0 { ", " } a href=(Url::actor(id.as_str())) { (id) }
                    }
                }
            }
        }
    }
}

fn named(role: Role) -> String {
    word(&role)
}

impl Shown {
    fn says(&self) -> String {
        let event = &self.0.stored.entry.event;
        let names = |parties: &[ActorRef]| {
            let name = |p: &ActorRef| p.name.clone().unwrap_or_else(|| p.text.clone());
            parties.iter().map(name).collect::<Vec<_>>().join(", ")
        };
        let kind = event.event_type.as_str().to_lowercase();
        let toward =
            if event.recipients.is_empty() { String::new() } else { format!(" → {}", names(&event.recipients)) };
        format!("{}: {kind}{toward}", names(&event.actors))
    }

    fn document(&self) -> Markup {
        let stored = &self.0.stored;
        let entry = &stored.entry;
        html! {
            p { (parts::source(stored)) @if let Some(title) = &entry.title { " · " cite { (title) } } }
            @if stored.document.is_none() {
                p.whence { "From the data set " (entry.dataset) @if let Some(id) = &entry.source_id { ", there " code { (id) } } ". Its text is not kept." }
            }
        }
    }
}

impl View for Shown {
    fn title(&self) -> String {
        self.says()
    }

    fn html(&self, _ask: &Ask<'_>) -> Markup {
        let page = &self.0;
        let stored = &page.stored;
        let entry = &stored.entry;
        let event = &entry.event;
        let fix = Url::correction(&event.id);
        html! {
            h1 { (self.says()) }
            @if let Some((run, day)) = stored.gone {
                p.fault { "No longer in force: ended by run " a href=(Url::runs()) { (run) } " on " (parts::day(day)) "." }
            }
            p.coded {
                time datetime=(parts::when(event)) { (parts::when(event)) } " "
                (parts::parties(&event.actors)) " " (parts::kind(event))
                @if !event.recipients.is_empty() { " " span aria-label="toward" { "→" } " " (parts::parties(&event.recipients)) }
                " · " (standing(event))
            }
            @if entry.sentence_text.is_some() { blockquote.words { (parts::words(stored)) } }
            (self.document())
            p {
                code { (event.id) }
                @if stored.gone.is_none() { " · " a href=(fix) { "correct it" } }
                @if let Some(story) = &stored.story {
                    " · " a href=(Url::story(story)) { "story" }
                    @if let Some((reports, origins)) = page.breadth {
                        ": " (reports) @if reports == 1 { " report, " } @else { " reports, " } (origins)
                        @if origins == 1 { " independent origin" } @else { " independent origins" }
                    }
                    @if !stored.lead { " (another event of it counts)" }
                }
            }
            section aria-labelledby="fields" {
                h2 #fields { "As coded" }
                div.scroll.whole tabindex="0" role="region" aria-label="Coded fields" { table {
                    thead { tr { th scope="col" { "Field" } th scope="col" { "Value" } th scope="col" { "Known by" } } }
                    tbody { @for field in page.fields() { tr {
                        th scope="row" { (field.field) } td { (field.value) } td.whence { (field.basis) }
                    } } }
                } }
            }
            section aria-labelledby="parties" {
                h2 #parties { "Parties" }
                @for (who, all) in [("Actors", &event.actors), ("Recipients", &event.recipients)] {
                    @if !all.is_empty() { h3 { (who) } ul { @for one in all { (found(one)) } } }
                }
                @if let Some(speaker) = event.attribution.as_ref().and_then(|a| a.speaker.as_ref()) {
                    h3 { "According to" } ul { (found(speaker)) }
                }
            }
            section aria-labelledby="evidence" {
                h2 #evidence { "What it rests on" }
                @if !event.grounds.is_empty() {
                    h3 { "Grounds" }
                    ul.grounds { @for ground in &event.grounds { li { code { (ground) } } } }
                }
                @let quotes = event.attribution.iter().flat_map(|a| &a.quotes);
                @if !event.evidence.is_empty() {
                    h3 { "Words" }
                    div.scroll.whole tabindex="0" role="region" aria-label="Evidence" { table {
                        thead { tr { th scope="col" { "Role" } th scope="col" { "Words" } th.number scope="col" { "Sentence" } th.number scope="col" { "From byte" } th.number scope="col" { "To byte" } } }
                        tbody {
                            @for one in &event.evidence { tr {
                                td { (named(one.role)) } td { mark { (one.text) } } td.number { (one.sentence) }
                                td.number { (one.span.start) } td.number { (one.span.end) }
                            } }
                            @for quote in quotes { tr {
                                td { "own words" } td { q { (quote.text) } } td.number {}
                                td.number { (quote.span.start) } td.number { (quote.span.end) }
                            } }
                        }
                    } }
                }
                @if event.grounds.is_empty() && event.evidence.is_empty() { p { "The data set gives neither words nor grounds." } }
            }
            section aria-labelledby="made" {
                h2 #made { "Who made it" }
                p {
                    "Run " a href=(Url::runs()) { (stored.run) }
                    @if let Some(run) = &page.run {
                        " (" (run.kind) @if let Some(author) = &run.author { " by " (author) } ") of " (run.started)
                        @if let Some(coder) = &run.coder { ", coder " (coder) }
                        @if let Some(tables) = &run.tables { ", tables " code { (tables) } }
                    }
                    ". Known since " (parts::day(stored.known)) "."
                }
                @if !entry.extra.is_empty() {
                    h3 { "What came with it" }
                    dl { @for (name, value) in &entry.extra { dt { (name) } dd { (value) } } }
                }
            }
            section aria-labelledby="corrections" {
                h2 #corrections { "Corrections" }
                @if page.corrections.is_empty() { p { "None." } }
                ul { @for one in &page.corrections { li {
                    time datetime=(one.at) { (one.at) } " " b { (one.author) } ": " (act(one)) " – " (one.reason)
                    @if let Some(run) = one.withdrawn { " (taken back by run " (run) ")" }
                } } }
                @if stored.gone.is_none() { p { a href=(fix) { "Accept, reject or change it" } } }
            }
            @if !page.beside.is_empty() {
                section aria-labelledby="beside" {
                    h2 #beside { "Others of the same sentence" }
                    ul.events { @for stored in &page.beside { (parts::event(stored)) } }
                }
            }
        }
    }

    fn json(&self) -> serde_json::Value {
        self.0.json()
    }

    fn sheet(&self) -> Sheet {
        let rows = self.0.fields().into_iter().map(|f| vec![f.field.to_string(), f.value, f.basis]);
        Sheet { columns: vec!["field", "value", "known_by"], rows: rows.collect() }
    }

    fn again(&self) -> Option<Again> {
        let event = &self.0.stored.entry.event;
        let command = match self.0.stored.document {
            Some(_) => format!("demarche events document:{} --all --reports", event.document),
            None => format!("demarche events dataset:{} --all --reports", self.0.stored.entry.dataset),
        };
        Some(Again { command, sql: Some(format!("SELECT * FROM events WHERE id = '{}'", event.id)) })
    }
}

//! Two parties: how what passes between them moves, what stands between them, what each claims, what happened.

use super::{part, value};
use crate::ask::Reference;
use crate::page::actor::Saying;
use crate::page::dyad::{Asked, DyadPage, Side, Stood};
use crate::page::who_did_what;
use crate::plot::{Mirrored, Peak, Span, SpanKind};
use crate::web::ask::Ask;
use crate::web::fault::Fault;
use crate::web::page::{Again, BOUNDS, Kind, LIST, Method, Page, Param, Reply, Sheet, View};
use crate::web::parts;
use crate::web::url::Url;
use demarche_store::collect::CLASS_NAMES;
use demarche_store::collect::series::{Bin, Width};
use maud::{Markup, html};

const WIDTHS: &[&str] = &["day", "week", "month", "quarter", "year"];

const PARAMS: &[Param] = &[
    part("one", "A code, an id or a name", "RUS"),
    part("other", "Another", "UKR"),
    value("bin", Kind::OneOf(WIDTHS), "How wide the bins are; months unless said", "month"),
];

pub(in crate::web) const PAGE: Page = Page {
    name: "dyad",
    method: Method::Get,
    path: "/dyad/{one}/{other}",
    about: "Two parties: the series both ways in the four quad classes, what stands between them, what each claims, the events",
    params: &[PARAMS, BOUNDS, LIST],
    answer,
};

fn answer(ask: &Ask<'_>) -> Result<Reply, Fault> {
    let width = match ask.get("bin") {
        Some("day") => Width::Day,
        Some("week") => Width::Week,
        Some("quarter") => Width::Quarter,
        Some("year") => Width::Year,
        _ => Width::Month,
    };
    let asked = Asked {
        one: ask.actor(ask.part("one"))?,
        other: ask.actor(ask.part("other"))?,
        query: ask.bounds()?,
        width,
        limit: ask.number("limit").unwrap_or(50),
        before: ask.before()?,
    };
    let page = DyadPage::of(ask.ledger()?, &ask.names()?, &asked)?;
    let command = format!("demarche ties {}-{}{}", asked.one.name, asked.other.name, ask.options());
    Ok(Reply::View(Box::new(Dyad { page, command })))
}

struct Dyad {
    page: DyadPage,
    command: String,
}

/// A series as a table.
pub(super) fn table(bins: &[Bin]) -> Sheet {
    let mut columns = vec!["from", "until", "events"];
    columns.extend(CLASS_NAMES);
    columns.extend(["intensity", "documents"]);
    let row = |bin: &Bin| {
        let mut row = vec![bin.from.to_string(), bin.until.to_string(), bin.sums.events().to_string()];
        row.extend(bin.sums.classes().map(|n| n.to_string()));
        row.push(bin.sums.intensity().map_or_else(String::new, |n| n.to_string()));
        row.push(bin.exposure.documents.to_string());
        row
    };
    Sheet { columns, rows: bins.iter().map(row).collect() }
}

/// What stood, as bars.
fn standing(page: &DyadPage) -> Vec<Span> {
    let span = |(one, stood): (&Reference, Stood)| Span {
        label: match stood {
            Stood::Group => one.name.clone(),
            _ => format!("{}: {}", one.kind.replace('-', " "), one.name),
        },
        kind: match stood {
            Stood::Against => SpanKind::Dispute,
            Stood::Together => SpanKind::Accord,
            Stood::Group => SpanKind::Membership,
        },
        from: one.from,
        until: one.until,
        href: None,
    };
    page.telling().into_iter().map(span).collect()
}

/// What the highest bars are about.
fn peaks(page: &DyadPage) -> Vec<Peak> {
    let peak = |peak: &crate::page::dyad::Peak| {
        let event = &peak.main.entry.event;
        Peak { bin: peak.bin, label: who_did_what(event), href: Some(Url::event(&event.id).to_string()) }
    };
    page.peaks.iter().map(peak).collect()
}

impl Dyad {
    fn plot<'b>(&self, title: String, bins: &'b [Bin]) -> Mirrored<'b> {
        let note = self.page.days().map_or_else(String::new, |(first, last)| {
            format!("Events as reported, each happening once, {} to {}.", parts::day(first), parts::day(last))
        });
        Mirrored { title, note, bins, width: self.page.width, peaks: Vec::new(), standing: Vec::new() }
    }

    /// Both ways together, with what the peaks are about and what stood meanwhile.
    fn both(&self) -> Markup {
        let page = &self.page;
        let plot = self.plot(format!("{} and {}", page.one.name, page.other.name), &page.both);
        let plot = Mirrored { peaks: peaks(page), standing: standing(page), ..plot };
        parts::figure(&plot.svg(), &plot.in_words(), &table(&page.both))
    }

    /// One way, on a scale on which the other has room too.
    fn way(&self, one: &Side, other: &Side, bins: &[Bin], back: &[Bin]) -> Markup {
        let plot = self.plot(format!("{} toward {}", one.name, other.name), bins);
        parts::figure(&plot.svg_beside(back), &plot.in_words(), &table(bins))
    }
}

fn names(one: &Side) -> Markup {
    html! { a href=(Url::actor(one.id.as_deref().unwrap_or(&one.asked))) { (one.name) } }
}

/// What stands by the tables, with since when and whence.
pub(super) fn reference(one: &Reference) -> Markup {
    html! {
        li {
            (one.kind.replace('-', " ")) ": " (one.name)
            @if !one.with.is_empty() { " with " (one.with.join(", ")) }
            @if let Some(from) = one.from { ", since " (parts::day(from)) }
            @if let Some(until) = one.until { ", until " (parts::day(until)) }
            " " span.whence { "tables (" (one.source) ")" }
        }
    }
}

/// What somebody said.
pub(super) fn saying(one: &Saying) -> Markup {
    let publisher = one.publisher.as_deref().unwrap_or(&one.document);
    html! {
        li {
            time datetime=(one.day) { (one.day) } " " b { (one.speaker) } ": "
            blockquote { (parts::marked(&one.words, &one.said)) }
            p.whence {
                (parts::outside(one.url.as_deref(), publisher)) " · " a href=(Url::source(&one.document, None)) { "in the text" }
                @if one.quoted { " · own words" }
            }
        }
    }
}

impl View for Dyad {
    fn title(&self) -> String {
        format!("{} and {}", self.page.one.name, self.page.other.name)
    }

    fn html(&self, ask: &Ask<'_>) -> Markup {
        let page = &self.page;
        let (one, other) = (&page.one, &page.other);
        html! {
            h1 { (names(one)) " and " (names(other)) }
            (parts::bounds(ask))
            @if page.both.is_empty() {
                p.lead { "The ledger has nothing between the two in these days." }
            } @else {
                p.widths { "By " @for width in WIDTHS { " " a href=(ask.here().with("bin", width)) aria-current=[(*width == page.width.as_str()).then_some("true")] { (width) } } }
                (self.both())
                div.pair {
                    (self.way(one, other, &page.there, &page.back))
                    (self.way(other, one, &page.back, &page.there))
                }
            }
            @if !page.peaks.is_empty() {
                section aria-labelledby="peaks" {
                    h2 #peaks { "At the peaks" }
                    ul.events { @for peak in &page.peaks { (parts::event(&peak.main)) } }
                }
            }
            @if !page.reference.is_empty() || !page.stated.is_empty() {
                section aria-labelledby="stands" {
                    h2 #stands { "What stands between them" }
                    ul { @for one in &page.reference { (reference(one)) } }
                    @if !page.stated.is_empty() {
                        h3 { "As reports state it" }
                        ul { @for s in &page.stated { li {
                            @if !s.stands { "no " } (s.relation) ": " (s.subject) " – " (s.object) ", last on " (parts::day(s.last))
                            blockquote { (s.words) }
                            p.whence { (parts::outside(s.url.as_deref(), s.publisher.as_deref().unwrap_or(&s.document))) " · " a href=(Url::source(&s.document, None)) { "in the text" } }
                        } } }
                    }
                }
            }
            @if page.claims.iter().any(|claims| !claims.is_empty()) {
                section aria-labelledby="claims" {
                    h2 #claims { "What each says" }
                    div.pair { @for (side, claims) in [one, other].into_iter().zip(&page.claims) { div {
                        h3 { (side.name) }
                        @if claims.is_empty() { p { "Nothing of it about the other." } }
                        ul.sayings { @for claim in claims { (saying(claim)) } }
                    } } }
                }
            }
            section aria-labelledby="events" {
                h2 #events { "Events" }
                ul.events { @for stored in &page.events { (parts::event(stored)) } }
            }
        }
    }

    fn json(&self) -> serde_json::Value {
        self.page.json()
    }

    fn sheet(&self) -> Sheet {
        table(&self.page.both)
    }

    fn next(&self) -> Option<String> {
        self.page.next.map(|next| next.to_string())
    }

    fn again(&self) -> Option<Again> {
        Some(Again { command: self.command.clone(), sql: None })
    }
}

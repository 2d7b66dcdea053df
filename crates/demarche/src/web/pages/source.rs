//! A document of the ledger beside what was read in it, as it was kept.

use super::{part, value};
use crate::page::reader::{Layer, ReaderPage};
use crate::web::ask::Ask;
use crate::web::fault::Fault;
use crate::web::page::{Again, Kind, Method, Page, Param, Reply, Sheet, View};
use crate::web::parts;
use crate::web::reader::{self, Around, LAYERS};
use crate::web::url::Url;
use crate::web::visible::visible;
use demarche_store::collect::document::DocumentFound;
use maud::{Markup, html};

const PARAMS: &[Param] = &[
    part("document", "The document's id", "d-0123456789abcdef"),
    value("known", Kind::Day, "As the ledger knew it on this day", "2025-06-30"),
    LAYERS,
];

pub(in crate::web) const PAGE: Page = Page {
    name: "source",
    method: Method::Get,
    path: "/source/{document}",
    about: "A document of the ledger beside what was read in it: events, statements, relations, checks, its versions and stories",
    params: &[PARAMS],
    answer,
};

fn answer(ask: &Ask<'_>) -> Result<Reply, Fault> {
    let layers = reader::layers(ask)?;
    let found = ask.ledger()?.document(ask.part("document"), ask.day("known"))?;
    let page = ReaderPage::stored(ask.site.engine(), &found);
    Ok(Reply::View(Box::new(Source { page, found, layers })))
}

struct Source {
    page: ReaderPage,
    found: DocumentFound,
    layers: Vec<Layer>,
}

impl Source {
    fn id(&self) -> String {
        self.page.record.id.to_string()
    }

    /// Who published it and when, whose it is, and where it stands now.
    fn head(&self, ask: &Ask<'_>) -> Markup {
        let (record, found) = (&self.page.record, &self.found);
        let publisher = record.publisher.as_deref().unwrap_or("an unnamed publisher");
        html! {
            p.whence {
                (visible(publisher))
                @match record.published {
                    Some(day) => { ", " (parts::day(day)) @if let Some(basis) = record.published_basis { " (" (reader::basis(basis)) ")" } },
                    None => ", without a date",
                }
                @if let Some(outlet) = found.outlet.as_deref().filter(|outlet| *outlet != publisher) { " · in " (visible(outlet)) }
                @if let Some(byline) = &self.page.byline { " · by " (visible(byline)) }
                @if let Some(credit) = &found.credit { " · credits " (visible(credit)) }
                @if let Some(url) = &record.url { " · " (parts::outside(Some(url), "the page")) }
                " · in the ledger since " (parts::day(found.known))
            }
            @if let Some(day) = ask.day("known") { p { "As the ledger knew it on " (parts::day(day)) ". " a href=(ask.here().without("known")) { "As it is in force" } } }
            @if !found.coded { p.fault { "It is not in English (" (record.lang) "), so nothing was coded." } }
            @if found.versions.iter().any(|version| version.current && version.document != self.id()) {
                p { "A newer version of this page has taken its place: what this one says counts no more." }
            }
        }
    }

    fn foot(&self, ask: &Ask<'_>) -> Markup {
        let found = &self.found;
        let known = ask.get("known");
        html! {
            @if found.versions.len() > 1 {
                section aria-labelledby="versions" {
                    h2 #versions { "Versions of the page" }
                    ol { @for version in &found.versions { li value=(version.version) {
                        @if version.document == self.id() { b { "this one" } } @else { a href=(Url::source(&version.document, None)) { (version.document) } }
                        @if let Some(day) = version.published { ", published " (parts::day(day)) }
                        ", known from " (parts::day(version.known))
                        @if version.current { ", counts" }
                    } } }
                }
            }
            @if !found.reports.is_empty() {
                section aria-labelledby="stories" {
                    h2 #stories { "Stories that it reports" }
                    ul { @for report in &found.reports { li {
                        @let told = self.page.events.iter().find(|read| read.story.as_deref() == Some(report.story.as_str()));
                        a href=(Url::story(&report.story)) { @match told { Some(read) => (reader::gist(&read.event)), None => (report.story) } } " · " @if report.origin { "an origin of its own" } @else { "not independent" }
                        " (" (report.why) ")"
                        @if let Some(copied) = &report.copy_of { " · copies " a href=(Url::source(copied, None)) { (copied) } }
                    } } }
                }
            }
            section aria-labelledby="anew" {
                h2 #anew { "Otherwise" }
                ul {
                    @if found.coded { li { a href=(Url::to("/read").with("document", self.id())) { "Code it again now" } " with today's tables and patterns, with the traces that are not kept; nothing is changed" } }
                    li {
                        form.known {
                            (parts::field("known", "As the ledger knew it on", Kind::Day, known, "2025-06-30"))
                            button { "Show" }
                        }
                    }
                }
            }
        }
    }
}

impl View for Source {
    fn title(&self) -> String {
        self.page.record.title.clone().unwrap_or_else(|| self.id())
    }

    fn html(&self, ask: &Ask<'_>) -> Markup {
        let around = Around { kept: true, addressed: true };
        reader::reading(&self.page, &self.layers, around, &self.head(ask), &self.foot(ask))
    }

    fn json(&self) -> serde_json::Value {
        let found = &self.found;
        let mut json = self.page.json();
        json["outlet"] = found.outlet.clone().into();
        json["credit"] = found.credit.clone().into();
        json["coded"] = found.coded.into();
        json["known"] = found.known.to_string().into();
        json["version"] = found.version.into();
        json["versions"] = serde_json::json!(found.versions);
        json["reports"] = serde_json::json!(found.reports);
        json
    }

    fn sheet(&self) -> Sheet {
        reader::sheet(&self.page)
    }

    fn again(&self) -> Option<Again> {
        let id = self.id();
        Some(Again {
            command: format!("demarche events 'document:{id}' --all"),
            sql: Some(format!("SELECT * FROM events WHERE document = '{id}' AND gone_run IS NULL")),
        })
    }
}

//! One happening: its reports in time, who copies whom, how many are independent, in what they disagree.

use super::part;
use crate::page::story::{Branch, Disagreement, StoryView};
use crate::web::ask::Ask;
use crate::web::fault::Fault;
use crate::web::page::{Again, Method, Page, Param, Reply, Sheet, View};
use crate::web::parts;
use crate::web::url::Url;
use maud::{Markup, html};

const PARAMS: &[Param] = &[part("id", "The story's id", "s-0123456789abcdef")];

pub(in crate::web) const PAGE: Page = Page {
    name: "story",
    method: Method::Get,
    path: "/story/{id}",
    about: "One happening: its reports in time, who copies whom, how many are independent, in what they disagree",
    params: &[PARAMS],
    answer,
};

fn answer(ask: &Ask<'_>) -> Result<Reply, Fault> {
    let view = StoryView::of(ask.ledger()?, ask.part("id"))?;
    Ok(Reply::View(Box::new(Shown(view))))
}

struct Shown(StoryView);

fn several(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

impl Shown {
    /// A report by its position: who, when, under which title.
    fn report(&self, n: usize) -> Markup {
        let report = &self.0.story.sources[n];
        let publisher = report.publisher.as_deref().unwrap_or("publisher unknown");
        let kept = report.document.starts_with("d-") && self.0.story.lead.document.is_some();
        html! {
            span.source {
                b { (parts::outside(report.url.as_deref(), publisher)) }
                @if let Some(day) = report.published { ", " time datetime=(day) { (parts::day(day)) } }
                @if let Some(title) = &report.title { " · " cite { (title) } }
                @if kept { " · " a href=(Url::source(&report.document, None)) { "in the text" } }
            }
        }
    }

    fn branches(&self, all: &[Branch]) -> Markup {
        html! {
            ul.lineage { @for branch in all {
                @let report = &self.0.story.sources[branch.report];
                li {
                    (self.report(branch.report))
                    p.whence {
                        @if report.origin { b { "origin" } ": " } (report.why)
                        @if let Some(credit) = &report.credit { " · credits " (credit) }
                    }
                    @if !branch.below.is_empty() { (self.branches(&branch.below)) }
                }
            } }
        }
    }

    fn disagreement(&self, one: &Disagreement) -> Markup {
        let about = match one.about {
            "figures" => "Figures: ",
            "blame" => "Who did it: ",
            "date" => "When: ",
            _ => "Whether: ",
        };
        html! {
            h3 { (about) (one.what) }
            div.scroll tabindex="0" role="region" aria-label={ (about) (one.what) } { table {
                thead { tr { th scope="col" { "Says" } th scope="col" { "Report" } } }
                tbody { @for version in &one.versions { tr {
                    th scope="row" { (version.says) }
                    td { ul.plain { @for (report, event) in &version.by { li {
                        (self.report(*report)) " · " a href=(Url::event(event)) { "the words" }
                    } } } }
                } } }
            } }
        }
    }
}

impl View for Shown {
    fn title(&self) -> String {
        let event = &self.0.story.lead.entry.event;
        let names = |parties: &[demarche_core::ActorRef]| {
            let name = |p: &demarche_core::ActorRef| p.name.clone().unwrap_or_else(|| p.text.clone());
            parties.iter().map(name).collect::<Vec<_>>().join(", ")
        };
        let toward =
            if event.recipients.is_empty() { String::new() } else { format!(" → {}", names(&event.recipients)) };
        format!("{}: {}{toward}", names(&event.actors), event.event_type.as_str().to_lowercase())
    }

    fn html(&self, _ask: &Ask<'_>) -> Markup {
        let view = &self.0;
        let story = &view.story;
        html! {
            h1 { (self.title()) }
            p.lead {
                b { (several(story.reports as usize, "report", "reports")) } ", "
                b { (several(story.origins as usize, "independent origin", "independent origins")) }
                ", " (parts::day(story.first)) @if story.last != story.first { " to " (parts::day(story.last)) } "."
            }
            p.whence {
                "A report has no origin of its own where it repeats another's words, credits an agency that another credits, or comes from a house that has another report. Which of these holds stands at each."
            }
            ul.events { (parts::event(&story.lead)) }
            section aria-labelledby="disagree" {
                h2 #disagree { "In what they disagree" }
                @if view.disagreements.is_empty() {
                    p { "In nothing that was found: figures in the sentences, who did it, the day, whether it happened." }
                } @else {
                    p.whence { "Found by rule: numbers before the same word, other actors of the same deed toward the same, days that the texts give themselves, reports that it did not happen. None of it says who is right." }
                }
                @for one in &view.disagreements { (self.disagreement(one)) }
            }
            section aria-labelledby="lineage" {
                h2 #lineage { "Who repeats whom" }
                (self.branches(&view.lineage))
            }
            section aria-labelledby="reports" {
                h2 #reports { "Reports in time" }
                @if story.sources.len() > 1 { p.whence { "The events of each that belong to this happening." } }
                @for n in 0..story.sources.len() {
                    h3 { (self.report(n)) }
                    ul.events { @for stored in view.events_of(n) { (parts::event(stored)) } }
                }
            }
        }
    }

    fn json(&self) -> serde_json::Value {
        self.0.json()
    }

    fn sheet(&self) -> Sheet {
        let story = &self.0.story;
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let row = |(n, r): (usize, &demarche_store::collect::story::Report)| {
            let events: Vec<String> = self.0.events_of(n).map(|stored| stored.entry.event.id.clone()).collect();
            vec![
                r.document.clone(),
                r.published.map_or_else(String::new, |day| day.to_string()),
                text(&r.publisher),
                text(&r.title),
                text(&r.url),
                r.origin.to_string(),
                text(&r.goes_back_to),
                text(&r.copy_of),
                text(&r.credit),
                r.why.clone(),
                events.join("; "),
            ]
        };
        Sheet {
            columns: vec![
                "document",
                "published",
                "publisher",
                "title",
                "url",
                "origin",
                "goes_back_to",
                "copy_of",
                "credit",
                "why",
                "events",
            ],
            rows: story.sources.iter().enumerate().map(row).collect(),
        }
    }

    fn again(&self) -> Option<Again> {
        let id = &self.0.story.id;
        Some(Again {
            command: format!("demarche stories story:{id} --all"),
            sql: Some(format!(
                "SELECT e.* FROM events e JOIN story_events s ON s.event_key = e.key WHERE s.story = '{id}' ORDER BY e.published, e.key"
            )),
        })
    }
}

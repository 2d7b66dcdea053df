//! Where one begins: what the ledger holds, the latest happenings, the pairs that moved most.

use crate::page::start::StartPage;
use crate::web::ask::Ask;
use crate::web::fault::Fault;
use crate::web::page::{BOUNDS, Method, Page, Reply, Sheet, View};
use crate::web::parts;
use crate::web::url::Url;
use maud::{Markup, html};

pub(in crate::web) const PAGE: Page = Page {
    name: "start",
    method: Method::Get,
    path: "/",
    about: "What is in the ledger, the latest stories, the dyads that moved most",
    params: &[BOUNDS],
    answer,
};

fn answer(ask: &Ask<'_>) -> Result<Reply, Fault> {
    let page = match ask.ledger {
        Some(ledger) => Some(StartPage::of(ledger, &ask.names()?, &ask.bounds()?)?),
        None => None,
    };
    Ok(Reply::View(Box::new(Start(page))))
}

struct Start(Option<StartPage>);

impl View for Start {
    fn title(&self) -> String {
        "Start".to_string()
    }

    fn html(&self, _ask: &Ask<'_>) -> Markup {
        html! {
            h1 { "Who did what to whom, according to whom" }
            @match &self.0 {
                None => {
                    p.lead { "No ledger is open. An article can be read all the same: " a href="/read" { "read one" } "." }
                    p { "A ledger is made by " code { "demarche ingest" } " and shown by " code { "demarche serve LEDGER" } "." }
                }
                Some(page) => {
                    dl.figures {
                        @for (name, number) in page.holds() { div { dt { (name) } dd { (parts::count(number)) } } }
                    }
                    @if let Some((first, last)) = page.read { p { "Read from " (parts::day(first)) " to " (parts::day(last)) "." } }
                    section aria-labelledby="moved" {
                        h2 #moved { "Dyads that moved most" }
                        @if page.moved.is_empty() { p { "Nothing to compare yet: a whole month and one before it are wanted." } }
                        ol.moved { @for m in &page.moved { li {
                            a href=(Url::dyad(&m.one, &m.other)) { (m.one_name) " and " (m.other_name) } ": "
                            (m.now) " in " (m.month.strftime("%B %Y").to_string()) ", " (format!("{:.1}", m.mean)) " a month before"
                        } } }
                    }
                    section aria-labelledby="latest" {
                        h2 #latest { "The latest" }
                        ul.events { @for stored in &page.latest { (parts::event(stored)) } }
                    }
                }
            }
        }
    }

    fn json(&self) -> serde_json::Value {
        self.0.as_ref().map_or_else(|| serde_json::json!({ "ledger": null }), StartPage::json)
    }

    fn sheet(&self) -> Sheet {
        let columns = vec!["source", "target", "month", "events", "mean_before"];
        let moved = self.0.iter().flat_map(|page| &page.moved);
        let row = |m: &crate::page::start::Moved| {
            vec![m.one.clone(), m.other.clone(), m.month.to_string(), m.now.to_string(), format!("{:.3}", m.mean)]
        };
        Sheet { columns, rows: moved.map(row).collect() }
    }
}

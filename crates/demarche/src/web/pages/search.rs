//! What is found: one box in the language of queries, facets that narrow it, those who bear the name.

use super::dyad::saying;
use super::value;
use crate::page::search::{SAMPLE, SearchPage};
use crate::web::ask::Ask;
use crate::web::fault::Fault;
use crate::web::page::{Again, Kind, LIST, Method, Page, Param, Reply, Sheet, View};
use crate::web::parts;
use crate::web::url::Url;
use demarche_core::{Event, EventType, Modality, Polarity, QuadClass};
use demarche_store::collect::CLASSES;
use demarche_store::{Query, QueryFault, Stored};
use maud::{Markup, html};

const PARAMS: &[Param] = &[value(
    "q",
    Kind::Text,
    "Words, \"words together\", RUS-UKR or RUS>UKR, and key:value",
    "NATO type:CONSULT from:2025",
)];

pub(in crate::web) const PAGE: Page = Page {
    name: "search",
    method: Method::Get,
    path: "/search",
    about: "What is found for a query: events, facets, and those who bear the name",
    params: &[PARAMS, LIST],
    answer,
};

fn answer(ask: &Ask<'_>) -> Result<Reply, Fault> {
    let ledger = ask.ledger()?;
    let names = ask.names()?;
    let line = ask.get("q").unwrap_or_default().to_string();
    let shown = match Query::parse(&line, &|name| names.set(name)) {
        Err(faults) => Shown { line, found: Err(faults), sql: String::new() },
        Ok(query) => {
            let sql = ledger.sql(&query)?;
            let limit = ask.number("limit").unwrap_or(50);
            let page = SearchPage::of(ledger, &names, query, limit, ask.before()?)?;
            Shown { line, found: Ok(Box::new(page)), sql }
        }
    };
    Ok(Reply::View(Box::new(shown)))
}

struct Shown {
    line: String,
    found: Result<Box<SearchPage>, Vec<QueryFault>>,
    sql: String,
}

/// Values of a facet that are shown at once.
const SHOWN: usize = 8;

/// One value of a facet: how it is called, how often it comes, the query that it makes, whether it is chosen already.
struct Choice {
    name: String,
    events: u64,
    to: Query,
    chosen: bool,
}

/// What a kind of fact is called, whether it happened.
fn standing(polarity: &str, modality: &str) -> String {
    match (polarity, modality) {
        ("positive", "asserted") => "happened".to_string(),
        ("negative", "asserted") => "did not happen".to_string(),
        ("negative", modality) => format!("{modality} not to happen"),
        (_, modality) => modality.to_string(),
    }
}

fn year(year: i16) -> Option<(jiff::civil::Date, jiff::civil::Date)> {
    let day = |year| jiff::civil::Date::new(year, 1, 1).ok();
    day(year).zip(day(year.checked_add(1)?))
}

/// The facets, each with its values as queries.
fn facets(page: &SearchPage) -> Vec<(&'static str, Vec<Choice>)> {
    let (query, facets) = (&page.query, &page.facets);
    let choice = |name: String, events: u64, to: Query| Choice { name, events, chosen: to == *query, to };
    let types = facets.types.iter().filter_map(|(name, n)| {
        let event_type = EventType::parse(name)?;
        Some(choice(name.to_lowercase(), *n, Query { types: vec![event_type], ..query.clone() }))
    });
    let classes = facets.classes.iter().filter_map(|(number, n)| {
        let class: QuadClass = CLASSES.into_iter().find(|class| class.number() == *number)?;
        Some(choice(crate::page::quad_name(class).to_string(), *n, Query { classes: vec![class], ..query.clone() }))
    });
    let standings = facets.standings.iter().filter_map(|((p, m), n)| {
        let polarity: Polarity = serde_json::from_value(p.as_str().into()).ok()?;
        let modality: Modality = serde_json::from_value(m.as_str().into()).ok()?;
        let to = Query { polarity: Some(polarity), modality: Some(modality), all: false, ..query.clone() };
        Some(choice(standing(p, m), *n, to))
    });
    let publishers = facets
        .publishers
        .iter()
        .map(|(name, n)| choice(name.clone(), *n, Query { publisher: Some(name.clone()), ..query.clone() }));
    let countries = facets
        .countries
        .iter()
        .map(|(name, n)| choice(name.clone(), *n, Query { country: Some(name.clone()), ..query.clone() }));
    let years = facets.years.iter().filter_map(|(number, n)| {
        let (from, until) = year(*number)?;
        Some(choice(number.to_string(), *n, query.clone().during(Some(from), Some(until))))
    });
    let mut all = vec![
        ("Type", types.collect::<Vec<_>>()),
        ("Class", classes.collect()),
        ("Whether it happened", standings.collect()),
        ("Publisher", publishers.collect()),
        ("Where", countries.collect()),
        ("Year", years.collect()),
    ];
    all.retain(|(_, choices)| !choices.is_empty());
    all
}

impl Shown {
    fn form(&self) -> Markup {
        html! {
            form.search role="search" {
                label.field { span { "Query" }
                    input #q type="search" name="q" value=(self.line) placeholder="NATO type:CONSULT from:2025" autocomplete="off" aria-describedby="language";
                }
                button { "Search" }
            }
            details #language { summary { "The language of queries" }
                p { "Words, all of which the sentence or a party's name or office must have; " code { "\"words that stand together\"" } "; " code { "sanction*" } " for every word that so begins." }
                p { code { "RUS-UKR" } " for what passes between two, " code { "RUS>UKR" } " for what one does to the other." }
                p { code { "key:value" } " with actor, type, mode, class, polarity, modality, from, until, place, country, publisher, dataset, story, document, min-origins, known, all:yes, reports:yes." }
            }
        }
    }

    fn faults(&self, faults: &[QueryFault]) -> Markup {
        html! {
            section.fault role="alert" aria-label="Faults of the query" {
                @for fault in faults {
                    p { "Column " (fault.column) ": " (fault.what) @if !fault.hint.is_empty() { " (" (fault.hint) ")" } }
                    pre { code { (self.line) "\n" (" ".repeat(fault.column.saturating_sub(1))) "^" } }
                }
            }
        }
    }

    fn narrowing(&self, page: &SearchPage) -> Markup {
        html! {
            aside.facets aria-labelledby="facets" {
                h2 #facets { "Narrow it" }
                p.whence { @if page.more { "Counted over the latest " (parts::count(SAMPLE as u64)) "." } @else { "Counted over all." } }
                @for (name, choices) in facets(page) {
                    h3 { (name) }
                    (list(&choices[..choices.len().min(SHOWN)]))
                    @if choices.len() > SHOWN { details { summary { (choices.len() - SHOWN) " more" } (list(&choices[SHOWN..])) } }
                }
                @if !page.query.all && page.query.polarity.is_none() && page.query.modality.is_none() {
                    p { a href=(Url::search(&Query { all: true, ..page.query.clone() }.to_string())) { "Also what did not happen" } }
                }
                @if !page.query.reports {
                    p { a href=(Url::search(&Query { reports: true, ..page.query.clone() }.to_string())) { "Every report of each happening" } }
                }
            }
        }
    }

    fn results(&self, page: &SearchPage) -> Markup {
        html! {
            div.found {
                p.lead role="status" {
                    @if page.sample == 0 { "No event" } @else {
                        @if page.more { "More than " }
                        b { (parts::count(page.sample as u64)) } @if page.sample == 1 { " event" } @else { " events" }
                    }
                    @let canon = page.query.to_string();
                    @if !canon.is_empty() { " for " code { (canon) } } "."
                }
                @if let Some(n) = page.reach {
                    p.whence { "So many sentences or names have these words that only " (parts::count(n as u64)) " of each were looked at, of sentences those that came in last. A further word, a dyad or days narrow it." }
                }
                @if !page.actors.is_empty() {
                    section aria-labelledby="actors" {
                        h2 #actors { "Actors" }
                        ul.actors { @for one in &page.actors { li {
                            a href=(Url::actor(&one.to)) { (one.name) } @if let Some(is) = &one.is { " " span.whence { (is) } }
                        } } }
                    }
                }
                section aria-labelledby="events" {
                    h2 #events { "Events" }
                    ul.events { @for stored in &page.events { (parts::event(stored)) } }
                }
                @if !page.sayings.is_empty() {
                    section aria-labelledby="says" {
                        h2 #says { "Statements" }
                        ul.sayings { @for one in &page.sayings { (saying(one)) } }
                    }
                }
            }
        }
    }
}

fn list(choices: &[Choice]) -> Markup {
    html! {
        ul { @for choice in choices { li {
            a href=(Url::search(&choice.to.to_string())) aria-current=[choice.chosen.then_some("true")] { (choice.name) }
            " " span.code { (parts::count(choice.events)) }
        } } }
    }
}

/// An event as a row.
fn row(stored: &Stored) -> Vec<String> {
    let entry = &stored.entry;
    let event: &Event = &entry.event;
    let names = |parties: &[demarche_core::ActorRef]| {
        parties.iter().map(|p| p.name.clone().unwrap_or_else(|| p.text.clone())).collect::<Vec<_>>().join("; ")
    };
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    vec![
        event.id.clone(),
        parts::when(event),
        names(&event.actors),
        event.event_type.to_string(),
        event.mode.map_or_else(String::new, |mode| mode.to_string()),
        names(&event.recipients),
        event.quad.number().to_string(),
        crate::page::event::word(&event.polarity),
        crate::page::event::word(&event.modality),
        event.place.as_ref().map_or_else(String::new, |place| place.name.clone()),
        text(&entry.sentence_text),
        text(&entry.publisher),
        entry.published.map_or_else(String::new, |day| day.to_string()),
        text(&entry.url),
        text(&stored.story),
    ]
}

impl View for Shown {
    fn title(&self) -> String {
        if self.line.is_empty() { "Search".to_string() } else { format!("{} · search", self.line) }
    }

    fn html(&self, _ask: &Ask<'_>) -> Markup {
        html! {
            h1 { "Search" }
            (self.form())
            @match &self.found {
                Err(faults) => (self.faults(faults)),
                Ok(page) => div.searched { (self.results(page)) (self.narrowing(page)) },
            }
        }
    }

    fn json(&self) -> serde_json::Value {
        self.found.as_ref().map_or_else(|_| serde_json::Value::Null, |page| page.json())
    }

    fn sheet(&self) -> Sheet {
        let columns = vec![
            "id",
            "date",
            "actors",
            "type",
            "mode",
            "recipients",
            "class",
            "polarity",
            "modality",
            "place",
            "words",
            "publisher",
            "published",
            "url",
            "story",
        ];
        let rows = self.found.iter().flat_map(|page| &page.events).map(row).collect();
        Sheet { columns, rows }
    }

    fn fault(&self) -> Option<Fault> {
        let faults = self.found.as_ref().err()?;
        Some(Fault::asked(faults.iter().map(|f| format!("query: {f}")).collect()))
    }

    fn next(&self) -> Option<String> {
        self.found.as_ref().ok()?.next.map(|next| next.to_string())
    }

    fn again(&self) -> Option<Again> {
        let page = self.found.as_ref().ok()?;
        let line = page.query.to_string().replace('\'', "'\\''");
        let command = if line.is_empty() { "demarche events".to_string() } else { format!("demarche events '{line}'") };
        Some(Again { command, sql: Some(self.sql.clone()) })
    }
}

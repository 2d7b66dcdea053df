//! The world: a measure by country over some months, with the strongest dyads, and towns where deeds were done.

use super::months::{MONTHS, chooser, during, months};
use super::value;
use crate::page::months::Months;
use crate::page::world::{Asked, Counted, Country, LEAST, Measure, Pair, TOWNS, WorldPage};
use crate::plot::{Arc, Map, Pin, Scale, Shaded};
use crate::web::ask::Ask;
use crate::web::fault::Fault;
use crate::web::page::{Again, Kind, Method, Page, Param, Reply, Sheet, View};
use crate::web::parts;
use crate::web::url::Url;
use demarche_core::QuadClass;
use demarche_store::Query;
use demarche_store::collect::world::Town;
use demarche_store::collect::{CLASS_NAMES, Sums};
use maud::{Markup, PreEscaped, html};
use std::collections::BTreeSet;

const MEASURES: &[&str] = &["events", "cooperation", "conflict", "material-conflict", "balance", "conflict-share"];
const COUNTED: &[&str] = &["both", "actor", "recipient", "place"];
const ARCS: &[&str] = &["0", "15", "40"];

const PARAMS: &[Param] = &[
    value("measure", Kind::OneOf(MEASURES), "What is measured; events unless said", "conflict"),
    value(
        "as",
        Kind::OneOf(COUNTED),
        "On which side a country is counted, or where it happened; both sides unless said",
        "actor",
    ),
    value("arcs", Kind::OneOf(ARCS), "How many of the strongest dyads; 15 unless said", "40"),
];

pub(in crate::web) const PAGE: Page = Page {
    name: "world",
    method: Method::Get,
    path: "/world",
    about: "A map by country of a measure over some months, with the strongest dyads, and the towns where deeds were done",
    params: &[PARAMS, MONTHS],
    answer,
};

fn answer(ask: &Ask<'_>) -> Result<Reply, Fault> {
    let names = ask.names()?;
    let page = match months(ask)? {
        None => None,
        Some(months) => {
            let asked = Asked {
                months,
                measure: ask.get("measure").and_then(Measure::parse).unwrap_or(Measure::Events),
                counted: ask.get("as").and_then(Counted::parse).unwrap_or(Counted::Both),
                dyads: ask.get("arcs").and_then(|n| n.parse().ok()).unwrap_or(15),
            };
            Some(WorldPage::of(ask.ledger()?, &names, asked)?)
        }
    };
    Ok(Reply::View(Box::new(World(page))))
}

struct World(Option<WorldPage>);

fn country_url(page: &WorldPage, code: &str) -> Url {
    during(Url::actor(code), page.asked.months.from, page.asked.months.until)
}

fn dyad_url(page: &WorldPage, pair: &Pair) -> Url {
    during(Url::dyad(&pair.codes[0], &pair.codes[1]), page.asked.months.from, page.asked.months.until)
}

/// The one event of a town, or the search that finds them.
fn town_url(months: &Months, town: &Town) -> Url {
    if town.sums.events() == 1 {
        return Url::event(&town.latest);
    }
    let query = Query {
        place: Some(town.name.clone()),
        classes: vec![QuadClass::MaterialCooperation, QuadClass::MaterialConflict],
        from: Some(months.from),
        until: Some(months.until),
        ..Query::default()
    };
    Url::search(&query.to_string())
}

/// A measure as it is written in tables.
fn figure(measure: Measure, value: Option<f64>) -> String {
    match (measure, value) {
        (_, None) => String::new(),
        (Measure::Balance, Some(value)) => format!("{value:.2}"),
        (Measure::ConflictShare, Some(value)) => format!("{value:.1}"),
        (_, Some(value)) => format!("{value:.0}"),
    }
}

fn title(page: &WorldPage) -> String {
    let what = match page.asked.measure {
        Measure::Events => "Events",
        Measure::Cooperation => "Cooperation",
        Measure::Conflict => "Conflict",
        Measure::MaterialConflict => "Material conflict",
        Measure::Balance => "Balance of cooperation and conflict",
        Measure::ConflictShare => "Share of conflict",
    };
    format!("{what} by country, {}", page.asked.months.name())
}

/// What the figures rest on.
fn note(page: &WorldPage) -> String {
    let mut note = format!(
        "Events as reported, each happening once, {}; {} events in all",
        page.asked.counted.words(),
        parts::count(page.events)
    );
    if page.documents > 0 {
        note += &format!(", {} documents read", parts::count(page.documents));
    }
    note += ".";
    if matches!(page.asked.measure, Measure::Balance | Measure::ConflictShare) {
        note += &format!(" Countries with fewer than {LEAST} events have no share.");
    }
    if page.asked.counted == Counted::Place {
        note += &of_how_many(page);
    }
    note
}

/// Places have no sums: of how many events they are.
fn of_how_many(page: &WorldPage) -> String {
    let looked = parts::count(page.located.looked);
    if page.located.whole {
        format!(" By place: all {looked} events of these months that name one were looked at.")
    } else {
        format!(" By place: a sample, the latest {looked} events of these months.")
    }
}

fn map(page: &WorldPage, ask: &Ask<'_>) -> (String, String) {
    let borders = ask.site.knowledge().borders();
    let href = |url: Url| Some(url.to_string());
    let measure = page.asked.measure;
    let told: BTreeSet<&str> = page.countries.iter().map(|c| c.code.as_str()).collect();
    let shaded = |c: &Country| Shaded { state: c.code.clone(), value: c.value, href: href(country_url(page, &c.code)) };
    let mut states: Vec<Shaded> = page.countries.iter().map(shaded).collect();
    // A state without events has none; only of a share nothing is known.
    let none = measure.of(&Sums::default());
    let others = borders.all.iter().filter(|border| !border.past && !told.contains(border.state));
    states.extend(others.map(|border| Shaded { state: border.state.to_string(), value: none, href: None }));
    let map = Map {
        title: title(page),
        note: note(page),
        borders: &borders,
        measure: measure.words().to_string(),
        scale: match measure {
            Measure::Balance => Scale::Balance,
            Measure::ConflictShare => Scale::Share,
            _ => Scale::Counts,
        },
        states,
        arcs: page
            .dyads
            .iter()
            .map(|pair| Arc {
                from: pair.codes[0].clone(),
                to: pair.codes[1].clone(),
                balance: (&pair.sums).into(),
                href: href(dyad_url(page, pair)),
            })
            .collect(),
        pins: page
            .located
            .towns
            .iter()
            .map(|town| Pin {
                lat: town.lat,
                lon: town.lon,
                label: town.name.clone(),
                events: town.sums.events(),
                href: href(town_url(&page.asked.months, town)),
            })
            .collect(),
    };
    (map.svg(), map.in_words())
}

/// The cells of the quad classes and the intensity.
fn cells(sums: &Sums) -> Markup {
    html! {
        td.number { (parts::count(sums.events())) }
        @for class in sums.classes() { td.number { (parts::count(class)) } }
        td.number { @if let Some(intensity) = sums.intensity() { (format!("{intensity:.2}")) } }
    }
}

fn heads() -> Markup {
    html! {
        th.number scope="col" { "events" }
        @for name in CLASS_NAMES { th.number scope="col" { (name.replace('_', " ")) } }
        th.number scope="col" { "intensity" }
    }
}

fn countries(page: &WorldPage) -> Markup {
    let shares = matches!(page.asked.measure, Measure::Balance | Measure::ConflictShare);
    let head = if page.asked.measure == Measure::Balance { "balance" } else { "% of conflict" };
    let row = |c: &Country| {
        html! {
            tr {
                th scope="row" { a href=(country_url(page, &c.code)) { (c.name) } }
                @if shares { td.number { (figure(page.asked.measure, c.value)) } }
                (cells(&c.sums))
            }
        }
    };
    html! {
        div.scroll tabindex="0" role="region" aria-label="Countries" {
            table {
                thead { tr { th scope="col" { "country" } @if shares { th.number scope="col" { (head) } } (heads()) } }
                tbody { @for country in &page.countries { (row(country)) } }
            }
        }
    }
}

fn dyads(page: &WorldPage) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label="Dyads" {
            table {
                thead { tr { th scope="col" { "dyad" } (heads()) } }
                tbody { @for pair in &page.dyads { tr {
                    th scope="row" { a href=(dyad_url(page, pair)) { (pair.names[0]) " and " (pair.names[1]) } }
                    (cells(&pair.sums))
                } } }
            }
        }
    }
}

fn towns(page: &WorldPage) -> Markup {
    let located = &page.located;
    html! {
        p {
            "Points stand only where the place is a town or a building and the event a deed"
            @if located.whole { "." } @else { ": those of the latest " (parts::count(located.looked)) " events of these months." }
            @if located.towns.len() == TOWNS { " The " (TOWNS) " towns with the most are shown." }
        }
        ul.towns { @for town in located.towns.iter().take(60) { li {
            a href=(town_url(&page.asked.months, town)) { (town.name) }
            @if let Some(country) = &town.country { " " span.code { (country) } }
            " " (parts::count(town.sums.events()))
        } } }
        @if located.towns.len() > 60 { p { (located.towns.len() - 60) " more are on the map and in the JSON." } }
    }
}

impl View for World {
    fn title(&self) -> String {
        self.0.as_ref().map_or_else(|| "World".to_string(), title)
    }

    fn html(&self, ask: &Ask<'_>) -> Markup {
        let Some(page) = &self.0 else {
            return html! { h1 { "World" } p.lead { "The ledger has no events yet." } };
        };
        let (svg, words) = map(page, ask);
        html! {
            h1 { (title(page)) }
            (chooser(ask, &page.asked.months, &[("measure", "Measure", "events"), ("as", "Country as", "both"), ("arcs", "Dyads as arcs", "15")]))
            @if page.events == 0 { p.lead { "No events in these months." } }
            figure.chart {
                div.canvas.wide { (PreEscaped(svg)) }
                figcaption { (words) }
            }
            @if !page.countries.is_empty() {
                section aria-labelledby="countries" {
                    h2 #countries { "By country" }
                    (countries(page))
                }
            }
            @if !page.dyads.is_empty() {
                section aria-labelledby="dyads" {
                    h2 #dyads { "The strongest dyads" }
                    (dyads(page))
                }
            }
            @if !page.located.towns.is_empty() {
                section aria-labelledby="towns" {
                    h2 #towns { "Deeds in towns" }
                    (towns(page))
                }
            }
        }
    }

    fn json(&self) -> serde_json::Value {
        self.0.as_ref().map_or_else(|| serde_json::json!({ "countries": [] }), WorldPage::json)
    }

    fn sheet(&self) -> Sheet {
        let mut columns = vec!["code", "name", "events"];
        columns.extend(CLASS_NAMES);
        columns.extend(["intensity", "value"]);
        let Some(page) = &self.0 else { return Sheet { columns, rows: Vec::new() } };
        let row = |c: &Country| {
            let mut row = vec![c.code.clone(), c.name.clone(), c.sums.events().to_string()];
            row.extend(c.sums.classes().map(|n| n.to_string()));
            row.push(c.sums.intensity().map_or_else(String::new, |n| n.to_string()));
            row.push(figure(page.asked.measure, c.value));
            row
        };
        Sheet { columns, rows: page.countries.iter().map(row).collect() }
    }

    fn again(&self) -> Option<Again> {
        let months = self.0.as_ref()?.asked.months;
        let (from, until) = (months.from.strftime("%Y-%m"), months.until.strftime("%Y-%m"));
        Some(Again {
            command: format!("demarche panel --unit country-month --measure quad --from {from} --until {until}"),
            sql: Some(format!(
                "SELECT source, target, type, sum(events) AS events FROM monthly\n\
                 WHERE counted AND month >= '{from}' AND month < '{until}' GROUP BY source, target, type"
            )),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_measure_and_side_has_its_word_in_addresses() {
        assert_eq!(Measure::ALL.map(Measure::as_str), MEASURES);
        assert_eq!(Counted::ALL.map(Counted::as_str), COUNTED);
    }
}

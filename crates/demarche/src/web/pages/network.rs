//! Who deals with whom: blocs and ties over some months, as a square of cells or as nodes and lines, and from time to
//! time; the same as a file for Gephi.

use super::months::{MONTHS, chooser, during, months};
use super::value;
use crate::page::months::called;
use crate::page::network::{Asked, Measure, NetworkPage, Part};
use crate::plot::{Graph, Matrix, Node, Tie};
use crate::web::ask::Ask;
use crate::web::fault::Fault;
use crate::web::page::{Again, File, Kind, Method, Page, Param, Reply, Sheet, View};
use crate::web::parts;
use crate::web::url::Url;
use demarche_core::Interval;
use demarche_store::collect::{CLASS_NAMES, CLASSES, Sums};
use maud::{Markup, PreEscaped, html};
use std::collections::BTreeMap;

const MEASURES: &[&str] = &["events", "cooperation", "conflict"];
const VIEWS: &[&str] = &["matrix", "graph"];
/// More nodes than these are no picture of nodes and lines.
const SMALL: usize = 25;
/// Ties of the list.
const LISTED: usize = 40;

const PARAMS: &[Param] = &[
    value("measure", Kind::OneOf(MEASURES), "What makes a tie; all events unless said", "cooperation"),
    value("top", Kind::Number(2, 60), "How many actors, those with the most events; 40 unless said", "25"),
    value("weight", Kind::Number(1, 1_000_000), "Events that a tie has at least, both ways; 1 unless said", "10"),
    value("view", Kind::OneOf(VIEWS), "A matrix or nodes and lines; a matrix of more than 25 unless said", "graph"),
];

pub(in crate::web) const PAGE: Page = Page {
    name: "network",
    method: Method::Get,
    path: "/network",
    about: "Blocs and ties among those who deal most with each other over some months; as CSV its edges",
    params: &[PARAMS, MONTHS],
    answer: |ask| Ok(Reply::View(Box::new(of(ask, false)?))),
};

pub(in crate::web) const GEXF: Page = Page {
    name: "network-gexf",
    method: Method::Get,
    path: "/network/gexf",
    about: "The same network as a file of GEXF 1.3, for Gephi: an edge for each ordered pair and quad class, with its months",
    params: &[PARAMS, MONTHS],
    answer: |ask| Ok(Reply::View(Box::new(of(ask, true)?))),
};

fn of(ask: &Ask<'_>, file: bool) -> Result<Shown, Fault> {
    let names = ask.names()?;
    let page = match months(ask)? {
        None => None,
        Some(months) => {
            let asked = Asked {
                months,
                measure: ask.get("measure").and_then(Measure::parse).unwrap_or(Measure::Events),
                top: ask.number("top").unwrap_or(40),
                weight: ask.number("weight").and_then(|n| u32::try_from(n).ok()).unwrap_or(1),
            };
            Some(NetworkPage::of(ask.ledger()?, &names, asked)?)
        }
    };
    Ok(Shown { page, file })
}

struct Shown {
    page: Option<NetworkPage>,
    /// Whether a file was asked for.
    file: bool,
}

fn title(page: &NetworkPage) -> String {
    let what = match page.asked.measure {
        Measure::Events => "Who deals with whom",
        Measure::Cooperation => "Who cooperates with whom",
        Measure::Conflict => "Who is in conflict with whom",
    };
    format!("{what}, {}", page.asked.months.name())
}

fn dyad_url(page: &NetworkPage, one: &str, other: &str) -> Url {
    during(Url::dyad(one, other), page.asked.months.from, page.asked.months.until)
}

fn actor_url(page: &NetworkPage, code: &str) -> Url {
    during(Url::actor(code), page.asked.months.from, page.asked.months.until)
}

fn note(page: &NetworkPage) -> String {
    let least = if page.asked.weight > 1 {
        format!(" Ties of {} or more events, both ways.", parts::count(page.asked.weight))
    } else {
        String::new()
    };
    format!(
        "Events as reported, each happening once, among up to {} actors with the most of them.{least} {}",
        page.asked.top,
        page.asked.measure.bloc()
    )
}

/// The picture, and what it shows in words.
fn picture(page: &NetworkPage, matrix: bool) -> (String, String) {
    let places: BTreeMap<&str, usize> = page.network.nodes.iter().map(|node| node.code.as_str()).zip(0..).collect();
    let nodes = page.network.nodes.iter().map(|node| Node {
        name: node.name.clone(),
        short: node.code.clone(),
        href: Some(actor_url(page, &node.code).to_string()),
        bloc: page.blocs.get(&node.code).copied(),
    });
    let nodes: Vec<Node> = nodes.collect();
    let tie = |one: &str, other: &str, sums: &Sums| {
        let (Some(&source), Some(&target)) = (places.get(one), places.get(other)) else { return None };
        Some(Tie { source, target, balance: sums.into(), href: Some(dyad_url(page, one, other).to_string()) })
    };
    let (title, note) = (title(page), note(page));
    if matrix {
        let ties = page.network.edges.iter().filter_map(|edge| tie(&edge.source, &edge.target, &edge.sums)).collect();
        let plot = Matrix { title, note, nodes, ties, directed: true };
        (plot.svg(), plot.in_words())
    } else {
        let pairs = page.network.pairs(&CLASSES, &Interval::ALWAYS);
        let ties = pairs.iter().filter_map(|((one, other), sums)| tie(one, other, sums)).collect();
        let plot = Graph { title, note, nodes, ties };
        (plot.svg(), plot.in_words())
    }
}

/// "a, b, c and 4 more".
fn some(names: &[&str], most: usize) -> String {
    if names.len() > most {
        format!("{} and {} more", names[..most].join(", "), names.len() - most)
    } else {
        names.join(", ")
    }
}

fn blocs(page: &NetworkPage) -> Markup {
    html! {
        p { (page.asked.measure.bloc()) }
        ol.blocs { @for members in page.members() {
            @let names: Vec<&str> = members.iter().map(|node| node.name.as_str()).collect();
            li { b { (some(&names, 3)) }
                @if names.len() > 3 { details { summary { "All " (names.len()) } p {
                    @for (n, node) in members.iter().enumerate() { @if n > 0 { ", " } a href=(actor_url(page, &node.code)) { (node.name) } }
                } } }
            }
        } }
    }
}

fn times(page: &NetworkPage, here: &Url) -> Markup {
    let names: BTreeMap<&str, &str> =
        page.network.nodes.iter().map(|node| (node.code.as_str(), node.name.as_str())).collect();
    let name = |code: &str| names.get(code).map_or_else(|| code.to_string(), |name| (*name).to_string());
    let row = |part: &Part| {
        let share = f64::from(part.sums.cooperation()) * 100.0 / f64::from(part.sums.events().max(1));
        html! {
            tr {
                th scope="row" { a href=(during(here.clone(), part.from, part.until)) { (called(part.from, part.until)) } }
                td.number { (parts::count(part.sums.events())) }
                td.number { @if part.sums.events() > 0 { (format!("{share:.0}")) } }
                td { @if let Some((one, other, events)) = &part.strongest {
                    a href=(during(Url::dyad(one, other), part.from, part.until)) { (name(one)) " and " (name(other)) }
                    " (" (parts::count(*events)) ")"
                } }
                td { ol.inline { @for bloc in &part.blocs {
                    @let names: Vec<String> = bloc.iter().map(|code| name(code)).collect();
                    @let names: Vec<&str> = names.iter().map(String::as_str).collect();
                    li { (some(&names, 3)) }
                } } }
            }
        }
    };
    html! {
        div.scroll tabindex="0" role="region" aria-label="From time to time" {
            table {
                thead { tr {
                    th scope="col" { "time" } th.number scope="col" { "events" } th.number scope="col" { "% cooperation" }
                    th scope="col" { "strongest tie" } th scope="col" { "blocs" }
                } }
                tbody { @for part in &page.parts { (row(part)) } }
            }
        }
    }
}

fn nodes(page: &NetworkPage) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label="Actors" {
            table {
                thead { tr {
                    th scope="col" { "actor" } th.number scope="col" { "bloc" } th.number scope="col" { "acts" }
                    th.number scope="col" { "is acted on" } th.number scope="col" { "counterparts" }
                    th.number scope="col" { "betweenness" } th.number scope="col" { "closeness" } th.number scope="col" { "eigenvector" }
                } }
                tbody { @for node in &page.network.nodes { tr {
                    th scope="row" { a href=(actor_url(page, &node.code)) { (node.name) } }
                    td.number { @if let Some(bloc) = page.blocs.get(&node.code) { (bloc + 1) } }
                    td.number { (parts::count(node.out)) } td.number { (parts::count(node.received)) } td.number { (node.degree) }
                    td.number { (format!("{:.3}", node.betweenness)) } td.number { (format!("{:.1}", node.closeness)) }
                    td.number { (format!("{:.3}", node.eigenvector)) }
                } } }
            }
        }
        p.whence { "Betweenness is the share of shortest ways between others that lead through an actor, a tie being the shorter the more events it has; "
            "closeness is one over the mean way to others; eigenvector is high for those tied to the highly tied." }
    }
}

fn ties(page: &NetworkPage) -> Markup {
    let names: BTreeMap<&str, &str> =
        page.network.nodes.iter().map(|node| (node.code.as_str(), node.name.as_str())).collect();
    let pairs = page.network.pairs(&CLASSES, &Interval::ALWAYS);
    let mut order: Vec<_> = pairs.iter().collect();
    order.sort_by_key(|(codes, sums)| (std::cmp::Reverse(sums.events()), **codes));
    let all = order.len();
    html! {
        div.scroll tabindex="0" role="region" aria-label="Ties" {
            table {
                thead { tr {
                    th scope="col" { "tie" } th.number scope="col" { "events" }
                    @for name in CLASS_NAMES { th.number scope="col" { (name.replace('_', " ")) } }
                } }
                tbody { @for ((one, other), sums) in order.into_iter().take(LISTED) { tr {
                    th scope="row" { a href=(dyad_url(page, one, other)) { (names.get(*one).copied().unwrap_or(*one)) " and " (names.get(*other).copied().unwrap_or(*other)) } }
                    td.number { (parts::count(sums.events())) }
                    @for class in sums.classes() { td.number { (parts::count(class)) } }
                } } }
            }
        }
        @if all > LISTED { p { "The " (LISTED) " strongest of " (all) " ties; the CSV has all, each way for itself." } }
    }
}

impl View for Shown {
    fn title(&self) -> String {
        self.page.as_ref().map_or_else(|| "Network".to_string(), title)
    }

    fn html(&self, ask: &Ask<'_>) -> Markup {
        let Some(page) = &self.page else {
            return html! { h1 { "Network" } p.lead { "The ledger has no events yet." } };
        };
        let here = ask.here();
        let matrix = match ask.get("view") {
            Some(view) => view == "matrix",
            None => page.network.nodes.len() > SMALL,
        };
        let view = |name: &str, this: bool| {
            html! { a href=(here.clone().with("view", name)) aria-current=[this.then_some("true")] { (name) } }
        };
        let gexf = ask.values.iter().filter(|(name, _)| **name != "view");
        let gexf = gexf.fold(Url::to("/network/gexf"), |url, (name, value)| url.with(name, value));
        html! {
            h1 { (title(page)) }
            (chooser(ask, &page.asked.months, &[("measure", "What makes a tie", "events"), ("top", "Actors", "40"), ("weight", "Least events of a tie", "1")]))
            @if page.network.edges.is_empty() {
                p.lead { "No ties in these months." }
            } @else {
                p.widths { "As " (view("matrix", matrix)) " or " (view("graph", !matrix)) }
                @let (svg, words) = picture(page, matrix);
                figure.chart {
                    div.canvas.wide { (PreEscaped(svg)) }
                    figcaption { (words) @if matrix { " Who acts stands at the left; a meeting is in both cells." } }
                }
                p.exports { "Take along: " a href=(gexf) download="network.gexf" { "GEXF for Gephi" } ", " a href=(here.clone().shaped("csv")) { "edges as CSV" } ", "
                    a href=(here.clone().shaped("json")) { "all as JSON" } }
                section aria-labelledby="blocs" { h2 #blocs { @if page.asked.measure == Measure::Conflict { "Groups" } @else { "Blocs" } } (blocs(page)) }
                @if !page.parts.is_empty() {
                    section aria-labelledby="times" { h2 #times { "From time to time" } (times(page, &here)) }
                }
                section aria-labelledby="ties" { h2 #ties { "The strongest ties" } (ties(page)) }
                section aria-labelledby="nodes" { h2 #nodes { "Who stands where" } (nodes(page)) }
            }
        }
    }

    fn json(&self) -> serde_json::Value {
        self.page.as_ref().map_or_else(|| serde_json::json!({ "nodes": [], "edges": [] }), NetworkPage::json)
    }

    fn sheet(&self) -> Sheet {
        let mut columns = vec!["source", "target", "events"];
        columns.extend(CLASS_NAMES);
        columns.push("intensity");
        let edges = self.page.iter().flat_map(|page| &page.network.edges);
        let row = |edge: &demarche_store::collect::network::Edge| {
            let mut row = vec![edge.source.clone(), edge.target.clone(), edge.sums.events().to_string()];
            row.extend(edge.sums.classes().map(|n| n.to_string()));
            row.push(edge.sums.intensity().map_or_else(String::new, |n| n.to_string()));
            row
        };
        Sheet { columns, rows: edges.map(row).collect() }
    }

    fn file(&self) -> Option<File> {
        let network = self.page.as_ref().filter(|_| self.file).map(|page| page.network.gexf())?;
        let mut bytes = Vec::new();
        network.write(&mut bytes).ok()?;
        Some(File { kind: "application/gexf+xml", name: "network.gexf", bytes })
    }

    fn again(&self) -> Option<Again> {
        let asked = &self.page.as_ref()?.asked;
        let (from, until) = (asked.months.from.strftime("%Y-%m"), asked.months.until.strftime("%Y-%m"));
        let class =
            if asked.measure == Measure::Events { String::new() } else { format!(" class:{}", asked.measure.as_str()) };
        Some(Again { command: format!("demarche network{class} --from {from} --until {until}"), sql: None })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_measure_has_its_word_in_addresses() {
        assert_eq!(Measure::ALL.map(Measure::as_str), MEASURES);
    }

    #[test]
    fn names_are_told_in_short() {
        assert_eq!(some(&["a", "b"], 3), "a, b");
        assert_eq!(some(&["a", "b", "c", "d"], 3), "a, b, c and 1 more");
    }
}

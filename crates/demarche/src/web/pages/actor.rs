//! One actor: who it is by the tables, what it does and with whom, what it says.

use super::dyad::{saying, table};
use super::part;
use crate::page::actor::{ActorPage, Fact, PartnerRow, itself};
use crate::page::{EventRow, flow};
use crate::plot::{Bar, Bars, Mirrored, Row, Sides, Span, SpanKind, Timeline};
use crate::web::ask::Ask;
use crate::web::fault::Fault;
use crate::web::page::{Again, BOUNDS, LIST, Method, Page, Param, Reply, Sheet, View};
use crate::web::parts;
use crate::web::url::Url;
use demarche_core::{EventType, Interval};
use demarche_store::collect::series::Width;
use demarche_store::collect::{CLASSES, Sums};
use demarche_store::{Cursor, Query, Stored};
use jiff::ToSpan;
use jiff::civil::Date;
use maud::{Markup, PreEscaped, html};

const PARAMS: &[Param] = &[part("who", "A code, an id or a name", "RUS")];

pub(in crate::web) const PAGE: Page = Page {
    name: "actor",
    method: Method::Get,
    path: "/actor/{who}",
    about: "One actor: names and ids, offices and memberships in time, ties, partners, what it does and says",
    params: &[PARAMS, BOUNDS, LIST],
    answer,
};

/// Offices that are named at once.
const MANY: usize = 6;
/// Rows of each list but the events.
const ROWS: usize = 20;

fn answer(ask: &Ask<'_>) -> Result<Reply, Fault> {
    let (ledger, names) = (ask.ledger()?, ask.names()?);
    let actor = itself(ask.actor(ask.part("who"))?);
    let query = ask.bounds()?;
    let page = ActorPage::of(ledger, &names, &actor, &query, ROWS, true)?;
    let about = Query { actors: vec![actor.clone()], ..query };
    let (events, next) = ledger.rows_before(&about, ask.number("limit").unwrap_or(50), ask.before()?)?;
    let command = format!("demarche actor \"{}\"{}", actor.name.replace('"', ""), ask.options());
    Ok(Reply::View(Box::new(Shown { page, events, next, command, sql: ledger.sql(&about)? })))
}

struct Shown {
    page: ActorPage,
    events: Vec<Stored>,
    next: Option<Cursor>,
    command: String,
    sql: String,
}

fn days(interval: &Interval) -> Markup {
    let day = |day: Option<Date>| day.map_or_else(String::new, |day| day.to_string());
    html! { (day(interval.from)) "–" (day(interval.until)) }
}

/// What the tables say, as a table.
fn fact_table(facts: &[&Fact]) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label="Facts of the tables" { table {
            thead { tr { th scope="col" { "Kind" } th scope="col" { "What" } th scope="col" { "Who" } th scope="col" { "From" } th scope="col" { "Until" } th scope="col" { "Source" } th scope="col" { "Row" } } }
            tbody { @for fact in facts { tr {
                td { (fact.kind.replace('-', " ")) }
                td { (fact.what) }
                td { @match &fact.to {
                    Some(to) => a href=(Url::actor(to)) { @if fact.who.is_empty() { (to) } @else { (fact.who) } },
                    None => (fact.who),
                } }
                td { @if let Some(day) = fact.interval.from { (day) } }
                td { @if let Some(day) = fact.interval.until { (day) } }
                td { (fact.source) }
                td { code { (fact.row) } }
            } } }
        } }
    }
}

fn partner_sheet<'p>(partners: impl IntoIterator<Item = &'p PartnerRow>) -> Sheet {
    let row = |p: &PartnerRow| {
        let numbers = [p.out, p.received, p.cooperation, p.conflict].map(|n| n.to_string());
        [vec![p.name.clone(), p.id.clone().unwrap_or_default()], numbers.to_vec()].concat()
    };
    let columns = vec!["partner", "id", "toward", "from", "cooperation", "conflict"];
    Sheet { columns, rows: partners.into_iter().map(row).collect() }
}

impl Shown {
    fn me(&self) -> &str {
        self.page.id.as_deref().unwrap_or(&self.page.name)
    }

    fn partner_table(&self, rows: &[PartnerRow], label: &str) -> Markup {
        html! {
            div.scroll tabindex="0" role="region" aria-label=(label) { table {
                thead { tr { th scope="col" { "Partner" } th.number scope="col" { "toward it" } th.number scope="col" { "from it" } th.number scope="col" { "cooperation" } th.number scope="col" { "conflict" } } }
                tbody { @for row in rows { tr {
                    th scope="row" {
                        @let other = row.id.as_deref().unwrap_or(&row.name);
                        a href=(Url::dyad(self.me(), other)) { (row.name) }
                    }
                    @for n in [row.out, row.received, row.cooperation, row.conflict] { td.number { (n) } }
                } } }
            } }
        }
    }

    /// What it does and what is done to it, type by type.
    fn mix(&self) -> Sheet {
        let [does, receives] = &self.page.sides;
        let rows = EventType::ALL.iter().filter(|&&t| does.of(t) + receives.of(t) > 0);
        let row = |t: &EventType| {
            vec![t.to_string(), t.quad().number().to_string(), does.of(*t).to_string(), receives.of(*t).to_string()]
        };
        Sheet { columns: vec!["type", "class", "does", "receives"], rows: rows.map(row).collect() }
    }

    /// Those facts that stand in the days of the page.
    fn current(&self) -> Vec<&Fact> {
        let during = Interval { from: self.page.first, until: self.page.last.and_then(|day| day.tomorrow().ok()) };
        self.page.facts.iter().filter(|fact| fact.interval.overlaps(&during)).collect()
    }

    /// Offices, memberships and ties in time: of the days of the page, and at least of ten years.
    fn timeline(&self, current: &[&Fact]) -> Option<Markup> {
        let last = self.page.last?;
        let early = last.checked_sub(10.years()).ok()?;
        // Single events that news misdates or recalls do not stretch it.
        let from = self.page.series.first().map_or(early, |bin| bin.from).min(early);
        let until = last.tomorrow().ok();
        let shown = Interval { from: Some(from), until };
        let mut rows: Vec<Row> = Vec::new();
        for fact in current.iter().filter(|fact| fact.interval.overlaps(&shown)) {
            let (kind, label, span) = match fact.kind.as_str() {
                "office" => (SpanKind::Office, &fact.what, &fact.who),
                "membership" | "member" => (SpanKind::Membership, &fact.what, &fact.kind),
                "war"
                | "civil-war"
                | "rivalry"
                | "territorial-dispute"
                | "occupation"
                | "no-relations"
                | "non-recognition" => (SpanKind::Dispute, &fact.what, &fact.kind),
                _ => (SpanKind::Accord, &fact.what, &fact.kind),
            };
            let to = fact.to.as_ref().map(|to| Url::actor(to).to_string());
            let span = Span {
                label: if kind == SpanKind::Office { span.clone() } else { span.replace('-', " ") },
                kind,
                from: fact.interval.from,
                until: fact.interval.until,
                href: to.filter(|_| kind == SpanKind::Office),
            };
            match rows.iter_mut().find(|row| row.label == *label) {
                Some(row) => row.spans.push(span),
                None => rows.push(Row { label: label.clone(), href: None, spans: vec![span] }),
            }
        }
        // Of each kind the first few: a great power has hundreds of envoys.
        let all = rows.len();
        let mut left = [6, 8, 4, 4];
        rows.retain(|row| {
            let left = &mut left[row.spans[0].kind as usize];
            let stays = *left > 0;
            *left -= usize::from(stays);
            stays
        });
        let shown = rows.len();
        let note = if shown < all { format!("{shown} of {all}; the table has them all.") } else { String::new() };
        let title = format!("{}: offices, memberships and ties by the tables", self.page.name);
        let plot = Timeline { title, note, rows, from: Some(from), until, now: Some(last) };
        (shown > 0).then(|| {
            html! { figure.chart { div.canvas { (PreEscaped(plot.svg())) } figcaption { (plot.in_words()) } } }
        })
    }

    /// A bar for each type, or each partner.
    fn bars(title: String, rows: Vec<Bar>, table: &Sheet) -> Markup {
        let plot = Bars { title, note: String::new(), rows, sides: Sides::Two };
        parts::figure(&plot.svg(), &plot.in_words(), table)
    }

    fn types(sums: &Sums) -> Vec<Bar> {
        let there = EventType::ALL.iter().filter(|&&t| sums.of(t) > 0);
        let bar = |&t: &EventType| {
            let classes = CLASSES.map(|class| if class == t.quad() { sums.of(t) } else { 0 });
            Bar { label: t.as_str().to_lowercase(), href: None, classes }
        };
        there.map(bar).collect()
    }

    fn partner_bars(&self) -> Vec<Bar> {
        let bar = |row: &PartnerRow| {
            let other = row.id.as_deref().unwrap_or(&row.name);
            Bar { label: row.name.clone(), href: Some(Url::dyad(self.me(), other).to_string()), classes: row.classes }
        };
        self.page.partners.iter().take(12).map(bar).collect()
    }

    fn chart(&self) -> Markup {
        let page = &self.page;
        let note = page.first.zip(page.last).map_or_else(String::new, |(first, last)| {
            format!("Events as reported, each happening once, {} to {}.", parts::day(first), parts::day(last))
        });
        let plot = Mirrored {
            title: page.name.clone(),
            note,
            bins: &page.series,
            width: Width::Month,
            peaks: Vec::new(),
            standing: Vec::new(),
        };
        parts::figure(&plot.svg(), &plot.in_words(), &table(&page.series))
    }
}

impl View for Shown {
    fn title(&self) -> String {
        self.page.name.clone()
    }

    fn html(&self, ask: &Ask<'_>) -> Markup {
        let page = &self.page;
        let current = self.current();
        html! {
            h1 { (page.name) }
            p.lead {
                @if let Some(is) = page.is { (is) } @else { "not in the tables" }
                @if let (Some(first), Some(last)) = (page.first, page.last) { "; in the ledger from " (parts::day(first)) " to " (parts::day(last)) }
            }
            @if !page.ids.is_empty() { dl.ids { @for (scheme, value) in &page.ids { div { dt { (scheme) } dd {
                @if *scheme == "Wikidata" { (parts::outside(Some(&format!("https://www.wikidata.org/wiki/{value}")), value)) } @else { (value) }
            } } } } }
            (parts::bounds(ask))
            @if page.first.is_none() {
                p.lead { "The ledger has no event of it in these days." }
            } @else {
                (self.chart())
                @if page.is == Some("group") || page.is == Some("bloc") {
                    p.whence { "Of itself and those who lead it; what its members do: " a href=(Url::search(&format!("actor:{}", self.me()))) { "with its members" } "." }
                }
            }
            section aria-labelledby="offices" {
                h2 #offices { "Offices and memberships" }
                @if !page.offices.is_empty() {
                    @if page.offices.len() > MANY {
                        details { summary { (page.offices.len()) " offices on the last day" } p { (page.offices.join("; ")) "." } }
                    } @else { p { "On the last day: " (page.offices.join("; ")) "." } }
                }
                @if !page.memberships.is_empty() { p { "Belongs to " (page.memberships.join("; ")) "." } }
                @if page.facts.is_empty() { p { "The tables say nothing of it." } } @else {
                    @if let Some(timeline) = self.timeline(&current) { (timeline) }
                    details { summary { "With their sources: " (current.len()) @if current.len() == 1 { " dated fact" } @else { " dated facts" } " of these days" } (fact_table(&current)) }
                    @if current.len() < page.facts.len() {
                        details { summary { "All " (page.facts.len()) " dated facts" } (fact_table(&page.facts.iter().collect::<Vec<_>>())) }
                    }
                }
            }
            @if !page.called.is_empty() || !page.names.is_empty() {
                section aria-labelledby="names" {
                    h2 #names { "Names" }
                    @if !page.called.is_empty() {
                        p {
                            "In the texts" @if let Some(n) = page.sampled { " of its latest " (parts::count(n as u64)) " events" } ": "
                            @for (n, (words, times)) in page.called.iter().enumerate() { @if n > 0 { ", " } "“" (words) "” " span.code { (times) } }
                        }
                    }
                    @if !page.names.is_empty() {
                        details { summary { (page.names.len()) " names by the tables" }
                            ul.names { @for name in &page.names { li {
                                (name.name) " " span.whence { (name.kind)
                                    @if name.interval != Interval::ALWAYS { ", " (days(&name.interval)) } " · " code { (name.row) } }
                            } } }
                        }
                    }
                }
            }
            @if page.first.is_some() {
                section aria-labelledby="mix" {
                    h2 #mix { "What it does and what is done to it" }
                    @let [does, receives] = &page.sides;
                    div.pair {
                        (Shown::bars(format!("What {} does", page.name), Shown::types(does), &self.mix()))
                        (Shown::bars(format!("What is done to {}", page.name), Shown::types(receives), &self.mix()))
                    }
                    p.whence { "Each happening once; what is mutual counts on both sides; times that are known to the month." }
                }
                section aria-labelledby="partners" {
                    h2 #partners { "Partners" }
                    @if let Some(from) = page.partners_from {
                        p.whence { "States since " (parts::day(from)) "; " a href=(ask.here().with("from", page.first.unwrap_or(from).first_of_month())) { "since the beginning" } "." }
                    }
                    @if !page.partners.is_empty() { (Shown::bars(format!("Partners of {}", page.name), self.partner_bars(), &partner_sheet(&page.partners))) }
                    @if page.others.is_empty() {
                        @if let Some(n) = page.sampled.filter(|_| !page.partners.is_empty() && page.partners_sampled) { p.whence { "Of its latest " (parts::count(n as u64)) " events." } }
                    } @else {
                        h3 { "Others than states" }
                        @if let Some(n) = page.sampled { p.whence { "Of its latest " (parts::count(n as u64)) " events." } }
                        (self.partner_table(&page.others, "Others"))
                    }
                }
            }
            @if !page.statements.is_empty() {
                section aria-labelledby="says" {
                    h2 #says { "What it says" }
                    ul.sayings { @for one in page.statements.iter().rev() { (saying(one)) } }
                }
            }
            @if !self.events.is_empty() {
                section aria-labelledby="events" {
                    h2 #events { "Events" }
                    ul.events { @for stored in &self.events { (parts::event(stored)) } }
                }
            }
        }
    }

    fn json(&self) -> serde_json::Value {
        let page = &self.page;
        serde_json::json!({
            "actor": page, "names": page.names, "facts": page.facts, "series": flow(&page.series),
            "events": self.events.iter().map(EventRow::of).collect::<Vec<_>>(),
        })
    }

    fn sheet(&self) -> Sheet {
        partner_sheet(self.page.partners.iter().chain(&self.page.others))
    }

    fn next(&self) -> Option<String> {
        self.next.map(|next| next.to_string())
    }

    fn again(&self) -> Option<Again> {
        Some(Again { command: self.command.clone(), sql: Some(self.sql.clone()) })
    }
}

//! Who is read: documents by publisher and month, and the documents of one publisher.

use super::value;
use crate::page::sources::{NOBODY, PublisherRow, SourcesPage};
use crate::web::ask::Ask;
use crate::web::fault::Fault;
use crate::web::page::{Again, Kind, LIST, Method, Page, Param, Reply, Sheet, View};
use crate::web::parts;
use crate::web::url::Url;
use jiff::civil::Date;
use maud::{Markup, html};

const PARAMS: &[Param] = &[
    value("publisher", Kind::Text, "One publisher, whose documents are listed; - for those without", "Reuters"),
    value("from", Kind::Day, "First day of publication", "2025-01"),
    value("until", Kind::Day, "The day after the last", "2026-01"),
];

pub(in crate::web) const PAGE: Page = Page {
    name: "sources",
    method: Method::Get,
    path: "/sources",
    about: "Who is read: documents by publisher and month, languages, how many of them yield events",
    params: &[PARAMS, LIST],
    answer,
};

fn answer(ask: &Ask<'_>) -> Result<Reply, Fault> {
    let before = match ask.get("before") {
        None => None,
        Some(text) => {
            let place = text.split_once('.').and_then(|(day, key)| Some((day.parse().ok()?, key.parse().ok()?)));
            Some(place.ok_or_else(|| Fault::asked(vec![format!("before: {text:?} is the `next` of no page")]))?)
        }
    };
    let publisher = ask.get("publisher");
    let limit = ask.number("limit").unwrap_or(50);
    let page = SourcesPage::of(ask.ledger()?, publisher, (ask.day("from"), ask.day("until")), limit, before)?;
    Ok(Reply::View(Box::new(Shown { page, publisher: publisher.map(str::to_string) })))
}

struct Shown {
    page: SourcesPage,
    publisher: Option<String>,
}

/// Publishers of the table; of more there is the CSV.
const SHOWN: usize = 100;

fn called(publisher: Option<&str>) -> &str {
    publisher.unwrap_or("publisher unknown")
}

fn month(month: &Option<Date>) -> String {
    month.map_or_else(|| "undated".to_string(), |day| day.strftime("%Y-%m").to_string())
}

fn percent(row: &PublisherRow) -> String {
    row.share().map_or_else(String::new, |share| format!("{:.0} %", share * 100.0))
}

fn languages(row: &PublisherRow) -> String {
    let mut all: Vec<(&String, &u64)> = row.languages.iter().collect();
    all.sort_by_key(|(_, n)| std::cmp::Reverse(**n));
    all.iter().map(|(lang, _)| lang.as_str()).collect::<Vec<_>>().join(", ")
}

/// How dark a cell is: a fifth of the fullest month each.
fn shade(documents: u64, most: u64) -> u64 {
    if documents == 0 { 0 } else { (documents * 5).div_ceil(most.max(1)) }
}

impl Shown {
    fn row(&self, row: &PublisherRow, most: u64, link: bool) -> Markup {
        let name = row.publisher.as_deref();
        html! {
            tr class=[(!link).then_some("total")] {
                th scope="row" {
                    @if link { a href=(Url::publisher(name.unwrap_or(NOBODY))) { (called(name)) } } @else { "All" }
                }
                td.number { (parts::count(row.documents)) }
                td.number { (parts::count(row.documents - row.coded)) }
                td.number { (parts::count(row.events)) }
                td.number { (percent(row)) }
                td { (languages(row)) }
                @for &n in &row.by_month {
                    td class={ "number shade" (if link { shade(n, most) } else { 0 }) } { @if n > 0 { (parts::count(n)) } }
                }
            }
        }
    }

    fn matrix(&self) -> Markup {
        let page = &self.page;
        let most = page.publishers.iter().take(SHOWN).flat_map(|row| &row.by_month).copied().max().unwrap_or(0);
        html! {
            div.scroll tabindex="0" role="region" aria-label="Documents by publisher and month" { table.coverage {
                caption { "Documents by publisher and month of publication, of each page the latest version" }
                thead { tr {
                    th scope="col" { "Publisher" } th.number scope="col" { "Documents" } th.number scope="col" { "not coded" } th.number scope="col" { "Events" }
                    th.number scope="col" { "with events" } th scope="col" { "Languages" }
                    @for one in &page.months { th.number scope="col" { (month(one)) } }
                } }
                tbody {
                    (self.row(&page.total, most, false))
                    @for row in page.publishers.iter().take(SHOWN) { (self.row(row, most, true)) }
                }
            } }
        }
    }
}

impl View for Shown {
    fn title(&self) -> String {
        match self.publisher.as_deref() {
            Some(NOBODY) => called(None).to_string(),
            Some(name) => name.to_string(),
            None => "Sources".to_string(),
        }
    }

    fn html(&self, ask: &Ask<'_>) -> Markup {
        let page = &self.page;
        let total = &page.total;
        let whole = Url::to("/sources");
        html! {
            h1 { (self.title()) }
            @if self.publisher.is_some() { p { a href=(whole) { "All publishers" } } }
            p.lead {
                b { (parts::count(total.documents)) } @if total.documents == 1 { " document" } @else { " documents" }
                @if self.publisher.is_none() { " of " (parts::count(page.publishers.len() as u64)) @if page.publishers.len() == 1 { " publisher" } @else { " publishers" } }
                @if total.documents > 0 { ", " (parts::count(total.coded)) " of them coded" @if let Some(share) = total.share() { ", " (format!("{:.0}", share * 100.0)) " % with events" } }
                "."
            }
            @if page.latest && page.earlier {
                p.whence { "The latest twelve months; " a href=(ask.here().with("from", "0001")) { "all there is" } "." }
            }
            @if let Some(n) = page.sampled { p.whence { "Events are counted over the latest " (parts::count(n as u64)) " documents." } }
            form.days {
                @if let Some(name) = &self.publisher { input type="hidden" name="publisher" value=(name); }
                @for param in PARAMS.iter().skip(1) {
                    (parts::field(param.name, param.about, param.kind, ask.get(param.name), param.example))
                }
                button { "Show" }
            }
            @if total.documents == 0 {
                p { "No document in these days. Events of other data sets come without their texts: " a href="/search" { "search" } " finds them by " code { "publisher:" } "." }
            } @else {
                (self.matrix())
                @if page.publishers.len() > SHOWN { p { "The " (SHOWN) " with the most documents; the CSV has all." } }
            }
            @if !page.documents.is_empty() {
                section aria-labelledby="documents" {
                    h2 #documents { "Documents" }
                    ul.documents { @for one in &page.documents { li {
                        @if let Some(day) = one.published { time datetime=(day) { (day) } " " }
                        a href=(Url::source(&one.document, None)) { (one.title.as_deref().unwrap_or(&one.document)) }
                        " " span.whence {
                            (one.lang) ", "
                            @if one.coded { (one.events) @if one.events == 1 { " event" } @else { " events" } } @else { "not coded" }
                            @if one.url.is_some() { " · " (parts::outside(one.url.as_deref(), "original")) }
                        }
                    } } }
                }
            }
        }
    }

    fn json(&self) -> serde_json::Value {
        serde_json::to_value(&self.page).unwrap_or_default()
    }

    fn sheet(&self) -> Sheet {
        if self.publisher.is_some() {
            let columns = vec!["document", "published", "title", "url", "lang", "coded", "events"];
            let rows = self.page.documents.iter().map(|d| {
                let text = |value: &Option<String>| value.clone().unwrap_or_default();
                let published = d.published.map_or_else(String::new, |day| day.to_string());
                vec![
                    d.document.clone(),
                    published,
                    text(&d.title),
                    text(&d.url),
                    d.lang.clone(),
                    d.coded.to_string(),
                    d.events.to_string(),
                ]
            });
            return Sheet { columns, rows: rows.collect() };
        }
        let columns = vec!["publisher", "month", "documents"];
        let rows = self.page.publishers.iter().flat_map(|row| {
            let name = row.publisher.clone().unwrap_or_default();
            self.page
                .months
                .iter()
                .zip(&row.by_month)
                .map(move |(one, n)| vec![name.clone(), month(one), n.to_string()])
        });
        Sheet { columns, rows: rows.collect() }
    }

    fn next(&self) -> Option<String> {
        self.page.next.map(|(day, key)| format!("{day}.{key}"))
    }

    fn again(&self) -> Option<Again> {
        let publisher = match self.publisher.as_deref() {
            None => String::new(),
            Some(NOBODY) => " AND publisher IS NULL".to_string(),
            Some(name) => format!(" AND publisher = '{}' COLLATE NOCASE", name.replace('\'', "''")),
        };
        let days = [("published >=", self.page.from), ("published <", self.page.until)];
        let days: String = days.iter().filter_map(|(is, day)| Some(format!(" AND {is} '{}'", (*day)?))).collect();
        let sql = format!(
            "SELECT publisher, substr(published, 1, 7) AS month, lang, count(*) AS documents, sum(coded) AS coded\nFROM documents WHERE newer IS NULL{publisher}{days}\nGROUP BY publisher, month, lang"
        );
        let mut command = "demarche series".to_string();
        if let Some(name) = self.publisher.as_deref().filter(|name| *name != NOBODY) {
            command += &format!(" 'publisher:\"{}\"'", name.replace(['\'', '"'], ""));
        }
        for (option, day) in [("--from", self.page.from), ("--until", self.page.until)] {
            command += &day.map_or_else(String::new, |day| format!(" {option} {day}"));
        }
        Some(Again { command, sql: Some(sql) })
    }
}

//! The runs that made a ledger, and what changed between two of them, each with its words.

use super::{part, value};
use crate::page::runs::{Asked, COUNTED, DiffPage, READ, RunRow, RunsPage, field_in_words};
use crate::web::ask::Ask;
use crate::web::fault::Fault;
use crate::web::page::{Again, Kind, LIST, Method, Page, Param, Reply, Sheet, View};
use crate::web::parts;
use crate::web::url::Url;
use demarche_store::{Cause, Change, DiffCursor, Difference, Run, Stored};
use maud::{Markup, html};

const NUMBER: Kind = Kind::Number(1, u32::MAX);

const TWO: &[Param] =
    &[value("old", NUMBER, "The earlier of two runs to compare", "1"), value("new", NUMBER, "The later one", "2")];

/// Lists of runs and of what changed go on in orders of their own.
const fn list(next: &'static str) -> [Param; 2] {
    [LIST[0], Param { example: next, ..LIST[1] }]
}

pub(in crate::web) const PAGE: Page = Page {
    name: "runs",
    method: Method::Get,
    path: "/runs",
    about: "The runs that made the ledger: codings, imports and corrections, with their versions and what came and went",
    params: &[TWO, &list("2")],
    answer: runs,
};

const CHANGES: &[&str] = &["added", "dropped", "changed"];
const CAUSES: &[&str] = &["text", "coder", "data", "coder and data", "correction", "other"];

const DIFF: &[Param] = &[
    Param { kind: NUMBER, ..part("old", "The earlier run", "1") },
    Param { kind: NUMBER, ..part("new", "The later run", "2") },
    value("change", Kind::OneOf(CHANGES), "Only what came, ended or changed", "changed"),
    value("cause", Kind::OneOf(CAUSES), "Only what changed because of this", "data"),
    value("field", Kind::Text, "Only what changed in this field", "type"),
];

pub(in crate::web) const BETWEEN: Page = Page {
    name: "diff",
    method: Method::Get,
    path: "/runs/{old}/{new}",
    about: "What changed between two runs, by cause and field, with the events of both sides",
    params: &[DIFF, &list("0.2.10")],
    answer: between,
};

fn run_number(ask: &Ask<'_>, name: &str) -> Option<i64> {
    ask.get(name).and_then(|n| n.parse().ok())
}

fn runs(ask: &Ask<'_>) -> Result<Reply, Fault> {
    if let (Some(old), Some(new)) = (run_number(ask, "old"), run_number(ask, "new")) {
        return Ok(Reply::See(Url::diff(old, new).to_string(), None));
    }
    let before = match ask.get("before").map(str::parse::<i64>) {
        Some(Err(_)) => return Err(Fault::asked(vec!["before: is the `next` of no page".to_string()])),
        other => other.and_then(Result::ok),
    };
    let page = RunsPage::of(ask.ledger()?, before, ask.number("limit").unwrap_or(50))?;
    Ok(Reply::View(Box::new(Runs { page, begun: before.is_none() })))
}

struct Runs {
    page: RunsPage,
    begun: bool,
}

/// "2025-03-01T08:15:00Z" for people.
fn time(stamp: &str) -> String {
    stamp.replace('T', " ").trim_end_matches('Z').to_string()
}

fn text(value: Option<&String>) -> String {
    value.cloned().unwrap_or_default()
}

fn number(value: Option<u64>) -> String {
    value.map_or_else(|| "not counted".to_string(), parts::count)
}

impl Runs {
    fn row(row: &RunRow) -> Markup {
        let run = &row.run;
        html! {
            tr {
                td.number { (run.run) }
                td { @if let Some(previous) = row.previous {
                    a href=(Url::diff(previous, run.run)) { "what changed" span.unseen { " with run " (run.run) } }
                } }
                td { (run.kind) }
                td { time datetime=(run.started) { (time(&run.started)) } }
                td { @match &run.ended { Some(ended) => time datetime=(ended) { (time(ended)) }, None => "not ended" } }
                td.number { (number(row.events_added)) }
                td.number { (number(row.events_ended)) }
                td { (text(run.author.as_ref())) }
                td.wide { (text(run.command.as_ref())) }
                td { code { (text(run.coder.as_ref())) } }
                td { code { (text(run.tables.as_ref())) } }
            }
        }
    }
}

impl View for Runs {
    fn title(&self) -> String {
        "Runs".to_string()
    }

    fn html(&self, _ask: &Ask<'_>) -> Markup {
        let runs = &self.page.runs;
        html! {
            h1 { "Runs" }
            p { "Each coding, import and correction is a run; the ledger forgets none, and knows each event by the run that brought it and the run that ended it." }
            @if runs.is_empty() { p.lead { "Nothing has been written yet." } } @else {
                @if self.begun { (pair_form(runs)) }
                p { (parts::count(self.page.all as u64)) " runs, the latest first." }
                div.scroll tabindex="0" role="region" aria-label="Runs" {
                    table {
                        thead { tr {
                            @for head in ["run", "compare", "kind", "started (UTC)", "ended", "events that came", "events that ended", "author", "command or reason", "coder", "tables"] {
                                th scope="col" { (head) }
                            }
                        } }
                        tbody { @for row in runs { (Self::row(row)) } }
                    }
                }
                @if runs.iter().any(|r| r.events_added.is_none()) {
                    p.whence { "Events are counted once a run of this version has written." }
                }
            }
        }
    }

    fn json(&self) -> serde_json::Value {
        serde_json::json!(self.page)
    }

    fn sheet(&self) -> Sheet {
        let count = |n: Option<u64>| n.map_or_else(String::new, |n| n.to_string());
        let row = |r: &RunRow| {
            let run = &r.run;
            let known = [&run.coder, &run.tables, &run.command, &run.author].map(|t| text(t.as_ref()));
            let mut row = vec![run.run.to_string(), run.kind.clone()];
            row.extend(known);
            row.extend([run.started.clone(), text(run.ended.as_ref()), count(r.events_added), count(r.events_ended)]);
            row
        };
        Sheet {
            columns: vec![
                "run",
                "kind",
                "coder",
                "tables",
                "command",
                "author",
                "started",
                "ended",
                "events_added",
                "events_ended",
            ],
            rows: self.page.runs.iter().map(row).collect(),
        }
    }

    fn next(&self) -> Option<String> {
        self.page.next.map(|next| next.to_string())
    }

    fn again(&self) -> Option<Again> {
        let sql = "SELECT * FROM runs ORDER BY run DESC";
        Some(Again { command: "demarche diff".to_string(), sql: Some(sql.to_string()) })
    }
}

/// Two runs of those shown, to be compared.
fn pair_form(runs: &[RunRow]) -> Markup {
    let (Some(latest), Some(first)) = (runs.first(), runs.get(1)) else { return html! {} };
    let field = |name: &str, label: &str, run: i64| {
        html! { label.field { span { (label) } input type="number" name=(name) min="1" required value=(run); } }
    };
    html! {
        form.inline action="/runs" {
            (field("old", "Earlier run", first.run.run)) (field("new", "Later run", latest.run.run))
            button { "What changed" }
        }
    }
}

fn between(ask: &Ask<'_>) -> Result<Reply, Fault> {
    let before = match ask.get("before").map(|text| (text, DiffCursor::parse(text))) {
        Some((text, None)) => return Err(Fault::asked(vec![format!("before: {text:?} is the `next` of no page")])),
        other => other.and_then(|(_, cursor)| cursor),
    };
    let changes = [Change::Added, Change::Dropped, Change::Changed];
    let asked = Asked {
        old: run_number(ask, "old").unwrap_or_default(),
        new: run_number(ask, "new").unwrap_or_default(),
        change: changes.into_iter().find(|c| Some(c.as_str()) == ask.get("change")),
        cause: Cause::ALL.into_iter().find(|c| Some(c.as_str()) == ask.get("cause")),
        field: ask.get("field").map(str::to_string),
        limit: ask.number("limit").unwrap_or(20),
        before,
    };
    let page = DiffPage::of(ask.ledger()?, &asked)?;
    Ok(Reply::View(Box::new(Between { page, asked })))
}

struct Between {
    page: DiffPage,
    asked: Asked,
}

/// A cause in a sentence.
fn because(cause: Cause) -> &'static str {
    match cause {
        Cause::Text => "a new document, or a page that changed",
        Cause::Coder => "another version of the coder",
        Cause::Data => "another version of the tables",
        Cause::CoderAndData => "another version of both coder and tables",
        Cause::Correction => "a person's correction",
        Cause::Other => "the same versions, run otherwise",
    }
}

fn happened(change: Change) -> &'static str {
    match change {
        Change::Added => "came",
        Change::Dropped => "ended",
        Change::Changed => "changed",
    }
}

impl Between {
    fn url(&self) -> Url {
        Url::diff(self.asked.old, self.asked.new)
    }

    fn side(run: &Run, name: &str) -> Markup {
        html! {
            div {
                h2 { (name) ": run " (run.run) ", " (run.kind) }
                dl.params {
                    dt { "Started" } dd { time datetime=(run.started) { (time(&run.started)) } }
                    @if let Some(coder) = &run.coder { dt { "Coder" } dd { code { (coder) } } }
                    @if let Some(tables) = &run.tables { dt { "Tables" } dd { code { (tables) } } }
                    @if let Some(author) = &run.author { dt { "Author" } dd { (author) } }
                    @if let Some(command) = &run.command { dt { "Command or reason" } dd { (command) } }
                }
            }
        }
    }

    fn counts(&self) -> Markup {
        let page = &self.page;
        let all: u64 = page.groups.iter().map(|g| g.events).sum();
        let chosen = |same: bool| same.then_some("true");
        html! {
            section aria-labelledby="counts" {
                h2 #counts { "How many, and why" }
                @if let Some((new, old)) = page.sides {
                    p { "In force after run " (page.new.run) " and not after run " (page.old.run) ": " (parts::count(new))
                        "; in force no longer: " (parts::count(old)) ". What changed is among both." }
                }
                @if !page.whole { p.partly { "Counted by cause are the first " (parts::count(COUNTED)) " differences." } }
                @if page.groups.is_empty() { p.lead { "No event differs between the two." } } @else {
                    div.scroll tabindex="0" role="region" aria-label="Differences by change and cause" { table {
                        thead { tr { th scope="col" { "what" } th scope="col" { "because of" } th.number scope="col" { "events" } } }
                        tbody { @for group in &page.groups {
                            @let here = self.asked.change == Some(group.change) && self.asked.cause == Some(group.cause);
                            tr {
                                td { a href=(self.url().with("change", group.change.as_str()).with("cause", group.cause.as_str()))
                                    aria-current=[chosen(here)] { (happened(group.change)) } }
                                td { (because(group.cause)) }
                                td.number { (parts::count(group.events)) }
                            }
                        } }
                        tfoot { tr {
                            th scope="row" { a href=(self.url()) aria-current=[chosen(self.asked.change.is_none() && self.asked.field.is_none())] { "all" } }
                            td {} td.number { (parts::count(all)) }
                        } }
                    } }
                }
                @if !page.fields.is_empty() {
                    h3 { "Fields that changed" }
                    @if !page.fields_whole { p.partly { "Of the first " (parts::count(READ)) " events that changed." } }
                    ul.fields { @for (field, events) in &page.fields { li {
                        a href=(self.url().with("field", field)) aria-current=[chosen(self.asked.field.as_deref() == Some(field))] { (field) }
                        " " span.number { (parts::count(*events)) }
                    } } }
                }
            }
        }
    }

    fn difference(d: &Difference) -> Markup {
        let side = |stored: &Option<Stored>, label: &str| {
            html! { div { p.side { (label) } @match stored {
                Some(stored) => ul.events { (parts::event(stored)) },
                None => p.none { "nothing" },
            } } }
        };
        html! {
            li.difference {
                p { b { (happened(d.change())) } ", because of " (because(d.cause)) }
                @if let (Some(old), Some(new)) = (&d.old, &d.new) {
                    ul.fields { @for field in &d.fields { li {
                        (field) ": " del { (field_in_words(&old.entry.event, field)) } " → " ins { (field_in_words(&new.entry.event, field)) }
                    } } }
                }
                div.pair { (side(&d.old, "Before")) (side(&d.new, "After")) }
            }
        }
    }
}

impl View for Between {
    fn title(&self) -> String {
        format!("Runs {} and {}", self.page.old.run, self.page.new.run)
    }

    fn html(&self, _ask: &Ask<'_>) -> Markup {
        let page = &self.page;
        let shown: Vec<&str> =
            [self.asked.change.map(happened), self.asked.cause.map(because), self.asked.field.as_deref()]
                .into_iter()
                .flatten()
                .collect();
        html! {
            h1 { "What changed between run " (page.old.run) " and run " (page.new.run) }
            div.pair { (Self::side(&page.old, "Earlier")) (Self::side(&page.new, "Later")) }
            (self.counts())
            @if !page.shown.is_empty() || self.asked.change.is_some() || self.asked.field.is_some() {
                section aria-labelledby="list" {
                    h2 #list { "One by one" @if !shown.is_empty() { ": " (shown.join(", ")) } }
                    @if page.shown.is_empty() { p { "None found here." @if page.next.is_some() { " The search goes on further back." } } }
                    ol.differences { @for d in &page.shown { (Self::difference(d)) } }
                }
            }
        }
    }

    fn json(&self) -> serde_json::Value {
        self.page.json()
    }

    fn sheet(&self) -> Sheet {
        let said = |stored: &Option<Stored>| {
            let Some(stored) = stored else { return String::new() };
            let event = &stored.entry.event;
            let all =
                ["actors", "type", "mode", "recipients", "polarity", "modality"].map(|f| field_in_words(event, f));
            all.join(" | ")
        };
        let row = |d: &Difference| {
            let one = d.new.as_ref().or(d.old.as_ref());
            let (event, document) =
                one.map_or_else(Default::default, |s| (s.entry.event.id.clone(), s.entry.event.document.to_string()));
            let words = one.and_then(|s| s.entry.sentence_text.clone()).unwrap_or_default();
            let (change, cause) = (d.change().as_str().to_string(), d.cause.as_str().to_string());
            vec![change, cause, event, document, d.fields.join("; "), said(&d.old), said(&d.new), words]
        };
        Sheet {
            columns: vec!["change", "cause", "event", "document", "fields", "old", "new", "words"],
            rows: self.page.shown.iter().map(row).collect(),
        }
    }

    fn next(&self) -> Option<String> {
        self.page.next.map(|next| next.to_string())
    }

    fn again(&self) -> Option<Again> {
        let (old, new) = (self.asked.old, self.asked.new);
        let came = format!("run > {old} AND run <= {new} AND (gone_run IS NULL OR gone_run > {new})");
        let ended = format!("run <= {old} AND gone_run > {old} AND gone_run <= {new}");
        let sql = format!(
            "SELECT 'came' AS change, * FROM events WHERE {came}\nUNION ALL\nSELECT 'ended', * FROM events WHERE {ended}"
        );
        Some(Again { command: format!("demarche diff {old} {new}"), sql: Some(sql) })
    }
}

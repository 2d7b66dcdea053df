//! What stands around every page: head, ways to the other pages, and at the foot where the figures come from.

use super::ask::Ask;
use super::asset;
use super::fault::Fault;
use super::page::{Again, View};
use super::parts;
use super::site::Site;
use super::url::Url;
use maud::{DOCTYPE, Markup, html};

/// The ways from everywhere: address and name.
const WAYS: &[(&str, &str)] = &[
    ("/read", "Read"),
    ("/search", "Search"),
    ("/world", "World"),
    ("/network", "Network"),
    ("/sources", "Sources"),
    ("/runs", "Runs"),
    ("/corrections", "Corrections"),
    ("/about", "About"),
];

fn around(site: &Site, title: &str, path: &str, main: &Markup, foot: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " · demarche" }
                link rel="stylesheet" href=(asset::address("site.css"));
                link rel="stylesheet" href=(asset::address("plot.css"));
                link rel="icon" href="data:,";
                script src=(asset::address("site.js")) defer {}
            }
            body {
                a.skip href="#main" { "To the content" }
                header.top {
                    a.brand href="/" { "demarche" }
                    nav aria-label="Pages" {
                        ul { @for (to, name) in WAYS {
                            li { a href=(to) aria-current=[path.starts_with(to).then_some("page")] { (name) } }
                        } }
                    }
                    form.go action="/go" role="search" {
                        label.unseen for="go" { "Go to a dyad, an actor or what is found" }
                        input #go name="to" type="search" placeholder="RUS-UKR, NATO, ceasefire" autocomplete="off";
                        button { "Go" }
                    }
                }
                main #main { (main) }
                footer {
                    (foot)
                    p {
                        "demarche " (env!("CARGO_PKG_VERSION"))
                        @if let Some(path) = site.path() {
                            " · ledger " code { (path.file_name().unwrap_or_default().to_string_lossy()) }
                        } @else { " · no ledger" }
                        " · coded by machine from single sentences: read the words before you rely on a code"
                    }
                }
            }
        }
    }
}

/// A page around its view.
pub(super) fn page(ask: &Ask<'_>, view: &dyn View) -> Markup {
    let here = view.address(ask);
    let again = view.again();
    let next = view.next().map(|next| ask.here().with("before", next));
    let main = html! {
        (view.html(ask))
        @if let Some(next) = next { p.more { a href=(next) rel="next" { "Further back" } } }
    };
    let foot = html! {
        p.shapes {
            @match &here {
                Some(here) => { "This page as " a href=(here.clone().shaped("json")) { "JSON" } " or " a href=(here.clone().shaped("csv")) { "CSV" } },
                None => { "For JSON or CSV hand the same over to " code { (ask.page.path) ".json" } " or " code { (ask.page.path) ".csv" } },
            }
        }
        @if let Some(again) = again { (elsewhere(&again, here.as_ref())) }
    };
    around(ask.site, &view.title(), ask.page.path, &main, &foot)
}

/// The same question elsewhere, to be copied.
fn elsewhere(again: &Again, here: Option<&Url>) -> Markup {
    let python = here.map(|here| {
        format!("import pandas as pd\nrows = pd.read_csv(\"http://127.0.0.1:8001{}\")", here.clone().shaped("csv"))
    });
    html! {
        details.again {
            summary { "The same as command, SQL, Python" }
            (parts::copied("Command line", &again.command))
            @if let Some(sql) = &again.sql { (parts::copied("SQL, over the ledger as it is in Datasette, DuckDB or R", sql)) }
            @if let Some(python) = &python { (parts::copied("Python, while this site is served", python)) }
        }
    }
}

/// A page that says what went wrong.
pub(super) fn fault(site: &Site, fault: &Fault) -> Markup {
    let title = fault.status.canonical_reason().unwrap_or("Fault");
    let main = html! {
        h1 { (title) }
        p.fault role="alert" { (fault.what) }
        @if fault.each.len() > 1 { ul { @for one in &fault.each { li { (one) } } } }
        @if fault.status == axum::http::StatusCode::UNAUTHORIZED { p { a href="/token" { "Enter the token" } } }
        p { a href="/" { "To the start" } }
    };
    around(site, title, "", &main, &html! {})
}

//! Versions, limits, measured quality, and the addresses for programs.

use super::PAGES;
use crate::web::ask::Ask;
use crate::web::openapi;
use crate::web::page::{Method, Page, Place, Reply, Sheet, View};
use maud::{Markup, html};

pub(in crate::web) const PAGE: Page = Page {
    name: "about",
    method: Method::Get,
    path: "/about",
    about: "Versions, measured quality, limits, and every address with what it takes",
    params: &[],
    answer: |ask| Ok(Reply::View(Box::new(About::of(ask)))),
};

pub(in crate::web) const DESCRIPTION: Page = Page {
    name: "openapi",
    method: Method::Get,
    path: "/openapi",
    about: "The addresses described for programs, OpenAPI 3.1; at /openapi.json the description alone",
    params: &[],
    answer: |_| Ok(Reply::View(Box::new(Description))),
};

struct About {
    versions: Vec<(&'static str, String)>,
}

impl About {
    fn of(ask: &Ask<'_>) -> About {
        let mut versions = vec![
            ("program", env!("CARGO_PKG_VERSION").to_string()),
            ("coder", crate::intake::ingest::coder_version()),
            ("tables", demarche_data::VERSION.to_string()),
        ];
        versions.extend(ask.site.path().map(|path| ("ledger", path.display().to_string())));
        About { versions }
    }
}

fn sheet() -> Sheet {
    let row = |page: &Page| {
        let params: Vec<&str> = page.all_params().map(|p| p.name).collect();
        let method = if page.method == Method::Get { "GET" } else { "POST" };
        vec![method.to_string(), page.path.to_string(), page.about.to_string(), params.join(" ")]
    };
    Sheet { columns: vec!["method", "address", "about", "takes"], rows: PAGES.iter().map(row).collect() }
}

impl View for About {
    fn title(&self) -> String {
        "About".to_string()
    }

    fn html(&self, _ask: &Ask<'_>) -> Markup {
        html! {
            h1 { "About" }
            dl { @for (name, version) in &self.versions { dt { (name) } dd { (version) } } }
            h2 { "For programs" }
            p { "Every page is a table too: the same address with " code { ".json" } " or " code { ".csv" } " at its end. "
                a href="/openapi.json" { "OpenAPI 3.1" } " describes them all." }
            @for page in PAGES {
                section.address {
                    h3 { code { @if page.method == Method::Post { "POST " } (page.path) } }
                    p { (page.about) "." }
                    @if page.all_params().next().is_some() { dl.params {
                        @for param in page.all_params() {
                            dt { code { (param.name) } @if param.place == Place::Path { " (in the path)" } }
                            dd { (param.about) @if !param.example.is_empty() { ": " code { (param.example) } } }
                        }
                    } }
                }
            }
        }
    }

    fn json(&self) -> serde_json::Value {
        let versions: serde_json::Map<String, serde_json::Value> =
            self.versions.iter().map(|(name, version)| ((*name).to_string(), version.as_str().into())).collect();
        serde_json::json!({ "versions": versions })
    }

    fn sheet(&self) -> Sheet {
        sheet()
    }
}

struct Description;

impl View for Description {
    fn title(&self) -> String {
        "For programs".to_string()
    }

    fn html(&self, _ask: &Ask<'_>) -> Markup {
        html! {
            h1 { "For programs" }
            p { a href="/openapi.json" { "openapi.json" } " describes every address; " a href="/about" { "About" } " lists them for people." }
        }
    }

    fn json(&self) -> serde_json::Value {
        openapi::description()
    }

    fn bare(&self) -> bool {
        true
    }

    fn sheet(&self) -> Sheet {
        sheet()
    }
}

//! Versions, limits, measured quality, and the addresses for programs.

use super::PAGES;
use crate::web::ask::Ask;
use crate::web::markdown;
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

/// How well it does and where its tables come from: written once, for the repository and for this page.
const QUALITY: &str = include_str!("../../../../../docs/quality.md");
const TERMS: &str = include_str!("../../../../../data/LICENSES.md");

struct About {
    versions: Vec<(&'static str, String)>,
}

impl About {
    fn of(ask: &Ask<'_>) -> About {
        let mut versions = vec![
            ("program", env!("CARGO_PKG_VERSION").to_string()),
            ("coder", crate::intake::ingest::coder_version()),
            ("tables", ask.site.knowledge().version()),
        ];
        let name = ask.site.path().and_then(std::path::Path::file_name);
        versions.extend(name.map(|name| ("ledger", name.to_string_lossy().into_owned())));
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
            p.lead { "demarche reads news and says who did what to whom, when, where and according to whom, with the words that say so." }
            dl.params { @for (name, version) in &self.versions { dt { (name) } dd { code { (version) } } } }
            (quality())
            (terms())
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

/// The headline figures and what falls short.
fn quality() -> Markup {
    let headline = markdown::between(QUALITY, "headline").unwrap_or_default();
    let limits = markdown::items(markdown::between(QUALITY, "limits").unwrap_or_default());
    html! {
        section aria-labelledby="quality" {
            h2 #quality { "How far to trust a row" }
            p { "Measured on free news that two readers coded and a third settled, against what enters counts; per cent. The sentences unseen till the end say what to expect of other news." }
            @for table in markdown::tables(headline) { (markdown::table(&table, "Measured quality")) }
            p { "All figures, each with the command that gives it, are in docs/quality.md of the source. What a row rests on is the sentence beside it: read the words before you rely on the code." }
            details { summary { "What falls short" } ul { @for item in &limits { li { (markdown::line(item)) } } } }
        }
    }
}

/// Where the tables come from.
fn terms() -> Markup {
    html! {
        section aria-labelledby="terms" {
            h2 #terms { "Licences" }
            p { "The program is under the MIT licence. Its tables are compilations of facts, each row with its source:" }
            details { summary { "Sources of the tables and their terms" }
                @for table in markdown::tables(TERMS) { (markdown::table(&table, "Sources and terms")) }
            }
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_and_terms_are_found_where_they_are_written() {
        let headline = markdown::tables(markdown::between(QUALITY, "headline").unwrap());
        assert!(headline.len() == 1 && headline[0].len() > 3, "{headline:?}");
        assert!(markdown::items(markdown::between(QUALITY, "limits").unwrap()).len() > 3);
        let terms = markdown::tables(TERMS);
        assert!(terms.iter().flatten().any(|row| row[0] == "`geonames`"), "{terms:?}");
    }
}

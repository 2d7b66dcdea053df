//! What a page of the site is: its address, what it takes, what it answers.

use super::ask::Ask;
use super::fault::Fault;
use super::url::Url;
use axum::http::StatusCode;
use maud::Markup;
use serde_json::Value;

/// How a page is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    /// Asks.
    Get,
    /// Hands something over.
    Post,
}

/// One address of the site.
pub(crate) struct Page {
    /// One word, the same in every address and in the description for programs.
    pub name: &'static str,
    pub method: Method,
    /// As routers write it: `/dyad/{one}/{other}`.
    pub path: &'static str,
    /// What it shows, in a sentence.
    pub about: &'static str,
    pub params: &'static [&'static [Param]],
    pub answer: fn(&Ask<'_>) -> Result<Reply, Fault>,
}

/// Something that an address takes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Param {
    pub name: &'static str,
    pub place: Place,
    pub kind: Kind,
    pub about: &'static str,
    pub example: &'static str,
}

/// Where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Path,
    Query,
    Body,
}

/// What it may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    /// A day, a month or a year; the last two stand for their first day.
    Day,
    /// A whole number between two, both included.
    Number(u32, u32),
    /// `yes` or absent.
    Flag,
    OneOf(&'static [&'static str]),
}

/// What a page answers.
pub(crate) enum Reply {
    View(Box<dyn View>),
    /// Go there instead, with a cookie where there is one to set.
    See(String, Option<String>),
}

/// What a page shows, in all its shapes.
pub(crate) trait View {
    /// A few words, for the head of the page.
    fn title(&self) -> String;
    /// All between the head and the foot of the page.
    fn html(&self, ask: &Ask<'_>) -> Markup;
    /// The same for programs: an object.
    fn json(&self) -> Value;
    /// The table that the page is about.
    fn sheet(&self) -> Sheet;
    /// Whether its JSON has a form that others have laid down, into which nothing may be put.
    fn bare(&self) -> bool {
        false
    }
    /// Where the list goes on, as the value of `before`.
    fn next(&self) -> Option<String> {
        None
    }
    /// Where this very page is found again; `None` where only handing the same over once more shows it.
    fn address(&self, ask: &Ask<'_>) -> Option<Url> {
        Some(ask.here())
    }
    /// How it went: anything but 200 where the page says what went wrong and shows again what was handed over.
    fn status(&self) -> StatusCode {
        StatusCode::OK
    }
    /// A file, where the page itself is one.
    fn file(&self) -> Option<File> {
        None
    }
    /// What is wrong with the question, where the page shows it beside its form; programs get the fault alone.
    fn fault(&self) -> Option<Fault> {
        None
    }
    /// How the command line and others ask the same.
    fn again(&self) -> Option<Again> {
        None
    }
}

/// A table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Sheet {
    pub columns: Vec<&'static str>,
    pub rows: Vec<Vec<String>>,
}

/// A file to be kept.
#[derive(Debug, Clone)]
pub(crate) struct File {
    /// Its media type.
    pub kind: &'static str,
    pub name: &'static str,
    pub bytes: Vec<u8>,
}

/// The same question elsewhere.
#[derive(Debug, Clone, Default)]
pub(crate) struct Again {
    /// On the command line.
    pub command: String,
    /// Over the ledger's views, for Datasette, DuckDB, R or Python.
    pub sql: Option<String>,
}

impl Page {
    /// The addresses of its shapes: `.json` and `.csv` beside the page itself.
    /// Where the address ends in a part that varies, the ending is cut off that part.
    pub(crate) fn paths(&self) -> Vec<String> {
        if self.path.ends_with('}') {
            return vec![self.path.to_string()];
        }
        let stem = if self.path == "/" { "/index" } else { self.path };
        vec![self.path.to_string(), format!("{stem}.json"), format!("{stem}.csv")]
    }

    /// All that it takes.
    pub(crate) fn all_params(&self) -> impl Iterator<Item = &'static Param> {
        self.params.iter().copied().flatten()
    }
}

impl Param {
    /// What is wrong with a value.
    pub(crate) fn fault(&self, value: &str) -> Option<String> {
        let name = self.name;
        match self.kind {
            Kind::Text => None,
            Kind::Day => demarche_core::first_day(value).is_none().then(|| {
                format!("{name}: no date {value:?} (hint: a day, a month or a year: 2025-01-31, 2025-01, 2025)")
            }),
            Kind::Number(least, most) => {
                let good = value.parse::<u32>().is_ok_and(|n| (least..=most).contains(&n));
                (!good).then(|| format!("{name}: {value:?} is no whole number from {least} to {most}"))
            }
            Kind::Flag => (value != "yes").then(|| format!("{name}: is yes or absent, not {value:?}")),
            Kind::OneOf(all) => {
                (!all.contains(&value)).then(|| format!("{name}: no {value:?} (hint: {})", all.join(", ")))
            }
        }
    }
}

const fn query(name: &'static str, kind: Kind, about: &'static str, example: &'static str) -> Param {
    Param { name, place: Place::Query, kind, about, example }
}

/// The days of a question and what of the ledger it is about: common to all pages over the ledger.
pub(crate) const BOUNDS: &[Param] = &[
    query("from", Kind::Day, "First day", "2025-01"),
    query("until", Kind::Day, "The day after the last", "2026-01"),
    query("known", Kind::Day, "As the ledger knew it on this day", "2025-06-30"),
    query("min_origins", Kind::Number(1, 1000), "Only what so many independent origins report", "2"),
    query("all", Kind::Flag, "Also what did not happen: denied, planned, possible, demanded", "yes"),
];

/// What pages with a list take.
pub(crate) const LIST: &[Param] = &[
    query("limit", Kind::Number(1, 500), "Rows of the list", "50"),
    query("before", Kind::Text, "Where the list goes on: the `next` of the page before", "20100.1234"),
];

//! An article, pasted or handed over, beside what is read in it: needs no ledger and keeps nothing.

use super::value;
use crate::intake::recode;
use crate::page::reader::{Layer, ReaderPage};
use crate::web::ask::Ask;
use crate::web::fault::Fault;
use crate::web::page::{Again, Kind, Method, Page, Param, Place, Reply, Sheet, View};
use crate::web::parts;
use crate::web::reader::{self, Around, LAYERS};
use crate::web::url::Url;
use crate::web::visible::visible;
use demarche_text::Article;
use demarche_text::article::{self, Hint};
use maud::{Markup, html};
use std::io::Read as _;

const fn body(name: &'static str, kind: Kind, about: &'static str, example: &'static str) -> Param {
    Param { name, place: Place::Body, kind, about, example }
}

const SENTENCE: &str = "Theresa May met Donald Trump in Washington on Friday.";

const ASKED: &[Param] = &[
    value("text", Kind::Text, "A short text; longer ones are handed over with POST", SENTENCE),
    value("published", Kind::Day, "The day of publication, from which other days are counted", "2017-01-28"),
    value("document", Kind::Text, "A document of the ledger, to be coded again as it is now", "d-0123456789abcdef"),
    LAYERS,
];

const GIVEN: &[Param] = &[
    body("text", Kind::Text, "An article: plain text, HTML, or a line of JSON", SENTENCE),
    body("file", Kind::Text, "The same as a file, in place of text; of several articles the first", ""),
    body("published", Kind::Day, "The day of publication, over whatever the article says", "2017-01-28"),
    LAYERS,
];

pub(in crate::web) const PAGE: Page = Page {
    name: "read",
    method: Method::Get,
    path: "/read",
    about: "An article beside what is read in it: who did what to whom, whose words, when and where, and why it is coded so",
    params: &[ASKED],
    answer: asked,
};

pub(in crate::web) const HANDED: Page = Page {
    name: "read-handed",
    method: Method::Post,
    path: "/read",
    about: "The same for an article that is handed over as a form, a file or JSON; nothing of it is kept",
    params: &[GIVEN],
    answer: handed,
};

/// How long a text may be that a page reads, in bytes: two seconds of reading each 100 kB.
const LONGEST: usize = 300_000;
/// How long what was packed may be when it is unpacked.
const UNPACKED: u64 = 32 << 20;
/// How long an address may be that others can follow, in bytes.
const ADDRESS: usize = 4000;

fn asked(ask: &Ask<'_>) -> Result<Reply, Fault> {
    let layers = reader::layers(ask)?;
    let (article, notes, from) = match (ask.get("document"), ask.get("text")) {
        (Some(id), _) => {
            let found = ask.ledger()?.document(id, None)?;
            (recode::article(&found.stored), Vec::new(), Some(id.to_string()))
        }
        (None, Some(text)) => {
            let (article, notes) = one(ask, text.as_bytes(), "the text")?;
            (article, notes, None)
        }
        (None, None) => return Ok(Reply::View(Box::new(Form))),
    };
    read(ask, article, notes, Whence { document: from, address: Some(ask.here()) }, layers)
}

fn handed(ask: &Ask<'_>) -> Result<Reply, Fault> {
    let layers = reader::layers(ask)?;
    let text = ask.get("text").or_else(|| ask.get("file"));
    let ((article, notes), address) = match (&ask.upload, text) {
        (Some(file), _) => (one(ask, &file.bytes, if file.name.is_empty() { "the file" } else { &file.name })?, None),
        (None, Some(text)) => {
            let address = Url::to("/read").with("text", text);
            let address = ask.get("published").map_or(address.clone(), |day| address.with("published", day));
            let short = address.to_string().len() <= ADDRESS;
            (one(ask, text.as_bytes(), "the text")?, short.then_some(address))
        }
        (None, None) => {
            return Err(Fault::asked(vec!["nothing to read (hint: paste a text or choose a file)".to_string()]));
        }
    };
    read(ask, article, notes, Whence { document: None, address }, layers)
}

/// The first article of some bytes, and what is to be said of the rest.
fn one(ask: &Ask<'_>, bytes: &[u8], name: &str) -> Result<(Article, Vec<String>), Fault> {
    let mut plain = Vec::new();
    let bytes = if bytes.starts_with(&[0x1f, 0x8b]) {
        // What is handed over may be small and unpack to more than there is room for.
        let unpacked = flate2::read::MultiGzDecoder::new(bytes).take(UNPACKED + 1).read_to_end(&mut plain);
        unpacked.map_err(|error| Fault::asked(vec![format!("{name}: no sound gzip file: {error}")]))?;
        if plain.len() as u64 > UNPACKED {
            return Err(Fault::too_long(format!("{name}: more than {} MB when unpacked", UNPACKED >> 20)));
        }
        &plain
    } else {
        bytes
    };
    let all = article::read(bytes, Hint { name, format: None });
    let articles = all.iter().filter(|one| one.is_ok()).count();
    let mut faults: Vec<String> = Vec::new();
    let mut first = None;
    for one in all {
        match one {
            Ok(article) => {
                first = Some(article);
                break;
            }
            Err(fault) => faults.push(fault.to_string()),
        }
    }
    let Some(mut article) = first else { return Err(Fault::asked(faults)) };
    if let Some(day) = ask.day("published") {
        article.set_published(day);
    }
    if articles > 1 {
        faults.push(format!("{name} holds {articles} articles; this is the first (hint: `demarche code` reads all)"));
    }
    Ok((article, faults))
}

fn read(
    ask: &Ask<'_>,
    article: Article,
    notes: Vec<String>,
    whence: Whence,
    layers: Vec<Layer>,
) -> Result<Reply, Fault> {
    let long = article.body.len() + article.title.as_ref().map_or(0, String::len);
    if long > LONGEST {
        return Err(Fault::too_long(format!(
            "the article is {} kB long without its page; up to {} kB are read here, about {} seconds of work (hint: `demarche code FILE` reads any length)",
            long / 1000,
            LONGEST / 1000,
            LONGEST / 50_000
        )));
    }
    let engine = ask.site.engine();
    let page = ReaderPage::fresh(engine, &engine.code_one(&article));
    Ok(Reply::View(Box::new(Read { page, notes, whence, layers })))
}

/// Where the article comes from, and where the page can be found again.
struct Whence {
    document: Option<String>,
    address: Option<Url>,
}

struct Read {
    page: ReaderPage,
    notes: Vec<String>,
    whence: Whence,
    layers: Vec<Layer>,
}

impl View for Read {
    fn title(&self) -> String {
        self.page.record.title.clone().unwrap_or_else(|| "An article".to_string())
    }

    fn html(&self, _ask: &Ask<'_>) -> Markup {
        let record = &self.page.record;
        let head = html! {
            p.whence {
                @match record.published {
                    Some(day) => {
                        "Read as of " (parts::day(day))
                        @if let Some(basis) = record.published_basis { " (" (reader::basis(basis)) ")" }
                    },
                    None => "Without a day of publication: “on Friday” has no date",
                }
                @if let Some(publisher) = &record.publisher { " · " (visible(publisher)) }
                @if let Some(byline) = &self.page.byline { " · by " (visible(byline)) }
                @if let Some(url) = &record.url { " · " (parts::outside(Some(url), "the page")) }
                @if let Some(id) = &self.whence.document { " · coded just now from " a href=(Url::source(id, None)) { "the ledger's document" } }
                @else if let Some(address) = &self.whence.address { " · " a href=(address) { "link to this reading" } }
                " · " a href="/read" { "read another" }
            }
            @if record.lang != "en" { p.fault { "The text is not in English (" (record.lang) "), so nothing was coded." } }
            @if !self.notes.is_empty() { ul.notes { @for note in &self.notes { li { (visible(note)) } } } }
        };
        let around = Around { kept: false, addressed: self.whence.address.is_some() };
        reader::reading(&self.page, &self.layers, around, &head, &html! {})
    }

    fn json(&self) -> serde_json::Value {
        let mut json = self.page.json();
        json["remarks"] = self.notes.clone().into();
        json
    }

    fn sheet(&self) -> Sheet {
        reader::sheet(&self.page)
    }

    fn address(&self, _ask: &Ask<'_>) -> Option<Url> {
        self.whence.address.clone()
    }

    fn again(&self) -> Option<Again> {
        let day = self.page.record.published.map(|day| format!(" --published {day}")).unwrap_or_default();
        Some(Again { command: format!("demarche code --explain{day} article.txt"), sql: None })
    }
}

/// Where an article is handed over.
struct Form;

impl View for Form {
    fn title(&self) -> String {
        "Read".to_string()
    }

    fn html(&self, _ask: &Ask<'_>) -> Markup {
        let example = Url::to("/read").with("text", SENTENCE).with("published", "2017-01-28");
        html! {
            h1 { "Read an article" }
            p.lead { "Paste a report or open one: beside its text stands who did what to whom, when and where, according to whom, each with the words that say so and why it is coded so." }
            form.read method="post" action="/read" enctype="multipart/form-data" {
                label.field.wide { span { "Text: plain, HTML, or a line of JSON" }
                    textarea name="text" rows="14" spellcheck="false" {} }
                div {
                    label.field { span { "Or a file: HTML, text, JSON Lines, also gzipped" } input type="file" name="file"; }
                    (parts::field("published", "Day of publication, over what the article says", Kind::Day, None, "2025-01-31"))
                }
                button { "Read" }
            }
            p { "For example: " a href=(example) { (SENTENCE) } }
            p.whence { "The article is read on this machine, in English only, up to " (LONGEST / 1000) " kB of text, and nothing of it is kept. Plain text may begin with lines such as “Title: …” and “Date: 2025-01-31”. Programs send it to " code { "/read.json" } "." }
        }
    }

    fn json(&self) -> serde_json::Value {
        serde_json::json!({ "document": null })
    }

    fn sheet(&self) -> Sheet {
        Sheet { columns: vec!["event"], rows: Vec::new() }
    }
}

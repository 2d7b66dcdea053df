//! The web as a source: feeds, lists of feeds, sitemaps of news sites and single pages, by their addresses.
//!
//! An item whose feed carries only its first words is read from its page; where the page cannot be had, the first words
//! are taken. What was taken before is not asked for again unless its feed says something new of it, and what servers
//! gave to know a feed by is remembered only when all of its items are done.

use super::content;
use super::feed::{self, Feed, Item as Entry};
use super::http::{Answer, Client, Page, Trouble, Validators};
use super::source::{Found, Item, Marks};
use super::{opml, sitemap};
use demarche_store::Mark;
use demarche_text::article::{self, Article, Format, Hint};
use std::collections::{BTreeSet, VecDeque};
use std::path::Path;
use std::sync::{Arc, Mutex};
use url::Url;

/// Lists within lists are followed so far down.
const DEEPEST: usize = 3;
/// A packed list or sitemap may grow to this when it is unpacked (sitemaps.org allows 50 MiB).
const UNPACKED: u64 = 64 << 20;

/// Addresses as a source.
pub struct Web {
    client: Arc<Mutex<Client<'static>>>,
    marks: Marks,
    /// Whether pages are fetched for items whose feed does not hold the report.
    pages: bool,
    work: VecDeque<Work>,
    ready: VecDeque<Item>,
    /// Addresses asked for in this run, or to be asked for.
    seen: BTreeSet<String>,
    /// Items of feeds met in this run.
    taken: BTreeSet<String>,
}

/// Something left to do.
enum Work {
    /// Ask for an address and see what it is; how deep in lists it was found.
    Ask(String, usize),
    /// Take an item of a feed.
    Take(Arc<Listing>, Box<Entry>),
    /// All items of a listing are done.
    Close(Arc<Listing>),
}

/// A feed or a sitemap whose items are being taken.
struct Listing {
    /// Its address.
    place: String,
    kind: &'static str,
    /// Against which the addresses of its items are read.
    base: Url,
    /// Its head, without its items.
    head: Feed,
    validators: Validators,
    /// Whether some item could not be had now and may be had later.
    unfinished: Mutex<bool>,
}

/// What the bytes of a page are by their outermost element.
#[derive(Debug, PartialEq)]
enum Shape {
    Feed,
    List,
    Map,
    Other,
}

impl Web {
    /// A source of these addresses.
    pub fn new(client: Arc<Mutex<Client<'static>>>, marks: Marks, pages: bool, addresses: Vec<String>) -> Web {
        let (work, ready, seen, taken) = (VecDeque::new(), VecDeque::new(), BTreeSet::new(), BTreeSet::new());
        let mut web = Web { client, marks, pages, work, ready, seen, taken };
        addresses.into_iter().for_each(|address| web.ask_later(address, 0));
        web
    }

    fn ask_later(&mut self, address: String, depth: usize) {
        if self.seen.insert(address.clone()) {
            self.work.push_back(Work::Ask(address, depth));
        }
    }

    fn passed(&mut self, place: &str, why: impl Into<String>) {
        self.ready.push_back(Item::Passed { place: place.to_string(), why: why.into() });
    }

    fn fault(&mut self, place: &str, about: &str, what: impl std::fmt::Display) {
        self.ready.push_back(Item::Fault { place: place.to_string(), what: format!("{about}: {what}") });
    }

    fn get(&self, address: &str, known: &Validators) -> Result<Answer, Trouble> {
        match self.client.lock() {
            Ok(mut client) => client.get(address, known),
            Err(_) => Err(Trouble::Stopped),
        }
    }

    fn ask(&mut self, address: &str, depth: usize) {
        if self.taken.contains(address) {
            return self.passed(address, "taken before");
        }
        // A list that has not changed may name feeds that have: only what is no list is asked whether it has changed.
        let known = self.marks.get(address).filter(|mark| mark.kind != "list").map(known_by).unwrap_or_default();
        match self.get(address, &known) {
            Ok(Answer::Same) => self.passed(address, "not changed since"),
            Ok(Answer::Page(page)) => self.open(address, depth, *page),
            Err(Trouble::Stopped) => self.work.clear(),
            Err(Trouble::Robots) => self.passed(address, Trouble::Robots.to_string()),
            Err(trouble) => self.fault(address, address, trouble),
        }
    }

    fn open(&mut self, address: &str, depth: usize, page: Page) {
        let Page { url, media, charset, validators, mut body } = page;
        if body.starts_with(&[0x1f, 0x8b]) {
            match content::gunzip(&body, UNPACKED) {
                Ok(plain) => body = plain,
                Err(what) => return self.fault(address, address, what),
            }
        }
        let charset = charset.as_deref();
        match shape(&body) {
            Shape::List => match opml::read(&body, charset) {
                Some(list) => self.follow(address, &url, depth, list.feeds, list.broken),
                None => self.fault(address, address, "not a list of feeds"),
            },
            Shape::Map => match sitemap::read(&body, charset) {
                Some(map) if !map.maps.is_empty() => self.follow(address, &url, depth, map.maps, map.broken),
                Some(map) => {
                    for _ in 0..map.unmarked {
                        self.passed(address, "not marked as news in the sitemap");
                    }
                    let entries = map.pages.into_iter().map(entry).collect();
                    let head = Feed { broken: map.broken, ..Feed::default() };
                    self.list(address, "sitemap", url, head, entries, validators);
                }
                None => self.fault(address, address, "not a sitemap"),
            },
            Shape::Feed => match feed::read(&body, charset) {
                Some(mut feed) => {
                    let entries = std::mem::take(&mut feed.items);
                    self.list(address, "feed", url, feed, entries, validators);
                }
                None => self.fault(address, address, "not a feed"),
            },
            Shape::Other => {
                match read(&body, charset, media.as_deref()) {
                    Some(mut article) => {
                        article.url = Some(url.to_string());
                        self.ready.push_back(Item::Article(Box::new(Found { article, place: address.to_string() })));
                    }
                    None => return self.fault(address, address, "no feed, and no article text found in the page"),
                }
                self.remember(address, "page", None, &validators);
            }
        }
    }

    /// Puts the addresses of a list before all other work, in its order.
    fn follow(&mut self, address: &str, base: &Url, depth: usize, all: Vec<String>, broken: Option<String>) {
        if let Some(what) = broken {
            self.fault(address, address, what);
        }
        if depth >= DEEPEST {
            return self.fault(address, address, "lists within lists, too deep");
        }
        self.remember(address, "list", None, &Validators::default());
        let rest = std::mem::take(&mut self.work);
        for named in all {
            match base.join(&named) {
                Ok(url) => self.ask_later(url.to_string(), depth + 1),
                Err(error) => self.fault(address, &named, format!("not an address: {error}")),
            }
        }
        self.work.extend(rest);
    }

    /// Puts the items of a feed or a sitemap before all other work, in its order.
    fn list(
        &mut self,
        address: &str,
        kind: &'static str,
        base: Url,
        mut head: Feed,
        entries: Vec<Entry>,
        validators: Validators,
    ) {
        let broken = head.broken.take();
        let unfinished = Mutex::new(broken.is_some());
        if let Some(what) = broken {
            self.fault(address, address, what);
        }
        let listing = Arc::new(Listing { place: address.to_string(), kind, base, head, validators, unfinished });
        let rest = std::mem::take(&mut self.work);
        self.work.extend(entries.into_iter().map(|entry| Work::Take(Arc::clone(&listing), Box::new(entry))));
        self.work.push_back(Work::Close(listing));
        self.work.extend(rest);
    }

    fn take(&mut self, listing: &Listing, mut entry: Entry) {
        let place = listing.place.as_str();
        let url = entry.url.as_deref().and_then(|url| listing.base.join(url).ok());
        entry.url = url.map(|url| url.to_string()).or(entry.url);
        let Some(name) = entry.url.clone().or_else(|| entry.id.clone()) else {
            return self.fault(place, place, "an item without address and id");
        };
        let print = fingerprint(&entry);
        let before = self.marks.get(&name);
        if before.is_some_and(|mark| mark.done && mark.fingerprint.as_ref() == Some(&print)) {
            return self.passed(place, "taken before");
        }
        // Two feeds of a site carry the same report.
        if !self.taken.insert(name.clone()) {
            return self.passed(place, "taken before");
        }
        let known = before.map(known_by).unwrap_or_default();
        let fetch = self.pages && entry.url.is_some() && !entry.holds_the_report();
        let mut article = None;
        let mut validators = Validators::default();
        let mut later = false;
        if fetch {
            match self.get(&name, &known) {
                Ok(Answer::Same) => {
                    self.passed(place, "not changed since");
                    return self.remember(&name, "page", Some(print), &known);
                }
                Ok(Answer::Page(page)) => {
                    article = read(&page.body, page.charset.as_deref(), page.media.as_deref());
                    validators = page.validators;
                }
                Err(Trouble::Stopped) => return self.work.clear(),
                Err(Trouble::Robots) => {}
                Err(trouble) => {
                    // What is gone stays away; anything else may be there the next time.
                    later = !matches!(trouble, Trouble::Status(400..=428 | 430..=499) | Trouble::Private(_));
                    self.fault(place, &name, trouble);
                }
            }
        }
        let article = match article {
            Some(mut article) => {
                entry.describe(&mut article, &listing.head);
                article
            }
            None => entry.article(&listing.head),
        };
        if article.body.is_empty() {
            self.passed(place, "an item without text");
        } else {
            self.ready.push_back(Item::Article(Box::new(Found { article, place: place.to_string() })));
        }
        if !later {
            return self.remember(&name, "page", Some(print), &validators);
        }
        if let Ok(mut unfinished) = listing.unfinished.lock() {
            *unfinished = true;
        }
    }

    fn close(&mut self, listing: &Listing) {
        let unfinished = listing.unfinished.lock().is_ok_and(|unfinished| *unfinished);
        let validators = if unfinished { &Validators::default() } else { &listing.validators };
        self.remember(&listing.place, listing.kind, None, validators);
    }

    fn remember(&mut self, place: &str, kind: &str, fingerprint: Option<String>, validators: &Validators) {
        self.ready.push_back(Item::Mark(Box::new(Mark {
            place: place.to_string(),
            kind: kind.to_string(),
            fingerprint,
            done: true,
            etag: validators.etag.clone(),
            modified: validators.modified.clone(),
            checked: Some(jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()),
            ..Mark::default()
        })));
    }
}

impl Iterator for Web {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        loop {
            if let Some(item) = self.ready.pop_front() {
                return Some(item);
            }
            match self.work.pop_front()? {
                Work::Ask(address, depth) => self.ask(&address, depth),
                Work::Take(listing, entry) => self.take(&listing, *entry),
                Work::Close(listing) => self.close(&listing),
            }
        }
    }
}

/// Whether an argument is an address and not a file.
pub fn is_address(argument: &str) -> bool {
    let head: String = argument.chars().take(8).collect::<String>().to_ascii_lowercase();
    head.starts_with("http://") || head.starts_with("https://")
}

/// The addresses in a file that lists feeds or sitemaps, and what is wrong with it; `None` where the file is none such.
pub fn listed(path: &Path) -> Option<(Vec<String>, Option<String>)> {
    use std::io::Read;
    let mut head = Vec::new();
    let file = std::fs::File::open(path).ok()?;
    (&file).take(1 << 12).read_to_end(&mut head).ok()?;
    let bytes = || std::fs::read(path).ok();
    match shape(&head) {
        Shape::List => opml::read(&bytes()?, None).map(|list| (list.feeds, list.broken)),
        Shape::Map => sitemap::read(&bytes()?, None).map(|map| {
            let pages = map.pages.into_iter().map(|page| page.url);
            (map.maps.into_iter().chain(pages).collect(), map.broken)
        }),
        Shape::Feed | Shape::Other => None,
    }
}

/// What the first bytes show.
fn shape(bytes: &[u8]) -> Shape {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(1 << 12)]).to_ascii_lowercase();
    if head.trim_start_matches('\u{feff}').trim_start().starts_with('{') {
        return if head.contains("jsonfeed.org/version") { Shape::Feed } else { Shape::Other };
    }
    let at = |tag: &str| head.find(tag).unwrap_or(usize::MAX);
    let kinds = [
        (at("<rss").min(at("<feed")).min(at("<rdf:rdf")).min(at("<rdf ")), Shape::Feed),
        (at("<opml"), Shape::List),
        (at("<urlset").min(at("<sitemapindex")), Shape::Map),
        (at("<html").min(at("<!doctype html")).min(usize::MAX - 1), Shape::Other),
    ];
    kinds.into_iter().min_by_key(|(at, _)| *at).map_or(Shape::Other, |(_, shape)| shape)
}

fn known_by(mark: &Mark) -> Validators {
    Validators { etag: mark.etag.clone(), modified: mark.modified.clone() }
}

/// Tells whether a feed says the same of an item as before.
fn fingerprint(entry: &Entry) -> String {
    let published = entry.published.map(|day| day.to_string()).unwrap_or_default();
    let (title, markup) = (entry.title.as_deref().unwrap_or_default(), entry.markup.as_deref().unwrap_or_default());
    demarche_core::stable_hash(&[title, &published, markup]).to_string()
}

/// The article in a page.
fn read(body: &[u8], charset: Option<&str>, media: Option<&str>) -> Option<Article> {
    let text = article::decode(body, charset)?;
    let format = match media {
        Some("text/html" | "application/xhtml+xml") => Some(Format::Html),
        Some("text/plain") => Some(Format::Text),
        _ => None,
    };
    article::read(text.as_bytes(), Hint { format, ..Hint::default() }).into_iter().flatten().next()
}

/// A page of a sitemap as an item without text.
fn entry(page: sitemap::News) -> Entry {
    Entry {
        url: Some(page.url),
        title: page.title,
        published: page.published,
        source: page.publisher,
        lang: page.lang,
        ..Entry::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::address::Private;
    use crate::intake::http::Limits;
    use crate::intake::server::{Reply, Request, Server};
    use std::collections::BTreeMap;
    use std::sync::atomic::AtomicBool;
    use std::time::Duration;

    static NEVER: AtomicBool = AtomicBool::new(false);

    fn run(marks: &BTreeMap<String, Mark>, addresses: Vec<String>) -> Vec<Item> {
        let limits = Limits { pause: Duration::ZERO, private: Private::Allowed, ..Limits::default() };
        let client = Arc::new(Mutex::new(Client::new(limits, &NEVER)));
        Web::new(client, Arc::new(marks.clone()), true, addresses).collect()
    }
    fn articles(items: &[Item]) -> Vec<&Article> {
        items.iter().filter_map(|i| if let Item::Article(found) = i { Some(&found.article) } else { None }).collect()
    }
    fn faults(items: &[Item]) -> Vec<&str> {
        items.iter().filter_map(|i| if let Item::Fault { what, .. } = i { Some(what.as_str()) } else { None }).collect()
    }
    fn remembered(marks: &mut BTreeMap<String, Mark>, items: &[Item]) {
        for item in items {
            if let Item::Mark(mark) = item {
                marks.insert(mark.place.clone(), (**mark).clone());
            }
        }
    }

    const REPORT: &str =
        "The ministers of Arnor and Gondor met in the old palace and agreed on a border treaty after long talks.";

    fn site(request: &Request) -> Reply {
        let page = format!(
            "<html><body><article><h1>T</h1><p>{}</p><p>{}</p></article></body></html>",
            REPORT.repeat(3),
            REPORT.repeat(3)
        );
        match request.path.as_str() {
            "/list.opml" => Server::page("text/x-opml", "<opml><body><outline xmlUrl='/broken'/><outline xmlUrl='/feed'/></body></opml>"),
            "/broken" => Server::page("text/xml", "<rss><channel><title>B</title><item><title>One</title><link>/gone</link><description>First words.</description></item><item><title"),
            "/feed" if request.header("if-none-match") == Some("\"1\"") => Server::status(304),
            "/feed" => Server::page(
                "application/rss+xml",
                "<rss><channel><title>Paper</title><item><title>Treaty</title><link>/a</link><pubDate>Tue, 02 Sep 2025 10:00:00 GMT</pubDate>\
                 <source url='https://w.example'>Example Wire</source><description>Short.</description></item>\
                 <item><title>Left alone</title><link>/closed/b</link><description>Only this.</description></item></channel></rss>",
            )
            .with("ETag: \"1\""),
            "/a" => Server::page("text/html; charset=utf-8", &page),
            "/robots.txt" => Server::page("text/plain", "User-agent: *\nDisallow: /closed"),
            "/map.xml" => Server::page(
                "text/xml",
                "<urlset xmlns:n='http://www.google.com/schemas/sitemap-news/0.9'><url><loc>/a</loc><n:news><n:title>Treaty</n:title>\
                 <n:publication><n:name>The Paper</n:name></n:publication></n:news></url><url><loc>/about</loc></url></urlset>",
            ),
            _ => Server::status(404),
        }
    }

    #[test]
    fn a_list_of_feeds_is_taken_once_and_its_faults_are_told() {
        let server = Server::start(site);
        let mut marks = BTreeMap::new();
        let items = run(&marks, vec![server.at("/list.opml")]);
        let found = articles(&items);
        let titles: Vec<&str> = found.iter().filter_map(|a| a.title.as_deref()).collect();
        assert_eq!(titles, ["One", "Treaty", "Left alone"]);
        assert_eq!(found[0].body, "First words.");
        assert!(
            found[1].body.starts_with(REPORT) && found[1].publisher.as_deref() == Some("Example Wire"),
            "{:?}",
            found[1]
        );
        assert_eq!(found[2].body, "Only this.");
        assert_eq!(found[1].published, Some(jiff::civil::date(2025, 9, 2)));
        assert!(
            faults(&items).iter().any(|f| f.contains("/broken: line 1"))
                && faults(&items).iter().any(|f| f.contains("/gone: HTTP status 404"))
        );
        assert!(!server.asked().contains(&"/closed/b".to_string()));
        remembered(&mut marks, &items);
        // The broken feed is asked for in full again, the sound one is not sent, and no page is fetched twice.
        assert_eq!(marks[&server.at("/broken")].etag, None);
        assert_eq!(marks[&server.at("/feed")].etag.as_deref(), Some("\"1\""));
        let before = server.asked().len();
        let items = run(&marks, vec![server.at("/list.opml")]);
        assert!(articles(&items).is_empty(), "{items:?}");
        let again = server.asked()[before..].to_vec();
        assert_eq!(again, ["/robots.txt", "/list.opml", "/broken", "/feed"]);
    }

    #[test]
    fn sitemaps_and_pages() {
        let server = Server::start(site);
        let items = run(&BTreeMap::new(), vec![server.at("/map.xml"), server.at("/a"), server.at("/none")]);
        let found = articles(&items);
        assert_eq!((found.len(), found[0].publisher.as_deref()), (1, Some("The Paper")), "{items:?}");
        assert!(
            items.contains(&Item::Passed {
                place: server.at("/map.xml"),
                why: "not marked as news in the sitemap".into()
            })
        );
        assert_eq!(faults(&items), [format!("{}: HTTP status 404", server.at("/none"))]);
    }

    #[test]
    fn what_a_page_is_shows_in_its_head() {
        for (text, expected) in [
            ("\u{feff}<?xml version='1.0'?>\n<!-- x --><rss version='2.0'>", Shape::Feed),
            ("<html><body>about <rss> feeds", Shape::Other),
            ("{\"version\": \"https://jsonfeed.org/version/1.1\"", Shape::Feed),
            ("{\"text\": \"x\"}", Shape::Other),
            ("<OPML>", Shape::List),
            ("plain", Shape::Other),
        ] {
            assert_eq!(shape(text.as_bytes()), expected, "{text}");
        }
    }
}

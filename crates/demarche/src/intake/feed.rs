//! Feeds: RSS 0.9x, 1.0 and 2.0, Atom, JSON Feed. What an item says of itself is kept, its `<source>` included:
//! behind an aggregator's feed that is the only trace of who published the report, and without it one wire
//! reads like as many publishers as carry it.

use super::xml::{self, Element, Vocabulary};
use demarche_text::article::{self, Article, parse_day};
use jiff::civil::Date;
use serde_json::Value;

/// Letters from which on an item is taken to hold the report itself and not only its first words.
const WHOLE: usize = 1500;

/// A feed as read.
#[derive(Debug, Default, PartialEq)]
pub struct Feed {
    /// Its name.
    pub title: Option<String>,
    /// Its items in the order of the feed.
    pub items: Vec<Item>,
    /// What is wrong with it, where something is; the items before that place are there.
    pub broken: Option<String>,
}

/// One item of a feed.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Item {
    /// The id that the feed gives it.
    pub id: Option<String>,
    /// The address of its page, as written: perhaps relative to the feed's.
    pub url: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// When it was published.
    pub published: Option<Date>,
    /// Who signs it.
    pub byline: Option<String>,
    /// The whole text or its first words, as markup.
    pub markup: Option<String>,
    /// Whether the markup comes as the report itself, not as a summary.
    pub whole: bool,
    /// Who published it first, where the feed carries what others published.
    pub source: Option<String>,
    /// The address of that publisher or of its feed.
    pub source_url: Option<String>,
    /// The language, as the item or its feed declares it.
    pub lang: Option<String>,
}

impl Item {
    /// The item as an article, by itself, without its page.
    pub fn article(&self, feed: &Feed) -> Article {
        let mut article = Article::from_fragment(self.markup.as_deref().unwrap_or_default());
        self.describe(&mut article, feed);
        if let Some(lang) = &self.lang
            && article.body.chars().filter(|c| c.is_alphabetic()).count() < 100
        {
            article.lang = lang.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        }
        article
    }

    /// Adds what the item says to an article that was read from its page. The feed is nearer to the newsroom than
    /// what an extractor makes of a page: its day, its title and above all its source count more.
    pub fn describe(&self, article: &mut Article, feed: &Feed) {
        article.article_id = self.id.clone().or(article.article_id.take());
        article.url = self.url.clone().or(article.url.take());
        article.title = self.title.clone().or(article.title.take());
        article.byline = article.byline.take().or_else(|| self.byline.clone());
        if let Some(day) = self.published {
            article.set_published(day);
        }
        article.publisher = self.source.clone().or(article.publisher.take()).or_else(|| feed.title.clone());
    }

    /// Whether the feed holds the report itself, so that its page need not be fetched.
    pub fn holds_the_report(&self) -> bool {
        let letters = || self.markup.as_deref().map_or(0, |m| Article::from_fragment(m).body.chars().count());
        self.markup.is_some() && (self.whole && letters() > WHOLE / 5 || letters() > WHOLE)
    }
}

/// Reads a feed; `None` where the bytes are none. `charset` is what came with them.
pub fn read(bytes: &[u8], charset: Option<&str>) -> Option<Feed> {
    let text = article::decode(bytes, charset)?;
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if text.starts_with('{') {
        return json(text);
    }
    let tree = xml::read(text);
    let root = tree.root?;
    let mut feed = match root.name.as_str() {
        "rss" | "rdf" => rss(&root),
        "feed" => atom(&root),
        _ => return None,
    };
    feed.broken = tree.broken;
    Some(feed)
}

/// RSS: the items stand in the channel (0.9x, 2.0) or beside it (0.90, 1.0).
fn rss(root: &Element) -> Feed {
    let channel = root.child(Vocabulary::Plain, "channel");
    let lang = channel.and_then(|c| text(c, &[(Vocabulary::Plain, "language"), (Vocabulary::Dublin, "language")]));
    let beside = root.children().filter(|e| e.name == "item");
    let within = channel.into_iter().flat_map(Element::children).filter(|e| e.name == "item");
    Feed {
        title: channel.and_then(|c| text(c, &[(Vocabulary::Plain, "title")])).map(plain),
        items: within.chain(beside).map(|item| rss_item(item, lang.as_deref())).collect(),
        broken: None,
    }
}

fn rss_item(item: &Element, lang: Option<&str>) -> Item {
    use Vocabulary::{Atom, Content, Dublin, Plain};
    let guid = item.child(Plain, "guid");
    let id = guid.and_then(Element::text);
    // A guid is an address unless it says that it is none.
    let permanent = guid.is_some_and(|g| !g.attribute("isPermaLink").is_some_and(|v| v.eq_ignore_ascii_case("false")));
    let address = id.clone().filter(|id| permanent && (id.starts_with("http://") || id.starts_with("https://")));
    let linked = item.child(Atom, "link").and_then(|l| l.attribute("href")).map(str::to_string);
    let about = item.attribute("about").map(str::to_string);
    let whole = text(item, &[(Content, "encoded")]);
    let source = item.child(Plain, "source");
    Item {
        url: text(item, &[(Plain, "link")]).or(address).or(linked).or_else(|| about.clone()),
        id: id.or(about),
        title: text(item, &[(Plain, "title"), (Dublin, "title")]).map(plain),
        published: days(item, &[(Plain, "pubdate"), (Dublin, "date"), (Atom, "published"), (Atom, "updated")]),
        byline: text(item, &[(Dublin, "creator"), (Plain, "author")]).map(plain),
        whole: whole.is_some(),
        markup: whole.or_else(|| text(item, &[(Plain, "description"), (Dublin, "description"), (Atom, "summary")])),
        source: source.and_then(Element::text).map(plain).or_else(|| text(item, &[(Dublin, "publisher")]).map(plain)),
        source_url: source.and_then(|s| s.attribute("url")).map(str::to_string),
        lang: text(item, &[(Dublin, "language")]).or_else(|| lang.map(str::to_string)),
    }
}

fn atom(root: &Element) -> Feed {
    let lang = root.attribute("lang");
    let entries = root.children().filter(|e| e.name == "entry");
    Feed {
        title: root.children().find(|e| e.name == "title").and_then(atom_text).map(plain),
        items: entries.map(|entry| atom_entry(entry, lang)).collect(),
        broken: None,
    }
}

fn atom_entry(entry: &Element, lang: Option<&str>) -> Item {
    let own = |name: &str| entry.child(Vocabulary::Atom, name).or_else(|| entry.child(Vocabulary::Plain, name));
    let day = |name: &str| own(name).and_then(Element::text).and_then(|t| parse_day(&t));
    let links = || entry.children().filter(|e| e.name == "link");
    let page = links().find(|l| l.attribute("rel").is_none_or(|rel| rel == "alternate")).or_else(|| links().next());
    let content = own("content").filter(|c| c.attribute("src").is_none()).and_then(atom_text);
    let author = own("author").and_then(|a| a.children().find(|e| e.name == "name").and_then(Element::text));
    // An entry taken from another feed carries that feed's own head with it.
    let source = own("source");
    let within = |name: &str| source.and_then(|s| s.children().find(|e| e.name == name));
    Item {
        id: own("id").and_then(Element::text),
        url: page.and_then(|l| l.attribute("href")).map(str::to_string),
        title: own("title").and_then(atom_text).map(plain),
        published: day("published").or_else(|| day("issued")).or_else(|| day("updated")).or_else(|| day("modified")),
        byline: author.map(plain),
        whole: content.is_some(),
        markup: content.or_else(|| own("summary").and_then(atom_text)),
        source: within("title").and_then(atom_text).map(plain),
        source_url: within("link")
            .and_then(|l| l.attribute("href"))
            .map(str::to_string)
            .or_else(|| within("id").and_then(Element::text).filter(|id| id.starts_with("http"))),
        lang: entry.attribute("lang").or(lang).map(str::to_string),
    }
}

/// A text of Atom as markup: its `type` says whether it is plain, markup as text, or markup as elements.
fn atom_text(element: &Element) -> Option<String> {
    match element.attribute("type").map(str::to_ascii_lowercase).as_deref() {
        Some("xhtml") | Some("application/xhtml+xml") => element.markup(),
        Some("html") | Some("text/html") => element.text(),
        _ => element.text().map(|text| quick_xml::escape::escape(text).into_owned()),
    }
}

fn json(text: &str) -> Option<Feed> {
    let value: Value = serde_json::from_str(text).ok()?;
    let version = value.get("version").and_then(Value::as_str)?;
    let items = value.get("items")?.as_array()?;
    if !version.contains("jsonfeed.org") {
        return None;
    }
    let given = |value: &Value, key: &str| match value.get(key) {
        Some(Value::String(text)) => Some(text.trim().to_string()).filter(|t| !t.is_empty()),
        Some(Value::Number(number)) => Some(number.to_string()),
        _ => None,
    };
    let lang = given(&value, "language");
    let item = |item: &Value| {
        let html = given(item, "content_html");
        let plain_text = given(item, "content_text").map(|t| paragraphs(&t));
        let authors = item.get("authors").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let one = item.get("author").and_then(|a| given(a, "name"));
        let names: Vec<String> = authors.iter().filter_map(|a| given(a, "name")).chain(one).collect();
        Item {
            id: given(item, "id"),
            url: given(item, "url").or_else(|| given(item, "external_url")),
            title: given(item, "title"),
            published: ["date_published", "date_modified"].iter().find_map(|key| parse_day(&given(item, key)?)),
            byline: (!names.is_empty()).then(|| names.join(", ")),
            whole: html.is_some() || plain_text.is_some(),
            markup: html.or(plain_text).or_else(|| given(item, "summary").map(|t| paragraphs(&t))),
            source: None,
            source_url: given(item, "external_url"),
            lang: given(item, "language").or_else(|| lang.clone()),
        }
    };
    let broken = items.iter().position(|i| !i.is_object()).map(|at| format!("item {}: not an object", at + 1));
    Some(Feed {
        title: given(&value, "title"),
        items: items.iter().filter(|i| i.is_object()).map(item).collect(),
        broken,
    })
}

/// Plain text as markup, its lines as paragraphs.
fn paragraphs(text: &str) -> String {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(|line| format!("<p>{}</p>", quick_xml::escape::escape(line))).collect()
}

/// The first of some children that has text.
fn text(element: &Element, names: &[(Vocabulary, &str)]) -> Option<String> {
    names.iter().find_map(|(vocabulary, name)| {
        element.children().filter(|e| e.vocabulary == *vocabulary && e.name == *name).find_map(Element::text)
    })
}

fn days(element: &Element, names: &[(Vocabulary, &str)]) -> Option<Date> {
    names.iter().find_map(|name| text(element, &[*name]).and_then(|t| parse_day(&t)))
}

/// A title or a name on one line, its markup (which RSS lets titles have) and character references read.
fn plain(text: String) -> String {
    if text.contains(['<', '&']) {
        return Article::from_fragment(&text).body.replace("\n\n", " ");
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn feed(text: &str) -> Feed {
        read(text.as_bytes(), None).expect("a feed")
    }

    #[test]
    fn an_aggregators_item_names_its_wire() {
        let feed = feed(
            r#"<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/">
            <channel><title>All &amp;amp; sundry</title><language>en-GB</language>
            <item><title>Arnor &amp;amp; Gondor <![CDATA[sign]]></title><media:title>not this</media:title><link>https://example.org/1?a=1&amp;b=2</link>
            <guid isPermaLink="false">tag:1</guid><pubDate>Tue, 02 Sep 2025 23:30:00 -0500</pubDate>
            <source url="https://wire.example/feed">Example Wire</source>
            <description>&lt;p&gt;They signed.&lt;/p&gt;&lt;p&gt;On Monday.&lt;/p&gt;</description></item>
            <item><guid>https://example.org/2</guid><title>Two</title></item></channel></rss>"#,
        );
        assert_eq!(feed.title.as_deref(), Some("All & sundry"));
        let first = &feed.items[0];
        assert_eq!(first.title.as_deref(), Some("Arnor & Gondor sign"));
        assert_eq!(first.url.as_deref(), Some("https://example.org/1?a=1&b=2"));
        assert_eq!(first.published, Some(date(2025, 9, 2)));
        assert_eq!(
            (first.source.as_deref(), first.source_url.as_deref()),
            (Some("Example Wire"), Some("https://wire.example/feed"))
        );
        assert_eq!(feed.items[1].url.as_deref(), Some("https://example.org/2"));
        let article = first.article(&feed);
        assert_eq!(
            (article.body.as_str(), article.publisher.as_deref()),
            ("They signed.\n\nOn Monday.", Some("Example Wire"))
        );
        assert_eq!(feed.items[1].article(&feed).publisher, feed.title);
    }

    #[test]
    fn every_age_of_feed_is_read() {
        let rdf = feed(
            r#"<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
            <channel rdf:about="x"><title>Old</title></channel>
            <item rdf:about="http://example.org/a"><title>A</title><link>http://example.org/a</link><dc:date>2004-05-01T08:00:00Z</dc:date><dc:creator>N. N.</dc:creator></item></rdf:RDF>"#,
        );
        assert_eq!(
            (rdf.title.as_deref(), rdf.items[0].published, rdf.items[0].byline.as_deref()),
            (Some("Old"), Some(date(2004, 5, 1)), Some("N. N."))
        );
        let atom = feed(
            r#"<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>New</title><entry><id>urn:1</id><title type="html">A &amp;lt; B</title>
            <link rel="self" href="http://example.org/self"/><link href="/b"/><updated>2025-01-02T00:00:00Z</updated><published>2025-01-01T00:00:00Z</published>
            <author><name>A. Author</name></author><source><title>First Paper</title><id>https://paper.example/</id></source>
            <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>One &lt; two.</p><p>Three.</p></div></content></entry></feed>"#,
        );
        let entry = &atom.items[0];
        assert_eq!(
            (entry.url.as_deref(), entry.published, entry.title.as_deref()),
            (Some("/b"), Some(date(2025, 1, 1)), Some("A < B"))
        );
        assert_eq!(
            (entry.source.as_deref(), entry.source_url.as_deref()),
            (Some("First Paper"), Some("https://paper.example/"))
        );
        assert_eq!(entry.article(&atom).body, "One < two.\n\nThree.");
        let json = feed(
            r#"{"version":"https://jsonfeed.org/version/1.1","title":"J","items":[{"id":7,"content_text":"One.\n\nTwo.","date_published":"2025-02-03T10:00:00+01:00","authors":[{"name":"A"},{"name":"B"}]},"x"]}"#,
        );
        assert_eq!((json.items[0].id.as_deref(), json.items[0].byline.as_deref()), (Some("7"), Some("A, B")));
        assert_eq!(json.items[0].article(&json).body, "One.\n\nTwo.");
        assert_eq!(json.broken.as_deref(), Some("item 2: not an object"));
    }

    #[test]
    fn a_broken_feed_keeps_what_came_before() {
        let broken = feed(
            "<rss><channel><title>T</title><item><title>One & all</title></item>\n<item><title>Two</title></item><item><title>Thr",
        );
        assert_eq!(broken.items.len(), 3);
        assert_eq!(broken.items[0].title.as_deref(), Some("One & all"));
        assert!(broken.broken.is_some());
        for none in ["", "<html><body>", "{\"items\":[]}", "plain", "<?xml version='1.0'?>"] {
            assert_eq!(read(none.as_bytes(), None), None);
        }
    }

    #[test]
    fn charsets_of_feeds() {
        let text = "<?xml version=\"1.0\" encoding=\"windows-1251\"?><rss><channel><title>\u{41f}\u{440}\u{430}\u{432}\u{434}\u{430}</title></channel></rss>";
        let bytes: Vec<u8> =
            text.chars().map(|c| if c < '\u{80}' { c as u8 } else { (c as u32 - 0x410 + 0xc0) as u8 }).collect();
        assert_eq!(read(&bytes, None).and_then(|f| f.title).as_deref(), Some("Правда"));
    }
}

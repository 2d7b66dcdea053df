//! Sitemaps of news sites: which pages came out, when and in which language. An index names further sitemaps.

use super::xml::{self, Element, Vocabulary};
use demarche_text::article::{self, parse_day};
use jiff::civil::Date;

/// A sitemap as read.
#[derive(Debug, PartialEq)]
pub struct Sitemap {
    /// Further sitemaps, of an index, in its order.
    pub maps: Vec<String>,
    /// Pages marked as news, in the order of the map.
    pub pages: Vec<News>,
    /// How many pages are there that no mark calls news.
    pub unmarked: usize,
    /// What is wrong with the map, where something is.
    pub broken: Option<String>,
}

/// A page and what the map says of it.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct News {
    /// Its address.
    pub url: String,
    /// Its title.
    pub title: Option<String>,
    /// The publication that it came out in.
    pub publisher: Option<String>,
    /// The language of that publication.
    pub lang: Option<String>,
    /// When it came out.
    pub published: Option<Date>,
}

/// Reads a sitemap; `None` where the bytes are none.
pub fn read(bytes: &[u8], charset: Option<&str>) -> Option<Sitemap> {
    let text = article::decode(bytes, charset)?;
    let tree = xml::read(text.trim_start_matches('\u{feff}'));
    let root = tree.root?;
    let address = |element: &Element| element.children().find(|e| e.name == "loc").and_then(Element::text);
    let mut map = Sitemap { maps: Vec::new(), pages: Vec::new(), unmarked: 0, broken: tree.broken };
    match root.name.as_str() {
        "sitemapindex" => map.maps.extend(root.children().filter(|e| e.name == "sitemap").filter_map(address)),
        "urlset" => {
            for page in root.children().filter(|e| e.name == "url") {
                match (address(page), page.child(Vocabulary::News, "news")) {
                    (Some(url), Some(news)) => map.pages.push(of_news(url, news)),
                    (Some(_), None) => map.unmarked += 1,
                    (None, _) => {}
                }
            }
        }
        _ => return None,
    }
    Some(map)
}

fn of_news(url: String, news: &Element) -> News {
    let text = |element: &Element, name: &str| element.child(Vocabulary::News, name).and_then(Element::text);
    let publication = news.child(Vocabulary::News, "publication");
    News {
        url,
        title: text(news, "title"),
        publisher: publication.and_then(|p| text(p, "name")),
        lang: publication.and_then(|p| text(p, "language")),
        published: text(news, "publication_date").and_then(|t| parse_day(&t)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn news_and_indexes() {
        let map = read(
            br#"<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">
            <url><loc>https://p.example/1</loc><n:news><n:publication><n:name>The Paper</n:name><n:language>en</n:language></n:publication>
            <n:publication_date>2025-09-02T10:00+02:00</n:publication_date><n:title>A &amp; B</n:title></n:news></url>
            <url><loc>https://p.example/about</loc></url></urlset>"#,
            None,
        )
        .expect("a sitemap");
        assert_eq!(map.unmarked, 1);
        let page = &map.pages[0];
        assert_eq!((page.title.as_deref(), page.publisher.as_deref()), (Some("A & B"), Some("The Paper")));
        assert_eq!(page.published, Some(jiff::civil::date(2025, 9, 2)));
        let index = b"<sitemapindex><sitemap><loc>https://p.example/a.xml</loc></sitemap><sitemap><loc> https://p.example/b.xml </loc></sitemap>";
        let index = read(index, None).expect("an index");
        assert_eq!(index.maps, ["https://p.example/a.xml", "https://p.example/b.xml"]);
        assert!(index.broken.is_some());
    }
}

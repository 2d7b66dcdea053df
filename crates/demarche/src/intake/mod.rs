//! Where articles come from: files, folders and archives, feeds, lists of feeds, sitemaps of news sites, and the web;
//! each a [`source::Source`].
//!
//! Readers are functions from bytes to what the bytes hold; only [`http`] reaches out of the machine, and only
//! `ingest` and `watch` ask it to.

pub mod address;
pub mod archive;
mod content;
pub mod credit;
pub mod feed;
pub mod http;
pub mod ingest;
pub mod local;
mod members;
pub mod opml;
pub mod recode;
mod robots;
pub mod sitemap;
pub mod source;
pub mod warc;
pub mod web;
mod xml;

#[cfg(test)]
mod server;

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    const FEED: &str = r#"<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>T</title>
        <item><title>A &amp; B</title><link>https://p.example/1</link><dc:date>2025-09-02</dc:date><source url="https://w.example">W</source>
        <description><![CDATA[<p>One.</p>]]></description></item></channel></rss>"#;
    const ATOM: &str = r#"<feed xmlns="http://www.w3.org/2005/Atom"><entry><title type="xhtml"><div>x<b>y</b></div></title><link href="/1"/></entry></feed>"#;
    const JSON: &str = r#"{"version":"https://jsonfeed.org/version/1","items":[{"id":"1","content_html":"<p>x","date_published":"2025-01-01T00:00:00Z"}]}"#;
    const OPML: &str =
        r#"<opml><body><outline xmlUrl="https://a.example/"><outline xmlUrl="b"/></outline></body></opml>"#;
    const MAP: &str = r#"<urlset xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://p.example/1</loc><news:news><news:title>x</news:title></news:news></url></urlset>"#;
    const WARC: &str = "WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 86\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n\r\n\r\n";

    /// Whatever the bytes, the readers end with something to say.
    fn read_as_everything(bytes: &[u8]) {
        if let Some(feed) = feed::read(bytes, None) {
            for item in &feed.items {
                let _ = (item.article(&feed), item.holds_the_report());
            }
        }
        let _ = (opml::read(bytes, Some("utf-8")), sitemap::read(bytes, None));
        let _ = robots::Robots::read(&String::from_utf8_lossy(bytes)).allows("/a/b?c");
        let records = warc::Records::new(bytes).expect("memory gives its bytes");
        assert!(records.count() <= bytes.len() + 1);
    }

    #[test]
    fn no_bytes_break_a_reader() {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(WARC.as_bytes()).expect("memory takes it");
        let packed = packed.finish().expect("memory takes it").repeat(2);
        let seeds: Vec<&[u8]> =
            [FEED, ATOM, JSON, OPML, MAP, WARC].iter().map(|s| s.as_bytes()).chain([packed.as_slice()]).collect();
        let mut state = 1u32;
        let mut below = |n: usize| {
            state = state.wrapping_mul(1664525).wrapping_add(1013904223);
            (state >> 8) as usize % n.max(1)
        };
        for round in 0..3000 {
            let mut bytes = seeds[round % seeds.len()].to_vec();
            for _ in 0..=below(4) {
                let at = below(bytes.len());
                match below(4) {
                    0 => bytes.truncate(at),
                    1 => bytes[at] = u8::try_from(below(256)).expect("a byte"),
                    2 => {
                        let other = seeds[below(seeds.len())];
                        let from = below(other.len());
                        bytes.splice(at..at, other[from..(from + below(40)).min(other.len())].iter().copied());
                    }
                    _ => drop(bytes.drain(at..(at + below(20)).min(bytes.len()))),
                }
                if bytes.is_empty() {
                    break;
                }
            }
            read_as_everything(&bytes);
        }
    }
}

//! OPML: the lists of feeds that readers of feeds exchange.

use super::xml::{self, Element};
use demarche_text::article;

/// A list as read.
pub struct List {
    /// The addresses of the feeds, in the list's order, each once.
    pub feeds: Vec<String>,
    /// What is wrong with the list, where something is.
    pub broken: Option<String>,
}

/// Reads a list; `None` where the bytes are none.
pub fn read(bytes: &[u8], charset: Option<&str>) -> Option<List> {
    let text = article::decode(bytes, charset)?;
    let tree = xml::read(text.trim_start_matches('\u{feff}'));
    let root = tree.root.filter(|root| root.name == "opml")?;
    let mut feeds = Vec::new();
    let mut left: Vec<&Element> = vec![&root];
    while let Some(element) = left.pop() {
        if let Some(address) = element.attribute("xmlUrl").filter(|_| element.name == "outline")
            && !feeds.iter().any(|known| known == address)
        {
            feeds.push(address.to_string());
        }
        let within: Vec<&Element> = element.children().collect();
        left.extend(within.into_iter().rev());
    }
    Some(List { feeds, broken: tree.broken })
}

#[cfg(test)]
mod tests {
    #[test]
    fn folders_of_feeds_are_walked_in_order() {
        let list = super::read(
            br#"<opml version="2.0"><head><title>x</title></head><body><outline text="World">
            <outline type="rss" text="A" xmlUrl="https://a.example/feed"/><outline text="B" XMLURL="https://b.example/?x=1&amp;y=2"/></outline>
            <outline xmlUrl="https://c.example/"/><outline xmlUrl="https://a.example/feed"/></body></opml>"#,
            None,
        );
        let list = list.expect("a list");
        assert_eq!(list.feeds, ["https://a.example/feed", "https://b.example/?x=1&y=2", "https://c.example/"]);
        assert!(list.broken.is_none() && super::read(b"<rss/>", None).is_none());
    }
}

//! XML as publishers send it: feeds, lists of feeds and sitemaps, well-formed or nearly.
//!
//! A small tree is kept, because what an element means hangs on what it stands in. What is broken ends the reading,
//! and what came before is kept: one bad character in a feed must not cost its other items.

use quick_xml::NsReader;
use quick_xml::escape::{resolve_html5_entity, unescape_with};
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::name::{PrefixDeclaration, ResolveResult};

/// Elements within elements beyond this depth belong to the deepest one that is kept.
const DEEPEST: usize = 100;

/// Whose words an element is named in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Vocabulary {
    /// RSS of any age, OPML, sitemaps, and whatever names no vocabulary.
    Plain,
    /// Atom.
    Atom,
    /// Dublin Core.
    Dublin,
    /// RSS's module for the whole text.
    Content,
    /// News sitemaps.
    News,
    /// Any other; its elements are passed over.
    Other,
}

impl Vocabulary {
    fn of(resolved: &ResolveResult<'_>, event: &Event<'_>) -> Vocabulary {
        let address = match resolved {
            ResolveResult::Unbound => return Vocabulary::Plain,
            ResolveResult::Bound(namespace) => namespace.into_inner(),
            // Feeds forget to declare their prefixes; the usual ones mean the usual thing.
            ResolveResult::Unknown(prefix) => {
                return match prefix.as_str() {
                    "atom" => Vocabulary::Atom,
                    "dc" => Vocabulary::Dublin,
                    "content" => Vocabulary::Content,
                    "news" => Vocabulary::News,
                    _ => Vocabulary::Other,
                };
            }
        };
        let address = address.trim().to_ascii_lowercase();
        let named = |part: &str| address.contains(part);
        if named("w3.org/2005/atom") || named("purl.org/atom/ns") {
            Vocabulary::Atom
        } else if named("purl.org/dc/") {
            Vocabulary::Dublin
        } else if named("purl.org/rss/1.0/modules/content") {
            Vocabulary::Content
        } else if named("schemas/sitemap-news") {
            Vocabulary::News
        } else if named("purl.org/rss/1.0")
            || named("netscape.com/rdf/simple/0.9")
            || named("channel.netscape.com")
            || named("sitemaps.org/schemas/sitemap")
            || named("google.com/schemas/sitemap/")
            || named("backend.userland.com/rss")
        {
            Vocabulary::Plain
        } else {
            // A feed whose own elements stand in a namespace that nobody knows is still a feed.
            let prefixed = match event {
                Event::Start(tag) | Event::Empty(tag) => tag.name().prefix().is_some(),
                _ => true,
            };
            if prefixed { Vocabulary::Other } else { Vocabulary::Plain }
        }
    }
}

/// An element with what it holds.
#[derive(Debug)]
pub(super) struct Element {
    /// Whose word its name is.
    pub(super) vocabulary: Vocabulary,
    /// Its name without prefix, in lower case.
    pub(super) name: String,
    attributes: Vec<(String, String)>,
    nodes: Vec<Node>,
}

#[derive(Debug)]
enum Node {
    Text(String),
    Element(Element),
}

impl Element {
    fn new(vocabulary: Vocabulary, name: String) -> Element {
        Element { vocabulary, name, attributes: Vec::new(), nodes: Vec::new() }
    }

    /// An attribute, whatever the case of its name; blank is absent.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }

    /// The elements right within, in order.
    pub(super) fn children(&self) -> impl Iterator<Item = &Element> {
        self.nodes.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The first element right within of a name.
    pub(super) fn child(&self, vocabulary: Vocabulary, name: &str) -> Option<&Element> {
        self.children().find(|e| e.vocabulary == vocabulary && e.name == name)
    }

    /// All text within, blank being absent.
    pub(super) fn text(&self) -> Option<String> {
        let mut text = String::new();
        self.gather(&mut text, false);
        let text = text.trim();
        (!text.is_empty()).then(|| text.to_string())
    }

    /// What is within as markup, for elements that hold a page's markup as elements of their own (Atom's `xhtml`).
    pub(super) fn markup(&self) -> Option<String> {
        let mut text = String::new();
        self.gather(&mut text, true);
        let text = text.trim();
        (!text.is_empty()).then(|| text.to_string())
    }

    /// Depth is bounded by [`DEEPEST`], and so is this recursion.
    fn gather(&self, into: &mut String, tags: bool) {
        for node in &self.nodes {
            match node {
                Node::Text(text) if tags => into.push_str(&quick_xml::escape::escape(text.as_str())),
                Node::Text(text) => into.push_str(text),
                Node::Element(element) if tags => {
                    into.push_str(&format!("<{}>", element.name));
                    element.gather(into, tags);
                    into.push_str(&format!("</{}>", element.name));
                }
                Node::Element(element) => element.gather(into, tags),
            }
        }
    }
}

/// What could be read, and what was wrong where the reading ended.
pub(super) struct Tree {
    /// The outermost element, with all that was read; absent where there is none.
    pub(super) root: Option<Element>,
    /// Line and trouble, where the text is broken.
    pub(super) broken: Option<String>,
}

/// Reads a text as XML.
pub(super) fn read(text: &str) -> Tree {
    let mut reader = NsReader::from_str(text);
    let config = reader.config_mut();
    config.allow_dangling_amp = true;
    config.allow_unmatched_ends = true;
    config.check_end_names = false;
    config.check_comments = false;
    let mut open: Vec<Element> = vec![Element::new(Vocabulary::Plain, String::new())];
    let mut below = 0usize;
    let broken = loop {
        let event = match reader.read_resolved_event() {
            Ok((resolved, event)) => (Vocabulary::of(&resolved, &event), event),
            Err(error) => {
                let at = usize::try_from(reader.error_position()).unwrap_or(usize::MAX).min(text.len());
                let line = text.as_bytes()[..at].iter().filter(|&&b| b == b'\n').count() + 1;
                break Some(format!("line {line}: not sound XML: {error}"));
            }
        };
        match event {
            (_, Event::Eof) => break None,
            (vocabulary, Event::Start(tag)) if open.len() < DEEPEST => open.push(element(vocabulary, &tag)),
            (_, Event::Start(_)) => below += 1,
            (vocabulary, Event::Empty(tag)) => {
                let element = element(vocabulary, &tag);
                hold(&mut open, Node::Element(element));
            }
            (_, Event::End(_)) if below > 0 => below -= 1,
            (_, Event::End(_)) => close(&mut open),
            (_, Event::Text(text)) => hold(&mut open, Node::Text(text.into_inner().into_owned())),
            (_, Event::CData(text)) => hold(&mut open, Node::Text(text.into_inner().into_owned())),
            (_, Event::GeneralRef(entity)) => hold(&mut open, Node::Text(character(&entity))),
            _ => {}
        }
    };
    let cut = open.len() > 1 && broken.is_none();
    while open.len() > 1 {
        close(&mut open);
    }
    let outside = open.pop();
    let root = outside.and_then(|all| {
        all.nodes.into_iter().find_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    });
    Tree { root, broken: broken.or_else(|| cut.then(|| "ends within an element".to_string())) }
}

fn hold(open: &mut [Element], node: Node) {
    if let Some(inner) = open.last_mut() {
        match (inner.nodes.last_mut(), node) {
            (Some(Node::Text(before)), Node::Text(text)) => before.push_str(&text),
            (_, node) => inner.nodes.push(node),
        }
    }
}

fn close(open: &mut Vec<Element>) {
    if open.len() > 1
        && let Some(done) = open.pop()
    {
        hold(open, Node::Element(done));
    }
}

fn element(vocabulary: Vocabulary, tag: &BytesStart<'_>) -> Element {
    let mut element = Element::new(vocabulary, tag.local_name().into_inner().to_ascii_lowercase());
    for attribute in tag.html_attributes().with_checks(false).flatten() {
        if matches!(
            attribute.key.as_namespace_binding(),
            Some(PrefixDeclaration::Default | PrefixDeclaration::Named(_))
        ) {
            continue;
        }
        let name = attribute.key.local_name().into_inner().to_string();
        // A bare ampersand, as addresses have it, leaves the value as it was written.
        let value = unescape_with(&attribute.value, resolve_html5_entity);
        element.attributes.push((name, value.map_or_else(|_| attribute.value.to_string(), |v| v.into_owned())));
    }
    element
}

/// The character that a reference names; one that names none is kept as written.
fn character(entity: &BytesRef<'_>) -> String {
    if let Ok(Some(character)) = entity.resolve_char_ref() {
        return character.to_string();
    }
    resolve_html5_entity(entity).map_or_else(|| format!("&{};", &**entity), str::to_string)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_before_the_break_is_kept() {
        let tree = read("<a x='1 &amp; 2'><b>one &eacute; &#233; & two</b>\n<c>three</d></a><e f=>");
        let root = tree.root.expect("a root");
        assert_eq!(root.attribute("X"), Some("1 & 2"));
        assert_eq!(root.child(Vocabulary::Plain, "b").and_then(Element::text).as_deref(), Some("one é é & two"));
        let tree = read("<a><b>one</b>\n<b>two<!-- never closed");
        assert_eq!(tree.root.map(|root| root.children().count()), Some(2));
        assert!(tree.broken.expect("broken").starts_with("line 2: "));
    }

    #[test]
    fn depth_costs_no_stack() {
        let deep = "<a>".repeat(200_000);
        assert!(read(&deep).root.is_some());
    }
}

//! Markup as a row of blocks: the paragraphs, headings and list items that a reader sees, in order.
//!
//! A walk over the tags that keeps no tree: it takes one pass and no stack, whatever the markup is.

use super::given;

/// A stretch of text that stands by itself on the page.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Block {
    /// Its text, one line.
    pub(super) text: String,
    /// How much of it is inside links, 0 to 1.
    pub(super) linked: f32,
    /// What it is.
    pub(super) kind: Kind,
}

/// What a block is, by the tag that opened it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Heading,
    Item,
    Caption,
    Text,
}

impl Kind {
    fn of(tag: &str) -> Kind {
        match tag {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => Kind::Heading,
            "li" => Kind::Item,
            "figure" | "figcaption" => Kind::Caption,
            _ => Kind::Text,
        }
    }
}

/// The blocks of some markup.
pub(super) fn blocks(page: &str) -> Vec<Block> {
    let mut found = Vec::new();
    let mut line = Line::default();
    let mut hidden: Option<String> = None;
    let mut kind = Kind::Text;
    let mut link = false;
    for (text, tag, closing) in tags(page) {
        let tag = tag.to_ascii_lowercase();
        if let Some(name) = &hidden {
            if closing && *name == tag {
                hidden = None;
            }
            continue;
        }
        line.push(text, link);
        match shape(&tag) {
            Shape::Hidden if !closing => hidden = Some(tag),
            Shape::Block => {
                found.extend(line.end(kind));
                kind = if closing { Kind::Text } else { Kind::of(&tag) };
            }
            Shape::Cell => line.push(" ", false),
            _ if tag == "a" => link = !closing,
            _ => {}
        }
    }
    found.extend(line.end(kind));
    found
}

/// Blocks as the paragraphs of a body.
pub(super) fn body(blocks: &[Block]) -> String {
    blocks.iter().map(|block| block.text.as_str()).collect::<Vec<_>>().join("\n\n")
}

/// The block being read.
#[derive(Default)]
struct Line {
    text: String,
    linked: usize,
}

impl Line {
    fn push(&mut self, text: &str, link: bool) {
        self.text.push_str(text);
        self.linked += if link { text.len() } else { 0 };
    }

    fn end(&mut self, kind: Kind) -> Option<Block> {
        let linked = self.linked as f32 / self.text.len().max(1) as f32;
        let text = given(&unescape(&self.text));
        self.text.clear();
        self.linked = 0;
        Some(Block { text: text?, linked, kind })
    }
}

/// How a tag shapes the text around it.
fn shape(tag: &str) -> Shape {
    match tag {
        "script" | "style" | "noscript" | "template" | "svg" | "nav" | "head" | "iframe" | "select" | "button" => {
            Shape::Hidden
        }
        "p" | "div" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "li" | "ul" | "ol" | "blockquote" | "br" | "tr"
        | "table" | "pre" | "figure" | "figcaption" | "body" | "section" | "article" | "main" | "aside" | "header"
        | "footer" | "dl" | "dt" | "dd" | "hr" | "tbody" | "thead" | "html" => Shape::Block,
        "td" | "th" => Shape::Cell,
        _ => Shape::Inline,
    }
}

#[derive(PartialEq)]
enum Shape {
    Hidden,
    Block,
    Cell,
    Inline,
}

/// The tags of a page in order: the text before each, its name, whether it closes.
fn tags(page: &str) -> impl Iterator<Item = (&str, &str, bool)> {
    let mut rest = page;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let at = rest.find('<').unwrap_or(rest.len());
        let (text, tag) = rest.split_at(at);
        let comment = tag.starts_with("<!--");
        let (close, length) = if comment { ("-->", 3) } else { (">", 1) };
        let end = tag.find(close).map_or(tag.len(), |e| e + length);
        rest = &tag[end..];
        let closing = tag.starts_with("</");
        let name = tag.get(if closing { 2 } else { 1 }..end).unwrap_or_default();
        let length = name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len());
        Some((text, if comment { "" } else { &name[..length] }, closing))
    })
}

/// Character references, as far as a serializer writes them.
fn unescape(text: &str) -> String {
    if !text.contains('&') {
        return text.to_string();
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.bytes().take(12).position(|b| b == b';');
        let known = end.and_then(|end| {
            let c = match &rest[1..end] {
                "amp" => '&',
                "lt" => '<',
                "gt" => '>',
                "quot" => '"',
                "apos" => '\'',
                "nbsp" => ' ',
                other => {
                    let number = other.strip_prefix('#')?;
                    let code = match number.strip_prefix(['x', 'X']) {
                        Some(hex) => u32::from_str_radix(hex, 16),
                        None => number.parse(),
                    };
                    char::from_u32(code.ok()?)?
                }
            };
            Some((c, end + 1))
        });
        let (c, length) = known.unwrap_or(('&', 1));
        plain.push(c);
        rest = &rest[length..];
    }
    plain.push_str(rest);
    plain
}

/// How many tags a page has and how deep they nest at most; for the depth, tags that close themselves are not counted.
pub(super) fn size(page: &str) -> (usize, usize) {
    let (mut now, mut most, mut count) = (0usize, 0usize, 0usize);
    for (_, tag, closing) in tags(page) {
        count += 1;
        let alone = matches!(
            tag.to_ascii_lowercase().as_str(),
            "" | "p"
                | "li"
                | "br"
                | "img"
                | "hr"
                | "meta"
                | "link"
                | "input"
                | "td"
                | "tr"
                | "th"
                | "dt"
                | "dd"
                | "option"
                | "source"
                | "path"
                | "col"
                | "wbr"
                | "use"
                | "area"
                | "base"
                | "embed"
                | "track"
                | "param"
                | "circle"
                | "rect"
        );
        match (alone, closing) {
            (true, _) => {}
            (false, true) => now = now.saturating_sub(1),
            (false, false) => now += 1,
        }
        most = most.max(now);
    }
    (count, most)
}

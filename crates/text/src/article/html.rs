//! The report in a web page, without what the site has put around it.
//!
//! `trafilatura` finds it (docs/quality.md says why this one); paragraphs are read from the markup that it keeps,
//! because its plain text runs them together. A page too deep or too large for it is read tag by tag instead.

use super::{Article, given, parse_day};

/// Deeper nesting than any page needs: recursion over it could exhaust the stack.
const DEEPEST: usize = 300;
/// Larger than any article's page.
const LARGEST: usize = 4 << 20;

pub(super) fn read(page: &str) -> Option<Article> {
    let mut article = if page.len() <= LARGEST && depth(page) <= DEEPEST { extract(page) } else { None }
        .unwrap_or_else(|| Article { body: paragraphs(page), ..Article::default() });
    if let (Some(title), Some((first, rest))) = (&article.title, article.body.split_once("\n\n"))
        && same_words(title, first)
    {
        article.body = rest.to_string();
    }
    let declared = std::mem::take(&mut article.lang);
    article.detect_language(Some(&declared));
    (!article.body.is_empty()).then_some(article)
}

fn extract(page: &str) -> Option<Article> {
    let mut options = trafilatura::Options::default().with_fallback(true);
    options.exclude_comments = true;
    // A fault in the extractor must cost the extraction, not the run.
    let found = std::panic::catch_unwind(|| trafilatura::extract(page, &options)).ok()?.ok()?;
    let body = paragraphs(&found.content_html);
    let about = found.metadata;
    let mut article = Article {
        url: given(&about.url),
        title: given(&about.title),
        byline: given(&about.author),
        publisher: given(&about.sitename).or_else(|| given(&about.hostname)),
        lang: about.language,
        body,
        ..Article::default()
    };
    if let Some(day) = about.date.and_then(|day| parse_day(&day.to_string())) {
        article.set_published(day);
    }
    (!article.body.is_empty()).then_some(article)
}

/// Whether a page's first paragraph only repeats its title.
fn same_words(a: &str, b: &str) -> bool {
    let words = |s: &str| {
        s.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_lowercase).collect::<Vec<_>>()
    };
    words(a) == words(b)
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

/// The text of some markup, a paragraph for each block.
fn paragraphs(page: &str) -> String {
    let mut body = String::new();
    let mut line = String::new();
    let mut hidden: Option<String> = None;
    for (text, tag, closing) in tags(page) {
        let tag = tag.to_ascii_lowercase();
        if let Some(name) = &hidden {
            if closing && *name == tag {
                hidden = None;
            }
            continue;
        }
        line.push_str(text);
        match shape(&tag) {
            Shape::Hidden if !closing => hidden = Some(tag),
            Shape::Block => end_line(&mut body, &mut line),
            Shape::Cell => line.push(' '),
            _ => {}
        }
    }
    end_line(&mut body, &mut line);
    body
}

fn end_line(body: &mut String, line: &mut String) {
    if let Some(paragraph) = given(&unescape(line)) {
        if !body.is_empty() {
            body.push_str("\n\n");
        }
        body.push_str(&paragraph);
    }
    line.clear();
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

/// How deep the tags of a page nest at most; tags that close themselves are not counted.
fn depth(page: &str) -> usize {
    let (mut now, mut most) = (0usize, 0usize);
    for (_, tag, closing) in tags(page) {
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
    most
}

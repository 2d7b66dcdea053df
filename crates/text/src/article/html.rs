//! The report in a web page, without what the site has put around it.
//!
//! Two extractors look for it, `trafilatura` and `dom_smoothie`, and [`vote`] weighs what they found
//! (docs/quality.md says what each is worth alone). Paragraphs are read from the markup that they keep, because
//! their plain text runs paragraphs together. A page too deep or too large for them is read tag by tag instead.

use super::blocks::{Block, blocks, body, size};
use super::{Article, given, parse_day, vote};
use std::panic::catch_unwind;

/// Deeper nesting than any page needs: recursion over it could exhaust the stack.
const DEEPEST: usize = 300;
/// Larger than any article's page, in bytes.
const LARGEST: usize = 4 << 20;
/// More tags than any article's page has; the extractors take more than linear time over them.
const MOST_TAGS: usize = 40_000;

pub(super) fn read(page: &str) -> Option<Article> {
    let (tags, depth) = size(page);
    let usual = page.len() <= LARGEST && tags <= MOST_TAGS && depth <= DEEPEST;
    let mut article = if usual { extract(page) } else { None }
        .unwrap_or_else(|| Article { body: body(&blocks(page)), ..Article::default() });
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
    // A fault in an extractor must cost its vote, not the run.
    let first = catch_unwind(|| first_opinion(page)).ok().flatten();
    let second = catch_unwind(|| second_opinion(page)).ok().flatten();
    let (mut article, ours) = first.unwrap_or_default();
    article.body = body(&vote::agreed(ours, second.unwrap_or_default(), &blocks(page)));
    (!article.body.is_empty()).then_some(article)
}

/// What `trafilatura` takes for the report, and what the page says of itself.
fn first_opinion(page: &str) -> Option<(Article, Vec<Block>)> {
    let mut options = trafilatura::Options::default().with_fallback(true);
    options.exclude_comments = true;
    options.focus = trafilatura::ExtractionFocus::FavorPrecision;
    let found = trafilatura::extract(page, &options).ok()?;
    let about = found.metadata;
    let mut article = Article {
        url: given(&about.url),
        title: given(&about.title),
        byline: given(&about.author),
        publisher: given(&about.sitename).or_else(|| given(&about.hostname)),
        lang: about.language,
        ..Article::default()
    };
    if let Some(day) = about.date.and_then(|day| parse_day(&day.to_string())) {
        article.set_published(day);
    }
    Some((article, blocks(&found.content_html)))
}

/// What `dom_smoothie` takes for it.
fn second_opinion(page: &str) -> Option<Vec<Block>> {
    let found = dom_smoothie::Readability::new(page, None, None).ok()?.parse().ok()?;
    Some(blocks(&found.content))
}

/// Whether a page's first paragraph only repeats its title.
fn same_words(a: &str, b: &str) -> bool {
    let words = |s: &str| {
        s.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_lowercase).collect::<Vec<_>>()
    };
    words(a) == words(b)
}

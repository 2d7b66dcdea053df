//! Tables of the project's own Markdown pages, shown where they belong: figures and terms stand in one place alone.

use super::parts;
use maud::{Markup, html};

/// The text between `<!-- name -->` and `<!-- /name -->`.
pub(super) fn between<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let (_, rest) = text.split_once(&format!("<!-- {name} -->"))?;
    rest.split_once(&format!("<!-- /{name} -->")).map(|(inner, _)| inner.trim())
}

/// Each table of a text: its rows of cells, the header first.
pub(super) fn tables(text: &str) -> Vec<Vec<Vec<&str>>> {
    let mut all: Vec<Vec<Vec<&str>>> = Vec::new();
    let mut within = false;
    for line in text.lines().map(str::trim) {
        let row = line.strip_prefix('|').map(|row| row.strip_suffix('|').unwrap_or(row));
        let Some(row) = row else {
            within = false;
            continue;
        };
        let rule = row.chars().all(|c| matches!(c, '-' | '|' | ':' | ' '));
        if !within {
            all.push(Vec::new());
            within = true;
        }
        if let (false, Some(table)) = (rule, all.last_mut()) {
            table.push(row.split('|').map(str::trim).collect());
        }
    }
    all
}

/// A table as HTML.
pub(super) fn table(rows: &[Vec<&str>], name: &str) -> Markup {
    let Some((header, rows)) = rows.split_first() else { return html! {} };
    html! {
        div.scroll tabindex="0" role="region" aria-label=(name) {
            table {
                thead { tr { @for cell in header { th scope="col" { (line(cell)) } } } }
                tbody { @for row in rows { tr { @for cell in row { td { (line(cell)) } } } } }
            }
        }
    }
}

/// Each item of a list, with the lines that go on with it.
pub(super) fn items(text: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for line in text.lines() {
        if let Some(item) = line.strip_prefix("- ") {
            all.push(item.trim().to_string());
        } else if let (Some(last), true) = (all.last_mut(), line.starts_with("  ")) {
            *last = format!("{last} {}", line.trim());
        }
    }
    all
}

/// A line with its code, its stresses and its links; links within the repository lead nowhere here and are words alone.
pub(super) fn line(text: &str) -> Markup {
    let mut out: Vec<Markup> = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['`', '*', '[']) {
        let (plain, marked) = rest.split_at(at);
        out.push(html! { (plain) });
        let found = if let Some(inner) = marked.strip_prefix('`') {
            inner.split_once('`').map(|(code, after)| (html! { code { (code) } }, after))
        } else if let Some(inner) = marked.strip_prefix("**") {
            inner.split_once("**").map(|(strong, after)| (html! { strong { (strong) } }, after))
        } else if let Some((words, target)) = marked.strip_prefix('[').and_then(|inner| inner.split_once("](")) {
            target.split_once(')').map(|(target, after)| (parts::outside(Some(target), words), after))
        } else {
            None
        };
        rest = match found {
            Some((markup, after)) => {
                out.push(markup);
                after
            }
            None => {
                let (sign, after) = marked.split_at(1);
                out.push(html! { (sign) });
                after
            }
        };
    }
    html! { @for one in &out { (one) } (rest) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_and_lines_are_read() {
        let text = "before\n<!-- x -->\n| a | b |\n|---|---|\n| 1 | **2** |\n<!-- /x -->\n| c |\n";
        assert_eq!(tables(between(text, "x").unwrap()), [vec![vec!["a", "b"], vec!["1", "**2**"]]]);
        assert_eq!((tables(text).len(), between(text, "y")), (2, None));
        assert_eq!(items("x\n- a\n  b\n\nc\n- d"), ["a b", "d"]);
        let shown = line("`a<b` **c** [d](e.md) [f](https://g.example/) * [").into_string();
        let link = r#"<a href="https://g.example/" rel="noopener noreferrer external">f</a>"#;
        assert_eq!(shown, format!("<code>a&lt;b</code> <strong>c</strong> d {link} * ["));
    }
}

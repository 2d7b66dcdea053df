//! How much of an article the extractor finds in a web page, and how much else.
//!
//! Two kinds of gold, told apart by their fields. `articleBody`: precision and recall over shingles of four tokens,
//! averaged over pages, and the F1 of the two averages, as scrapinghub/article-extraction-benchmark counts.
//! `with` / `without`: passages that must and must not be in the text, counted over all pages, as trafilatura's tests do.

use anyhow::{Context, Result, bail};
use demarche_text::article::{self, Format, Hint};
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::path::Path;

#[derive(Deserialize)]
struct Gold {
    #[serde(rename = "articleBody")]
    body: Option<String>,
    file: Option<String>,
    #[serde(default)]
    with: Option<Vec<String>>,
    #[serde(default)]
    without: Option<Vec<String>>,
}

/// What was measured; prints as a table.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Figures {
    /// Pages scored.
    pub pages: usize,
    /// Pages of the gold that could not be opened.
    pub missing: usize,
    /// 0 to 1.
    pub precision: f64,
    /// 0 to 1.
    pub recall: f64,
    /// Pages whose text is exactly the gold's; `None` where the gold has no whole text.
    pub exact: Option<f64>,
}

impl Figures {
    /// The harmonic mean of precision and recall.
    pub fn f1(self) -> f64 {
        let sum = self.precision + self.recall;
        if sum == 0.0 { 0.0 } else { 2.0 * self.precision * self.recall / sum }
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:>6} {:>9} {:>9} {:>9} {:>9}", "pages", "precision", "recall", "F1", "exact")?;
        let exact = self.exact.map_or("-".to_string(), |e| format!("{e:.3}"));
        writeln!(f, "{:>6} {:>9.3} {:>9.3} {:>9.3} {exact:>9}", self.pages, self.precision, self.recall, self.f1())?;
        if self.missing > 0 {
            writeln!(f, "{} pages of the gold are not there", self.missing)?;
        }
        Ok(())
    }
}

/// Scores this program's own reader on a gold file; its pages lie beside it, in `html`
/// or, for gold of passages, in `trafilatura-html`.
///
/// # Errors
/// Where the gold cannot be read, or no page of it is there.
pub fn score(gold: &Path) -> Result<Figures> {
    let beside = |folder| gold.parent().unwrap_or(Path::new(".")).join(folder);
    let passages = gold.file_name().is_some_and(|name| name.to_string_lossy().starts_with("trafilatura"));
    let pages = beside(if passages { "trafilatura-html" } else { "html" });
    let figures = score_with(gold, &pages, |page| {
        let hint = Hint { format: Some(Format::Html), ..Hint::default() };
        article::read(page, hint).into_iter().find_map(Result::ok).map(|a| a.body).unwrap_or_default()
    })?;
    if figures.pages == 0 {
        bail!("no page of it in {}", pages.display());
    }
    Ok(figures)
}

/// Scores what `extract` makes of each page's bytes (plain or gzipped, as they lie in the folder).
///
/// # Errors
/// Where the gold cannot be read.
pub fn score_with(gold: &Path, pages: &Path, extract: impl Fn(&[u8]) -> String) -> Result<Figures> {
    let text = std::fs::read_to_string(gold).with_context(|| format!("cannot read {}", gold.display()))?;
    let gold: BTreeMap<String, Gold> =
        serde_json::from_str(&text).with_context(|| format!("{} is no gold of articles", gold.display()))?;
    let mut figures = Figures::default();
    let (mut precision, mut recall, mut exact, mut whole) = (0.0, 0.0, 0usize, 0usize);
    // Passages: wanted and found, wanted and missed, unwanted and found.
    let (mut found, mut missed, mut wrong) = (0usize, 0usize, 0usize);
    for (id, gold) in &gold {
        let file = gold.file.clone().unwrap_or_else(|| format!("{id}.html"));
        let page = [format!("{file}.gz"), file].iter().find_map(|name| std::fs::read(pages.join(name)).ok());
        let Some(page) = page else {
            figures.missing += 1;
            continue;
        };
        figures.pages += 1;
        let text = extract(&page);
        if let Some(body) = &gold.body {
            let (p, r, same) = shingle_match(body, &text);
            precision += p;
            recall += r;
            exact += usize::from(same);
            whole += 1;
        }
        let text = one_line(&text);
        let has = |passage: &&String| text.contains(&one_line(passage));
        let (with, without) = (gold.with.as_deref().unwrap_or_default(), gold.without.as_deref().unwrap_or_default());
        let hits = with.iter().filter(has).count();
        found += hits;
        missed += with.len() - hits;
        wrong += without.iter().filter(has).count();
    }
    let share = |part: f64, all: f64| if all == 0.0 { 0.0 } else { part / all };
    if whole > 0 {
        figures.precision = precision / whole as f64;
        figures.recall = recall / whole as f64;
        figures.exact = Some(exact as f64 / whole as f64);
    } else {
        figures.precision = share(found as f64, (found + wrong) as f64);
        figures.recall = share(found as f64, (found + missed) as f64);
    }
    Ok(figures)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Precision, recall and identity of one page's shingles.
fn shingle_match(gold: &str, found: &str) -> (f64, f64, bool) {
    let (gold, found) = (shingles(gold), shingles(found));
    let total = |s: &HashMap<Vec<&str>, usize>| s.values().sum::<usize>();
    let both: usize = gold.iter().map(|(s, &n)| n.min(found.get(s).copied().unwrap_or(0))).sum();
    let (extra, missed) = (total(&found) - both, total(&gold) - both);
    if extra == 0 && missed == 0 {
        return (1.0, 1.0, true);
    }
    let share = |all: usize| if all == 0 { 0.0 } else { both as f64 / all as f64 };
    (share(both + extra), share(both + missed), false)
}

fn shingles(text: &str) -> HashMap<Vec<&str>, usize> {
    const LENGTH: usize = 4;
    let tokens: Vec<&str> = text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|t| !t.is_empty()).collect();
    let mut counts = HashMap::new();
    if tokens.len() < LENGTH {
        counts.insert(tokens, 1);
        return counts;
    }
    for window in tokens.windows(LENGTH) {
        *counts.entry(window.to_vec()).or_default() += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_the_shingles() {
        let (precision, recall, exact) = shingle_match("a b c d e", "a b c d x");
        assert_eq!((precision, recall, exact), (0.5, 0.5, false));
        assert_eq!(shingle_match("a, b!", "a b"), (1.0, 1.0, true));
        assert_eq!(shingle_match("a b c d", ""), (0.0, 0.0, false));
    }
}

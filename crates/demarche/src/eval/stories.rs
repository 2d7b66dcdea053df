//! Whether reports of one happening come together and others stay apart: B-cubed over reports (Bagga and Baldwin 1998).
//!
//! For each report, how much of its cluster belongs to its happening (precision) and how much of its happening is in its
//! cluster (recall), averaged over reports. A line of gold is an article with `story`, the name of its happening.

use crate::Engine;
use crate::intake::credit::Houses;
use crate::intake::ingest::report;
use anyhow::{Context, Result};
use demarche_store::story::{Report, group};
use demarche_text::article::{self, Format, Hint};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::AtomicBool;

/// A line's label.
#[derive(Debug, Clone, Deserialize)]
struct Label {
    story: String,
}

/// What was measured.
#[derive(Debug, Clone, Default)]
pub struct Figures {
    /// Reports.
    pub reports: usize,
    /// Happenings in the gold.
    pub happenings: usize,
    /// Clusters found.
    pub clusters: usize,
    /// Precision, recall and their harmonic mean, 0 to 1.
    pub bcubed: (f64, f64, f64),
    /// Reports in a cluster whose most frequent happening is another: happening, that other, opening words.
    pub misplaced: Vec<(String, String, String)>,
    /// Reports of a happening that are in another cluster than most of its reports: happening, opening words.
    pub scattered: Vec<(String, String)>,
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (p, r, f1) = self.bcubed;
        writeln!(f, "{} reports of {} happenings in {} clusters", self.reports, self.happenings, self.clusters)?;
        write!(f, "B-cubed F1 {:.1}  precision {:.1}  recall {:.1}", 100.0 * f1, 100.0 * p, 100.0 * r)
    }
}

/// B-cubed precision, recall and F1 of clusters against gold labels, item by item.
pub fn bcubed<G: Ord, C: Ord>(gold: &[G], found: &[C]) -> (f64, f64, f64) {
    let mut both: BTreeMap<(&G, &C), usize> = BTreeMap::new();
    let (mut of_gold, mut of_found): (BTreeMap<&G, usize>, BTreeMap<&C, usize>) = Default::default();
    for (g, c) in gold.iter().zip(found) {
        *both.entry((g, c)).or_default() += 1;
        *of_gold.entry(g).or_default() += 1;
        *of_found.entry(c).or_default() += 1;
    }
    let n = gold.len().max(1) as f64;
    let mean = |size: &dyn Fn(&G, &C) -> usize| {
        both.iter().map(|((g, c), &k)| (k * k) as f64 / size(g, c) as f64).sum::<f64>() / n
    };
    let (p, r) = (mean(&|_, c| of_found[c]), mean(&|g, _| of_gold[g]));
    (p, r, if p + r > 0.0 { 2.0 * p * r / (p + r) } else { 0.0 })
}

/// Codes and groups the reports of a gold file.
///
/// # Errors
/// Names the line that is none.
pub fn score(engine: &Engine, text: &str) -> Result<Figures> {
    let (mut labels, mut articles) = (Vec::new(), Vec::new());
    for (number, line) in (1..).zip(text.lines()).filter(|(_, l)| !l.trim().is_empty()) {
        let label: Label = serde_json::from_str(line).with_context(|| format!("line {number}"))?;
        let hint = Hint { name: "gold", format: Some(Format::Json) };
        let article = article::read(line.as_bytes(), hint).into_iter().flatten().next();
        articles.push(article.with_context(|| format!("line {number}: no article"))?);
        labels.push(label.story);
    }
    let houses = Houses::new(engine.knowledge());
    let mut reports: Vec<Report> = Vec::new();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let numbered = articles.into_iter().map(|article| ((), article));
    engine.code_all(numbered, threads, &AtomicBool::new(false), |(), coded| {
        reports.extend(report(&coded, &houses));
        true
    });
    let clusters = group(&reports).clusters;
    Ok(figures(&labels, &clusters, &reports))
}

fn figures(labels: &[String], clusters: &[usize], reports: &[Report]) -> Figures {
    let mut sizes: BTreeMap<(usize, &str), usize> = BTreeMap::new();
    for (label, &cluster) in labels.iter().zip(clusters) {
        *sizes.entry((cluster, label)).or_default() += 1;
    }
    let largest = |mine: &dyn Fn(&(usize, &str)) -> bool| {
        let of = sizes.iter().filter(|(key, _)| mine(key));
        of.max_by_key(|(key, size)| (**size, std::cmp::Reverse(**key))).map(|(key, _)| *key)
    };
    let mut found = Figures {
        reports: labels.len(),
        happenings: labels.iter().collect::<std::collections::BTreeSet<_>>().len(),
        clusters: clusters.iter().collect::<std::collections::BTreeSet<_>>().len(),
        bcubed: bcubed(labels, clusters),
        ..Figures::default()
    };
    for ((label, &cluster), report) in labels.iter().zip(clusters).zip(reports) {
        let opening: String = report.text.chars().take(100).map(|c| if c.is_control() { ' ' } else { c }).collect();
        let main = largest(&|key| key.0 == cluster);
        if let Some((_, other)) = main.filter(|(_, other)| other != label) {
            found.misplaced.push((label.clone(), other.to_string(), opening.clone()));
        }
        let home = largest(&|key| key.1 == label);
        if home.is_some_and(|(home, _)| home != cluster) {
            found.scattered.push((label.clone(), opening));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bcubed_as_its_authors_count() {
        assert_eq!(bcubed(&["a", "a", "b"], &[1, 1, 2]), (1.0, 1.0, 1.0));
        // One cluster of all: each "a" has 2 of 3 with it, "b" 1 of 3.
        let (p, r, _) = bcubed(&["a", "a", "b"], &[1, 1, 1]);
        assert!((p - 5.0 / 9.0).abs() < 1e-12 && r == 1.0);
    }
}

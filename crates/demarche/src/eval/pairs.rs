//! One label for a given pair of parties against gold: macro-F1 of type, quad class and cooperation against conflict.
//!
//! CONCEDE and RETREAT fold into YIELD, as the PLV sets have it (Hu et al., ACL 2024); the macro average runs over
//! the labels of the gold; an answer is always given (`--forced`).

use super::events::GoldRecord;
use crate::Engine;
use demarche_core::{EventType, Span};
use demarche_text::Document;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// Precision, recall and F1 of each label, and their averages.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// Label: precision, recall, F1, how often in the gold.
    pub labels: BTreeMap<String, (f64, f64, f64, usize)>,
    /// Mean F1 over the labels of the gold.
    pub macro_f1: f64,
    /// Share of right answers.
    pub accuracy: f64,
}

/// The three reports and the wrong answers (id, gold, predicted, grounds, text).
#[derive(Debug, Clone, Default)]
pub struct Figures {
    /// Pairs scored.
    pub pairs: usize,
    /// By type.
    pub root: Report,
    /// By quad class.
    pub quad: Report,
    /// Cooperation against conflict.
    pub binary: Report,
    /// Wrong answers.
    pub errors: Vec<(String, String, String, String, String)>,
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, report) in [("root", &self.root), ("quad", &self.quad), ("binary", &self.binary)] {
            writeln!(
                f,
                "{name:<8} n={} macro-F1 {:.1}  accuracy {:.1}",
                self.pairs,
                100.0 * report.macro_f1,
                100.0 * report.accuracy
            )?;
        }
        for (label, (p, r, f1, n)) in &self.root.labels {
            writeln!(f, "  {label:<10} P {:>5.1}  R {:>5.1}  F1 {:>5.1}  n={n}", 100.0 * p, 100.0 * r, 100.0 * f1)?;
        }
        Ok(())
    }
}

/// Classifies every pair and scores it.
pub fn score(engine: &Engine, gold: &[GoldRecord]) -> Figures {
    let coder = demarche_coder::Coder::new(engine.knowledge());
    let mut worker = engine.analyzer().worker();
    let mut answers: Vec<(String, String)> = Vec::new();
    let mut errors = Vec::new();
    for record in gold {
        let Some(event) = record.events.first() else { continue };
        let doc = worker.analyze_text(&record.text);
        let source = event.source_text.as_deref().and_then(|t| locate(&doc, t));
        let target = event.target_text.as_deref().and_then(|t| locate(&doc, t));
        let heard = worker.relate(&doc, source, target);
        let found = coder.classify(&doc, source, target, &heard, true);
        let gold_label = fold(event.plover.as_deref().unwrap_or_default());
        let label = found.event_type.map_or("NONE".to_string(), |t| fold(t.as_str()));
        if gold_label != label {
            errors.push((
                record.id.clone(),
                gold_label.clone(),
                label.clone(),
                found.grounds.join("; "),
                record.text.clone(),
            ));
        }
        answers.push((gold_label, label));
    }
    let map =
        |f: &dyn Fn(&str) -> String| -> Vec<(String, String)> { answers.iter().map(|(g, p)| (f(g), f(p))).collect() };
    Figures {
        pairs: answers.len(),
        root: report(&answers),
        quad: report(&map(&|l| quad(l).to_string())),
        binary: report(&map(&|l| {
            if quad(l) == 0 {
                "none"
            } else if quad(l) < 3 {
                "cooperation"
            } else {
                "conflict"
            }
            .to_string()
        })),
        errors,
    }
}

/// Where a party's words stand in the text; with the case folded where they do not stand as given.
pub fn locate(doc: &Document, words: &str) -> Option<Span> {
    let words = words.trim();
    if words.is_empty() {
        return None;
    }
    let at = doc.text.find(words).or_else(|| doc.text.to_lowercase().find(&words.to_lowercase()))?;
    (at + words.len() <= doc.text.len()).then(|| Span::of(at, at + words.len()))
}

fn fold(label: &str) -> String {
    match label {
        "CONCEDE" | "RETREAT" => "YIELD".to_string(),
        other => other.to_string(),
    }
}

fn quad(label: &str) -> u8 {
    match label {
        // PLV counts every yield as material cooperation.
        "YIELD" => 2,
        other => EventType::parse(other).map_or(0, |t| t.quad().number()),
    }
}

/// The report on pairs of gold and predicted labels.
pub fn report(answers: &[(String, String)]) -> Report {
    let labels: BTreeSet<&String> = answers.iter().map(|(g, _)| g).collect();
    let mut found = Report::default();
    for label in labels {
        let hit = answers.iter().filter(|(g, p)| g == label && p == label).count() as f64;
        let gold = answers.iter().filter(|(g, _)| g == label).count();
        let predicted = answers.iter().filter(|(_, p)| p == label).count();
        let (p, r) = (if predicted == 0 { 0.0 } else { hit / predicted as f64 }, hit / gold as f64);
        let f1 = if p + r == 0.0 { 0.0 } else { 2.0 * p * r / (p + r) };
        found.labels.insert(label.clone(), (p, r, f1, gold));
    }
    let count = found.labels.len().max(1) as f64;
    found.macro_f1 = found.labels.values().map(|l| l.2).sum::<f64>() / count;
    found.accuracy = answers.iter().filter(|(g, p)| g == p).count() as f64 / answers.len().max(1) as f64;
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn macro_average_runs_over_gold_labels() {
        let pair = |g: &str, p: &str| (g.to_string(), p.to_string());
        let r =
            report(&[pair("AGREE", "AGREE"), pair("AGREE", "REJECT"), pair("YIELD", "YIELD"), pair("ASSAULT", "NONE")]);
        // AGREE: P 1, R 1/2, F 2/3; YIELD 1; ASSAULT 0; REJECT and NONE stand in the predictions alone.
        assert!((r.macro_f1 - (2.0 / 3.0 + 1.0) / 3.0).abs() < 1e-9);
        assert!((r.accuracy - 0.5).abs() < 1e-9);
    }
}

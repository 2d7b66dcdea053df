//! The sentences of articles with the parties that stand in them, as candidates for the teacher of the typing head:
//!
//! ```sh
//! cargo run --release -p demarche --example parties -- news.jsonl > candidates.jsonl
//! ```
//!
//! One line for each sentence with two parties or more: `{"words":[…],"pairs":[{"source":[a,b],"target":[a,b]}]}`,
//! ranges of words; `training/pairs/teacher.py` says what the one does to the other.

use anyhow::{Context, Result};
use demarche::Engine;
use demarche_coder::Coder;
use demarche_core::Span;
use demarche_text::article::{self, Hint};
use std::collections::BTreeMap;
use std::io::Write;

/// Parties of a sentence that are paired with each other.
const PARTIES: usize = 5;

fn main() -> Result<()> {
    let engine = Engine::new()?;
    let coder = Coder::new(engine.knowledge());
    let mut worker = engine.analyzer().worker();
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for path in std::env::args().skip(1) {
        let bytes = std::fs::read(&path).with_context(|| path.clone())?;
        for article in article::read(&bytes, Hint { name: &path, format: None }).into_iter().flatten() {
            let doc = worker.analyze(&article);
            let mut by_sentence: BTreeMap<u32, Vec<Span>> = BTreeMap::new();
            for (head, parties) in coder.mentions(&doc) {
                let sentence = doc.token(head).sentence();
                let Some(span) = parties.iter().map(|p| p.span).reduce(Span::cover) else { continue };
                let known = by_sentence.entry(sentence.ix().0).or_default();
                if sentence.span().contains(span) && known.iter().all(|k| !k.overlaps(span)) {
                    known.push(span);
                }
            }
            for (sentence, mut spans) in by_sentence.into_iter().filter(|(_, spans)| spans.len() > 1) {
                let sentence = doc.sentence(demarche_core::SentenceIx(sentence));
                spans.sort();
                spans.truncate(PARTIES);
                let words: Vec<&str> = sentence.tokens().map(|t| t.text()).collect();
                let range = |span: Span| {
                    let first = sentence.tokens().position(|t| span.contains(t.span())).unwrap_or_default();
                    [first, first + sentence.tokens().filter(|t| span.contains(t.span())).count()]
                };
                let pairs: Vec<_> = spans
                    .iter()
                    .flat_map(|a| spans.iter().filter(move |b| *b != a).map(move |b| (*a, *b)))
                    .map(|(a, b)| serde_json::json!({"source": range(a), "target": range(b)}))
                    .filter(|p| p["source"][0] != p["source"][1] && p["target"][0] != p["target"][1])
                    .collect();
                serde_json::to_writer(&mut out, &serde_json::json!({"words": words, "pairs": pairs}))?;
                writeln!(out)?;
            }
        }
    }
    Ok(out.flush()?)
}
